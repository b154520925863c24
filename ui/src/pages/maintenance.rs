//! A maintenance flow: when it comes due, how its runs went, what its steps are.

use super::flow::{DeleteFlowDialog, ExportDialog, StepsCardProps, steps_card};
use super::frame::{Crumb, Frame};
use super::launch::LaunchDialog;
use super::schedule_dialog::ScheduleDialog;
use crate::api;
use crate::components::ask::Ask;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::Route;
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::schedule::unchanged;
use crate::state::time::{self, count};
use crate::state::toasts::use_toasts;
use mf_contract::batches::{BatchSummary, ListBatches};
use mf_contract::flows::{Flow, GetFlow};
use mf_contract::schedules::{
    DeleteSchedule, GetScheduleForFlow, ListMissedOccurrences, MissedOccurrence, MissedReason,
    PreviewSchedule, Schedule, SchedulePreview, UpdateSchedule,
};
use mf_contract::{ErrorCode, Event};
use mf_domain::ids::FlowId;
use std::rc::Rc;
use yew::prelude::*;

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
    let flow = use_load(
        Some(GetFlow { id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.id),
    );
    let schedule = use_load(Some(GetScheduleForFlow { flow_id: id }), |request, event| {
        matches!(event, Event::ScheduleChanged { flow_id } if *flow_id == request.flow_id)
            || matches!(event, Event::TargetListChanged { .. })
    });
    let batches = use_load(
        Some(ListBatches { flow_id: Some(id), limit: Some(20), ..ListBatches::default() }),
        |request, event| {
            matches!(event, Event::BatchChanged { flow_id, .. } | Event::SessionChanged { flow_id, .. }
            if Some(*flow_id) == request.flow_id)
        },
    );
    let open = use_state(|| Open::Nothing);
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what))
    };
    let name = flow.data().map_or_else(|| "Flow".to_owned(), |flow| flow.name.clone());
    let mut maintenance = Crumb::to("Maintenance", Route::Flows);
    maintenance.query = Some("type=maintenance".into());

    if flow.data().is_none() && flow.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
                    <Frame crumbs={vec![maintenance, Crumb::here("Not found")]}>
                        { empty(&EmptyProps {
                            icon: Icon::Search,
                            title: AttrValue::from("This flow is not here"),
                            text: AttrValue::from("It was deleted. Its batches are still under Sessions."),
                            children: html! {
        <><To route={Route::Flows} class="btn">{ "Go to flows" }</To></>
        },
                            compact: false,
                        }) }
                    </Frame>
                };
    }

    let body = {
        let (onlaunch, onexport, ondelete, onschedule) =
            (show(Open::Launch), show(Open::Export), show(Open::Delete), show(Open::Schedule));
        let schedule = schedule.clone();
        move |flow: Rc<Flow>| {
            let onschedule = onschedule.clone();
            let drawn = move |schedule: Rc<Option<Schedule>>| match &*schedule {
                Some(schedule) => {
                    html! { <ScheduleCard schedule={schedule.clone()} onedit={onschedule.clone()} /> }
                }
                None => html! {
                                    <section class="card" aria-label="Schedule">
                                        <header>{ Icon::Calendar.svg() }<h2>{ "Schedule" }</h2></header>
                                        { empty(&EmptyProps {
                                            icon: Icon::Calendar,
                                            compact: true,
                                            title: AttrValue::from("No schedule yet"),
                                            text: AttrValue::from("With a schedule, the batch and its sessions are ready when the run comes due."),
                                            children: html! {
                <><Button icon={Icon::Plus} onclick={onschedule.clone()} writes=true testid="set-schedule">{ "Set schedule" }</Button></>
                },
                                        }) }
                                    </section>
                                },
            };
            let history = {
                let onlaunch = onlaunch.clone();
                move |batches: Rc<Vec<BatchSummary>>| {
                    html! { { history(&HistoryProps {
                        batches,
                        onlaunch: onlaunch.clone(),
                    }) } }
                }
            };
            html! {
                <>
                    <div class="page-head">
                        { super::flow::title(&flow) }
                        <div class="row">
                            { super::flow::actions(&flow, &onexport, &ondelete) }
                            <Button tone={Tone::Primary} icon={Icon::Play} onclick={onlaunch.clone()} writes=true testid="batch-launch">
                                { "Batch launch" }
                            </Button>
                        </div>
                    </div>
                    <div class="grid2">
                        <div class="col-l">
                            { loaded(&schedule, 5, drawn) }
                            { loaded(&batches, 4, history) }
                        </div>
                        { steps_card(&StepsCardProps { flow: flow.clone() }) }
                    </div>
                </>
            }
        }
    };
    let close = show(Open::Nothing);
    html! {
        <Frame crumbs={vec![Crumb::to("Flows", Route::Flows), maintenance, Crumb::here(name)]}>
            { loaded(&flow, 6, body) }
            if let Some(flow) = flow.data() {
                <LaunchDialog flow={flow.clone()} open={*open == Open::Launch} onclose={close.clone()} />
                <ScheduleDialog
                    flow={flow.clone()}
                    schedule={schedule.data().and_then(|schedule| (*schedule).clone())}
                    open={*open == Open::Schedule}
                    onclose={close.clone()}
                />
                <ExportDialog id={flow.id} open={*open == Open::Export} onclose={close.clone()} />
                <DeleteFlowDialog {flow} open={*open == Open::Delete} onclose={close} />
            }
        </Frame>
    }
}

