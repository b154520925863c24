//! Occurrences of a range, told one by one while they are few and day by day when they are many: what is coming, and what
//! was missed.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use mf_domain::recurrence::{Due, MOMENT, Timetable};

/// Longest range, in days.
pub(crate) const RANGE_MAX: i64 = 400;
/// Most occurrences of one schedule that are told one by one.
pub(crate) const ONE_BY_ONE: u64 = 60;

/// The runs in `after < at <= until`, day by day on the schedule's wall clock.
pub(crate) fn days(table: &Timetable, mut after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Due> {
    let mut days = Vec::new();
    while let Some(first) = table.next_after(after).filter(|first| first.at <= until) {
        // Midnight by the offset of the morning, then by that of the day's last run: a day may change its offset.
        let midnight = (first.local.date() + TimeDelta::days(1)).and_time(NaiveTime::MIN);
        let ends = |offset: i32| (midnight - TimeDelta::seconds(i64::from(offset))).and_utc() - MOMENT;
        let part = |end: DateTime<Utc>| table.due_between(first.at - MOMENT, end.min(until).max(first.at));
        let Some(roughly) = part(ends(first.offset_seconds)) else { break };
        let day = part(ends(roughly.latest.offset_seconds)).unwrap_or(roughly);
        after = day.latest.at;
        days.push(day);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored_rule::timetable;
    use mf_domain::recurrence::Recurrence;

    fn told(expression: &str, zone: &str, from: &str, to: &str) -> Vec<(String, u64)> {
        let recurrence = Recurrence::Cron { expression: expression.to_owned() };
        let table = timetable(&recurrence, zone).unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let days = days(&table, at(from), at(to));
        assert!(days.windows(2).all(|pair| pair[0].latest.at < pair[1].first.at));
        assert_eq!(
            days.iter().map(|day| day.count).sum::<u64>(),
            table.due_between(at(from), at(to)).map_or(0, |due| due.count)
        );
        days.iter().map(|day| (day.first.local.date().to_string(), day.count)).collect()
    }

    #[test]
    fn days_are_those_of_the_wall_clock_whatever_it_does() {
        let day = |date: &str, count: u64| (date.to_owned(), count);
        // The clocks of Berlin go back on 25 October and forward on 28 March.
        assert_eq!(
            told("*/15 * * * *", "Europe/Berlin", "2026-10-23T22:00:00Z", "2026-10-26T22:59:00Z"),
            [day("2026-10-24", 95), day("2026-10-25", 100), day("2026-10-26", 96)]
        );
        assert_eq!(
            told("*/15 * * * *", "Europe/Berlin", "2027-03-26T23:00:00Z", "2027-03-29T21:59:00Z"),
            [day("2027-03-27", 95), day("2027-03-28", 92), day("2027-03-29", 96)]
        );
        // A day that begins at one o'clock.
        assert_eq!(
            told("0 * * * *", "Africa/Cairo", "2026-04-23T09:59:00Z", "2026-04-24T20:59:00Z"),
            [day("2026-04-23", 12), day("2026-04-24", 23)]
        );
    }
}
