//! SQLite itself, with nothing of ours above it: the same bundled library, the same file settings, the same schema with
//! its indexes and triggers.

use crate::common::Outcome;
use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};
use std::path::{Path, PathBuf};

/// A row as it is stored.
pub(crate) type Row = Vec<Value>;

/// A connection set up as [`mf_store::Store::open`] sets up its writer.
pub(crate) fn open(path: &Path) -> Outcome<Connection> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;
         PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 16000;",
    )?;
    Ok(conn)
}

/// A copy of a workspace beside it.
pub(crate) fn copy(path: &Path, name: &str) -> Outcome<PathBuf> {
    let to = path.with_file_name(name);
    Connection::open(path)?.execute("VACUUM INTO ?1", [to.to_str()])?;
    Ok(to)
}

/// The rows a query answers.
pub(crate) fn rows(conn: &Connection, sql: &str, parameter: impl ToSql) -> Outcome<Vec<Row>> {
    let mut statement = conn.prepare(sql)?;
    let width = statement.column_count();
    let read = statement.query_map([parameter], |row| (0..width).map(|at| row.get(at)).collect())?;
    Ok(read.collect::<Result<_, _>>()?)
}

/// An insert of whole rows of `table`.
pub(crate) fn insert_sql(conn: &Connection, table: &str) -> Outcome<String> {
    let width = conn.prepare(&format!("SELECT * FROM {table}"))?.column_count();
    let places: Vec<String> = (1..=width).map(|n| format!("?{n}")).collect();
    Ok(format!("INSERT INTO {table} VALUES ({})", places.join(", ")))
}
