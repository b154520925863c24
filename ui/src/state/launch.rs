//! What a launch would create, from what is chosen or typed so far.

use super::time::{count, grouped};
use mf_domain::targets::Target;

/// How many labels a preview names.
const NAMED: usize = 5;

/// The sentence before the launch: "Will create 8 sessions for: RDS-01, … +3 more".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub total: usize,
    /// The first few labels, joined.
    pub named: String,
    /// How many are not named.
    pub more: usize,
}

impl Preview {
    /// The preview for these targets.
    #[must_use]
    pub fn of(targets: &[Target]) -> Self {
        Self::of_labels(targets.len(), targets.iter().map(|target| target.label.as_str()))
    }

    /// The preview for a list of which only the first labels are known.
    #[must_use]
    pub fn of_labels<'a>(total: usize, labels: impl Iterator<Item = &'a str>) -> Self {
        let named: Vec<&str> = labels.take(NAMED).collect();
        Self { total, more: total - named.len().min(total), named: named.join(", ") }
    }

    /// "8 sessions"
    #[must_use]
    pub fn sessions(&self) -> String {
        count(self.total, "session")
    }

    /// "+3 more", if any.
    #[must_use]
    pub fn rest(&self) -> Option<String> {
        (self.more > 0).then(|| format!("+{} more", grouped(self.more)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_are_named_and_the_rest_counted() {
        let targets: Vec<Target> =
            (1..=8).map(|n| Target { label: format!("RDS-{n:02}"), ..Target::default() }).collect();
        let preview = Preview::of(&targets);
        assert_eq!(preview.sessions(), "8 sessions");
        assert_eq!(preview.named, "RDS-01, RDS-02, RDS-03, RDS-04, RDS-05");
        assert_eq!(preview.rest().as_deref(), Some("+3 more"));
        assert_eq!(Preview::of(&targets[..1]).rest(), None);
        assert_eq!(Preview::of_labels(8, ["a", "b", "c"].into_iter()).more, 5);
    }
}
