//! The keys of the board.

use super::work::{NOTE, Work};
use crate::browser;
use crate::components::button::May;
use crate::route::{Route, go};
use crate::state::board::asking::{Doing, doing};
use crate::state::board::selection::{Move, Selection, View};
use crate::state::keys::use_shortcuts;
use crate::state::selection;
use crate::state::shortcuts::{Act, Scope};
use mf_domain::role::Role;
use yew::prelude::*;

/// What a key does to cursor and selection; nothing for a key that does something else.
fn move_of(act: Act, selected: bool) -> Option<Move> {
    match act {
        Act::Left => Some(Move::Left),
        Act::Right => Some(Move::Right),
        _ => selection::move_of(act, selected).map(Move::Rows),
    }
}

fn work_on(work: &Work, doing: Doing) {
    match doing {
        Doing::Record(outcome) => work.mark.emit(outcome),
        Doing::Complete => work.complete.emit(()),
        Doing::Ask(what) => work.explain.emit(what),
        Doing::Resume => browser::focus(NOTE),
        Doing::GiveUp => work.oncancel.emit(()),
    }
}

/// Listens for them while the board is on the screen.
#[hook]
pub(super) fn use_board_keys(
    view: &View,
    selection: &Selection,
    work: &Work,
    onmove: &Callback<Move>,
    ondetails: &Callback<()>,
) {
    let read_only = !use_context::<May>().unwrap_or_default().write(Role::Operator);
    let here = view.session(selection.at(view)).map(|session| session.id);
    let selected = !selection.is_empty();
    let reaches = !selection.targets(view).is_empty();
    let (work, onmove, ondetails) = (work.clone(), onmove.clone(), ondetails.clone());
    use_shortcuts(
        Scope::Batch,
        Callback::from(move |act: Act| {
            // Before the moves: Escape takes back a question first, and the selection then.
            if let Some(doing) = doing(act, work.explaining, reaches) {
                let does = !read_only || doing == Doing::GiveUp;
                if does {
                    work_on(&work, doing);
                }
                return does;
            }
            if let Some(by) = move_of(act, selected) {
                onmove.emit(by);
                return true;
            }
            match act {
                Act::Search => browser::focus("board-search"),
                Act::Details => ondetails.emit(()),
                Act::Open => match here {
                    Some(id) => go(Route::Session { id }),
                    None => return false,
                },
                _ => return false,
            }
            true
        }),
    );
}
