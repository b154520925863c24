//! What is asked before something is recorded, and what the keys that mark do meanwhile.
//!
//! One question at a time: its words belong to what was asked for, and no key takes them along for something else.

use crate::state::shortcuts::Act;
use mf_domain::session::StepOutcome;

/// What is being explained before it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explaining {
    Outcome(StepOutcome),
    Note,
    Assignment,
}

/// What a key would act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// There are targets that are selected and shown, or one under the cursor.
    pub targets: bool,
    /// The cursor stands in a row.
    pub here: bool,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Record(StepOutcome),
    Complete,
    Ask(Explaining),
    /// Back to the words of the question that is open.
    Resume,
    /// The question is taken back.
    GiveUp,
}

/// What a key does while `asked` is open; nothing for a key that does something else or has nothing to act on.
#[must_use]
pub fn doing(act: Act, asked: Option<Explaining>, reach: Reach) -> Option<Doing> {
    if asked.is_some() && act == Act::Leave {
        return Some(Doing::GiveUp);
    }
    let (doing, reaches) = match act {
        Act::Done => (Doing::Record(StepOutcome::Done), reach.targets),
        Act::Fail => (Doing::Ask(Explaining::Outcome(StepOutcome::Failed)), reach.targets),
        Act::Skip => (Doing::Ask(Explaining::Outcome(StepOutcome::Skipped)), reach.targets),
        Act::Assign => (Doing::Ask(Explaining::Assignment), reach.targets),
        Act::Note => (Doing::Ask(Explaining::Note), reach.here),
        Act::Proceed => (Doing::Complete, reach.targets),
        _ => return None,
    };
    match asked {
        Some(_) => Some(Doing::Resume),
        None => reaches.then_some(doing),
    }
}

/// What is written, for that which was asked about and for nothing else.
#[must_use]
pub fn words(written: &str, asked: Option<Explaining>, about: Explaining) -> Option<String> {
    let words = written.trim();
    (asked == Some(about) && !words.is_empty()).then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Explaining = Explaining::Outcome(StepOutcome::Failed);
    const DONE: Explaining = Explaining::Outcome(StepOutcome::Done);
    const MARKS: [Act; 6] = [Act::Done, Act::Fail, Act::Skip, Act::Note, Act::Assign, Act::Proceed];
    const BOTH: Reach = Reach { targets: true, here: true };

    #[test]
    fn while_a_question_is_open_keys_lead_back_to_it_and_escape_takes_it_back() {
        assert!(MARKS.iter().all(|act| doing(*act, Some(FAILED), BOTH) == Some(Doing::Resume)));
        assert_eq!(doing(Act::Leave, Some(FAILED), BOTH), Some(Doing::GiveUp));
        assert_eq!(doing(Act::Leave, None, BOTH), None);
        assert_eq!(doing(Act::Next, Some(FAILED), BOTH), None);
        assert_eq!(doing(Act::Done, None, BOTH), Some(Doing::Record(StepOutcome::Done)));
        assert_eq!(doing(Act::Fail, None, BOTH), Some(Doing::Ask(FAILED)));
    }

    #[test]
    fn where_nothing_is_shown_no_key_marks() {
        let nothing = Reach { targets: false, here: false };
        assert!(MARKS.iter().all(|act| doing(*act, None, nothing).is_none()));
        // The selection is hidden, the cursor is not: a note is of its cell.
        let hidden = Reach { targets: false, here: true };
        let left: Vec<Act> = MARKS.into_iter().filter(|act| doing(*act, None, hidden).is_some()).collect();
        assert_eq!(left, [Act::Note]);
    }

    #[test]
    fn words_are_of_what_was_asked_about() {
        assert_eq!(words(" no space left ", Some(FAILED), FAILED).as_deref(), Some("no space left"));
        assert_eq!(words("no space left", Some(FAILED), DONE), None);
        assert_eq!(words("no space left", None, DONE), None);
        assert_eq!(words("  ", Some(FAILED), FAILED), None);
    }
}
