//! The hours in which schedules may start runs, day by day, as a calendar shows them: schedules that are open in the same
//! hours are one line, however many there are.

use chrono::{DateTime, Datelike, Days, NaiveDateTime, TimeDelta, Utc};
use mf_contract::agenda::{UpcomingDay, UpcomingWindow};
use mf_domain::policy::AllowedWindow;
use mf_domain::recurrence::{Resolved, TimeOfDay, Weekday, Zone};
use mf_store::schedules::Hours;
use std::collections::BTreeMap;

/// From, and the first instant after it.
type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// For each day the hours that are open on it, those that open first first. Hours that cannot be read are closed.
pub(crate) fn open_on(days: &[Stretch], all: &[Hours]) -> Vec<Vec<UpcomingWindow>> {
    let mut alike: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for hours in all {
        alike.entry((&hours.timezone, &hours.windows)).or_default().push(&hours.flow_name);
    }
    let mut open: Vec<BTreeMap<Stretch, Vec<&str>>> = days.iter().map(|_| BTreeMap::new()).collect();
    for ((zone, windows), names) in alike {
        let windows: Result<Vec<AllowedWindow>, _> = serde_json::from_str(windows);
        let (Ok(zone), Ok(windows)) = (Zone::named(zone), windows) else { continue };
        let stretches = stretches(&windows, &zone, days);
        for (open, day) in open.iter_mut().zip(days) {
            // They are in order and apart from each other.
            let first = stretches.partition_point(|(_, to)| *to <= day.0);
            let on_it = stretches.iter().skip(first).take_while(|(from, _)| *from < day.1);
            for stretch in on_it {
                open.entry(seen_from(*day, *stretch)).or_default().extend(&names);
            }
        }
    }
    open.into_iter().map(|open| open.into_iter().map(told).collect()).collect()
}

fn told(((from, to), mut names): (Stretch, Vec<&str>)) -> UpcomingWindow {
    names.sort_unstable_by_key(|name| (name.to_lowercase(), *name));
    UpcomingWindow {
        from,
        to,
        schedules: u32::try_from(names.len()).unwrap_or(u32::MAX),
        flow_names: names.into_iter().take(UpcomingDay::NAMES_MOST).map(str::to_owned).collect(),
    }
}

/// A stretch as a day tells it: what began before begins with it, and what is open all day is no longer than it.
fn seen_from(day: Stretch, stretch: Stretch) -> Stretch {
    let from = stretch.0.max(day.0);
    (from, if from == day.0 { stretch.1.min(day.1) } else { stretch.1 })
}

/// All stretches that touch the days, in order; those that meet are one.
fn stretches(windows: &[AllowedWindow], zone: &Zone, days: &[Stretch]) -> Vec<Stretch> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    // One that began the day before may still be open, and one of the last day may reach into those after it.
    let day_of = |at: DateTime<Utc>| zone.to_local(at).0.date();
    let begin = day_of(first.0).checked_sub_days(Days::new(1));
    let end = day_of(last.1).checked_add_days(Days::new(7));
    let (Some(begin), Some(end)) = (begin, end) else { return Vec::new() };
    let mut all: Vec<Stretch> = Vec::new();
    for date in begin.iter_days().take_while(|date| *date <= end) {
        let begins_on = |day: &Weekday| *day as u32 == date.weekday().num_days_from_monday();
        for window in windows.iter().filter(|window| window.weekdays.iter().any(begins_on)) {
            let at = |time: TimeOfDay| {
                date.and_hms_opt(u32::from(time.hour()), u32::from(time.minute()), 0).unwrap_or_default()
            };
            let (from, to) = (at(window.from), at(window.to));
            let to = if to > from { to } else { to + TimeDelta::days(1) };
            all.push((opens(zone, from), closes(zone, to)));
        }
    }
    // Hours that the clocks jump over are none.
    all.retain(|(from, to)| from < to);
    all.sort_unstable();
    let mut apart: Vec<Stretch> = Vec::new();
    for (from, to) in all {
        match apart.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => apart.push((from, to)),
        }
    }
    apart
}

fn opens(zone: &Zone, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.resolve(local) {
        Resolved::Once(at) | Resolved::Gap { end: at } | Resolved::Fold { first: at, .. } => at,
    }
}

