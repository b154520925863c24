//! Table `blackout_calendars`: dates on which nothing is to run.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{BlackoutCalendarId, MemberId};
use mf_domain::policy::BlackoutEntry;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRow {
    pub id: BlackoutCalendarId,
    pub name: String,
    pub entries: Vec<BlackoutEntry>,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A calendar without its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCalendar {
    pub id: BlackoutCalendarId,
    pub name: String,
    pub entries: u32,
    /// Schedules that keep clear of it.
    pub schedules: u32,
    pub updated_at: DateTime<Utc>,
}

fn read(row: &SqliteRow) -> Result<CalendarRow, StoreError> {
    Ok(CalendarRow {
        id: row.id("id")?,
        name: row.text("name")?,
        entries: row.json("entries")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}

/// One calendar.
pub async fn get(conn: &mut Connection, id: BlackoutCalendarId) -> Result<Option<CalendarRow>, StoreError> {
    rows::one(conn, "SELECT * FROM blackout_calendars WHERE id = ?1 AND tombstone = 0", id, read).await
}

/// These calendars, by id; those that were deleted are left out. One that cannot be read says so where it is asked for.
pub async fn of_ids(
    conn: &mut Connection,
    ids: &[BlackoutCalendarId],
) -> Result<HashMap<BlackoutCalendarId, Result<CalendarRow, StoreError>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(
        "SELECT * FROM blackout_calendars WHERE id IN (SELECT value FROM json_each(?1)) AND tombstone = 0",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.id("id")?, read(row)))).collect()
}

/// All calendars, by name.
pub async fn list(conn: &mut Connection) -> Result<Vec<ListedCalendar>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.id, c.name, c.updated_at, json_array_length(c.entries) AS entries, (
           SELECT COUNT(*) FROM schedules AS s JOIN flows AS f ON f.id = s.flow_id AND f.tombstone = 0
            WHERE s.tombstone = 0 AND EXISTS (SELECT 1 FROM json_each(s.blackout_ids) AS b WHERE b.value = c.id)
         ) AS schedules
           FROM blackout_calendars AS c WHERE c.tombstone = 0 ORDER BY c.name COLLATE NOCASE, c.id",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedCalendar {
                id: row.id("id")?,
                name: row.text("name")?,
                entries: row.count("entries")?,
                schedules: row.count("schedules")?,
                updated_at: row.instant("updated_at")?,
            })
        })
        .collect()
}

/// Writes a calendar, new or changed.
pub async fn put(write: &mut Write, calendar: &CalendarRow) -> Result<(), StoreError> {
    let (team, version) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO blackout_calendars (id, team_id, version, name, entries, created_by, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, entries = excluded.entries,
           updated_at = excluded.updated_at",
    )
    .bind(calendar.id.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(&calendar.name)
    .bind(json_text("entries", &calendar.entries)?)
    .bind(calendar.created_by.map(|id| id.to_string()))
    .bind(millis(calendar.created_at))
    .bind(millis(calendar.updated_at))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Marks a calendar as deleted.
pub async fn delete(write: &mut Write, id: BlackoutCalendarId, at: DateTime<Utc>) -> Result<(), StoreError> {
    rows::bury(
        write,
        "UPDATE blackout_calendars SET tombstone = 1, version = ?2, updated_at = ?3 WHERE id = ?1",
        id,
        at,
    )
    .await
}
