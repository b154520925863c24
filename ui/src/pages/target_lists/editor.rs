//! Making a target list or changing one: its lines, and what lines do not show of a target.

use super::details::Details;
use crate::api;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::combobox::Combobox;
use crate::components::dialog::Dialog;
use crate::components::field::{Field, TextInput};
use crate::components::loaded::skeleton;
use crate::components::named_row::not_saved;
use crate::components::tabs::Tabs;
use crate::components::targets_field::{self, TargetsFieldProps, targets_field, use_lines};
use crate::components::trouble::trouble;
use crate::state::call::{use_call, use_refused};
use crate::state::combobox::Choice;
use crate::state::load::use_load;
use crate::state::target_list::{Detail, ListForm, Unsaved, place_error};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Patch;
use mf_contract::target_lists::{CreateTargetList, GetTargetList, ListClients, TargetList, UpdateTargetList};
use mf_domain::ids::TargetListId;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Editor`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct EditorProps {
    /// `None` while nothing is edited; `Some(None)` for a new list.
    pub(super) editing: Option<Option<TargetListId>>,
    pub(super) onclose: Callback<()>,
}

const LINES: &str = "list-lines";
const DETAILS: &str = "list-details";
/// The fields the engine may refuse, and their controls.
const FIELDS: [(&str, &str); 5] = [
    ("name", "list-name"),
    ("description", "list-description"),
    ("client", "list-client"),
    ("site", "list-site"),
    ("targets", "list-targets"),
];

type Change = Rc<dyn Fn(&dyn Fn(&mut ListForm))>;

/// The dialog. What is typed stays until it is saved or discarded, also while the dialog is closed.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let id = props.editing.flatten();
    let existing = use_load(id.map(|id| GetTargetList { id }), |_, _| false);
    let clients = use_load(props.editing.map(|_| ListClients {}), |_, _| false);
    let fresh = use_state(ListForm::default);
    let unsaved = use_state(Unsaved::default);
    let strict = use_state(|| false);
    let tab = use_state(|| LINES);
    let label = use_state(AttrValue::default);
    let toasts = use_toasts();

    let stored = use_memo(existing.data(), |list| list.as_ref().map(|list| (list.id, ListForm::of(list))));
    let stored = stored.as_ref().as_ref().filter(|(of, _)| Some(*of) == id).map(|(_, form)| form.clone());
    let changed = id.and_then(|id| unsaved.of(id)).cloned();
    let is_changed = changed.is_some();
    let shown = if id.is_some() { changed.or_else(|| stored.clone()) } else { Some((*fresh).clone()) };
    let loading = shown.is_none();
    let form = shown.unwrap_or_default();
    let lines = use_lines(&form.lines);
    let saved = {
        let (fresh, unsaved, is_new) = (fresh.setter(), unsaved.clone(), id.is_none());
        let onclose = props.onclose.clone();
        Callback::from(move |list: TargetList| {
            if is_new {
                fresh.set(ListForm::default());
            } else {
                unsaved.set((*unsaved).clone().without(list.id));
            }
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!(
                    "“{}” is saved with {}.",
                    list.name,
                    count(list.targets.len(), "target")
                ));
            }
        })
    };
    let create = use_call::<CreateTargetList>(saved.clone());
    let update = use_call::<UpdateTargetList>(saved);
    {
        let (strict, tab, label) = (strict.setter(), tab.setter(), label.setter());
        let (create, update) = (create.clone(), update.clone());
        use_effect_with(props.editing, move |_| {
            strict.set(false);
            tab.set(LINES);
            label.set(AttrValue::default());
            create.clear();
            update.clear();
        });
    }

    let change: Change = {
        let (fresh, unsaved, form) = (fresh.setter(), unsaved.clone(), form.clone());
        let (create, update) = (create.clone(), update.clone());
        Rc::new(move |change: &dyn Fn(&mut ListForm)| {
            create.clear();
            update.clear();
            let mut next = form.clone();
            change(&mut next);
            match id {
                None => fresh.set(next),
                Some(id) => unsaved.set((*unsaved).clone().with(id, next, stored.as_ref())),
            }
        })
    };
    let onsubmit = {
        let (form, strict, create, update) = (form.clone(), strict.setter(), create.clone(), update.clone());
        let (tab, label) = (tab.setter(), label.setter());
        Callback::from(move |()| {
            strict.set(true);
            if form.name_error().is_some() {
                return browser::focus("list-name");
            }
            if let Some(field) =
                ["client", "site"].into_iter().find(|field| list_place_error(&form, field).is_some())
            {
                return browser::focus(&format!("list-{field}"));
            }
            // Read again: what is shown may be a moment behind the text.
            let Ok(typed) = targets_field::read(&form.lines) else {
                tab.set(LINES);
                return browser::focus_soon("list-targets");
            };
            if let Some(wrong) = form.wrong_detail(&typed) {
                tab.set(DETAILS);
                label.set(wrong.label.into());
                return browser::focus_soon(&format!("detail-{}", wrong.field));
            }
            let targets = form.targets(&typed);
            let (name, description) = (form.name.trim().to_owned(), form.description.trim().to_owned());
            let place = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
            let (client, site) = (place(&form.client), place(&form.site));
            match id {
                None => create.run(CreateTargetList { name, description, client, site, targets }),
                Some(id) => update.run(UpdateTargetList {
                    id,
                    name: Some(name),
                    description: Some(description),
                    client: client.map_or(Patch::Clear, Patch::Set),
                    site: site.map_or(Patch::Clear, Patch::Set),
                    targets: Some(targets),
                }),
            }
        })
    };

    let names = use_memo(clients.data(), |clients| {
        let clients = clients.iter().flat_map(|clients| clients.iter());
        clients.map(|client| Choice::plain(client.name.clone())).collect::<Vec<_>>()
    });
    let refused =
        |field: &str| create.error_on(field).or_else(|| update.error_on(field)).map(AttrValue::from);
    let wrong = create.error().or(update.error());
    use_refused(wrong, &FIELDS);
    {
        // The lines are behind a tab.
        let (tab, of_targets) = (tab.setter(), refused("targets").is_some());
        use_effect_with(of_targets, move |of_targets| {
            if *of_targets {
                tab.set(LINES);
            }
        });
    }
    let own = FIELDS.map(|(field, _)| field);
    let elsewhere = create.error_elsewhere(&own).or_else(|| update.error_elsewhere(&own));
    let note = id.filter(|_| is_changed).map(|id| {
        let (unsaved, update) = (unsaved.clone(), update.clone());
        let ondiscard = Callback::from(move |()| {
            update.clear();
            unsaved.set((*unsaved).clone().without(id));
            // The button goes, and the focus with it.
            browser::focus_soon("list-name");
        });
        not_saved(ondiscard, "list-discard")
    });
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={create.busy() || update.busy()} disabled={loading} writes=true testid="list-save">
                { "Save list" }
            </Button>
        </>
    };
    let targets_error = refused("targets")
        .or_else(|| (*strict && form.lines.trim().is_empty()).then(|| "Write at least one target.".into()));
    let panel = if *tab == LINES {
        targets_field(&TargetsFieldProps {
            id: "list-targets".into(),
            text: form.lines.clone(),
            oninput: Callback::from({
                let change = change.clone();
                move |text: String| {
                    let text = AttrValue::from(text);
                    change(&|form| form.lines = text.clone());
                }
            }),
            lines,
            error: targets_error,
            testid: Some("list-targets".into()),
            autofocus: false,
        })
    } else {
        let targets = lines.and_then(Result::ok).unwrap_or_else(|| Rc::from([]));
        html! {
            <Details
                {targets}
                form={form.clone()}
                label={(*label).clone()}
                onlabel={let label = label.setter(); move |text: String| label.set(text.into())}
                ondetail={let change = change.clone(); Callback::from(move |(label, detail): (AttrValue, Detail)| change(&|form| form.set_detail(&label, detail.clone())))}
                clients={names.clone()}
            />
        }
    };
    html! {
        <Dialog
            id="list"
            title={if id.is_some() { "Edit target list" } else { "New target list" }}
            open={props.editing.is_some()}
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            if loading {
                if let Some(error) = existing.error() {
                    { trouble(api::sentence(error), Some(existing.again())) }
                } else {
                    { skeleton(6) }
                }
            } else {
                { head_fields(&form, *strict, &refused, &change, names) }
                <div>
                    <Tabs
                        label="What is edited of the targets"
                        tabs={vec![(LINES, "Targets"), (DETAILS, "Client, site and variables of a target")]}
                        selected={*tab}
                        onselect={let tab = tab.setter(); move |id| tab.set(id)}
                    />
                    <div role="tabpanel" id={format!("{}-panel", *tab)} aria-labelledby={*tab} class="tab-panel col-l">{ panel }</div>
                </div>
                if let Some(text) = elsewhere {
                    { trouble(text, None) }
                }
            }
        </Dialog>
    }
}

fn list_place_error(form: &ListForm, field: &str) -> Option<String> {
    place_error(field, if field == "client" { &form.client } else { &form.site })
}

/// What holds for the list as a whole.
fn head_fields(
    form: &ListForm,
    strict: bool,
    refused: &dyn Fn(&str) -> Option<AttrValue>,
    change: &Change,
    clients: Rc<Vec<Choice>>,
) -> Html {
    let name_error = form.name_error().filter(|_| strict).map(AttrValue::from).or_else(|| refused("name"));
    let place = |field: &str| list_place_error(form, field).map(AttrValue::from).or_else(|| refused(field));
    let (client_error, site_error) = (place("client"), place("site"));
    let set = |get: fn(&mut ListForm) -> &mut String| {
        let change = change.clone();
        Callback::from(move |text: String| change(&|form| get(form).clone_from(&text)))
    };
    html! {
        <>
            <div class="field-pair">
                <Field id="list-name" label="Name" error={name_error.clone()}>
                    <TextInput
                        id="list-name"
                        value={form.name.clone()}
                        oninput={set(|form| &mut form.name)}
                        invalid={name_error.is_some()}
                        required=true
                        placeholder="Citrix farm"
                        autofocus=true
                        testid="list-name"
                    />
                </Field>
                <Field id="list-description" label="Description" optional=true error={refused("description")}>
                    <TextInput id="list-description" invalid={refused("description").is_some()} value={form.description.clone()} oninput={set(|form| &mut form.description)} testid="list-description" />
                </Field>
            </div>
            <div class="field-pair">
                <Field id="list-client" label="Client" optional=true error={client_error.clone()}>
                    <Combobox
                        id="list-client"
                        value={form.client.clone()}
                        choices={clients}
                        onchange={set(|form| &mut form.client)}
                        free=true
                        invalid={client_error.is_some()}
                        testid="list-client"
                    />
                </Field>
                <Field id="list-site" label="Site" optional=true error={site_error.clone()}>
                    <TextInput id="list-site" value={form.site.clone()} oninput={set(|form| &mut form.site)} invalid={site_error.is_some()} testid="list-site" />
                </Field>
            </div>
        </>
    }
}
