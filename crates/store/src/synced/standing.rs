//! How far this device and the team are apart, in numbers, and the copies that lost.

use crate::columns::Columns as _;
use crate::error::StoreError;
use crate::store::Connection;
use chrono::{DateTime, Utc};
use mf_domain::ids::MemberId;
use mf_domain::synced::row::Key;
use uuid::Uuid;

/// What there is to tell without looking at single rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows the team has not seen.
    pub waiting: u32,
    /// Copies that lost: conflicts that stand, and those put aside here.
    pub conflicts: u32,
    /// Rows this release cannot hold.
    pub kept: u32,
}

/// The numbers.
pub async fn counts(conn: &mut Connection) -> Result<Counts, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM outbox) AS waiting,
                (SELECT COUNT(*) FROM conflicts WHERE tombstone = 0) + (SELECT COUNT(*) FROM sync_aside) AS conflicts,
                (SELECT COUNT(*) FROM sync_kept) AS kept",
    )
    .fetch_one(conn)
    .await?;
    Ok(Counts {
        waiting: row.count("waiting")?,
        conflicts: row.count("conflicts")?,
        kept: row.count("kept")?,
    })
}

/// A conflict of the team that nobody has settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub id: Uuid,
    /// Whose copy lost.
    pub key: Key,
    /// That copy, canonical.
    pub content: String,
    pub member: Option<MemberId>,
    pub at: DateTime<Utc>,
}

/// Conflicts that stand, newest first.
pub async fn conflicts(conn: &mut Connection) -> Result<Vec<Standing>, StoreError> {
    let rows = sqlx::query("SELECT * FROM conflicts WHERE tombstone = 0 ORDER BY at DESC, id")
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Standing {
                id: row.id("id")?,
                key: Key { table: row.text("table_name")?, id: row.id("row_id")? },
                content: row.text("content")?,
                member: row.maybe_id("member_id")?,
                at: row.instant("at")?,
            })
        })
        .collect()
}
