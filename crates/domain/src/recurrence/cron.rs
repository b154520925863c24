//! A strict reader of crontab(5) expressions, with cronie 1.7 as the reference where the manual is silent.
//!
//! Our own, because the readers of the usual crates disagree with crontab(5) about Sunday, the two day
//! fields, steps and names (design/scheduling.md lists what each gets wrong), and because a person who
//! mistypes a field should be told which one. Stricter than cronie in one way only: what cronie accepts and
//! then never runs (a reversed range, the 31st of February) is refused. Where cronie reads `x-0` as "up to 7"
//! in every field, here that holds for weekdays alone.
//!
//! Deliberately absent: seconds, years, `?`, `L`, `W`, `#`, `~`, `@reboot`, and any notion of instants and
//! zones.

#[cfg(test)]
mod tests;

use crate::Invalid;
use chrono::{Datelike, NaiveDate};

/// Longest expression, in characters, blanks included.
pub const MAX_CHARACTERS: usize = 100;

/// A sorted set of small numbers (0 to 63): the values of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Numbers(u64);

impl Numbers {
    fn insert(&mut self, number: u8) {
        self.0 |= 1u64.checked_shl(u32::from(number)).unwrap_or(0);
    }

    /// Whether the number is in the set.
    #[must_use]
    pub fn contains(self, number: u32) -> bool {
        1u64.checked_shl(number).is_some_and(|bit| self.0 & bit != 0)
    }

    /// How many numbers the set holds.
    #[must_use]
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether the set holds no number. Never so for a field that was parsed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The numbers, smallest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u8> {
        (0u8..64).filter(move |number| self.contains(u32::from(*number)))
    }

    /// How many numbers of the set are smaller than `number`.
    #[must_use]
    pub fn count_below(self, number: u32) -> u32 {
        match 1u64.checked_shl(number) {
            Some(bit) => (self.0 & (bit - 1)).count_ones(),
            None => self.len(),
        }
    }
}

/// How the two day fields make a day, after crontab(5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayRule {
    /// One of the fields begins with `*`: a day must match both.
    Both,
    /// Neither begins with `*`: a day that matches one of them is enough.
    Either,
}

/// An expression that was read: for each field the numbers it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CronExpr {
    minutes: Numbers,
    hours: Numbers,
    days_of_month: Numbers,
    months: Numbers,
    weekdays: Numbers,
    day_rule: DayRule,
    fixed: bool,
}

impl CronExpr {
    /// Reads five fields separated by blanks, or a macro. Macros are lower case, as in cronie, which compares
    /// them with `strcmp`; names of months and weekdays are not, as there (`strcasecmp`).
    ///
    /// # Errors
    /// [`Invalid`] with the field `expression` and a message that begins with the field of the expression,
    /// for example `minute: 60 is out of range, 0 to 59`.
    pub fn parse(expression: &str) -> Result<Self, Invalid> {
        if expression.chars().nth(MAX_CHARACTERS).is_some() {
            return Err(invalid(format!("longer than {MAX_CHARACTERS} characters")));
        }
        let text = expression.trim_matches(BLANKS);
        let text = if text.starts_with('@') { expand_macro(text)? } else { text };
        let fields: Vec<&str> = text.split(BLANKS).filter(|field| !field.is_empty()).collect();
        let [minute, hour, day_of_month, month, weekday] = fields[..] else {
            return Err(wrong_count(fields.len()));
        };
        let minutes = MINUTE.read(minute)?;
        let hours = HOUR.read(hour)?;
        let days_of_month = DAY_OF_MONTH.read(day_of_month)?;
        let months = MONTH.read(month)?;
        let weekdays = WEEKDAY.read(weekday)?;
        let day_rule = if day_of_month.starts_with('*') || weekday.starts_with('*') {
            DayRule::Both
        } else {
            DayRule::Either
        };
        let fixed = !minute.starts_with('*') && !hour.starts_with('*');
        let parsed = Self { minutes, hours, days_of_month, months, weekdays, day_rule, fixed };
        parsed.can_come()?;
        Ok(parsed)
    }

    /// Minutes of the hour, 0 to 59.
    #[must_use]
    pub fn minutes(&self) -> Numbers {
        self.minutes
    }

    /// Hours of the day, 0 to 23.
    #[must_use]
    pub fn hours(&self) -> Numbers {
        self.hours
    }

    /// Days of the month, 1 to 31.
    #[must_use]
    pub fn days_of_month(&self) -> Numbers {
        self.days_of_month
    }

    /// Months, 1 to 12.
    #[must_use]
    pub fn months(&self) -> Numbers {
        self.months
    }

    /// Days of the week, 0 (Sunday) to 6.
    #[must_use]
    pub fn weekdays(&self) -> Numbers {
        self.weekdays
    }

    /// How the day of the month and the weekday make a day.
    #[must_use]
    pub fn day_rule(&self) -> DayRule {
        self.day_rule
    }

