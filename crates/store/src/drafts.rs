//! Table `drafts`: what editors hold that is not saved yet. Local only.

use crate::columns::{Columns, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    pub key: String,
    pub content: String,
    pub updated_at: DateTime<Utc>,
}

/// A draft without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDraft {
    pub key: String,
    pub bytes: u32,
    pub updated_at: DateTime<Utc>,
}

fn read(row: &SqliteRow) -> Result<DraftRow, StoreError> {
    Ok(DraftRow {
        key: row.text("key")?,
        content: row.text("content")?,
        updated_at: row.instant("updated_at")?,
    })
}

/// The draft of a key.
pub async fn get(conn: &mut Connection, key: &str) -> Result<Option<DraftRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM drafts WHERE key = ?1").bind(key).fetch_optional(conn).await?;
    row.as_ref().map(read).transpose()
}

/// All drafts, the one changed last first.
pub async fn list(conn: &mut Connection) -> Result<Vec<ListedDraft>, StoreError> {
    let rows = sqlx::query(
        "SELECT key, octet_length(content) AS bytes, updated_at FROM drafts ORDER BY updated_at DESC, key",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedDraft {
                key: row.text("key")?,
                bytes: row.count("bytes")?,
                updated_at: row.instant("updated_at")?,
            })
        })
        .collect()
}

/// Writes a draft, new or changed, and drops the ones changed longest ago beyond `kept`.
pub async fn put(write: &mut Write, draft: &DraftRow, kept: u32) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO drafts (key, content, updated_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at",
    )
    .bind(&draft.key)
    .bind(&draft.content)
    .bind(millis(draft.updated_at))
    .execute(write.conn())
    .await?;
    // Not the one just written, whatever the clock says.
    sqlx::query(
        "DELETE FROM drafts WHERE key IN (
           SELECT key FROM drafts WHERE key <> ?1 ORDER BY updated_at DESC, key LIMIT -1 OFFSET ?2 - 1)",
    )
    .bind(&draft.key)
    .bind(i64::from(kept))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Drops a draft.
pub async fn delete(write: &mut Write, key: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM drafts WHERE key = ?1").bind(key).execute(write.conn()).await?;
    Ok(())
}
