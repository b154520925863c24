//! Table `sessions`: what a session is, and what its events amount to for lists and counts.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, FlowId, MemberId, RevisionId, SessionId};
use mf_domain::intake::Answers;
use mf_domain::occurrence::folded;
use mf_domain::session::SessionStatus;
use mf_domain::targets::Target;
use mf_domain::version::Version;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use std::collections::{BTreeMap, HashMap, HashSet};

mod list;

pub use list::{Assignee, Client, Filter, Kin, count_alone, list, list_of_batch};
pub(crate) use list::{labels, page_begin};

/// What a session is: fixed when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    pub batch_id: Option<BatchId>,
    pub flow_id: FlowId,
    /// Its own revision; `None` for a session of a batch.
    pub revision_id: Option<RevisionId>,
    /// Its own answers; `None` for a session of a batch.
    pub intake: Option<Answers>,
    pub target_label: String,
    pub target_notes: Option<String>,
    pub target_client: Option<String>,
    pub target_site: Option<String>,
    pub target_variables: BTreeMap<String, String>,
    /// Place among the targets of its batch, from 0.
    pub position: u32,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
}

impl SessionRow {
    /// The target it runs on, as it was when the session was made.
    #[must_use]
    pub fn target(&self) -> Target {
        Target {
            label: self.target_label.clone(),
            notes: self.target_notes.clone(),
            client: self.target_client.clone(),
            site: self.target_site.clone(),
            variables: self.target_variables.clone(),
        }
    }
}

/// What the events of a session amount to, for lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub status: SessionStatus,
    pub started_revision: Option<RevisionId>,
    pub steps_recorded: u32,
    pub steps_failed: u32,
    /// Steps that are not in the revision.
    pub steps_added: u32,
    pub assignee: Option<MemberId>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A session as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    pub session: SessionRow,
    pub standing: Standing,
    pub flow_name: String,
    /// Steps of the revision it runs.
    pub revision_steps: u32,
}

fn read(row: &SqliteRow) -> Result<ListedSession, StoreError> {
    let session = SessionRow {
        id: row.id("id")?,
        batch_id: row.maybe_id("batch_id")?,
        flow_id: row.id("flow_id")?,
        revision_id: row.maybe_id("revision_id")?,
        intake: row
            .maybe_text("intake")?
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|_| StoreError::Unreadable { column: "intake" })?,
        target_label: row.text("target_label")?,
        target_notes: row.maybe_text("target_notes")?,
        target_client: row.maybe_text("target_client")?,
        target_site: row.maybe_text("target_site")?,
        target_variables: row.json("target_variables")?,
        position: row.count("position")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.instant("created_at")?,
    };
    let standing = Standing {
        status: row.word("status", SessionStatus::parse)?,
        started_revision: row.maybe_id("started_revision_id")?,
        steps_recorded: row.count("steps_recorded")?,
        steps_failed: row.count("steps_failed")?,
        steps_added: row.count("steps_added")?,
        assignee: row.maybe_id("assignee")?,
        started_at: row.maybe_instant("started_at")?,
        ended_at: row.maybe_instant("ended_at")?,
    };
    Ok(ListedSession {
        session,
        standing,
        flow_name: row.text("flow_name")?,
        revision_steps: row.count("steps_total")?,
    })
}

/// One session.
pub async fn get(conn: &mut Connection, id: SessionId) -> Result<Option<ListedSession>, StoreError> {
    Ok(of_ids(conn, &[id]).await?.pop())
}

/// These sessions, in the order named; those that do not exist are absent.
pub async fn of_ids(conn: &mut Connection, ids: &[SessionId]) -> Result<Vec<ListedSession>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.*, f.name AS flow_name, r.step_count AS steps_total FROM json_each(?1) AS w
           JOIN sessions AS s ON s.id = w.value
           JOIN flows AS f ON f.id = s.flow_id
           LEFT JOIN batches AS b ON b.id = s.batch_id
           JOIN flow_revisions AS r ON r.id = COALESCE(s.started_revision_id, s.revision_id, b.revision_id)
          WHERE s.tombstone = 0 ORDER BY w.key",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

