//! What the server does with one pushed row. `mf.push` says the same in SQL; tests hold the two against each other.
//!
//! Concurrency is found here and nowhere else: two edits are concurrent when neither was made by somebody who saw the
//! other. A copy that loses to a concurrent one is kept as a conflict; an ancestor that comes late is not.

use super::merge::rank;
use super::row::{Row, Scalar};
use super::table::{self, CONFLICTS, PAUSES};
use mf_domain::role::Role;
use mf_domain::version::Version;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A row on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The copy.
    #[serde(flatten)]
    pub row: Row,
    /// The server's version the edit was made on; `None` for a row the server has not had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_version: Option<Version>,
}

impl Edit {
    /// Whether it is no edit but a copy the server once had, offered to one that was restored.
    #[must_use]
    pub fn is_offer(&self) -> bool {
        self.base_version.as_ref() == Some(&self.row.version)
    }
}

/// What the server has of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its copy.
    pub row: Row,
    /// What that copy was made on, as it was pushed.
    pub base_version: Option<Version>,
    /// When the server took it, by its own clock.
    pub received_at: i64,
}

/// What the decision is made from.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The server's copy, if it has one.
    pub stored: Option<&'a Stored>,
    /// Whether the server has had exactly this version of the row, or the same content when it came: its reply was lost.
    pub accepted_before: bool,
    /// Tombstones below this version have been collected.
    pub horizon: &'a Version,
    /// What the member may do.
    pub role: Role,
    /// Until when the device had read everything, by the server's clock. Asked only where the server was restored: the
    /// device then knows versions the server has forgotten.
    pub seen_until: Option<i64>,
    /// Whether the rows it refers to are there, or come in the same push.
    pub parents_there: bool,
}

/// Why a row was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The member's role does not write this table.
    Forbidden,
    /// The table cannot hold it, or its version is not behind its base.
    Invalid,
    /// A row it refers to is not there.
    ParentMissing,
    /// The server does not know the table: it is older than the client. It waits for the upgrade.
    UnknownTable,
}

/// The answer for one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer", content = "code")]
pub enum Answer {
    /// It is the server's copy now, or was already.
    Accepted,
    /// The server has a greater one.
    Superseded,
    /// It has no effect.
    Rejected(Code),
    /// The row was deleted so long ago that even its tombstone is gone.
    Gone,
}

/// What is answered and what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// For the client.
    pub answer: Answer,
    /// The copy to store; `None` where nothing changes.
    pub store: Option<Row>,
    /// The copy to keep as a conflict.
    pub loser: Option<Row>,
}

impl Decision {
    fn only(answer: Answer) -> Self {
        Self { answer, store: None, loser: None }
    }
}

/// Decides about one row. Rows of a push are decided in order; a row comes at most once in it.
#[must_use]
pub fn decide(edit: &Edit, now: &Situation<'_>) -> Decision {
    let Some(table) = table::find(&edit.row.key.table) else {
        return Decision::only(Answer::Rejected(Code::UnknownTable));
    };
    if !now.role.allows(table.write) {
        return Decision::only(Answer::Rejected(Code::Forbidden));
    }
    if edit.base_version.as_ref().is_some_and(|base| edit.row.version < *base) {
        return Decision::only(Answer::Rejected(Code::Invalid));
    }
    let Some(stored) = now.stored else { return first(edit, now) };
    if table.name == CONFLICTS {
        return settle(edit, stored);
    }
    if !now.parents_there {
        return Decision::only(Answer::Rejected(Code::ParentMissing));
    }
    let incoming = &edit.row;
    if incoming.same_content(&stored.row) {
        // Both mean the same: nobody lost anything.
        let newer = incoming.version > stored.row.version;
        let store = newer.then(|| incoming.clone());
        let answer =
            if incoming.version < stored.row.version { Answer::Superseded } else { Answer::Accepted };
        return Decision { answer, store, loser: None };
    }
    let concurrent = concurrent(edit, stored, now);
    if concurrent && let Some(decision) = pause(incoming, &stored.row) {
        return decision;
    }
    if rank(incoming, &stored.row) == Ordering::Less {
        let loser = concurrent.then(|| incoming.clone());
        Decision { answer: Answer::Superseded, store: None, loser }
    } else {
        let loser = concurrent.then(|| stored.row.clone());
        Decision { answer: Answer::Accepted, store: Some(incoming.clone()), loser }
    }
}

/// A row the server does not have.
fn first(edit: &Edit, now: &Situation<'_>) -> Decision {
    let deleted = now.accepted_before || edit.base_version.as_ref().is_some_and(|base| base < now.horizon);
    if deleted {
        Decision::only(Answer::Gone)
    } else if edit.row.key.table == CONFLICTS && !edit.is_offer() {
        // Conflicts are found by the server, not reported to it.
        Decision::only(Answer::Rejected(Code::Invalid))
    } else if !now.parents_there {
        Decision::only(Answer::Rejected(Code::ParentMissing))
    } else {
        Decision { answer: Answer::Accepted, store: Some(edit.row.clone()), loser: None }
    }
}

/// Of a conflict only its being settled is taken.
fn settle(edit: &Edit, stored: &Stored) -> Decision {
    if edit.row.columns != stored.row.columns {
        return Decision::only(Answer::Rejected(Code::Invalid));
    }
    match rank(&edit.row, &stored.row) {
        Ordering::Less => Decision::only(Answer::Superseded),
        Ordering::Equal => Decision::only(Answer::Accepted),
        Ordering::Greater => {
            Decision { answer: Answer::Accepted, store: Some(edit.row.clone()), loser: None }
        }
    }
}

/// Whether neither was made by somebody who saw the other. Rows that follow from an occurrence were made by nobody.
fn concurrent(edit: &Edit, stored: &Stored, now: &Situation<'_>) -> bool {
    let (incoming, theirs) = (&edit.row.version, &stored.row.version);
    if incoming == theirs || incoming.is_bottom() || theirs.is_bottom() || now.accepted_before {
        return false;
    }
    // A device's later copy is always made on its earlier one.
    if incoming.device_digits() == theirs.device_digits() {
        return false;
    }
    let their_base = stored.base_version.as_ref();
    let read = now.seen_until.is_some_and(|until| stored.received_at <= until);
    if edit.is_offer() {
        // What the server took before the device last read everything, the copy has in it. Of two offers both were the
        // server's once, so the greater one came later.
        let both_offered = their_base == Some(theirs) && incoming < theirs;
        return !read && !both_offered && their_base != Some(incoming);
    }
    // Versions the server has had of a row only grow. One below the base was seen, unless the server was restored and has
    // taken it since.
    let seen = edit.base_version.as_ref().is_some_and(|base| theirs == base || (theirs < base && read));
    !seen && their_base != Some(incoming)
}

/// A pause and a concurrent resuming: the pause stands, as a version above both, so that whoever has read the other one
/// learns of it.
fn pause(incoming: &Row, stored: &Row) -> Option<Decision> {
    let paused = |row: &Row| !row.tombstone && row.columns.get("paused") == Some(&Scalar::Int(1));
    if incoming.key.table != PAUSES || paused(incoming) == paused(stored) {
        return None;
    }
    let (pause, other) = if paused(incoming) { (incoming, stored) } else { (stored, incoming) };
    if rank(pause, other) == Ordering::Greater {
        return None;
    }
    let standing = Row { version: other.version.settled_behind(), ..pause.clone() };
    let answer = if paused(incoming) { Answer::Accepted } else { Answer::Superseded };
    Some(Decision { answer, store: Some(standing), loser: Some(other.clone()) })
}

#[cfg(test)]
mod tests;
