//! The structure of a flow: steps or a tree, as one value that knows its shape on the wire and its rules.
//!
//! Reading ([`Structure::from_json`], `Deserialize`) checks the shape alone: known fields, known words, right kinds of
//! value. The rules that need the flow's type are [`Structure::validate`]'s, so that a stored revision can always be
//! read, even one an older release accepted. Deliberately absent: giving a procedure its missing end outside of
//! import ([`Structure::with_end`]): someone who writes steps by hand and forgets the end is told so.

mod read;

use super::procedure::{ContentType, EvidenceRule, unused_id};
use super::variables::{may_be_of_target, names};
use super::{FlowType, Procedure, Step, StepId, StepKind, Tree};
use crate::Invalid;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Title of the end that import adds.
pub const END_TITLE: &str = "Done";

/// What a flow consists of. On the wire `{"steps":[…]}` or `{"start":id,"nodes":[…]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Structure {
    /// Ordered steps: procedural and maintenance flows.
    Procedure(Procedure),
    /// A decision tree: troubleshooting flows.
    Tree(Tree),
}

impl<'de> Deserialize<'de> for Structure {
    /// Errors name the path below the structure: `steps[2].title: is required`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        read::structure(&value).map_err(|invalid| match invalid.field.as_str() {
            "" => serde::de::Error::custom(invalid.message),
            _ => serde::de::Error::custom(invalid),
        })
    }
}

impl Structure {
    /// Reads the wire shape and gives an id to every step that has none.
    ///
    /// # Errors
    /// Names the path, for example `structure.steps[2].estimate_minutes`; `structure` when the text is not JSON.
    pub fn from_json(json: &str) -> Result<Self, Invalid> {
        let value: Value = serde_json::from_str(json)
            .map_err(|error| Invalid::new("structure", format!("is not JSON: {error}")))?;
        Self::from_value(&value)
    }

    /// As [`Structure::from_json`], for JSON that has been parsed.
    ///
    /// # Errors
    /// As [`Structure::from_json`].
    pub fn from_value(value: &Value) -> Result<Self, Invalid> {
        read::structure(value).map_err(|invalid| invalid.under("structure"))
    }

    /// The wire shape as compact JSON; [`Structure::from_json`] reads it back to an equal value.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, integers and vectors alone: there is nothing in it that serde_json can refuse.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Checks the shape against the type, then every rule of the shape.
    ///
    /// # Errors
    /// The first broken rule, in reading order, with its path: `structure.steps[2].title`,
    /// `structure.nodes[0].answers[1].to`.
    pub fn validate(&self, flow_type: FlowType) -> Result<(), Invalid> {
        let checked = match (self, flow_type) {
            (Self::Procedure(procedure), FlowType::Procedural | FlowType::Maintenance) => procedure.check(),
            (Self::Tree(tree), FlowType::Troubleshooting) => tree.check(),
            (Self::Procedure(_), FlowType::Troubleshooting) => Err(Invalid::new(
                "",
                "a troubleshooting flow is a tree: {\"start\":…,\"nodes\":[…]}, not steps",
            )),
            (Self::Tree(_), FlowType::Procedural | FlowType::Maintenance) => {
                let name = flow_type.as_str();
                Err(Invalid::new(
                    "",
                    format!("a {name} flow has ordered steps: {{\"steps\":[…]}}, not a tree"),
                ))
            }
        };
        checked.map_err(|invalid| invalid.under("structure"))
    }

