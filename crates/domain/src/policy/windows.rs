//! The hours of the week a schedule may start in.
//!
//! A window is a matter of the wall clock: a run may start while the clock on the wall stands within one, whatever
//! daylight saving does to that clock. Deliberately absent: how long a run may take.

use crate::Invalid;
use crate::recurrence::{TimeOfDay, Weekday};
use serde::{Deserialize, Deserializer, Serialize};

/// Most windows a schedule can have.
pub const WINDOWS_MAX: usize = 50;
#[cfg(feature = "native")]
const DAY: i64 = 86_400;
#[cfg(feature = "native")]
const WEEK: i64 = 7 * DAY;
/// 1970-01-01 was a Thursday: so long after Monday 00:00.
#[cfg(feature = "native")]
const THURSDAY: i64 = 3 * DAY;

/// Hours of some weekdays. Where `to` is not after `from`, the window ends on the next day: 22:00 to 04:00 on Saturday ends
/// on Sunday morning, 00:00 to 00:00 is the whole day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedWindow {
    /// The days it begins on.
    pub weekdays: Vec<Weekday>,
    /// Belongs to the window.
    #[serde(deserialize_with = "time_of_day")]
    pub from: TimeOfDay,
    /// The first minute after it.
    #[serde(deserialize_with = "time_of_day")]
    pub to: TimeOfDay,
}

fn time_of_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeOfDay, D::Error> {
    let text = String::deserialize(deserializer)?;
    TimeOfDay::parse(&text).map_err(|invalid| serde::de::Error::custom(invalid.message))
}

/// Checks windows before they are saved.
///
/// # Errors
/// [`Invalid`] with the field `windows`, or a field below it.
pub fn validate(windows: &[AllowedWindow]) -> Result<(), Invalid> {
    if windows.len() > WINDOWS_MAX {
        return Err(Invalid::new(
            "windows",
            format!("are {}; at most {WINDOWS_MAX} are allowed", windows.len()),
        ));
    }
    for (at, window) in windows.iter().enumerate() {
        let field = format!("windows[{at}].weekdays");
        if window.weekdays.is_empty() {
            return Err(Invalid::new(field, "must name at least one day"));
        }
        for (n, day) in window.weekdays.iter().enumerate() {
            if window.weekdays[..n].contains(day) {
                return Err(Invalid::new(field, format!("names {} twice", day.name())));
            }
        }
    }
    Ok(())
}

/// All windows as stretches of the week, in order and apart from each other.
#[cfg(feature = "native")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Week {
    /// First second, and first second after it, since Monday 00:00.
    open: Vec<(i64, i64)>,
}

#[cfg(feature = "native")]
impl Week {
    pub(super) fn new(windows: &[AllowedWindow]) -> Self {
        let seconds = |time: TimeOfDay| i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60;
        let mut spans = Vec::new();
        for window in windows {
            let length = match seconds(window.to) - seconds(window.from) {
                length if length > 0 => length,
                over_midnight => over_midnight + DAY,
            };
            for day in &window.weekdays {
                let from = *day as i64 * DAY + seconds(window.from);
                spans.push((from, (from + length).min(WEEK)));
                // What reaches beyond Sunday belongs to Monday morning.
                if from + length > WEEK {
                    spans.push((0, from + length - WEEK));
                }
            }
        }
        spans.sort_unstable();
        let mut open: Vec<(i64, i64)> = Vec::new();
        for (from, to) in spans {
            match open.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => open.push((from, to)),
            }
        }
        Self { open }
    }

    /// Whether it is open at a time on the wall, and when that may change next; never, for a week that is all one.
    pub(super) fn at(&self, wall: super::Wall) -> (bool, Option<super::Wall>) {
        let second = (wall + THURSDAY).rem_euclid(WEEK);
        let monday = wall - second;
        if self.open == [(0, WEEK)] {
            return (true, None);
        }
        // The first that ends after this second.
        let after = self.open.partition_point(|(_, to)| *to <= second);
        match (self.open.get(after), self.open.first()) {
            (Some((from, to)), _) if *from <= second => (true, Some(monday + to)),
            (Some((from, _)), _) => (false, Some(monday + from)),
            (None, Some((from, _))) => (false, Some(monday + WEEK + from)),
            (None, None) => (false, None),
        }
    }
}

