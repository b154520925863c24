//! A decision tree as it is being written. How it is laid out is in [`layout`].
//!
//! A link that leads nowhere yet is an empty id. The domain's check names the first broken rule; what a person wants to
//! see at once (every missing link, every node nobody reaches) is looked for here.

mod layout;

pub use layout::{Drawing, Line, draw};

use super::editor::Problem;
use mf_domain::flow::procedure::unused_id;
use mf_domain::flow::{Answer, Node, NodeKind, Outcome, Tree};
use mf_domain::text::{self, LONG_TEXT_MAX};
use std::rc::Rc;

/// All that is typed of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeDraft {
    pub start: String,
    pub nodes: Vec<Rc<Node>>,
}

/// The kinds of a node, by name.
#[must_use]
pub fn kind_name(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Question { .. } => "question",
        NodeKind::Action { .. } => "action",
        NodeKind::Outcome { outcome: Outcome::Resolved } => "resolved",
        NodeKind::Outcome { outcome: Outcome::Escalate } => "escalate",
    }
}

fn answer(label: &str) -> Answer {
    Answer { label: label.to_owned(), to: String::new(), go_back: false }
}

fn kind_of(name: &str) -> NodeKind {
    match name {
        "action" => NodeKind::Action { next: String::new() },
        "resolved" => NodeKind::Outcome { outcome: Outcome::Resolved },
        "escalate" => NodeKind::Outcome { outcome: Outcome::Escalate },
        _ => NodeKind::Question { answers: vec![answer("Yes"), answer("No")] },
    }
}

/// What leads on from a node: the place of the answer (none for an action), where to, and whether it goes back.
pub(super) fn links(node: &Node) -> Vec<(Option<usize>, &str, bool)> {
    match &node.kind {
        NodeKind::Question { answers } => {
            answers.iter().enumerate().map(|(at, a)| (Some(at), a.to.as_str(), a.go_back)).collect()
        }
        NodeKind::Action { next } => vec![(None, next.as_str(), false)],
        NodeKind::Outcome { .. } => Vec::new(),
    }
}

impl TreeDraft {
    /// One question, with its two answers still leading nowhere.
    #[must_use]
    pub fn empty() -> Self {
        let node = Node {
            id: "start".to_owned(),
            title: String::new(),
            description: String::new(),
            kind: kind_of("question"),
        };
        Self { start: "start".to_owned(), nodes: vec![Rc::new(node)] }
    }

    /// The tree as it is stored.
    #[must_use]
    pub fn of(tree: &Tree) -> Self {
        Self { start: tree.start.clone(), nodes: tree.nodes.iter().cloned().map(Rc::new).collect() }
    }

    /// The tree as typed.
    #[must_use]
    pub fn typed(&self) -> Tree {
        Tree { start: self.start.clone(), nodes: self.nodes.iter().map(|node| (**node).clone()).collect() }
    }

    pub(super) fn node_mut(&mut self, at: usize) -> Option<&mut Node> {
        self.nodes.get_mut(at).map(Rc::make_mut)
    }

    pub(super) fn answer_mut(&mut self, at: usize, slot: usize) -> Option<&mut Answer> {
        match &mut self.node_mut(at)?.kind {
            NodeKind::Question { answers } => answers.get_mut(slot),
            NodeKind::Action { .. } | NodeKind::Outcome { .. } => None,
        }
    }

