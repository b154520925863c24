//! What lines do not show of a target: its client, its site, its variables.

use crate::components::combobox::Combobox;
use crate::components::field::{Field, TextArea, TextInput, field_error};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty};
use crate::state::combobox::Choice;
use crate::state::target_list::{Detail, ListForm, carried};
use mf_domain::targets::Target;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Details`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct DetailsProps {
    pub(super) targets: Rc<[Target]>,
    pub(super) form: ListForm,
    /// The target whose details are shown, or what is typed instead.
    pub(super) label: AttrValue,
    pub(super) onlabel: Callback<String>,
    pub(super) ondetail: Callback<(AttrValue, Detail)>,
    pub(super) clients: Rc<Vec<Choice>>,
}

/// The details of one target after the other.
#[component]
pub(super) fn Details(props: &DetailsProps) -> Html {
    let form = &props.form;
    let choices = use_memo((props.targets.clone(), form.clone()), |(targets, form)| {
        let of = |target: &Target| Choice {
            detail: carried(target).into(),
            ..Choice::plain(target.label.clone())
        };
        form.targets(targets).iter().map(of).collect::<Vec<_>>()
    });
    if choices.is_empty() {
        return empty(&EmptyProps {
            icon: Icon::Server,
            compact: true,
            title: "There are no targets yet".into(),
            text: "Write them first; what belongs to one of them alone is set here.".into(),
            children: Html::default(),
        });
    }
    let label = props.label.clone();
    let known = choices.iter().any(|choice| choice.value == label);
    let unknown = (!known && !label.is_empty()).then(|| AttrValue::from("There is no target of that name."));
    html! {
        <>
            <Field id="detail-target" label="Target" hint="What it has of its own. Left blank, the list's client and site hold." error={unknown.clone()}>
                <Combobox
                    id="detail-target"
                    value={label.clone()}
                    {choices}
                    onchange={props.onlabel.clone()}
                    placeholder="Choose a target, or type a part of its name"
                    invalid={unknown.is_some()}
                    testid="detail-target"
                />
            </Field>
            if known {
                { detail_fields(props, &form.detail(&label)) }
            }
        </>
    }
}

/// More wrong lines than that are not listed.
const LISTED: usize = 10;

fn detail_fields(props: &DetailsProps, detail: &Detail) -> Html {
    let set = |get: fn(&mut Detail) -> &mut String| {
        let (detail, label, ondetail) = (detail.clone(), props.label.clone(), props.ondetail.clone());
        Callback::from(move |text: String| {
            let mut detail = detail.clone();
            *get(&mut detail) = text;
            ondetail.emit((label.clone(), detail));
        })
    };
    let wrong = detail.variable_errors();
    let place = |field: &str| detail.place_error(field).map(AttrValue::from);
    let (client_error, site_error) = (place("client"), place("site"));
    let inherits = |text: &str| (!text.trim().is_empty()).then(|| AttrValue::from(text.trim().to_owned()));
    html! {
        <>
            <div class="field-pair">
                <Field id="detail-client" label="Client" optional=true error={client_error.clone()}>
                    <Combobox
                        id="detail-client"
                        value={detail.client.clone()}
                        choices={props.clients.clone()}
                        onchange={set(|detail| &mut detail.client)}
                        free=true
                        placeholder={inherits(&props.form.client)}
                        invalid={client_error.is_some()}
                        testid="detail-client"
                    />
                </Field>
                <Field id="detail-site" label="Site" optional=true error={site_error.clone()}>
                    <TextInput
                        id="detail-site"
                        value={detail.site.clone()}
                        oninput={set(|detail| &mut detail.site)}
                        placeholder={inherits(&props.form.site)}
                        invalid={site_error.is_some()}
                        testid="detail-site"
                    />
                </Field>
            </div>
            <div class="detail-variables"><Field id="detail-variables" label="Variables" optional=true hint="One per line, for example ip = 10.0.0.1, which steps write as {{target.ip}}.">
                <TextArea
                    id="detail-variables"
                    value={detail.variables.clone()}
                    oninput={set(|detail| &mut detail.variables)}
                    invalid={!wrong.is_empty()}
                    code=true
                    testid="detail-variables"
                />
            </Field>
            if !wrong.is_empty() {
                <div class="error-list" data-testid="variable-errors">
                    for error in wrong.iter().take(LISTED) {
                        { field_error(format!("Line {}: {}", error.line, error.message)) }
                    }
                </div>
            }
            </div>
        </>
    }
}
