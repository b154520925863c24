//! Where the person stands in a session: which step is open, and whether a failure or a skip is being explained.
//!
//! Results are not here: they come from the engine, so that the screen never shows a step as done before it is on disk.

use mf_contract::sessions::{Session, SessionStep, SessionSummary};
use mf_domain::flow::StepId;
use mf_domain::ids::SessionId;
use mf_domain::session::{SessionStatus, StepOutcome};
use std::rc::Rc;
use yew::Reducible;

/// The view of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The step looked at; `None` follows the work: the current step, or the end when all are recorded.
    pub open: Option<StepId>,
    /// A failure or a skip whose note is being written.
    pub explaining: Option<StepOutcome>,
}

/// What can happen to the view.
#[derive(Clone, Debug)]
pub enum ViewAction {
    Open(StepId),
    Explain(StepOutcome),
    /// The explanation was given up.
    Cancel,
    /// A step was recorded, or another session is shown: follow the work again.
    Follow,
}

impl Reducible for View {
    type Action = ViewAction;

    fn reduce(self: Rc<Self>, action: ViewAction) -> Rc<Self> {
        Rc::new(match action {
            ViewAction::Open(step) => Self { open: Some(step), explaining: None },
            ViewAction::Explain(outcome) => Self { open: self.open.clone(), explaining: Some(outcome) },
            ViewAction::Cancel => Self { open: self.open.clone(), explaining: None },
            ViewAction::Follow => Self::default(),
        })
    }
}

impl View {
    /// The step that is open, if the session is under way.
    #[must_use]
    pub fn open_step<'a>(&'a self, session: &'a Session) -> Option<&'a StepId> {
        let looked_at = self.open.as_ref().filter(|id| session.steps.iter().any(|step| step.id == **id));
        looked_at.or(session.current_step_id.as_ref())
    }

    /// The step `by` places from the open one; from behind the last step, one back is the last.
    #[must_use]
    pub fn moved(&self, session: &Session, by: isize) -> Option<StepId> {
        let at = self
            .open_step(session)
            .and_then(|open| session.steps.iter().position(|step| step.id == *open))
            .unwrap_or(session.steps.len());
        session.steps.get(at.checked_add_signed(by)?).map(|step| step.id.clone())
    }
}

/// How many steps ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub done: usize,
    pub failed: usize,
    pub skipped: usize,
    pub open: usize,
}

impl Tally {
    /// The tally of these steps.
    #[must_use]
    pub fn of(steps: &[SessionStep]) -> Self {
        let mut tally = Self::default();
        for step in steps {
            *match step.outcome {
                Some(StepOutcome::Done) => &mut tally.done,
                Some(StepOutcome::Failed) => &mut tally.failed,
                Some(StepOutcome::Skipped) => &mut tally.skipped,
                None => &mut tally.open,
            } += 1;
        }
        tally
    }

    /// "5 done, 1 failed"
    #[must_use]
    pub fn words(&self) -> String {
        let parts =
            [(self.done, "done"), (self.failed, "failed"), (self.skipped, "skipped"), (self.open, "open")];
        let named: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        named.join(", ")
    }
}

/// The target before or after a session in its batch.
#[must_use]
pub fn neighbour(sessions: &[SessionSummary], id: SessionId, by: isize) -> Option<&SessionSummary> {
    let at = sessions.iter().position(|session| session.id == id)?;
    sessions.get(at.checked_add_signed(by)?)
}

/// The next target with work left, after this one and then from the beginning.
#[must_use]
pub fn next_open(sessions: &[SessionSummary], id: SessionId) -> Option<&SessionSummary> {
    let at = sessions.iter().position(|session| session.id == id).map_or(0, |at| at + 1);
    let (before, after) = sessions.split_at(at.min(sessions.len()));
    after.iter().chain(before).find(|session| session.id != id && !session.status.is_terminal())
}

