//! Stamps of a laptop whose clock is ahead.
//!
//! The server refuses a push with a stamp from the future, so no version it has ever had is; then the laptop writes its
//! unsent stamps anew. That is the one way in which its clock goes back: behind the greatest version the server has seen,
//! and over stamps that nobody else has.

use super::push::Edit;
use super::row::{Key, Scalar};
use mf_domain::ids::DeviceId;
use mf_domain::version::{HybridClock, Version};
use std::collections::BTreeMap;

/// How far ahead of the server's clock a stamp may be, in milliseconds.
pub const TOLERATED: u64 = 60_000;

/// Whether one of the versions is from too far in the future.
pub fn ahead<'a>(versions: impl IntoIterator<Item = &'a Version>, server_now: u64) -> bool {
    versions.into_iter().any(|version| version.millis() > server_now.saturating_add(TOLERATED))
}

/// What stamping an outbox anew comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restamped {
    /// New versions by row.
    pub versions: BTreeMap<Key, Version>,
    /// New versions by old: for what else names a version (a batch names that of its schedule).
    pub renamed: BTreeMap<Version, Version>,
    /// The state of the clock afterwards; `None` when there was nothing to stamp.
    pub clock: Option<Version>,
}

/// Gives the edits of an outbox that are ahead new versions, in the order of the old ones, from the server's time on. The
/// others keep theirs: the server may have one of them, and only the reply was lost. `floor` is the greatest version this
/// device ever got from the server or had accepted by it.
#[must_use]
pub fn restamp(edits: &[Edit], device: DeviceId, server_now: u64, floor: &Version) -> Restamped {
    let (stamped, kept): (Vec<&Edit>, Vec<&Edit>) =
        edits.iter().partition(|edit| ahead([&edit.row.version], server_now) && !edit.is_offer());
    let bases = stamped.iter().filter_map(|edit| edit.base_version.as_ref());
    let floor = kept.iter().map(|edit| &edit.row.version).chain(bases).fold(floor, Ord::max);
    let clock = HybridClock::resume(device, floor);
    stamp_each(stamped, clock, server_now)
}

/// Gives the edits of an outbox versions of another device, in the order of the old ones and behind `last`, the greatest this
/// file ever gave out or saw. What was made of an occurrence is nobody's, and an offer is the server's own.
#[must_use]
pub fn stamp_as(edits: &[Edit], device: DeviceId, wall: u64, last: &Version) -> Restamped {
    let stamped = edits.iter().filter(|edit| !edit.row.version.is_bottom() && !edit.is_offer()).collect();
    stamp_each(stamped, HybridClock::resume(device, last), wall)
}

fn stamp_each(mut stamped: Vec<&Edit>, mut clock: HybridClock, wall: u64) -> Restamped {
    stamped.sort_by(|a, b| (&a.row.version, &a.row.key).cmp(&(&b.row.version, &b.row.key)));
    let mut restamped = Restamped { versions: BTreeMap::new(), renamed: BTreeMap::new(), clock: None };
    for edit in stamped {
        let new = restamped.renamed.entry(edit.row.version.clone()).or_insert_with(|| clock.stamp(wall));
        restamped.versions.insert(edit.row.key.clone(), new.clone());
        restamped.clock = Some(new.clone());
    }
    restamped
}

