use super::oracle::Clock;
use super::*;
use chrono::TimeDelta;

pub(super) fn timetable(expression: &str, zone: &str) -> Timetable {
    let recurrence = Recurrence::Cron { expression: expression.to_owned() };
    Timetable::new(&recurrence, &Zone::named(zone).unwrap()).unwrap()
}

pub(in crate::recurrence) fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().unwrap()
}

/// Consecutive occurrences after an instant, as `instant local+fold`.
fn upcoming(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let all = timetable(expression, zone).expand(at(after), DateTime::<Utc>::MAX_UTC, count);
    all.iter()
        .map(|it| {
            let (at, local) = (it.at.format("%m-%dT%H:%MZ"), it.local.format("%m-%dT%H:%M"));
            format!("{at} {local}+{}", it.fold)
        })
        .collect()
}

/// Worked out by hand from the rules of each zone: zone, after, expression, and the next two occurrences as
/// the instant, what the clock shows, and the fold.
const VECTORS: &str = "
# New York: 2026-03-08 02:00 to 03:00 at 07:00Z, 2026-11-01 02:00 back to 01:00 at 06:00Z.
America/New_York | 2026-03-07T12:00 | 30 2 * * * | 03-08T07:00Z 03-08T03:00+0 | 03-09T06:30Z 03-09T02:30+0
America/New_York | 2026-03-08T06:50 | */15 * * * * | 03-08T07:00Z 03-08T03:00+0 | 03-08T07:15Z 03-08T03:15+0
America/New_York | 2026-03-07T12:00 | */30 2 * * * | 03-09T06:00Z 03-09T02:00+0 | 03-09T06:30Z 03-09T02:30+0
America/New_York | 2026-03-08T06:00 | 0,30 2 * * * | 03-08T07:00Z 03-08T03:00+0 | 03-09T06:00Z 03-09T02:00+0
America/New_York | 2026-03-08T06:00 | 30 2,3 * * * | 03-08T07:00Z 03-08T03:00+0 | 03-08T07:30Z 03-08T03:30+0
America/New_York | 2026-03-08T06:00 | 0 2,3 * * * | 03-08T07:00Z 03-08T03:00+0 | 03-09T06:00Z 03-09T02:00+0
America/New_York | 2026-03-08T07:00 | 30 2 * * * | 03-09T06:30Z 03-09T02:30+0 | 03-10T06:30Z 03-10T02:30+0
America/New_York | 2026-10-31T12:00 | 30 1 * * * | 11-01T05:30Z 11-01T01:30+0 | 11-02T06:30Z 11-02T01:30+0
America/New_York | 2026-11-01T06:10 | 30 1 * * * | 11-02T06:30Z 11-02T01:30+0 | 11-03T06:30Z 11-03T01:30+0
America/New_York | 2026-11-01T05:00 | 30 * * * * | 11-01T05:30Z 11-01T01:30+0 | 11-01T06:30Z 11-01T01:30+1
America/New_York | 2026-11-01T05:45 | 0 * * * * | 11-01T06:00Z 11-01T01:00+1 | 11-01T07:00Z 11-01T02:00+0
# London: 2026-03-29 01:00 to 02:00 and 2026-10-25 02:00 back to 01:00, both at 01:00Z.
Europe/London | 2026-03-28T12:00 | 30 1 * * * | 03-29T01:00Z 03-29T02:00+0 | 03-30T00:30Z 03-30T01:30+0
Europe/London | 2026-10-24T12:00 | 30 1 * * * | 10-25T00:30Z 10-25T01:30+0 | 10-26T01:30Z 10-26T01:30+0
Europe/London | 2026-10-25T00:20 | */30 * * * * | 10-25T00:30Z 10-25T01:30+0 | 10-25T01:00Z 10-25T01:00+1
# Berlin: 2026-10-25 03:00 back to 02:00 at 01:00Z. Then the either-day rule, and the rule of both.
Europe/Berlin | 2026-10-24T12:00 | 30 2 * * * | 10-25T00:30Z 10-25T02:30+0 | 10-26T01:30Z 10-26T02:30+0
Europe/Berlin | 2026-02-27T12:00 | 0 22 1 * 5 | 02-27T21:00Z 02-27T22:00+0 | 03-01T21:00Z 03-01T22:00+0
Europe/Berlin | 2026-02-27T12:00 | 0 22 */30 * 5 | 05-01T20:00Z 05-01T22:00+0 | 07-31T20:00Z 07-31T22:00+0
# Lord Howe moves by 30 minutes: 2026-10-04 02:00 to 02:30 at 15:30Z, 2026-04-05 02:00 back to 01:30.
Australia/Lord_Howe | 2026-10-03T00:00 | 15 2 * * * | 10-03T15:30Z 10-04T02:30+0 | 10-04T15:15Z 10-05T02:15+0
Australia/Lord_Howe | 2026-10-03T15:20 | */15 * * * * | 10-03T15:30Z 10-04T02:30+0 | 10-03T15:45Z 10-04T02:45+0
Australia/Lord_Howe | 2026-04-04T00:00 | 45 1 * * * | 04-04T14:45Z 04-05T01:45+0 | 04-05T15:15Z 04-06T01:45+0
Australia/Lord_Howe | 2026-04-04T14:45 | */15 * * * * | 04-04T15:00Z 04-05T01:30+1 | 04-04T15:15Z 04-05T01:45+1
# Apia crossed the date line: no 2011-12-30. It began 12-31 at 12-30T10:00Z.
Pacific/Apia | 2011-12-29T20:00 | 0 12 * * * | 12-29T22:00Z 12-29T12:00+0 | 12-30T22:00Z 12-31T12:00+0
# Cairo: 2026-04-24 00:00 to 01:00 at 04-23T22:00Z; 10-30 00:00 back to 23:00 at 10-29T21:00Z.
Africa/Cairo | 2026-04-23T12:00 | 30 0 * * 5 | 04-23T22:00Z 04-24T01:00+0 | 04-30T21:30Z 05-01T00:30+0
Africa/Cairo | 2026-10-29T12:00 | 30 23 * * * | 10-29T20:30Z 10-29T23:30+0 | 10-30T21:30Z 10-30T23:30+0
Africa/Cairo | 2026-10-29T20:00 | 30 * * * * | 10-29T20:30Z 10-29T23:30+0 | 10-29T21:30Z 10-29T23:30+1
# São Paulo: 2018-11-04 00:00 to 01:00 at 03:00Z; 2018-02-18 00:00 back to 23:00 at 02:00Z; none since 2019.
America/Sao_Paulo | 2018-11-03T12:00 | 0 0 * * * | 11-04T03:00Z 11-04T01:00+0 | 11-05T02:00Z 11-05T00:00+0
America/Sao_Paulo | 2018-02-17T12:00 | 30 23 * * * | 02-18T01:30Z 02-17T23:30+0 | 02-19T02:30Z 02-18T23:30+0
America/Sao_Paulo | 2026-11-03T12:00 | 0 0 * * * | 11-04T03:00Z 11-04T00:00+0 | 11-05T03:00Z 11-05T00:00+0
Asia/Kathmandu | 2026-01-01T00:00 | 0 9 * * * | 01-01T03:15Z 01-01T09:00+0 | 01-02T03:15Z 01-02T09:00+0
";

