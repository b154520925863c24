//! Bringing the team's database to this release, with an administrator's connection.

use super::fields::ConnectionFields;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::{use_call, use_refused};
use crate::state::toasts::use_toasts;
use mf_contract::workspaces::UpgradeWorkspace;
use mf_contract::{Confidential, Done};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct UpgradeDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
}

/// The dialog. Nothing that is typed outlives it.
#[component]
pub(super) fn UpgradeDialog(props: &UpgradeDialogProps) -> Html {
    let connection = use_state(AttrValue::default);
    let ca_pem = use_state(AttrValue::default);
    let strict = use_state(|| false);
    let toasts = use_toasts();
    let upgrade = use_call::<UpgradeWorkspace>({
        let onclose = props.onclose.clone();
        Callback::from(move |_: Done| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success("The team's database is of this release now.");
            }
        })
    });
    use_fresh(props.open, {
        let (connection, ca_pem, strict, upgrade) =
            (connection.setter(), ca_pem.setter(), strict.setter(), upgrade.clone());
        Callback::from(move |()| {
            connection.set(AttrValue::default());
            ca_pem.set(AttrValue::default());
            strict.set(false);
            upgrade.clear();
        })
    });
    use_refused(upgrade.error(), &[("connection", "upgrade-connection"), ("ca_pem", "upgrade-ca")]);
    let onsubmit = {
        let (connection, ca_pem, strict, upgrade) =
            (connection.clone(), ca_pem.clone(), strict.setter(), upgrade.clone());
        Callback::from(move |()| {
            strict.set(true);
            if connection.trim().is_empty() {
                return browser::focus("upgrade-connection");
            }
            let pem = Some(ca_pem.trim().to_owned()).filter(|pem| !pem.is_empty());
            upgrade.run(UpgradeWorkspace {
                connection: Confidential(connection.trim().to_owned()),
                ca_pem: pem,
            });
        })
    };
    let set = |state: &UseStateHandle<AttrValue>| {
        let (state, upgrade) = (state.setter(), upgrade.clone());
        Callback::from(move |text: String| {
            upgrade.clear();
            state.set(text.into());
        })
    };
    let blank =
        (*strict && connection.trim().is_empty()).then(|| "Say how to connect to the server.".to_owned());
    let wrong = blank.or_else(|| upgrade.error_on("connection")).map(AttrValue::from);
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={upgrade.busy()} testid="upgrade-submit">{ "Upgrade" }</Button>
        </>
    };
    html! {
        <Dialog
            id="upgrade"
            title="Upgrade the team's server"
            subtitle="Its tables and functions are brought to this release. Where they are already, nothing changes."
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            note={upgrade.busy().then(|| html! { <p role="status">{ "Upgrading…" }</p> })}
            {foot}
        >
            <ConnectionFields
                id="upgrade"
                connection={(*connection).clone()}
                onconnection={set(&connection)}
                ca_pem={(*ca_pem).clone()}
                onca={set(&ca_pem)}
                errors={[wrong, upgrade.error_on("ca_pem").map(AttrValue::from)]}
            />
            { trouble_elsewhere(upgrade.error_elsewhere(&["connection", "ca_pem"])) }
        </Dialog>
    }
}
