//! The head of the runner, and the targets of the batch beside it.

use crate::browser;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::progress::Ring;
use crate::components::status;
use crate::route::Route;
use crate::state::runner::percent;
use mf_contract::sessions::{Session, SessionSummary};
use mf_domain::ids::SessionId;
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

/// What a session is called: its target, or the flow where there is none.
#[must_use]
pub(super) fn label(summary: &SessionSummary) -> String {
    if summary.target_label.is_empty() { summary.flow_name.clone() } else { summary.target_label.clone() }
}

#[derive(Properties, PartialEq)]
pub(super) struct HeadProps {
    pub summary: SessionSummary,
    pub session: Option<Rc<Session>>,
    /// Whether there are other targets to go to.
    pub many: bool,
}

#[component]
pub(super) fn Head(props: &HeadProps) -> Html {
    let summary = &props.summary;
    let running = props.session.as_ref().filter(|_| summary.status == SessionStatus::InProgress);
    let place = running.and_then(|session| {
        let current = session.current_step_id.as_ref()?;
        let at = session.steps.iter().position(|step| step.id == *current)?;
        Some(format!(" · step {} of {}", at + 1, session.steps.len()))
    });
    html! {
        <div class="boardhead">
            <div class="grow">
                <h1 class="clip">
                    { label(summary) }
                    if let Some(notes) = &summary.target_notes {
                        <span class="muted head-notes selectable">{ format!(" {notes}") }</span>
                    }
                </h1>
                <p class="small muted clip">
                    { summary.flow_name.clone() }
                    { place }
                    if let Some(at) = summary.started_at {
                        { " · started " }<When {at} shown={Shown::Clock} />
                    }
                    if let Some(session) = &props.session {
                        { format!(" · rev {}", session.revision) }
                    }
                </p>
            </div>
            { status::of_session(summary.status).pill() }
            if props.session.as_ref().is_some_and(|session| session.late) {
                <span class="pill amber">{ Icon::Alert.svg() }{ "Changed after it ended" }</span>
            }
            if props.many {
                <span class="small muted" aria-hidden="true"><kbd>{ "[" }</kbd>{ " " }<kbd>{ "]" }</kbd>{ " target" }</span>
            }
            if let Some(id) = summary.batch_id {
                <To route={Route::Batch { id }} class="btn" testid="to-batch">{ "Batch" }</To>
            } else if let Some(session) = &props.session {
                <To route={Route::of_flow(summary.flow_id, session.flow_type)} class="btn">{ "Flow" }</To>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct TargetsProps {
    pub sessions: Rc<Vec<SessionSummary>>,
    pub current: SessionId,
}

#[component]
pub(super) fn Targets(props: &TargetsProps) -> Html {
    use_effect_with((props.current, props.sessions.is_empty()), |_| {
        if let Some(row) = browser::element("current-target") {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    html! {
        <nav class="targets" aria-label="Targets of the batch">
            for session in props.sessions.iter() {
                <To
                    key={session.id.to_string()}
                    route={Route::Session { id: session.id }}
                    class="target"
                    current={session.id == props.current}
                    id={(session.id == props.current).then_some("current-target")}
                    testid="target"
                >
                    <Ring session={session.clone()} />
                    <span class="grow clip">{ session.target_label.clone() }</span>
                    <span class={classes!("small", if session.status == SessionStatus::Failed { "tone-red" } else { "faint" })}>
                        { progress(session) }
                    </span>
                </To>
            }
        </nav>
    }
}

fn progress(session: &SessionSummary) -> String {
    match session.status {
        SessionStatus::InProgress => format!("{} %", percent(session)),
        status => status::of_session(status).word.to_lowercase(),
    }
}
