//! Rules that repeat (RRULE), written out on a wall clock that never jumps.
//!
//! A rule walks its periods (days, weeks, months or years), makes the days of each, and picks among them; the time of day is
//! always that of the first. Refused by name: steps shorter than a day, weeks of the year, and other calendars.

use super::work::Work;
use super::{When, horizon, refuse, time};
use crate::Invalid;
use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

impl Every {
    /// At most so many of them are looked at.
    fn days(self) -> u64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Year => 366,
        }
    }
}

/// A weekday, or the nth of a month or a year, from its end when it is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ByDay {
    nth: Option<i32>,
    weekday: Weekday,
}

/// A rule.
#[derive(Clone, Debug)]
pub(super) struct Repeat {
    every: Every,
    interval: u32,
    count: Option<u32>,
    until: Option<NaiveDateTime>,
    months: Vec<u32>,
    month_days: Vec<i32>,
    year_days: Vec<i32>,
    days: Vec<ByDay>,
    positions: Vec<i32>,
    week_start: Weekday,
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

fn by_day(text: &str) -> Option<ByDay> {
    let (nth, name) = text.split_at(text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?);
    let nth = if nth.is_empty() { None } else { Some(number(nth, 53)?) };
    Some(ByDay { nth, weekday: weekday(name)? })
}

/// A number other than 0, at most so far from it.
fn number(text: &str, most: i32) -> Option<i32> {
    text.parse::<i32>().ok().filter(|number| *number != 0 && (-most..=most).contains(number))
}

impl Repeat {
    /// Reads a rule; `see` tells a time on the wall clock of the event's own zone.
    pub(super) fn read(
        text: &str,
        see: impl Fn(&When<'_>) -> Result<NaiveDateTime, Invalid>,
    ) -> Result<Self, Invalid> {
        let mut repeat = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            days: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Mon,
        };
        let mut every = None;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let unreadable =
                || refuse(format!("its rule has “{}”", part.chars().take(60).collect::<String>()));
            let (name, value) = part.split_once('=').ok_or_else(unreadable)?;
            let numbers =
                |most| value.split(',').map(|text| number(text, most)).collect::<Option<Vec<i32>>>();
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => {
                    every = Some(match value.to_ascii_uppercase().as_str() {
                        "DAILY" => Every::Day,
                        "WEEKLY" => Every::Week,
                        "MONTHLY" => Every::Month,
                        "YEARLY" => Every::Year,
                        _ => return Err(unreadable()),
                    });
                }
                "INTERVAL" => {
                    let interval = value.parse().ok().filter(|n| (1..=10_000).contains(n));
                    repeat.interval = interval.ok_or_else(unreadable)?;
                }
                "COUNT" => {
                    repeat.count = Some(value.parse().ok().filter(|n| *n > 0).ok_or_else(unreadable)?);
                }
                "UNTIL" => {
                    let until = time(value, None)?;
                    let last_second = TimeDelta::seconds(86_399);
                    repeat.until = Some(if until.is_date { until.wall + last_second } else { see(&until)? });
                }
                "BYMONTH" => {
                    let months = numbers(12).ok_or_else(unreadable)?;
                    let month = |month: i32| u32::try_from(month).map_err(|_| unreadable());
                    repeat.months = months.into_iter().map(month).collect::<Result<_, _>>()?;
                }
                "BYMONTHDAY" => repeat.month_days = numbers(31).ok_or_else(unreadable)?,
                "BYYEARDAY" => repeat.year_days = numbers(366).ok_or_else(unreadable)?,
                "BYSETPOS" => repeat.positions = numbers(366).ok_or_else(unreadable)?,
                "BYDAY" => {
                    let days = value.split(',').map(by_day).collect::<Option<_>>();
                    repeat.days = days.ok_or_else(unreadable)?;
                }
                "WKST" => repeat.week_start = weekday(value).ok_or_else(unreadable)?,
                _ => return Err(unreadable()),
            }
        }
        repeat.every = every.ok_or_else(|| refuse("its rule does not say how often (FREQ)"))?;
        let nth_of_nothing = matches!(repeat.every, Every::Day | Every::Week)
            && repeat.days.iter().any(|day| day.nth.is_some());
        if nth_of_nothing || (repeat.every != Every::Year && !repeat.year_days.is_empty()) {
            return Err(refuse("its rule does not fit together"));
        }
        Ok(repeat)
    }

    /// When it starts, the first included, up to the last year a schedule can reach.
    pub(super) fn starts(&self, first: NaiveDateTime, work: &Work) -> Result<Vec<NaiveDateTime>, Invalid> {
        let last = self.until.map_or(horizon(), |until| until.min(horizon()));
        let mut starts = Vec::new();
        // It always goes on to the end: what stopped before it would let runs through that the rule names.
        for period in 0_u32.. {
            let Some(begin) = self.period(first.date(), i64::from(period) * i64::from(self.interval)) else {
                break;
            };
            if begin.and_time(first.time()) > last {
                break;
            }
            work.spend(self.every.days())?;
            for day in self.picked(begin, first.date()) {
                let at = day.and_time(first.time());
                if at < first {
                    continue;
                }
                // The first counts, whether the rule would name it or not.
                if starts.is_empty() && at != first {
                    starts.push(first);
                }
                if at > last || self.count.is_some_and(|count| starts.len() >= count as usize) {
                    return Ok(starts);
                }
                starts.push(at);
            }
        }
        Ok(starts)
    }

    /// The first day of the nth period since the first.
    fn period(&self, first: NaiveDate, nth: i64) -> Option<NaiveDate> {
        let months = |months: i64| u32::try_from(months).ok().map(Months::new);
        match self.every {
            Every::Day => first.checked_add_signed(TimeDelta::days(nth)),
            Every::Week => {
                first.week(self.week_start).first_day().checked_add_signed(TimeDelta::days(nth * 7))
            }
            Every::Month => first.with_day(1)?.checked_add_months(months(nth)?),
            Every::Year => first.with_ordinal(1)?.checked_add_months(months(nth * 12)?),
        }
    }

    fn picked(&self, begin: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
        let days = self.days_of(begin, first);
        if self.positions.is_empty() {
            return days;
        }
        let mut picked: Vec<NaiveDate> = self
            .positions
            .iter()
            .filter_map(|position| nth_of(days.len(), *position).and_then(|at| days.get(at)).copied())
            .collect();
        picked.sort_unstable();
        picked.dedup();
        picked
    }

    /// The days of a period that the rule names, in order.
    fn days_of(&self, begin: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
        let length = match self.every {
            Every::Day => 1,
            Every::Week => 7,
            Every::Month => days_in_month(begin),
            Every::Year => {
                if begin.leap_year() {
                    366
                } else {
                    365
                }
            }
        };
        begin.iter_days().take(length as usize).filter(|day| self.names(*day, first)).collect()
    }

    fn names(&self, day: NaiveDate, first: NaiveDate) -> bool {
        let month = self.months.is_empty() || self.months.contains(&day.month());
        let counted = |from_start: u32, length: u32, wanted: &[i32]| {
            let (from_start, length) = (from_start as i32, length as i32);
            wanted.iter().any(|n| *n == from_start || *n == from_start - length - 1)
        };
        let in_month = days_in_month(day);
        let in_year = if day.leap_year() { 366 } else { 365 };
        let by_month_day = self.month_days.is_empty() || counted(day.day(), in_month, &self.month_days);
        let by_year_day = self.year_days.is_empty() || counted(day.ordinal(), in_year, &self.year_days);
        // Within a year, weekdays are counted in their month once a rule names months.
        let (at, of) = if self.every == Every::Year && self.months.is_empty() {
            (day.ordinal(), in_year)
        } else {
            (day.day(), in_month)
        };
        let by_day = self.days.is_empty()
            || self.days.iter().any(|by| {
                let from_start = (at - 1) / 7 + 1;
                let from_end = (of - at) / 7 + 1;
                let nth = by.nth.is_none_or(|n| n == from_start as i32 || n == -(from_end as i32));
                day.weekday() == by.weekday && nth
            });
        let unsaid = self.month_days.is_empty() && self.year_days.is_empty() && self.days.is_empty();
        let as_the_first = match self.every {
            Every::Day => true,
            Every::Week => day.weekday() == first.weekday(),
            Every::Month => day.day() == first.day(),
            Every::Year => {
                day.day() == first.day() && (!self.months.is_empty() || day.month() == first.month())
            }
        };
        month && by_month_day && by_year_day && by_day && (!unsaid || as_the_first)
    }
}

fn nth_of(length: usize, position: i32) -> Option<usize> {
    let distance = usize::try_from(position.unsigned_abs()).ok()?;
    if position > 0 { distance.checked_sub(1) } else { length.checked_sub(distance) }
}

fn days_in_month(day: NaiveDate) -> u32 {
    u32::from(day.num_days_in_month())
}
