//! Runs to come, as a table shows them: on the schedule's clock, on the viewer's, what is odd about them, and what keeps
//! them from running.

use crate::api::capitalised;
use crate::state::time::{self, grouped};
use chrono::{DateTime, NaiveDateTime, Utc};
use mf_contract::schedules::{PreviewedOccurrence, Verdict};

/// What becomes of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    #[default]
    Runs,
    /// It starts at another time.
    Moved,
    /// It does not start.
    Kept,
}

/// One run, or several neighbours that do not start for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// When it starts; when the first of them was due, for what does not.
    pub at: DateTime<Utc>,
    /// In the schedule's zone: `Fri 18 Dec 2026, 22:00`.
    pub there: String,
    /// On the viewer's clock; only the time when the day is the same.
    pub here: String,
    pub fate: Fate,
    /// What the clocks do to it, or what keeps it from running.
    pub remark: Option<String>,
}

/// The clocks a run is told on.
#[derive(Clone, Copy, Debug)]
pub struct Clocks<'a> {
    /// Of the schedule.
    pub zone: &'a str,
    pub viewer: &'a str,
    /// How many minutes the viewer's clock is ahead of UTC at an instant.
    pub offset: fn(DateTime<Utc>) -> i32,
    /// The wall clock of the schedule's zone, where the browser knows it.
    pub wall: fn(DateTime<Utc>, &str) -> Option<NaiveDateTime>,
}

/// The runs as rows, until `most` of them start. Without another zone than the schedule's, nothing is said about it.
#[must_use]
pub fn run_rows(runs: &[PreviewedOccurrence], most: u32, clocks: &Clocks<'_>) -> Vec<RunRow> {
    let mut before: Option<(i32, i32)> = None;
    let mut rows: Vec<RunRow> = Vec::new();
    let mut starting = 0;
    let mut rest = runs;
    while let Some(run) = rest.first().filter(|_| starting < most) {
        let alike = |other: &&PreviewedOccurrence| !starts(other) && is_alike(run, other);
        let together = 1 + rest.iter().skip(1).take_while(alike).count();
        let many = rest.iter().take(together).map(|run| run.count as usize).sum();
        rest = rest.get(together..).unwrap_or_default();
        if !starts(run) {
            rows.push(kept_row(run, many, rest.is_empty(), clocks));
            continue;
        }
        starting += 1;
        let wall = time::parse_wall(&run.local);
        let offsets = offsets(run, wall, clocks);
        let shifted = before
            .filter(|_| clocks.zone != clocks.viewer)
            .and_then(|before| shifted(before, offsets, clocks.zone, clocks.viewer));
        before = Some(offsets);
        rows.push(match run.starts_at.filter(|_| run.verdict == Verdict::Moved) {
            Some(at) => moved_row(run, at, wall, clocks),
            None => RunRow {
                at: run.at,
                there: wall.map_or_else(|| run.local.clone(), time::full),
                here: wall.map_or_else(String::new, |wall| beside(run.at, wall, clocks)),
                fate: Fate::Runs,
                remark: run.remark.as_deref().map(capitalised).or(shifted),
            },
        });
    }
    // Moved runs start later than those they are listed with.
    let keep = rows.iter().rposition(|row| row.fate != Fate::Kept).map_or(rows.len(), |last| last + 1);
    if starting >= most {
        rows.truncate(keep);
    }
    rows.sort_by_key(|row| row.at);
    rows
}

fn starts(run: &PreviewedOccurrence) -> bool {
    matches!(run.verdict, Verdict::Runs | Verdict::Moved)
}

fn is_alike(run: &PreviewedOccurrence, other: &PreviewedOccurrence) -> bool {
    !starts(run)
        && (run.verdict, &run.blackout, run.starts_at) == (other.verdict, &other.blackout, other.starts_at)
}

/// How far the schedule's clock and the viewer's are ahead of UTC, in minutes.
fn offsets(run: &PreviewedOccurrence, wall: Option<NaiveDateTime>, clocks: &Clocks<'_>) -> (i32, i32) {
    let here = (clocks.offset)(run.at);
    (wall.map_or(here, |wall| minutes_between(run.at, wall.and_utc())), here)
}

fn beside(at: DateTime<Utc>, wall: NaiveDateTime, clocks: &Clocks<'_>) -> String {
    let here = (at + chrono::TimeDelta::minutes(i64::from((clocks.offset)(at)))).naive_utc();
    time::beside(here, wall)
}

/// The wall clock of the schedule's zone at another instant than the run's own.
fn wall_then(
    run: &PreviewedOccurrence,
    at: DateTime<Utc>,
    wall: Option<NaiveDateTime>,
    clocks: &Clocks<'_>,
) -> Option<NaiveDateTime> {
    // What moves keeps its time of day: whole days lie between, whatever the clocks do meanwhile.
    let days = chrono::TimeDelta::days(((at - run.at).num_minutes() + 720).div_euclid(1_440));
    (clocks.wall)(at, clocks.zone).or_else(|| wall.map(|wall| wall + days))
}

fn blackout(run: &PreviewedOccurrence) -> String {
    run.blackout.as_ref().map_or_else(|| "a blackout".to_owned(), |name| format!("the blackout “{name}”"))
}

fn moved_row(
    run: &PreviewedOccurrence,
    at: DateTime<Utc>,
    wall: Option<NaiveDateTime>,
    clocks: &Clocks<'_>,
) -> RunRow {
    let then = wall_then(run, at, wall, clocks);
    let from = wall.map_or_else(|| run.local.clone(), time::full);
    RunRow {
        at,
        there: then.map_or_else(|| run.local.clone(), time::full),
        here: then.map_or_else(String::new, |then| beside(at, then, clocks)),
        fate: Fate::Moved,
        remark: Some(format!("Moved from {from}, which lies in {}", blackout(run))),
    }
}

fn kept_row(run: &PreviewedOccurrence, many: usize, to_the_end: bool, clocks: &Clocks<'_>) -> RunRow {
    let wall = time::parse_wall(&run.local);
    let them = if many == 1 { "it" } else { "them" };
    let why = match (run.verdict, run.starts_at) {
        (Verdict::Replaced, Some(at)) => {
            let then = wall_then(run, at, wall, clocks)
                .map_or_else(String::new, |then| format!(" on {}", time::full(then)));
            format!("in {}; a later run{then} stands for {them}", blackout(run))
        }
        (Verdict::Replaced, None) => format!("in {}; a later run stands for {them}", blackout(run)),
        (Verdict::Blackout, _) => format!("in {}", blackout(run)),
        _ => "outside the hours it may start in".to_owned(),
    };
    let remark = match (many, to_the_end && many > 1) {
        (1, _) => format!("Does not start: {why}"),
        (many, true) => format!("This and the next {} do not start: {why}", grouped(many - 1)),
        (many, false) => format!("{} runs from here on do not start: {why}", grouped(many)),
    };
    RunRow {
        at: run.at,
        there: wall.map_or_else(|| run.local.clone(), time::full),
        here: wall.map_or_else(String::new, |wall| beside(run.at, wall, clocks)),
        fate: Fate::Kept,
        remark: Some(remark),
    }
}

fn minutes_between(from: DateTime<Utc>, to: DateTime<Utc>) -> i32 {
    i32::try_from((to - from).num_minutes()).unwrap_or(0)
}

/// Why a run is at another time of the viewer's day than the one before it.
fn shifted(before: (i32, i32), now: (i32, i32), zone: &str, viewer: &str) -> Option<String> {
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
mod tests;
