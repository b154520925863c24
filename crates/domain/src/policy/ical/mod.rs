//! Reading an iCalendar file (RFC 5545) as entries of a blackout calendar.
//!
//! The file is taken apart by the crate `icalendar`, line by line (`lines`) and event by event (`event`); what repeats is
//! written out by `repeat`, on the wall clock, up to the last
//! year a schedule can reach; zones are those of the bundled database, found by name or by their rules (`zones`). Whatever
//! cannot be honoured in full is refused by name: a blackout that is imported in part would let runs through. Deliberately
//! absent: to-dos, journals, alarms, busy times (VFREEBUSY), and whether an event shows as busy; public holidays mostly do not.

mod event;
mod length;
mod lines;
mod repeat;
#[cfg(test)]
mod tests;
mod work;
mod zones;

use super::BlackoutEntry;
use super::blackout::{self, ENTRIES_MAX, YEARS};
use crate::Invalid;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use event::Reading;
use icalendar::parser::{Component, Property, read_calendar};
use std::collections::HashMap;
use work::Work;
use zones::Zones;

/// Largest file, in bytes.
pub const FILE_MAX: usize = 5 * 1024 * 1024;
/// Longest label taken from an event, in characters.
const LABEL_MAX: usize = 200;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// In order, each once.
    pub entries: Vec<BlackoutEntry>,
    /// Events they come from.
    pub events: u32,
    /// Events that were cancelled or take no time.
    pub ignored: u32,
}

/// A time as an event has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct When<'a> {
    wall: NaiveDateTime,
    /// A date without a time of day.
    is_date: bool,
    /// The zone of the wall clock; none: whichever zone asks.
    zone: Option<&'a str>,
}

/// The beginning of what a file says, to be shown.
fn shown(text: &str) -> String {
    text.chars().take(30).collect()
}

fn refuse(message: impl Into<String>) -> Invalid {
    Invalid::new("ical", message)
}

/// Reads a file.
///
/// # Errors
/// [`Invalid`] with the field `ical`; its message names what cannot be read or honoured.
pub fn read(text: &str) -> Result<Imported, Invalid> {
    read_within(text, &Work::default())
}

fn read_within(text: &str, work: &Work) -> Result<Imported, Invalid> {
    if text.len() > FILE_MAX {
        return Err(refuse("is larger than 5 MiB"));
    }
    let text = lines::prepared(text.trim_start_matches('\u{feff}').trim())?;
    if !text.starts_with("BEGIN:VCALENDAR") {
        return Err(refuse("is not an iCalendar file: it does not begin with BEGIN:VCALENDAR"));
    }
    let calendar = read_calendar(&text).map_err(|error| {
        let place: String =
            error.lines().find(|line| line.contains("line")).unwrap_or("").chars().take(120).collect();
        refuse(format!("cannot be read as an iCalendar file. {place}").trim_end().to_owned())
    })?;
    if let Some(busy) = calendar.components.iter().find(|component| component.name == "VFREEBUSY") {
        let name = shown(busy.name.as_str());
        return Err(refuse(format!("holds busy times ({name}), which cannot be read: export the events")));
    }
    let zones = Zones::of(&calendar.components, work)?;
    let events: Vec<&Component<'_>> =
        calendar.components.iter().filter(|component| component.name == "VEVENT").collect();
    if events.is_empty() {
        return Err(no_event(&calendar.components));
    }
    let replaced = replaced(&events, &zones)?;
    let mut imported = Imported { entries: Vec::new(), events: 0, ignored: 0 };
    for event in events {
        let cancelled = value(event, "STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"));
        let before = imported.entries.len();
        if !cancelled {
            let reading = Reading { event, zones: &zones, replaced: &replaced, work };
            imported.entries.extend(joined(reading.entries().map_err(|invalid| in_event(event, &invalid))?));
        }
        let count =
            if imported.entries.len() == before { &mut imported.ignored } else { &mut imported.events };
        *count += 1;
        if imported.entries.len() > ENTRIES_MAX * 2 {
            return Err(refuse(format!("holds more than {ENTRIES_MAX} dates")));
        }
    }
    if imported.entries.is_empty() {
        return Err(refuse("holds no date to keep clear of: each event in it is cancelled or takes no time"));
    }
    imported.entries = joined(blackout::in_order(imported.entries)?);
    if imported.entries.len() > ENTRIES_MAX {
        return Err(refuse(format!("holds more than {ENTRIES_MAX} dates")));
    }
    Ok(imported)
}

