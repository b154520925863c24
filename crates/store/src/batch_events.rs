//! Table `batch_events`: append-only, in the order the fold reads them.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::batch::{BatchEvent, BatchEventKind};
use mf_domain::ids::{BatchEventId, BatchId, MemberId};
use mf_domain::version::Version;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// An event that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub batch: BatchId,
    pub id: BatchEventId,
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
    pub kind: BatchEventKind,
}

fn read(row: &SqliteRow) -> Result<(BatchId, BatchEvent), StoreError> {
    let event = BatchEvent {
        id: row.id("id")?,
        stamp: row.word("version", Version::parse)?,
        at: row.instant("at")?,
        author: row.maybe_id("author")?,
        kind: row.json("event")?,
    };
    Ok((row.id("batch_id")?, event))
}

/// The events of these batches, oldest first. Batches without any are absent.
pub async fn of_batches(
    conn: &mut Connection,
    batches: &[BatchId],
) -> Result<HashMap<BatchId, Vec<BatchEvent>>, StoreError> {
    let rows = sqlx::query(
        "SELECT e.batch_id, e.id, e.version, e.event, e.author, e.at
           FROM json_each(?1) AS w JOIN batch_events AS e ON e.batch_id = w.value
          WHERE e.tombstone = 0 ORDER BY e.batch_id, e.version, e.id",
    )
    .bind(json_text("batch_id", &batches)?)
    .fetch_all(conn)
    .await?;
    let mut events: HashMap<BatchId, Vec<BatchEvent>> = HashMap::new();
    for row in &rows {
        let (batch, event) = read(row)?;
        events.entry(batch).or_default().push(event);
    }
    Ok(events)
}

/// A row of a bulk insert.
#[derive(Serialize)]
struct Written<'a> {
    id: BatchEventId,
    version: &'a Version,
    batch: BatchId,
    event: &'a BatchEventKind,
    author: Option<MemberId>,
    at: i64,
}

/// Adds events; answers them with their stamps, in the order given.
pub async fn append(write: &mut Write, events: Vec<NewEvent>) -> Result<Vec<BatchEvent>, StoreError> {
    let team = write.team().to_string();
    let stamped: Vec<(Version, NewEvent)> = events.into_iter().map(|event| (write.stamp(), event)).collect();
    let rows: Vec<Written<'_>> = stamped
        .iter()
        .map(|(version, event)| Written {
            id: event.id,
            version,
            batch: event.batch,
            event: &event.kind,
            author: event.author,
            at: millis(event.at),
        })
        .collect();
    sqlx::query(
        "INSERT INTO batch_events (id, team_id, version, batch_id, event, author, at)
         SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'batch', value -> 'event', value ->> 'author',
           value ->> 'at' FROM jsonb_each(?1)",
    )
    .bind(json_text("events", &rows)?)
    .bind(team)
    .execute(write.conn())
    .await?;
    let answered = stamped.into_iter().map(|(stamp, event)| {
        let NewEvent { id, at, author, kind, .. } = event;
        BatchEvent { id, stamp, at, author, kind }
    });
    Ok(answered.collect())
}
