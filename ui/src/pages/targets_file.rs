//! A CSV file of targets: chosen or dropped, its columns named, and what each row would do, before anything is done.
//!
//! Whoever shows it decides what becomes of the targets: they are imported into a list, or launched.

mod rows;

use crate::api;
use crate::components::field::Select;
use crate::components::icon::Icon;
use crate::components::loaded::skeleton;
use crate::components::text_file::{TextFileZone, Unreadable};
use crate::components::trouble::trouble;
use crate::pages::mapping_fields::{MappingFieldsProps, mapping_fields};
use crate::state::load::use_load;
use crate::state::target_import::{Chosen, MappingForm, ReadFile, TextFile, refused};
use gloo_timers::callback::Timeout;
use mf_contract::target_imports::PreviewTargetImport;
use mf_domain::ids::TargetListId;
use mf_domain::target_import::{Preset, Preview};
use rows::Rows;
use std::rc::Rc;
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

/// The file with what is in it.
#[component]
pub fn TargetsFile(props: &TargetsFileProps) -> Html {
    let unread = use_state(|| None::<AttrValue>);
    let Chosen { file, preset, mapping } = props.chosen.clone();
    let onfile = {
        let (unread, onread, onchosen) = (unread.setter(), props.onread.clone(), props.onchosen.clone());
        let before = file.clone();
        Callback::from(move |read: Result<Rc<TextFile>, Unreadable>| match read {
            // Of the same file everything is known, and nothing would be asked again.
            Ok(read) if before.as_ref() == Some(&read) => unread.set(None),
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
            <TextFileZone
                id={format!("{}-file", props.id)}
                chosen={file.as_ref().map(|file| AttrValue::from(file.file_name.clone()))}
                accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                prompt="Drop a CSV file here"
                hint="Exports of NinjaOne, Datto RMM, ConnectWise, Kaseya and HaloPSA are told by their columns; any other table works, too."
                refused={Callback::from(|(name, size): (String, f64)| refused(&name, size))}
                {onfile}
                {error}
                testid="targets-file"
            />
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
            up_to_date={request == settled}
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
            <Rows {preview} file={props.file.clone()} />
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
