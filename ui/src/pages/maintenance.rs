//! A maintenance flow: when it comes due, how its runs went, what its steps are.

use super::flow::{DeleteFlowDialog, EditedByTwo, ExportDialog, StepsCardProps, steps_card};
use super::frame::{Crumb, Frame};
use super::launch::LaunchDialog;
use super::not_here::NotHere;
use super::schedule::{ScheduleCard, ScheduleDialog, Unreadable, no_schedule};
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::route::{Here, Route, use_asked};
use crate::state::load::use_view;
use crate::state::sessions::query::Query;
use crate::state::time::count;
use mf_contract::batches::{BatchSummary, ListBatches};
use mf_contract::flows::{Flow, GetFlow};
use mf_contract::schedules::{GetScheduleForFlow, ListUnreadableSchedules, Schedule};
use mf_contract::{ErrorCode, Event};
use mf_domain::flow::FlowType;
use mf_domain::ids::FlowId;
use std::rc::Rc;
use yew::prelude::*;

/// How many runs are shown.
const SHOWN: u32 = 20;

/// Properties of [`Maintenance`].
#[derive(Debug, Properties, PartialEq)]
pub struct MaintenanceProps {
    pub id: FlowId,
}

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Launch,
    Schedule,
    Export,
    Delete,
}

/// The page.
#[component]
pub fn Maintenance(props: &MaintenanceProps) -> Html {
    let id = props.id;
    let flow = use_view(
        Some(GetFlow { id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.id),
    );
    let schedule = use_view(Some(GetScheduleForFlow { flow_id: id }), |request, event| {
        matches!(event, Event::ScheduleChanged { flow_id } if *flow_id == request.flow_id)
            || matches!(event, Event::TargetListChanged { .. })
    });
    let unreadable = use_view(
        Some(ListUnreadableSchedules { flow_id: Some(id) }),
        |request, event| matches!(event, Event::ScheduleChanged { flow_id } if Some(*flow_id) == request.flow_id),
    );
    let batches = use_view(
        Some(ListBatches { flow_id: Some(id), limit: Some(SHOWN), ..ListBatches::default() }),
        |request, event| {
            matches!(event, Event::BatchChanged { flow_id, .. } | Event::SessionChanged { flow_id, .. }
            if Some(*flow_id) == request.flow_id)
        },
    );
    super::flow::use_page_of_type(id, flow.data());
    let open = use_state(|| Open::Nothing);
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what))
    };
    let close = use_asked(Here::starting, show(Open::Launch), show(Open::Nothing));
    let close = use_asked(Here::scheduling, show(Open::Schedule), close);
    let name = flow.data().map_or_else(|| "Flow".to_owned(), |flow| flow.name.clone());
    let maintenance = Crumb::of_type(FlowType::Maintenance);

    if flow.data().is_none() && flow.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
            <NotHere
                crumbs={vec![Crumb::to("Flows", Route::Flows), maintenance]}
                title="This flow is not here"
                text="It was deleted. Its batches are still under Sessions."
                to={Route::Flows}
                words="Go to flows"
            />
        };
    }

    let body = {
        let (onlaunch, onexport, ondelete, onschedule) =
            (show(Open::Launch), show(Open::Export), show(Open::Delete), show(Open::Schedule));
        let (schedule, unreadable) = (schedule.clone(), unreadable.data().unwrap_or_default());
        move |flow: Rc<Flow>| {
            let onanew = onschedule.clone();
            let drawn = {
                let flow = flow.clone();
                move |schedule: Rc<Option<Schedule>>| match &*schedule {
                    Some(schedule) => html! {
                        <ScheduleCard {flow} schedule={schedule.clone()} onedit={onschedule} />
                    },
                    None => no_schedule(onschedule),
                }
            };
            let history = {
                let onlaunch = onlaunch.clone();
                move |batches: Rc<Vec<BatchSummary>>| history(id, &batches, &onlaunch)
            };
            html! {
                <>
                    <div class="page-head">
                        { super::flow::title(&flow) }
                        <div class="row">
                            { super::flow::actions(&flow, None, &onexport, &ondelete) }
                            <Button tone={Tone::Primary} icon={Icon::Play} onclick={onlaunch.clone()} writes=true testid="batch-launch">
                                { "Launch a batch" }
                            </Button>
                        </div>
                    </div>
                    { super::flow::about(&flow) }
                    <div class="grid2">
                        <div class="col-l">
                            for one in unreadable.iter() {
                                <Unreadable key={one.id.to_string()} schedule={one.clone()} onanew={onanew.clone()} />
                            }
                            // It fails for what is told above.
                            if unreadable.is_empty() || schedule.error().is_none() {
                                { loaded(&schedule, 5, drawn) }
                            }
                            { loaded(&batches, 4, history) }
                        </div>
                        { steps_card(&StepsCardProps { flow: flow.clone() }) }
                    </div>
                </>
            }
        }
    };
    let stored = schedule.data().and_then(|schedule| (*schedule).clone());
    let anew = unreadable.data().and_then(|list| list.first().map(|one| one.id));
    html! {
        <Frame crumbs={vec![Crumb::to("Flows", Route::Flows), maintenance, Crumb::here(name)]}>
            <EditedByTwo {id} />
            { loaded(&flow, 6, body) }
            if let Some(flow) = flow.data() {
                <LaunchDialog flow={flow.clone()} open={*open == Open::Launch} onclose={close.clone()} />
                <ScheduleDialog
                    flow={flow.clone()}
                    schedule={stored}
                    anew={anew}
                    open={*open == Open::Schedule}
                    onclose={close.clone()}
                />
                <ExportDialog id={flow.id} open={*open == Open::Export} onclose={close.clone()} />
                <DeleteFlowDialog {flow} open={*open == Open::Delete} onclose={close} />
            }
        </Frame>
    }
}

