//! What a person can still do about a run that was missed. The page of today, the card of a schedule and a notification
//! offer the same.

use chrono::{DateTime, Utc};
use mf_contract::notifications::NotificationAction;
use mf_contract::schedules::{MissedOccurrence, MissedOutcome};
use mf_domain::ids::ScheduleId;

/// A run that was missed, and what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    pub schedule_id: ScheduleId,
    pub nominal: DateTime<Utc>,
    /// It can run after all.
    pub run: bool,
    /// Somebody is asked, and can say that it does not run.
    pub skip: bool,
}

impl Answers {
    /// To what is listed as missed. It runs after all wherever the engine would start it and no later run stands for it; a
    /// person who declined may think again. Only what waits for an answer is left out by one.
    #[must_use]
    pub fn to(missed: &MissedOccurrence) -> Self {
        Self {
            schedule_id: missed.schedule_id,
            nominal: missed.nominal,
            run: missed.can_run && missed.outcome != MissedOutcome::Replaced,
            skip: missed.outcome == MissedOutcome::Asked,
        }
    }

    /// To what a notification asks; `None` where it asks nothing.
    #[must_use]
    pub fn asked(actions: &[NotificationAction]) -> Option<Self> {
        let which = |action: &NotificationAction| match action {
            NotificationAction::RunMissedOccurrence { schedule_id, nominal } => {
                (*schedule_id, *nominal, true)
            }
            NotificationAction::SkipMissedOccurrence { schedule_id, nominal } => {
                (*schedule_id, *nominal, false)
            }
        };
        let (schedule_id, nominal, _) = actions.first().map(which)?;
        let offers = |run: bool| actions.iter().any(|action| which(action) == (schedule_id, nominal, run));
        Some(Self { schedule_id, nominal, run: offers(true), skip: offers(false) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::agenda::tests::missed;
    use super::*;

    const DUE: &str = "2026-11-17T05:00:00Z";

    #[test]
    fn a_missed_run_can_still_be_run_until_something_stands_for_it() {
        let of = |outcome, can_run| {
            let answers = Answers::to(&MissedOccurrence { outcome, can_run, ..missed(DUE, 1) });
            (answers.run, answers.skip)
        };
        assert_eq!(of(MissedOutcome::Asked, true), (true, true));
        for outcome in
            [MissedOutcome::None, MissedOutcome::Skipped, MissedOutcome::Unanswered, MissedOutcome::Declined]
        {
            assert_eq!(of(outcome, true), (true, false), "{outcome:?}");
            assert_eq!(of(outcome, false), (false, false), "it would be refused: {outcome:?}");
        }
        assert_eq!(of(MissedOutcome::Replaced, true), (false, false));
        assert_eq!(of(MissedOutcome::Asked, false), (false, true));
    }

    #[test]
    fn a_notification_offers_what_it_asks() {
        let Answers { schedule_id, nominal, .. } = Answers::to(&missed(DUE, 1));
        let run = NotificationAction::RunMissedOccurrence { schedule_id, nominal };
        let skip = NotificationAction::SkipMissedOccurrence { schedule_id, nominal };
        assert_eq!(Answers::asked(&[]), None);
        let of = |actions: &[NotificationAction]| Answers::asked(actions).map(|one| (one.run, one.skip));
        assert_eq!(of(&[run.clone(), skip.clone()]), Some((true, true)));
        assert_eq!((of(&[run]), of(&[skip])), (Some((true, false)), Some((false, true))));
    }
}
