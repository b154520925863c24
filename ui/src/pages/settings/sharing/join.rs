//! Joining a team with the text of an invite.

use super::fields::PassphraseFields;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::field::{Field, TextArea};
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::{use_call, use_refused};
use crate::state::load::use_load;
use crate::state::team::forms::JoinForm;
use mf_contract::workspaces::{JoinWorkspace, JoinedWorkspace, SecretPlace, SecretStorage};
use mf_domain::ids::TeamId;
use yew::prelude::*;

/// The controls, in the order of what may be wrong with them.
const CONTROLS: [&str; 3] = ["join-invite", "join-passphrase", "join-again"];

/// Properties of [`JoinDialog`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct JoinDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    /// Told of the one that was joined.
    pub(super) onjoined: Callback<TeamId>,
}

/// The dialog. Nothing that is typed outlives it.
#[component]
pub(super) fn JoinDialog(props: &JoinDialogProps) -> Html {
    let storage = use_load(props.open.then_some(SecretStorage {}), |_, _| false);
    let place = storage.data().map_or(SecretPlace::Keychain, |storage| storage.place);
    let form = use_state(JoinForm::default);
    let strict = use_state(|| false);
    let join =
        use_call::<JoinWorkspace>(props.onjoined.reform(|joined: JoinedWorkspace| joined.workspace_id));
    use_fresh(props.open, {
        let (form, strict, join) = (form.setter(), strict.setter(), join.clone());
        Callback::from(move |()| {
            form.set(JoinForm::default());
            strict.set(false);
            join.clear();
        })
    });
    use_refused(join.error(), &[("invite", CONTROLS[0]), ("passphrase", CONTROLS[1])]);
    let errors = form.errors(place);
    let onsubmit = {
        let (form, strict, join, wrong) = (form.clone(), strict.setter(), join.clone(), errors.clone());
        Callback::from(move |()| {
            strict.set(true);
            match wrong.iter().position(Option::is_some) {
                Some(at) => browser::focus(CONTROLS[at]),
                None => join.run(form.request(place)),
            }
        })
    };
    let set = |change: fn(&mut JoinForm, AttrValue)| {
        let (form, join) = (form.clone(), join.clone());
        Callback::from(move |text: String| {
            let mut next = (*form).clone();
            change(&mut next, text.into());
            join.clear();
            form.set(next);
        })
    };
    let onpassphrase = {
        let (form, join) = (form.clone(), join.clone());
        Callback::from(move |passphrase| {
            join.clear();
            form.set(JoinForm { passphrase, ..(*form).clone() });
        })
    };
    let [invite, first, again] = errors.map(|error| error.filter(|_| *strict));
    let invite = invite.or_else(|| join.error_on("invite")).map(AttrValue::from);
    let first = first.or_else(|| join.error_on("passphrase")).map(AttrValue::from);
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={join.busy()} testid="join-submit">{ "Join the team" }</Button>
        </>
    };
    html! {
        <Dialog
            id="join-team"
            title="Join a team"
            subtitle="An owner of the team makes the invite. It is good for one computer and for 72 hours."
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            note={join.busy().then(|| html! { <p role="status">{ "Asking the server for a login of this computer's own…" }</p> })}
            {foot}
        >
            <Field
                id={CONTROLS[0]}
                label="Invite"
                hint="The whole text, as it was handed to you. It holds a password: nobody else should see it."
                error={invite.clone()}
            >
                <TextArea
                    id={CONTROLS[0]}
                    code=true
                    value={form.invite.clone()}
                    oninput={set(|form, text| form.invite = text)}
                    invalid={invite.is_some()}
                    autofocus=true
                    testid={CONTROLS[0]}
                />
            </Field>
            if place == SecretPlace::Passphrase {
                <PassphraseFields
                    id="join"
                    passphrase={form.passphrase.clone()}
                    onchange={onpassphrase}
                    errors={[first, again.map(AttrValue::from)]}
                />
            }
            { trouble_elsewhere(join.error_elsewhere(&["invite", "passphrase"])) }
        </Dialog>
    }
}
