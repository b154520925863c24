//! The rules of decision trees (F03).
//!
//! Everything runs over indices with explicit stacks: a chain of [`NODES_MAX`] nodes must not cost a stack frame each.

use super::{Node, NodeKind, Tree};
use crate::Invalid;
use crate::flow::procedure::check_id;
use crate::occurrence::folded;
use crate::text::{self, LONG_TEXT_MAX};
use std::collections::{HashMap, HashSet};

/// Most nodes of a tree.
pub const NODES_MAX: usize = 1_000;
/// Most answers of a question: more no longer fit a screen, nor a keyboard.
pub const ANSWERS_MAX: usize = 20;

/// A link from one node to another; `slot` is the answer it belongs to, none for an action's.
#[derive(Clone, Copy)]
struct Link {
    to: usize,
    slot: Option<usize>,
    back: bool,
}

impl Tree {
    /// The rules of a tree: 1 to [`NODES_MAX`] nodes with unique ids; the start and every link exist; a question has 1
    /// to [`ANSWERS_MAX`] answers whose labels differ (ignoring case); without the answers marked `go_back` there is no
    /// cycle; such an answer leads to its own question or to a node on the way to it; every node can be reached from
    /// the start, and an outcome from every node.
    ///
    /// # Errors
    /// The first broken rule with its path, relative to the structure: `nodes[0].answers[1].to`.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.nodes.is_empty() || self.nodes.len() > NODES_MAX {
            let message = format!("has {} nodes; 1 to {NODES_MAX} are allowed", self.nodes.len());
            return Err(Invalid::new("nodes", message));
        }
        let mut ids = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            node.check().map_err(|invalid| invalid.under(&format!("nodes[{index}]")))?;
            if let Some(first) = ids.insert(node.id.as_str(), index) {
                let message = format!("`{}` is already the id of nodes[{first}]", node.id);
                return Err(Invalid::new(format!("nodes[{index}].id"), message));
            }
        }
        let Some(&start) = ids.get(self.start.as_str()) else {
            return Err(Invalid::new("start", format!("there is no node `{}`", self.start)));
        };
        let links = self.links(&ids)?;
        self.check_cycles(&links)?;
        self.check_backs(&links)?;
        let forward = reach(self.nodes.len(), [start], |node| ahead(&links[node]));
        if let Some(lost) = forward.iter().position(|reached| !reached) {
            let message = format!("`{}` cannot be reached from the start", self.nodes[lost].id);
            return Err(Invalid::new(format!("nodes[{lost}]"), message));
        }
        self.check_ends(&links)
    }

    fn links(&self, ids: &HashMap<&str, usize>) -> Result<Vec<Vec<Link>>, Invalid> {
        let find = |index: usize, slot: Option<usize>, to: &str, back: bool| match ids.get(to) {
            Some(&to) => Ok(Link { to, slot, back }),
            None => Err(Invalid::new(path(index, slot), format!("there is no node `{to}`"))),
        };
        let of = |(index, node): (usize, &Node)| match &node.kind {
            NodeKind::Outcome { .. } => Ok(Vec::new()),
            NodeKind::Action { next } => find(index, None, next, false).map(|link| vec![link]),
            NodeKind::Question { answers } => answers
                .iter()
                .enumerate()
                .map(|(slot, answer)| find(index, Some(slot), &answer.to, answer.go_back))
                .collect(),
        };
        self.nodes.iter().enumerate().map(of).collect()
    }

    /// Depth first, without `go_back`: a link to a node that is still open closes a cycle.
    fn check_cycles(&self, links: &[Vec<Link>]) -> Result<(), Invalid> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Closed,
        }
        let mut marks = vec![Mark::New; links.len()];
        for root in 0..links.len() {
            if marks[root] != Mark::New {
                continue;
            }
            marks[root] = Mark::Open;
            let mut stack = vec![(root, links[root].iter())];
            while let Some((node, rest)) = stack.last_mut() {
                let node = *node;
                let Some(link) = rest.find(|link| !link.back) else {
                    marks[node] = Mark::Closed;
                    stack.pop();
                    continue;
                };
                match marks[link.to] {
                    Mark::Closed => {}
                    Mark::New => {
                        marks[link.to] = Mark::Open;
                        stack.push((link.to, links[link.to].iter()));
                    }
                    Mark::Open => {
                        let to = &self.nodes[link.to].id;
                        let message =
                            format!("leads back to `{to}`; only an answer marked go_back may do that");
                        return Err(Invalid::new(path(node, link.slot), message));
                    }
                }
            }
        }
        Ok(())
    }

    fn check_backs(&self, links: &[Vec<Link>]) -> Result<(), Invalid> {
        let mut later: HashMap<usize, Vec<bool>> = HashMap::new();
        for (from, link) in each(links).filter(|(_, link)| link.back) {
            let after = later
                .entry(link.to)
                .or_insert_with(|| reach(links.len(), [link.to], |node| ahead(&links[node])));
            if !after[from] {
                let (to, from_id) = (&self.nodes[link.to].id, &self.nodes[from].id);
                let message = format!("goes back to `{to}`, which is not on the way to `{from_id}`");
                return Err(Invalid::new(path(from, link.slot), message));
            }
        }
        Ok(())
    }

    /// From everywhere an outcome can be reached, or a session could never end.
    fn check_ends(&self, links: &[Vec<Link>]) -> Result<(), Invalid> {
        let mut before = vec![Vec::new(); links.len()];
        for (from, link) in each(links) {
            before[link.to].push(from);
        }
        let outcomes =
            self.nodes.iter().enumerate().filter(|(_, node)| matches!(node.kind, NodeKind::Outcome { .. }));
        let ending =
            reach(links.len(), outcomes.map(|(index, _)| index), |node| before[node].iter().copied());
        match ending.iter().position(|ends| !ends) {
            None => Ok(()),
            Some(stuck) => {
                let message = format!("no outcome can be reached from `{}`", self.nodes[stuck].id);
                Err(Invalid::new(format!("nodes[{stuck}]"), message))
            }
        }
    }
}

