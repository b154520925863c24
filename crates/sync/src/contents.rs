//! The contents of evidence on the server: chunks under the hash of the whole.

use crate::error::SyncError;
use sqlx::{PgConnection, Row as _};

/// Bytes of a chunk.
pub const CHUNK: usize = 256 << 10;

/// What the server made of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It waits for others.
    More,
    /// All of the content is there, and is what its hash says.
    Complete,
    /// The team's quota is used up: nothing was taken.
    Quota,
    /// What came is not what the hash says: all of it was forgotten.
    Altered,
}

/// Sends a chunk: the `n`-th of a content of `size` bytes. The same again changes nothing.
///
/// # Errors
/// [`SyncError::Forbidden`] for who may not add evidence; when the server does not answer.
pub async fn put_chunk(
    conn: &mut PgConnection,
    sha256: &str,
    size: usize,
    (n, bytes): (usize, &[u8]),
) -> Result<Put, SyncError> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let answer: String = sqlx::query_scalar("SELECT mf.put_chunk($1, $2, $3::int, $4)")
        .bind(sha256)
        .bind(number(size))
        .bind(number(n))
        .bind(bytes)
        .fetch_one(conn)
        .await?;
    match answer.as_str() {
        "more" => Ok(Put::More),
        "complete" => Ok(Put::Complete),
        "quota" => Ok(Put::Quota),
        "altered" => Ok(Put::Altered),
        _ => Err(SyncError::Malformed { column: "put_chunk" }),
    }
}

/// Which chunks of a content came already: sending goes on behind a break.
///
/// # Errors
/// When the server does not answer.
pub async fn there(conn: &mut PgConnection, sha256: &str) -> Result<Vec<usize>, SyncError> {
    let found: Vec<i32> = sqlx::query_scalar("SELECT n FROM mf.chunks WHERE sha256 = $1 ORDER BY n")
        .bind(sha256)
        .fetch_all(conn)
        .await?;
    Ok(found.into_iter().filter_map(|n| usize::try_from(n).ok()).collect())
}

/// A whole content; `None` where it is not there, or not all of it.
///
/// # Errors
/// When the server does not answer.
pub async fn fetch(conn: &mut PgConnection, sha256: &str) -> Result<Option<Vec<u8>>, SyncError> {
    let rows = sqlx::query(
        "SELECT k.bytes FROM mf.contents c LEFT JOIN mf.chunks k ON k.team_id = c.team_id AND k.sha256 = c.sha256
          WHERE c.sha256 = $1 AND c.complete ORDER BY k.n",
    )
    .bind(sha256)
    .fetch_all(conn)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut content = Vec::new();
    for row in &rows {
        // A content of no bytes has no chunk with any.
        content.extend_from_slice(row.try_get::<Option<&[u8]>, _>("bytes")?.unwrap_or_default());
    }
    Ok(Some(content))
}
