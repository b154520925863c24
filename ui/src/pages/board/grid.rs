//! The grid: its head, and the rows that are seen.

use super::row::{Point, Row};
use super::{COLUMN, HEAD, ROW, TARGETS};
use crate::components::icon::Icon;
use crate::components::rows::{bring_column_into_view, bring_into_view, use_columns, use_rows};
use crate::state::board::selection::{Move, Selection, View};
use crate::state::board::titles::of_column;
use crate::state::board::waves::held;
use crate::state::whose::Whose;
use mf_contract::board::{BoardSession, BoardStep};
use mf_domain::flow::EvidenceRule;
use mf_domain::ids::MemberId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    /// Of the whole board.
    pub rows: Rc<Vec<Rc<BoardSession>>>,
    pub view: View,
    pub selection: Selection,
    pub me: Option<MemberId>,
    pub onmove: Callback<Move>,
}

/// Columns there is room for a note in.
const ROOMY: usize = 4;

#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let (view, selection) = (&props.view, &props.selection);
    let board = &view.board;
    let (at, step) = (selection.at(view), selection.step(view));
    let steps = use_steps_kept(&board.steps);
    let held = use_memo(board.clone(), |board| held(board));
    let onpoint = use_point(&props.onmove);

    let list = use_node_ref();
    let rows = use_rows(&list, view.shown.len(), ROW);
    let columns = use_columns(&list, board.steps.len(), COLUMN, TARGETS);
    {
        let list = list.clone();
        use_effect_with((at, step), move |(at, step)| {
            bring_into_view(&list, *at, ROW, HEAD);
            bring_column_into_view(&list, *step, COLUMN, TARGETS);
        });
    }
    let before = columns.blank(columns.drawn.start);
    let after = columns.blank(board.steps.len() - columns.drawn.end);
    html! {
        <div
            class={classes!("board", (board.steps.len() <= ROOMY).then_some("roomy"))}
            data-scroller="true"
            role="grid"
            tabindex="0"
            aria-label="Targets by steps"
            aria-multiselectable="true"
            aria-rowcount={(view.shown.len() + 1).to_string()}
            aria-colcount={(board.steps.len() + 1).to_string()}
            aria-activedescendant={format!("cell-{at}-{step}")}
        >
            <div class="board-row board-head" role="row">
                <div class="board-target" role="columnheader">
                    <span class="grow">{ "Target" }</span>
                    { keys_hint() }
                </div>
                { before.clone() }
                for (index, column) in board.steps.iter().enumerate().take(columns.drawn.end).skip(columns.drawn.start) {
                    { head_cell(index, column, &of_column(board, index), index == step) }
                }
                { after.clone() }
            </div>
            <div class="board-rows" role="rowgroup" ref={list}>
                { rows.before("div") }
                for place in rows.drawn.clone() {
                    if let Some(session) = view.shown.get(place).and_then(|row| props.rows.get(*row)) {
                        <Row
                            key={session.id.to_string()}
                            session={session.clone()}
                            steps={steps.clone()}
                            {place}
                            first={columns.drawn.start}
                            end={columns.drawn.end}
                            before={columns.blank_width(columns.drawn.start)}
                            after={columns.blank_width(board.steps.len() - columns.drawn.end)}
                            cursor={(place == at).then_some(step)}
                            chosen={selection.has(session.id)}
                            alone={selection.is_empty()}
                            held={held.contains(&session.id)}
                            whose={Whose::of(session.assignee, props.me)}
                            onpoint={onpoint.clone()}
                        />
                    }
                }
                { rows.after("div") }
            </div>
        </div>
    }
}

/// How the keyboard moves here; the cheat sheet has it all.
fn keys_hint() -> Html {
    html! {
        <span class="board-keys small faint" aria-hidden="true">
            <kbd>{ "↑" }</kbd><kbd>{ "↓" }</kbd>{ "move" }
            <kbd>{ "X" }</kbd>{ "select" }
            <kbd>{ "Enter" }</kbd>{ "open" }
        </span>
    }
}

/// The columns; the same as long as they say the same.
#[hook]
fn use_steps_kept(steps: &[BoardStep]) -> Rc<Vec<BoardStep>> {
    let last = use_mut_ref(|| Rc::new(steps.to_vec()));
    let mut last = last.borrow_mut();
    if **last != steps {
        *last = Rc::new(steps.to_vec());
    }
    last.clone()
}

/// One callback for every row, whatever is seen: rows compare their properties.
#[hook]
fn use_point(onmove: &Callback<Move>) -> Callback<(Point, MouseEvent)> {
    let newest = use_mut_ref(|| onmove.clone());
    newest.borrow_mut().clone_from(onmove);
    let onpoint = use_memo((), |()| {
        Callback::from(move |(point, event): (Point, MouseEvent)| {
            // The link inside has routed already.
            if event.default_prevented() {
                return;
            }
            let Point { row, step } = point;
            let toggles = event.ctrl_key() || event.meta_key();
            let by = match step {
                Some(step) if !toggles => Move::Cell { row, step, extend: event.shift_key() },
                _ => Move::ToggleRow { row, step },
            };
            let onmove = newest.borrow().clone();
            onmove.emit(by);
        })
    });
    (*onpoint).clone()
}

fn head_cell(index: usize, column: &BoardStep, words: &str, here: bool) -> Html {
    let evidence = match column.evidence {
        EvidenceRule::Required => Some("needs evidence"),
        EvidenceRule::Optional | EvidenceRule::None => None,
    };
    let title = match evidence {
        Some(evidence) => format!("{words}, {evidence}"),
        None => words.to_owned(),
    };
    html! {
        <div
            class={classes!("board-cell", here.then_some("here"))}
            role="columnheader"
            aria-colindex={(index + 2).to_string()}
            {title}
        >
            <span class="two-lines">{ format!("{}. {words}", index + 1) }</span>
            if let Some(evidence) = evidence {
                <span class="faint">{ Icon::Clip.svg() }<span class="visually-hidden">{ evidence }</span></span>
            }
        </div>
    }
}