    /// Titles and labels trimmed, long texts through [`tidied`]: the form that is stored. Ids and links stay.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        match &mut self {
            Self::Procedure(procedure) => {
                for step in &mut procedure.steps {
                    step.title = step.title.trim().to_owned();
                    step.description = tidied(&step.description);
                    step.rollback = tidied(&step.rollback);
                }
            }
            Self::Tree(tree) => tree.tidy(),
        }
        self
    }

    /// Adds the [`StepKind::ProcedureEnd`] a procedure lacks. For import alone; a tree is left as it is.
    #[must_use]
    pub fn with_end(mut self) -> Self {
        if let Self::Procedure(procedure) = &mut self
            && procedure.steps.iter().all(|step| step.kind != StepKind::ProcedureEnd)
        {
            procedure.steps.push(Step {
                id: StepId(unused_id("end", |id| procedure.steps.iter().any(|step| step.id.0 == id))),
                kind: StepKind::ProcedureEnd,
                title: END_TITLE.to_owned(),
                description: String::new(),
                content_type: ContentType::default(),
                estimate_minutes: None,
                evidence: EvidenceRule::default(),
                rollback: String::new(),
            });
        }
        self
    }

    /// Steps a session records, or nodes of a tree.
    #[must_use]
    pub fn step_count(&self) -> usize {
        match self {
            Self::Procedure(procedure) => procedure.work().count(),
            Self::Tree(tree) => tree.nodes.len(),
        }
    }

    /// The texts a session fills variables into, in the order of the flow.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        match self {
            Self::Procedure(procedure) => {
                for step in &procedure.steps {
                    texts.extend([step.title.as_str(), &step.description, &step.rollback]);
                }
            }
            Self::Tree(tree) => {
                for node in &tree.nodes {
                    texts.extend([node.title.as_str(), &node.description]);
                }
            }
        }
        texts
    }

    /// Whether a text speaks of the target it is carried out on: without one it reads as unfinished.
    #[must_use]
    pub fn speaks_of_target(&self) -> bool {
        self.texts().into_iter().flat_map(names).any(may_be_of_target)
    }

    /// The steps, unless it is a tree.
    #[must_use]
    pub fn as_procedure(&self) -> Option<&Procedure> {
        match self {
            Self::Procedure(procedure) => Some(procedure),
            Self::Tree(_) => None,
        }
    }

    /// The tree, unless it is steps.
    #[must_use]
    pub fn as_tree(&self) -> Option<&Tree> {
        match self {
            Self::Procedure(_) => None,
            Self::Tree(tree) => Some(tree),
        }
    }
}

