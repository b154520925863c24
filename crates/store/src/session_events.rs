//! Table `session_events`: append-only, in the order the fold reads them.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{MemberId, SessionEventId, SessionId};
use mf_domain::session::{SessionEvent, SessionEventKind};
use mf_domain::version::Version;

/// The events of a session, oldest first.
pub async fn of_session(conn: &mut Connection, session: SessionId) -> Result<Vec<SessionEvent>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, version, event, author, at FROM session_events WHERE session_id = ?1 AND tombstone = 0
          ORDER BY version, id",
    )
    .bind(session.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(SessionEvent {
                id: row.id("id")?,
                stamp: row.word("version", Version::parse)?,
                at: row.instant("at")?,
                author: row.maybe_id("author")?,
                kind: row.json("event")?,
            })
        })
        .collect()
}

/// Adds an event; answers it with its stamp.
pub async fn append(
    write: &mut Write,
    session: SessionId,
    id: SessionEventId,
    at: DateTime<Utc>,
    author: Option<MemberId>,
    kind: SessionEventKind,
) -> Result<SessionEvent, StoreError> {
    let (team, stamp) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO session_events (id, team_id, version, session_id, event, author, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(id.to_string())
    .bind(team.to_string())
    .bind(stamp.as_str())
    .bind(session.to_string())
    .bind(json_text("event", &kind)?)
    .bind(author.map(|id| id.to_string()))
    .bind(millis(at))
    .execute(write.conn())
    .await?;
    Ok(SessionEvent { id, stamp, at, author, kind })
}
