//! Where the cursor of a board stands and what is selected.
//!
//! A selection is of sessions and not of places, so that it survives another filter and rows that arrive meanwhile. Keys
//! act on what of it is shown, so that nothing is marked that nobody sees.

use super::current;
use crate::state::time::{count, grouped};
use mf_contract::board::{Board, BoardSession};
use mf_domain::ids::SessionId;
use std::collections::BTreeSet;
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

    fn id(&self, row: usize) -> Option<SessionId> {
        self.session(row).map(|session| session.id)
    }

    fn row_of(&self, id: SessionId) -> Option<usize> {
        self.shown.iter().position(|at| self.board.sessions.get(*at).is_some_and(|session| session.id == id))
    }

    fn last_step(&self) -> usize {
        self.board.steps.len().saturating_sub(1)
    }
}

/// Where the cursor stands and what is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The row, as long as the person has chosen one.
    row: Option<SessionId>,
    step: usize,
    chosen: BTreeSet<SessionId>,
    /// Where a range began.
    anchor: Option<SessionId>,
}

/// Up or down by rows, left or right by steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The cursor to another row, counted from where it is.
    By(isize),
    /// Likewise, and everything between where the range began and there is selected.
    ExtendBy(isize),
    First,
    Last,
    Left,
    Right,
    /// The cursor to a cell; with `extend`, the range up to it is selected.
    Cell {
        row: usize,
        step: usize,
        extend: bool,
    },
    /// The row under the cursor one more or one less.
    Toggle,
    /// The cursor to a row, which is one more or one less; to a step as well if one is named.
    ToggleRow {
        row: usize,
        step: Option<usize>,
    },
    /// All rows that are shown; nothing when they all are selected already.
    All,
    Clear,
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
            SelectionAction::Choose(ids) => {
                Self { chosen: ids.into_iter().collect(), anchor: None, ..(*self).clone() }
            }
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

    /// Whether a session is selected.
    #[must_use]
    pub fn has(&self, id: SessionId) -> bool {
        self.chosen.contains(&id)
    }

    /// How many are selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether nothing is selected: keys act on the row of the cursor.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The place of the cursor among the rows that are shown: where the person put it, or else the first target with
    /// work left.
    #[must_use]
    pub fn at(&self, view: &View) -> usize {
        let open = |row: &usize| view.session(*row).is_some_and(|session| !session.status.is_terminal());
        self.row
            .and_then(|row| view.row_of(row))
            .unwrap_or_else(|| (0..view.shown.len()).find(open).unwrap_or(0))
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
        if self.is_empty() {
            return view.session(self.at(view)).into_iter().collect();
        }
        (0..view.shown.len())
            .filter_map(|row| view.session(row))
            .filter(|session| self.has(session.id))
            .collect()
    }

    /// How many are selected, and how many of them the filter hides; nothing without a selection.
    #[must_use]
    pub fn words(&self, view: &View) -> Option<String> {
        let (chosen, shown) = (self.len(), self.targets(view).len());
        match chosen.saturating_sub(shown) {
            _ if chosen == 0 => None,
            0 => Some(format!("{} selected", count(chosen, "target"))),
            hidden => Some(format!("{} selected, {} not shown", grouped(chosen), grouped(hidden))),
        }
    }

    fn moved(&self, view: &View, by: Move) -> Self {
        let (at, step) = (self.at(view), self.step(view));
        match by {
            Move::By(rows) => self.to_row(view, at.saturating_add_signed(rows), false),
            Move::ExtendBy(rows) => self.to_row(view, at.saturating_add_signed(rows), true),
            Move::First => self.to_row(view, 0, false),
            Move::Last => self.to_row(view, usize::MAX, false),
            Move::Left => Self { step: step.saturating_sub(1), ..self.clone() },
            Move::Right => Self { step: (step + 1).min(view.last_step()), ..self.clone() },
            Move::Cell { row, step, extend } => Self { step, ..self.to_row(view, row, extend) },
            Move::Toggle => self.toggled(view, at),
            Move::ToggleRow { row, step: to } => {
                Self { row: view.id(row), step: to.unwrap_or(step), ..self.toggled(view, row) }
            }
            Move::All => self.all(view),
            Move::Clear => Self { chosen: BTreeSet::new(), anchor: None, ..self.clone() },
        }
    }

    fn to_row(&self, view: &View, to: usize, extend: bool) -> Self {
        let mut next = self.clone();
        let from = self.at(view);
        let to = to.min(view.shown.len().saturating_sub(1));
        next.row = view.id(to);
        if !extend {
            next.anchor = None;
            return next;
        }
        let anchor = self.anchor.or(view.id(from));
        let began = anchor.and_then(|anchor| view.row_of(anchor)).unwrap_or(from);
        next.chosen.extend((began.min(to)..=began.max(to)).filter_map(|row| view.id(row)));
        // Going back takes out what the range had taken in.
        if from.abs_diff(began) > to.abs_diff(began)
            && let Some(left) = view.id(from)
        {
            next.chosen.remove(&left);
        }
        next.anchor = anchor;
        next
    }

    fn toggled(&self, view: &View, row: usize) -> Self {
        let mut next = self.clone();
        if let Some(id) = view.id(row) {
            if !next.chosen.remove(&id) {
                next.chosen.insert(id);
            }
            next.anchor = Some(id);
        }
        next
    }

    fn all(&self, view: &View) -> Self {
        let all: BTreeSet<SessionId> = (0..view.shown.len()).filter_map(|row| view.id(row)).collect();
        let chosen = if self.chosen == all { BTreeSet::new() } else { all };
        Self { chosen, anchor: None, ..self.clone() }
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

    fn names(view: &View, selection: &Selection) -> Vec<u128> {
        selection.targets(view).iter().map(|session| session.id.0.as_u128()).collect()
    }

    #[test]
    fn the_cursor_begins_at_the_first_open_target_and_a_key_acts_on_it() {
        let all = view(&[0, 1, 2, 3]);
        let selection = Selection::begin(&all.board);
        assert_eq!((selection.at(&all), selection.step(&all)), (1, 1));
        assert_eq!(names(&all, &selection), [2]);
        let selection = after(&all, &[Move::By(9)]);
        assert_eq!((selection.at(&all), names(&all, &selection)), (3, vec![4]));
        // It stays with its target when others are hidden, and begins anew when it is hidden itself.
        assert_eq!(selection.at(&view(&[2, 3])), 1);
        assert_eq!(selection.at(&view(&[0, 2])), 1);
        assert_eq!(after(&all, &[Move::Last, Move::First, Move::By(-1)]).at(&all), 0);
    }

    #[test]
    fn the_cursor_stays_on_the_board() {
        let all = view(&[0, 1, 2, 3]);
        assert_eq!(after(&all, &[Move::Left]).step(&all), 0);
        assert_eq!(after(&all, &[Move::Right, Move::Right, Move::Right]).step(&all), 2);
        let cell = after(&all, &[Move::Cell { row: 2, step: 1, extend: false }]);
        assert_eq!((cell.at(&all), cell.step(&all)), (2, 1));
        let none = View { board: Rc::new(board(vec![])), shown: Rc::default() };
        assert_eq!(
            (after(&none, &[Move::By(1)]).at(&none), names(&none, &Selection::default())),
            (0, vec![])
        );
    }

    #[test]
    fn a_range_grows_and_shrinks_and_everything_can_be_selected() {
        let all = view(&[0, 1, 2, 3]);
        let two_down = [Move::ExtendBy(1), Move::ExtendBy(1)];
        assert_eq!(names(&all, &after(&all, &two_down)), [2, 3, 4]);
        let back = [two_down[0], two_down[1], Move::ExtendBy(-1)];
        let selection = after(&all, &back);
        assert_eq!(names(&all, &selection), [2, 3]);
        let toggles = [Move::ToggleRow { row: 0, step: None }, Move::ToggleRow { row: 1, step: Some(2) }];
        let selection = after(&all, &[back.as_slice(), &toggles].concat());
        assert_eq!((names(&all, &selection), selection.at(&all), selection.step(&all)), (vec![1, 3], 1, 2));
        let selection = after(&all, &[Move::All]);
        assert_eq!((names(&all, &selection), selection.len()), (vec![1, 2, 3, 4], 4));
        assert!(after(&all, &[Move::All, Move::All]).is_empty());
        assert!(after(&all, &[Move::Toggle, Move::Clear]).is_empty());
        let two = view(&[1, 3]);
        assert_eq!(names(&two, &after(&two, &[Move::All])), [2, 4]);
    }

    #[test]
    fn keys_act_on_what_is_selected_and_shown_and_the_rest_is_said() {
        let all = view(&[0, 1, 2, 3]);
        assert_eq!(Selection::default().words(&all), None);
        let selection = after(&all, &[Move::First, Move::ExtendBy(2)]);
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
        let selection = Rc::new(after(&all, &[Move::All])).reduce(SelectionAction::Choose(vec![id]));
        assert_eq!(names(&all, &selection), [3]);
    }
}