#[test]
fn vectors() {
    for row in VECTORS.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let [zone, after, expression, first, second] = columns[..] else { panic!("{row}") };
        assert_eq!(upcoming(expression, zone, after, 2), [first, second], "{row}");
    }
}

#[test]
fn rare_dates_are_found_years_ahead() {
    let find = |expression, zone, after| timetable(expression, zone).next_after(at(after)).map(|it| it.at);
    // The day Apia never had; its next 30 December is a year later.
    assert_eq!(find("0 12 30 12 *", "Pacific/Apia", "2011-12-29T20:00"), Some(at("2012-12-29T22:00")));
    assert_eq!(find("0 0 29 2 *", "Europe/Berlin", "2026-07-01T00:00"), Some(at("2028-02-28T23:00")));
    // 29 February on a Sunday.
    assert_eq!(find("0 0 29 2 */7", "Europe/Berlin", "2026-07-01T00:00"), Some(at("2032-02-28T23:00")));
    assert_eq!(find("0 0 29 2 */7", "Europe/Berlin", "2032-03-01T00:00"), Some(at("2060-02-28T23:00")));
    // 2100 is no leap year, and the search ends with it.
    assert_eq!(find("0 0 29 2 *", "Europe/Berlin", "2096-03-01T00:00"), None);
}

