//! Leaving the team: asked once, and what stays is named.

use crate::components::dialog::Confirm;
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Done;
use mf_contract::Event;
use mf_contract::sync::SyncStatus;
use mf_contract::workspaces::LeaveWorkspace;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct LeaveDialogProps {
    pub(super) name: AttrValue,
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
}

/// The question.
#[component]
pub(super) fn LeaveDialog(props: &LeaveDialogProps) -> Html {
    let status =
        use_load(props.open.then_some(SyncStatus {}), |_, event| matches!(event, Event::SyncStatusChanged));
    let toasts = use_toasts();
    let leave = use_call::<LeaveWorkspace>({
        let (onclose, name) = (props.onclose.clone(), props.name.clone());
        Callback::from(move |_: Done| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!("You have left “{name}”. Its copy on this computer is to read in."));
            }
        })
    });
    {
        let leave = leave.clone();
        use_effect_with(props.open, move |_| leave.clear());
    }
    let waiting = status.data().map_or(0, |status| status.waiting);
    let onconfirm = {
        let leave = leave.clone();
        Callback::from(move |()| leave.run(LeaveWorkspace {}))
    };
    html! {
        <Confirm
            id="leave"
            title={format!("Leave “{}”?", props.name)}
            action="Leave the team"
            keep="Stay"
            open={props.open}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={leave.busy()}
            error={leave.error_elsewhere(&[]).map(AttrValue::from)}
            testid="leave-confirm"
        >
            <p>{ "Every computer of yours loses its access at once, and your schedules in it fire here no more. What you did stays with the team." }</p>
            <p>{ "The copy on this computer stays, to read in." }</p>
            if waiting > 0 {
                <p>{ format!("{} not sent yet. They go out first where the server answers, and stay on this computer alone otherwise.", count(waiting as usize, "change") + if waiting == 1 { " is" } else { " are" }) }</p>
            }
        </Confirm>
    }
}
