//! The list of schedules: rows of one height, of which those near the visible part are drawn.

use super::Shown;
use super::row::{Point, Row};
use crate::components::rows::{bring_into_view, use_rows};
use crate::state::selection::{Move, Selection};
use mf_contract::standings::ScheduleStanding;
use std::rc::Rc;
use yew::prelude::*;

/// Pixels; the style sheet says the same.
const ROW: u32 = 56;
const HEAD: f64 = 34.0;

const COLUMNS: [&str; 6] = ["Selected", "Flow", "Runs", "Next run", "Last run", "Health"];

#[derive(Properties, PartialEq)]
pub(super) struct ScheduleGridProps {
    pub(super) standings: Rc<Vec<ScheduleStanding>>,
    /// The places of those that are shown.
    pub(super) places: Rc<Vec<usize>>,
    pub(super) selection: Selection<Shown>,
    pub(super) at: Option<usize>,
    pub(super) onmove: Callback<Move>,
}

/// The list.
#[component]
pub(super) fn ScheduleGrid(props: &ScheduleGridProps) -> Html {
    let list = use_node_ref();
    let rows = use_rows(&list, props.places.len(), ROW);
    {
        let list = list.clone();
        use_effect_with(props.at, move |at| {
            if let Some(at) = at {
                bring_into_view(&list, *at, ROW, HEAD);
            }
        });
    }
    let onpoint = {
        let onmove = props.onmove.clone();
        use_callback(props.onmove.clone(), move |(point, event): (Point, MouseEvent), _| {
            onmove.emit(match point {
                Point::Box(row) if event.shift_key() => Move::To { row, extend: true },
                Point::Box(row) => Move::ToggleRow(row),
                Point::Row(row) if event.ctrl_key() || event.meta_key() => Move::ToggleRow(row),
                Point::Row(row) => Move::To { row, extend: event.shift_key() },
            });
        })
    };
    let drawn = || {
        let places = props.places.iter().enumerate().skip(rows.drawn.start).take(rows.drawn.len());
        places.filter_map(|(place, at)| Some((place, props.standings.get(*at)?)))
    };
    let active = props.at.filter(|at| rows.drawn.contains(at)).map(Row::element_id);
    html! {
        <div
            class="work schedules"
            role="grid"
            aria-label="Schedules"
            aria-multiselectable="true"
            aria-rowcount={(props.places.len() + 1).to_string()}
            aria-activedescendant={active}
            tabindex="0"
            data-scroller="true"
            data-testid="schedules"
        >
            <div class="work-head work-row standing-row" role="row" aria-rowindex="1">
                for (at, words) in COLUMNS.into_iter().enumerate() {
                    <span role="columnheader">
                        if at == 0 { <span class="visually-hidden">{ words }</span> } else { { words } }
                    </span>
                }
            </div>
            <div role="rowgroup" ref={list}>
                { rows.before("div") }
                for (place, standing) in drawn() {
                    <Row
                        key={standing.schedule.id.to_string()}
                        standing={Rc::new(standing.clone())}
                        {place}
                        chosen={props.selection.has(standing.schedule.id)}
                        at={props.at == Some(place)}
                        alone={props.selection.is_empty()}
                        onpoint={onpoint.clone()}
                    />
                }
                { rows.after("div") }
            </div>
        </div>
    }
}
