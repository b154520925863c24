//! What belongs to a session as a whole: notes, and evidence of no particular step.

use super::actions::{DraftNotes, NOTE_FIELD, Runner, evidence_key};
use super::attach::Attach;
use super::keys::{has_note_key, whose, write_on_whole};
use super::{SESSION_NOTE, WHOLE};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::field::{Field, TextArea};
use crate::components::icon::Icon;
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::use_refused;
use crate::state::runner::{View, ViewAction, Whose};
use crate::state::uploads::{Place, Uploads};
use mf_contract::sessions::Session;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct WholeProps {
    pub session: Rc<Session>,
    pub runner: Runner,
    pub drafts: DraftNotes,
    pub view: UseReducerHandle<View>,
    pub uploads: UseReducerHandle<Uploads>,
    /// Files are dragged over it.
    pub dragged_over: bool,
}

#[component]
pub(super) fn Whole(props: &WholeProps) -> Html {
    let (session, runner) = (&props.session, &props.runner);
    use_refused(runner.session_note.error(), &[(NOTE_FIELD, SESSION_NOTE)]);
    let typed = props.drafts.note(WHOLE).to_owned();
    let attaching = props.view.attaching == Some(Whose::Session);
    let place = Place { session: session.summary.id, step: None };
    let arriving = props.uploads.of(&place).next().is_some();
    let writing = props.view.noting || !typed.is_empty();
    let evidence = attaching || arriving || !session.evidence.is_empty();
    let onwriting = {
        let view = props.view.dispatcher();
        Callback::from(move |on: bool| view.dispatch(ViewAction::Attach(on.then_some(Whose::Session))))
    };
    html! {
        <section
            class={classes!("whole", props.dragged_over.then_some("over"))}
            aria-label="Notes and evidence of the whole session"
            data-takes-files=""
        >
            { notes(session) }
            if writing {
                { write(props, &typed) }
            }
            if evidence {
                <Attach
                    id="session-evidence"
                    {place}
                    evidence={session.evidence.clone()}
                    required=false
                    has_key={whose(session, &props.view) == Whose::Session}
                    uploads={props.uploads.clone()}
                    writing={attaching}
                    onwriting={onwriting.clone()}
                    text={props.drafts.note(&evidence_key(None)).to_owned()}
                    ontext={let runner = runner.clone(); move |text: String| runner.type_note(&evidence_key(None), text)}
                    refused={None::<AttrValue>}
                    onchange={runner.arrived.clone()}
                />
            }
            <div class="row wrap">
                if !writing {
                    <Button
                        tone={Tone::Ghost}
                        icon={Icon::Note}
                        keys={has_note_key(session, &props.view).then_some("N")}
                        onclick={let view = props.view.clone(); move |()| write_on_whole(&view)}
                        writes=true testid="session-note-open"
                    >
                        { "Note on the whole session" }
                    </Button>
                }
                if !evidence {
                    <Button
                        tone={Tone::Ghost}
                        icon={Icon::Clip}
                        keys={(whose(session, &props.view) == Whose::Session).then_some("E")}
                        onclick={onwriting.reform(|()| true)}
                        writes=true testid="session-evidence-open"
                    >
                        { "Evidence of the whole session" }
                    </Button>
                }
            </div>
        </section>
    }
}

fn notes(session: &Session) -> Html {
    if session.notes.is_empty() {
        return Html::default();
    }
    html! {
        <div class="closing">
            <h2>{ "Session notes" }</h2>
            <div class="step-notes">
                for note in session.notes.iter() {
                    <div>
                        <p class="selectable">{ note.text.clone() }</p>
                        <span class="small"><When at={note.at} /></span>
                    </div>
                }
            </div>
        </div>
    }
}

fn write(props: &WholeProps, typed: &str) -> Html {
    let runner = &props.runner;
    let onkeydown = {
        let (runner, view) = (runner.clone(), props.view.dispatcher());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                browser::blur();
                view.dispatch(ViewAction::Note(false));
            } else if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                runner.save_session_note();
            }
        })
    };
    let oninput = {
        let runner = runner.clone();
        Callback::from(move |text: String| {
            runner.session_note.clear();
            runner.type_note(WHOLE, text);
        })
    };
    let wrong = runner.session_note.error_on(NOTE_FIELD).map(AttrValue::from);
    html! {
        <div class="closing">
            <Field id={SESSION_NOTE} label="Note on the whole session" error={wrong.clone()}>
                <TextArea
                    id={SESSION_NOTE}
                    value={typed.to_owned()}
                    {oninput}
                    {onkeydown}
                    invalid={wrong.is_some()}
                    testid="session-note"
                />
            </Field>
            { trouble_elsewhere(runner.session_note.error_elsewhere(&[NOTE_FIELD])) }
            <Button
                busy={runner.session_note.busy()}
                disabled={typed.trim().is_empty()}
                keys="Ctrl Enter"
                onclick={let runner = runner.clone(); move |()| runner.save_session_note()}
                writes=true testid="session-note-save"
            >
                { "Save note" }
            </Button>
        </div>
    }
}
