//! Deletes a step or a node at once; a toast brings it back.

use super::Send;
use super::places::{ADD, Focus, line_id};
use crate::state::editor::{Deleted, Draft, Edit};
use crate::state::toasts::Toasts;
use yew::Callback;

/// The page, as its toasts know it.
pub(super) const PAGE: &str = "editor";

/// Deletes what stands at the place, by whichever way it was asked for.
pub(super) fn delete(draft: &Draft, at: usize, send: &Send, toasts: Option<&Toasts>, focus: &Focus) {
    let Some(deleted) = draft.deletable(at) else { return };
    // On to what stands there now, or to the place where another begins.
    focus.go(match &draft.tree {
        Some(tree) => line_id(at.min(tree.nodes.len().saturating_sub(2))),
        None if at + 1 < draft.steps.len() => line_id(at),
        None => ADD.to_owned(),
    });
    send.dispatch(Edit::DeleteStep(at));
    let Some(toasts) = toasts else { return };
    let said = match &deleted {
        Deleted::Step { .. } => format!("Step {} is deleted.", at + 1),
        Deleted::Node { .. } => "The node is deleted. What led to it leads nowhere now.".to_owned(),
    };
    let (send, focus) = (send.clone(), focus.clone());
    let undo = Callback::from(move |()| {
        focus.go(line_id(at));
        send.dispatch(Edit::Restore(deleted.clone()));
    });
    toasts.undoable_here(said, undo, PAGE.into());
}
