//! The sessions of a project or a troubleshooting flow: those to take up again, and those that have ended.

use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::progress::ring;
use crate::components::status;
use crate::route::Route;
use crate::state::time;
use mf_contract::sessions::SessionSummary;
use mf_domain::flow::FlowType;
use mf_domain::ids::FlowId;
use yew::prelude::*;

/// Sessions somebody has begun and not ended. Nothing where there is none.
pub(super) fn open_sessions(sessions: &[SessionSummary], flow_type: FlowType) -> Html {
    if sessions.is_empty() {
        return Html::default();
    }
    html! {
        <section class="card" aria-label="Open sessions">
            <header>{ Icon::Play.svg() }<h2>{ "Open" }</h2></header>
            <ul class="run-list">
                for session in sessions {
                    <li key={session.id.to_string()} data-testid="open-session">
                        { ring(session) }
                        <span class="grow clip">
                            <To class="name" route={Route::Session { id: session.id }}>{ named(session) }</To>
                        </span>
                        <span class="small muted">{ standing(session, flow_type) }</span>
                    </li>
                }
            </ul>
        </section>
    }
}

/// Sessions that have ended, newest first.
pub(super) fn history(sessions: &[SessionSummary], flow: FlowId, shown: u32) -> Html {
    html! {
        <section class="card" aria-label="Run history">
            <header>
                { Icon::Clock.svg() }<h2>{ "Run history" }</h2>
                if sessions.len() as u32 >= shown {
                    <span class="end small">
                        <To route={Route::Sessions} query={format!("flow={flow}")}>{ "All sessions" }</To>
                    </span>
                }
            </header>
            if sessions.is_empty() {
                { empty(&EmptyProps {
                    icon: Icon::Inbox,
                    compact: true,
                    title: "No session has ended yet".into(),
                    text: "What came of each step is kept here.".into(),
                    children: Html::default(),
                }) }
            } else {
                <ul class="run-list">
                    for session in sessions {
                        <li key={session.id.to_string()} data-testid="history-row">
                            { status::of_session(session.status).pill() }
                            <span class="grow clip">
                                <To class="name" route={Route::Session { id: session.id }}>{ named(session) }</To>
                            </span>
                            <span class="small muted">
                                <When at={session.ended_at.unwrap_or(session.created_at)} shown={Shown::Relative} />
                            </span>
                        </li>
                    }
                </ul>
            }
        </section>
    }
}

/// The machine it was made for, else when it was.
fn named(session: &SessionSummary) -> String {
    if session.target_label.is_empty() || session.target_label == session.flow_name {
        time::date_clock(time::in_viewer_zone(session.created_at))
    } else {
        session.target_label.clone()
    }
}

fn standing(session: &SessionSummary, flow_type: FlowType) -> String {
    let word = status::of_session(session.status).word;
    if flow_type == FlowType::Troubleshooting || session.started_at.is_none() {
        return word.to_owned();
    }
    format!("{word} · {}/{}", session.steps_recorded, session.steps_total)
}
