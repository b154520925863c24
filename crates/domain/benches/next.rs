//! One next occurrence: strict crontab meaning, zone rules and daylight saving, beside the `cron` crate alone.
//!
//! The crate alone answers a smaller question, as fast as it can: in UTC, with its own reading of the day fields. It is
//! what we step with underneath, so the ratio says what being right costs. Each expression is asked for a chain of
//! occurrences, each after the one before, in a zone of its own; at last with windows and blackouts.

use chrono::{DateTime, Days, Utc};
use mf_domain::policy::{AllowedWindow, Blackout, BlackoutEntry, OnBlackout, Rule};
use mf_domain::recurrence::monthly::OFFSET_MAX;
use mf_domain::recurrence::{Nth, Recurrence, TimeOfDay, Timetable, Weekday, Zone};
use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Instant;

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Vancouver",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Auckland",
];
const MINUTES: [&str; 6] = ["0", "30", "*/15", "5,35", "*", "10-20"];
const HOURS: [&str; 5] = ["3", "22", "*", "*/4", "8-17"];
const DAYS: [[&str; 3]; 10] = [
    ["*", "*", "*"],
    ["*", "*", "MON-FRI"],
    ["*", "*", "SUN"],
    ["*", "*", "TUE,THU"],
    ["1", "*", "*"],
    ["15", "*", "*"],
    ["1-7", "*", "*"],
    ["1", "1,4,7,10", "*"],
    ["29", "2", "*"],
    ["13", "*", "FRI"],
];
/// Occurrences asked of each expression.
const CHAIN: u32 = 100;
const RUNS: usize = 9;
const START: &str = "2026-01-15T10:07:00Z";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let start: DateTime<Utc> = START.parse()?;
    let mut ours = Vec::new();
    let mut crate_alone = Vec::new();
    let fields = MINUTES.iter().flat_map(|minute| HOURS.iter().map(move |hour| (minute, hour)));
    for (minute, hour) in fields {
        for [day, month, weekday] in DAYS {
            let expression = format!("{minute} {hour} {day} {month} {weekday}");
            let zone = Zone::named(ZONES[ours.len() % ZONES.len()])?;
            // The crate wants seconds; names of weekdays mean the same to both.
            crate_alone.push(cron::Schedule::from_str(&format!("0 {expression}"))?);
            ours.push(Timetable::new(&Recurrence::Cron { expression }, &zone)?);
        }
    }
    let next = median(|| {
        let steps = ours.iter().map(|table| chain(start, |after| Some(table.next_after(after)?.at)));
        steps.sum()
    });
    let alone = median(|| {
        let steps = crate_alone.iter().map(|schedule| chain(start, |after| schedule.after(&after).next()));
        steps.sum()
    });
    let line = serde_json::json!({
        "name": "next_occurrence",
        "value": next.round(),
        "unit": "ns",
        "against": alone.round(),
        "ratio": (alone / next * 1e3).round() / 1e3,
        "beside": "the cron crate alone, in UTC",
        "expressions": ours.len(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    let time = TimeOfDay::new(22, 0).ok_or("no such time")?;
    let patch = |offset_days| Recurrence::PatchTuesday { offset_days, time };
    let nth = |(nth, weekday)| Recurrence::NthWeekday { nth, weekday, time };
    let weekdays = || Nth::ALL.into_iter().flat_map(|nth| Weekday::ALL.map(|weekday| (nth, weekday)));
    of_kind("next_patch_tuesday", (0..=OFFSET_MAX).map(patch), start)?;
    of_kind("next_nth_weekday", weekdays().map(nth), start)?;
    let limited = limited(&ours, start)?;
    let next = median(|| {
        limited.iter().map(|rule| chain(start, |after| Some(rule.next_after(after).run()?.at))).sum()
    });
    let line = serde_json::json!({
        "name": "next_run_with_limits", "value": next.round(), "unit": "ns", "rules": limited.len(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// The expressions with nightly windows and a week of blackout in every month, as far as they ever run so.
fn limited(tables: &[Timetable], start: DateTime<Utc>) -> Outcome<Vec<Rule>> {
    let windows = [AllowedWindow {
        weekdays: Weekday::ALL.to_vec(),
        from: TimeOfDay::new(20, 0).unwrap_or_default(),
        to: TimeOfDay::new(6, 0).unwrap_or_default(),
    }];
    let day = |n: u64| start.date_naive() + Days::new(n);
    let freeze = |month: u64| BlackoutEntry::Days {
        from: day(month * 30),
        to: Some(day(month * 30 + 6)),
        label: String::new(),
    };
    let entries: Vec<BlackoutEntry> = (0..900).map(freeze).collect();
    let blackout = Arc::new(Blackout::new([("Freeze", entries.as_slice())])?);
    let mut rules = Vec::new();
    for (n, table) in tables.iter().enumerate() {
        let zone = Zone::named(ZONES[n % ZONES.len()])?;
        let rule = Rule::new(table.clone(), zone, &windows, blackout.clone(), OnBlackout::Move, start);
        if rule.next_after(start).run().is_some() {
            rules.push(rule);
        }
    }
    Ok(rules)
}

/// The kinds that cron cannot say, which nothing runs beside.
fn of_kind(name: &str, rules: impl Iterator<Item = Recurrence>, start: DateTime<Utc>) -> Outcome<()> {
    let zones = ZONES.iter().cycle();
    let tables = rules
        .zip(zones)
        .map(|(rule, zone)| Ok(Timetable::new(&rule, &Zone::named(zone)?)?))
        .collect::<Outcome<Vec<_>>>()?;
    let next = median(|| tables.iter().map(|it| chain(start, |after| Some(it.next_after(after)?.at))).sum());
    let line = serde_json::json!({"name": name, "value": next.round(), "unit": "ns", "rules": tables.len()});
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// Steps through a chain and answers how many steps there were.
fn chain(start: DateTime<Utc>, next: impl Fn(DateTime<Utc>) -> Option<DateTime<Utc>>) -> u32 {
    let mut after = start;
    for step in 0..CHAIN {
        match next(black_box(after)) {
            Some(at) => after = at,
            None => return step,
        }
    }
    CHAIN
}

/// Nanoseconds per step, the median of several runs.
fn median(run: impl Fn() -> u32) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let steps = black_box(run());
            start.elapsed().as_secs_f64() * 1e9 / f64::from(steps.max(1))
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
