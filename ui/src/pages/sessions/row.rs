//! One line of the list: a client, a batch, a session, or what stands for those that are not there.

use crate::api;
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::skeleton;
use crate::components::progress::{RollupBarProps, ring, rollup_bar, steps_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::Route;
use crate::state::sessions::lines::{Content, Group, Key, Line};
use crate::state::sessions::query::Client;
use crate::state::sessions::shelf::{Branch, Row};
use crate::state::sessions::walk::Step;
use crate::state::time::{count, grouped};
use crate::state::whose::Whose;
use mf_contract::batches::BatchSummary;
use mf_contract::sessions::SessionSummary;
use mf_domain::ids::MemberId;
use yew::prelude::*;

/// What a line can do, and who looks at it.
pub(super) struct Hands {
    pub(super) onstep: Callback<Step>,
    pub(super) onmore: Callback<Branch>,
    pub(super) me: Option<MemberId>,
}

/// One line.
pub(super) fn line(line: &Line, place: usize, at: bool, hands: &Hands) -> Html {
    // Below the head.
    let index = place + 2;
    match (&line.content, &line.key) {
        (Content::Group(group), Some(key)) => {
            row(line, key, (index, at), "client-row", group_cells(group), hands)
        }
        (Content::Row(Row::Batch(batch)), Some(key)) => {
            row(line, key, (index, at), "batch-row", batch_cells(batch), hands)
        }
        (Content::Row(Row::Session(session)), Some(key)) => {
            let name = if session.batch_id.is_some() { "batch-session-row" } else { "single-session-row" };
            row(line, key, (index, at), name, session_cells(session, hands.me), hands)
        }
        (content, _) => note(content, index, line.level, hands),
    }
}

/// The cells behind the first, and what stands in that.
struct Cells {
    name: Html,
    others: [Html; 5],
}

fn row(
    line: &Line,
    key: &Key,
    (index, at): (usize, bool),
    testid: &'static str,
    cells: Cells,
    hands: &Hands,
) -> Html {
    let id = key.element_id();
    let onclick = {
        let (onstep, key) = (hands.onstep.clone(), key.clone());
        Callback::from(move |_: MouseEvent| onstep.emit(Step::To(key.clone())))
    };
    html! {
        <div
            key={id.clone()}
            {id}
            class={classes!("work-row", "hit", at.then_some("at"))}
            role="row"
            aria-rowindex={index.to_string()}
            aria-level={line.level.to_string()}
            aria-expanded={line.open.map(|open| if open { "true" } else { "false" })}
            aria-selected={if at { "true" } else { "false" }}
            {onclick}
            data-testid={testid}
        >
            <div role="gridcell" class={classes!("work-name", indent(line.level))}>
                { expander(line, key, hands) }
                { cells.name }
            </div>
            for cell in cells.others {
                <div role="gridcell">{ cell }</div>
            }
        </div>
    }
}

fn indent(level: u8) -> &'static str {
    match level {
        0 | 1 => "",
        2 => "in-1",
        _ => "in-2",
    }
}

fn expander(line: &Line, key: &Key, hands: &Hands) -> Html {
    let Some(open) = line.open else { return html! { <span class="expander" aria-hidden="true"></span> } };
    let step = if open { Step::Close(key.clone()) } else { Step::Open(key.clone()) };
    let onstep = hands.onstep.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        onstep.emit(step.clone());
    });
    let what = match &line.content {
        Content::Group(Group { client: Client::Named(name), .. }) => name.as_str(),
        Content::Row(Row::Batch(batch)) => batch.flow_name.as_str(),
        _ => "work without a client",
    };
    html! {
        <button
            type="button"
            class="expander"
            {onclick}
            aria-expanded={if open { "true" } else { "false" }}
            aria-label={format!("Sessions of {what}")}
            data-testid="expand"
        >
            { Icon::Chevron.svg() }
        </button>
    }
}

