//! What a person can do in a session: the commands, and the drafts of the notes that go with them.

use super::WHOLE;
use crate::components::trouble::trouble;
use crate::state::call::{CallHandle, use_call};
use crate::state::drafts::Drafts;
use crate::state::runner::{View, ViewAction};
use crate::{api, browser};
use mf_contract::Command;
use mf_contract::sessions::{
    AddNote, AddRollbackStep, AddStep, AnswerQuestion, AssignSession, CompleteSession, RecordStep,
    ReopenSession, Session, StartSession, StepBack,
};
use mf_domain::flow::StepId;
use mf_domain::ids::{MemberId, SessionId};
use mf_domain::session::StepOutcome;
use std::rc::Rc;
use yew::prelude::*;

/// The drafts of a session, and how to change one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DraftNotes {
    drafts: Drafts,
    change: Callback<(SessionId, String, String)>,
}

impl DraftNotes {
    pub(super) fn note(&self, step: &str) -> &str {
        self.drafts.note(step)
    }
}

#[hook]
pub(super) fn use_drafts(id: SessionId) -> DraftNotes {
    let state = use_state(|| (id, Drafts::recalled(id)));
    let drafts = if state.0 == id { state.1.clone() } else { Drafts::recalled(id) };
    let change = {
        let (set, drafts) = (state.setter(), drafts.clone());
        Callback::from(move |(session, step, note): (SessionId, String, String)| {
            let of_session = if session == id { drafts.clone() } else { Drafts::recalled(session) };
            let next = of_session.with(&step, note);
            next.remember(session);
            if session == id {
                set.set((id, next));
            }
        })
    };
    DraftNotes { drafts, change }
}

/// What a person can do in a session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Runner {
    pub(super) id: SessionId,
    pub(super) start: CallHandle<StartSession>,
    pub(super) record: CallHandle<RecordStep>,
    pub(super) note: CallHandle<AddNote>,
    pub(super) complete: CallHandle<CompleteSession>,
    pub(super) reopen: CallHandle<ReopenSession>,
    pub(super) answer: CallHandle<AnswerQuestion>,
    pub(super) back: CallHandle<StepBack>,
    pub(super) assign: CallHandle<AssignSession>,
    pub(super) add: CallHandle<AddStep>,
    pub(super) rollback: CallHandle<AddRollbackStep>,
    /// Takes the session as a command that is set off elsewhere answered it.
    pub(super) arrived: Callback<Session>,
    pub(super) drafts: DraftNotes,
    recording: UnderWay,
    noting: UnderWay,
}

/// The draft whose note a command carries: it is emptied when the reply is there. One for each command, because both
/// may be under way and either reply may come first.
type UnderWay = Rc<std::cell::RefCell<Option<String>>>;

#[hook]
pub(super) fn use_runner(
    id: SessionId,
    put: Callback<Session>,
    view: UseReducerHandle<View>,
    drafts: DraftNotes,
) -> Runner {
    let recording: UnderWay = use_mut_ref(|| None);
    let noting: UnderWay = use_mut_ref(|| None);
    let arrived = Callback::from(move |session: Session| {
        // The person may have gone on to another target meanwhile.
        if session.summary.id == id {
            put.emit(session);
        }
    });
    let recorded = {
        let (arrived, under_way, view, change) =
            (arrived.clone(), recording.clone(), view.clone(), drafts.change.clone());
        Callback::from(move |session: Session| {
            if let Some(step) = under_way.borrow_mut().take() {
                change.emit((session.summary.id, step, String::new()));
            }
            browser::blur();
            view.dispatch(ViewAction::Follow);
            arrived.emit(session);
        })
    };
    let noted = {
        let (arrived, under_way, change) = (arrived.clone(), noting.clone(), drafts.change.clone());
        Callback::from(move |session: Session| {
            if let Some(step) = under_way.borrow_mut().take() {
                change.emit((session.summary.id, step, String::new()));
            }
            browser::blur();
            arrived.emit(session);
        })
    };
    let followed = {
        let (arrived, view) = (arrived.clone(), view.clone());
        Callback::from(move |session: Session| {
            view.dispatch(ViewAction::Follow);
            arrived.emit(session);
        })
    };
    let let_go = {
        let (arrived, view) = (arrived.clone(), view.clone());
        Callback::from(move |session: Session| {
            view.dispatch(ViewAction::Show(None));
            arrived.emit(session);
        })
    };
    let runner = Runner {
        id,
        assign: use_call(let_go.clone()),
        add: use_call(let_go),
        rollback: use_call(followed.clone()),
        start: use_call(followed.clone()),
        record: use_call(recorded),
        note: use_call(noted),
        complete: use_call(followed.clone()),
        reopen: use_call(followed),
        answer: use_call(arrived.clone()),
        back: use_call(arrived.clone()),
        arrived,
        drafts,
        recording,
        noting,
    };
    {
        let runner = runner.clone();
        use_effect_with(id, move |_| {
            view.dispatch(ViewAction::Follow);
            runner.forget_errors();
        });
    }
    runner
}

impl Runner {
    pub(super) fn start(&self) {
        self.start.run(StartSession { session_id: self.id });
    }

    /// Records what came of a step, with the note that is typed for it.
    pub(super) fn record(&self, step: &StepId, outcome: StepOutcome) {
        if self.record.busy() {
            return;
        }
        let note = Some(self.drafts.note(&step.0).trim().to_owned()).filter(|note| !note.is_empty());
        *self.recording.borrow_mut() = Some(step.0.clone());
        self.record.run(RecordStep { session_id: self.id, step_id: step.clone(), outcome, note });
    }

    /// Saves the note that is typed for a step, or for the whole session, without an outcome.
    pub(super) fn save_note(&self, step: Option<&StepId>) {
        let key = step.map_or(WHOLE, |step| step.0.as_str());
        let note = self.drafts.note(key).trim().to_owned();
        if note.is_empty() || self.note.busy() {
            return;
        }
        *self.noting.borrow_mut() = Some(key.to_owned());
        self.note.run(AddNote { session_id: self.id, step_id: step.cloned(), note });
    }

    /// Gives the session to a member, or to nobody, with a word for whoever takes over.
    pub(super) fn assign(&self, member_id: Option<MemberId>, note: &str) {
        let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
        self.assign.run(AssignSession { session_id: self.id, member_id, note });
    }

    pub(super) fn take_up_rollback(&self, of: &StepId) {
        self.rollback.run(AddRollbackStep { session_id: self.id, step_id: of.clone() });
    }

    pub(super) fn complete(&self) {
        self.complete.run(CompleteSession { session_id: self.id });
    }

    pub(super) fn type_note(&self, key: &str, note: String) {
        self.drafts.change.emit((self.id, key.to_owned(), note));
    }

    pub(super) fn forget_errors(&self) {
        self.start.clear();
        self.record.clear();
        self.note.clear();
        self.complete.clear();
        self.reopen.clear();
        self.answer.clear();
        self.back.clear();
        self.assign.clear();
        self.add.clear();
        self.rollback.clear();
    }
}

/// The draft of output that is to be evidence of a step, or of the session as a whole.
pub(super) fn evidence_key(step: Option<&StepId>) -> String {
    format!("evidence:{}", step.map_or(WHOLE, |step| step.0.as_str()))
}

/// The field the engine names when a step lacks the evidence it needs.
pub(super) const EVIDENCE: &str = "evidence";

/// The sentence for what went wrong with a command, if something did.
pub(super) fn trouble_with<C: Command>(call: &CallHandle<C>) -> Html {
    call.error().map(|error| html! { { trouble(api::sentence(error), None) } }).unwrap_or_default()
}
