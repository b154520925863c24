//! Table `missed_occurrences`: spans of occurrences that did not run. Never synced.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{FlowId, MissedId, ScheduleId};
use mf_domain::recurrence::Recurrence;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// A span of missed occurrences of one schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedSpan {
    pub id: MissedId,
    pub schedule_id: ScheduleId,
    /// The rule in force when they were missed.
    pub recurrence: Recurrence,
    pub timezone: String,
    /// The first and the last of them.
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub count: u64,
    pub reason: String,
    /// What it was in particular: the name of a blackout.
    pub detail: Option<String>,
    /// Why nobody was there.
    pub absence: Option<String>,
    /// What was done about them.
    pub outcome: String,
    /// Until when somebody may answer, where somebody is asked.
    pub answer_by: Option<DateTime<Utc>>,
    pub recorded_at: DateTime<Utc>,
}

/// A span with the flow it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSpan {
    pub span: MissedSpan,
    pub flow_id: FlowId,
    pub flow_name: String,
}

fn read(row: &SqliteRow) -> Result<ListedSpan, StoreError> {
    let span = MissedSpan {
        id: row.id("id")?,
        schedule_id: row.id("schedule_id")?,
        recurrence: row.json("recurrence")?,
        timezone: row.text("timezone")?,
        from: row.instant("from_at")?,
        to: row.instant("to_at")?,
        count: u64::from(row.count("count")?),
        reason: row.text("reason")?,
        detail: row.maybe_text("detail")?,
        absence: row.maybe_text("absence")?,
        outcome: row.text("outcome")?,
        answer_by: row.maybe_instant("answer_by")?,
        recorded_at: row.instant("recorded_at")?,
    };
    Ok(ListedSpan { span, flow_id: row.id("flow_id")?, flow_name: row.text("flow_name")? })
}

/// Spans, newest first.
pub async fn list(
    conn: &mut Connection,
    schedule: Option<ScheduleId>,
    limit: u32,
) -> Result<Vec<ListedSpan>, StoreError> {
    // Two texts, so that each finds its index.
    let sql = if schedule.is_some() {
        "SELECT m.*, s.flow_id, f.name AS flow_name FROM missed_occurrences AS m
           JOIN schedules AS s ON s.id = m.schedule_id JOIN flows AS f ON f.id = s.flow_id
          WHERE m.schedule_id = ?1 ORDER BY m.to_at DESC, m.id DESC LIMIT ?2"
    } else {
        "SELECT m.*, s.flow_id, f.name AS flow_name FROM missed_occurrences AS m
           JOIN schedules AS s ON s.id = m.schedule_id JOIN flows AS f ON f.id = s.flow_id
          WHERE ?1 IS NULL ORDER BY m.to_at DESC, m.id DESC LIMIT ?2"
    };
    let rows = sqlx::query(sql)
        .bind(schedule.map(|id| id.to_string()))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    Ok(readable(&rows).collect())
}

/// Spans with an occurrence in a range (both ends belong to it), newest first.
pub async fn overlapping(
    conn: &mut Connection,
    schedule: Option<ScheduleId>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<ListedSpan>, StoreError> {
    let rows = sqlx::query(
        "SELECT m.*, s.flow_id, f.name AS flow_name FROM missed_occurrences AS m
           JOIN schedules AS s ON s.id = m.schedule_id JOIN flows AS f ON f.id = s.flow_id
          WHERE m.to_at >= ?2 AND m.from_at <= ?3 AND (?1 IS NULL OR m.schedule_id = ?1)
          ORDER BY m.to_at DESC, m.id DESC LIMIT ?4",
    )
    .bind(schedule.map(|id| id.to_string()))
    .bind(millis(from))
    .bind(millis(to))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    Ok(readable(&rows).collect())
}

/// The spans this release can read; the others are logged, and hide nothing else.
fn readable(rows: &[SqliteRow]) -> impl Iterator<Item = ListedSpan> + '_ {
    rows.iter().filter_map(|row| {
        read(row)
            .inspect_err(|error| tracing::error!(%error, "a span of missed occurrences cannot be read"))
            .ok()
    })
}

#[derive(Serialize)]
struct Written<'a> {
    id: MissedId,
    schedule: ScheduleId,
    recurrence: &'a Recurrence,
    zone: &'a str,
    from: i64,
    to: i64,
    count: u64,
    reason: &'a str,
    detail: Option<&'a str>,
    absence: Option<&'a str>,
    outcome: &'a str,
    answer_by: Option<i64>,
    at: i64,
}