impl Restamped {
    /// The edit with its new version, and with those it names.
    #[must_use]
    pub fn apply(&self, mut edit: Edit) -> Edit {
        if let Some(version) = self.versions.get(&edit.row.key) {
            edit.row.version = version.clone();
        }
        if let Some(Scalar::Text(named)) = edit.row.columns.get_mut("schedule_version")
            && let Some(new) = Version::parse(named).and_then(|old| self.renamed.get(&old))
        {
            *named = new.as_str().to_owned();
        }
        edit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::row::{Columns, Row};
    use proptest::prelude::*;
    use uuid::Uuid;

    const ME: DeviceId = DeviceId(Uuid::from_u128(7));

    fn key(id: u128) -> Key {
        Key { table: "target_lists".into(), id: Uuid::from_u128(id) }
    }

    fn edit(id: u128, version: Version, base_version: Option<Version>) -> Edit {
        Edit { row: Row::new(key(id), version, false, Columns::new()), base_version }
    }

    proptest! {
        #[test]
        fn new_stamps_keep_the_order_and_are_behind_every_base(
            walls in prop::collection::vec((1_u64..10_000_000, prop::option::of(1_u64..50_000)), 1..40),
            server_now in 60_000_u64..100_000,
        ) {
            let mut clock = HybridClock::new(ME);
            let mut theirs = HybridClock::new(DeviceId(Uuid::from_u128(9)));
            let edits: Vec<Edit> = walls.iter().zip(1..).map(|((wall, base), id)| {
                edit(id, clock.stamp(*wall), base.map(|at| theirs.stamp(at)))
            }).collect();
            let new = restamp(&edits, ME, server_now, &Version::bottom());
            let now = |edit: &Edit| new.versions.get(&edit.row.key).unwrap_or(&edit.row.version).clone();
            let versions: Vec<Version> = edits.iter().map(now).collect();
            prop_assert!(versions.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(!ahead(&versions, server_now));
            let is_ahead = |edit: &&Edit| ahead([&edit.row.version], server_now);
            prop_assert_eq!(new.versions.len(), edits.iter().filter(is_ahead).count());
            for (edit, version) in edits.iter().zip(&versions) {
                let stamped = new.versions.contains_key(&edit.row.key);
                prop_assert!(!stamped || edit.base_version.as_ref().is_none_or(|base| base < version));
            }
            prop_assert!(new.clock.is_none() || new.clock.as_ref() == versions.last());
        }
    }

    #[test]
    fn bottom_rows_and_offers_keep_their_version() {
        let had = HybridClock::new(ME).stamp(9_000_000);
        let new = restamp(
            &[edit(1, Version::bottom(), None), edit(2, had.clone(), Some(had))],
            ME,
            5,
            &Version::bottom(),
        );
        assert!(new.versions.is_empty() && new.clock.is_none());
    }

    #[test]
    fn another_device_takes_all_of_it_over_in_order() {
        let (mut mine, mut theirs) = (HybridClock::new(ME), HybridClock::new(DeviceId(Uuid::from_u128(9))));
        let (base, first, second) = (theirs.stamp(5), mine.stamp(10), mine.stamp(20));
        let edits = [
            edit(1, second.clone(), Some(base.clone())),
            edit(2, first, None),
            edit(3, Version::bottom(), None),
            edit(4, base.clone(), Some(base)),
        ];
        let other = DeviceId(Uuid::from_u128(8));
        let new = stamp_as(&edits, other, 7, &second);
        let version = |id: u128| new.versions.get(&key(id)).cloned();
        assert!(version(3).is_none() && version(4).is_none(), "nobody's, and the server's own");
        let (later, earlier) = (version(1).unwrap(), version(2).unwrap());
        assert!(earlier < later && second < earlier, "{earlier:?} {later:?}");
        assert!([&earlier, &later].iter().all(|it| it.device_digits().ends_with('8')));
        assert_eq!(new.clock, Some(later));
    }

    #[test]
    fn a_batch_follows_the_version_of_its_schedule() {
        let old = HybridClock::new(ME).stamp(9_000_000);
        let new = restamp(&[edit(1, old.clone(), None)], ME, 5, &Version::bottom());
        let mut batch = edit(2, Version::bottom(), None);
        batch.row.columns.insert("schedule_version".into(), Scalar::Text(old.as_str().into()));
        let renamed = new.apply(batch).row.columns["schedule_version"].clone();
        assert_eq!(renamed, Scalar::Text(new.renamed[&old].as_str().into()));
    }

    #[test]
    fn a_minute_is_tolerated() {
        let version = HybridClock::new(ME).stamp(70_000);
        assert!(!ahead([&version], 10_000) && ahead([&version], 9_999));
    }
}
