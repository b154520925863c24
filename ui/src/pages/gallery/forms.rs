//! The larger parts of forms.

use crate::components::field::{Field, radio_group};
use crate::components::file_choice::{FileInputProps, FileZone, file_input};
use crate::components::fold::Fold;
use crate::components::icon::Icon;
use crate::components::intake::{IntakeFieldsProps, intake_fields};
use crate::components::targets_field::{TargetsFieldProps, targets_field, use_lines};
use crate::components::waves_fields::{WavesFieldsProps, waves_fields};
use crate::state::board::waves::WaveDraft;
use mf_domain::Invalid;
use mf_domain::intake::{Answers, Completeness, IntakeField, IntakeKind};
use yew::prelude::*;

const KINDS: [(&str, &str, IntakeKind); 6] = [
    ("version", "Patch version", IntakeKind::Text),
    ("remarks", "Remarks", IntakeKind::Multiline),
    ("hosts", "Number of hosts", IntakeKind::Number),
    ("ring", "Ring", IntakeKind::Select),
    ("snapshot", "Take a snapshot first", IntakeKind::Checkbox),
    ("until", "Finished by", IntakeKind::Date),
];

fn question((key, label, kind): (&str, &str, IntakeKind)) -> IntakeField {
    let options =
        if kind == IntakeKind::Select { vec!["Pilot".to_owned(), "Production".to_owned()] } else { vec![] };
    IntakeField {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        required: kind == IntakeKind::Text,
        options,
        default: None,
        help: (kind == IntakeKind::Number).then(|| "Those that are patched tonight".to_owned()),
    }
}

/// Questions, targets, waves, and a file.
#[component]
pub(super) fn Forms() -> Html {
    let answers = use_state(Answers::new);
    let text = use_state(|| AttrValue::from("RDS-01 # 192.168.1.10\nRDS-02\nrds-01"));
    let waves = use_state(|| WaveDraft { max_in_progress: "a few".to_owned(), ..WaveDraft::default() });
    let file = use_state(|| None::<String>);
    let lines = use_lines(&text);
    let wrong: Option<Invalid> = waves.rule().err();
    let unfolded = use_state(|| true);
    let way = use_state(|| "late");
    let ontoggle = {
        let unfolded = unfolded.clone();
        Callback::from(move |()| unfolded.set(!*unfolded))
    };
    let onfile = {
        let file = file.setter();
        Callback::from(move |chosen: web_sys::File| file.set(Some(chosen.name())))
    };
    html! {
        <>
            <section class="card" aria-label="Questions at the start">
                <header><h2>{ "Questions at the start" }</h2></header>
                { intake_fields(&IntakeFieldsProps {
                    id: "gallery-intake".into(),
                    fields: KINDS.map(question).to_vec(),
                    answers: (*answers).clone(),
                    onchange: Callback::from({ let answers = answers.setter(); move |next| answers.set(next) }),
                    completeness: Completeness::Required,
                    strict: true,
                    refused: vec![("hosts".to_owned(), "There are only 12 of them.".to_owned())],
                }) }
            </section>
            <section class="card" aria-label="Targets">
                <header><h2>{ "Targets" }</h2></header>
                { targets_field(&TargetsFieldProps {
                    id: "gallery-targets".into(),
                    text: (*text).clone(),
                    oninput: Callback::from({ let text = text.setter(); move |typed: String| text.set(typed.into()) }),
                    lines,
                    error: None,
                    testid: None,
                    autofocus: false,
                }) }
            </section>
            <section class="card" aria-label="Waves">
                <header><h2>{ "Waves" }</h2></header>
                { waves_fields(&WavesFieldsProps {
                    id: "gallery-waves",
                    draft: &waves,
                    onchange: Callback::from({ let waves = waves.setter(); move |next| waves.set(next) }),
                    autofocus: false,
                    error: wrong.as_ref(),
                }) }
            </section>
            <section class="card" aria-label="A choice, folded away">
                <header><h2>{ "A choice, folded away" }</h2></header>
                <Fold id="gallery-fold" words="If it was missed" summary={*way} open={*unfolded} {ontoggle} testid="gallery-fold">
                    { radio_group(
                        "gallery-way",
                        "What becomes of it",
                        &[("late", "Runs late", Some(Icon::Clock)), ("never", "Is left out", Some(Icon::Skip))],
                        *way,
                        Callback::from({ let way = way.setter(); move |next| way.set(next) }),
                        Some("Two schedules say so.".into()),
                    ) }
                </Fold>
            </section>
            <section class="card" aria-label="File">
                <header><h2>{ "File" }</h2></header>
                <Field id="gallery-file" label="A file, chosen or dropped" hint={(*file).clone().map(AttrValue::from)}>
                    <FileZone class="filezone" onfile={onfile.clone()}>
                        <div class="file-row">
                            { file_input(&FileInputProps {
                                id: "gallery-file".into(),
                                accept: "",
                                onfile,
                                class: "btn small",
                                words: "Choose a file".into(),
                                invalid: false,
                                testid: "gallery-file",
                            }) }
                        </div>
                    </FileZone>
                </Field>
            </section>
        </>
    }
}
