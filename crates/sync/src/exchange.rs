//! Sending and fetching rows: one statement each.

use crate::core::cursor::{Cursor, Marks, PAGE, is_last};
use crate::core::push::Edit;
use crate::core::replica::Answered;
use crate::core::row::{Columns, Key, Row};
use crate::error::SyncError;
use mf_domain::ids::DeviceId;
use mf_domain::version::Version;
use serde::Deserialize;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

/// The schema of the synced tables this release knows: the number of the last migration that changed one.
pub const SCHEMA: i32 = 1;

/// What goes with every push.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// This device; the server compares it with the login.
    pub device: DeviceId,
    /// By which a restored server is told.
    pub marks: Marks,
    /// Until when everything was read, by the server's clock.
    pub seen_until: Option<i64>,
    /// Pushes of this device, one of which the server took last (see [`crate::chain`]); `None`: it is not asked.
    pub previous: Option<&'a [Uuid]>,
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq)]
pub enum Pushed {
    /// It was taken; each row has its answer.
    Answered {
        /// By row.
        answers: Vec<(Key, Answered)>,
        /// The server's last change: the mark of having written.
        end: Option<Cursor>,
    },
    /// The server was restored: offer every row, read from the beginning.
    Restored,
    /// The server took another push of this device last: two computers work with copies of one file, unless another
    /// process on the same file sent it.
    Copied {
        /// That push.
        last: Uuid,
    },
    /// Stamps are ahead of the server, whose time this is: stamp the outbox anew.
    ClockAhead {
        /// Milliseconds since 1970.
        server_now: i64,
    },
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Reply {
    Ok { answers: Vec<AnsweredRow>, end: Option<Cursor> },
    Restored,
    Copied { last: Uuid },
    ClockAhead { server_now: i64 },
    ClientTooOld { least: i64 },
}

#[derive(Deserialize)]
struct AnsweredRow {
    #[serde(flatten)]
    key: Key,
    #[serde(flatten)]
    answered: Answered,
}

/// Pushes rows, as one chunk. The same push again changes nothing.
///
/// # Errors
/// [`SyncError::Forbidden`] for a device that is no member's any more, [`SyncError::ClientTooOld`],
/// [`SyncError::Unreachable`]; after the last nobody knows whether it was taken: repeat it.
pub async fn push(
    conn: &mut PgConnection,
    sender: &Sender<'_>,
    push_id: Uuid,
    rows: &[Edit],
) -> Result<Pushed, SyncError> {
    let reply: String = sqlx::query_scalar(
        "SELECT mf.push($1::uuid, $2::uuid, $3, $4::jsonb, $5, $6::jsonb, $7::text[]::uuid[])::text",
    )
    .bind(sender.device.to_string())
    .bind(push_id.to_string())
    .bind(SCHEMA)
    .bind(marks_text(sender.marks)?)
    .bind(sender.seen_until)
    .bind(serde_json::to_string(rows)?)
    .bind(sender.previous.map(|ids| ids.iter().map(Uuid::to_string).collect::<Vec<_>>()))
    .fetch_one(conn)
    .await?;
    match serde_json::from_str(&reply)? {
        Reply::Ok { answers, end } => {
            let answers = answers.into_iter().map(|it| (it.key, it.answered)).collect();
            Ok(Pushed::Answered { answers, end })
        }
        Reply::Restored => Ok(Pushed::Restored),
        Reply::Copied { last } => Ok(Pushed::Copied { last }),
        Reply::ClockAhead { server_now } => Ok(Pushed::ClockAhead { server_now }),
        Reply::ClientTooOld { least } => Err(SyncError::ClientTooOld { least }),
    }
}

/// A page of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// In the order of their changes. To be staged; merged once a short page came.
    pub rows: Vec<Row>,
    /// Behind what they were read.
    pub behind: Option<Cursor>,
    /// Behind the last of them; of a short page, behind all there is. `None` where there is nothing.
    pub end: Option<Cursor>,
    /// When the server last took a push this page can show: what was read by then, once the pages are merged.
    pub seen_until: i64,
    /// The greatest place of a collected tombstone.
    pub horizon: i64,
    /// The server's last change.
    pub until: i64,
}

/// What came of a pull.
#[derive(Clone, Debug, PartialEq)]
pub enum Pulled {
    /// The next page.
    Page(Page),
    /// As [`Pushed::Restored`].
    Restored,
}

