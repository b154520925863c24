//! Table `session_cells`, and the rows of a batch's board, read in one go.

use crate::columns::{Columns, json_text};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, MemberId, SessionId};
use mf_domain::session::{Cells, SessionStatus};
use serde::Serialize;
use std::collections::BTreeMap;

/// One target of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    pub id: SessionId,
    pub label: String,
    pub notes: Option<String>,
    pub client: Option<String>,
    pub site: Option<String>,
    /// Empty where they are not asked for.
    pub variables: BTreeMap<String, String>,
    pub status: SessionStatus,
    pub assignee: Option<MemberId>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// `None` when they have not been derived yet, or when nothing happened.
    pub cells: Option<Cells>,
}

/// A row of a bulk write.
#[derive(Serialize)]
struct Written<'a> {
    session: SessionId,
    cells: &'a Cells,
}

/// Writes what a board shows of these sessions. Derived: no version, nothing for the outbox.
pub async fn put_cells(write: &mut Write, cells: &[(SessionId, Cells)]) -> Result<(), StoreError> {
    let rows: Vec<Written<'_>> =
        cells.iter().map(|(session, cells)| Written { session: *session, cells }).collect();
    sqlx::query(
        "INSERT INTO session_cells (session_id, cells)
         SELECT value ->> 'session', value -> 'cells' FROM jsonb_each(?1) WHERE true
         ON CONFLICT (session_id) DO UPDATE SET cells = excluded.cells",
    )
    .bind(json_text("cells", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// The sessions of a batch, in the order of its targets; with the variables of those where that is asked for.
pub async fn rows(
    conn: &mut Connection,
    batch: BatchId,
    variables: bool,
) -> Result<Vec<BoardRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.id, s.target_label, s.target_notes, s.target_client, s.target_site, s.status, s.assignee, s.started_at,
                s.ended_at, c.cells, iif(?2, s.target_variables, '{}') AS target_variables
           FROM sessions AS s LEFT JOIN session_cells AS c ON c.session_id = s.id
          WHERE s.batch_id = ?1 AND s.tombstone = 0 ORDER BY s.position, s.id",
    )
    .bind(batch.to_string())
    .bind(variables)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(BoardRow {
                id: row.id("id")?,
                label: row.text("target_label")?,
                notes: row.maybe_text("target_notes")?,
                client: row.maybe_text("target_client")?,
                site: row.maybe_text("target_site")?,
                variables: row.json("target_variables")?,
                status: row.word("status", SessionStatus::parse)?,
                assignee: row.maybe_id("assignee")?,
                started_at: row.maybe_instant("started_at")?,
                ended_at: row.maybe_instant("ended_at")?,
                cells: row
                    .maybe_text("cells")?
                    .map(|text| serde_json::from_str(&text))
                    .transpose()
                    .map_err(|_| StoreError::Unreadable { column: "cells" })?,
            })
        })
        .collect()
}
