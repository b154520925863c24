//! What a board shows of a session: one outcome per step, the newest note of each, and how much evidence there is.
//!
//! Derived from the fold, small enough to be kept beside the session and read a thousand at a time. Deliberately absent:
//! the whole of a long note. A board shows that there is one and how it begins; the session has the rest.

use super::added::placed;
use super::event::StepOutcome;
use super::fold::Session;
use crate::flow::StepId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Characters of a note that a board carries.
pub const NOTE_SHOWN: usize = 200;

/// The letter of a step without an outcome.
pub const OPEN: char = '.';

/// The cells of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cells {
    /// Outcomes that count; steps without one are absent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<StepId, StepOutcome>,
    /// The newest note of each step that has one, shortened to [`NOTE_SHOWN`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<StepId, String>,
    /// The newest note on the session as a whole, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Pieces of evidence of each step that has some.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<StepId, u32>,
    /// Pieces of evidence of the session as a whole.
    #[serde(skip_serializing_if = "is_zero")]
    pub session_evidence: u32,
    /// Steps that are not in the flow, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<AddedCell>,
}

/// A step that is not in the flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedCell {
    pub id: StepId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_step_id: Option<StepId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_of: Option<StepId>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl From<&Session> for Cells {
    fn from(session: &Session) -> Self {
        let outcomes = session.steps.iter().filter_map(|(id, step)| Some((id.clone(), step.outcome?)));
        let notes = session.steps.iter().filter_map(|(id, step)| Some((id.clone(), step.notes.last()?)));
        let (mut evidence, mut session_evidence) = (BTreeMap::new(), 0);
        for piece in &session.evidence {
            match &piece.step_id {
                Some(step) => *evidence.entry(step.clone()).or_default() += 1,
                None => session_evidence += 1,
            }
        }
        let added = session.added.iter().map(|added| AddedCell {
            id: added.step.id.clone(),
            title: added.step.title.clone(),
            after_step_id: added.after_step_id.clone(),
            rollback_of: added.rollback_of.clone(),
        });
        Self {
            evidence,
            session_evidence,
            added: added.collect(),
            outcomes: outcomes.collect(),
            notes: notes.map(|(id, note)| (id, shortened(&note.text))).collect(),
            note: session.notes.last().map(|note| shortened(&note.text)),
        }
    }
}

impl Cells {
    /// One letter per step, in their order: `.` open, `d` done, `f` failed, `s` skipped.
    pub fn letters<'a>(&self, steps: impl IntoIterator<Item = &'a StepId>) -> String {
        steps.into_iter().map(|id| self.letter(id)).collect()
    }

    /// The letter of one step.
    #[must_use]
    pub fn letter(&self, step: &StepId) -> char {
        self.outcomes.get(step).map_or(OPEN, |outcome| outcome.letter())
    }

    /// The step to do next, of the flow's or the added ones.
    pub fn current<'a>(&'a self, flow: impl IntoIterator<Item = &'a StepId>) -> Option<&'a StepId> {
        let added = self.added.iter().map(|added| (&added.id, added.after_step_id.as_ref(), &added.id));
        let order = placed(flow.into_iter().map(|id| (id, id)), added);
        order.into_iter().find(|id| !self.outcomes.contains_key(id))
    }
}

/// The text, or its first [`NOTE_SHOWN`] characters and `…`.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(NOTE_SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fold::{Note, StepResult};
    use chrono::DateTime;

    fn id(text: &str) -> StepId {
        StepId(text.to_owned())
    }

    fn session(outcomes: &[(&str, Option<StepOutcome>, &[&str])]) -> Session {
        let note = |text: &&str| Note { text: (*text).to_owned(), at: DateTime::UNIX_EPOCH, author: None };
        let step = |outcome, notes: &[&str]| StepResult {
            outcome,
            at: None,
            author: None,
            notes: notes.iter().map(note).collect(),
            overruled: Vec::new(),
        };
        let steps = outcomes.iter().map(|(name, outcome, notes)| (id(name), step(*outcome, notes))).collect();
        Session { steps, ..Session::default() }
    }

    #[test]
    fn one_letter_per_step_in_the_order_of_the_flow() {
        use StepOutcome::{Done, Failed, Skipped};
        let session = session(&[
            ("a", Some(Done), &[]),
            ("b", Some(Failed), &["old", "no space"]),
            ("c", Some(Skipped), &[]),
            ("d", None, &["slow"]),
        ]);
        let cells = Cells::from(&session);
        let order = ["c", "x", "b", "d", "a"].map(id);
        assert_eq!(cells.letters(&order), "s.f.d");
        assert_eq!(cells.notes, BTreeMap::from([(id("b"), "no space".into()), (id("d"), "slow".into())]));
    }

    #[test]
    fn a_long_note_is_shortened_at_a_character() {
        let long = "é".repeat(NOTE_SHOWN + 1);
        let cells = Cells::from(&session(&[("a", None, &[&long])]));
        assert_eq!(cells.notes[&id("a")], format!("{}…", "é".repeat(NOTE_SHOWN)));
        let just = "é".repeat(NOTE_SHOWN);
        assert_eq!(shortened(&just), just);
    }

    #[test]
    fn cells_are_read_back_as_they_were_written() {
        let cells = Cells::from(&session(&[("a", Some(StepOutcome::Done), &["n"])]));
        let text = serde_json::to_string(&cells).unwrap();
        assert_eq!(serde_json::from_str::<Cells>(&text).unwrap(), cells);
        assert_eq!(serde_json::to_string(&Cells::default()).unwrap(), "{}");
    }
}
