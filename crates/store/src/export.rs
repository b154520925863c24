//! Every synced row as canonical JSON. Local bookkeeping (base versions, derived columns, tombstones) stays out, so two
//! replicas that agree export the same bytes.

use crate::archive::{blocking, publish};
use crate::columns::Columns;
use crate::error::StoreError;
use crate::store::Connection;
use crate::synced::TABLES;
use chrono::{DateTime, SecondsFormat};
use mf_domain::synced::table::{self, Kind};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::Connection as _;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// One synced row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exported {
    /// The table.
    pub kind: &'static str,
    pub id: String,
    /// Keys sorted, at every depth.
    pub row: Value,
}

/// Every synced row, ordered by (kind, id), in one view of the file: no table shows what another one does not know yet.
pub async fn all(conn: &mut Connection) -> Result<Vec<Exported>, StoreError> {
    let mut view = conn.begin().await?;
    let mut exported = Vec::new();
    let mut tables: Vec<_> = TABLES.iter().collect();
    tables.sort_unstable_by_key(|table| table.name);
    for table in tables {
        for row in sqlx::query(table.export).fetch_all(&mut *view).await? {
            exported.push(Exported {
                kind: table.name,
                id: row.text("id")?,
                row: with_instants(table.name, sorted(row.json("row")?)),
            });
        }
    }
    view.rollback().await?;
    Ok(exported)
}

/// Writes rows to a file that must not be there yet: a JSON array, a row a line, readable by its owner only. It has its
/// name only once it is whole. Answers its size.
pub async fn write_to(to: &Path, rows: Vec<Exported>) -> Result<u64, StoreError> {
    let to = to.to_owned();
    blocking(move || {
        let folder = to.parent().ok_or(StoreError::Backup { reason: "the path names no file" })?;
        let file = tempfile::Builder::new().prefix(".maintenance-flows-").tempfile_in(folder)?;
        let mut out = BufWriter::new(file.as_file());
        let mut before = "[\n";
        for row in &rows {
            out.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut out, row).map_err(io::Error::from)?;
            before = ",\n";
        }
        out.write_all(if rows.is_empty() { b"[]\n" } else { b"\n]\n" })?;
        out.flush()?;
        drop(out);
        file.as_file().sync_all()?;
        publish(file.path(), &to)?;
        Ok(to.metadata()?.len())
    })
    .await
}

/// Writes a content to a file that must not be there yet, readable by its owner only. Answers its size.
pub async fn write_bytes_to(to: &Path, content: Vec<u8>) -> Result<u64, StoreError> {
    let to = to.to_owned();
    blocking(move || {
        let folder = to.parent().ok_or(StoreError::Backup { reason: "the path names no file" })?;
        let mut file = tempfile::Builder::new().prefix(".maintenance-flows-").tempfile_in(folder)?;
        file.write_all(&content)?;
        file.as_file().sync_all()?;
        publish(file.path(), &to)?;
        Ok(to.metadata()?.len())
    })
    .await
}

/// Instants as text, RFC 3339 in UTC, as everywhere outside the database.
fn with_instants(kind: &str, mut row: Value) -> Value {
    let columns = table::find(kind).map_or(&[][..], |table| table.columns);
    for (name, _) in columns.iter().filter(|(_, kind)| *kind == Kind::Instant) {
        let Some(value) = row.get_mut(*name) else { continue };
        if let Some(at) = value.as_i64().and_then(DateTime::from_timestamp_millis) {
            *value = Value::String(at.to_rfc3339_opts(SecondsFormat::Millis, true));
        }
    }
    row
}

/// The same value with sorted keys, whatever map serde_json was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(Map::from_iter(entries))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}
