//! What a laptop does with what the server sends: a pulled row, or the answer to a pushed one.
//!
//! A row with an unsent change is left alone by a pull: the push of it is what finds out whether two people changed it,
//! and its answer brings the server's copy along.

use super::merge::rank;
use super::push::{Answer, Code};
pub use super::row::Local;
use super::row::Row;
use mf_domain::version::Version;
use serde::Deserialize;
use std::cmp::Ordering;

/// What the server answered to one pushed row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answered {
    /// The version that was sent.
    pub sent: Version,
    /// What became of it.
    #[serde(flatten)]
    pub answer: Answer,
    /// The server's copy, left out where it is the one that was accepted. `None` otherwise means that it has none.
    #[serde(default)]
    pub row: Option<Row>,
}

/// What to do with a pulled row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receive {
    /// Write it, with its version as the base.
    Take,
    /// Leave the row as it is.
    Keep,
}

/// Whether a pulled row takes the place of the local one.
#[must_use]
pub fn receive(local: Option<&Local>, pulled: &Row) -> Receive {
    match local {
        Some(local) if local.pending || rank(&local.row, pulled) != Ordering::Less => Receive::Keep,
        _ => Receive::Take,
    }
}

/// What to do with the local row once its push was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is the server's: this is its version and its base now, and it leaves the outbox.
    Sent(Version),
    /// It was edited again meanwhile: the base is this, and it stays in the outbox.
    Rebased(Version),
    /// Write this copy in its place; it leaves the outbox. The local one, where the server has not kept it, is put aside
    /// as a conflict of this laptop: the code says why.
    Replaced {
        /// The server's copy; `None`: the row goes.
        by: Option<Row>,
        /// Why the local copy is put aside here.
        aside: Option<Aside>,
    },
    /// It leaves the outbox and stays as it is: an offer that somebody else must make.
    Waits,
    /// Nothing: it was edited again meanwhile and is pushed again.
    Later,
}

/// Why a copy is put aside on this laptop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// The server refused it.
    Rejected(Code),
    /// The row was deleted long ago.
    Gone,
}

/// Settles the answer to a push of `local`, which may have been edited since.
#[must_use]
pub fn settle(local: &Local, answered: Answered) -> Settled {
    let unchanged = local.row.version == answered.sent;
    let offer = unchanged && local.base_version.as_ref() == Some(&local.row.version);
    match answered.answer {
        Answer::Accepted => {
            // A pause that stands over a resuming has another version on the server than it was sent with.
            let version = answered.row.map_or(answered.sent, |row| row.version);
            if unchanged { Settled::Sent(version) } else { Settled::Rebased(version) }
        }
        // The server does not know the table yet.
        Answer::Rejected(Code::UnknownTable) => Settled::Later,
        Answer::Rejected(Code::Forbidden | Code::ParentMissing) if offer && answered.row.is_none() => {
            Settled::Waits
        }
        _ if !unchanged => Settled::Later,
        Answer::Superseded => Settled::Replaced { by: answered.row, aside: None },
        Answer::Rejected(code) => {
            // An offer that the server refused is its own earlier copy: the server's is no worse.
            let aside = (!offer).then_some(Aside::Rejected(code));
            Settled::Replaced { by: answered.row, aside }
        }
        // Also an offer: a restored server takes for deleted what it lost before it collected something younger.
        Answer::Gone => Settled::Replaced { by: None, aside: (!local.row.tombstone).then_some(Aside::Gone) },
    }
}
