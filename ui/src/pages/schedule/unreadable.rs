//! Schedules that this release cannot read: what is wrong with each, setting it anew, and deleting it.

use crate::components::ask::Ask;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::route::{Route, SCHEDULING};
use crate::state::call::use_call;
use crate::state::toasts::use_toasts;
use mf_contract::schedules::{DeleteSchedule, UnreadableSchedule};
use mf_domain::role::Role;
use yew::prelude::*;

/// Properties of [`Unreadable`].
#[derive(Debug, Properties, PartialEq)]
pub struct UnreadableProps {
    pub schedule: UnreadableSchedule,
    /// Opens the editor; without it there is a link to where it opens.
    #[prop_or_default]
    pub onanew: Option<Callback<()>>,
}

/// One of them.
#[component]
pub fn Unreadable(props: &UnreadableProps) -> Html {
    let schedule = &props.schedule;
    let toasts = use_toasts();
    let delete = use_call::<DeleteSchedule>(Callback::from(move |_| {
        if let Some(toasts) = &toasts {
            toasts.success("The schedule is deleted. Its batches stay.");
        }
    }));
    let onconfirm = {
        let (delete, id) = (delete.clone(), schedule.id);
        Callback::from(move |()| delete.run(DeleteSchedule { id }))
    };
    let route = Route::Maintenance { id: schedule.flow_id };
    let id = format!("delete-unreadable-{}", schedule.id);
    html! {
        <div class="trouble" role="alert" data-testid="unreadable-schedule">
            { Icon::Alert.svg() }
            <div class="grow">
                <p>
                    { "The schedule of " }
                    if props.onanew.is_none() {
                        <To {route}>{ schedule.flow_name.clone() }</To>
                    } else {
                        <b>{ schedule.flow_name.clone() }</b>
                    }
                    { " cannot be read and does not run." }
                </p>
                <p class="small">
                    { &schedule.problem }
                    { " A newer release may have written it: update the application, or set it anew." }
                </p>
            </div>
            <Ask
                {id}
                small=true
                short="Delete"
                action="Delete schedule"
                title="Delete the schedule?"
                text={format!("The schedule of “{}” goes. Batches it made stay.", schedule.flow_name)}
                {onconfirm}
                busy={delete.busy()}
                error={delete.error_elsewhere(&[]).map(AttrValue::from)}
            />
            if let Some(onanew) = &props.onanew {
                <Button small=true onclick={onanew.clone()} writes=true needs={Role::Manager} testid="set-anew">{ "Set it anew" }</Button>
            } else {
                <To {route} query={SCHEDULING} class="btn small" testid="set-anew">{ "Set it anew" }</To>
            }
        </div>
    }
}
