//! Making a batch: the one way its sessions come to be, by hand, by schedule or by retry.

use crate::error::EngineError;
use mf_contract::batches::{LaunchedBatch, LaunchedSession};
use mf_domain::ids::BatchId;
use mf_domain::occurrence::session_id;
use mf_domain::session::SessionStatus;
use mf_domain::targets::Target;
use mf_store::batches::BatchRow;
use mf_store::sessions::{Made, SessionRow};
use mf_store::{Write, batches, sessions};

/// The label of the one session of a batch without targets. It yields to named targets later.
pub(crate) const UNASSIGNED: &str = "Unassigned";

/// What a batch without targets runs on.
pub(crate) fn unassigned() -> Target {
    Target { label: UNASSIGNED.to_owned(), ..Target::default() }
}

/// A batch and its sessions, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) batch: BatchRow,
    pub(crate) sessions: Vec<SessionRow>,
}

impl Launch {
    /// One pending session per target, in their order.
    pub(crate) fn new(batch: BatchRow, targets: &[Target]) -> Self {
        let sessions = targets
            .iter()
            .zip(0..)
            .map(|(target, position)| SessionRow {
                id: session_id(batch.id, &target.label),
                batch_id: Some(batch.id),
                flow_id: batch.flow_id,
                revision_id: None,
                intake: None,
                target_label: target.label.clone(),
                target_notes: target.notes.clone(),
                target_client: target.client.clone(),
                target_site: target.site.clone(),
                target_variables: target.variables.clone(),
                position,
                created_by: batch.created_by,
                created_at: batch.launched_at,
            })
            .collect();
        Self { batch, sessions }
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.sessions.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn reply(&self) -> LaunchedBatch {
        LaunchedBatch {
            batch_id: self.batch.id,
            count: self.count(),
            sessions: self
                .sessions
                .iter()
                .map(|session| launched(self.batch.id, session, SessionStatus::Pending))
                .collect(),
        }
    }
}

/// A session as a launch answers it.
pub(crate) fn launched(batch_id: BatchId, session: &SessionRow, status: SessionStatus) -> LaunchedSession {
    LaunchedSession {
        id: session.id,
        batch_id,
        target_label: session.target_label.clone(),
        flow_id: session.flow_id,
        status,
    }
}

/// Writes batches with their sessions; those that exist stay as they are.
pub(crate) async fn insert(write: &mut Write, launches: &[Launch]) -> Result<(), EngineError> {
    let rows: Vec<BatchRow> = launches.iter().map(|launch| launch.batch.clone()).collect();
    batches::insert_absent(write, &rows).await?;
    let fired = |launch: &&Launch| launch.batch.fired_for.is_some();
    for (made, wanted) in [(Made::ByFiring, true), (Made::ByHand, false)] {
        let rows: Vec<SessionRow> = launches
            .iter()
            .filter(|l| fired(l) == wanted)
            .flat_map(|launch| launch.sessions.iter().cloned())
            .collect();
        if !rows.is_empty() {
            sessions::insert_absent(write, &rows, made).await?;
        }
    }
    Ok(())
}
