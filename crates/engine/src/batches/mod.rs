//! Batches: launching by hand, listing, retrying and cancelling.

mod answer;
mod intake;
mod log;

pub(crate) use answer::{answer, halted, require, sessions_of, summary};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows::LoadedFlow;
use crate::launch::{self, Launch, launched};
use crate::{filters, flows, pages, sessions as session_log, target_lists};
use log::wave_rule;
use mf_contract::batches::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::batch::{BatchEventKind, BatchOrigin, WaveRule};
use mf_domain::flow::FlowType;
use mf_domain::ids::{FlowId, SessionId};
use mf_domain::intake::Completeness;
use mf_domain::occurrence::requested_batch_id;
use mf_domain::role::Role;
use mf_domain::session::{SessionEventKind, SessionStatus};
use mf_domain::targets::Target;
use mf_domain::{Invalid, targets};
use mf_store::batches::BatchRow;
use mf_store::sessions::ListedSession;
use mf_store::{Connection, Write, batches};

/// Longest request id, in characters.
const REQUEST_ID_MAX: usize = 200;

/// The targets a launch names: typed in, of a list, or of an earlier batch.
async fn chosen_targets(conn: &mut Connection, request: &LaunchBatch) -> Result<Vec<Target>, EngineError> {
    match (request.targets.as_deref(), request.target_list_id, request.previous) {
        (Some(typed), None, None) => Ok(targets::validate(typed)?),
        (None, Some(list), None) => Ok(target_lists::require(conn, list, "target_list_id").await?.placed()),
        (None, None, Some(previous)) => previous_targets(conn, request.flow_id, previous).await,
        (None, None, None) => Err(Invalid::new("targets", "give targets or a target list").into()),
        _ => {
            Err(Invalid::new("targets", "give targets, a target list or an earlier batch, only one of them")
                .into())
        }
    }
}

async fn previous_targets(
    conn: &mut Connection,
    flow: FlowId,
    previous: PreviousTargets,
) -> Result<Vec<Target>, EngineError> {
    let missing = EngineError::NotFound { what: "batch", field: "previous.batch_id" };
    let batch = batches::get(conn, previous.batch_id).await?.ok_or(missing)?;
    if batch.flow_id != flow {
        return Err(Invalid::new("previous.batch_id", "is a batch of another flow").into());
    }
    let wanted = |row: &ListedSession| !previous.only_failed || row.standing.status == SessionStatus::Failed;
    let rows = sessions_of(conn, batch.id).await?;
    let targets: Vec<Target> =
        rows.iter().filter(|row| wanted(row)).map(|row| row.session.target()).collect();
    if targets.is_empty() {
        return Err(Invalid::new("previous.only_failed", "no target of that batch has failed").into());
    }
    Ok(targets)
}

impl Engine {
    async fn commit_launch(
        &self,
        mut write: Write,
        launch: Launch,
        waves: Option<WaveRule>,
    ) -> Result<LaunchedBatch, EngineError> {
        launch::insert(&mut write, std::slice::from_ref(&launch)).await?;
        if waves.is_some() {
            self.note_on_batch(&mut write, launch.batch.id, BatchEventKind::WavesSet { waves }).await?;
        }
        write.commit().await?;
        self.emit(Event::BatchChanged { batch_id: launch.batch.id, flow_id: launch.batch.flow_id });
        Ok(launch.reply())
    }
}

impl Handle<LaunchBatch> for Engine {
    async fn handle(&self, request: LaunchBatch) -> Result<LaunchedBatch, EngineError> {
        let waves = wave_rule(request.waves)?;
        let mut write = self.write(Role::Operator).await?;
        let LoadedFlow { flow, revision } = flows::require(write.conn(), request.flow_id, "flow_id").await?;
        if flow.flow_type != FlowType::Maintenance {
            return Err(EngineError::WrongFlowType {
                name: flow.name,
                have: flow.flow_type,
                needed: "maintenance",
            });
        }
        let id = match request.request_id.as_deref() {
            Some(request_id) => requested_batch_id(write.team(), &request_id_text(request_id)?),
            None => self.new_id(),
        };
        if let Some(earlier) = batches::get(write.conn(), id).await? {
            if earlier.flow_id != request.flow_id {
                let message = "this request id launched a batch of another flow";
                return Err(EngineError::conflict("request_id", message));
            }
            return repeated(write.conn(), earlier).await;
        }
        let targets = chosen_targets(write.conn(), &request).await?;
        let batch = BatchRow {
            id,
            flow_id: flow.id,
            revision_id: revision.id,
            origin: BatchOrigin::Manual,
            intake: revision.intake_form.check(&request.intake, Completeness::Required)?,
            fired_for: None,
            target_list_id: request.target_list_id,
            retry_of: None,
            created_by: Some(self.store.identity().member),
            launched_at: self.now(),
        };
        self.commit_launch(write, Launch::new(batch, &targets), waves).await
    }
}

