//! The files [`export`] writes, and their reading.
//!
//! ```text
//! # Name
//!
//! description, as it is
//!
//! ## Steps <!-- maintenance-flows: steps -->
//!
//! - [ ] Title (10 min) <!-- check, evidence required -->
//!
//!   description, every line indented by two blanks
//!
//! - Done <!-- end -->
//! ```
//!
//! The last marked heading counts, and nothing after it begins at the margin but titles and the block at the end. So no
//! text of a flow, not even an exported flow in a description, can be mistaken for the structure around it.

use super::definitions::Definitions;
use super::title::{self, Title};
use super::{BLOCK_INFO, Draft, EXTRA_VERSION, Extra, Imported, invalid, procedure};
use crate::Invalid;
use crate::flow::structure::tidied;
use crate::flow::{FlowType, NodeKind, Outcome, StepKind, Structure, Tree};
use crate::intake::IntakeForm;
use std::collections::HashMap;

const STEPS: &str = "## Steps <!-- maintenance-flows: steps -->";
const TREE: &str = "## Decision tree <!-- maintenance-flows: tree -->";
const FENCE: &str = "```";

/// Writes a flow as Markdown that people can read and edit and that [`super::import`] reads back to the same flow: name,
/// description, steps and intake form alike, all but the ids of steps. A tree is there twice: as an outline to read, and
/// whole in the block at the end, which is what counts.
///
/// Exact for what is stored: a valid name, texts and structure that are [`Structure::normalised`] and [`tidied`].
#[must_use]
pub fn export(
    name: &str,
    description: &str,
    structure: &Structure,
    intake_form: &IntakeForm,
    flow_type: FlowType,
) -> String {
    // Only in a heading does a `#` at the end need an escape.
    let mut out = format!("# {}\n", title::escaped(name).replace('#', "\\#"));
    if !description.is_empty() {
        out.push_str(&format!("\n{description}\n"));
    }
    let mut extra = Extra {
        version: EXTRA_VERSION,
        flow_type: Some(flow_type),
        intake_form: intake_form.clone(),
        ..Extra::default()
    };
    match structure {
        Structure::Procedure(procedure) => {
            extra.sign_off = procedure.sign_off;
            let rollbacks = (1..).zip(&procedure.steps).filter(|(_, step)| !step.rollback.is_empty());
            extra.rollbacks = rollbacks.map(|(place, step)| (place, step.rollback.clone())).collect();
            out.push_str(&format!("\n{STEPS}\n"));
            for step in &procedure.steps {
                let bullet = if step.kind == StepKind::ProcedureEnd { "-" } else { "- [ ]" };
                out.push_str(&format!("\n{bullet} {}\n", title::write(step)));
                push_indented(&mut out, "  ", &step.description);
            }
        }
        Structure::Tree(tree) => {
            out.push_str(&format!("\n{TREE}\n"));
            push_outline(&mut out, tree);
            extra.structure = serde_json::to_value(tree).ok();
        }
    }
    let json =
        if extra.is_plain() { serde_json::to_string(&extra) } else { serde_json::to_string_pretty(&extra) };
    out.push_str(&format!("\n{FENCE}{BLOCK_INFO}\n{}\n{FENCE}\n", json.unwrap_or_default()));
    out
}

