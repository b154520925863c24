//! Rules judged by a reading that knows nothing of stretches: minute by minute, on the wall.

use super::*;
use crate::policy::{BlackoutEntry, windows};
use crate::recurrence::{Recurrence, TimeOfDay, Weekday};
use chrono::{NaiveDate, Timelike};

struct Made {
    expression: &'static str,
    zone: &'static str,
    windows: Vec<AllowedWindow>,
    blackouts: Vec<BlackoutEntry>,
    on: OnBlackout,
    since: &'static str,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            expression: "0 22 * * *",
            zone: "Europe/Berlin",
            windows: Vec::new(),
            blackouts: Vec::new(),
            on: OnBlackout::Skip,
            since: "2020-01-01T00:00:00Z",
        }
    }
}

fn rule(made: Made) -> Rule {
    let zone = Zone::named(made.zone).unwrap();
    let recurrence = Recurrence::Cron { expression: made.expression.to_owned() };
    let table = Timetable::new(&recurrence, &zone).unwrap();
    windows::validate(&made.windows).unwrap();
    let blackout = Arc::new(Blackout::new([("Freeze", made.blackouts.as_slice())]).unwrap());
    Rule::new(table, zone, &made.windows, blackout, made.on, at(made.since))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> BlackoutEntry {
    BlackoutEntry::Days { from: date(from), to: Some(date(to)), label: "Christmas".to_owned() }
}

fn hours(from: &str, to: &str, zone: Option<&str>) -> BlackoutEntry {
    let text = format!(r#"{{"kind":"hours","from":"{from}","to":"{to}"}}"#);
    match serde_json::from_str(&text).unwrap() {
        BlackoutEntry::Hours { from, to, label, .. } => {
            BlackoutEntry::Hours { from, to, label, zone: zone.map(str::to_owned) }
        }
        days => days,
    }
}

fn window(days: &[Weekday], from: &str, to: &str) -> AllowedWindow {
    AllowedWindow {
        weekdays: days.to_vec(),
        from: TimeOfDay::parse(from).unwrap(),
        to: TimeOfDay::parse(to).unwrap(),
    }
}

fn starts(runs: &Runs) -> Vec<(String, String)> {
    let text = |at: DateTime<Utc>| at.format("%m-%dT%H:%M").to_string();
    runs.moved.iter().map(|run| (text(run.occurrence.at), text(run.at))).collect()
}

#[test]
fn without_constraints_it_is_the_timetable() {
    let rule = rule(Made::default());
    let after = at("2026-12-08T12:00:00Z");
    let next = rule.table().next_after(after).unwrap();
    assert_eq!(rule.next_after(after), Next::Run(next.into()));
    let until = at("2027-12-08T12:00:00Z");
    assert_eq!(rule.runs(after, until).regular, [rule.table().due_between(after, until).unwrap()]);
    assert_eq!(rule.blocked(after, until), []);
    assert_eq!(rule.blocks(after), None);
}

#[test]
fn a_run_starts_only_inside_its_windows() {
    let nightly = vec![window(&[Weekday::Saturday], "22:00", "04:00")];
    let rule = rule(Made { expression: "*/30 * * * *", windows: nightly, ..Made::default() });
    let next = rule.next_after(at("2026-12-08T12:00:00Z")).run().unwrap();
    assert_eq!(next.at, at("2026-12-12T21:00:00Z"));
    // Six hours of it, twice an hour; the rest of the week is one part before and one behind.
    let (after, until) = (at("2026-12-08T12:00:00Z"), at("2026-12-15T12:00:00Z"));
    let parts: Vec<_> = rule.parts(after, until).iter().map(|part| part.due.count).collect();
    let total = rule.table().due_between(after, until).unwrap().count;
    assert_eq!((parts.len(), parts[1], parts.iter().sum::<u64>()), (3, 12, total));
}

#[test]
fn a_blackout_is_told_by_its_name_and_goes_before_a_window() {
    let rule = rule(Made {
        windows: vec![window(&[Weekday::Monday], "00:00", "00:00")],
        blackouts: vec![days("2026-12-24", "2026-12-28")],
        ..Made::default()
    });
    assert_eq!(rule.blocks(at("2026-12-27T21:00:00Z")), Some(Blocked::Blackout("Freeze: Christmas".into())));
    assert_eq!(rule.blocks(at("2026-12-29T21:00:00Z")), Some(Blocked::OutsideWindow));
    assert_eq!(rule.next_after(at("2026-12-22T00:00:00Z")).run().unwrap().at, at("2027-01-04T21:00:00Z"));
    let blocked = rule.blocked(at("2026-12-22T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    let told: Vec<_> = blocked.iter().map(|(by, due)| (by.clone(), due.count)).collect();
    assert_eq!(
        told,
        [
            (Blocked::OutsideWindow, 2),
            (Blocked::Blackout("Freeze: Christmas".into()), 5),
            (Blocked::OutsideWindow, 2),
        ]
    );
}

#[test]
fn hours_of_another_zone_are_instants_and_those_without_one_follow_the_schedule() {
    let of = |zone| {
        let blackouts = vec![hours("2026-12-24T18:00", "2026-12-25T06:00", zone)];
        rule(Made { expression: "0 * * * *", zone: "America/New_York", blackouts, ..Made::default() })
    };
    let first = |rule: &Rule| {
        let (after, until) = (at("2026-12-24T00:00:00Z"), at("2026-12-26T00:00:00Z"));
        rule.blocked(after, until).first().map(|(_, due)| (due.first.at, due.count))
    };
    assert_eq!(first(&of(Some("Europe/Berlin"))), Some((at("2026-12-24T17:00:00Z"), 12)));
    assert_eq!(first(&of(None)), Some((at("2026-12-24T23:00:00Z"), 12)));
}

#[test]
fn a_weekly_run_moves_to_the_next_allowed_day_and_keeps_its_identity() {
    // Thursdays; 24 December 2026 is one.
    let thursdays = || Made {
        expression: "0 22 * * 4",
        blackouts: vec![days("2026-12-24", "2026-12-27")],
        on: OnBlackout::Move,
        ..Made::default()
    };
    let rule_since_ever = rule(thursdays());
    let next = rule_since_ever.next_after(at("2026-12-20T00:00:00Z")).run().unwrap();
    assert_eq!((next.occurrence.at, next.at), (at("2026-12-24T21:00:00Z"), at("2026-12-28T21:00:00Z")));
    // Also when it is asked for from within the blackout, and from behind it no more.
    assert_eq!(rule_since_ever.next_after(at("2026-12-26T00:00:00Z")).run(), Some(next));
    let after = rule_since_ever.next_after(at("2026-12-28T21:00:00Z")).run().unwrap();
    assert_eq!(after.at, at("2026-12-31T21:00:00Z"));
    assert_eq!(rule_since_ever.blocked(at("2026-12-20T00:00:00Z"), at("2027-01-20T00:00:00Z")), []);
    assert_eq!(rule_since_ever.carried_over(at("2026-12-26T00:00:00Z")), [next]);
    let coming = rule_since_ever.outlook(at("2026-12-26T00:00:00Z"), 2).coming;
    assert_eq!((&coming[0].verdict, coming[0].due.first), (&Verdict::Moved(next.at), next.occurrence));
    assert_eq!((coming.len(), &coming[1].verdict), (2, &Verdict::Runs));
    // What was due before the rule was in force is not its business.
    let since = rule(Made { since: "2026-12-25T00:00:00Z", ..thursdays() });
    assert_eq!(since.next_after(at("2026-12-26T00:00:00Z")).run().unwrap().at, at("2026-12-31T21:00:00Z"));
    // The day it moves to must be allowed by its windows, too.
    let fridays = rule(Made {
        windows: vec![window(&[Weekday::Thursday, Weekday::Friday], "20:00", "23:00")],
        ..thursdays()
    });
    let next = fridays.next_after(at("2026-12-20T00:00:00Z")).run().unwrap();
    assert_eq!(next.at, at("2026-12-31T21:00:00Z"), "onto the next run's own day");
    assert_eq!(next.occurrence.at, next.at);
}

#[test]
fn a_blackout_makes_nothing_run_that_its_windows_keep_from_running() {
    let working_days = &Weekday::ALL[..5];
    assert_eq!(working_days.last(), Some(&Weekday::Friday));
    // Thursdays and Saturdays, on working days alone; 5 December 2026 is a Saturday.
    let rule = rule(Made {
        expression: "0 22 * * 4,6",
        windows: vec![window(working_days, "20:00", "23:00")],
        blackouts: vec![days("2026-12-05", "2026-12-05")],
        on: OnBlackout::Move,
        ..Made::default()
    });
    let span = (at("2026-12-04T00:00:00Z"), at("2026-12-09T00:00:00Z"));
    assert_eq!(rule.runs(span.0, span.1), Runs::default());
    assert_eq!(rule.next_after(span.0).run().unwrap().at, at("2026-12-10T21:00:00Z"));
    assert_eq!(rule.carried_over(at("2026-12-06T00:00:00Z")), []);
    let blocked = rule.blocked(span.0, span.1);
    assert_eq!((blocked.len(), blocked[0].1.first.at), (1, at("2026-12-05T21:00:00Z")));
    let coming = rule.outlook(span.0, 1).coming;
    assert!(matches!(coming[0].verdict, Verdict::Blocked(Blocked::Blackout(_))), "{coming:?}");
}

#[test]
fn one_out_of_a_gap_moves_to_the_time_it_was_written_for() {
    // The clocks of New York go forward at two on 14 March 2027, and a run of half past two is held up until three.
    let rule = rule(Made {
        expression: "30 2 * * *",
        zone: "America/New_York",
        blackouts: vec![days("2027-03-14", "2027-03-14")],
        on: OnBlackout::Move,
        ..Made::default()
    });
    let (after, until) = (at("2027-03-14T00:00:00Z"), at("2027-03-15T23:00:00Z"));
    // It meets the regular run of the next day, which stands for it.
    let runs = rule.runs(after, until);
    assert_eq!((runs.regular.len(), runs.moved.len(), runs.replaced.len()), (1, 0, 1));
    assert_eq!(runs.replaced[0].occurrence.at, at("2027-03-14T07:00:00Z"));
    assert_eq!(runs.replaced[0].at, at("2027-03-15T06:30:00Z"));
    assert_eq!(runs.regular[0].first.at, at("2027-03-15T06:30:00Z"));
}

#[test]
fn of_several_on_one_instant_the_latest_stands_for_the_others() {
    let made = |expression| Made {
        expression,
        blackouts: vec![days("2026-12-24", "2026-12-26")],
        on: OnBlackout::Move,
        ..Made::default()
    };
    let span = (at("2026-12-20T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    // Every day: the 27th has a run of its own.
    let runs = rule(made("0 22 * * *")).runs(span.0, span.1);
    assert_eq!((runs.moved.len(), runs.replaced.len(), runs.count()), (0, 3, 8));
    // Thursday, Friday and Saturday: all three move to Sunday, and the last of them runs.
    let rule = rule(made("0 22 * * 4-6"));
    let runs = rule.runs(span.0, span.1);
    assert_eq!(starts(&runs), [("12-26T21:00".to_owned(), "12-27T21:00".to_owned())]);
    assert_eq!(runs.replaced.len(), 2);
    let moved_to = at("2026-12-27T21:00:00Z");
    let coming = rule.outlook(at("2026-12-20T00:00:00Z"), 2).coming;
    let told: Vec<_> = coming.iter().map(|it| (it.due.count, it.verdict.clone())).collect();
    let wanted = [(2, Verdict::Replaced(moved_to)), (1, Verdict::Moved(moved_to)), (1, Verdict::Runs)];
    assert_eq!(told, wanted);
    assert_eq!(runs.latest().unwrap().at, moved_to);
}

#[test]
fn a_schedule_that_is_blacked_out_for_good_says_so_at_once() {
    let forever = || vec![days("2026-01-01", "2102-01-01")];
    for on in [OnBlackout::Skip, OnBlackout::Move] {
        for expression in ["* * * * *", "0 22 * * *", "0 22 29 2 *"] {
            let rule = rule(Made { expression, blackouts: forever(), on, ..Made::default() });
            assert_eq!(rule.next_after(at("2026-12-08T12:00:00Z")), Next::Never(Never::BlackedOut));
            let blocked = rule.blocked(at("2026-12-08T12:00:00Z"), at("2026-12-22T12:00:00Z"));
            assert!(blocked.len() <= 14, "{expression}: {}", blocked.len());
        }
    }
    let noon = vec![window(&Weekday::ALL, "22:00", "04:00")];
    let rule = rule(Made { expression: "0 12 * * *", windows: noon, ..Made::default() });
    assert_eq!(rule.next_after(at("2026-12-08T12:00:00Z")), Next::Never(Never::OutsideWindows));
}

#[test]
fn a_yearly_run_that_always_lies_in_a_blackout_always_moves() {
    let blackouts =
        (2026..2040).map(|year| days(&format!("{year}-12-24"), &format!("{year}-12-26"))).collect();
    let on = OnBlackout::Move;
    let rule = rule(Made { expression: "0 22 24 12 *", blackouts, on, ..Made::default() });
    let next = rule.next_after(at("2027-01-08T12:00:00Z")).run().unwrap();
    assert_eq!((next.occurrence.at, next.at), (at("2027-12-24T21:00:00Z"), at("2027-12-27T21:00:00Z")));
}

#[test]
fn one_that_is_too_dense_to_move_skips() {
    let made = |expression| Made {
        expression,
        blackouts: vec![days("2026-12-24", "2026-12-26")],
        on: OnBlackout::Move,
        ..Made::default()
    };
    let span = (at("2026-12-20T00:00:00Z"), at("2026-12-31T00:00:00Z"));
    assert_eq!(rule(made("0 * * * *")).runs(span.0, span.1).replaced.len(), 72);
    let dense = rule(made("*/30 * * * *"));
    assert_eq!(dense.runs(span.0, span.1).replaced.len(), 0);
    assert_eq!(dense.blocked(span.0, span.1)[0].1.count, 144);
}

/// Minute by minute over weeks in which clocks change: every occurrence of the timetable is blocked exactly when the wall
/// clock says so, and counted once.
#[test]
fn every_occurrence_has_the_fate_that_the_wall_clock_gives_it() {
    for (zone, from) in [
        ("Europe/Berlin", "2026-10-20T00:00:00Z"),
        ("Europe/Berlin", "2027-03-23T00:00:00Z"),
        ("America/New_York", "2026-10-28T00:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-01T00:00:00Z"),
        ("Africa/Cairo", "2026-04-20T00:00:00Z"),
        ("Asia/Kathmandu", "2026-12-01T00:00:00Z"),
    ] {
        let after = at(from);
        let start = after.date_naive();
        let day = |n: i64| start + TimeDelta::days(n);
        let freeze = BlackoutEntry::Days { from: day(3), to: Some(day(4)), label: String::new() };
        let rule = rule(Made {
            expression: "*/20 * * * *",
            zone,
            windows: vec![
                window(&Weekday::ALL, "22:30", "02:30"),
                window(&[Weekday::Sunday], "00:00", "12:00"),
            ],
            blackouts: vec![freeze],
            ..Made::default()
        });
        let until = after + TimeDelta::days(10);
        let tz = Zone::named(zone).unwrap();
        let (mut runs, mut outside, mut black) = (0, 0, 0);
        for occurrence in rule.table().expand(after, until, usize::MAX) {
            let local = tz.to_local(occurrence.at).0;
            let minute = local.hour() * 60 + local.minute();
            let sunday = chrono::Datelike::weekday(&local.date()) == chrono::Weekday::Sun;
            let open = !(150..22 * 60 + 30).contains(&minute) || (sunday && minute < 720);
            let frozen = (day(3)..=day(4)).contains(&local.date());
            let expected = match (frozen, open) {
                (true, _) => Some(Blocked::Blackout("Freeze".to_owned())),
                (false, false) => Some(Blocked::OutsideWindow),
                (false, true) => None,
            };
            assert_eq!(rule.blocks(occurrence.at), expected, "{zone} {local}");
            match expected {
                None => runs += 1,
                Some(Blocked::OutsideWindow) => outside += 1,
                Some(Blocked::Blackout(_)) => black += 1,
            }
        }
        assert_eq!(rule.runs(after, until).count(), runs, "{zone}");
        let counted = |is_black: bool| -> u64 {
            let blocked = rule.blocked(after, until);
            let of_kind = |by: &Blocked| matches!(by, Blocked::Blackout(_)) == is_black;
            blocked.iter().filter(|(by, _)| of_kind(by)).map(|(_, due)| due.count).sum()
        };
        assert_eq!((counted(false), counted(true)), (outside, black), "{zone}");
        // Stepping from run to run finds the same ones.
        let step = |after: DateTime<Utc>| rule.next_after(after).run().map(|run| run.at);
        let stepped = std::iter::successors(step(after), |last| step(*last)).take_while(|at| *at <= until);
        assert_eq!(stepped.count() as u64, runs, "{zone}");
    }
}

#[test]
fn days_beyond_all_years_stay_closed_and_end_nothing() {
    let far = NaiveDate::MAX.to_string();
    for made in [days("2026-12-24", &far), days(&far, &far)] {
        let closed = made.label() == "Christmas"
            && matches!(made, BlackoutEntry::Days { from, .. } if from != NaiveDate::MAX);
        let rule = rule(Made { blackouts: vec![made], on: OnBlackout::Move, ..Made::default() });
        let next = rule.next_after(at("2026-12-25T00:00:00Z"));
        assert_eq!(next.run().is_none(), closed);
    }
}

#[test]
fn an_outlook_shows_as_many_starts_as_are_asked_for() {
    // Every quarter of an hour, on two nights of the week.
    let weekend = vec![window(&[Weekday::Saturday, Weekday::Sunday], "22:00", "04:00")];
    let rule = rule(Made { expression: "*/15 * * * *", windows: weekend, ..Made::default() });
    let coming = rule.outlook(at("2026-12-07T12:00:00Z"), 30).coming;
    let starting = coming.iter().filter(|it| it.verdict == Verdict::Runs).count();
    // One line for the week before the first night, and one for the day between the two.
    assert_eq!((starting, coming.len()), (30, 32));
    assert_eq!(coming.iter().map(|it| it.due.count).max(), Some(coming[0].due.count));
}

#[test]
fn what_was_not_looked_at_is_not_called_never() {
    // 1,600 nights with an hour each, one after the other, and then nights like any other.
    let first = date("2026-12-08");
    let night = |n: i64| {
        let day = first + TimeDelta::days(n);
        hours(&format!("{day}T22:00"), &format!("{day}T23:00"), None)
    };
    let made =
        Made { expression: "30 22 * * *", blackouts: (0..1_600).map(night).collect(), ..Made::default() };
    let rule = rule(made);
    let Next::Never(Never::NotUntil(looked)) = rule.next_after(at("2026-12-08T12:00:00Z")) else {
        panic!("{:?}", rule.next_after(at("2026-12-08T12:00:00Z")));
    };
    assert_eq!(looked.date_naive(), first + TimeDelta::days(1_499));
    // From there on the run is found.
    let run = rule.next_after(looked).run().unwrap();
    assert_eq!(run.at.date_naive(), first + TimeDelta::days(1_600));
    let outlook = rule.outlook(at("2026-12-08T12:00:00Z"), 10);
    assert_eq!((outlook.coming.len(), outlook.coming[0].due.count), (1, 1_520));
    assert_eq!(outlook.until.unwrap().date_naive(), first + TimeDelta::days(1_519));
}

#[test]
fn an_outlook_tells_where_it_stopped() {
    let late = vec![window(&Weekday::ALL, "22:00", "23:00")];
    let hourly = rule(Made { expression: "0 * * * *", windows: late, ..Made::default() });
    let outlook = hourly.outlook(at("2026-12-08T12:00:00Z"), 800);
    let starting = outlook.coming.iter().filter(|it| it.verdict == Verdict::Runs).count();
    assert_eq!((starting, outlook.until), (800, None));
    // In a zone whose clocks never change it is one stretch, of which no more than some years are looked at.
    let forever = vec![days("2026-12-09", "2102-01-01")];
    let blacked_out = rule(Made { blackouts: forever, zone: "UTC", ..Made::default() });
    let outlook = blacked_out.outlook(at("2026-12-08T12:00:00Z"), 2);
    assert_eq!(outlook.coming.len(), 2);
    assert_eq!(outlook.until, Some(at("2026-12-09T22:00:00Z") + TimeDelta::days(5 * 366)));
}

#[test]
fn an_outlook_of_what_never_starts_ends() {
    let forever = || vec![days("2026-01-01", "2102-01-01")];
    for on in [OnBlackout::Skip, OnBlackout::Move] {
        for expression in ["* * * * *", "0 22 * * *"] {
            let rule = rule(Made { expression, blackouts: forever(), on, ..Made::default() });
            let coming = rule.outlook(at("2026-12-08T12:00:00Z"), 10).coming;
            assert_eq!(coming.len(), 1, "{expression}");
        }
    }
}
