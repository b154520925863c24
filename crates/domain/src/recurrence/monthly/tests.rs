use super::*;
use crate::recurrence::Recurrence;
use serde_json::{Value, json};

fn read(json: Value) -> serde_json::Result<Recurrence> {
    serde_json::from_value(json)
}

#[test]
fn every_kind_is_written_as_it_is_read() {
    for json in [
        json!({"kind": "cron", "expression": "0 22 * * 5"}),
        json!({"kind": "patch_tuesday", "offset_days": 0, "time": "00:00"}),
        json!({"kind": "patch_tuesday", "offset_days": 27, "time": "23:59"}),
        json!({"kind": "nth_weekday", "nth": 1, "weekday": "monday", "time": "02:00"}),
        json!({"kind": "nth_weekday", "nth": 4, "weekday": "thursday", "time": "02:00"}),
        json!({"kind": "nth_weekday", "nth": -1, "weekday": "sunday", "time": "02:00"}),
    ] {
        let recurrence = read(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&recurrence).unwrap(), json);
        recurrence.validate().unwrap();
    }
}

#[test]
fn a_refusal_names_the_field() {
    let patch =
        |offset: Value, time: Value| json!({"kind": "patch_tuesday", "offset_days": offset, "time": time});
    let nth = |nth: Value, weekday: &str| json!({"kind": "nth_weekday", "nth": nth, "weekday": weekday, "time": "02:00"});
    for (json, field) in [
        (patch(json!(28), json!("22:00")), "offset_days: is 28; 0 to 27 days"),
        (patch(json!(-1), json!("22:00")), "offset_days: is -1"),
        (patch(json!(i64::MAX), json!("22:00")), "offset_days: "),
        (patch(Value::Null, json!("22:00")), "offset_days: is missing"),
        (patch(json!(0), json!("24:00")), "time: “24:00” is not a time of day"),
        (patch(json!(0), json!("22:60")), "time: "),
        (patch(json!(0), json!("9:00")), "time: "),
        (patch(json!(0), json!("22:00:00")), "time: "),
        (patch(json!(0), json!("+2:00")), "time: "),
        (patch(json!(0), json!("٢٢:00")), "time: "),
        (patch(json!(0), json!("")), "time: "),
        (patch(json!(0), Value::Null), "time: is missing"),
        (nth(json!(0), "sunday"), "nth: is 0; it must be 1 to 4, or -1"),
        (nth(json!(5), "sunday"), "nth: "),
        (nth(json!(-2), "sunday"), "nth: "),
        (nth(json!(256 + 1), "sunday"), "nth: "),
        (nth(json!(1), "Sunday"), "weekday: “Sunday” is not one of monday to sunday"),
        (nth(json!(1), "sun"), "weekday: "),
        (json!({"kind": "patch_tuesday", "offset_days": 1, "time": "22:00", "nth": 2}), "nth: is no part"),
        (
            json!({"kind": "cron", "expression": "@daily", "time": "22:00"}),
            "time: is no part of the kind cron",
        ),
        (json!({"kind": "cron"}), "expression: is missing"),
        (json!({"kind": "moon_phase"}), "kind: must be cron, patch_tuesday or nth_weekday"),
    ] {
        let refusal = read(json.clone()).unwrap_err().to_string();
        assert!(refusal.starts_with(field), "{json}: {refusal}");
    }
    let too_late = Recurrence::PatchTuesday { offset_days: 28, time: TimeOfDay::parse("22:00").unwrap() };
    assert_eq!(too_late.validate().unwrap_err().field, "offset_days");
}

#[test]
fn the_words_of_a_month() {
    let words = |json: Value, zone: &str| read(json).unwrap().description_in(zone).unwrap();
    let patch = |days: u8| json!({"kind": "patch_tuesday", "offset_days": days, "time": "22:00"});
    assert_eq!(
        words(patch(3), "America/New_York"),
        "On the second Tuesday of the month plus 3 days (Friday), at 22:00, New York time"
    );
    assert_eq!(words(patch(0), "UTC"), "On the second Tuesday of the month, at 22:00, UTC");
    assert_eq!(
        words(patch(1), "Europe/Berlin"),
        "On the second Tuesday of the month plus 1 day (Wednesday), at 22:00, Berlin time"
    );
    assert_eq!(
        words(patch(27), "Etc/GMT+5"),
        "On the second Tuesday of the month plus 27 days (Monday), at 22:00, GMT+5"
    );
    let last = json!({"kind": "nth_weekday", "nth": -1, "weekday": "sunday", "time": "02:00"});
    assert_eq!(words(last, "Japan"), "On the last Sunday of the month, at 02:00, Japan time");
    let cron = json!({"kind": "cron", "expression": "30 2 1 * 1"});
    assert_eq!(
        words(cron, "America/Argentina/Buenos_Aires"),
        "At 02:30 on day 1 of every month, and also every Monday, Buenos Aires time"
    );
}

#[cfg(feature = "native")]
mod dates {
    use super::*;
    use crate::recurrence::timetable::tests::at;
    use crate::recurrence::{Occurrence, Timetable, Zone};

    fn timetable(recurrence: &Recurrence, zone: &str) -> Timetable {
        Timetable::new(recurrence, &Zone::named(zone).unwrap()).unwrap()
    }

    fn time(text: &str) -> TimeOfDay {
        TimeOfDay::parse(text).unwrap()
    }

    /// A day as a wall calendar has it: year, month, day, and the weekday, 0 for Sunday.
    type Day = (i32, u32, u32, usize);

