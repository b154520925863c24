//! A step or a node that was deleted, as the toast holds it: bringing it back leaves alone what was done since.

use super::draft::{Draft, StepDraft};
use crate::state::tree_draft::{TreeDraft, links};
use mf_domain::flow::procedure::unused_id;
use mf_domain::flow::{Node, StepId};
use std::rc::Rc;

/// What a deletion takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    Step {
        at: usize,
        step: Rc<StepDraft>,
    },
    Node {
        at: usize,
        node: Rc<Node>,
        /// What led to it: the id of a node, and the place of its answer (none for an action).
        led: Vec<(String, Option<usize>)>,
        was_start: bool,
    },
}

impl Draft {
    /// What deleting the step or node at a place takes away; `None` where nothing can be deleted.
    #[must_use]
    pub fn deletable(&self, at: usize) -> Option<Deleted> {
        let Some(tree) = &self.tree else {
            return self.steps.get(at).map(|step| Deleted::Step { at, step: step.clone() });
        };
        let node = tree.nodes.get(at).filter(|_| tree.nodes.len() > 1)?.clone();
        let others = tree.nodes.iter().filter(|other| other.id != node.id);
        let led = others
            .flat_map(|other| links(other).into_iter().map(|link| (other.id.clone(), link)))
            .filter(|(_, link)| link.1 == node.id)
            .map(|(from, link)| (from, link.0))
            .collect();
        Some(Deleted::Node { at, was_start: tree.start == node.id, node, led })
    }

    /// Puts back what was deleted, and answers where it stands now; `None` if it is back already.
    pub(super) fn restore(&mut self, deleted: &Deleted) -> Option<usize> {
        match (deleted, &mut self.tree) {
            (Deleted::Step { at, step }, None) => {
                if self.steps.contains(step) {
                    return None;
                }
                let at = (*at).min(self.steps.len());
                let mut step = StepDraft::clone(step);
                // A step that was added since may have got its id.
                if self.steps.iter().any(|other| other.step.id == step.step.id) {
                    step.step.id = StepId(self.fresh_step());
                }
                self.steps.insert(at, Rc::new(step));
                Some(at)
            }
            (Deleted::Node { at, node, led, was_start }, Some(tree)) => {
                restore_node(tree, (*at, node), led, *was_start)
            }
            _ => None,
        }
    }
}

fn restore_node(
    tree: &mut TreeDraft,
    (at, node): (usize, &Rc<Node>),
    led: &[(String, Option<usize>)],
    was_start: bool,
) -> Option<usize> {
    if tree.nodes.contains(node) {
        return None;
    }
    let at = at.min(tree.nodes.len());
    let id = unused_id(&node.id, |id| tree.nodes.iter().any(|other| other.id == id));
    // The deletion made the first node the start; one that was chosen since stays.
    if was_start && tree.nodes.first().is_some_and(|first| first.id == tree.start) {
        tree.start.clone_from(&id);
    }
    tree.nodes.insert(at, Rc::new(Node { id: id.clone(), ..(**node).clone() }));
    for (from, slot) in led {
        let from = tree.nodes.iter().position(|other| other.id == *from);
        // An answer that was led elsewhere since stays so.
        if let Some(from) = from
            && links(&tree.nodes[from]).iter().any(|link| link.0 == *slot && link.1.is_empty())
        {
            tree.link(from, *slot, &id);
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use crate::state::editor::{Edit, Editor, Place};
    use mf_domain::flow::FlowType;
    use std::rc::Rc;
    use yew::Reducible;

    fn titles(editor: &Editor) -> String {
        editor.draft.steps.iter().map(|step| step.step.title.as_str()).collect()
    }

    fn steps() -> Rc<Editor> {
        let mut editor = Rc::new(Editor::new(FlowType::Maintenance)).reduce(Edit::DeleteStep(0));
        for (at, title) in ["a", "b", "c"].into_iter().enumerate() {
            editor = editor.reduce(Edit::AddStep(at)).reduce(Edit::Type(Place::Title(at), title.into()));
        }
        editor
    }

    #[test]
    fn a_deleted_step_comes_back_and_what_was_typed_since_stays() {
        let start = steps();
        let deleted = start.draft.deletable(1).unwrap();
        let editor = start.reduce(Edit::DeleteStep(1)).reduce(Edit::Open(Some(1)));
        let editor = editor.reduce(Edit::Type(Place::Title(1), "d".into()));
        let back = editor.reduce(Edit::Restore(deleted.clone()));
        assert_eq!((titles(&back).as_str(), back.open), ("abd", Some(2)));
        assert_eq!(titles(&back.clone().reduce(Edit::Restore(deleted))), "abd", "it is back already");
        assert_eq!(titles(&back.reduce(Edit::Undo)), "ad");
    }

    #[test]
    fn a_step_that_comes_back_keeps_clear_of_one_with_its_id() {
        let start = steps();
        let deleted = start.draft.deletable(2).unwrap();
        let editor = start.reduce(Edit::DeleteStep(2)).reduce(Edit::AddStep(2));
        let back = editor.reduce(Edit::Type(Place::Title(2), "n".into())).reduce(Edit::Restore(deleted));
        assert_eq!(titles(&back), "abcn");
        let mut ids: Vec<&str> = back.draft.steps.iter().map(|step| step.step.id.0.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 4);
        assert!(back.draft.deletable(4).is_none());
    }

    #[test]
    fn a_deleted_node_comes_back_with_what_led_to_it() {
        let link = |answer, to: &str| Edit::Link { node: 0, answer: Some(answer), to: to.to_owned() };
        let start = Rc::new(Editor::new(FlowType::Troubleshooting));
        assert!(start.draft.deletable(0).is_none(), "the last node stays");
        let start = start.reduce(link(0, "new:resolved")).reduce(link(1, "new:action"));
        let tree = start.draft.tree.clone().unwrap();
        let deleted = start.draft.deletable(1).unwrap();
        let gone = start.clone().reduce(Edit::DeleteStep(1));
        let typed = gone.clone().reduce(Edit::Type(Place::NodeTitle(0), "On?".into()));
        let back = typed.reduce(Edit::Restore(deleted.clone())).draft.clone().tree.unwrap();
        assert_eq!((back.nodes[0].title.as_str(), &back.nodes[0].kind), ("On?", &tree.nodes[0].kind));
        assert_eq!(back.nodes[1..], tree.nodes[1..]);
        // An answer that leads elsewhere by now stays there.
        let other = tree.nodes[2].id.clone();
        let elsewhere =
            gone.reduce(link(0, &other)).reduce(Edit::Restore(deleted)).draft.clone().tree.unwrap();
        assert_eq!(crate::state::tree_draft::links(&elsewhere.nodes[0])[0].1, other);
        // And the start is the start again.
        let first = start.draft.deletable(0).unwrap();
        let back = start.reduce(Edit::DeleteStep(0)).reduce(Edit::Restore(first));
        assert_eq!(back.draft.tree.as_ref(), Some(&tree));
    }
}
