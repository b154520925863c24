//! How long an event lasts: days on the wall clock, hours by the stopwatch (RFC 5545, 3.3.6).

use super::{refuse, shown};
use crate::Invalid;
use crate::recurrence::{Resolved, Zone};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// Longest event that gives its length, in seconds: a century.
const LONGEST: i64 = 36_525 * 86_400;

/// A length. The day the clocks change has 23 or 25 hours, but is one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Length {
    /// As far as the clock on the wall goes on.
    pub(super) nominal: TimeDelta,
    /// After that, as much time as passes.
    pub(super) exact: TimeDelta,
}

impl Length {
    pub(super) fn on_the_wall(nominal: TimeDelta) -> Self {
        Self { nominal, exact: TimeDelta::zero() }
    }

    pub(super) fn is_nothing(self) -> bool {
        (self.nominal + self.exact).is_zero()
    }

    /// The end on the wall clock of a zone, of what starts at a time on it; without a zone there is nothing but the wall.
    pub(super) fn end(self, start: NaiveDateTime, zone: Option<&Zone>) -> NaiveDateTime {
        match zone {
            Some(zone) if !self.exact.is_zero() => {
                zone.to_local(instant(zone, start + self.nominal) + self.exact).0
            }
            _ => start + self.nominal + self.exact,
        }
    }

    /// `P1DT2H30M`, `P2W`.
    pub(super) fn read(text: &str) -> Result<Self, Invalid> {
        let unreadable = || refuse(format!("“{}” is no duration", shown(text)));
        let (mut days, mut seconds) = (0_i64, 0_i64);
        let (mut number, mut in_time) = (String::new(), false);
        for sign in text.strip_prefix('+').unwrap_or(text).strip_prefix('P').ok_or_else(unreadable)?.chars() {
            let (part, unit) = match (sign, in_time) {
                ('0'..='9', _) if number.len() < 9 => {
                    number.push(sign);
                    continue;
                }
                ('T', false) if number.is_empty() => {
                    in_time = true;
                    continue;
                }
                ('W', false) => (&mut days, 604_800),
                ('D', false) => (&mut days, 86_400),
                ('H', true) => (&mut seconds, 3_600),
                ('M', true) => (&mut seconds, 60),
                ('S', true) => (&mut seconds, 1),
                _ => return Err(unreadable()),
            };
            *part += number.parse::<i64>().map_err(|_| unreadable())? * unit;
            if days + seconds > LONGEST {
                return Err(refuse("it lasts more than a century"));
            }
            number.clear();
        }
        if !number.is_empty() {
            return Err(unreadable());
        }
        Ok(Self { nominal: TimeDelta::seconds(days), exact: TimeDelta::seconds(seconds) })
    }
}

/// The instant a time on the wall means to a calendar: the first of two, and in a gap as if the clocks had not jumped.
pub(super) fn instant(zone: &Zone, wall: NaiveDateTime) -> DateTime<Utc> {
    match zone.resolve(wall) {
        Resolved::Once(at) | Resolved::Fold { first: at, .. } => at,
        Resolved::Gap { end } => {
            let before = zone.to_local(end - TimeDelta::seconds(1)).1;
            (wall - TimeDelta::seconds(i64::from(before))).and_utc()
        }
    }
}
