//! Target lists: the machines flows are worked through on, kept by name.

use super::frame::{Crumb, Frame};
use crate::api;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::dialog::{Confirm, Dialog};
use crate::components::field::{Field, TextInput};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded, skeleton};
use crate::components::targets_field::{self, TargetsFieldProps, targets_field, use_lines};
use crate::components::trouble::trouble;
use crate::state::call::use_call;
use crate::state::launch::Preview;
use crate::state::load::use_load;
use crate::state::schedule::sentence;
use crate::state::time::{count, grouped};
use crate::state::toasts::use_toasts;
use mf_contract::target_lists::{
    CreateTargetList, DeleteTargetList, GetTargetList, ListTargetLists, TargetList, TargetListSummary,
    UpdateTargetList,
};
use mf_contract::{Event, Patch};
use mf_domain::ids::TargetListId;
use mf_domain::targets::{to_lines, with_details_of};
use mf_domain::text;
use std::rc::Rc;
use yew::prelude::*;

/// What is being edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Editing {
    Nothing,
    New,
    List(TargetListId),
}

/// The page.
#[component]
pub fn TargetLists() -> Html {
    let lists = use_load(Some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. } | Event::BatchChanged { .. })
    });
    let editing = use_state(|| Editing::Nothing);
    let deleting = use_state(|| None::<TargetListSummary>);
    let onnew = {
        let editing = editing.setter();
        Callback::from(move |()| editing.set(Editing::New))
    };
    let show = {
        let (editing, deleting, onnew) = (editing.setter(), deleting.setter(), onnew.clone());
        move |lists: Rc<Vec<TargetListSummary>>| {
            if lists.is_empty() {
                return html! {
                                    { empty(&EmptyProps {
                                        icon: Icon::Server,
                                        title: AttrValue::from("No target lists yet"),
                                        text: AttrValue::from("A list names the machines to work on. Paste them once, use them in every schedule and launch."),
                                        children: html! {
                <><Button tone={Tone::Primary} icon={Icon::Plus} onclick={onnew.clone()} writes=true testid="new-target-list">
                                            { "New target list" }
                                        </Button></>
                },
                                        compact: false,
                                    }) }
                                };
            }
            html! {
                <div class="card flat">
                    <table class="table-wide">
                        <thead>
                            <tr>
                                <th scope="col">{ "Name" }</th>
                                <th scope="col" class="num-cell">{ "Targets" }</th>
                                <th scope="col">{ "Begins with" }</th>
                                <th scope="col">{ "Last used" }</th>
                                <th scope="col"><span class="visually-hidden">{ "Actions" }</span></th>
                            </tr>
                        </thead>
                        <tbody class="rows">
                            for list in lists.iter() {
                                { list_row(&ListRowProps {
                                    list: list.clone(),
                                    onedit: Callback::from({ let (editing, id) = (editing.clone(), list.id); move |()| editing.set(Editing::List(id)) }),
                                    ondelete: Callback::from({ let (deleting, list) = (deleting.clone(), list.clone()); move |()| deleting.set(Some(list.clone())) }),
                                }) }
                            }
                        </tbody>
                    </table>
                </div>
            }
        }
    };
    let has_lists = lists.data().is_some_and(|lists| !lists.is_empty());
    html! {
        <Frame crumbs={vec![Crumb::here("Settings"), Crumb::here("Target lists")]}>
            <div>
                <div class="page-head">
                    <h1 class="grow">{ "Target lists" }</h1>
                    if has_lists {
                        <Button tone={Tone::Primary} icon={Icon::Plus} onclick={onnew} writes=true testid="new-target-list">{ "New target list" }</Button>
                    }
                </div>
                { loaded(&lists, 6, show) }
            </div>
            <Editor editing={*editing} onclose={let editing = editing.setter(); move |()| editing.set(Editing::Nothing)} />
            <DeleteDialog list={(*deleting).clone()} onclose={let deleting = deleting.setter(); move |()| deleting.set(None)} />
        </Frame>
    }
}

struct ListRowProps {
    list: TargetListSummary,
    onedit: Callback<()>,
    ondelete: Callback<()>,
}

