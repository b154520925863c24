//! From events to the state of a session.
//!
//! Defined for any subset of events: a missing start, an answer without its question or a step recorded after the end
//! all have a meaning here, because events of other laptops arrive late and in pieces. Events are ordered by
//! (stamp, id), so the order of arrival does not matter, and the same event twice counts once.

use super::SessionStatus;
use super::added::{AddedStep, on_the_spot, placed};
use super::event::{SessionEvent, SessionEventKind, StepOutcome};
use super::evidence::Evidence;
use crate::flow::{Outcome, Procedure, Step, StepId};
use crate::ids::{EvidenceId, MemberId, RevisionId};
use crate::intake::Answers;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the events of a session amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub status: SessionStatus,
    /// The revision pinned by the start; `None` while pending.
    pub revision_id: Option<RevisionId>,
    /// The intake answers pinned by the start.
    pub intake: Answers,
    /// Results by step.
    pub steps: BTreeMap<StepId, StepResult>,
    /// Notes on the session as a whole, oldest first.
    pub notes: Vec<Note>,
    /// Decisions taken, oldest first: (node, answer). Troubleshooting only.
    pub path: Vec<Decision>,
    /// How a troubleshooting session ended.
    pub outcome: Option<Outcome>,
    pub assignee: Option<MemberId>,
    /// Steps that are not in the flow, oldest first.
    pub added: Vec<AddedStep>,
    /// Evidence that was not taken back, oldest first.
    pub evidence: Vec<Evidence>,
    /// Evidence that was taken back, whether or not its addition is known here yet.
    pub withdrawn: BTreeSet<EvidenceId>,
    pub started_at: Option<DateTime<Utc>>,
    /// When it last ended; `None` while open.
    pub ended_at: Option<DateTime<Utc>>,
    /// A step was recorded after the end, without reopening: a colleague's work that arrived late.
    pub late: bool,
}

/// The result of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepResult {
    /// The outcome that counts: the latest recorded. `None` when there are only notes.
    pub outcome: Option<StepOutcome>,
    pub at: Option<DateTime<Utc>>,
    pub author: Option<MemberId>,
    /// Notes of all records, oldest first.
    pub notes: Vec<Note>,
    /// Outcomes recorded earlier and overruled since; shown, so that nobody's record disappears.
    pub overruled: Vec<StepOutcome>,
}

/// A note somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
}

/// One decision on the way through a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub node_id: String,
    pub answer: String,
}

/// Folds events into the state they amount to. The order of `events` does not matter.
#[must_use]
pub fn fold(events: &[SessionEvent]) -> Session {
    let mut ordered: Vec<&SessionEvent> = events.iter().collect();
    ordered.sort_by(|a, b| (&a.stamp, a.id).cmp(&(&b.stamp, b.id)));
    let mut seen = HashSet::new();
    let mut session = Session::default();
    for event in ordered {
        if seen.insert(event.id) {
            session.apply(event);
        }
    }
    session
}

