//! Table `batches`. A batch's standing is counted from its sessions, never stored.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::batch::{BatchOrigin, BatchState, Rollup};
use mf_domain::flow::SignOffRule;
use mf_domain::ids::{BatchId, FlowId, MemberId, RevisionId, ScheduleId, TargetListId};
use mf_domain::intake::Answers;
use mf_domain::session::SessionStatus;
use mf_domain::version::Version;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use std::collections::{HashMap, HashSet};

mod list;

pub use list::{Filter, awaiting_sign_off, count, list, open};

/// The occurrence a batch was fired for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiredFor {
    pub schedule_id: ScheduleId,
    pub schedule_version: String,
    pub zone: String,
    /// `2026-12-08T22:00`.
    pub nominal_local: String,
    pub fold: u8,
    pub scheduled_for: DateTime<Utc>,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    pub id: BatchId,
    pub flow_id: FlowId,
    pub revision_id: RevisionId,
    pub origin: BatchOrigin,
    pub intake: Answers,
    pub fired_for: Option<FiredFor>,
    pub target_list_id: Option<TargetListId>,
    pub retry_of: Option<BatchId>,
    pub created_by: Option<MemberId>,
    pub launched_at: DateTime<Utc>,
}

/// A batch with its flow's name and its standing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedBatch {
    pub batch: BatchRow,
    pub flow_name: String,
    pub rollup: Rollup,
    /// Open sessions that nobody has taken.
    pub unassigned: u32,
    pub state: BatchState,
    /// What the flow's revision asks for.
    pub sign_off_rule: SignOffRule,
}

fn read(row: &SqliteRow) -> Result<BatchRow, StoreError> {
    let fired_for = match row.maybe_id("schedule_id")? {
        None => None,
        Some(schedule_id) => Some(FiredFor {
            schedule_id,
            schedule_version: row.text("schedule_version")?,
            zone: row.text("zone")?,
            nominal_local: row.text("nominal_local")?,
            fold: u8::from(row.int("fold")? == 1),
            scheduled_for: row.instant("scheduled_for")?,
        }),
    };
    Ok(BatchRow {
        id: row.id("id")?,
        flow_id: row.id("flow_id")?,
        revision_id: row.id("revision_id")?,
        origin: row.word("origin", BatchOrigin::parse)?,
        intake: row.json("intake")?,
        fired_for,
        target_list_id: row.maybe_id("target_list_id")?,
        retry_of: row.maybe_id("retry_of")?,
        created_by: row.maybe_id("created_by")?,
        launched_at: row.instant("launched_at")?,
    })
}

/// One batch.
pub async fn get(conn: &mut Connection, id: BatchId) -> Result<Option<BatchRow>, StoreError> {
    rows::one(conn, "SELECT * FROM batches WHERE id = ?1 AND tombstone = 0", id, read).await
}

/// These batches, by id.
pub async fn of_ids(
    conn: &mut Connection,
    ids: &[BatchId],
) -> Result<HashMap<BatchId, BatchRow>, StoreError> {
    let rows =
        sqlx::query("SELECT * FROM batches WHERE id IN (SELECT value FROM json_each(?1)) AND tombstone = 0")
            .bind(json_text("id", &ids)?)
            .fetch_all(conn)
            .await?;
    rows.iter().map(|row| read(row).map(|batch| (batch.id, batch))).collect()
}

