//! The head of the runner: what is worked on, how long it takes, and who has it.

use super::to_batch;
use crate::components::datetime::{Shown, When};
use crate::components::dialog::Confirm;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::menu::{Menu, MenuItem};
use crate::components::status;
use crate::route::Route;
use crate::state::call::use_call;
use crate::state::runner::{Times, times};
use crate::state::time::{count, minutes};
use chrono::{DateTime, Utc};
use mf_contract::sessions::{CancelSession, Session, SessionSummary};
use mf_domain::role::Role;
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
    /// Who has it, and the way to change that.
    pub assignee: Html,
    pub now: DateTime<Utc>,
}

/// `32 min of ~45 min, ~20 min left`
fn how_long(session: &Session, now: DateTime<Utc>) -> Option<String> {
    let Times { elapsed, estimated, left } = times(session, now)?;
    let ended = session.summary.status.is_terminal();
    let mut words = minutes(elapsed);
    if estimated > 0 {
        words = format!("{words} of ~{}", minutes(estimated));
    }
    if left > 0 && !ended {
        words = format!("{words}, ~{} left", minutes(left));
    }
    Some(words)
}

pub(super) fn head(props: &HeadProps) -> Html {
    let summary = &props.summary;
    let running = props.session.as_ref().filter(|_| summary.status == SessionStatus::InProgress);
    let place = running.and_then(|session| {
        let current = session.current_step_id.as_ref()?;
        let at = session.steps.iter().position(|step| step.id == *current)?;
        Some(format!("Step {} of {} · ", at + 1, session.steps.len()))
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
                <p class="small muted sub-line">
                    // What changes stands first: where the window is narrow, the rest goes on below.
                    { place }
                    if let Some(words) = props.session.as_ref().and_then(|session| how_long(session, props.now)) {
                        <span class="num-cell" data-testid="session-time">{ words }</span>{ " · " }
                    }
                    if let Some(at) = summary.started_at {
                        { "started " }<When {at} shown={Shown::Clock} />{ " · " }
                    }
                    { summary.flow_name.clone() }
                    if let Some(session) = &props.session {
                        { format!(" · rev {}", session.revision) }
                    }
                </p>
            </div>
            { status::of_session(summary.status).pill() }
            if props.session.as_ref().is_some_and(|session| session.late) {
                <span class="pill amber" data-testid="late">{ Icon::Alert.svg() }{ "Changed after it ended" }</span>
            }
            { props.assignee.clone() }
            if props.many {
                <span class="small muted" aria-hidden="true"><kbd>{ "[" }</kbd>{ " " }<kbd>{ "]" }</kbd>{ " target" }</span>
            }
            if let Some(id) = summary.batch_id {
                { to_batch(id, "Batch", "btn") }
            } else if let Some(session) = &props.session {
                <To route={Route::of_flow(summary.flow_id, session.flow_type)} class="btn">{ "Flow" }</To>
            }
            if !summary.status.is_terminal() {
                <More summary={summary.clone()} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    summary: SessionSummary,
}

/// What is seldom done with a session: calling it off, after asking once.
#[component]
fn More(props: &MoreProps) -> Html {
    let asked = use_state_eq(|| false);
    let cancel = use_call::<CancelSession>({
        let asked = asked.setter();
        Callback::from(move |_: Session| asked.set(false))
    });
    let summary = &props.summary;
    let ask = {
        let asked = asked.setter();
        move |open: bool| {
            let asked = asked.clone();
            Callback::from(move |()| asked.set(open))
        }
    };
    let onconfirm = {
        let (cancel, session_id) = (cancel.clone(), summary.id);
        Callback::from(move |()| cancel.run(CancelSession { session_id }))
    };
    let items = vec![MenuItem {
        icon: Icon::Stop,
        words: "Cancel session…".into(),
        onclick: ask(true),
        testid: "cancel-session",
        writes: Some(Role::Operator),
        danger: true,
    }];
    html! {
        <>
            <Menu id="session-more" label="More" {items} />
            <Confirm
                id="cancel-session-dialog"
                title="Cancel this session?"
                action="Cancel session"
                keep="Keep it"
                open={*asked}
                onclose={ask(false)}
                {onconfirm}
                busy={cancel.busy()}
                error={cancel.error_elsewhere(&[]).map(AttrValue::from)}
                testid="cancel-session-confirm"
            >
                <p>
                    { format!(
                        "{} will be called off, with {} of its {} recorded. What is recorded stays.",
                        label(summary),
                        summary.steps_recorded,
                        count(summary.steps_total as usize, "step"),
                    ) }
                </p>
            </Confirm>
        </>
    }
}
