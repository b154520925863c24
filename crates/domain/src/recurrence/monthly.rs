//! A weekday counted within a month, and days counted from it: Patch Tuesday plus N, the last Sunday.
//!
//! Cron cannot say either. "Second Wednesday" is not the day after the second Tuesday: in a month that begins with a
//! Wednesday it comes six days before it. Days are counted from the date, so they lead over the end of a month or a year
//! into the next. Deliberately absent: zones (see `timetable`) and a fifth weekday, which some months do not have.

#[cfg(test)]
mod tests;

use crate::Invalid;
#[cfg(feature = "native")]
use chrono::{DateTime, Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most days counted from Patch Tuesday: with 28 one month's run could fall on the day of the next month's.
pub const OFFSET_MAX: u8 = 27;

/// A time of day, in whole minutes; on the wire `22:00`. Midnight by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    /// None past 23:59.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// Reads two digits, a colon and two digits.
    ///
    /// # Errors
    /// [`Invalid`] with the field `time`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let number = |digits: &str| match digits.as_bytes() {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + (ones - b'0')),
            _ => None,
        };
        let read = text.split_once(':').and_then(|(hour, minute)| Self::new(number(hour)?, number(minute)?));
        read.ok_or_else(|| {
            let shown: String = text.chars().take(20).collect();
            Invalid::new("time", format!("“{shown}” is not a time of day from 00:00 to 23:59, such as 22:00"))
        })
    }

    /// 0 to 23.
    #[must_use]
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// 0 to 59.
    #[must_use]
    pub fn minute(self) -> u8 {
        self.minute
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

/// A day of the week; on the wire its English name in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// The week, from Monday on.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// 0 (Sunday) to 6, as in cron.
    #[must_use]
    pub fn number(self) -> u8 {
        (self as u8 + 1) % 7
    }

    /// The English name: `Sunday`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][self as usize]
    }

    /// The weekday so many days later.
    #[must_use]
    pub fn plus(self, days: u8) -> Self {
        Self::ALL[(self as usize + usize::from(days)) % 7]
    }

    /// Reads the English name in lower case.
    ///
    /// # Errors
    /// [`Invalid`] with the field `weekday`.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let is_named = |day: &Self| day.name().to_ascii_lowercase() == name;
        Self::ALL.into_iter().find(is_named).ok_or_else(|| {
            let shown: String = name.chars().take(20).collect();
            Invalid::new("weekday", format!("“{shown}” is not one of monday to sunday"))
        })
    }
}

/// Which of a month's weekdays; on the wire 1 to 4, or -1 for the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "i8")]
pub enum Nth {
    First,
    Second,
    Third,
    Fourth,
    /// The fourth or the fifth, whichever is the last.
    Last,
}

impl Nth {
    /// In the order of a month.
    pub const ALL: [Self; 5] = [Self::First, Self::Second, Self::Third, Self::Fourth, Self::Last];

    /// As a word: `second`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["first", "second", "third", "fourth", "last"][self as usize]
    }

    /// Reads 1 to 4 or -1.
    ///
    /// # Errors
    /// [`Invalid`] with the field `nth`.
    pub fn from_number(number: i64) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|nth| i64::from(i8::from(*nth)) == number).ok_or_else(|| {
            Invalid::new("nth", format!("is {number}; it must be 1 to 4, or -1 for the last of the month"))
        })
    }
}

impl From<Nth> for i8 {
    fn from(nth: Nth) -> Self {
        match nth {
            Nth::First => 1,
            Nth::Second => 2,
            Nth::Third => 3,
            Nth::Fourth => 4,
            Nth::Last => -1,
        }
    }
}

/// Reads how many days after Patch Tuesday.
///
/// # Errors
/// [`Invalid`] with the field `offset_days`.
pub(super) fn offset(days: i64) -> Result<u8, Invalid> {
    u8::try_from(days).ok().filter(|days| *days <= OFFSET_MAX).ok_or_else(|| {
        Invalid::new("offset_days", format!("is {days}; 0 to {OFFSET_MAX} days after the second Tuesday"))
    })
}

/// One day for every month, and the time on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Monthly {
    pub(super) nth: Nth,
    pub(super) weekday: Weekday,
    /// Counted from that weekday, 0 to [`OFFSET_MAX`].
    pub(super) offset_days: u8,
    pub(super) time: TimeOfDay,
}

impl Monthly {
    /// Patch Tuesday, the second Tuesday of a month, and so many days more.
    pub(super) fn patch_tuesday(offset_days: u8, time: TimeOfDay) -> Self {
        Self { nth: Nth::Second, weekday: Weekday::Tuesday, offset_days, time }
    }
}

/// Times are wall-clock seconds since 1970, months are counted from the year 0.
#[cfg(feature = "native")]
impl Monthly {
    /// The first match strictly after a time.
    pub(super) fn next(self, after: i64) -> i64 {
        self.of_month(self.first_month_not_before(after.saturating_add(1)))
    }

    /// The last match strictly before a time.
    pub(super) fn previous(self, before: i64) -> i64 {
        self.of_month(self.first_month_not_before(before) - 1)
    }

    /// How many matches lie in `from..until`.
    pub(super) fn count(self, from: i64, until: i64) -> u64 {
        let months = self.first_month_not_before(until) - self.first_month_not_before(from);
        u64::try_from(months).unwrap_or(0)
    }

    /// Matches come in the order of their months, so a month tells how many there were.
    fn first_month_not_before(self, wall: i64) -> i64 {
        let day = DateTime::from_timestamp(wall, 0).unwrap_or_default();
        let mut month = i64::from(day.year()) * 12 + i64::from(day.month0());
        while self.of_month(month) >= wall {
            month -= 1;
        }
        month + 1
    }

    fn of_month(self, month: i64) -> i64 {
        let first = first_day(month);
        // 1970-01-01 was a Thursday.
        let ahead = (i64::from(self.weekday.number()) - (first + 4)).rem_euclid(7);
        let weeks = match self.nth {
            Nth::Last if first + ahead + 28 < first_day(month + 1) => 4,
            Nth::Last => 3,
            nth => nth as i64,
        };
        let day = first + ahead + weeks * 7 + i64::from(self.offset_days);
        ((day * 24 + i64::from(self.time.hour)) * 60 + i64::from(self.time.minute)) * 60
    }
}

/// Days since 1970 of the first of a month.
#[cfg(feature = "native")]
fn first_day(month: i64) -> i64 {
    let year = i32::try_from(month.div_euclid(12)).unwrap_or_default();
    let of_year = u32::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    i64::from(NaiveDate::from_ymd_opt(year, of_year, 1).unwrap_or_default().to_epoch_days())
}
