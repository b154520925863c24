//! Writes a flow to a file.

use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::components::trouble::trouble;
use crate::state::call::use_call;
use crate::state::saving::{Content, Document, use_save};
use mf_contract::flows::{ExportFlow, ExportFormat, ExportedFlow};
use mf_domain::ids::FlowId;
use yew::prelude::*;

/// Properties of [`ExportDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct ExportDialogProps {
    pub id: FlowId,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// Writes a flow to a file.
#[component]
pub fn ExportDialog(props: &ExportDialogProps) -> Html {
    let save = use_save(props.onclose.clone());
    let export = use_call::<ExportFlow>(save.reform(|file: ExportedFlow| Document {
        name: file.file_name,
        content: Content::Text(file.content.into()),
    }));
    let write = |format: ExportFormat| {
        let (export, id) = (export.clone(), props.id);
        Callback::from(move |()| export.run(ExportFlow { id, format }))
    };
    let foot = html! { <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button> };
    html! {
        <Dialog id="export" title="Export the flow" narrow=true open={props.open} onclose={props.onclose.clone()} {foot}>
            <div class="row">
                <div class="grow"><h3>{ "Markdown" }</h3><p class="muted">{ "A runbook anyone can read and edit." }</p></div>
                <Button icon={Icon::Download} busy={export.busy()} onclick={write(ExportFormat::Markdown)} testid="export-markdown" autofocus=true>{ "Save" }</Button>
            </div>
            <div class="row">
                <div class="grow"><h3>{ "JSON" }</h3><p class="muted">{ "Complete, for another workspace." }</p></div>
                <Button icon={Icon::Download} busy={export.busy()} onclick={write(ExportFormat::Json)} testid="export-json">{ "Save" }</Button>
            </div>
            if let Some(text) = export.error_elsewhere(&[]) {
                { trouble(text, None) }
            }
        </Dialog>
    }
}
