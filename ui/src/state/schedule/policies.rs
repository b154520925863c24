//! What becomes of runs that come late or meet an open one, in plain words.

use crate::state::time::minutes;
use mf_contract::schedules::{
    Absence, Misfire, MissedOccurrence, MissedOutcome, MissedReason, Overlap, Schedule,
};

/// The choices for a late run: name and words.
pub const MISFIRES: [(Misfire, &str, &str); 3] = [
    (Misfire::RunOnce, "run_once", "Run late, once"),
    (Misfire::Ask, "ask", "Ask whether to run it"),
    (Misfire::Skip, "skip", "Leave it out"),
];

/// The choices for a run that meets an open one.
pub const OVERLAPS: [(Overlap, &str, &str); 2] = [
    (Overlap::Allow, "allow", "Start beside it; the notice says how far it is"),
    (Overlap::Skip, "skip", "Leave the new run out"),
];

/// What the choice for a late run means, with the field for its grace beside it.
#[must_use]
pub fn misfire_hint(misfire: Misfire) -> &'static str {
    match misfire {
        Misfire::RunOnce => {
            "Of several missed runs the latest stands for all; later than that, they are listed as missed."
        }
        Misfire::Ask => {
            "A notice offers Run now and Skip for the latest missed run; without an answer it is listed as missed."
        }
        Misfire::Skip => "A run that is more than a minute late is listed as missed.",
    }
}

/// The policies of a schedule on one line: "if missed: runs once within 1 h".
#[must_use]
pub fn policy(schedule: &Schedule) -> String {
    // A grace set by a script may have seconds.
    let within = minutes(schedule.grace_seconds.div_ceil(60));
    let missed = match schedule.misfire {
        Misfire::Skip => "if missed: left out".to_owned(),
        // A minute late is on time, whatever the grace.
        _ if schedule.grace_seconds <= 60 => "if missed: left out".to_owned(),
        Misfire::RunOnce => format!("if missed: runs once within {within}"),
        Misfire::Ask => format!("if missed: asks within {within}"),
    };
    match schedule.overlap {
        Overlap::Allow => missed,
        Overlap::Skip => missed + " · left out while an earlier run is open",
    }
}

/// Why an occurrence did not run, and what was done about it.
#[must_use]
pub fn missed_words(missed: &MissedOccurrence) -> String {
    let absent = match missed.absence {
        Some(Absence::NotRunning) => Some("the application was not running"),
        Some(Absence::Asleep) => Some("the computer was asleep, or its clock was set forward"),
        None => None,
    };
    let reason = match missed.reason {
        MissedReason::GracePassed => absent.unwrap_or("nobody was there until its grace had passed"),
        MissedReason::Coalesced => absent.unwrap_or("nobody was there"),
        MissedReason::ScheduleChanged => "the schedule was changed, paused or deleted first",
        MissedReason::Failed => "it could not be started",
        MissedReason::NotRunning => "the application was not running",
        MissedReason::Asleep => "the computer was asleep, or its clock was set forward",
        MissedReason::OutsideWindow if absent.is_some() => {
            &format!("{}, and then outside the hours it may start in", absent.unwrap_or_default())
        }
        MissedReason::OutsideWindow => "outside the hours it may start in",
        MissedReason::Blackout => match &missed.detail {
            Some(name) => &format!("in the blackout “{name}”"),
            None => "in a blackout",
        },
        MissedReason::Overlap => "an earlier run was still open",
        MissedReason::Paused => "the schedule was paused",
    };
    let outcome = match missed.outcome {
        MissedOutcome::None => return reason.to_owned(),
        MissedOutcome::Replaced => "a later run took its place",
        MissedOutcome::Skipped => "left out",
        MissedOutcome::Asked => "waits for your answer",
        MissedOutcome::Unanswered => "nobody answered",
        MissedOutcome::Declined => "skipped by a person",
    };
    format!("{reason}; {outcome}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn missed(reason: MissedReason, absence: Option<Absence>, outcome: MissedOutcome) -> String {
        missed_words(&occurrence(reason, absence, outcome))
    }

    fn occurrence(
        reason: MissedReason,
        absence: Option<Absence>,
        outcome: MissedOutcome,
    ) -> MissedOccurrence {
        MissedOccurrence {
            id: Uuid::nil().into(),
            schedule_id: Uuid::nil().into(),
            flow_id: Uuid::nil().into(),
            flow_name: String::new(),
            nominal: chrono::DateTime::UNIX_EPOCH,
            reason,
            detail: None,
            absence,
            outcome,
            answer_by: None,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            count: 1,
            can_run: true,
            span_count: 1,
        }
    }

    #[test]
    fn a_missed_run_says_why_and_what_was_done() {
        let asleep = Some(Absence::Asleep);
        assert_eq!(
            missed(MissedReason::Coalesced, asleep, MissedOutcome::Replaced),
            "the computer was asleep, or its clock was set forward; a later run took its place"
        );
        assert_eq!(
            missed(MissedReason::Asleep, asleep, MissedOutcome::Asked),
            "the computer was asleep, or its clock was set forward; waits for your answer"
        );
        assert_eq!(missed(MissedReason::Failed, None, MissedOutcome::None), "it could not be started");
    }

    #[test]
    fn a_blackout_is_named() {
        let unnamed = occurrence(MissedReason::Blackout, None, MissedOutcome::Skipped);
        assert_eq!(missed_words(&unnamed), "in a blackout; left out");
        let named = MissedOccurrence { detail: Some("Year end: Christmas".to_owned()), ..unnamed };
        assert_eq!(missed_words(&named), "in the blackout “Year end: Christmas”; left out");
    }
}
