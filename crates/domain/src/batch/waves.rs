//! Waves: which of a batch's sessions may be started now.
//!
//! A canary first, at most so many at once, and a halt after so many failures. The rule binds the command that starts a
//! session, never the fold: what a colleague started offline has been started.

use crate::Invalid;
use crate::session::SessionStatus;
use crate::targets::TARGETS_MAX;
use serde::{Deserialize, Serialize};

/// How the sessions of a batch are offered, in the order of its targets. What is left out does not limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveRule {
    /// At most this many in progress; 1 to 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_in_progress: Option<u32>,
    /// This many first; the rest is held until they have ended and none of them failed. 1 to 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<u32>,
    /// Nothing more is offered once this many have failed, until somebody says to go on. 1 to 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_after_failures: Option<u32>,
}

impl WaveRule {
    /// Each number within its bounds, and at least one of them there.
    ///
    /// # Errors
    /// Names the number, or nothing when all are missing.
    pub fn check(&self) -> Result<(), Invalid> {
        let numbers = [
            ("max_in_progress", self.max_in_progress),
            ("canary", self.canary),
            ("stop_after_failures", self.stop_after_failures),
        ];
        for (name, number) in numbers {
            if let Some(number) = number
                && !(1..=TARGETS_MAX).contains(&(number as usize))
            {
                return Err(Invalid::new(name, format!("is {number}; 1 to {TARGETS_MAX} are allowed")));
            }
        }
        if numbers.iter().all(|(_, number)| number.is_none()) {
            return Err(Invalid::new("", "must name max_in_progress, canary or stop_after_failures"));
        }
        Ok(())
    }
}

/// Why a session may not be started yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Held {
    /// As many as allowed are in progress, or those before it in the order come first.
    Turn { max_in_progress: u32 },
    /// The canaries have not ended yet.
    Canary { open: u32 },
    /// A canary failed.
    CanaryFailed { failed: u32 },
    /// Too many failed.
    Stopped { failures: u32 },
}

impl Held {
    /// Why, and what has to happen.
    #[must_use]
    pub fn words(&self) -> String {
        let plural = |n: &u32| if *n == 1 { "" } else { "s" };
        let verb = |n: &u32| if *n == 1 { "has" } else { "have" };
        match self {
            Self::Turn { max_in_progress: n } => {
                format!("held: at most {n} target{} at a time, in their order; others come first", plural(n))
            }
            Self::Canary { open: n } => {
                format!(
                    "held: {n} of the first targets {} to end without failure before the rest begins",
                    verb(n)
                )
            }
            Self::CanaryFailed { failed: n } => {
                format!(
                    "held: {n} of the first targets {} failed; continue the batch to go on all the same",
                    verb(n)
                )
            }
            Self::Stopped { failures: n } => {
                format!(
                    "stopped: {n} target{} {} failed; continue the batch to go on all the same",
                    plural(n),
                    verb(n)
                )
            }
        }
    }
}

/// What a rule offers at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The first this many pending sessions, in the order of the targets, may be started.
    pub offered: u32,
    /// Pending sessions that may not.
    pub held: u32,
    /// Why the first of those may not.
    pub reason: Option<Held>,
    /// Pending sessions that no gate holds; of those, `offered` have room.
    eligible: u32,
    turn: Held,
    /// What holds back those beyond the room there is.
    pub gate: Option<Held>,
}

impl Offer {
    /// Why the pending session with so many pending ones before it may not be started; `None` when it may.
    #[must_use]
    pub fn hold(&self, before: u32) -> Option<Held> {
        if before < self.offered {
            None
        } else if before < self.eligible {
            Some(self.turn)
        } else {
            self.gate
        }
    }
}

