//! Table `schedule_clocks`: when each schedule is due, and how far the scheduler has looked. Derived, never synced.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::schedules::{ListedSchedule, UnreadableSchedule, listed, read};
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::ScheduleId;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;

/// A schedule that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSchedule {
    pub listed: ListedSchedule,
    /// Everything up to this instant was dealt with.
    pub checked_through: DateTime<Utc>,
    /// Since when its rule is in force.
    pub rule_since: DateTime<Utc>,
}

macro_rules! due {
    ($rest:literal) => {
        concat!(
            "SELECT d.*, c.checked_through, c.rule_since FROM (",
            listed!($rest),
            ") AS d JOIN schedule_clocks AS c ON c.schedule_id = d.id"
        )
    };
}

fn read_due(rows: &[SqliteRow]) -> Result<Vec<Result<DueSchedule, UnreadableSchedule>>, StoreError> {
    rows.iter()
        .map(|row| {
            let due = || {
                Ok(DueSchedule {
                    listed: read(row)?,
                    checked_through: row.instant("checked_through")?,
                    rule_since: row.instant("rule_since")?,
                })
            };
            due().map_or_else(|error| UnreadableSchedule::of(row, error).map(Err), |due| Ok(Ok(due)))
        })
        .collect()
}

/// Schedules to be looked at by `now`, earliest first, at most `limit`. One that cannot be read does not hide the others.
pub async fn due(
    conn: &mut Connection,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Result<DueSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(due!("AND c.look_at <= ?1 ORDER BY c.look_at LIMIT ?2"))
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    read_due(&rows)
}

/// Active schedules whose next run is not after an instant, earliest first.
pub async fn running_by(
    conn: &mut Connection,
    at: DateTime<Utc>,
) -> Result<Vec<Result<DueSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(due!("AND c.next_run_at <= ?1 ORDER BY c.next_run_at"))
        .bind(millis(at))
        .fetch_all(conn)
        .await?;
    read_due(&rows)
}

/// These schedules as the scheduler sees them; those that are gone are left out.
pub async fn of_ids(
    conn: &mut Connection,
    ids: &[ScheduleId],
) -> Result<Vec<Result<DueSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(due!("AND s.id IN (SELECT value FROM json_each(?1))"))
        .bind(json_text("id", &ids)?)
        .fetch_all(conn)
        .await?;
    read_due(&rows)
}

/// Schedules of flows that exist, all or one, that somebody has paused.
pub async fn paused(
    conn: &mut Connection,
    schedule: Option<ScheduleId>,
) -> Result<Vec<Result<DueSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(due!("AND p.paused = 1 AND f.tombstone = 0 AND (?1 IS NULL OR s.id = ?1)"))
        .bind(schedule.map(|id| id.to_string()))
        .fetch_all(conn)
        .await?;
    read_due(&rows)
}

/// One schedule as the scheduler sees it.
pub async fn one(conn: &mut Connection, id: ScheduleId) -> Result<Option<DueSchedule>, StoreError> {
    let rows = sqlx::query(due!("AND s.id = ?1")).bind(id.to_string()).fetch_all(conn).await?;
    read_due(&rows)?.pop().transpose().map_err(|unreadable| unreadable.error)
}

/// Stops a schedule from coming due for good. Everything up to `now` was dealt with.
pub async fn stop(write: &mut Write, id: ScheduleId, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE schedule_clocks SET next_run_at = NULL, look_at = NULL, checked_through = MAX(checked_through, ?2)
          WHERE schedule_id = ?1",
    )
    .bind(id.to_string())
    .bind(millis(now))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Keeps a schedule that cannot be read from coming due before `look_at`. How far it was dealt with stays, unless that lies
/// ahead of a clock that was set back.
pub async fn set_aside(
    write: &mut Write,
    id: ScheduleId,
    now: DateTime<Utc>,
    look_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE schedule_clocks SET next_run_at = NULL, look_at = ?3, checked_through = MIN(checked_through, ?2)
          WHERE schedule_id = ?1",
    )
    .bind(id.to_string())
    .bind(millis(now))
    .bind(millis(look_at))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Has every active schedule looked at, however far off its next look was.
