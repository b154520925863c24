//! Occurrences in a blackout that start on another day.

use super::{MOVE_MAX, Rule, Run, State, instant};
use crate::recurrence::{MOMENT, Occurrence, Resolved};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use std::collections::HashMap;

/// In seconds.
const WEEK_AND_A_DAY: i64 = 8 * 86_400;

impl Rule {
    /// Whether a blacked out occurrence would have run without the blackout, and so may move.
    fn may_move(&self, occurrence: &Occurrence) -> bool {
        let on_wall = occurrence.local.and_utc().timestamp();
        self.moves && occurrence.at > self.since && self.week.as_ref().is_none_or(|week| week.at(on_wall).0)
    }

    /// When a blacked out occurrence starts instead.
    pub(super) fn target(&self, occurrence: &Occurrence) -> Option<DateTime<Utc>> {
        if !self.may_move(occurrence) {
            return None;
        }
        let written = self.table.written(occurrence);
        let (date, time) = (written.date(), written.time());
        let mut day = date + TimeDelta::days(1);
        while day <= date + TimeDelta::days(MOVE_MAX) {
            let at = match self.zone.resolve(day.and_time(time)) {
                Resolved::Once(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { end: at } => at,
            };
            let (state, end) = self.state(at.timestamp());
            if state == State::Open {
                return Some(at);
            }
            day = (day + TimeDelta::days(1)).max(self.zone.to_local(instant(end)).0.date());
        }
        None
    }

    /// Where the occurrences from one on, within the blackout that ends at `end`, move to.
    pub(super) fn moved_out_of(&self, first: Occurrence, end: i64) -> Vec<Run> {
        let last = instant(end - 1);
        // Those longer before the end find no day.
        let from = (first.at - MOMENT).max(last - TimeDelta::days(MOVE_MAX + 1));
        if !self.moves {
            return Vec::new();
        }
        let moved = |occurrence: Occurrence| Some(Run { occurrence, at: self.target(&occurrence)? });
        self.table.expand(from, last, usize::MAX).into_iter().filter_map(moved).collect()
    }

    /// Every occurrence that moves to an instant in `after < at <= until`.
    pub(super) fn moved(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Run> {
        if !self.moves {
            return Vec::new();
        }
        let before = after.checked_sub_signed(TimeDelta::days(MOVE_MAX + 2)).unwrap_or(after);
        let from = self.since.max(before);
        let mut runs = Vec::new();
        // By time of day: until the day one moves to, all others of its time move there.
        let mut known: HashMap<NaiveTime, DateTime<Utc>> = HashMap::new();
        for (from, to) in self.stretches_before(from.timestamp(), after.timestamp(), until.timestamp()) {
            for occurrence in self.table.expand(instant(from), instant(to), usize::MAX) {
                let is_black = matches!(self.state(occurrence.at.timestamp()).0, State::Blackout(_));
                if !is_black || !self.may_move(&occurrence) {
                    continue;
                }
                let time = self.table.written(&occurrence).time();
                let same = known.get(&time).copied().filter(|at| *at > occurrence.at);
                let Some(at) = same.or_else(|| self.target(&occurrence)) else { continue };
                known.insert(time, at);
                if after < at && at <= until {
                    runs.push(Run { occurrence, at });
                }
            }
        }
        runs
    }

    /// The blackouts from an instant on out of which something may move past `after`. Windows repeat every week: what is not
    /// allowed within eight days after a blackout, and no other follows it, never is.
    fn stretches_before(&self, from: i64, after: i64, until: i64) -> Vec<(i64, i64)> {
        let mut stretches = self.blackout.between(from, until);
        let mut last = i64::MAX;
        for at in (0..stretches.len()).rev() {
            let (_, end) = stretches[at];
            let follows = stretches.get(at + 1).is_some_and(|next| next.0 - end < WEEK_AND_A_DAY);
            last = if follows { last } else { end };
            if last.saturating_add(WEEK_AND_A_DAY) <= after {
                stretches.drain(..=at);
                break;
            }
        }
        stretches
    }
}
