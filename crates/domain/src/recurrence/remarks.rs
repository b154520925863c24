//! What daylight saving does to a run, in words: moved, skipped, or at a time of day that comes twice.
//!
//! Asked of the very parts that find the occurrences, so a remark cannot disagree with the run it stands beside.
//! Deliberately absent: what the viewer's own zone does; the interface knows that zone and the engine does not.

#[cfg(test)]
mod tests;

use super::timetable::{Occurrence, Part, Timetable};
use super::words::MONTHS;
use super::zone::Resolved;
use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

/// An occurrence to come, and what the clocks do to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previewed {
    pub occurrence: Occurrence,
    /// `the clocks go forward at 02:00: runs at 03:00`. None on an ordinary day.
    pub remark: Option<String>,
}

/// Times of day that the clocks jumped over, and with them runs.
struct Skipped {
    left: NaiveDateTime,
    entered: NaiveDateTime,
    runs: u64,
}

impl Timetable {
    /// The next occurrences strictly after an instant, at most `count`, with remarks.
    #[must_use]
    pub fn preview(&self, after: DateTime<Utc>, count: usize) -> Vec<Previewed> {
        self.previews(after, DateTime::<Utc>::MAX_UTC).take(count).collect()
    }

    /// The occurrences in `after < at <= until` with remarks, each looked for when it is asked for.
    pub fn previews(
        &self,
        mut after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Previewed> + '_ {
        std::iter::from_fn(move || {
            let occurrence = self.next_after(after).filter(|next| next.at <= until)?;
            let remark = self.remark(after, &occurrence);
            after = occurrence.at;
            Some(Previewed { occurrence, remark })
        })
    }

    /// About an occurrence and what was left out between `after` and it.
    fn remark(&self, after: DateTime<Utc>, occurrence: &Occurrence) -> Option<String> {
        let (at, local) = (occurrence.at.timestamp(), occurrence.local);
        let stretch = self.zone.stretch_at(at);
        let part = Part::new(&self.wall, stretch);
        let wall = at + stretch.offset;
        if let (Some(start), true) = (stretch.start, part.catch_up == Some(wall)) {
            let left = clock(on_wall(start + stretch.offset_before));
            let once = if self.wall.any(wall, wall + 1) { "once, " } else { "" };
            return Some(format!("the clocks go forward at {left}: runs {once}at {}", clock(local)));
        }
        if let Some(skipped) = self.skipped(after.timestamp(), at) {
            return Some(skipped.in_words(local));
        }
        let Resolved::Fold { second, .. } = self.zone.resolve(local) else { return None };
        let again = self.zone.stretch_at(second.timestamp());
        let runs_again = Part::new(&self.wall, again).starts_by(second.timestamp() + again.offset);
        Some(match (occurrence.fold, runs_again) {
            (0, false) => format!("{} happens twice: runs the first time", clock(local)),
            (0, true) => format!("{} happens twice: runs both times", clock(local)),
            _ => format!("{} happens twice: this is the second time", clock(local)),
        })
    }

    /// The last gap between two instants that swallowed runs.
    fn skipped(&self, after: i64, until: i64) -> Option<Skipped> {
        let mut found = None;
        let mut change = self.zone.stretch_at(after).end;
        while let Some(at) = change.filter(|at| *at <= until) {
            let stretch = self.zone.stretch_at(at);
            let (left, entered) = (at + stretch.offset_before, at + stretch.offset);
            if Part::new(&self.wall, stretch).catch_up.is_none() && self.wall.any(left, entered) {
                let runs = self.wall.count(left, entered);
                found = Some(Skipped { left: on_wall(left), entered: on_wall(entered), runs });
            }
            change = stretch.end;
        }
        found
    }
}

impl Skipped {
    fn in_words(&self, run: NaiveDateTime) -> String {
        let Self { left, entered, runs } = self;
        let are = if *runs == 1 { "run is" } else { "runs are" };
        if *entered - *left >= TimeDelta::days(1) {
            return format!("the calendar leaves out {}: {runs} {are} skipped", date(*left));
        }
        let on = if run.date() == left.date() { String::new() } else { format!("on {} ", date(*left)) };
        let (from, to) = (clock(*left), clock(*entered));
        format!("{on}the clocks go forward from {from} to {to}: {runs} {are} skipped")
    }
}

fn on_wall(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc()
}

fn clock(wall: NaiveDateTime) -> String {
    wall.format("%H:%M").to_string()
}

/// "29 March 2026"
fn date(wall: NaiveDateTime) -> String {
    let month = MONTHS.get(wall.month0() as usize).unwrap_or(&"");
    format!("{} {month} {}", wall.day(), wall.year())
}
