//! The library of flows: filter, search and order stand in the address, the view is remembered on this machine.

mod views;

use super::frame::{Crumb, Frame};
use super::import::ImportDialog;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::field::{Select, TextInput};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::route::{Route, Sort, editor_address, library_address, library_query, use_here};
use crate::state::library::View;
use crate::state::load::use_view;
use crate::state::time::count;
use crate::state::typed::use_typed;
use mf_contract::Event;
use mf_contract::flows::{FlowCounts, FlowCountsReply, FlowSummary, ListFlows};
use mf_domain::flow::FlowType;
use mf_domain::role::Role;
use std::rc::Rc;
use views::{Cards, List, Table};
use yew::prelude::*;

/// The title of the library under a filter.
#[must_use]
pub fn title(flow_type: Option<FlowType>) -> &'static str {
    match flow_type {
        None => "Flows",
        Some(FlowType::Troubleshooting) => "Troubleshooting",
        Some(FlowType::Procedural) => "Projects",
        Some(FlowType::Maintenance) => "Maintenance",
    }
}

/// Whether an event changes what the library shows.
#[must_use]
pub fn concerns(event: &Event) -> bool {
    matches!(
        event,
        Event::FlowChanged { .. }
            | Event::ScheduleChanged { .. }
            | Event::BatchChanged { .. }
            | Event::SessionChanged { .. }
    )
}

/// The page.
#[component]
pub fn Library() -> Html {
    let here = use_here();
    let (flow_type, asked, sort) = (here.flow_type(), here.search(), here.sort());
    let importing = use_state(|| false);
    let view = use_state(View::stored);
    let typed = use_typed(
        asked.as_deref().unwrap_or_default(),
        Callback::from(move |search: String| {
            let search = Some(search).filter(|search| !search.is_empty());
            browser::go_to(&library_address(flow_type, search.as_deref(), sort), true);
        }),
    );
    let flows = use_view(Some(ListFlows { flow_type, search: asked.clone() }), |_, event| concerns(event));
    let counts = use_view(Some(FlowCounts {}), |_, event| matches!(event, Event::FlowChanged { .. }));

    {
        let importing = importing.setter();
        use_effect_with(here.importing(), move |asked| {
            if *asked {
                importing.set(true);
            }
        });
    }

    let onimport = {
        let importing = importing.setter();
        Callback::from(move |()| importing.set(true))
    };
    let show = {
        let (onimport, search, view) = (onimport.clone(), asked.clone(), *view);
        let filtered = flow_type.is_some() || asked.is_some();
        let clear = {
            let typed = typed.setter();
            Callback::from(move |()| typed.set(String::new()))
        };
        move |flows: Rc<Vec<FlowSummary>>| {
            if flows.is_empty() {
                return nothing(search.as_deref(), filtered, clear, onimport);
            }
            match view {
                View::Grid => html! { <Cards {flows} {sort} /> },
                View::List => html! { <List {flows} {sort} /> },
                View::Table => html! { <Table {flows} {sort} /> },
            }
        }
    };
    let number = flows.data().map(|flows| count(flows.len(), "flow"));
    let page = title(flow_type);
    let crumbs = match flow_type {
        None => vec![Crumb::here(page)],
        Some(_) => vec![Crumb::to("Flows", Route::Flows), Crumb::here(page)],
    };
    let onsort = {
        let asked = asked.clone();
        Callback::from(move |name: String| {
            let sort = Sort::ALL.into_iter().find(|sort| sort.name() == name).unwrap_or_default();
            browser::go_to(&library_address(flow_type, asked.as_deref(), sort), true);
        })
    };
    html! {
        <Frame {crumbs}>
            <div class="page-head">
                <h1 class="grow">{ page }</h1>
                <div class="row">
                    <Button writes=true needs={Role::Manager} icon={Icon::Upload} onclick={onimport} testid="import-markdown">{ "Import" }</Button>
                    { new_flow(flow_type) }
                </div>
            </div>
            <div class="toolbar">
                <div class="search">
                    { Icon::Search.svg() }
                    <label class="visually-hidden" for="flow-search">{ "Search flows" }</label>
                    <TextInput
                        id="flow-search"
                        kind="search"
                        placeholder="Name or description"
                        value={(*typed).clone()}
                        oninput={let typed = typed.setter(); move |text| typed.set(text)}
                        testid="flow-search"
                    />
                </div>
                { type_filter(flow_type, asked.as_deref(), sort, counts.data().as_deref()) }
                <span class="end small muted" role="status">{ number }</span>
                { sort_by(sort, onsort) }
                { views(*view, Callback::from({ let view = view.setter(); move |next: View| { next.remember(); view.set(next); } })) }
            </div>
            { loaded(&flows, 6, show) }
            <ImportDialog
                open={*importing}
                {flow_type}
                onclose={
                    let importing = importing.setter();
                    let asked = here.importing().then(|| library_address(flow_type, asked.as_deref(), sort));
                    move |()| {
                        importing.set(false);
                        if let Some(address) = &asked {
                            browser::go_to(address, true);
                        }
                    }
                }
            />
        </Frame>
    }
}