/// Windows around every kind of transition, and the day before which to begin.
pub(super) const WINDOWS: [(&str, &str); 24] = [
    ("America/New_York", "2026-03-07T00:00"),
    ("America/New_York", "2026-10-31T00:00"),
    ("Europe/London", "2026-03-28T00:00"),
    ("Europe/London", "2026-10-24T00:00"),
    ("Europe/Berlin", "2026-03-28T00:00"),
    ("Europe/Berlin", "2026-10-24T00:00"),
    ("Australia/Lord_Howe", "2026-04-03T12:00"),
    ("Australia/Lord_Howe", "2026-10-02T12:00"),
    ("Pacific/Apia", "2011-12-29T00:00"),
    ("Pacific/Kwajalein", "1993-08-20T00:00"),
    ("Africa/Cairo", "2026-04-22T12:00"),
    ("Africa/Cairo", "2026-10-28T12:00"),
    ("America/Sao_Paulo", "2018-11-03T00:00"),
    ("America/Sao_Paulo", "2018-02-17T00:00"),
    ("America/St_Johns", "2010-03-13T00:00"),
    ("America/St_Johns", "2010-11-06T00:00"),
    ("Antarctica/Troll", "2026-03-28T00:00"),
    ("Antarctica/Troll", "2026-10-24T00:00"),
    ("Antarctica/Casey", "2009-10-17T00:00"),
    ("Antarctica/Casey", "2010-03-04T00:00"),
    ("Asia/Kathmandu", "1985-12-31T00:00"),
    ("America/New_York", "2060-03-13T00:00"),
    ("Europe/London", "2099-03-28T00:00"),
    ("Australia/Lord_Howe", "2088-10-01T12:00"),
];

const EXPRESSIONS: [&str; 22] = [
    "* * * * *",
    "*/15 * * * *",
    "0 * * * *",
    "30 2 * * *",
    "0,30 2 * * *",
    "30 1 * * *",
    "15,45 1-3 * * *",
    "0-59 0-23 * * *",
    "0 0 * * *",
    "30 0 * * sun",
    "*/20 2 * * *",
    "10 */2 * * *",
    "0 2,3 * * *",
    "0 3 * * *",
    "59 23 * * *",
    "30 23 * * 6",
    "*/7 22-23,0-4 * * *",
    "30 2 1-7 * sun",
    "30 2 */2 * 1-5",
    "45 1 8,25,29 3,10,11 fri-0",
    "5 12 30,31 12 */3",
    "0 5 29 2 *",
];

/// Several days of each expression around each transition, against a replay of cronie.
#[test]
fn occurrences_agree_with_a_replay_of_cronie() {
    let mut compared = 0;
    for (zone, start) in WINDOWS {
        let (start, end) = (at(start), at(start) + TimeDelta::hours(66));
        // The replay has to know the time before a repeated hour.
        let clock = Clock::new(zone, start.timestamp() - 6 * 3_600, end.timestamp());
        for expression in EXPRESSIONS {
            let expected: Vec<i64> =
                clock.runs(expression).into_iter().filter(|run| *run > start.timestamp()).collect();
            let timetable = timetable(expression, zone);
            let found = timetable.expand(start, end, usize::MAX);
            let seconds: Vec<i64> = found.iter().map(|it| it.at.timestamp()).collect();
            assert_eq!(seconds, expected, "{expression} in {zone} from {start}");
            let due = timetable.due_between(start, end);
            assert_eq!(due, stepped(&timetable, start, end), "{expression} in {zone} from {start}");
            compared += 1;
        }
    }
    assert!(compared >= 450);
}

/// Every shape of minute and hour with every shape of day.
fn many_expressions() -> Vec<String> {
    const MINUTES: [&str; 7] = ["0", "30", "15,45", "*/20", "10-50/20", "59", "*/7"];
    const HOURS: [&str; 10] = ["*", "0", "1", "2", "3", "23", "1,2", "*/2", "22-23,0-4", "*/6"];
    const DAYS: [(&str, &str); 8] = [
        ("*", "*"),
        ("*", "sun"),
        ("*", "1-5"),
        ("1-7", "0"),
        ("*/2", "fri-0"),
        ("25-31", "*"),
        ("8,24,29", "6"),
        ("*", "*/3"),
    ];
    let mut all = Vec::new();
    for minute in MINUTES {
        for hour in HOURS {
            for (day, weekday) in DAYS {
                let month = if all.len() % 2 == 0 { "*" } else { "2-4,8,10-12" };
                all.push(format!("{minute} {hour} {day} {month} {weekday}"));
            }
        }
    }
    all
}

