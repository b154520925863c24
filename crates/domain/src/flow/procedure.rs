//! Ordered steps: the structure of procedural and maintenance flows.

use crate::Invalid;
use crate::text::{self, LONG_TEXT_MAX};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most steps of a flow, the end included.
pub const STEPS_MAX: usize = 500;
/// Longest id of a step or node, in characters.
pub const ID_MAX: usize = 100;
/// Longest estimate of a step, in minutes: a week.
pub const ESTIMATE_MAX: u32 = 10_080;

/// A step's id, unique within its flow. A revision keeps the ids of the steps it did not replace, so results of an
/// earlier run stay comparable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub String);

/// Ordered steps; exactly one [`StepKind::ProcedureEnd`], and it is last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub steps: Vec<Step>,
    #[serde(default, skip_serializing_if = "SignOffRule::is_none")]
    pub sign_off: SignOffRule,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: StepId,
    #[serde(rename = "type")]
    pub kind: StepKind,
    /// 1 to 255 characters.
    pub title: String,
    /// Markdown; `{{variables}}` of the intake form and the target may stand in it.
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub content_type: ContentType,
    /// Minutes a practised person needs; 1 to 10,080 (a week).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_minutes: Option<u32>,
    #[serde(default)]
    pub evidence: EvidenceRule,
    /// Markdown: how to undo the step, offered when it fails. Empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rollback: String,
}

/// Whether a finished batch of the flow is to be signed off, and by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignOffRule {
    /// Not asked for.
    #[default]
    None,
    Anyone,
    /// By somebody who recorded none of its steps.
    SomeoneElse,
}

impl SignOffRule {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::None, Self::Anyone, Self::SomeoneElse];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Anyone => "anyone",
            Self::SomeoneElse => "someone_else",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }

    pub(super) fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// Whether a step is work or marks the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    ProcedureStep,
    /// The last step; it holds the closing words and is never recorded.
    ProcedureEnd,
}

/// What a step asks of the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentType {
    /// Do something.
    #[default]
    Action,
    /// Verify something.
    Check,
    /// Read something.
    Info,
}

impl ContentType {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Action, Self::Check, Self::Info];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Check => "check",
            Self::Info => "info",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Whether a step takes evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceRule {
    #[default]
    None,
    Optional,
    Required,
}

impl EvidenceRule {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::None, Self::Optional, Self::Required];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }
}

impl Procedure {
    /// The steps a session records, in order: all but the end.
    pub fn work(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.kind == StepKind::ProcedureStep)
    }

    /// Sum of the estimates, in minutes; steps without one count nothing.
    #[must_use]
    pub fn estimate_minutes(&self) -> u32 {
        self.work().filter_map(|step| step.estimate_minutes).fold(0, u32::saturating_add)
    }

    /// The rules of steps (F02): 2 to [`STEPS_MAX`] steps, the last and only the last of them a
    /// [`StepKind::ProcedureEnd`]; ids unique; texts and estimates within their limits.
    ///
    /// A procedure with nothing but an end is refused: its sessions would be complete before anyone started them, and
    /// a batch of those reads like work that was done.
    ///
    /// # Errors
    /// The first broken rule with its path, relative to the structure: `steps[2].title`.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.steps.len() > STEPS_MAX {
            let message = format!("has {} steps; at most {STEPS_MAX} are allowed", self.steps.len());
            return Err(Invalid::new("steps", message));
        }
        let mut ids = HashMap::new();
        for (index, step) in self.steps.iter().enumerate() {
            let at = format!("steps[{index}]");
            step.check().map_err(|invalid| invalid.under(&at))?;
            if let Some(first) = ids.insert(step.id.0.as_str(), index) {
                let message = format!("`{}` is already the id of steps[{first}]", step.id.0);
                return Err(Invalid::new(format!("{at}.id"), message));
            }
            if step.kind == StepKind::ProcedureEnd && index + 1 < self.steps.len() {
                return Err(Invalid::new(format!("{at}.type"), "the procedure_end must be the last step"));
            }
        }
        if self.steps.last().is_none_or(|step| step.kind != StepKind::ProcedureEnd) {
            return Err(Invalid::new("steps", "must end with a step of type procedure_end"));
        }
        if self.steps.len() == 1 {
            return Err(Invalid::new(
                "steps",
                "must hold a procedure_step: with an end alone there is no work",
            ));
        }
        Ok(())
    }
}

