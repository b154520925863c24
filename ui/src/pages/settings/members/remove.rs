//! The end of a membership: asked once, and what it means is named.

use crate::components::dialog::Confirm;
use crate::state::call::use_call;
use crate::state::toasts::use_toasts;
use mf_contract::Done;
use mf_contract::members::{Member, RemoveMember};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RemoveDialogProps {
    pub(super) member: Option<Member>,
    pub(super) onclose: Callback<()>,
}

/// The question.
#[component]
pub(super) fn RemoveDialog(props: &RemoveDialogProps) -> Html {
    let name = props.member.as_ref().map(|member| member.name.clone()).unwrap_or_default();
    let toasts = use_toasts();
    let remove = use_call::<RemoveMember>({
        let (onclose, name) = (props.onclose.clone(), name.clone());
        Callback::from(move |_: Done| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!("{name} does not belong to the team any more."));
            }
        })
    });
    {
        let remove = remove.clone();
        use_effect_with(props.member.as_ref().map(|member| member.id), move |_| remove.clear());
    }
    let onconfirm = {
        let (remove, id) = (remove.clone(), props.member.as_ref().map(|member| member.id));
        Callback::from(move |()| {
            if let Some(id) = id {
                remove.run(RemoveMember { id });
            }
        })
    };
    let has_joined = props.member.as_ref().is_some_and(|member| member.has_joined);
    html! {
        <Confirm
            id="remove-member"
            title={format!("End the membership of {name}?")}
            action="End it"
            keep="Keep it"
            open={props.member.is_some()}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={remove.busy()}
            error={remove.error_elsewhere(&[]).map(AttrValue::from)}
            testid="remove-member-confirm"
        >
            if has_joined {
                <p>{ format!("Every computer of {name} loses its access at once, open connections included.") }</p>
                <p>{ "What was done there without a connection is refused from now on and stays on that laptop; so does its copy of the workspace. What the team has of it stays." }</p>
            } else {
                <p>{ format!("{name} has not joined yet: the invite is good no more.") }</p>
            }
        </Confirm>
    }
}
