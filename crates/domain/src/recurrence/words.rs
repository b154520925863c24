//! A rule in plain English, so that a person sees what they asked for before it runs.
//!
//! Correct first, pretty second: what has no idiom is listed number by number. Deliberately absent:
//! translations, and dates; the next occurrences are shown beside the words.

use super::cron::{CronExpr, DayRule, Numbers};
use super::monthly::{Monthly, Weekday};

/// From January on.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Up to so many times of day are listed; more are described by minute and hour.
const LISTED_TIMES: u32 = 6;

impl CronExpr {
    /// The expression in plain English: `At 22:00 every Friday`.
    #[must_use]
    pub fn describe(&self) -> String {
        let time = times(self.minutes(), self.hours());
        let days = days(self);
        match time {
            Time::At(at) if days.is_empty() => format!("At {at} every day"),
            Time::At(at) => format!("At {at} {days}"),
            Time::Repeating(every) if days.is_empty() => every,
            Time::Repeating(every) => format!("{every}, {days}"),
        }
    }
}

/// "On the second Tuesday of the month plus 3 days (Friday), at 22:00"
pub(super) fn monthly(rule: Monthly) -> String {
    let Monthly { nth, weekday, offset_days, time } = rule;
    let plus = match offset_days {
        0 => String::new(),
        1 => format!(" plus 1 day ({})", weekday.plus(1).name()),
        days => format!(" plus {days} days ({})", weekday.plus(days).name()),
    };
    format!("On the {} {} of the month{plus}, at {time}", nth.name(), weekday.name())
}

/// A zone as a person says it: "New York time", "UTC".
pub(super) fn zone(name: &str) -> String {
    match name.rsplit_once('/') {
        Some(("Etc", offset)) => offset.to_owned(),
        Some((_, city)) => format!("{} time", city.replace('_', " ")),
        None if name.chars().any(char::is_lowercase) => format!("{name} time"),
        None => name.to_owned(),
    }
}

enum Time {
    /// A few times of day, ready for "At …".
    At(String),
    /// A sentence of its own: "Every 15 minutes from 09:00 to 17:45".
    Repeating(String),
}

fn times(minutes: Numbers, hours: Numbers) -> Time {
    if minutes.len() * hours.len() <= LISTED_TIMES {
        let list: Vec<String> = hours
            .iter()
            .flat_map(|hour| minutes.iter().map(move |minute| format!("{hour:02}:{minute:02}")))
            .collect();
        return Time::At(joined(&list, "and"));
    }
    let (first_minute, last_minute) = ends(minutes);
    let (first_hour, last_hour) = ends(hours);
    // Only a step that fits the hour keeps its pace from one hour to the next.
    let pace = stride(minutes, 60).map(|step| match step {
        1 => "Every minute".to_owned(),
        60 => "Every hour".to_owned(),
        _ => format!("Every {step} minutes"),
    });
    let all_hours = hours.len() == 24;
    let in_a_row = u32::from(last_hour - first_hour) + 1 == hours.len();
    let during = format!("from {first_hour:02}:{first_minute:02} to {last_hour:02}:{last_minute:02}");
    Time::Repeating(match pace {
        Some(pace) if all_hours && first_minute == 0 => pace,
        Some(_) if all_hours && minutes.len() == 1 => past_every_hour(first_minute),
        Some(pace) if all_hours => format!("{pace}, starting at minute {first_minute} of the hour"),
        Some(pace) if in_a_row => format!("{pace} {during}"),
        _ if minutes.len() == 1 && stride(hours, 24).is_some() => {
            let step = stride(hours, 24).unwrap_or(1);
            format!("Every {step} hours from {first_hour:02}:{first_minute:02}")
        }
        Some(pace) if minutes.len() > 1 => format!("{pace} {}", of_hours(hours)),
        _ => format!("At {} {}", counted("minute", minutes), of_hours(hours)),
    })
}

fn past_every_hour(minute: u8) -> String {
    let plural = if minute == 1 { "" } else { "s" };
    format!("At {minute} minute{plural} past every hour")
}

