//! Sessions, one row per batch: what ran, what runs, what waits. A row opens into its sessions.

use super::frame::{Crumb, Frame};
use crate::api;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded, skeleton};
use crate::components::progress::{RollupBarProps, ring, rollup_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, status_name, use_here};
use crate::state::call::use_call;
use crate::state::load::use_load;
use mf_contract::Event;
use mf_contract::batches::{BatchSummary, ListBatches};
use mf_contract::sessions::{ListSessions, SessionSummary};
use mf_domain::batch::BatchStatus;
use mf_domain::ids::BatchId;
use std::rc::Rc;
use yew::prelude::*;

/// How many more rows a click loads. Asking for a longer list, and not for the next page, keeps every row current.
const PAGE: u32 = 50;
/// The longest list the engine answers; what is older comes in pages that stand still.
const LONGEST: u32 = 500;
/// How many sessions are looked through for those that belong to no batch; a click looks through four times as many.
const LOOKED_THROUGH: u32 = 500;
const ALL_SESSIONS: u32 = 10_000;

/// Batches behind the current ones.
#[derive(Clone, Debug, Default)]
struct Older {
    /// The batch they follow.
    after: Option<BatchId>,
    batches: Vec<BatchSummary>,
    /// Nothing is older.
    ended: bool,
}

impl Older {
    /// What of them follows a batch: all or nothing.
    fn behind(self, last: Option<BatchId>) -> Self {
        if self.after == last { self } else { Self::default() }
    }
}

/// The page.
#[component]
pub fn Batches() -> Html {
    let filter = use_here().status();
    let limit = use_state(|| PAGE);
    let batches = use_load(
        Some(ListBatches { limit: Some(LONGEST.min(*limit)), ..ListBatches::default() }),
        |_, event| matches!(event, Event::BatchChanged { .. } | Event::SessionChanged { .. }),
    );
    // Behind the last of the current ones. When that is another one, the pages no longer join and are loaded anew.
    let older = use_state(Older::default);
    let load_older = use_call::<ListBatches>({
        let older = older.clone();
        let last = batches.data().and_then(|batches| batches.last().map(|batch| batch.batch_id));
        Callback::from(move |page: Vec<BatchSummary>| {
            let mut next =
                Older { after: last, ended: page.len() < LONGEST as usize, ..(*older).clone().behind(last) };
            next.batches.extend(page);
            older.set(next);
        })
    });
    let looked_through = use_state(|| LOOKED_THROUGH);
    let single = use_load(
        Some(ListSessions { limit: Some(*looked_through), ..ListSessions::default() }),
        |_, event| matches!(event, Event::SessionChanged { .. }),
    );
    let show = {
        let (status, limit, older, load_older) =
            (filter, limit.clone(), (*older).clone(), load_older.clone());
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
            let older = older.behind(batches.last().map(|batch| batch.batch_id));
            let all = batches.iter().chain(&older.batches);
            let shown: Vec<&BatchSummary> =
                all.clone().filter(|batch| status.is_none_or(|status| batch.status == status)).collect();
            let more = batches.len() as u32 >= *limit && !older.ended;
            let busy = load_older.busy();
            let failed = load_older.error().map(api::sentence);
            let before = all.last().map(|batch| batch.batch_id);
            let onmore = Callback::from(move |()| {
                if *limit < LONGEST {
                    limit.set((*limit + PAGE).min(LONGEST));
                } else {
                    load_older.run(ListBatches { limit: Some(LONGEST), before, ..ListBatches::default() });
                }
            });
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
                    if let Some(text) = failed {
                        { trouble(text, None) }
                    }
                    if more {
                        <div class="more"><Button {busy} onclick={onmore} testid="load-more">{ "Load more" }</Button></div>
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
    let sessions = single.data();
    let unseen = sessions.as_ref().is_some_and(|sessions| sessions.len() as u32 >= *looked_through)
        && *looked_through < ALL_SESSIONS;
    let onlook = Callback::from(move |()| looked_through.set((*looked_through * 4).min(ALL_SESSIONS)));
    let single: Vec<SessionSummary> = sessions
        .map(|sessions| sessions.iter().filter(|session| session.batch_id.is_none()).cloned().collect())
        .unwrap_or_default();
    html! {
        <Frame crumbs={vec![Crumb::here("Sessions")]}>
            <div class="page-head"><h1 class="grow">{ "Sessions" }</h1></div>
            <nav class="filters toolbar" aria-label="Filter by status">
                for (status, words) in filters {
                    <To
                        route={Route::Sessions}
                        query={status.map(|status| AttrValue::from(format!("status={}", status_name(status))))}
                        class="filter"
                        current={filter == status}
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
                if unseen {
                    <div class="more">
                        <Button tone={Tone::Ghost} onclick={onlook} testid="load-more-single">
                            { "Look for older projects and troubleshooting" }
                        </Button>
                    </div>
                }
            </div>
        </Frame>
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
    batch: BatchId,
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
                            { ring(session) }
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
            assert_eq!(serde_json::to_value(status).unwrap(), status_name(status));
        }
    }
}
