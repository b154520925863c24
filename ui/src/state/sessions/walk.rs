//! Where a person stands in the list, what they have opened, and the way on from the keyboard.

use super::lines::{Key, Line};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::Reducible;

/// What a key or a click does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    To(Key),
    Open(Key),
    Close(Key),
    Stay,
}

impl Step {
    /// To the line at a place.
    #[must_use]
    pub fn to(lines: &[Line], at: usize) -> Self {
        lines.get(at).and_then(|line| line.key.clone()).map_or(Self::Stay, Self::To)
    }
}

/// Where a person stands and what they have opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standpoint {
    pub at: Option<Key>,
    pub open: BTreeSet<Key>,
}

thread_local! {
    /// The last one: whoever looks into a session comes back to where they were.
    static LAST: RefCell<Standpoint> = RefCell::default();
}

impl Standpoint {
    /// Where the list was left.
    #[must_use]
    pub fn remembered() -> Self {
        LAST.with_borrow(Clone::clone)
    }
}

impl Reducible for Standpoint {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match step {
            Step::To(key) => next.at = Some(key),
            Step::Open(key) => {
                next.open.insert(key.clone());
                next.at = Some(key);
            }
            Step::Close(key) => {
                next.open.remove(&key);
                next.at = Some(key);
            }
            Step::Stay => {}
        }
        LAST.set(next.clone());
        Rc::new(next)
    }
}

/// The line with a key; where that is gone, the first a person can stand on.
#[must_use]
pub fn place(lines: &[Line], key: &Key) -> Option<usize> {
    let at = lines.iter().position(|line| line.key.as_ref() == Some(key));
    at.or_else(|| lines.iter().position(|line| line.key.is_some()))
}

/// The line `by` lines on, of those a person can stand on.
#[must_use]
pub fn moved(lines: &[Line], at: usize, by: isize) -> usize {
    let (mut found, mut next, mut left) = (at, at, by.unsigned_abs());
    while left > 0 {
        let Some(one) = next.checked_add_signed(by.signum()) else { break };
        let Some(line) = lines.get(one) else { break };
        next = one;
        if line.key.is_some() {
            found = one;
            left -= 1;
        }
    }
    found
}

/// Opens the line, or goes to the first line in it.
#[must_use]
pub fn right(lines: &[Line], at: usize) -> Step {
    match lines.get(at) {
        Some(Line { open: Some(false), key: Some(key), .. }) => Step::Open(key.clone()),
        Some(line) if line.open == Some(true) => {
            let next = moved(lines, at, 1);
            let within = lines.get(next).is_some_and(|next| next.level > line.level);
            if within { Step::to(lines, next) } else { Step::Stay }
        }
        _ => Step::Stay,
    }
}

/// Closes the line, or goes to the one it lies in.
#[must_use]
pub fn left(lines: &[Line], at: usize) -> Step {
    let Some(line) = lines.get(at) else { return Step::Stay };
    if let (Some(true), Some(key)) = (line.open, &line.key) {
        return Step::Close(key.clone());
    }
    let parent = lines[..at].iter().rposition(|above| above.level < line.level);
    parent.map_or(Step::Stay, |parent| Step::to(lines, parent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sessions::lines::lines;
    use crate::state::sessions::lines::tests::{SINGLES, key, shelf};
    use crate::state::sessions::shelf::tests::{BATCHES, batch, session};
    use crate::state::sessions::shelf::{Branch, Kind};
    use mf_domain::ids::{BatchId, SessionId};
    use uuid::Uuid;

    #[test]
    fn keys_walk_open_and_close() {
        let inside = Branch { group: None, kind: Kind::Inside(BatchId(Uuid::from_u128(1))) };
        let known = shelf(&[
            (BATCHES, vec![batch(1, 90), batch(2, 50)], true),
            (SINGLES, vec![], true),
            (inside, vec![session(3, 0)], true),
        ]);
        // b1, s3, 1 others, b2
        let lines = lines(&known, None, &BTreeSet::from([key(1)]));
        assert_eq!([moved(&lines, 0, 1), moved(&lines, 1, 1), moved(&lines, 3, 1)], [1, 3, 3]);
        assert_eq!([moved(&lines, 3, -1), moved(&lines, 0, -1), moved(&lines, 0, 99)], [1, 0, 3]);
        assert_eq!(moved(&lines, 3, -99), 0);
        let first = Key::Session(None, SessionId(Uuid::from_u128(3)));
        assert_eq!(right(&lines, 0), Step::To(first));
        assert_eq!(right(&lines, 3), Step::Open(key(2)));
        assert_eq!(right(&lines, 1), Step::Stay);
        assert_eq!(left(&lines, 1), Step::To(key(1)));
        assert_eq!(left(&lines, 0), Step::Close(key(1)));
        assert_eq!(left(&lines, 3), Step::Stay);
        assert_eq!((place(&lines, &key(2)), place(&lines, &key(9))), (Some(3), Some(0)));
    }

    #[test]
    fn whoever_comes_back_finds_open_what_was_open() {
        let point = Rc::new(Standpoint::default()).reduce(Step::Open(key(1))).reduce(Step::To(key(2)));
        assert_eq!(Standpoint::remembered(), *point);
        let point = point.reduce(Step::Close(key(1)));
        assert_eq!((point.open.len(), point.at.as_ref()), (0, Some(&key(1))));
    }
}
