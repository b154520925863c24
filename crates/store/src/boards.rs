//! The rows of a batch's board, read in one go.

use crate::columns::Columns;
use crate::error::StoreError;
use crate::store::Connection;
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, MemberId, SessionId};
use mf_domain::session::SessionStatus;

/// One target of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    pub id: SessionId,
    pub label: String,
    pub notes: Option<String>,
    pub status: SessionStatus,
    pub assignee: Option<MemberId>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// The sessions of a batch, in the order of its targets.
pub async fn rows(conn: &mut Connection, batch: BatchId) -> Result<Vec<BoardRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, target_label, target_notes, status, assignee, started_at, ended_at FROM sessions
          WHERE batch_id = ?1 AND tombstone = 0 ORDER BY position, id",
    )
    .bind(batch.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(BoardRow {
                id: row.id("id")?,
                label: row.text("target_label")?,
                notes: row.maybe_text("target_notes")?,
                status: row.word("status", SessionStatus::parse)?,
                assignee: row.maybe_id("assignee")?,
                started_at: row.maybe_instant("started_at")?,
                ended_at: row.maybe_instant("ended_at")?,
            })
        })
        .collect()
}
