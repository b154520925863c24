//! When to try again, and when to look without being told. Randomness is an argument.

use std::time::Duration;

const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_secs(30);

/// How long to wait after the `failures`-th failure in a row (1 for the first). Full jitter: anything between nothing and
/// a bound that doubles from one second to a minute, so that a team whose server comes back does not come back as one.
#[must_use]
pub fn after_failure(failures: u32, random: u64) -> Duration {
    let bound =
        LEAST.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX)).min(MOST);
    share(bound, random)
}

/// How long until the next look at the server when nothing woke us: 30 s, a fifth more or less.
#[must_use]
pub fn until_look(random: u64) -> Duration {
    LOOK * 4 / 5 + share(LOOK * 2 / 5, random)
}

fn share(bound: Duration, random: u64) -> Duration {
    let millis = u64::try_from(bound.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random % (millis + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waits_stay_within_their_bounds(failures in 0_u32..100, random in any::<u64>()) {
            let bound = Duration::from_secs(60).min(Duration::from_secs(1 << failures.saturating_sub(1).min(6)));
            prop_assert!(after_failure(failures, random) <= bound);
            prop_assert!((24_000..=36_000).contains(&until_look(random).as_millis()));
        }
    }

    #[test]
    fn the_bounds_are_reached() {
        assert_eq!(after_failure(1, 1_000), Duration::from_secs(1));
        assert_eq!(after_failure(7, 60_000), Duration::from_secs(60));
        assert_eq!(after_failure(7, 60_001), Duration::ZERO);
        assert_eq!(until_look(0), Duration::from_secs(24));
        assert_eq!(until_look(12_000), Duration::from_secs(36));
    }
}
