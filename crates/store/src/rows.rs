//! One row by its id, in whichever table: finding it, and marking it as deleted. The SQL stays with the table.

use crate::columns::millis;
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;

/// The row that `select` finds by `?1`, read.
pub(crate) async fn one<T>(
    conn: &mut Connection,
    select: &'static str,
    id: impl ToString,
    read: fn(&SqliteRow) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let row = sqlx::query(select).bind(id.to_string()).fetch_optional(conn).await?;
    row.as_ref().map(read).transpose()
}

/// Marks the row `?1` as deleted by `update`, which sets its version to `?2` and the time of its change to `?3`.
pub(crate) async fn bury(
    write: &mut Write,
    update: &'static str,
    id: impl ToString,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let version = write.stamp();
    sqlx::query(update)
        .bind(id.to_string())
        .bind(version.as_str())
        .bind(millis(at))
        .execute(write.conn())
        .await?;
    Ok(())
}
