//! Tests of the rows.

use super::*;

fn run(at: &str, local: &str, remark: Option<&str>) -> PreviewedOccurrence {
    PreviewedOccurrence {
        count: 1,
        at: at.parse().unwrap(),
        local: local.to_owned(),
        offset: String::new(),
        remark: remark.map(str::to_owned),
        verdict: Verdict::Runs,
        starts_at: None,
        blackout: None,
    }
}

fn judged(at: &str, verdict: Verdict, starts_at: Option<&str>) -> PreviewedOccurrence {
    PreviewedOccurrence {
        verdict,
        starts_at: starts_at.map(|at| at.parse().unwrap()),
        blackout: (verdict != Verdict::Runs && verdict != Verdict::OutsideWindow)
            .then(|| "Year end".to_owned()),
        ..run(&format!("{at}:00Z"), at, None)
    }
}

/// New York in 2027: an hour ahead from 14 March on.
fn new_york(at: DateTime<Utc>) -> i32 {
    if at < "2027-03-14T07:00:00Z".parse::<DateTime<Utc>>().unwrap() { -300 } else { -240 }
}

fn clocks<'a>(zone: &'a str, viewer: &'a str, offset: fn(DateTime<Utc>) -> i32) -> Clocks<'a> {
    Clocks { zone, viewer, offset, wall: |_, _| None }
}

fn told(rows: &[RunRow]) -> Vec<(&str, Fate, &str)> {
    rows.iter().map(|row| (row.there.as_str(), row.fate, row.remark.as_deref().unwrap_or_default())).collect()
}

#[test]
fn a_run_is_told_on_both_clocks_and_why_the_viewers_moved() {
    let runs = [
        run("2027-02-19T21:00:00Z", "2027-02-19T22:00", None),
        run("2027-03-19T21:00:00Z", "2027-03-19T22:00", None),
        run("2027-04-23T20:00:00Z", "2027-04-23T22:00", None),
        run("2027-05-21T20:00:00Z", "2027-05-21T22:00", None),
    ];
    let rows = run_rows(&runs, 10, &clocks("Europe/Berlin", "America/New_York", new_york));
    let told: Vec<(&str, &str, Option<&str>)> =
        rows.iter().map(|row| (row.there.as_str(), row.here.as_str(), row.remark.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("Fri 19 Feb 2027, 22:00", "16:00", None),
            ("Fri 19 Mar 2027, 22:00", "17:00", Some("New York has changed its clocks, Berlin has not")),
            ("Fri 23 Apr 2027, 22:00", "16:00", Some("Berlin has changed its clocks, New York has not")),
            ("Fri 21 May 2027, 22:00", "16:00", None),
        ]
    );
}

#[test]
fn what_happens_to_the_run_itself_is_said_first() {
    let remark = "02:30 happens twice: runs the first time";
    let runs = [
        run("2027-03-13T07:00:00Z", "2027-03-13T02:00", None),
        run("2027-03-15T07:00:00Z", "2027-03-15T03:00", Some(remark)),
    ];
    let rows = run_rows(&runs, 10, &clocks("America/New_York", "Asia/Tokyo", |_| 540));
    assert_eq!(rows[1].remark.as_deref(), Some(remark));
    // In one zone there is nothing to compare.
    let rows = run_rows(&runs[..1], 10, &clocks("America/New_York", "America/New_York", new_york));
    assert_eq!((rows[0].here.as_str(), &rows[0].remark), ("02:00", &None));
}

#[test]
fn what_a_blackout_makes_of_a_run_is_said_where_it_starts() {
    let runs = [
        judged("2026-12-18T22:00", Verdict::Runs, None),
        judged("2026-12-25T22:00", Verdict::Replaced, Some("2027-01-02T22:00:00Z")),
        judged("2027-01-01T22:00", Verdict::Moved, Some("2027-01-02T22:00:00Z")),
        judged("2027-01-08T22:00", Verdict::Blackout, None),
        judged("2027-01-15T22:00", Verdict::Runs, None),
    ];
    let rows = run_rows(&runs, 10, &clocks("UTC", "UTC", |_| 0));
    assert_eq!(
        told(&rows),
        [
            ("Fri 18 Dec 2026, 22:00", Fate::Runs, ""),
            (
                "Fri 25 Dec 2026, 22:00",
                Fate::Kept,
                "Does not start: in the blackout “Year end”; a later run on Sat 2 Jan 2027, 22:00 stands for it"
            ),
            (
                "Sat 2 Jan 2027, 22:00",
                Fate::Moved,
                "Moved from Fri 1 Jan 2027, 22:00, which lies in the blackout “Year end”"
            ),
            ("Fri 8 Jan 2027, 22:00", Fate::Kept, "Does not start: in the blackout “Year end”"),
            ("Fri 15 Jan 2027, 22:00", Fate::Runs, ""),
        ]
    );
    // No more than is asked for, and nothing behind the last that starts.
    assert_eq!(run_rows(&runs, 2, &clocks("UTC", "UTC", |_| 0)).len(), 3);
}

#[test]
fn many_that_do_not_start_for_one_reason_are_one_row() {
    let outside = |hour: u32| judged(&format!("2026-12-11T{hour:02}:00"), Verdict::OutsideWindow, None);
    let mut runs: Vec<_> = (10..22).map(outside).collect();
    runs.push(judged("2026-12-11T22:00", Verdict::Runs, None));
    runs.extend((23..24).map(outside));
    let rows = run_rows(&runs, 10, &clocks("UTC", "UTC", |_| 0));
    let why = "outside the hours it may start in";
    assert_eq!(
        told(&rows),
        [
            (
                "Fri 11 Dec 2026, 10:00",
                Fate::Kept,
                format!("12 runs from here on do not start: {why}").as_str()
            ),
            ("Fri 11 Dec 2026, 22:00", Fate::Runs, ""),
            ("Fri 11 Dec 2026, 23:00", Fate::Kept, format!("Does not start: {why}").as_str()),
        ]
    );
    let rows = run_rows(&runs[..12], 10, &clocks("UTC", "UTC", |_| 0));
    assert_eq!(told(&rows)[0].2, format!("This and the next 11 do not start: {why}"));
}

#[test]
fn what_the_engine_tells_together_is_counted() {
    let outside = judged("2026-12-11T10:00", Verdict::OutsideWindow, None);
    let runs =
        [PreviewedOccurrence { count: 48, ..outside }, judged("2026-12-11T22:00", Verdict::Runs, None)];
    let rows = run_rows(&runs, 10, &clocks("UTC", "UTC", |_| 0));
    let told = told(&rows);
    assert_eq!(told[0].2, "48 runs from here on do not start: outside the hours it may start in");
    assert_eq!((told.len(), told[1].1), (2, Fate::Runs));
}