impl Session {
    fn apply(&mut self, event: &SessionEvent) {
        match &event.kind {
            SessionEventKind::Started { revision_id, intake } => self.start(event, *revision_id, intake),
            SessionEventKind::StepRecorded { step_id, outcome, note } => {
                self.record(event, step_id, *outcome, note.as_deref());
            }
            SessionEventKind::NoteAdded { step_id, text } => {
                let note = Note { text: text.clone(), at: event.at, author: event.author };
                match step_id {
                    Some(id) => self.step_mut(id).notes.push(note),
                    None => self.notes.push(note),
                }
            }
            SessionEventKind::Answered { node_id, answer } => {
                self.work_happens(event);
                self.path.push(Decision { node_id: node_id.clone(), answer: answer.clone() });
            }
            SessionEventKind::SteppedBack => {
                self.path.pop();
            }
            SessionEventKind::Completed { outcome } => {
                self.outcome = *outcome;
                self.ended_at = Some(event.at);
                self.status = self.verdict();
            }
            SessionEventKind::Reopened => {
                // Cancelled before anybody began: nothing is pinned yet, so it still has to begin.
                let begun = self.revision_id.is_some() || self.started_at.is_some();
                self.status = if begun { SessionStatus::InProgress } else { SessionStatus::Pending };
                self.ended_at = None;
                self.outcome = None;
                self.late = false;
            }
            SessionEventKind::Cancelled => {
                // Work somebody finished before the cancellation reached them stands.
                if !self.status.is_terminal() {
                    self.status = SessionStatus::Cancelled;
                    self.ended_at = Some(event.at);
                }
            }
            SessionEventKind::Assigned { member_id, note } => {
                self.assignee = *member_id;
                if let Some(text) = note {
                    self.notes.push(Note { text: text.clone(), at: event.at, author: event.author });
                }
            }
            SessionEventKind::EvidenceAdded { evidence_id: id, step_id, file } => {
                if !self.withdrawn.contains(id) && self.evidence.iter().all(|known| known.id != *id) {
                    let (step_id, file) = (step_id.clone(), file.clone());
                    self.evidence.push(Evidence {
                        id: *id,
                        step_id,
                        file,
                        at: event.at,
                        author: event.author,
                    });
                }
            }
            SessionEventKind::EvidenceRemoved { evidence_id } => {
                self.withdrawn.insert(*evidence_id);
                self.evidence.retain(|known| known.id != *evidence_id);
            }
            SessionEventKind::StepAdded { step_id, title, description, after_step_id, rollback_of } => {
                if self.added.iter().all(|known| known.step.id != *step_id) {
                    self.added.push(AddedStep {
                        step: on_the_spot(step_id, title, description),
                        after_step_id: after_step_id.clone(),
                        rollback_of: rollback_of.clone(),
                        at: event.at,
                        author: event.author,
                    });
                }
            }
        }
    }

    fn start(&mut self, event: &SessionEvent, revision: RevisionId, intake: &Answers) {
        // Two laptops may both start it; the first start pins, the second only says that somebody else is on it too.
        if self.revision_id.is_none() {
            self.revision_id = Some(revision);
            self.intake = intake.clone();
        }
        self.work_happens(event);
    }

    fn record(&mut self, event: &SessionEvent, id: &StepId, outcome: StepOutcome, note: Option<&str>) {
        self.work_happens(event);
        let step = self.step_mut(id);
        if let Some(earlier) = step.outcome.replace(outcome) {
            step.overruled.push(earlier);
        }
        step.at = Some(event.at);
        step.author = event.author;
        if let Some(text) = note {
            step.notes.push(Note { text: text.to_owned(), at: event.at, author: event.author });
        }
        if matches!(self.status, SessionStatus::Completed | SessionStatus::Failed | SessionStatus::Skipped) {
            self.late = true;
            self.status = self.verdict();
        }
    }

    fn work_happens(&mut self, event: &SessionEvent) {
        self.started_at.get_or_insert(event.at);
        if self.status == SessionStatus::Pending {
            self.status = SessionStatus::InProgress;
        }
    }

    fn step_mut(&mut self, id: &StepId) -> &mut StepResult {
        self.steps.entry(id.clone()).or_insert_with(|| StepResult {
            outcome: None,
            at: None,
            author: None,
            notes: Vec::new(),
            overruled: Vec::new(),
        })
    }

    /// What an ended session ended as: failed with any failed step, skipped when every recorded step was.
    fn verdict(&self) -> SessionStatus {
        let outcomes: Vec<StepOutcome> = self.steps.values().filter_map(|step| step.outcome).collect();
        if outcomes.contains(&StepOutcome::Failed) {
            SessionStatus::Failed
        } else if !outcomes.is_empty() && outcomes.iter().all(|o| *o == StepOutcome::Skipped) {
            SessionStatus::Skipped
        } else {
            SessionStatus::Completed
        }
    }

    /// The outcome that counts for a step.
    #[must_use]
    pub fn outcome_of(&self, step: &StepId) -> Option<StepOutcome> {
        self.steps.get(step).and_then(|result| result.outcome)
    }

