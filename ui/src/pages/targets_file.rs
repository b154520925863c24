//! A CSV file of targets: chosen or dropped, its columns named, and what each row would do, before anything is done.
//!
//! Whoever shows it decides what becomes of the targets: they are imported into a list, or launched.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::field::{Select, field_error};
use crate::components::icon::Icon;
use crate::components::loaded::skeleton;
use crate::components::rows::use_rows;
use crate::components::status;
use crate::components::trouble::trouble;
use crate::pages::mapping_fields::{MappingFieldsProps, mapping_fields};
use crate::state::load::use_load;
use crate::state::target_import::{
    Chosen, MappingForm, ReadFile, TextFile, delimiter, number, refused, rows_of,
};
use crate::state::time::{count, grouped};
use crate::state::toasts::use_toasts;
use crate::{api, browser::ShellError};
use gloo_timers::callback::Timeout;
use mf_contract::target_imports::PreviewTargetImport;
use mf_domain::ids::TargetListId;
use mf_domain::target_import::{Preset, Preview, Verdict};
use std::rc::Rc;
use web_sys::{DragEvent, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`TargetsFile`].
#[derive(Debug, Properties, PartialEq)]
pub struct TargetsFileProps {
    /// Begins the id of every control; the control that takes the file is `{id}-file`.
    pub id: AttrValue,
    /// The list the rows would be merged into.
    #[prop_or_default]
    pub list: Option<TargetListId>,
    /// The file, and what is said about it.
    pub chosen: Chosen,
    pub onchosen: Callback<Chosen>,
    /// Gets what the file amounts to; `None` while that is not known.
    pub onread: Callback<Option<Rc<ReadFile>>>,
    /// Why the file keeps the person from going on.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Whether the person tried to go on: then there must be a file, and variables must have keys.
    #[prop_or_default]
    pub strict: bool,
    /// Stands between the file and what is in it.
    #[prop_or_default]
    pub children: Html,
}

/// Why a file cannot be looked at, in a sentence.
#[derive(Debug)]
struct Unreadable(String);

