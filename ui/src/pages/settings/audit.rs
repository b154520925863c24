//! The audit (F76): who did what, from which computer. The server keeps it and is asked when somebody looks.

use super::path_dialog::PathDialog;
use super::{Section, SettingsFrame};
use crate::browser;
use crate::components::button::{Button, May, Tone};
use crate::components::datetime::When;
use crate::components::field::{Select, TextInput, field_error};
use crate::components::icon::Icon;
use crate::components::link::{To, to_address};
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::trouble::trouble_elsewhere;
use crate::route::{Route, use_here};
use crate::state::backups::stamp;
use crate::state::blackouts::entries;
use crate::state::call::use_call;
use crate::state::clock::use_now;
use crate::state::evidence::size;
use crate::state::load::use_load;
use crate::state::notices::Older;
use crate::state::team::audit::{ACTIONS, Asked, action_word, who};
use crate::state::team::entities::{ENTITIES, entity_icon, entity_word, row_address};
use crate::state::team::people::device_name;
use crate::state::time::in_viewer_zone;
use crate::state::toasts::use_toasts;
use crate::state::workspaces::use_workspaces;
use chrono::NaiveDate;
use mf_contract::Event;
use mf_contract::audit::{AuditEntry, ExportAudit, ExportedAudit, ListAudit};
use mf_contract::members::{ListMembers, Member};
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// How many are loaded at once.
const PAGE: u32 = 100;

/// The section.
#[component]
pub fn Audit() -> Html {
    let workspaces = use_workspaces();
    let known = workspaces.current().is_some();
    let shared = workspaces.is_shared();
    use_effect_with(known && !shared, |alone| {
        // Nothing is loaded that would tell.
        if *alone {
            browser::mark_ready();
        }
    });
    html! {
        <SettingsFrame section={Section::Audit}>
            if known && !shared {
                <div class="page-head"><h1>{ "Audit" }</h1></div>
                { empty(&EmptyProps {
                    icon: Icon::List,
                    title: "Only a team's workspace has an audit".into(),
                    text: "There it is kept by the server: who did what, from which computer, and nobody can change it. The local workspace is yours alone.".into(),
                    compact: false,
                    children: html! { <To route={Route::Sharing} class="btn">{ "Workspace and sync" }</To> },
                }) }
            } else {
                <OfTeam />
            }
        </SettingsFrame>
    }
}

/// The audit of a team.
#[component]
fn OfTeam() -> Html {
    let asked = Asked::of(&use_here());
    let request = ListAudit { filter: asked.filter(), limit: Some(PAGE), before: None };
    let newest = use_load(Some(request.clone()), |_, _| false);
    let members =
        use_load(Some(ListMembers { removed: true }), |_, event| matches!(event, Event::MembersChanged));
    let last = newest.data().and_then(|list| list.last().map(|one| one.id));
    let older = use_state(Older::<u64, AuditEntry>::default);
    let load_older = use_call::<ListAudit>({
        let older = older.clone();
        Callback::from(move |page: Vec<AuditEntry>| {
            older.set((*older).clone().behind(last).with(page, PAGE as usize));
        })
    });
    let older = (*older).clone().behind(last);
    let exporting = use_state(|| false);
    let toasts = use_toasts();
    let export = use_call::<ExportAudit>({
        let exporting = exporting.setter();
        Callback::from(move |done: ExportedAudit| {
            exporting.set(false);
            if let Some(toasts) = &toasts {
                let entries = entries(done.entries as usize);
                toasts.success(format!("{entries} written: {}, {}.", done.path, size(done.bytes)));
            }
        })
    });
    let ask = |open: bool| {
        let (exporting, export) = (exporting.setter(), export.clone());
        Callback::from(move |()| {
            export.clear();
            exporting.set(open);
        })
    };
    let onpath = {
        let (export, filter) = (export.clone(), asked.filter());
        Callback::from(move |path: String| export.run(ExportAudit { path, filter: filter.clone() }))
    };
    let may_export = use_context::<May>().unwrap_or_default().offers(Role::Manager);
    let day = stamp(in_viewer_zone(use_now()));
    let filters = asked.filters();
    let show = {
        let (older, load_older) = (older, load_older.clone());
        move |newest: Rc<Vec<AuditEntry>>| {
            if newest.is_empty() {
                return nothing(filters);
            }
            let more = newest.len() as u32 >= PAGE && !older.ended;
            let before = older.list.last().or(newest.last()).map(|one| one.id);
            let busy = load_older.busy();
            let trouble = load_older.error_elsewhere(&[]);
            let onmore = Callback::from(move |()| load_older.run(ListAudit { before, ..request.clone() }));
            html! {
                <div class="card flat">
                    <table class="table-wide">
                        <thead>
                            <tr>
                                <th scope="col">{ "When" }</th>
                                <th scope="col">{ "Who" }</th>
                                <th scope="col">{ "Did" }</th>
                                <th scope="col">{ "What" }</th>
                                <th scope="col">{ "Computer" }</th>
                            </tr>
                        </thead>
                        <tbody class="rows">
                            for entry in newest.iter().chain(&older.list) {
                                { row(entry) }
                            }
                        </tbody>
                    </table>
                    { trouble_elsewhere(trouble) }
                    if more {
                        <div class="more"><Button {busy} onclick={onmore} testid="load-more">{ "Show older ones" }</Button></div>
                    }
                </div>
            }
        }
    };
    html! {
        <>
            <div class="page-head">
                <h1 class="grow">{ "Audit" }</h1>
                <Button icon={Icon::Retry} onclick={newest.again()} testid="audit-again">{ "Look again" }</Button>
                if may_export {
                    <Button icon={Icon::Download} onclick={ask(true)} testid="export-audit">{ "Export CSV…" }</Button>
                }
            </div>
            <Filters asked={asked.clone()} members={members.data()} />
            { loaded(&newest, 8, show) }
            <PathDialog
                id="export-audit"
                title="Export the audit"
                action="Export CSV"
                proposed={format!("maintenance-flows-audit-{day}.csv")}
                open={*exporting}
                onclose={ask(false)}
                {onpath}
                busy={export.busy()}
                progress="Asking the server for all of it and writing it…"
                error={(export.error_on("path"), export.error_elsewhere(&["path"]))}
            >
                <p>{ if filters { "Everything that the filters leave, not only what is shown here." } else { "The whole audit, not only what is shown here." } }</p>
            </PathDialog>
        </>
    }
}