/// Records spans.
pub async fn insert(write: &mut Write, spans: &[MissedSpan]) -> Result<(), StoreError> {
    let rows: Vec<Written<'_>> = spans
        .iter()
        .map(|span| Written {
            id: span.id,
            schedule: span.schedule_id,
            recurrence: &span.recurrence,
            zone: &span.timezone,
            from: millis(span.from),
            to: millis(span.to),
            count: span.count,
            reason: &span.reason,
            detail: span.detail.as_deref(),
            absence: span.absence.as_deref(),
            outcome: &span.outcome,
            answer_by: span.answer_by.map(millis),
            at: millis(span.recorded_at),
        })
        .collect();
    sqlx::query(
        "INSERT INTO missed_occurrences
           (id, schedule_id, recurrence, timezone, from_at, to_at, count, reason, absence, outcome, answer_by, recorded_at, detail)
         SELECT value ->> 'id', value ->> 'schedule', value -> 'recurrence', value ->> 'zone', value ->> 'from',
           value ->> 'to', value ->> 'count', value ->> 'reason', value ->> 'absence', value ->> 'outcome',
           value ->> 'answer_by', value ->> 'at', value ->> 'detail' FROM jsonb_each(?1)
          WHERE true ON CONFLICT (id) DO NOTHING",
    )
    .bind(json_text("missed_occurrences", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// The spans that reach beyond `now`: the clock was set back, and what lies ahead cannot have been missed. What somebody
/// skipped stays skipped.
pub async fn reaching_beyond(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<MissedSpan>, StoreError> {
    let rows = sqlx::query(
        "SELECT m.*, s.flow_id, f.name AS flow_name FROM missed_occurrences AS m
           JOIN schedules AS s ON s.id = m.schedule_id JOIN flows AS f ON f.id = s.flow_id
          WHERE m.to_at > ?1 AND m.outcome <> 'declined'",
    )
    .bind(millis(now))
    .fetch_all(conn)
    .await?;
    Ok(readable(&rows).map(|listed| listed.span).collect())
}

/// The spans of a schedule that an instant lies in, newest first.
pub async fn around(
    conn: &mut Connection,
    schedule: ScheduleId,
    at: DateTime<Utc>,
) -> Result<Vec<MissedSpan>, StoreError> {
    let rows = sqlx::query(
        "SELECT m.*, s.flow_id, f.name AS flow_name FROM missed_occurrences AS m
           JOIN schedules AS s ON s.id = m.schedule_id JOIN flows AS f ON f.id = s.flow_id
          WHERE m.schedule_id = ?1 AND m.to_at >= ?2 AND m.from_at <= ?2 ORDER BY m.to_at DESC, m.id DESC",
    )
    .bind(schedule.to_string())
    .bind(millis(at))
    .fetch_all(conn)
    .await?;
    Ok(readable(&rows).map(|listed| listed.span).collect())
}

/// These spans, by id; those that are gone are left out.
pub async fn of_ids(
    conn: &mut Connection,
    ids: &[MissedId],
) -> Result<HashMap<MissedId, MissedSpan>, StoreError> {
    let rows = sqlx::query(
        "SELECT m.*, s.flow_id, f.name AS flow_name FROM json_each(?1) AS w
           JOIN missed_occurrences AS m ON m.id = w.value
           JOIN schedules AS s ON s.id = m.schedule_id JOIN flows AS f ON f.id = s.flow_id",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    Ok(readable(&rows).map(|listed| (listed.span.id, listed.span)).collect())
}

/// The occurrences of these schedules that somebody skipped, by the instant they were due.
pub async fn declined(
    conn: &mut Connection,
    schedules: &[ScheduleId],
) -> Result<HashMap<ScheduleId, Vec<DateTime<Utc>>>, StoreError> {
    let rows = sqlx::query(
        "SELECT schedule_id, from_at FROM missed_occurrences
          WHERE outcome = 'declined' AND schedule_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(json_text("schedule_id", &schedules)?)
    .fetch_all(conn)
    .await?;
    let mut declined: HashMap<ScheduleId, Vec<DateTime<Utc>>> = HashMap::new();
    for row in &rows {
        declined.entry(row.id("schedule_id")?).or_default().push(row.instant("from_at")?);
    }
    Ok(declined)
}

/// Spans with that outcome whose answer is still awaited at `now`, of these schedules and before these instants.
pub async fn waiting_before(
    conn: &mut Connection,
    before: &[(ScheduleId, DateTime<Utc>)],
    outcome: &str,
    now: DateTime<Utc>,
) -> Result<Vec<MissedId>, StoreError> {
    let wanted: Vec<(ScheduleId, i64)> = before.iter().map(|(id, at)| (*id, millis(*at))).collect();
    // No answer is awaited for longer than the longest grace after the furthest move, which is a hundred days; older spans
    // are not looked at.
    let rows = sqlx::query(
        "SELECT m.id FROM json_each(?1) AS w CROSS JOIN missed_occurrences AS m
          WHERE m.schedule_id = w.value ->> 0 AND m.to_at < w.value ->> 1 AND m.to_at > ?2 - 100 * 86400000
            AND m.outcome = ?3 AND m.answer_by >= ?2",
    )
    .bind(json_text("before", &wanted)?)
    .bind(millis(now))
    .bind(outcome)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// Records what was done about spans.
pub async fn set_outcome(write: &mut Write, ids: &[MissedId], outcome: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE missed_occurrences SET outcome = ?2 WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(json_text("id", &ids)?)
        .bind(outcome)
        .execute(write.conn())
        .await?;
    Ok(())
}

/// Removes spans that ended before an instant, at most `limit`, but for what somebody skipped. Answers how many there were.
pub async fn prune(write: &mut Write, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM missed_occurrences WHERE id IN (
           SELECT id FROM missed_occurrences WHERE to_at < ?1 AND outcome <> 'declined' ORDER BY to_at LIMIT ?2)",
    )
    .bind(millis(before))
    .bind(i64::from(limit))
    .execute(write.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Takes a span back.
pub async fn remove(write: &mut Write, id: MissedId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM missed_occurrences WHERE id = ?1")
        .bind(id.to_string())
        .execute(write.conn())
        .await?;
    Ok(())
}
