//! What can happen to a batch as a whole. Append-only, and folded like the events of a session: correct for any subset, in
//! any order of arrival.

use super::waves::WaveRule;
use crate::ids::{BatchEventId, MemberId};
use crate::intake::Answers;
use crate::version::Version;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Longest ticket number, in characters.
pub const TICKET_MAX: usize = 100;

/// One event with its place in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchEvent {
    pub id: BatchEventId,
    /// Stamp and device: events are folded in the order of (stamp, id).
    pub stamp: Version,
    /// When it happened, by the clock of the device that recorded it.
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
    #[serde(flatten)]
    pub kind: BatchEventKind,
}

/// The kinds of event and what each carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BatchEventKind {
    /// The change ticket the batch belongs to, or none.
    TicketSet { ticket: Option<String> },
    /// Questions of the intake form were answered, for all sessions that had not started. The answers themselves are the
    /// batch's own; these are those that changed, blank where one was taken away.
    IntakeSet { answers: Answers },
    /// Somebody answers for the whole.
    SignedOff {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The sign-off was taken back.
    SignOffWithdrawn {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// How the sessions are offered; `None` for all at once.
    WavesSet { waves: Option<WaveRule> },
    /// Work goes on although that many sessions have failed.
    Released { failures: u32 },
}

/// A sign-off that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    pub by: Option<MemberId>,
    pub at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What the events of a batch amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchState {
    pub ticket: Option<String>,
    pub sign_off: Option<SignOff>,
    pub waves: Option<WaveRule>,
    /// Failed sessions that somebody has accepted: see [`BatchEventKind::Released`].
    pub released: u32,
}

/// Folds events into the state they amount to. The order of `events` does not matter, nor does the same event twice.
#[must_use]
pub fn fold(events: &[BatchEvent]) -> BatchState {
    let mut ordered: Vec<&BatchEvent> = events.iter().collect();
    ordered.sort_by(|a, b| (&a.stamp, a.id).cmp(&(&b.stamp, b.id)));
    let mut seen = HashSet::new();
    let mut state = BatchState::default();
    for event in ordered.into_iter().filter(|event| seen.insert(event.id)) {
        match &event.kind {
            BatchEventKind::TicketSet { ticket } => state.ticket.clone_from(ticket),
            BatchEventKind::SignedOff { note } => {
                state.sign_off = Some(SignOff { by: event.author, at: event.at, note: note.clone() });
            }
            BatchEventKind::IntakeSet { .. } => {}
            BatchEventKind::SignOffWithdrawn { .. } => state.sign_off = None,
            BatchEventKind::WavesSet { waves } => state.waves = *waves,
            // The greatest, not the last: two people who both say "go on" have accepted what either saw.
            BatchEventKind::Released { failures } => state.released = state.released.max(*failures),
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;
    use crate::version::HybridClock;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn events(kinds: Vec<BatchEventKind>) -> Vec<BatchEvent> {
        let mut clock = HybridClock::new(DeviceId(Uuid::from_u128(9)));
        let event = |(n, kind): (u128, _)| BatchEvent {
            id: BatchEventId(Uuid::from_u128(n)),
            stamp: clock.stamp(1_000),
            at: DateTime::UNIX_EPOCH,
            author: Some(MemberId(Uuid::from_u128(n))),
            kind,
        };
        (1..).zip(kinds).map(event).collect()
    }

    fn any_kind() -> impl Strategy<Value = BatchEventKind> {
        let note = || prop::option::of("[a-c]");
        let rule = (0_u32..4).prop_map(|n| WaveRule { max_in_progress: Some(n), ..WaveRule::default() });
        prop_oneof![
            note().prop_map(|ticket| BatchEventKind::TicketSet { ticket }),
            Just(BatchEventKind::IntakeSet { answers: Answers::new() }),
            note().prop_map(|note| BatchEventKind::SignedOff { note }),
            note().prop_map(|note| BatchEventKind::SignOffWithdrawn { note }),
            prop::option::of(rule).prop_map(|waves| BatchEventKind::WavesSet { waves }),
            (0_u32..5).prop_map(|failures| BatchEventKind::Released { failures }),
        ]
    }

    #[test]
    fn the_last_word_counts() {
        let ticket = |text: Option<&str>| BatchEventKind::TicketSet { ticket: text.map(str::to_owned) };
        let signed = || BatchEventKind::SignedOff { note: Some("checked".to_owned()) };
        let withdrawn = || BatchEventKind::SignOffWithdrawn { note: None };
        let state = fold(&events(vec![ticket(Some("CHG-1")), signed(), ticket(Some("CHG-2"))]));
        assert_eq!(state.ticket.as_deref(), Some("CHG-2"));
        let sign_off = state.sign_off.unwrap();
        assert_eq!(
            (sign_off.by, sign_off.note.as_deref()),
            (Some(MemberId(Uuid::from_u128(2))), Some("checked"))
        );
        assert_eq!(fold(&events(vec![signed(), withdrawn()])).sign_off, None);
        assert!(fold(&events(vec![withdrawn(), signed()])).sign_off.is_some());
        assert_eq!(fold(&events(vec![ticket(Some("CHG-1")), ticket(None)])).ticket, None);
    }

    #[test]
    fn what_was_accepted_stays_accepted() {
        let released = |failures| BatchEventKind::Released { failures };
        assert_eq!(fold(&events(vec![released(3), released(1)])).released, 3);
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(kinds in prop::collection::vec(any_kind(), 0..8), shuffle in any::<u64>()) {
            let events = events(kinds);
            let mut mixed: Vec<BatchEvent> = events.iter().chain(&events).cloned().collect();
            mixed.sort_by_key(|event| event.id.0.as_u128() as u64 ^ shuffle);
            prop_assert_eq!(fold(&mixed), fold(&events));
        }
    }
}
