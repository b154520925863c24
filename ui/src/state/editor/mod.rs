//! A flow as it is being written: what was typed ([`Draft`]), where ([`Place`], [`Pick`]), what is wrong with it
//! ([`Problem`]), what is kept of it ([`kept`]), and here the way back.

mod change;
mod deleted;
mod draft;
mod kept;
mod problems;

pub use change::{Pick, Place};
pub use deleted::Deleted;
pub use draft::{Draft, FieldDraft, StepDraft};
pub use kept::{Kept, kept, recalled};
pub use problems::Problem;

use crate::state::tree_draft::TreeDraft;
use draft::work;
use mf_domain::flow::{FlowType, StepId};
use std::rc::Rc;
use yew::Reducible;

/// What can happen to the editor.
#[derive(Clone, Debug)]
pub enum Edit {
    /// The flow was loaded, or its draft; nothing is unsaved but what differs from `saved`.
    Load {
        saved: Draft,
        draft: Draft,
    },
    Type(Place, String),
    Pick(Pick),
    /// A new step at this place.
    AddStep(usize),
    DuplicateStep(usize),
    DeleteStep(usize),
    /// A deleted step or node comes back; what was done since stays.
    Restore(Deleted),
    MoveStep {
        from: usize,
        to: usize,
    },
    /// Leads an answer, or an action without one, to a node: its id, or `new:question` and so on.
    Link {
        node: usize,
        answer: Option<usize>,
        to: String,
    },
    AddAnswer(usize),
    DeleteAnswer(usize, usize),
    Start(usize),
    AddField(String),
    DeleteField(usize),
    MoveField {
        from: usize,
        to: usize,
    },
    /// Opens a step; `None` closes it.
    Open(Option<usize>),
    Undo,
    Redo,
    /// The person tried to save: from now on everything that is wrong is said.
    Tried,
    /// The engine has this on disk; letters typed since are unsaved.
    Saved(Draft),
}

/// How many changes can be taken back.
const STEPS_BACK: usize = 200;

/// The editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    pub draft: Draft,
    pub saved: Draft,
    /// The step that is open.
    pub open: Option<usize>,
    pub strict: bool,
    past: Vec<(Draft, Option<usize>)>,
    future: Vec<(Draft, Option<usize>)>,
    /// The text that is being typed: letters of one text are taken back together.
    typing: Option<Place>,
}

fn moved<T>(list: &mut Vec<T>, from: usize, to: usize) {
    if from < list.len() && to < list.len() {
        let one = list.remove(from);
        list.insert(to, one);
    }
}

impl Editor {
    /// An editor for a flow that does not exist yet.
    #[must_use]
    pub fn new(flow_type: FlowType) -> Self {
        let draft = Draft::empty(flow_type);
        Self {
            saved: draft.clone(),
            draft,
            open: Some(0),
            strict: false,
            past: Vec::new(),
            future: Vec::new(),
            typing: None,
        }
    }

    /// Whether there is something to lose.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.draft != self.saved
    }

    /// Whether all that is typed is what was sent: only then is nothing left to keep once that is saved.
    #[must_use]
    pub fn is_as_sent(&self, sent: &Draft) -> bool {
        self.draft == *sent
    }

    /// Whether there is a way back, and a way forward again.
    #[must_use]
    pub fn can_undo(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    fn change_tree(&mut self, change: impl FnOnce(&mut TreeDraft)) {
        self.keep();
        if let Some(tree) = &mut self.draft.tree {
            change(tree);
        }
    }

    fn keep(&mut self) {
        self.past.push((self.draft.clone(), self.open));
        if self.past.len() > STEPS_BACK {
            self.past.remove(0);
        }
        self.future.clear();
        self.typing = None;
    }
}

