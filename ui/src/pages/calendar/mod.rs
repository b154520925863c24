//! The calendar: runs to come, batches that were launched and runs that were missed, on the days they belong to. View and
//! day stand in the address.

mod detail;
mod grid;
mod head;

use super::frame::{Crumb, Frame};
use crate::components::trouble::trouble;
use crate::route::{calendar_address, use_here};
use crate::state::calendar::{
    Answered, OfDay, Past, Span, Step, View, cut_at, days, is_shown, stepped, with_all,
};
use crate::state::clock::use_now;
use crate::state::keys::use_shortcuts;
use crate::state::load::use_view;
use crate::state::shortcuts::{Act, Scope};
use crate::state::time::{self, WEEKDAYS, in_viewer_zone};
use crate::{api, browser};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use detail::{FIRST, detail};
use grid::{cell, cell_id, use_row_height};
use head::head;
use mf_contract::Event;
use mf_contract::agenda::{ListUpcoming, ListUpcomingDays};
use mf_contract::batches::ListBatches;
use mf_contract::schedules::ListMissedOccurrences;
use yew::prelude::*;

/// Most runs that are told of each day of a month, of a week, and of the chosen day; all of them are counted.
const RUNS_MONTH: u32 = 12;
const RUNS_WEEK: u32 = 40;
const RUNS_DAY: u32 = 500;
/// Most batches and missed runs that are asked for at once; who has more is told so.
const BATCHES: u32 = 500;
const MISSED: usize = 1_000;