    /// Whether the job runs at a fixed time of day (neither minute nor hour begins with `*`), which is what
    /// decides how daylight saving treats it.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.fixed
    }

    /// Whether every day of the chosen months matches.
    #[must_use]
    pub fn is_every_day(&self) -> bool {
        let all_days = self.days_of_month.len() == 31;
        let all_weekdays = self.weekdays.len() == 7;
        match self.day_rule {
            DayRule::Both => all_days && all_weekdays,
            DayRule::Either => all_days || all_weekdays,
        }
    }

    /// Whether the job runs on this day at all.
    #[must_use]
    pub fn matches_day(&self, day: NaiveDate) -> bool {
        if !self.months.contains(day.month()) {
            return false;
        }
        let by_number = self.days_of_month.contains(day.day());
        let by_weekday = self.weekdays.contains(day.weekday().num_days_from_sunday());
        match self.day_rule {
            DayRule::Both => by_number && by_weekday,
            DayRule::Either => by_number || by_weekday,
        }
    }

    /// A date that no year has can only be a mistake; better said when saving than never run.
    fn can_come(&self) -> Result<(), Invalid> {
        let longest = |month| match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let smallest = self.days_of_month.iter().next().unwrap_or(1);
        if self.day_rule == DayRule::Either || self.months.iter().any(|month| smallest <= longest(month)) {
            return Ok(());
        }
        Err(invalid(format!("day of month: day {smallest} never comes in the chosen months")))
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

fn invalid(message: impl Into<String>) -> Invalid {
    Invalid::new("expression", message)
}

fn wrong_count(found: usize) -> Invalid {
    const FIVE: &str = "five fields are needed: minute, hour, day of month, month, weekday";
    invalid(match found {
        0 => format!("empty; {FIVE}"),
        6 | 7 => format!("{FIVE}; this has {found}, and seconds and years are not part of crontab"),
        _ => format!("{FIVE}; this has {found}"),
    })
}

fn expand_macro(text: &str) -> Result<&'static str, Invalid> {
    const KNOWN: &str = "@yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly";
    Ok(match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        "@reboot" => {
            return Err(invalid("@reboot has no time to run at; use one of the times of day or week"));
        }
        _ => return Err(invalid(format!("unknown macro; known, in lower case: {KNOWN}"))),
    })
}

/// What a field may hold.
struct FieldKind {
    /// As a message names it.
    name: &'static str,
    low: u8,
    high: u8,
    /// Names of the numbers from `low` on.
    names: &'static [&'static str],
}

const MINUTE: FieldKind = FieldKind { name: "minute", low: 0, high: 59, names: &[] };
const HOUR: FieldKind = FieldKind { name: "hour", low: 0, high: 23, names: &[] };
const DAY_OF_MONTH: FieldKind = FieldKind { name: "day of month", low: 1, high: 31, names: &[] };
const MONTH: FieldKind = FieldKind {
    name: "month",
    low: 1,
    high: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
/// 7 is Sunday too, so that a range can end with it.
const WEEKDAY: FieldKind =
    FieldKind { name: "weekday", low: 0, high: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };
const SUNDAY_AT_THE_END: u8 = 7;

impl FieldKind {
    fn is_weekday(&self) -> bool {
        self.high == SUNDAY_AT_THE_END
    }

    fn wrong(&self, message: impl std::fmt::Display) -> Invalid {
        invalid(format!("{}: {message}", self.name))
    }

    fn read(&self, field: &str) -> Result<Numbers, Invalid> {
        let mut numbers = Numbers::default();
        for item in field.split(',') {
            if item.is_empty() {
                return Err(self.wrong("a comma without a value beside it"));
            }
            let (span, step) = match item.split_once('/') {
                Some((span, step)) => (span, Some(self.step(step)?)),
                None => (item, None),
            };
            let (first, last) = self.span(span, step.is_some())?;
            for number in (first..=last).step_by(step.unwrap_or(1)) {
                let sunday = self.is_weekday() && number == SUNDAY_AT_THE_END;
                numbers.insert(if sunday { 0 } else { number });
            }
        }
        Ok(numbers)
    }

    /// First and last number of `*`, `a-b` or `a`.
    fn span(&self, span: &str, stepped: bool) -> Result<(u8, u8), Invalid> {
        if span == "*" {
            return Ok((self.low, self.high));
        }
        let Some((first, last)) = span.split_once('-') else {
            let number = self.number(span)?;
            if stepped {
                return Err(self.wrong(format!("a step needs * or a range before it, not the single {span}")));
            }
            return Ok((number, number));
        };
        let (first, mut last_number) = (self.number(first)?, self.number(last)?);
        if self.is_weekday() && last_number == 0 && first > 0 {
            last_number = SUNDAY_AT_THE_END;
        }
        if first > last_number {
            return Err(self.wrong(format!("the range {span} runs backwards")));
        }
        Ok((first, last_number))
    }

    fn number(&self, text: &str) -> Result<u8, Invalid> {
        if text.is_empty() {
            return Err(self.wrong("a number is missing"));
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            // A number too long for any type is out of range as well.
            return match text.parse::<u8>() {
                Ok(number) if (self.low..=self.high).contains(&number) => Ok(number),
                _ => Err(self.wrong(format!("{text} is out of range, {} to {}", self.low, self.high))),
            };
        }
        match (self.low..).zip(self.names).find(|(_, name)| name.eq_ignore_ascii_case(text)) {
            Some((number, _)) => Ok(number),
            None if self.names.is_empty() => Err(self.wrong(format!("“{text}” is not a number"))),
            None => {
                Err(self.wrong(format!("“{text}” is neither a number nor a name such as {}", self.names[1])))
            }
        }
    }

    fn step(&self, text: &str) -> Result<usize, Invalid> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong(format!("the step “{text}” is not a number")));
        }
        match text.parse::<u16>() {
            Ok(0) => Err(self.wrong("a step of 0 never gets anywhere")),
            Ok(step) => Ok(usize::from(step)),
            Err(_) => Err(self.wrong(format!("the step {text} is out of range"))),
        }
    }
}
