//! Table `batch_events`: append-only, in the order the fold reads them.

use crate::columns::json_text;
use crate::error::StoreError;
use crate::events::{self, Event};
use crate::store::{Connection, Write};
use mf_domain::batch::{BatchEvent, BatchEventKind};
use mf_domain::ids::{BatchEventId, BatchId};
use mf_domain::version::Version;
use std::collections::HashMap;

/// An event that is to be added.
pub type NewEvent = events::NewEvent<BatchId, BatchEventId, BatchEventKind>;

impl Event for BatchEvent {
    type Subject = BatchId;
    type Id = BatchEventId;
    type Kind = BatchEventKind;

    fn new(stamp: Version, NewEvent { id, at, author, kind, .. }: NewEvent) -> Self {
        Self { id, stamp, at, author, kind }
    }
}

/// The events of these batches, oldest first. Batches without any are absent.
pub async fn of_batches(
    conn: &mut Connection,
    batches: &[BatchId],
) -> Result<HashMap<BatchId, Vec<BatchEvent>>, StoreError> {
    let rows = sqlx::query(
        "SELECT e.batch_id AS subject, e.id, e.version, e.event, e.author, e.at
           FROM json_each(?1) AS w JOIN batch_events AS e ON e.batch_id = w.value
          WHERE e.tombstone = 0 ORDER BY e.batch_id, e.version, e.id",
    )
    .bind(json_text("batch_id", &batches)?)
    .fetch_all(conn)
    .await?;
    events::by_subject(&rows)
}

/// Adds events; answers them with their stamps, in the order given.
pub async fn append(write: &mut Write, events: Vec<NewEvent>) -> Result<Vec<BatchEvent>, StoreError> {
    let insert = "INSERT INTO batch_events (id, team_id, version, batch_id, event, author, at)
         SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'subject', value -> 'event', value ->> 'author',
           value ->> 'at' FROM jsonb_each(?1)";
    events::append(write, insert, events).await
}
