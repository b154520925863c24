//! How far a replica has read.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows of a page.
pub const PAGE: usize = 2_000;

/// A place in the server's order of changes. The number alone would not do: a server restored from a backup counts on
/// from an earlier number, over other rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last change read.
    pub seq: i64,
    /// The push it came with.
    pub push_id: Uuid,
}

/// What the server's answer to the cursor means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Read on behind the cursor.
    Continues,
    /// The server does not know that push at that place: it was restored. Offer every row, read from the beginning;
    /// what is missing there deletes nothing here.
    Restored,
}

/// The places by which a replica tells a restored server, sent with every push and every pull: a push that were taken
/// first would put a known place over the unknown one. How far it has read is not enough: what it wrote after that and
/// was acknowledged may be what the server has lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// How far it has read.
    pub read: Option<Cursor>,
    /// The server's last change when it last answered a push of ours.
    pub wrote: Option<Cursor>,
}

impl Marks {
    /// Judges the marks by whether the server knows them. A mark that is not there is no evidence.
    #[must_use]
    pub fn standing(self, known: impl Fn(Cursor) -> bool) -> Standing {
        let all_known = [self.read, self.wrote].into_iter().flatten().all(known);
        if all_known { Standing::Continues } else { Standing::Restored }
    }
}

/// That everything is read from the beginning. In the end, what the server did not bring is gone there: its tombstone was
/// collected, perhaps, before this replica could read it. Whatever waits to be sent stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// How far tombstones had been collected when it began.
    pub horizon: i64,
    /// The server's last change when the latest page was read.
    pub until: i64,
}

impl Whole {
    /// Whether nothing this replica wrote can be missing from what it read. Another process on the same file may have written
    /// after the last page.
    #[must_use]
    pub fn has_all_of(self, wrote: Option<Cursor>) -> bool {
        wrote.is_none_or(|wrote| wrote.seq <= self.until)
    }
}

/// How a replica goes on with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is the next one.
    On,
    /// It is the next one of everything.
    Whole(Whole),
    /// It is of no use: tombstones were collected behind what was read, and with them the news of deletions. Everything is
    /// read from the beginning.
    Anew,
}

/// Judges a page read behind `read`, while everything is being read (`whole`) or not. `horizon` is the greatest place of a
/// collected tombstone in the order of changes, `until` the last change; both as of the page.
#[must_use]
pub fn reading(read: Option<Cursor>, whole: Option<Whole>, horizon: i64, until: i64) -> Reading {
    match (read, whole) {
        (None, _) => Reading::Whole(Whole { horizon, until }),
        (Some(_), Some(whole)) if whole.horizon == horizon => Reading::Whole(Whole { horizon, until }),
        (Some(read), Some(whole)) if read.seq >= horizon => Reading::Whole(Whole { until, ..whole }),
        (Some(read), None) if read.seq >= horizon => Reading::On,
        (Some(_), _) => Reading::Anew,
    }
}

/// Whether a page of that many rows was the last: only then are the staged rows merged.
#[must_use]
pub fn is_last(rows: usize) -> bool {
    rows < PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_or_written_and_is_unknown_tells_a_restored_server() {
        let at = |seq| Cursor { seq, push_id: Uuid::nil() };
        let (read, wrote) = (Some(at(7)), Some(at(9)));
        assert_eq!(Marks { read, wrote }.standing(|_| true), Standing::Continues);
        assert_eq!(Marks { read, wrote }.standing(|cursor| cursor.seq < 9), Standing::Restored);
        assert_eq!(Marks { read, wrote: None }.standing(|_| false), Standing::Restored);
        assert_eq!(Marks::default().standing(|_| false), Standing::Continues);
        assert!(is_last(0) && is_last(PAGE - 1) && !is_last(PAGE));
    }

    #[test]
    fn who_has_not_read_a_tombstone_that_is_gone_reads_everything() {
        let read = |seq| Some(Cursor { seq, push_id: Uuid::nil() });
        let whole = |horizon, until| Whole { horizon, until };
        assert_eq!(reading(read(7), None, 7, 9), Reading::On, "it was the last that was read");
        assert_eq!(reading(read(6), None, 7, 9), Reading::Anew);
        assert_eq!(reading(None, None, 7, 9), Reading::Whole(whole(7, 9)));
        // On the way, from the beginning up to there and beyond.
        assert_eq!(reading(read(3), Some(whole(7, 9)), 7, 12), Reading::Whole(whole(7, 12)));
        assert_eq!(reading(read(9), Some(whole(7, 9)), 8, 12), Reading::Whole(whole(7, 12)));
        // More was collected meanwhile, and some of it had not been read.
        assert_eq!(reading(read(3), Some(whole(7, 9)), 8, 12), Reading::Anew);
        assert!(whole(7, 9).has_all_of(None) && whole(7, 9).has_all_of(read(9)));
        assert!(!whole(7, 9).has_all_of(read(10)));
    }
}
