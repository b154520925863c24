//! Lists of sessions.
//!
//! SQLite uses an index only for what every run of a statement asks for. So there is one text for each way to begin (all
//! sessions, one flow's, one person's, one client's, those without a batch, those a search means), and the other conditions are tested
//! on what that finds. Each begins with one stretch of an index per status, newest first, and takes a page from each.

use super::{ListedSession, read};
use crate::columns::{Columns, anywhere, json_text, millis};
use crate::error::StoreError;
use crate::store::Connection;
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, FlowId, MemberId, SessionId};
use mf_domain::occurrence::folded;
use mf_domain::session::SessionStatus;
use sqlx::sqlite::SqliteRow;

/// Whose sessions a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignee {
    #[default]
    Anyone,
    Nobody,
    Member(MemberId),
}

impl Assignee {
    /// Anyone is NULL, nobody is the empty text.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Self::Anyone => None,
            Self::Nobody => Some(String::new()),
            Self::Member(id) => Some(id.to_string()),
        }
    }
}

/// Which client's work a list shows, its name in whatever case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Client<'a> {
    #[default]
    Any,
    /// Work that names no client.
    None,
    Named(&'a str),
}

impl Client<'_> {
    /// Any is NULL, none is the empty text: no client is called so.
    pub(crate) fn folded(self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::None => Some(String::new()),
            Self::Named(name) => Some(folded(name)),
        }
    }
}

/// Whether a list shows sessions of batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kin {
    #[default]
    Any,
    WithoutBatch,
}

/// Which sessions a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    pub flow: Option<FlowId>,
    /// None for all.
    pub statuses: &'a [SessionStatus],
    /// Part of the label or of the flow's name.
    pub search: Option<&'a str>,
    pub assignee: Assignee,
    pub kin: Kin,
    pub client: Client<'a>,
    /// Made at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Made before this instant.
    pub to: Option<DateTime<Utc>>,
}

impl Filter<'_> {
    fn statuses(&self) -> Result<String, StoreError> {
        // Each once, however often it was named: a stretch that is read twice shows its sessions twice.
        let wanted = |status: &SessionStatus| self.statuses.is_empty() || self.statuses.contains(status);
        json_text("status", &SessionStatus::ALL.into_iter().filter(wanted).collect::<Vec<_>>())
    }

    fn from(&self) -> i64 {
        self.from.map_or(i64::MIN, millis)
    }
}

