//! How much there is, over all tables.

use crate::columns::Columns;
use crate::error::StoreError;
use crate::store::Connection;

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub flows: u32,
    pub target_lists: u32,
    pub schedules: u32,
    pub batches: u32,
    pub sessions: u32,
}

/// Counts what is not deleted.
pub async fn count(conn: &mut Connection) -> Result<Census, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM flows WHERE tombstone = 0) AS flows,
           (SELECT COUNT(*) FROM target_lists WHERE tombstone = 0) AS target_lists,
           (SELECT COUNT(*) FROM schedules WHERE tombstone = 0) AS schedules,
           (SELECT COUNT(*) FROM batches WHERE tombstone = 0) AS batches,
           (SELECT COUNT(*) FROM sessions WHERE tombstone = 0) AS sessions",
    )
    .fetch_one(conn)
    .await?;
    Ok(Census {
        flows: row.count("flows")?,
        target_lists: row.count("target_lists")?,
        schedules: row.count("schedules")?,
        batches: row.count("batches")?,
        sessions: row.count("sessions")?,
    })
}

/// Whether nobody has made anything yet, or everything is deleted.
pub async fn is_empty(conn: &mut Connection) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT 1 FROM flows WHERE tombstone = 0)
            AND NOT EXISTS (SELECT 1 FROM target_lists WHERE tombstone = 0)
            AND NOT EXISTS (SELECT 1 FROM batches WHERE tombstone = 0)
            AND NOT EXISTS (SELECT 1 FROM sessions WHERE tombstone = 0)",
    )
    .fetch_one(conn)
    .await?)
}
