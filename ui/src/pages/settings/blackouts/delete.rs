//! Deleting a calendar: asked once, offered to be taken back, and not offered at all while a schedule keeps clear of it.

use crate::components::button::Button;
use crate::components::dialog::{Confirm, Dialog};
use crate::components::link::To;
use crate::components::loaded::skeleton;
use crate::route::Route;
use crate::state::blackouts::{entries, users};
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::blackouts::{
    BlackoutCalendar, BlackoutCalendarSummary, CreateBlackoutCalendar, DeleteBlackoutCalendar,
    GetBlackoutCalendar,
};
use mf_contract::schedules::{ListSchedules, Schedule};
use std::rc::Rc;
use yew::prelude::*;

/// More users than this are only counted.
const LISTED: usize = 8;

#[derive(Properties, PartialEq)]
pub(super) struct DeleteDialogProps {
    pub(super) calendar: Option<BlackoutCalendarSummary>,
    pub(super) onclose: Callback<()>,
}

/// The question.
#[component]
pub(super) fn DeleteDialog(props: &DeleteDialogProps) -> Html {
    let asked = props.calendar.as_ref();
    let in_use = asked.is_some_and(|calendar| calendar.schedule_count > 0);
    let schedules = use_load(in_use.then_some(ListSchedules {}), |_, _| false);
    // What goes is read first, so that it can come back.
    let whole = use_load(
        asked.filter(|_| !in_use).map(|calendar| GetBlackoutCalendar { id: calendar.id }),
        |_, _| false,
    );
    let toasts = use_toasts();
    let again = use_call::<CreateBlackoutCalendar>({
        let toasts = toasts.clone();
        Callback::from(move |calendar: BlackoutCalendar| {
            if let Some(toasts) = &toasts {
                toasts.success(format!("“{}” is back.", calendar.name));
            }
        })
    });
    {
        let toasts = toasts.clone();
        use_effect_with(again.error().cloned(), move |error| {
            if let (Some(error), Some(toasts)) = (error, toasts) {
                toasts.failure(error);
            }
        });
    }
    let delete = use_call::<DeleteBlackoutCalendar>({
        let (onclose, gone, again) = (props.onclose.clone(), whole.data(), again.clone());
        let name = asked.map(|calendar| calendar.name.clone()).unwrap_or_default();
        Callback::from(move |_| {
            onclose.emit(());
            let Some(toasts) = &toasts else { return };
            let words = format!("“{name}” is deleted.");
            match &gone {
                Some(gone) => toasts.undoable(words, {
                    let (again, gone) = (again.clone(), gone.clone());
                    Callback::from(move |()| {
                        again.run(CreateBlackoutCalendar {
                            name: gone.name.clone(),
                            entries: gone.entries.clone(),
                        });
                    })
                }),
                None => toasts.success(words),
            }
        })
    });
    {
        let delete = delete.clone();
        use_effect_with(asked.map(|calendar| calendar.id), move |_| delete.clear());
    }
    let onconfirm = {
        let (delete, id) = (delete.clone(), asked.map(|calendar| calendar.id));
        Callback::from(move |()| {
            if let Some(id) = id {
                delete.run(DeleteBlackoutCalendar { id });
            }
        })
    };
    let Some(calendar) = asked.filter(|_| in_use) else {
        let name = asked.map(|calendar| calendar.name.clone()).unwrap_or_default();
        let held = entries(asked.map_or(0, |calendar| calendar.entry_count as usize));
        return html! {
            <Confirm
                id="delete-blackout"
                title="Delete this blackout calendar?"
                action="Delete calendar"
                open={asked.is_some()}
                onclose={props.onclose.clone()}
                {onconfirm}
                busy={delete.busy()}
                error={delete.error_elsewhere(&[]).map(AttrValue::from)}
                testid="delete-blackout-confirm"
            >
                <p>{ format!("“{name}” goes, with its {held}. No schedule keeps clear of it.") }</p>
            </Confirm>
        };
    };
    let foot = html! { <Button onclick={props.onclose.clone()} autofocus=true>{ "Close" }</Button> };
    let kept_by = match calendar.schedule_count as usize {
        1 => "1 schedule keeps".to_owned(),
        many => format!("{} keep", count(many, "schedule")),
    };
    html! {
        <Dialog
            id="blackout-in-use"
            title="This calendar is in use"
            narrow=true
            open=true
            onclose={props.onclose.clone()}
            {foot}
            testid="blackout-users"
        >
            <div class="muted">
                <p>{ format!(
                    "{kept_by} clear of “{}” and would run on the days it closes. Take it off there first.",
                    calendar.name,
                ) }</p>
            </div>
            if let Some(schedules) = schedules.data() {
                { list(&schedules, calendar) }
            } else if schedules.error().is_none() {
                { skeleton(2) }
            }
        </Dialog>
    }
}

fn list(schedules: &Rc<Vec<Schedule>>, calendar: &BlackoutCalendarSummary) -> Html {
    let users = users(schedules, calendar.id);
    html! {
        <ul class="run-list">
            for schedule in users.iter().take(LISTED) {
                <li>
                    <span class="grow">
                        <To class="name" route={Route::Maintenance { id: schedule.flow_id }}>{ schedule.flow_name.clone() }</To>
                        <span class="small muted">{ format!(" · {}", schedule.description) }</span>
                    </span>
                </li>
            }
            if users.len() > LISTED {
                <li class="small muted">{ format!("and {}", count(users.len() - LISTED, "more schedule")) }</li>
            }
        </ul>
    }
}
