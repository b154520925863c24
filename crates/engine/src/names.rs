//! Words that are stored by the name they travel under: serde's, which a test holds these to.

use mf_contract::notifications::NotificationKind;
use mf_contract::schedules::{Absence, Misfire, MissedOutcome, MissedReason, Overlap};
use mf_domain::policy::OnBlackout;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A word that is stored. Its name is there whatever happens: one that could not be told would be stored as none.
pub(crate) trait Word: Sized + 'static {
    /// All there are.
    #[cfg(test)]
    const ALL: &'static [Self];

    fn name(&self) -> &'static str;
}

macro_rules! words {
    ($($type:ident: $($variant:ident $name:literal),+;)+) => {$(
        impl Word for $type {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    )+};
}

words! {
    Misfire: RunOnce "run_once", Skip "skip", Ask "ask";
    Overlap: Allow "allow", Skip "skip";
    OnBlackout: Skip "skip", Move "move";
    Absence: NotRunning "not_running", Asleep "asleep";
    MissedReason: GracePassed "grace_passed", Coalesced "coalesced", ScheduleChanged "schedule_changed", Failed "failed",
        NotRunning "not_running", Asleep "asleep", OutsideWindow "outside_window", Blackout "blackout", Overlap "overlap",
        Paused "paused";
    MissedOutcome: None "none", Replaced "replaced", Skipped "skipped", Asked "asked", Unanswered "unanswered",
        Declined "declined";
    NotificationKind: RunReady "run_ready", RunMissed "run_missed", RunKeptBack "run_kept_back", RunAsked "run_asked",
        RunSoon "run_soon", RunUnfinished "run_unfinished", ScheduleUnreadable "schedule_unreadable",
        SchedulerRestarted "scheduler_restarted", ChangesRefused "changes_refused", MembershipEnded "membership_ended";
}

/// The name of a word.
pub(crate) fn name_of(word: impl Word) -> String {
    word.name().to_owned()
}

/// The word of that name.
pub(crate) fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;

    fn travel_under_their_names<T: Word + DeserializeOwned + PartialEq + Debug>() {
        for word in T::ALL {
            assert_eq!(named::<T>(word.name()).as_ref(), Some(word));
        }
    }

    #[test]
    fn words_have_the_names_they_travel_under() {
        travel_under_their_names::<Misfire>();
        travel_under_their_names::<Overlap>();
        travel_under_their_names::<OnBlackout>();
        travel_under_their_names::<Absence>();
        travel_under_their_names::<MissedReason>();
        travel_under_their_names::<MissedOutcome>();
        travel_under_their_names::<NotificationKind>();
        assert_eq!(named::<MissedReason>("of another release"), None);
    }
}
