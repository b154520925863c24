//! Runs to come, as a table shows them: on the schedule's clock, on the viewer's, and what is odd about them.

use crate::api::capitalised;
use crate::state::time;
use chrono::{DateTime, Utc};
use mf_contract::schedules::PreviewedOccurrence;

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    pub at: DateTime<Utc>,
    /// In the schedule's zone: `Fri 18 Dec 2026, 22:00`.
    pub there: String,
    /// On the viewer's clock; only the time when the day is the same.
    pub here: String,
    pub remark: Option<String>,
}

/// The runs as rows. `offset` is how many minutes the viewer's clock is ahead of UTC at an instant; without another zone
/// than the schedule's, nothing is said about it.
#[must_use]
pub fn run_rows(
    runs: &[PreviewedOccurrence],
    zone: &str,
    viewer: &str,
    offset: impl Fn(DateTime<Utc>) -> i32,
) -> Vec<RunRow> {
    let mut before: Option<(i32, i32)> = None;
    let mut rows = Vec::with_capacity(runs.len());
    for run in runs {
        let wall = time::parse_wall(&run.local);
        let here = offset(run.at);
        let there = wall.map_or(here, |wall| minutes_between(run.at, wall.and_utc()));
        let moved =
            before.filter(|_| zone != viewer).and_then(|before| moved(before, (there, here), zone, viewer));
        before = Some((there, here));
        let on_viewers_clock = (run.at + chrono::TimeDelta::minutes(i64::from(here))).naive_utc();
        rows.push(RunRow {
            at: run.at,
            there: wall.map_or_else(|| run.local.clone(), time::full),
            here: wall.map_or_else(String::new, |wall| time::beside(on_viewers_clock, wall)),
            remark: run.remark.as_deref().map(capitalised).or(moved),
        });
    }
    rows
}

fn minutes_between(from: DateTime<Utc>, to: DateTime<Utc>) -> i32 {
    i32::try_from((to - from).num_minutes()).unwrap_or(0)
}

/// Why a run is at another time of the viewer's day than the one before it.
fn moved(before: (i32, i32), now: (i32, i32), zone: &str, viewer: &str) -> Option<String> {
    if before.0 - before.1 == now.0 - now.1 {
        return None;
    }
    let (there, here) = (time::city(zone), time::city(viewer));
    Some(match (before.0 != now.0, before.1 != now.1) {
        (true, false) => format!("{there} has changed its clocks, {here} has not"),
        (false, true) => format!("{here} has changed its clocks, {there} has not"),
        _ => format!("{there} and {here} have changed their clocks"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::schedules::Verdict;

    fn run(at: &str, local: &str, remark: Option<&str>) -> PreviewedOccurrence {
        PreviewedOccurrence {
            at: at.parse().unwrap(),
            local: local.to_owned(),
            offset: String::new(),
            remark: remark.map(str::to_owned),
            verdict: Verdict::Runs,
            starts_at: None,
            blackout: None,
        }
    }

    /// New York in 2027: an hour ahead from 14 March on.
    fn new_york(at: DateTime<Utc>) -> i32 {
        if at < "2027-03-14T07:00:00Z".parse::<DateTime<Utc>>().unwrap() { -300 } else { -240 }
    }

    #[test]
    fn a_run_is_told_on_both_clocks_and_why_the_viewers_moved() {
        let runs = [
            run("2027-02-19T21:00:00Z", "2027-02-19T22:00", None),
            run("2027-03-19T21:00:00Z", "2027-03-19T22:00", None),
            run("2027-04-23T20:00:00Z", "2027-04-23T22:00", None),
            run("2027-05-21T20:00:00Z", "2027-05-21T22:00", None),
        ];
        let rows = run_rows(&runs, "Europe/Berlin", "America/New_York", new_york);
        let told: Vec<(&str, &str, Option<&str>)> =
            rows.iter().map(|row| (row.there.as_str(), row.here.as_str(), row.remark.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("Fri 19 Feb 2027, 22:00", "16:00", None),
                ("Fri 19 Mar 2027, 22:00", "17:00", Some("New York has changed its clocks, Berlin has not")),
                ("Fri 23 Apr 2027, 22:00", "16:00", Some("Berlin has changed its clocks, New York has not")),
                ("Fri 21 May 2027, 22:00", "16:00", None),
            ]
        );
    }

    #[test]
    fn what_happens_to_the_run_itself_is_said_first() {
        let remark = "02:30 happens twice: runs the first time";
        let runs = [
            run("2027-03-13T07:00:00Z", "2027-03-13T02:00", None),
            run("2027-03-15T07:00:00Z", "2027-03-15T03:00", Some(remark)),
        ];
        let rows = run_rows(&runs, "America/New_York", "Asia/Tokyo", |_| 540);
        assert_eq!(rows[1].remark.as_deref(), Some(remark));
        // In one zone there is nothing to compare.
        let rows = run_rows(&runs[..1], "America/New_York", "America/New_York", new_york);
        assert_eq!((rows[0].here.as_str(), &rows[0].remark), ("02:00", &None));
    }
}
