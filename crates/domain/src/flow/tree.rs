//! Decision trees: the structure of troubleshooting flows.
//!
//! The rules are in [`rules`]. Deliberately absent: layout. A tree says what leads where, not where it is drawn.

mod rules;

pub use rules::{ANSWERS_MAX, NODES_MAX};

use super::structure::tidied;
use serde::{Deserialize, Serialize};

/// A decision tree: nodes, and where it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// Id of the first node.
    pub start: String,
    pub nodes: Vec<Node>,
}

/// One node of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "NodeWire")]
pub struct Node {
    /// Unique within the tree.
    pub id: String,
    /// 1 to 255 characters: the question, the action, or the outcome in words.
    pub title: String,
    /// Markdown.
    #[serde(default)]
    pub description: String,
    #[serde(flatten)]
    pub kind: NodeKind,
}

/// A node as it is read. `flatten` cannot refuse unknown fields, so the fields of all kinds stand side by side here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeWire {
    id: String,
    title: String,
    #[serde(default)]
    description: String,
    #[serde(rename = "type")]
    kind: NodeType,
    answers: Option<Vec<Answer>>,
    next: Option<String>,
    outcome: Option<Outcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum NodeType {
    Question,
    Action,
    Outcome,
}

impl TryFrom<NodeWire> for Node {
    type Error = &'static str;

    fn try_from(wire: NodeWire) -> Result<Self, Self::Error> {
        let kind = match (wire.kind, wire.answers, wire.next, wire.outcome) {
            (NodeType::Question, Some(answers), None, None) => NodeKind::Question { answers },
            (NodeType::Action, None, Some(next), None) => NodeKind::Action { next },
            (NodeType::Outcome, None, None, Some(outcome)) => NodeKind::Outcome { outcome },
            (NodeType::Question, ..) => {
                return Err("a question has `answers`, and neither `next` nor `outcome`");
            }
            (NodeType::Action, ..) => {
                return Err("an action has `next`, and neither `answers` nor `outcome`");
            }
            (NodeType::Outcome, ..) => {
                return Err("an outcome has `outcome`, and neither `answers` nor `next`");
            }
        };
        Ok(Self { id: wire.id, title: wire.title, description: wire.description, kind })
    }
}

/// What a node is, with what belongs to that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NodeKind {
    /// Asks; each answer leads on.
    Question { answers: Vec<Answer> },
    /// Tells what to do, then leads to `next`.
    Action { next: String },
    /// Ends the session.
    Outcome { outcome: Outcome },
}

/// An answer of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What the button says; unique within the question.
    pub label: String,
    /// Id of the node it leads to.
    pub to: String,
    /// Marks an answer that may lead back to an earlier node. Any other cycle is refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub go_back: bool,
}

/// How a troubleshooting session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Resolved,
    Escalate,
}

impl Tree {
    /// The node of that id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Trims titles and labels and tidies descriptions.
    pub(super) fn tidy(&mut self) {
        for node in &mut self.nodes {
            node.title = node.title.trim().to_owned();
            node.description = tidied(&node.description);
            if let NodeKind::Question { answers } = &mut node.kind {
                for answer in answers {
                    answer.label = answer.label.trim().to_owned();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_keeps_its_wire_shape_and_refuses_what_does_not_belong() {
        for json in [
            r#"{"id":"a","title":"T","description":"d","type":"question","answers":[{"label":"l","to":"b","go_back":true}]}"#,
            r#"{"id":"a","title":"T","description":"","type":"action","next":"b"}"#,
            r#"{"id":"a","title":"T","description":"","type":"outcome","outcome":"escalate"}"#,
        ] {
            let node: Node = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&node).unwrap(), json);
        }
        for json in [
            r#"{"id":"a","title":"T","type":"action","next":"b","colour":"red"}"#,
            r#"{"id":"a","title":"T","type":"action","next":"b","answers":[]}"#,
            r#"{"id":"a","title":"T","type":"action"}"#,
            r#"{"id":"a","title":"T","type":"outcome","outcome":"unsure"}"#,
        ] {
            assert!(serde_json::from_str::<Node>(json).is_err(), "{json}");
        }
    }
}
