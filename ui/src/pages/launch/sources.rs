//! Where the targets of a launch come from: a saved list, an earlier run of the flow.

use crate::components::button::Button;
use crate::components::combobox::Combobox;
use crate::components::datetime::When;
use crate::components::field::{Field, Group};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::status;
use crate::state::combobox::Choice;
use crate::state::time::{count, grouped};
use mf_contract::batches::{BatchSummary, PreviousTargets};
use mf_contract::target_lists::TargetListSummary;
use std::rc::Rc;
use yew::prelude::*;

/// The lists, as they are chosen among.
#[must_use]
pub fn list_choices(lists: &[TargetListSummary]) -> Vec<Choice> {
    let of = |list: &TargetListSummary| {
        let mut detail = count(list.target_count as usize, "target");
        for place in [&list.client, &list.site].into_iter().flatten() {
            detail.push_str(" · ");
            detail.push_str(place);
        }
        Choice { value: list.id.to_string().into(), words: list.name.clone().into(), detail: detail.into() }
    };
    lists.iter().map(of).collect()
}

/// Properties of [`saved_list`].
#[derive(Debug)]
pub(super) struct SavedListProps {
    pub choices: Rc<Vec<Choice>>,
    /// The id of a list, or what is typed instead.
    pub value: AttrValue,
    pub onchange: Callback<String>,
    pub error: Option<AttrValue>,
    pub ontype: Callback<()>,
}

/// One of the saved lists.
pub(super) fn saved_list(props: &SavedListProps) -> Html {
    if props.choices.is_empty() {
        return empty(&EmptyProps {
            icon: Icon::Server,
            compact: true,
            title: "No target lists yet".into(),
            text: "Save one under Target lists, or type the targets here.".into(),
            children: html! { <Button onclick={props.ontype.clone()}>{ "Type targets" }</Button> },
        });
    }
    html! {
        <Field id="launch-list" label="Target list" error={props.error.clone()}>
            <Combobox
                id="launch-list"
                value={props.value.clone()}
                choices={props.choices.clone()}
                onchange={props.onchange.clone()}
                placeholder="Choose a list, or type a part of its name"
                invalid={props.error.is_some()}
                required=true
                testid="launch-list"
            />
        </Field>
    }
}

/// Properties of [`previous_run`].
#[derive(Debug)]
pub(super) struct PreviousRunProps {
    pub batches: Rc<Vec<BatchSummary>>,
    pub chosen: Option<PreviousTargets>,
    pub onchange: Callback<PreviousTargets>,
    pub error: Option<AttrValue>,
    pub ontype: Callback<()>,
}

/// One of the flow's past batches: all of its targets, or those that failed.
pub(super) fn previous_run(props: &PreviousRunProps) -> Html {
    if props.batches.is_empty() {
        return empty(&EmptyProps {
            icon: Icon::Clock,
            compact: true,
            title: "This flow has not run yet".into(),
            text: "Once it has, its targets can be taken again from here, all of them or those that failed."
                .into(),
            children: html! { <Button onclick={props.ontype.clone()}>{ "Type targets" }</Button> },
        });
    }
    let chosen = props.chosen;
    let batch =
        chosen.and_then(|chosen| props.batches.iter().find(|batch| batch.batch_id == chosen.batch_id));
    html! {
        <>
            <Group id="launch-previous-run" label="Run" role="radiogroup" error={props.error.clone()}>
                <div class="run-choice">
                    for (place, one) in props.batches.iter().enumerate() {
                        { run(props, place, one) }
                    }
                </div>
            </Group>
            if let (Some(batch), Some(chosen)) = (batch, chosen) {
                { which_targets(props, batch, chosen) }
            }
        </>
    }
}

fn run(props: &PreviousRunProps, place: usize, batch: &BatchSummary) -> Html {
    let batch_id = batch.batch_id;
    let checked = props.chosen.is_some_and(|chosen| chosen.batch_id == batch_id);
    let onchange = props.onchange.reform(move |_: Event| PreviousTargets { batch_id, only_failed: false });
    html! {
        <label key={batch_id.to_string()}>
            <input
                type="radio"
                name="launch-run"
                id={(place == 0).then_some("launch-run")}
                {checked}
                {onchange}
                data-testid="launch-run"
            />
            <span class="strong"><When at={batch.launched_at} /></span>
            <span class="muted grow">{ status::origin(batch.origin) }</span>
            <span class="num-cell">{ batch.rollup.words() }</span>
            if batch.rollup.failed > 0 {
                <span class="tone-red">{ format!("{} failed", grouped(batch.rollup.failed as usize)) }</span>
            }
        </label>
    }
}

fn which_targets(props: &PreviousRunProps, batch: &BatchSummary, chosen: PreviousTargets) -> Html {
    let failed = batch.rollup.failed as usize;
    let option = |only_failed: bool, words: String, rests: bool| {
        let onchange = props.onchange.reform(move |_: Event| PreviousTargets { only_failed, ..chosen });
        html! {
            <label>
                <input
                    type="radio"
                    name="launch-which"
                    checked={chosen.only_failed == only_failed}
                    disabled={rests}
                    {onchange}
                    data-testid={if only_failed { "launch-only-failed" } else { "launch-all" }}
                />
                { words }
            </label>
        }
    };
    html! {
        <Group id="launch-which" label="Targets" role="radiogroup">
            <div class="choice">
                { option(false, format!("All {}", grouped(batch.rollup.total as usize)), false) }
                { option(true, if failed == 0 { "None has failed".to_owned() } else { format!("Only the {} that failed", grouped(failed)) }, failed == 0) }
            </div>
        </Group>
    }
}
