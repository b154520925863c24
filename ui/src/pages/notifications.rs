//! The notification centre.

use super::frame::{Crumb, Frame};
use crate::browser;
use crate::components::button::Button;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::trouble::trouble;
use crate::state::call::use_call;
use crate::state::load::use_load;
use mf_contract::Event;
use mf_contract::notifications::{ListNotifications, MarkNotificationRead, Notification, NotificationKind};
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn Notifications() -> Html {
    let only_unread = use_state(|| false);
    let request = ListNotifications { unread: only_unread.then_some(true), ..ListNotifications::default() };
    let list = use_load(Some(request), |_, event| matches!(event, Event::NotificationsChanged));
    let mark = use_call::<MarkNotificationRead>(Callback::noop());
    let mark_all = use_call::<MarkNotificationRead>(Callback::noop());
    let onopen = {
        let mark = mark.clone();
        Callback::from(move |notification: Notification| {
            if notification.read_at.is_none() {
                mark.run(MarkNotificationRead { id: Some(notification.id) });
            }
            browser::go_to(&notification.route, false);
        })
    };
    let any_unread = list.data().is_some_and(|list| list.iter().any(|one| one.read_at.is_none()));
    let show = {
        let only_unread = *only_unread;
        move |list: Rc<Vec<Notification>>| {
            if list.is_empty() {
                let title = if only_unread { "Nothing unread" } else { "No notifications yet" };
                return html! { { empty(&EmptyProps {
                    icon: Icon::Bell,
                    title: AttrValue::from(title),
                    text: AttrValue::from("When a run is ready or was missed, it says so here."),
                    compact: false,
                    children: Html::default(),
                }) } };
            }
            html! {
                <div class="card flat">
                    <ul class="notification-list">
                        for notification in list.iter() {
                            <li key={notification.id.to_string()}>{ row(&RowProps {
                                notification: notification.clone(),
                                onopen: onopen.clone(),
                            }) }</li>
                        }
                    </ul>
                </div>
            }
        }
    };
    let filter = |unread: bool, words: &'static str, testid: &'static str| {
        let only_unread = only_unread.clone();
        html! {
            <button
                type="button"
                class="filter"
                aria-pressed={if *only_unread == unread { "true" } else { "false" }}
                onclick={move |_: MouseEvent| only_unread.set(unread)}
                data-testid={testid}
            >
                { words }
            </button>
        }
    };
    html! {
        <Frame crumbs={vec![Crumb::here("Notifications")]}>
            <div class="page-inner">
                <div class="page-head">
                    <h1 class="grow">{ "Notifications" }</h1>
                    if any_unread {
                        <Button
                            icon={Icon::Check}
                            busy={mark_all.busy()}
                            onclick={let mark_all = mark_all.clone(); move |()| mark_all.run(MarkNotificationRead::default())}
                            writes=true testid="mark-all-read"
                        >
                            { "Mark all read" }
                        </Button>
                    }
                </div>
                <div class="filters toolbar" role="group" aria-label="Filter">
                    { filter(false, "All", "filter-all") }
                    { filter(true, "Unread", "filter-unread") }
                </div>
                if let Some(text) = mark.error_elsewhere(&[]).or_else(|| mark_all.error_elsewhere(&[])) {
                    { trouble(text, None) }
                }
                { loaded(&list, 6, show) }
            </div>
        </Frame>
    }
}

struct RowProps {
    notification: Notification,
    onopen: Callback<Notification>,
}

fn row(props: &RowProps) -> Html {
    let notification = &props.notification;
    let unread = notification.read_at.is_none();
    let (icon, tone) = match notification.kind {
        NotificationKind::RunReady => (Icon::Wrench, "amber"),
        NotificationKind::RunMissed | NotificationKind::RunAsked => (Icon::Alert, ""),
    };
    let onclick = {
        let (onopen, notification) = (props.onopen.clone(), notification.clone());
        Callback::from(move |_: MouseEvent| onopen.emit(notification.clone()))
    };
    html! {
        <button type="button" class="notification" {onclick} data-testid="notification-row" data-unread={unread.to_string()}>
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
            <span class="small muted num-cell">
                <When at={notification.created_at} shown={Shown::Relative} /><br /><When at={notification.created_at} />
            </span>
        </button>
    }
}
