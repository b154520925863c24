//! Where the cursor stands in a list that is worked on by keys, and which of its rows are selected.
//!
//! A selection is of things and not of places, so that it survives another filter and rows that arrive meanwhile. Keys act
//! on what of it is shown, so that nothing is changed that nobody sees.

use super::shortcuts::Act;
use super::time::{count, grouped};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::rc::Rc;
use yew::Reducible;

/// The rows a person sees, in their order.
pub trait Shown {
    /// What a row is known by, wherever it stands.
    type Id: Copy + Ord + Debug;

    /// How many rows there are.
    fn count(&self) -> usize;

    /// What stands in a row.
    fn id(&self, row: usize) -> Option<Self::Id>;

    /// Where something stands.
    fn row_of(&self, id: Self::Id) -> Option<usize> {
        (0..self.count()).find(|row| self.id(*row) == Some(id))
    }

    /// Where the cursor is as long as nobody has put it anywhere; `None` for nowhere.
    fn begin(&self) -> Option<usize> {
        None
    }
}

impl<Id: Copy + Ord + Debug> Shown for Rc<Vec<Id>> {
    type Id = Id;

    fn count(&self) -> usize {
        self.len()
    }

    fn id(&self, row: usize) -> Option<Id> {
        self.get(row).copied()
    }
}

/// What a key or a click does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The cursor to another row, counted from where it is; with `extend`, what lies between is selected.
    By {
        rows: isize,
        extend: bool,
    },
    /// The cursor to a row; likewise.
    To {
        row: usize,
        extend: bool,
    },
    /// The row under the cursor one more or one less.
    Toggle,
    /// The cursor to a row, which is one more or one less.
    ToggleRow(usize),
    /// All that are shown; nothing when they all are selected already.
    All,
    Clear,
}

/// What a key does to cursor and selection; nothing for a key that does something else.
#[must_use]
pub fn move_of(act: Act, selected: bool) -> Option<Move> {
    let by = |rows: isize, extend: bool| Move::By { rows, extend };
    Some(match act {
        Act::Next => by(1, false),
        Act::Previous => by(-1, false),
        Act::SelectNext => by(1, true),
        Act::SelectPrevious => by(-1, true),
        Act::First => Move::To { row: 0, extend: false },
        Act::Last => Move::To { row: usize::MAX, extend: false },
        Act::Select => Move::Toggle,
        Act::SelectAll => Move::All,
        Act::Leave if selected => Move::Clear,
        _ => return None,
    })
}

/// Cursor and selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection<V: Shown> {
    /// The row, once the person has chosen one.
    row: Option<V::Id>,
    chosen: BTreeSet<V::Id>,
    /// Where a range began.
    anchor: Option<V::Id>,
}

impl<V: Shown> Default for Selection<V> {
    fn default() -> Self {
        Self { row: None, chosen: BTreeSet::new(), anchor: None }
    }
}

/// A move on what the person saw, or exactly what is to be selected.
#[derive(Clone, Debug)]
pub enum Action<V: Shown> {
    Move(V, Move),
    Choose(Vec<V::Id>),
}

impl<V: Shown + 'static> Reducible for Selection<V> {
    type Action = Action<V>;

    fn reduce(self: Rc<Self>, action: Action<V>) -> Rc<Self> {
        Rc::new(match action {
            Action::Move(view, by) => self.moved(&view, by),
            Action::Choose(ids) => self.with(ids),
        })
    }
}

impl<V: Shown> Selection<V> {
    fn same(&self) -> Self {
        Self { row: self.row, chosen: self.chosen.clone(), anchor: self.anchor }
    }

    /// Exactly these, and the cursor where it was.
    #[must_use]
    pub fn with(&self, ids: impl IntoIterator<Item = V::Id>) -> Self {
        Self { chosen: ids.into_iter().collect(), anchor: None, row: self.row }
    }

    /// The same selection, and the cursor there.
    #[must_use]
    pub fn standing_at(self, id: V::Id) -> Self {
        Self { row: Some(id), ..self }
    }

    /// Whether something is selected.
    #[must_use]
    pub fn has(&self, id: V::Id) -> bool {
        self.chosen.contains(&id)
    }

    /// Whether nothing is: keys act on the row of the cursor.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The place of the cursor among the rows that are shown.
    #[must_use]
    pub fn at(&self, view: &V) -> Option<usize> {
        self.row.and_then(|row| view.row_of(row)).or_else(|| view.begin())
    }

    /// The rows a key acts on: what is both selected and shown; with nothing selected, the row of the cursor.
    #[must_use]
    pub fn rows(&self, view: &V) -> Vec<usize> {
        if self.is_empty() {
            return self.at(view).filter(|at| *at < view.count()).into_iter().collect();
        }
        (0..view.count()).filter(|row| view.id(*row).is_some_and(|id| self.has(id))).collect()
    }

    /// What stands in those.
    #[must_use]
    pub fn targets(&self, view: &V) -> Vec<V::Id> {
        self.rows(view).into_iter().filter_map(|row| view.id(row)).collect()
    }

    /// How many are selected, and how many of them the filter hides; nothing without a selection. `one` is the word for
    /// one of them.
    #[must_use]
    pub fn words(&self, view: &V, one: &str) -> Option<String> {
        let chosen = self.chosen.len();
        match chosen.saturating_sub(self.rows(view).len()) {
            _ if chosen == 0 => None,
            0 => Some(format!("{} selected", count(chosen, one))),
            hidden => Some(format!("{} selected, {} not shown", grouped(chosen), grouped(hidden))),
        }
    }

