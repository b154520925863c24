//! Tables `sync_refused` and `sync_aside`: what the server would not take.

use super::copies::by_table;
use super::sql::{self, NAMING_HIDDEN};
use super::writing::end_deleted;
use crate::columns::{Columns as _, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::synced::row::Key;
use mf_domain::version::Version;
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The version of a hidden row: one that no clock gives out and that is not the bottom one, which the row may have had.
const HIDDEN: &str = "000000000000000000000000000000000000000000000001";

/// A copy of this device that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub id: Uuid,
    pub key: Key,
    pub losing_version: String,
    /// Canonical.
    pub content: String,
    /// Why, as the server said it.
    pub code: String,
    pub at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Written<'a> {
    id: Uuid,
    #[serde(flatten)]
    key: Named<'a>,
    version: &'a str,
    content: &'a str,
    code: &'a str,
    at: i64,
}

#[derive(Serialize)]
struct Named<'a> {
    table: &'a str,
    row: Uuid,
}

/// Puts copies aside. The same again changes nothing.
pub async fn put_aside(write: &mut Write, asides: &[Aside]) -> Result<(), StoreError> {
    let rows: Vec<Written<'_>> = asides
        .iter()
        .map(|aside| Written {
            id: aside.id,
            key: Named { table: &aside.key.table, row: aside.key.id },
            version: &aside.losing_version,
            content: &aside.content,
            code: &aside.code,
            at: millis(aside.at),
        })
        .collect();
    sqlx::query(
        "INSERT INTO sync_aside (id, table_name, row_id, losing_version, content, code, at)
         SELECT value ->> 'id', value ->> 'table', value ->> 'row', value ->> 'version', value ->> 'content',
           value ->> 'code', value ->> 'at' FROM json_each(?1) WHERE true ON CONFLICT (id) DO NOTHING",
    )
    .bind(json_text("asides", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// What was put aside, newest first.
pub async fn set_asides(conn: &mut Connection) -> Result<Vec<Aside>, StoreError> {
    let rows = sqlx::query("SELECT * FROM sync_aside ORDER BY at DESC, id").fetch_all(conn).await?;
    rows.iter()
        .map(|row| {
            Ok(Aside {
                id: row.id("id")?,
                key: Key { table: row.text("table_name")?, id: row.id("row_id")? },
                losing_version: row.text("losing_version")?,
                content: row.text("content")?,
                code: row.text("code")?,
                at: row.instant("at")?,
            })
        })
        .collect()
}

/// Forgets a copy that was put aside: it was restored, or somebody has looked at it.
pub async fn forget_aside(write: &mut Write, id: Uuid) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sync_aside WHERE id = ?1").bind(id.to_string()).execute(write.conn()).await?;
    Ok(())
}

/// Hides rows that the server refused and has no copy of. Others may still name them, so they stay until
/// [`remove_what_is_hidden`] finds that nobody does. Written again, by whomever, they are there again: a trigger sees to it.
pub async fn hide(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    for (table, ids) in by_table(keys) {
        let Some(statements) = sql::of(table) else { continue };
        let ids = json_text("id", &ids)?;
        sqlx::query(statements.hide).bind(&ids).bind(HIDDEN).execute(write.conn()).await?;
        if table == "sessions" {
            end_deleted(write, &ids).await?;
        }
    }
    sqlx::query(
        "INSERT INTO sync_refused (table_name, row_id) SELECT value ->> 'table', value ->> 'id' FROM json_each(?1)
          WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(json_text("keys", &keys)?)
    .execute(write.conn())
    .await?;
    super::leave_outbox(write, keys).await
}

/// Gives rows a version that none has, so that a copy of the version they have can take their place.
pub(super) async fn between_versions(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    let versions: Vec<(Key, Version)> = Version::parse(HIDDEN)
        .into_iter()
        .flat_map(|it| keys.iter().map(move |key| (key.clone(), it.clone())))
        .collect();
    super::sent(write, &versions).await
}

/// Removes hidden rows that only hidden rows name.
pub async fn remove_what_is_hidden(write: &mut Write) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT table_name, row_id FROM sync_refused").fetch_all(write.conn()).await?;
    let mut removable = BTreeSet::new();
    for row in &rows {
        removable.insert(Key { table: row.text("table_name")?, id: row.id("row_id")? });
    }
    if removable.is_empty() {
        return Ok(());
    }
    let mut names = Vec::new();
    for naming in NAMING_HIDDEN {
        for row in sqlx::query(*naming).fetch_all(write.conn()).await? {
            let child = Key { table: row.text("table_name")?, id: row.id("row_id")? };
            names.push((child, Key { table: row.text("parent_table")?, id: row.id("parent_id")? }));
        }
    }
    loop {
        let before = removable.len();
        for (child, parent) in &names {
            if !removable.contains(child) {
                removable.remove(parent);
            }
        }
        if removable.len() == before {
            break;
        }
    }
    let removable: Vec<Key> = removable.into_iter().collect();
    super::remove(write, &removable).await?;
    sqlx::query(
        "DELETE FROM sync_refused WHERE (table_name, row_id) IN (
           SELECT value ->> 'table', value ->> 'id' FROM json_each(?1))",
    )
    .bind(json_text("keys", &removable)?)
    .execute(write.conn())
    .await?;
    Ok(())
}
