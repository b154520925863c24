//! Dates and hours on which nothing is to run: the entries of a blackout calendar.
//!
//! Dates, and hours without a zone, are those of the wall clock of whichever schedule asks; hours with a zone are instants.
//! Deliberately absent: rules that repeat. What repeats in an imported file is written out when it is imported, up to the
//! last year a schedule can reach, so that a calendar never runs out unseen.

use crate::Invalid;
use crate::text;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Most entries of a calendar.
pub const ENTRIES_MAX: usize = 20_000;
/// The years of an entry: four digits, as files write them, and none before the oldest rules of a zone.
pub const YEARS: RangeInclusive<i32> = 1601..=9999;
/// Longest label, in characters.
const LABEL_MAX: usize = 255;

/// What becomes of an occurrence within a blackout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBlackout {
    /// It is recorded as missed.
    #[default]
    Skip,
    /// It runs on the next day that allows it, at the same time of day. It keeps its identity. Where several fall onto one
    /// instant, the latest of them runs and stands for the others.
    Move,
}

/// One stretch of time that is blacked out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BlackoutEntry {
    /// Whole days.
    Days {
        from: NaiveDate,
        /// The last day; `from` itself when it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<NaiveDate>,
        #[serde(default)]
        label: String,
    },
    /// Some hours.
    Hours {
        /// `2026-12-24T18:00`.
        #[serde(with = "minutes")]
        from: NaiveDateTime,
        /// The first minute after it.
        #[serde(with = "minutes")]
        to: NaiveDateTime,
        /// IANA name of the zone of both; the schedule's own when it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
        #[serde(default)]
        label: String,
    },
}

impl BlackoutEntry {
    /// What it is about.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Days { label, .. } | Self::Hours { label, .. } => label,
        }
    }

    /// Which end of it lies in a year that an entry cannot have.
    pub(super) fn outside_of_years(&self) -> Option<&'static str> {
        let (from, to) = match self {
            Self::Days { from, to, .. } => (from.year(), to.unwrap_or(*from).year()),
            Self::Hours { from, to, .. } => (from.year(), to.year()),
        };
        [("from", from), ("to", to)].into_iter().find(|(_, year)| !YEARS.contains(year)).map(|(end, _)| end)
    }

    fn validate(&mut self) -> Result<(), Invalid> {
        if let Some(field) = self.outside_of_years() {
            let message = format!("must be in the years {} to {}", YEARS.start(), YEARS.end());
            return Err(Invalid::new(field, message));
        }
        let (label, ordered) = match self {
            Self::Days { from, to, label } => (label, to.is_none_or(|to| to >= *from)),
            Self::Hours { from, to, label, .. } => (label, to > from),
        };
        *label = text::body("label", label, LABEL_MAX)?;
        if !ordered {
            return Err(Invalid::new("to", "must not be before `from`"));
        }
        #[cfg(feature = "native")]
        if let Self::Hours { zone: Some(zone), .. } = self {
            *zone = crate::recurrence::Zone::named(zone)
                .map_err(|invalid| Invalid::new("zone", invalid.message))?
                .name()
                .to_owned();
        }
        Ok(())
    }
}

/// Checks the entries of a calendar before they are saved, and puts them in order.
///
/// # Errors
/// [`Invalid`] with the field `entries`, or a field below it.
pub fn validate(entries: Vec<BlackoutEntry>) -> Result<Vec<BlackoutEntry>, Invalid> {
    if entries.len() > ENTRIES_MAX {
        let message = format!("are {}; at most {ENTRIES_MAX} are allowed", entries.len());
        return Err(Invalid::new("entries", message));
    }
    in_order(entries)
}

/// As [`validate`], however many there are.
pub(super) fn in_order(mut entries: Vec<BlackoutEntry>) -> Result<Vec<BlackoutEntry>, Invalid> {
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.validate().map_err(|invalid| invalid.under(&format!("entries[{at}]")))?;
    }
    entries.sort_by(|a, b| (start(a), a).cmp(&(start(b), b)));
    entries.dedup();
    Ok(entries)
}

