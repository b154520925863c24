//! What stands above an editor: the name, the way back, saving, and what needs a decision first.

use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::status;
use crate::components::trouble::trouble;
use crate::state::time::count;
use mf_domain::flow::FlowType;
use mf_domain::role::Role;
use yew::prelude::*;

#[derive(Debug)]
pub(in crate::pages) struct HeadProps {
    pub flow_type: FlowType,
    pub title: String,
    pub is_new: bool,
    pub dirty: bool,
    /// How many things have to be mended before it can be saved.
    pub problems: usize,
    /// Whether there is a way back and a way forward again.
    pub can_undo: (bool, bool),
    pub busy: bool,
    pub onundo: Callback<()>,
    pub onredo: Callback<()>,
    pub onclose: Callback<()>,
    pub onsave: Callback<()>,
}

pub(in crate::pages) fn head(props: &HeadProps) -> Html {
    let said = match (props.problems, props.dirty) {
        (0, false) if props.is_new => "Not saved yet.".to_owned(),
        (0, false) => "Everything is saved.".to_owned(),
        (0, true) => "Unsaved changes. A draft is kept on this computer.".to_owned(),
        (problems, _) => format!("{} to mend before it can be saved.", count(problems, "thing")),
    };
    html! {
        <div class="page-head editor-head">
            { status::of_type(props.flow_type).tile() }
            <div class="grow">
                <h1 class="clip">{ props.title.clone() }</h1>
                <p class={classes!("small", if props.problems > 0 { "tone-red" } else { "muted" })} role="status" data-testid="editor-state">{ said }</p>
            </div>
            <div class="row">
                <Button tone={Tone::Ghost} icon={Icon::Undo} label="Undo" disabled={!props.can_undo.0} onclick={props.onundo.clone()} testid="editor-undo" />
                <Button tone={Tone::Ghost} icon={Icon::Redo} label="Redo" disabled={!props.can_undo.1} onclick={props.onredo.clone()} testid="editor-redo" />
                <Button onclick={props.onclose.clone()} testid="editor-close">{ "Close" }</Button>
                <Button writes=true needs={Role::Manager} tone={Tone::Primary} busy={props.busy} onclick={props.onsave.clone()} keys="Ctrl S" testid="editor-save">
                    { "Save" }
                </Button>
            </div>
        </div>
    }
}

#[derive(Debug)]
pub(in crate::pages) struct NoticeProps {
    /// What was typed before a crash, or before the page was left, is back.
    pub recovered: bool,
    pub ondiscard: Callback<()>,
    /// The revision somebody saved meanwhile.
    pub newer: Option<u32>,
    pub onmine: Callback<()>,
    pub ontheirs: Callback<()>,
    pub error: Option<String>,
}

pub(in crate::pages) fn notice(props: &NoticeProps) -> Html {
    let line = |icon: Icon, text: String, testid: &'static str, actions: Html| {
        html! {
            <div class="editor-notice" role="status" data-testid={testid}>
                { icon.svg() }<span class="grow">{ text }</span>{ actions }
            </div>
        }
    };
    html! {
        <>
            if let Some(revision) = props.newer {
                { line(
                    Icon::Alert,
                    format!("Revision {revision} was saved while you were writing. Nothing of yours is lost: save yours as the newest, or take theirs."),
                    "editor-conflict",
                    html! {
                        <>
                            <Button small=true onclick={props.ontheirs.clone()} testid="take-theirs">{ "Take theirs" }</Button>
                            <Button small=true onclick={props.onmine.clone()} testid="save-mine">{ "Save mine" }</Button>
                        </>
                    },
                ) }
            } else if let Some(error) = &props.error {
                { trouble(error.clone(), None) }
            } else if props.recovered {
                { line(
                    Icon::Note,
                    "Your unsaved changes are back.".to_owned(),
                    "editor-recovered",
                    html! { <Button small=true onclick={props.ondiscard.clone()} testid="discard-draft">{ "Discard them" }</Button> },
                ) }
            }
        </>
    }
}
