//! The schedule dialog's form: what was typed, whether it can be saved, and as what.

mod kept;
mod limits;
mod pattern;
mod policies;
mod runs;

pub use kept::{keep, take_kept};
pub use limits::{
    BEFORE, Limits, LimitsForm, OPEN_AT, WINDOWS_MAX, WindowRow, days_words, limits_words, notices_words,
    window_id, window_words,
};
pub(crate) use pattern::read_time;
pub use pattern::{CRON, DAY, DAYS, OFFSET, Pattern, TIME, When, Wrong};
pub use policies::{MISFIRES, OVERLAPS, misfire_hint, missed_words, policy};
pub use runs::{Clocks, Fate, RunRow, run_rows};

use mf_contract::Patch;
use mf_contract::schedules::{CreateSchedule, Misfire, Overlap, PreviewSchedule, Schedule, UpdateSchedule};
use mf_domain::ids::{FlowId, ScheduleId, TargetListId};
use mf_domain::intake::Answers;
use mf_domain::recurrence::Recurrence;

/// Ids of the controls.
pub const ZONE: &str = "schedule-zone";
pub const GRACE: &str = "schedule-grace";

/// Longest grace, in minutes: a week.
const GRACE_MAX: u32 = 10_080;

/// What stands in the dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleForm {
    pub when: When,
    pub zone: String,
    pub list: Option<TargetListId>,
    pub misfire: Misfire,
    /// Minutes, as typed.
    pub grace: String,
    /// The grace as it is stored, in seconds: one that a script set need not be whole minutes, and an edit of something else
    /// leaves it as it is.
    pub stored_grace: Option<u32>,
    pub overlap: Overlap,
    pub limits: LimitsForm,
    pub intake: Answers,
}

impl ScheduleForm {
    /// A new schedule, in the viewer's zone.
    #[must_use]
    pub fn new(viewer_zone: String) -> Self {
        Self {
            when: When::default(),
            zone: viewer_zone,
            list: None,
            misfire: Misfire::default(),
            grace: "60".to_owned(),
            stored_grace: None,
            overlap: Overlap::default(),
            limits: LimitsForm::default(),
            intake: Answers::new(),
        }
    }

    /// The schedule as it is.
    #[must_use]
    pub fn of(schedule: &Schedule) -> Self {
        Self {
            when: When::of(&schedule.recurrence),
            zone: schedule.timezone.clone(),
            list: schedule.target_list_id,
            misfire: schedule.misfire,
            grace: (schedule.grace_seconds / 60).to_string(),
            stored_grace: Some(schedule.grace_seconds),
            overlap: schedule.overlap,
            limits: LimitsForm::of(schedule),
            intake: schedule.intake.clone(),
        }
    }

    /// Whether a control, by its id, was left empty.
    #[must_use]
    pub fn is_blank(&self, control: &str) -> bool {
        let text = match control {
            TIME => &self.when.time,
            DAY => &self.when.day,
            OFFSET => &self.when.offset,
            CRON => &self.when.cron,
            ZONE => &self.zone,
            GRACE => &self.grace,
            _ => return false,
        };
        text.trim().is_empty()
    }

    /// What is wrong with the zone, given all names there are (none are known while they load).
    #[must_use]
    pub fn zone_error(&self, zones: &[String]) -> Option<String> {
        if self.zone.trim().is_empty() {
            return Some("Choose a time zone.".to_owned());
        }
        let known = zones.is_empty() || zones.iter().any(|zone| zone == self.zone.trim());
        (!known).then(|| format!("There is no time zone named {}.", self.zone.trim()))
    }

    /// What is wrong with the grace.
    #[must_use]
    pub fn grace_error(&self) -> Option<String> {
        let minutes = self.grace.trim().parse::<u32>();
        (!minutes.is_ok_and(|minutes| minutes <= GRACE_MAX))
            .then(|| "Write whole minutes, 0 to 10080.".to_owned())
    }

    fn grace_seconds(&self) -> Option<u32> {
        let minutes = self.grace.trim().parse::<u32>().ok()?;
        self.stored_grace.filter(|seconds| seconds / 60 == minutes).or_else(|| minutes.checked_mul(60))
    }

    /// What is wrong, field by field; the first is where the keyboard belongs.
    #[must_use]
    pub fn wrong(&self, zones: &[String]) -> Vec<Wrong> {
        let mut wrong = self.when.wrong();
        wrong.extend(self.zone_error(zones).map(|text| (ZONE, text)));
        // What is left out needs no grace, and the field is not there.
        wrong.extend(self.grace_error().filter(|_| self.misfire != Misfire::Skip).map(|text| (GRACE, text)));
        wrong
    }

    /// The request that makes it.
    #[must_use]
    pub fn create(&self, flow_id: FlowId, intake: Answers) -> Option<CreateSchedule> {
        let limits = self.limits.limits()?;
        Some(CreateSchedule {
            flow_id,
            recurrence: self.when.recurrence()?,
            timezone: Some(self.zone.trim().to_owned()),
            target_list_id: self.list,
            misfire: Some(self.misfire),
            overlap: Some(self.overlap),
            grace_seconds: self.grace_seconds(),
            windows: limits.windows,
            blackout_calendar_ids: limits.calendars,
            on_blackout: Some(limits.on_blackout),
            notify_before_minutes: self.limits.notify_before(),
            notify_unfinished_at: self.limits.notify_open_at(),
            intake,
        })
    }