    /// The steps this session records, in order: those of the flow, and those added to it.
    #[must_use]
    pub fn work<'a>(&'a self, procedure: &'a Procedure) -> Vec<&'a Step> {
        placed(
            procedure.work().map(|step| (&step.id, step)),
            self.added.iter().map(|added| (&added.step.id, added.after_step_id.as_ref(), &added.step)),
        )
    }

    /// The step to do next: the first without an outcome.
    #[must_use]
    pub fn current_step<'a>(&'a self, procedure: &'a Procedure) -> Option<&'a Step> {
        self.work(procedure).into_iter().find(|step| self.outcome_of(&step.id).is_none())
    }

    /// Steps that have an outcome.
    #[must_use]
    pub fn recorded(&self, procedure: &Procedure) -> usize {
        self.work(procedure).into_iter().filter(|step| self.outcome_of(&step.id).is_some()).count()
    }

    /// Steps that failed.
    #[must_use]
    pub fn failed(&self, procedure: &Procedure) -> usize {
        let failed = |step: &&Step| self.outcome_of(&step.id) == Some(StepOutcome::Failed);
        self.work(procedure).into_iter().filter(failed).count()
    }

    /// Evidence of a step, oldest first.
    pub fn evidence_of<'a>(&'a self, step: &'a StepId) -> impl Iterator<Item = &'a Evidence> {
        self.evidence.iter().filter(move |evidence| evidence.step_id.as_ref() == Some(step))
    }

