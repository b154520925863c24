//! Where the person stands in a session: which step is open, whether a failure or a skip is being explained, who has the
//! session, and how long it takes.
//!
//! Results are not here: they come from the engine, so that the screen never shows a step as done before it is on disk.

use super::shortcuts::Act;
use chrono::{DateTime, Utc};
use mf_contract::sessions::{Session, SessionStep, SessionSummary};
use mf_domain::batch::Held;
use mf_domain::flow::{Step, StepId};
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
    /// Whose evidence is being written.
    pub attaching: Option<Whose>,
    /// A note on the session as a whole is being written.
    pub noting: bool,
    /// What lies over the page.
    pub over: Option<Over>,
}

/// What a piece of evidence belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The open step.
    Step,
    /// The session as a whole.
    Session,
}

/// A dialog of the runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    HandOver,
    AddStep,
}

/// What can happen to the view.
#[derive(Clone, Debug)]
pub enum ViewAction {
    Open(StepId),
    Explain(StepOutcome),
    /// Evidence is written, or no longer.
    Attach(Option<Whose>),
    /// A note on the session as a whole is written, or no longer.
    Note(bool),
    /// A dialog opens, or closes.
    Show(Option<Over>),
    /// The explanation was given up.
    Cancel,
    /// A step was recorded, or another session is shown: follow the work again.
    Follow,
}

impl Reducible for View {
    type Action = ViewAction;

    fn reduce(self: Rc<Self>, action: ViewAction) -> Rc<Self> {
        Rc::new(match action {
            ViewAction::Open(step) => Self { open: Some(step), ..Self::default() },
            ViewAction::Explain(outcome) => Self { explaining: Some(outcome), ..Self::clone(&self) },
            ViewAction::Attach(whose) => Self { attaching: whose, ..Self::clone(&self) },
            ViewAction::Note(noting) => Self { noting, ..Self::clone(&self) },
            ViewAction::Show(over) => Self { over, ..Self::clone(&self) },
            ViewAction::Cancel => Self { explaining: None, ..Self::clone(&self) },
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

/// Whether a key of the runner only looks around, so that it works where nothing can be written.
#[must_use]
pub fn only_looks(act: Act, status: SessionStatus) -> bool {
    match act {
        Act::Next | Act::Previous | Act::Leave => true,
        // After the end it leads to the next target.
        Act::Proceed => status.is_terminal(),
        _ => false,
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

/// Open sessions that nobody has taken.
#[must_use]
pub fn unassigned(sessions: &[SessionSummary]) -> usize {
    let free = |session: &&SessionSummary| session.assignee.is_none() && !session.status.is_terminal();
    sessions.iter().filter(free).count()
}

/// The step of the flow behind a step of a session, or what somebody added in its place.
#[must_use]
pub fn authored<'a>(session: &'a Session, step: &'a SessionStep) -> Option<&'a Step> {
    let procedure = session.structure.as_procedure();
    let planned =
        procedure.and_then(|procedure| procedure.steps.iter().find(|planned| planned.id == step.id));
    planned.or_else(|| step.added.as_ref().map(|added| &added.step))
}

/// Since when the work stands at the current step: when the one before it was recorded, or when the session was started.
#[must_use]
pub fn current_since(session: &Session) -> Option<DateTime<Utc>> {
    let recorded = session.steps.iter().filter_map(|step| step.recorded_at).max();
    recorded.max(session.summary.started_at)
}

/// Whole minutes between two instants, for lengths of time.
#[must_use]
pub fn minutes_between(from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from((to - from).num_minutes()).unwrap_or(0)
}

/// How long a session takes, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Since the start, up to now or to the end.
    pub elapsed: u32,
    /// What the author reckoned with, as far as that is known.
    pub estimated: u32,
    /// What the open steps of that are.
    pub left: u32,
}

/// How long a session has taken and may yet take; `None` before its start.
#[must_use]
pub fn times(session: &Session, now: DateTime<Utc>) -> Option<Times> {
    let began = session.summary.started_at?;
    let minutes = |steps: &mut dyn Iterator<Item = &SessionStep>| {
        steps.filter_map(|step| authored(session, step)?.estimate_minutes).fold(0, u32::saturating_add)
    };
    Some(Times {
        elapsed: minutes_between(began, session.summary.ended_at.unwrap_or(now)),
        estimated: minutes(&mut session.steps.iter()),
        left: minutes(&mut session.steps.iter().filter(|step| step.outcome.is_none())),
    })
}

/// Where the work is while a session has to wait: the first target that waits where another may be started, or else the
/// first in progress.
#[must_use]
pub fn ahead_of_held(held: Held, sessions: &[SessionSummary], id: SessionId) -> Option<&SessionSummary> {
    let of = |status| sessions.iter().filter(move |other| other.id != id && other.status == status);
    let running = of(SessionStatus::InProgress).count();
    let room = matches!(held, Held::Turn { max_in_progress } if running < max_in_progress as usize);
    let waiting = of(SessionStatus::Pending).next();
    let at_work = of(SessionStatus::InProgress).next();
    if room { waiting.or(at_work) } else { at_work.or(waiting) }
}

/// The failed step whose rollback is offered: the one that failed last.
#[must_use]
pub fn rollback_offered(session: &Session) -> Option<&SessionStep> {
    let offered = session.steps.iter().filter(|step| step.rollback.is_some());
    offered.max_by_key(|step| step.recorded_at)
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
#[path = "runner_tests.rs"]
mod tests;
