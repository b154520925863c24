//! How the sessions of a batch are offered: three numbers, each of which may be left out.

use super::field::{Field, TextInput};
use crate::state::board::waves::WaveDraft;
use mf_domain::Invalid;
use yew::prelude::*;

/// Properties of [`waves_fields`].
#[derive(Debug)]
pub struct WavesFieldsProps<'a> {
    /// Begins the ids of the fields, see [`waves_field`].
    pub id: &'static str,
    pub draft: &'a WaveDraft,
    pub onchange: Callback<WaveDraft>,
    /// Whether the first field has the focus when they appear.
    pub autofocus: bool,
    /// What is wrong; shown beside the field it names.
    pub error: Option<&'a Invalid>,
}

/// The id of a number's field: `{id}-canary`, `{id}-max-in-progress`, `{id}-stop-after-failures`.
#[must_use]
pub fn waves_field(id: &str, field: &str) -> String {
    format!("{id}-{}", field.replace('_', "-"))
}

/// The three numbers, as the engine calls them.
pub const FIELD_NAMES: [&str; 3] = ["canary", "max_in_progress", "stop_after_failures"];

type Part = fn(&mut WaveDraft) -> &mut String;

const FIELDS: [(&str, &str, &str, &str, Part); 3] = [
    (FIELD_NAMES[0], "Canary", "targets first; the rest waits until they ended well", "none", |draft| {
        &mut draft.canary
    }),
    (FIELD_NAMES[1], "At a time", "targets in progress at most", "any number", |draft| {
        &mut draft.max_in_progress
    }),
    (FIELD_NAMES[2], "Stop after", "failed targets, until somebody says to go on", "never", |draft| {
        &mut draft.stop_after_failures
    }),
];

/// The fields.
pub fn waves_fields(props: &WavesFieldsProps<'_>) -> Html {
    html! {
        <div class="waves-fields">
            for (field, label, unit, placeholder, part) in FIELDS {
                { number_field(props, field, label, unit, placeholder, part) }
            }
        </div>
    }
}

fn number_field(
    props: &WavesFieldsProps<'_>,
    field: &'static str,
    label: &'static str,
    unit: &'static str,
    placeholder: &'static str,
    part: Part,
) -> Html {
    let id = waves_field(props.id, field);
    let error = props.error.filter(|error| error.field == field);
    let value = part(&mut props.draft.clone()).clone();
    let oninput = {
        let (onchange, draft) = (props.onchange.clone(), props.draft.clone());
        Callback::from(move |text: String| {
            let mut draft = draft.clone();
            *part(&mut draft) = text;
            onchange.emit(draft);
        })
    };
    html! {
        <Field id={id.clone()} {label} error={error.map(|error| AttrValue::from(error.message.clone()))}>
            <div class="with-unit">
                <TextInput
                    id={id.clone()}
                    {value}
                    {oninput}
                    {placeholder}
                    inputmode="numeric"
                    autofocus={props.autofocus && field == FIELDS[0].0}
                    invalid={error.is_some()}
                    testid={id}
                />
                <span class="muted">{ unit }</span>
            </div>
        </Field>
    }
}
