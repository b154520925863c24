//! What `session_events` and `batch_events` have in common: append-only rows that hold an event as JSON, with its stamp, who
//! and when. How an event is read and written is here; each table has its own SQL, in a file of its own.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::Write;
use chrono::{DateTime, Utc};
use mf_domain::ids::MemberId;
use mf_domain::version::Version;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// An event of the domain, made of the parts that a row holds.
pub(crate) trait Event: Sized {
    /// What it happened to.
    type Subject: From<Uuid> + Copy + Eq + Hash + Serialize;
    type Id: From<Uuid> + Serialize;
    type Kind: DeserializeOwned + Serialize;

    fn new(stamp: Version, recorded: NewEvent<Self::Subject, Self::Id, Self::Kind>) -> Self;
}

/// An event that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent<Subject, Id, Kind> {
    /// What it happened to.
    pub subject: Subject,
    pub id: Id,
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
    pub kind: Kind,
}

/// Rows of `subject`, `id`, `version`, `event`, `author` and `at`: the events of each subject, in the order of the rows.
pub(crate) fn by_subject<E: Event>(rows: &[SqliteRow]) -> Result<HashMap<E::Subject, Vec<E>>, StoreError> {
    let mut events: HashMap<E::Subject, Vec<E>> = HashMap::new();
    for row in rows {
        let recorded = NewEvent {
            subject: row.id("subject")?,
            id: row.id("id")?,
            at: row.instant("at")?,
            author: row.maybe_id("author")?,
            kind: row.json("event")?,
        };
        let stamp = row.word("version", Version::parse)?;
        events.entry(recorded.subject).or_default().push(E::new(stamp, recorded));
    }
    Ok(events)
}

/// A row of a bulk insert.
#[derive(Serialize)]
struct Written<'a, E: Event> {
    id: &'a E::Id,
    version: &'a Version,
    subject: &'a E::Subject,
    event: &'a E::Kind,
    author: Option<MemberId>,
    at: i64,
}

/// Adds events; answers them with their stamps, in the order given. `insert` takes them as JSON, one object for each, and
/// the team.
pub(crate) async fn append<E: Event>(
    write: &mut Write,
    insert: &'static str,
    events: Vec<NewEvent<E::Subject, E::Id, E::Kind>>,
) -> Result<Vec<E>, StoreError> {
    let team = write.team().to_string();
    let stamped: Vec<_> = events.into_iter().map(|event| (write.stamp(), event)).collect();
    let rows: Vec<Written<'_, E>> = stamped
        .iter()
        .map(|(version, event)| Written {
            id: &event.id,
            version,
            subject: &event.subject,
            event: &event.kind,
            author: event.author,
            at: millis(event.at),
        })
        .collect();
    sqlx::query(insert).bind(json_text("events", &rows)?).bind(team).execute(write.conn()).await?;
    Ok(stamped.into_iter().map(|(stamp, event)| E::new(stamp, event)).collect())
}
