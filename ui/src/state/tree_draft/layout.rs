//! How a tree is laid out: as an outline, and as a drawing.

use super::{TreeDraft, links};
use mf_domain::flow::NodeKind;

impl TreeDraft {
    /// The tree as an outline: every node once, at the first place it is reached, and a reference wherever it is reached
    /// again; then what nothing leads to.
    #[must_use]
    pub fn outline(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut seen = vec![false; self.nodes.len()];
        let mut stack: Vec<Line> = self
            .place(&self.start)
            .map(|at| Line { depth: 0, via: None, node: at, again: false, back: false })
            .into_iter()
            .collect();
        while let Some(mut line) = stack.pop() {
            line.again = std::mem::replace(&mut seen[line.node], true);
            if !line.again && !line.back {
                let ahead = links(&self.nodes[line.node]);
                stack.extend(ahead.into_iter().rev().filter_map(|(slot, to, back)| {
                    let node = self.place(to)?;
                    Some(Line {
                        depth: line.depth + 1,
                        via: slot.map(|slot| (line.node, slot)),
                        node,
                        again: false,
                        back,
                    })
                }));
            }
            lines.push(line);
        }
        let lost = (0..self.nodes.len()).filter(|at| !seen[*at]);
        lines.extend(lost.map(|node| Line { depth: 0, via: None, node, again: false, back: false }));
        lines
    }
}

/// A line of the outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub depth: usize,
    /// The question and the place of the answer it is reached by.
    pub via: Option<(usize, usize)>,
    pub node: usize,
    /// It stands further up already.
    pub again: bool,
    pub back: bool,
}

/// A drawn tree: where each node stands, and what leads where. In units of one node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Place, column (in halves) and row of each node that is drawn.
    pub nodes: Vec<(usize, u32, u32)>,
    /// From, to, the words on it, and whether it goes back or over to a node drawn elsewhere.
    pub links: Vec<(usize, usize, String, bool)>,
    /// Columns (in halves) and rows.
    pub size: (u32, u32),
}

/// Lays a tree out: leaves side by side, every node above the middle of what it leads to first.
#[must_use]
pub fn draw(tree: &TreeDraft) -> Drawing {
    let outline = tree.outline();
    let mut drawing = Drawing::default();
    let mut column: Vec<Option<u32>> = vec![None; tree.nodes.len()];
    let mut row = vec![0; tree.nodes.len()];
    let firsts: Vec<&Line> = outline.iter().filter(|line| !line.again).collect();
    let mut next = 0;
    // From the last line up: what a node leads to stands below it in the outline.
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); tree.nodes.len()];
    let mut path: Vec<usize> = Vec::new();
    for line in &firsts {
        path.truncate(line.depth);
        if let Some(parent) = path.last() {
            children[*parent].push(line.node);
        }
        path.push(line.node);
        row[line.node] = u32::try_from(line.depth).unwrap_or(0);
    }
    for line in &firsts {
        if children[line.node].is_empty() {
            column[line.node] = Some(next);
            next += 2;
        }
    }
    for line in firsts.iter().rev() {
        let below: Vec<u32> = children[line.node].iter().filter_map(|child| column[*child]).collect();
        if let (Some(first), Some(last)) = (below.iter().min(), below.iter().max()) {
            column[line.node] = Some(first.midpoint(*last));
        }
    }
    for line in &firsts {
        let at = (column[line.node].unwrap_or(0), row[line.node]);
        drawing.nodes.push((line.node, at.0, at.1));
        drawing.size = (drawing.size.0.max(at.0 + 2), drawing.size.1.max(at.1 + 1));
    }
    for (from, node) in tree.nodes.iter().enumerate() {
        for (slot, to, back) in links(node) {
            let Some(to) = tree.place(to) else { continue };
            let words = match (&node.kind, slot) {
                (NodeKind::Question { answers }, Some(slot)) => answers[slot].label.clone(),
                _ => String::new(),
            };
            drawing.links.push((from, to, words, back || !children[from].contains(&to)));
        }
    }
    drawing
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    #[test]
    fn the_outline_shows_every_node_once_and_refers_to_it_after_that() {
        let lines = tree().outline();
        let told: Vec<(usize, usize, bool)> =
            lines.iter().map(|line| (line.depth, line.node, line.again)).collect();
        assert_eq!(told, [(0, 0, false), (1, 1, false), (1, 2, false), (2, 1, true)]);
        assert_eq!(lines[2].via, Some((0, 1)));
    }

    #[test]
    fn no_two_nodes_are_drawn_on_one_place() {
        let mut tree = tree();
        tree.duplicate(0);
        tree.add(9, "escalate");
        let drawing = draw(&tree);
        let mut places: Vec<(u32, u32)> = drawing.nodes.iter().map(|(_, x, y)| (*x, *y)).collect();
        assert_eq!(places.len(), tree.nodes.len());
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), tree.nodes.len(), "{drawing:?}");
        assert!(drawing.links.iter().any(|link| link.2 == "Yes" && !link.3));
    }
}
