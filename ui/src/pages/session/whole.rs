//! What belongs to a session as a whole: notes, and evidence of no particular step.

use super::WHOLE;
use super::actions::{DraftNotes, Runner, evidence_key, trouble_with};
use super::attach::Attach;
use super::keys::whose;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::field::{Field, TextArea};
use crate::components::icon::Icon;
use crate::state::runner::{View, ViewAction, Whose};
use crate::state::uploads::{Place, Uploads};
use mf_contract::sessions::Session;
use std::rc::Rc;
use yew::prelude::*;

/// The field of the note.
const NOTE: &str = "session-note";

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
    let open = use_state(|| false);
    use_effect_with(*open, |open| {
        // Without the focus the letters of the note would be keys of the runner.
        if *open {
            browser::focus(NOTE);
        }
    });
    let typed = props.drafts.note(WHOLE).to_owned();
    let attaching = props.view.attaching == Some(Whose::Session);
    let place = Place { session: session.summary.id, step: None };
    let arriving = props.uploads.of(&place).next().is_some();
    let writing = *open || !typed.is_empty();
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
                { write(props, &typed, open.setter()) }
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
                        onclick={let open = open.setter(); move |()| open.set(true)}
                        writes=true testid="session-note-open"
                    >
                        { "Note on the whole session" }
                    </Button>
                }
                if !evidence {
                    <Button
                        tone={Tone::Ghost}
                        icon={Icon::Clip}
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

fn write(props: &WholeProps, typed: &str, open: UseStateSetter<bool>) -> Html {
    let runner = &props.runner;
    let save = {
        let (runner, open) = (runner.clone(), open.clone());
        Callback::from(move |()| {
            runner.save_note(None);
            open.set(false);
        })
    };
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                browser::blur();
                open.set(false);
            } else if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                save.emit(());
            }
        })
    };
    html! {
        <div class="closing">
            <Field id={NOTE} label="Note on the whole session">
                <TextArea
                    id={NOTE}
                    value={typed.to_owned()}
                    oninput={let runner = runner.clone(); move |text: String| runner.type_note(WHOLE, text)}
                    {onkeydown}
                    testid="session-note"
                />
            </Field>
            { trouble_with(&runner.note) }
            <Button
                busy={runner.note.busy()}
                disabled={typed.trim().is_empty()}
                onclick={save}
                writes=true testid="session-note-save"
            >
                { "Save note" }
            </Button>
        </div>
    }
}
