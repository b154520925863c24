//! A recurrence, the hours it may start in and the dates it must not: the one function behind preview, agenda and firing.
//!
//! Time is looked at stretch by stretch: from an instant to the next one at which a window opens or closes, a blackout
//! begins or ends, or the zone changes its offset. Within a stretch occurrences are counted, not listed, and a stretch
//! without an occurrence is not looked at; so two weeks of every minute are a few dozen steps, and years of blackout one.
//! A blackout goes before a window. Deliberately absent: grace, and a clock.
//!
//! Moving is for schedules that come due at most 24 times a day; a denser one skips. An occurrence moves at most
//! [`MOVE_MAX`] days; where no day until then allows its time of day, it is blacked out for good. So is one that its windows
//! would have kept from running on its own day: a blackout never makes a run start.

mod closed;
mod moving;
mod outlook;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use closed::Blackout;
pub use outlook::{Coming, Outlook};

use super::OnBlackout;
use super::windows::{AllowedWindow, Week};
use crate::recurrence::{Due, MOMENT, Occurrence, Timetable, Zone};
use chrono::{DateTime, TimeDelta, Utc};
use std::cmp::Reverse;
use std::sync::Arc;

/// Most days an occurrence moves.
pub const MOVE_MAX: i64 = 92;
/// Most occurrences a day of a schedule that moves.
const MOVES_A_DAY: u64 = 24;
/// Stretches without a run that are looked at for the next one: years of nightly windows.
const HOPS_MAX: usize = 1_500;

/// An occurrence, and when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub occurrence: Occurrence,
    /// When the occurrence is due, unless it was moved.
    pub at: DateTime<Utc>,
}

impl Run {
    /// Whether it starts at another time than its own.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.at != self.occurrence.at
    }
}

impl From<Occurrence> for Run {
    fn from(occurrence: Occurrence) -> Self {
        Self { occurrence, at: occurrence.at }
    }
}

/// What keeps an occurrence from starting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    OutsideWindow,
    /// The name of the calendar, and of the entry if it has one.
    Blackout(String),
}

/// Neighbouring occurrences with one fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub due: Due,
    /// `None`: they run.
    pub blocked: Option<Blocked>,
}

/// What becomes of one occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Runs,
    /// It starts at this instant instead.
    Moved(DateTime<Utc>),
    /// It would start at this instant instead, but a later occurrence does and stands for it.
    Replaced(DateTime<Utc>),
    Blocked(Blocked),
}

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Run(Run),
    Never(Never),
}

impl Next {
    /// The run, if there is one.
    #[must_use]
    pub fn run(self) -> Option<Run> {
        match self {
            Self::Run(run) => Some(run),
            Self::Never(_) => None,
        }
    }
}

/// Why there is no next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {
    /// The recurrence does not come due any more.
    Ended,
    /// Every occurrence lies outside the windows.
    OutsideWindows,
    /// Every occurrence lies in a blackout, or outside the windows.
    BlackedOut,
    /// None starts up to this instant. What comes later was not looked at.
    NotUntil(DateTime<Utc>),
}

/// Runs of a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// At their own time.
    pub regular: Vec<Due>,
    /// At another time, in order of it.
    pub moved: Vec<Run>,
    /// Moved onto the instant of a later occurrence, which stands for them.
    pub replaced: Vec<Run>,
}

impl Runs {
    /// The one that starts last.
    #[must_use]
    pub fn latest(&self) -> Option<Run> {
        let regular = self.regular.last().map(|due| Run::from(due.latest));
        regular.into_iter().chain(self.moved.last().copied()).max_by_key(|run| run.at)
    }

    /// How many start.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.regular.iter().map(|due| due.count).sum::<u64>() + self.moved.len() as u64
    }
}

/// What an instant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    OutsideWindow,
    Blackout(usize),
}

/// When a schedule runs.
#[derive(Clone, Debug)]
pub struct Rule {
    table: Timetable,
    zone: Zone,
    /// `None`: at any hour.
    week: Option<Week>,
    blackout: Arc<Blackout>,
    moves: bool,
    /// Occurrences up to this instant were dealt with under another rule, and do not move.
    since: DateTime<Utc>,
}

impl Rule {
    /// A schedule in force since an instant; what was due up to then is none of its business. No windows: any hour.
    #[must_use]
    pub fn new(
        table: Timetable,
        zone: Zone,
        windows: &[AllowedWindow],
        blackout: Arc<Blackout>,
        on_blackout: OnBlackout,
        since: DateTime<Utc>,
    ) -> Self {
        let moves = on_blackout == OnBlackout::Move && !blackout.is_empty() && is_sparse(&table);
        let week = (!windows.is_empty()).then(|| Week::new(windows));
        Self { table, zone, week, blackout, moves, since }
    }

    /// The recurrence by itself.
    #[must_use]
    pub fn table(&self) -> &Timetable {
        &self.table
    }

    /// What would keep a run from starting at an instant.
    #[must_use]
    pub fn blocks(&self, at: DateTime<Utc>) -> Option<Blocked> {
        self.blocked_by(self.state(at.timestamp()).0)
    }

