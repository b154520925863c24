//! The sessions somebody is at.

use super::LISTED;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::progress::ring;
use crate::route::Route;
use crate::state::load::use_view;
use crate::state::sessions::query::{Query, Standing};
use crate::state::time::{count, grouped};
use mf_contract::Event;
use mf_contract::agenda::Today;
use mf_contract::sessions::{SessionCounts, SessionSummary};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Debug, Properties, PartialEq)]
pub(super) struct AtWorkProps {
    pub(super) today: Rc<Today>,
}

/// The newest of them; the page of sessions has the others.
#[component]
pub(super) fn AtWork(props: &AtWorkProps) -> Html {
    // Today tells of the newest only, so their number is asked for.
    let counts = use_view(Some(SessionCounts {}), |_, event| {
        matches!(event, Event::SessionChanged { .. } | Event::BatchChanged { .. })
    });
    let running = Query { standing: Some(Standing::Running), ..Query::default() }.written();
    html! {
        <section class="card flat" aria-labelledby="at-work">
            <header>
                <h2 id="at-work">{ "Being worked on" }</h2>
                if let Some(counts) = counts.data() {
                    <span class="small muted">{ grouped(counts.in_progress as usize) }</span>
                }
                <To route={Route::Sessions} query={running} class="end small" testid="all-running">{ "All running" }</To>
            </header>
            <ul class="led">
                for session in props.today.sessions.iter().take(LISTED) {
                    { one_session(session) }
                }
            </ul>
        </section>
    }
}

fn one_session(session: &SessionSummary) -> Html {
    let named = !session.target_label.is_empty() && session.target_label != session.flow_name;
    let (name, flow) = if named {
        (&session.target_label, Some(session.flow_name.clone()))
    } else {
        (&session.flow_name, None)
    };
    let steps = (session.steps_total > 0)
        .then(|| format!("{} of {}", session.steps_recorded, count(session.steps_total as usize, "step")));
    let facts: Vec<String> = [flow, session.target_client.clone(), steps].into_iter().flatten().collect();
    html! {
        <li key={session.id.to_string()} data-testid="today-session">
            { ring(session) }
            <div class="grow row">
                <To class="name clip" route={Route::Session { id: session.id }}>{ name.clone() }</To>
                <span class="small muted clip">{ facts.join(" · ") }</span>
            </div>
            if session.steps_failed > 0 {
                <span class="pill red">{ Icon::Cross.svg() }{ format!("{} failed", session.steps_failed) }</span>
            }
            if let Some(at) = session.started_at {
                <span class="small muted"><When {at} shown={Shown::Relative} /></span>
            }
        </li>
    }
}
