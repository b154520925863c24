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

/// What a key does while `asked` is open; nothing for a key that does something else, or where there is nothing to act
/// on: `reaches` says whether a target is selected and shown, or under the cursor.
#[must_use]
pub fn doing(act: Act, asked: Option<Explaining>, reaches: bool) -> Option<Doing> {
    if asked.is_some() && act == Act::Leave {
        return Some(Doing::GiveUp);
    }
    let doing = match act {
        Act::Done => Doing::Record(StepOutcome::Done),
        Act::Fail => Doing::Ask(Explaining::Outcome(StepOutcome::Failed)),
        Act::Skip => Doing::Ask(Explaining::Outcome(StepOutcome::Skipped)),
        Act::Assign => Doing::Ask(Explaining::Assignment),
        Act::Note => Doing::Ask(Explaining::Note),
        Act::Proceed => Doing::Complete,
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

    #[test]
    fn while_a_question_is_open_keys_lead_back_to_it_and_escape_takes_it_back() {
        assert!(MARKS.iter().all(|act| doing(*act, Some(FAILED), true) == Some(Doing::Resume)));
        assert_eq!(doing(Act::Leave, Some(FAILED), true), Some(Doing::GiveUp));
        assert_eq!(doing(Act::Leave, None, true), None);
        assert_eq!(doing(Act::Next, Some(FAILED), true), None);
        assert_eq!(doing(Act::Done, None, true), Some(Doing::Record(StepOutcome::Done)));
        assert_eq!(doing(Act::Fail, None, true), Some(Doing::Ask(FAILED)));
    }

    #[test]
    fn where_nothing_is_shown_no_key_marks() {
        // Not even a note, as long as all that is selected is hidden.
        assert!(MARKS.iter().all(|act| doing(*act, None, false).is_none()));
        assert!(MARKS.iter().all(|act| doing(*act, None, true).is_some()));
    }

    #[test]
    fn words_are_of_what_was_asked_about() {
        assert_eq!(words(" no space left ", Some(FAILED), FAILED).as_deref(), Some("no space left"));
        assert_eq!(words("no space left", Some(FAILED), DONE), None);
        assert_eq!(words("no space left", None, DONE), None);
        assert_eq!(words("  ", Some(FAILED), FAILED), None);
    }
}
