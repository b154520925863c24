//! Questions nobody has answered yet, asked once for the whole batch.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::intake::{
    IntakeFieldsProps, answer_paths, first_wrong, intake_fields, refused_answers,
};
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::{use_call, use_refused};
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
    let asked = answer_paths(ID, &props.fields);
    let own: Vec<(&str, &str)> = asked.iter().map(|(path, id)| (path.as_str(), id.as_str())).collect();
    use_refused(save.error(), &own);
    let own: Vec<&str> = own.iter().map(|(field, _)| *field).collect();
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
                onchange: Callback::from({
                    let (answers, save) = (answers.setter(), save.clone());
                    move |next| {
                        save.clear();
                        answers.set(next);
                    }
                }),
                completeness: Completeness::Required,
                strict: *strict,
                refused: refused_answers(&props.fields, |path| save.error_on(path)),
            }) }
            { trouble_elsewhere(save.error_elsewhere(&own)) }
            <div class="step-actions">
                <Button tone={Tone::Primary} submit=true busy={save.busy()} writes=true testid="intake-save">{ "Save answers" }</Button>
            </div>
        </form>
    }
}
