//! A recurrence in a zone, as instants: the one function behind preview, firing and catching up.
//!
//! Daylight saving follows Debian's cron and cronie. A job with fixed minute and hour that falls into a gap
//! of up to three hours runs once at the end of the gap, and in a repeated hour in the first pass only. A
//! wildcard job (minute or hour begins with `*`) lives by the clock on the wall: it skips the gap and runs in
//! both passes. A larger jump is a change of the clock, not daylight saving (Apia without its 2011-12-30):
//! the skipped time is gone for every job, and repeated time counts again.
//!
//! An instant is found stretch by stretch: between two transitions of the zone the wall clock is UTC plus a
//! constant, so matches there are found, and counted, on the wall. Deliberately absent: enumeration of what
//! was missed, grace, windows. Known limits: occurrences from 1970 to 2100; where cronie runs wildcard jobs
//! late after a gap of up to four minutes (no zone has had one since 1970), these are skipped.

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(super) mod tests;

use super::wall::{DAY, END, FIRST, WallClock};
use super::zone::{Stretch, Zone};
use super::{Recurrence, words};
use crate::Invalid;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// The least distance of two instants: a span that is open at its beginning and holds an instant begins so much before it.
pub const MOMENT: TimeDelta = TimeDelta::milliseconds(1);

/// Largest jump of the clock, in seconds, that is treated as daylight saving.
const LARGEST_SHIFT: i64 = 3 * 3_600;

/// No zone is further than this from UTC, nor has any jumped further, in seconds.
const LARGEST_OFFSET: i64 = 2 * DAY;

/// One time a recurrence comes due. Its identity is `local` and `fold`; see
/// [`crate::occurrence::OccurrenceKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    pub at: DateTime<Utc>,
    /// The wall clock at `at`, whole minutes. For a job moved out of a gap: the end of the gap, not the time
    /// written.
    pub local: NaiveDateTime,
    /// Seconds east of UTC at `at`.
    pub offset_seconds: i32,
    /// 1 in the second pass of a repeated hour, else 0.
    pub fold: u8,
}

/// What came due in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub first: Occurrence,
    pub latest: Occurrence,
    /// How many, `first` and `latest` included: 1 or more.
    pub count: u64,
}

/// A recurrence compiled for a zone.
#[derive(Clone, Debug)]
pub struct Timetable {
    pub(super) wall: WallClock,
    pub(super) zone: Zone,
}

impl Timetable {
    /// # Errors
    /// [`Invalid`] as of [`Recurrence::validate`], with its field under `recurrence`: `recurrence.expression`.
    pub fn new(recurrence: &Recurrence, zone: &Zone) -> Result<Self, Invalid> {
        let wall = recurrence.rule().and_then(WallClock::new).map_err(|it| it.under("recurrence"))?;
        Ok(Self { wall, zone: zone.clone() })
    }

    /// The recurrence in plain English, without the zone.
    #[must_use]
    pub fn description(&self) -> String {
        self.wall.describe()
    }

    /// The recurrence in plain English with the zone: `At 22:00 every Friday, New York time`.
    #[must_use]
    pub fn description_in_zone(&self) -> String {
        format!("{}, {}", self.wall.describe(), words::zone(self.zone.name()))
    }

    /// At how many times of a day it comes due, on the days it does; what the clocks do to a day is left aside.
    #[must_use]
    pub fn times_a_day(&self) -> u64 {
        self.wall.times_a_day()
    }

    /// The first occurrence strictly after an instant; none past the year 2100.
    #[must_use]
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<Occurrence> {
        let mut after = after.timestamp().max(FIRST - LARGEST_OFFSET);
        let mut stretch = self.zone.stretch_at(after);
        let mut is_first = true;
        loop {
            let part = Part::new(&self.wall, stretch);
            let on_wall = part.next(after)?;
            if part.holds(on_wall) {
                return part.occurrence(on_wall);
            }
            after = stretch.end? - 1;
            // Nothing matches before `on_wall`, so stretches well before it need no look. Not so the one that
            // follows the first: it may repeat times of day from before `after`.
            if !is_first {
                after = after.max(on_wall - LARGEST_OFFSET);
            }
            is_first = false;
            stretch = self.zone.stretch_at(after + 1);
        }
    }