#[derive(Properties, PartialEq)]
struct ScheduleCardProps {
    schedule: Schedule,
    onedit: Callback<()>,
}

#[component]
fn ScheduleCard(props: &ScheduleCardProps) -> Html {
    let schedule = &props.schedule;
    let preview = use_load(
        Some(PreviewSchedule {
            recurrence: schedule.recurrence.clone(),
            timezone: schedule.timezone.clone(),
            after: None,
            count: 5,
        }),
        |_, event| matches!(event, Event::ScheduleChanged { .. }),
    );
    let misses = use_load(Some(ListMissedOccurrences { schedule_id: Some(schedule.id) }), |_, event| {
        matches!(event, Event::ScheduleChanged { .. })
    });
    let toasts = use_toasts();
    let update = use_call::<UpdateSchedule>(Callback::noop());
    let delete = use_call::<DeleteSchedule>({
        let toasts = toasts.clone();
        Callback::from(move |_| {
            if let Some(toasts) = &toasts {
                toasts.success("The schedule is deleted. Its batches stay.");
            }
        })
    });
    let (id, active) = (schedule.id, schedule.is_active);
    let ontoggle = {
        let update = update.clone();
        Callback::from(move |()| update.run(UpdateSchedule { is_active: Some(!active), ..unchanged(id) }))
    };
    let onconfirm = {
        let delete = delete.clone();
        Callback::from(move |()| delete.run(DeleteSchedule { id }))
    };
    let zone = schedule.timezone.clone();
    let runs = move |preview: Rc<SchedulePreview>| {
        html! { { runs(&RunsProps {
            preview,
            zone: zone.clone(),
            active,
        }) } }
    };
    let targets = schedule.target_list_name.as_ref().map_or_else(
        || "no target list: one session, “Unassigned”".to_owned(),
        |name| format!("targets from “{name}”"),
    );
    html! {
        <section class="card" aria-label="Schedule" data-testid="schedule-card">
            <header>
                { Icon::Calendar.svg() }
                <h2>{ "Schedule" }</h2>
                if active {
                    <span class="pill green">{ Icon::Check.svg() }{ "Active" }</span>
                } else {
                    <span class="pill">{ Icon::Pause.svg() }{ "Paused" }</span>
                }
                <span class="end row">
                    <Ask
                        id="delete-schedule"
                        small=true
                        short="Delete"
                        action="Delete schedule"
                        title="Delete the schedule?"
                        text={format!(
                            "“{}” ({}) goes, and nothing comes due any more. Batches it made stay.",
                            schedule.description, schedule.timezone,
                        )}
                        {onconfirm}
                        busy={delete.busy()}
                        error={delete.error_elsewhere(&[]).map(AttrValue::from)}
                    />
                    <Button small=true tone={Tone::Ghost} busy={update.busy()} onclick={ontoggle} writes=true testid="toggle-schedule">
                        { if active { "Pause" } else { "Resume" } }
                    </Button>
                    <Button small=true onclick={props.onedit.clone()} writes=true testid="edit-schedule">{ "Edit" }</Button>
                </span>
            </header>
            if let Some(error) = update.error() {
                { trouble(api::sentence(error), None) }
            }
            <p class="lead">{ schedule.description.clone() }</p>
            <p class="small muted">
                { format!(
                    "{} · {targets} · if missed: runs once within {}",
                    schedule.timezone,
                    time::minutes(schedule.grace_seconds / 60),
                ) }
            </p>
            { loaded(&preview, 5, runs) }
            if let Some(list) = misses.data().filter(|list| !list.is_empty()) {
                { missed(&list) }
            }
        </section>
    }
}

