//! Two copies of a row become one: the one with the greater (version, hash of content). Nothing is combined, so any
//! number of copies in any order, however often each, give the same row.

use super::row::Row;
use std::cmp::Ordering;

/// Which copy is the greater one. Equal only where the copies are.
#[must_use]
pub fn rank(a: &Row, b: &Row) -> Ordering {
    a.version.cmp(&b.version).then_with(|| {
        // The hash is for rows that follow from an occurrence, which all have one version: most of them are equal.
        if a.same_content(b) { Ordering::Equal } else { a.hash().cmp(&b.hash()) }
    })
}

/// The copy that stays.
#[must_use]
pub fn merge(stored: Row, incoming: Row) -> Row {
    if rank(&stored, &incoming) == Ordering::Less { incoming } else { stored }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::row::{Columns, Key, Scalar};
    use mf_domain::ids::DeviceId;
    use mf_domain::version::{HybridClock, Version};
    use proptest::prelude::*;
    use uuid::Uuid;

    /// Few versions and few contents, so that equal versions with other contents, and equal contents, both happen often.
    fn copy() -> impl Strategy<Value = Row> {
        (0_u64..4, 0_u128..2, 0_i64..3, any::<bool>()).prop_map(|(millis, device, value, tombstone)| {
            let version = match millis {
                0 => Version::bottom(),
                at => HybridClock::new(DeviceId(Uuid::from_u128(device))).stamp(at),
            };
            let columns = Columns::from([("paused".to_owned(), Scalar::Int(value))]);
            Row::new(Key { table: "schedule_pauses".into(), id: Uuid::nil() }, version, tombstone, columns)
        })
    }

    proptest! {
        #[test]
        fn order_does_not_matter(a in copy(), b in copy()) {
            prop_assert_eq!(merge(a.clone(), b.clone()), merge(b, a));
        }

        #[test]
        fn grouping_does_not_matter(a in copy(), b in copy(), c in copy()) {
            let left = merge(merge(a.clone(), b.clone()), c.clone());
            prop_assert_eq!(left, merge(a, merge(b, c)));
        }

        #[test]
        fn again_changes_nothing(a in copy(), b in copy()) {
            let merged = merge(a.clone(), b.clone());
            prop_assert_eq!(merge(merged.clone(), merged.clone()), merged.clone());
            prop_assert_eq!(merge(merged.clone(), a), merged.clone());
            prop_assert_eq!(merge(b, merged.clone()), merged);
        }

        #[test]
        fn the_result_is_one_of_the_two_and_not_the_older(a in copy(), b in copy()) {
            let merged = merge(a.clone(), b.clone());
            prop_assert!(merged == a || merged == b);
            prop_assert!(merged.version >= a.version && merged.version >= b.version);
        }

        #[test]
        fn an_edit_wins_over_what_follows_from_an_occurrence(edit in copy(), fired in copy()) {
            prop_assume!(!edit.version.is_bottom());
            let fired = Row { version: Version::bottom(), ..fired };
            prop_assert_eq!(merge(fired, edit.clone()), edit);
        }
    }
}
