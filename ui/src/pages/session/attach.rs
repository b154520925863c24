//! The evidence of a step or of the session: what is there, what is on its way, and the place to add to it.

use super::uploads::{given, output};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::field::{Field, TextArea, field_error};
use crate::components::icon::Icon;
use crate::components::progress::progress_bar;
use crate::pages::evidence::EvidenceList;
use crate::state::evidence::{LIMIT, size};
use crate::state::uploads::{Phase, Place, Upload, UploadAction, Uploads};
use mf_contract::sessions::Session;
use mf_domain::session::Evidence;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct AttachProps {
    /// Begins the ids of what is inside.
    pub id: &'static str,
    pub place: Place,
    pub evidence: Vec<Evidence>,
    /// The step cannot be done without.
    pub required: bool,
    /// The key adds to this evidence and to no other on the page.
    pub has_key: bool,
    pub uploads: UseReducerHandle<Uploads>,
    /// Whether the field for output is open.
    pub writing: bool,
    pub onwriting: Callback<bool>,
    pub text: AttrValue,
    pub ontext: Callback<String>,
    /// Why the engine did not take the step as done.
    pub refused: Option<AttrValue>,
    pub onchange: Callback<Session>,
}

#[component]
pub(super) fn Attach(props: &AttachProps) -> Html {
    let field = format!("{}-text", props.id);
    {
        let (field, area) = (field.clone(), props.id);
        use_effect_with((props.writing, props.refused.clone()), move |(writing, _)| {
            if *writing {
                browser::focus(&field);
                browser::scroll_to(area);
            }
        });
    }
    let give = {
        let (uploads, place) = (props.uploads.dispatcher(), props.place.clone());
        Callback::from(move |pieces| uploads.dispatch(UploadAction::Give(place.clone(), pieces)))
    };
    let under_way: Vec<Upload> = props.uploads.of(&props.place).cloned().collect();
    let lacks = props.required && props.evidence.is_empty();
    if props.evidence.is_empty() && under_way.is_empty() && !props.writing && !props.required {
        return Html::default();
    }
    html! {
        <section id={props.id} class={classes!("attach", lacks.then_some("lacks"))} aria-label="Evidence" data-testid="evidence-area">
            <div class="row attach-head">
                { Icon::Clip.svg() }
                <h3 class="grow">
                    { if props.required { "Evidence, required" } else { "Evidence" } }
                </h3>
                if !props.writing {
                    <Button
                        small=true
                        tone={Tone::Ghost}
                        icon={Icon::Plus}
                        keys={props.has_key.then_some("E")}
                        onclick={props.onwriting.reform(|()| true)}
                        writes=true testid="evidence-open-field"
                    >
                        { "Add" }
                    </Button>
                }
            </div>
            if let Some(refused) = &props.refused {
                { field_error(refused.clone()) }
            } else if lacks && under_way.is_empty() {
                <p class="small muted">{ "The step is done only with something that shows it: output, a screenshot or a file." }</p>
            }
            <EvidenceList
                id={props.id}
                session_id={props.place.session}
                evidence={props.evidence.clone()}
                onchange={props.onchange.clone()}
            />
            <ul class="evidence" aria-live="polite" hidden={under_way.is_empty()}>
                for upload in &under_way {
                    <li key={upload.id} data-testid="upload">{ on_its_way(upload, &props.uploads) }</li>
                }
            </ul>
            if props.writing {
                { write(props, &field, &give) }
            }
        </section>
    }
}

fn on_its_way(upload: &Upload, uploads: &UseReducerHandle<Uploads>) -> Html {
    let id = upload.id;
    let act = |action: fn(u32) -> UploadAction| {
        let uploads = uploads.dispatcher();
        Callback::from(move |()| uploads.dispatch(action(id)))
    };
    let (words, percent) = match &upload.phase {
        Phase::Waiting => ("Waiting", 0),
        Phase::Reading(percent) => ("Reading", *percent),
        Phase::Saving => ("Saving", 100),
        Phase::Failed(reason) => {
            return html! {
                <>
                    { Icon::Alert.svg_with("tone-red") }
                    <div class="grow">
                        <p class="clip"><b>{ upload.name.clone() }</b><span class="muted">{ format!(" {}", size(upload.size)) }</span></p>
                        <p class="small tone-red" role="alert" data-testid="upload-failed">{ format!("Not kept. {reason}") }</p>
                    </div>
                    if upload.again {
                        <Button small=true icon={Icon::Retry} onclick={act(UploadAction::Again)} testid="upload-again">{ "Try again" }</Button>
                    }
                    <Button small=true tone={Tone::Ghost} icon={Icon::Cross} label={format!("Let {} go", upload.name)} onclick={act(UploadAction::Done)} />
                </>
            };
        }
    };
    html! {
        <>
            { Icon::Spinner.svg_with("spin") }
            <span class="grow clip">{ upload.name.clone() }</span>
            <span class="small muted">{ size(upload.size) }</span>
            { progress_bar(words, percent) }
            <span class="small muted">{ words }</span>
        </>
    }
}

/// The field for output, and the button for files.
fn write(props: &AttachProps, field: &str, give: &Callback<Vec<crate::state::uploads::Given>>) -> Html {
    let add = {
        let (give, text) = (give.clone(), props.text.clone());
        let (ontext, onwriting) = (props.ontext.clone(), props.onwriting.clone());
        Callback::from(move |()| {
            if !text.trim().is_empty() {
                give.emit(vec![output(&text)]);
                ontext.emit(String::new());
                onwriting.emit(false);
                browser::blur();
            }
        })
    };
    let leave = {
        let onwriting = props.onwriting.clone();
        Callback::from(move |()| {
            browser::blur();
            onwriting.emit(false);
        })
    };
    let onkeydown = {
        let (add, leave) = (add.clone(), leave.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                leave.emit(());
            } else if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                add.emit(());
            }
        })
    };
    let onfile = {
        let (give, onwriting) = (give.clone(), props.onwriting.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let files = input.files().as_ref().map(browser::each_file).unwrap_or_default();
            // The same file can be chosen again after it was changed.
            input.set_value("");
            if !files.is_empty() {
                give.emit(given(files, false));
                onwriting.emit(false);
            }
        })
    };
    let file = format!("{}-file", props.id);
    html! {
        <>
            <Field
                id={field.to_owned()}
                label="Output, or paste a screenshot"
                hint={format!("Text, screenshots and files up to {LIMIT} each. Files can be dropped here, too.")}
            >
                <TextArea
                    id={field.to_owned()}
                    value={props.text.clone()}
                    oninput={props.ontext.clone()}
                    {onkeydown}
                    code=true
                    testid="evidence-text-field"
                />
            </Field>
            <div class="row wrap">
                <Button icon={Icon::Plus} keys="Ctrl Enter" disabled={props.text.trim().is_empty()} onclick={add} writes=true testid="evidence-add">
                    { "Add as evidence" }
                </Button>
                <div class="file-row">
                    <input type="file" id={file.clone()} multiple=true onchange={onfile} data-testid="evidence-file" />
                    <label class="btn" for={file}>{ Icon::Upload.svg() }{ "Choose files" }</label>
                </div>
                <Button tone={Tone::Ghost} keys="Esc" onclick={leave}>{ "Close" }</Button>
            </div>
        </>
    }
}
