//! A session out of its rows, events appended to it, and its answer.

use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::sessions::{Session, SessionStep, SessionSummary};
use mf_domain::flow::{NodeKind, Structure};
use mf_domain::ids::SessionId;
use mf_domain::intake::{Answers, IntakeForm};
use mf_domain::session::{self as fold, SessionEvent, SessionEventKind, SessionStatus};
use mf_store::revisions::RevisionRow;
use mf_store::sessions::{ListedSession, Standing};
use mf_store::{Connection, Write, batches, revisions, session_events, sessions};

/// A session with everything a rule may ask.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) listed: ListedSession,
    /// The revision it runs: the pinned one, else its own, else its batch's.
    pub(crate) revision: RevisionRow,
    /// The answers in force, likewise.
    pub(crate) intake: Answers,
    pub(crate) events: Vec<SessionEvent>,
    pub(crate) state: fold::Session,
}

impl Loaded {
    pub(crate) fn status(&self) -> SessionStatus {
        self.state.status
    }

    pub(crate) fn form(&self) -> &IntakeForm {
        &self.revision.intake_form
    }

    /// The node a troubleshooting session stands at, by walking its path.
    pub(crate) fn current_node(&self) -> Option<String> {
        let tree = self.revision.structure.as_tree()?;
        let mut at = tree.start.clone();
        for decision in &self.state.path {
            // A decision that does not fit (a colleague's, made on another node) leads nowhere.
            if decision.node_id != at {
                continue;
            }
            at = match &tree.node(&at)?.kind {
                NodeKind::Question { answers } => answers
                    .iter()
                    .find(|answer| answer.label == decision.answer)
                    .map_or(at, |answer| answer.to.clone()),
                NodeKind::Action { next } => next.clone(),
                NodeKind::Outcome { .. } => at,
            };
        }
        Some(at)
    }

    fn standing(&self) -> Standing {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (recorded, failed) = match &self.revision.structure {
            Structure::Procedure(procedure) => (self.state.recorded(procedure), self.state.failed(procedure)),
            Structure::Tree(_) => (self.state.path.len(), 0),
        };
        Standing {
            status: self.state.status,
            started_revision: self.state.revision_id,
            steps_recorded: count(recorded),
            steps_failed: count(failed),
            assignee: self.state.assignee,
            started_at: self.state.started_at,
            ended_at: self.state.ended_at,
        }
    }
}

pub(crate) async fn load(
    conn: &mut Connection,
    id: SessionId,
    field: &'static str,
) -> Result<Loaded, EngineError> {
    let missing = || EngineError::NotFound { what: "session", field };
    let listed = sessions::get(conn, id).await?.ok_or_else(missing)?;
    let events = session_events::of_session(conn, id).await?;
    let state = fold::fold(&events);
    let batch = match listed.session.batch_id {
        Some(batch) => batches::get(conn, batch).await?,
        None => None,
    };
    let revision_id = state
        .revision_id
        .or(listed.session.revision_id)
        .or(batch.as_ref().map(|batch| batch.revision_id))
        .ok_or_else(missing)?;
    let revision = revisions::get(conn, revision_id).await?.ok_or_else(missing)?;
    let own = listed.session.intake.clone().or(batch.map(|batch| batch.intake)).unwrap_or_default();
    let intake = if state.revision_id.is_some() { state.intake.clone() } else { own };
    Ok(Loaded { listed, revision, intake, events, state })
}

/// Appends what `decide` says, in order, and brings what lists show up to date: one transaction, the caller's.
pub(crate) async fn append(
    engine: &Engine,
    write: &mut Write,
    id: SessionId,
    decide: impl FnOnce(&Loaded) -> Result<Vec<SessionEventKind>, EngineError>,
) -> Result<Loaded, EngineError> {
    let mut loaded = load(write.conn(), id, "session_id").await?;
    let author = Some(engine.store.identity().member);
    for kind in decide(&loaded)? {
        let event = session_events::append(write, id, engine.new_id(), engine.now(), author, kind).await?;
        loaded.events.push(event);
    }
    loaded.state = fold::fold(&loaded.events);
    let standing = loaded.standing();
    sessions::set_standing(write, id, &standing).await?;
    loaded.listed.standing = standing;
    Ok(loaded)
}

pub(crate) fn summary(listed: ListedSession) -> SessionSummary {
    let ListedSession { session, standing, flow_name, steps_total } = listed;
    SessionSummary {
        id: session.id,
        batch_id: session.batch_id,
        flow_id: session.flow_id,
        flow_name,
        target_label: session.target_label,
        target_notes: session.target_notes,
        status: standing.status,
        steps_recorded: standing.steps_recorded,
        steps_failed: standing.steps_failed,
        steps_total,
        assignee: standing.assignee,
        created_at: session.created_at,
        started_at: standing.started_at,
        ended_at: standing.ended_at,
    }
}

pub(crate) async fn answer(conn: &mut Connection, loaded: Loaded) -> Result<Session, EngineError> {
    let current_node_id = loaded.current_node();
    let number = revisions::number(conn, loaded.revision.id).await?;
    let Loaded { listed, revision, intake, events, state } = loaded;
    let procedure = revision.structure.as_procedure();
    let steps = procedure.map_or_else(Vec::new, |procedure| {
        procedure.work().map(|step| step_answer(step, state.steps.get(&step.id))).collect()
    });
    Ok(Session {
        summary: summary(listed),
        flow_type: revision.flow_type,
        revision_id: revision.id,
        revision: number,
        intake,
        steps,
        current_step_id: procedure.and_then(|p| state.current_step(p)).map(|step| step.id.clone()),
        notes: state.notes,
        path: state.path,
        current_node_id,
        outcome: state.outcome,
        late: state.late,
        structure: revision.structure,
        events,
    })
}

fn step_answer(step: &mf_domain::flow::Step, result: Option<&fold::StepResult>) -> SessionStep {
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
    }
}
