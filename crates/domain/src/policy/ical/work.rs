//! How much a file may ask for. Some lines can repeat over centuries, thousands of times; who waits for them must be told.

use super::refuse;
use crate::Invalid;
use std::cell::Cell;

/// Days looked at, and what costs as much: about a second, and some hundred times what calendars of holidays need.
const MOST: u64 = 50_000_000;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<u64>,
}

impl Default for Work {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl Work {
    pub(super) fn new(most: u64) -> Self {
        Self { left: Cell::new(most) }
    }

    /// Takes some of it; once it is used up, it stays so.
    pub(super) fn spend(&self, steps: u64) -> Result<(), Invalid> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| {
            refuse("asks for too much: too many of its events repeat, over too many years, or it defines too many time zones")
        })
    }
}
