//! What differs between two states of a flow: the texts about it, its steps or nodes, and its intake form.
//!
//! Pieces (steps, nodes, intake fields) are matched by id, so a renamed step is one change and not a removal beside an
//! addition. Of the pieces both states have, as few as possible are told as moved: putting a step in front moves none.
//! Deliberately absent: differences within a text, which are for whoever shows them.

use super::{FlowType, Node, NodeKind, Step, Structure};
use crate::intake::{IntakeField, IntakeForm};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The content of a flow at one revision.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub flow_type: FlowType,
    pub structure: &'a Structure,
    pub intake_form: &'a IntakeForm,
}

/// Everything that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// `name`, `description`, `flow_type`, for steps the rule of `sign_off`, for a tree the node it starts at, `start`.
    pub fields: Vec<FieldChange>,
    pub steps: Vec<PieceChange>,
    pub nodes: Vec<PieceChange>,
    pub intake_form: Vec<PieceChange>,
}

/// A value that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The name on the wire: `title`, `estimate_minutes`, `answers[Yes].to`.
    pub field: String,
    /// `None` when there was none.
    pub before: Option<String>,
    /// `None` when there is none any more.
    pub after: Option<String>,
}

/// A step, node or intake field that is not what or where it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceChange {
    /// A step's or node's id, an intake field's key.
    pub id: String,
    /// As it is called afterwards, or was called before it was removed.
    pub title: String,
    pub change: Change,
    /// It also stands at another place among those that stayed.
    pub moved: bool,
    /// Its place before, from 1.
    pub from: Option<u32>,
    /// Its place afterwards, from 1.
    pub to: Option<u32>,
    /// What it holds: what differs, or everything when it was added or removed.
    pub fields: Vec<FieldChange>,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Added,
    Removed,
    Changed,
    /// It says the same, at another place.
    Moved,
}

impl Difference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
            && self.steps.is_empty()
            && self.nodes.is_empty()
            && self.intake_form.is_empty()
    }
}

/// What differs between two states of a flow. In the order of the later one; what was removed stands last.
#[must_use]
pub fn difference(before: Content<'_>, after: Content<'_>) -> Difference {
    let start = |structure: &Structure| structure.as_tree().map(|tree| tree.start.clone());
    let texts = |content: &Content<'_>| {
        let mut texts = vec![
            ("name".to_owned(), content.name.to_owned()),
            ("description".to_owned(), content.description.to_owned()),
            ("flow_type".to_owned(), content.flow_type.as_str().to_owned()),
        ];
        texts.extend(start(content.structure).map(|id| ("start".to_owned(), id)));
        texts.extend(content.structure.as_procedure().map(|p| ("sign_off".to_owned(), word(&p.sign_off))));
        texts
    };
    let steps = |structure: &Structure| -> Vec<Piece> {
        structure.as_procedure().map(|p| p.steps.iter().map(of_step).collect()).unwrap_or_default()
    };
    let nodes = |structure: &Structure| -> Vec<Piece> {
        structure.as_tree().map(|tree| tree.nodes.iter().map(of_node).collect()).unwrap_or_default()
    };
    let asked = |form: &IntakeForm| -> Vec<Piece> { form.0.iter().map(of_intake).collect() };
    Difference {
        fields: changed(&texts(&before), &texts(&after)),
        steps: pieces(&steps(before.structure), &steps(after.structure)),
        nodes: pieces(&nodes(before.structure), &nodes(after.structure)),
        intake_form: pieces(&asked(before.intake_form), &asked(after.intake_form)),
    }
}

/// Names and values, in the order they are shown. Nothing stands for a blank.
type Fields = Vec<(String, String)>;

struct Piece {
    id: String,
    title: String,
    fields: Fields,
}

/// A word as it stands on the wire.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

fn fields(of: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Fields {
    of.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|text| !text.is_empty())?)))
        .collect()
}

fn of_step(step: &Step) -> Piece {
    Piece {
        id: step.id.0.clone(),
        title: step.title.clone(),
        fields: fields([
            ("type", Some(word(&step.kind))),
            ("title", Some(step.title.clone())),
            ("description", Some(step.description.clone())),
            ("content_type", Some(word(&step.content_type))),
            ("estimate_minutes", step.estimate_minutes.map(|minutes| minutes.to_string())),
            ("evidence", Some(word(&step.evidence))),
            ("rollback", Some(step.rollback.clone())),
        ]),
    }
}

