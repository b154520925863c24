//! The one error of the domain: an input that breaks a rule, with the field that holds it.

use serde::{Deserialize, Serialize};

/// An input breaks a rule. `field` is the path of the offending value as the caller wrote it, for example
/// `structure.steps[2].title`; `message` is a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    pub field: String,
    pub message: String,
}

impl Invalid {
    /// An error about one field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// The same error, one level further out: `title` under `steps[2]` becomes `steps[2].title`.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        let joint = if self.field.starts_with('[') || self.field.is_empty() { "" } else { "." };
        self.field = format!("{parent}{joint}{}", self.field);
        self
    }
}