    /// Turned leaf by leaf from a known day on, without any calendar library.
    fn wall_calendar() -> Vec<Day> {
        // 1 November 1999 was a Monday.
        let (mut year, mut month, mut day, mut weekday) = (1999, 11, 1, 1);
        let mut days = Vec::new();
        while year < 2102 {
            days.push((year, month, day, weekday));
            weekday = (weekday + 1) % 7;
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            let length = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            day += 1;
            if day > length[month as usize - 1] {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
        days
    }

    fn dates(occurrences: &[Occurrence]) -> Vec<(i32, u32, u32)> {
        occurrences.iter().map(|it| (it.local.year(), it.local.month(), it.local.day())).collect()
    }

    /// The second Tuesday is the one Tuesday from the 8th to the 14th; days are counted on in the calendar.
    #[test]
    fn patch_tuesdays_of_a_century_and_days_after_them() {
        let calendar = wall_calendar();
        for offset_days in 0..=OFFSET_MAX {
            let is_second_tuesday = |(_, day): &(usize, &Day)| day.3 == 2 && (8..=14).contains(&day.2);
            let expected: Vec<(i32, u32, u32)> = calendar
                .iter()
                .enumerate()
                .filter(is_second_tuesday)
                .filter_map(|(index, _)| calendar.get(index + usize::from(offset_days)))
                .map(|(year, month, day, _)| (*year, *month, *day))
                .filter(|(year, _, _)| (2000..=2100).contains(year))
                .collect();
            let rule = Recurrence::PatchTuesday { offset_days, time: time("22:00") };
            let table = timetable(&rule, "UTC");
            let (from, until) = (at("1999-12-31T23:59"), at("2100-12-31T23:59"));
            let found = table.expand(from, until, usize::MAX);
            assert_eq!(dates(&found), expected, "plus {offset_days}");
            assert!(expected.len() >= 1_211);
            let due = table.due_between(from, until).unwrap();
            assert_eq!((due.count, due.latest), (found.len() as u64, found[found.len() - 1]));
        }
    }

    /// The dates Microsoft published.
    #[test]
    fn patch_tuesdays_as_they_were_published() {
        let rule = Recurrence::PatchTuesday { offset_days: 0, time: time("10:00") };
        let found = timetable(&rule, "America/Los_Angeles").expand(
            at("2024-12-31T00:00"),
            at("2026-01-01T00:00"),
            99,
        );
        let days: Vec<u32> = dates(&found).iter().map(|(_, _, day)| *day).collect();
        assert_eq!(days, [14, 11, 11, 8, 13, 10, 8, 12, 9, 14, 11, 9]);
    }

    #[test]
    fn every_weekday_of_a_century_is_counted_from_both_ends() {
        let calendar = wall_calendar();
        for weekday in Weekday::ALL {
            for nth in Nth::ALL {
                let mut expected = Vec::new();
                for month in
                    calendar.chunk_by(|a, b| a.1 == b.1).filter(|days| (2000..=2100).contains(&days[0].0))
                {
                    let its: Vec<&Day> =
                        month.iter().filter(|day| day.3 == usize::from(weekday.number())).collect();
                    let (year, month, day, _) = match nth {
                        Nth::Last => its[its.len() - 1],
                        nth => its[usize::try_from(i8::from(nth)).unwrap() - 1],
                    };
                    expected.push((*year, *month, *day));
                }
                let rule = Recurrence::NthWeekday { nth, weekday, time: time("02:00") };
                let table = timetable(&rule, "UTC");
                let found = table.expand(at("1999-12-31T23:59"), at("2100-12-31T23:59"), usize::MAX);
                assert_eq!(dates(&found), expected, "{nth:?} {weekday:?}");
            }
        }
    }

    /// A star-step in the weekday field makes cron want both days: `1-7 * */7` is the first Sunday. That cron is checked
    /// against a replay of cronie, so daylight saving is checked here, too.
    #[test]
    fn a_first_sunday_is_what_cron_makes_of_it_whatever_the_clocks_do() {
        let spans = ["1-7", "8-14", "15-21", "22-28"];
        for zone in [
            "America/New_York",
            "Europe/Berlin",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "America/Sao_Paulo",
            "Pacific/Apia",
        ] {
            for (nth, span) in Nth::ALL.into_iter().zip(spans) {
                for clock in ["00:00", "00:30", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "23:30"]
                {
                    let rule = Recurrence::NthWeekday { nth, weekday: Weekday::Sunday, time: time(clock) };
                    let (hour, minute) = clock.split_once(':').unwrap();
                    let expression = format!("{minute} {hour} {span} * */7");
                    let cron = timetable(&Recurrence::Cron { expression }, zone);
                    let (after, until) = (at("2005-01-01T00:00"), at("2031-01-01T00:00"));
                    let found = timetable(&rule, zone).expand(after, until, usize::MAX);
                    assert_eq!(found, cron.expand(after, until, usize::MAX), "{nth:?} at {clock} in {zone}");
                }
            }
        }
    }

    #[test]
    fn the_calendar_ends_where_that_of_cron_does() {
        let table = timetable(&Recurrence::PatchTuesday { offset_days: 27, time: time("22:00") }, "UTC");
        // Counted from 9 December 1969.
        assert_eq!(table.next_after(DateTime::<chrono::Utc>::MIN_UTC).unwrap().at, at("1970-01-05T22:00"));
        assert_eq!(table.next_after(at("2100-12-12T00:00")), None);
        assert_eq!(table.next_after(DateTime::<chrono::Utc>::MAX_UTC), None);
        let all =
            table.due_between(DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC).unwrap();
        assert_eq!((all.count, all.latest.at), (131 * 12, at("2100-12-06T22:00")));
    }
}
