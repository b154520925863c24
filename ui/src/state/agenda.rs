//! Runs that are coming and runs that were missed, in words. For the page of today and for the calendar.

use super::time::{self, count};
use chrono::{DateTime, NaiveDateTime, Utc};
use mf_contract::agenda::UpcomingRun;
use mf_contract::schedules::MissedOccurrence;

/// How an instant reads on a wall clock. The viewer's is [`time::in_viewer_zone`]; tests have others.
pub type Wall = fn(DateTime<Utc>) -> NaiveDateTime;

/// Whether a run has come due. Told by the clock on the screen, which goes on after the engine has answered.
#[must_use]
pub fn is_due(run: &UpcomingRun, now: DateTime<Utc>) -> bool {
    run.due || run.at <= now
}

/// `22:00`, or `00:00–23:59` for several.
#[must_use]
pub fn clock(run: &UpcomingRun, wall: Wall) -> String {
    let at = wall(run.at);
    match run.until.map(wall) {
        Some(until) if until.date() == at.date() => {
            format!("{}–{}", time::clock(at), time::clock(until))
        }
        Some(_) => format!("from {}", time::clock(at)),
        None => time::clock(at),
    }
}

/// The wall clock of the schedule's zone, where it differs from the viewer's: `16:00 in New York`.
#[must_use]
pub fn elsewhere(run: &UpcomingRun, wall: Wall) -> Option<String> {
    let (local, here) = (time::parse_wall(&run.local)?, wall(run.at));
    // Seconds are not written, and no zone of today differs by less than a quarter of an hour.
    let differs = (local - here).num_minutes().abs() > 1;
    differs.then(|| format!("{} in {}", time::beside(local, here), time::city(&run.timezone)))
}

/// What a run will be of: `8 targets from “RDS farm”`.
#[must_use]
pub fn targets(run: &UpcomingRun) -> String {
    match &run.target_list_name {
        Some(name) => format!("{} from “{name}”", count(run.target_count as usize, "target")),
        None => "No target list: one session, “Unassigned”".to_owned(),
    }
}

/// The recurrence in words; for a run that a blackout moved, with the time it was due.
#[must_use]
pub fn described(run: &UpcomingRun, wall: Wall) -> String {
    match run.moved_from {
        Some(from) => {
            format!("{} · moved from {} by a blackout", run.description, time::date_clock(wall(from)))
        }
        None => run.description.clone(),
    }
}

/// When what was missed was due: `17 Nov 2026, 06:00`, or with the number of several.
#[must_use]
pub fn missed_at(missed: &MissedOccurrence, wall: Wall) -> String {
    let at = time::date_clock(wall(missed.nominal));
    if missed.count > 1 { format!("{}, the last {at}", count(missed.count as usize, "run")) } else { at }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use chrono::Duration;
    use mf_contract::schedules::{MissedOutcome, MissedReason};
    use mf_domain::ids::{FlowId, MissedId, ScheduleId};
    use uuid::Uuid;

    pub(crate) fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Berlin in winter.
    pub(crate) fn berlin(at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + Duration::hours(1)
    }

    /// A run of a schedule in Berlin.
    pub(crate) fn run(name: &str, when: &str) -> UpcomingRun {
        UpcomingRun {
            schedule_id: ScheduleId(Uuid::nil()),
            flow_id: FlowId(Uuid::nil()),
            flow_name: name.to_owned(),
            at: at(when),
            moved_from: None,
            local: berlin(at(when)).format("%Y-%m-%dT%H:%M").to_string(),
            offset: "+01:00".to_owned(),
            timezone: "Europe/Berlin".to_owned(),
            target_list_id: None,
            target_list_name: None,
            target_count: 0,
            due: false,
            count: 1,
            until: None,
            description: "At 22:00 every day".to_owned(),
        }
    }

    pub(crate) fn missed(when: &str, count: u32) -> MissedOccurrence {
        MissedOccurrence {
            id: MissedId(Uuid::nil()),
            schedule_id: ScheduleId(Uuid::nil()),
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Backup test".to_owned(),
            nominal: at(when),
            count,
            reason: MissedReason::GracePassed,
            detail: None,
            absence: None,
            outcome: MissedOutcome::None,
            answer_by: None,
            recorded_at: at(when),
            can_run: true,
            span_count: count,
        }
    }

    #[test]
    fn the_zone_is_named_where_it_matters() {
        let run = run("Patch", "2026-11-27T21:00:00Z");
        assert_eq!((clock(&run, berlin), elsewhere(&run, berlin)), ("22:00".to_owned(), None));
        let utc: Wall = |at| at.naive_utc();
        assert_eq!(clock(&run, utc), "21:00");
        assert_eq!(elsewhere(&run, utc).as_deref(), Some("22:00 in Berlin"));
        // A wall clock of the next day says which.
        let late = UpcomingRun { at: at("2026-11-27T23:30:00Z"), local: "2026-11-28T00:30".into(), ..run };
        assert_eq!(elsewhere(&late, utc).as_deref(), Some("Sat 28 Nov 2026, 00:30 in Berlin"));
    }

    #[test]
    fn several_runs_say_from_when_to_when() {
        let mut many = run("Watch", "2026-11-27T23:00:00Z");
        many.until = Some(at("2026-11-28T22:59:00Z"));
        assert_eq!(clock(&many, berlin), "00:00–23:59");
        assert_eq!(clock(&many, |at| at.naive_utc()), "from 23:00");
    }

    #[test]
    fn a_run_is_due_by_the_clock() {
        let run = run("Patch", "2026-11-27T21:00:00Z");
        assert!(!is_due(&run, at("2026-11-27T20:59:59Z")));
        assert!(is_due(&run, at("2026-11-27T21:00:00Z")));
    }

    #[test]
    fn what_a_run_is_of_and_what_was_missed() {
        let listed = UpcomingRun {
            target_list_name: Some("RDS farm".into()),
            target_count: 8,
            ..run("Patch", "2026-11-27T21:00:00Z")
        };
        assert_eq!(targets(&listed), "8 targets from “RDS farm”");
        assert_eq!(described(&listed, berlin), listed.description);
        let moved = UpcomingRun { moved_from: Some(at("2026-11-26T21:00:00Z")), ..listed };
        assert!(described(&moved, berlin).ends_with(" · moved from 26 Nov 2026, 22:00 by a blackout"));
        assert_eq!(missed_at(&missed("2026-11-17T05:00:00Z", 1), berlin), "17 Nov 2026, 06:00");
        assert_eq!(
            missed_at(&missed("2026-11-17T05:00:00Z", 1_440), berlin),
            "1,440 runs, the last 17 Nov 2026, 06:00"
        );
    }
}
