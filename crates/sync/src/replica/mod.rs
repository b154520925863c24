//! A laptop's side over its SQLite: what it sends, what it stages, and what becomes of it.
//!
//! Everything here happens in a transaction of the caller, who knows what follows from a changed row (the status of a
//! session, the clock of a schedule): it looks at a [`Change`] before and after it is carried out, and commits the whole.
//! Decisions are those of [`crate::core`].

mod answers;
mod carrying;
mod conflicts;
mod pulling;
mod stamping;

pub use answers::{answered, settle_answers};
pub use conflicts::{restore, restoring};
pub use pulling::{Merging, all_merged, merge, merge_part, next_staged, restored, stage, stage_own};
pub use stamping::{become_device, clock_ahead};

use crate::core::cursor::{Cursor, Marks};
use crate::core::push::Edit;
use crate::core::replica::{Aside, Local};
use crate::core::row::{Key, Row};
use crate::noted::value;
use mf_domain::version::Version;
use mf_store::meta::Key as Meta;
use mf_store::synced::{self, Taken};
use mf_store::{Connection, StoreError};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows of the server that take the place of local ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    take: Vec<Taken>,
    /// Rows the server refused and has none of.
    gone: Vec<Key>,
    before: BTreeMap<Key, Local>,
    /// Every row that was looked at.
    looked_at: Vec<Key>,
    greatest: Option<Version>,
    settled: Settlement,
    /// A copy that was put aside here, and is to be put aside no more.
    aside: Option<Uuid>,
}

/// What answers amount to beside the rows they bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Settlement {
    sent: Vec<(Key, Version)>,
    rebased: Vec<(Key, Version)>,
    aside: Vec<(Row, Aside)>,
    waiting: Vec<Key>,
    /// Rows that leave the outbox because another copy takes their place.
    replaced: Vec<Key>,
}

/// What a change came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Rows that were written.
    pub taken: Vec<Key>,
    /// Rows that are gone.
    pub gone: Vec<Key>,
    /// Rows that could not be written and are kept aside until they can be.
    pub kept: Vec<Key>,
    /// Copies of this device that the server refused.
    pub refused: usize,
}

impl Changed {
    /// Of two parts of one change.
    pub fn add(&mut self, other: Self) {
        self.taken.extend(other.taken);
        self.gone.extend(other.gone);
        self.kept.extend(other.kept);
        self.refused += other.refused;
    }

    /// Whether anything is another than before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.gone.is_empty()
    }
}

impl Change {
    /// The rows that are to be written, each over what it replaces.
    pub fn taken(&self) -> impl Iterator<Item = (&Row, Option<&Row>)> {
        self.take.iter().map(|taken| {
            let over = taken.over.as_ref().and_then(|_| self.before.get(&taken.row.key));
            (&taken.row, over.map(|local| &local.row))
        })
    }

    /// The rows that are to go.
    #[must_use]
    pub fn gone(&self) -> &[Key] {
        &self.gone
    }

    fn take(&mut self, row: Row, over: Option<&Local>) {
        self.see(&row.version);
        self.take.push(Taken::of_server(row, over.map(|local| local.row.version.clone())));
    }

    fn see(&mut self, version: &Version) {
        if self.greatest.as_ref().is_none_or(|greatest| greatest < version) {
            self.greatest = Some(version.clone());
        }
    }
}

/// The marks to send. While a pull is under way, it has read as far as it has staged.
///
/// # Errors
/// When the file cannot be read.
pub async fn marks(conn: &mut Connection) -> Result<Marks, StoreError> {
    let staged: Option<Cursor> = value(conn, Meta::SyncStaged).await?;
    let read = if staged.is_some() { staged } else { value(conn, Meta::SyncRead).await? };
    Ok(Marks { read, wrote: value(conn, Meta::SyncWrote).await? })
}

/// Until when everything was read, by the server's clock.
///
/// # Errors
/// When the file cannot be read.
pub async fn seen_until(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    value(conn, Meta::SyncSeenUntil).await
}

/// What the team has not seen yet.
///
/// # Errors
/// When the file cannot be read.
pub async fn outbox(conn: &mut Connection) -> Result<Vec<Edit>, StoreError> {
    let pending = synced::outbox(conn).await?;
    Ok(pending.into_iter().map(|it| Edit { row: it.row, base_version: it.base_version }).collect())
}

fn by_key(copies: Vec<Local>) -> BTreeMap<Key, Local> {
    copies.into_iter().map(|local| (local.row.key.clone(), local)).collect()
}