/// What `rule` offers when the sessions of the batch stand like this, in the order of its targets, and `released` of their
/// failures have been accepted.
///
/// A canary that was cancelled or skipped proves nothing: the next target takes its place.
#[must_use]
pub fn offer(rule: &WaveRule, released: u32, sessions: &[SessionStatus]) -> Offer {
    let count = |of: &[SessionStatus], wanted: fn(SessionStatus) -> bool| {
        u32::try_from(of.iter().filter(|status| wanted(**status)).count()).unwrap_or(u32::MAX)
    };
    let failed = |status| status == SessionStatus::Failed;
    let pending = |status| status == SessionStatus::Pending;
    let failures = count(sessions, failed);
    let running = count(sessions, |status| status == SessionStatus::InProgress);
    let waiting = count(sessions, pending);

    let (canaries, beyond) = sessions.split_at(end_of_canaries(rule, sessions));
    let (open, fallen) = (count(canaries, |status| !status.is_terminal()), count(canaries, failed));
    let stopped = rule.stop_after_failures.is_some_and(|limit| failures.saturating_sub(released) >= limit);
    let gate = if stopped {
        Some(Held::Stopped { failures })
    } else if rule.canary.is_some() && fallen > released {
        Some(Held::CanaryFailed { failed: fallen })
    } else if rule.canary.is_some() && open > 0 && count(beyond, pending) > 0 {
        Some(Held::Canary { open })
    } else {
        None
    };
    let eligible = match gate {
        Some(Held::Stopped { .. }) => 0,
        Some(_) => count(canaries, pending),
        None => waiting,
    };
    let room = rule.max_in_progress.map_or(u32::MAX, |max| max.saturating_sub(running));
    let offered = eligible.min(room);
    let turn = Held::Turn { max_in_progress: rule.max_in_progress.unwrap_or_default() };
    let mut offer = Offer { offered, held: waiting - offered, reason: None, eligible, turn, gate };
    offer.reason = if offer.held == 0 { None } else { offer.hold(offered) };
    offer
}

