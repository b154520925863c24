//! The three views of the library. Of many flows only those near the visible part are drawn, so every row of a view has
//! one height: what does not fit in it is cut.

use super::first_line;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::rows::{use_across, use_rows};
use crate::components::status;
use crate::route::{Route, Sort};
use crate::state::library::{sorted, unit};
use crate::state::time::count;
use mf_contract::flows::FlowSummary;
use std::rc::Rc;
use yew::prelude::*;

// In pixels, with the gap or the line below; `library.css` sets the same.
const CARD: u32 = 180;
const CARD_WIDTH: u32 = 284;
const CARD_GAP: u32 = 12;
const LIST_ROW: u32 = 56;
const TABLE_ROW: u32 = 53;

#[derive(Properties, PartialEq)]
pub(super) struct ViewProps {
    pub(super) flows: Rc<Vec<FlowSummary>>,
    pub(super) sort: Sort,
}

/// Cards beside and below each other.
#[component]
pub(super) fn Cards(props: &ViewProps) -> Html {
    let flows = sorted(&props.flows, props.sort);
    let list = use_node_ref();
    let across = use_across(&list, CARD_WIDTH, CARD_GAP);
    let rows = use_rows(&list, flows.len().div_ceil(across), CARD + CARD_GAP);
    let drawn = rows.drawn.start * across..(rows.drawn.end * across).min(flows.len());
    html! {
        <div ref={list}>
            { rows.before("div") }
            <ul class="flow-grid">
                for (at, flow) in drawn.clone().zip(&flows[drawn]) {
                    <li key={flow.id.to_string()} aria-setsize={flows.len().to_string()} aria-posinset={(at + 1).to_string()} class="card flow-card" data-testid="flow-row">
                        <div class="row">
                            { status::of_type(flow.flow_type).tile() }
                            <h2 class="grow clip">{ link(flow) }</h2>
                        </div>
                        <p class="muted two-lines">{ first_line(&flow.description) }</p>
                        <div class="row pills">{ status::of_type(flow.flow_type).pill() }{ state(flow) }</div>
                        <p class="small muted row">
                            { facts(flow) }<span class="end"><When at={flow.updated_at} shown={Shown::Relative} /></span>
                        </p>
                    </li>
                }
            </ul>
            { rows.after("div") }
        </div>
    }
}

/// Rows with a line of facts.
#[component]
pub(super) fn List(props: &ViewProps) -> Html {
    let flows = sorted(&props.flows, props.sort);
    let list = use_node_ref();
    let rows = use_rows(&list, flows.len(), LIST_ROW);
    html! {
        <ul ref={list} class="card flat flow-list">
            { rows.before("li") }
            for (at, flow) in rows.drawn.clone().zip(&flows[rows.drawn.clone()]) {
                <li key={flow.id.to_string()} aria-setsize={flows.len().to_string()} aria-posinset={(at + 1).to_string()} data-testid="flow-row">
                    { status::of_type(flow.flow_type).tile() }
                    <div class="grow">
                        <div class="clip">{ link(flow) }</div>
                        <p class="small muted clip">
                            { status::of_type(flow.flow_type).word }{ " · " }{ facts(flow) }
                            if !flow.description.is_empty() { { " · " }{ first_line(&flow.description) } }
                        </p>
                    </div>
                    { state(flow) }
                    <span class="small muted"><When at={flow.updated_at} shown={Shown::Relative} /></span>
                </li>
            }
            { rows.after("li") }
        </ul>
    }
}

/// Rows with columns.
#[component]
pub(super) fn Table(props: &ViewProps) -> Html {
    let flows = sorted(&props.flows, props.sort);
    let list = use_node_ref();
    let rows = use_rows(&list, flows.len(), TABLE_ROW);
    html! {
        <div class="card flat">
            <table class="table-wide flow-table" aria-rowcount={(flows.len() + 1).to_string()}>
                <thead>
                    <tr aria-rowindex="1">
                        <th scope="col">{ "Name" }</th>
                        <th scope="col">{ "Type" }</th>
                        <th scope="col" class="num-cell">{ "Steps" }</th>
                        <th scope="col" class="num-cell">{ "Revision" }</th>
                        <th scope="col">{ "Next run" }</th>
                        <th scope="col" class="num-cell">{ "Open batches" }</th>
                        <th scope="col">{ "Updated" }</th>
                    </tr>
                </thead>
                <tbody ref={list} class="rows">
                    { rows.before("tr") }
                    for (at, flow) in rows.drawn.clone().zip(&flows[rows.drawn.clone()]) {
                        <tr key={flow.id.to_string()} aria-rowindex={(at + 2).to_string()} class="hit" data-testid="flow-row">
                            <td class="fill">
                                <div class="clip">{ link(flow) }</div>
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
                    { rows.after("tr") }
                </tbody>
            </table>
        </div>
    }
}

fn link(flow: &FlowSummary) -> Html {
    html! { <To class="name" route={Route::of_flow(flow.id, flow.flow_type)}>{ flow.name.clone() }</To> }
}

/// "6 steps · rev 3"
fn facts(flow: &FlowSummary) -> String {
    format!("{} · rev {}", count(flow.step_count as usize, unit(flow.flow_type)), flow.revision)
}

/// When it comes due and what is open, for the views without columns.
fn state(flow: &FlowSummary) -> Html {
    html! {
        <>
            if let Some(at) = flow.next_run_at {
                <span class="pill">{ Icon::Calendar.svg() }<When {at} shown={Shown::Relative} /></span>
            }
            if flow.open_batches > 0 {
                <span class="pill blue">{ Icon::Play.svg() }{ format!("{} open", flow.open_batches) }</span>
            }
        </>
    }
}