impl Node {
    fn check(&self) -> Result<(), Invalid> {
        check_id("id", &self.id)?;
        text::name("title", &self.title)?;
        text::body("description", &self.description, LONG_TEXT_MAX)?;
        let NodeKind::Question { answers } = &self.kind else {
            return Ok(());
        };
        if answers.is_empty() || answers.len() > ANSWERS_MAX {
            let message = format!("has {} answers; 1 to {ANSWERS_MAX} are allowed", answers.len());
            return Err(Invalid::new("answers", message));
        }
        let mut labels = HashSet::new();
        for (slot, answer) in answers.iter().enumerate() {
            let field = format!("answers[{slot}].label");
            let label = text::name(&field, &answer.label)?;
            if !labels.insert(folded(&label)) {
                return Err(Invalid::new(field, format!("`{label}` is already an answer of this question")));
            }
        }
        Ok(())
    }
}

/// Where the links lead that are not `go_back`.
fn ahead(links: &[Link]) -> impl Iterator<Item = usize> {
    links.iter().filter(|link| !link.back).map(|link| link.to)
}

fn each(links: &[Vec<Link>]) -> impl Iterator<Item = (usize, &Link)> {
    links.iter().enumerate().flat_map(|(from, links)| links.iter().map(move |link| (from, link)))
}

fn path(node: usize, slot: Option<usize>) -> String {
    match slot {
        Some(slot) => format!("nodes[{node}].answers[{slot}].to"),
        None => format!("nodes[{node}].next"),
    }
}

