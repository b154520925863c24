//! Tables `sync_staged` and `sync_kept`: rows that came and are not, or cannot be, where they belong.

use super::TABLES;
use crate::columns::{Columns as _, json_text};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use mf_domain::synced::row::{Key, Row};
use mf_domain::version::Version;

/// Adds a page.
pub async fn stage(write: &mut Write, rows: &[Row]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sync_staged (table_name, row_id, version, tombstone, columns)
         SELECT value ->> 'table', value ->> 'id', value ->> 'version', COALESCE(value ->> 'tombstone', 0),
           value -> 'columns' FROM jsonb_each(?1) ORDER BY key",
    )
    .bind(json_text("rows", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// What was staged, in the order in which it came, behind what was kept earlier and may fit by now.
pub async fn staged(conn: &mut Connection) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query(
        "SELECT table_name, row_id, version, tombstone, columns FROM (
           SELECT 0 AS place, * FROM sync_kept WHERE table_name IN (SELECT value FROM json_each(?1))
           UNION ALL SELECT place, table_name, row_id, version, tombstone, columns FROM sync_staged) ORDER BY place",
    )
    .bind(json_text("tables", &TABLES.iter().map(|table| table.name).collect::<Vec<_>>())?)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let key = Key { table: row.text("table_name")?, id: row.id("row_id")? };
            let tombstone = row.int("tombstone")? == 1;
            Ok(Row::new(key, row.word("version", Version::parse)?, tombstone, row.json("columns")?))
        })
        .collect()
}

/// Forgets what was staged.
pub async fn clear_staged(write: &mut Write) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sync_staged").execute(write.conn()).await?;
    Ok(())
}

/// Keeps rows that do not fit, and forgets the copies kept before of those in `looked_at`.
pub async fn keep(write: &mut Write, rows: &[Row], looked_at: &[Key]) -> Result<(), StoreError> {
    let any: i64 =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sync_kept)").fetch_one(write.conn()).await?;
    if any == 0 && rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM sync_kept WHERE (table_name, row_id) IN (
           SELECT value ->> 'table', value ->> 'id' FROM json_each(?1))",
    )
    .bind(json_text("keys", &looked_at)?)
    .execute(write.conn())
    .await?;
    sqlx::query(
        "INSERT INTO sync_kept (table_name, row_id, version, tombstone, columns)
         SELECT value ->> 'table', value ->> 'id', value ->> 'version', COALESCE(value ->> 'tombstone', 0),
           value -> 'columns' FROM jsonb_each(?1) WHERE true
         ON CONFLICT (table_name, row_id) DO UPDATE SET version = excluded.version, tombstone = excluded.tombstone,
           columns = excluded.columns",
    )
    .bind(json_text("rows", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}