#[test]
fn hundreds_of_expressions_around_every_transition_agree_with_the_replay() {
    let expressions = many_expressions();
    assert!(expressions.len() >= 500 && WINDOWS.len() >= 20);
    for (zone, start) in WINDOWS {
        let (start, end) = (at(start), at(start) + TimeDelta::hours(66));
        let clock = Clock::new(zone, start.timestamp() - 6 * 3_600, end.timestamp());
        for expression in &expressions {
            let mut expected = clock.runs(expression);
            expected.retain(|run| *run > start.timestamp());
            let timetable = timetable(expression, zone);
            let found: Vec<i64> =
                timetable.expand(start, end, usize::MAX).iter().map(|it| it.at.timestamp()).collect();
            assert_eq!(found, expected, "{expression} in {zone} from {start}");
            let due = timetable.due_between(start, end).map_or(0, |due| due.count);
            assert_eq!(due, found.len() as u64, "{expression} in {zone} from {start}");
        }
    }
}

/// Every start within a repeated and a missing hour, not only those an earlier occurrence leads to.
#[test]
fn every_minute_around_a_transition_is_a_fair_start() {
    for (zone, start) in [("Europe/Berlin", "2026-03-28T22:00"), ("Australia/Lord_Howe", "2026-04-04T12:00")]
    {
        let start = at(start);
        let clock = Clock::new(zone, start.timestamp() - 6 * 3_600, start.timestamp() + 40 * 3_600);
        for expression in ["30 2 * * *", "*/30 * * * *", "15,45 1,2 * * *", "0 */2 * * *"] {
            let (timetable, runs) = (timetable(expression, zone), clock.runs(expression));
            for minute in 0..6 * 60 {
                let after = start + TimeDelta::seconds(minute * 60 + minute % 3 - 1);
                let expected = runs.iter().find(|run| **run > after.timestamp()).copied();
                let found = timetable.next_after(after).map(|it| it.at.timestamp());
                assert_eq!(found, expected, "{expression} in {zone} after {after}");
            }
        }
    }
}

pub(super) fn stepped(timetable: &Timetable, after: DateTime<Utc>, until: DateTime<Utc>) -> Option<Due> {
    let all = timetable.expand(after, until, usize::MAX);
    let (first, latest) = (*all.first()?, *all.last()?);
    Some(Due { first, latest, count: u64::try_from(all.len()).unwrap() })
}

#[test]
fn two_weeks_asleep_are_counted_not_enumerated() {
    let every_minute = timetable("* * * * *", "Europe/Berlin");
    let (after, until) = (at("2026-03-20T12:00"), at("2026-04-03T12:00"));
    let due = every_minute.due_between(after, until).unwrap();
    assert_eq!((due.count, due.first.at, due.latest.at), (20_160, at("2026-03-20T12:01"), until));
    // A century of it, to show that nothing steps.
    let due = every_minute.due_between(at("1990-01-01T00:00"), at("2090-01-01T00:00")).unwrap();
    assert_eq!(due.count, 36_525 * 1_440);
    assert_eq!(every_minute.due_between(until, after), None);
    assert_eq!(every_minute.due_between(until, until), None);
}

#[test]
fn sub_seconds_and_the_ends_of_time_are_harmless() {
    let it = timetable("0 0 * * *", "America/New_York");
    let midnight = at("2026-01-01T05:00");
    assert_eq!(it.next_after(midnight - TimeDelta::nanoseconds(1)).unwrap().at, midnight);
    assert!(it.next_after(midnight + TimeDelta::nanoseconds(1)).unwrap().at > midnight);
    assert_eq!(it.due_between(midnight - TimeDelta::days(1), midnight - TimeDelta::nanoseconds(1)), None);
    assert_eq!(it.next_after(DateTime::<Utc>::MAX_UTC), None);
    assert_eq!(it.next_after(DateTime::<Utc>::MIN_UTC).unwrap().at, at("1970-01-01T05:00"));
    let all = it.due_between(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).unwrap();
    // The days of 1970 to 2100.
    assert_eq!((all.count, all.latest.at), (47_847, at("2100-12-31T05:00")));
}

#[test]
fn what_cannot_be_read_names_its_field() {
    let recurrence = Recurrence::Cron { expression: "61 * * * *".to_owned() };
    let refusal = Timetable::new(&recurrence, &Zone::named("UTC").unwrap()).unwrap_err();
    assert_eq!(refusal.field, "recurrence.expression");
    assert_eq!(recurrence.validate().unwrap_err().field, "expression");
    let friday = Recurrence::Cron { expression: "0 22 * * 5".to_owned() };
    assert_eq!(friday.description().unwrap(), "At 22:00 every Friday");
    assert_eq!(timetable("0 22 * * 5", "UTC").description(), "At 22:00 every Friday");
}