fn of_node(node: &Node) -> Piece {
    let kind = match node.kind {
        NodeKind::Question { .. } => "question",
        NodeKind::Action { .. } => "action",
        NodeKind::Outcome { .. } => "outcome",
    };
    let mut all = fields([
        ("type", Some(kind.to_owned())),
        ("title", Some(node.title.clone())),
        ("description", Some(node.description.clone())),
    ]);
    match &node.kind {
        NodeKind::Question { answers } => {
            // Their order is a value of its own: an answer that moved leads where it led.
            let order: Vec<&str> = answers.iter().map(|answer| answer.label.as_str()).collect();
            all.push(("answers".to_owned(), order.join(" · ")));
            for answer in answers {
                all.push((format!("answers[{}].to", answer.label), answer.to.clone()));
                if answer.go_back {
                    all.push((format!("answers[{}].go_back", answer.label), "true".to_owned()));
                }
            }
        }
        NodeKind::Action { next } => all.push(("next".to_owned(), next.clone())),
        NodeKind::Outcome { outcome } => all.push(("outcome".to_owned(), word(outcome))),
    }
    Piece { id: node.id.clone(), title: node.title.clone(), fields: all }
}

fn of_intake(field: &IntakeField) -> Piece {
    Piece {
        id: field.key.clone(),
        title: field.label.clone(),
        fields: fields([
            ("label", Some(field.label.clone())),
            ("type", Some(word(&field.kind))),
            ("required", field.required.then(|| "true".to_owned())),
            ("options", Some(field.options.join(" · "))),
            ("default", field.default.clone()),
            ("help", field.help.clone()),
        ]),
    }
}

/// The values that differ, in the later order; those that are gone stand last.
fn changed(before: &[(String, String)], after: &[(String, String)]) -> Vec<FieldChange> {
    let value = |of: &[(String, String)], name: &str| {
        of.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let mut names: Vec<&str> = after.iter().map(|(name, _)| name.as_str()).collect();
    names.extend(before.iter().map(|(name, _)| name.as_str()).filter(|name| value(after, name).is_none()));
    names
        .into_iter()
        .map(|name| FieldChange {
            field: name.to_owned(),
            before: value(before, name),
            after: value(after, name),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn pieces(before: &[Piece], after: &[Piece]) -> Vec<PieceChange> {
    let place = |index: usize| u32::try_from(index + 1).ok();
    let was: HashMap<&str, usize> = before.iter().enumerate().map(|(at, p)| (p.id.as_str(), at)).collect();
    let is: HashSet<&str> = after.iter().map(|piece| piece.id.as_str()).collect();
    let stayed: Vec<usize> = after.iter().filter_map(|piece| was.get(piece.id.as_str()).copied()).collect();
    let in_order = longest_rising(&stayed);

    let mut changes = Vec::new();
    for (at, piece) in after.iter().enumerate() {
        let earlier = was.get(piece.id.as_str()).copied();
        let moved = earlier.is_some_and(|earlier| !in_order.contains(&earlier));
        let fields = changed(earlier.map_or(&[], |earlier| &before[earlier].fields), &piece.fields);
        let change = match (earlier, fields.is_empty(), moved) {
            (None, ..) => Change::Added,
            (Some(_), false, _) => Change::Changed,
            (Some(_), true, true) => Change::Moved,
            (Some(_), true, false) => continue,
        };
        let (from, to) = (earlier.and_then(place), place(at));
        changes.push(PieceChange {
            id: piece.id.clone(),
            title: piece.title.clone(),
            change,
            moved,
            from,
            to,
            fields,
        });
    }
    for (at, piece) in before.iter().enumerate().filter(|(_, piece)| !is.contains(piece.id.as_str())) {
        changes.push(PieceChange {
            id: piece.id.clone(),
            title: piece.title.clone(),
            change: Change::Removed,
            moved: false,
            from: place(at),
            to: None,
            fields: changed(&piece.fields, &[]),
        });
    }
    changes
}

/// The values of a longest rising subsequence: what kept its order. Flows have hundreds of pieces, not more.
fn longest_rising(values: &[usize]) -> HashSet<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let longest =
            (0..at).filter(|earlier| values[*earlier] < *value).max_by_key(|earlier| best[*earlier].0);
        best.push((longest.map_or(1, |earlier| best[earlier].0 + 1), longest));
    }
    let mut kept = HashSet::new();
    let mut at = (0..values.len()).max_by_key(|at| best[*at].0);
    while let Some(index) = at {
        kept.insert(values[index]);
        at = best[index].1;
    }
    kept
}

#[cfg(test)]
mod tests;
