//! The version every synced row carries: a hybrid logical clock and the device, as one text that sorts.
//!
//! Layout, all lowercase hex: 12 digits of milliseconds since 1970, 4 digits of a counter within the millisecond, 32
//! digits of the device. Fixed width, so byte order is version order in SQLite and in Postgres (`COLLATE "C"`).

use crate::ids::DeviceId;
use serde::{Deserialize, Serialize};

/// Digits of a version's text.
pub const VERSION_LEN: usize = 48;

/// A row's version. Greater text wins a merge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(String);

impl Version {
    /// The version of rows that follow from an occurrence: below every stamp of a device, so that any edit a person
    /// makes wins over a laptop that fires late.
    #[must_use]
    pub fn bottom() -> Self {
        Self("0".repeat(VERSION_LEN))
    }

    /// The text as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a stored text as a version; `None` when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == VERSION_LEN
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// Whether it is that of a row nobody wrote: one that follows from an occurrence.
    #[must_use]
    pub fn is_bottom(&self) -> bool {
        self.0.bytes().all(|b| b == b'0')
    }

    /// Milliseconds since 1970 by the clock that gave it out.
    #[must_use]
    pub fn millis(&self) -> u64 {
        self.0.get(..12).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0)
    }

    /// The device that gave it out, as its digits.
    #[must_use]
    pub fn device_digits(&self) -> &str {
        self.0.get(16..).unwrap_or_default()
    }

    /// A version behind `self` that no device gives out: for what a server settles between two devices.
    #[must_use]
    pub fn settled_behind(&self) -> Self {
        let stamp = self.0.get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0);
        Self(format!("{:016x}{:032x}", stamp.saturating_add(1), 0))
    }
}

/// The clock of one device. It never runs back: not across restarts (its state is stored with the rows it stamps), not
/// when the wall clock is set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HybridClock {
    device: DeviceId,
    millis: u64,
    counter: u16,
}

impl HybridClock {
    /// A clock that has never stamped anything.
    #[must_use]
    pub fn new(device: DeviceId) -> Self {
        Self { device, millis: 0, counter: 0 }
    }

    /// The clock of `device`, continued behind the last version it gave out.
    #[must_use]
    pub fn resume(device: DeviceId, last: &Version) -> Self {
        let part = |range: std::ops::Range<usize>| {
            last.as_str().get(range).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0)
        };
        Self { device, millis: part(0..12), counter: u16::try_from(part(12..16)).unwrap_or(u16::MAX) }
    }

    /// The next version, given the wall clock in milliseconds since 1970.
    pub fn stamp(&mut self, wall_millis: u64) -> Version {
        let wall = wall_millis & 0xffff_ffff_ffff;
        if wall > self.millis {
            (self.millis, self.counter) = (wall, 0);
        } else if self.counter == u16::MAX {
            // The counter is spent within one millisecond, or while the wall clock stands behind: borrow the next one.
            (self.millis, self.counter) = (self.millis + 1, 0);
        } else {
            self.counter += 1;
        }
        Version(format!("{:012x}{:04x}{:032x}", self.millis, self.counter, self.device.0.as_u128()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn device() -> DeviceId {
        DeviceId(Uuid::from_u128(7))
    }

    proptest! {
        #[test]
        fn stamps_only_grow_whatever_the_wall_clock_does(walls in prop::collection::vec(0u64..5_000, 1..200)) {
            let mut clock = HybridClock::new(device());
            let mut last = Version::bottom();
            for wall in walls {
                let next = clock.stamp(wall);
                prop_assert!(next > last);
                prop_assert_eq!(next.as_str().len(), VERSION_LEN);
                // A restart in between changes nothing.
                clock = HybridClock::resume(device(), &next);
                last = next;
            }
        }
    }

    #[test]
    fn a_spent_counter_moves_to_the_next_millisecond() {
        let mut clock = HybridClock::new(device());
        let mut last = clock.stamp(1);
        for _ in 0..70_000 {
            let next = clock.stamp(1);
            assert!(next > last);
            last = next;
        }
    }

    #[test]
    fn what_is_settled_stands_behind_and_belongs_to_no_device() {
        let theirs = HybridClock::new(device()).stamp(8);
        let settled = theirs.settled_behind();
        assert!(settled > theirs && settled.millis() == 8 && settled.device_digits() == "0".repeat(32));
        assert_eq!(Version::parse(settled.as_str()), Some(settled));
        assert!(Version::bottom().is_bottom() && !theirs.is_bottom());
    }

    #[test]
    fn only_well_formed_texts_are_versions() {
        assert!(Version::parse(Version::bottom().as_str()).is_some());
        assert!(Version::parse("00").is_none());
        assert!(Version::parse(&"G".repeat(VERSION_LEN)).is_none());
    }
}