fn of_hours(hours: Numbers) -> String {
    if hours.len() == 24 { "of every hour".to_owned() } else { format!("of {}", counted("hour", hours)) }
}

/// The days as they follow a time; empty for every day of the year.
fn days(expression: &CronExpr) -> String {
    let months = expression.months();
    let all_months = months.len() == 12;
    let of_months = if all_months { "every month".to_owned() } else { month_list(months) };
    let in_months = if all_months { String::new() } else { format!(" in {}", month_list(months)) };
    let numbered = format!("on {} of {of_months}", counted("day", expression.days_of_month()));
    let all_days = expression.days_of_month().len() == 31;
    let all_weekdays = expression.weekdays().len() == 7;
    match expression.day_rule() {
        _ if expression.is_every_day() && all_months => String::new(),
        _ if expression.is_every_day() => format!("every day{in_months}"),
        DayRule::Either => format!("{numbered}, and also {}{in_months}", weekly(expression.weekdays())),
        DayRule::Both if all_days => format!("{}{in_months}", weekly(expression.weekdays())),
        DayRule::Both if all_weekdays => numbered,
        DayRule::Both => {
            format!("{numbered}, and only if it is a {}", joined(&weekday_names(expression.weekdays()), "or"))
        }
    }
}

/// "every Friday", "every day from Monday to Friday", "every Monday and Thursday".
fn weekly(weekdays: Numbers) -> String {
    let names = weekday_names(weekdays);
    let in_a_row = names.len() >= 3 && from_monday(weekdays).windows(2).all(|pair| pair[0] + 1 == pair[1]);
    match (names.first(), names.last()) {
        (Some(first), Some(last)) if in_a_row => format!("every day from {first} to {last}"),
        _ => format!("every {}", joined(&names, "and")),
    }
}

/// 1 (Monday) to 7 (Sunday): a week is spoken of from Monday on.
fn from_monday(weekdays: Numbers) -> Vec<u8> {
    let mut order: Vec<u8> = weekdays.iter().map(|weekday| if weekday == 0 { 7 } else { weekday }).collect();
    order.sort_unstable();
    order
}

fn weekday_names(weekdays: Numbers) -> Vec<String> {
    from_monday(weekdays).iter().map(|day| Weekday::ALL[usize::from(day - 1)].name().to_owned()).collect()
}

fn month_list(months: Numbers) -> String {
    let name = |month: u8| MONTHS[usize::from(month.clamp(1, 12)) - 1].to_owned();
    joined(&runs(months, name), "and")
}

/// "day 15", "days 1 to 7 and 15".
fn counted(unit: &str, numbers: Numbers) -> String {
    let plural = if numbers.len() == 1 { "" } else { "s" };
    format!("{unit}{plural} {}", joined(&runs(numbers, |number| number.to_string()), "and"))
}

/// The numbers as words, three or more in a row as one span.
fn runs(numbers: Numbers, name: impl Fn(u8) -> String) -> Vec<String> {
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for number in numbers.iter() {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => spans.push((number, number)),
        }
    }
    let mut words = Vec::new();
    for (first, last) in spans {
        match last - first {
            0 => words.push(name(first)),
            1 => words.extend([name(first), name(last)]),
            _ => words.push(format!("{} to {}", name(first), name(last))),
        }
    }
    words
}

/// The step of a set that repeats evenly through `period`, so that it goes on unbroken in the next one.
fn stride(numbers: Numbers, period: u32) -> Option<u32> {
    let count = numbers.len();
    if count == 0 || !period.is_multiple_of(count) {
        return None;
    }
    let step = period / count;
    let (first, _) = ends(numbers);
    numbers
        .iter()
        .zip(0u32..)
        .all(|(number, at)| u32::from(number) == u32::from(first) + at * step)
        .then_some(step)
}

fn ends(numbers: Numbers) -> (u8, u8) {
    let first = numbers.iter().next().unwrap_or(0);
    (first, numbers.iter().next_back().unwrap_or(first))
}

fn joined(words: &[String], conjunction: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [start @ .., last] => format!("{} {conjunction} {last}", start.join(", ")),
    }
}