struct RunsProps {
    preview: Rc<SchedulePreview>,
    zone: String,
    active: bool,
}

fn runs(props: &RunsProps) -> Html {
    let viewer = crate::browser::viewer_zone();
    let elsewhere = viewer != props.zone;
    html! {
        <table class="runs" data-testid="next-runs">
            <thead>
                <tr>
                    <th scope="col">
                        { if props.active { "Next runs" } else { "Next runs, once resumed" } }
                        { format!(" ({})", time::city(&props.zone)) }
                    </th>
                    if elsewhere {
                        <th scope="col">{ format!("Your time ({})", time::city(&viewer)) }</th>
                    }
                    <th scope="col"><span class="visually-hidden">{ "From now" }</span></th>
                </tr>
            </thead>
            <tbody>
                for run in props.preview.occurrences.iter() {
                    <tr>
                        <td>{ time::parse_wall(&run.local).map_or_else(|| run.local.clone(), time::full) }</td>
                        if elsewhere {
                            <td class="muted">
                                { time::parse_wall(&run.local).map(|local| time::beside(time::in_viewer_zone(run.at), local)) }
                            </td>
                        }
                        <td class="small faint fill"><When at={run.at} shown={Shown::Relative} /></td>
                    </tr>
                }
            </tbody>
        </table>
    }
}

/// How many missed occurrences are listed on the card.
const MISSED: usize = 5;

fn missed(list: &[MissedOccurrence]) -> Html {
    let words = |reason: MissedReason| match reason {
        MissedReason::GracePassed => "nobody was there until its grace had passed",
        MissedReason::Coalesced => "a later run took its place",
        MissedReason::ScheduleChanged => "the schedule was changed, paused or deleted first",
        MissedReason::Failed => "it could not be started",
        MissedReason::NotRunning => "the application was not running",
        MissedReason::Asleep => "the computer was asleep",
        MissedReason::OutsideWindow => "outside the hours it may start in",
        MissedReason::Blackout => "in a blackout",
        MissedReason::Overlap => "an earlier run was still open",
        MissedReason::Paused => "the schedule was paused",
    };
    html! {
        <div class="missed" data-testid="missed">
            <div class="row">
                <h2>{ "Missed" }</h2>
                <span class="pill red">{ Icon::Alert.svg() }{ count(list.len(), "run") }</span>
            </div>
            <ul>
                for missed in list.iter().take(MISSED) {
                    <li class="small muted">
                        <When at={missed.nominal} />{ format!(" · {}", words(missed.reason)) }
                    </li>
                }
            </ul>
            if list.len() > MISSED {
                <p class="small faint">{ format!("and {} before", time::grouped(list.len() - MISSED)) }</p>
            }
        </div>
    }
}

struct HistoryProps {
    batches: Rc<Vec<BatchSummary>>,
    onlaunch: Callback<()>,
}

fn history(props: &HistoryProps) -> Html {
    if props.batches.is_empty() {
        return html! {
                    <section class="card" aria-label="Run history">
                        <header>{ Icon::Clock.svg() }<h2>{ "Run history" }</h2></header>
                        { empty(&EmptyProps {
                            icon: Icon::Inbox,
                            compact: true,
                            title: AttrValue::from("No runs yet"),
                            text: AttrValue::from("Launch a batch now, or wait for the schedule."),
                            children: html! {
        <><Button icon={Icon::Play} onclick={props.onlaunch.clone()}>{ "Launch a batch" }</Button></>
        },
                        }) }
                    </section>
                };
    }
    html! {
        <section class="card" aria-label="Run history">
            <header>
                { Icon::Clock.svg() }<h2>{ "Run history" }</h2>
                <span class="end small muted">{ count(props.batches.len(), "run") }</span>
            </header>
            <table class="history">
                <tbody class="rows">
                    for batch in props.batches.iter() {
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
