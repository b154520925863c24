//! The notification centre (F72): what came, by day; unread ones stand out, lead on, and can be put aside one by one or
//! all at once.

mod row;

use super::frame::{Crumb, Frame, Surroundings};
use crate::api;
use crate::browser;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::trouble::trouble;
use crate::route::{Route, use_here};
use crate::state::call::use_call;
use crate::state::clock::use_now;
use crate::state::keys::use_shortcuts;
use crate::state::load::use_view;
use crate::state::notices::{MarkAction, Older, ToMark, days};
use crate::state::shortcuts::{Act, Scope};
use crate::state::time::grouped;
use mf_contract::Event;
use mf_contract::notifications::{ListNotifications, MarkNotificationRead, Notification};
use mf_domain::ids::NotificationId;
use mf_domain::role::Role;
use row::{Hands, element_id, row};
use std::rc::Rc;
use yew::prelude::*;

/// How many are loaded at once.
const PAGE: u32 = 100;

/// The page.
#[component]
pub fn Notifications() -> Html {
    let only_unread = use_here().asked("show") == Some("unread");
    let unread = use_context::<Surroundings>().unwrap_or_default().unread;
    let request = ListNotifications {
        unread: only_unread.then_some(true),
        limit: Some(PAGE),
        ..ListNotifications::default()
    };
    let newest = use_view(Some(request.clone()), |_, event| matches!(event, Event::NotificationsChanged));
    let last = newest.data().and_then(|list| list.last().map(|one| one.id));
    let older = use_state(Older::<NotificationId, Notification>::default);
    let load_older = use_call::<ListNotifications>({
        let older = older.clone();
        Callback::from(move |page: Vec<Notification>| {
            older.set((*older).clone().behind(last).with(page, PAGE as usize));
        })
    });
    let mark = use_call::<MarkNotificationRead>(Callback::noop());
    let mark_all = use_call::<MarkNotificationRead>(Callback::noop());
    let older = (*older).clone().behind(last);
    let list: Rc<Vec<Notification>> = {
        let newest = newest.data();
        Rc::new(newest.iter().flat_map(|list| list.iter()).chain(&older.list).cloned().collect())
    };
    // Pages behind a full one are all there is a reason to look for.
    let more = newest.data().is_some_and(|list| list.len() as u32 >= PAGE) && !older.ended;

    // The second of two that are marked at once waits for the first.
    let to_mark = use_reducer_eq(ToMark::default);
    let onread = {
        let to_mark = to_mark.dispatcher();
        Callback::from(move |id| to_mark.dispatch(MarkAction::Ask(id)))
    };
    {
        let (mark, to_mark, asked) = (mark.clone(), to_mark.clone(), use_mut_ref(|| None::<NotificationId>));
        use_effect_with((to_mark.first(), mark.busy()), move |(first, busy)| {
            let Some(id) = first.filter(|_| !busy) else { return };
            if asked.replace(None) == Some(id) {
                to_mark.dispatch(MarkAction::Answered(id));
            } else {
                asked.replace(Some(id));
                mark.run(MarkNotificationRead { id: Some(id) });
            }
        });
    }
    let onall = {
        let mark_all = mark_all.clone();
        Callback::from(move |()| mark_all.run(MarkNotificationRead::default()))
    };
    let onopen = {
        let onread = onread.clone();
        Callback::from(move |notification: Notification| {
            if notification.read_at.is_none() {
                onread.emit(notification.id);
            }
            browser::go_to(&notification.route, false);
        })
    };
    let at = use_state(|| None::<NotificationId>);
    use_shortcuts(Scope::Notifications, {
        let (list, at, onread, onall) = (list.clone(), *at, onread.clone(), onall.clone());
        Callback::from(move |act| match act {
            Act::Next | Act::Previous | Act::First | Act::Last => {
                let place = at.and_then(|id| list.iter().position(|one| one.id == id));
                if let Some(one) = list.get(moved(place, list.len(), act)) {
                    browser::focus(&element_id(one.id));
                }
                true
            }
            Act::Done => {
                let one = list.iter().find(|one| Some(one.id) == at && one.read_at.is_none());
                if let Some(one) = one {
                    onread.emit(one.id);
                }
                true
            }
            Act::SelectAll => {
                onall.emit(());
                true
            }
            _ => false,
        })
    });

    let now = use_now();
    let show = {
        let (list, busy) = (list.clone(), load_older.busy());
        let onmore = {
            let (load_older, before) = (load_older.clone(), list.last().map(|one| one.id));
            Callback::from(move |()| load_older.run(ListNotifications { before, ..request.clone() }))
        };
        let hands = Hands {
            onopen,
            onread,
            onfocus: Callback::from({
                let at = at.setter();
                move |id| at.set(Some(id))
            }),
        };
        move |_: Rc<Vec<Notification>>| {
            if list.is_empty() {
                return nothing(only_unread);
            }
            html! {
                <div class="col-l">
                    for day in days(list.iter(), now) {
                        <section aria-label={day.words.clone()}>
                            <h2 class="day">{ day.words }</h2>
                            <ul class="card flat notification-list">
                                for one in &list[day.places] {
                                    { row(one, &hands) }
                                }
                            </ul>
                        </section>
                    }
                    if more {
                        <div class="more"><Button {busy} onclick={onmore} testid="load-more">{ "Show older ones" }</Button></div>
                    }
                </div>
            }
        }
    };
    let failed = [mark.error(), mark_all.error(), load_older.error()].into_iter().flatten().next();
    html! {
        <Frame crumbs={vec![Crumb::here("Notifications")]}>
            <div class="page-inner">
                <div class="page-head">
                    <h1 class="grow">{ "Notifications" }</h1>
                    if unread > 0 {
                        <Button
                            icon={Icon::Check}
                            busy={mark_all.busy()}
                            onclick={onall}
                            writes=true
                            needs={Role::Readonly}
                            testid="mark-all-read"
                        >
                            { "Mark all read" }
                        </Button>
                    }
                </div>
                <nav class="filters toolbar" aria-label="Filter">
                    <To route={Route::Notifications} class="filter" current={!only_unread} testid="filter-all">{ "All" }</To>
                    <To route={Route::Notifications} query="show=unread" class="filter" current={only_unread} testid="filter-unread">
                        { "Unread" }<b>{ grouped(unread as usize) }</b>
                    </To>
                </nav>
                if let Some(error) = failed {
                    { trouble(api::sentence(error), None) }
                }
                { loaded(&newest, 6, show) }
            </div>
        </Frame>
    }
}