fn push_indented(out: &mut String, indent: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    out.push('\n');
    for line in text.split('\n') {
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// The tree for reading: its nodes numbered, with what leads where.
fn push_outline(out: &mut String, tree: &Tree) {
    let numbers: HashMap<&str, usize> =
        tree.nodes.iter().enumerate().map(|(index, node)| (node.id.as_str(), index + 1)).collect();
    let number = |id: &str| numbers.get(id).copied().unwrap_or_default();
    out.push_str(&format!(
        "\nStarts at {}. The block at the end of this file is what counts.\n",
        number(&tree.start)
    ));
    for (index, node) in tree.nodes.iter().enumerate() {
        out.push_str(&format!("\n### {}. {}\n", index + 1, title::escaped(&node.title)));
        push_indented(out, "> ", &node.description);
        out.push('\n');
        match &node.kind {
            NodeKind::Question { answers } => {
                for answer in answers {
                    let back = if answer.go_back { "back to" } else { "go to" };
                    let label = title::escaped(&answer.label);
                    out.push_str(&format!("- {label} \u{2192} {back} {}\n", number(&answer.to)));
                }
            }
            NodeKind::Action { next } => out.push_str(&format!("- Then \u{2192} go to {}\n", number(next))),
            NodeKind::Outcome { outcome: Outcome::Resolved } => out.push_str("- Resolved\n"),
            NodeKind::Outcome { outcome: Outcome::Escalate } => out.push_str("- Escalate\n"),
        }
    }
}

/// Reads what [`export`] wrote; none if it is not that, or no longer.
pub(super) fn read(document: &str, flow_type: FlowType) -> Result<Option<Imported>, Invalid> {
    let lines: Vec<&str> = document.trim_start_matches('\n').split('\n').collect();
    let Some(marker) = lines.iter().rposition(|line| matches!(line.trim_end(), STEPS | TREE)) else {
        return Ok(None);
    };
    let Some(heading) = lines[0].strip_prefix("# ") else {
        return Ok(None);
    };
    let name = title::shortened(&title::plain(heading, &Definitions::default()).0).0;
    if name.is_empty() || marker == 0 {
        return Ok(None);
    }
    let description = tidied(&lines[1..marker].join("\n"));
    let rest = &lines[marker + 1..];
    let is_tree = lines[marker].trim_end() == TREE;
    match (is_tree, flow_type) {
        (true, FlowType::Troubleshooting) => read_tree(rest, name, description).map(Some),
        (true, _) => {
            Err(Invalid::new("flow_type", "this document holds the decision tree of a troubleshooting flow"))
        }
        (false, FlowType::Troubleshooting) => Ok(None),
        (false, _) => read_steps(rest, name, description),
    }
}

fn read_tree(lines: &[&str], name: String, description: String) -> Result<Imported, Invalid> {
    let block = lines.iter().rposition(|line| is_block(line)).map(|start| &lines[start + 1..]);
    let Some((json, _)) = block.and_then(fenced) else {
        return Err(invalid(format!("lacks its `{BLOCK_INFO}` block, which holds the tree")));
    };
    let extra = Extra::read(&json)?;
    let Some(value) = &extra.structure else {
        return Err(invalid(format!("the `{BLOCK_INFO}` block holds no tree")));
    };
    let structure = Structure::from_value(value).map_err(|error| invalid(error.to_string()))?;
    Ok(Imported { name, description, structure, intake_form: extra.intake_form })
}

fn read_steps(lines: &[&str], name: String, description: String) -> Result<Option<Imported>, Invalid> {
    let mut items: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut extra = Extra::default();
    for (index, line) in lines.iter().enumerate() {
        if is_block(line) {
            let Some((json, after)) = fenced(&lines[index + 1..]) else {
                return Ok(None);
            };
            if after.iter().any(|line| !line.trim().is_empty()) {
                return Ok(None);
            }
            extra = Extra::read(&json)?;
            break;
        }
        if let Some(title) = line.strip_prefix("- ") {
            let boxed = ["[ ] ", "[x] ", "[X] "].into_iter().find_map(|mark| title.strip_prefix(mark));
            items.push((boxed.unwrap_or(title), Vec::new()));
            continue;
        }
        let blank = line.trim().is_empty();
        let body = line.strip_prefix("  ").or_else(|| blank.then(|| line.trim_start_matches(' ')));
        match (body, items.last_mut()) {
            (Some(body), Some((_, description))) => description.push(body),
            (_, None) if blank => {}
            // Something was written at the margin: an edited file, and a runbook like any other.
            _ => return Ok(None),
        }
    }
    let drafts: Vec<Draft> = items
        .into_iter()
        .map(|(line, body)| Draft {
            title: Title::read(line, &Definitions::default()),
            description: tidied(&body.join("\n")),
        })
        .collect();
    // Titles the reader of runbooks knows how to complete, and an end that something was added behind.
    let last = drafts.len().saturating_sub(1);
    let edited = |(index, draft): (usize, &Draft)| {
        draft.title.text.is_empty() || draft.title.original.is_some() || (draft.title.is_end && index != last)
    };
    if drafts.iter().enumerate().any(edited) {
        return Ok(None);
    }
    let (procedure, intake_form) = extra.complete(procedure(drafts, "")?);
    Ok(Some(Imported { name, description, structure: Structure::Procedure(procedure), intake_form }))
}

fn is_block(line: &str) -> bool {
    line.strip_prefix(FENCE).is_some_and(|info| info.trim_end() == BLOCK_INFO)
}

/// The lines up to the closing fence, and those after it.
fn fenced<'a, 'l>(lines: &'a [&'l str]) -> Option<(String, &'a [&'l str])> {
    let end = lines.iter().position(|line| line.trim_end() == FENCE)?;
    Some((lines[..end].join("\n"), &lines[end + 1..]))
}
