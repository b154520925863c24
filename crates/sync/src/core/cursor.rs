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
}
