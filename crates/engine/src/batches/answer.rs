//! A batch as commands answer it: its rows, what its events say, and where its waves stand.

use crate::error::EngineError;
use mf_contract::batches::*;
use mf_domain::batch::events::fold;
use mf_domain::batch::{BatchState, BatchStatus, Held, offer};
use mf_domain::flow::SignOffRule;
use mf_domain::ids::{BatchId, MemberId, SessionId};
use mf_domain::session::SessionStatus;
use mf_domain::targets::TARGETS_MAX;
use mf_store::batches::{BatchRow, ListedBatch};
use mf_store::sessions::{Filter, ListedSession};
use mf_store::{Connection, batch_events, batches, revisions, sessions};

/// More sessions than a batch can have.
const WHOLE_BATCH: u32 = TARGETS_MAX as u32 + 1;

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
