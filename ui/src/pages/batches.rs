//! Sessions, one row per batch: what ran, what runs, what waits. A row opens into its sessions.

use super::frame::{Crumb, Frame};
use crate::api;
use crate::components::button::Button;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded, skeleton};
use crate::components::progress::{Ring, RollupBarProps, rollup_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{BatchesQuery, Route};
use crate::state::load::use_load;
use mf_contract::Event;
use mf_contract::batches::{BatchSummary, ListBatches};
use mf_contract::sessions::{ListSessions, SessionSummary};
use mf_domain::batch::BatchStatus;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;

/// How many more rows a click loads. Asking for a longer list, and not for the next page, keeps every row current.
const PAGE: u32 = 50;
/// The longest list the engine answers.
const LONGEST: u32 = 500;

/// The page.
#[component]
pub fn Batches() -> Html {
    let query = use_location().and_then(|location| location.query::<BatchesQuery>().ok()).unwrap_or_default();
    let limit = use_state(|| PAGE);
    let batches = use_load(
        Some(ListBatches { flow_id: None, limit: Some(LONGEST.min(*limit)), before: None }),
        |_, event| matches!(event, Event::BatchChanged { .. } | Event::SessionChanged { .. }),
    );
    let single = use_load(Some(ListSessions { limit: Some(50), ..ListSessions::default() }), |_, event| {
        matches!(event, Event::SessionChanged { .. })
    });
    let show = {
        let (status, limit) = (query.status, limit.clone());
        move |batches: Rc<Vec<BatchSummary>>| {
            if batches.is_empty() {
                return html! {
                                    { empty(&EmptyProps {
                                        icon: Icon::Run,
                                        title: AttrValue::from("Nothing has run yet"),
                                        text: AttrValue::from("Launch a batch from a maintenance flow, or wait for its schedule to come due."),
                                        children: html! {
                <><To route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To></>
                },
                                        compact: false,
                                    }) }
                                };
            }
            let shown: Vec<&BatchSummary> =
                batches.iter().filter(|batch| status.is_none_or(|status| batch.status == status)).collect();
            let more = batches.len() as u32 >= *limit && *limit < LONGEST;
            let onmore = {
                let limit = limit.clone();
                Callback::from(move |()| limit.set(*limit + PAGE))
            };
            html! {
                <>
                    if shown.is_empty() {
                        { empty(&EmptyProps {
                            icon: Icon::Inbox,
                            compact: true,
                            title: AttrValue::from("No batch with this status"),
                            text: AttrValue::default(),
                            children: Html::default(),
                        }) }
                    } else {
                        { batch_table(&BatchTableProps {
                            batches: shown.into_iter().cloned().collect::<Vec<_>>(),
                        }) }
                    }
                    if more {
                        <div class="more"><Button onclick={onmore} testid="load-more">{ "Load more" }</Button></div>
                    }
                </>
            }
        }
    };
    let filters = [
        (None, "All"),
        (Some(BatchStatus::Pending), "Pending"),
        (Some(BatchStatus::InProgress), "Running"),
        (Some(BatchStatus::Finished), "Finished"),
    ];
    let single: Vec<SessionSummary> = single
        .data()
        .map(|sessions| sessions.iter().filter(|session| session.batch_id.is_none()).cloned().collect())
        .unwrap_or_default();
    html! {
        <Frame crumbs={vec![Crumb::here("Sessions")]}>
            <div class="page-head"><h1 class="grow">{ "Sessions" }</h1></div>
            <nav class="filters toolbar" aria-label="Filter by status">
                for (status, words) in filters {
                    <To
                        route={Route::Batches}
                        query={status.map(|status| AttrValue::from(format!("status={}", name(status))))}
                        class="filter"
                        current={query.status == status}
                    >
                        { words }
                    </To>
                }
            </nav>
            <div class="col-l">
                <div>{ loaded(&batches, 6, show) }</div>
                if !single.is_empty() {
                    { alone(&AloneProps { sessions: single }) }
                }
            </div>
        </Frame>
    }
}

fn name(status: BatchStatus) -> &'static str {
    match status {
        BatchStatus::Pending => "pending",
        BatchStatus::InProgress => "in_progress",
        BatchStatus::Finished => "finished",
    }
}

struct BatchTableProps {
    batches: Vec<BatchSummary>,
}

