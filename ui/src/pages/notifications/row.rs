//! A notification: what it tells, where it leads, and what it asks.

use crate::api;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::toasts::use_toasts;
use mf_contract::batches::LaunchedBatch;
use mf_contract::notifications::{Notification, NotificationAction, NotificationKind};
use mf_contract::schedules::{RunMissedOccurrence, SkipMissedOccurrence};
use mf_domain::ids::NotificationId;
use yew::prelude::*;

/// What can be done with a notification.
pub(super) struct Hands {
    pub(super) onopen: Callback<Notification>,
    pub(super) onread: Callback<NotificationId>,
    pub(super) onfocus: Callback<NotificationId>,
}

/// The id of its element.
pub(super) fn element_id(id: NotificationId) -> String {
    format!("notification-{id}")
}

/// A notification, with what it asks.
pub(super) fn row(notification: &Notification, hands: &Hands) -> Html {
    let id = notification.id;
    let unread = notification.read_at.is_none();
    let (icon, tone) = match notification.kind {
        NotificationKind::RunReady => (Icon::Wrench, "amber"),
        NotificationKind::RunMissed
        | NotificationKind::RunUnfinished
        | NotificationKind::ScheduleUnreadable
        | NotificationKind::SchedulerRestarted => (Icon::Alert, "red"),
        NotificationKind::RunAsked | NotificationKind::RunSoon => (Icon::Clock, "amber"),
        NotificationKind::RunKeptBack => (Icon::Calendar, "blue"),
    };
    let onclick = {
        let (onopen, notification) = (hands.onopen.clone(), notification.clone());
        Callback::from(move |_: MouseEvent| onopen.emit(notification.clone()))
    };
    html! {
        <li key={id.to_string()} class={classes!(unread.then_some("unread"))}>
            <button
                type="button"
                id={element_id(id)}
                class="notification"
                {onclick}
                onfocus={hands.onfocus.reform(move |_: FocusEvent| id)}
                data-testid="notification-row"
                data-unread={unread.to_string()}
            >
                <span class={classes!("dot", if unread { "unread" } else { "read" })} aria-hidden="true"></span>
                <span class={classes!("tile", tone)} aria-hidden="true">{ icon.svg() }</span>
                <span class="grow">
                    <span class={classes!("row", unread.then_some("strong"))}>
                        { notification.title.clone() }
                        if unread {
                            <span class="visually-hidden">{ "(unread)" }</span>
                        }
                    </span>
                    <span class="muted">{ notification.body.clone() }</span>
                </span>
                <span class="small muted num-cell"><When at={notification.created_at} shown={Shown::Clock} /></span>
            </button>
            if !notification.actions.is_empty() {
                <Answers actions={notification.actions.clone()} />
            }
            if unread {
                <Button
                    tone={Tone::Ghost}
                    small=true
                    icon={Icon::Check}
                    label="Mark as read"
                    onclick={hands.onread.reform(move |()| id)}
                    writes=true
                    testid="mark-read"
                />
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct AnswersProps {
    actions: Vec<NotificationAction>,
}

/// The answers to whether an occurrence that was missed runs late.
#[component]
fn Answers(props: &AnswersProps) -> Html {
    let toasts = use_toasts();
    let run = use_call::<RunMissedOccurrence>(Callback::from(|launched: LaunchedBatch| {
        go(Route::Batch { id: launched.batch_id });
    }));
    let skip = use_call::<SkipMissedOccurrence>(Callback::from(move |_| {
        if let Some(toasts) = &toasts {
            toasts.success("The run is skipped. It stays listed as missed.");
        }
    }));
    let answer = |action: &NotificationAction| match action {
        NotificationAction::RunMissedOccurrence { schedule_id, nominal } => {
            let request = RunMissedOccurrence { schedule_id: *schedule_id, nominal: *nominal };
            let busy = run.busy();
            let run = run.clone();
            let onclick = Callback::from(move |()| run.run(request.clone()));
            html! { <Button small=true tone={Tone::Primary} {busy} {onclick} writes=true testid="run-missed">{ "Run it now" }</Button> }
        }
        NotificationAction::SkipMissedOccurrence { schedule_id, nominal } => {
            let request = SkipMissedOccurrence { schedule_id: *schedule_id, nominal: *nominal };
            let busy = skip.busy();
            let skip = skip.clone();
            let onclick = Callback::from(move |()| skip.run(request.clone()));
            html! { <Button small=true {busy} {onclick} writes=true testid="skip-missed">{ "Skip it" }</Button> }
        }
    };
    let failed = run.error().or_else(|| skip.error()).map(api::sentence);
    html! {
        <div class="row notification-actions">
            if let Some(text) = failed {
                <span class="small tone-red" role="alert">{ text }</span>
            }
            for action in &props.actions {
                { answer(action) }
            }
        </div>
    }
}