/// The file with what is in it.
#[component]
pub fn TargetsFile(props: &TargetsFileProps) -> Html {
    let unread = use_state(|| None::<AttrValue>);
    let Chosen { file, preset, mapping } = props.chosen.clone();
    let onfile = {
        let (unread, onread, onchosen) = (unread.setter(), props.onread.clone(), props.onchosen.clone());
        Callback::from(move |read: Result<Rc<TextFile>, Unreadable>| match read {
            Ok(read) => {
                onread.emit(None);
                unread.set(None);
                onchosen.emit(Chosen::of(read));
            }
            Err(Unreadable(reason)) => unread.set(Some(reason.into())),
        })
    };
    let onpreset = {
        let chosen = props.chosen.clone();
        props.onchosen.reform(move |preset| chosen.from_preset(preset))
    };
    let onmapping = {
        let chosen = props.chosen.clone();
        props.onchosen.reform(move |form| chosen.with_mapping(form))
    };
    let none = (props.strict && file.is_none()).then_some(AttrValue::Static("Choose a file."));
    let error = (*unread).clone().or(none).or_else(|| props.error.clone());
    html! {
        <div class="col-l">
            <FileChoice id={props.id.clone()} chosen={file.as_ref().map(|file| AttrValue::from(file.file_name.clone()))} {onfile} {error} />
            { props.children.clone() }
            if let Some(file) = &file {
                <Contents
                    id={props.id.clone()}
                    file={file.clone()}
                    {preset}
                    {mapping}
                    list={props.list}
                    strict={props.strict}
                    {onpreset}
                    {onmapping}
                    onread={props.onread.clone()}
                />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FileChoiceProps {
    id: AttrValue,
    chosen: Option<AttrValue>,
    onfile: Callback<Result<Rc<TextFile>, Unreadable>>,
    error: Option<AttrValue>,
}

/// Takes a file: by the system's dialog, or dropped.
#[component]
fn FileChoice(props: &FileChoiceProps) -> Html {
    let over = use_state(|| false);
    let read = {
        let onfile = props.onfile.clone();
        Callback::from(move |file: web_sys::File| {
            let (onfile, file_name) = (onfile.clone(), file.name());
            if let Some(reason) = refused(&file_name, file.size()) {
                return onfile.emit(Err(Unreadable(reason)));
            }
            wasm_bindgen_futures::spawn_local(async move {
                let text = browser::file_text(file).await;
                let unread = || Unreadable(format!("{file_name} could not be read."));
                let read =
                    text.map(|text| Rc::new(TextFile { file_name: file_name.clone(), text: text.into() }));
                onfile.emit(read.ok_or_else(unread));
            });
        })
    };
    let onchange = {
        let read = read.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                read.emit(file);
            }
            // The same file can be chosen again after it was mended.
            input.set_value("");
        })
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            if let Some(file) =
                event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
            {
                read.emit(file);
            }
        })
    };
    let ondrag = |entered: bool| {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(entered);
        })
    };
    let input = format!("{}-file", props.id);
    html! {
        <div class="field">
            <div
                class={classes!("filezone", props.chosen.is_some().then_some("filled"), over.then_some("over"))}
                ondragover={ondrag(true)}
                ondragenter={ondrag(true)}
                ondragleave={ondrag(false)}
                {ondrop}
            >
                { if props.chosen.is_some() { Icon::Rows } else { Icon::Upload }.svg() }
                if let Some(name) = &props.chosen {
                    <b class="clip grow" data-testid="file-name">{ name }</b>
                } else {
                    <p><b>{ "Drop a CSV file here" }</b>{ " or choose one" }</p>
                }
                <div class="file-row">
                    <input
                        type="file"
                        id={input.clone()}
                        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                        aria-invalid={props.error.is_some().then_some("true")}
                        aria-describedby={format!("{input}-about")}
                        {onchange}
                        data-testid="targets-file"
                    />
                    <label class="btn small" for={input.clone()}>
                        { if props.chosen.is_some() { "Another file" } else { "Choose a file" } }
                    </label>
                </div>
                if props.chosen.is_none() {
                    <p class="small muted">
                        { "Exports of NinjaOne, Datto RMM, ConnectWise, Kaseya and HaloPSA are told by their columns; any other table works, too." }
                    </p>
                }
            </div>
            <div id={format!("{input}-about")}>
                if let Some(error) = &props.error {
                    { field_error(error.clone()) }
                }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ContentsProps {
    id: AttrValue,
    file: Rc<TextFile>,
    preset: Option<Preset>,
    mapping: Option<MappingForm>,
    list: Option<TargetListId>,
    strict: bool,
    onpreset: Callback<Option<Preset>>,
    onmapping: Callback<MappingForm>,
    onread: Callback<Option<Rc<ReadFile>>>,
}

/// What is in the file, as the engine reads it. Drawn again only when something of it changes: the file may be large.
#[component]
fn Contents(props: &ContentsProps) -> Html {
    let mapping = props.mapping.as_ref().map(MappingForm::mapping);
    let request =
        use_memo((props.file.clone(), mapping, props.preset, props.list), |(file, mapping, preset, list)| {
            PreviewTargetImport {
                csv: file.text.to_string(),
                mapping: mapping.clone(),
                preset: *preset,
                target_list_id: *list,
            }
        });
    let settled = use_settled(request.clone());
    html! {
        <Read
            id={props.id.clone()}
            file={props.file.clone()}
            up_to_date={Rc::ptr_eq(&request, &settled)}
            request={settled}
            mapping={props.mapping.clone()}
            strict={props.strict}
            onpreset={props.onpreset.clone()}
            onmapping={props.onmapping.clone()}
            onread={props.onread.clone()}
        />
    }
}

/// The newest request, a moment after it stopped changing: keys of variables are typed.
#[hook]
fn use_settled(request: Rc<PreviewTargetImport>) -> Rc<PreviewTargetImport> {
    let settled = use_state(|| request.clone());
    let set = settled.setter();
    use_effect_with(request, move |request| {
        let request = request.clone();
        let timeout = Timeout::new(120, move || set.set(request));
        move || drop(timeout)
    });
    (*settled).clone()
}

#[derive(Properties, PartialEq)]
struct ReadProps {
    id: AttrValue,
    file: Rc<TextFile>,
    request: Rc<PreviewTargetImport>,
    /// Whether the request is what the controls say.
    up_to_date: bool,
    mapping: Option<MappingForm>,
    strict: bool,
    onpreset: Callback<Option<Preset>>,
    onmapping: Callback<MappingForm>,
    onread: Callback<Option<Rc<ReadFile>>>,
}

#[component]
fn Read(props: &ReadProps) -> Html {
    let load = use_load(Some((*props.request).clone()), |_, _| false);
    // Stays while another mapping is tried, so that no control goes away under the hand.
    let last = use_state(|| None::<(Rc<TextFile>, Rc<Preview>)>);
    {
        let (last, onread) = (last.setter(), props.onread.clone());
        let (file, mapping) = (props.file.clone(), props.request.mapping.clone());
        let wrong = props.mapping.as_ref().and_then(MappingForm::first_wrong);
        use_effect_with((load.data(), props.file.clone(), props.up_to_date, wrong), move |told| {
            let (preview, _, up_to_date, wrong_variable) = told;
            onread.emit(preview.as_ref().filter(|_| *up_to_date).map(|preview| {
                Rc::new(ReadFile {
                    file_name: file.file_name.clone(),
                    csv: file.text.clone(),
                    mapping: mapping.unwrap_or_else(|| preview.mapping.clone()),
                    wrong_variable: *wrong_variable,
                    preview: preview.clone(),
                })
            }));
            if let Some(preview) = preview {
                last.set(Some((file, preview.clone())));
            }
        });
    }
    let kept =
        last.as_ref().filter(|(file, _)| Rc::ptr_eq(file, &props.file)).map(|(_, preview)| preview.clone());
    let failed = load.error().map(api::sentence);
    let Some(preview) = load.data().or(kept) else {
        return failed.map_or_else(|| skeleton(4), |text| trouble(text, Some(load.again())));
    };
    let form = props.mapping.clone().unwrap_or_else(|| MappingForm::of(&preview.mapping));
    html! {
        <>
            { mapping_fields(&MappingFieldsProps {
                id: props.id.clone(),
                columns: preview.columns.clone(),
                form,
                preset: preset_field(props, &preview),
                strict: props.strict,
                onchange: props.onmapping.clone(),
            }) }
            if let Some(text) = failed {
                { trouble(text, None) }
            }
            for problem in &preview.problems {
                <p class="row small">{ Icon::Alert.svg_with("tone-amber") }<span>{ problem }</span></p>
            }
            <Rows id={props.id.clone()} {preview} file_name={props.file.file_name.clone()} />
        </>
    }
}

/// Which product the file comes from: what its columns tell, unless somebody says otherwise.
fn preset_field(props: &ReadProps, preview: &Preview) -> Html {
    let id = AttrValue::from(format!("{}-preset", props.id));
    let chosen = props.request.preset;
    let told = match preview.preset.filter(|_| chosen.is_none()) {
        Some(preset) => format!("Told by its columns: {}", preset.name()),
        None => "By the names of its columns".to_owned(),
    };
    let mut options = vec![(AttrValue::Static(""), AttrValue::from(told))];
    options.extend(Preset::ALL.iter().map(|preset| (preset.name().into(), preset.name().into())));
    let onchange =
        props.onpreset.reform(|name: String| Preset::ALL.into_iter().find(|preset| preset.name() == name));
    html! {
        <div class="field">
            <label for={id.clone()}>{ "Exported from" }</label>
            <Select {id} value={chosen.map_or("", Preset::name)} {options} {onchange} testid="import-preset" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowsProps {
    id: AttrValue,
    preview: Rc<Preview>,
    file_name: String,
}

/// The height of a row, in pixels; that of the style sheet.
const ROW: u32 = 34;

/// What becomes of each row.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let preview = &props.preview;
    let filter = use_state(|| None::<Verdict>);
    let toasts = use_toasts();
    // A verdict may have lost its last row since.
    let filter_now = filter.filter(|verdict| number(&preview.counts, *verdict) > 0);
    let shown = use_memo((preview.clone(), filter_now), |(preview, filter)| rows_of(preview, *filter));
    let list = use_node_ref();
    let rows = use_rows(&list, shown.len(), ROW);
    let download = preview.rejected_csv.clone().map(|csv| {
        let file_name = format!("rejected-{}", props.file_name);
        Callback::from(move |()| {
            let (csv, file_name, toasts) = (csv.clone(), file_name.clone(), toasts.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let saved: Result<String, ShellError> = browser::save_download(&file_name, &csv).await;
                match (saved, toasts) {
                    (Ok(path), Some(toasts)) => toasts.success(format!("Saved as {path}.")),
                    (Err(error), Some(toasts)) => toasts.failure(&api::failure(&error)),
                    _ => {}
                }
            });
        })
    });
    let chip = |words: &'static str, verdict: Option<Verdict>, number: usize, testid: &'static str| {
        let filter = filter.setter();
        html! {
            <button
                type="button"
                class="filter"
                aria-pressed={if filter_now == verdict { "true" } else { "false" }}
                onclick={move |_: MouseEvent| filter.set(verdict)}
                data-testid={testid}
            >
                { verdict.map(|verdict| status::of_verdict(verdict).icon.svg()) }
                { words }<b>{ grouped(number) }</b>
            </button>
        }
    };
    html! {
        <section class="col" aria-label="Rows of the file">
            <div class="row wrap">
                <div class="filters" role="group" aria-label="Rows by what becomes of them" data-testid="import-counts">
                    { chip("All", None, preview.rows.len(), "rows-all") }
                    for verdict in [Verdict::Create, Verdict::Update, Verdict::Skip, Verdict::Rejected] {
                        if number(&preview.counts, verdict) > 0 {
                            { chip(status::of_verdict(verdict).word, Some(verdict), number(&preview.counts, verdict) as usize, testid_of(verdict)) }
                        }
                    }
                </div>
                <span class="small muted end">{ format!("{}, separated by {}", count(preview.columns.len(), "column"), delimiter(&preview.delimiter)) }</span>
                if let Some(onclick) = download {
                    <Button tone={Tone::Ghost} small=true icon={Icon::Download} {onclick} testid="download-rejected">{ "Download rejected rows" }</Button>
                }
            </div>
            if !shown.is_empty() {
                <div class="import-rows" data-scroller="" tabindex="0" role="group" aria-label="Rows">
                    <ol ref={list}>
                        { rows.before("li") }
                        for at in shown[rows.drawn.clone()].iter().copied() {
                            { row(at, preview) }
                        }
                        { rows.after("li") }
                    </ol>
                </div>
            }
        </section>
    }
}

fn testid_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Create => "rows-create",
        Verdict::Update => "rows-update",
        Verdict::Skip => "rows-skip",
        Verdict::Rejected => "rows-rejected",
    }
}

fn row(at: usize, preview: &Preview) -> Html {
    let row = &preview.rows[at];
    html! {
        <li key={row.line} data-testid="import-row">
            <span class="small faint num-cell">{ format!("Line {}", row.line) }</span>
            { status::of_verdict(row.verdict).pill() }
            <span class="clip strong">{ if row.label.is_empty() { "—" } else { &row.label } }</span>
            <span class="small muted clip grow" title={row.reason.clone()}>{ row.reason.clone() }</span>
        </li>
    }
}
