//! Questions nobody has answered yet, asked once for the whole batch.

use crate::api;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::intake::{IntakeFieldsProps, first_wrong, intake_fields};
use crate::components::trouble::trouble;
use crate::state::call::use_call;
use mf_contract::batches::SetBatchIntake;
use mf_domain::ids::BatchId;
use mf_domain::intake::{Answers, Completeness, IntakeField};
use yew::prelude::*;

/// Begins the id of every control.
const ID: &str = "batch-intake";

/// Properties of [`IntakeNotice`].
#[derive(Debug, Properties, PartialEq)]
pub struct IntakeNoticeProps {
    pub batch_id: BatchId,
    pub fields: Vec<IntakeField>,
    /// What is answered already.
    pub known: Answers,
}

/// Asks, once for the whole batch, what nobody has answered yet.
#[component]
pub fn IntakeNotice(props: &IntakeNoticeProps) -> Html {
    let answers = use_state(Answers::new);
    let strict = use_state(|| false);
    let save = use_call::<SetBatchIntake>(Callback::noop());
    let onsubmit = {
        let (answers, strict, save) = ((*answers).clone(), strict.setter(), save.clone());
        let (fields, known, batch_id) = (props.fields.clone(), props.known.clone(), props.batch_id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            strict.set(true);
            if let Some(wrong) = first_wrong(ID, &fields, &answers, Completeness::Required) {
                return browser::focus(&wrong);
            }
            let mut intake = known.clone();
            intake.extend(answers.clone());
            save.run(SetBatchIntake { batch_id, intake });
        })
    };
    html! {
        <form class="notice" {onsubmit} novalidate={true} data-testid="missing-intake">
            <div class="row">{ Icon::Alert.svg() }{ "Answer this before the first session starts" }</div>
            { intake_fields(&IntakeFieldsProps {
                id: AttrValue::from(ID),
                fields: props.fields.clone(),
                answers: (*answers).clone(),
                onchange: Callback::from({ let answers = answers.setter(); move |next| answers.set(next) }),
                completeness: Completeness::Required,
                strict: *strict,
                refused: Vec::new(),
            }) }
            if let Some(error) = save.error() {
                { trouble(api::sentence(error), None) }
            }
            <div class="step-actions">
                <Button tone={Tone::Primary} submit=true busy={save.busy()} writes=true testid="intake-save">{ "Save answers" }</Button>
            </div>
        </form>
    }
}
