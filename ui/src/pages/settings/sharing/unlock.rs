//! The passphrase of a workspace whose password no keychain has.

use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::field::{Field, TextInput};
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::{use_call, use_refused};
use crate::state::toasts::use_toasts;
use mf_contract::Confidential;
use mf_contract::sync::SyncStatusReply;
use mf_contract::workspaces::UnlockWorkspace;
use yew::prelude::*;

const FIELD: &str = "unlock-passphrase";

#[derive(Properties, PartialEq)]
pub(super) struct UnlockDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
}

/// The dialog.
#[component]
pub(super) fn UnlockDialog(props: &UnlockDialogProps) -> Html {
    let typed = use_state(AttrValue::default);
    let toasts = use_toasts();
    let unlock = use_call::<UnlockWorkspace>({
        let onclose = props.onclose.clone();
        Callback::from(move |_: SyncStatusReply| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success("Unlocked. What waited is being sent.");
            }
        })
    });
    use_fresh(props.open, {
        let (typed, unlock) = (typed.setter(), unlock.clone());
        Callback::from(move |()| {
            typed.set(AttrValue::default());
            unlock.clear();
        })
    });
    use_refused(unlock.error(), &[("passphrase", FIELD)]);
    let onsubmit = {
        let (typed, unlock) = (typed.clone(), unlock.clone());
        Callback::from(move |()| unlock.run(UnlockWorkspace { passphrase: Confidential(typed.to_string()) }))
    };
    let oninput = {
        let (typed, unlock) = (typed.setter(), unlock.clone());
        Callback::from(move |text: String| {
            unlock.clear();
            typed.set(text.into());
        })
    };
    let error = unlock.error_on("passphrase").map(AttrValue::from);
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={unlock.busy()} testid="unlock-submit">{ "Unlock" }</Button>
        </>
    };
    html! {
        <Dialog id="unlock" title="Unlock this workspace" narrow=true open={props.open} onclose={props.onclose.clone()} {onsubmit} {foot}>
            <Field id={FIELD} label="Passphrase" hint="The one that was chosen when this computer joined. Asked for once at each start." error={error.clone()}>
                <TextInput id={FIELD} kind="password" value={(*typed).clone()} {oninput} invalid={error.is_some()} required=true autofocus=true testid={FIELD} />
            </Field>
            { trouble_elsewhere(unlock.error_elsewhere(&["passphrase"])) }
        </Dialog>
    }
}
