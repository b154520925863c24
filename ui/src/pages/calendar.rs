//! The calendar: runs to come, batches that were launched and runs that were missed, on the days they belong to. View and
//! day stand in the address.

use super::frame::{Crumb, Frame};
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::progress::{RollupBarProps, rollup_bar, words};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, calendar_address, use_here};
use crate::state::calendar::{
    Answered, Day, Entry, Span, Step, View, What, blackout_words, cut_at, days, fitting, is_shown, rest,
    stepped, summary, with_all,
};
use crate::state::clock::use_now;
use crate::state::keys::use_shortcuts;
use crate::state::load::use_load;
use crate::state::schedule::missed_words;
use crate::state::shortcuts::{Act, Scope};
use crate::state::time::{self, count, in_viewer_zone};
use crate::state::{agenda, time::WEEKDAYS};
use crate::{api, browser};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use mf_contract::Event;
use mf_contract::agenda::{ListUpcoming, ListUpcomingDays};
use mf_contract::batches::ListBatches;
use mf_contract::schedules::ListMissedOccurrences;
use web_sys::Element;
use yew::prelude::*;

/// Most runs that are told of each day of a month, of a week, and of the chosen day; all of them are counted.
const RUNS_MONTH: u32 = 12;
const RUNS_WEEK: u32 = 40;
const RUNS_DAY: u32 = 500;
/// Most batches and missed runs that are asked for at once; who has more is told so.
const BATCHES: u32 = 500;
const MISSED: usize = 1_000;

fn cell_id(day: NaiveDate) -> String {
    format!("day-{day}")
}

/// The first link of the chosen day.
const FIRST: &str = "day-first";

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
    let coming = use_load(Some(asked), |_, event| changes_runs(event));
    // The chosen day is asked for in full where the others leave something out of it.
    let (day_from, day_to) = Span::day_range(chosen, in_viewer_zone);
    let begin = span.begins(in_viewer_zone).iter().position(|begin| *begin == day_from);
    let is_more = coming
        .data()
        .zip(begin)
        .is_some_and(|(coming, at)| coming.get(at).is_some_and(|day| day.lines as usize > day.first.len()));
    let asked =
        ListUpcoming { from: day_from, to: day_to - TimeDelta::milliseconds(1), limit: Some(RUNS_DAY) };
    let of_day = use_load(is_more.then_some(asked), |_, event| changes_runs(event));
    let asked =
        ListBatches { from: Some(from), to: Some(to), limit: Some(BATCHES), ..ListBatches::default() };
    let batches = use_load(behind.then_some(asked), |_, event| {
        matches!(event, Event::BatchChanged { .. } | Event::SessionChanged { .. } | Event::FlowChanged { .. })
    });
    let asked = ListMissedOccurrences { schedule_id: None, from: Some(from), to: Some(until) };
    let missed = use_load(behind.then_some(asked), |_, event| {
        matches!(event, Event::NotificationsChanged | Event::ScheduleChanged { .. })
    });

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
    let error = coming.error().or(of_day.error()).or(batches.error()).or(missed.error()).map(api::sentence);
    let loading = error.is_none()
        && (coming.data().is_none() || (behind && (batches.data().is_none() || missed.data().is_none())));
    use_effect_with(loading, |loading| {
        if !loading {
            browser::mark_ready();
        }
    });
    let retry = {
        let all = [coming.again(), of_day.again(), batches.again(), missed.again()];
        Callback::from(move |()| all.iter().for_each(|again| again.emit(())))
    };
    let (coming, of_day, batches, missed) = (
        coming.data().unwrap_or_default(),
        of_day.data(),
        batches.data().unwrap_or_default(),
        missed.data().unwrap_or_default(),
    );
    // Both come newest first.
    let known_from = [
        cut_at(&batches, BATCHES as usize, |batch| batch.launched_at),
        cut_at(&missed, MISSED, |missed| missed.nominal),
    ];
    let known_from = known_from.into_iter().flatten().max();
    let answered = Answered { upcoming: &coming, batches: &batches, missed: &missed, known_from };
    let days = days(span, in_viewer_zone, answered);
    let cut = known_from.map(|at| {
        let day = time::long_day(in_viewer_zone(at).date());
        format!("More ran or was missed than can be shown here: up to {day} some of it is left out. Look at a week, or at the sessions.")
    });
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
                    { detail(&drawn, &with_all(day, of_day.as_deref().map(Vec::as_slice)), loading) }
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

