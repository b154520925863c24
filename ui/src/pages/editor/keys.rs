//! What the keys of the editor do.

use super::Send;
use super::delete::delete;
use super::places::{Focus, TITLE};
use crate::state::editor::{Edit, Editor};
use crate::state::shortcuts::Act;
use crate::state::toasts::Toasts;
use yew::Callback;

/// Carries out a key; answers whether it meant something.
pub(super) fn press(
    editor: &Editor,
    send: &Send,
    act: Act,
    onsave: &Callback<()>,
    focus: &Focus,
    toasts: Option<&Toasts>,
) -> bool {
    let pieces = editor.draft.tree.as_ref().map_or(editor.draft.steps.len(), |tree| tree.nodes.len());
    let last = pieces.saturating_sub(1);
    let open = editor.open.filter(|open| *open <= last);
    let edit = match (act, open) {
        (Act::Save, _) => {
            onsave.emit(());
            return true;
        }
        (Act::Undo, _) => Edit::Undo,
        (Act::Redo, _) => Edit::Redo,
        (Act::Add, open) => {
            focus.go(TITLE);
            Edit::AddStep(open.map_or(last + 1, |open| open + 1))
        }
        (Act::MoveUp, Some(from)) if from > 0 && editor.draft.tree.is_none() => {
            Edit::MoveStep { from, to: from - 1 }
        }
        (Act::MoveDown, Some(from)) if from < last && editor.draft.tree.is_none() => {
            Edit::MoveStep { from, to: from + 1 }
        }
        (Act::Duplicate, Some(at)) => Edit::DuplicateStep(at),
        (Act::Delete, Some(at)) => {
            delete(&editor.draft, at, send, toasts, focus);
            return true;
        }
        _ => return false,
    };
    send.dispatch(edit);
    true
}