fn list_row(props: &ListRowProps) -> Html {
    let list = &props.list;
    let preview =
        Preview::of_labels(list.target_count as usize, list.first_labels.iter().map(String::as_str));
    html! {
        <tr class="hit" data-testid="target-list-row">
            <td class="fill">
                <div class="clip">
                    <button type="button" class="link name" onclick={props.onedit.reform(|_: MouseEvent| ())}>{ list.name.clone() }</button>
                </div>
                if !list.description.is_empty() {
                    <div class="small muted clip">{ list.description.clone() }</div>
                }
            </td>
            <td class="num-cell">{ grouped(list.target_count as usize) }</td>
            <td class="named">{ preview.named.clone() }{ " " }<span class="muted">{ preview.rest() }</span></td>
            <td class="muted">
                if let Some(at) = list.last_used_at { <When {at} shown={Shown::Date} /> } else { { "never" } }
            </td>
            <td class="icon-cell">
                <Button tone={Tone::Ghost} small=true icon={Icon::Pencil} label={format!("Edit {}", list.name)} onclick={props.onedit.clone()} />
                <Button
                    tone={Tone::Ghost}
                    small=true
                    icon={Icon::Trash}
                    label={format!("Delete {}", list.name)}
                    onclick={props.ondelete.clone()}
                    writes=true testid="delete-list"
                />
            </td>
        </tr>
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Form {
    name: String,
    description: String,
    lines: AttrValue,
}

#[derive(Properties, PartialEq)]
struct EditorProps {
    editing: Editing,
    onclose: Callback<()>,
}

/// Makes a list or changes one. What is typed for a new list stays until it is saved.
#[component]
fn Editor(props: &EditorProps) -> Html {
    let id = match props.editing {
        Editing::List(id) => Some(id),
        Editing::New | Editing::Nothing => None,
    };
    let existing = use_load(id.map(|id| GetTargetList { id }), |_, _| false);
    let fresh = use_state(Form::default);
    let changed = use_state(|| None::<(TargetListId, Form)>);
    let strict = use_state(|| false);
    let toasts = use_toasts();

    let form = match id {
        None => (*fresh).clone(),
        Some(id) => {
            changed.as_ref().filter(|(of, _)| *of == id).map_or_else(Form::default, |(_, form)| form.clone())
        }
    };
    let lines = use_lines(&form.lines);
    let saved = {
        let (fresh, changed, strict) = (fresh.setter(), changed.setter(), strict.setter());
        let (onclose, is_new) = (props.onclose.clone(), id.is_none());
        Callback::from(move |list: TargetList| {
            if is_new {
                fresh.set(Form::default());
            }
            changed.set(None);
            strict.set(false);
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
        let changed = changed.setter();
        use_effect_with(existing.data(), move |list| {
            if let Some(list) = list {
                let form = Form {
                    name: list.name.clone(),
                    description: list.description.clone(),
                    lines: to_lines(&list.targets).into(),
                };
                changed.set(Some((list.id, form)));
            }
        });
    }
    {
        let (strict, create, update) = (strict.setter(), create.clone(), update.clone());
        use_effect_with(props.editing, move |_| {
            strict.set(false);
            create.clear();
            update.clear();
        });
    }

    let set = {
        let (fresh, changed, form) = (fresh.setter(), changed.setter(), form.clone());
        let (create, update) = (create.clone(), update.clone());
        Rc::new(move |change: &dyn Fn(&mut Form)| {
            create.clear();
            update.clear();
            let mut next = form.clone();
            change(&mut next);
            match id {
                None => fresh.set(next),
                Some(id) => changed.set(Some((id, next))),
            }
        })
    };
    let onsubmit = {
        let (form, strict, create, update) = (form.clone(), strict.setter(), create.clone(), update.clone());
        let before = existing.data();
        Callback::from(move |()| {
            strict.set(true);
            let Ok(name) = text::name("name", &form.name) else { return browser::focus("list-name") };
            // Read again: what is shown may be a moment behind the text.
            let Ok(targets) = targets_field::read(&form.lines) else { return browser::focus("list-targets") };
            let description = form.description.trim().to_owned();
            // Lines show names and notes alone: the rest stays with its target.
            let known = before.as_ref().map_or(&[][..], |list| &list.targets);
            let targets = with_details_of(targets.to_vec(), known);
            match id {
                None => create.run(CreateTargetList { name, description, client: None, site: None, targets }),
                Some(id) => update.run(UpdateTargetList {
                    id,
                    name: Some(name),
                    description: Some(description),
                    client: Patch::Keep,
                    site: Patch::Keep,
                    targets: Some(targets),
                }),
            }
        })
    };

    let refused = |field: &str| create.error_on(field).or_else(|| update.error_on(field));
    let name_error = strict
        .then(|| {
            text::name("name", &form.name)
                .err()
                .map(|invalid| sentence(&format!("the name {}", invalid.message)))
        })
        .flatten()
        .or_else(|| refused("name"))
        .map(AttrValue::from);
    let targets_error = refused("targets")
        .or_else(|| {
            (*strict && form.lines.trim().is_empty()).then(|| "Write at least one target.".to_owned())
        })
        .map(AttrValue::from);
    const FIELDS: [&str; 3] = ["name", "targets", "description"];
    let elsewhere = create.error_elsewhere(&FIELDS).or_else(|| update.error_elsewhere(&FIELDS));
    let loading = id.is_some() && changed.is_none();
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={create.busy() || update.busy()} disabled={loading} writes=true testid="list-save">
                { "Save list" }
            </Button>
        </>
    };
    html! {
        <Dialog
            id="list"
            title={if id.is_some() { "Edit target list" } else { "New target list" }}
            open={props.editing != Editing::Nothing}
            onclose={props.onclose.clone()}
            {onsubmit}
            {foot}
        >
            if loading {
                if let Some(error) = existing.error() {
                    { trouble(api::sentence(error), Some(existing.again())) }
                } else {
                    { skeleton(6) }
                }
            } else {
                <Field id="list-name" label="Name" error={name_error.clone()}>
                    <TextInput
                        id="list-name"
                        value={form.name.clone()}
                        oninput={let set = set.clone(); move |text: String| set(&|form| form.name.clone_from(&text))}
                        invalid={name_error.is_some()}
                        required=true
                        placeholder="Citrix farm"
                        autofocus=true
                        testid="list-name"
                    />
                </Field>
                <Field id="list-description" label="Description" optional=true error={refused("description").map(AttrValue::from)}>
                    <TextInput
                        id="list-description"
                        value={form.description.clone()}
                        oninput={let set = set.clone(); move |text: String| set(&|form| form.description.clone_from(&text))}
                        testid="list-description"
                    />
                </Field>
                { targets_field(&TargetsFieldProps {
                    id: AttrValue::from("list-targets"),
                    text: form.lines.clone(),
                    oninput: Callback::from({ let set = set.clone(); move |text: String| { let text = AttrValue::from(text); set(&|form| form.lines = text.clone()) } }),
                    lines,
                    error: targets_error,
                    testid: Some(AttrValue::from("list-targets")),
                    autofocus: false,
                }) }
                if let Some(text) = elsewhere {
                    { trouble(text, None) }
                }
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct DeleteDialogProps {
    list: Option<TargetListSummary>,
    onclose: Callback<()>,
}

#[component]
fn DeleteDialog(props: &DeleteDialogProps) -> Html {
    let toasts = use_toasts();
    let name = props.list.as_ref().map(|list| list.name.clone()).unwrap_or_default();
    let delete = use_call::<DeleteTargetList>({
        let (onclose, name) = (props.onclose.clone(), name.clone());
        Callback::from(move |_| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!("“{name}” is deleted."));
            }
        })
    });
    let onconfirm = {
        let (delete, id) = (delete.clone(), props.list.as_ref().map(|list| list.id));
        Callback::from(move |()| {
            if let Some(id) = id {
                delete.run(DeleteTargetList { id });
            }
        })
    };
    let targets = props.list.as_ref().map_or(0, |list| list.target_count as usize);
    html! {
        <Confirm
            id="delete-list"
            title="Delete this target list?"
            action="Delete list"
            open={props.list.is_some()}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={delete.busy()}
            error={delete.error_elsewhere(&[]).map(AttrValue::from)}
            testid="delete-list-confirm"
        >
            <p>
                { format!("“{name}” goes, with its {}. A schedule that uses it then makes one session, “Unassigned”. Batches it was used for stay.", count(targets, "target")) }
            </p>
        </Confirm>
    }
}
