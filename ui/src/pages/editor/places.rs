//! Where the keyboard is in the editor, and the controls problems belong to.

use crate::browser;
use crate::state::editor::Problem;
use mf_domain::flow::FlowType;
use std::cell::RefCell;
use std::fmt::Display;
use std::rc::Rc;
use yew::prelude::*;

/// The title of the open step.
pub(super) const TITLE: &str = "step-title";
/// Its other fields.
pub(super) const DESCRIPTION: &str = "step-description";
pub(super) const ROLLBACK: &str = "step-rollback";
pub(super) const ESTIMATE: &str = "step-estimate_minutes";
/// Where the action that is open leads.
pub(super) const NEXT: &str = "step-next";
/// Adds an answer to the question that is open.
pub(super) const ADD_ANSWER: &str = "add-answer";
/// Adds a step at the end.
pub(super) const ADD: &str = "add-step";
/// What is wrong with the tree as a whole stands here.
pub(super) const TREE_FOOT: &str = "tree-foot";
pub(super) const ADD_QUESTION: &str = "add-question";

/// The line of a step or node that is closed.
pub(super) fn line_id(at: usize) -> String {
    format!("edit-line-{at}")
}

/// The line of a question that is closed.
pub(super) fn question_line_id(at: usize) -> String {
    format!("question-line-{at}")
}

/// What gets the focus after the next drawing: opening, closing and deleting take away what had it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Focus(Rc<RefCell<Option<String>>>);

impl Focus {
    pub(super) fn go(&self, id: impl Into<String>) {
        *self.0.borrow_mut() = Some(id.into());
    }
}

/// Moves the focus after drawing: what is to get it may just have come to be.
#[hook]
pub(super) fn use_focus() -> Focus {
    let focus = Focus(use_mut_ref(|| None::<String>));
    {
        let focus = focus.clone();
        use_effect(move || {
            if let Some(id) = focus.0.take() {
                browser::focus(&id);
            }
        });
    }
    focus
}

/// The step a problem is in.
pub(super) fn step_of(problem: &Problem, end: usize) -> Option<usize> {
    if problem.field.starts_with("end.") {
        return Some(end);
    }
    index_of(&problem.field, "steps[").or_else(|| index_of(&problem.field, "nodes["))
}

pub(super) fn index_of(field: &str, start: &str) -> Option<usize> {
    field.strip_prefix(start)?.split(']').next()?.parse().ok()
}

/// The label of an answer, and where it leads.
pub(super) fn answer_id(slot: impl Display, part: &str) -> String {
    format!("answer-{slot}-{part}")
}

