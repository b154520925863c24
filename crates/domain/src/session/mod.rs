//! Sessions: one flow worked through on one target, as a fold over append-only events.
//!
//! A session has no status field that two people could overwrite. What happened is [`event`]s; what that amounts to is
//! [`fold`]. Rules that bind people (required answers, open steps) belong to the commands that append events and never
//! to the fold, which is correct for any subset of events in any order of arrival.

pub mod added;
pub mod cells;
pub mod event;
pub mod evidence;
pub mod fold;

pub use added::AddedStep;
pub use cells::Cells;
pub use event::{SessionEvent, SessionEventKind, StepOutcome};
pub use evidence::{Evidence, EvidenceFile};
pub use fold::{Session, StepResult, fold};

use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    #[default]
    Pending,
    InProgress,
    Completed,
    Failed,
    Skipped,
    Cancelled,
}

impl SessionStatus {
    /// Every status, in the order people expect them.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::InProgress, Self::Completed, Self::Failed, Self::Skipped, Self::Cancelled];

    /// The wire and storage name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether nothing more is expected to happen.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::InProgress)
    }
}
