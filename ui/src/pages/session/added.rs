//! Steps that are not in the flow: the dialog that adds one, and the rollback that a failed step offers.

use super::actions::{Runner, trouble_with};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::{Field, Select, TextArea, TextInput};
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, Markdown};
use crate::components::trouble::trouble;
use crate::state::call::use_refused;
use crate::state::runner::{Over, View, ViewAction};
use mf_contract::sessions::{AddStep, Session, SessionStep};
use mf_domain::flow::StepId;
use mf_domain::text;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct AddStepDialogProps {
    pub session: Rc<Session>,
    pub view: UseReducerHandle<View>,
    pub runner: Runner,
}

/// Adds a step to this session alone.
#[component]
pub(super) fn AddStepDialog(props: &AddStepDialogProps) -> Html {
    let AddStepDialogProps { session, view, runner } = props;
    let open = view.over == Some(Over::AddStep);
    let title = use_state(String::new);
    let description = use_state(String::new);
    let place = use_state(String::new);
    let tried = use_state(|| false);
    {
        // After the step that is open, unless the person says otherwise; a step that was added begins a new form.
        let here = view.open_step(session).map(|step| step.0.clone()).unwrap_or_default();
        let (title, description) = (title.setter(), description.setter());
        let (place, tried) = (place.setter(), tried.setter());
        let added = session.steps.iter().filter(|step| step.added.is_some()).count();
        let was = use_mut_ref(|| added);
        use_effect_with((open, added), move |(open, added)| {
            if was.replace(*added) != *added {
                title.set(String::new());
                description.set(String::new());
            }
            if *open {
                place.set(here);
                tried.set(false);
            }
        });
    }
    let wrong = text::name("title", &title).err().map(|error| error.message);
    let refused = runner.add.error_on("title");
    use_refused(runner.add.error(), &[("title", "added-title"), ("description", "added-description")]);
    let shown =
        refused.or_else(|| wrong.clone().filter(|_| *tried).map(|wrong| crate::api::capitalised(&wrong)));
    let wrong_text = runner.add.error_on("description").map(AttrValue::from);
    let onsubmit = {
        let (runner, tried) = (runner.clone(), tried.setter());
        let (title, description) = ((*title).clone(), (*description).clone());
        let after = Some((*place).clone()).filter(|place| !place.is_empty()).map(StepId);
        Callback::from(move |()| {
            tried.set(true);
            if wrong.is_some() {
                return browser::focus("added-title");
            }
            runner.add.run(AddStep {
                session_id: runner.id,
                title: title.clone(),
                description: description.clone(),
                after_step_id: after.clone(),
            });
        })
    };
    let onclose = {
        let view = view.dispatcher();
        Callback::from(move |()| view.dispatch(ViewAction::Show(None)))
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={runner.add.busy()} writes=true testid="add-step-confirm">{ "Add the step" }</Button>
        </>
    };
    let places = |open: bool| -> Vec<(AttrValue, AttrValue)> {
        let steps = session.steps.iter().enumerate().filter(|_| open);
        let after = steps.map(|(at, step)| {
            (step.id.0.clone().into(), AttrValue::from(format!("After {}. {}", at + 1, step.title)))
        });
        after.chain([(AttrValue::Static(""), AttrValue::Static("At the end"))]).collect()
    };
    html! {
        <Dialog
            id="add-step"
            title="Add a step"
            subtitle="To this session alone. It is recorded as added, by whom and when; the flow stays as it is."
            {open}
            {onclose}
            {onsubmit}
            {foot}
            testid="add-step-dialog"
        >
            <Field id="added-title" label="What is to be done" error={shown.clone().map(AttrValue::from)}>
                <TextInput
                    id="added-title"
                    value={(*title).clone()}
                    oninput={let (title, add) = (title.setter(), runner.add.clone()); move |text| { add.clear(); title.set(text) }}
                    invalid={shown.is_some()}
                    required=true
                    autofocus=true
                    testid="added-title"
                />
            </Field>
            <Field id="added-description" label="Description" optional=true error={wrong_text.clone()} hint="Markdown">
                <TextArea
                    id="added-description"
                    value={(*description).clone()}
                    oninput={let (description, add) = (description.setter(), runner.add.clone()); move |text| { add.clear(); description.set(text) }}
                    invalid={wrong_text.is_some()}
                    testid="added-description"
                />
            </Field>
            <Field id="added-place" label="Place">
                <Select
                    id="added-place"
                    value={(*place).clone()}
                    options={places(open)}
                    onchange={let place = place.setter(); move |chosen| place.set(chosen)}
                    testid="added-place"
                />
            </Field>
            if let Some(text) = runner.add.error_elsewhere(&["title", "description"]) {
                { trouble(text, None) }
            }
        </Dialog>
    }
}

/// How to undo a step that failed, until somebody takes that up.
pub(super) fn rollback_offer(
    step: &SessionStep,
    rollback: &str,
    first: bool,
    runner: &Runner,
    filling: &Filling,
) -> Html {
    html! {
        <div class="rollback" role="group" aria-label={format!("Rollback of {}", step.title)} data-testid="rollback-offer">
            <div class="row">
                { Icon::Undo.svg_with("tone-amber") }
                <p class="grow"><b>{ "This step has a rollback." }</b><span class="muted">{ " Taken up, it becomes a step of its own after this one." }</span></p>
                <Button
                    small=true
                    icon={Icon::Undo}
                    keys={first.then_some("R")}
                    busy={runner.rollback.busy()}
                    onclick={let (runner, id) = (runner.clone(), step.id.clone()); move |()| runner.take_up_rollback(&id)}
                    writes=true testid="rollback"
                >
                    { "Roll back" }
                </Button>
            </div>
            <details>
                <summary class="small muted">{ "What it does" }</summary>
                <Markdown text={rollback.to_owned()} filling={filling.clone()} />
            </details>
            if first {
                { trouble_with(&runner.rollback) }
            }
        </div>
    }
}