pub async fn look_at_all(write: &mut Write, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE schedule_clocks SET look_at = ?1
          WHERE (look_at IS NULL OR look_at > ?1) AND EXISTS (
            SELECT 1 FROM schedules AS s
              JOIN flows AS f ON f.id = s.flow_id AND f.tombstone = 0
              JOIN active_schedules AS a ON a.id = s.flow_id AND a.tombstone = 0 AND a.schedule_id = s.id
              LEFT JOIN schedule_pauses AS p ON p.id = s.id AND p.tombstone = 0
             WHERE s.id = schedule_clocks.schedule_id AND s.tombstone = 0 AND COALESCE(p.paused, 0) = 0)",
    )
    .bind(millis(now))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Active schedules that were looked at later than `now`: the clock was set back since.
pub async fn ahead_of(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<Result<DueSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(due!("AND c.checked_through > ?1")).bind(millis(now)).fetch_all(conn).await?;
    read_due(&rows)
}

/// The earliest instant at which the scheduler has something to look at.
pub async fn next_due(conn: &mut Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    // Of the schedules that `due` reads, or the scheduler would look for ever for one that is gone.
    let row = sqlx::query(
        "SELECT c.look_at AS at FROM schedule_clocks AS c
          WHERE c.look_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM schedules AS s JOIN flows AS f ON f.id = s.flow_id
             WHERE s.id = c.schedule_id AND s.tombstone = 0)
          ORDER BY c.look_at LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    row.map_or(Ok(None), |row| row.maybe_instant("at"))
}

/// What the scheduler knows of a schedule after looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub schedule_id: ScheduleId,
    pub next_run_at: Option<DateTime<Utc>>,
    /// When to look at it next; not after the next run.
    pub look_at: Option<DateTime<Utc>>,
    /// `None` leaves the last run as it is.
    pub last_run_at: Option<DateTime<Utc>>,
    pub checked_through: DateTime<Utc>,
    /// Since when the rule is in force; `None` leaves it as it is.
    pub rule_since: Option<DateTime<Utc>>,
}

/// Notes a run that was made past the scheduler; an earlier one than the last changes nothing.
pub async fn note_run(write: &mut Write, id: ScheduleId, at: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE schedule_clocks SET last_run_at = MAX(?2, COALESCE(last_run_at, ?2)) WHERE schedule_id = ?1",
    )
    .bind(id.to_string())
    .bind(millis(at))
    .execute(write.conn())
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct Written {
    id: ScheduleId,
    next: Option<i64>,
    look: Option<i64>,
    since: Option<i64>,
    last: Option<i64>,
    through: i64,
}

/// Writes clocks, new or changed.
pub async fn put(write: &mut Write, clocks: &[Clock]) -> Result<(), StoreError> {
    let rows: Vec<Written> = clocks
        .iter()
        .map(|clock| Written {
            id: clock.schedule_id,
            next: clock.next_run_at.map(millis),
            look: clock.look_at.map(millis),
            since: clock.rule_since.map(millis),
            last: clock.last_run_at.map(millis),
            through: millis(clock.checked_through),
        })
        .collect();
    sqlx::query(
        "INSERT INTO schedule_clocks (schedule_id, next_run_at, look_at, last_run_at, checked_through, rule_since)
         SELECT value ->> 'id', value ->> 'next', value ->> 'look', value ->> 'last', value ->> 'through',
           COALESCE(value ->> 'since', (SELECT rule_since FROM schedule_clocks WHERE schedule_id = value ->> 'id'), 0) FROM jsonb_each(?1) WHERE true
         ON CONFLICT (schedule_id) DO UPDATE SET next_run_at = excluded.next_run_at, look_at = excluded.look_at, rule_since = excluded.rule_since,
           last_run_at = COALESCE(excluded.last_run_at, last_run_at), checked_through = excluded.checked_through",
    )
    .bind(json_text("schedule_clocks", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}
