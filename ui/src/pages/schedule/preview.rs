//! What the dialog's form amounts to, by the very code that fires it, a moment after it stopped changing.

use super::runs::{RunsProps, runs_table};
use crate::api;
use crate::components::icon::Icon;
use crate::components::loaded::skeleton;
use crate::components::trouble::trouble;
use crate::state::load::use_load;
use gloo_timers::callback::Timeout;
use mf_contract::schedules::{PreviewSchedule, SchedulePreview};
use std::rc::Rc;
use yew::prelude::*;

/// How many runs are shown.
pub(super) const RUNS: u32 = 10;
/// So long nothing must change, in milliseconds.
const STILL: u32 = 200;

#[derive(Properties, PartialEq)]
pub(super) struct PreviewProps {
    /// `None` while the form cannot be read.
    pub(super) request: Option<PreviewSchedule>,
}

/// The preview. What was shown stays, faintly, until it is answered anew: a page that flickers cannot be compared.
#[component]
pub(super) fn Preview(props: &PreviewProps) -> Html {
    let settled = use_state_eq(|| props.request.clone());
    {
        let settled = settled.setter();
        use_effect_with(props.request.clone(), move |request| {
            let request = request.clone();
            let timeout = Timeout::new(STILL, move || settled.set(request));
            move || drop(timeout)
        });
    }
    let preview = use_load((*settled).clone(), |_, _| false);
    let last = use_mut_ref(|| None::<(Rc<SchedulePreview>, String)>);
    if let (Some(data), Some(request)) = (preview.data(), settled.as_ref()) {
        *last.borrow_mut() = Some((data, request.timezone.clone()));
    }
    let current = preview.data().is_some() && *settled == props.request;
    let last = last.borrow();
    html! {
        <section class="schedule-preview" aria-label="Preview" aria-live="polite" data-testid="schedule-preview">
            if let (Some(error), true) = (preview.error(), *settled == props.request) {
                { trouble(api::sentence(error), Some(preview.again())) }
            } else if props.request.is_none() {
                <p class="muted">{ "The next runs appear here once what you wrote can be read." }</p>
            } else if let Some((data, zone)) = &*last {
                <div class={classes!((!current).then_some("stale"))}>
                    <p class="lead">{ data.description.clone() }</p>
                    if let Some(never) = &data.never {
                        <p class="row tone-amber" data-testid="never-runs">{ Icon::Alert.svg() }<span>{ never.clone() }</span></p>
                    }
                    if data.occurrences.is_empty() {
                        <p class="muted">{ "No run comes before the year 2101." }</p>
                    } else {
                        { runs_table(&RunsProps {
                            runs: &data.occurrences,
                            most: RUNS,
                            zone,
                            title: "Next runs",
                            distances: false,
                        }) }
                    }
                    if let (Some(until), None) = (data.looked_until, &data.never) {
                        <p class="muted">
                            { format!("Looked up to {}: more runs may follow.", until.format("%Y-%m-%d")) }
                        </p>
                    }
                </div>
            } else {
                { skeleton(6) }
            }
        </section>
    }
}
