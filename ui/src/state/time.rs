//! Dates and times in words. The wall clock is shown as `Fri 18 Dec 2026, 22:00`, the distance as `in 42 min`.

use crate::browser;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Utc};

pub use mf_domain::duration::minutes;
pub use mf_domain::number::grouped;

const MONTHS: [&str; 12] = [
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

/// The days of a week, which begins on Monday.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn month(day: NaiveDate) -> &'static str {
    MONTHS.get(day.month0() as usize).unwrap_or(&"")
}

fn weekday(day: NaiveDate) -> &'static str {
    WEEKDAYS.get(day.weekday().num_days_from_monday() as usize).unwrap_or(&"")
}

/// `Fri 18`
#[must_use]
pub fn short_day(day: NaiveDate) -> String {
    format!("{} {}", day.weekday(), day.day())
}

/// `Friday, 18 December`
#[must_use]
pub fn long_day(day: NaiveDate) -> String {
    format!("{}, {} {}", weekday(day), day.day(), month(day))
}

/// `December 2026`
#[must_use]
pub fn month_year(day: NaiveDate) -> String {
    format!("{} {}", month(day), day.year())
}

/// An instant on the viewer's wall clock.
#[must_use]
pub fn in_viewer_zone(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc() + Duration::minutes(i64::from(browser::viewer_offset_minutes(at)))
}

/// The instant at which a wall clock reads so; the earlier one where it does twice.
#[must_use]
pub fn instant_of(wall: NaiveDateTime, read: fn(DateTime<Utc>) -> NaiveDateTime) -> DateTime<Utc> {
    let shifted = |at: DateTime<Utc>| wall.and_utc() - (read(at) - at.naive_utc());
    // By the offset of about then, then by that of the instant found.
    shifted(shifted(wall.and_utc()))
}

/// `18 Dec 2026`
#[must_use]
pub fn date(wall: NaiveDateTime) -> String {
    let month = month(wall.date()).get(..3).unwrap_or_default();
    format!("{} {month} {}", wall.day(), wall.year())
}

/// `22:00`
#[must_use]
pub fn clock(wall: NaiveDateTime) -> String {
    format!("{:02}:{:02}", wall.hour(), wall.minute())
}

/// `18 Dec 2026, 22:00`
#[must_use]
pub fn date_clock(wall: NaiveDateTime) -> String {
    format!("{}, {}", date(wall), clock(wall))
}

/// `Fri 18 Dec 2026, 22:00`
#[must_use]
pub fn full(wall: NaiveDateTime) -> String {
    format!("{} {}", wall.weekday(), date_clock(wall))
}

/// `Fri 18 Dec 2026`
#[must_use]
pub fn full_date(wall: NaiveDateTime) -> String {
    format!("{} {}", wall.weekday(), date(wall))
}

/// Reads the wall clock of a previewed run, `2026-12-08T22:00`.
#[must_use]
pub fn parse_wall(text: &str) -> Option<NaiveDateTime> {
    let (day, clock) = text.split_once('T')?;
    let mut parts = clock.split(':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    parse_day(day)?.and_hms_opt(hour, minute, 0)
}

/// Reads a day, `2026-12-08`.
#[must_use]
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// A wall clock beside another one: only the time when both are on the same day.
#[must_use]
pub fn beside(wall: NaiveDateTime, other: NaiveDateTime) -> String {
    if wall.date() == other.date() { clock(wall) } else { format!("{} {}", wall.weekday(), date_clock(wall)) }
}

/// How far an instant is from now: `in 42 min`, `3 h ago`, `just now`.
#[must_use]
pub fn relative(now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let seconds = (at - now).num_seconds();
    let (distance, ahead) = (seconds.unsigned_abs(), seconds > 0);
    let words = match distance {
        0..45 if !ahead || distance < 15 => return "just now".to_owned(),
        0..45 => return "in a moment".to_owned(),
        45..3_570 => format!("{} min", (distance + 30) / 60),
        3_570..84_600 => format!("{} h", (distance + 1_800) / 3_600),
        _ => match (distance + 43_200) / 86_400 {
            1 => "1 day".to_owned(),
            days @ 2..60 => format!("{days} days"),
            days @ 60..700 => format!("{} months", days / 30),
            days => format!("{} years", days / 365),
        },
    };
    if ahead { format!("in {words}") } else { format!("{words} ago") }
}

/// `America/New_York` as a person says it: `New York`.
#[must_use]
pub fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// `1 step`, `6 steps`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn distances_in_words() {
        let words = |seconds| relative(at(0), at(seconds));
        assert_eq!(words(0), "just now");
        // Two clocks, or a clock that moves twice a minute, are a few seconds apart.
        assert_eq!((words(14), words(-14)), ("just now".into(), "just now".into()));
        assert_eq!(words(20), "in a moment");
        assert_eq!(words(42 * 60), "in 42 min");
        assert_eq!(words(-59 * 60 - 40), "1 h ago");
        assert_eq!(words(-3 * 3600), "3 h ago");
        assert_eq!(words(23 * 3600 + 3000), "in 1 day");
        assert_eq!(words(-86_400 * 9), "9 days ago");
        assert_eq!(words(86_400 * 90), "in 3 months");
    }

    #[test]
    fn wall_clocks() {
        let wall = parse_wall("2026-12-18T22:00").unwrap();
        assert_eq!(full(wall), "Fri 18 Dec 2026, 22:00");
        assert_eq!(beside(parse_wall("2026-12-18T16:05").unwrap(), wall), "16:05");
        assert_eq!(beside(parse_wall("2026-12-19T06:00").unwrap(), wall), "Sat 19 Dec 2026, 06:00");
        assert_eq!(parse_wall("2026-13-01T00:00"), None);
        assert_eq!(parse_wall("soon"), None);
        let day = parse_day("2026-12-18").unwrap();
        assert_eq!((short_day(day), month_year(day)), ("Fri 18".into(), "December 2026".into()));
        assert_eq!(long_day(day), "Friday, 18 December");
    }

    #[test]
    fn counts_and_cities() {
        assert_eq!((count(1, "step"), count(12_345, "session")), ("1 step".into(), "12,345 sessions".into()));
        assert_eq!(city("America/New_York"), "New York");
    }
}
