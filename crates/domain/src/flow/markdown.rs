//! Flows as Markdown: runbooks people already have come in, flows go out as files people can read and edit.
//!
//! [`import`] reads two things. A file [`export`] wrote is known by a marked heading and read line by line ([`native`]),
//! so that every text comes back as it was. Anything else, an edited export that no longer fits included, is read as a
//! runbook ([`runbook`]) over the block structure that pulldown-cmark finds ([`outline`]). What a line says about a step
//! (title, minutes, kind) is read and written in one place ([`title`]).
//!
//! Deliberately absent: step ids. An imported flow is a new flow; who wants the same flow with the same ids uses JSON.
//! Nor is anything rendered here: descriptions stay Markdown source.

mod definitions;
mod native;
mod outline;
mod runbook;
#[cfg(test)]
mod tests;
mod title;

use super::procedure::STEPS_MAX;
use super::structure::{END_TITLE, tidied};
use super::{ContentType, EvidenceRule, FlowType, Procedure, SignOffRule, Step, StepId, StepKind, Structure};
use crate::Invalid;
use crate::intake::IntakeForm;
use crate::text::LONG_TEXT_MAX;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use title::Title;

pub use native::export;

/// Longest document, in bytes: 2 MiB.
pub const DOCUMENT_MAX: usize = 2 * 1024 * 1024;

/// A flow as read from a document; valid for the type it was read as, its texts tidied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub name: String,
    pub description: String,
    pub structure: Structure,
    pub intake_form: IntakeForm,
}

/// Reads a flow from a Markdown document.
///
/// The first level-one heading is the name; without one, a front matter `title:` or a heading that opens the document
/// and is the only one of its level. Items of ordered and task lists at the top level are the steps, in order; without
/// any, headings of levels two and three are. Nothing is dropped but HTML comments, horizontal rules, unused link
/// definitions and a bare heading such as "Steps" over the only list:
/// * text in front of the first section with steps is the flow's description;
/// * the heading and text of a section go in front of its first step's description, or, if it is the only section with
///   steps, to the flow's description;
/// * text after a step belongs to that step; sections after the last step are the closing words of the end;
/// * between lists, a section headed "Step 3: …", or "3. …" with a code block, is a step of its own.
///
/// # Errors
/// `markdown` for a document that is empty, too long, without name or without steps, or beyond the limits of a flow;
/// `flow_type` when the document cannot be a flow of that type: a decision tree comes from an export only.
pub fn import(markdown: &str, flow_type: FlowType) -> Result<Imported, Invalid> {
    if markdown.len() > DOCUMENT_MAX {
        return Err(invalid(format!("has {} bytes; at most {DOCUMENT_MAX} are allowed", markdown.len())));
    }
    let unix =
        markdown.strip_prefix('\u{feff}').unwrap_or(markdown).replace("\r\n", "\n").replace('\r', "\n");
    if unix.trim().is_empty() {
        return Err(invalid("is empty"));
    }
    if unix.contains('\0') {
        return Err(invalid("must not contain the character U+0000"));
    }
    let imported = match native::read(&unix, flow_type)? {
        Some(imported) => imported,
        None if flow_type == FlowType::Troubleshooting => {
            return Err(Invalid::new(
                "flow_type",
                "a troubleshooting flow is a decision tree, which a plain runbook does not hold; \
                 import it as procedural or maintenance",
            ));
        }
        None => runbook::read(&unix)?,
    };
    imported.checked(flow_type)
}

impl Imported {
    fn checked(self, flow_type: FlowType) -> Result<Self, Invalid> {
        let structure = self.structure.with_end().normalised();
        let intake_form = self.intake_form.normalised();
        let count = self.description.chars().count();
        if count > LONG_TEXT_MAX {
            let message =
                format!("the text before the first step has {count} characters; at most {LONG_TEXT_MAX} fit");
            return Err(invalid(message));
        }
        if let Some(procedure) = structure.as_procedure() {
            // Said by title: whoever imports a document knows no `structure.steps[7]`.
            let long = |step: &&Step| step.description.chars().count() > LONG_TEXT_MAX;
            if let Some(step) = procedure.steps.iter().find(long) {
                let message =
                    format!("step \u{201c}{}\u{201d} has more than {LONG_TEXT_MAX} characters", step.title);
                return Err(invalid(message));
            }
        }
        structure
            .validate(flow_type)
            .and_then(|()| intake_form.validate())
            .map_err(|e| invalid(e.to_string()))?;
        Ok(Self { structure, intake_form, ..self })
    }
}

