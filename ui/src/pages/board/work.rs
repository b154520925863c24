//! What is done to the targets of a board: marking, explaining, completing, assigning.

use crate::browser;
use crate::state::board::asking::{Explaining, words};
use crate::state::board::is_complete;
use crate::state::board::selection::{Move, Selection, View};
use crate::state::call::{CallHandle, use_call, use_refused};
use mf_contract::sessions::{AddNotes, AssignSessions, CompleteSessions, ManyChanged, RecordSteps};
use mf_domain::ids::{MemberId, SessionId};
use mf_domain::session::StepOutcome;
use yew::prelude::*;

/// The field of the words.
pub(super) const NOTE: &str = "board-note";

/// What can be done, what is under way, and what came of it.
#[derive(Clone, PartialEq)]
pub(super) struct Work {
    /// Records the step of the cursor for the targets, with what is written about this outcome.
    pub(super) mark: Callback<StepOutcome>,
    /// Keeps what is written as a note of the step of the cursor, for the targets.
    pub(super) write: Callback<()>,
    /// Completes those targets that have no open step.
    pub(super) complete: Callback<()>,
    /// Gives the targets to a member, or to nobody.
    pub(super) assign: Callback<Option<MemberId>>,
    /// Asks for words first.
    pub(super) explain: Callback<Explaining>,
    pub(super) explaining: Option<Explaining>,
    /// What is written.
    pub(super) text: String,
    pub(super) ontext: Callback<String>,
    /// Records nothing and forgets the words.
    pub(super) oncancel: Callback<()>,
    pub(super) busy: bool,
    /// What came of the last command about many.
    pub(super) outcome: Option<ManyChanged>,
    pub(super) onread: Callback<()>,
    calls: Calls,
}

type Calls =
    (CallHandle<RecordSteps>, CallHandle<AddNotes>, CallHandle<CompleteSessions>, CallHandle<AssignSessions>);

/// The words, as the engine calls them in each command.
const WORDS: &str = "note";

impl Work {
    /// What went wrong with a whole command.
    pub(super) fn error(&self) -> Option<String> {
        let (record, note, complete, assign) = &self.calls;
        let of = [
            record.error_elsewhere(&[WORDS]),
            note.error_elsewhere(&[WORDS]),
            complete.error_elsewhere(&[]),
            assign.error_elsewhere(&[WORDS]),
        ];
        of.into_iter().flatten().next()
    }

    /// What is wrong with the words that are written.
    pub(super) fn wrong_words(&self) -> Option<String> {
        let (record, note, _, assign) = &self.calls;
        record.error_on(WORDS).or_else(|| note.error_on(WORDS)).or_else(|| assign.error_on(WORDS))
    }

    /// Forgets what went wrong.
    pub(super) fn forget(&self) {
        forget(&self.calls);
    }
}

fn forget((record, note, complete, assign): &Calls) {
    record.clear();
    note.clear();
    complete.clear();
    assign.clear();
}

#[hook]
pub(super) fn use_work(view: &View, selection: &Selection, onmove: &Callback<Move>) -> Work {
    let explaining = use_state(|| None::<Explaining>);
    let text = use_state(String::new);
    let outcome = use_state(|| None::<ManyChanged>);
    let end = {
        let (explaining, text) = (explaining.setter(), text.setter());
        Callback::from(move |()| {
            explaining.set(None);
            text.set(String::new());
            browser::blur();
        })
    };
    let done = {
        let (outcome, end) = (outcome.setter(), end.clone());
        Callback::from(move |changed: ManyChanged| {
            outcome.set(Some(changed));
            end.emit(());
        })
    };
    let record = use_call::<RecordSteps>({
        let (done, onmove) = (done.clone(), onmove.clone());
        Callback::from(move |changed: ManyChanged| {
            // On to the next step, where everybody took this one.
            if changed.refused.is_empty() {
                onmove.emit(Move::Right);
            }
            done.emit(changed);
        })
    });
    let add_notes = use_call::<AddNotes>(done.clone());
    let complete_many = use_call::<CompleteSessions>(done.clone());
    let assign_many = use_call::<AssignSessions>(done);

    // An error is of the last command alone: with another, or with giving up, it is over.
    let calls: Calls = (record.clone(), add_notes.clone(), complete_many.clone(), assign_many.clone());
    use_refused(record.error().or(add_notes.error()).or(assign_many.error()), &[(WORDS, NOTE)]);
    let begin = Callback::from({
        let calls = calls.clone();
        move |()| forget(&calls)
    });

    let step_id = view.board.steps.get(selection.step(view)).map(|step| step.id.clone());
    let ids: Vec<SessionId> = selection.targets(view).iter().map(|session| session.id).collect();
    let ready: Vec<SessionId> = selection
        .targets(view)
        .iter()
        .filter(|session| is_complete(session))
        .map(|session| session.id)
        .collect();
    let note = {
        let (text, explaining) = ((*text).clone(), *explaining);
        move |about: Explaining| words(&text, explaining, about)
    };

    let mark = {
        let (record, ids, note, step_id) = (record.clone(), ids.clone(), note.clone(), step_id.clone());
        let begin = begin.clone();
        Callback::from(move |outcome: StepOutcome| {
            // The targets may have left the filter since the question was asked.
            if let Some(step_id) = step_id.clone().filter(|_| !ids.is_empty()) {
                let note = note(Explaining::Outcome(outcome));
                begin.emit(());
                record.run(RecordSteps { session_ids: ids.clone(), step_id, outcome, note });
            }
        })
    };
    let write = {
        let (add_notes, ids, note, begin) = (add_notes.clone(), ids.clone(), note.clone(), begin.clone());
        Callback::from(move |()| {
            if let Some(note) = note(Explaining::Note).filter(|_| !ids.is_empty()) {
                begin.emit(());
                add_notes.run(AddNotes { session_ids: ids.clone(), step_id: step_id.clone(), note });
            }
        })
    };
    let complete = {
        let (complete_many, begin) = (complete_many.clone(), begin.clone());
        Callback::from(move |()| {
            if !ready.is_empty() {
                begin.emit(());
                complete_many.run(CompleteSessions { session_ids: ready.clone() });
            }
        })
    };
    let assign = {
        let (assign_many, begin) = (assign_many.clone(), begin.clone());
        Callback::from(move |member_id| {
            if !ids.is_empty() {
                let note = note(Explaining::Assignment);
                begin.emit(());
                assign_many.run(AssignSessions { session_ids: ids.clone(), member_id, note });
            }
        })
    };
    use_effect_with(*explaining, |explaining| {
        if explaining.is_some() {
            browser::focus(NOTE);
        }
    });
    Work {
        mark,
        write,
        complete,
        assign,
        explain: {
            let explaining = explaining.setter();
            Callback::from(move |what| explaining.set(Some(what)))
        },
        explaining: *explaining,
        text: (*text).clone(),
        ontext: {
            let (text, begin) = (text.setter(), begin.clone());
            Callback::from(move |typed| {
                begin.emit(());
                text.set(typed);
            })
        },
        oncancel: Callback::from(move |()| {
            begin.emit(());
            end.emit(());
        }),
        busy: record.busy() || add_notes.busy() || complete_many.busy() || assign_many.busy(),
        outcome: (*outcome).clone(),
        onread: {
            let outcome = outcome.setter();
            Callback::from(move |()| outcome.set(None))
        },
        calls,
    }
}
