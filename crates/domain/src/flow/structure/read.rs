//! Reads a structure from JSON, naming the path of whatever does not fit.
//!
//! By hand instead of derived: a derived reader of an untagged enum answers "did not match any variant", and cannot
//! refuse unknown fields of a flattened node. Paths are relative to the structure.

use super::Structure;
use crate::Invalid;
use crate::flow::procedure::unused_id;
use crate::flow::{Answer, Node, NodeKind, Procedure, Step, StepId, Tree};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashSet;

pub(super) fn structure(value: &Value) -> Result<Structure, Invalid> {
    let object = Object::of(String::new(), value)?;
    if object.has("steps") {
        object.only(&["steps", "sign_off"])?;
        return procedure(&object).map(Structure::Procedure);
    }
    if object.has("nodes") || object.has("start") {
        object.only(&["start", "nodes"])?;
        return tree(&object).map(Structure::Tree);
    }
    Err(Invalid::new("", "must be {\"steps\":[…]} or, for troubleshooting, {\"start\":…,\"nodes\":[…]}"))
}

fn procedure(object: &Object<'_>) -> Result<Procedure, Invalid> {
    let read = object.list("steps")?.into_iter().map(step).collect::<Result<Vec<_>, _>>()?;
    let mut taken: HashSet<String> = read.iter().filter_map(|(id, _)| id.clone()).collect();
    let steps = read
        .into_iter()
        .enumerate()
        .map(|(index, (id, mut step))| {
            // By position, not at random: the same request twice must make the same flow.
            let id = id.unwrap_or_else(|| unused_id(&format!("step-{}", index + 1), |id| taken.contains(id)));
            taken.insert(id.clone());
            step.id = StepId(id);
            step
        })
        .collect();
    Ok(Procedure { steps, sign_off: object.optional("sign_off")?.unwrap_or_default() })
}

fn step(object: Object<'_>) -> Result<(Option<String>, Step), Invalid> {
    object.only(&[
        "id",
        "type",
        "title",
        "description",
        "content_type",
        "estimate_minutes",
        "evidence",
        "rollback",
    ])?;
    let id: Option<String> = object.optional("id")?;
    let step = Step {
        id: StepId(String::new()),
        kind: object.required("type")?,
        title: object.required("title")?,
        description: object.optional("description")?.unwrap_or_default(),
        content_type: object.optional("content_type")?.unwrap_or_default(),
        estimate_minutes: object.optional("estimate_minutes")?,
        evidence: object.optional("evidence")?.unwrap_or_default(),
        rollback: object.optional("rollback")?.unwrap_or_default(),
    };
    Ok((id, step))
}

fn tree(object: &Object<'_>) -> Result<Tree, Invalid> {
    let start = object.required("start")?;
    let nodes =
        object.list("nodes")?.into_iter().map(|node_object| node(&node_object)).collect::<Result<_, _>>()?;
    Ok(Tree { start, nodes })
}

fn node(object: &Object<'_>) -> Result<Node, Invalid> {
    let kind: String = object.required("type")?;
    let own = match kind.as_str() {
        "question" => "answers",
        "action" => "next",
        "outcome" => "outcome",
        other => {
            let message = format!("`{other}` is not known; question, action and outcome are");
            return Err(Invalid::new(object.path("type"), message));
        }
    };
    object.only(&["id", "title", "description", "type", own])?;
    Ok(Node {
        id: object.required("id")?,
        title: object.required("title")?,
        description: object.optional("description")?.unwrap_or_default(),
        kind: match own {
            "answers" => NodeKind::Question {
                answers: object.list("answers")?.into_iter().map(answer).collect::<Result<_, _>>()?,
            },
            "next" => NodeKind::Action { next: object.required("next")? },
            _ => NodeKind::Outcome { outcome: object.required("outcome")? },
        },
    })
}

fn answer(object: Object<'_>) -> Result<Answer, Invalid> {
    object.only(&["label", "to", "go_back"])?;
    Ok(Answer {
        label: object.required("label")?,
        to: object.required("to")?,
        go_back: object.optional("go_back")?.unwrap_or_default(),
    })
}

/// A JSON object and where it stands.
struct Object<'v> {
    at: String,
    fields: &'v Map<String, Value>,
}

impl<'v> Object<'v> {
    fn of(at: String, value: &'v Value) -> Result<Self, Invalid> {
        match value.as_object() {
            Some(fields) => Ok(Self { at, fields }),
            None => Err(Invalid::new(at, "must be a JSON object")),
        }
    }

    fn path(&self, key: &str) -> String {
        if self.at.is_empty() { key.to_owned() } else { format!("{}.{key}", self.at) }
    }

    fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    fn only(&self, known: &[&str]) -> Result<(), Invalid> {
        match self.fields.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Invalid::new(self.path(key), "is not a field that belongs here")),
            None => Ok(()),
        }
    }

    /// A field that may be left out; `null` is leaving it out.
    fn optional<T: Deserialize<'v>>(&self, key: &str) -> Result<Option<T>, Invalid> {
        match self.fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(value)
                .map(Some)
                .map_err(|error| Invalid::new(self.path(key), error.to_string())),
        }
    }

    fn required<T: Deserialize<'v>>(&self, key: &str) -> Result<T, Invalid> {
        self.optional(key)?.ok_or_else(|| Invalid::new(self.path(key), "is required"))
    }

    fn list(&self, key: &str) -> Result<Vec<Object<'v>>, Invalid> {
        let path = self.path(key);
        let value = self.fields.get(key).ok_or_else(|| Invalid::new(&path, "is required"))?;
        let items = value.as_array().ok_or_else(|| Invalid::new(&path, "must be a list"))?;
        items.iter().enumerate().map(|(index, item)| Object::of(format!("{path}[{index}]"), item)).collect()
    }
}
