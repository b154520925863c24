//! Above the days: which they are, the way to others, and the two views.

use super::Drawn;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::route::{Route, calendar_address};
use crate::state::calendar::{Step, View, stepped};
use crate::state::time;
use chrono::NaiveDate;
use yew::prelude::*;

pub(super) fn head(drawn: &Drawn, title: &str) -> Html {
    let (view, chosen) = (drawn.view, drawn.chosen);
    let to =
        move |day: NaiveDate| Callback::from(move |()| browser::go_to(&calendar_address(view, day), true));
    let (back, on) = match view {
        View::Month => ("Month before", "Month after"),
        View::Week => ("Week before", "Week after"),
    };
    html! {
        <div class="cal-head">
            <h1 class="cal-title" data-testid="calendar-title">{ title }</h1>
            <div class="row">
                <Button small=true icon={Icon::Back} label={back} onclick={to(stepped(view, chosen, Step::Pages(-1)))} testid="calendar-back" />
                <Button small=true keys="T" onclick={to(drawn.today)} testid="calendar-today">{ "Today" }</Button>
                <Button small=true icon={Icon::Chevron} label={on} onclick={to(stepped(view, chosen, Step::Pages(1)))} testid="calendar-on" />
            </div>
            <To class="end small" route={Route::Schedules} testid="to-schedules">{ "All schedules" }</To>
            <span class="small muted">{ format!("Times in {}", time::city(&browser::viewer_zone())) }</span>
            <div class="segments" role="group" aria-label="View">
                for (one, words) in View::ALL.into_iter().zip(["Month", "Week"]) {
                    <Button
                        tone={Tone::Ghost}
                        small=true
                        pressed={one == view}
                        onclick={move |()| browser::go_to(&calendar_address(one, chosen), false)}
                        testid={format!("calendar-{}", one.name())}
                    >
                        { words }
                    </Button>
                }
            </div>
        </div>
    }
}
