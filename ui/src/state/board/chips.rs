//! The statuses targets can be filtered by, each with its number.

use mf_domain::batch::Rollup;
use mf_domain::session::SessionStatus;

/// One choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chip {
    /// None shows all.
    pub status: Option<SessionStatus>,
    pub words: &'static str,
    pub number: u32,
}

/// The choices; their numbers add up to that of all. What seldom happens is offered where it did, or where it is chosen
/// still.
#[must_use]
pub fn chips(rollup: &Rollup, chosen: Option<SessionStatus>) -> Vec<Chip> {
    use SessionStatus as S;
    let always = [
        (None, "All", rollup.total),
        (Some(S::Pending), "Pending", rollup.pending),
        (Some(S::InProgress), "Running", rollup.in_progress),
        (Some(S::Failed), "Failed", rollup.failed),
        (Some(S::Completed), "Done", rollup.completed),
    ];
    let seldom =
        [(Some(S::Skipped), "Skipped", rollup.skipped), (Some(S::Cancelled), "Cancelled", rollup.cancelled)];
    let offered = seldom.into_iter().filter(|(status, _, number)| *number > 0 || *status == chosen);
    always.into_iter().chain(offered).map(|(status, words, number)| Chip { status, words, number }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(rollup: &Rollup, chosen: Option<SessionStatus>) -> Vec<&'static str> {
        chips(rollup, chosen).iter().map(|chip| chip.words).collect()
    }

    #[test]
    fn the_numbers_add_up_and_what_seldom_happens_is_offered_where_it_did() {
        use SessionStatus as S;
        let mut rollup = Rollup::default();
        for status in [S::Pending, S::InProgress, S::Completed, S::Failed] {
            rollup.add(status);
        }
        let always = ["All", "Pending", "Running", "Failed", "Done"];
        assert_eq!(words(&rollup, None), always);
        assert_eq!(words(&rollup, Some(S::Skipped)).last(), Some(&"Skipped"));
        rollup.add(S::Skipped);
        rollup.add(S::Cancelled);
        rollup.add(S::Cancelled);
        assert_eq!(words(&rollup, None)[5..], ["Skipped", "Cancelled"]);
        let numbers: Vec<u32> = chips(&rollup, None).iter().map(|chip| chip.number).collect();
        assert_eq!((numbers[0], numbers[1..].iter().sum::<u32>()), (7, 7));
    }
}
