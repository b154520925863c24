//! The questions a session begins with.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use mf_contract::flows::Flow;
use mf_contract::sessions::CreateSession;
use mf_domain::intake::{Answers, Completeness};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StartDialogProps {
    pub(super) flow: Rc<Flow>,
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    pub(super) onstart: Callback<CreateSession>,
    pub(super) busy: bool,
}

/// The form before a session of a flow that asks something.
#[component]
pub(super) fn StartDialog(props: &StartDialogProps) -> Html {
    let answers = use_state(Answers::new);
    let strict = use_state(|| false);
    let fields = props.flow.intake_form.0.clone();
    let onsubmit = {
        let (answers, strict, onstart, flow) =
            ((*answers).clone(), strict.setter(), props.onstart.clone(), props.flow.clone());
        Callback::from(move |()| {
            let wrong = flow
                .intake_form
                .0
                .iter()
                .find(|field| answer_error(field, &answers, Completeness::Required).is_some());
            match wrong {
                Some(field) => {
                    strict.set(true);
                    browser::focus(&format!("start-{}", field.key));
                }
                None => {
                    onstart.emit(CreateSession { flow_id: flow.id, intake: answers.clone(), target: None })
                }
            }
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={props.busy} writes=true testid="new-session-submit">{ "Start session" }</Button>
        </>
    };
    html! {
        <Dialog
            id="start"
            title="Start a session"
            subtitle={props.flow.name.clone()}
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {foot}
        >
            { intake_fields(&IntakeFieldsProps {
                id: AttrValue::from("start"),
                fields,
                answers: (*answers).clone(),
                onchange: Callback::from({ let answers = answers.setter(); move |next| answers.set(next) }),
                completeness: Completeness::Required,
                strict: *strict,
            }) }
        </Dialog>
    }
}