/// Where the clocks show the end twice, the wall clock stands within the window until the second time.
fn closes(zone: &Zone, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.resolve(local) {
        Resolved::Once(at) | Resolved::Gap { end: at } | Resolved::Fold { second: at, .. } => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn hours(zone: &str, windows: &str, flow: &str) -> Hours {
        Hours { timezone: zone.to_owned(), windows: windows.to_owned(), flow_name: flow.to_owned() }
    }

    fn window(days: &str, from: &str, to: &str) -> String {
        let days: Vec<String> = days.split(' ').map(|day| format!("\"{day}\"")).collect();
        format!(r#"[{{"weekdays":[{}],"from":"{from}","to":"{to}"}}]"#, days.join(","))
    }

    /// Days of UTC.
    fn days(first: &str, number: i64) -> Vec<Stretch> {
        let day = |n| at(first) + TimeDelta::days(n);
        (0..number).map(|n| (day(n), day(n + 1))).collect()
    }

    fn seen(open: &[UpcomingWindow]) -> Vec<(String, String, u32)> {
        let text = |at: DateTime<Utc>| at.format("%d %H:%M").to_string();
        open.iter().map(|it| (text(it.from), text(it.to), it.schedules)).collect()
    }

    fn line(from: &str, to: &str, schedules: u32) -> (String, String, u32) {
        (from.to_owned(), to.to_owned(), schedules)
    }

    #[test]
    fn a_night_stands_whole_on_its_evening_and_to_its_end_on_its_morning() {
        // 2026-12-12 is a Saturday.
        let all = [hours("Europe/Berlin", &window("saturday", "22:00", "04:00"), "Patch")];
        let open = open_on(&days("2026-12-11T23:00:00Z", 3), &all);
        assert_eq!(seen(&open[0]), [line("12 21:00", "13 03:00", 1)]);
        assert_eq!(seen(&open[1]), [line("12 23:00", "13 03:00", 1)]);
        assert!(open[2].is_empty());
    }

    #[test]
    fn schedules_that_are_open_alike_are_one_line_with_the_first_names() {
        let night = window("saturday", "22:00", "04:00");
        // The same instants in another zone.
        let mut all = vec![hours("UTC", &window("saturday", "21:00", "03:00"), "b")];
        all.extend(["D", "a", "C", "e"].map(|name| hours("Europe/Berlin", &night, name)));
        all.push(hours("UTC", "what is this", "f"));
        let open = open_on(&days("2026-12-12T00:00:00Z", 1), &all);
        assert_eq!(seen(&open[0]), [line("12 21:00", "13 03:00", 5)]);
        assert_eq!(open[0][0].flow_names, ["a", "b", "C"]);
    }

    #[test]
    fn what_is_open_all_day_is_alike_however_long_it_stays_open() {
        let all = [
            hours("UTC", &window("saturday sunday", "00:00", "00:00"), "a"),
            hours("UTC", &window("saturday", "00:00", "00:00"), "b"),
            hours("UTC", &window("friday", "18:00", "06:00"), "c"),
        ];
        let open = open_on(&days("2026-12-11T00:00:00Z", 3), &all);
        assert_eq!(seen(&open[0]), [line("11 18:00", "12 06:00", 1)]);
        assert_eq!(seen(&open[1]), [line("12 00:00", "12 06:00", 1), line("12 00:00", "13 00:00", 2)]);
        assert_eq!(seen(&open[2]), [line("13 00:00", "14 00:00", 1)]);
    }

    #[test]
    fn the_clocks_of_the_zone_say_when_it_opens() {
        // At 02:00 the clocks of Berlin jump to 03:00.
        let all = [
            hours("Europe/Berlin", &window("sunday", "02:15", "02:45"), "never there"),
            hours("Europe/Berlin", &window("sunday", "02:30", "04:00"), "short"),
        ];
        let open = open_on(&days("2027-03-28T00:00:00Z", 1), &all);
        assert_eq!(seen(&open[0]), [line("28 01:00", "28 02:00", 1)]);
        // At 03:00 they go back to 02:00: both times 02:30 lie before the end.
        let all = [hours("Europe/Berlin", &window("sunday", "01:00", "02:30"), "long")];
        let open = open_on(&days("2026-10-25T00:00:00Z", 1), &all);
        assert_eq!(seen(&open[0]), [line("25 00:00", "25 01:30", 1)]);
    }
}
