//! Inviting somebody: a name, and a role that says what it may do.

use super::invited::Handed;
use super::role::role_choice;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::field::{Field, TextInput};
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::{use_call, use_refused};
use crate::state::team::forms::InviteForm;
use mf_contract::members::{Invite, InviteMember};
use yew::prelude::*;

const NAME: &str = "invite-name";

#[derive(Properties, PartialEq)]
pub(super) struct InviteDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    pub(super) onhanded: Callback<Handed>,
}

/// The dialog.
#[component]
pub(super) fn InviteDialog(props: &InviteDialogProps) -> Html {
    let form = use_state(InviteForm::default);
    let strict = use_state(|| false);
    let invite = use_call::<InviteMember>({
        let (onhanded, name) = (props.onhanded.clone(), form.name.trim().to_owned());
        Callback::from(move |invite: Invite| {
            onhanded.emit(Handed { name: name.clone(), invite, is_me: false })
        })
    });
    use_fresh(props.open, {
        let (form, strict, invite) = (form.setter(), strict.setter(), invite.clone());
        Callback::from(move |()| {
            form.set(InviteForm::default());
            strict.set(false);
            invite.clear();
        })
    });
    use_refused(invite.error(), &[("name", NAME)]);
    let onsubmit = {
        let (form, strict, invite) = (form.clone(), strict.setter(), invite.clone());
        Callback::from(move |()| {
            strict.set(true);
            if form.name_error().is_some() {
                return browser::focus(NAME);
            }
            invite.run(form.request());
        })
    };
    let error =
        form.name_error().filter(|_| *strict).or_else(|| invite.error_on("name")).map(AttrValue::from);
    let oninput = {
        let (form, invite) = (form.clone(), invite.clone());
        Callback::from(move |text: String| {
            invite.clear();
            form.set(InviteForm { name: text.into(), ..(*form).clone() });
        })
    };
    let onrole = {
        let form = form.clone();
        Callback::from(move |role| form.set(InviteForm { role, ..(*form).clone() }))
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={invite.busy()} testid="invite-submit">{ "Make the invite" }</Button>
        </>
    };
    html! {
        <Dialog
            id="invite"
            title="Invite somebody"
            subtitle="You get a text to hand over. It is good for one computer and for 72 hours."
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {foot}
        >
            <Field id={NAME} label="Name" hint="As the team will see it." error={error.clone()}>
                <TextInput
                    id={NAME}
                    value={form.name.clone()}
                    {oninput}
                    placeholder="Grace Hopper"
                    invalid={error.is_some()}
                    required=true
                    autofocus=true
                    testid={NAME}
                />
            </Field>
            { role_choice("invite-role", form.role, &onrole) }
            { trouble_elsewhere(invite.error_elsewhere(&["name"])) }
        </Dialog>
    }
}
