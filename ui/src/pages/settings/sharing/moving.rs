//! Copying the local workspace into a team's: what happens is named before, and counted after.

use crate::components::button::Tone;
use crate::components::dialog::Confirm;
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::team::chip::moved;
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::workspace::About;
use mf_contract::workspaces::{MoveToWorkspace, MovedToWorkspace, WorkspaceSummary};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct MoveDialogProps {
    /// Where to; `None` while nobody asks.
    pub(super) there: Option<WorkspaceSummary>,
    pub(super) onclose: Callback<()>,
}

/// The question.
#[component]
pub(super) fn MoveDialog(props: &MoveDialogProps) -> Html {
    let about = use_load(props.there.as_ref().map(|_| About {}), |_, _| false);
    let toasts = use_toasts();
    let name = props.there.as_ref().map(|into| into.name.clone()).unwrap_or_default();
    let copy = use_call::<MoveToWorkspace>({
        let (onclose, name) = (props.onclose.clone(), name.clone());
        Callback::from(move |done: MovedToWorkspace| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(moved(done, &name));
            }
        })
    });
    {
        let copy = copy.clone();
        use_effect_with(props.there.as_ref().map(|into| into.id), move |_| copy.clear());
    }
    let onconfirm = {
        let (copy, id) = (copy.clone(), props.there.as_ref().map(|into| into.id));
        Callback::from(move |()| {
            if let Some(workspace_id) = id {
                copy.run(MoveToWorkspace { workspace_id });
            }
        })
    };
    let counts = about.data().map(|about| about.counts);
    html! {
        <Confirm
            id="move"
            title={format!("Copy what is here into “{name}”?")}
            action="Copy it"
            tone={Tone::Primary}
            open={props.there.is_some()}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={copy.busy()}
            error={copy.error_elsewhere(&[]).map(AttrValue::from)}
            testid="move-confirm"
        >
            if let Some(counts) = counts {
                <p>{ format!(
                    "{}, {}, {} and {} with all evidence become the team's, as your work.",
                    count(counts.flows as usize, "flow"),
                    count(counts.target_lists as usize, "target list"),
                    count(counts.schedules as usize, "schedule"),
                    count(counts.sessions as usize, "session"),
                ) }</p>
            }
            <p>{ "Everything stays in the local workspace, too; its schedules are paused there, so that nothing runs twice." }</p>
            <p>{ "Doing it again later copies only what is new." }</p>
            if copy.busy() {
                <p role="status">{ "Copying…" }</p>
            }
        </Confirm>
    }
}
