use crate::recurrence::timetable::tests::at;
use crate::recurrence::{Recurrence, Timetable, Zone};

type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Zone, after, rule (an expression, or JSON), and the next occurrences: the wall clock and the remark.
const CASES: &[Case] = &[
    (
        "America/New_York",
        "2026-03-07T00:00",
        "30 2 * * *",
        &[
            ("03-07 02:30", ""),
            ("03-08 03:00", "the clocks go forward at 02:00: runs at 03:00"),
            ("03-09 02:30", ""),
        ],
    ),
    (
        "America/New_York",
        "2026-03-07T12:00",
        r#"{"kind":"nth_weekday","nth":2,"weekday":"sunday","time":"02:30"}"#,
        &[("03-08 03:00", "the clocks go forward at 02:00: runs at 03:00"), ("04-12 02:30", "")],
    ),
    (
        "America/New_York",
        "2026-03-08T06:00",
        "0 2,3 * * *",
        &[("03-08 03:00", "the clocks go forward at 02:00: runs once, at 03:00"), ("03-09 02:00", "")],
    ),
    (
        "Europe/Berlin",
        "2026-10-24T12:00",
        "30 2 * * *",
        &[("10-25 02:30", "02:30 happens twice: runs the first time"), ("10-26 02:30", "")],
    ),
    (
        "Europe/Berlin",
        "2026-10-25T00:10",
        "*/30 2 * * *",
        &[
            ("10-25 02:30", "02:30 happens twice: runs both times"),
            ("10-25 02:00", "02:00 happens twice: this is the second time"),
            ("10-25 02:30", "02:30 happens twice: this is the second time"),
            ("10-26 02:00", ""),
        ],
    ),
    // What is left out is said at the run that comes next, today or later.
    (
        "Europe/Berlin",
        "2026-03-29T00:44",
        "*/15 * * * *",
        &[
            ("03-29 01:45", ""),
            ("03-29 03:00", "the clocks go forward from 02:00 to 03:00: 4 runs are skipped"),
        ],
    ),
    (
        "Europe/Berlin",
        "2026-03-28T12:00",
        "* 2 * * *",
        &[("03-30 02:00", "on 29 March 2026 the clocks go forward from 02:00 to 03:00: 60 runs are skipped")],
    ),
    // Once it is over it is no longer said.
    ("Europe/Berlin", "2026-03-29T01:00", "* 2 * * *", &[("03-30 02:00", "")]),
    (
        "Australia/Lord_Howe",
        "2026-10-03T00:00",
        "15 2 * * *",
        &[("10-04 02:30", "the clocks go forward at 02:00: runs at 02:30")],
    ),
    (
        "Africa/Cairo",
        "2026-04-23T12:00",
        "30 0 * * *",
        &[("04-24 01:00", "the clocks go forward at 00:00: runs at 01:00")],
    ),
    (
        "America/Sao_Paulo",
        "2018-11-03T12:00",
        "*/30 0 * * *",
        &[(
            "11-05 00:00",
            "on 4 November 2018 the clocks go forward from 00:00 to 01:00: 2 runs are skipped",
        )],
    ),
    // No daylight saving, but a day that never was.
    (
        "Pacific/Apia",
        "2011-12-29T23:00",
        "0 12 * * *",
        &[("12-31 12:00", "the calendar leaves out 30 December 2011: 1 run is skipped")],
    ),
    ("Asia/Kathmandu", "2026-03-28T12:00", "* * * * *", &[("03-28 17:46", ""), ("03-28 17:47", "")]),
];

#[test]
fn the_clocks_are_remarked_on_where_they_change_something() {
    for (zone, after, rule, expected) in CASES {
        let recurrence = if rule.starts_with('{') {
            serde_json::from_str(rule).unwrap()
        } else {
            Recurrence::Cron { expression: (*rule).to_owned() }
        };
        let table = Timetable::new(&recurrence, &Zone::named(zone).unwrap()).unwrap();
        let found: Vec<(String, String)> = table
            .preview(at(after), expected.len())
            .into_iter()
            .map(|it| (it.occurrence.local.format("%m-%d %H:%M").to_string(), it.remark.unwrap_or_default()))
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(local, remark)| ((*local).to_owned(), (*remark).to_owned())).collect();
        assert_eq!(found, expected, "{rule} in {zone} after {after}");
    }
}

/// Every jump of a zone that concerns a job is told once, no ordinary day is.
#[test]
fn a_daily_job_has_two_remarks_a_year() {
    let daily = |expression: &str, zone: &str| {
        let recurrence = Recurrence::Cron { expression: expression.to_owned() };
        let table = Timetable::new(&recurrence, &Zone::named(zone).unwrap()).unwrap();
        let all = table.preview(at("2026-01-01T00:00"), 3_650);
        all.iter().filter(|it| it.remark.is_some()).count()
    };
    // New York repeats 01:00 to 02:00 and skips 02:00 to 03:00; only a job at both hours meets both.
    assert_eq!(daily("30 2 * * *", "America/New_York"), 10);
    assert_eq!(daily("30 1 * * *", "America/New_York"), 10);
    assert_eq!(daily("30 2 * * *", "Europe/Berlin"), 20);
    assert_eq!(daily("30 4 * * *", "Europe/Berlin"), 0);
}
