//! What people may do to a session, as the events that doing it appends. These rules bind commands, never the fold.

use super::log::Loaded;
use crate::error::EngineError;
use mf_domain::Invalid;
use mf_domain::flow::{EvidenceRule, NodeKind, Step, StepId};
use mf_domain::ids::{EvidenceId, MemberId};
use mf_domain::intake::Completeness;
use mf_domain::session::added::ADDED_MAX;
use mf_domain::session::evidence::EVIDENCE_PER_SESSION;
use mf_domain::session::{EvidenceFile, SessionEventKind, SessionStatus, StepOutcome};
use mf_domain::text::{LONG_TEXT_MAX, NAME_MAX, body, name};

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
    if let Some(held) = loaded.held {
        return Err(EngineError::conflict("session_id", held.words()));
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

/// A note that has to say something.
pub(super) fn said(text: &str) -> Result<String, Invalid> {
    note(Some(text.to_owned()))?.ok_or_else(|| Invalid::new("note", "must not be empty"))
}

fn require_step<'a>(loaded: &'a Loaded, step: &StepId, field: &str) -> Result<&'a Step, Invalid> {
    let procedure =
        loaded.revision.structure.as_procedure().ok_or_else(|| {
            Invalid::new(field, "a troubleshooting session has no steps: answer its questions")
        })?;
    let missing = || Invalid::new(field, format!("there is no step {:?} in this session", step.0));
    loaded.state.work(procedure).into_iter().find(|known| known.id == *step).ok_or_else(missing)
}

fn require_not_signed_off(loaded: &Loaded) -> Result<(), EngineError> {
    if loaded.is_signed_off() {
        let message = "the batch of this session is signed off: withdraw the sign-off first";
        return Err(EngineError::conflict("session_id", message));
    }
    Ok(())
}

pub(super) fn record_step(
    loaded: &Loaded,
    step_id: StepId,
    outcome: StepOutcome,
    text: Option<String>,
) -> Decision {
    require_open(loaded)?;
    let step = require_step(loaded, &step_id, "step_id")?;
    if outcome == StepOutcome::Done
        && step.evidence == EvidenceRule::Required
        && loaded.state.evidence_of(&step_id).next().is_none()
    {
        let message = format!("the step {:?} needs evidence before it is done", step.title);
        return Err(Invalid::new("evidence", message).into());
    }
    let recorded = SessionEventKind::StepRecorded { step_id, outcome, note: note(text)? };
    Ok(begin(loaded)?.into_iter().chain([recorded]).collect())
}

pub(super) fn add_note(loaded: &Loaded, step_id: Option<StepId>, text: &str) -> Decision {
    if let Some(step) = &step_id {
        require_step(loaded, step, "step_id")?;
    }
    Ok(vec![SessionEventKind::NoteAdded { step_id, text: said(text)? }])
}

pub(super) fn complete(loaded: &Loaded) -> Decision {
    require_open(loaded)?;
    if let Some(procedure) = loaded.revision.structure.as_procedure() {
        let open: Vec<&str> = loaded
            .state
            .work(procedure)
            .into_iter()
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
    require_not_signed_off(loaded)?;
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

pub(super) fn assign(member_id: Option<MemberId>, text: Option<String>) -> Decision {
    Ok(vec![SessionEventKind::Assigned { member_id, note: note(text)? }])
}

/// Also after the end: what shows that it went well often comes later.
pub(super) fn add_evidence(
    loaded: &Loaded,
    evidence_id: EvidenceId,
    step_id: Option<StepId>,
    file: EvidenceFile,
) -> Decision {
    if let Some(step) = &step_id {
        require_step(loaded, step, "step_id")?;
    }
    require_not_signed_off(loaded)?;
    if loaded.state.evidence.len() >= EVIDENCE_PER_SESSION {
        let message = format!("the session has {EVIDENCE_PER_SESSION} pieces of evidence, which is the most");
        return Err(Invalid::new("session_id", message).into());
    }
    Ok(vec![SessionEventKind::EvidenceAdded { evidence_id, step_id, file }])
}

pub(super) fn remove_evidence(loaded: &Loaded, evidence_id: EvidenceId) -> Decision {
    let found = loaded.state.evidence.iter().find(|evidence| evidence.id == evidence_id);
    let found = found.ok_or(EngineError::NotFound { what: "evidence", field: "evidence_id" })?;
    require_not_signed_off(loaded)?;
    let step = found.step_id.as_ref().and_then(|id| require_step(loaded, id, "step_id").ok());
    if let Some(step) = step
        && step.evidence == EvidenceRule::Required
        && loaded.state.outcome_of(&step.id) == Some(StepOutcome::Done)
        && loaded.state.evidence_of(&step.id).count() == 1
    {
        let message =
            format!("the step {:?} was done on this evidence: add other evidence first", step.title);
        return Err(EngineError::conflict("evidence_id", message));
    }
    Ok(vec![SessionEventKind::EvidenceRemoved { evidence_id }])
}

/// Adding a step is work: it starts a pending session.
fn added(loaded: &Loaded, step: SessionEventKind) -> Decision {
    require_open(loaded)?;
    if loaded.revision.structure.as_procedure().is_none() {
        return Err(Invalid::new("session_id", "a troubleshooting session has no steps to add to").into());
    }
    if loaded.state.added.len() >= ADDED_MAX {
        let message = format!("{ADDED_MAX} steps were added to this session, which is the most");
        return Err(Invalid::new("session_id", message).into());
    }
    Ok(begin(loaded)?.into_iter().chain([step]).collect())
}

pub(super) fn add_step(
    loaded: &Loaded,
    step_id: StepId,
    title: &str,
    description: &str,
    after_step_id: Option<StepId>,
) -> Decision {
    if let Some(after) = &after_step_id {
        require_step(loaded, after, "after_step_id")?;
    }
    let title = name("title", title)?;
    let description = body("description", description, LONG_TEXT_MAX)?;
    let step = SessionEventKind::StepAdded { step_id, title, description, after_step_id, rollback_of: None };
    added(loaded, step)
}

pub(super) fn add_rollback(loaded: &Loaded, step_id: StepId, of: &StepId) -> Decision {
    let step = require_step(loaded, of, "step_id")?;
    if step.rollback.is_empty() {
        return Err(Invalid::new("step_id", format!("the step {:?} has no rollback", step.title)).into());
    }
    if loaded.state.outcome_of(of) != Some(StepOutcome::Failed) {
        let message = format!("the step {:?} has not failed: there is nothing to roll back", step.title);
        return Err(EngineError::conflict("step_id", message));
    }
    let Some(description) = loaded.state.rollback_to_offer(step) else {
        let message = format!("the rollback of the step {:?} was taken up already", step.title);
        return Err(EngineError::conflict("step_id", message));
    };
    let title: String = format!("Rollback: {}", step.title).chars().take(NAME_MAX).collect();
    added(
        loaded,
        SessionEventKind::StepAdded {
            step_id,
            title,
            description: description.to_owned(),
            after_step_id: Some(of.clone()),
            rollback_of: Some(of.clone()),
        },
    )
}
