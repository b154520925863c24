//! Lengths of time in words: the same on a page and in a report.

use chrono::TimeDelta;

/// A length of time in minutes: `35 min`, `1 h 30 min`.
#[must_use]
pub fn minutes(total: u32) -> String {
    match (total / 60, total % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The time between two instants, in whole minutes, or in seconds below one: `40 s`, `1 h 30 min`. A clock that was set back
/// makes none.
#[must_use]
pub fn between(length: TimeDelta) -> String {
    match length.num_minutes() {
        ..1 => format!("{} s", length.num_seconds().max(0)),
        total => minutes(u32::try_from(total).unwrap_or(u32::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_become_hours() {
        assert_eq!([0, 35, 60, 90, 1_500].map(minutes), ["0 min", "35 min", "1 h", "1 h 30 min", "25 h"]);
    }

    #[test]
    fn what_is_short_has_seconds_and_nothing_is_negative() {
        let words = |seconds| between(TimeDelta::seconds(seconds));
        assert_eq!([-90, 0, 59, 60, 5_430].map(words), ["0 s", "0 s", "59 s", "1 min", "1 h 30 min"]);
    }
}
