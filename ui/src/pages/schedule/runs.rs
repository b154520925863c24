//! The table of runs to come, on the card and in the dialog.

use crate::browser;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::state::schedule::{Clocks, Fate, RunRow, run_rows};
use crate::state::time;
use mf_contract::schedules::PreviewedOccurrence;
use yew::prelude::*;

/// Properties of [`runs_table`].
#[derive(Debug)]
pub(super) struct RunsProps<'a> {
    pub(super) runs: &'a [PreviewedOccurrence],
    /// How many that start are shown.
    pub(super) most: u32,
    /// Of the schedule.
    pub(super) zone: &'a str,
    /// Heads the runs: "Next runs".
    pub(super) title: &'static str,
    /// Whether how far each run is from now stands beside it.
    pub(super) distances: bool,
}

/// The runs in the schedule's zone and the viewer's, what is odd about them, and what keeps some from starting.
pub(super) fn runs_table(props: &RunsProps<'_>) -> Html {
    let viewer = browser::viewer_zone();
    let elsewhere = viewer != props.zone;
    let clocks = Clocks {
        zone: props.zone,
        viewer: &viewer,
        offset: browser::viewer_offset_minutes,
        wall: browser::wall_in,
    };
    let rows = run_rows(props.runs, props.most, &clocks);
    let columns = 1 + usize::from(elsewhere) + usize::from(props.distances);
    html! {
        <table class="runs" data-testid="next-runs">
            <thead>
                <tr>
                    <th scope="col">{ format!("{} ({})", props.title, time::city(props.zone)) }</th>
                    if elsewhere {
                        <th scope="col">{ format!("Your time ({})", time::city(&viewer)) }</th>
                    }
                    if props.distances {
                        <th scope="col"><span class="visually-hidden">{ "From now" }</span></th>
                    }
                </tr>
            </thead>
            <tbody>
                for row in rows {
                    { drawn(&row, elsewhere, props.distances, columns) }
                }
            </tbody>
        </table>
    }
}

fn drawn(row: &RunRow, elsewhere: bool, distances: bool, columns: usize) -> Html {
    let kept = row.fate == Fate::Kept;
    let (icon, tone) = match row.fate {
        Fate::Runs => (Icon::Clock, "tone-amber"),
        Fate::Moved => (Icon::Redo, "tone-amber"),
        Fate::Kept => (Icon::Skip, "muted"),
    };
    html! {
        <>
            <tr class={classes!(row.remark.is_some().then_some("remarked"), kept.then_some("kept"))}>
                <td>{ row.there.clone() }</td>
                if elsewhere {
                    <td class="muted">{ row.here.clone() }</td>
                }
                if distances {
                    <td class="small faint fill">
                        if !kept {
                            <When at={row.at} shown={Shown::Relative} />
                        }
                    </td>
                }
            </tr>
            if let Some(remark) = &row.remark {
                <tr class="remark">
                    <td colspan={columns.to_string()}>
                        <span class={tone} data-testid="run-remark">{ icon.svg() }{ remark.clone() }</span>
                    </td>
                </tr>
            }
        </>
    }
}
