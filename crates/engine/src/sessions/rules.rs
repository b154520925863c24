//! What people may do to a session, as the events that doing it appends. These rules bind commands, never the fold.

use super::log::Loaded;
use crate::error::EngineError;
use mf_domain::Invalid;
use mf_domain::flow::{NodeKind, StepId};
use mf_domain::intake::Completeness;
use mf_domain::session::{SessionEventKind, SessionStatus, StepOutcome};
use mf_domain::text::{LONG_TEXT_MAX, body};

type Decision = Result<Vec<SessionEventKind>, EngineError>;

fn require_open(loaded: &Loaded) -> Result<(), EngineError> {
    if loaded.status().is_terminal() {
        let words = loaded.status().as_str();
        return Err(EngineError::conflict("session_id", format!("the session is {words}: reopen it first")));
    }
    Ok(())
}

/// The start of a pending session; nothing for one that has begun.
fn begin(loaded: &Loaded) -> Result<Option<SessionEventKind>, EngineError> {
    if loaded.status() != SessionStatus::Pending {
        return Ok(None);
    }
    if let Some(field) = loaded.form().missing(&loaded.intake).first() {
        let message = format!("{:?} must be answered before the first session starts", field.label);
        return Err(Invalid::new(format!("intake.{}", field.key), message).into());
    }
    // Defaults that the form got after the batch was made; answers to questions it no longer asks stay as they are.
    let filled = loaded.form().check(&loaded.intake, Completeness::MayBeMissing);
    let intake = filled.unwrap_or_else(|_| loaded.intake.clone());
    Ok(Some(SessionEventKind::Started { revision_id: loaded.revision.id, intake }))
}

pub(super) fn start(loaded: &Loaded) -> Decision {
    require_open(loaded)?;
    match begin(loaded)? {
        Some(started) => Ok(vec![started]),
        None => Err(EngineError::conflict("session_id", "the session has been started already")),
    }
}

/// A note that says something, or none.
pub(super) fn note(text: Option<String>) -> Result<Option<String>, Invalid> {
    match text {
        Some(text) if !text.trim().is_empty() => body("note", &text, LONG_TEXT_MAX).map(Some),
        _ => Ok(None),
    }
}

fn require_step(loaded: &Loaded, step: &StepId) -> Result<(), EngineError> {
    let procedure = loaded.revision.structure.as_procedure().ok_or_else(|| {
        Invalid::new("step_id", "a troubleshooting session has no steps: answer its questions")
    })?;
    if procedure.work().any(|known| known.id == *step) {
        return Ok(());
    }
    Err(Invalid::new("step_id", format!("there is no step {:?} in this session", step.0)).into())
}

pub(super) fn record_step(
    loaded: &Loaded,
    step_id: StepId,
    outcome: StepOutcome,
    text: Option<String>,
) -> Decision {
    require_open(loaded)?;
    require_step(loaded, &step_id)?;
    let recorded = SessionEventKind::StepRecorded { step_id, outcome, note: note(text)? };
    Ok(begin(loaded)?.into_iter().chain([recorded]).collect())
}

pub(super) fn add_note(loaded: &Loaded, step_id: Option<StepId>, text: &str) -> Decision {
    if let Some(step) = &step_id {
        require_step(loaded, step)?;
    }
    let text = note(Some(text.to_owned()))?.ok_or_else(|| Invalid::new("note", "must not be empty"))?;
    Ok(vec![SessionEventKind::NoteAdded { step_id, text }])
}

pub(super) fn complete(loaded: &Loaded) -> Decision {
    require_open(loaded)?;
    if let Some(procedure) = loaded.revision.structure.as_procedure() {
        let open: Vec<&str> = procedure
            .work()
            .filter(|step| loaded.state.outcome_of(&step.id).is_none())
            .map(|step| step.title.as_str())
            .collect();
        if let Some(first) = open.first() {
            let message = match open.len() {
                1 => format!("the step {first:?} has no outcome yet"),
                n => format!("{n} steps have no outcome yet, the first is {first:?}"),
            };
            return Err(Invalid::new("steps", message).into());
        }
        return Ok(vec![SessionEventKind::Completed { outcome: None }]);
    }
    match reached_outcome(loaded) {
        Some(completed) => Ok(vec![completed]),
        None => Err(Invalid::new("steps", "the session has not reached an outcome yet").into()),
    }
}

/// The end of a troubleshooting session that stands at an outcome.
fn reached_outcome(loaded: &Loaded) -> Option<SessionEventKind> {
    let tree = loaded.revision.structure.as_tree()?;
    match tree.node(&loaded.current_node()?)?.kind {
        NodeKind::Outcome { outcome } => Some(SessionEventKind::Completed { outcome: Some(outcome) }),
        _ => None,
    }
}

pub(super) fn reopen(loaded: &Loaded) -> Decision {
    if !loaded.status().is_terminal() {
        return Err(EngineError::conflict("session_id", "the session has not ended"));
    }
    Ok(vec![SessionEventKind::Reopened])
}

pub(super) fn cancel(loaded: &Loaded) -> Decision {
    require_open(loaded)?;
    Ok(vec![SessionEventKind::Cancelled])
}

pub(super) fn answer_question(loaded: &Loaded, node_id: &str, answer: &str) -> Decision {
    require_open(loaded)?;
    let tree = loaded
        .revision
        .structure
        .as_tree()
        .ok_or_else(|| Invalid::new("node_id", "only troubleshooting sessions have questions"))?;
    let node = tree
        .node(node_id)
        .ok_or_else(|| Invalid::new("node_id", format!("there is no node {node_id:?} in this session")))?;
    if loaded.current_node().as_deref() != Some(node_id) {
        return Err(EngineError::conflict("node_id", "the session stands at another node"));
    }
    let next = match &node.kind {
        NodeKind::Question { answers } => {
            let chosen = answers.iter().find(|known| known.label == answer);
            let labels: Vec<&str> = answers.iter().map(|known| known.label.as_str()).collect();
            &chosen
                .ok_or_else(|| Invalid::new("answer", format!("must be one of: {}", labels.join(", "))))?
                .to
        }
        NodeKind::Action { next } if answer.is_empty() => next,
        NodeKind::Action { .. } => return Err(Invalid::new("answer", "an action takes no answer").into()),
        NodeKind::Outcome { .. } => {
            return Err(EngineError::conflict("node_id", "this is an outcome: nothing to answer"));
        }
    };
    let answered = SessionEventKind::Answered { node_id: node_id.to_owned(), answer: answer.to_owned() };
    let completed = match tree.node(next).map(|node| &node.kind) {
        Some(NodeKind::Outcome { outcome }) => Some(SessionEventKind::Completed { outcome: Some(*outcome) }),
        _ => None,
    };
    Ok(begin(loaded)?.into_iter().chain([answered]).chain(completed).collect())
}

pub(super) fn step_back(loaded: &Loaded) -> Decision {
    require_open(loaded)?;
    if loaded.state.path.is_empty() {
        return Err(EngineError::conflict("session_id", "the session stands at the beginning"));
    }
    Ok(vec![SessionEventKind::SteppedBack])
}