/// How the sessions of these batches stand, in the order of their targets.
pub async fn statuses(
    conn: &mut Connection,
    batches: &[BatchId],
) -> Result<HashMap<BatchId, Vec<(SessionId, SessionStatus)>>, StoreError> {
    let rows = sqlx::query(
        "SELECT batch_id, id, status FROM sessions
          WHERE batch_id IN (SELECT value FROM json_each(?1)) AND tombstone = 0 ORDER BY position, id",
    )
    .bind(json_text("batch_id", &batches)?)
    .fetch_all(conn)
    .await?;
    let mut statuses: HashMap<BatchId, Vec<(SessionId, SessionStatus)>> = HashMap::new();
    for row in &rows {
        let session = (row.id("id")?, row.word("status", SessionStatus::parse)?);
        statuses.entry(row.id("batch_id")?).or_default().push(session);
    }
    Ok(statuses)
}

/// How many sessions are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenCounts {
    pub pending: u32,
    pub in_progress: u32,
    /// Of those, the ones nobody has taken.
    pub unassigned: u32,
    /// Of those, the ones a member has taken.
    pub of_member: u32,
}

/// Open sessions of the workspace, and of `member`.
pub async fn open_counts(conn: &mut Connection, member: MemberId) -> Result<OpenCounts, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM sessions WHERE status = 'pending' AND tombstone = 0) AS pending,
           (SELECT COUNT(*) FROM sessions WHERE status = 'in_progress' AND tombstone = 0) AS in_progress,
           (SELECT COUNT(*) FROM sessions INDEXED BY sessions_open
             WHERE status IN ('pending', 'in_progress') AND assignee IS NULL) AS unassigned,
           (SELECT COUNT(*) FROM sessions
             WHERE tombstone = 0 AND assignee = ?1 AND status IN ('pending', 'in_progress')) AS of_member",
    )
    .bind(member.to_string())
    .fetch_one(conn)
    .await?;
    Ok(OpenCounts {
        pending: row.count("pending")?,
        in_progress: row.count("in_progress")?,
        unassigned: row.count("unassigned")?,
        of_member: row.count("of_member")?,
    })
}

/// Gives sessions their targets.
pub async fn set_targets(write: &mut Write, targets: &[(SessionId, Target)]) -> Result<(), StoreError> {
    for (id, target) in targets {
        let version = write.stamp();
        sqlx::query(
            "UPDATE sessions SET target_label = ?2, target_notes = ?3, folded_label = ?4, version = ?5,
               target_client = ?6, folded_client = ?7, target_site = ?8, target_variables = ?9 WHERE id = ?1",
        )
        .bind(id.to_string())
        .bind(&target.label)
        .bind(&target.notes)
        .bind(folded(&target.label))
        .bind(version.as_str())
        .bind(&target.client)
        .bind(target.client.as_deref().map(folded))
        .bind(&target.site)
        .bind(json_text("target_variables", &target.variables)?)
        .execute(write.conn())
        .await?;
    }
    Ok(())
}

/// Who has recorded a step in a batch.
pub async fn recorders(conn: &mut Connection, batch: BatchId) -> Result<HashSet<MemberId>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT e.author FROM sessions AS s JOIN session_events AS e ON e.session_id = s.id
          WHERE s.batch_id = ?1 AND e.event ->> 'kind' = 'step_recorded' AND e.author IS NOT NULL",
    )
    .bind(batch.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| row.id("author")).collect()
}

/// A row of a bulk insert.
#[derive(Serialize)]
struct Written<'a> {
    id: SessionId,
    version: Version,
    batch: Option<BatchId>,
    flow: FlowId,
    revision: Option<RevisionId>,
    intake: Option<&'a Answers>,
    label: &'a str,
    folded: String,
    notes: Option<&'a str>,
    client: Option<&'a str>,
    folded_client: Option<String>,
    site: Option<&'a str>,
    variables: &'a BTreeMap<String, String>,
    position: u32,
    by: Option<MemberId>,
    at: i64,
}

/// How the rows of a bulk insert are versioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A person made them now.
    ByHand,
    /// They follow from an occurrence: the bottom version.
    ByFiring,
}

