//! What was due and did not run: why, what was done about it, and what can still be done.

use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::schedule::missed_words;
use crate::state::time::{self, count};
use mf_contract::batches::LaunchedBatch;
use mf_contract::schedules::{MissedOccurrence, MissedOutcome, RunMissedOccurrence, SkipMissedOccurrence};
use std::rc::Rc;
use yew::prelude::*;

/// How many are listed.
const LISTED: usize = 5;

#[derive(Properties, PartialEq)]
pub(super) struct MissedProps {
    pub(super) list: Rc<Vec<MissedOccurrence>>,
}

/// The list, newest first.
#[component]
pub(super) fn Missed(props: &MissedProps) -> Html {
    let run = use_call::<RunMissedOccurrence>(Callback::from(|batch: LaunchedBatch| {
        go(Route::Batch { id: batch.batch_id });
    }));
    let skip = use_call::<SkipMissedOccurrence>(Callback::noop());
    let onrun = {
        let run = run.clone();
        Callback::from(move |(schedule_id, nominal)| run.run(RunMissedOccurrence { schedule_id, nominal }))
    };
    let onskip = {
        let skip = skip.clone();
        Callback::from(move |(schedule_id, nominal)| skip.run(SkipMissedOccurrence { schedule_id, nominal }))
    };
    let busy = run.busy() || skip.busy();
    html! {
        <div class="missed" data-testid="missed">
            <div class="row">
                <h2>{ "Missed" }</h2>
                <span class="pill red">{ Icon::Alert.svg() }{ count(props.list.len(), "run") }</span>
            </div>
            if let Some(text) = run.error_elsewhere(&[]).or_else(|| skip.error_elsewhere(&[])) {
                { trouble(text, None) }
            }
            <ul class="run-list">
                for missed in props.list.iter().take(LISTED) {
                    { row(missed, busy, &onrun, &onskip) }
                }
            </ul>
            if props.list.len() > LISTED {
                <p class="small faint">{ format!("and {} before", time::grouped(props.list.len() - LISTED)) }</p>
            }
        </div>
    }
}

type Chosen = Callback<(mf_domain::ids::ScheduleId, chrono::DateTime<chrono::Utc>)>;

fn row(missed: &MissedOccurrence, busy: bool, onrun: &Chosen, onskip: &Chosen) -> Html {
    let which = (missed.schedule_id, missed.nominal);
    let asked = missed.outcome == MissedOutcome::Asked;
    let when = html! { <When at={missed.nominal} /> };
    html! {
        <li data-testid="missed-row">
            <span class="grow">
                { when }
                <span class="small muted">{ format!(" · {}", missed_words(missed)) }</span>
            </span>
            if asked {
                <Button small=true tone={Tone::Ghost} {busy} onclick={onskip.reform(move |()| which)} writes=true testid="skip-missed">
                    { "Skip" }
                </Button>
            }
            if missed.can_run && missed.outcome != MissedOutcome::Replaced {
                <Button
                    small=true
                    tone={if asked { Tone::Primary } else { Tone::Plain }}
                    {busy}
                    onclick={onrun.reform(move |()| which)}
                    writes=true
                    testid="run-missed"
                >
                    { "Run now" }
                </Button>
            }
        </li>
    }
}
