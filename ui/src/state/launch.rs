//! What a launch would create, from what is chosen or typed so far.

use super::time::{count, grouped};
use mf_domain::batch::WaveRule;
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

    /// The preview in a place with room for so many characters: whole labels as long as they fit, and at least one.
    #[must_use]
    pub fn within<'a>(total: usize, labels: impl Iterator<Item = &'a str>, room: usize) -> Self {
        let mut taken = 0;
        let fits = |label: &&str| {
            // With the comma before it.
            let before = taken;
            taken += label.chars().count() + 2;
            before == 0 || taken <= room + 2
        };
        Self::of_labels(total, labels.take_while(fits))
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

/// What a rule means, in sentences.
#[must_use]
pub fn waves_in_words(rule: &WaveRule) -> String {
    let mut words = Vec::new();
    if let Some(canary) = rule.canary {
        let (first, they) = if canary == 1 {
            ("The first target begins".to_owned(), "it has")
        } else {
            (format!("The first {} targets begin", grouped(canary as usize)), "they have")
        };
        words.push(format!("{first}; the rest waits until {they} ended without failure."));
    }
    if let Some(most) = rule.max_in_progress {
        words.push(format!("At most {} at a time.", grouped(most as usize)));
    }
    if let Some(failures) = rule.stop_after_failures {
        let failures = count(failures as usize, "failure");
        words.push(format!("After {failures} nothing more is offered until somebody says to go on."));
    }
    words.join(" ")
}

/// Where the targets of a launch come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    #[default]
    Saved,
    Previous,
    Manual,
    File,
}

impl Source {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Saved, Self::Previous, Self::Manual, Self::File];

    /// Id and words of its tab.
    #[must_use]
    pub fn tab(self) -> (&'static str, &'static str) {
        match self {
            Self::Saved => ("launch-saved", "Saved list"),
            Self::Previous => ("launch-previous", "Previous run"),
            Self::Manual => ("launch-manual", "Manual entry"),
            Self::File => ("launch-file", "PSA/RMM import"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_are_told_in_sentences() {
        let rule = WaveRule { canary: Some(1), max_in_progress: Some(4), stop_after_failures: Some(1) };
        assert_eq!(
            waves_in_words(&rule),
            "The first target begins; the rest waits until it has ended without failure. At most 4 at a time. After \
             1 failure nothing more is offered until somebody says to go on."
        );
        let rule = WaveRule { canary: Some(2), ..WaveRule::default() };
        assert!(
            waves_in_words(&rule).starts_with("The first 2 targets begin; the rest waits until they have")
        );
    }

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

    #[test]
    fn a_preview_drops_whole_labels_where_there_is_little_room() {
        let labels = ["CTX-VDA-01", "CTX-VDA-02", "CTX-VDA-03"];
        let within = |room| {
            let preview = Preview::within(8, labels.into_iter(), room);
            (preview.named, preview.more)
        };
        assert_eq!(within(34), (labels.join(", "), 5));
        assert_eq!(within(33), (labels[..2].join(", "), 6));
        // One is always named, however long it is.
        assert_eq!(within(3), (labels[0].to_owned(), 7));
        assert_eq!(Preview::within(0, [].into_iter(), 9).named, "");
    }
}