/// Adds sessions that are not there yet, pending; those that are stay as they are.
pub async fn insert_absent(write: &mut Write, sessions: &[SessionRow], made: Made) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(sessions.len());
    for session in sessions {
        rows.push(Written {
            id: session.id,
            version: if made == Made::ByFiring { Version::bottom() } else { write.stamp() },
            batch: session.batch_id,
            flow: session.flow_id,
            revision: session.revision_id,
            intake: session.intake.as_ref(),
            label: &session.target_label,
            folded: folded(&session.target_label),
            notes: session.target_notes.as_deref(),
            client: session.target_client.as_deref(),
            folded_client: session.target_client.as_deref().map(folded),
            site: session.target_site.as_deref(),
            variables: &session.target_variables,
            position: session.position,
            by: session.created_by,
            at: millis(session.created_at),
        });
    }
    let team = write.team().to_string();
    sqlx::query(
        "INSERT INTO sessions (id, team_id, version, batch_id, flow_id, revision_id, intake, target_label,
           target_notes, position, created_by, created_at, folded_label, target_client, folded_client, target_site,
           target_variables)
         SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'batch', value ->> 'flow', value ->> 'revision',
           CASE WHEN value ->> 'intake' IS NULL THEN NULL ELSE value -> 'intake' END, value ->> 'label',
           value ->> 'notes', value ->> 'position', value ->> 'by', value ->> 'at', value ->> 'folded',
           value ->> 'client', value ->> 'folded_client', value ->> 'site', value -> 'variables'
           FROM jsonb_each(?1) WHERE true ON CONFLICT (id) DO NOTHING",
    )
    .bind(json_text("sessions", &rows)?)
    .bind(team)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// A row of a bulk update.
#[derive(Serialize)]
struct Stood {
    id: SessionId,
    status: SessionStatus,
    revision: Option<RevisionId>,
    recorded: u32,
    failed: u32,
    added: u32,
    assignee: Option<MemberId>,
    started_at: Option<i64>,
    ended_at: Option<i64>,
}

/// Writes what the events of sessions amount to. Derived: no version, nothing for the outbox.
pub async fn set_standings(write: &mut Write, standings: &[(SessionId, Standing)]) -> Result<(), StoreError> {
    let rows: Vec<Stood> = standings
        .iter()
        .map(|(id, standing)| Stood {
            id: *id,
            status: standing.status,
            revision: standing.started_revision,
            recorded: standing.steps_recorded,
            failed: standing.steps_failed,
            added: standing.steps_added,
            assignee: standing.assignee,
            started_at: standing.started_at.map(millis),
            ended_at: standing.ended_at.map(millis),
        })
        .collect();
    sqlx::query(
        "UPDATE sessions SET status = w.value ->> 'status', started_revision_id = w.value ->> 'revision',
           steps_recorded = w.value ->> 'recorded', steps_failed = w.value ->> 'failed',
           steps_added = w.value ->> 'added', assignee = w.value ->> 'assignee', started_at = w.value ->> 'started_at', ended_at = w.value ->> 'ended_at'
           FROM jsonb_each(?1) AS w WHERE sessions.id = w.value ->> 'id'",
    )
    .bind(json_text("standings", &rows)?)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Sessions somebody is at, the one begun last first.
pub async fn in_progress(conn: &mut Connection, limit: u32) -> Result<Vec<ListedSession>, StoreError> {
    let rows = sqlx::query(
        "SELECT id FROM sessions INDEXED BY sessions_open
          WHERE status IN ('pending', 'in_progress') AND status = 'in_progress' AND tombstone = 0
          ORDER BY started_at DESC, id DESC LIMIT ?1",
    )
    .bind(i64::from(limit))
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<SessionId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    let mut listed = of_ids(conn, &ids).await?;
    listed.sort_by_key(|listed| ids.iter().position(|id| *id == listed.session.id));
    Ok(listed)
}

/// A client with the number of its sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedClient {
    pub folded: String,
    /// As the newest session has it.
    pub name: String,
    pub sessions: u32,
    /// Those that have not ended.
    pub open: u32,
}

/// The clients of all sessions. Deleted ones have no folded client: the index alone is read, and not a hundred thousand rows.
pub async fn clients(conn: &mut Connection) -> Result<Vec<CountedClient>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.folded_client, c.n, COALESCE(o.n, 0) AS open,
            (SELECT target_client FROM sessions AS s WHERE s.folded_client = c.folded_client
              ORDER BY created_at DESC, id DESC LIMIT 1) AS name
           FROM (SELECT folded_client, COUNT(*) AS n FROM sessions
                  WHERE folded_client IS NOT NULL GROUP BY folded_client) AS c
           LEFT JOIN (SELECT folded_client, COUNT(*) AS n FROM sessions INDEXED BY sessions_open
                       WHERE status IN ('pending', 'in_progress') AND folded_client IS NOT NULL
                       GROUP BY folded_client) AS o ON o.folded_client = c.folded_client",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(CountedClient {
                folded: row.text("folded_client")?,
                name: row.text("name")?,
                sessions: row.count("n")?,
                open: row.count("open")?,
            })
        })
        .collect()
}
