//! Target lists: the machines flows are worked through on, kept by name and customer.

mod details;
mod editor;
mod import;
mod undo;

use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::dialog::Confirm;
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::named_row::{change_cell, name_button};
use crate::pages::settings::{Section, SettingsFrame};
use crate::route::{Over, Route, use_here, use_over};
use crate::state::call::use_call;
use crate::state::last_import::{self, LastImport};
use crate::state::launch::Preview;
use crate::state::load::use_view;
use crate::state::target_list::{Group, groups};
use crate::state::time::{count, grouped};
use crate::state::toasts::use_toasts;
use editor::Editor;
use import::ImportDialog;
use mf_contract::Event;
use mf_contract::target_lists::{DeleteTargetList, ListTargetLists, TargetListSummary};
use mf_domain::ids::TargetListId;
use mf_domain::role::Role;
use std::rc::Rc;
use undo::{offer, use_undo_import};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What lies over the page.
#[derive(Clone, Debug, PartialEq)]
enum Layer {
    New,
    List(TargetListId),
    Import,
    Delete(TargetListSummary),
}

/// Characters of the first targets that have room in a row.
const ROOM: usize = 26;
/// From so many lists on there is a search.
const MANY: usize = 6;

/// The page.
#[component]
pub fn TargetLists() -> Html {
    let lists = use_view(Some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. } | Event::BatchChanged { .. })
    });
    let search = use_state(String::new);
    let last = use_state(last_import::recall);
    let onlast = {
        let last = last.setter();
        Callback::from(move |import: Option<LastImport>| {
            last_import::remember(import.clone());
            last.set(import);
        })
    };
    let onundo = use_undo_import();
    let here = use_here();
    // An address may name one, or ask for a new one or the import.
    let asked = here.list().map(Layer::List).or_else(|| here.importing().then_some(Layer::Import));
    let asked = asked.or_else(|| here.asks_for_new().then_some(Layer::New));
    let over = use_over(asked, Route::TargetLists);
    let (onnew, onimport) = (over.show(Layer::New), over.show(Layer::Import));
    let table = {
        let (over, onnew, onimport, search) = (over.clone(), onnew.clone(), onimport.clone(), search.clone());
        move |lists: Rc<Vec<TargetListSummary>>| {
            if lists.is_empty() {
                return empty(&EmptyProps {
                    icon: Icon::Server,
                    title: "No target lists yet".into(),
                    text: "A list names the machines to work on. Paste them once, or import an export of your RMM, and use them in every schedule and launch.".into(),
                    children: html! {
                        <div class="row">
                            <Button tone={Tone::Primary} icon={Icon::Plus} onclick={onnew} writes=true testid="new-target-list">{ "New target list" }</Button>
                            <Button icon={Icon::Upload} onclick={onimport} writes=true testid="import-targets">{ "Import CSV" }</Button>
                        </div>
                    },
                    compact: false,
                });
            }
            let shown = groups(&lists, &search);
            let by_client = lists.iter().any(|list| list.client.is_some());
            if shown.is_empty() {
                return html! { <p class="muted" role="status">{ format!("No list fits “{}”.", search.trim()) }</p> };
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
                        for group in shown {
                            { client_group(&lists, &group, by_client, &over) }
                        }
                    </table>
                </div>
            }
        }
    };
    let number = lists.data().map_or(0, |lists| lists.len());
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            search.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    let editing = match over.now {
        Some(Layer::New) => Some(None),
        Some(Layer::List(id)) => Some(Some(id)),
        _ => None,
    };
    let deleting = match &over.now {
        Some(Layer::Delete(list)) => Some(list.clone()),
        _ => None,
    };
    html! {
        <SettingsFrame section={Section::TargetLists}>
            <div class="page-head">
                <h1 class="grow">{ "Target lists" }</h1>
                if number >= MANY {
                    <label class="search">
                        { Icon::Search.svg() }
                        <input class="input" type="search" aria-label="Search target lists" placeholder="Search lists" value={(*search).clone()} {oninput} data-testid="list-search" />
                    </label>
                }
                if number > 0 {
                    <Button icon={Icon::Upload} onclick={onimport} writes=true testid="import-targets">{ "Import CSV" }</Button>
                    <Button tone={Tone::Primary} icon={Icon::Plus} onclick={onnew} writes=true testid="new-target-list">{ "New target list" }</Button>
                }
            </div>
            if let Some(import) = last.as_ref().filter(|last| lists.data().is_some_and(|lists| last.holds(&lists))) {
                { offer(import, &onundo, onlast.reform(|()| None)) }
            }
            { loaded(&lists, 6, table) }
            <Editor {editing} onclose={over.close.clone()} />
            <ImportDialog
                open={over.now == Some(Layer::Import)}
                onclose={over.close.clone()}
                onimported={onlast.reform(Some)}
                {onundo}
            />
            <DeleteDialog list={deleting} onclose={over.close} />
        </SettingsFrame>
    }
}

fn client_group(lists: &[TargetListSummary], group: &Group, named: bool, over: &Over<Layer>) -> Html {
    let targets = group.lists.iter().map(|place| lists[*place].target_count as usize).sum();
    html! {
        <tbody class="rows">
            if named {
                <tr class="group-head" data-testid="client-group">
                    <th scope="rowgroup" colspan="5">
                        { group.client.as_deref().unwrap_or("Without a client") }
                        <span class="muted">{ format!(" · {}", count(targets, "target")) }</span>
                    </th>
                </tr>
            }
            for list in group.lists.iter().map(|place| &lists[*place]) {
                { list_row(list, over) }
            }
        </tbody>
    }
}

fn list_row(list: &TargetListSummary, over: &Over<Layer>) -> Html {
    let labels = list.first_labels.iter().map(String::as_str);
    let preview = Preview::within(list.target_count as usize, labels, ROOM);
    let about: Vec<&str> = list.site.iter().chain(Some(&list.description)).map(String::as_str).collect();
    let about = about.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let onedit = over.show(Layer::List(list.id));
    html! {
        <tr key={list.id.to_string()} class="hit" data-testid="target-list-row">
            <td class="fill">
                { name_button(&list.name, &onedit, "edit-list") }
                if !about.is_empty() {
                    <div class="small muted clip">{ about }</div>
                }
            </td>
            <td class="num-cell">{ grouped(list.target_count as usize) }</td>
            <td class="named"><div class="begins"><span class="clip">{ preview.named.clone() }</span><span class="muted">{ preview.rest() }</span></div></td>
            <td class="muted">
                if let Some(at) = list.last_used_at { <When {at} shown={Shown::Date} /> } else { { "never" } }
            </td>
            { change_cell(&list.name, Role::Operator, onedit, over.show(Layer::Delete(list.clone())), "delete-list") }
        </tr>
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
