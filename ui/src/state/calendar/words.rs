//! A day in words, and how much of it a cell has room for.

use super::day::{Day, What};
use crate::state::agenda::Wall;
use crate::state::time::{self, WEEKDAYS};
use chrono::{Datelike, NaiveDate, NaiveTime};
use mf_contract::agenda::{UpcomingBlackout, UpcomingWindow};

/// `Blackout, Year end: Christmas, all day`; `Blackout, Year end, 18:00 – 20:00`.
#[must_use]
pub fn blackout_words(blackout: &UpcomingBlackout, date: NaiveDate, wall: Wall) -> String {
    let (from, to) = (wall(blackout.from), wall(blackout.to));
    let begins = from <= date.and_time(NaiveTime::MIN);
    let ends = to.date() > date;
    let hours = match (begins, ends) {
        (true, true) => "all day".to_owned(),
        (true, false) => format!("until {}", time::clock(to)),
        (false, true) => format!("from {}", time::clock(from)),
        (false, false) => format!("{} – {}", time::clock(from), time::clock(to)),
    };
    format!("Blackout, {}, {hours}", blackout.name)
}

/// When the hours of a day in which schedules may start runs begin and end: `22:00 – 04:00`, `until 04:00`, `all day`,
/// `18:00 – Mon 06:00`.
#[must_use]
pub fn window_hours(window: &UpcomingWindow, date: NaiveDate, wall: Wall) -> String {
    let (from, to) = (wall(window.from), wall(window.to));
    let next = date.succ_opt().unwrap_or(date);
    let begins = from <= date.and_time(NaiveTime::MIN);
    let (opens, closes) = (time::clock(from), time::clock(to));
    if begins {
        return if to.date() > date { "all day".to_owned() } else { format!("until {closes}") };
    }
    // The next time the clock shows that hour is meant where nothing else is said.
    if to.date() > next || (to.date() == next && to.time() > from.time()) {
        let day = WEEKDAYS.get(to.weekday().num_days_from_monday() as usize).and_then(|name| name.get(..3));
        return format!("{opens} – {} {closes}", day.unwrap_or_default());
    }
    format!("{opens} – {closes}")
}

/// Whose hours they are: `Certificates, Patch`, `Certificates, Patch, Watch and 9 more`.
#[must_use]
pub fn window_names(window: &UpcomingWindow) -> String {
    let names = window.flow_names.join(", ");
    match (window.schedules as usize).saturating_sub(window.flow_names.len()) {
        0 => names,
        more if names.is_empty() => time::count(more, "schedule"),
        more => format!("{names} and {} more", time::grouped(more)),
    }
}

/// What stands on a day, in words: `2 planned, 1 batch, 30 missed`.
#[must_use]
pub fn summary(day: &Day<'_>) -> String {
    let (planned, mut batches, mut missed) = (day.planned(), 0, 0);
    for entry in &day.entries {
        match entry.what {
            What::Run(_) => {}
            What::Batch(_) => batches += 1,
            What::Missed(one) => missed += one.count as usize,
        }
    }
    let some = |number: usize, words: String| (number > 0).then_some(words);
    let parts = [
        some(planned, format!("{} planned", time::grouped(planned))),
        some(batches, if batches == 1 { "1 batch".to_owned() } else { format!("{batches} batches") }),
        some(missed, format!("{} missed", time::grouped(missed))),
    ];
    let mut parts: Vec<String> = parts.into_iter().flatten().collect();
    if day.is_cut {
        parts.push("not everything that ran is shown".to_owned());
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// Height of the line with the number of a day, and of an entry, in pixels.
const HEAD: u32 = 30;
const LINE: u32 = 22;

/// How many entries of a day are shown in a cell of some height, and how many are not.
#[must_use]
pub fn fitting(entries: usize, height: u32) -> (usize, usize) {
    let lines = (height.saturating_sub(HEAD) / LINE).max(1) as usize;
    if entries <= lines {
        return (entries, 0);
    }
    // The last line says how many more there are.
    let shown = lines - 1;
    (shown, entries - shown)
}

/// `3 more`, or all of them where there is room for none.
#[must_use]
pub fn rest(shown: usize, more: usize) -> String {
    if shown == 0 { format!("{more} entries") } else { format!("{more} more") }
}

#[cfg(test)]
mod tests {
    use super::super::super::agenda::tests::{at, berlin};
    use super::*;

    #[test]
    fn a_cell_shows_what_fits_and_says_how_many_do_not() {
        assert_eq!(fitting(3, HEAD + 3 * LINE), (3, 0));
        assert_eq!(fitting(4, HEAD + 3 * LINE), (2, 2));
        assert_eq!(fitting(4, 0), (0, 4));
        assert_eq!(fitting(0, 0), (0, 0));
        assert_eq!((rest(2, 2), rest(0, 4)), ("2 more".to_owned(), "4 entries".to_owned()));
    }

    #[test]
    fn hours_are_told_as_a_day_sees_them() {
        let told = |from: &str, to: &str| {
            let window = UpcomingWindow { from: at(from), to: at(to), schedules: 1, flow_names: vec![] };
            window_hours(&window, time::parse_day("2026-12-12").unwrap(), berlin)
        };
        assert_eq!(told("2026-12-12T21:00:00Z", "2026-12-13T03:00:00Z"), "22:00 – 04:00");
        assert_eq!(told("2026-12-12T08:00:00Z", "2026-12-12T11:00:00Z"), "09:00 – 12:00");
        assert_eq!(told("2026-12-11T23:00:00Z", "2026-12-12T03:00:00Z"), "until 04:00");
        assert_eq!(told("2026-12-11T23:00:00Z", "2026-12-12T23:00:00Z"), "all day");
        assert_eq!(told("2026-12-12T17:00:00Z", "2026-12-14T05:00:00Z"), "18:00 – Mon 06:00");
        assert_eq!(told("2026-12-12T05:00:00Z", "2026-12-13T06:00:00Z"), "06:00 – Sun 07:00");
    }

    #[test]
    fn the_first_of_many_schedules_are_named() {
        let names = |schedules, names: &[&str]| {
            let flow_names = names.iter().map(|&name| name.to_owned()).collect();
            window_names(&UpcomingWindow {
                from: at("2026-12-12T21:00:00Z"),
                to: at("2026-12-13T03:00:00Z"),
                schedules,
                flow_names,
            })
        };
        assert_eq!(names(2, &["Certificates", "Patch"]), "Certificates, Patch");
        assert_eq!(names(1_003, &["a", "b", "c"]), "a, b, c and 1,000 more");
        assert_eq!(names(12, &[]), "12 schedules");
    }
}