/// The id of the control a problem belongs to. `flow_type` is the one that is chosen.
pub(super) fn control_of(problem: &Problem, flow_type: FlowType) -> String {
    let last = problem.field.rsplit('.').next().unwrap_or_default();
    if let Some((_, slot)) = problem.field.split_once(".answers[") {
        return answer_id(slot.split(']').next().unwrap_or_default(), last);
    }
    let control = match problem.field.as_str() {
        "name" | "description" => return format!("flow-{last}"),
        "flow_type" => return format!("flow-type-{}", flow_type.as_str()),
        field if let Some(index) = index_of(field, "intake_form[") => {
            // `options[2]` is in the one field for all options.
            return format!("question-{index}-{}", last.split('[').next().unwrap_or(last));
        }
        "steps" => ADD,
        "nodes" | "start" => TREE_FOOT,
        "intake_form" => ADD_QUESTION,
        _ => match last {
            "description" => DESCRIPTION,
            "rollback" => ROLLBACK,
            "estimate_minutes" => ESTIMATE,
            "answers" => ADD_ANSWER,
            "next" => NEXT,
            // The step or node as a whole is put right from its beginning on.
            _ => TITLE,
        },
    };
    control.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tree_draft::TreeDraft;
    use mf_domain::flow::{Answer, Node, NodeKind, Outcome};
    use std::collections::BTreeSet;

    fn control(field: &str) -> String {
        let problem = Problem { field: field.to_owned(), message: String::new() };
        control_of(&problem, FlowType::Procedural)
    }

    #[test]
    fn the_focus_finds_the_field_that_is_wrong() {
        assert_eq!(control("name"), "flow-name");
        assert_eq!(control("flow_type"), "flow-type-procedural");
        assert_eq!(control("steps[3].title"), "step-title");
        assert_eq!(control("end.title"), "step-title");
        assert_eq!(control("intake_form[1].options[2]"), "question-1-options");
        assert_eq!(control("intake_form"), "add-question");
        assert_eq!(control("steps"), "add-step");
        assert_eq!(control("nodes[2].answers[1].to"), "answer-1-to");
        assert_eq!(control("nodes[2].next"), "step-next");
        assert_eq!(control("nodes[2].answers"), "add-answer");
        assert_eq!(control("nodes[2]"), "step-title");
        assert_eq!((control("nodes"), control("start")), ("tree-foot".to_owned(), "tree-foot".to_owned()));
        let problem = Problem { field: "steps[3].estimate_minutes".to_owned(), message: String::new() };
        assert_eq!(step_of(&problem, 9), Some(3));
        assert_eq!(control_of(&problem, FlowType::Maintenance), "step-estimate_minutes");
    }

    fn node(id: &str, title: &str, kind: NodeKind) -> Rc<Node> {
        Rc::new(Node { id: id.to_owned(), title: title.to_owned(), description: String::new(), kind })
    }

    fn asks(answers: &[(&str, &str)]) -> NodeKind {
        let answer = |(label, to): &(&str, &str)| Answer {
            label: (*label).to_owned(),
            to: (*to).to_owned(),
            go_back: false,
        };
        NodeKind::Question { answers: answers.iter().map(answer).collect() }
    }

    #[test]
    fn whatever_is_wrong_with_a_tree_has_a_control() {
        let end = || node("e", "Good", NodeKind::Outcome { outcome: Outcome::Resolved });
        let long = |mut node: Rc<Node>| {
            Rc::make_mut(&mut node).description = "x".repeat(200_000);
            node
        };
        let act = |next: &str| NodeKind::Action { next: next.to_owned() };
        let tree = |start: &str, nodes: Vec<Rc<Node>>| TreeDraft { start: start.to_owned(), nodes };
        let many = (0..2_000).map(|number| (format!("a{number}"), "e")).collect::<Vec<_>>();
        let many: Vec<(&str, &str)> = many.iter().map(|(label, to)| (label.as_str(), *to)).collect();
        let trees = [
            TreeDraft::empty(),
            tree("e", Vec::new()),
            tree("x", vec![end()]),
            tree("q", vec![node("q", "Is it on?", asks(&[]))]),
            tree("q", vec![node("q", "Is it on?", asks(&many)), end()]),
            tree("q", vec![node("q", "Is it on?", asks(&[("", "e"), ("No", "nowhere")])), end()]),
            tree("q", vec![node("q", "Is it on?", asks(&[("Yes", "e"), ("yes", "e")])), end()]),
            tree("a", vec![long(node("a", "Switch it on", act(""))), end()]),
            tree("a", vec![node("a", "Switch it on", act("a"))]),
            tree("e", vec![end(), node("lost", "Call", act("e"))]),
            tree("e", vec![end(), end()]),
        ];
        let fields: BTreeSet<String> =
            trees.iter().flat_map(TreeDraft::problems).map(|problem| problem.field).collect();
        let controls: BTreeSet<String> = fields.iter().map(|field| control(field)).collect();
        let known = [
            ADD_ANSWER,
            "answer-0-label",
            "answer-0-to",
            "answer-1-label",
            "answer-1-to",
            DESCRIPTION,
            NEXT,
            TITLE,
            TREE_FOOT,
        ];
        assert_eq!(controls, known.map(str::to_owned).into(), "{fields:?}");
    }
}
