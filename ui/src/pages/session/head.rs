//! The head of the runner, and the targets of the batch beside it.

use crate::components::ask::Ask;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::progress::ring;
use crate::components::rows::{bring_into_view, use_rows};
use crate::components::status;
use crate::route::Route;
use crate::state::call::use_call;
use crate::state::runner::percent;
use crate::state::time::count;
use mf_contract::sessions::{CancelSession, Session, SessionSummary};
use mf_domain::ids::SessionId;
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

/// What a session is called: its target, or the flow where there is none.
#[must_use]
pub(super) fn label(summary: &SessionSummary) -> String {
    if summary.target_label.is_empty() { summary.flow_name.clone() } else { summary.target_label.clone() }
}

#[derive(Debug)]
pub(super) struct HeadProps {
    pub summary: SessionSummary,
    pub session: Option<Rc<Session>>,
    /// Whether there are other targets to go to.
    pub many: bool,
}

pub(super) fn head(props: &HeadProps) -> Html {
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
            if !summary.status.is_terminal() {
                <Cancel summary={summary.clone()} />
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
struct CancelProps {
    summary: SessionSummary,
}

/// Calls one session off, after asking once.
#[component]
fn Cancel(props: &CancelProps) -> Html {
    let cancel = use_call::<CancelSession>(Callback::noop());
    let summary = &props.summary;
    let onconfirm = {
        let (cancel, session_id) = (cancel.clone(), summary.id);
        Callback::from(move |()| cancel.run(CancelSession { session_id }))
    };
    html! {
        <Ask
            id="cancel-session"
            action="Cancel session"
            title="Cancel this session?"
            text={format!(
                "{} will be called off, with {} of its {} recorded. What is recorded stays.",
                label(summary),
                summary.steps_recorded,
                count(summary.steps_total as usize, "step"),
            )}
            {onconfirm}
            busy={cancel.busy()}
            error={cancel.error_elsewhere(&[]).map(AttrValue::from)}
        />
    }
}

/// The height of a target in pixels; the style sheet says the same.
const ROW: u32 = 36;

#[derive(Properties, PartialEq)]
pub(super) struct TargetsProps {
    pub sessions: Rc<Vec<SessionSummary>>,
    pub current: SessionId,
    /// Why the targets are not known, or may be out of date.
    pub trouble: Html,
}

#[component]
pub(super) fn Targets(props: &TargetsProps) -> Html {
    let list = use_node_ref();
    let rows = use_rows(&list, props.sessions.len(), ROW);
    {
        let list = list.clone();
        let at = props.sessions.iter().position(|session| session.id == props.current);
        use_effect_with(at, move |at| {
            if let Some(at) = at {
                bring_into_view(&list, *at, ROW, 0.0);
            }
        });
    }
    html! {
        <nav class="targets" aria-label="Targets of the batch" data-scroller="true">
            { props.trouble.clone() }
            <div ref={list}>
                { rows.before("div") }
                for session in props.sessions.iter().take(rows.drawn.end).skip(rows.drawn.start) {
                    <To
                        key={session.id.to_string()}
                        route={Route::Session { id: session.id }}
                        class="target"
                        current={session.id == props.current}
                        testid="target"
                    >
                        { ring(session) }
                        <span class="grow clip">{ session.target_label.clone() }</span>
                        <span class={classes!("small", if session.status == SessionStatus::Failed { "tone-red" } else { "faint" })}>
                            { progress(session) }
                        </span>
                    </To>
                }
                { rows.after("div") }
            </div>
        </nav>
    }
}

fn progress(session: &SessionSummary) -> String {
    match session.status {
        SessionStatus::InProgress => format!("{} %", percent(session)),
        status => status::of_session(status).word.to_lowercase(),
    }
}