fn invalid(message: impl Into<String>) -> Invalid {
    Invalid::new("markdown", message)
}

/// A step as it was found, before it gets an id.
struct Draft {
    title: Title,
    description: String,
}

/// Steps in order, with ids by position. The last one is the end if it says so.
fn procedure(drafts: Vec<Draft>, closing: &str) -> Result<Procedure, Invalid> {
    if drafts.len() > STEPS_MAX {
        return Err(invalid(format!("has {} steps; at most {STEPS_MAX} are allowed", drafts.len())));
    }
    let last = drafts.len().saturating_sub(1);
    let mut steps: Vec<Step> = drafts
        .into_iter()
        .enumerate()
        .map(|(index, draft)| {
            let end = index == last && draft.title.is_end;
            Step {
                id: StepId(if end { "end".to_owned() } else { format!("step-{}", index + 1) }),
                kind: if end { StepKind::ProcedureEnd } else { StepKind::ProcedureStep },
                title: draft.title.text,
                description: draft.description,
                content_type: draft.title.content_type,
                estimate_minutes: draft.title.estimate_minutes,
                evidence: draft.title.evidence,
                rollback: String::new(),
            }
        })
        .collect();
    if steps.iter().all(|step| step.kind == StepKind::ProcedureEnd) {
        let advice = "use a numbered list, a task list (- [ ] …) or ## headings";
        return Err(invalid(format!("holds no steps; {advice}")));
    }
    if !closing.is_empty() {
        match steps.last_mut() {
            Some(end) if end.kind == StepKind::ProcedureEnd => {
                end.description = [end.description.as_str(), closing].join("\n\n");
            }
            _ => steps.push(Step {
                id: StepId("end".to_owned()),
                kind: StepKind::ProcedureEnd,
                title: END_TITLE.to_owned(),
                description: closing.to_owned(),
                content_type: ContentType::default(),
                estimate_minutes: None,
                evidence: EvidenceRule::default(),
                rollback: String::new(),
            }),
        }
    }
    Ok(Procedure { steps, sign_off: SignOffRule::None })
}

/// Info string of the fenced block that holds what Markdown cannot say.
const BLOCK_INFO: &str = "json maintenance-flows";

/// The content of that block.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    version: u32,
    /// What the flow was; a procedure may be imported as the other type all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flow_type: Option<FlowType>,
    #[serde(default, skip_serializing_if = "is_empty")]
    intake_form: IntakeForm,
    /// The tree; a procedure is in the document itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    structure: Option<Value>,
    #[serde(default, skip_serializing_if = "SignOffRule::is_none")]
    sign_off: SignOffRule,
    /// How to undo a step, by its place in the document, from 1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    rollbacks: BTreeMap<usize, String>,
}

/// The version of [`Extra`] this release writes.
const EXTRA_VERSION: u32 = 1;

fn is_empty(form: &IntakeForm) -> bool {
    form.0.is_empty()
}

impl Extra {
    /// Whether there is nothing in it but what every export has.
    fn is_plain(&self) -> bool {
        self.intake_form.0.is_empty()
            && self.structure.is_none()
            && self.sign_off == SignOffRule::None
            && self.rollbacks.is_empty()
    }

    /// Gives a procedure what its document could not say.
    fn complete(self, mut procedure: Procedure) -> (Procedure, IntakeForm) {
        procedure.sign_off = self.sign_off;
        for (place, rollback) in self.rollbacks {
            if let Some(step) = place.checked_sub(1).and_then(|index| procedure.steps.get_mut(index)) {
                step.rollback = rollback;
            }
        }
        (procedure, self.intake_form)
    }

    fn read(json: &str) -> Result<Self, Invalid> {
        let extra: Self = serde_json::from_str(json)
            .map_err(|e| invalid(format!("the `{BLOCK_INFO}` block cannot be read: {e}")))?;
        if extra.version > EXTRA_VERSION {
            return Err(invalid("was written by a newer release of Maintenance Flows"));
        }
        Ok(extra)
    }
}
