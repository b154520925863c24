//! What must hold for every rule and instant.

use super::*;
use crate::policy::BlackoutEntry;
use crate::recurrence::{Recurrence, TimeOfDay, Weekday};
use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;

const ZONES: [&str; 4] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"];

fn day(n: i64) -> NaiveDate {
    NaiveDate::default() + TimeDelta::days(20_500 + n)
}

/// Seldom enough to move; the small hours, in which clocks change, as often as all others.
fn any_expression() -> impl Strategy<Value = String> {
    let hour = prop_oneof![
        (0..4u8).prop_map(|hour| hour.to_string()),
        (0..24u8).prop_map(|hour| hour.to_string()),
        Just("*/6".to_owned()),
        Just("1-3".to_owned()),
    ];
    let weekday = prop_oneof![Just("*"), Just("4-6"), Just("1"), Just("0,3")];
    (prop_oneof![Just(0u8), Just(30)], hour, weekday)
        .prop_map(|(minute, hour, weekday)| format!("{minute} {hour} * * {weekday}"))
}

fn any_windows() -> impl Strategy<Value = Vec<AllowedWindow>> {
    let time = |hour: u8| TimeOfDay::new(hour, 0).unwrap();
    let days = proptest::sample::subsequence(Weekday::ALL.to_vec(), 1..=7);
    let window = (days, 0..24u8, 0..24u8).prop_map(move |(weekdays, from, to)| AllowedWindow {
        weekdays,
        from: time(from),
        to: time(to),
    });
    prop_oneof![Just(Vec::new()), proptest::collection::vec(window, 1..3)]
}

fn any_blackouts() -> impl Strategy<Value = Vec<BlackoutEntry>> {
    let entry = (0..200i64, 0..12i64).prop_map(|(from, length)| BlackoutEntry::Days {
        from: day(from),
        to: Some(day(from + length)),
        label: String::new(),
    });
    proptest::collection::vec(entry, 1..12)
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let zone = proptest::sample::select(&ZONES[..]);
    (any_expression(), zone, any_windows(), any_blackouts()).prop_map(
        |(expression, zone, windows, blackouts)| {
            let zone = Zone::named(zone).unwrap();
            let table = Timetable::new(&Recurrence::Cron { expression }, &zone).unwrap();
            let blackout = Arc::new(Blackout::new([("Freeze", blackouts.as_slice())]).unwrap());
            let since = day(-100).and_time(NaiveTime::MIN).and_utc();
            Rule::new(table, zone, &windows, blackout, OnBlackout::Move, since)
        },
    )
}

proptest! {
    /// A notice, the clock and the agenda ask the one, and firing asks the other.
    #[test]
    fn what_is_next_is_the_first_that_starts(rule in any_rule(), minute in 0..250 * 24 * 60i64) {
        let after = day(-10).and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute);
        let runs = rule.runs(after, after + TimeDelta::days(150));
        let regular = runs.regular.iter().map(|due| Run::from(due.first));
        let first = regular.chain(runs.moved.iter().copied()).min_by_key(|run| run.at);
        if let Some(first) = first {
            prop_assert_eq!(rule.next_after(after), Next::Run(first));
        }
    }

    /// Every occurrence runs, waits, gives way or is blocked; none is two of these.
    #[test]
    fn every_occurrence_has_one_fate(rule in any_rule(), days in 1..120i64) {
        let after = day(0).and_time(NaiveTime::MIN).and_utc();
        let until = after + TimeDelta::days(days);
        let (runs, blocked) = (rule.runs(after, until), rule.blocked(after, until));
        let own = |run: &&Run| after < run.occurrence.at && run.occurrence.at <= until;
        let moved = runs.moved.iter().chain(&runs.replaced).filter(own).count() as u64;
        let waiting = rule.carried_over(until).iter().filter(own).count() as u64;
        let regular = runs.regular.iter().map(|due| due.count).sum::<u64>();
        let kept = blocked.iter().map(|(_, due)| due.count).sum::<u64>();
        let all = rule.table().due_between(after, until).map_or(0, |due| due.count);
        prop_assert_eq!(regular + moved + waiting + kept, all);
    }
}