/// The page.
#[component]
pub fn CalendarPage() -> Html {
    let (here, now) = (use_here(), use_now());
    let today = in_viewer_zone(now).date();
    let view = here.calendar_view();
    let chosen = here.day().filter(|day| is_shown(*day)).unwrap_or(today);
    let span = Span::of(view, chosen);
    let (from, to) = span.range(in_viewer_zone);
    let until = to - TimeDelta::milliseconds(1);
    // What lies behind is on record.
    let behind = from <= now;

    let first = if view == View::Month { RUNS_MONTH } else { RUNS_WEEK };
    let asked = ListUpcomingDays { days: span.begins(in_viewer_zone), to, first: Some(first) };
    let coming = use_view(Some(asked), |_, event| changes_runs(event));
    // The chosen day is asked for in full where the others leave something out of it.
    let (day_from, day_to) = Span::day_range(chosen, in_viewer_zone);
    let begin = span.begins(in_viewer_zone).iter().position(|begin| *begin == day_from);
    let is_more = coming
        .data()
        .zip(begin)
        .is_some_and(|(coming, at)| coming.get(at).is_some_and(|day| day.lines as usize > day.first.len()));
    let asked =
        ListUpcoming { from: day_from, to: day_to - TimeDelta::milliseconds(1), limit: Some(RUNS_DAY) };
    let of_day = use_view(is_more.then_some(asked), |_, event| changes_runs(event));
    let asked =
        ListBatches { from: Some(from), to: Some(to), limit: Some(BATCHES), ..ListBatches::default() };
    let batches = use_view(behind.then_some(asked), changes_batches);
    let asked = ListMissedOccurrences { schedule_id: None, from: Some(from), to: Some(until) };
    let missed = use_view(behind.then_some(asked), changes_missed);

    // Both come newest first.
    let known_from = [
        batches.data().and_then(|list| cut_at(&list, BATCHES as usize, |batch| batch.launched_at)),
        missed.data().and_then(|list| cut_at(&list, MISSED, |missed| missed.nominal)),
    ];
    let known_from = known_from.into_iter().flatten().max();
    let is_cut = known_from.is_some_and(|at| chosen <= in_viewer_zone(at).date());
    let asked = ListBatches {
        from: Some(day_from),
        to: Some(day_to),
        limit: Some(BATCHES),
        ..ListBatches::default()
    };
    let batches_of_day = use_view(is_cut.then_some(asked), changes_batches);
    let until = day_to - TimeDelta::milliseconds(1);
    let asked = ListMissedOccurrences { schedule_id: None, from: Some(day_from), to: Some(until) };
    let missed_of_day = use_view(is_cut.then_some(asked), changes_missed);

    let by_key = use_mut_ref(|| false);
    use_effect_with((chosen, view), {
        let by_key = by_key.clone();
        move |(day, _)| {
            if by_key.take() {
                browser::focus(&cell_id(*day));
            }
        }
    });
    let show = {
        let by_key = by_key.clone();
        move |day: NaiveDate| {
            *by_key.borrow_mut() = true;
            browser::go_to(&calendar_address(view, day), true);
        }
    };
    use_shortcuts(Scope::Calendar, {
        let show = show.clone();
        Callback::from(move |act: Act| {
            let step = match act {
                Act::Left => Step::Days(-1),
                Act::Right => Step::Days(1),
                Act::Previous => Step::Days(-7),
                Act::Next => Step::Days(7),
                Act::First => Step::Monday,
                Act::Last => Step::Sunday,
                Act::PageBack => Step::Pages(-1),
                Act::PageOn => Step::Pages(1),
                Act::Today => {
                    show(today);
                    return true;
                }
                Act::Month | Act::Week => {
                    let view = if act == Act::Month { View::Month } else { View::Week };
                    *by_key.borrow_mut() = true;
                    browser::go_to(&calendar_address(view, chosen), false);
                    return true;
                }
                Act::Open => {
                    browser::focus(FIRST);
                    return true;
                }
                _ => return false,
            };
            show(stepped(view, chosen, step));
            true
        })
    });

    let grid = use_node_ref();
    let height = use_row_height(grid.clone(), span.weeks);
    let errors = [coming.error(), of_day.error(), batches.error(), missed.error()];
    let errors = errors.into_iter().chain([batches_of_day.error(), missed_of_day.error()]);
    let error = errors.flatten().next().map(api::sentence);
    let loading = error.is_none()
        && (coming.data().is_none() || (behind && (batches.data().is_none() || missed.data().is_none())));
    use_effect_with(loading, |loading| {
        if !loading {
            browser::mark_ready();
        }
    });
    let retry = {
        let all = [coming.again(), of_day.again(), batches.again(), missed.again()];
        let all = all.into_iter().chain([batches_of_day.again(), missed_of_day.again()]).collect::<Vec<_>>();
        Callback::from(move |()| all.iter().for_each(|again| again.emit(())))
    };
    let (coming, of_day, batches, missed) = (
        coming.data().unwrap_or_default(),
        of_day.data(),
        batches.data().unwrap_or_default(),
        missed.data().unwrap_or_default(),
    );
    let (batches_of_day, missed_of_day) = (batches_of_day.data(), missed_of_day.data());
    let answered = Answered { upcoming: &coming, batches: &batches, missed: &missed, known_from };
    let days = days(span, in_viewer_zone, answered);
    let cut = known_from.map(|at| {
        let day = time::long_day(in_viewer_zone(at).date());
        format!("More ran or was missed than can be shown here: up to {day} some of it is left out. Choose a day to see all of it.")
    });
    let past = batches_of_day.as_ref().zip(missed_of_day.as_ref()).map(|(batches, missed)| Past {
        batches,
        missed,
        is_cut: batches.len() >= BATCHES as usize || missed.len() >= MISSED,
    });
    let whole = OfDay { runs: of_day.as_deref().map(Vec::as_slice), past };
    let of_day_loading = loading || (is_cut && past.is_none() && error.is_none());
    let title = span.title(view, chosen);
    let drawn = Drawn { view, chosen, today, now, height };
    html! {
        <Frame crumbs={vec![Crumb::here("Calendar")]} flush=true>
            { head(&drawn, &title) }
            if let Some(text) = error {
                { trouble(text, Some(retry)) }
            }
            if let Some(text) = cut {
                <p class="cal-cut small muted" role="status">{ text }</p>
            }
            <div class={classes!("cal", (view == View::Week).then_some("weekly"))}>
                <div class="cal-grid" role="grid" aria-label={title} aria-busy={loading.then_some("true")} ref={grid} data-testid="calendar">
                    <div class="cal-row cal-names" role="row">
                        for name in WEEKDAYS {
                            <span role="columnheader" aria-label={name}>{ name.get(..3) }</span>
                        }
                    </div>
                    for week in days.chunks(7) {
                        <div class="cal-row" role="row">
                            for day in week {
                                { cell(&drawn, day) }
                            }
                        </div>
                    }
                </div>
                if let Some(day) = days.iter().find(|day| day.date == chosen) {
                    { detail(&drawn, &with_all(day, in_viewer_zone, whole), of_day_loading) }
                }
            </div>
        </Frame>
    }
}

fn changes_runs(event: &Event) -> bool {
    matches!(
        event,
        Event::ScheduleChanged { .. }
            | Event::FlowChanged { .. }
            | Event::TargetListChanged { .. }
            | Event::BatchChanged { .. }
    )
}

fn changes_batches<T>(_: &T, event: &Event) -> bool {
    matches!(event, Event::BatchChanged { .. } | Event::SessionChanged { .. } | Event::FlowChanged { .. })
}

fn changes_missed<T>(_: &T, event: &Event) -> bool {
    matches!(event, Event::NotificationsChanged | Event::ScheduleChanged { .. })
}

/// What the parts of the page are drawn by.
struct Drawn {
    view: View,
    chosen: NaiveDate,
    today: NaiveDate,
    now: DateTime<Utc>,
    /// Of a week, in pixels.
    height: u32,
}
