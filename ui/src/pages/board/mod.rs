//! The board of a batch (F24): targets down, steps across, a step marked for many targets at once.
//!
//! Rows and columns far from what is seen are not drawn, and a row is drawn again only when something in it changed.
//! Marking goes to the engine and comes back with the next board; nothing is shown as recorded before.

mod bar;
mod details;
mod grid;
mod keys;
mod refused;
mod row;
mod work;

use crate::api;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::trouble::trouble;
use crate::state::board::selection::{Move, Selection, SelectionAction, View};
use crate::state::board::{Filter, kept, shown};
use crate::state::selection as rows;
use bar::{BarProps, bar};
use details::Details;
use grid::Grid;
use keys::use_board_keys;
use mf_contract::board::{Board, BoardSession};
use mf_domain::ids::MemberId;
use refused::refused;
use std::rc::Rc;
use work::use_work;
use yew::prelude::*;

/// Pixels; the style sheet says the same.
const ROW: u32 = 44;
const COLUMN: u32 = 124;
const HEAD: f64 = 56.0;
const TARGETS: f64 = 312.0;

/// Whether the details are shown is remembered on this machine.
const DETAILS: &str = "mf.board-details";

/// Properties of [`BoardGrid`].
#[derive(Debug, Properties, PartialEq)]
pub struct BoardGridProps {
    pub board: Rc<Board>,
    pub filter: Filter,
    /// The member at this window.
    pub me: Option<MemberId>,
    /// Shows all targets.
    pub onclear: Callback<()>,
}

/// The rows of a board; those that stayed the same are the same as those of the board before.
#[hook]
fn use_rows_kept(board: &Rc<Board>) -> Rc<Vec<Rc<BoardSession>>> {
    let last = use_mut_ref(|| (board.clone(), Rc::new(kept(&[], &board.sessions))));
    let mut last = last.borrow_mut();
    if !Rc::ptr_eq(&last.0, board) {
        let rows = Rc::new(kept(&last.1, &board.sessions));
        *last = (board.clone(), rows);
    }
    last.1.clone()
}

/// The grid with its details and its bar of actions.
#[component]
pub fn BoardGrid(props: &BoardGridProps) -> Html {
    let board = &props.board;
    let rows = use_rows_kept(board);
    let fitting = use_memo((board.clone(), props.filter.clone(), props.me), |(board, filter, me)| {
        shown(board, filter, *me)
    });
    let view = View { board: board.clone(), shown: fitting };
    let selection = use_reducer(|| Selection::begin(board));
    let at = selection.at(&view);
    let step = selection.step(&view);
    let details = use_state(|| browser::recall(DETAILS).is_some());

    let choose = {
        let (dispatcher, view) = (selection.dispatcher(), view.clone());
        Callback::from(move |by: Move| dispatcher.dispatch(SelectionAction::Move(view.clone(), by)))
    };
    let onselect = {
        let dispatcher = selection.dispatcher();
        Callback::from(move |ids| dispatcher.dispatch(SelectionAction::Choose(ids)))
    };
    let work = use_work(&view, &selection, &choose);
    let toggle = {
        let details = details.clone();
        Callback::from(move |()| {
            browser::remember(DETAILS, (!*details).then_some("shown"));
            details.set(!*details);
        })
    };
    use_board_keys(&view, &selection, &work, &choose, &toggle);

    // What came of the last command stays to be read when its targets leave the filter.
    let came = html! {
        <>
            if let Some(error) = work.error() {
                <div class="row">
                    <div class="grow">{ trouble(api::sentence(error), None) }</div>
                    <Button
                        tone={Tone::Ghost}
                        small=true
                        icon={Icon::Cross}
                        label="Close message"
                        onclick={let work = work.clone(); move |()| work.forget()}
                    />
                </div>
            }
            { refused(board, &work, &onselect) }
        </>
    };
    if view.shown.is_empty() {
        return html! {
            <>
                { none_fits(&props.onclear) }
                { came }
            </>
        };
    }
    html! {
        <>
            <div class="board-area">
                <Grid {rows} view={view.clone()} selection={(*selection).clone()} me={props.me} onmove={choose} />
                if *details && let Some(session) = view.session(at) {
                    <Details
                        session={Rc::new(session.clone())}
                        board={board.clone()}
                        {step}
                        me={props.me}
                        onclose={toggle.clone()}
                    />
                }
            </div>
            { came }
            { bar(&BarProps {
                board,
                here: view.session(at),
                targets: &selection.targets(&view),
                selected: selection.words(&view),
                step,
                me: props.me,
                work: &work,
                onclear: selection_cleared(&selection, &view),
                details: *details,
                ondetails: toggle,
            }) }
        </>
    }
}

fn none_fits(onclear: &Callback<()>) -> Html {
    empty(&EmptyProps {
        icon: Icon::Inbox,
        compact: false,
        title: AttrValue::from("No target fits the filter"),
        text: AttrValue::default(),
        children: html! { <Button onclick={onclear.clone()}>{ "Show all" }</Button> },
    })
}

fn selection_cleared(selection: &UseReducerHandle<Selection>, view: &View) -> Callback<()> {
    let (dispatcher, view) = (selection.dispatcher(), view.clone());
    Callback::from(move |()| {
        dispatcher.dispatch(SelectionAction::Move(view.clone(), Move::Rows(rows::Move::Clear)))
    })
}
