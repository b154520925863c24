//! The questions a session begins with.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use crate::components::trouble::trouble;
use crate::state::call::CallHandle;
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
    pub(super) start: CallHandle<CreateSession>,
}

/// The form before a session of a flow that asks something.
#[component]
pub(super) fn StartDialog(props: &StartDialogProps) -> Html {
    let answers = use_state(Answers::new);
    let strict = use_state(|| false);
    let fields = props.flow.intake_form.0.clone();
    let onsubmit = {
        let (answers, strict, start, flow) =
            ((*answers).clone(), strict.setter(), props.start.clone(), props.flow.clone());
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
                None => start.run(CreateSession { flow_id: flow.id, intake: answers.clone(), target: None }),
            }
        })
    };
    let paths: Vec<String> = fields.iter().map(|field| format!("intake.{}", field.key)).collect();
    let refused: Vec<(String, String)> = fields
        .iter()
        .zip(&paths)
        .filter_map(|(field, path)| Some((field.key.clone(), props.start.error_on(path)?)))
        .collect();
    let elsewhere = props.start.error_elsewhere(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    // What was refused is said at its question; the focus goes there.
    use_effect_with(refused.first().map(|(key, _)| key.clone()), |key| {
        if let Some(key) = key {
            browser::focus(&format!("start-{key}"));
        }
    });
    let onclose = {
        let (start, onclose) = (props.start.clone(), props.onclose.clone());
        Callback::from(move |()| {
            start.clear();
            onclose.emit(());
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={props.start.busy()} writes=true testid="new-session-submit">{ "Start session" }</Button>
        </>
    };
    html! {
        <Dialog
            id="start"
            title="Start a session"
            subtitle={props.flow.name.clone()}
            open={props.open}
            {onclose}
            {onsubmit}
            {foot}
        >
            { intake_fields(&IntakeFieldsProps {
                id: AttrValue::from("start"),
                fields,
                answers: (*answers).clone(),
                onchange: Callback::from({
                    let (answers, start) = (answers.setter(), props.start.clone());
                    move |next| {
                        start.clear();
                        answers.set(next);
                    }
                }),
                completeness: Completeness::Required,
                strict: *strict,
                refused,
            }) }
            if let Some(text) = elsewhere {
                { trouble(text, None) }
            }
        </Dialog>
    }
}
