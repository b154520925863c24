//! Where the cursor stands in the list of schedules, and which of them are selected.
//!
//! A selection is of schedules and not of places, so that it survives another filter. Keys act on what of it is shown, so
//! that nothing is paused that nobody sees.

use crate::state::time::{count, grouped};
use mf_domain::ids::ScheduleId;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::Reducible;

/// The schedules that are shown, in their order.
pub type Shown = Rc<Vec<ScheduleId>>;

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

/// Cursor and selection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    row: Option<ScheduleId>,
    chosen: BTreeSet<ScheduleId>,
    /// Where a range began.
    anchor: Option<ScheduleId>,
}

/// A move on what the person saw, or exactly what is to be selected.
#[derive(Clone, Debug)]
pub enum Action {
    Move(Shown, Move),
    Choose(Vec<ScheduleId>),
}

impl Reducible for Selection {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(match action {
            Action::Move(shown, by) => self.moved(&shown, by),
            Action::Choose(ids) => {
                Self { chosen: ids.into_iter().collect(), anchor: None, ..(*self).clone() }
            }
        })
    }
}

impl Selection {
    /// Whether a schedule is selected.
    #[must_use]
    pub fn has(&self, id: ScheduleId) -> bool {
        self.chosen.contains(&id)
    }

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The place of the cursor, once a key or a click has put it somewhere that is shown.
    #[must_use]
    pub fn at(&self, shown: &[ScheduleId]) -> Option<usize> {
        let row = self.row?;
        shown.iter().position(|id| *id == row)
    }

    /// What a key acts on: what is both selected and shown; with nothing selected, the row of the cursor.
    #[must_use]
    pub fn targets(&self, shown: &[ScheduleId]) -> Vec<ScheduleId> {
        if self.is_empty() {
            return self.at(shown).and_then(|at| shown.get(at)).copied().into_iter().collect();
        }
        shown.iter().copied().filter(|id| self.has(*id)).collect()
    }

    /// How many are selected, and how many of them the filter hides; nothing without a selection.
    #[must_use]
    pub fn words(&self, shown: &[ScheduleId]) -> Option<String> {
        let (chosen, seen) = (self.chosen.len(), self.targets(shown).len());
        match chosen.saturating_sub(seen) {
            _ if chosen == 0 => None,
            0 => Some(format!("{} selected", count(chosen, "schedule"))),
            hidden => Some(format!("{} selected, {} not shown", grouped(chosen), grouped(hidden))),
        }
    }

    fn moved(&self, shown: &[ScheduleId], by: Move) -> Self {
        match by {
            Move::By { rows, extend } => {
                // The first key only says where the cursor is.
                let to = self.at(shown).map_or(0, |at| at.saturating_add_signed(rows));
                self.to_row(shown, to, extend)
            }
            Move::To { row, extend } => self.to_row(shown, row, extend),
            Move::Toggle => self.at(shown).map_or_else(|| self.clone(), |at| self.toggled(shown, at)),
            Move::ToggleRow(row) => self.toggled(shown, row),
            Move::All => {
                let all = shown.iter().all(|id| self.has(*id));
                let chosen = if all { BTreeSet::new() } else { shown.iter().copied().collect() };
                Self { chosen, anchor: None, ..self.clone() }
            }
            Move::Clear => Self { chosen: BTreeSet::new(), anchor: None, ..self.clone() },
        }
    }

    fn to_row(&self, shown: &[ScheduleId], to: usize, extend: bool) -> Self {
        let mut next = self.clone();
        let to = to.min(shown.len().saturating_sub(1));
        let from = self.at(shown).unwrap_or(to);
        next.row = shown.get(to).copied();
        if !extend {
            next.anchor = None;
            return next;
        }
        let anchor = self.anchor.or_else(|| shown.get(from).copied());
        let began = anchor.and_then(|anchor| shown.iter().position(|id| *id == anchor)).unwrap_or(from);
        // Going back takes out what the range had taken in.
        let left = began.min(from)..=began.max(from);
        for id in shown.get(left).unwrap_or_default() {
            next.chosen.remove(id);
        }
        let range = began.min(to)..=began.max(to);
        next.chosen.extend(shown.get(range).unwrap_or_default());
        next.anchor = anchor;
        next
    }

    fn toggled(&self, shown: &[ScheduleId], row: usize) -> Self {
        let mut next = self.clone();
        if let Some(id) = shown.get(row).copied() {
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
    use uuid::Uuid;

    fn shown(numbers: &[u128]) -> Shown {
        Rc::new(numbers.iter().map(|number| ScheduleId(Uuid::from_u128(*number))).collect())
    }

    fn after(shown: &Shown, moves: &[Move]) -> Selection {
        let start = Rc::new(Selection::default());
        let end = moves.iter().fold(start, |all, by| all.reduce(Action::Move(shown.clone(), *by)));
        Rc::unwrap_or_clone(end)
    }

    fn numbers(ids: &[ScheduleId]) -> Vec<u128> {
        ids.iter().map(|id| id.0.as_u128()).collect()
    }

    const DOWN: Move = Move::By { rows: 1, extend: false };
    const GROW: Move = Move::By { rows: 1, extend: true };
    const SHRINK: Move = Move::By { rows: -1, extend: true };

    #[test]
    fn the_cursor_comes_with_the_first_key_and_stays_on_its_schedule() {
        let all = shown(&[1, 2, 3, 4]);
        assert_eq!((Selection::default().at(&all), Selection::default().targets(&all)), (None, vec![]));
        assert_eq!(after(&all, &[DOWN]).at(&all), Some(0));
        let second = after(&all, &[DOWN, DOWN]);
        assert_eq!((second.at(&all), numbers(&second.targets(&all))), (Some(1), vec![2]));
        // Another order, another filter.
        assert_eq!((second.at(&shown(&[4, 3, 2])), second.at(&shown(&[1]))), (Some(2), None));
        assert_eq!(after(&all, &[Move::To { row: 99, extend: false }]).at(&all), Some(3));
        assert_eq!(after(&shown(&[]), &[DOWN, GROW, Move::Toggle, Move::All]), Selection::default());
    }

    #[test]
    fn a_range_grows_shrinks_and_turns() {
        let all = shown(&[1, 2, 3, 4]);
        let targets = |moves: &[Move]| numbers(&after(&all, moves).targets(&all));
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
        let selection = after(&all, &[Move::All]);
        assert_eq!(selection.words(&all).as_deref(), Some("4 schedules selected"));
        let two = shown(&[2, 3]);
        assert_eq!(numbers(&selection.targets(&two)), [2, 3]);
        assert_eq!(selection.words(&two).as_deref(), Some("4 selected, 2 not shown"));
        assert!(after(&all, &[Move::All, Move::All]).is_empty());
        assert!(after(&all, &[Move::All, Move::Clear]).is_empty());
        let chosen = Rc::new(selection).reduce(Action::Choose(vec![all[2]]));
        assert_eq!(numbers(&chosen.targets(&all)), [3]);
    }
}