/// The place a key leads to; without a place to begin at, the first.
fn moved(place: Option<usize>, number: usize, act: Act) -> usize {
    let last = number.saturating_sub(1);
    match (place, act) {
        (_, Act::Last) => last,
        (Some(place), Act::Next) => (place + 1).min(last),
        (Some(place), Act::Previous) => place.saturating_sub(1),
        _ => 0,
    }
}

fn nothing(only_unread: bool) -> Html {
    let title = if only_unread { "Nothing unread" } else { "No notifications yet" };
    empty(&EmptyProps {
        icon: Icon::Bell,
        title: title.into(),
        text: "When a run is ready or was missed, it says so here.".into(),
        compact: false,
        children: if only_unread {
            html! { <To route={Route::Notifications} class="btn">{ "Show all" }</To> }
        } else {
            html! { <To route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To> }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_and_stop_at_the_ends() {
        assert_eq!(moved(None, 5, Act::Next), 0);
        assert_eq!([moved(Some(3), 5, Act::Next), moved(Some(4), 5, Act::Next)], [4, 4]);
        assert_eq!([moved(Some(1), 5, Act::Previous), moved(Some(0), 5, Act::Previous)], [0, 0]);
        assert_eq!([moved(Some(2), 5, Act::First), moved(None, 5, Act::Last)], [0, 4]);
        assert_eq!(moved(None, 0, Act::Last), 0);
    }
}
