//! How the sessions of a batch are offered: three numbers, each of which may be left out.

use super::field::{Field, TextInput};
use crate::api;
use crate::state::board::waves::WaveDraft;
use mf_contract::ApiError;
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

/// The fields as the engine calls them, each with the id of its control.
#[must_use]
pub fn waves_controls(id: &str) -> Vec<(String, String)> {
    let field = |name: &str| (format!("waves.{name}"), waves_field(id, name));
    let mut fields = Vec::from(FIELD_NAMES.map(field));
    fields.push(("waves".to_owned(), waves_field(id, FIELD_NAMES[0])));
    fields
}

/// What the engine has against the waves, under the name of the number; against all three, under that of the first.
#[must_use]
pub fn waves_refused(error: Option<&ApiError>) -> Option<Invalid> {
    let error = error?;
    let field = match error.field.as_deref()?.split_once('.') {
        Some(("waves", field)) if FIELD_NAMES.contains(&field) => field,
        Some(("waves", _)) => FIELD_NAMES[0],
        None if error.field.as_deref() == Some("waves") => FIELD_NAMES[0],
        _ => return None,
    };
    Some(Invalid::new(field, api::sentence(error)))
}

/// The three numbers, as the engine calls them.
const FIELD_NAMES: [&str; 3] = ["canary", "max_in_progress", "stop_after_failures"];

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

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::ErrorCode;

    #[test]
    fn what_is_refused_stands_beside_the_number_it_is_about() {
        let of = |field: &str| {
            let error = ApiError::new(ErrorCode::Validation, "is not to be").on(field);
            waves_refused(Some(&error)).map(|wrong| wrong.field)
        };
        assert_eq!(of("waves.max_in_progress").as_deref(), Some("max_in_progress"));
        assert_eq!((of("waves").as_deref(), of("waves.moon").as_deref()), (Some("canary"), Some("canary")));
        assert_eq!((of("batch_id"), waves_refused(None)), (None, None));
        assert!(waves_controls("x").contains(&("waves.canary".to_owned(), "x-canary".to_owned())));
    }
}
