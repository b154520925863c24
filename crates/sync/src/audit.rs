//! Who did what, as the server keeps it.

use crate::error::SyncError;
use mf_domain::ids::{DeviceId, MemberId};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

/// What to look for; everything given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Who did it.
    pub member: Option<MemberId>,
    /// From where.
    pub device: Option<DeviceId>,
    /// To a row of which table.
    pub table: Option<String>,
    /// To which row.
    pub row: Option<Uuid>,
    /// What was done.
    pub action: Option<String>,
    /// Not before, in milliseconds.
    pub from: Option<i64>,
    /// Before, in milliseconds.
    pub to: Option<i64>,
    /// Older than this entry.
    pub before: Option<i64>,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Grows with time.
    pub id: i64,
    /// In milliseconds, by the server's clock.
    pub at: i64,
    /// Who.
    pub member: Option<MemberId>,
    /// From where.
    pub device: Option<DeviceId>,
    /// What.
    pub action: String,
    /// To a row of which table.
    pub table: Option<String>,
    /// To which row.
    pub row: Option<Uuid>,
    /// What else there is to say.
    pub detail: Option<String>,
}

/// Entries, newest first.
///
/// # Errors
/// When the server does not answer.
pub async fn list(conn: &mut PgConnection, filter: &Filter, limit: u32) -> Result<Vec<Entry>, SyncError> {
    let rows = sqlx::query(
        "SELECT id, (extract(epoch FROM at) * 1000)::bigint AS at, member_id::text AS member, device_id::text AS device,
                action, table_name, row_id::text AS row, detail
           FROM mf.audit
          WHERE ($1::uuid IS NULL OR member_id = $1::uuid) AND ($2::uuid IS NULL OR device_id = $2::uuid)
            AND ($3::text IS NULL OR table_name = $3) AND ($4::uuid IS NULL OR row_id = $4::uuid)
            AND ($5::text IS NULL OR action = $5)
            AND ($6::bigint IS NULL OR at >= to_timestamp($6 / 1000.0))
            AND ($7::bigint IS NULL OR at < to_timestamp($7 / 1000.0))
            AND ($8::bigint IS NULL OR id < $8)
          ORDER BY id DESC LIMIT $9",
    )
    .bind(filter.member.map(|id| id.to_string()))
    .bind(filter.device.map(|id| id.to_string()))
    .bind(&filter.table)
    .bind(filter.row.map(|id| id.to_string()))
    .bind(&filter.action)
    .bind(filter.from)
    .bind(filter.to)
    .bind(filter.before)
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &PgRow) -> Result<Entry, SyncError> {
    let id = |column: &'static str| -> Result<Option<Uuid>, SyncError> {
        let text: Option<&str> = row.try_get(column)?;
        text.map(|text| Uuid::parse_str(text).map_err(|_| SyncError::Malformed { column })).transpose()
    };
    Ok(Entry {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        member: id("member")?.map(MemberId),
        device: id("device")?.map(DeviceId),
        action: row.try_get("action")?,
        table: row.try_get("table_name")?,
        row: id("row")?,
        detail: row.try_get("detail")?,
    })
}
