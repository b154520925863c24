//! Which two revisions of a flow are compared. It stands in the address, so that back, reload and a link keep it.

use crate::route::{Here, Route};
use mf_domain::ids::FlowId;

/// What the address asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub from: Option<u32>,
    pub to: Option<u32>,
}

/// A revision beside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// `None` for the first revision, which nothing stands before.
    pub from: Option<u32>,
    pub to: u32,
}

impl Asked {
    /// Reads the address; nonsense asks for nothing.
    #[must_use]
    pub fn of(here: &Here) -> Self {
        let number = |key: &str| here.asked(key).and_then(|number| number.parse().ok());
        Self { from: number("from"), to: number("to") }
    }

    /// The two that are shown, of as many as there are: the newest beside the one before it, unless others are asked for.
    #[must_use]
    pub fn pair(self, newest: u32) -> Pair {
        let known = |number: &u32| (1..=newest).contains(number);
        let to = self.to.filter(known).unwrap_or(newest);
        let before = to.checked_sub(1).filter(|before| *before > 0);
        Pair { from: self.from.filter(known).filter(|from| *from != to).or(before), to }
    }
}

impl Pair {
    /// A revision beside the one before it.
    #[must_use]
    pub fn of(to: u32) -> Self {
        Asked { from: None, to: Some(to) }.pair(to)
    }

    /// Whether it shows what a revision itself changed.
    #[must_use]
    pub fn is_neighbours(self) -> bool {
        self.from.is_none_or(|from| from + 1 == self.to)
    }

    /// The heading over the differences.
    #[must_use]
    pub fn title(self) -> String {
        match self.from {
            Some(from) if !self.is_neighbours() => format!("From revision {from} to {}", self.to),
            Some(_) => format!("What revision {} changed", self.to),
            None => "What changed".to_owned(),
        }
    }

    /// The address that shows it.
    #[must_use]
    pub fn address(self, id: FlowId) -> String {
        let from = self.from.filter(|_| !self.is_neighbours());
        let from = from.map(|from| format!("from={from}&")).unwrap_or_default();
        format!("{}?{from}to={}", Route::Revisions { id }.path(), self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(from: Option<u32>, to: Option<u32>) -> (Option<u32>, u32) {
        let Pair { from, to } = Asked { from, to }.pair(5);
        (from, to)
    }

    #[test]
    fn the_newest_stands_beside_the_one_before_it_unless_others_are_asked_for() {
        assert_eq!(pair(None, None), (Some(4), 5));
        assert_eq!(pair(None, Some(3)), (Some(2), 3));
        assert_eq!(pair(Some(1), Some(4)), (Some(1), 4));
        assert_eq!(pair(Some(5), Some(2)), (Some(5), 2), "what going back would change");
        assert_eq!(pair(None, Some(1)), (None, 1));
        assert_eq!(pair(Some(3), Some(1)), (Some(3), 1));
        // What is not there, or the same twice, is not compared.
        assert_eq!(pair(Some(9), Some(0)), (Some(4), 5));
        assert_eq!(pair(Some(3), Some(3)), (Some(2), 3));
        assert_eq!(Asked::default().pair(0), Pair { from: None, to: 0 });
    }

    #[test]
    fn what_is_compared_reads_back_from_the_address() {
        let id = FlowId(uuid::Uuid::from_u128(7));
        for wanted in [Pair::of(1), Pair::of(4), Pair { from: Some(1), to: 5 }, Pair { from: Some(5), to: 1 }]
        {
            let here = Here::of_address(&wanted.address(id));
            assert_eq!(here.route, Route::Revisions { id });
            assert_eq!(Asked::of(&here).pair(5), wanted);
        }
        assert_eq!(Asked::of(&Here::of_address("/flows/x?from=soon&to=")), Asked::default());
        assert_eq!(Pair { from: Some(2), to: 5 }.title(), "From revision 2 to 5");
        assert_eq!(Pair::of(3).title(), "What revision 3 changed");
    }
}