    /// The request that changes it.
    #[must_use]
    pub fn update(&self, id: ScheduleId, intake: Answers) -> Option<UpdateSchedule> {
        let limits = self.limits.limits()?;
        Some(UpdateSchedule {
            recurrence: Some(self.when.recurrence()?),
            timezone: Some(self.zone.trim().to_owned()),
            target_list_id: self.list.map_or(Patch::Clear, Patch::Set),
            misfire: Some(self.misfire),
            overlap: Some(self.overlap),
            grace_seconds: self.grace_seconds(),
            windows: Some(limits.windows),
            blackout_calendar_ids: Some(limits.calendars),
            on_blackout: Some(limits.on_blackout),
            notify_before_minutes: self.limits.notify_before().map_or(Patch::Clear, Patch::Set),
            notify_unfinished_at: self.limits.notify_open_at().map_or(Patch::Clear, Patch::Set),
            intake: Some(intake),
            ..UpdateSchedule::unchanged(id)
        })
    }
}

/// Asks for the next `count` runs of a rule within its limits; of a stored one, also for those that wait.
#[must_use]
pub fn next_runs(
    of: Option<ScheduleId>,
    recurrence: Recurrence,
    timezone: String,
    limits: Limits,
    count: u32,
) -> PreviewSchedule {
    PreviewSchedule {
        recurrence,
        timezone,
        after: None,
        count,
        schedule_id: of,
        windows: limits.windows,
        blackout_calendar_ids: limits.calendars,
        on_blackout: Some(limits.on_blackout),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn form(cron: &str) -> ScheduleForm {
        let when = When { pattern: Pattern::Cron, cron: cron.to_owned(), ..When::default() };
        ScheduleForm { when, ..ScheduleForm::new("Europe/Berlin".to_owned()) }
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let zones = ["Europe/Berlin".to_owned()];
        assert_eq!(form("@daily").wrong(&zones), []);
        let all = ScheduleForm { zone: "Mars/Olympus".to_owned(), grace: "an hour".to_owned(), ..form("") };
        let ids: Vec<&str> = all.wrong(&zones).iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [CRON, ZONE, GRACE]);
        assert_eq!(ScheduleForm::new("Mars/Olympus".into()).zone_error(&[]), None);
        let grace = |text: &str| ScheduleForm { grace: text.to_owned(), ..form("") }.grace_error();
        assert_eq!(grace(" 90 "), None);
        assert!(grace("-1").is_some() && grace("10081").is_some() && grace("an hour").is_some());
    }

    #[test]
    fn no_list_is_said_so_on_update() {
        let update = form("0 22 * * *").update(ScheduleId(Uuid::nil()), Answers::new()).unwrap();
        assert_eq!(update.target_list_id, Patch::Clear);
        assert_eq!(update.grace_seconds, Some(3600));
        assert!(form("nonsense").update(ScheduleId(Uuid::nil()), Answers::new()).is_none());
    }

    #[test]
    fn a_schedule_is_shown_whole_and_saved_as_it_was() {
        let schedule: Schedule = serde_json::from_value(serde_json::json!({
            "id": Uuid::nil(), "flow_id": Uuid::nil(), "flow_name": "Patch", "description": "", "timezone": "UTC",
            "recurrence": {"kind": "cron", "expression": "0 22 * * *"}, "target_list_id": null, "target_list_name": null,
            "misfire": "ask", "overlap": "skip", "grace_seconds": 30,
            "windows": [{"weekdays": ["sunday"], "from": "22:00", "to": "04:00"}],
            "blackout_calendar_ids": [Uuid::from_u128(3)], "on_blackout": "move",
            "notify_before_minutes": 30, "notify_unfinished_at": "07:30", "intake": {}, "is_active": true,
            "next_run_at": null, "last_run_at": null, "created_by": null,
            "created_at": "2026-12-01T00:00:00Z", "updated_at": "2026-12-01T00:00:00Z",
        }))
        .unwrap();
        let update = ScheduleForm::of(&schedule).update(schedule.id, Answers::new()).unwrap();
        assert_eq!(
            (update.windows, update.blackout_calendar_ids, update.on_blackout, update.grace_seconds),
            (
                Some(schedule.windows.clone()),
                Some(schedule.blackout_calendar_ids.clone()),
                Some(schedule.on_blackout),
                Some(30)
            )
        );
        assert_eq!(
            (update.notify_before_minutes, update.notify_unfinished_at),
            (Patch::Set(30), Patch::Set("07:30".to_owned()))
        );
        // A grace that is written anew is whole minutes.
        let longer = ScheduleForm { grace: " 2 ".to_owned(), ..ScheduleForm::of(&schedule) };
        assert_eq!(longer.update(schedule.id, Answers::new()).unwrap().grace_seconds, Some(120));
        // What was emptied is taken off.
        let emptied = ScheduleForm { limits: LimitsForm::default(), ..ScheduleForm::of(&schedule) };
        let update = emptied.update(schedule.id, Answers::new()).unwrap();
        assert_eq!((update.windows, update.blackout_calendar_ids), (Some(vec![]), Some(vec![])));
        assert_eq!((update.notify_before_minutes, update.notify_unfinished_at), (Patch::Clear, Patch::Clear));
    }
}
