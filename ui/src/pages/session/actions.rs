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
use std::cell::RefCell;
use std::collections::HashMap;
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
    /// Of a step.
    pub(super) note: CallHandle<AddNote>,
    /// Of the session as a whole.
    pub(super) session_note: CallHandle<AddNote>,
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

/// The draft whose note a command carries, by session: it is emptied when the reply is there, whichever target is shown by
/// then. One for each command, because both may be under way and either reply may come first.
type UnderWay = Rc<RefCell<HashMap<SessionId, String>>>;

#[hook]
pub(super) fn use_runner(
    id: SessionId,
    put: Callback<Session>,
    view: UseReducerHandle<View>,
    drafts: DraftNotes,
) -> Runner {
    let recording: UnderWay = use_mut_ref(HashMap::new);
    let noting: UnderWay = use_mut_ref(HashMap::new);
    // The person may have gone on to another target meanwhile: what comes of this one touches nothing there.
    let on_arrival = move |then: Callback<()>| {
        let put = put.clone();
        Callback::from(move |session: Session| {
            if session.summary.id == id {
                then.emit(());
                put.emit(session);
            }
        })
    };
    let emptied = |under_way: &UnderWay| {
        let (under_way, change) = (under_way.clone(), drafts.change.clone());
        move |session: &Session| {
            let id = session.summary.id;
            if let Some(key) = under_way.borrow_mut().remove(&id) {
                change.emit((id, key, String::new()));
            }
        }
    };
    let to_view = |action: ViewAction| {
        let view = view.dispatcher();
        Callback::from(move |()| view.dispatch(action.clone()))
    };
    let blurred = |action: Option<ViewAction>| {
        let view = view.dispatcher();
        on_arrival(Callback::from(move |()| {
            browser::blur();
            if let Some(action) = action.clone() {
                view.dispatch(action);
            }
        }))
    };
    let arrived = on_arrival(Callback::noop());
    let followed = on_arrival(to_view(ViewAction::Follow));
    let let_go = on_arrival(to_view(ViewAction::Show(None)));
    let recorded = {
        let (emptied, shown) = (emptied(&recording), blurred(Some(ViewAction::Follow)));
        Callback::from(move |session: Session| {
            emptied(&session);
            shown.emit(session);
        })
    };
    let noted = {
        let (emptied, shown) = (emptied(&noting), blurred(None));
        Callback::from(move |session: Session| {
            emptied(&session);
            shown.emit(session);
        })
    };
    let noted_on_whole = {
        let (change, shown) = (drafts.change.clone(), blurred(Some(ViewAction::Note(false))));
        Callback::from(move |session: Session| {
            change.emit((session.summary.id, WHOLE.to_owned(), String::new()));
            shown.emit(session);
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
        session_note: use_call(noted_on_whole),
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
            runner.leave();
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
        self.recording.borrow_mut().insert(self.id, step.0.clone());
        self.record.run(RecordStep { session_id: self.id, step_id: step.clone(), outcome, note });
    }

    /// Saves the note that is typed for a step, without an outcome.
    pub(super) fn save_note(&self, step: &StepId) {
        if !self.note.busy() && self.send_note(&self.note, Some(step)) {
            self.noting.borrow_mut().insert(self.id, step.0.clone());
        }
    }

    /// Saves the note that is typed for the session as a whole.
    pub(super) fn save_session_note(&self) {
        self.send_note(&self.session_note, None);
    }

    fn send_note(&self, call: &CallHandle<AddNote>, step: Option<&StepId>) -> bool {
        let note = self.drafts.note(step.map_or(WHOLE, |step| step.0.as_str())).trim().to_owned();
        let says = !note.is_empty();
        if says {
            call.run(AddNote { session_id: self.id, step_id: step.cloned(), note });
        }
        says
    }

    /// What is wrong with the note of the open step, whether it goes with an outcome or alone.
    pub(super) fn wrong_note(&self) -> Option<String> {
        self.record.error_on(NOTE_FIELD).or_else(|| self.note.error_on(NOTE_FIELD))
    }

    /// The note is written anew: what was wrong with it is over.
    pub(super) fn forget_note(&self) {
        if self.record.error_on(NOTE_FIELD).is_some() {
            self.record.clear();
        }
        self.note.clear();
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

    /// Another session is shown.
    fn leave(&self) {
        self.start.leave();
        self.record.leave();
        self.note.leave();
        self.session_note.leave();
        self.complete.leave();
        self.reopen.leave();
        self.answer.leave();
        self.back.leave();
        self.assign.leave();
        self.add.leave();
        self.rollback.leave();
    }
}

/// The draft of output that is to be evidence of a step, or of the session as a whole.
pub(super) fn evidence_key(step: Option<&StepId>) -> String {
    format!("evidence:{}", step.map_or(WHOLE, |step| step.0.as_str()))
}

/// The note, as the engine calls it.
pub(super) const NOTE_FIELD: &str = "note";

/// The field the engine names when a step lacks the evidence it needs.
pub(super) const EVIDENCE: &str = "evidence";

/// The sentence for what went wrong with a command, if something did.
pub(super) fn trouble_with<C: Command>(call: &CallHandle<C>) -> Html {
    call.error().map(|error| html! { { trouble(api::sentence(error), None) } }).unwrap_or_default()
}