fn nothing(filters: bool) -> Html {
    let onclear = Callback::from(|()| browser::go_to(&Route::Audit.path(), false));
    empty(&EmptyProps {
        icon: Icon::List,
        title: if filters { "Nothing fits" } else { "Nothing was done yet" }.into(),
        text: if filters {
            "No entry fits all of the filters."
        } else {
            "What anybody does in this workspace is written here."
        }
        .into(),
        compact: false,
        children: if filters {
            html! { <Button onclick={onclear} testid="clear-filters">{ "Clear filters" }</Button> }
        } else {
            Html::default()
        },
    })
}

fn row(entry: &AuditEntry) -> Html {
    let address =
        entry.entity.as_deref().zip(entry.row_id.as_deref()).and_then(|(entity, id)| row_address(entity, id));
    html! {
        <tr key={entry.id} class="hit" data-testid="audit-row">
            <td class="muted"><When at={entry.at} /></td>
            <td class="strong"><div class="clip named-short">{ who(entry) }</div></td>
            <td>{ action_word(&entry.action) }</td>
            <td class="fill">
                <div class="row">
                    if let Some(entity) = &entry.entity {
                        { entity_icon(entity).svg_with("faint") }
                        <span class="muted">{ entity_word(entity) }</span>
                    }
                    if let Some(name) = &entry.name {
                        if let Some(address) = address {
                            { to_address(&address, "name clip", name.clone(), "audit-link") }
                        } else {
                            <span class="clip">{ name }</span>
                        }
                    } else if let Some(address) = address {
                        { to_address(&address, "name clip", "show it", "audit-link") }
                    }
                    if let Some(detail) = &entry.detail {
                        <span class="clip">{ detail }</span>
                    }
                </div>
            </td>
            <td class="muted" title={entry.device_id.map(|id| id.to_string())}>{ entry.device_id.map(device_name) }</td>
        </tr>
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    asked: Asked,
    members: Option<Rc<Vec<Member>>>,
}

/// The filters. Each choice is an address.
#[component]
fn Filters(props: &FiltersProps) -> Html {
    let asked = &props.asked;
    let change = |change: fn(&mut Asked, String)| {
        let asked = asked.clone();
        Callback::from(move |text: String| {
            let mut next = asked.clone();
            change(&mut next, text);
            if next != asked {
                browser::go_to(&next.address(), false);
            }
        })
    };
    let any = |words: &'static str| (AttrValue::default(), AttrValue::from(words));
    let mut members = vec![any("Anybody")];
    members.extend(
        props
            .members
            .iter()
            .flat_map(|list| list.iter())
            .map(|member| (AttrValue::from(member.id.to_string()), AttrValue::from(member.name.clone()))),
    );
    let mut actions = vec![any("Did anything")];
    actions.extend(ACTIONS.map(|(name, words)| (AttrValue::from(name), AttrValue::from(words))));
    let mut entities = vec![any("To anything")];
    entities.extend(ENTITIES.map(|entity| (AttrValue::from(entity), AttrValue::from(entity_word(entity)))));
    let onclear = Callback::from(|()| browser::go_to(&Route::Audit.path(), false));
    html! {
        <>
            <div class="toolbar wrap audit-filters" role="group" aria-label="Filters">
                { choice("audit-member", "Who", asked.member.map(|id| id.to_string()), members, change(|asked, id| asked.member = id.parse().ok())) }
                { choice("audit-action", "Did", asked.action.clone(), actions, change(|asked, name| asked.action = some(name))) }
                { choice("audit-entity", "What", asked.entity.clone(), entities, change(|asked, name| asked.entity = some(name))) }
                { day("audit-from", "From", asked.from, change(|asked, day| asked.from = day.parse().ok())) }
                { day("audit-to", "To", asked.to, change(|asked, day| asked.to = day.parse().ok())) }
                if asked.filters() {
                    <Button small=true tone={Tone::Ghost} icon={Icon::Cross} onclick={onclear} testid="clear-filters">{ "Clear filters" }</Button>
                }
            </div>
            <div id="audit-to-about">
                if !asked.days_are_in_order() {
                    { field_error("The last day is before the first one.") }
                }
            </div>
        </>
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn choice(
    id: &'static str,
    words: &'static str,
    chosen: Option<String>,
    options: Vec<(AttrValue, AttrValue)>,
    onchange: Callback<String>,
) -> Html {
    html! {
        <div class="work-choice short">
            <label class="visually-hidden" for={id}>{ words }</label>
            <Select {id} value={chosen.unwrap_or_default()} {options} {onchange} testid={id} />
        </div>
    }
}

fn day(id: &'static str, words: &'static str, day: Option<NaiveDate>, oninput: Callback<String>) -> Html {
    html! {
        <div class="work-day">
            <label class="small muted" for={id}>{ words }</label>
            <TextInput {id} kind="date" value={day.map(|day| day.to_string()).unwrap_or_default()} {oninput} testid={id} />
        </div>
    }
}
