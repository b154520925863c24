//! The search of the command palette.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What has `text` in its name, the best first: flows, target lists, batches by their flow, sessions by their target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// At most 200 characters; blank finds nothing.
    pub text: String,
    /// 1 to 100; 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    pub kind: SearchKind,
    pub id: String,
    pub title: String,
    /// What tells it from others of that name; may be empty.
    pub subtitle: String,
    /// The page it leads to.
    pub route: String,
    /// When it was launched or made; for batches and sessions.
    pub at: Option<DateTime<Utc>>,
}

/// The kinds of things that are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    Flow,
    TargetList,
    Batch,
    /// The newest session of a target.
    Session,
}
