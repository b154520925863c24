//! The role of a member: a choice that says what each may do.

use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::Group;
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::use_call;
use crate::state::team::people::{ROLES, role_may, role_name, role_word};
use crate::state::toasts::use_toasts;
use mf_contract::members::{Member, SetMemberRole};
use mf_domain::role::Role;
use yew::prelude::*;

/// All roles, each with what it may do. The id of each is `{name}-{role}`.
pub(super) fn role_choice(name: &'static str, chosen: Role, onchange: &Callback<Role>) -> Html {
    html! {
        <Group id={name} label="Role" role="radiogroup">
            <div class="run-choice">
                for role in ROLES {
                    <label>
                        <input
                            type="radio"
                            id={format!("{name}-{}", role_name(role))}
                            {name}
                            value={role_name(role)}
                            checked={role == chosen}
                            onchange={onchange.reform(move |_: Event| role)}
                            data-testid={format!("{name}-{}", role_name(role))}
                        />
                        <span class="role-words"><b>{ role_word(role) }</b><span class="small muted">{ role_may(role) }</span></span>
                    </label>
                }
            </div>
        </Group>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct RoleDialogProps {
    pub(super) member: Option<Member>,
    pub(super) onclose: Callback<()>,
}

/// Another role for somebody.
#[component]
pub(super) fn RoleDialog(props: &RoleDialogProps) -> Html {
    let chosen = use_state(|| None::<Role>);
    let toasts = use_toasts();
    let change = use_call::<SetMemberRole>({
        let onclose = props.onclose.clone();
        Callback::from(move |member: Member| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!("{} is {} now.", member.name, role_word(member.role).to_lowercase()));
            }
        })
    });
    {
        let (chosen, change) = (chosen.setter(), change.clone());
        use_effect_with(props.member.as_ref().map(|member| member.id), move |_| {
            chosen.set(None);
            change.clear();
        });
    }
    let now = props.member.as_ref().map_or(Role::Readonly, |member| member.role);
    let role = chosen.unwrap_or(now);
    let onsubmit = {
        let (change, onclose, id) =
            (change.clone(), props.onclose.clone(), props.member.as_ref().map(|member| member.id));
        Callback::from(move |()| match id {
            Some(id) if role != now => change.run(SetMemberRole { id, role }),
            _ => onclose.emit(()),
        })
    };
    let onchange = {
        let (chosen, change) = (chosen.setter(), change.clone());
        Callback::from(move |role| {
            change.clear();
            chosen.set(Some(role));
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={change.busy()} testid="role-submit">{ "Change the role" }</Button>
        </>
    };
    let name = props.member.as_ref().map(|member| member.name.clone()).unwrap_or_default();
    html! {
        <Dialog
            id="role"
            title={format!("The role of {name}")}
            open={props.member.is_some()}
            onclose={props.onclose.clone()}
            {onsubmit}
            {foot}
        >
            { role_choice("member-role", role, &onchange) }
            { trouble_elsewhere(change.error_elsewhere(&[])) }
        </Dialog>
    }
}
