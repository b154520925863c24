//! Who works on a session: taking it, handing it over with a word, and letting it go.

use super::actions::Runner;
use super::head::label;
use super::keys::assign;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::{Field, TextArea};
use crate::components::icon::Icon;
use crate::components::trouble::trouble;
use crate::state::call::use_refused;
use crate::state::runner::{Over, View, ViewAction};
use crate::state::whose::Whose;
use mf_contract::sessions::Session;
use mf_domain::ids::MemberId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct AssigneeProps {
    pub session: Rc<Session>,
    pub me: MemberId,
    pub view: UseReducerHandle<View>,
    pub runner: Runner,
}

/// Who has the session, and the way to change that.
#[component]
pub(super) fn Assignee(props: &AssigneeProps) -> Html {
    let AssigneeProps { session, me, view, runner } = props;
    let note = use_state(String::new);
    let whose = Whose::of(session.summary.assignee, Some(*me));
    {
        let note = note.setter();
        use_effect_with((session.summary.id, session.summary.assignee), move |_| note.set(String::new()));
    }
    let asked = view.over == Some(Over::HandOver);
    use_refused(runner.assign.error().filter(|_| asked), &[("note", "hand-over-note")]);
    if session.summary.status.is_terminal() {
        return match whose {
            Whose::Nobody => Html::default(),
            Whose::Mine | Whose::Other => {
                html! { <span class="pill">{ Icon::Person.svg() }{ whose.word() }</span> }
            }
        };
    }
    let act = match whose {
        Whose::Nobody => "Take it",
        Whose::Mine => "Hand over",
        Whose::Other => "Take over",
    };
    let onclick = {
        let (session, view, runner, me) = (session.clone(), view.clone(), runner.clone(), *me);
        Callback::from(move |()| {
            assign(&session, &view, &runner, Some(me));
        })
    };
    let onclose = {
        let view = view.dispatcher();
        Callback::from(move |()| view.dispatch(ViewAction::Show(None)))
    };
    let (to, confirm, text) = match whose {
        Whose::Mine => (
            None,
            "Release to nobody",
            "It shows as unassigned until somebody takes it. What is recorded stays as it is.",
        ),
        _ => (Some(*me), "Take it over", "It is yours from now on. What is recorded stays as it is."),
    };
    let onsubmit = {
        let (runner, note) = (runner.clone(), (*note).clone());
        Callback::from(move |()| runner.assign(to, &note))
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={runner.assign.busy()} writes=true testid="hand-over-confirm">{ confirm }</Button>
        </>
    };
    let wrong = runner.assign.error_on("note").map(AttrValue::from);
    html! {
        <>
            <span class="pill" data-testid="assignee">
                { Icon::Person.svg() }{ whose.word() }
            </span>
            <Button keys="A" busy={runner.assign.busy()} {onclick} writes=true testid="assign">{ act }</Button>
            if let Some(text) = runner.assign.error_elsewhere(&["note"]).filter(|_| !asked) {
                { trouble(text, None) }
            }
            <Dialog
                id="hand-over"
                title={format!("{act}: {}", label(&session.summary))}
                subtitle={text}
                narrow=true
                open={asked}
                {onclose}
                {onsubmit}
                {foot}
                testid="hand-over"
            >
                <Field id="hand-over-note" label="Note for whoever works on it next" optional=true error={wrong.clone()} hint="It stays with the session's notes.">
                    <TextArea
                        id="hand-over-note"
                        value={(*note).clone()}
                        oninput={let (note, assign) = (note.setter(), runner.assign.clone()); move |text| { assign.clear(); note.set(text) }}
                        invalid={wrong.is_some()}
                        placeholder="Where it stands, what to look out for"
                        autofocus=true
                        testid="hand-over-note"
                    />
                </Field>
                if let Some(text) = runner.assign.error_elsewhere(&["note"]) {
                    { trouble(text, None) }
                }
            </Dialog>
        </>
    }
}
