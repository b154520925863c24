//! The answers to a run that was missed, wherever it is shown.

use crate::api;
use crate::components::button::{Button, Tone};
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::missed::Answers;
use crate::state::toasts::use_toasts;
use mf_contract::batches::LaunchedBatch;
use mf_contract::schedules::{RunMissedOccurrence, SkipMissedOccurrence};
use yew::prelude::*;

/// Properties of [`MissedActions`].
#[derive(Debug, Properties, PartialEq)]
pub struct MissedActionsProps {
    pub answers: Answers,
}

/// Its buttons, and what went wrong with them. The engine tells of what was answered, and the page loads again.
#[component]
pub fn MissedActions(props: &MissedActionsProps) -> Html {
    let Answers { schedule_id, nominal, run: can_run, skip: can_skip } = props.answers;
    let toasts = use_toasts();
    let run = use_call::<RunMissedOccurrence>(Callback::from(|launched: LaunchedBatch| {
        go(Route::Batch { id: launched.batch_id });
    }));
    let skip = use_call::<SkipMissedOccurrence>(Callback::from(move |_| {
        if let Some(toasts) = &toasts {
            toasts.success("The run is skipped. It stays listed as missed.");
        }
    }));
    let onrun = {
        let run = run.clone();
        Callback::from(move |()| run.run(RunMissedOccurrence { schedule_id, nominal }))
    };
    let onskip = {
        let skip = skip.clone();
        Callback::from(move |()| skip.run(SkipMissedOccurrence { schedule_id, nominal }))
    };
    let failed = run.error().or_else(|| skip.error()).map(api::sentence);
    let busy = run.busy() || skip.busy();
    if !can_run && !can_skip {
        return Html::default();
    }
    // Where somebody is asked, running it is what most would say.
    let tone = if can_skip { Tone::Primary } else { Tone::Plain };
    html! {
        <div class="row wrap missed-actions">
            if let Some(text) = failed {
                <span class="small tone-red" role="alert" data-testid="missed-trouble">{ text }</span>
            }
            if can_skip {
                <Button small=true {busy} onclick={onskip} writes=true testid="skip-missed">{ "Skip" }</Button>
            }
            if can_run {
                <Button small=true {tone} {busy} onclick={onrun} writes=true testid="run-missed">{ "Run now" }</Button>
            }
        </div>
    }
}