impl Reducible for Editor {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut editor = Rc::unwrap_or_clone(self);
        match edit {
            Edit::Load { saved, draft } => {
                let open = (!draft.steps.is_empty() && draft.steps.len() == 1).then_some(0);
                return Rc::new(Self { saved, draft, open, ..Self::new(FlowType::Maintenance) });
            }
            Edit::Type(place, text) => {
                if editor.typing != Some(place) {
                    editor.keep();
                    editor.typing = Some(place);
                }
                if let Some(typed) = editor.draft.text_mut(place) {
                    *typed = text;
                }
            }
            Edit::Pick(pick) => {
                editor.keep();
                editor.draft.pick(pick);
            }
            Edit::Link { node, answer, to } => editor.change_tree(|tree| tree.link(node, answer, &to)),
            Edit::AddAnswer(node) => editor.change_tree(|tree| tree.add_answer(node)),
            Edit::DeleteAnswer(node, answer) => editor.change_tree(|tree| tree.delete_answer(node, answer)),
            Edit::Start(node) => editor.change_tree(|tree| {
                if let Some(node) = tree.nodes.get(node) {
                    tree.start = node.id.clone();
                }
            }),
            Edit::AddStep(at) if editor.draft.tree.is_some() => {
                editor.change_tree(|tree| {
                    tree.add(at, "question");
                });
                editor.open = Some(at);
            }
            Edit::DuplicateStep(at) if editor.draft.tree.is_some() => {
                editor.change_tree(|tree| tree.duplicate(at));
                editor.open = Some(at + 1);
            }
            Edit::DeleteStep(at) if editor.draft.tree.is_some() => {
                editor.change_tree(|tree| tree.delete(at));
                editor.open = None;
            }
            Edit::AddStep(at) => {
                editor.keep();
                let at = at.min(editor.draft.steps.len());
                let step = StepDraft::of(work(editor.draft.fresh_step()));
                editor.draft.steps.insert(at, step);
                editor.open = Some(at);
            }
            Edit::DuplicateStep(at) => {
                if let Some(step) = editor.draft.steps.get(at).cloned() {
                    editor.keep();
                    let mut copy = Rc::unwrap_or_clone(step);
                    copy.step.id = StepId(editor.draft.fresh_step());
                    editor.draft.steps.insert(at + 1, Rc::new(copy));
                    editor.open = Some(at + 1);
                }
            }
            Edit::DeleteStep(at) => {
                if at < editor.draft.steps.len() {
                    editor.keep();
                    editor.draft.steps.remove(at);
                    editor.open = None;
                }
            }
            Edit::Restore(deleted) => {
                let mut draft = editor.draft.clone();
                if let Some(at) = draft.restore(&deleted) {
                    editor.keep();
                    editor.draft = draft;
                    editor.open = editor.open.map(|open| if open >= at { open + 1 } else { open });
                }
            }
            Edit::MoveStep { from, to } => {
                if from != to && to < editor.draft.steps.len() {
                    editor.keep();
                    moved(&mut editor.draft.steps, from, to);
                    if editor.open == Some(from) {
                        editor.open = Some(to);
                    } else if editor.open.is_some() {
                        editor.open = None;
                    }
                }
            }
            Edit::AddField(name) => {
                editor.keep();
                editor.draft.add_field(&name);
            }
            Edit::DeleteField(at) => {
                if at < editor.draft.fields.len() {
                    editor.keep();
                    editor.draft.fields.remove(at);
                }
            }
            Edit::MoveField { from, to } => {
                editor.keep();
                moved(&mut editor.draft.fields, from, to);
            }
            Edit::Open(open) => {
                editor.open = open;
                editor.typing = None;
            }
            Edit::Undo => {
                if let Some((draft, open)) = editor.past.pop() {
                    let now = std::mem::replace(&mut editor.draft, draft);
                    editor.future.push((now, std::mem::replace(&mut editor.open, open)));
                    editor.typing = None;
                }
            }
            Edit::Redo => {
                if let Some((draft, open)) = editor.future.pop() {
                    let now = std::mem::replace(&mut editor.draft, draft);
                    editor.past.push((now, std::mem::replace(&mut editor.open, open)));
                    editor.typing = None;
                }
            }
            Edit::Tried => editor.strict = true,
            Edit::Saved(draft) => editor.saved = draft,
        }
        Rc::new(editor)
    }
}

#[cfg(test)]
mod tests;