/// What a file holds instead of events. To import it would be to put nothing in the place of a calendar.
fn no_event(components: &[Component<'_>]) -> Invalid {
    let mut others: Vec<&str> = components.iter().map(|component| component.name.as_str()).collect();
    others.retain(|name| *name != "VTIMEZONE");
    others.sort_unstable();
    others.dedup();
    if others.is_empty() {
        return refuse("holds no event: the calendar is empty");
    }
    others.truncate(5);
    let others: Vec<String> = others.into_iter().map(shown).collect();
    refuse(format!("holds no event (VEVENT), only {}", others.join(", ")))
}

fn value<'a>(component: &'a Component<'_>, name: &str) -> Option<&'a str> {
    component.find_prop(name).map(|property| property.val.as_str())
}

fn parameter<'a>(property: &'a Property<'_>, name: &str) -> Option<&'a str> {
    let named = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name));
    named?.val.as_ref().map(|value| value.as_str().trim_matches('"'))
}

fn label(event: &Component<'_>) -> String {
    let summary = event.find_prop("SUMMARY").map(|property| property.val.clone().unescape_text());
    let text: String = summary.as_ref().map_or("", |text| text.as_str()).chars().take(LABEL_MAX).collect();
    text.replace('\0', "").trim().to_owned()
}

fn in_event(event: &Component<'_>, invalid: &Invalid) -> Invalid {
    let name = label(event);
    let name: String = name.chars().take(60).collect();
    refuse(format!("holds an event, “{name}”, that cannot be honoured: {}", invalid.message))
}

/// Single occurrences that events of their own stand for: by the event's id, when they were.
fn replaced<'a>(
    events: &[&Component<'_>],
    zones: &'a Zones,
) -> Result<HashMap<String, Vec<When<'a>>>, Invalid> {
    let mut replaced: HashMap<String, Vec<When<'a>>> = HashMap::new();
    for event in events {
        let Some(property) = event.find_prop("RECURRENCE-ID") else { continue };
        if parameter(property, "RANGE").is_some() {
            return Err(in_event(event, &refuse("it changes all later ones at once (RANGE)")));
        }
        let at = times(property, zones).map_err(|invalid| in_event(event, &invalid))?;
        replaced.entry(value(event, "UID").unwrap_or_default().to_owned()).or_default().extend(at);
    }
    Ok(replaced)
}

/// The times of a property; several are separated by commas.
fn times<'a>(property: &Property<'_>, zones: &'a Zones) -> Result<Vec<When<'a>>, Invalid> {
    let zone = parameter(property, "TZID").map(|name| zones.named(name)).transpose()?;
    if parameter(property, "VALUE").is_some_and(|value| value.eq_ignore_ascii_case("PERIOD")) {
        return Err(refuse("it has periods"));
    }
    property.val.as_str().split(',').map(|text| time(text.trim(), zone)).collect()
}

fn time<'a>(text: &str, zone: Option<&'a str>) -> Result<When<'a>, Invalid> {
    let unreadable = || refuse(format!("“{}” is no time", shown(text)));
    if let Some(date) = date(text) {
        return Ok(When { wall: date.and_time(NaiveTime::MIN), is_date: true, zone: None });
    }
    let (digits, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, Some("UTC")),
        None => (text, zone),
    };
    Ok(When { wall: wall(digits).ok_or_else(unreadable)?, is_date: false, zone })
}

fn date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// A leap second is taken as the one before it, as RFC 5545 has it.
fn wall(text: &str) -> Option<NaiveDateTime> {
    let wall = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok()?.with_nanosecond(0)?;
    YEARS.contains(&wall.year()).then_some(wall)
}

/// Whole days that follow one another, and are called the same, as one entry.
fn joined(entries: Vec<BlackoutEntry>) -> Vec<BlackoutEntry> {
    let mut joined: Vec<BlackoutEntry> = Vec::with_capacity(entries.len());
    for entry in entries {
        if let (
            Some(BlackoutEntry::Days { from, to, label }),
            BlackoutEntry::Days { from: next, to: next_to, label: next_label },
        ) = (joined.last_mut(), &entry)
            && label == next_label
            && *next <= to.unwrap_or(*from) + TimeDelta::days(1)
        {
            *to = (*to).max(Some(next_to.unwrap_or(*next))).filter(|last| last > from);
            continue;
        }
        joined.push(entry);
    }
    joined
}

/// The end of what a schedule can reach.
fn horizon() -> NaiveDateTime {
    DateTime::from_timestamp(4_133_980_800, 0).unwrap_or_default().naive_utc()
}
