//! The chosen day: everything that stands on it.

use super::Drawn;
use crate::api;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::route::Route;
use crate::state::agenda;
use crate::state::calendar::{Day, Entry, What, blackout_words, summary, window_hours, window_names};
use crate::state::schedule::missed_words;
use crate::state::time::{self, count, in_viewer_zone};
use yew::prelude::*;

/// The first link of the chosen day.
pub(super) const FIRST: &str = "day-first";

pub(super) fn detail(drawn: &Drawn, day: &Day<'_>, loading: bool) -> Html {
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
            { open_hours(day) }
            if nothing && day.is_cut {
                <p class="cal-closed small" data-testid="calendar-cut">{ "More ran than can be shown here: look at the sessions." }</p>
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

/// The hours in which runs may start, where schedules keep to some: one quiet line, and on demand whose they are.
fn open_hours(day: &Day<'_>) -> Html {
    if day.windows.is_empty() {
        return Html::default();
    }
    let hours = |window| window_hours(window, day.date, in_viewer_zone);
    let all: Vec<String> = day.windows.iter().map(hours).collect();
    html! {
        // Another day is folded again.
        <details key={day.date.to_string()} class="cal-open small" data-testid="calendar-windows">
            <summary>
                { Icon::Chevron.svg() }
                <span>{ "Runs may start" }</span>
                <span class="muted clip">{ all.join(", ") }</span>
            </summary>
            <dl>
                for (window, hours) in day.windows.iter().zip(&all) {
                    <dt>{ hours }</dt>
                    <dd>{ window_names(window) }</dd>
                }
            </dl>
            if day.more_windows > 0 {
                <p class="muted">{ format!("and at {}", count(day.more_windows, "other time")) }</p>
            }
        </details>
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