/// Fetches what changed behind `marks.read`.
///
/// # Errors
/// [`SyncError::Unreachable`], and [`SyncError::Forbidden`] for a device that is no member's any more.
pub async fn pull(conn: &mut PgConnection, marks: Marks) -> Result<Pulled, SyncError> {
    let page = i64::try_from(PAGE).unwrap_or(i64::MAX);
    // One statement is one snapshot: the rows, and what they are to be judged by. The first row is about the team.
    let found = sqlx::query(
        "WITH team AS (SELECT id, pushed_at, seq AS until, collected_seq, mf.knows(id, $1::jsonb) AS known,
                              (SELECT p.push_id::text FROM mf.pushes p ORDER BY p.seq_to DESC LIMIT 1) AS last_push
                         FROM mf.teams),
              page AS (SELECT c.* FROM mf.changes c, team WHERE known AND c.seq > $2 ORDER BY c.seq LIMIT $3)
         SELECT team.known, team.pushed_at, team.until, team.collected_seq, team.last_push, page.seq, page.table_name, page.id::text AS id, page.version,
                page.tombstone, page.columns::text AS columns,
                (SELECT p.push_id::text FROM mf.pushes p WHERE p.seq_to >= page.seq ORDER BY p.seq_to LIMIT 1) AS push_id
           FROM team LEFT JOIN page ON true ORDER BY page.seq",
    )
    .bind(marks_text(marks)?)
    .bind(marks.read.map_or(0, |cursor| cursor.seq))
    .bind(page)
    .fetch_all(conn)
    .await?;
    let Some(team) = found.first() else { return Err(SyncError::Forbidden(sqlx::Error::RowNotFound)) };
    if !team.try_get::<bool, _>("known")? {
        return Ok(Pulled::Restored);
    }
    let (seen_until, horizon, until) =
        (team.try_get("pushed_at")?, team.try_get("collected_seq")?, team.try_get("until")?);
    let (mut rows, mut end) = (Vec::with_capacity(found.len()), None);
    for row in &found {
        let Some(seq) = row.try_get::<Option<i64>, _>("seq")? else { break };
        let id = |column: &'static str| {
            Uuid::parse_str(row.try_get(column)?).map_err(|_| SyncError::Malformed { column })
        };
        let version: String = row.try_get("version")?;
        let columns: Columns = serde_json::from_str(row.try_get("columns")?)?;
        let key = Key { table: row.try_get("table_name")?, id: id("id")? };
        let version = Version::parse(&version).ok_or(SyncError::Malformed { column: "version" })?;
        rows.push(Row::new(key, version, row.try_get("tombstone")?, columns));
        end = Some(Cursor { seq, push_id: id("push_id")? });
    }
    if is_last(rows.len()) {
        // All there is was read, also where the last change was a tombstone that was collected since.
        let last: Option<&str> = team.try_get("last_push")?;
        let push_id =
            last.map(|text| Uuid::parse_str(text).map_err(|_| SyncError::Malformed { column: "last_push" }));
        end = push_id.transpose()?.map(|push_id| Cursor { seq: until, push_id });
    }
    Ok(Pulled::Page(Page { rows, behind: marks.read, end, seen_until, horizon, until }))
}

/// The server's copy of a row.
///
/// # Errors
/// As [`pull`].
pub async fn copy_of(conn: &mut PgConnection, key: &Key) -> Result<Option<Row>, SyncError> {
    let found = sqlx::query(
        "SELECT version, tombstone, columns::text AS columns FROM mf.changes WHERE table_name = $1 AND id = $2::uuid",
    )
    .bind(&key.table)
    .bind(key.id.to_string())
    .fetch_optional(conn)
    .await?;
    let Some(row) = found else { return Ok(None) };
    let version =
        Version::parse(row.try_get("version")?).ok_or(SyncError::Malformed { column: "version" })?;
    let columns: Columns = serde_json::from_str(row.try_get("columns")?)?;
    Ok(Some(Row::new(key.clone(), version, row.try_get("tombstone")?, columns)))
}

fn marks_text(marks: Marks) -> Result<String, SyncError> {
    let marks: Vec<Cursor> = [marks.read, marks.wrote].into_iter().flatten().collect();
    Ok(serde_json::to_string(&marks)?)
}
