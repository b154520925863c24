//! Naming the targets of a run that was fired without any, and correcting those that have not begun.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::targets_field::{Lines, TargetsFieldProps, read, targets_field, use_lines};
use crate::components::trouble::trouble;
use crate::state::board::targets::{assignments, lines, pending, waits_for_targets};
use crate::state::call::{use_call, use_refused};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::batches::{AssignTargets, LaunchedBatch, TargetAssignment};
use mf_contract::board::Board;
use mf_domain::Invalid;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct TargetsDialogProps {
    pub board: Rc<Board>,
    pub open: bool,
    pub onclose: Callback<()>,
}

const FIELD: &str = "batch-targets";

fn wanted(board: &Board, lines: &Lines) -> Option<Result<Vec<TargetAssignment>, Invalid>> {
    lines.as_ref().ok().map(|typed| assignments(board, typed))
}

#[component]
pub(super) fn TargetsDialog(props: &TargetsDialogProps) -> Html {
    let toasts = use_toasts();
    let board = &props.board;
    let typed = use_state_eq(|| None::<AttrValue>);
    let text = (*typed).clone().unwrap_or_else(|| if props.open { lines(board).into() } else { "".into() });
    let known = use_lines(&text);
    let assign = use_call::<AssignTargets>({
        let (onclose, first) = (props.onclose.clone(), waits_for_targets(board));
        Callback::from(move |launched: LaunchedBatch| {
            onclose.emit(());
            if let Some(toasts) = toasts.as_ref().filter(|_| first) {
                toasts.success(format!("{} named.", count(launched.count as usize, "target")));
            }
        })
    });
    use_fresh(props.open, {
        let (typed, assign) = (typed.setter(), assign.clone());
        Callback::from(move |()| {
            typed.set(None);
            assign.clear();
        })
    });
    let onsubmit = {
        let (assign, board, text, onclose) =
            (assign.clone(), board.clone(), text.clone(), props.onclose.clone());
        Callback::from(move |()| match wanted(&board, &read(&text)) {
            Some(Ok(targets)) if targets.is_empty() => onclose.emit(()),
            Some(Ok(targets)) => {
                assign.run(AssignTargets { batch_id: board.batch.summary.batch_id, targets })
            }
            _ => browser::focus(FIELD),
        })
    };
    use_refused(assign.error(), &[("targets", FIELD)]);
    let plan = known.as_ref().and_then(|known| wanted(board, known));
    let wrong = plan.as_ref().and_then(|plan| plan.as_ref().err()).map(|error| error.message.clone());
    let (title, subtitle) = if waits_for_targets(board) {
        (
            "Name the targets",
            "This run was fired without any. Each target gets a session of its own.".to_owned(),
        )
    } else {
        let them = count(pending(board).len(), "target");
        (
            "Correct the targets",
            format!("The {them} that nobody has begun, one line for each. Client and site stay."),
        )
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={assign.busy()} writes=true testid="targets-save">{ "Save targets" }</Button>
        </>
    };
    html! {
        <Dialog
            id="targets-dialog"
            {title}
            {subtitle}
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            note={Some(html! { <span class="muted" data-testid="targets-preview">{ preview(board, plan.as_ref()) }</span> })}
            {foot}
        >
            { targets_field(&TargetsFieldProps {
                id: FIELD.into(),
                text,
                oninput: Callback::from({ let (typed, assign) = (typed.setter(), assign.clone()); move |text: String| { assign.clear(); typed.set(Some(text.into())) } }),
                lines: known,
                error: wrong.or_else(|| assign.error_on("targets")).map(AttrValue::from),
                testid: Some(FIELD.into()),
                autofocus: true,
            }) }
            if let Some(error) = assign.error_elsewhere(&["targets"]) {
                { trouble(error, None) }
            }
        </Dialog>
    }
}

fn preview(board: &Board, plan: Option<&Result<Vec<TargetAssignment>, Invalid>>) -> String {
    match plan {
        Some(Ok(targets)) if waits_for_targets(board) => {
            format!("{} will wait to be started.", count(targets.len(), "session"))
        }
        Some(Ok(targets)) if targets.is_empty() => "Nothing is changed yet.".to_owned(),
        Some(Ok(targets)) => format!("{} will change.", count(targets.len(), "target")),
        Some(Err(_)) | None => "Nothing is saved before every line is right.".to_owned(),
    }
}
