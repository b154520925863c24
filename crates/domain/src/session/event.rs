//! What can happen in a session. Events are never changed or removed; a correction is another event.

use super::evidence::EvidenceFile;
use crate::flow::{Outcome, StepId};
use crate::ids::{EvidenceId, MemberId, RevisionId, SessionEventId};
use crate::intake::Answers;
use crate::version::Version;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One event with its place in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEvent {
    pub id: SessionEventId,
    /// Stamp and device: events are folded in the order of (stamp, id).
    pub stamp: Version,
    /// When it happened, by the clock of the device that recorded it.
    pub at: DateTime<Utc>,
    /// Who did it; `None` when the system did.
    pub author: Option<MemberId>,
    #[serde(flatten)]
    pub kind: SessionEventKind,
}

/// The kinds of event and what each carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SessionEventKind {
    /// Work began. Pins the revision and the intake answers for good: a later edit of the flow or of the batch no
    /// longer reaches this session.
    Started { revision_id: RevisionId, intake: Answers },
    /// A step was done, failed or skipped.
    StepRecorded {
        step_id: StepId,
        outcome: StepOutcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A note, on a step or on the whole session.
    NoteAdded {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_id: Option<StepId>,
        text: String,
    },
    /// A question was answered, or an action node was left (`answer` is then empty).
    Answered { node_id: String, answer: String },
    /// The last answer was taken back.
    SteppedBack,
    /// Work ended. `outcome` is set for troubleshooting.
    Completed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
    },
    /// Work was taken up again after it had ended.
    Reopened,
    /// Called off.
    Cancelled,
    /// Given to somebody, or to nobody. The note is for who takes over.
    Assigned {
        member_id: Option<MemberId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Something that shows how a step, or the whole session, went.
    EvidenceAdded {
        evidence_id: EvidenceId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_id: Option<StepId>,
        #[serde(flatten)]
        file: EvidenceFile,
    },
    /// Taken back. The record of it stays, and so does the content: a backup may refer to it.
    EvidenceRemoved { evidence_id: EvidenceId },
    /// A step that is not in the flow.
    StepAdded {
        step_id: StepId,
        title: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        description: String,
        /// `None` for the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_step_id: Option<StepId>,
        /// The failed step it undoes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rollback_of: Option<StepId>,
    },
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    Done,
    Failed,
    Skipped,
}

impl StepOutcome {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// The letter a board shows it by.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Done => 'd',
            Self::Failed => 'f',
            Self::Skipped => 's',
        }
    }
}
