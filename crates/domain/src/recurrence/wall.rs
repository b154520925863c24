//! Matches of a rule on a wall clock that never jumps.
//!
//! Days of a month are counted by `monthly`. For expressions the `cron` crate is used as a stepper over wall-clock time disguised as UTC. It is fed explicit numbers
//! from our own parser, and never a real zone: there it skips gaps and returns times in the past
//! (design/scheduling.md). It counts Sunday as 1, needs a seconds field and always wants both day fields to
//! match, so the either-day rule becomes two schedules of which the nearer match wins. Deliberately absent:
//! zones; see `timetable`.
//!
//! All times here are wall-clock seconds since 1970-01-01T00:00 as the clock shows it.

use super::cron::{CronExpr, DayRule, Numbers};
use super::monthly::Monthly;
use super::{Rule, words};
use crate::Invalid;
use chrono::{DateTime, NaiveDate, Utc};
use std::fmt::Write;
use std::str::FromStr;

const MINUTE: i64 = 60;
pub(super) const DAY: i64 = 86_400;

/// First second the stepper knows, 1970-01-01T00:00, and the first it does not, 2101-01-01T00:00.
pub(super) const FIRST: i64 = 0;
pub(super) const END: i64 = 4_133_980_800;

/// A rule, ready to be stepped through.
#[derive(Clone, Debug)]
pub(super) enum WallClock {
    Cron(Box<CronClock>),
    Monthly(Monthly),
}

impl WallClock {
    pub(super) fn new(rule: Rule) -> Result<Self, Invalid> {
        Ok(match rule {
            Rule::Cron(expression) => Self::Cron(Box::new(CronClock::new(expression)?)),
            Rule::Monthly(monthly) => Self::Monthly(monthly),
        })
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Cron(cron) => cron.expression.describe(),
            Self::Monthly(monthly) => words::monthly(*monthly),
        }
    }

    /// Whether the job runs at fixed times of day, which is what decides how daylight saving treats it.
    pub(super) fn is_fixed(&self) -> bool {
        match self {
            Self::Cron(cron) => cron.expression.is_fixed(),
            Self::Monthly(_) => true,
        }
    }

    /// At how many times of a day it comes due, on the days it does.
    pub(super) fn times_a_day(&self) -> u64 {
        match self {
            Self::Cron(cron) => cron.times_a_day(),
            Self::Monthly(_) => 1,
        }
    }

    /// The first match strictly after a time; none past the year 2100.
    pub(super) fn next(&self, after: i64) -> Option<i64> {
        if after >= END {
            return None;
        }
        let after = after.max(FIRST - 1);
        match self {
            Self::Cron(cron) => cron.next(after),
            Self::Monthly(monthly) => Some(monthly.next(after)).filter(|at| *at < END),
        }
    }

    /// The last match strictly before a time; none before 1970.
    pub(super) fn previous(&self, before: i64) -> Option<i64> {
        if before <= FIRST {
            return None;
        }
        let before = before.min(END);
        match self {
            Self::Cron(cron) => cron.previous(before),
            Self::Monthly(monthly) => Some(monthly.previous(before)).filter(|at| *at >= FIRST),
        }
    }

    /// How many matches lie in `from..until`.
    pub(super) fn count(&self, from: i64, until: i64) -> u64 {
        let (from, until) = (from.clamp(FIRST, END), until.clamp(FIRST, END));
        if from >= until {
            return 0;
        }
        match self {
            Self::Cron(cron) => cron.count(from, until),
            Self::Monthly(monthly) => monthly.count(from, until),
        }
    }

    /// Whether there is a match in `from..until`.
    pub(super) fn any(&self, from: i64, until: i64) -> bool {
        self.count(from, until) > 0
    }
}

#[derive(Clone, Debug)]
pub(super) struct CronClock {
    expression: CronExpr,
    stepper: ::cron::Schedule,
    /// The weekday half of the either-day rule.
    weekday_stepper: Option<::cron::Schedule>,
}