    /// After a move.
    #[must_use]
    pub fn moved(&self, view: &V, by: Move) -> Self {
        match by {
            Move::By { rows, extend } => {
                // Without a cursor the first key only says where it is.
                let to = self.at(view).map_or(0, |at| at.saturating_add_signed(rows));
                self.to_row(view, to, extend)
            }
            Move::To { row, extend } => self.to_row(view, row, extend),
            Move::Toggle => self.at(view).map_or_else(|| self.same(), |at| self.toggled(view, at)),
            Move::ToggleRow(row) => self.toggled(view, row),
            Move::All => {
                let shown: BTreeSet<V::Id> = (0..view.count()).filter_map(|row| view.id(row)).collect();
                let all = shown.iter().all(|id| self.has(*id));
                self.with(if all { BTreeSet::new() } else { shown })
            }
            Move::Clear => self.with([]),
        }
    }

    fn to_row(&self, view: &V, to: usize, extend: bool) -> Self {
        let mut next = self.same();
        let to = to.min(view.count().saturating_sub(1));
        let from = self.at(view).unwrap_or(to);
        next.row = view.id(to);
        if !extend {
            next.anchor = None;
            return next;
        }
        let anchor = self.anchor.or_else(|| view.id(from));
        let began = anchor.and_then(|anchor| view.row_of(anchor)).unwrap_or(from);
        let between = |end: usize| (began.min(end)..=began.max(end)).filter_map(|row| view.id(row));
        // Going back takes out what the range had taken in.
        for id in between(from) {
            next.chosen.remove(&id);
        }
        next.chosen.extend(between(to));
        next.anchor = anchor;
        next
    }

    fn toggled(&self, view: &V, row: usize) -> Self {
        let mut next = self.same();
        if let Some(id) = view.id(row) {
            if !next.chosen.remove(&id) {
                next.chosen.insert(id);
            }
            (next.row, next.anchor) = (Some(id), Some(id));
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type View = Rc<Vec<u32>>;

    fn shown(ids: &[u32]) -> View {
        Rc::new(ids.to_vec())
    }

    fn after(view: &View, moves: &[Move]) -> Selection<View> {
        let start = Rc::new(Selection::default());
        let end = moves.iter().fold(start, |all, by| all.reduce(Action::Move(view.clone(), *by)));
        end.same()
    }

    const DOWN: Move = Move::By { rows: 1, extend: false };
    const GROW: Move = Move::By { rows: 1, extend: true };
    const SHRINK: Move = Move::By { rows: -1, extend: true };

    #[test]
    fn the_cursor_comes_with_the_first_key_and_stays_on_its_row() {
        let all = shown(&[1, 2, 3, 4]);
        let none = Selection::<View>::default();
        assert_eq!((none.at(&all), none.targets(&all)), (None, vec![]));
        assert_eq!(after(&all, &[DOWN]).at(&all), Some(0));
        let second = after(&all, &[DOWN, DOWN]);
        assert_eq!((second.at(&all), second.targets(&all)), (Some(1), vec![2]));
        // Another order, another filter.
        assert_eq!((second.at(&shown(&[4, 3, 2])), second.at(&shown(&[1]))), (Some(2), None));
        assert_eq!(after(&all, &[Move::To { row: 99, extend: false }]).at(&all), Some(3));
        assert_eq!(after(&shown(&[]), &[DOWN, GROW, Move::Toggle, Move::All]), none);
    }

    #[test]
    fn a_range_grows_shrinks_and_turns() {
        let all = shown(&[1, 2, 3, 4]);
        let targets = |moves: &[Move]| after(&all, moves).targets(&all);
        assert_eq!(targets(&[DOWN, DOWN, GROW, GROW]), [2, 3, 4]);
        assert_eq!(targets(&[DOWN, DOWN, GROW, GROW, SHRINK]), [2, 3]);
        assert_eq!(targets(&[DOWN, DOWN, GROW, SHRINK, SHRINK]), [1, 2]);
        assert_eq!(targets(&[Move::ToggleRow(0), Move::To { row: 2, extend: true }]), [1, 2, 3]);
        assert_eq!(targets(&[Move::ToggleRow(0), Move::ToggleRow(2)]), [1, 3]);
        assert_eq!(targets(&[DOWN, Move::Toggle, Move::Toggle]), [1]);
    }

    #[test]
    fn keys_act_on_what_is_selected_and_shown_and_the_rest_is_said() {
        let all = shown(&[1, 2, 3, 4]);
        assert_eq!(Selection::default().words(&all, "schedule"), None);
        let selection = after(&all, &[Move::All]);
        assert_eq!(selection.words(&all, "schedule").as_deref(), Some("4 schedules selected"));
        let two = shown(&[2, 3]);
        assert_eq!(selection.targets(&two), [2, 3]);
        assert_eq!(selection.words(&two, "schedule").as_deref(), Some("4 selected, 2 not shown"));
        // Not even the row of the cursor, as long as something else is selected.
        assert_eq!(selection.targets(&shown(&[])), Vec::<u32>::new());
        assert!(after(&all, &[Move::All, Move::All]).is_empty());
        assert!(after(&all, &[Move::All, Move::Clear]).is_empty());
        let chosen = Rc::new(selection).reduce(Action::Choose(vec![3]));
        assert_eq!(chosen.targets(&all), [3]);
    }

    #[test]
    fn escape_clears_a_selection_and_is_left_alone_without_one() {
        assert_eq!(move_of(Act::Leave, true), Some(Move::Clear));
        assert_eq!(move_of(Act::Leave, false), None);
        assert_eq!(move_of(Act::SelectNext, false), Some(GROW));
        assert_eq!((move_of(Act::Done, true), move_of(Act::Pause, true)), (None, None));
    }
}