/// How many sessions from the first one on hold the canaries.
fn end_of_canaries(rule: &WaveRule, sessions: &[SessionStatus]) -> usize {
    let wanted = rule.canary.unwrap_or_default() as usize;
    if wanted == 0 {
        return 0;
    }
    let proves = |status: SessionStatus| !matches!(status, SessionStatus::Cancelled | SessionStatus::Skipped);
    let mut places = sessions.iter().enumerate().filter(|(_, status)| proves(**status)).map(|(at, _)| at + 1);
    places.nth(wanted - 1).unwrap_or(sessions.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use SessionStatus::{
        Cancelled as X, Completed as C, Failed as F, InProgress as I, Pending as P, Skipped as S,
    };
    use proptest::prelude::*;

    fn rule(max: u32, canary: u32, stop: u32) -> WaveRule {
        let some = |n| (n > 0).then_some(n);
        WaveRule { max_in_progress: some(max), canary: some(canary), stop_after_failures: some(stop) }
    }

    /// (offered, held, reason)
    fn of(rule: WaveRule, released: u32, sessions: &[SessionStatus]) -> (u32, u32, Option<Held>) {
        let offer = offer(&rule, released, sessions);
        (offer.offered, offer.held, offer.reason)
    }

    #[test]
    fn at_most_so_many_at_once_in_their_order() {
        let turn = Some(Held::Turn { max_in_progress: 2 });
        assert_eq!(of(rule(2, 0, 0), 0, &[P, P, P]), (2, 1, turn));
        assert_eq!(of(rule(2, 0, 0), 0, &[I, P, P]), (1, 1, turn));
        assert_eq!(of(rule(2, 0, 0), 0, &[I, I, P]), (0, 1, turn));
        assert_eq!(of(rule(2, 0, 0), 0, &[C, F, I, P]), (1, 0, None));
        // More than allowed, begun offline: none is offered until there is room.
        assert_eq!(of(rule(2, 0, 0), 0, &[I, I, I, P]), (0, 1, turn));
    }

    #[test]
    fn the_canaries_come_first_and_must_not_fail() {
        assert_eq!(of(rule(0, 2, 0), 0, &[P, P, P, P]), (2, 2, Some(Held::Canary { open: 2 })));
        assert_eq!(of(rule(0, 2, 0), 0, &[C, I, P, P]), (0, 2, Some(Held::Canary { open: 1 })));
        assert_eq!(of(rule(0, 2, 0), 0, &[C, C, P, P]), (2, 0, None));
        assert_eq!(of(rule(0, 2, 0), 0, &[C, F, P, P]), (0, 2, Some(Held::CanaryFailed { failed: 1 })));
        assert_eq!(of(rule(0, 2, 0), 1, &[C, F, P, P]), (2, 0, None), "somebody said to go on");
        assert_eq!(of(rule(0, 2, 0), 0, &[F, P, P, P]), (1, 2, Some(Held::CanaryFailed { failed: 1 })));
        assert_eq!(
            of(rule(0, 1, 0), 0, &[X, S, P, P]),
            (1, 1, Some(Held::Canary { open: 1 })),
            "the next in line"
        );
        assert_eq!(of(rule(0, 9, 0), 0, &[P, P]), (2, 0, None), "all are canaries");
    }

    #[test]
    fn after_so_many_failures_nothing_is_offered_until_somebody_says_so() {
        assert_eq!(of(rule(0, 0, 2), 0, &[F, P, P]), (2, 0, None));
        assert_eq!(of(rule(0, 0, 2), 0, &[F, F, P]), (0, 1, Some(Held::Stopped { failures: 2 })));
        assert_eq!(of(rule(0, 0, 2), 2, &[F, F, P]), (1, 0, None));
        assert_eq!(of(rule(0, 0, 2), 2, &[F, F, F, P]), (1, 0, None), "counted from there");
        assert_eq!(of(rule(0, 0, 2), 2, &[F, F, F, F, P]), (0, 1, Some(Held::Stopped { failures: 4 })));
        assert_eq!(of(rule(0, 0, 1), 0, &[F]), (0, 0, None), "nothing is held when nothing waits");
    }

    #[test]
    fn each_held_session_says_its_own_reason() {
        let offer = offer(&rule(1, 2, 0), 0, &[P, P, P]);
        assert_eq!(offer.hold(0), None);
        assert_eq!(offer.hold(1), Some(Held::Turn { max_in_progress: 1 }));
        assert_eq!(offer.hold(2), Some(Held::Canary { open: 2 }));
        assert!(offer.hold(2).unwrap().words().starts_with("held: 2 of the first targets have to end"));
    }

    #[test]
    fn numbers_are_bounded() {
        assert_eq!(rule(0, 0, 0).check().unwrap_err().field, "");
        assert!(rule(1, 10_000, 0).check().is_ok());
        let zero = WaveRule { canary: Some(0), ..WaveRule::default() };
        assert_eq!(zero.check().unwrap_err().field, "canary");
        assert_eq!(rule(10_001, 0, 0).check().unwrap_err().field, "max_in_progress");
    }

    fn any_session() -> impl Strategy<Value = SessionStatus> {
        prop::sample::select(SessionStatus::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn a_batch_is_never_stuck_without_a_failure(max in 0_u32..4, canary in 0_u32..4, stop in 0_u32..4, n in 1_usize..12) {
            // Whoever starts what is offered and ends it well, ends the batch.
            let rule = rule(max, canary, stop);
            let mut sessions = vec![P; n];
            for _ in 0..n {
                prop_assert!(offer(&rule, 0, &sessions).offered > 0);
                let next = sessions.iter().position(|status| *status == P).unwrap();
                sessions[next] = C;
            }
        }

        #[test]
        fn offers_add_up(max in 0_u32..4, canary in 0_u32..4, stop in 0_u32..4, released in 0_u32..4,
                         sessions in prop::collection::vec(any_session(), 0..12)) {
            let rule = rule(max, canary, stop);
            let offer = offer(&rule, released, &sessions);
            let pending = sessions.iter().filter(|status| **status == P).count() as u32;
            prop_assert_eq!(offer.offered + offer.held, pending);
            prop_assert_eq!(offer.reason.is_some(), offer.held > 0);
            for before in 0..pending {
                prop_assert_eq!(offer.hold(before).is_none(), before < offer.offered);
            }
            if let Some(max) = rule.max_in_progress {
                let running = sessions.iter().filter(|status| **status == I).count() as u32;
                prop_assert!(offer.offered == 0 || running + offer.offered <= max);
            }
            // Saying "go on" never takes an offer back.
            let failures = sessions.iter().filter(|status| **status == F).count() as u32;
            prop_assert!(super::offer(&rule, failures.max(released), &sessions).offered >= offer.offered);
        }
    }
}
