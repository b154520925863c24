//! Recurrences: an expression, or one as JSON, on the first line; a zone on the second; seconds since 1970 on the third.
//!
//! What can be read writes back to the same, has words, and comes due strictly after the instant that was asked for.

#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use mf_domain::recurrence::cron::{CronExpr, MAX_CHARACTERS, Numbers};
use mf_domain::recurrence::{Recurrence, Timetable, Zone};

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let zone = lines.next().and_then(|name| Zone::named(name).ok());
    let zone = zone.unwrap_or_else(|| Zone::named("Europe/Berlin").expect("a zone that is there"));
    let seconds = lines.next().and_then(|line| line.parse().ok()).unwrap_or(1_770_000_000);
    let after = DateTime::from_timestamp(seconds, 0).unwrap_or_default();

    let recurrence = if first.starts_with('{') {
        let Ok(read) = serde_json::from_str::<Recurrence>(first) else { return };
        read
    } else {
        Recurrence::Cron { expression: first.to_owned() }
    };
    let json = serde_json::to_string(&recurrence).expect("a recurrence can be written");
    assert_eq!(serde_json::from_str::<Recurrence>(&json).expect("what was written reads"), recurrence);

    if let Recurrence::Cron { expression } = &recurrence
        && let Ok(read) = CronExpr::parse(expression)
    {
        fields_write_back(&read);
    }
    match Timetable::new(&recurrence, &zone) {
        Ok(timetable) => comes_due(&recurrence, &timetable, &zone, after),
        Err(refused) => assert!(recurrence.validate().is_err(), "only then refused: {refused}"),
    }
});

/// Each field, written as plain numbers, stands for the same numbers.
fn fields_write_back(read: &CronExpr) {
    let again = |field: String, of: fn(&CronExpr) -> Numbers| {
        if field.chars().count() <= MAX_CHARACTERS {
            let parsed = CronExpr::parse(&field).expect("a list of numbers reads");
            assert_eq!(of(&parsed), of(read), "{field}");
        }
    };
    again(format!("{} * * * *", list(read.minutes())), CronExpr::minutes);
    again(format!("* {} * * *", list(read.hours())), CronExpr::hours);
    again(format!("* * {} * *", list(read.days_of_month())), CronExpr::days_of_month);
    again(format!("* * * {} *", list(read.months())), CronExpr::months);
    again(format!("* * * * {}", list(read.weekdays())), CronExpr::weekdays);
}

fn list(numbers: Numbers) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| number.to_string()).collect();
    numbers.join(",")
}

fn comes_due(recurrence: &Recurrence, timetable: &Timetable, zone: &Zone, after: DateTime<Utc>) {
    assert!(!recurrence.description_in(zone.name()).expect("what is valid has words").is_empty());
    let mut before = after;
    for shown in timetable.preview(after, 3) {
        let next = timetable.next_after(before).expect("what is shown comes due");
        assert_eq!(shown.occurrence, next);
        assert!(next.at > before, "{} is not after {before}", next.at);
        assert_eq!((next.local, next.offset_seconds, next.fold), zone.to_local(next.at));
        let due = timetable.due_between(before, next.at).expect("what comes due is due");
        assert_eq!((due.first, due.latest, due.count), (next, next, 1));
        before = next.at;
    }
}
