//! The first page: the library, and until the first schedule runs, what to do next.

use super::frame::{Crumb, Frame};
use super::import::ImportDialog;
use super::library::{Library, concerns, table};
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::loaded::{loaded, skeleton};
use crate::route::{Route, go};
use crate::state::load::use_load;
use mf_contract::Event;
use mf_contract::flows::{FlowSummary, ListFlows};
use mf_contract::schedules::ListSchedules;
use mf_contract::target_lists::ListTargetLists;
use mf_domain::flow::FlowType;
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn Home() -> Html {
    let flows = use_load(Some(ListFlows::default()), |_, event| concerns(event));
    let lists = use_load(Some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    let schedules =
        use_load(Some(ListSchedules {}), |_, event| matches!(event, Event::ScheduleChanged { .. }));
    let importing = use_state(|| false);
    let onimport = {
        let importing = importing.setter();
        Callback::from(move |()| importing.set(true))
    };
    let has_list = lists.data().is_some_and(|lists| !lists.is_empty());
    let has_schedule = schedules.data().is_some_and(|schedules| !schedules.is_empty());
    let known = lists.data().is_some() && schedules.data().is_some();
    let empty = flows.data().is_some_and(|flows| flows.is_empty());
    let unknown = lists.error().is_some() || schedules.error().is_some();
    if flows.data().is_some() && !empty && ((has_list && has_schedule) || unknown) {
        // Set up: the library with its search, on the same address.
        return html! { <Library /> };
    }
    let show = {
        let onimport = onimport.clone();
        move |flows: Rc<Vec<FlowSummary>>| {
            let first = flows.iter().find(|flow| flow.flow_type == FlowType::Maintenance).map(|flow| flow.id);
            if !known && !flows.is_empty() {
                return skeleton(6);
            }
            html! {
                <div class="col-l">
                    { first_steps(&FirstStepsProps {
                        has_flow: first.is_some(),
                        has_list,
                        onimport: onimport.clone(),
                        onlist: Callback::from(|()| go(Route::TargetLists)),
                        onschedule: first.map(|id| Callback::from(move |()| go(Route::Maintenance { id }))),
                    }) }
                    if !flows.is_empty() {
                        { table(&flows.iter().collect::<Vec<_>>()) }
                    }
                </div>
            }
        }
    };
    html! {
        <Frame crumbs={vec![Crumb::here("Flows")]}>
            { loaded(&flows, 6, show) }
            <ImportDialog open={*importing} onclose={let importing = importing.setter(); move |()| importing.set(false)} />
        </Frame>
    }
}

struct FirstStepsProps {
    has_flow: bool,
    has_list: bool,
    onimport: Callback<()>,
    onlist: Callback<()>,
    onschedule: Option<Callback<()>>,
}

fn first_steps(props: &FirstStepsProps) -> Html {
    let step = |number: u32, done: bool, title: &'static str, text: &'static str, action: Html| {
        html! {
            <li>
                if done {
                    <span class="num ok">{ Icon::Check.svg() }<span class="visually-hidden">{ "Done" }</span></span>
                } else {
                    <span class="num">{ number }</span>
                }
                <div class="grow">
                    <h3>{ title }</h3>
                    <p>{ text }</p>
                </div>
                { action }
            </li>
        }
    };
    let tone = |next: bool| if next { Tone::Primary } else { Tone::Plain };
    html! {
        <div class="welcome">
            <h1>{ "Set up your first maintenance run" }</h1>
            <p>{ "Three steps, and the run is ready for you every time it comes due." }</p>
            <ol class="first-steps">
                { step(
                    1,
                    props.has_flow,
                    "Import a runbook",
                    "A runbook in plain Markdown becomes a flow: its list items are the steps.",
                    html! {
                        <Button tone={tone(!props.has_flow)} icon={Icon::Upload} onclick={props.onimport.clone()} writes=true testid="import-markdown">
                            { "Import Markdown" }
                        </Button>
                    },
                ) }
                { step(
                    2,
                    props.has_list,
                    "Create a target list",
                    "Paste the machines to work on, one per line.",
                    html! {
                        <Button tone={tone(props.has_flow && !props.has_list)} icon={Icon::Server} onclick={props.onlist.clone()} writes=true testid="first-target-list">
                            { if props.has_list { "See target lists" } else { "Create a list" } }
                        </Button>
                    },
                ) }
                { step(
                    3,
                    false,
                    "Set a schedule",
                    if props.onschedule.is_some() {
                        "Say when it comes due, in which time zone, and for which list."
                    } else {
                        "On the page of the flow you imported: when it comes due, in which time zone, for which list."
                    },
                    props.onschedule.as_ref().map(|onclick| html! {
                        <Button tone={tone(props.has_flow && props.has_list)} icon={Icon::Calendar} {onclick} writes=true testid="first-schedule">
                            { "Set a schedule" }
                        </Button>
                    }).unwrap_or_default(),
                ) }
            </ol>
        </div>
    }
}