/// A Markdown text as it is stored: `\n` line ends, no blank lines in front, no white space behind. Indentation of the
/// first line stays, it may be a code block.
#[must_use]
pub fn tidied(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = unix.as_str();
    while let Some((line, after)) = rest.split_once('\n')
        && line.trim().is_empty()
    {
        rest = after;
    }
    rest.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(json: &str) -> Result<Structure, Invalid> {
        Structure::from_json(&format!(r#"{{"steps":[{json}]}}"#))
    }

    const END: &str = r#"{"id":"e","type":"procedure_end","title":"Done"}"#;

    #[test]
    fn defaults_and_missing_ids_are_given_and_stay() {
        let given = r#"{"id":"step-2","type":"procedure_step","title":"A"}"#;
        let none = r#"{"type":"procedure_step","title":"B"}"#;
        let structure = steps(&format!("{given},{none},{none},{END}")).unwrap();
        let ids: Vec<_> = structure.as_procedure().unwrap().steps.iter().map(|s| s.id.0.as_str()).collect();
        assert_eq!(ids, ["step-2", "step-2-2", "step-3", "e"]);
        assert_eq!(structure.as_procedure().unwrap().steps[1].content_type, ContentType::Action);
        assert_eq!(Structure::from_json(&structure.to_json()).unwrap(), structure);
        assert_eq!(structure.step_count(), 3);
        assert!(structure.validate(FlowType::Maintenance).is_ok());
        assert_eq!(structure.validate(FlowType::Troubleshooting).unwrap_err().field, "structure");
    }

    #[test]
    fn a_wrong_shape_names_its_path() {
        for (json, field) in [
            ("[]", "structure"),
            ("{", "structure"),
            ("{}", "structure"),
            (r#"{"steps":{}}"#, "structure.steps"),
            (r#"{"steps":[],"nodes":[]}"#, "structure.nodes"),
            (r#"{"steps":[1]}"#, "structure.steps[0]"),
            (r#"{"steps":[{"type":"procedure_step"}]}"#, "structure.steps[0].title"),
            (r#"{"steps":[{"title":"x"}]}"#, "structure.steps[0].type"),
            (r#"{"steps":[{"type":"stop","title":"x"}]}"#, "structure.steps[0].type"),
            (r#"{"steps":[{"type":"procedure_step","title":"x","titel":"y"}]}"#, "structure.steps[0].titel"),
            (r#"{"steps":[{"type":"procedure_step","title":5}]}"#, "structure.steps[0].title"),
            (
                r#"{"steps":[{"type":"procedure_step","title":"x","estimate_minutes":-1}]}"#,
                "structure.steps[0].estimate_minutes",
            ),
            (r#"{"nodes":[]}"#, "structure.start"),
            (r#"{"start":"a"}"#, "structure.nodes"),
            (r#"{"start":"a","nodes":[{"id":"a","title":"x"}]}"#, "structure.nodes[0].type"),
            (r#"{"start":"a","nodes":[{"id":"a","title":"x","type":"action"}]}"#, "structure.nodes[0].next"),
            (
                r#"{"start":"a","nodes":[{"id":"a","title":"x","type":"outcome","outcome":"resolved","next":"b"}]}"#,
                "structure.nodes[0].next",
            ),
            (
                r#"{"start":"a","nodes":[{"id":"a","title":"x","type":"question","answers":[{"label":"l"}]}]}"#,
                "structure.nodes[0].answers[0].to",
            ),
            (
                r#"{"start":"a","nodes":[{"id":"a","title":"x","type":"question","answers":[{"label":"l","to":"a","x":1}]}]}"#,
                "structure.nodes[0].answers[0].x",
            ),
        ] {
            assert_eq!(Structure::from_json(json).unwrap_err().field, field, "{json}");
        }
        let error =
            serde_json::from_str::<Structure>(r#"{"steps":[{"type":"procedure_step"}]}"#).unwrap_err();
        assert_eq!(error.to_string(), "steps[0].title: is required");
    }

    #[test]
    fn only_import_adds_the_end() {
        let work = steps(r#"{"id":"end","type":"procedure_step","title":"A"}"#).unwrap();
        assert_eq!(work.validate(FlowType::Procedural).unwrap_err().field, "structure.steps");
        let whole = work.with_end();
        assert!(whole.validate(FlowType::Procedural).is_ok());
        assert_eq!(whole.as_procedure().unwrap().steps[1].id.0, "end-2");
        assert_eq!(whole.clone().with_end(), whole);
    }

    #[test]
    fn a_flow_that_speaks_of_its_target_is_told_from_one_that_does_not() {
        let speaks = |step: &str| steps(&format!("{step},{END}")).unwrap().speaks_of_target();
        assert!(!speaks(r#"{"type":"procedure_step","title":"Install {{version}}"}"#));
        assert!(speaks(r#"{"type":"procedure_step","title":"A","description":"on {{ target.ip }}"}"#));
        assert!(speaks(r#"{"type":"procedure_step","title":"A","rollback":"`{{target.label}}` back"}"#));
        let tree = r#"{"start":"a","nodes":[{"id":"a","title":"Does {{target.label}} answer?","type":"outcome","outcome":"resolved"}]}"#;
        assert!(Structure::from_json(tree).unwrap().speaks_of_target());
    }

    #[test]
    fn texts_are_tidied() {
        assert_eq!(tidied("\r\n \n  code\r\n\r\nx \n\n"), "  code\n\nx");
        assert_eq!(tidied(" \n "), "");
        let padded =
            steps(&format!(r#"{{"type":"procedure_step","title":" A "}},{END}"#)).unwrap().normalised();
        assert_eq!(padded.as_procedure().unwrap().steps[0].title, "A");
    }
}
