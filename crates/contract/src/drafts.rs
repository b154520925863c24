//! Commands about drafts: what an editor holds that is not saved yet. They stay on this device and survive a crash.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Keeps a draft, over the one of the same key. Of more than 100, the ones changed longest ago are dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutDraft {
    /// What it is a draft of, as the editor names it, for example `flow/<id>`; 1 to 200 characters.
    pub key: String,
    /// Whatever the editor needs to go on; at most 8 MiB.
    pub content: String,
}

/// A draft without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSummary {
    pub key: String,
    pub bytes: u32,
    pub updated_at: DateTime<Utc>,
}

/// The draft of a key, or `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetDraft {
    pub key: String,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub key: String,
    pub content: String,
    pub updated_at: DateTime<Utc>,
}

/// All drafts, the one changed last first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDrafts {}

/// Drops a draft: it was saved or given up. No error when there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteDraft {
    pub key: String,
}
