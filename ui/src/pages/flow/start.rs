//! What a session is asked before it begins: the questions of its flow, and the target it is carried out on.

use super::for_target::ForTarget;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::intake::{
    IntakeFieldsProps, answer_paths, first_wrong, intake_fields, refused_answers,
};
use crate::components::trouble::trouble;
use crate::state::call::{CallHandle, use_refused};
use crate::state::start::{TargetDraft, TargetField, WrongTarget};
use mf_contract::flows::Flow;
use mf_contract::sessions::CreateSession;
use mf_domain::intake::{Answers, Completeness};
use mf_domain::targets::Target;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StartDialogProps {
    pub(super) flow: Rc<Flow>,
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    pub(super) start: CallHandle<CreateSession>,
}

const ID: &str = "start";

/// The form before a session.
#[component]
pub(super) fn StartDialog(props: &StartDialogProps) -> Html {
    let answers = use_state(Answers::new);
    let target = use_state(TargetDraft::default);
    let known = use_state_eq(|| None::<Rc<Vec<Target>>>);
    let strict = use_state(|| false);
    let fields = props.flow.intake_form.0.clone();
    let wanted = use_memo(props.flow.clone(), |flow| flow.structure.speaks_of_target());
    let read = target.target(known.as_ref().map(|known| known.as_slice()));
    let onsubmit = {
        let (answers, strict, start, flow, read, wanted) = (
            (*answers).clone(),
            strict.setter(),
            props.start.clone(),
            props.flow.clone(),
            read.clone(),
            *wanted,
        );
        Callback::from(move |()| {
            strict.set(true);
            let answer = first_wrong(ID, &flow.intake_form.0, &answers, Completeness::Required);
            match (&read, answer) {
                (Ok(target), None) => start.run(CreateSession {
                    flow_id: flow.id,
                    intake: answers.clone(),
                    target: target.clone(),
                }),
                // The first on the page.
                (Ok(_), Some(answer)) => browser::focus(&answer),
                (Err(_), Some(answer)) if !wanted => browser::focus(&answer),
                // The fields may have to be unfolded first.
                (Err(wrong), _) => browser::focus_soon(wrong.field.id()),
            }
        })
    };
    let asked = answer_paths(ID, &fields);
    let mut own = vec![("target", TargetField::Label.id())];
    own.extend(asked.iter().map(|(path, id)| (path.as_str(), id.as_str())));
    // What was refused is said at its question; the keyboard goes there.
    use_refused(props.start.error(), &own);
    let refused = refused_answers(&fields, |path| props.start.error_on(path));
    let own: Vec<&str> = own.iter().map(|(field, _)| *field).collect();
    let elsewhere = props.start.error_elsewhere(&own);
    let wrong = read.err().filter(|_| *strict).or_else(|| {
        let words = props.start.error_on("target")?;
        Some(WrongTarget { field: TargetField::Label, words })
    });
    let onclose = {
        let (start, strict, onclose) = (props.start.clone(), strict.setter(), props.onclose.clone());
        Callback::from(move |()| {
            start.clear();
            strict.set(false);
            onclose.emit(());
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={props.start.busy()} writes=true testid="new-session-submit">{ "Start session" }</Button>
        </>
    };
    let for_target = html! {
        <ForTarget
            draft={(*target).clone()}
            onchange={
                let (target, start) = (target.setter(), props.start.clone());
                move |next| {
                    start.clear();
                    target.set(next);
                }
            }
            onknown={let known = known.setter(); move |next| known.set(next)}
            wanted={*wanted}
            {wrong}
        />
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
            if *wanted {
                { for_target.clone() }
            }
            if !fields.is_empty() {
                { intake_fields(&IntakeFieldsProps {
                    id: AttrValue::from(ID),
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
            }
            if !*wanted {
                { for_target }
            }
            if let Some(text) = elsewhere {
                { trouble(text, None) }
            }
        </Dialog>
    }
}
