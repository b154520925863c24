//! Deletes a step or a node at once; a toast brings it back.

use super::Send;
use crate::state::editor::{Deleted, Draft, Edit};
use crate::state::toasts::Toasts;
use yew::Callback;

/// Deletes what stands at the place, by whichever way it was asked for.
pub(super) fn delete(draft: &Draft, at: usize, send: &Send, toasts: Option<&Toasts>) {
    let Some(deleted) = draft.deletable(at) else { return };
    send.dispatch(Edit::DeleteStep(at));
    let Some(toasts) = toasts else { return };
    let said = match &deleted {
        Deleted::Step { .. } => format!("Step {} is deleted.", at + 1),
        Deleted::Node { .. } => "The node is deleted. What led to it leads nowhere now.".to_owned(),
    };
    let send = send.clone();
    toasts.undoable(said, Callback::from(move |()| send.dispatch(Edit::Restore(deleted.clone()))));
}
