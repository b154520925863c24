//! Table `evidence_outbox`: contents of evidence that the team's server has not got from this device. Never synced.

use crate::columns::Columns as _;
use crate::error::StoreError;
use crate::store::{Connection, Write};

/// Notes a content to be sent.
pub async fn add(write: &mut Write, sha256: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO evidence_outbox (sha256) VALUES (?1) ON CONFLICT DO NOTHING")
        .bind(sha256)
        .execute(write.conn())
        .await?;
    Ok(())
}

/// Notes every content that a session refers to: a server that was restored may lack any of them.
pub async fn add_all(write: &mut Write) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO evidence_outbox (sha256)
         SELECT DISTINCT event ->> 'sha256' FROM session_events
          WHERE event ->> 'kind' = 'evidence_added' AND tombstone = 0 AND event ->> 'sha256' IS NOT NULL
         ON CONFLICT DO NOTHING",
    )
    .execute(write.conn())
    .await?;
    Ok(())
}

/// The server has it, or never will.
pub async fn remove(write: &mut Write, sha256: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM evidence_outbox WHERE sha256 = ?1").bind(sha256).execute(write.conn()).await?;
    Ok(())
}

/// What waits, by its hash.
pub async fn waiting(conn: &mut Connection) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query("SELECT sha256 FROM evidence_outbox ORDER BY sha256").fetch_all(conn).await?;
    rows.iter().map(|row| row.text("sha256")).collect()
}