fn batch_table(props: &BatchTableProps) -> Html {
    html! {
        <div class="card flat">
            <table class="table-wide">
                <thead>
                    <tr>
                        <th scope="col"><span class="visually-hidden">{ "Sessions" }</span></th>
                        <th scope="col">{ "Flow" }</th>
                        <th scope="col">{ "Launched" }</th>
                        <th scope="col">{ "Origin" }</th>
                        <th scope="col" class="num-cell">{ "Targets" }</th>
                        <th scope="col">{ "Completion" }</th>
                        <th scope="col">{ "Status" }</th>
                    </tr>
                </thead>
                <tbody class="rows">
                    for batch in props.batches.iter() {
                        <BatchRow key={batch.batch_id.to_string()} batch={batch.clone()} />
                    }
                </tbody>
            </table>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BatchRowProps {
    batch: BatchSummary,
}

#[component]
fn BatchRow(props: &BatchRowProps) -> Html {
    let batch = &props.batch;
    let open = use_state(|| false);
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let inside = format!("sessions-{}", batch.batch_id);
    html! {
        <>
            <tr class="hit batch-row" data-testid="batch-row">
                <td>
                    <button
                        type="button"
                        class="expander"
                        {onclick}
                        aria-expanded={if *open { "true" } else { "false" }}
                        aria-controls={inside.clone()}
                        aria-label={format!("Sessions of {}", batch.flow_name)}
                    >
                        { Icon::Chevron.svg() }
                    </button>
                </td>
                <td class="fill">
                    <div class="clip">
                        <To class="name" route={Route::Batch { id: batch.batch_id }}>{ batch.flow_name.clone() }</To>
                    </div>
                </td>
                <td><When at={batch.launched_at} /></td>
                <td class="muted">{ status::origin(batch.origin) }</td>
                <td class="num-cell">{ batch.rollup.total }</td>
                <td>{ rollup_bar(&RollupBarProps { rollup: batch.rollup, words: true, testid: None }) }</td>
                <td>{ status::of_batch(batch.status, batch.rollup.failed).pill() }</td>
            </tr>
            if *open {
                <tr><td colspan="7" class="nested" id={inside}><SessionsOf batch={batch.batch_id} /></td></tr>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct SessionsOfProps {
    batch: mf_domain::ids::BatchId,
}

#[component]
fn SessionsOf(props: &SessionsOfProps) -> Html {
    let sessions = use_load(
        Some(ListSessions { batch_id: Some(props.batch), ..ListSessions::default() }),
        |request, event| matches!(event, Event::SessionChanged { batch_id, .. } if *batch_id == request.batch_id),
    );
    match (sessions.data(), sessions.error()) {
        (Some(sessions), _) => html! {
            <ul>
                for session in sessions.iter() {
                    <li key={session.id.to_string()}>
                        <To route={Route::Session { id: session.id }}>
                            <Ring session={session.clone()} />
                            <span class="grow clip">{ session.target_label.clone() }</span>
                            <span class="small muted">{ status::of_session(session.status).word }</span>
                        </To>
                    </li>
                }
            </ul>
        },
        (None, Some(error)) => html! { { trouble(api::sentence(error), Some(sessions.again())) } },
        (None, None) => html! { { skeleton(2) } },
    }
}

struct AloneProps {
    sessions: Vec<SessionSummary>,
}

/// Sessions that belong to no batch: projects and troubleshooting.
fn alone(props: &AloneProps) -> Html {
    html! {
        <section class="card flat" aria-label="Single sessions">
            <header><h2>{ "Projects and troubleshooting" }</h2></header>
            <table class="table-wide">
                <tbody class="rows">
                    for session in props.sessions.iter() {
                        <tr key={session.id.to_string()} class="hit" data-testid="single-session-row">
                            <td class="fill">
                                <div class="clip">
                                    <To class="name" route={Route::Session { id: session.id }}>{ session.flow_name.clone() }</To>
                                </div>
                            </td>
                            <td class="muted">{ label(session) }</td>
                            <td class="muted"><When at={session.created_at} shown={Shown::Relative} /></td>
                            <td>{ status::of_session(session.status).pill() }</td>
                        </tr>
                    }
                </tbody>
            </table>
        </section>
    }
}

fn label(session: &SessionSummary) -> &str {
    // A session without a machine carries the flow's name as its label, or none.
    if session.target_label == session.flow_name { "" } else { &session.target_label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stand_in_the_address_as_the_contract_names_them() {
        for status in [BatchStatus::Pending, BatchStatus::InProgress, BatchStatus::Finished] {
            assert_eq!(serde_json::to_value(status).unwrap(), name(status));
        }
    }
}