fn request_id_text(text: &str) -> Result<String, Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new("request_id", "must not be empty"));
    }
    mf_domain::text::body("request_id", text, REQUEST_ID_MAX)
}

/// A launch that was made before, as it answered then, with the sessions' present status.
pub(crate) async fn repeated(conn: &mut Connection, earlier: BatchRow) -> Result<LaunchedBatch, EngineError> {
    let listed = sessions_of(conn, earlier.id).await?;
    let sessions: Vec<LaunchedSession> =
        listed.iter().map(|row| launched(earlier.id, &row.session, row.standing.status)).collect();
    let count = u32::try_from(sessions.len()).unwrap_or(u32::MAX);
    Ok(LaunchedBatch { batch_id: earlier.id, count, sessions })
}

impl Handle<ListBatches> for Engine {
    async fn handle(&self, request: ListBatches) -> Result<Vec<BatchSummary>, EngineError> {
        let limit = pages::size(request.limit, 50, 500)?;
        let mut reader = self.read().await?;
        let mut before = None;
        if let Some(id) = request.before {
            let missing = EngineError::NotFound { what: "batch", field: "before" };
            before = Some((batches::get(&mut reader, id).await?.ok_or(missing)?.launched_at, id));
        }
        let filter = batches::Filter {
            flow: request.flow_id,
            statuses: &request.statuses,
            client: filters::whose(request.client.as_deref(), request.without_client)?,
            failed: request.failed,
            assignee: filters::assignee(request.assignee),
            search: request.search.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            from: request.from,
            to: request.to,
        };
        let listed = batches::list(&mut reader, &filter, before, limit).await?;
        Ok(listed.into_iter().map(summary).collect())
    }
}

impl Handle<GetBatch> for Engine {
    async fn handle(&self, request: GetBatch) -> Result<Batch, EngineError> {
        let mut reader = self.read().await?;
        let batch = require(&mut reader, request.batch_id).await?;
        answer(&mut reader, batch, self.me()).await
    }
}

impl Handle<RetryBatch> for Engine {
    async fn handle(&self, request: RetryBatch) -> Result<LaunchedBatch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let original = require(write.conn(), request.batch_id).await?;
        flows::require(write.conn(), original.flow_id, "batch_id").await?;
        let failed: Vec<Target> = sessions_of(write.conn(), original.id)
            .await?
            .into_iter()
            .filter(|row| row.standing.status == SessionStatus::Failed)
            .map(|row| row.session.target())
            .collect();
        if failed.is_empty() {
            return Err(Invalid::new("batch_id", "this batch has no failed session to retry").into());
        }
        let batch = BatchRow {
            id: self.new_id(),
            origin: BatchOrigin::Retry,
            fired_for: None,
            target_list_id: None,
            retry_of: Some(original.id),
            created_by: Some(self.store.identity().member),
            launched_at: self.now(),
            ..original
        };
        self.commit_launch(write, Launch::new(batch, &failed), None).await
    }
}

impl Handle<CancelBatch> for Engine {
    async fn handle(&self, request: CancelBatch) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        let open: Vec<SessionId> = sessions_of(write.conn(), batch.id)
            .await?
            .iter()
            .filter(|row| !row.standing.status.is_terminal())
            .map(|row| row.session.id)
            .collect();
        session_log::append_each(self, &mut write, &open, |_| Ok(vec![SessionEventKind::Cancelled])).await?;
        write.commit().await?;
        self.emit(Event::BatchChanged { batch_id: batch.id, flow_id: batch.flow_id });
        Ok(Done {})
    }
}
