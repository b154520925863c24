//! An event, as the entries it stands for.

use super::length::{Length, instant};
use super::repeat::Repeat;
use super::work::Work;
use super::zones::Zones;
use super::{When, label, refuse, times, value};
use crate::Invalid;
use crate::policy::BlackoutEntry;
use crate::policy::blackout::YEARS;
use crate::recurrence::Zone;
use chrono::{NaiveDateTime, TimeDelta, Timelike};
use icalendar::parser::Component;
use std::collections::{BTreeSet, HashMap};

/// One event being read.
pub(super) struct Reading<'a> {
    pub(super) event: &'a Component<'a>,
    pub(super) zones: &'a Zones,
    pub(super) replaced: &'a HashMap<String, Vec<When<'a>>>,
    pub(super) work: &'a Work,
}

impl Reading<'_> {
    fn one(&self, name: &str) -> Result<Option<When<'_>>, Invalid> {
        let Some(property) = self.event.find_prop(name) else { return Ok(None) };
        Ok(times(property, self.zones)?.into_iter().next())
    }

    /// All times of all properties of a name, as the wall clock of the event's own zone shows them.
    fn all(&self, name: &str, start: &When<'_>) -> Result<Vec<NaiveDateTime>, Invalid> {
        let mut all = Vec::new();
        for property in self.event.properties.iter().filter(|property| property.name == name) {
            for when in times(property, self.zones)? {
                all.push(self.seen(name, &when, start)?);
            }
        }
        Ok(all)
    }

    /// A date would name a time at midnight, and a time no date: nothing would be left out, or too much added.
    fn seen(&self, name: &str, when: &When<'_>, start: &When<'_>) -> Result<NaiveDateTime, Invalid> {
        if when.is_date != start.is_date {
            return Err(refuse(format!("of its start and its {name} one is a date and one a time")));
        }
        self.zones.as_seen_in(when, start.zone)
    }

    pub(super) fn entries(&self) -> Result<Vec<BlackoutEntry>, Invalid> {
        let start = self.one("DTSTART")?.ok_or_else(|| refuse("it has no start (DTSTART)"))?;
        let length = self.length(&start)?;
        if length.is_nothing() {
            return Ok(Vec::new());
        }
        let mut starts = BTreeSet::from([start.wall]);
        let mut rules = self.event.properties.iter().filter(|property| property.name == "RRULE");
        if let Some(rule) = rules.next() {
            if rules.next().is_some() {
                return Err(refuse("it repeats by two rules at once"));
            }
            let see = |when: &When<'_>| self.zones.as_seen_in(when, start.zone);
            starts.extend(Repeat::read(rule.val.as_str(), see)?.starts(start.wall, self.work)?);
        }
        if self.event.find_prop("EXRULE").is_some() {
            return Err(refuse("it leaves out dates by a rule (EXRULE)"));
        }
        starts.extend(self.all("RDATE", &start)?);
        for excluded in self.all("EXDATE", &start)? {
            starts.remove(&excluded);
        }
        if self.event.find_prop("RECURRENCE-ID").is_none() {
            let id = value(self.event, "UID").unwrap_or_default();
            for when in self.replaced.get(id).into_iter().flatten() {
                self.work.spend(1)?;
                starts.remove(&self.seen("RECURRENCE-ID", when, &start)?);
            }
        }
        let label = label(self.event);
        let zone = start.zone.map(Zone::named).transpose()?;
        let entry = |at| entry(at, length, &start, zone.as_ref(), &label);
        let entries: Vec<_> = starts.into_iter().map(entry).collect();
        // A length, or another zone, may lead beyond what can be written.
        if entries.iter().any(|entry| entry.outside_of_years().is_some()) {
            return Err(refuse(format!("it leads out of the years {} to {}", YEARS.start(), YEARS.end())));
        }
        Ok(entries)
    }

    fn length(&self, start: &When<'_>) -> Result<Length, Invalid> {
        if let Some(end) = self.one("DTEND")? {
            let length = self.seen("DTEND", &end, start)? - start.wall;
            if length < TimeDelta::zero() {
                return Err(refuse("its end (DTEND) lies before its start"));
            }
            return Ok(Length::on_the_wall(length));
        }
        match value(self.event, "DURATION") {
            Some(text) => Length::read(text),
            None if start.is_date => Ok(Length::on_the_wall(TimeDelta::days(1))),
            None => Ok(Length::default()),
        }
    }
}

fn entry(
    at: NaiveDateTime,
    length: Length,
    start: &When<'_>,
    zone: Option<&Zone>,
    label: &str,
) -> BlackoutEntry {
    let (end, label) = (length.end(at, zone), label.to_owned());
    if start.is_date {
        // The end does not belong to it.
        let last = (end - TimeDelta::seconds(1)).date();
        return BlackoutEntry::Days { from: at.date(), to: (last > at.date()).then_some(last), label };
    }
    // Whole minutes, rather too long than too short.
    let odd = |at: NaiveDateTime| TimeDelta::seconds(i64::from(at.second()));
    let hours = |from: NaiveDateTime, to: NaiveDateTime, zone: Option<&str>| BlackoutEntry::Hours {
        from: from - odd(from),
        to: if to.second() == 0 { to } else { to - odd(to) + TimeDelta::minutes(1) },
        zone: zone.map(str::to_owned),
        label,
    };
    match zone {
        // The clocks are put back meanwhile, behind the start or onto it.
        Some(zone) if end <= at => {
            let from = instant(zone, at).naive_utc();
            hours(from, from + length.nominal + length.exact, Some("UTC"))
        }
        _ => hours(at, end, start.zone),
    }
}
