//! The questions a flow asks before it starts.

use super::field::{Field, Select, TextArea, TextInput, field_error};
use crate::api::as_sentence;
use mf_domain::intake::{Answers, Completeness, IntakeField, IntakeForm, IntakeKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`intake_fields`].
#[derive(Debug)]
pub struct IntakeFieldsProps {
    /// Begins the id of every control.
    pub id: AttrValue,
    pub fields: Vec<IntakeField>,
    pub answers: Answers,
    pub onchange: Callback<Answers>,
    /// Whether required answers that are missing are errors by now.
    pub completeness: Completeness,
    /// Whether the person tried to go on: before that, nothing untouched is called wrong.
    pub strict: bool,
    /// What the engine refused, and why, by the key of the question.
    pub refused: Vec<(String, String)>,
}

/// What is wrong with the answer to a field.
#[must_use]
fn answer_error(field: &IntakeField, answers: &Answers, completeness: Completeness) -> Option<String> {
    let mut own = Answers::new();
    if let Some(answer) = answers.get(&field.key) {
        own.insert(field.key.clone(), answer.clone());
    }
    let form = IntakeForm(vec![field.clone()]);
    form.check(&own, completeness).err().map(|invalid| as_sentence(&invalid.message))
}

/// The id of the control with the first answer that is wrong, in a form whose controls begin with `id`.
#[must_use]
pub fn first_wrong(
    id: &str,
    fields: &[IntakeField],
    answers: &Answers,
    completeness: Completeness,
) -> Option<String> {
    let wrong = fields.iter().find(|field| answer_error(field, answers, completeness).is_some())?;
    Some(control_id(id, &wrong.key))
}

/// The id of the control of a question.
#[must_use]
pub fn control_id(id: &str, key: &str) -> String {
    format!("{id}-{key}")
}

/// The answers as the engine calls them, each with the id of its control in a form whose controls begin with `id`.
#[must_use]
pub fn answer_paths(id: &str, fields: &[IntakeField]) -> Vec<(String, String)> {
    fields.iter().map(|field| (format!("intake.{}", field.key), control_id(id, &field.key))).collect()
}

/// What the engine refused of the answers, by the key of the question.
#[must_use]
pub fn refused_answers(
    fields: &[IntakeField],
    error_on: impl Fn(&str) -> Option<String>,
) -> Vec<(String, String)> {
    let refused =
        |field: &IntakeField| Some((field.key.clone(), error_on(&format!("intake.{}", field.key))?));
    fields.iter().filter_map(refused).collect()
}

/// One control per question.
pub fn intake_fields(props: &IntakeFieldsProps) -> Html {
    html! {
        <div class="intake">
            for field in &props.fields {
                { control(props, field) }
            }
        </div>
    }
}

fn control(props: &IntakeFieldsProps, field: &IntakeField) -> Html {
    let id = AttrValue::from(control_id(&props.id, &field.key));
    let testid = AttrValue::from(format!("intake-{}", field.key));
    let answered = props.answers.get(&field.key);
    let value = AttrValue::from(answered.or(field.default.as_ref()).cloned().unwrap_or_default());
    let judged = props.strict || answered.is_some_and(|answer| !answer.is_empty());
    let error = judged
        .then(|| answer_error(field, &props.answers, props.completeness))
        .flatten()
        .or_else(|| props.refused.iter().find(|(key, _)| *key == field.key).map(|(_, why)| why.clone()))
        .map(AttrValue::from);
    let set = {
        let (answers, onchange, key) = (props.answers.clone(), props.onchange.clone(), field.key.clone());
        Callback::from(move |answer: String| {
            let mut answers = answers.clone();
            answers.insert(key.clone(), answer);
            onchange.emit(answers);
        })
    };
    if field.kind == IntakeKind::Checkbox {
        let onchange = set
            .reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked().to_string());
        return html! {
            <div class="field">
                <label class="check" for={id.clone()}>
                    <input
                        type="checkbox"
                        id={id.clone()}
                        checked={value == "true"}
                        {onchange}
                        aria-invalid={error.is_some().then_some("true")}
                        aria-describedby={format!("{id}-about")}
                        data-testid={testid}
                    />
                    { &field.label }
                    if !field.required {
                        <span class="optional">{ "optional" }</span>
                    }
                </label>
                <div id={format!("{id}-about")}>
                    if let Some(text) = error {
                        { field_error(text) }
                    } else if let Some(help) = &field.help {
                        <p class="hint">{ help.clone() }</p>
                    }
                </div>
            </div>
        };
    }
    let invalid = error.is_some();
    let input = match field.kind {
        IntakeKind::Multiline => {
            html! { <TextArea id={id.clone()} {value} oninput={set} {invalid} {testid} /> }
        }
        IntakeKind::Select => {
            let blank = (AttrValue::Static(""), AttrValue::Static("Choose…"));
            let choices = field.options.iter().map(|option| (option.clone().into(), option.clone().into()));
            let options: Vec<_> = std::iter::once(blank).chain(choices).collect();
            html! { <Select id={id.clone()} {value} {options} onchange={set} {invalid} {testid} /> }
        }
        kind => {
            let (kind, inputmode) = match kind {
                IntakeKind::Date => ("date", None),
                IntakeKind::Number => ("text", Some(AttrValue::Static("decimal"))),
                _ => ("text", None),
            };
            html! {
                <TextInput id={id.clone()} {value} oninput={set} {kind} {inputmode} {invalid} required={field.required} {testid} />
            }
        }
    };
    html! {
        <Field
            {id}
            label={field.label.clone()}
            hint={field.help.clone().map(AttrValue::from)}
            optional={!field.required}
            {error}
        >
            { input }
        </Field>
    }
}