fn group_cells(group: &Group) -> Cells {
    let (name, counts) = match (&group.client, group.counts) {
        (Client::Named(name), Some((all, open))) => {
            let open = if open > 0 { format!(", {} open", grouped(open as usize)) } else { String::new() };
            (name.as_str(), format!("{}{open}", count(all as usize, "session")))
        }
        _ => ("No client", String::new()),
    };
    Cells {
        name: html! { <span class="strong clip">{ name.to_owned() }</span> },
        others: [
            html! { <span class="muted">{ counts }</span> },
            Html::default(),
            Html::default(),
            Html::default(),
            Html::default(),
        ],
    }
}

fn batch_cells(batch: &BatchSummary) -> Cells {
    let claimed_in_part = batch.unassigned > 0 && batch.unassigned < batch.rollup.total;
    Cells {
        name: html! {
            <>
                <span class="clip"><To class="name" route={Route::Batch { id: batch.batch_id }}>{ batch.flow_name.clone() }</To></span>
                if let Some(ticket) = &batch.ticket {
                    <span class="chip clip">{ ticket.clone() }</span>
                }
            </>
        },
        others: [
            html! { <When at={batch.launched_at} /> },
            html! {
                <>
                    { status::origin(batch.origin) }
                    if claimed_in_part {
                        <div class="small">{ format!("{} unassigned", grouped(batch.unassigned as usize)) }</div>
                    }
                </>
            },
            html! { { grouped(batch.rollup.total as usize) } },
            rollup_bar(&RollupBarProps { rollup: batch.rollup, words: true, testid: None }),
            status::of_batch(batch.status, batch.rollup.failed).pill(),
        ],
    }
}

fn session_cells(session: &SessionSummary, me: Option<MemberId>) -> Cells {
    let route = Route::Session { id: session.id };
    let alone = session.batch_id.is_none();
    let label = Some(&session.target_label).filter(|label| !label.is_empty() && **label != session.flow_name);
    let place = [&session.target_client, &session.target_site].into_iter().flatten();
    let place = place.map(String::as_str).collect::<Vec<_>>().join(" · ");
    let name = if alone { session.flow_name.clone() } else { session.target_label.clone() };
    let detail = match (alone, label) {
        (true, Some(label)) if place.is_empty() => label.clone(),
        (true, Some(label)) => format!("{label} · {place}"),
        _ => place,
    };
    Cells {
        name: html! {
            <>
                { ring(session) }
                <span class="clip"><To class="name" {route}>{ name }</To></span>
                <span class="small muted clip">{ detail }</span>
            </>
        },
        others: [
            html! { <When at={if alone { session.created_at } else { session.started_at.unwrap_or(session.created_at) }} /> },
            html! { { whose(session, me) } },
            Html::default(),
            if session.steps_total > 0 { steps_bar(session) } else { Html::default() },
            status::of_session(session.status).pill(),
        ],
    }
}

fn whose(session: &SessionSummary, me: Option<MemberId>) -> &'static str {
    match Whose::of(session.assignee, me) {
        // Nobody has to take what has ended.
        Whose::Nobody if session.status.is_terminal() => "",
        whose => whose.word(),
    }
}

/// A line nobody can stand on.
fn note(content: &Content, index: usize, level: u8, hands: &Hands) -> Html {
    let (key, body) = match content {
        Content::More(branch) => (format!("more-{branch:?}"), skeleton(1)),
        Content::Trouble(branch, error) => {
            let retry = {
                let (onmore, branch) = (hands.onmore.clone(), branch.clone());
                Callback::from(move |()| onmore.emit(branch.clone()))
            };
            (format!("trouble-{branch:?}"), trouble(api::sentence(error), Some(retry)))
        }
        Content::Others(number) => {
            let text = match number {
                1 => "1 other session does not fit the filters".to_owned(),
                many => format!("{} other sessions do not fit the filters", grouped(*many as usize)),
            };
            (text.clone(), html! { <p class="small muted">{ text }</p> })
        }
        _ => ("nothing".to_owned(), html! { <p class="small muted">{ "Nothing here fits the filters" }</p> }),
    };
    html! {
        <div {key} class="work-row work-note" role="row" aria-rowindex={index.to_string()} aria-level={level.to_string()}>
            <div role="gridcell" class={classes!("work-name", indent(level))}>
                <span class="expander" aria-hidden="true"></span>
                { body }
            </div>
        </div>
    }
}
