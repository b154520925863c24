//! Writing rows as they travel.

use super::copies::by_table;
use super::sql::{self, Statements};
use crate::columns::json_text;
use crate::error::StoreError;
use crate::store::Write;
use mf_domain::occurrence::folded;
use mf_domain::synced::row::{Columns, Key, Row, Scalar};
use mf_domain::synced::table;
use mf_domain::version::Version;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A row to write in the place of what this device has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub row: Row,
    /// The server's version it is, or was made on.
    pub base_version: Option<Version>,
    /// The version of the copy it takes the place of.
    pub over: Option<Version>,
}

impl Taken {
    /// The server's copy.
    #[must_use]
    pub fn of_server(row: Row, over: Option<Version>) -> Self {
        Self { base_version: Some(row.version.clone()), row, over }
    }
}

#[derive(Serialize)]
struct Written {
    id: Uuid,
    version: Version,
    base: Option<Version>,
    tombstone: bool,
    extra: Columns,
    c: Columns,
    d: BTreeMap<&'static str, Option<String>>,
}

/// Writes rows, parents and children in any order. Answers those that do not fit into their tables, of which nothing is
/// written.
pub async fn put(write: &mut Write, rows: &[Taken]) -> Result<Vec<Key>, StoreError> {
    let mut tables: BTreeMap<usize, Vec<&Taken>> = BTreeMap::new();
    for taken in rows {
        tables.entry(table::place(&taken.row.key.table)).or_default().push(taken);
    }
    let mut unfit = Vec::new();
    for (place, rows) in tables {
        let Some((statements, known)) = sql::TABLES.get(place).zip(table::TABLES.get(place)) else {
            unfit.extend(rows.iter().map(|taken| taken.row.key.clone()));
            continue;
        };
        let written: Vec<Written> = rows.iter().map(|taken| written(known, taken)).collect();
        let same = rows.iter().filter(|taken| taken.over.as_ref() == Some(&taken.row.version));
        let same: Vec<Key> = same.map(|taken| taken.row.key.clone()).collect();
        // A copy of the same version: a change without a new one would be refused.
        super::refused::between_versions(write, &same).await?;
        match put_in(write, statements, &written).await {
            // Nothing of a statement that fails stays. One row at a time tells which it was.
            Err(StoreError::Defect(_)) if written.len() > 1 => {
                for row in &written {
                    match put_in(write, statements, std::slice::from_ref(row)).await {
                        Err(StoreError::Defect(_)) => unfit.push(key_of(statements, row)),
                        done => done?,
                    }
                }
            }
            Err(StoreError::Defect(_)) => unfit.extend(written.iter().map(|row| key_of(statements, row))),
            done => done?,
        }
        if known.name == "sessions" {
            let deleted = rows.iter().filter(|taken| taken.row.tombstone).map(|taken| taken.row.key.id);
            let deleted: Vec<Uuid> = deleted.collect();
            if !deleted.is_empty() {
                end_deleted(write, &json_text("id", &deleted)?).await?;
            }
        }
    }
    Ok(unfit)
}

fn key_of(statements: &Statements, row: &Written) -> Key {
    Key { table: statements.name.to_owned(), id: row.id }
}

async fn put_in(write: &mut Write, statements: &Statements, rows: &[Written]) -> Result<(), StoreError> {
    let team = write.team().to_string();
    sqlx::query(statements.put).bind(json_text("rows", &rows)?).bind(team).execute(write.conn()).await?;
    Ok(())
}

fn written(table: &table::Table, taken: &Taken) -> Written {
    let (mut known, extra) = taken.row.split(table);
    for (name, default) in table.defaults {
        known.entry((*name).to_owned()).or_insert_with(|| Scalar::Text((*default).to_owned()));
    }
    Written {
        id: taken.row.key.id,
        version: taken.row.version.clone(),
        base: taken.base_version.clone(),
        tombstone: taken.row.tombstone,
        extra,
        d: derived(&taken.row),
        c: known,
    }
}

/// What follows from the row itself, as the modules of these tables write it.
fn derived(row: &Row) -> BTreeMap<&'static str, Option<String>> {
    let text = |column| match row.columns.get(column) {
        Some(Scalar::Text(text)) => Some(folded(text)),
        _ => None,
    };
    let or_nothing = |text: Option<String>| Some(text.unwrap_or_default());
    match row.key.table.as_str() {
        "flows" => BTreeMap::from([
            ("folded_name", or_nothing(text("name"))),
            ("folded_description", or_nothing(text("description"))),
        ]),
        "sessions" => BTreeMap::from([
            ("folded_label", or_nothing(text("target_label"))),
            ("folded_client", text("target_client")),
        ]),
        _ => BTreeMap::new(),
    }
}