/// These batches as lists show them, in the order named.
pub async fn listed(conn: &mut Connection, ids: &[BatchId]) -> Result<Vec<ListedBatch>, StoreError> {
    let rows = sqlx::query(
        "SELECT b.*, f.name AS flow_name, r.structure ->> '$.sign_off' AS sign_off FROM json_each(?1) AS w
           JOIN batches AS b ON b.id = w.value JOIN flows AS f ON f.id = b.flow_id
           JOIN flow_revisions AS r ON r.id = b.revision_id
          WHERE b.tombstone = 0 ORDER BY w.key",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(&mut *conn)
    .await?;
    list::read_all(conn, &rows).await
}

/// Which of these batches exist.
pub async fn existing(conn: &mut Connection, ids: &[BatchId]) -> Result<HashSet<BatchId>, StoreError> {
    let rows = sqlx::query("SELECT id FROM batches WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(json_text("id", &ids)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// The batches that retried this one, oldest first.
pub async fn retries(conn: &mut Connection, of: &BatchRow) -> Result<Vec<BatchId>, StoreError> {
    // By flow, which has an index; the clock may have been set back since, so the time says nothing.
    let rows = sqlx::query(
        "SELECT id FROM batches WHERE flow_id = ?1 AND retry_of = ?2 AND tombstone = 0 ORDER BY launched_at, id",
    )
    .bind(of.flow_id.to_string())
    .bind(of.id.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// The standing of each of these batches.
pub async fn rollups(conn: &mut Connection, ids: &[BatchId]) -> Result<HashMap<BatchId, Rollup>, StoreError> {
    let rows = sqlx::query(
        "SELECT batch_id, status, COUNT(*) AS n FROM sessions
          WHERE batch_id IN (SELECT value FROM json_each(?1)) GROUP BY batch_id, status",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    let mut rollups: HashMap<BatchId, Rollup> = HashMap::new();
    for row in &rows {
        let rollup = rollups.entry(row.id("batch_id")?).or_default();
        let status = row.word("status", SessionStatus::parse)?;
        for _ in 0..row.count("n")? {
            rollup.add(status);
        }
    }
    Ok(rollups)
}

/// Open sessions of each of these batches that nobody has taken.
pub async fn unassigned(conn: &mut Connection, ids: &[BatchId]) -> Result<HashMap<BatchId, u32>, StoreError> {
    let rows = sqlx::query(
        "SELECT batch_id, COUNT(*) AS n FROM sessions
          WHERE batch_id IN (SELECT value FROM json_each(?1)) AND status IN ('pending', 'in_progress')
            AND assignee IS NULL GROUP BY batch_id",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.id("batch_id")?, row.count("n")?))).collect()
}

/// The newest batch of each of these flows that still has open sessions, with its standing.
pub async fn open_of_flows(
    conn: &mut Connection,
    flows: &[FlowId],
) -> Result<HashMap<FlowId, Rollup>, StoreError> {
    let rows = sqlx::query(
        "SELECT b.flow_id, b.id FROM json_each(?1) AS wanted
           JOIN batches AS b ON b.id = (
             SELECT n.id FROM batches AS n WHERE n.flow_id = wanted.value AND n.tombstone = 0 AND EXISTS (
               SELECT 1 FROM sessions AS s
                WHERE s.flow_id = n.flow_id AND s.batch_id = n.id AND s.status IN ('pending', 'in_progress'))
              ORDER BY n.launched_at DESC, n.id DESC LIMIT 1)
          WHERE EXISTS (
            SELECT 1 FROM sessions WHERE flow_id = wanted.value AND status IN ('pending', 'in_progress'))",
    )
    .bind(json_text("flow_id", &flows)?)
    .fetch_all(&mut *conn)
    .await?;
    let open: Vec<(FlowId, BatchId)> =
        rows.iter().map(|row| Ok((row.id("flow_id")?, row.id("id")?))).collect::<Result<_, StoreError>>()?;
    let ids: Vec<BatchId> = open.iter().map(|(_, batch)| *batch).collect();
    let rollups = rollups(conn, &ids).await?;
    Ok(open.into_iter().filter_map(|(flow, batch)| Some((flow, *rollups.get(&batch)?))).collect())
}

/// A batch that a schedule fired and that has open sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    pub id: BatchId,
    pub schedule: ScheduleId,
    pub launched_at: DateTime<Utc>,
    pub rollup: Rollup,
}

/// The open batches of these schedules, each schedule with its flow.
pub async fn open_of_schedules(
    conn: &mut Connection,
    schedules: &[(FlowId, ScheduleId)],
) -> Result<Vec<OpenBatch>, StoreError> {
    if schedules.is_empty() {
        return Ok(Vec::new());
    }
    // By the open sessions of the flow, which have an index.
    let rows = sqlx::query(
        "SELECT DISTINCT b.id, b.schedule_id, b.launched_at FROM json_each(?1) AS w
           JOIN flows AS f ON f.id = w.value ->> 0 AND f.tombstone = 0
           JOIN sessions AS s ON s.flow_id = f.id AND s.status IN ('pending', 'in_progress')
           JOIN batches AS b ON b.id = s.batch_id AND b.schedule_id = w.value ->> 1 AND b.tombstone = 0",
    )
    .bind(json_text("schedules", &schedules)?)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<BatchId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    let rollups = rollups(conn, &ids).await?;
    rows.iter()
        .map(|row| {
            let id = row.id("id")?;
            Ok(OpenBatch {
                id,
                schedule: row.id("schedule_id")?,
                launched_at: row.instant("launched_at")?,
                rollup: rollups.get(&id).copied().unwrap_or_default(),
            })
        })
        .collect()
}

/// A stretch of a schedule's time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Stretch {
    pub flow: FlowId,
    pub schedule: ScheduleId,
    /// Both ends belong to it, in milliseconds since 1970.
    pub from: i64,
    pub to: i64,
}

/// The instants of these stretches for which there is a batch.
pub async fn ran(
    conn: &mut Connection,
    stretches: &[Stretch],
) -> Result<HashMap<ScheduleId, Vec<DateTime<Utc>>>, StoreError> {
    if stretches.is_empty() {
        return Ok(HashMap::new());
    }
    // By flow, which has an index; a flow has few schedules.
    let rows = sqlx::query(
        "SELECT DISTINCT b.schedule_id, b.scheduled_for FROM json_each(?1) AS w JOIN batches AS b ON b.flow_id = w.value ->> 'flow'
          WHERE b.tombstone = 0 AND b.schedule_id = w.value ->> 'schedule'
            AND b.scheduled_for BETWEEN w.value ->> 'from' AND w.value ->> 'to' ORDER BY b.scheduled_for",
    )
    .bind(json_text("stretches", &stretches)?)
    .fetch_all(conn)
    .await?;
    let mut ran: HashMap<ScheduleId, Vec<DateTime<Utc>>> = HashMap::new();
    for row in &rows {
        ran.entry(row.id("schedule_id")?).or_default().push(row.instant("scheduled_for")?);
    }
    Ok(ran)
}

/// A row of a bulk insert.
#[derive(Serialize)]
struct Written<'a> {
    id: BatchId,
    version: Version,
    flow: FlowId,
    revision: RevisionId,
    origin: BatchOrigin,
    intake: &'a Answers,
    schedule: Option<ScheduleId>,
    schedule_version: Option<&'a str>,
    zone: Option<&'a str>,
    nominal: Option<&'a str>,
    fold: Option<u8>,
    scheduled_for: Option<i64>,
    list: Option<TargetListId>,
    retry_of: Option<BatchId>,
    by: Option<MemberId>,
    at: i64,
}

/// Adds batches that are not there yet; those that are stay as they are. Batches of an occurrence carry the bottom
/// version: any edit a person made wins over a laptop that fires late.
pub async fn insert_absent(write: &mut Write, batches: &[BatchRow]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(batches.len());
    for batch in batches {
        let fired = batch.fired_for.as_ref();
        rows.push(Written {
            id: batch.id,
            version: if fired.is_some() { Version::bottom() } else { write.stamp() },
            flow: batch.flow_id,
            revision: batch.revision_id,
            origin: batch.origin,
            intake: &batch.intake,
            schedule: fired.map(|f| f.schedule_id),
            schedule_version: fired.map(|f| f.schedule_version.as_str()),
            zone: fired.map(|f| f.zone.as_str()),
            nominal: fired.map(|f| f.nominal_local.as_str()),
            fold: fired.map(|f| f.fold),
            scheduled_for: fired.map(|f| millis(f.scheduled_for)),
            list: batch.target_list_id,
            retry_of: batch.retry_of,
            by: batch.created_by,
            at: millis(batch.launched_at),
        });
    }
    let team = write.team().to_string();
    sqlx::query(
        "INSERT INTO batches (id, team_id, version, flow_id, revision_id, origin, intake, schedule_id,
           schedule_version, zone, nominal_local, fold, scheduled_for, target_list_id, retry_of, created_by, launched_at)
         SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'flow', value ->> 'revision', value ->> 'origin',
           value -> 'intake', value ->> 'schedule', value ->> 'schedule_version', value ->> 'zone', value ->> 'nominal',
           value ->> 'fold', value ->> 'scheduled_for', value ->> 'list', value ->> 'retry_of', value ->> 'by', value ->> 'at'
           FROM jsonb_each(?1) WHERE true ON CONFLICT (id) DO NOTHING",
    )
    .bind(json_text("batches", &rows)?)
    .bind(team)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Replaces the intake answers of a batch.
pub async fn set_intake(write: &mut Write, id: BatchId, intake: &Answers) -> Result<(), StoreError> {
    let version = write.stamp();
    sqlx::query("UPDATE batches SET intake = ?2, version = ?3 WHERE id = ?1")
        .bind(id.to_string())
        .bind(json_text("intake", intake)?)
        .bind(version.as_str())
        .execute(write.conn())
        .await?;
    Ok(())
}

/// Batches a schedule fired of which no session was begun.
pub async fn untouched_of_schedule(
    conn: &mut Connection,
    schedule: ScheduleId,
) -> Result<Vec<BatchId>, StoreError> {
    let rows = sqlx::query(
        "SELECT b.id FROM batches AS b
          WHERE b.flow_id = (SELECT flow_id FROM schedules WHERE id = ?1) AND b.schedule_id = ?1 AND b.tombstone = 0
            AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.status <> 'pending')",
    )
    .bind(schedule.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// Marks batches as deleted, with their sessions and all that happened in them. What is derived of the sessions then
/// counts and finds them no more.
pub async fn delete(write: &mut Write, ids: &[BatchId]) -> Result<(), StoreError> {
    let (version, ids) = (write.stamp(), json_text("id", &ids)?);
    for sql in [
        "UPDATE session_events SET tombstone = 1, version = ?2 WHERE session_id IN (
           SELECT s.id FROM json_each(?1) AS w JOIN sessions AS s ON s.batch_id = w.value)",
        "DELETE FROM session_cells WHERE session_id IN (
           SELECT s.id FROM json_each(?1) AS w JOIN sessions AS s ON s.batch_id = w.value)",
        "UPDATE batch_events SET tombstone = 1, version = ?2 WHERE batch_id IN (SELECT value FROM json_each(?1))",
        "UPDATE sessions SET tombstone = 1, version = ?2, status = 'cancelled', assignee = NULL, folded_label = '',
           folded_client = NULL WHERE batch_id IN (SELECT value FROM json_each(?1))",
        "UPDATE batches SET tombstone = 1, version = ?2 WHERE id IN (SELECT value FROM json_each(?1))",
    ] {
        sqlx::query(sql).bind(&ids).bind(version.as_str()).execute(write.conn()).await?;
    }
    Ok(())
}
