//! How schedules are doing: their last runs, and what they missed lately. Reads over several tables.

use crate::batches::rollups;
use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::Connection;
use chrono::{DateTime, Utc};
use mf_domain::batch::Rollup;
use mf_domain::ids::{BatchId, ScheduleId};
use std::collections::HashMap;

/// The last run of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastRun {
    pub batch: BatchId,
    pub scheduled_for: DateTime<Utc>,
    pub launched_at: DateTime<Utc>,
    pub rollup: Rollup,
}

/// The last run of every schedule that has one.
pub async fn last_runs(conn: &mut Connection) -> Result<HashMap<ScheduleId, LastRun>, StoreError> {
    // The newest of the flow's own index that is of this schedule: mostly the first.
    let rows = sqlx::query(
        "SELECT s.id AS schedule_id, b.id, b.scheduled_for, b.launched_at FROM schedules AS s
           JOIN batches AS b ON b.id = (
             SELECT n.id FROM batches AS n
              WHERE n.flow_id = s.flow_id AND n.tombstone = 0 AND n.schedule_id = s.id
              ORDER BY n.launched_at DESC, n.id DESC LIMIT 1)
          WHERE s.tombstone = 0",
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<BatchId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    let rollups = rollups(conn, &ids).await?;
    rows.iter()
        .map(|row| {
            let batch = row.id("id")?;
            let run = LastRun {
                batch,
                scheduled_for: row.instant("scheduled_for")?,
                launched_at: row.instant("launched_at")?,
                rollup: rollups.get(&batch).copied().unwrap_or_default(),
            };
            Ok((row.id("schedule_id")?, run))
        })
        .collect()
}

/// What a schedule missed lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lately {
    pub count: u64,
    /// When the last of them was due.
    pub last: Option<DateTime<Utc>>,
    /// Those that wait for an answer.
    pub asked: u64,
}

/// What each schedule missed since an instant, whole spans, but for those reasons where somebody was there; and of it, what
/// still waits at `now` for the answer `asked` stands for.
pub async fn missed_lately(
    conn: &mut Connection,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    but_for: &[String],
    asked: &str,
) -> Result<HashMap<ScheduleId, Lately>, StoreError> {
    let rows = sqlx::query(
        "SELECT m.schedule_id, SUM(m.count) AS n, MAX(m.to_at) AS last_at,
           SUM(m.outcome = ?4 AND m.answer_by >= ?2) AS asked FROM missed_occurrences AS m
          WHERE m.to_at >= ?1 AND (m.absence IS NOT NULL OR m.reason NOT IN (SELECT value FROM json_each(?3)))
            AND NOT EXISTS (
              SELECT 1 FROM schedules AS s JOIN batches AS b ON b.flow_id = s.flow_id AND b.schedule_id = s.id
               WHERE s.id = m.schedule_id AND m.count = 1 AND b.scheduled_for = m.from_at AND b.tombstone = 0)
          GROUP BY m.schedule_id",
    )
    .bind(millis(since))
    .bind(millis(now))
    .bind(json_text("reasons", &but_for)?)
    .bind(asked)
    .fetch_all(conn)
    .await?;
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    rows.iter()
        .map(|row| {
            let lately = Lately {
                count: number(row.int("n")?),
                last: row.maybe_instant("last_at")?,
                asked: number(row.int("asked")?),
            };
            Ok((row.id("schedule_id")?, lately))
        })
        .collect()
}