#[cfg(test)]
#[cfg(feature = "native")]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDateTime, Timelike};

    fn window(days: &[Weekday], from: &str, to: &str) -> AllowedWindow {
        AllowedWindow {
            weekdays: days.to_vec(),
            from: TimeOfDay::parse(from).unwrap(),
            to: TimeOfDay::parse(to).unwrap(),
        }
    }

    fn wall(text: &str) -> i64 {
        text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp()
    }

    #[test]
    fn a_window_over_midnight_ends_on_the_next_day() {
        let week = Week::new(&[window(&[Weekday::Saturday], "22:00", "04:00")]);
        // 2026-12-12 is a Saturday.
        for (time, open, change) in [
            ("2026-12-12T03:00:00", false, "2026-12-12T22:00:00"),
            ("2026-12-12T21:59:59", false, "2026-12-12T22:00:00"),
            ("2026-12-12T22:00:00", true, "2026-12-13T04:00:00"),
            ("2026-12-13T03:59:59", true, "2026-12-13T04:00:00"),
            ("2026-12-13T04:00:00", false, "2026-12-19T22:00:00"),
        ] {
            assert_eq!(week.at(wall(time)), (open, Some(wall(change))), "{time}");
        }
    }

    #[test]
    fn a_window_over_the_end_of_the_week_opens_monday_too() {
        let week = Week::new(&[window(&[Weekday::Sunday], "23:00", "01:00")]);
        assert_eq!(week.at(wall("2026-12-13T23:30:00")), (true, Some(wall("2026-12-14T00:00:00"))));
        assert_eq!(week.at(wall("2026-12-14T00:30:00")), (true, Some(wall("2026-12-14T01:00:00"))));
        assert_eq!(week.at(wall("2026-12-14T01:00:00")), (false, Some(wall("2026-12-20T23:00:00"))));
    }

    #[test]
    fn windows_that_touch_or_overlap_are_one_and_a_full_week_never_changes() {
        let week = Week::new(&[
            window(&[Weekday::Monday], "08:00", "12:00"),
            window(&[Weekday::Monday], "12:00", "14:00"),
            window(&[Weekday::Monday], "13:00", "13:30"),
        ]);
        assert_eq!(week.open, [(8 * 3_600, 14 * 3_600)]);
        let always = Week::new(&[window(&Weekday::ALL, "00:00", "00:00")]);
        assert_eq!(always.at(wall("2026-12-13T23:30:00")), (true, None));
        assert_eq!(Week::new(&[]).at(0), (false, None));
    }

    /// Every quarter of an hour of a week, by a reading of the window that knows nothing of seconds of the week.
    #[test]
    fn membership_agrees_with_a_plain_reading() {
        let windows = [
            window(&[Weekday::Monday, Weekday::Sunday], "20:30", "06:15"),
            window(&[Weekday::Wednesday], "06:00", "07:00"),
            window(&[Weekday::Thursday], "00:00", "00:00"),
        ];
        let week = Week::new(&windows);
        let start = wall("2026-12-07T00:00:00");
        for quarter in 0..7 * 96 {
            let at = start + quarter * 900;
            let local = chrono::DateTime::from_timestamp(at, 0).unwrap().naive_utc();
            let minute = local.hour() * 60 + local.minute();
            let begins =
                |w: &AllowedWindow, day: u32| w.weekdays.iter().any(|d| u32::from(d.number()) == day);
            let today = local.weekday().num_days_from_sunday();
            let open = windows.iter().any(|w| {
                let of = |t: TimeOfDay| u32::from(t.hour()) * 60 + u32::from(t.minute());
                if of(w.from) < of(w.to) {
                    begins(w, today) && (of(w.from)..of(w.to)).contains(&minute)
                } else {
                    (begins(w, today) && minute >= of(w.from))
                        || (begins(w, (today + 6) % 7) && minute < of(w.to))
                }
            });
            assert_eq!(week.at(at).0, open, "{local}");
        }
    }

    #[test]
    fn malformed_windows_are_refused_by_their_field() {
        let sunday = window(&[Weekday::Sunday], "22:00", "04:00");
        assert_eq!(validate(std::slice::from_ref(&sunday)), Ok(()));
        let nowhere = AllowedWindow { weekdays: Vec::new(), ..sunday.clone() };
        let twice = AllowedWindow { weekdays: vec![Weekday::Sunday; 2], ..sunday.clone() };
        for (windows, field) in [
            (vec![sunday.clone(), nowhere], "windows[1].weekdays"),
            (vec![twice], "windows[0].weekdays"),
            (vec![sunday; WINDOWS_MAX + 1], "windows"),
        ] {
            assert_eq!(validate(&windows).unwrap_err().field, field);
        }
        for text in [
            r#"{"weekdays":["sunday"],"from":"24:00","to":"04:00"}"#,
            r#"{"weekdays":["sonntag"],"from":"22:00","to":"04:00"}"#,
            r#"{"weekdays":["sunday"],"from":"22:00"}"#,
            r#"{"weekdays":["sunday"],"from":"22:00","to":"4:00"}"#,
            r#"{"weekdays":["sunday"],"from":"22:00","to":"04:00","zone":"UTC"}"#,
        ] {
            assert!(serde_json::from_str::<AllowedWindow>(text).is_err(), "{text}");
        }
    }
}
