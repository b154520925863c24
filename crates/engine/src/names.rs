//! Words that are stored by the name they travel under: serde's, so that no second list of them is kept by hand.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The name of a word: of an enum whose variants hold nothing.
pub(crate) fn name_of<T: Serialize>(word: T) -> String {
    match serde_json::to_value(word) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The word of that name.
pub(crate) fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::notifications::NotificationKind;
    use mf_contract::schedules::{Misfire, MissedOutcome, MissedReason, Overlap};

    #[test]
    fn words_have_the_names_that_databases_hold() {
        assert_eq!((name_of(Misfire::RunOnce), name_of(Overlap::Allow)), ("run_once".into(), "allow".into()));
        let reasons = [
            (MissedReason::GracePassed, "grace_passed"),
            (MissedReason::Coalesced, "coalesced"),
            (MissedReason::ScheduleChanged, "schedule_changed"),
            (MissedReason::Failed, "failed"),
            (MissedReason::NotRunning, "not_running"),
            (MissedReason::Asleep, "asleep"),
            (MissedReason::OutsideWindow, "outside_window"),
            (MissedReason::Blackout, "blackout"),
            (MissedReason::Overlap, "overlap"),
            (MissedReason::Paused, "paused"),
        ];
        for (reason, name) in reasons {
            assert_eq!((name_of(reason), named(name)), (name.to_owned(), Some(reason)));
        }
        let outcomes = [
            (MissedOutcome::None, "none"),
            (MissedOutcome::Replaced, "replaced"),
            (MissedOutcome::Skipped, "skipped"),
            (MissedOutcome::Asked, "asked"),
            (MissedOutcome::Declined, "declined"),
        ];
        for (outcome, name) in outcomes {
            assert_eq!((name_of(outcome), named(name)), (name.to_owned(), Some(outcome)));
        }
        for (kind, name) in [
            (NotificationKind::RunReady, "run_ready"),
            (NotificationKind::RunMissed, "run_missed"),
            (NotificationKind::RunAsked, "run_asked"),
            (NotificationKind::RunSoon, "run_soon"),
            (NotificationKind::RunUnfinished, "run_unfinished"),
            (NotificationKind::SchedulerRestarted, "scheduler_restarted"),
        ] {
            assert_eq!((name_of(kind), named(name)), (name.to_owned(), Some(kind)));
        }
        assert_eq!(named::<MissedReason>("of another release"), None);
    }
}
