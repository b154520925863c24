//! Table `flow_revisions`: the immutable content of flows.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::flow::{FlowType, Structure};
use mf_domain::ids::{FlowId, MemberId, RevisionId};
use mf_domain::intake::IntakeForm;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// One revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionRow {
    pub id: RevisionId,
    pub flow_id: FlowId,
    pub parent: Option<RevisionId>,
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    pub structure: Structure,
    pub intake_form: IntakeForm,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
}

/// A revision without its content, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRevision {
    pub id: RevisionId,
    /// 1 for the first.
    pub number: u32,
    pub name: String,
    pub step_count: u32,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
}

fn read(row: &SqliteRow) -> Result<RevisionRow, StoreError> {
    Ok(RevisionRow {
        id: row.id("id")?,
        flow_id: row.id("flow_id")?,
        parent: row.maybe_id("parent_id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        flow_type: row.word("flow_type", FlowType::parse)?,
        structure: row.json("structure")?,
        intake_form: row.json("intake_form")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.instant("created_at")?,
    })
}

/// One revision.
pub async fn get(conn: &mut Connection, id: RevisionId) -> Result<Option<RevisionRow>, StoreError> {
    rows::one(conn, "SELECT * FROM flow_revisions WHERE id = ?1", id, read).await
}

/// These revisions, by id.
pub async fn of_ids(
    conn: &mut Connection,
    ids: &[RevisionId],
) -> Result<HashMap<RevisionId, RevisionRow>, StoreError> {
    let rows = sqlx::query("SELECT * FROM flow_revisions WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(json_text("id", &ids)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| read(row).map(|revision| (revision.id, revision))).collect()
}

/// The revision of a flow that has that number, if there is one.
pub async fn numbered(
    conn: &mut Connection,
    flow: FlowId,
    number: u32,
) -> Result<Option<RevisionRow>, StoreError> {
    let row = sqlx::query(
        "SELECT * FROM flow_revisions WHERE flow_id = ?1 ORDER BY created_at, id LIMIT 1 OFFSET ?2 - 1",
    )
    .bind(flow.to_string())
    // A negative offset counts as none: number 0 must not find the first.
    .bind(if number == 0 { i64::from(u32::MAX) } else { i64::from(number) })
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The number people see: the revision's place among those of its flow.
pub async fn number(conn: &mut Connection, id: RevisionId) -> Result<u32, StoreError> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS number FROM flow_revisions AS r, flow_revisions AS me
          WHERE me.id = ?1 AND r.flow_id = me.flow_id AND (r.created_at, r.id) <= (me.created_at, me.id)",
    )
    .bind(id.to_string())
    .fetch_one(conn)
    .await?;
    row.count("number")
}

/// The revisions of a flow, newest first.
pub async fn list(conn: &mut Connection, flow: FlowId) -> Result<Vec<ListedRevision>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, step_count, created_by, created_at, ROW_NUMBER() OVER (ORDER BY created_at, id) AS number
           FROM flow_revisions WHERE flow_id = ?1 ORDER BY created_at DESC, id DESC",
    )
    .bind(flow.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedRevision {
                id: row.id("id")?,
                number: row.count("number")?,
                name: row.text("name")?,
                step_count: row.count("step_count")?,
                created_by: row.maybe_id("created_by")?,
                created_at: row.instant("created_at")?,
            })
        })
        .collect()
}

/// Adds a revision. There is no way to change one.
pub async fn insert(write: &mut Write, revision: &RevisionRow) -> Result<(), StoreError> {
    let (team, version) = (write.team(), write.stamp());
    let steps = revision.structure.step_count();
    let minutes = revision.structure.as_procedure().map_or(0, mf_domain::flow::Procedure::estimate_minutes);
    sqlx::query(
        "INSERT INTO flow_revisions (id, team_id, version, flow_id, parent_id, name, description, flow_type, structure,
           intake_form, step_count, estimate_minutes, created_by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )
    .bind(revision.id.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(revision.flow_id.to_string())
    .bind(revision.parent.map(|id| id.to_string()))
    .bind(&revision.name)
    .bind(&revision.description)
    .bind(revision.flow_type.as_str())
    .bind(json_text("structure", &revision.structure)?)
    .bind(json_text("intake_form", &revision.intake_form)?)
    .bind(i64::try_from(steps).unwrap_or(i64::MAX))
    .bind(i64::from(minutes))
    .bind(revision.created_by.map(|id| id.to_string()))
    .bind(millis(revision.created_at))
    .execute(write.conn())
    .await?;
    Ok(())
}
