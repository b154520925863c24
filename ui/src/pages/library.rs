//! The library of flows, filtered and searched in the address.

use super::frame::{Crumb, Frame};
use super::import::ImportDialog;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::field::TextInput;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::status;
use crate::route::{Route, library_address, use_here};
use crate::state::load::use_load;
use gloo_timers::callback::Timeout;
use mf_contract::Event;
use mf_contract::flows::{FlowSummary, ListFlows};
use mf_domain::flow::FlowType;
use std::rc::Rc;
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

/// The page.
#[component]
pub fn Library() -> Html {
    let here = use_here();
    let (flow_type, asked) = (here.flow_type(), here.search());
    let importing = use_state(|| false);
    let typed = use_state(|| asked.clone().unwrap_or_default());
    let request = ListFlows { flow_type, search: asked.clone() };
    let flows = use_load(Some(request), |_, event| {
        matches!(
            event,
            Event::FlowChanged { .. }
                | Event::ScheduleChanged { .. }
                | Event::BatchChanged { .. }
                | Event::SessionChanged { .. }
        )
    });

    {
        // The address follows the typing with a short delay, so that not every letter is a request.
        let asked = asked.clone();
        use_effect_with((*typed).clone(), move |typed| {
            let search = Some(typed.trim().to_owned()).filter(|search| !search.is_empty());
            let timeout = (search != asked).then(|| {
                Timeout::new(180, move || {
                    browser::go_to(&library_address(flow_type, search.as_deref()), true);
                })
            });
            move || drop(timeout)
        });
    }

    {
        // Another filter, back and forward change the address from outside.
        let set = typed.setter();
        let typed = (*typed).clone();
        use_effect_with(asked.clone(), move |search| {
            let search = search.clone().unwrap_or_default();
            if search != typed.trim() {
                set.set(search);
            }
        });
    }

    let onimport = {
        let importing = importing.setter();
        Callback::from(move |()| importing.set(true))
    };
    let filtered = flow_type.is_some() || asked.is_some();
    let show = {
        let onimport = onimport.clone();
        let search = asked.clone();
        let clear = {
            let typed = typed.setter();
            Callback::from(move |()| typed.set(String::new()))
        };
        move |flows: Rc<Vec<FlowSummary>>| {
            if !flows.is_empty() {
                return html! { { flow_table(&FlowTableProps { flows }) } };
            }
            if let Some(search) = &search {
                return html! {
                                    { empty(&EmptyProps {
                                        icon: Icon::Search,
                                        title: AttrValue::from(format!("No flow matches “{search}”")),
                                        children: html! {
                <><Button onclick={clear.clone()}>{ "Clear the search" }</Button></>
                },
                                        text: AttrValue::default(),
                                        compact: false,
                                    }) }
                                };
            }
            html! {
                            { empty(&EmptyProps {
                                icon: Icon::Book,
                                title: AttrValue::from(if filtered { "No flow of this type yet" } else { "No flows yet" }),
                                text: AttrValue::from("Import a runbook in plain Markdown. Its list items become the steps."),
                                children: html! {
            <><Button tone={Tone::Primary} icon={Icon::Upload} onclick={onimport.clone()}>{ "Import Markdown" }</Button></>
            },
                                compact: false,
                            }) }
                        }
        }
    };
    let page = title(flow_type);
    let crumbs = match flow_type {
        None => vec![Crumb::here(page)],
        Some(_) => vec![Crumb::to("Flows", Route::Flows), Crumb::here(page)],
    };
    html! {
        <Frame {crumbs}>
            <div class="page-head">
                <h1 class="grow">{ page }</h1>
                <div class="row">
                    <div class="search">
                        { Icon::Search.svg() }
                        <label class="visually-hidden" for="flow-search">{ "Search flows" }</label>
                        <TextInput
                            id="flow-search"
                            kind="search"
                            placeholder="Search by name or description"
                            value={(*typed).clone()}
                            oninput={let typed = typed.setter(); move |text| typed.set(text)}
                            testid="flow-search"
                        />
                    </div>
                    <Button tone={Tone::Primary} icon={Icon::Upload} onclick={onimport} testid="import-markdown">
                        { "Import Markdown" }
                    </Button>
                </div>
            </div>
            { loaded(&flows, 6, show) }
            <ImportDialog
                open={*importing}
                {flow_type}
                onclose={let importing = importing.setter(); move |()| importing.set(false)}
            />
        </Frame>
    }
}

/// Properties of [`flow_table`].
#[derive(Debug)]
pub struct FlowTableProps {
    pub flows: Rc<Vec<FlowSummary>>,
}

/// Flows as a table.
pub fn flow_table(props: &FlowTableProps) -> Html {
    html! {
        <div class="card flat">
            <table class="table-wide">
                <thead>
                    <tr>
                        <th scope="col">{ "Name" }</th>
                        <th scope="col">{ "Type" }</th>
                        <th scope="col" class="num-cell">{ "Steps" }</th>
                        <th scope="col" class="num-cell">{ "Revision" }</th>
                        <th scope="col">{ "Next run" }</th>
                        <th scope="col" class="num-cell">{ "Open batches" }</th>
                        <th scope="col">{ "Updated" }</th>
                    </tr>
                </thead>
                <tbody class="rows">
                    for flow in props.flows.iter() {
                        <tr key={flow.id.to_string()} class="hit" data-testid="flow-row">
                            <td class="fill">
                                <div class="clip">
                                    <To class="name" route={Route::of_flow(flow.id, flow.flow_type)}>{ flow.name.clone() }</To>
                                </div>
                                if !flow.description.is_empty() {
                                    <div class="small muted clip">{ first_line(&flow.description) }</div>
                                }
                            </td>
                            <td>{ status::of_type(flow.flow_type).pill() }</td>
                            <td class="num-cell">{ flow.step_count }</td>
                            <td class="num-cell muted">{ flow.revision }</td>
                            <td>
                                if let Some(at) = flow.next_run_at {
                                    <When {at} shown={Shown::Relative} />
                                } else {
                                    <span class="faint">{ "–" }</span>
                                }
                            </td>
                            <td class="num-cell">
                                if flow.open_batches > 0 { { flow.open_batches } } else { <span class="faint">{ "–" }</span> }
                            </td>
                            <td class="muted"><When at={flow.updated_at} shown={Shown::Relative} /></td>
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}

/// The first line of a description.
#[must_use]
pub fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}
