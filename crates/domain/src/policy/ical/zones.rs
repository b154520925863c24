//! The zones of a file, as zones of the bundled database.
//!
//! A file names zones as its program likes: `Europe/Berlin`, `/citadel.org/20250101_1/Europe/Berlin`, `W. Europe Standard
//! Time`. A name that leads to no zone is found by the rules that stand beside it (VTIMEZONE): the zone whose clocks change
//! when those do, in every year of some years. One that none fits is refused by its name.

use super::work::Work;
use super::{When, parameter, refuse, value, wall};
use crate::Invalid;
use crate::policy::ical::repeat::Repeat;
use crate::recurrence::{Resolved, Zone, zone_names};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use icalendar::parser::Component;
use std::collections::HashMap;

/// The years in which the clocks must agree.
const YEARS: std::ops::RangeInclusive<i32> = 2026..=2030;
/// What it costs to look at a zone, in days of a rule.
const LOOK: u64 = 1_500;
/// Longest name that is looked up.
const NAME_MAX: usize = 200;
/// Tried before all others: where the most people live.
const FIRST: [&str; 24] = [
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Halifax",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Jerusalem",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Pacific/Auckland",
    "Africa/Johannesburg",
    "UTC",
];

/// The zones a file names, each with its name here.
#[derive(Debug, Default)]
pub(super) struct Zones {
    known: HashMap<String, Option<String>>,
}

/// A change of the clocks: just before it, and from it on.
struct Change {
    at: DateTime<Utc>,
    before: i32,
    after: i32,
}

impl Zones {
    pub(super) fn of(components: &[Component<'_>], work: &Work) -> Result<Self, Invalid> {
        let mut zones = Self::default();
        for component in components.iter().filter(|component| component.name == "VTIMEZONE") {
            let Some(name) = value(component, "TZID") else { continue };
            let by_name = by_name(name).or_else(|| by_name(value(component, "X-LIC-LOCATION")?));
            let found = match by_name {
                Some(found) => Some(found),
                None => {
                    let found = by_rules(component, work);
                    // Refuses where the rules, or the search, were too much.
                    work.spend(1)?;
                    found
                }
            };
            zones.known.insert(name.to_owned(), found);
        }
        // Names that stand beside no rules.
        for property in components.iter().flat_map(|component| &component.properties) {
            if let Some(name) = parameter(property, "TZID") {
                zones.known.entry(name.to_owned()).or_insert_with(|| by_name(name));
            }
        }
        Ok(zones)
    }

    /// The name a zone of the file has here.
    pub(super) fn named(&self, name: &str) -> Result<&str, Invalid> {
        self.known.get(name).and_then(Option::as_deref).ok_or_else(|| {
            let name: String = name.chars().take(60).collect();
            refuse(format!("its time zone, “{name}”, is none that is known, nor do its rules fit one"))
        })
    }

    /// A time as the wall clock of another zone shows it. Without a zone on either side, it is the same time.
    pub(super) fn as_seen_in(&self, when: &When<'_>, zone: Option<&str>) -> Result<NaiveDateTime, Invalid> {
        match (when.zone, zone) {
            (Some(own), Some(other)) if own != other => {
                let at = match Zone::named(own)?.resolve(when.wall) {
                    Resolved::Once(at) | Resolved::Gap { end: at } | Resolved::Fold { first: at, .. } => at,
                };
                Ok(Zone::named(other)?.to_local(at).0)
            }
            _ => Ok(when.wall),
        }
    }
}

/// A zone by its name, or by the end of a path.
fn by_name(name: &str) -> Option<String> {
    // None is as long, and every end of a path is looked up.
    let mut rest = name.trim().trim_start_matches('/');
    if rest.len() > NAME_MAX {
        return None;
    }
    loop {
        if let Ok(zone) = Zone::named(rest) {
            return Some(zone.name().to_owned());
        }
        (_, rest) = rest.split_once('/')?;
    }
}

/// The zone whose clocks change when those of the rules do.
fn by_rules(component: &Component<'_>, work: &Work) -> Option<String> {
    let parts: Option<Vec<Vec<Change>>> =
        component.components.iter().map(|part| changes(part, work)).collect();
    let mut changes: Vec<Change> = parts?.into_iter().flatten().collect();
    changes.sort_by_key(|change| change.at);
    let last = changes.last()?.after;
    changes.retain(|change| YEARS.contains(&change.at.year()) && change.before != change.after);
    let fits = |name: &&str| {
        let Ok(zone) = Zone::named(name) else { return false };
        let offset = |at: DateTime<Utc>| zone.to_local(at).1;
        let agree = |change: &Change| {
            offset(change.at) == change.after && offset(change.at - TimeDelta::seconds(1)) == change.before
        };
        changes.iter().all(agree)
            && count(&zone) == changes.len()
            && (!changes.is_empty() || offset(noon()) == last)
    };
    FIRST
        .into_iter()
        .chain(zone_names())
        .find(|name| work.spend(LOOK).is_ok() && fits(name))
        .map(str::to_owned)
}

fn noon() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(*YEARS.start(), 6, 15)
        .unwrap_or_default()
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
}

/// How often the clocks of a zone change in those years.
fn count(zone: &Zone) -> usize {
    let instant = |year: i32| {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap_or_default()
            .and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp()
    };
    let (mut at, end) = (instant(*YEARS.start()), instant(YEARS.end() + 1));
    let mut count = 0;
    while let Some(next) = zone.stretch_at(at).end.filter(|next| *next < end) {
        let (before, after) = (zone.stretch_at(next - 1).offset, zone.stretch_at(next).offset);
        count += usize::from(before != after);
        at = next;
    }
    count
}

/// The changes that one part of the rules (STANDARD or DAYLIGHT) makes.
fn changes(part: &Component<'_>, work: &Work) -> Option<Vec<Change>> {
    let start = wall(value(part, "DTSTART")?)?;
    let (before, after) = (offset(value(part, "TZOFFSETFROM")?)?, offset(value(part, "TZOFFSETTO")?)?);
    let mut starts = vec![start];
    if let Some(rule) = value(part, "RRULE") {
        let from_utc = TimeDelta::seconds(i64::from(before));
        let see = |when: &When<'_>| Ok(if when.zone.is_some() { when.wall + from_utc } else { when.wall });
        starts = Repeat::read(rule, see).ok()?.starts(start, work).ok()?;
    }
    for property in part.properties.iter().filter(|property| property.name == "RDATE") {
        for text in property.val.as_str().split(',') {
            starts.push(wall(text.trim())?);
        }
    }
    let change = |wall: NaiveDateTime| Change {
        at: (wall - TimeDelta::seconds(i64::from(before))).and_utc(),
        before,
        after,
    };
    Some(starts.into_iter().map(change).collect())
}

/// `+0100`, `-033000`: in seconds.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let two = |at: usize| digits.get(at..at + 2)?.parse::<i32>().ok();
    let seconds = if digits.len() > 4 { two(4)? } else { 0 };
    Some(sign * (two(0)? * 3_600 + two(2)? * 60 + seconds))
}
