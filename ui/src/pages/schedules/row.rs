//! One schedule: its flow, when it runs, how it went and how it is.

use crate::browser;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::route::Route;
use crate::state::time;
use chrono::Datelike;
use mf_contract::schedules::Schedule;
use mf_contract::standings::{LastRun, ScheduleStanding};
use std::rc::Rc;
use yew::prelude::*;

/// Where the pointer was pressed: on the box of a row, or elsewhere in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    Box(usize),
    Row(usize),
}

#[derive(Properties, PartialEq)]
pub(super) struct RowProps {
    pub(super) standing: Rc<ScheduleStanding>,
    /// Its place among the rows that are shown.
    pub(super) place: usize,
    pub(super) chosen: bool,
    /// The cursor stands here.
    pub(super) at: bool,
    /// Nothing is selected: the row of the cursor counts as selected.
    pub(super) alone: bool,
    pub(super) onpoint: Callback<(Point, MouseEvent)>,
}

impl Row {
    /// The id of the row at a place.
    pub(super) fn element_id(place: usize) -> String {
        format!("schedule-row-{place}")
    }
}

/// A row. It is drawn again when one of its properties changed, and else not.
#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let (place, chosen, at) = (props.place, props.chosen, props.at);
    let ScheduleStanding { schedule, health, words, last_run, .. } = &*props.standing;
    let selected = chosen || (props.alone && at);
    let onbox = {
        let onpoint = props.onpoint.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            onpoint.emit((Point::Box(place), event));
        })
    };
    let list = schedule.target_list_name.as_ref();
    html! {
        <div
            id={Row::element_id(place)}
            class={classes!("standing-row", "work-row", "hit", chosen.then_some("chosen"), at.then_some("at"))}
            role="row"
            aria-rowindex={(place + 2).to_string()}
            aria-selected={if selected { "true" } else { "false" }}
            // A range is no selection of text.
            onmousedown={Callback::from(|event: MouseEvent| if event.shift_key() { event.prevent_default() })}
            onclick={props.onpoint.reform(move |event: MouseEvent| (Point::Row(place), event))}
            data-testid="schedule-row"
        >
            <div role="gridcell">
                <button
                    type="button"
                    class="board-check"
                    role="checkbox"
                    tabindex="-1"
                    aria-checked={if chosen { "true" } else { "false" }}
                    aria-label={format!("Select {}", schedule.flow_name)}
                    // The focus stays where the keys work.
                    onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}
                    onclick={onbox}
                >
                    { if chosen { Icon::BoxTicked.svg() } else { Icon::Box.svg() } }
                </button>
            </div>
            <div role="gridcell">
                <div class="clip">
                    <To class="name" route={Route::Maintenance { id: schedule.flow_id }}>{ schedule.flow_name.clone() }</To>
                </div>
                <div class="small muted clip">
                    { list.map_or_else(|| "No target list".to_owned(), Clone::clone) }
                </div>
            </div>
            <div role="gridcell" title={schedule.description.clone()}>
                <div class="two-lines">{ schedule.description.clone() }</div>
            </div>
            <div role="gridcell">{ next_run(schedule) }</div>
            <div role="gridcell">{ last(last_run.as_ref()) }</div>
            <div role="gridcell" title={words.clone()}>
                { status::of_health(*health).pill() }
                <div class="small muted clip">{ words.clone() }</div>
            </div>
        </div>
    }
}

/// On the viewer's clock, how far it is, and on the schedule's clock where that shows something else.
fn next_run(schedule: &Schedule) -> Html {
    let Some(at) = schedule.next_run_at else {
        return html! { <span class="faint">{ "none" }</span> };
    };
    let here = time::in_viewer_zone(at);
    let there = browser::wall_in(at, &schedule.timezone).filter(|there| *there != here);
    let there = there.map(|there| {
        // The date stands above; of another day its name is enough.
        let day =
            if there.date() == here.date() { String::new() } else { format!("{} ", there.date().weekday()) };
        format!(" · {day}{} in {}", time::clock(there), time::city(&schedule.timezone))
    });
    html! {
        <>
            <div class="clip"><When {at} /></div>
            <div class="small muted clip" title={there.clone()}><When {at} shown={Shown::Relative} />{ there }</div>
        </>
    }
}

fn last(run: Option<&LastRun>) -> Html {
    let Some(run) = run else {
        return html! { <span class="faint">{ "none yet" }</span> };
    };
    html! {
        <>
            <div class="clip">
                <To route={Route::Batch { id: run.batch_id }} testid="last-run"><When at={run.launched_at} shown={Shown::Relative} /></To>
                <span class="small muted">{ format!(" · {}", run.rollup.words()) }</span>
            </div>
            { rollup_bar(&RollupBarProps { rollup: run.rollup, words: false, testid: None }) }
        </>
    }
}