    /// The next run strictly after an instant.
    #[must_use]
    pub fn next_after(&self, after: DateTime<Utc>) -> Next {
        let mut best = self.carried_over(after).into_iter().min_by_key(by_start);
        let mut never = Never::Ended;
        let mut cursor = after;
        for _ in 0..HOPS_MAX {
            let Some(occurrence) = self.table.next_after(cursor) else {
                return best.map_or(Next::Never(never), Next::Run);
            };
            if let Some(best) = best.filter(|best| best.at < occurrence.at) {
                return Next::Run(best);
            }
            let (state, end) = self.state(occurrence.at.timestamp());
            match state {
                State::Open => return Next::Run(occurrence.into()),
                State::OutsideWindow if never == Never::Ended => never = Never::OutsideWindows,
                State::OutsideWindow => {}
                State::Blackout(_) => {
                    never = Never::BlackedOut;
                    let moved = self.moved_out_of(occurrence, end);
                    best = best.into_iter().chain(moved).min_by_key(by_start);
                }
            }
            cursor = instant(end - 1);
        }
        // Weeks repeat: what years of them do not allow, none does.
        let never = if never == Never::OutsideWindows { never } else { Never::NotUntil(cursor) };
        best.map_or(Next::Never(never), Next::Run)
    }

    /// The runs that start in `after < at <= until`.
    #[must_use]
    pub fn runs(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Runs {
        let open = |part: Part| part.blocked.is_none().then_some(part.due);
        let regular = self.parts(after, until).into_iter().filter_map(open).collect();
        let mut runs = Runs { regular, ..Runs::default() };
        let mut moved = self.moved(after, until);
        moved.sort_by_key(by_start);
        let mut taken = None;
        for run in moved {
            let replaced = taken == Some(run.at) || self.is_due_at(run.at);
            taken = Some(run.at);
            if replaced { &mut runs.replaced } else { &mut runs.moved }.push(run);
        }
        runs
    }

    /// What does not run of the occurrences in `after < at <= until`, by what blocks them. Those that move are left out.
    #[must_use]
    pub fn blocked(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(Blocked, Due)> {
        let mut blocked = Vec::new();
        for part in self.parts(after, until) {
            match part.blocked {
                None => {}
                Some(Blocked::Blackout(name)) if self.moves => {
                    let (from, to) = (part.due.first.at - MOMENT, part.due.latest.at);
                    for occurrence in self.table.expand(from, to, usize::MAX) {
                        if self.target(&occurrence).is_none() {
                            let due = Due { first: occurrence, latest: occurrence, count: 1 };
                            blocked.push((Blocked::Blackout(name.clone()), due));
                        }
                    }
                }
                Some(by) => blocked.push((by, part.due)),
            }
        }
        blocked
    }

    /// The occurrences in `after < at <= until`, neighbours with one fate together.
    #[must_use]
    pub fn parts(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Part> {
        let mut parts: Vec<(State, Due)> = Vec::new();
        let mut cursor = after;
        while let Some(first) = self.table.next_after(cursor).filter(|first| first.at <= until) {
            let (state, end) = self.state(first.at.timestamp());
            cursor = until.min(instant(end - 1));
            let Some(due) = self.table.due_between(first.at - MOMENT, cursor) else { break };
            match parts.last_mut() {
                Some((before, part)) if *before == state => {
                    part.latest = due.latest;
                    part.count += due.count;
                }
                _ => parts.push((state, due)),
            }
        }
        parts.into_iter().map(|(state, due)| Part { due, blocked: self.blocked_by(state) }).collect()
    }

    /// Runs that wait: due up to an instant, and moved past it.
    #[must_use]
    pub fn carried_over(&self, now: DateTime<Utc>) -> Vec<Run> {
        let last = now.checked_add_signed(TimeDelta::days(MOVE_MAX + 2)).unwrap_or(now);
        let mut carried = self.moved(now, last);
        carried.retain(|run| run.occurrence.at <= now);
        carried
    }

    /// What an instant is, and the first second from which on it may be something else.
    fn state(&self, at: i64) -> (State, i64) {
        if self.week.is_none() && self.blackout.is_empty() {
            return (State::Open, i64::MAX);
        }
        let stretch = self.zone.stretch_at(at);
        let wall = at + stretch.offset;
        let (by_wall, wall_change) = self.blackout.on_wall(wall);
        let (by_instant, instant_change) = self.blackout.at(at);
        let (open, week_change) = self.week.as_ref().map_or((true, None), |week| week.at(wall));
        let wall_change = wall_change.into_iter().chain(week_change).map(|change| change - stretch.offset);
        let until = wall_change.chain(instant_change).chain(stretch.end).min().unwrap_or(i64::MAX);
        let state = match by_instant.or(by_wall) {
            Some(name) => State::Blackout(name),
            None if open => State::Open,
            None => State::OutsideWindow,
        };
        (state, until)
    }

    fn blocked_by(&self, state: State) -> Option<Blocked> {
        match state {
            State::Open => None,
            State::OutsideWindow => Some(Blocked::OutsideWindow),
            State::Blackout(name) => Some(Blocked::Blackout(self.blackout.name(name).to_owned())),
        }
    }

    fn is_due_at(&self, at: DateTime<Utc>) -> bool {
        self.table.next_after(at - MOMENT).is_some_and(|occurrence| occurrence.at == at)
    }
}

/// The order in which moved runs start: of those that start together the latest occurrence comes first, and stands for the
/// others.
fn by_start(run: &Run) -> (DateTime<Utc>, Reverse<DateTime<Utc>>) {
    (run.at, Reverse(run.occurrence.at))
}

/// Whether a schedule comes due seldom enough to be moved: a question of its times of day alone, and so answered alike today
/// and tomorrow.
#[must_use]
pub fn is_sparse(table: &Timetable) -> bool {
    table.times_a_day() <= MOVES_A_DAY
}

/// Beyond what a schedule can reach, the last instant it can.
fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
