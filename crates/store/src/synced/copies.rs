//! Reading rows as they travel, and which of them the team has not seen yet.

use super::sql::{self, TABLES};
use crate::columns::{Columns as _, json_text};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use mf_domain::synced::row::{Columns, Key, Local, Row, Scalar};
use mf_domain::version::Version;
use sqlx::sqlite::SqliteRow;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// What this device has of these rows. Those it has nothing of are absent; so are rows that the server refused and that
/// only wait to be removed.
pub async fn copies(conn: &mut Connection, keys: &[Key]) -> Result<Vec<Local>, StoreError> {
    let mut copies = Vec::with_capacity(keys.len());
    for (table, ids) in by_table(keys) {
        let Some(statements) = sql::of(table) else { continue };
        let rows = sqlx::query(statements.copies).bind(json_text("id", &ids)?).fetch_all(&mut *conn).await?;
        for row in &rows {
            copies.push(read(table, row)?);
        }
    }
    Ok(copies)
}

/// The rows the team has not seen yet.
pub async fn outbox(conn: &mut Connection) -> Result<Vec<Local>, StoreError> {
    let mut pending = Vec::new();
    for statements in TABLES {
        for row in sqlx::query(statements.outbox).fetch_all(&mut *conn).await? {
            pending.push(read(statements.name, &row)?);
        }
    }
    Ok(pending)
}

/// How many rows the team has not seen yet.
pub async fn outbox_len(conn: &mut Connection) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM outbox").fetch_one(conn).await?;
    row.count("n")
}

/// The greatest version that came from the server or was accepted by it.
pub async fn greatest_base(conn: &mut Connection) -> Result<Option<Version>, StoreError> {
    let mut greatest = None;
    for statements in TABLES {
        let row = sqlx::query(statements.greatest_base).fetch_one(&mut *conn).await?;
        greatest = greatest.max(row.maybe_text("greatest")?);
    }
    Ok(greatest.and_then(|text| Version::parse(&text)))
}

/// Which of these rows are there, in whatever state.
pub async fn present(conn: &mut Connection, keys: &[Key]) -> Result<HashSet<Key>, StoreError> {
    let mut present = HashSet::new();
    for (table, ids) in by_table(keys) {
        let Some(statements) = sql::of(table) else { continue };
        for row in sqlx::query(statements.present).bind(json_text("id", &ids)?).fetch_all(&mut *conn).await? {
            present.insert(Key { table: table.to_owned(), id: row.id("id")? });
        }
    }
    Ok(present)
}

/// Puts every row into the outbox: a server that was restored may lack any of them.
pub async fn offer_all(write: &mut Write) -> Result<(), StoreError> {
    for statements in TABLES {
        sqlx::query(statements.offer).execute(write.conn()).await?;
    }
    sqlx::query("DELETE FROM sync_waiting").execute(write.conn()).await?;
    Ok(())
}

/// Puts rows into the outbox, whatever their versions say.
pub async fn queue(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (table_name, row_id) SELECT value ->> 'table', value ->> 'id' FROM json_each(?1)
          WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(json_text("keys", &keys)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Takes rows out of the outbox until [`wake`].
pub async fn wait(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sync_waiting (table_name, row_id) SELECT value ->> 'table', value ->> 'id' FROM json_each(?1)
          WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(json_text("keys", &keys)?)
    .execute(write.conn())
    .await?;
    super::leave_outbox(write, keys).await
}

/// These rows came from the server: nothing waits for somebody to bring them back.
pub async fn came(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    if !any_waits(write).await? {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM sync_waiting WHERE (table_name, row_id) IN (
           SELECT value ->> 'table', value ->> 'id' FROM json_each(?1))",
    )
    .bind(json_text("keys", &keys)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Puts back what waits.
pub async fn wake(write: &mut Write) -> Result<(), StoreError> {
    if !any_waits(write).await? {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO outbox (table_name, row_id) SELECT table_name, row_id FROM sync_waiting WHERE true ON CONFLICT DO NOTHING",
    )
    .execute(write.conn())
    .await?;
    sqlx::query("DELETE FROM sync_waiting").execute(write.conn()).await?;
    Ok(())
}

async fn any_waits(write: &mut Write) -> Result<bool, StoreError> {
    let any: i64 =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sync_waiting)").fetch_one(write.conn()).await?;
    Ok(any == 1)
}

/// The ids of these rows, by table.
pub(super) fn by_table(keys: &[Key]) -> BTreeMap<&str, Vec<Uuid>> {
    let mut tables: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for key in keys {
        tables.entry(key.table.as_str()).or_default().push(key.id);
    }
    tables
}

fn read(table: &str, row: &SqliteRow) -> Result<Local, StoreError> {
    let known: BTreeMap<String, Option<Scalar>> = row.json("columns")?;
    let mut columns: Columns = row.json("extra")?;
    columns.extend(known.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let base = row.maybe_text("base_version")?;
    let base_version = base
        .map(|text| Version::parse(&text).ok_or(StoreError::Unreadable { column: "base_version" }))
        .transpose()?;
    let key = Key { table: table.to_owned(), id: row.id("id")? };
    let version = row.word("version", Version::parse)?;
    Ok(Local {
        row: Row::new(key, version, row.int("tombstone")? == 1, columns),
        base_version,
        pending: row.int("pending")? == 1,
    })
}
