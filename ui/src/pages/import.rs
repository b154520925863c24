//! Importing a runbook: paste, choose or drop a file, see what it becomes, import.

use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::field::{Field, TextArea, radio_group};
use crate::components::file_choice::{FileInputProps, FileZone, file_input};
use crate::components::icon::Icon;
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::call::{use_call, use_refused};
use crate::state::dropped::{Kind, refused_runbook, use_dropped};
use crate::state::library::unit;
use crate::state::load::use_load;
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use crate::{api, browser};
use gloo_timers::callback::Timeout;
use mf_contract::flows::{Flow, ImportFlowJson, ImportFlowMarkdown, PreviewFlowJson, PreviewFlowMarkdown};
use mf_domain::flow::FlowType;
use mf_domain::role::Role;
use yew::prelude::*;

/// Properties of [`ImportDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct ImportDialogProps {
    pub open: bool,
    /// The type the library is filtered by.
    #[prop_or_default]
    pub flow_type: Option<FlowType>,
    pub onclose: Callback<()>,
}

/// Whether a text is a document this program wrote; the engine reads it.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// The text, a moment ago, as what it is.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Nothing,
    Runbook(PreviewFlowMarkdown),
    Document(PreviewFlowJson),
}

impl Seen {
    fn runbook(&self) -> Option<PreviewFlowMarkdown> {
        if let Self::Runbook(request) = self { Some(request.clone()) } else { None }
    }

    fn document(&self) -> Option<PreviewFlowJson> {
        if let Self::Document(request) = self { Some(request.clone()) } else { None }
    }
}

/// What is pasted, or read from a file.
const TEXT: &str = "import-text";

/// A tree does not come from a list of steps.
const TYPES: [FlowType; 2] = [FlowType::Maintenance, FlowType::Procedural];