/// How much of a session is recorded, in percent, for its ring.
#[must_use]
pub fn percent(session: &SessionSummary) -> u32 {
    match session.status {
        SessionStatus::Pending => 0,
        SessionStatus::InProgress => {
            (session.steps_recorded * 100).checked_div(session.steps_total).unwrap_or(50)
        }
        _ => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use mf_domain::ids::FlowId;
    use uuid::Uuid;

    fn summary(n: u128, status: SessionStatus, recorded: u32) -> SessionSummary {
        SessionSummary {
            id: SessionId(Uuid::from_u128(n)),
            batch_id: None,
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Patch".to_owned(),
            target_label: format!("RDS-{n:02}"),
            target_notes: None,
            target_client: None,
            target_site: None,
            status,
            steps_recorded: recorded,
            steps_failed: 0,
            steps_total: 6,
            assignee: None,
            created_at: DateTime::UNIX_EPOCH,
            started_at: None,
            ended_at: None,
        }
    }

    fn session(outcomes: &[Option<StepOutcome>]) -> Session {
        let steps: Vec<SessionStep> = outcomes
            .iter()
            .enumerate()
            .map(|(n, outcome)| SessionStep {
                id: StepId(n.to_string()),
                title: String::new(),
                outcome: *outcome,
                note: None,
                notes: Vec::new(),
                overruled: Vec::new(),
                recorded_at: None,
                recorded_by: None,
                evidence: Vec::new(),
                added: None,
                rollback: None,
            })
            .collect();
        Session {
            summary: summary(1, SessionStatus::InProgress, 0),
            target_variables: Default::default(),
            flow_type: mf_domain::flow::FlowType::Maintenance,
            revision_id: mf_domain::ids::RevisionId(Uuid::nil()),
            revision: 1,
            intake: mf_domain::intake::Answers::new(),
            structure: mf_domain::flow::Structure::Procedure(mf_domain::flow::Procedure::default()),
            current_step_id: steps.iter().find(|step| step.outcome.is_none()).map(|step| step.id.clone()),
            steps,
            notes: Vec::new(),
            evidence: Vec::new(),
            held: None,
            path: Vec::new(),
            current_node_id: None,
            outcome: None,
            late: false,
            events: Vec::new(),
        }
    }

    #[test]
    fn the_view_follows_the_work_until_the_person_looks_elsewhere() {
        let session = session(&[Some(StepOutcome::Done), None, None]);
        let view = Rc::new(View::default());
        assert_eq!(view.open_step(&session), Some(&StepId("1".into())));
        assert_eq!(view.moved(&session, -1), Some(StepId("0".into())));
        let view = view.reduce(ViewAction::Open(StepId("0".into())));
        assert_eq!(view.open_step(&session), Some(&StepId("0".into())));
        assert_eq!(view.moved(&session, -1), None);
        let view = view.reduce(ViewAction::Explain(StepOutcome::Failed));
        assert_eq!(view.explaining, Some(StepOutcome::Failed));
        assert_eq!(*view.reduce(ViewAction::Follow), View::default());
    }

    #[test]
    fn from_behind_the_last_step_one_back_is_the_last() {
        let session = session(&[Some(StepOutcome::Done), Some(StepOutcome::Failed)]);
        let view = View::default();
        assert_eq!(view.open_step(&session), None);
        assert_eq!(view.moved(&session, -1), Some(StepId("1".into())));
        assert_eq!(view.moved(&session, 1), None);
        assert_eq!(Tally::of(&session.steps).words(), "1 done, 1 failed");
    }

    #[test]
    fn the_next_open_target_comes_after_this_one_and_then_from_the_start() {
        use SessionStatus as S;
        let batch = [
            summary(1, S::Pending, 0),
            summary(2, S::Completed, 6),
            summary(3, S::Failed, 6),
            summary(4, S::InProgress, 3),
        ];
        assert_eq!(next_open(&batch, batch[1].id).map(|s| s.id), Some(batch[3].id));
        assert_eq!(next_open(&batch, batch[3].id).map(|s| s.id), Some(batch[0].id));
        assert_eq!(next_open(&batch[1..3], batch[1].id), None);
        assert_eq!(neighbour(&batch, batch[0].id, -1), None);
        assert_eq!(neighbour(&batch, batch[0].id, 1).map(|s| s.id), Some(batch[1].id));
        assert_eq!(batch.iter().map(percent).collect::<Vec<_>>(), [0, 100, 100, 50]);
    }
}
