//! How a person left the board of a batch, for the life of the window: whoever comes back from a session finds the same
//! targets shown, the same ones selected, and the cursor on the one they were at.

use super::Filter;
use super::selection::Selection;
use crate::route::Route;
use mf_contract::board::Board;
use mf_domain::ids::{BatchId, SessionId};
use std::cell::RefCell;
use std::collections::HashMap;

/// How the board of a batch was left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    pub filter: Filter,
    /// Nothing before the board was on the screen.
    pub selection: Option<Selection>,
    /// The session that was looked at since.
    pub from: Option<SessionId>,
}

impl Place {
    /// Cursor and selection as the board opens.
    #[must_use]
    pub fn selection(self, board: &Board) -> Selection {
        let selection = self.selection.unwrap_or_else(|| Selection::begin(board));
        match self.from.filter(|id| board.sessions.iter().any(|session| session.id == *id)) {
            Some(id) => selection.standing_at(id),
            None => selection,
        }
    }
}

thread_local! {
    static PLACES: RefCell<HashMap<BatchId, Place>> = RefCell::default();
}

fn change(batch: BatchId, change: impl FnOnce(&mut Place)) {
    PLACES.with_borrow_mut(|places| change(places.entry(batch).or_default()));
}

/// Keeps what is shown of a board and what is selected on it.
pub fn keep(batch: BatchId, filter: Filter, selection: Selection) {
    change(batch, |place| *place = Place { filter, selection: Some(selection), from: None });
}

/// A session of the batch is looked at: the board opens on it again.
pub fn came_from(batch: BatchId, session: SessionId) {
    change(batch, |place| place.from = Some(session));
}

/// How the board was left.
#[must_use]
pub fn place(batch: BatchId) -> Place {
    PLACES.with_borrow(|places| places.get(&batch).cloned()).unwrap_or_default()
}

/// What stood behind the question mark when the board was left.
#[must_use]
pub fn query(batch: BatchId) -> String {
    place(batch).filter.written()
}

/// The address at which the board was left.
#[must_use]
pub fn address(batch: BatchId) -> String {
    Route::Batch { id: batch }.asking(&query(batch))
}

#[cfg(test)]
mod tests {
    use super::super::selection::{Move, SelectionAction, View};
    use super::super::tests::some;
    use super::*;
    use crate::state::selection as rows;
    use std::rc::Rc;
    use uuid::Uuid;
    use yew::Reducible;

    #[test]
    fn a_board_opens_as_it_was_left_with_the_cursor_on_the_session_one_comes_from() {
        let (batch, board) = (BatchId(Uuid::from_u128(5)), Rc::new(some()));
        let view = View { board: board.clone(), shown: Rc::new(vec![0, 1, 2, 3]) };
        assert_eq!(address(batch), Route::Batch { id: batch }.path());
        let begin = place(batch).selection(&board);
        assert_eq!((begin.at(&view), begin.step(&view)), (1, 1));

        let chosen = [Move::Rows(rows::Move::All), Move::Right].into_iter();
        let left = chosen
            .fold(Rc::new(begin), |selection, by| selection.reduce(SelectionAction::Move(view.clone(), by)));
        let filter = Filter { typed: "rds".to_owned(), ..Filter::default() };
        keep(batch, filter.clone(), (*left).clone());
        assert_eq!(
            (address(batch), place(batch).selection(&board)),
            (filter.address(batch), (*left).clone())
        );

        came_from(batch, board.sessions[3].id);
        let back = place(batch).selection(&board);
        assert_eq!((back.at(&view), back.step(&view), back.targets(&view).len()), (3, 2, 4));
        // A session that is no longer of the batch moves nothing, and another batch knows nothing of it.
        came_from(batch, SessionId(Uuid::from_u128(99)));
        assert_eq!(place(batch).selection(&board).at(&view), 1);
        assert_eq!(place(BatchId(Uuid::nil())), Place::default());
    }
}
