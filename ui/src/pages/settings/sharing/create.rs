//! Making a team on a server of one's own: looked at first, made then.

use super::fields::{ConnectionFields, PassphraseFields};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Dialog, use_fresh};
use crate::components::field::{Field, TextInput, field_error};
use crate::components::icon::Icon;
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::{use_call, use_refused};
use crate::state::load::use_load;
use crate::state::team::forms::CreateForm;
use mf_contract::workspaces::{
    CreateWorkspace, CreatedWorkspace, PreviewWorkspace, SecretPlace, SecretStorage, WorkspacePlan,
};
use mf_domain::ids::TeamId;
use yew::prelude::*;

/// The fields as the engine calls them, and their controls.
const FIELDS: [(&str, &str); 5] = [
    ("connection", "team-connection"),
    ("name", "team-name"),
    ("member_name", "team-member"),
    ("ca_pem", "team-ca"),
    ("passphrase", "team-passphrase"),
];

/// The id of what was found.
const PLAN: &str = "team-plan";

/// Properties of [`CreateDialog`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct CreateDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    /// Told of the one that was made, and its name.
    pub(super) onmade: Callback<(TeamId, String)>,
}

/// The dialog. Nothing that is typed outlives it.
#[component]
pub(super) fn CreateDialog(props: &CreateDialogProps) -> Html {
    let storage = use_load(props.open.then_some(SecretStorage {}), |_, _| false);
    let place = storage.data().map_or(SecretPlace::Keychain, |storage| storage.place);
    let form = use_state(CreateForm::default);
    let strict = use_state(|| false);
    let plan = use_state(|| None::<WorkspacePlan>);
    let check = use_call::<PreviewWorkspace>({
        let plan = plan.setter();
        Callback::from(move |found: WorkspacePlan| plan.set(Some(found)))
    });
    let create = use_call::<CreateWorkspace>({
        let (onmade, name) = (props.onmade.clone(), form.name.trim().to_owned());
        Callback::from(move |made: CreatedWorkspace| onmade.emit((made.workspace_id, name.clone())))
    });
    use_fresh(props.open, {
        let (form, strict, plan) = (form.setter(), strict.setter(), plan.setter());
        let (check, create) = (check.clone(), create.clone());
        Callback::from(move |()| {
            form.set(CreateForm::default());
            strict.set(false);
            plan.set(None);
            check.clear();
            create.clear();
        })
    });
    use_refused(check.error().or(create.error()), &FIELDS);
    let errors = form.errors(place);
    let change = {
        let (form, plan, check, create) = (form.clone(), plan.setter(), check.clone(), create.clone());
        move |change: fn(&mut CreateForm, AttrValue)| {
            let (form, plan, check, create) = (form.clone(), plan.clone(), check.clone(), create.clone());
            Callback::from(move |text: String| {
                let mut next = (*form).clone();
                change(&mut next, text.into());
                form.set(next);
                // What was looked at is not what would be made any more.
                plan.set(None);
                check.clear();
                create.clear();
            })
        }
    };
    let ready = plan.as_ref().is_some_and(|plan| plan.problems.is_empty());
    let busy = check.busy() || create.busy();
    let onsubmit = {
        let (form, strict, check, create) = (form.clone(), strict.setter(), check.clone(), create.clone());
        let wrong = [
            errors.connection.is_some(),
            errors.name.is_some(),
            errors.member_name.is_some(),
            false,
            errors.passphrase.iter().any(Option::is_some),
        ];
        let again = errors.passphrase[1].is_some();
        Callback::from(move |()| {
            strict.set(true);
            if let Some(at) = wrong.iter().position(|wrong| *wrong) {
                let control = if at == 4 && again { "team-again" } else { FIELDS[at].1 };
                return browser::focus(control);
            }
            if busy {
                return;
            }
            if ready {
                create.run(form.create(place));
            } else {
                create.clear();
                check.run(form.preview());
            }
        })
    };
    let refused = |field: &str| check.error_on(field).or_else(|| create.error_on(field));
    let told = |own: Option<String>, field: &str| {
        own.filter(|_| *strict).or_else(|| refused(field)).map(AttrValue::from)
    };
    let names = FIELDS.map(|(field, _)| field);
    let elsewhere = check.error_elsewhere(&names).or_else(|| create.error_elsewhere(&names));
    let onpassphrase = {
        let (form, create) = (form.clone(), create.clone());
        Callback::from(move |passphrase| {
            create.clear();
            form.set(CreateForm { passphrase, ..(*form).clone() });
        })
    };
    let [first, again] = errors.passphrase.clone();
    let name_error = told(errors.name.clone(), "name");
    let member_error = told(errors.member_name.clone(), "member_name");
    let note = create
        .busy()
        .then(|| html! { <p role="status">{ "Making it. A new schema takes some seconds…" }</p> });
    use_effect_with(plan.is_some(), |found| {
        if *found {
            browser::scroll_to(PLAN);
        }
    });
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            if ready {
                <Button tone={Tone::Primary} submit=true busy={create.busy()} testid="create-team-submit">{ "Create the team" }</Button>
            } else {
                <Button tone={Tone::Primary} submit=true busy={check.busy()} testid="check-server">{ "Check the server" }</Button>
            }
        </>
    };
    html! {
        <Dialog
            id="create-team"
            title="Create a team on your server"
            subtitle="A Postgres database, version 15 or later. First it is looked at, and nothing is changed."
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            <ConnectionFields
                id="team"
                connection={form.connection.clone()}
                onconnection={change(|form, text| form.connection = text)}
                ca_pem={form.ca_pem.clone()}
                onca={change(|form, text| form.ca_pem = text)}
                errors={[told(errors.connection, "connection"), told(None, "ca_pem")]}
            />
            <div class="field-pair">
                <Field id="team-name" label="Name of the team" error={name_error.clone()}>
                    <TextInput
                        id="team-name"
                        value={form.name.clone()}
                        oninput={change(|form, text| form.name = text)}
                        placeholder="Field team"
                        invalid={name_error.is_some()}
                        required=true
                        testid="team-name"
                    />
                </Field>
                <Field id="team-member" label="Your name" hint="As the team knows you." error={member_error.clone()}>
                    <TextInput
                        id="team-member"
                        value={form.member_name.clone()}
                        oninput={change(|form, text| form.member_name = text)}
                        placeholder="Ada Lovelace"
                        invalid={member_error.is_some()}
                        required=true
                        testid="team-member"
                    />
                </Field>
            </div>
            if place == SecretPlace::Passphrase {
                <PassphraseFields
                    id="team"
                    passphrase={form.passphrase.clone()}
                    onchange={onpassphrase}
                    errors={[told(first, "passphrase"), told(again, "")]}
                />
            }
            { trouble_elsewhere(elsewhere) }
            if let Some(plan) = &*plan {
                { planned(plan) }
            }
        </Dialog>
    }
}

/// What was found, what will be done, and what is in the way.
fn planned(plan: &WorkspacePlan) -> Html {
    let (icon, tone, word) = if plan.encrypted {
        (Icon::Lock, "green", "Encrypted, certificate verified")
    } else {
        (Icon::Alert, "amber", "Not encrypted: on this computer only")
    };
    html! {
        <div class="plan col" id={PLAN} role="status" data-testid="plan">
            <div class="row wrap">
                <b class="selectable">{ format!("{}:{}/{}", plan.host, plan.port, plan.database) }</b>
                <span class="pill">{ Icon::Server.svg() }{ format!("Postgres {}", plan.server_version) }</span>
                <span class={classes!("pill", tone)}>{ icon.svg() }{ word }</span>
            </div>
            if plan.problems.is_empty() {
                <p>{ "This will be done:" }</p>
                <ol class="small muted">
                    for step in &plan.steps {
                        <li>{ step }</li>
                    }
                </ol>
            } else {
                <p>{ "This is in the way. Nothing was changed." }</p>
                for problem in &plan.problems {
                    { field_error(problem.clone()) }
                }
            }
        </div>
    }
}
