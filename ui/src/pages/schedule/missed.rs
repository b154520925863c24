//! What was due and did not run: why, what was done about it, and what can still be done.

use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::pages::missed_actions::MissedActions;
use crate::state::missed::Answers;
use crate::state::schedule::missed_words;
use crate::state::time::{self, count};
use mf_contract::schedules::MissedOccurrence;
use yew::prelude::*;

/// How many are listed.
const LISTED: usize = 5;

/// The list, newest first.
pub(super) fn missed(list: &[MissedOccurrence]) -> Html {
    html! {
        <div class="missed" data-testid="missed">
            <div class="row">
                <h2>{ "Missed" }</h2>
                <span class="pill red">{ Icon::Alert.svg() }{ count(list.len(), "run") }</span>
            </div>
            <ul class="run-list">
                for missed in list.iter().take(LISTED) {
                    <li key={format!("{}-{}", missed.id, missed.nominal)} data-testid="missed-row">
                        <span class="grow">
                            <When at={missed.nominal} />
                            <span class="small muted">{ format!(" · {}", missed_words(missed)) }</span>
                        </span>
                        <MissedActions answers={Answers::to(missed)} />
                    </li>
                }
            </ul>
            if list.len() > LISTED {
                <p class="small faint">{ format!("and {} before", time::grouped(list.len() - LISTED)) }</p>
            }
        </div>
    }
}
