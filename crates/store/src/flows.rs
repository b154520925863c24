//! Table `flows`: the head of each flow. Its content is in `flow_revisions`.

use crate::columns::{Columns, anywhere, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::flow::FlowType;
use mf_domain::ids::{FlowId, MemberId, RevisionId};
use mf_domain::occurrence::folded;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// The head of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRow {
    pub id: FlowId,
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    pub head: RevisionId,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A flow as the library lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFlow {
    pub flow: FlowRow,
    pub step_count: u32,
    pub revision: u32,
    pub next_run_at: Option<DateTime<Utc>>,
    pub open_batches: u32,
}

fn read(row: &SqliteRow) -> Result<FlowRow, StoreError> {
    Ok(FlowRow {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        flow_type: row.word("flow_type", FlowType::parse)?,
        head: row.id("head_id")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}

/// How many flows there are of each type.
pub async fn counts(conn: &mut Connection) -> Result<Vec<(FlowType, u32)>, StoreError> {
    let rows =
        sqlx::query("SELECT flow_type, COUNT(*) AS n FROM flows WHERE tombstone = 0 GROUP BY flow_type")
            .fetch_all(conn)
            .await?;
    rows.iter().map(|row| Ok((row.word("flow_type", FlowType::parse)?, row.count("n")?))).collect()
}

/// Flows by name; `search` is part of a name or description, ignoring case and composition.
pub async fn list(
    conn: &mut Connection,
    flow_type: Option<FlowType>,
    search: Option<&str>,
) -> Result<Vec<ListedFlow>, StoreError> {
    let rows = sqlx::query(
        r"SELECT f.*, r.step_count,
              (SELECT COUNT(*) FROM flow_revisions AS n WHERE n.flow_id = f.id) AS revision,
              (SELECT c.next_run_at FROM active_schedules AS a JOIN schedule_clocks AS c ON c.schedule_id = a.schedule_id
                WHERE a.id = f.id AND a.tombstone = 0) AS next_run_at,
              (SELECT COUNT(DISTINCT s.batch_id) FROM sessions AS s
                WHERE s.flow_id = f.id AND s.status IN ('pending', 'in_progress')) AS open_batches
            FROM flows AS f JOIN flow_revisions AS r ON r.id = f.head_id
           WHERE f.tombstone = 0
             AND (?1 IS NULL OR f.flow_type = ?1)
             AND (?2 IS NULL OR f.folded_name LIKE ?2 ESCAPE '\' OR f.folded_description LIKE ?2 ESCAPE '\')
           ORDER BY f.name COLLATE NOCASE, f.id",
    )
    .bind(flow_type.map(FlowType::as_str))
    .bind(search.map(anywhere))
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedFlow {
                flow: read(row)?,
                step_count: row.count("step_count")?,
                revision: row.count("revision")?,
                next_run_at: row.maybe_instant("next_run_at")?,
                open_batches: row.count("open_batches")?,
            })
        })
        .collect()
}

/// One flow; `None` when there is none or it was deleted.
pub async fn get(conn: &mut Connection, id: FlowId) -> Result<Option<FlowRow>, StoreError> {
    rows::one(conn, "SELECT * FROM flows WHERE id = ?1 AND tombstone = 0", id, read).await
}

/// The name of a flow, also of a deleted one: its history outlives it.
pub async fn name(conn: &mut Connection, id: FlowId) -> Result<Option<String>, StoreError> {
    let row =
        sqlx::query("SELECT name FROM flows WHERE id = ?1").bind(id.to_string()).fetch_optional(conn).await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}

/// Whether a batch of the flow has a session that has not ended.
pub async fn has_open_batch(conn: &mut Connection, id: FlowId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sessions WHERE flow_id = ?1 AND status IN ('pending', 'in_progress'))",
    )
    .bind(id.to_string())
    .fetch_one(conn)
    .await?)
}

/// Writes a flow's head, new or changed.
pub async fn put(write: &mut Write, flow: &FlowRow) -> Result<(), StoreError> {
    let (team, version) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO flows (id, team_id, version, name, description, flow_type, head_id, created_by, created_at, updated_at,
           folded_name, folded_description)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
           description = excluded.description, flow_type = excluded.flow_type, head_id = excluded.head_id,
           updated_at = excluded.updated_at, folded_name = excluded.folded_name,
           folded_description = excluded.folded_description",
    )
    .bind(flow.id.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(&flow.name)
    .bind(&flow.description)
    .bind(flow.flow_type.as_str())
    .bind(flow.head.to_string())
    .bind(flow.created_by.map(|id| id.to_string()))
    .bind(millis(flow.created_at))
    .bind(millis(flow.updated_at))
    .bind(folded(&flow.name))
    .bind(folded(&flow.description))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Marks a flow as deleted.
pub async fn delete(write: &mut Write, id: FlowId, at: DateTime<Utc>) -> Result<(), StoreError> {
    rows::bury(write, "UPDATE flows SET tombstone = 1, version = ?2, updated_at = ?3 WHERE id = ?1", id, at)
        .await
}
