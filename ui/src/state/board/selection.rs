//! The cursor of a board, which stands in a row and at a step, and the targets that are selected.

use super::current;
use crate::state::selection::{self as rows, Shown};
use mf_contract::board::{Board, BoardSession};
use mf_domain::ids::SessionId;
use std::rc::Rc;
use yew::Reducible;

/// What a person sees of a board: the places of the rows that fit the filter.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub board: Rc<Board>,
    pub shown: Rc<Vec<usize>>,
}

impl View {
    /// The session in a row.
    #[must_use]
    pub fn session(&self, row: usize) -> Option<&BoardSession> {
        self.board.sessions.get(*self.shown.get(row)?)
    }

    fn last_step(&self) -> usize {
        self.board.steps.len().saturating_sub(1)
    }
}

impl Shown for View {
    type Id = SessionId;

    fn count(&self) -> usize {
        self.shown.len()
    }

    fn id(&self, row: usize) -> Option<SessionId> {
        self.session(row).map(|session| session.id)
    }

    /// At the first target with work left.
    fn begin(&self) -> Option<usize> {
        let open = |row: &usize| self.session(*row).is_some_and(|session| !session.status.is_terminal());
        Some((0..self.count()).find(open).unwrap_or(0))
    }
}

/// Where the cursor stands and what is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    rows: rows::Selection<View>,
    step: usize,
}

/// Up or down by rows, left or right by steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Rows(rows::Move),
    Left,
    Right,
    /// The cursor to a cell; with `extend`, the range up to it is selected.
    Cell {
        row: usize,
        step: usize,
        extend: bool,
    },
    /// The cursor to a row, which is one more or one less; to a step as well if one is named.
    ToggleRow {
        row: usize,
        step: Option<usize>,
    },
}

/// A move, made on what the person saw.
#[derive(Clone, Debug)]
pub enum SelectionAction {
    Move(View, Move),
    /// Exactly these.
    Choose(Vec<SessionId>),
}

impl Reducible for Selection {
    type Action = SelectionAction;

    fn reduce(self: Rc<Self>, action: SelectionAction) -> Rc<Self> {
        Rc::new(match action {
            SelectionAction::Move(view, by) => self.moved(&view, by),
            SelectionAction::Choose(ids) => Self { rows: self.rows.with(ids), step: self.step },
        })
    }
}

impl Selection {
    /// The cursor on the step the first open target stands at.
    #[must_use]
    pub fn begin(board: &Board) -> Self {
        let first = board.sessions.iter().find(|session| !session.status.is_terminal());
        Self { step: first.map_or(0, current), ..Self::default() }
    }

    /// As it is, with the cursor in the row of a session.
    #[must_use]
    pub fn standing_at(self, id: SessionId) -> Self {
        Self { rows: self.rows.standing_at(id), step: self.step }
    }

    /// Whether a session is selected.
    #[must_use]
    pub fn has(&self, id: SessionId) -> bool {
        self.rows.has(id)
    }

    /// Whether nothing is selected: keys act on the row of the cursor.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The place of the cursor among the rows that are shown: where the person put it, or else the first target with
    /// work left.
    #[must_use]
    pub fn at(&self, view: &View) -> usize {
        self.rows.at(view).unwrap_or(0)
    }

    /// The step the cursor stands at.
    #[must_use]
    pub fn step(&self, view: &View) -> usize {
        self.step.min(view.last_step())
    }

