//! Blackout calendars compiled for looking up: stretches in order, on the wall and as instants.

use crate::Invalid;
use crate::policy::BlackoutEntry;
use crate::recurrence::{Resolved, Zone};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use std::collections::HashMap;

/// No zone is further than this from UTC, in seconds.
const LARGEST_OFFSET: i64 = 2 * 86_400;

/// A stretch: first second, first second after it, and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Closed {
    from: i64,
    to: i64,
    name: usize,
}

/// The entries of some calendars, compiled. Serves every zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blackout {
    /// In seconds on the wall.
    wall: Vec<Closed>,
    /// In seconds since 1970 UTC.
    instants: Vec<Closed>,
    names: Vec<String>,
}

impl Blackout {
    /// The entries of calendars, each with the calendar's name.
    ///
    /// # Errors
    /// [`Invalid`] with the field `zone` when an entry names a zone that this release does not know.
    pub fn new<'a>(
        calendars: impl IntoIterator<Item = (&'a str, &'a [BlackoutEntry])>,
    ) -> Result<Self, Invalid> {
        let mut blackout = Self::default();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (calendar, entries) in calendars {
            for entry in entries {
                let name = match entry.label() {
                    "" => calendar.to_owned(),
                    label => format!("{calendar}: {label}"),
                };
                let name = *known.entry(name).or_insert_with_key(|name| {
                    blackout.names.push(name.clone());
                    blackout.names.len() - 1
                });
                blackout.add(entry, name)?;
            }
        }
        blackout.wall = in_order(blackout.wall);
        blackout.instants = in_order(blackout.instants);
        Ok(blackout)
    }

    fn add(&mut self, entry: &BlackoutEntry, name: usize) -> Result<(), Invalid> {
        let wall = |at: NaiveDateTime| at.and_utc().timestamp();
        match entry {
            BlackoutEntry::Days { from, to, .. } => {
                // Entries of another release may lie beyond the years of this one; the last day of all has none after it.
                let last = to.unwrap_or(*from);
                let end = last.checked_add_signed(TimeDelta::days(1)).unwrap_or(last);
                let at = |date: chrono::NaiveDate| wall(date.and_time(NaiveTime::MIN));
                self.wall.push(Closed { from: at(*from), to: at(end), name });
            }
            BlackoutEntry::Hours { from, to, zone: None, .. } => {
                self.wall.push(Closed { from: wall(*from), to: wall(*to), name });
            }
            BlackoutEntry::Hours { from, to, zone: Some(zone), .. } => {
                let zone = Zone::named(zone).map_err(|invalid| Invalid::new("zone", invalid.message))?;
                let (from, to) = (instants(&zone, *from).0, instants(&zone, *to).1);
                self.instants.push(Closed { from: from.timestamp(), to: to.timestamp(), name });
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.wall.is_empty() && self.instants.is_empty()
    }

    pub(super) fn name(&self, name: usize) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }

    /// What blacks out a time on the wall, and when that changes next.
    pub(super) fn on_wall(&self, wall: i64) -> (Option<usize>, Option<i64>) {
        lookup(&self.wall, wall)
    }

    /// What blacks out an instant, and when that changes next.
    pub(super) fn at(&self, at: i64) -> (Option<usize>, Option<i64>) {
        lookup(&self.instants, at)
    }

    /// What is blacked out in `from <= at < to` for the schedules of a zone: from when, to when, and its name.
    #[must_use]
    pub fn within(
        &self,
        zone: &Zone,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<(DateTime<Utc>, DateTime<Utc>, &str)> {
        let wall = |at: DateTime<Utc>| zone.to_local(at).0.and_utc().timestamp();
        let on_wall = |second: i64| DateTime::from_timestamp(second, 0).unwrap_or(from).naive_utc();
        let mut within = Vec::new();
        for closed in overlapping(&self.wall, wall(from), wall(to)) {
            // What reaches over the edge is cut there, whatever the clocks do at it.
            let begin = instants(zone, on_wall(closed.from)).0.max(from);
            let end = instants(zone, on_wall(closed.to)).1.min(to);
            within.push((begin, end, self.name(closed.name)));
        }
        for closed in overlapping(&self.instants, from.timestamp(), to.timestamp()) {
            let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap_or(to);
            within.push((at(closed.from).max(from), at(closed.to).min(to), self.name(closed.name)));
        }
        within.retain(|(begin, end, _)| begin < end);
        within
    }

    /// Stretches of instants, apart from each other, that hold everything of `after < at <= until` that is blacked out in
    /// whatever zone; more than that at their edges.
    pub(super) fn between(&self, after: i64, until: i64) -> Vec<(i64, i64)> {
        let mut stretches = Vec::new();
        for (list, margin) in [(&self.wall, LARGEST_OFFSET), (&self.instants, 0)] {
            let first = list.partition_point(|closed| closed.to + margin <= after);
            let some = list.iter().skip(first).take_while(|closed| closed.from - margin <= until);
            stretches.extend(
                some.map(|closed| ((closed.from - margin - 1).max(after), (closed.to + margin).min(until))),
            );
        }
        stretches.sort_unstable();
        let mut apart: Vec<(i64, i64)> = Vec::new();
        for (from, to) in stretches {
            match apart.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => apart.push((from, to)),
            }
        }
        apart
    }
}

/// The first and the last instant a time on the wall may mean.
fn instants(zone: &Zone, local: NaiveDateTime) -> (DateTime<Utc>, DateTime<Utc>) {
    match zone.resolve(local) {
        Resolved::Once(at) | Resolved::Gap { end: at } => (at, at),
        Resolved::Fold { first, second } => (first, second),
    }
}

/// In order and apart from each other; where two overlap, the name of the earlier stands for both.
fn in_order(mut list: Vec<Closed>) -> Vec<Closed> {
    list.retain(|closed| closed.from < closed.to);
    list.sort_unstable();
    let mut apart: Vec<Closed> = Vec::with_capacity(list.len());
    for closed in list {
        match apart.last_mut() {
            Some(before) if closed.from < before.to => before.to = closed.to.max(before.to),
            _ => apart.push(closed),
        }
    }
    apart
}

fn overlapping(list: &[Closed], from: i64, to: i64) -> impl Iterator<Item = &Closed> {
    let first = list.partition_point(|closed| closed.to <= from);
    list.iter().skip(first).take_while(move |closed| closed.from < to)
}

fn lookup(list: &[Closed], at: i64) -> (Option<usize>, Option<i64>) {
    let next = list.partition_point(|closed| closed.to <= at);
    match list.get(next) {
        Some(closed) if closed.from <= at => (Some(closed.name), Some(closed.to)),
        Some(closed) => (None, Some(closed.from)),
        None => (None, None),
    }
}
