//! What comes next under a rule, for people: the runs that start, and between them what does not, neighbours together.

use super::{HOPS_MAX, MOVE_MAX, Rule, Run, State, Verdict, instant};
use crate::recurrence::{Due, MOMENT};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;

/// How far into a stretch without a start is looked. What begins beyond is another generation's.
const LONGEST: TimeDelta = TimeDelta::days(5 * 366);

/// An occurrence, or neighbours with one fate that do not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    pub due: Due,
    pub verdict: Verdict,
    /// What a change of the clocks makes of it.
    pub remark: Option<String>,
}

impl Coming {
    fn one(run: &Run, verdict: Verdict) -> Self {
        let due = Due { first: run.occurrence, latest: run.occurrence, count: 1 };
        Self { due, verdict, remark: None }
    }

    fn starts(&self) -> bool {
        matches!(self.verdict, Verdict::Runs | Verdict::Moved(_))
    }
}

/// What comes, as far as it was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// In the order in which it is due.
    pub coming: Vec<Coming>,
    /// Up to when was looked, where fewer runs start until then than were asked for and more may follow.
    pub until: Option<DateTime<Utc>>,
}

impl Rule {
    /// What comes after an instant until `starting` runs start; first of all what waits for the day it was moved to. Each
    /// stretch of time is looked at once.
    #[must_use]
    pub fn outlook(&self, after: DateTime<Utc>, starting: usize) -> Outlook {
        let mut coming = Gathered::default();
        coming.extend(self.judged(&self.carried_over(after)));
        let mut cursor = after;
        // A run takes two stretches, its own and one without, where it has a night to itself.
        for _ in 0..HOPS_MAX + 2 * starting {
            if coming.starting >= starting {
                return Outlook { coming: coming.list, until: None };
            }
            let Some(first) = self.table.next_after(cursor) else {
                return Outlook { coming: coming.list, until: None };
            };
            let (state, end) = self.state(first.at.timestamp());
            let end = instant(end - 1);
            let last = end.min(first.at.checked_add_signed(LONGEST).unwrap_or(end));
            match state {
                State::Open => {
                    for run in self.table.previews(cursor, end).take(starting - coming.starting) {
                        cursor = run.occurrence.at;
                        coming.extend([Coming {
                            remark: run.remark,
                            ..Coming::one(&run.occurrence.into(), Verdict::Runs)
                        }]);
                    }
                    continue;
                }
                State::OutsideWindow => coming.extend(self.kept(first.at - MOMENT, last, state)),
                State::Blackout(_) => {
                    // Those longer before the end find no day.
                    let from = (first.at - MOMENT).max(last - TimeDelta::days(MOVE_MAX + 1));
                    let from = if self.moves { from } else { last };
                    coming.extend(self.kept(first.at - MOMENT, from, state));
                    for occurrence in self.table.expand(from, last, usize::MAX) {
                        match self.target(&occurrence) {
                            Some(at) => coming.moving.push(Run { occurrence, at }),
                            None => {
                                coming.settle(self);
                                coming.extend(self.kept(occurrence.at - MOMENT, occurrence.at, state));
                            }
                        }
                    }
                    coming.settle(self);
                }
            }
            cursor = last;
            if last < end {
                break;
            }
        }
        Outlook { coming: coming.list, until: Some(cursor) }
    }

    /// What does not start in `after < at <= until`, all of one stretch.
    fn kept(&self, after: DateTime<Utc>, until: DateTime<Utc>, state: State) -> Option<Coming> {
        let due = self.table.due_between(after, until)?;
        Some(Coming { due, verdict: Verdict::Blocked(self.blocked_by(state)?), remark: None })
    }

    /// Moved occurrences, each with whether it is the one that starts on its instant.
    fn judged(&self, moved: &[Run]) -> Vec<Coming> {
        let starts = moved.iter().map(|run| run.at);
        let Some((first, last)) = starts.clone().min().zip(starts.max()) else { return Vec::new() };
        let standing: HashSet<_> =
            self.runs(first - MOMENT, last).moved.iter().map(|run| run.occurrence.at).collect();
        let verdict = |run: &Run| match standing.contains(&run.occurrence.at) {
            true => Verdict::Moved(run.at),
            false => Verdict::Replaced(run.at),
        };
        moved.iter().map(|run| Coming::one(run, verdict(run))).collect()
    }
}

#[derive(Default)]
struct Gathered {
    list: Vec<Coming>,
    /// How many of the list start.
    starting: usize,
    /// Moved occurrences that are not judged yet.
    moving: Vec<Run>,
}

impl Gathered {
    fn settle(&mut self, rule: &Rule) {
        let moving = std::mem::take(&mut self.moving);
        self.extend(rule.judged(&moving));
    }

    fn extend(&mut self, more: impl IntoIterator<Item = Coming>) {
        for one in more {
            match self.list.last_mut() {
                Some(before) if !one.starts() && before.verdict == one.verdict => {
                    before.due.latest = one.due.latest;
                    before.due.count += one.due.count;
                }
                _ => {
                    self.starting += usize::from(one.starts());
                    self.list.push(one);
                }
            }
        }
    }
}
