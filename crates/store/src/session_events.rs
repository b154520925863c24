//! Table `session_events`: append-only, in the order the fold reads them.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{MemberId, SessionEventId, SessionId};
use mf_domain::session::{SessionEvent, SessionEventKind};
use mf_domain::version::Version;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// An event that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub session: SessionId,
    pub id: SessionEventId,
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
    pub kind: SessionEventKind,
}

fn read(row: &SqliteRow) -> Result<(SessionId, SessionEvent), StoreError> {
    let event = SessionEvent {
        id: row.id("id")?,
        stamp: row.word("version", Version::parse)?,
        at: row.instant("at")?,
        author: row.maybe_id("author")?,
        kind: row.json("event")?,
    };
    Ok((row.id("session_id")?, event))
}

/// The events of these sessions, oldest first. Sessions without any are absent.
pub async fn of_sessions(
    conn: &mut Connection,
    sessions: &[SessionId],
) -> Result<HashMap<SessionId, Vec<SessionEvent>>, StoreError> {
    let rows = sqlx::query(
        "SELECT e.session_id, e.id, e.version, e.event, e.author, e.at
           FROM json_each(?1) AS w JOIN session_events AS e ON e.session_id = w.value
          WHERE e.tombstone = 0 ORDER BY e.session_id, e.version, e.id",
    )
    .bind(json_text("session_id", &sessions)?)
    .fetch_all(conn)
    .await?;
    let mut events: HashMap<SessionId, Vec<SessionEvent>> = HashMap::new();
    for row in &rows {
        let (session, event) = read(row)?;
        events.entry(session).or_default().push(event);
    }
    Ok(events)
}

/// A row of a bulk insert.
#[derive(Serialize)]
struct Written<'a> {
    id: SessionEventId,
    version: &'a Version,
    session: SessionId,
    event: &'a SessionEventKind,
    author: Option<MemberId>,
    at: i64,
}

/// Adds events; answers them with their stamps, in the order given.
pub async fn append(write: &mut Write, events: Vec<NewEvent>) -> Result<Vec<SessionEvent>, StoreError> {
    let team = write.team().to_string();
    let stamped: Vec<(Version, NewEvent)> = events.into_iter().map(|event| (write.stamp(), event)).collect();
    let rows: Vec<Written<'_>> = stamped
        .iter()
        .map(|(version, event)| Written {
            id: event.id,
            version,
            session: event.session,
            event: &event.kind,
            author: event.author,
            at: millis(event.at),
        })
        .collect();
    sqlx::query(
        "INSERT INTO session_events (id, team_id, version, session_id, event, author, at)
         SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'session', value -> 'event', value ->> 'author',
           value ->> 'at' FROM jsonb_each(?1)",
    )
    .bind(json_text("events", &rows)?)
    .bind(team)
    .execute(write.conn())
    .await?;
    let answered = stamped.into_iter().map(|(stamp, event)| {
        let NewEvent { id, at, author, kind, .. } = event;
        SessionEvent { id, stamp, at, author, kind }
    });
    Ok(answered.collect())
}