    /// The occurrences in `after < at <= until`: the first, the latest and how many. Whole days are counted
    /// by multiplication, so two weeks of every minute cost no more than a day.
    #[must_use]
    pub fn due_between(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Option<Due> {
        let first = self.next_after(after).filter(|first| first.at <= until)?;
        let until = until.timestamp().min(END + LARGEST_OFFSET);
        let mut after = first.at.timestamp() - 1;
        let mut count = 0;
        while after < until {
            let stretch = self.zone.stretch_at(after + 1);
            let last = stretch.end.map_or(until, |end| until.min(end - 1));
            count += Part::new(&self.wall, stretch).count(after, last);
            after = last;
        }
        let latest = if count == 1 { first } else { self.latest_until(until)? };
        Some(Due { first, latest, count })
    }

    /// Up to `limit` occurrences in `after < at <= until`, in order. For previews; to catch up, use
    /// [`Self::due_between`].
    #[must_use]
    pub fn expand(&self, after: DateTime<Utc>, until: DateTime<Utc>, limit: usize) -> Vec<Occurrence> {
        std::iter::successors(self.next_after(after), |last| self.next_after(last.at))
            .take_while(|occurrence| occurrence.at <= until)
            .take(limit)
            .collect()
    }

    /// The time on the wall that an occurrence was written for: of one that a gap of the clocks holds up, the last time
    /// within the gap and not the end of it.
    #[must_use]
    pub fn written(&self, occurrence: &Occurrence) -> NaiveDateTime {
        let local = occurrence.local.and_utc().timestamp();
        if self.wall.any(local, local + 1) {
            return occurrence.local;
        }
        let within = self.wall.previous(local).and_then(|wall| DateTime::from_timestamp(wall, 0));
        within.map_or(occurrence.local, |wall| wall.naive_utc())
    }

    /// The last occurrence at or before a second.
    fn latest_until(&self, until: i64) -> Option<Occurrence> {
        let mut until = until;
        while until > FIRST - LARGEST_OFFSET {
            let stretch = self.zone.stretch_at(until);
            let part = Part::new(&self.wall, stretch);
            if let Some(on_wall) = part.previous(until) {
                return part.occurrence(on_wall);
            }
            until = stretch.start? - 1;
        }
        None
    }
}

/// What a job does in one stretch. Instants are seconds since 1970 UTC; `wall` values are seconds on the wall
/// clock.
pub(super) struct Part<'a> {
    wall: &'a WallClock,
    stretch: Stretch,
    /// Matches on the wall count from here: the beginning, or for a fixed job the end of the repeated hour.
    from: i64,
    /// First second on the wall that belongs to the next stretch.
    end: i64,
    /// Where a job that fell into the gap before this stretch runs.
    pub(super) catch_up: Option<i64>,
}

impl<'a> Part<'a> {
    pub(super) fn new(wall: &'a WallClock, stretch: Stretch) -> Self {
        let end = stretch.end.map_or(END + LARGEST_OFFSET, |end| end + stretch.offset);
        let Some(start) = stretch.start else {
            return Self { wall, stretch, from: FIRST - LARGEST_OFFSET, end, catch_up: None };
        };
        // The clock jumps from `left` to `entered`.
        let (left, entered) = (start + stretch.offset_before, start + stretch.offset);
        let daylight_saving = wall.is_fixed() && (entered - left).abs() <= LARGEST_SHIFT;
        let fell_into_gap = daylight_saving && left < entered && wall.any(left, entered);
        Self {
            wall,
            stretch,
            from: if daylight_saving { entered.max(left) } else { entered },
            end,
            // Local mean time had odd seconds; an occurrence has whole minutes.
            catch_up: fell_into_gap.then(|| entered + (-entered).rem_euclid(60)),
        }
    }

    fn holds(&self, wall: i64) -> bool {
        wall < self.end
    }

    /// Whether matches at a time on the wall count in this stretch, or belong to its first pass alone.
    pub(super) fn starts_by(&self, wall: i64) -> bool {
        self.from <= wall
    }

    /// The first time on the wall that the job runs strictly after an instant, perhaps past the end of this
    /// stretch.
    fn next(&self, after: i64) -> Option<i64> {
        let after = after + self.stretch.offset;
        let match_after = || self.wall.next(after.max(self.from - 1));
        self.catch_up.filter(|at| *at > after).or_else(match_after)
    }

    /// The last time on the wall, within this stretch, that the job runs at or before an instant.
    fn previous(&self, until: i64) -> Option<i64> {
        let until = until + self.stretch.offset;
        let before = self.end.min(until + 1);
        let matched = self.wall.previous(before).filter(|at| *at >= self.from);
        matched.or(self.catch_up.filter(|at| *at <= until))
    }

    /// How often the job runs strictly after one instant and up to another, both within this stretch.
    fn count(&self, after: i64, until: i64) -> u64 {
        let (after, until) = (after + self.stretch.offset, until + self.stretch.offset);
        let matches = self.wall.count(self.from.max(after + 1), until + 1);
        // A match at the very end of the gap is the same run.
        let extra = |at: &i64| (after + 1..=until).contains(at) && !self.wall.any(*at, at + 1);
        matches + u64::from(self.catch_up.as_ref().is_some_and(extra))
    }

    fn occurrence(&self, wall: i64) -> Option<Occurrence> {
        let Stretch { start, offset, offset_before, .. } = self.stretch;
        let repeated = start.is_some_and(|start| wall < start + offset_before);
        Some(Occurrence {
            at: DateTime::from_timestamp(wall - offset, 0)?,
            local: DateTime::from_timestamp(wall, 0)?.naive_utc(),
            offset_seconds: i32::try_from(offset).ok()?,
            fold: u8::from(repeated),
        })
    }
}
