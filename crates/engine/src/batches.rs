//! Batches: launching by hand, listing, retrying and cancelling.

use crate::batch_log::wave_rule;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows::LoadedFlow;
use crate::launch::{self, Launch, launched};
use crate::{flows, pages, sessions as session_log, target_lists};
use mf_contract::batches::*;
use mf_contract::{Done, Event, Handle, Patch};
use mf_domain::batch::events::fold;
use mf_domain::batch::{BatchEventKind, BatchOrigin, BatchState, BatchStatus, Held, WaveRule, offer};
use mf_domain::flow::{FlowType, SignOffRule};
use mf_domain::ids::{BatchId, FlowId, MemberId, SessionId};
use mf_domain::intake::Completeness;
use mf_domain::occurrence::requested_batch_id;
use mf_domain::role::Role;
use mf_domain::session::{SessionEventKind, SessionStatus};
use mf_domain::targets::{TARGETS_MAX, Target};
use mf_domain::{Invalid, targets};
use mf_store::batches::{BatchRow, ListedBatch};
use mf_store::sessions::{Assignee, Client, Filter, ListedSession};
use mf_store::{Connection, Write, batch_events, batches, revisions, sessions};

/// More sessions than a batch can have.
const WHOLE_BATCH: u32 = TARGETS_MAX as u32 + 1;
/// Longest request id, in characters.
const REQUEST_ID_MAX: usize = 200;

pub(crate) async fn require(conn: &mut Connection, id: BatchId) -> Result<BatchRow, EngineError> {
    batches::get(conn, id).await?.ok_or(EngineError::NotFound { what: "batch", field: "batch_id" })
}

pub(crate) async fn sessions_of(
    conn: &mut Connection,
    id: BatchId,
) -> Result<Vec<ListedSession>, EngineError> {
    Ok(sessions::list_of_batch(conn, id, &Filter::default(), None, WHOLE_BATCH).await?)
}

pub(crate) fn summary(listed: ListedBatch) -> BatchSummary {
    BatchSummary {
        batch_id: listed.batch.id,
        flow_id: listed.batch.flow_id,
        flow_name: listed.flow_name,
        origin: listed.batch.origin,
        launched_at: listed.batch.launched_at,
        scheduled_for: listed.batch.fired_for.map(|fired| fired.scheduled_for),
        status: listed.rollup.status(),
        rollup: listed.rollup,
        unassigned: listed.unassigned,
        ticket: listed.state.ticket,
        sign_off_rule: listed.sign_off_rule,
        sign_off: listed.state.sign_off,
    }
}

/// Where the waves of a batch stand.
async fn waves(
    conn: &mut Connection,
    id: BatchId,
    state: &BatchState,
) -> Result<Option<BatchWaves>, EngineError> {
    let Some(rule) = state.waves else { return Ok(None) };
    let (ids, statuses): (Vec<SessionId>, Vec<SessionStatus>) =
        sessions::statuses(conn, &[id]).await?.remove(&id).unwrap_or_default().into_iter().unzip();
    let offer = offer(&rule, state.released, &statuses);
    let next = statuses.iter().position(|status| *status == SessionStatus::Pending);
    Ok(Some(BatchWaves {
        rule,
        released: state.released,
        offered: offer.offered,
        held: offer.held,
        next_session_id: next.filter(|_| offer.offered > 0).and_then(|at| ids.get(at).copied()),
        gate: offer.gate,
        words: offer.reason.map(|held| held.words()),
        reason: offer.reason,
    }))
}

/// How many failures a batch stopped after, while nobody has accepted them.
pub(crate) async fn halted(
    conn: &mut Connection,
    id: BatchId,
    state: &BatchState,
) -> Result<Option<u32>, EngineError> {
    let waves = waves(conn, id, state).await?;
    Ok(waves.filter(|waves| waves.held > 0).and_then(|waves| match waves.gate {
        Some(Held::CanaryFailed { failed: failures } | Held::Stopped { failures }) => Some(failures),
        Some(Held::Turn { .. } | Held::Canary { .. }) | None => None,
    }))
}

