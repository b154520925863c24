//! One target: who it is, and a cell for each step.

use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::rows::blank;
use crate::components::status::{self, Look};
use crate::route::{Route, go};
use crate::state::board::{Cell, cell, evidence, note};
use crate::state::time::count;
use crate::state::whose::Whose;
use mf_contract::board::{BoardSession, BoardStep};
use mf_domain::session::StepOutcome;
use std::rc::Rc;
use yew::prelude::*;

/// Where the pointer was pressed: a cell, or a row as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) row: usize,
    pub(super) step: Option<usize>,
}

#[derive(Properties, PartialEq)]
pub(super) struct RowProps {
    pub session: Rc<BoardSession>,
    pub steps: Rc<Vec<BoardStep>>,
    /// Its place among the rows that are shown.
    pub place: usize,
    /// The columns that are drawn, and the width of those that are not.
    pub first: usize,
    pub end: usize,
    pub before: Option<u32>,
    pub after: Option<u32>,
    /// The step the cursor stands at, if it stands in this row.
    pub cursor: Option<usize>,
    pub chosen: bool,
    /// Nothing is selected: the row of the cursor counts as selected.
    pub alone: bool,
    /// It may not be started yet.
    pub held: bool,
    pub whose: Whose,
    pub onpoint: Callback<(Point, MouseEvent)>,
}

/// A row. It is drawn again when one of its properties changed, and else not.
#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let RowProps { session, place, chosen, .. } = props;
    let here = props.cursor.is_some();
    let selected = *chosen || (props.alone && here);
    html! {
        <div
            class={classes!("board-row", chosen.then_some("chosen"), here.then_some("at"))}
            role="row"
            aria-rowindex={(place + 2).to_string()}
            aria-selected={if selected { "true" } else { "false" }}
            data-testid="session-row"
            data-status={session.status.as_str()}
        >
            { target(props) }
            { blank(props.before) }
            for step in props.first..props.end {
                { board_cell(props, step) }
            }
            { blank(props.after) }
        </div>
    }
}

fn target(props: &RowProps) -> Html {
    let RowProps { session, chosen, .. } = props;
    let point = Point { row: props.place, step: None };
    html! {
        <div class="board-target" role="rowheader">
            <button
                type="button"
                class="board-check"
                role="checkbox"
                tabindex="-1"
                aria-checked={if *chosen { "true" } else { "false" }}
                aria-label={format!("Select {}", session.label)}
                // The focus stays where the keys work.
                onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}
                onclick={props.onpoint.reform(move |event: MouseEvent| (point, event))}
            >
                { if *chosen { Icon::BoxTicked.svg() } else { Icon::Box.svg() } }
            </button>
            <div class="grow">
                <To class="name clip block" route={Route::Session { id: session.id }}>{ session.label.clone() }</To>
                { about(session) }
            </div>
            { whose(props.whose) }
            { look(props).pill() }
        </div>
    }
}

/// The person's own in words; there is no room to write out a colleague's.
fn whose(whose: Whose) -> Html {
    let words = whose.word();
    match whose {
        Whose::Nobody => Html::default(),
        Whose::Mine => {
            html! { <span class="board-whose small strong">{ Icon::Person.svg() }{ words }</span> }
        }
        Whose::Other => html! {
            <span class="board-whose small muted" title={words}>
                { Icon::Person.svg() }<span class="visually-hidden">{ words }</span>
            </span>
        },
    }
}

/// What was added and said beside the steps, then notes, client and site; as far as there are any.
fn about(session: &BoardSession) -> Html {
    let parts = [&session.notes, &session.client, &session.site];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    if parts.is_empty() && session.session_note.is_none() && session.added.is_empty() {
        return Html::default();
    }
    html! {
        <div class="board-about small muted">
            if session.session_note.is_some() {
                <span class="board-own" title={session.session_note.clone()}>
                    { Icon::Note.svg() }<span class="visually-hidden">{ "has a note" }</span>
                </span>
            }
            { own_steps(session) }
            <span class="clip">{ parts.join(" · ") }</span>
        </div>
    }
}

fn look(props: &RowProps) -> Look {
    if props.held { status::HELD } else { status::of_session(props.session.status) }
}

/// Steps that were added to this session alone, and rollbacks.
fn own_steps(session: &BoardSession) -> Html {
    let rollbacks = session.added.iter().filter(|step| step.rollback_of.is_some()).count();
    let added = session.added.len() - rollbacks;
    let titles: Vec<&str> = session.added.iter().map(|step| step.title.as_str()).collect();
    let mark = |number: usize, icon: Icon, word: &str| {
        html! {
            <span class="board-own">
                { icon.svg() }<span aria-hidden="true">{ number }</span>
                <span class="visually-hidden">{ count(number, word) }</span>
            </span>
        }
    };
    if session.added.is_empty() {
        return Html::default();
    }
    html! {
        <span class="board-about" title={titles.join(", ")}>
            if added > 0 {
                { mark(added, Icon::Plus, "added step") }
            }
            if rollbacks > 0 {
                { mark(rollbacks, Icon::Undo, "rollback") }
            }
        </span>
    }
}

fn board_cell(props: &RowProps, step: usize) -> Html {
    let RowProps { session, steps, place, .. } = props;
    let (class, icon, word) = match cell(steps, session, step) {
        Cell::Open => ("", None, "open"),
        Cell::Current => ("now", Some(Icon::Play), "current"),
        Cell::Recorded(StepOutcome::Done) => ("done", Some(Icon::Check), "done"),
        Cell::Recorded(StepOutcome::Failed) => ("fail", Some(Icon::Cross), "failed"),
        Cell::Recorded(StepOutcome::Skipped) => ("skip", Some(Icon::Skip), "skipped"),
    };
    let note = note(steps, session, step);
    let pieces = evidence(steps, session, step);
    let mut words = word.to_owned();
    if pieces > 0 {
        words.push_str(&format!(", {} of evidence", count(pieces as usize, "piece")));
    }
    if let Some(note) = note {
        words.push_str(&format!(": {note}"));
    }
    let here = props.cursor == Some(step);
    let point = Point { row: *place, step: Some(step) };
    html! {
        <div
            class={classes!("board-cell", class, here.then_some("cursor"))}
            id={format!("cell-{place}-{step}")}
            role="gridcell"
            aria-colindex={(step + 2).to_string()}
            title={note.map(ToOwned::to_owned)}
            onclick={props.onpoint.reform(move |event: MouseEvent| (point, event))}
            ondblclick={let id = session.id; Callback::from(move |_: MouseEvent| go(Route::Session { id }))}
        >
            if let Some(icon) = icon {
                <span class="mark-box">{ icon.svg() }</span>
            }
            if pieces > 0 || note.is_some() {
                <span class="cell-facts small" aria-hidden="true">
                    if let Some(note) = note {
                        { Icon::Note.svg() }<span class="cell-words">{ note.to_owned() }</span>
                    }
                    if pieces > 0 {
                        { Icon::Clip.svg() }<span>{ pieces }</span>
                    }
                </span>
            }
            <span class="visually-hidden">{ words }</span>
        </div>
    }
}
