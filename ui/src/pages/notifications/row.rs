//! A notification: what it tells, where it leads, and what it asks.

use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::pages::missed_actions::MissedActions;
use crate::state::missed::Answers;
use mf_contract::notifications::{Notification, NotificationKind};
use mf_domain::ids::NotificationId;
use mf_domain::role::Role;
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
        | NotificationKind::SchedulerRestarted
        | NotificationKind::ChangesRefused
        | NotificationKind::MembershipEnded => (Icon::Alert, "red"),
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
            if let Some(answers) = Answers::asked(&notification.actions) {
                <MissedActions {answers} />
            }
            if unread {
                <Button
                    tone={Tone::Ghost}
                    small=true
                    icon={Icon::Check}
                    label="Mark as read"
                    onclick={hands.onread.reform(move |()| id)}
                    writes=true
                    needs={Role::Readonly}
                    testid="mark-read"
                />
            }
        </li>
    }
}