/// One batch as commands answer it to a member.
pub(crate) async fn answer(
    conn: &mut Connection,
    batch: BatchRow,
    member: MemberId,
) -> Result<Batch, EngineError> {
    let revision = revisions::get(conn, batch.revision_id)
        .await?
        .ok_or(EngineError::NotFound { what: "revision", field: "batch_id" })?;
    let flow_name =
        mf_store::flows::name(conn, batch.flow_id).await?.unwrap_or_else(|| revision.name.clone());
    let rollup = batches::rollups(conn, &[batch.id]).await?.remove(&batch.id).unwrap_or_default();
    let unassigned = batches::unassigned(conn, &[batch.id]).await?.remove(&batch.id).unwrap_or_default();
    let events = batch_events::of_batches(conn, &[batch.id]).await?.remove(&batch.id).unwrap_or_default();
    let state = fold(&events);
    let sign_off_rule = revision.structure.as_procedure().map(|p| p.sign_off).unwrap_or_default();
    let waits = rollup.status() == BatchStatus::Finished && state.sign_off.is_none();
    let sign_off_barred = waits
        && sign_off_rule == SignOffRule::SomeoneElse
        && sessions::recorders(conn, batch.id).await?.contains(&member);
    Ok(Batch {
        retried_by: batches::retries(conn, &batch).await?,
        sign_off_barred,
        waves: waves(conn, batch.id, &state).await?,
        events,
        revision_id: batch.revision_id,
        revision: revisions::number(conn, batch.revision_id).await?,
        missing_intake: revision.intake_form.missing(&batch.intake).into_iter().cloned().collect(),
        intake: batch.intake.clone(),
        schedule_id: batch.fired_for.as_ref().map(|fired| fired.schedule_id),
        target_list_id: batch.target_list_id,
        retry_of: batch.retry_of,
        summary: summary(ListedBatch { batch, flow_name, rollup, unassigned, state, sign_off_rule }),
    })
}

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
            client: whose(request.client.as_deref(), request.without_client)?,
            failed: request.failed,
            assignee: assignee(request.assignee),
            search: request.search.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            from: request.from,
            to: request.to,
        };
        let listed = batches::list(&mut reader, &filter, before, limit).await?;
        Ok(listed.into_iter().map(summary).collect())
    }
}

/// The client a list is filtered by; blank is none.
pub(crate) fn client(asked: Option<&str>) -> Option<&str> {
    asked.map(str::trim).filter(|name| !name.is_empty())
}

/// The client a list of work is filtered by.
pub(crate) fn whose(asked: Option<&str>, without: bool) -> Result<Client<'_>, Invalid> {
    match (client(asked), without) {
        (Some(_), true) => Err(Invalid::new("without_client", "ask for a client or for none, not for both")),
        (Some(name), false) => Ok(Client::Named(name)),
        (None, true) => Ok(Client::None),
        (None, false) => Ok(Client::Any),
    }
}

/// The member a list of work is filtered by.
pub(crate) fn assignee(asked: Patch<MemberId>) -> Assignee {
    match asked {
        Patch::Keep => Assignee::Anyone,
        Patch::Clear => Assignee::Nobody,
        Patch::Set(member) => Assignee::Member(member),
    }
}

impl Handle<GetBatch> for Engine {
    async fn handle(&self, request: GetBatch) -> Result<Batch, EngineError> {
        let mut reader = self.read().await?;
        let batch = require(&mut reader, request.batch_id).await?;
        answer(&mut reader, batch, self.me()).await
    }
}

impl Handle<SetBatchIntake> for Engine {
    async fn handle(&self, request: SetBatchIntake) -> Result<Batch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let mut batch = require(write.conn(), request.batch_id).await?;
        let form = revisions::get(write.conn(), batch.revision_id)
            .await?
            .map(|revision| revision.intake_form)
            .unwrap_or_default();
        batch.intake = form.check(&request.intake, Completeness::MayBeMissing)?;
        batches::set_intake(&mut write, batch.id, &batch.intake).await?;
        let reply = answer(write.conn(), batch, self.me()).await?;
        write.commit().await?;
        self.emit(Event::BatchChanged { batch_id: request.batch_id, flow_id: reply.summary.flow_id });
        Ok(reply)
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
