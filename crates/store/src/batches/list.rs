//! Lists of batches.

use super::{ListedBatch, listed, read, rollups, unassigned};
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

/// What a batch has to be: `?1` its flow, `?3` the search, `?4` the labels it means where they are few, `?5` from, `?6` and
/// `?7` the place before which a page begins, `?9` client, `?10` whether a session failed, `?11` the assignee. The empty
/// text is no client, and nobody.
macro_rules! fits {
    ($flow:literal, $search:literal) => {
        concat!(
            "b.tombstone = 0 AND ",
            $flow,
            "
                AND (?9 IS NULL OR ?9 <> '' AND EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.folded_client = ?9)
                  OR ?9 = '' AND EXISTS (
                  SELECT 1 FROM sessions AS s
                   WHERE s.batch_id = b.id AND s.folded_client IS NULL AND s.tombstone = 0))
                AND (?10 = 0 OR ",
            has_failed!(),
            ")
                AND (?11 IS NULL OR ?11 <> '' AND EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.assignee = ?11)
                  OR ?11 = '' AND EXISTS (
                  SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id
                     AND s.status IN ('pending', 'in_progress') AND s.assignee IS NULL))
                AND b.launched_at >= ?5 AND (b.launched_at, b.id) < (?6, ?7)
                AND ",
            $search
        )
    };
}

macro_rules! has_failed {
    () => {
        "EXISTS (SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.status = 'failed')"
    };
}

/// A batch's status is that of its sessions, asked of an index that has both.
macro_rules! standing {
    () => {
        "CASE WHEN NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id
                     AND s.status IN ('pending', 'in_progress')) THEN 'finished'
                  WHEN NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id
                     AND s.status IN ('in_progress', 'completed', 'failed', 'skipped', 'cancelled')) THEN 'pending'
                  ELSE 'in_progress' END"
    };
}

/// The text of a list: `?2` statuses, `?8` its size.
macro_rules! list_sql {
    ($flow:literal, $search:literal) => {
        concat!(
            "SELECT b.*, f.name AS flow_name, r.structure ->> '$.sign_off' AS sign_off
               FROM batches AS b JOIN flows AS f ON f.id = b.flow_id JOIN flow_revisions AS r ON r.id = b.revision_id
              WHERE ", fits!($flow, $search), "
                AND (?2 IS NULL OR ", standing!(), " IN (SELECT value FROM json_each(?2)))
              ORDER BY b.launched_at DESC, b.id DESC LIMIT ?8"
        )
    };
}

/// The text of a count, by status.
macro_rules! count_sql {
    ($flow:literal, $search:literal) => {
        concat!(
            "SELECT standing, COUNT(*) AS n, SUM(has_failed) AS failed FROM (
               SELECT ",
            standing!(),
            " AS standing, ",
            has_failed!(),
            " AS has_failed
                 FROM batches AS b JOIN flows AS f ON f.id = b.flow_id
                WHERE ",
            fits!($flow, $search),
            ")
              GROUP BY standing"
        )
    };
}

/// Batches in which one of few labels occurs.
macro_rules! few {
    ($make:ident, $flow:literal) => {
        $make!(
            $flow,
            r"(f.folded_name LIKE ?3 ESCAPE '\' OR b.id IN (
                SELECT s.batch_id FROM json_each(?4) AS l CROSS JOIN sessions AS s ON s.folded_label = l.value
                 WHERE s.tombstone = 0))"
        )
    };
}

/// Batches in which one of many labels occurs: the newest ones will have it.
macro_rules! many {
    ($make:ident, $flow:literal) => {
        $make!(
            $flow,
            r"(?3 IS NULL OR f.folded_name LIKE ?3 ESCAPE '\' OR ?4 IS NULL AND EXISTS (
                SELECT 1 FROM sessions AS s
                 WHERE s.batch_id = b.id AND s.tombstone = 0 AND s.folded_label LIKE ?3 ESCAPE '\'))"
        )
    };
}

/// What every text about batches is bound to.
struct Bound {
    pattern: Option<String>,
    /// Where they are few.
    labels: Option<String>,
    statuses: Option<String>,
}

impl Bound {
    async fn to(conn: &mut Connection, filter: &Filter<'_>) -> Result<Self, StoreError> {
        let pattern = filter.search.map(anywhere);
        let labels = match &pattern {
            Some(pattern) => labels(conn, pattern).await?,
            None => None,
        };
        let labels = labels.map(|labels| json_text("folded_label", &labels)).transpose()?;
        let some = (!filter.statuses.is_empty()).then(|| json_text("status", &filter.statuses));
        Ok(Self { pattern, labels, statuses: some.transpose()? })
    }

