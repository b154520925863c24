//! Which column of a file is what: name, notes, client, site, and a variable of any key.

use crate::components::button::{Button, Tone};
use crate::components::field::{Field, Select, TextInput, field_error};
use crate::components::icon::Icon;
use crate::state::target_import::MappingForm;
use yew::prelude::*;

/// Properties of [`mapping_fields`].
#[derive(Debug)]
pub struct MappingFieldsProps {
    /// Begins the id of every control.
    pub id: AttrValue,
    pub columns: Vec<String>,
    pub form: MappingForm,
    /// The field for the product the file comes from.
    pub preset: Html,
    /// Whether keys that are still blank are wrong by now.
    pub strict: bool,
    pub onchange: Callback<MappingForm>,
}

/// The fields.
pub fn mapping_fields(props: &MappingFieldsProps) -> Html {
    let column = |name: &'static str, words: &'static str, get: fn(&mut MappingForm) -> &mut String| {
        let mut form = props.form.clone();
        let value = std::mem::take(get(&mut form));
        let id = AttrValue::from(format!("{}-{name}", props.id));
        let onchange = change(props, move |form, column| *get(form) = column);
        let blank = if name == "label" { None } else { Some("Not in this file") };
        html! {
            <Field id={id.clone()} label={words}>
                <Select {id} {value} options={options(&props.columns, blank)} {onchange} testid={format!("column-{name}")} />
            </Field>
        }
    };
    let onadd = {
        let (form, onchange) = (props.form.clone(), props.onchange.clone());
        Callback::from(move |()| {
            let mut form = form.clone();
            form.variables.push(Default::default());
            onchange.emit(form);
        })
    };
    html! {
        <div class="col" role="group" aria-label="Columns">
            <div class="mapping">
                { props.preset.clone() }
                { column("label", "Name", |form| &mut form.label) }
                { column("client", "Client", |form| &mut form.client) }
                { column("site", "Site", |form| &mut form.site) }
                { column("notes", "Notes", |form| &mut form.notes) }
            </div>
            for at in 0..props.form.variables.len() {
                { variable(props, at) }
            }
            <div>
                <Button tone={Tone::Ghost} small=true icon={Icon::Plus} onclick={onadd} testid="add-variable">{ "Variable for steps" }</Button>
            </div>
        </div>
    }
}

fn change(
    props: &MappingFieldsProps,
    change: impl Fn(&mut MappingForm, String) + 'static,
) -> Callback<String> {
    let (form, onchange) = (props.form.clone(), props.onchange.clone());
    Callback::from(move |text| {
        let mut form = form.clone();
        change(&mut form, text);
        onchange.emit(form);
    })
}

fn options(columns: &[String], blank: Option<&'static str>) -> Vec<(AttrValue, AttrValue)> {
    let blank = blank.map(|words| (AttrValue::Static(""), AttrValue::Static(words)));
    let columns = columns.iter().map(|column| (column.clone().into(), column.clone().into()));
    blank.into_iter().chain(columns).collect()
}

/// `{{target.ip}}` is the column “IP Address”.
fn variable(props: &MappingFieldsProps, at: usize) -> Html {
    let (key, column) = props.form.variables[at].clone();
    let error = props.form.variable_error(at).filter(|_| props.strict || !key.is_empty());
    let id = format!("{}-variable-{at}", props.id);
    let (key_id, column_id) = (AttrValue::from(format!("{id}-key")), AttrValue::from(format!("{id}-column")));
    let onremove = {
        let (form, onchange) = (props.form.clone(), props.onchange.clone());
        Callback::from(move |()| {
            let mut form = form.clone();
            form.variables.remove(at);
            onchange.emit(form);
        })
    };
    html! {
        <div class="field">
            <div class="variable-row">
                <span class="mono muted" aria-hidden="true">{ "target." }</span>
                <label class="visually-hidden" for={key_id.clone()}>{ format!("Key of variable {}", at + 1) }</label>
                <TextInput
                    id={key_id.clone()}
                    value={key}
                    oninput={change(props, move |form, key| form.variables[at].0 = key)}
                    invalid={error.is_some()}
                    placeholder="ip"
                    mono=true
                    testid="variable-key"
                />
                <span class="muted">{ "is" }</span>
                <label class="visually-hidden" for={column_id.clone()}>{ format!("Column of variable {}", at + 1) }</label>
                <Select
                    id={column_id}
                    value={column}
                    options={options(&props.columns, Some("Choose a column…"))}
                    onchange={change(props, move |form, column| form.variables[at].1 = column)}
                    testid="variable-column"
                />
                <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label={format!("Remove variable {}", at + 1)} onclick={onremove} />
            </div>
            <div id={format!("{key_id}-about")}>
                if let Some(error) = error {
                    { field_error(error) }
                }
            </div>
        </div>
    }
}