/// The dialog.
#[component]
pub fn ImportDialog(props: &ImportDialogProps) -> Html {
    let text = use_state(AttrValue::default);
    let chosen = use_state(|| None::<FlowType>);
    let seen = use_state(|| Seen::Nothing);
    let file_error = use_state(|| None::<AttrValue>);
    let toasts = use_toasts();
    let filtered = props.flow_type.filter(|flow_type| TYPES.contains(flow_type));
    let flow_type = chosen.or(filtered).unwrap_or(FlowType::Maintenance);

    let done = {
        let (text, onclose) = (text.setter(), props.onclose.clone());
        Callback::from(move |flow: Flow| {
            text.set(AttrValue::default());
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!(
                    "Imported “{}” with {}.",
                    flow.name,
                    count(flow.step_count as usize, unit(flow.flow_type))
                ));
            }
            go(Route::of_flow(flow.id, flow.flow_type));
        })
    };
    let import = use_call::<ImportFlowMarkdown>(done.clone());
    let import_json = use_call::<ImportFlowJson>(done);

    {
        // A moment after the last letter: what the engine would make of it.
        let seen = seen.setter();
        use_effect_with(((*text).clone(), flow_type), move |(text, flow_type)| {
            let (markdown, flow_type) = (text.to_string(), *flow_type);
            let timeout = Timeout::new(120, move || {
                seen.set(if markdown.trim().is_empty() {
                    Seen::Nothing
                } else if is_json(&markdown) {
                    Seen::Document(PreviewFlowJson { json: markdown })
                } else {
                    Seen::Runbook(PreviewFlowMarkdown { markdown, flow_type })
                });
            });
            move || drop(timeout)
        });
    }
    let runbook = use_load(seen.runbook(), |_, _| false);
    let document = use_load(seen.document(), |_, _| false);
    {
        let (text, file_error) = (text.setter(), file_error.setter());
        let (import, import_json) = (import.clone(), import_json.clone());
        use_dropped(Kind::Runbook, props.open, move |file| {
            file_error.set(None);
            import.clear();
            import_json.clear();
            text.set(file.text.clone().into());
        });
    }

    use_fresh(props.open, {
        let (file_error, import, import_json) = (file_error.setter(), import.clone(), import_json.clone());
        Callback::from(move |()| {
            file_error.set(None);
            import.clear();
            import_json.clear();
        })
    });
    use_refused(import.error(), &[("markdown", TEXT)]);
    use_refused(import_json.error(), &[("json", TEXT)]);

    let oninput = {
        let (text, import, import_json) = (text.setter(), import.clone(), import_json.clone());
        let file_error = file_error.setter();
        Callback::from(move |typed: String| {
            file_error.set(None);
            import.clear();
            import_json.clear();
            text.set(typed.into());
        })
    };
    let read_file = {
        let (oninput, file_error) = (oninput.clone(), file_error.setter());
        Callback::from(move |file: web_sys::File| {
            let (oninput, file_error) = (oninput.clone(), file_error.clone());
            if let Some(reason) = refused_runbook(file.size()) {
                file_error.set(Some(reason.into()));
                return;
            }
            wasm_bindgen_futures::spawn_local(async move {
                match browser::file_text(file).await {
                    Some((content, _)) => oninput.emit(content),
                    None => file_error.set(Some("That file could not be read as text.".into())),
                }
            });
        })
    };
    let onsubmit = {
        let (text, import, import_json) = (text.clone(), import.clone(), import_json.clone());
        Callback::from(move |()| {
            if text.trim().is_empty() {
                browser::focus(TEXT);
            } else if is_json(&text) {
                import_json.run(ImportFlowJson { json: text.to_string() });
            } else {
                import.run(ImportFlowMarkdown { markdown: text.to_string(), flow_type });
            }
        })
    };

    let error_of_preview = match &*seen {
        Seen::Nothing => None,
        Seen::Runbook(_) => runbook.error(),
        Seen::Document(_) => document.error(),
    };
    let wrong = error_of_preview.map(|error| AttrValue::from(api::sentence(error)));
    let refused = import.error_on("markdown").or_else(|| import_json.error_on("json")).map(AttrValue::from);
    let elsewhere = import.error_elsewhere(&["markdown"]).or_else(|| import_json.error_elsewhere(&["json"]));
    let error = (*file_error).clone().or(refused).or_else(|| wrong.clone());
    let json = is_json(&text);
    let understood = match &*seen {
        Seen::Nothing => None,
        Seen::Runbook(_) => {
            runbook.data().map(|runbook| (flow_type, runbook.name.clone(), runbook.step_count))
        }
        Seen::Document(_) => document.data().map(|flow| (flow.flow_type, flow.name.clone(), flow.step_count)),
    };
    let note = understood.map(|(flow_type, name, steps)| {
        html! {
            <p class="preview-line" data-testid="import-preview">
                { status::of_type(flow_type).pill() }<b class="clip">{ name }</b>
                <span class="muted">{ count(steps as usize, unit(flow_type)) }</span>
            </p>
        }
    });
    let busy = import.busy() || import_json.busy();
    let ready = !text.trim().is_empty() && wrong.is_none();
    let ontype = {
        let chosen = chosen.setter();
        Callback::from(move |name: &'static str| chosen.set(FlowType::parse(name)))
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true {busy} disabled={!ready} writes=true needs={Role::Manager} testid="import-submit">{ "Import flow" }</Button>
        </>
    };
    html! {
        <Dialog
            id="import"
            title="Import a runbook"
            subtitle="The first heading is the name; list items, or else sections, become the steps."
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            <FileZone class="dropzone" onfile={read_file.clone()}>
                <Field id={TEXT} label="Markdown or JSON" error={error.clone()}>
                    <TextArea
                        id={TEXT}
                        value={(*text).clone()}
                        {oninput}
                        code=true
                        invalid={error.is_some()}
                        placeholder={"# Citrix VDA patching\n\n1. Put the host in drain mode\n2. Wait until nobody is logged on\n3. Install the updates"}
                        autofocus=true
                        testid="import-text"
                    />
                </Field>
            </FileZone>
            <div class="file-row">
                { file_input(&FileInputProps {
                    id: "import-file".into(),
                    accept: ".md,.markdown,.txt,.json,text/markdown,text/plain",
                    onfile: read_file,
                    class: "btn",
                    words: html! { <>{ Icon::Upload.svg() }{ "Choose a file" }</> },
                    invalid: false,
                    testid: "import-file",
                }) }
                <span class="muted">{ "or drop one above" }</span>
            </div>
            // A document names its own type.
            if !json {
                { radio_group("import-type", "Type", &TYPES.map(status::type_choice), flow_type.as_str(), ontype, None) }
            }
            if let Some(text) = elsewhere {
                { trouble(text, None) }
            }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_this_program_is_told_from_a_runbook() {
        assert!(is_json(" {\"name\":1}") && !is_json("# Patch") && !is_json(" \n"));
    }
}
