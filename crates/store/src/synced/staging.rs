//! Tables `sync_staged` and `sync_kept`: rows that came and are not, or cannot be, where they belong.

use super::TABLES;
use crate::columns::{Columns as _, json_text};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use mf_domain::synced::row::{Key, Row};
use mf_domain::version::Version;
use sqlx::sqlite::SqliteRow;

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

/// Which of the staged rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of<'a> {
    /// Those of these tables.
    Tables(&'a [&'a str]),
    /// Those of tables this release does not know.
    Unknown,
}

/// Staged rows behind a place, in the order in which they came, each with its own; at most so many.
pub async fn staged(
    conn: &mut Connection,
    of: Of<'_>,
    after: i64,
    most: usize,
) -> Result<Vec<(i64, Row)>, StoreError> {
    let known: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    let (sql, tables) = match of {
        Of::Tables(tables) => (
            "SELECT * FROM sync_staged WHERE place > ?2 AND table_name IN (SELECT value FROM json_each(?1))
              ORDER BY place LIMIT ?3",
            tables,
        ),
        Of::Unknown => (
            "SELECT * FROM sync_staged WHERE place > ?2 AND table_name NOT IN (SELECT value FROM json_each(?1))
              ORDER BY place LIMIT ?3",
            &*known,
        ),
    };
    let rows = sqlx::query(sql)
        .bind(json_text("tables", &tables)?)
        .bind(after)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| Ok((row.int("place")?, read(row)?))).collect()
}

/// Rows of these tables that were kept earlier, and may fit by now.
pub async fn kept(conn: &mut Connection, tables: &[&str]) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query("SELECT * FROM sync_kept WHERE table_name IN (SELECT value FROM json_each(?1))")
        .bind(json_text("tables", &tables)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Row, StoreError> {
    let key = Key { table: row.text("table_name")?, id: row.id("row_id")? };
    let tombstone = row.int("tombstone")? == 1;
    Ok(Row::new(key, row.word("version", Version::parse)?, tombstone, row.json("columns")?))
}

/// Rows that are the server's here and that it has no more: it was read from the beginning, and they did not come. What
/// waits to be sent, or for somebody else to bring it back, is not among them.
pub async fn not_staged(conn: &mut Connection) -> Result<Vec<Key>, StoreError> {
    let mut gone = Vec::new();
    for statements in TABLES {
        for row in sqlx::query(statements.not_staged).fetch_all(&mut *conn).await? {
            gone.push(Key { table: statements.name.to_owned(), id: row.id("id")? });
        }
    }
    Ok(gone)
}

/// Forgets rows that were kept and that the server has no more.
pub async fn forget_kept_not_staged(write: &mut Write) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM sync_kept WHERE (table_name, row_id) NOT IN (SELECT table_name, row_id FROM sync_staged)",
    )
    .execute(write.conn())
    .await?;
    Ok(())
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