fn start(entry: &BlackoutEntry) -> NaiveDateTime {
    match entry {
        BlackoutEntry::Days { from, .. } => from.and_time(chrono::NaiveTime::MIN),
        BlackoutEntry::Hours { from, .. } => *from,
    }
}

/// Wall-clock times in whole minutes: `2026-12-24T18:00`.
mod minutes {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, Serializer};

    const FORMAT: &str = "%Y-%m-%dT%H:%M";

    pub(super) fn serialize<S: Serializer>(at: &NaiveDateTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&at.format(FORMAT))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveDateTime::parse_from_str(&text, FORMAT)
            .map_err(|_| serde::de::Error::custom("must be a date and a time such as 2026-12-24T18:00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BlackoutEntry, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn entries_read_as_they_are_written() {
        for text in [
            r#"{"kind":"days","from":"2026-12-24","label":""}"#,
            r#"{"kind":"days","from":"2026-12-24","to":"2026-12-26","label":"Christmas"}"#,
            r#"{"kind":"hours","from":"2026-12-24T18:00","to":"2026-12-27T06:00","label":"Freeze"}"#,
            r#"{"kind":"hours","from":"2026-12-24T18:00","to":"2026-12-27T06:00","zone":"Europe/Berlin","label":"Freeze"}"#,
        ] {
            assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), text);
        }
        for text in [
            r#"{"kind":"days","from":"2026-02-30"}"#,
            r#"{"kind":"days","to":"2026-02-20"}"#,
            r#"{"kind":"hours","from":"2026-12-24T18:00"}"#,
            r#"{"kind":"hours","from":"2026-12-24","to":"2026-12-27T06:00"}"#,
            r#"{"kind":"weeks","from":"2026-12-24"}"#,
            r#"{"kind":"days","from":"2026-12-24","every":"year"}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn entries_are_checked_ordered_and_each_kept_once() {
        let later = read(r#"{"kind":"days","from":"2026-12-31","label":"Year end"}"#).unwrap();
        let first = read(r#"{"kind":"hours","from":"2026-12-24T18:00","to":"2026-12-24T20:00"}"#).unwrap();
        let ordered = validate(vec![later.clone(), first.clone(), later.clone()]).unwrap();
        assert_eq!(ordered, [first, later]);
        let refused = |text: &str| validate(vec![read(text).unwrap()]).unwrap_err().field;
        assert_eq!(refused(r#"{"kind":"days","from":"2026-12-24","to":"2026-12-23"}"#), "entries[0].to");
        for (text, field) in [
            (r#"{"kind":"days","from":"+262142-12-31"}"#, "entries[0].from"),
            (r#"{"kind":"days","from":"2026-12-31","to":"+262142-12-31"}"#, "entries[0].to"),
            (r#"{"kind":"days","from":"2026-12-31","to":"+10000-01-01"}"#, "entries[0].to"),
            (r#"{"kind":"days","from":"1600-12-31"}"#, "entries[0].from"),
            (r#"{"kind":"hours","from":"2026-12-24T18:00","to":"+10000-01-01T00:00"}"#, "entries[0].to"),
        ] {
            assert_eq!(refused(text), field, "{text}");
        }
        let widest = read(r#"{"kind":"days","from":"1601-01-01","to":"9999-12-31"}"#).unwrap();
        assert!(validate(vec![widest]).is_ok());
        let empty = r#"{"kind":"hours","from":"2026-12-24T18:00","to":"2026-12-24T18:00"}"#;
        assert_eq!(refused(empty), "entries[0].to");
        #[cfg(feature = "native")]
        assert_eq!(
            refused(
                r#"{"kind":"hours","from":"2026-12-24T18:00","to":"2026-12-24T19:00","zone":"Mars/Base"}"#
            ),
            "entries[0].zone"
        );
        let many = vec![read(r#"{"kind":"days","from":"2026-12-24"}"#).unwrap(); ENTRIES_MAX + 1];
        assert_eq!(validate(many).unwrap_err().field, "entries");
    }
}