    /// What to undo a failed step with: its rollback, until somebody has taken it up.
    #[must_use]
    pub fn rollback_to_offer<'a>(&self, step: &'a Step) -> Option<&'a str> {
        let taken_up = || self.added.iter().any(|added| added.rollback_of.as_ref() == Some(&step.id));
        let failed = self.outcome_of(&step.id) == Some(StepOutcome::Failed);
        (failed && !step.rollback.is_empty() && !taken_up()).then_some(step.rollback.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DeviceId, SessionEventId};
    use crate::version::{HybridClock, Version};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn events(kinds: Vec<SessionEventKind>) -> Vec<SessionEvent> {
        let mut clock = HybridClock::new(DeviceId(Uuid::from_u128(9)));
        kinds
            .into_iter()
            .enumerate()
            .map(|(i, kind)| SessionEvent {
                id: SessionEventId(Uuid::from_u128(i as u128 + 1)),
                stamp: clock.stamp(1_000 + i as u64),
                at: DateTime::from_timestamp_millis(1_000 + i as i64).unwrap(),
                author: None,
                kind,
            })
            .collect()
    }

    fn started() -> SessionEventKind {
        SessionEventKind::Started { revision_id: RevisionId(Uuid::from_u128(1)), intake: Answers::new() }
    }

    fn step(id: &str, outcome: StepOutcome) -> SessionEventKind {
        SessionEventKind::StepRecorded { step_id: StepId(id.to_owned()), outcome, note: None }
    }

    fn status(kinds: Vec<SessionEventKind>) -> SessionStatus {
        fold(&events(kinds)).status
    }

    #[test]
    fn the_life_of_a_session() {
        use SessionStatus as S;
        let completed = || SessionEventKind::Completed { outcome: None };
        assert_eq!(status(vec![]), S::Pending);
        assert_eq!(status(vec![started()]), S::InProgress);
        assert_eq!(status(vec![step("a", StepOutcome::Done)]), S::InProgress);
        assert_eq!(status(vec![started(), step("a", StepOutcome::Done), completed()]), S::Completed);
        assert_eq!(status(vec![started(), step("a", StepOutcome::Failed), completed()]), S::Failed);
        assert_eq!(status(vec![started(), step("a", StepOutcome::Skipped), completed()]), S::Skipped);
        assert_eq!(status(vec![started(), completed(), SessionEventKind::Reopened]), S::InProgress);
        assert_eq!(status(vec![SessionEventKind::Cancelled]), S::Cancelled);
        assert_eq!(status(vec![started(), completed(), SessionEventKind::Cancelled]), S::Completed);
        assert_eq!(
            status(vec![SessionEventKind::Assigned { member_id: Some(MemberId(Uuid::nil())), note: None }]),
            S::Pending,
            "being assigned is not work"
        );
    }

    #[test]
    fn the_later_of_two_outcomes_counts_and_the_earlier_is_kept() {
        let session = fold(&events(vec![step("a", StepOutcome::Failed), step("a", StepOutcome::Done)]));
        let result = &session.steps[&StepId("a".to_owned())];
        assert_eq!(result.outcome, Some(StepOutcome::Done));
        assert_eq!(result.overruled, [StepOutcome::Failed]);
    }

    #[test]
    fn a_step_recorded_after_the_end_is_late_and_changes_the_verdict() {
        let session = fold(&events(vec![
            step("a", StepOutcome::Done),
            SessionEventKind::Completed { outcome: None },
            step("b", StepOutcome::Failed),
        ]));
        assert!(session.late);
        assert_eq!(session.status, SessionStatus::Failed);
    }

    #[test]
    fn reopening_what_never_began_leaves_it_to_begin() {
        assert_eq!(
            status(vec![SessionEventKind::Cancelled, SessionEventKind::Reopened]),
            SessionStatus::Pending
        );
    }

    #[test]
    fn the_first_start_pins_the_revision() {
        let second =
            SessionEventKind::Started { revision_id: RevisionId(Uuid::from_u128(2)), intake: Answers::new() };
        let session = fold(&events(vec![started(), second]));
        assert_eq!(session.revision_id, Some(RevisionId(Uuid::from_u128(1))));
    }

    fn evidence(n: u128, step: Option<&str>) -> SessionEventKind {
        SessionEventKind::EvidenceAdded {
            evidence_id: EvidenceId(Uuid::from_u128(n)),
            step_id: step.map(|id| StepId(id.to_owned())),
            file: crate::session::EvidenceFile {
                name: "screen.png".to_owned(),
                media_type: "image/png".to_owned(),
                size: 1,
                sha256: "0".repeat(64),
            },
        }
    }

    fn withdrawn(n: u128) -> SessionEventKind {
        SessionEventKind::EvidenceRemoved { evidence_id: EvidenceId(Uuid::from_u128(n)) }
    }

    fn added(id: &str, after: Option<&str>) -> SessionEventKind {
        SessionEventKind::StepAdded {
            step_id: StepId(id.to_owned()),
            title: id.to_owned(),
            description: String::new(),
            after_step_id: after.map(|id| StepId(id.to_owned())),
            rollback_of: None,
        }
    }

    fn procedure(ids: &[&str]) -> Procedure {
        let step = |id: &&str| Step {
            rollback: format!("undo {id}"),
            ..super::on_the_spot(&StepId((*id).to_owned()), id, "")
        };
        Procedure { steps: ids.iter().map(step).collect(), sign_off: crate::flow::SignOffRule::None }
    }

    #[test]
    fn evidence_that_was_taken_back_is_gone_in_whatever_order_that_arrives() {
        let both = [evidence(1, Some("a")), evidence(2, None), withdrawn(1)];
        let late = [withdrawn(1), evidence(1, Some("a")), evidence(2, None)];
        for kinds in [both, late] {
            let session = fold(&events(kinds.to_vec()));
            assert_eq!(session.evidence.iter().map(|e| e.id.0.as_u128()).collect::<Vec<_>>(), [2]);
            assert_eq!(session.evidence_of(&StepId("a".to_owned())).count(), 0);
            assert_eq!(session.status, SessionStatus::Pending, "evidence alone is not work");
        }
    }

    #[test]
    fn an_added_step_is_work_like_any_other() {
        let procedure = procedure(&["a", "b"]);
        let mut kinds = vec![started(), added("x", Some("a")), step("a", StepOutcome::Done)];
        let session = fold(&events(kinds.clone()));
        let titles: Vec<&str> = session.work(&procedure).iter().map(|step| step.title.as_str()).collect();
        assert_eq!(titles, ["a", "x", "b"]);
        assert_eq!(session.current_step(&procedure).unwrap().title, "x");
        kinds.extend([step("x", StepOutcome::Failed), SessionEventKind::Completed { outcome: None }]);
        let session = fold(&events(kinds));
        assert_eq!((session.recorded(&procedure), session.failed(&procedure)), (2, 1));
        assert_eq!(session.status, SessionStatus::Failed);
    }

    #[test]
    fn a_rollback_is_offered_from_failing_until_it_is_taken_up() {
        let procedure = procedure(&["a"]);
        let offered = |kinds: Vec<SessionEventKind>| {
            fold(&events(kinds)).rollback_to_offer(&procedure.steps[0]).map(str::to_owned)
        };
        assert_eq!(offered(vec![step("a", StepOutcome::Done)]), None);
        assert_eq!(offered(vec![step("a", StepOutcome::Failed)]).as_deref(), Some("undo a"));
        let taken_up = SessionEventKind::StepAdded {
            step_id: StepId("x".to_owned()),
            title: "Undo".to_owned(),
            description: String::new(),
            after_step_id: None,
            rollback_of: Some(StepId("a".to_owned())),
        };
        assert_eq!(offered(vec![step("a", StepOutcome::Failed), taken_up]), None);
    }

    #[test]
    fn a_handover_note_is_a_note_of_the_session() {
        let handover = SessionEventKind::Assigned { member_id: None, note: Some("disk ordered".to_owned()) };
        assert_eq!(fold(&events(vec![handover])).notes[0].text, "disk ordered");
    }

    fn any_kind() -> impl Strategy<Value = SessionEventKind> {
        let outcome =
            prop_oneof![Just(StepOutcome::Done), Just(StepOutcome::Failed), Just(StepOutcome::Skipped)];
        prop_oneof![
            Just(started()),
            ("[a-c]", outcome).prop_map(|(id, outcome)| step(&id, outcome)),
            "[a-c]".prop_map(|id| SessionEventKind::NoteAdded {
                step_id: Some(StepId(id)),
                text: "n".to_owned()
            }),
            Just(SessionEventKind::NoteAdded { step_id: None, text: "n".to_owned() }),
            "[a-c]".prop_map(|id| SessionEventKind::Answered { node_id: id, answer: "yes".to_owned() }),
            Just(SessionEventKind::SteppedBack),
            Just(SessionEventKind::Completed { outcome: Some(Outcome::Resolved) }),
            Just(SessionEventKind::Reopened),
            Just(SessionEventKind::Cancelled),
            prop::option::of("[a-c]").prop_map(|note| SessionEventKind::Assigned { member_id: None, note }),
            (0_u128..3, prop::option::of("[a-c]")).prop_map(|(n, step)| evidence(n, step.as_deref())),
            (0_u128..3).prop_map(withdrawn),
            ("[a-e]", prop::option::of("[a-e]")).prop_map(|(id, after)| added(&id, after.as_deref())),
        ]
    }

    proptest! {
        #[test]
        fn the_fold_does_not_depend_on_arrival(
            (kinds, shuffled) in prop::collection::vec(any_kind(), 0..30).prop_flat_map(|kinds| {
                let all = events(kinds.clone());
                // Some of them delivered twice, all in any order.
                let twice: Vec<_> = all.iter().cloned().chain(all.iter().step_by(3).cloned()).collect();
                (Just(kinds), Just(twice).prop_shuffle())
            })
        ) {
            prop_assert_eq!(fold(&events(kinds)), fold(&shuffled));
        }

        #[test]
        fn an_event_reads_back_as_written(kind in any_kind()) {
            let event = SessionEvent {
                id: SessionEventId(Uuid::from_u128(1)),
                stamp: Version::bottom(),
                at: DateTime::from_timestamp_millis(0).unwrap(),
                author: None,
                kind,
            };
            let text = serde_json::to_string(&event).unwrap();
            prop_assert_eq!(serde_json::from_str::<SessionEvent>(&text).unwrap(), event);
        }
    }
}
