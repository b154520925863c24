//! Table `notifications`: this device's notification centre. Never synced.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{MissedId, NotificationId};
use serde::Serialize;
use std::collections::HashSet;

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationRow {
    pub id: NotificationId,
    pub kind: String,
    pub title: String,
    pub body: String,
    pub route: String,
    /// The missed occurrence it asks about.
    pub missed_id: Option<MissedId>,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

/// Notifications, newest first, after the one named `before`. `unread`: only unread ones, or only read ones.
pub async fn list(
    conn: &mut Connection,
    unread: Option<bool>,
    before: Option<NotificationId>,
    limit: u32,
) -> Result<Vec<NotificationRow>, StoreError> {
    // Two texts, so that the few unread among many read ones are found by their own index.
    let sql = if unread == Some(true) {
        "SELECT * FROM notifications
          WHERE read_at IS NULL AND ?1 = 1
            AND (?2 IS NULL OR (created_at, id) < (SELECT created_at, id FROM notifications WHERE id = ?2))
          ORDER BY created_at DESC, id DESC LIMIT ?3"
    } else {
        "SELECT * FROM notifications
          WHERE (?1 IS NULL OR read_at IS NOT NULL)
            AND (?2 IS NULL OR (created_at, id) < (SELECT created_at, id FROM notifications WHERE id = ?2))
          ORDER BY created_at DESC, id DESC LIMIT ?3"
    };
    let rows = sqlx::query(sql)
        .bind(unread)
        .bind(before.map(|id| id.to_string()))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(NotificationRow {
                id: row.id("id")?,
                kind: row.text("kind")?,
                title: row.text("title")?,
                body: row.text("body")?,
                route: row.text("route")?,
                missed_id: row.maybe_id("missed_id")?,
                created_at: row.instant("created_at")?,
                read_at: row.maybe_instant("read_at")?,
            })
        })
        .collect()
}

/// Whether there is such a notification.
pub async fn exists(conn: &mut Connection, id: NotificationId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM notifications WHERE id = ?1)")
        .bind(id.to_string())
        .fetch_one(conn)
        .await?)
}

/// Which of these notifications there are.
pub async fn existing(
    conn: &mut Connection,
    ids: &[NotificationId],
) -> Result<HashSet<NotificationId>, StoreError> {
    let rows = sqlx::query("SELECT id FROM notifications WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(json_text("id", &ids)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// How many are unread.
pub async fn unread(conn: &mut Connection) -> Result<u32, StoreError> {
    let row =
        sqlx::query("SELECT COUNT(*) AS n FROM notifications WHERE read_at IS NULL").fetch_one(conn).await?;
    row.count("n")
}

#[derive(Serialize)]
struct Written<'a> {
    id: NotificationId,
    kind: &'a str,
    title: &'a str,
    body: &'a str,
    route: &'a str,
    missed: Option<MissedId>,
    at: i64,
}

/// Adds notifications that are not there yet: one per thing to tell, however often it is told.
pub async fn insert_absent(write: &mut Write, notifications: &[NotificationRow]) -> Result<(), StoreError> {
    let rows: Vec<Written<'_>> = notifications
        .iter()
        .map(|n| Written {
            id: n.id,
            kind: &n.kind,
            title: &n.title,
            body: &n.body,
            route: &n.route,
            missed: n.missed_id,
            at: millis(n.created_at),
        })
        .collect();
    sqlx::query(
        "INSERT INTO notifications (id, kind, title, body, route, missed_id, created_at)
         SELECT value ->> 'id', value ->> 'kind', value ->> 'title', value ->> 'body', value ->> 'route',
           value ->> 'missed', value ->> 'at' FROM jsonb_each(?1) WHERE true ON CONFLICT (id) DO NOTHING",
    )
    .bind(json_text("notifications", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Marks one as read; false when there is none.
pub async fn mark_read(write: &mut Write, id: NotificationId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE notifications SET read_at = COALESCE(read_at, ?2) WHERE id = ?1")
        .bind(id.to_string())
        .bind(millis(at))
        .execute(write.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks those that ask about missed occurrences as read: they are answered.
pub async fn answered(write: &mut Write, missed: &[MissedId], at: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE notifications SET read_at = COALESCE(read_at, ?2)
          WHERE missed_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(json_text("missed_id", &missed)?)
    .bind(millis(at))
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Marks all as read.
pub async fn mark_all_read(write: &mut Write, at: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE notifications SET read_at = ?1 WHERE read_at IS NULL")
        .bind(millis(at))
        .execute(write.conn())
        .await?;
    Ok(())
}

/// Removes these notifications: what they tell of is gone.
pub async fn remove(write: &mut Write, ids: &[NotificationId]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM notifications WHERE id IN (SELECT value FROM json_each(?1))")
        .bind(json_text("id", &ids)?)
        .execute(write.conn())
        .await?;
    Ok(())
}
