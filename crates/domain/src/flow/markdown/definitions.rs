//! The link definitions of a document, `[label]: address "title"`: found with its blocks, needed where a line is read.

use std::collections::HashMap;
use std::ops::Range;

/// What a link label stands for.
#[derive(Clone)]
pub(super) struct Definition {
    pub(super) address: String,
    /// As it stands in the document, on one line.
    pub(super) source: String,
    pub(super) span: Range<usize>,
}

/// The link definitions of a document.
#[derive(Clone, Default)]
pub(super) struct Definitions(HashMap<String, Definition>);

impl Definitions {
    pub(super) fn get(&self, label: &str) -> Option<&Definition> {
        self.0.get(&key(label))
    }

    pub(super) fn insert(&mut self, label: &str, definition: Definition) {
        self.0.insert(key(label), definition);
    }

    /// In no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Definition> {
        self.0.values()
    }
}

/// Labels match whatever their case and white space.
fn key(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