    /// Where a node stands.
    fn place(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// A new node of a kind behind the place; answers its place.
    pub fn add(&mut self, at: usize, kind: &str) -> usize {
        let at = at.min(self.nodes.len());
        let taken = |id: &str| self.nodes.iter().any(|node| node.id == id);
        let id = unused_id(&format!("node-{}", self.nodes.len() + 1), taken);
        let node = Node { id, title: String::new(), description: String::new(), kind: kind_of(kind) };
        self.nodes.insert(at, Rc::new(node));
        at
    }

    /// A copy behind the node.
    pub fn duplicate(&mut self, at: usize) {
        if let Some(node) = self.nodes.get(at).cloned() {
            let copy = self.add(at + 1, "question");
            if let Some(new) = self.node_mut(copy) {
                *new = Node { id: std::mem::take(&mut new.id), ..(*node).clone() };
            }
        }
    }

    /// Deletes a node. What led to it leads nowhere, until somebody says where to.
    pub fn delete(&mut self, at: usize) {
        if at >= self.nodes.len() || self.nodes.len() == 1 {
            return;
        }
        let gone = self.nodes.remove(at).id.clone();
        for index in 0..self.nodes.len() {
            let slots: Vec<Option<usize>> =
                links(&self.nodes[index]).iter().filter(|link| link.1 == gone).map(|link| link.0).collect();
            for slot in slots {
                self.link(index, slot, "");
            }
        }
        if self.start == gone {
            self.start = self.nodes.first().map(|node| node.id.clone()).unwrap_or_default();
        }
    }

    /// Leads an answer, or an action, to another node: by id, or `new:question` and so on for one that is made now.
    pub fn link(&mut self, at: usize, slot: Option<usize>, to: &str) {
        let to = match to.strip_prefix("new:") {
            Some(kind) => {
                let new = self.add(self.nodes.len(), kind);
                self.nodes[new].id.clone()
            }
            None => to.to_owned(),
        };
        match (slot, self.node_mut(at).map(|node| &mut node.kind)) {
            (None, Some(NodeKind::Action { next })) => *next = to,
            (Some(slot), Some(NodeKind::Question { answers })) => {
                if let Some(answer) = answers.get_mut(slot) {
                    answer.to = to;
                }
            }
            _ => {}
        }
    }

    /// Makes a node another kind. What it led to first, it leads to still.
    pub fn set_kind(&mut self, at: usize, name: &str) {
        let Some(node) = self.node_mut(at) else { return };
        if kind_name(&node.kind) == name {
            return;
        }
        let first = links(node).first().map(|link| link.1.to_owned()).unwrap_or_default();
        node.kind = kind_of(name);
        match &mut node.kind {
            NodeKind::Action { next } => *next = first,
            NodeKind::Question { answers } => answers[0].to = first,
            NodeKind::Outcome { .. } => {}
        }
    }

    /// One more answer of a question.
    pub fn add_answer(&mut self, at: usize) {
        if let Some(NodeKind::Question { answers }) = self.node_mut(at).map(|node| &mut node.kind) {
            answers.push(answer(""));
        }
    }

    /// One answer less.
    pub fn delete_answer(&mut self, at: usize, slot: usize) {
        if let Some(NodeKind::Question { answers }) = self.node_mut(at).map(|node| &mut node.kind)
            && slot < answers.len()
        {
            answers.remove(slot);
        }
    }

    /// Which nodes can be reached from the start without going back.
    fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        let mut open: Vec<usize> = self.place(&self.start).into_iter().collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                let ahead = links(&self.nodes[at]).into_iter().filter(|link| !link.2);
                open.extend(ahead.filter_map(|link| self.place(link.1)));
            }
        }
        reached
    }

    /// Everything that is wrong, with the paths the domain uses.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut note = |field: String, message: &str| {
            problems.push(Problem { field, message: message.to_owned() });
        };
        let reached = self.reached();
        for (at, node) in self.nodes.iter().enumerate() {
            let path = |field: &str| format!("nodes[{at}].{field}");
            if let Err(invalid) = text::name("title", &node.title) {
                note(path("title"), &invalid.message);
            }
            if let Err(invalid) = text::body("description", &node.description, LONG_TEXT_MAX) {
                note(path("description"), &invalid.message);
            }
            if let NodeKind::Question { answers } = &node.kind {
                for (slot, answer) in answers.iter().enumerate() {
                    if let Err(invalid) = text::name("label", &answer.label) {
                        note(path(&format!("answers[{slot}].label")), &invalid.message);
                    }
                }
            }
            for (slot, to, _) in links(node) {
                if self.place(to).is_none() {
                    let field = slot.map_or_else(|| "next".to_owned(), |slot| format!("answers[{slot}].to"));
                    note(path(&field), "leads nowhere yet");
                }
            }
            if !reached[at] {
                note(format!("nodes[{at}]"), "nothing leads here from the start");
            }
        }
        if problems.is_empty()
            && let Err(invalid) = self.typed().check()
        {
            problems.push(Problem { field: invalid.field, message: invalid.message });
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question with two answers, one of which leads to an action and on to the end.
    pub(super) fn tree() -> TreeDraft {
        let mut tree = TreeDraft::empty();
        tree.node_mut(0).unwrap().title = "Is it on?".into();
        tree.link(0, Some(0), "new:resolved");
        tree.link(0, Some(1), "new:action");
        tree.node_mut(1).unwrap().title = "Good".into();
        tree.node_mut(2).unwrap().title = "Switch it on".into();
        let end = tree.nodes[1].id.clone();
        tree.link(2, None, &end);
        tree
    }

    fn fields(tree: &TreeDraft) -> Vec<String> {
        tree.problems().into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn a_new_tree_says_what_is_missing_and_a_finished_one_nothing() {
        assert_eq!(
            fields(&TreeDraft::empty()),
            ["nodes[0].title", "nodes[0].answers[0].to", "nodes[0].answers[1].to"]
        );
        assert!(tree().problems().is_empty(), "{:?}", tree().problems());
    }

    #[test]
    fn a_deleted_node_leaves_links_that_lead_nowhere() {
        let mut tree = tree();
        tree.delete(1);
        assert_eq!(fields(&tree), ["nodes[0].answers[0].to", "nodes[1].next"]);
        // The last node stays, and a new start is found.
        tree.delete(0);
        assert_eq!((tree.nodes.len(), tree.start.as_str()), (1, tree.nodes[0].id.clone().as_str()));
        tree.delete(0);
        assert_eq!(tree.nodes.len(), 1);
    }

    #[test]
    fn a_cycle_is_named_unless_the_answer_goes_back() {
        let mut tree = tree();
        tree.add_answer(0);
        tree.answer_mut(0, 2).unwrap().label = "Again".into();
        tree.link(0, Some(2), "start");
        assert_eq!(fields(&tree), ["nodes[0].answers[2].to"]);
        tree.answer_mut(0, 2).unwrap().go_back = true;
        assert!(tree.problems().is_empty());
    }

    #[test]
    fn what_nothing_leads_to_is_named_and_stands_last() {
        let mut tree = tree();
        let lost = tree.add(0, "escalate");
        tree.node_mut(lost).unwrap().title = "Call".into();
        assert_eq!(fields(&tree), ["nodes[0]"]);
        assert_eq!(tree.outline().last().map(|line| (line.node, line.depth)), Some((0, 0)));
    }

    #[test]
    fn a_kind_can_be_changed_and_the_first_link_stays() {
        let mut tree = tree();
        tree.set_kind(2, "question");
        assert_eq!(links(&tree.nodes[2])[0].1, tree.nodes[1].id);
        tree.set_kind(2, "action");
        assert!(tree.problems().is_empty());
    }
}
