//! The table of runs to come, on the card and in the dialog.

use crate::browser;
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::state::schedule::run_rows;
use crate::state::time;
use mf_contract::schedules::PreviewedOccurrence;
use yew::prelude::*;

/// Properties of [`runs_table`].
#[derive(Debug)]
pub(super) struct RunsProps<'a> {
    pub(super) runs: &'a [PreviewedOccurrence],
    /// Of the schedule.
    pub(super) zone: &'a str,
    /// Heads the runs: "Next runs".
    pub(super) title: &'static str,
    /// Whether how far each run is from now stands beside it.
    pub(super) distances: bool,
}

/// The runs in the schedule's zone and the viewer's, and what is odd about them.
pub(super) fn runs_table(props: &RunsProps<'_>) -> Html {
    let viewer = browser::viewer_zone();
    let elsewhere = viewer != props.zone;
    let rows = run_rows(props.runs, props.zone, &viewer, browser::viewer_offset_minutes);
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
                    <tr class={classes!(row.remark.is_some().then_some("remarked"))}>
                        <td>{ row.there }</td>
                        if elsewhere {
                            <td class="muted">{ row.here }</td>
                        }
                        if props.distances {
                            <td class="small faint fill"><When at={row.at} shown={Shown::Relative} /></td>
                        }
                    </tr>
                    if let Some(remark) = row.remark {
                        <tr class="remark">
                            <td colspan={columns.to_string()}>
                                <span class="tone-amber" data-testid="run-remark">{ Icon::Clock.svg() }{ remark }</span>
                            </td>
                        </tr>
                    }
                }
            </tbody>
        </table>
    }
}
