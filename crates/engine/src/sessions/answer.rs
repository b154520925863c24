//! A session as commands answer it.

use super::log::Loaded;
use crate::error::EngineError;
use mf_contract::sessions::{Session, SessionStep, SessionSummary};
use mf_domain::flow::Step;
use mf_domain::session as fold;
use mf_store::sessions::ListedSession;
use mf_store::{Connection, revisions};

pub(crate) fn summary(listed: ListedSession) -> SessionSummary {
    let ListedSession { session, standing, flow_name, revision_steps } = listed;
    SessionSummary {
        id: session.id,
        batch_id: session.batch_id,
        flow_id: session.flow_id,
        flow_name,
        target_label: session.target_label,
        target_notes: session.target_notes,
        target_client: session.target_client,
        target_site: session.target_site,
        status: standing.status,
        steps_recorded: standing.steps_recorded,
        steps_failed: standing.steps_failed,
        steps_total: revision_steps.saturating_add(standing.steps_added),
        assignee: standing.assignee,
        created_at: session.created_at,
        started_at: standing.started_at,
        ended_at: standing.ended_at,
    }
}

pub(crate) async fn answer(conn: &mut Connection, loaded: Loaded) -> Result<Session, EngineError> {
    let current_node_id = loaded.current_node();
    let number = revisions::number(conn, loaded.revision.id).await?;
    let Loaded { mut listed, revision, intake, events, state, held, .. } = loaded;
    let procedure = revision.structure.as_procedure();
    let work = procedure.map_or_else(Vec::new, |procedure| state.work(procedure));
    Ok(Session {
        target_variables: std::mem::take(&mut listed.session.target_variables),
        summary: summary(listed),
        flow_type: revision.flow_type,
        revision_id: revision.id,
        revision: number,
        intake,
        steps: work.iter().map(|step| step_answer(step, &state)).collect(),
        current_step_id: procedure.and_then(|p| state.current_step(p)).map(|step| step.id.clone()),
        evidence: state.evidence.iter().filter(|evidence| evidence.step_id.is_none()).cloned().collect(),
        held,
        current_node_id,
        outcome: state.outcome,
        late: state.late,
        structure: revision.structure.clone(),
        notes: state.notes,
        path: state.path,
        events,
    })
}

fn step_answer(step: &Step, state: &fold::Session) -> SessionStep {
    let result = state.steps.get(&step.id);
    let notes = result.map(|r| r.notes.clone()).unwrap_or_default();
    SessionStep {
        id: step.id.clone(),
        title: step.title.clone(),
        outcome: result.and_then(|r| r.outcome),
        note: notes.last().map(|note| note.text.clone()),
        notes,
        overruled: result.map(|r| r.overruled.clone()).unwrap_or_default(),
        recorded_at: result.and_then(|r| r.at),
        recorded_by: result.and_then(|r| r.author),
        evidence: state.evidence_of(&step.id).cloned().collect(),
        added: state.added.iter().find(|added| added.step.id == step.id).cloned(),
        rollback: state.rollback_to_offer(step).map(str::to_owned),
    }
}
