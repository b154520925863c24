//! Today: what is going on, what waits for a person, what comes due in the next seven days, and what was missed.

mod at_work;

use super::frame::{Crumb, Frame, Surroundings};
use super::missed_actions::MissedActions;
use super::welcome::{Setup, Welcome};
use crate::browser;
use crate::components::button::Button;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, calendar_query};
use crate::state::agenda;
use crate::state::calendar::View;
use crate::state::call::use_call;
use crate::state::clock::use_now;
use crate::state::load::use_view;
use crate::state::missed::Answers;
use crate::state::schedule::missed_words;
use crate::state::time::{self, count, in_viewer_zone};
use crate::state::toasts::use_toasts;
use crate::state::today::{Day, Need, by_urgency, headline, needs, sample_removed, week};
use at_work::AtWork;
use chrono::{DateTime, Utc};
use mf_contract::Event;
use mf_contract::agenda::{GetToday, Today, UpcomingRun};
use mf_contract::batches::BatchSummary;
use mf_contract::sample::{DeleteSample, DeletedSample};
use mf_contract::schedules::MissedOccurrence;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// How many runs a day of the week ahead shows.
const RUNS_A_DAY: usize = 3;
/// How many open batches and sessions are listed; the rest is a click away.
const LISTED: usize = 6;

/// The page.
#[component]
pub fn TodayPage() -> Html {
    let now = use_now();
    let today = use_view(Some(GetToday {}), |_, event| {
        !matches!(event, Event::ReportProgress { .. } | Event::Navigate { .. })
    });
    let date = in_viewer_zone(now).date();
    {
        // Another day has other runs in its week; nothing else tells.
        let (again, first) = (today.again(), use_mut_ref(|| date));
        use_effect_with(date, move |date| {
            if first.replace(*date) != *date {
                again.emit(());
            }
        });
    }
    let again = today.again();
    let onlaunch = use_context::<Surroundings>().unwrap_or_default().onlaunch;
    let show = move |today: Rc<Today>| {
        if today.is_empty {
            return html! { <Welcome onsample={again} /> };
        }
        html! {
            <>
                <div class="page-head">
                    <div class="grow">
                        <h1>{ time::long_day(date) }</h1>
                        <p class="muted" data-testid="headline">{ headline(&today, now) }</p>
                    </div>
                    <Button icon={Icon::Play} onclick={onlaunch} writes=true testid="to-launch">{ "Launch a batch" }</Button>
                </div>
                if today.has_sample {
                    <SampleNote onremoved={again} />
                }
                { body(&today, now) }
            </>
        }
    };
    html! {
        <Frame crumbs={vec![Crumb::here("Today")]}>
            <div data-testid="today">{ loaded(&today, 8, show) }</div>
        </Frame>
    }
}

