//! Samples about blackout calendars.

use super::*;
use mf_contract::Done;
use mf_contract::blackouts::*;
use mf_domain::policy::BlackoutEntry;

fn entry(text: &str) -> BlackoutEntry {
    match serde_json::from_str(text) {
        Ok(entry) => entry,
        Err(error) => panic!("{text}: {error}"),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let entries = || {
        vec![
            entry(r#"{"kind":"days","from":"2026-12-24","to":"2026-12-26","label":"Christmas"}"#),
            entry(r#"{"kind":"days","from":"2026-12-31","label":""}"#),
            entry(r#"{"kind":"hours","from":"2027-01-04T18:00","to":"2027-01-05T06:00","label":"Freeze"}"#),
            entry(
                r#"{"kind":"hours","from":"2027-01-06T18:00","to":"2027-01-07T06:00","zone":"Europe/Berlin","label":""}"#,
            ),
        ]
    };
    let calendar = BlackoutCalendar {
        id: id(8),
        name: "Year end".to_owned(),
        entries: entries(),
        created_by: Some(id(9)),
        created_at: at(0),
        updated_at: at(1),
    };
    let summary = BlackoutCalendarSummary {
        id: id(8),
        name: "Year end".to_owned(),
        entry_count: 4,
        schedule_count: 2,
        updated_at: at(1),
    };
    let update =
        UpdateBlackoutCalendar { id: id(8), name: Some("Year end".to_owned()), entries: Some(entries()) };
    let into_new = ImportBlackoutCalendar {
        ical: "BEGIN:VCALENDAR…".to_owned(),
        name: Some("Holidays".to_owned()),
        id: None,
    };
    let into_old = ImportBlackoutCalendar { name: None, id: Some(id(8)), ..into_new.clone() };
    let imported = ImportedBlackoutCalendar { calendar: calendar.clone(), events: 3, ignored: 1 };
    vec![
        sample(&into_new, &imported),
        sample(&into_old, &imported),
        sample(&CreateBlackoutCalendar { name: "Year end".to_owned(), entries: entries() }, &calendar),
        sample(&update, &calendar),
        sample(&UpdateBlackoutCalendar { id: id(8), name: None, entries: None }, &calendar),
        sample(&GetBlackoutCalendar { id: id(8) }, &calendar),
        sample(&ListBlackoutCalendars {}, &vec![summary]),
        sample(&DeleteBlackoutCalendar { id: id(8) }, &Done {}),
    ]
}