impl CronClock {
    fn new(expression: CronExpr) -> Result<Self, Invalid> {
        let (numbered, weekdays) = (expression.days_of_month(), expression.weekdays());
        let every_day = expression.is_every_day();
        let (stepper, weekday_stepper) = match expression.day_rule() {
            _ if every_day => (compiled(&expression, None, None)?, None),
            DayRule::Both => (compiled(&expression, Some(numbered), Some(weekdays))?, None),
            DayRule::Either => (
                compiled(&expression, Some(numbered), None)?,
                Some(compiled(&expression, None, Some(weekdays))?),
            ),
        };
        Ok(Self { expression, stepper, weekday_stepper })
    }

    fn next(&self, after: i64) -> Option<i64> {
        let after = disguised(after)?;
        let step = |schedule: &::cron::Schedule| schedule.after(&after).next().map(|at| at.timestamp());
        let by_weekday = self.weekday_stepper.as_ref().and_then(step);
        step(&self.stepper).into_iter().chain(by_weekday).min()
    }

    fn previous(&self, before: i64) -> Option<i64> {
        let before = disguised(before)?;
        let step = |schedule: &::cron::Schedule| schedule.after(&before).next_back().map(|at| at.timestamp());
        let by_weekday = self.weekday_stepper.as_ref().and_then(step);
        step(&self.stepper).into_iter().chain(by_weekday).max()
    }

    fn times_a_day(&self) -> u64 {
        u64::from(self.expression.hours().len() * self.expression.minutes().len())
    }

    /// Whole days are multiplied, not stepped through.
    fn count(&self, from: i64, until: i64) -> u64 {
        let (first_day, last_day) = (from.div_euclid(DAY), until.div_euclid(DAY));
        let whole = self.matching_days(first_day, last_day) * self.times_a_day();
        whole + self.count_on(last_day, until.rem_euclid(DAY))
            - self.count_on(first_day, from.rem_euclid(DAY))
    }

    /// Matches on a day (since 1970) before a second of that day.
    fn count_on(&self, day: i64, second: i64) -> u64 {
        if self.matching_days(day, day + 1) == 0 {
            return 0;
        }
        let minute = u32::try_from((second + MINUTE - 1) / MINUTE).unwrap_or(0);
        let (hours, minutes) = (self.expression.hours(), self.expression.minutes());
        let (hour, minute) = (minute / 60, minute % 60);
        let in_this_hour = if hours.contains(hour) { minutes.count_below(minute) } else { 0 };
        u64::from(hours.count_below(hour) * minutes.len() + in_this_hour)
    }

    /// Matching days in `first..end`, as days since 1970.
    fn matching_days(&self, first: i64, end: i64) -> u64 {
        if self.expression.is_every_day() && self.expression.months().len() == 12 {
            return u64::try_from(end - first).unwrap_or(0);
        }
        let from_1970 = |day| i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
        let days = (first..end).filter_map(from_1970).filter(|day| self.expression.matches_day(*day));
        days.map(|_| 1).sum()
    }
}

fn disguised(wall: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(wall, 0)
}

/// Numbers as the crate reads them; `*` for all of them, which it reads fastest.
fn compiled(
    expression: &CronExpr,
    days_of_month: Option<Numbers>,
    weekdays: Option<Numbers>,
) -> Result<::cron::Schedule, Invalid> {
    let mut text = String::with_capacity(64);
    text.push('0');
    list(&mut text, Some(expression.minutes()), 60, 0);
    list(&mut text, Some(expression.hours()), 24, 0);
    list(&mut text, days_of_month, 31, 0);
    list(&mut text, Some(expression.months()), 12, 0);
    list(&mut text, weekdays, 7, 1);
    // Every list is non-empty and in range, so this is never refused.
    ::cron::Schedule::from_str(&text).map_err(|refusal| Invalid::new("expression", refusal.to_string()))
}

fn list(text: &mut String, numbers: Option<Numbers>, all: u32, shift: u8) {
    let Some(numbers) = numbers.filter(|numbers| numbers.len() < all) else {
        text.push_str(" *");
        return;
    };
    for (at, number) in numbers.iter().enumerate() {
        let separator = if at == 0 { ' ' } else { ',' };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}{}", number + shift);
    }
}
