//! What the keys of the runner do.

use super::actions::Runner;
use super::{NOTE, SESSION_NOTE, next_address, tree};
use crate::browser;
use crate::route::{Route, go};
use crate::state::runner::{Over, View, ViewAction, Whose, neighbour, only_looks, rollback_offered};
use crate::state::shortcuts::Act;
use mf_contract::sessions::{Session, SessionSummary};
use mf_domain::flow::FlowType;
use mf_domain::ids::{MemberId, SessionId};
use mf_domain::session::{SessionStatus, StepOutcome};
use std::rc::Rc;
use yew::prelude::*;

/// What a key may need to know.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub id: SessionId,
    pub session: Option<Rc<Session>>,
    pub view: UseReducerHandle<View>,
    pub runner: Runner,
    pub targets: Rc<Vec<SessionSummary>>,
    pub me: Option<MemberId>,
    /// Something has to be answered before the session may be started.
    pub must_ask: bool,
    /// Nothing can be written: a form could only fail.
    pub read_only: bool,
}

impl Keys {
    /// Carries out a key; answers whether it meant something here.
    pub(super) fn press(&self, act: Act) -> bool {
        let by = match act {
            Act::NextTarget => 1,
            Act::PreviousTarget => -1,
            _ => 0,
        };
        if let Some(target) = neighbour(&self.targets, self.id, by).filter(|_| by != 0) {
            go(Route::Session { id: target.id });
            return true;
        }
        let Some(session) = &self.session else { return false };
        if self.read_only && !only_looks(act, session.summary.status) {
            return false;
        }
        if act == Act::Assign {
            return assign(session, &self.view, &self.runner, self.me);
        }
        match session.summary.status {
            SessionStatus::Pending if act == Act::Proceed && !self.must_ask && session.held.is_none() => {
                self.runner.start();
                true
            }
            SessionStatus::Pending => false,
            SessionStatus::InProgress if session.flow_type == FlowType::Troubleshooting => {
                tree::press(session, &self.runner, act) || self.write(act)
            }
            SessionStatus::InProgress => self.work(session, act),
            // It has ended: on to the next target.
            _ if act == Act::Proceed => {
                browser::go_to(&next_address(session, &self.targets), false);
                true
            }
            _ => look_around(session, &self.view, act) || self.write(act),
        }
    }

    /// Keys while steps are being worked through.
    fn work(&self, session: &Session, act: Act) -> bool {
        let Self { view, runner, .. } = self;
        let Some(step) = view.open_step(session) else {
            if act == Act::Proceed {
                runner.complete();
                return true;
            }
            return look_around(session, view, act) || self.write(act);
        };
        match act {
            Act::Proceed => runner.record(step, view.explaining.unwrap_or(StepOutcome::Done)),
            Act::Fail => explain(view, StepOutcome::Failed),
            Act::Skip => explain(view, StepOutcome::Skipped),
            Act::Note => browser::focus(NOTE),
            Act::Leave if view.explaining.is_some() => view.dispatch(ViewAction::Cancel),
            Act::Leave if view.attaching.is_some() => view.dispatch(ViewAction::Attach(None)),
            Act::Leave if view.open.is_some() => view.dispatch(ViewAction::Follow),
            _ => return look_around(session, view, act) || self.write(act),
        }
        true
    }

    /// Keys for what is not the next step: evidence, other steps, and the way back.
    fn write(&self, act: Act) -> bool {
        let Some(session) = &self.session else { return false };
        match act {
            Act::Leave if self.view.attaching.is_some() => self.view.dispatch(ViewAction::Attach(None)),
            Act::Attach => self.view.dispatch(ViewAction::Attach(Some(whose(session, &self.view)))),
            // Where no step takes one: in a tree, behind the last step, and after the end.
            Act::Note => write_on_whole(&self.view),
            Act::Add if may_add(session) => ask_for_step(&self.view, &self.runner),
            Act::Rollback if may_add(session) => {
                let Some(step) = rollback_offered(session) else { return false };
                self.runner.take_up_rollback(&step.id);
            }
            _ => return false,
        }
        true
    }
}

/// What evidence that comes now belongs to.
pub(super) fn whose(session: &Session, view: &View) -> Whose {
    let step = session.flow_type != FlowType::Troubleshooting && shown_step(session, view).is_some();
    if step { Whose::Step } else { Whose::Session }
}

/// Whether the key of a note means that on the session as a whole: no open step takes it.
pub(super) fn has_note_key(session: &Session, view: &View) -> bool {
    session.summary.status.is_terminal() || whose(session, view) == Whose::Session
}

/// Opens the note on the session as a whole, and goes there: without the focus its letters would be keys of the runner.
pub(super) fn write_on_whole(view: &UseReducerHandle<View>) {
    view.dispatch(ViewAction::Note(true));
    browser::focus_soon(SESSION_NOTE);
}

/// The step that is open on the screen. An ended session opens none by itself; a person may still look at one.
pub(super) fn shown_step<'a>(session: &'a Session, view: &'a View) -> Option<&'a mf_domain::flow::StepId> {
    let status = session.summary.status;
    let shown = status != SessionStatus::Pending && (!status.is_terminal() || view.open.is_some());
    view.open_step(session).filter(|_| shown)
}

/// Whether steps can be added to the session.
pub(super) fn may_add(session: &Session) -> bool {
    session.flow_type != FlowType::Troubleshooting && session.summary.status == SessionStatus::InProgress
}

/// Opens the form for another step; what went wrong with an earlier one is no longer of interest.
pub(super) fn ask_for_step(view: &UseReducerHandle<View>, runner: &Runner) {
    runner.add.clear();
    view.dispatch(ViewAction::Show(Some(Over::AddStep)));
}

/// Takes a session that nobody has; asks for a word to the next one before it is handed over.
pub(super) fn assign(
    session: &Session,
    view: &UseReducerHandle<View>,
    runner: &Runner,
    me: Option<MemberId>,
) -> bool {
    let Some(me) = me.filter(|_| !session.summary.status.is_terminal()) else { return false };
    if session.summary.assignee.is_none() {
        runner.assign(Some(me), "");
    } else {
        runner.assign.clear();
        view.dispatch(ViewAction::Show(Some(Over::HandOver)));
    }
    true
}

/// Asks for the note of a failure or a skip; it may stay empty.
pub(super) fn explain(view: &UseReducerHandle<View>, outcome: StepOutcome) {
    view.dispatch(ViewAction::Explain(outcome));
    browser::focus(NOTE);
}

/// Moving between steps, whatever the session's status.
fn look_around(session: &Session, view: &UseReducerHandle<View>, act: Act) -> bool {
    let by = match act {
        Act::Next => 1,
        Act::Previous => -1,
        _ => return false,
    };
    match view.moved(session, by) {
        Some(step) => view.dispatch(ViewAction::Open(step)),
        // Behind the last step stands the end.
        None if by > 0 => view.dispatch(ViewAction::Follow),
        None => {}
    }
    true
}
