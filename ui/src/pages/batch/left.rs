//! How long the batch has taken, and how its estimates count what is left.

use crate::components::popover::Popover;
use crate::state::board::time::{Left, elapsed_minutes};
use crate::state::board::titles::of_column;
use crate::state::clock::use_now;
use crate::state::time::{count, minutes};
use mf_contract::board::Board;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct TimesProps {
    pub board: Rc<Board>,
}

#[component]
pub(super) fn Times(props: &TimesProps) -> Html {
    let board = &props.board;
    let elapsed = elapsed_minutes(board, use_now()).map(|elapsed| format!("{} elapsed", minutes(elapsed)));
    let left = Left::of(board);
    let nothing = left.steps.is_empty() && left.added == 0;
    html! {
        <div class="board-times small muted" data-testid="board-times">
            { elapsed.clone() }
            if !nothing {
                if elapsed.is_some() {
                    { " · " }
                }
                <Popover id="left" words={words(&left)} label="How this is counted">
                    { counted(board, &left) }
                </Popover>
            }
        </div>
    }
}

fn words(left: &Left) -> String {
    match left.minutes() {
        0 => "no estimate of what is left".to_owned(),
        known => format!("about {} of work left", minutes(known)),
    }
}

fn counted(board: &Board, left: &Left) -> Html {
    let unestimated = left.unestimated();
    html! {
        <>
            <h2>{ "Work left, by the estimates of the flow" }</h2>
            <table class="counted">
                <thead>
                    <tr>
                        <th>{ "Step" }</th>
                        <th class="num-cell">{ "Open on" }</th>
                        <th class="num-cell">{ "Each" }</th>
                        <th class="num-cell">{ "Together" }</th>
                    </tr>
                </thead>
                <tbody>
                    for step in &left.steps {
                        <tr>
                            <td class="fill clip">
                                { of_column(board, step.step) }
                            </td>
                            <td class="num-cell">{ count(step.targets as usize, "target") }</td>
                            <td class="num-cell">{ step.estimate.map_or_else(|| "–".to_owned(), minutes) }</td>
                            <td class="num-cell">
                                { step.estimate.map_or_else(|| "–".to_owned(), |_| minutes(step.minutes())) }
                            </td>
                        </tr>
                    }
                </tbody>
            </table>
            <p class="hint">
                { "Counted as if one target came after the other; several at a time take less." }
                if unestimated > 0 {
                    { format!(" {} without an estimate count nothing.", count(unestimated as usize, "open step")) }
                }
            </p>
        </>
    }
}