/// Which of `count` nodes can be reached from `starts`, themselves included.
fn reach<I: IntoIterator<Item = usize>>(
    count: usize,
    starts: impl IntoIterator<Item = usize>,
    next: impl Fn(usize) -> I,
) -> Vec<bool> {
    let mut reached = vec![false; count];
    let mut open: Vec<usize> = starts.into_iter().collect();
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut reached[node], true) {
            open.extend(next(node));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Answer, Outcome};
    use proptest::prelude::*;

    fn node(id: &str, kind: NodeKind) -> Node {
        Node { id: id.to_owned(), title: "T".to_owned(), description: String::new(), kind }
    }

    fn ask(id: &str, answers: &[&str]) -> Node {
        let answer = |(n, to): (usize, &&str)| Answer {
            label: format!("answer {n}"),
            to: to.trim_start_matches('<').to_owned(),
            go_back: to.starts_with('<'),
        };
        node(id, NodeKind::Question { answers: answers.iter().enumerate().map(answer).collect() })
    }

    fn act(id: &str, next: &str) -> Node {
        node(id, NodeKind::Action { next: next.to_owned() })
    }

    fn end(id: &str) -> Node {
        node(id, NodeKind::Outcome { outcome: Outcome::Resolved })
    }

    fn field(start: &str, nodes: Vec<Node>) -> Option<String> {
        Tree { start: start.to_owned(), nodes }.check().err().map(|invalid| invalid.field)
    }

    fn refused(start: &str, nodes: Vec<Node>, at: &str) {
        assert_eq!(field(start, nodes).as_deref(), Some(at));
    }

    #[test]
    fn good_trees() {
        assert_eq!(field("e", vec![end("e")]), None);
        assert_eq!(field("q", vec![end("e"), act("a", "e"), ask("q", &["a", "e"])]), None);
        // Two ways to one node are no cycle; back to the start, to a node on the way, and asking again are allowed.
        let nodes = vec![
            ask("q", &["a", "b"]),
            act("a", "r"),
            act("b", "r"),
            ask("r", &["e", "<q", "<a", "<r"]),
            end("e"),
        ];
        assert_eq!(field("q", nodes), None);
    }

    #[test]
    fn every_rule_names_its_path() {
        refused("x", vec![], "nodes");
        refused("x", vec![end("e")], "start");
        refused("e", vec![end("e"), end("e")], "nodes[1].id");
        refused("q", vec![ask("q", &[]), end("e")], "nodes[0].answers");
        refused("q", vec![ask("q", &["e"; 21]), end("e")], "nodes[0].answers");
        refused("q", vec![ask("q", &["e", "x"]), end("e")], "nodes[0].answers[1].to");
        refused("a", vec![act("a", "x"), end("e")], "nodes[0].next");
        refused("a", vec![act("a", "a"), end("e")], "nodes[0].next");
        refused("a", vec![act("a", "b"), act("b", "a"), end("e")], "nodes[1].next");
        refused("q", vec![ask("q", &["e", "q"]), end("e")], "nodes[0].answers[1].to");
        refused("e", vec![end("e"), end("f")], "nodes[1]");
        // A cycle apart from the start is a cycle, too.
        refused("e", vec![end("e"), act("a", "b"), act("b", "a")], "nodes[2].next");
        // Back to a sibling, which nobody has passed.
        refused(
            "q",
            vec![ask("q", &["a", "r"]), act("a", "e"), ask("r", &["e", "<a"]), end("e")],
            "nodes[2].answers[1].to",
        );
        // Only reachable by going "back" to it.
        refused("q", vec![ask("q", &["e", "<a"]), act("a", "e"), end("e")], "nodes[0].answers[1].to");
        refused("q", vec![ask("q", &["<q"])], "nodes[0]");
        // One branch that can only go round.
        refused("q", vec![ask("q", &["e", "r"]), ask("r", &["<r"]), end("e")], "nodes[1]");
        let mut twice = ask("q", &["e", "e"]);
        let NodeKind::Question { answers } = &mut twice.kind else { unreachable!() };
        answers[0].label = "Yes".into();
        answers[1].label = " yes".into();
        refused("q", vec![twice, end("e")], "nodes[0].answers[1].label");
        refused("0", (0..1_001).map(|n| end(&n.to_string())).collect(), "nodes");
    }

    #[test]
    fn a_chain_of_the_greatest_length_is_checked_without_recursion() {
        let mut nodes: Vec<Node> =
            (0..999).map(|n| ask(&n.to_string(), &[&(n + 1).to_string(), "<0"])).collect();
        nodes.push(end("999"));
        assert_eq!(field("0", nodes), None);
    }

    proptest! {
        #[test]
        fn an_accepted_tree_always_ends(links in prop::collection::vec(prop::collection::vec((0_usize..8, any::<bool>()), 1..4), 1..8)) {
            let mut nodes: Vec<Node> = links.iter().enumerate().map(|(n, to)| {
                let to: Vec<String> = to.iter().map(|(to, back)| format!("{}{to}", if *back { "<" } else { "" })).collect();
                ask(&n.to_string(), &to.iter().map(String::as_str).collect::<Vec<_>>())
            }).collect();
            nodes.extend((links.len()..8).map(|n| end(&n.to_string())));
            let tree = Tree { start: "0".to_owned(), nodes };
            if tree.check().is_ok() {
                // The first forward answer, always: it must arrive.
                let mut at = "0".to_owned();
                for _ in 0..8 {
                    let Some(NodeKind::Question { answers }) = tree.node(&at).map(|node| &node.kind) else { break };
                    let Some(answer) = answers.iter().find(|answer| !answer.go_back) else { break };
                    at = answer.to.clone();
                }
                let stopped = match tree.node(&at).map(|node| &node.kind) {
                    Some(NodeKind::Question { answers }) => answers.iter().all(|answer| answer.go_back),
                    _ => true,
                };
                prop_assert!(stopped);
                let ends = tree.nodes.iter().any(|node| matches!(node.kind, NodeKind::Outcome { .. }));
                prop_assert!(ends);
            }
        }
    }
}
