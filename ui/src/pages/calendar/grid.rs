//! A day in the grid, with as many of its entries as it has room for.

use super::Drawn;
use crate::browser;
use crate::components::link::To;
use crate::components::progress::words;
use crate::route::calendar_address;
use crate::state::agenda;
use crate::state::calendar::{Day, Entry, View, What, blackout_words, fitting, rest, summary};
use crate::state::time::{self, count, in_viewer_zone};
use chrono::{Datelike, NaiveDate};
use web_sys::Element;
use yew::prelude::*;

pub(super) fn cell_id(day: NaiveDate) -> String {
    format!("day-{day}")
}

/// How high a week is on the screen, in pixels; follows the window.
#[hook]
pub(super) fn use_row_height(grid: NodeRef, weeks: u64) -> u32 {
    let height = use_state(|| 0_u32);
    let set = height.setter();
    use_effect_with(weeks, move |_| {
        let look = move || {
            let row = grid.cast::<Element>().and_then(|grid| grid.last_element_child());
            let height = row.map_or(0, |row| row.client_height());
            set.set(u32::try_from(height).unwrap_or(0));
        };
        look();
        let resized = browser::on_window("resize", look);
        move || drop(resized)
    });
    *height
}

pub(super) fn cell(drawn: &Drawn, day: &Day<'_>) -> Html {
    let (date, view) = (day.date, drawn.view);
    let is_chosen = date == drawn.chosen;
    let onclick = Callback::from(move |event: MouseEvent| {
        // A click on an entry leads to its page.
        if !event.default_prevented() {
            browser::go_to(&calendar_address(view, date), true);
        }
    });
    let (shown, more) = match view {
        View::Month => fitting(day.lines(), drawn.height),
        View::Week => (day.entries.len(), day.more_lines),
    };
    let outside = view == View::Month && time::month_year(date) != time::month_year(drawn.chosen);
    html! {
        <div
            key={date.to_string()}
            role="gridcell"
            id={cell_id(date)}
            class={classes!("cal-cell", outside.then_some("outside"), (date == drawn.today).then_some("now"), (!day.blackouts.is_empty()).then_some("closed"))}
            tabindex={if is_chosen { "0" } else { "-1" }}
            aria-selected={if is_chosen { "true" } else { "false" }}
            aria-current={(date == drawn.today).then_some("date")}
            {onclick}
            data-testid="calendar-day"
            data-date={date.to_string()}
        >
            <span class="visually-hidden">
                { format!("{}: {}", time::long_day(date), summary(day)) }
                for blackout in day.blackouts {
                    { format!(". {}", blackout_words(blackout, date, in_viewer_zone)) }
                }
            </span>
            <span class="cal-num" aria-hidden="true">{ date.day() }</span>
            for entry in day.entries.iter().take(shown) {
                { small_entry(drawn, entry) }
            }
            if more > 0 {
                <span class="cal-more small muted">{ rest(shown, more) }</span>
            }
        </div>
    }
}

/// An entry in its cell. The keyboard finds it among those of the chosen day.
fn small_entry(drawn: &Drawn, entry: &Entry<'_>) -> Html {
    let look = entry.look(drawn.now);
    let icon = look.icon.svg();
    html! {
        <To class={classes!("cal-entry", look.tone)} route={entry.route()} passed_by=true testid="calendar-entry">
            { icon }
            <span class="visually-hidden">{ look.word }</span>
            <time>{ entry.clock(in_viewer_zone) }</time>
            <span class="clip">{ entry.name().to_owned() }</span>
            if drawn.view == View::Week {
                <span class="cal-fact">{ fact(entry) }</span>
            }
        </To>
    }
}

/// The one thing to know beside the name.
fn fact(entry: &Entry<'_>) -> String {
    match entry.what {
        What::Run(run) => agenda::elsewhere(run, in_viewer_zone).unwrap_or_else(|| agenda::targets(run)),
        What::Batch(batch) => words(&batch.rollup),
        What::Missed(missed) if missed.count > 1 => format!("{} missed", count(missed.count as usize, "run")),
        What::Missed(_) => "Missed".to_owned(),
    }
}
