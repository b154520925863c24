//! What is typed but not saved yet, kept on this machine so that a crash loses none of it: notes in the browser's
//! storage, the texts of an editor in the database beside the workspace.
//!
//! One entry per session, a note per step; one per flow. Deliberately absent: anything that is on the server; a note leaves the draft
//! when the engine has answered that it is on disk.

use crate::api::{self, Ask};
use crate::browser;
use mf_contract::drafts::{DeleteDraft, PutDraft};
use mf_domain::ids::{FlowId, SessionId};
use std::collections::BTreeMap;

/// The longest text that is kept, in bytes.
const KEPT: usize = 100_000;

/// Notes by step; the empty key holds the note on the session as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts(BTreeMap<String, String>);

impl Drafts {
    fn key(session: SessionId) -> String {
        format!("mf.draft.{session}")
    }

    /// The drafts of a session, as kept on this machine.
    #[must_use]
    pub fn recalled(session: SessionId) -> Self {
        browser::recall(&Self::key(session)).map_or_else(Self::default, |text| Self::parse(&text))
    }

    /// Keeps the drafts of a session on this machine.
    pub fn remember(&self, session: SessionId) {
        let kept = self.kept();
        let text = (!kept.is_empty()).then(|| serde_json::to_string(&kept).unwrap_or_default());
        browser::remember(&Self::key(session), text.as_deref());
    }

    /// What is small enough to be kept: a log that was pasted would push out the notes of every other session.
    fn kept(&self) -> BTreeMap<&str, &str> {
        let all = self.0.iter().map(|(step, text)| (step.as_str(), text.as_str()));
        all.filter(|(_, text)| text.len() <= KEPT).collect()
    }

    fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// The note typed for a step.
    #[must_use]
    pub fn note(&self, step: &str) -> &str {
        self.0.get(step).map_or("", String::as_str)
    }

    /// The drafts with another note for a step.
    #[must_use]
    pub fn with(mut self, step: &str, note: String) -> Self {
        if note.is_empty() {
            self.0.remove(step);
        } else {
            self.0.insert(step.to_owned(), note);
        }
        self
    }
}

/// Under which key the engine keeps the unsaved text of a flow; the new flow has one, too.
#[must_use]
pub fn flow_key(id: Option<FlowId>) -> String {
    id.map_or_else(|| "flow/new".to_owned(), |id| format!("flow/{id}"))
}

/// What an editor kept.
#[must_use]
pub fn read(content: &str) -> Option<BTreeMap<String, String>> {
    serde_json::from_str(content).ok()
}

/// Has the engine keep texts under a key; `None` drops them. Nobody waits for it: what could not be kept is still on the
/// screen, and the next letter tries again.
pub fn keep(key: &str, texts: Option<&BTreeMap<String, String>>) {
    let key = key.to_owned();
    let ask = match texts {
        Some(texts) => Ask::of(&PutDraft { key, content: serde_json::to_string(texts).unwrap_or_default() }),
        None => Ask::of(&DeleteDraft { key }),
    };
    wasm_bindgen_futures::spawn_local(async move {
        drop(api::call(&ask).await);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emptied_note_leaves_and_nonsense_reads_as_nothing() {
        let drafts = Drafts::default().with("a", "one user called".to_owned());
        assert_eq!(drafts.note("a"), "one user called");
        assert_eq!(drafts.clone().with("a", String::new()), Drafts::default());
        assert_eq!(Drafts::parse(&serde_json::to_string(&drafts.0).unwrap()), drafts);
        assert_eq!(Drafts::parse("["), Drafts::default());
        let with_log = drafts.clone().with("b", "x".repeat(KEPT + 1));
        assert_eq!(with_log.kept().into_iter().collect::<Vec<_>>(), [("a", "one user called")]);
    }
}