    /// What a key acts on: what is both selected and shown, in the order of the board; with nothing selected, the row of
    /// the cursor.
    #[must_use]
    pub fn targets<'a>(&self, view: &'a View) -> Vec<&'a BoardSession> {
        self.rows.rows(view).into_iter().filter_map(|row| view.session(row)).collect()
    }

    /// How many are selected, and how many of them the filter hides; nothing without a selection.
    #[must_use]
    pub fn words(&self, view: &View) -> Option<String> {
        self.rows.words(view, "target")
    }

    fn moved(&self, view: &View, by: Move) -> Self {
        let at = self.step(view);
        let (rows, step) = match by {
            Move::Rows(by) => (self.rows.moved(view, by), at),
            Move::Left => (self.rows.clone(), at.saturating_sub(1)),
            Move::Right => (self.rows.clone(), (at + 1).min(view.last_step())),
            Move::Cell { row, step, extend } => (self.rows.moved(view, rows::Move::To { row, extend }), step),
            Move::ToggleRow { row, step } => {
                (self.rows.moved(view, rows::Move::ToggleRow(row)), step.unwrap_or(at))
            }
        };
        Self { rows, step }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{board, row, some};
    use super::*;
    use mf_domain::session::SessionStatus;

    fn view(shown: &[usize]) -> View {
        View { board: Rc::new(some()), shown: Rc::new(shown.to_vec()) }
    }

    fn after(view: &View, moves: &[Move]) -> Selection {
        let begin = Rc::new(Selection::default());
        let end = moves
            .iter()
            .fold(begin, |selection, by| selection.reduce(SelectionAction::Move(view.clone(), *by)));
        (*end).clone()
    }

    fn by(rows: isize) -> Move {
        Move::Rows(rows::Move::By { rows, extend: false })
    }

    fn to(row: usize) -> Move {
        Move::Rows(rows::Move::To { row, extend: false })
    }

    const ALL: Move = Move::Rows(rows::Move::All);

    fn names(view: &View, selection: &Selection) -> Vec<u128> {
        selection.targets(view).iter().map(|session| session.id.0.as_u128()).collect()
    }

    #[test]
    fn the_cursor_begins_at_the_first_open_target_and_a_key_acts_on_it() {
        let all = view(&[0, 1, 2, 3]);
        let selection = Selection::begin(&all.board);
        assert_eq!((selection.at(&all), selection.step(&all)), (1, 1));
        assert_eq!(names(&all, &selection), [2]);
        let selection = after(&all, &[by(9)]);
        assert_eq!((selection.at(&all), names(&all, &selection)), (3, vec![4]));
        // It stays with its target when others are hidden, and begins anew when it is hidden itself.
        assert_eq!(selection.at(&view(&[2, 3])), 1);
        assert_eq!(selection.at(&view(&[0, 2])), 1);
        assert_eq!(after(&all, &[to(usize::MAX), to(0), by(-1)]).at(&all), 0);
    }

    #[test]
    fn the_cursor_stays_on_the_board() {
        let all = view(&[0, 1, 2, 3]);
        assert_eq!(after(&all, &[Move::Left]).step(&all), 0);
        assert_eq!(after(&all, &[Move::Right, Move::Right, Move::Right]).step(&all), 2);
        let cell = after(&all, &[Move::Cell { row: 2, step: 1, extend: false }]);
        assert_eq!((cell.at(&all), cell.step(&all)), (2, 1));
        let none = View { board: Rc::new(board(vec![])), shown: Rc::default() };
        assert_eq!((after(&none, &[by(1)]).at(&none), names(&none, &Selection::default())), (0, vec![]));
    }

    #[test]
    fn a_range_begins_at_the_cursor_and_a_click_takes_a_row_and_a_step() {
        let all = view(&[0, 1, 2, 3]);
        let extend = |rows| Move::Rows(rows::Move::By { rows, extend: true });
        let back = [extend(1), extend(1), extend(-1)];
        assert_eq!(names(&all, &after(&all, &back[..2])), [2, 3, 4]);
        assert_eq!(names(&all, &after(&all, &back)), [2, 3]);
        let toggles = [Move::ToggleRow { row: 0, step: None }, Move::ToggleRow { row: 1, step: Some(2) }];
        let selection = after(&all, &[back.as_slice(), &toggles].concat());
        assert_eq!((names(&all, &selection), selection.at(&all), selection.step(&all)), (vec![1, 3], 1, 2));
        assert!(after(&all, &[ALL, ALL]).is_empty());
        let two = view(&[1, 3]);
        assert_eq!(names(&two, &after(&two, &[ALL])), [2, 4]);
    }

    #[test]
    fn keys_act_on_what_is_selected_and_shown_and_the_rest_is_said() {
        let all = view(&[0, 1, 2, 3]);
        assert_eq!(Selection::default().words(&all), None);
        let selection = after(&all, &[to(0), Move::Rows(rows::Move::By { rows: 2, extend: true })]);
        assert_eq!(selection.words(&all).as_deref(), Some("3 targets selected"));
        let two = view(&[2, 3]);
        assert_eq!(names(&two, &selection), [3]);
        assert_eq!(selection.words(&two).as_deref(), Some("3 selected, 2 not shown"));
        // Not even the row of the cursor, as long as something else is selected.
        assert_eq!(names(&view(&[3]), &selection), Vec::<u128>::new());
        let nothing = view(&[]);
        assert_eq!(names(&nothing, &selection), Vec::<u128>::new());
        assert_eq!(selection.words(&nothing).as_deref(), Some("3 selected, 3 not shown"));
        assert_eq!(names(&all, &selection), [1, 2, 3]);
    }

    #[test]
    fn exactly_these_can_be_selected() {
        let all = view(&[0, 1, 2, 3]);
        let id = row(3, SessionStatus::Pending, "...").id;
        let selection = Rc::new(after(&all, &[ALL])).reduce(SelectionAction::Choose(vec![id]));
        assert_eq!(names(&all, &selection), [3]);
    }
}