fn body(today: &Rc<Today>, now: DateTime<Utc>) -> Html {
    let needs = needs(today, in_viewer_zone);
    let bare = today.upcoming.is_empty() && today.open_batches == 0 && today.sessions.is_empty();
    if bare && today.missed.is_empty() && needs.is_empty() {
        return html! { <Setup /> };
    }
    html! {
        <div class="grid2">
            <div class="col-l">
                { open_batches(today) }
                if !today.sessions.is_empty() {
                    <AtWork today={today.clone()} />
                }
                { week_ahead(today, now) }
            </div>
            <div class="col-l">
                { next_run(today.upcoming.first(), now) }
                { waiting(&needs) }
                if !today.missed.is_empty() {
                    { missed(&today.missed) }
                }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SampleNoteProps {
    onremoved: Callback<()>,
}

#[component]
fn SampleNote(props: &SampleNoteProps) -> Html {
    let toasts = use_toasts();
    let delete = use_call::<DeleteSample>({
        let onremoved = props.onremoved.clone();
        Callback::from(move |deleted: DeletedSample| {
            if let Some(toasts) = &toasts {
                toasts.success(sample_removed(&deleted));
            }
            // The button goes, and the focus with it.
            browser::focus("main");
            onremoved.emit(());
        })
    });
    let onclick = {
        let delete = delete.clone();
        Callback::from(move |()| delete.run(DeleteSample {}))
    };
    html! {
        <>
            if let Some(text) = delete.error_elsewhere(&[]) {
                { trouble(text, None) }
            }
            <aside class="sample-note" aria-label="Sample workspace">
                { Icon::Book.svg() }
                <p class="grow">{ "A sample is in this workspace. Removing it leaves what you made or changed." }</p>
                <Button small=true busy={delete.busy()} {onclick} writes=true needs={Role::Manager} testid="remove-sample">{ "Remove the sample" }</Button>
            </aside>
        </>
    }
}

fn open_batches(today: &Today) -> Html {
    let batches = by_urgency(&today.batches);
    html! {
        <section class="card flat" aria-labelledby="open-batches">
            <header>
                <h2 id="open-batches">{ "Open batches" }</h2>
                if today.open_batches > 0 {
                    <span class="small muted">{ time::grouped(today.open_batches as usize) }</span>
                }
                <To route={Route::Sessions} class="end small">{ "All sessions" }</To>
            </header>
            if batches.is_empty() {
                { empty(&EmptyProps {
                    icon: Icon::Inbox,
                    compact: true,
                    title: "Nothing is open".into(),
                    text: "A batch stands here from its launch until its last session has ended.".into(),
                    children: Html::default(),
                }) }
            } else {
                <ul class="led">
                    for batch in batches.into_iter().take(LISTED) {
                        { open_batch(batch) }
                    }
                </ul>
            }
        </section>
    }
}

fn open_batch(batch: &BatchSummary) -> Html {
    let look = status::of_batch(batch.status, batch.rollup.failed);
    html! {
        <li key={batch.batch_id.to_string()} data-testid="open-batch">
            <span class="tile amber" aria-hidden="true">{ Icon::Wrench.svg() }</span>
            <div class="grow">
                <To class="name clip" route={Route::Batch { id: batch.batch_id }}>{ batch.flow_name.clone() }</To>
                <p class="small muted clip">
                    { "Launched " }<When at={batch.launched_at} shown={Shown::Relative} />
                    { format!(" · {}", count(batch.rollup.total as usize, "target")) }
                    if let Some(ticket) = &batch.ticket { { format!(" · {ticket}") } }
                </p>
            </div>
            { rollup_bar(&RollupBarProps { rollup: batch.rollup, words: true, testid: None }) }
            <span class="led-end">{ look.pill() }</span>
        </li>
    }
}

fn week_ahead(today: &Today, now: DateTime<Utc>) -> Html {
    html! {
        <section aria-labelledby="week">
            <div class="section-head">
                <h2 id="week">{ "Next seven days" }</h2>
                <span class="small muted">{ format!("Times in {}", time::city(&browser::viewer_zone())) }</span>
                <To class="end small" route={Route::Calendar}>{ "Calendar" }</To>
            </div>
            <ol class="week">
                for (ahead, day) in week(today, now, in_viewer_zone, RUNS_A_DAY).into_iter().enumerate() {
                    { one_day(&day, ahead == 0, now) }
                }
            </ol>
        </section>
    }
}

fn one_day(day: &Day<'_>, is_today: bool, now: DateTime<Utc>) -> Html {
    let rest = match (day.more, day.known) {
        (0, true) => None,
        (0, false) => Some("More…".to_owned()),
        (more, _) => Some(format!("{more} more…")),
    };
    html! {
        <li class={is_today.then_some("on")}>
            <h3 class="small">
                <time datetime={day.date.to_string()}>{ time::short_day(day.date) }</time>
                if is_today { <span class="visually-hidden">{ ", today" }</span> }
            </h3>
            for run in &day.runs {
                <To class="slot" route={Route::Maintenance { id: run.flow_id }} testid="week-run">
                    <time datetime={run.at.to_rfc3339()}>
                        { if agenda::is_due(run, now) { "Due now".to_owned() } else { agenda::clock(run, in_viewer_zone) } }
                    </time>
                    <span class="slot-name">{ run.flow_name.clone() }</span>
                    if run.count > 1 {
                        <span>{ count(run.count as usize, "run") }</span>
                    } else if let Some(elsewhere) = agenda::elsewhere(run, in_viewer_zone) {
                        <span>{ elsewhere }</span>
                    }
                </To>
            }
            if let Some(words) = rest {
                <To class="small" route={Route::Calendar} query={calendar_query(View::Week, day.date)}>{ words }</To>
            }
        </li>
    }
}

fn next_run(run: Option<&UpcomingRun>, now: DateTime<Utc>) -> Html {
    let Some(run) = run else {
        return html! {
            <section class="card" aria-labelledby="next-run">
                <header><h2 id="next-run">{ "Next run" }</h2></header>
                { empty(&EmptyProps {
                    icon: Icon::Calendar,
                    compact: true,
                    title: "Nothing planned".into(),
                    text: "No active schedule comes due within seven days.".into(),
                    children: html! {
                        <To route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To>
                    },
                }) }
            </section>
        };
    };
    let due = agenda::is_due(run, now);
    let at = in_viewer_zone(run.at);
    html! {
        <section class="card" aria-labelledby="next-run" data-testid="next-run">
            <header>
                <h2 id="next-run">{ "Next run" }</h2>
                if due {
                    <span class="end pill amber">{ Icon::Clock.svg() }{ "Due now" }</span>
                } else {
                    <span class="end pill">{ Icon::Clock.svg() }{ time::relative(now, run.at) }</span>
                }
            </header>
            <p class="next-clock"><time datetime={run.at.to_rfc3339()}>{ time::clock(at) }</time></p>
            <p class="muted">
                { time::long_day(at.date()) }
                if let Some(elsewhere) = agenda::elsewhere(run, in_viewer_zone) { { format!(" · {elsewhere}") } }
            </p>
            <p class="next-name"><To class="name" route={Route::Maintenance { id: run.flow_id }}>{ run.flow_name.clone() }</To></p>
            <p class="small muted">{ agenda::targets(run) }</p>
            <p class="small muted">{ agenda::described(run, in_viewer_zone) }</p>
        </section>
    }
}

fn waiting(needs: &[Need]) -> Html {
    html! {
        <section class="card flat" aria-labelledby="needs">
            <header>
                <h2 id="needs">{ "Needs you" }</h2>
                if !needs.is_empty() { <span class="small muted">{ needs.len() }</span> }
            </header>
            if needs.is_empty() {
                { empty(&EmptyProps {
                    icon: Icon::Check,
                    compact: true,
                    title: "Nothing waits for you".into(),
                    text: AttrValue::default(),
                    children: Html::default(),
                }) }
            } else {
                <ul class="led">
                    for need in needs {
                        <li data-testid="need">
                            <span class={classes!("tile", "small", need.tone)} aria-hidden="true">{ need.icon.svg() }</span>
                            <div class="grow">
                                <To class="name" route={need.route}>{ need.words.clone() }</To>
                                if !need.detail.is_empty() { <p class="small muted">{ need.detail.clone() }</p> }
                            </div>
                        </li>
                    }
                </ul>
            }
        </section>
    }
}

fn missed(list: &[MissedOccurrence]) -> Html {
    html! {
        <section class="card flat" aria-labelledby="missed-runs">
            <header>
                <h2 id="missed-runs">{ "Missed in the last seven days" }</h2>
            </header>
            <ul class="led">
                for one in list {
                    { missed_row(one) }
                }
            </ul>
        </section>
    }
}

fn missed_row(missed: &MissedOccurrence) -> Html {
    html! {
        <li key={format!("{}-{}", missed.id, missed.nominal)} data-testid="missed-run">
            <span class="tile small red" aria-hidden="true">{ Icon::Alert.svg() }</span>
            <div class="grow">
                <To class="name" route={Route::Maintenance { id: missed.flow_id }}>{ missed.flow_name.clone() }</To>
                <p class="small muted">{ agenda::missed_at(missed, in_viewer_zone) }</p>
                <p class="small muted">{ crate::api::capitalised(&missed_words(missed)) }</p>
            </div>
            <MissedActions answers={Answers::to(missed)} />
        </li>
    }
}
