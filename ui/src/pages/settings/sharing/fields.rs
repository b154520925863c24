//! What several dialogs of sharing ask for: an administrator's connection, and a passphrase where there is no keychain.

use crate::browser;
use crate::components::button::Button;
use crate::components::field::{Field, TextArea, TextInput};
use crate::components::file_choice::{FileInputProps, file_input};
use crate::components::fold::Fold;
use crate::components::icon::Icon;
use crate::state::team::forms::Passphrase;
use yew::prelude::*;

/// Properties of [`ConnectionFields`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct ConnectionFieldsProps {
    /// The ids are `{id}-connection` and `{id}-ca`.
    pub(super) id: &'static str,
    pub(super) connection: AttrValue,
    pub(super) onconnection: Callback<String>,
    pub(super) ca_pem: AttrValue,
    pub(super) onca: Callback<String>,
    /// What is wrong with the connection, and with the authority.
    pub(super) errors: [Option<AttrValue>; 2],
}

/// How to reach the server as somebody who may create roles. The password in it is hidden until asked for.
#[component]
pub(super) fn ConnectionFields(props: &ConnectionFieldsProps) -> Html {
    let seen = use_state(|| false);
    let unfolded = use_state(|| false);
    let (connection, ca) = (format!("{}-connection", props.id), format!("{}-ca", props.id));
    let [connection_error, ca_error] = props.errors.clone();
    let onfile = {
        let onca = props.onca.clone();
        Callback::from(move |file: web_sys::File| {
            let onca = onca.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if let Some((text, _)) = browser::file_text(file).await {
                    onca.emit(text);
                }
            });
        })
    };
    let toggle = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |()| state.set(!*state))
    };
    let summary = if props.ca_pem.trim().is_empty() { "the public ones" } else { "one of your own" };
    html! {
        <>
            <Field
                id={connection.clone()}
                label="Administrator's connection"
                hint="Of a superuser, or of somebody who may create roles. Used for this alone and kept nowhere."
                error={connection_error.clone()}
            >
                <div class="row">
                    <TextInput
                        id={connection.clone()}
                        kind={if *seen { "text" } else { "password" }}
                        mono=true
                        value={props.connection.clone()}
                        oninput={props.onconnection.clone()}
                        placeholder="postgres://admin:password@db.example.com:5432/maintenance"
                        invalid={connection_error.is_some()}
                        required=true
                        autofocus=true
                        testid={connection}
                    />
                    <Button
                        icon={Icon::Eye}
                        label={if *seen { "Hide the connection" } else { "Show the connection" }}
                        pressed={*seen}
                        onclick={toggle(&seen)}
                    />
                </div>
            </Field>
            <Fold
                id={format!("{}-authority", props.id)}
                words="Certificate authority"
                {summary}
                open={*unfolded || ca_error.is_some()}
                ontoggle={toggle(&unfolded)}
                testid={format!("{}-authority", props.id)}
            >
                <Field
                    id={ca.clone()}
                    label="Certificate of your own authority"
                    hint="In PEM form, where no public authority signed the server's certificate. Invites carry it."
                    error={ca_error.clone()}
                    optional=true
                >
                    <TextArea
                        id={ca.clone()}
                        code=true
                        value={props.ca_pem.clone()}
                        oninput={props.onca.clone()}
                        placeholder="-----BEGIN CERTIFICATE-----"
                        invalid={ca_error.is_some()}
                        testid={ca}
                    />
                </Field>
                <div class="file-row">
                    { file_input(&FileInputProps {
                        id: format!("{}-ca-file", props.id).into(),
                        accept: ".pem,.crt,.cer,.ca-bundle,application/x-pem-file",
                        onfile,
                        class: "btn small",
                        words: html! { "Choose a file" },
                        invalid: false,
                        testid: "ca-file",
                    }) }
                    <span id={format!("{}-ca-file-about", props.id)} class="small muted">{ "Its text is read into the field above." }</span>
                </div>
            </Fold>
        </>
    }
}

/// Properties of [`PassphraseFields`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct PassphraseFieldsProps {
    /// The ids are `{id}-passphrase` and `{id}-again`.
    pub(super) id: &'static str,
    pub(super) passphrase: Passphrase,
    pub(super) onchange: Callback<Passphrase>,
    /// What is wrong with it, and with its repetition.
    pub(super) errors: [Option<AttrValue>; 2],
}

/// A passphrase, typed twice.
#[component]
pub(super) fn PassphraseFields(props: &PassphraseFieldsProps) -> Html {
    let [first_error, again_error] = props.errors.clone();
    let (first, again) = (format!("{}-passphrase", props.id), format!("{}-again", props.id));
    let set = |change: fn(&mut Passphrase, AttrValue)| {
        let (passphrase, onchange) = (props.passphrase.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = passphrase.clone();
            change(&mut next, text.into());
            onchange.emit(next);
        })
    };
    html! {
        <>
            <div class="field-pair">
                <Field id={first.clone()} label="Passphrase" error={first_error.clone()}>
                    <TextInput
                        id={first.clone()}
                        kind="password"
                        value={props.passphrase.first.clone()}
                        oninput={set(|passphrase, text| passphrase.first = text)}
                        invalid={first_error.is_some()}
                        required=true
                        testid={first}
                    />
                </Field>
                <Field id={again.clone()} label="The same again" error={again_error.clone()}>
                    <TextInput
                        id={again.clone()}
                        kind="password"
                        value={props.passphrase.again.clone()}
                        oninput={set(|passphrase, text| passphrase.again = text)}
                        invalid={again_error.is_some()}
                        required=true
                        testid={again}
                    />
                </Field>
            </div>
            <p class="hint">{ "This computer has no keychain. The password for the server follows from the passphrase, which is kept nowhere: you are asked for it at each start, and nobody can tell you if you forget it." }</p>
        </>
    }
}