impl Step {
    fn check(&self) -> Result<(), Invalid> {
        check_id("id", &self.id.0)?;
        text::name("title", &self.title)?;
        text::body("description", &self.description, LONG_TEXT_MAX)?;
        text::body("rollback", &self.rollback, LONG_TEXT_MAX)?;
        match self.estimate_minutes {
            Some(minutes) if !(1..=ESTIMATE_MAX).contains(&minutes) => {
                let message = format!("is {minutes}; 1 to {ESTIMATE_MAX} minutes are allowed");
                Err(Invalid::new("estimate_minutes", message))
            }
            _ => Ok(()),
        }
    }
}

/// An id of a step or node: 1 to [`ID_MAX`] characters, not blank, on one line.
pub(super) fn check_id(field: &str, id: &str) -> Result<(), Invalid> {
    let count = id.chars().count();
    if id.trim().is_empty() {
        return Err(Invalid::new(field, "must not be empty"));
    }
    if count > ID_MAX {
        return Err(Invalid::new(field, format!("has {count} characters; at most {ID_MAX} are allowed")));
    }
    if id.chars().any(char::is_control) {
        return Err(Invalid::new(field, "must not contain line breaks or control characters"));
    }
    Ok(())
}

/// `wanted`, or the first of `wanted-2`, `wanted-3`, … that is not `taken`: an id for a new step or node.
#[must_use]
pub fn unused_id(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut id = wanted.to_owned();
    let mut next = 2_u32;
    while taken(&id) {
        id = format!("{wanted}-{next}");
        next += 1;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: &str, kind: StepKind) -> Step {
        Step {
            id: StepId(id.to_owned()),
            kind,
            title: "Title".to_owned(),
            description: String::new(),
            content_type: ContentType::Action,
            estimate_minutes: None,
            evidence: EvidenceRule::None,
            rollback: String::new(),
        }
    }

    fn three() -> Procedure {
        let kinds = [StepKind::ProcedureStep, StepKind::ProcedureStep, StepKind::ProcedureEnd];
        Procedure {
            steps: ["a", "b", "c"].into_iter().zip(kinds).map(|(id, kind)| step(id, kind)).collect(),
            sign_off: SignOffRule::None,
        }
    }

    fn field(change: impl FnOnce(&mut Vec<Step>)) -> String {
        let mut procedure = three();
        change(&mut procedure.steps);
        procedure.check().unwrap_err().field
    }

    #[test]
    fn every_rule_names_its_path() {
        assert!(three().check().is_ok());
        assert_eq!(field(Vec::clear), "steps");
        assert_eq!(field(|s| s.truncate(2)), "steps");
        assert_eq!(field(|s| drop(s.drain(..2))), "steps");
        assert_eq!(field(|s| s.resize(501, step("x", StepKind::ProcedureStep))), "steps");
        assert_eq!(field(|s| s[1].id.0 = "a".into()), "steps[1].id");
        assert_eq!(field(|s| s[1].id.0 = " ".into()), "steps[1].id");
        assert_eq!(field(|s| s[1].id.0 = "x".repeat(101)), "steps[1].id");
        assert_eq!(field(|s| s[1].id.0 = "a\nb".into()), "steps[1].id");
        assert_eq!(field(|s| s[1].title = " ".into()), "steps[1].title");
        assert_eq!(field(|s| s[2].description = "x".repeat(20_001)), "steps[2].description");
        assert_eq!(field(|s| s[0].estimate_minutes = Some(0)), "steps[0].estimate_minutes");
        assert_eq!(field(|s| s[0].estimate_minutes = Some(10_081)), "steps[0].estimate_minutes");
        assert_eq!(field(|s| s[0].kind = StepKind::ProcedureEnd), "steps[0].type");
    }

    #[test]
    fn limits_are_inclusive() {
        let mut procedure = three();
        let end = procedure.steps.pop().unwrap();
        procedure.steps = (0..499).map(|n| step(&n.to_string(), StepKind::ProcedureStep)).collect();
        procedure.steps.push(end);
        procedure.steps[0].estimate_minutes = Some(ESTIMATE_MAX);
        procedure.steps[0].id.0 = "é".repeat(ID_MAX);
        assert!(procedure.check().is_ok());
        assert_eq!(procedure.estimate_minutes(), ESTIMATE_MAX);
    }
}