/// The way to the editor.
fn new_flow(flow_type: Option<FlowType>) -> Html {
    let address = editor_address(flow_type.unwrap_or(FlowType::Maintenance));
    let onclick = Callback::from(move |()| browser::go_to(&address, false));
    html! { <Button writes=true needs={Role::Manager} tone={Tone::Primary} icon={Icon::Plus} {onclick} testid="new-flow">{ "New flow" }</Button> }
}

fn nothing(search: Option<&str>, filtered: bool, clear: Callback<()>, onimport: Callback<()>) -> Html {
    if let Some(search) = search {
        return empty(&EmptyProps {
            icon: Icon::Search,
            title: AttrValue::from(format!("No flow matches “{search}”")),
            text: AttrValue::default(),
            compact: false,
            children: html! { <Button onclick={clear}>{ "Clear the search" }</Button> },
        });
    }
    empty(&EmptyProps {
        icon: Icon::Book,
        title: AttrValue::from(if filtered { "No flow of this type yet" } else { "No flows yet" }),
        text: AttrValue::from(
            "Write one, or import a runbook in plain Markdown: its list items become the steps.",
        ),
        compact: false,
        children: html! {
            <Button writes=true needs={Role::Manager} tone={Tone::Primary} icon={Icon::Upload} onclick={onimport}>{ "Import Markdown" }</Button>
        },
    })
}

fn type_filter(
    chosen: Option<FlowType>,
    search: Option<&str>,
    sort: Sort,
    counts: Option<&FlowCountsReply>,
) -> Html {
    let filter = |flow_type: Option<FlowType>| {
        let number = counts.map(|counts| match flow_type {
            None => counts.total,
            Some(FlowType::Troubleshooting) => counts.troubleshooting,
            Some(FlowType::Procedural) => counts.procedural,
            Some(FlowType::Maintenance) => counts.maintenance,
        });
        let words = flow_type.map_or("All", |flow_type| title(Some(flow_type)));
        html! {
            <To
                route={Route::Flows}
                query={library_query(flow_type, search, sort)}
                class="filter"
                current={flow_type == chosen}
                testid={format!("type-{}", flow_type.map_or("all", FlowType::as_str))}
            >
                { words }
                if let Some(number) = number {
                    <b>{ number }</b>
                }
            </To>
        }
    };
    html! {
        <nav class="filters" aria-label="Type of flow">
            { filter(None) }
            { filter(Some(FlowType::Troubleshooting)) }
            { filter(Some(FlowType::Procedural)) }
            { filter(Some(FlowType::Maintenance)) }
        </nav>
    }
}

fn sort_by(sort: Sort, onchange: Callback<String>) -> Html {
    let words = ["Name", "Last changed", "Due next", "Most steps"];
    let options: Vec<(AttrValue, AttrValue)> =
        Sort::ALL.into_iter().zip(words).map(|(sort, words)| (sort.name().into(), words.into())).collect();
    html! {
        <div class="sort">
            <label class="visually-hidden" for="flow-sort">{ "Sort by" }</label>
            <Select id="flow-sort" value={sort.name()} {options} {onchange} testid="flow-sort" />
        </div>
    }
}

fn views(view: View, onchoose: Callback<View>) -> Html {
    let looks = [(Icon::Grid, "Grid"), (Icon::Rows, "List"), (Icon::List, "Table")];
    html! {
        <div class="segments" role="group" aria-label="View">
            for (one, (icon, words)) in View::ALL.into_iter().zip(looks) {
                <Button
                    tone={Tone::Ghost}
                    small=true
                    {icon}
                    label={words}
                    pressed={one == view}
                    onclick={onchoose.reform(move |()| one)}
                    testid={format!("view-{}", one.name())}
                />
            }
        </div>
    }
}

/// The first line of a description.
#[must_use]
pub fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}