/// The newest runs. How many there are beyond those is not known here; the page of sessions has them all.
fn history(id: FlowId, batches: &[BatchSummary], onlaunch: &Callback<()>) -> Html {
    if batches.is_empty() {
        return html! {
            <section class="card" aria-label="Run history">
                <header>{ Icon::Clock.svg() }<h2>{ "Run history" }</h2></header>
                { empty(&EmptyProps {
                    icon: Icon::Inbox,
                    compact: true,
                    title: "No runs yet".into(),
                    text: "Launch a batch now, or wait for the schedule.".into(),
                    children: html! {
                        <Button icon={Icon::Play} onclick={onlaunch.clone()} writes=true>{ "Launch a batch" }</Button>
                    },
                }) }
            </section>
        };
    }
    let all = Query { flow: Some(id), ..Query::default() }.written();
    html! {
        <section class="card" aria-label="Run history">
            <header>
                { Icon::Clock.svg() }<h2>{ "Run history" }</h2>
                if batches.len() < SHOWN as usize {
                    <span class="small muted">{ count(batches.len(), "run") }</span>
                } else {
                    <span class="small muted">{ format!("newest {SHOWN}") }</span>
                }
                <To route={Route::Sessions} query={all} class="end small" testid="all-runs">{ "All runs" }</To>
            </header>
            <table class="history">
                <tbody class="rows">
                    for batch in batches {
                        <tr key={batch.batch_id.to_string()} class="hit" data-testid="history-row">
                            <td>
                                <To class="name" route={Route::Batch { id: batch.batch_id }}><When at={batch.launched_at} /></To>
                            </td>
                            <td class="muted">{ status::origin(batch.origin) }</td>
                            <td class="bar-cell">{ rollup_bar(&RollupBarProps {
                                rollup: batch.rollup,
                                words: false,
                                testid: None,
                            }) }</td>
                            <td class="num-cell">
                                { batch.rollup.words() }
                                if batch.rollup.failed > 0 {
                                    <span class="tone-red">{ format!(" · {} failed", batch.rollup.failed) }</span>
                                }
                            </td>
                        </tr>
                    }
                </tbody>
            </table>
        </section>
    }
}
