//! Table `session_events`: append-only, in the order the fold reads them.

use crate::columns::json_text;
use crate::error::StoreError;
use crate::events::{self, Event};
use crate::store::{Connection, Write};
use mf_domain::ids::{SessionEventId, SessionId};
use mf_domain::session::{SessionEvent, SessionEventKind};
use mf_domain::version::Version;
use std::collections::HashMap;

/// An event that is to be added.
pub type NewEvent = events::NewEvent<SessionId, SessionEventId, SessionEventKind>;

impl Event for SessionEvent {
    type Subject = SessionId;
    type Id = SessionEventId;
    type Kind = SessionEventKind;

    fn new(stamp: Version, NewEvent { id, at, author, kind, .. }: NewEvent) -> Self {
        Self { id, stamp, at, author, kind }
    }
}

/// The events of these sessions, oldest first. Sessions without any are absent.
pub async fn of_sessions(
    conn: &mut Connection,
    sessions: &[SessionId],
) -> Result<HashMap<SessionId, Vec<SessionEvent>>, StoreError> {
    let rows = sqlx::query(
        "SELECT e.session_id AS subject, e.id, e.version, e.event, e.author, e.at
           FROM json_each(?1) AS w JOIN session_events AS e ON e.session_id = w.value
          WHERE e.tombstone = 0 ORDER BY e.session_id, e.version, e.id",
    )
    .bind(json_text("session_id", &sessions)?)
    .fetch_all(conn)
    .await?;
    events::by_subject(&rows)
}

/// Adds events; answers them with their stamps, in the order given.
pub async fn append(write: &mut Write, events: Vec<NewEvent>) -> Result<Vec<SessionEvent>, StoreError> {
    let insert = "INSERT INTO session_events (id, team_id, version, session_id, event, author, at)
         SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'subject', value -> 'event', value ->> 'author',
           value ->> 'at' FROM jsonb_each(?1)";
    events::append(write, insert, events).await
}