    /// The rows of a text; `before` is where a page begins.
    async fn rows(
        self,
        conn: &mut Connection,
        sql: &'static str,
        filter: &Filter<'_>,
        before: Option<(DateTime<Utc>, BatchId)>,
        limit: u32,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let (at, id) = page_begin(filter.to, before.map(|(at, id)| (at, id.to_string())));
        let rows = sqlx::query(sql)
            .bind(filter.flow.map(|id| id.to_string()))
            .bind(self.statuses)
            .bind(self.pattern)
            .bind(self.labels)
            .bind(filter.from.map_or(i64::MIN, millis))
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
            .bind(filter.client.folded())
            .bind(filter.failed)
            .bind(filter.assignee.text())
            .fetch_all(conn)
            .await?;
        Ok(rows)
    }
}

/// Batches, newest first, after the batch `before` in that order.
pub async fn list(
    conn: &mut Connection,
    filter: &Filter<'_>,
    before: Option<(DateTime<Utc>, BatchId)>,
    limit: u32,
) -> Result<Vec<ListedBatch>, StoreError> {
    let bound = Bound::to(conn, filter).await?;
    let sql = match (filter.flow.is_some(), bound.labels.is_some()) {
        (true, true) => few!(list_sql, "b.flow_id = ?1"),
        (true, false) => many!(list_sql, "b.flow_id = ?1"),
        (false, true) => few!(list_sql, "?1 IS NULL"),
        (false, false) => many!(list_sql, "?1 IS NULL"),
    };
    let rows = bound.rows(conn, sql, filter, before, limit).await?;
    read_all(conn, &rows).await
}

/// How many batches there are of each status, and how many of those have a session that failed.
pub async fn count(
    conn: &mut Connection,
    filter: &Filter<'_>,
) -> Result<Vec<(BatchStatus, u32, u32)>, StoreError> {
    let bound = Bound::to(conn, filter).await?;
    let sql = match (filter.flow.is_some(), bound.labels.is_some()) {
        (true, true) => few!(count_sql, "b.flow_id = ?1"),
        (true, false) => many!(count_sql, "b.flow_id = ?1"),
        (false, true) => few!(count_sql, "?1 IS NULL"),
        (false, false) => many!(count_sql, "?1 IS NULL"),
    };
    let rows = bound.rows(conn, sql, filter, None, 0).await?;
    let read = |row: &SqliteRow| {
        Ok((row.word("standing", BatchStatus::parse)?, row.count("n")?, row.count("failed")?))
    };
    rows.iter().map(read).collect()
}

/// How many batches have a session that has not ended, and the newest of them.
pub async fn open(conn: &mut Connection, limit: u32) -> Result<(u32, Vec<ListedBatch>), StoreError> {
    let rows = sqlx::query(
        "SELECT b.id, COUNT(*) OVER () AS n FROM batches AS b
          WHERE b.tombstone = 0 AND b.id IN (
            SELECT batch_id FROM sessions INDEXED BY sessions_open
             WHERE status IN ('pending', 'in_progress') AND batch_id IS NOT NULL)
          ORDER BY b.launched_at DESC, b.id DESC LIMIT ?1",
    )
    .bind(i64::from(limit))
    .fetch_all(&mut *conn)
    .await?;
    let count = rows.first().map(|row| row.count("n")).transpose()?.unwrap_or(0);
    let ids: Vec<BatchId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    Ok((count, listed(conn, &ids).await?))
}

/// The newest batches that have ended and wait for a sign-off their flow asks for.
pub async fn awaiting_sign_off(conn: &mut Connection, limit: u32) -> Result<Vec<ListedBatch>, StoreError> {
    // The revisions once, not for each of their batches. The last word on a sign-off counts, as in the fold.
    let rows = sqlx::query(
        "WITH asking AS MATERIALIZED (
           SELECT id FROM flow_revisions WHERE COALESCE(structure ->> '$.sign_off', 'none') <> 'none')
         SELECT b.id FROM batches AS b
          WHERE b.tombstone = 0 AND b.revision_id IN (SELECT id FROM asking)
            AND NOT EXISTS (
              SELECT 1 FROM sessions AS s WHERE s.batch_id = b.id AND s.status IN ('pending', 'in_progress'))
            AND COALESCE((
              SELECT e.event ->> '$.kind' FROM batch_events AS e
               WHERE e.batch_id = b.id AND e.tombstone = 0
                 AND e.event ->> '$.kind' IN ('signed_off', 'sign_off_withdrawn')
               ORDER BY e.version DESC, e.id DESC LIMIT 1), '') <> 'signed_off'
          ORDER BY b.launched_at DESC, b.id DESC LIMIT ?1",
    )
    .bind(i64::from(limit))
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<BatchId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    listed(conn, &ids).await
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