/// A deleted session counts no more and is found no more. `ids` is JSON.
pub(super) async fn end_deleted(write: &mut Write, ids: &str) -> Result<(), StoreError> {
    for sql in [
        "UPDATE sessions SET status = 'cancelled', assignee = NULL, folded_label = '', folded_client = NULL
          WHERE id IN (SELECT value FROM json_each(?1))",
        "DELETE FROM session_cells WHERE session_id IN (SELECT value FROM json_each(?1))",
    ] {
        sqlx::query(sql).bind(ids).execute(write.conn()).await?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Versioned<'a> {
    id: Uuid,
    version: Option<&'a Version>,
    base: Option<&'a Version>,
}

async fn set_versions(
    write: &mut Write,
    rows: &[(Key, Option<Version>, Option<Version>)],
) -> Result<(), StoreError> {
    let mut tables: BTreeMap<&str, Vec<Versioned<'_>>> = BTreeMap::new();
    for (key, version, base) in rows {
        let row = Versioned { id: key.id, version: version.as_ref(), base: base.as_ref() };
        tables.entry(key.table.as_str()).or_default().push(row);
    }
    for (table, rows) in tables {
        let Some(statements) = sql::of(table) else { continue };
        sqlx::query(statements.version).bind(json_text("versions", &rows)?).execute(write.conn()).await?;
    }
    Ok(())
}

/// These rows are the server's now, in these versions, and leave the outbox.
pub async fn sent(write: &mut Write, rows: &[(Key, Version)]) -> Result<(), StoreError> {
    let both = |(key, version): &(Key, Version)| (key.clone(), Some(version.clone()), Some(version.clone()));
    set_versions(write, &rows.iter().map(both).collect::<Vec<_>>()).await?;
    leave_outbox(write, &rows.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>()).await
}

/// What these rows hold was made on these versions of the server.
pub async fn rebase(write: &mut Write, rows: &[(Key, Version)]) -> Result<(), StoreError> {
    let base = |(key, version): &(Key, Version)| (key.clone(), None, Some(version.clone()));
    set_versions(write, &rows.iter().map(base).collect::<Vec<_>>()).await
}

/// Gives unsent rows other versions.
pub async fn restamp(write: &mut Write, rows: &[(Key, Version)]) -> Result<(), StoreError> {
    let version = |(key, version): &(Key, Version)| (key.clone(), Some(version.clone()), None);
    set_versions(write, &rows.iter().map(version).collect::<Vec<_>>()).await
}

/// These rows are nobody's but ours: they go out as new ones.
pub async fn as_new(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    for (table, ids) in by_table(keys) {
        let Some(statements) = sql::of(table) else { continue };
        sqlx::query(statements.unseen).bind(json_text("id", &ids)?).execute(write.conn()).await?;
    }
    super::queue(write, keys).await
}

/// Takes rows out of the outbox.
pub async fn leave_outbox(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM outbox WHERE (table_name, row_id) IN (
           SELECT value ->> 'table', value ->> 'id' FROM json_each(?1))",
    )
    .bind(json_text("keys", &keys)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Removes rows, with what this device alone knows of them.
pub async fn remove(write: &mut Write, keys: &[Key]) -> Result<(), StoreError> {
    for (table, ids) in by_table(keys) {
        let Some(statements) = sql::of(table) else { continue };
        let ids = json_text("id", &ids)?;
        let local = match table {
            "schedules" => {
                Some("DELETE FROM schedule_clocks WHERE schedule_id IN (SELECT value FROM json_each(?1))")
            }
            "sessions" => {
                Some("DELETE FROM session_cells WHERE session_id IN (SELECT value FROM json_each(?1))")
            }
            _ => None,
        };
        for sql in local.into_iter().chain([statements.remove]) {
            sqlx::query(sql).bind(&ids).execute(write.conn()).await?;
        }
    }
    leave_outbox(write, keys).await
}

/// Writes contents as new edits of this device: each gets a new version, on the base its row has.
pub async fn edit(write: &mut Write, rows: Vec<Row>) -> Result<Vec<Key>, StoreError> {
    let keys: Vec<Key> = rows.iter().map(|row| row.key.clone()).collect();
    let local = super::copies(write.conn(), &keys).await?;
    let mut bases: BTreeMap<Key, (Option<Version>, Version)> =
        local.into_iter().map(|it| (it.row.key, (it.base_version, it.row.version))).collect();
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let (base_version, over) =
            bases.remove(&row.key).map_or((None, None), |(base, over)| (base, Some(over)));
        taken.push(Taken { row: Row { version: write.stamp(), ..row }, base_version, over });
    }
    put(write, &taken).await
}