/// What the parts of the page are drawn by.
struct Drawn {
    view: View,
    chosen: NaiveDate,
    today: NaiveDate,
    now: DateTime<Utc>,
    /// Of a week, in pixels.
    height: u32,
}

/// How high a week is on the screen, in pixels; follows the window.
#[hook]
fn use_row_height(grid: NodeRef, weeks: u64) -> u32 {
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

fn head(drawn: &Drawn, title: &str) -> Html {
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

fn cell(drawn: &Drawn, day: &Day<'_>) -> Html {
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

fn detail(drawn: &Drawn, day: &Day<'_>, loading: bool) -> Html {
    let nothing = day.lines() == 0 && !loading;
    let ahead = day.date >= drawn.today;
    html! {
        <section class="cal-detail" aria-labelledby="chosen-day" data-testid="calendar-detail">
            <header>
                <h2 id="chosen-day" aria-live="polite">{ time::long_day(day.date) }</h2>
                if !nothing { <span class="small muted">{ summary(day) }</span> }
            </header>
            for blackout in day.blackouts {
                <p class="cal-closed small" data-testid="calendar-blackout">{ blackout_words(blackout, day.date, in_viewer_zone) }</p>
            }
            if nothing && day.is_cut {
                <p class="cal-closed small" data-testid="calendar-cut">{ "More ran than can be shown here: look at a week, or at the sessions." }</p>
            } else if nothing {
                { empty(&EmptyProps {
                    icon: Icon::Calendar,
                    compact: true,
                    title: AttrValue::from(if ahead { "Nothing planned" } else { "Nothing ran" }),
                    text: AttrValue::from(if ahead { "An active schedule puts the runs of a flow here." } else { "" }),
                    children: if ahead {
                        html! { <To id={FIRST} route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To> }
                    } else {
                        Html::default()
                    },
                }) }
            }
            <ul class="led">
                for (at, entry) in day.entries.iter().enumerate() {
                    <li data-testid="calendar-line">
                        { entry.look(drawn.now).tile() }
                        <div class="grow">
                            <div class="row">
                                <span class="cal-clock"><time datetime={entry.at.to_rfc3339()}>{ entry.clock(in_viewer_zone) }</time></span>
                                <To id={(at == 0).then_some(FIRST)} class="name clip" route={entry.route()}>{ entry.name().to_owned() }</To>
                            </div>
                            { facts(entry) }
                        </div>
                        { entry.look(drawn.now).pill() }
                    </li>
                }
            </ul>
            if day.more_lines > 0 && !loading {
                <p class="cal-closed small muted" data-testid="calendar-more">{ format!("{} more are planned on this day.", count(day.more_runs, "run")) }</p>
            }
        </section>
    }
}

fn facts(entry: &Entry<'_>) -> Html {
    match entry.what {
        What::Run(run) => {
            let elsewhere = agenda::elsewhere(run, in_viewer_zone).map(|words| format!("{words} · "));
            html! {
                <>
                    <p class="small muted">{ elsewhere }{ agenda::described(run, in_viewer_zone) }</p>
                    <p class="small muted">{ agenda::targets(run) }</p>
                </>
            }
        }
        What::Batch(batch) => html! {
            <>
                <p class="small muted">
                    { status::origin(batch.origin) }{ " · " }{ count(batch.rollup.total as usize, "target") }
                    if let Some(ticket) = &batch.ticket { { format!(" · {ticket}") } }
                </p>
                { rollup_bar(&RollupBarProps { rollup: batch.rollup, words: true, testid: None }) }
            </>
        },
        What::Missed(missed) => html! {
            <>
                if missed.count > 1 { <p class="small muted">{ agenda::missed_at(missed, in_viewer_zone) }</p> }
                <p class="small muted">{ api::capitalised(&missed_words(missed)) }</p>
            </>
        },
    }
}
