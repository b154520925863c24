//! Lists of batches.

use super::{ListedBatch, read, rollups, unassigned};
use crate::batch_events;
use crate::columns::{Columns, anywhere, json_text, millis};
use crate::error::StoreError;
use crate::sessions::{Assignee, Client, labels, page_begin};
use crate::store::Connection;
use chrono::{DateTime, Utc};
use mf_domain::batch::{BatchStatus, events};
use mf_domain::flow::SignOffRule;
use mf_domain::ids::{BatchId, FlowId};
use sqlx::sqlite::SqliteRow;

/// Which batches a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    pub flow: Option<FlowId>,
    /// None for all.
    pub statuses: &'a [BatchStatus],
    /// Part of a target's label or of the flow's name.
    pub search: Option<&'a str>,
    pub client: Client<'a>,
    /// Only batches with a session that failed.
    pub failed: bool,
    /// Nobody: an open session that nobody has taken.
    pub assignee: Assignee,
    /// Launched at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Launched before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// The text of a list: `?1` flow, `?2` statuses, `?3` the search, `?4` the labels it means where they are few, `?5` from,
/// `?6` and `?7` the place before which the page begins, `?8` its size, `?9` client, `?10` whether a session failed, `?11`
/// the assignee. A batch's status is that of its sessions, asked of an index that has both. The empty text is no client,
/// and nobody.
macro_rules! list_sql {
    ($flow:literal, $search:literal) => {
        concat!(
            "SELECT b.*, f.name AS flow_name, r.structure ->> '$.sign_off' AS sign_off
               FROM batches AS b JOIN flows AS f ON f.id = b.flow_id JOIN flow_revisions AS r ON r.id = b.revision_id
              WHERE b.tombstone = 0 AND ", $flow, "
                AND (?9 IS NULL OR ?9 <> '' AND EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.folded_client = ?9)
                  OR ?9 = '' AND EXISTS (
                  SELECT 1 FROM sessions AS s
                   WHERE s.batch_id = b.id AND s.folded_client IS NULL AND s.tombstone = 0))
                AND (?10 = 0 OR EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.status = 'failed'))
                AND (?11 IS NULL OR ?11 <> '' AND EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.assignee = ?11)
                  OR ?11 = '' AND EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.tombstone = 0
                     AND s.assignee IS NULL AND s.status IN ('pending', 'in_progress')))
                AND b.launched_at >= ?5 AND (b.launched_at, b.id) < (?6, ?7)
                AND (?2 IS NULL OR CASE
                  WHEN NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id
                     AND s.status IN ('pending', 'in_progress')) THEN 'finished'
                  WHEN NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id
                     AND s.status IN ('in_progress', 'completed', 'failed', 'skipped', 'cancelled')) THEN 'pending'
                  ELSE 'in_progress' END IN (SELECT value FROM json_each(?2)))
                AND ", $search, "
              ORDER BY b.launched_at DESC, b.id DESC LIMIT ?8"
        )
    };
}

/// Batches in which one of few labels occurs.
macro_rules! few {
    ($flow:literal) => {
        list_sql!(
            $flow,
            r"(f.folded_name LIKE ?3 ESCAPE '\' OR b.id IN (
                SELECT s.batch_id FROM json_each(?4) AS l CROSS JOIN sessions AS s ON s.folded_label = l.value
                 WHERE s.tombstone = 0))"
        )
    };
}

/// Batches in which one of many labels occurs: the newest ones will have it.
macro_rules! many {
    ($flow:literal) => {
        list_sql!(
            $flow,
            r"(?3 IS NULL OR f.folded_name LIKE ?3 ESCAPE '\' OR ?4 IS NULL AND EXISTS (
                SELECT 1 FROM sessions AS s
                 WHERE s.batch_id = b.id AND s.tombstone = 0 AND s.folded_label LIKE ?3 ESCAPE '\'))"
        )
    };
}

/// Batches, newest first, after the batch `before` in that order.
pub async fn list(
    conn: &mut Connection,
    filter: &Filter<'_>,
    before: Option<(DateTime<Utc>, BatchId)>,
    limit: u32,
) -> Result<Vec<ListedBatch>, StoreError> {
    let pattern = filter.search.map(anywhere);
    let labels = match &pattern {
        Some(pattern) => labels(conn, pattern).await?,
        None => None,
    };
    let sql = match (filter.flow.is_some(), labels.is_some()) {
        (true, true) => few!("b.flow_id = ?1"),
        (true, false) => many!("b.flow_id = ?1"),
        (false, true) => few!("?1 IS NULL"),
        (false, false) => many!("?1 IS NULL"),
    };
    let statuses =
        if filter.statuses.is_empty() { None } else { Some(json_text("status", &filter.statuses)?) };
    let (at, id) = page_begin(filter.to, before.map(|(at, id)| (at, id.to_string())));
    let rows = sqlx::query(sql)
        .bind(filter.flow.map(|id| id.to_string()))
        .bind(statuses)
        .bind(pattern)
        .bind(labels.map(|labels| json_text("folded_label", &labels)).transpose()?)
        .bind(filter.from.map_or(i64::MIN, millis))
        .bind(at)
        .bind(id)
        .bind(i64::from(limit))
        .bind(filter.client.folded())
        .bind(filter.failed)
        .bind(filter.assignee.text())
        .fetch_all(&mut *conn)
        .await?;
    read_all(conn, &rows).await
}

/// Rows with `flow_name` and `sign_off`, and what is counted beside them.
pub(super) async fn read_all(
    conn: &mut Connection,
    rows: &[SqliteRow],
) -> Result<Vec<ListedBatch>, StoreError> {
    let ids: Vec<BatchId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    let mut rollups = rollups(conn, &ids).await?;
    let unassigned = unassigned(conn, &ids).await?;
    let events = batch_events::of_batches(conn, &ids).await?;
    let listed = rows.iter().map(|row| {
        let batch = read(row)?;
        let rule = row.maybe_text("sign_off")?.map(|name| serde_json::from_value(name.into()));
        Ok(ListedBatch {
            flow_name: row.text("flow_name")?,
            rollup: rollups.remove(&batch.id).unwrap_or_default(),
            unassigned: unassigned.get(&batch.id).copied().unwrap_or_default(),
            state: events.get(&batch.id).map(|events| events::fold(events)).unwrap_or_default(),
            sign_off_rule: rule
                .transpose()
                .map_err(|_| StoreError::Unreadable { column: "structure" })?
                .unwrap_or(SignOffRule::None),
            batch,
        })
    });
    listed.collect()
}