/// Sessions of one batch in the order of its targets, after the session `before`.
pub async fn list_of_batch(
    conn: &mut Connection,
    batch: BatchId,
    filter: &Filter<'_>,
    before: Option<SessionId>,
    limit: u32,
) -> Result<Vec<ListedSession>, StoreError> {
    if filter.kin == Kin::WithoutBatch {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(
        r"SELECT s.*, f.name AS flow_name, r.step_count AS steps_total FROM sessions AS s
           JOIN flows AS f ON f.id = s.flow_id
           JOIN batches AS b ON b.id = s.batch_id
           JOIN flow_revisions AS r ON r.id = COALESCE(s.started_revision_id, b.revision_id)
          WHERE s.batch_id = ?1 AND s.tombstone = 0
            AND (?2 IS NULL OR s.flow_id = ?2)
            AND s.status IN (SELECT value FROM json_each(?3))
            AND (?4 IS NULL OR s.folded_label LIKE ?4 ESCAPE '\' OR f.folded_name LIKE ?4 ESCAPE '\')
            AND (?5 IS NULL OR (s.position, s.id) > (SELECT position, id FROM sessions WHERE id = ?5))
            AND (?6 IS NULL OR COALESCE(s.assignee, '') = ?6)
            AND (?10 IS NULL OR COALESCE(s.folded_client, '') = ?10)
            AND s.created_at >= ?7 AND s.created_at < ?8
          ORDER BY s.position, s.id LIMIT ?9",
    )
    .bind(batch.to_string())
    .bind(filter.flow.map(|id| id.to_string()))
    .bind(filter.statuses()?)
    .bind(filter.search.map(anywhere))
    .bind(before.map(|id| id.to_string()))
    .bind(filter.assignee.text())
    .bind(filter.from())
    .bind(filter.to.map_or(i64::MAX, millis))
    .bind(i64::from(limit))
    .bind(filter.client.folded())
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

/// The text of a list: `?1` statuses, `?2` flow, `?3` assignee, `?4` flows and `?5` labels a search means, `?6` the search
/// itself where those are too many, `?7` from, `?8` and `?9` the place before which the page begins, `?10` its size, `?11` client. A
/// rowid is in every index; so a stretch is read without its sessions, unless a condition asks for more.
macro_rules! list_sql {
    ($($source:tt)+) => {
        concat!(
            "SELECT s.*, f.name AS flow_name, r.step_count AS steps_total FROM (", $($source)+, ") AS found
              CROSS JOIN sessions AS s ON s.rowid = found.place
              JOIN flows AS f ON f.id = s.flow_id
              LEFT JOIN batches AS b ON b.id = s.batch_id
              JOIN flow_revisions AS r ON r.id = COALESCE(s.started_revision_id, s.revision_id, b.revision_id)
             ORDER BY s.created_at DESC, s.id DESC LIMIT ?10"
        )
    };
}

/// The stretches of one index, one per status (and whatever else `from` names), a page from each.
macro_rules! stretches {
    ($from:literal, $index:literal) => {
        concat!(
            "SELECT t.rowid AS place FROM json_each(?1) AS w ",
            $from,
            " CROSS JOIN sessions AS t ON t.rowid IN (
               SELECT c.rowid FROM sessions AS c WHERE ",
            $index,
            r" AND c.status = w.value AND c.tombstone = 0
                  AND c.created_at >= ?7 AND (c.created_at, c.id) < (?8, ?9)
                  AND (?2 IS NULL OR c.flow_id = ?2)
                  AND (?3 IS NULL OR COALESCE(c.assignee, '') = ?3)
                  AND (?11 IS NULL OR COALESCE(c.folded_client, '') = ?11)
                  AND (?6 IS NULL OR c.folded_label LIKE ?6 ESCAPE '\'
                       OR c.flow_id IN (SELECT value FROM json_each(?4)))
                ORDER BY c.created_at DESC, c.id DESC LIMIT ?10)"
        )
    };
}

/// Sessions of the labels a search means.
macro_rules! labelled {
    ($and:literal) => {
        concat!(
            "SELECT c.rowid AS place FROM json_each(?5) AS l
               CROSS JOIN sessions AS c ON c.folded_label = l.value
              WHERE c.tombstone = 0 AND c.created_at >= ?7 AND (c.created_at, c.id) < (?8, ?9)
                AND c.status IN (SELECT value FROM json_each(?1))
                AND (?2 IS NULL OR c.flow_id = ?2)
                AND (?3 IS NULL OR COALESCE(c.assignee, '') = ?3)
                AND (?11 IS NULL OR COALESCE(c.folded_client, '') = ?11) AND ",
            $and
        )
    };
}

const ALL: &str = list_sql!(stretches!("", "true"));
const OF_FLOW: &str = list_sql!(stretches!("", "c.flow_id = ?2"));
const OF_MEMBER: &str = list_sql!(stretches!("", "c.assignee = ?3"));
const ALONE: &str = list_sql!(stretches!("", "c.batch_id IS NULL"));
const OF_CLIENT: &str = list_sql!(
    r"SELECT c.rowid AS place FROM sessions AS c
       WHERE c.folded_client = ?11 AND c.tombstone = 0 AND c.created_at >= ?7 AND (c.created_at, c.id) < (?8, ?9)
         AND c.status IN (SELECT value FROM json_each(?1))
         AND (?2 IS NULL OR c.flow_id = ?2)
         AND (?3 IS NULL OR COALESCE(c.assignee, '') = ?3)
         AND (?6 IS NULL OR c.folded_label LIKE ?6 ESCAPE '\'
              OR c.flow_id IN (SELECT value FROM json_each(?4)))
       ORDER BY c.created_at DESC, c.id DESC LIMIT ?10"
);
const FOUND: &str = list_sql!(
    labelled!("true"),
    " UNION ",
    stretches!("CROSS JOIN json_each(?4) AS v", "c.flow_id = v.value")
);
const FOUND_ALONE: &str = list_sql!(
    labelled!("c.batch_id IS NULL"),
    " UNION ",
    stretches!("CROSS JOIN json_each(?4) AS v", "c.flow_id = v.value AND c.batch_id IS NULL")
);

/// More labels or flows than this, and a search finds its page sooner by looking at the newest sessions one by one.
const FEW_LABELS: usize = 100;
const FEW_FLOWS: usize = 20;

/// What a search means: the flows and labels that hold its text; the text itself when they are many.
struct Meant {
    flows: Vec<String>,
    labels: Vec<String>,
    text: Option<String>,
}

async fn meant(conn: &mut Connection, search: Option<&str>) -> Result<Option<Meant>, StoreError> {
    let Some(pattern) = search.map(anywhere) else { return Ok(None) };
    let flows: Vec<String> = sqlx::query_scalar(r"SELECT id FROM flows WHERE folded_name LIKE ?1 ESCAPE '\'")
        .bind(&pattern)
        .fetch_all(&mut *conn)
        .await?;
    let labels = labels(conn, &pattern).await?;
    let few = labels.is_some() && flows.len() <= FEW_FLOWS;
    Ok(Some(Meant {
        flows,
        labels: labels.unwrap_or_default(),
        text: if few { None } else { Some(pattern) },
    }))
}

/// The labels a pattern finds, unless they are many.
pub(crate) async fn labels(conn: &mut Connection, pattern: &str) -> Result<Option<Vec<String>>, StoreError> {
    let labels: Vec<String> = sqlx::query_scalar(
        r"SELECT folded_label FROM target_labels WHERE folded_label LIKE ?1 ESCAPE '\' LIMIT ?2",
    )
    .bind(pattern)
    .bind(FEW_LABELS as i64 + 1)
    .fetch_all(conn)
    .await?;
    Ok((labels.len() <= FEW_LABELS).then_some(labels))
}

/// All sessions, newest first, after the session `before` in that order.
pub async fn list(
    conn: &mut Connection,
    filter: &Filter<'_>,
    before: Option<(DateTime<Utc>, SessionId)>,
    limit: u32,
) -> Result<Vec<ListedSession>, StoreError> {
    let meant = meant(conn, filter.search).await?;
    let by_words = meant.as_ref().is_some_and(|meant| meant.text.is_none());
    let alone = filter.kin == Kin::WithoutBatch;
    // The fewest first.
    let sql = match (alone, by_words, filter.assignee, filter.flow) {
        (true, true, ..) => FOUND_ALONE,
        (true, false, ..) => ALONE,
        (false, true, ..) => FOUND,
        (false, false, ..) if matches!(filter.client, Client::Named(_)) => OF_CLIENT,
        (false, false, Assignee::Member(_), _) => OF_MEMBER,
        (false, false, _, Some(_)) => OF_FLOW,
        (false, false, ..) => ALL,
    };
    let meant = meant.unwrap_or(Meant { flows: Vec::new(), labels: Vec::new(), text: None });
    let (at, id) = page_begin(filter.to, before.map(|(at, id)| (at, id.to_string())));
    let rows = sqlx::query(sql)
        .bind(filter.statuses()?)
        .bind(filter.flow.map(|id| id.to_string()))
        .bind(filter.assignee.text())
        .bind(json_text("flow_id", &meant.flows)?)
        .bind(json_text("folded_label", &meant.labels)?)
        .bind(meant.text)
        .bind(filter.from())
        .bind(at)
        .bind(id)
        .bind(i64::from(limit))
        .bind(filter.client.folded())
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// The place before which a page begins: the last row seen, or the end of the asked time, whichever is earlier.
pub(crate) fn page_begin(
    to: Option<DateTime<Utc>>,
    before: Option<(DateTime<Utc>, String)>,
) -> (i64, String) {
    // No id is less than the empty text: everything before the instant, nothing of it.
    let end = (to.map_or(i64::MAX, millis), String::new());
    match before {
        Some((at, id)) => end.min((millis(at), id)),
        None => end,
    }
}

/// How many sessions without a batch there are of each status; the statuses of `filter` are not looked at.
pub async fn count_alone(
    conn: &mut Connection,
    filter: &Filter<'_>,
) -> Result<Vec<(SessionStatus, u32)>, StoreError> {
    let rows = sqlx::query(
        r"SELECT c.status, COUNT(*) AS n FROM sessions AS c
           WHERE c.batch_id IS NULL AND c.tombstone = 0 AND c.created_at >= ?3 AND c.created_at < ?4
             AND (?1 IS NULL OR c.flow_id = ?1)
             AND (?2 IS NULL OR COALESCE(c.assignee, '') = ?2)
             AND (?5 IS NULL OR COALESCE(c.folded_client, '') = ?5)
             AND (?6 IS NULL OR c.folded_label LIKE ?6 ESCAPE '\'
                  OR c.flow_id IN (SELECT id FROM flows WHERE folded_name LIKE ?6 ESCAPE '\'))
           GROUP BY c.status",
    )
    .bind(filter.flow.map(|id| id.to_string()))
    .bind(filter.assignee.text())
    .bind(filter.from())
    .bind(filter.to.map_or(i64::MAX, millis))
    .bind(filter.client.folded())
    .bind(filter.search.map(anywhere))
    .fetch_all(conn)
    .await?;
    let read = |row: &SqliteRow| Ok((row.word("status", SessionStatus::parse)?, row.count("n")?));
    rows.iter().map(read).collect()
}
