//! Table `target_imports`: what lists were before an import. Local only.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{TargetImportId, TargetListId};
use mf_domain::targets::Target;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;

/// The part of a list that an import changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub targets: Vec<Target>,
    /// In milliseconds since 1970.
    pub updated_at: i64,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetImportRow {
    pub id: TargetImportId,
    pub target_list_id: TargetListId,
    /// `None` when the import made the list.
    pub before: Option<Before>,
    /// The version the list had then.
    pub version_after: String,
    pub imported_at: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
}

fn read(row: &SqliteRow) -> Result<TargetImportRow, StoreError> {
    Ok(TargetImportRow {
        id: row.id("id")?,
        target_list_id: row.id("target_list_id")?,
        before: match row.maybe_text("before")? {
            Some(_) => Some(row.json("before")?),
            None => None,
        },
        version_after: row.text("version_after")?,
        imported_at: row.instant("imported_at")?,
        undone_at: row.maybe_instant("undone_at")?,
    })
}

/// One import.
pub async fn get(conn: &mut Connection, id: TargetImportId) -> Result<Option<TargetImportRow>, StoreError> {
    rows::one(conn, "SELECT * FROM target_imports WHERE id = ?1", id, read).await
}

/// Notes an import and forgets the oldest beyond `kept`.
pub async fn insert(write: &mut Write, import: &TargetImportRow, kept: u32) -> Result<(), StoreError> {
    let before = import.before.as_ref().map(|before| json_text("before", before)).transpose()?;
    sqlx::query(
        "INSERT INTO target_imports (id, target_list_id, before, version_after, imported_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(import.id.to_string())
    .bind(import.target_list_id.to_string())
    .bind(before)
    .bind(&import.version_after)
    .bind(millis(import.imported_at))
    .execute(write.conn())
    .await?;
    // Not the one just noted, whatever the clock says.
    sqlx::query(
        "DELETE FROM target_imports WHERE id IN (
           SELECT id FROM target_imports WHERE id <> ?1 ORDER BY imported_at DESC, id DESC LIMIT -1 OFFSET ?2 - 1)",
    )
    .bind(import.id.to_string())
    .bind(i64::from(kept))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Marks an import as undone.
pub async fn set_undone(write: &mut Write, id: TargetImportId, at: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE target_imports SET undone_at = ?2 WHERE id = ?1")
        .bind(id.to_string())
        .bind(millis(at))
        .execute(write.conn())
        .await?;
    Ok(())
}
