//! What the editor asks about the flow as a whole.

use super::{Send, message, typing};
use crate::components::field::{Field, Shown, TextArea, TextInput, radio_group};
use crate::components::status;
use crate::state::editor::{Edit, Editor, Pick, Place, Problem};
use mf_domain::flow::{FlowType, SignOffRule};
use yew::prelude::*;

const SIGN_OFF: [Shown; 3] = [
    ("none", "Nobody", None),
    ("anyone", "Anyone", None),
    ("someone_else", "Someone other than the runner", None),
];

/// The card with what the flow is called, what it is for and of which type it is.
pub(super) fn about(editor: &Editor, problems: &[Problem], send: &Send) -> Html {
    let draft = &editor.draft;
    let types = [FlowType::Maintenance, FlowType::Procedural].map(status::type_choice);
    let ontype = {
        let send = send.clone();
        Callback::from(move |name: &'static str| {
            if let Some(flow_type) = FlowType::parse(name) {
                send.dispatch(Edit::Pick(Pick::Type(flow_type)));
            }
        })
    };
    let onsign_off = {
        let send = send.clone();
        Callback::from(move |name: &'static str| {
            send.dispatch(Edit::Pick(Pick::SignOff(SignOffRule::parse(name).unwrap_or_default())))
        })
    };
    let name_error = message(problems, "name", editor.strict || !draft.name.is_empty());
    let description_error = message(problems, "description", true);
    html! {
        <section class="card form" aria-label="About the flow">
            <Field id="flow-name" label="Name" error={name_error.clone()}>
                <TextInput
                    id="flow-name"
                    value={draft.name.clone()}
                    oninput={typing(send, Place::Name)}
                    placeholder="What the flow is called"
                    required=true
                    invalid={name_error.is_some()}
                    autofocus={draft.name.is_empty()}
                    testid="flow-name"
                />
            </Field>
            <Field id="flow-description" label="Description" optional=true error={description_error.clone()}>
                <TextArea
                    id="flow-description"
                    value={draft.description.clone()}
                    oninput={typing(send, Place::Description)}
                    invalid={description_error.is_some()}
                    placeholder="What it is for and when to use it. The first line is shown in lists."
                    testid="flow-description"
                />
            </Field>
            if draft.tree.is_none() {
                { radio_group("flow-type", "Type", &types, draft.flow_type.as_str(), ontype, message(problems, "flow_type", true)) }
            }
            // Only runs over many targets are signed off, and only maintenance has them.
            if draft.flow_type == FlowType::Maintenance {
                { radio_group("flow-sign-off", "Who signs a finished run off", &SIGN_OFF, draft.sign_off.as_str(), onsign_off, None) }
            }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_signing_off_can_be_chosen() {
        let offered = SIGN_OFF.map(|(name, ..)| SignOffRule::parse(name));
        assert_eq!(offered, SignOffRule::ALL.map(Some));
    }
}
