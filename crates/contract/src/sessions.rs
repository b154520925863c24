//! Commands about sessions.

use crate::error::ApiError;
use crate::patch::Patch;
use chrono::{DateTime, Utc};
use mf_domain::batch::Held;
use mf_domain::flow::{FlowType, Outcome, StepId, Structure};
use mf_domain::ids::{BatchId, EvidenceId, FlowId, MemberId, RevisionId, SessionId};
use mf_domain::intake::Answers;
use mf_domain::session::fold::{Decision, Note};
use mf_domain::session::{AddedStep, Evidence, SessionEvent, SessionStatus, StepOutcome};
use mf_domain::targets::Target;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sessions, newest first, in pages; the sessions of one batch in the order of its targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<FlowId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<SessionStatus>,
    /// The client of the target, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Only sessions whose target names no client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_client: bool,
    /// Any of these; beside `status`, which is one of them then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<SessionStatus>,
    /// Part of the target's label or of the flow's name, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Left out: anybody's. `null`: nobody's. An id: that member's.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub assignee: Patch<MemberId>,
    /// Only sessions that belong to no batch.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_batch: bool,
    /// Made at or after this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Made before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// 1 to 10,000; 100 by default, and the whole batch when `batch_id` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The last session of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<SessionId>,
}

/// A row of a list of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    pub id: SessionId,
    pub batch_id: Option<BatchId>,
    pub flow_id: FlowId,
    pub flow_name: String,
    pub target_label: String,
    pub target_notes: Option<String>,
    pub target_client: Option<String>,
    pub target_site: Option<String>,
    pub status: SessionStatus,
    /// Steps that have an outcome.
    pub steps_recorded: u32,
    pub steps_failed: u32,
    /// Those of the flow, and those added to the session.
    pub steps_total: u32,
    pub assignee: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// Counts of the work that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionCounts {}

/// Open sessions of the workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCountsReply {
    pub pending: u32,
    pub in_progress: u32,
    /// Of those, the ones nobody has taken.
    pub unassigned: u32,
    /// Of those, the ones the caller has taken.
    pub mine: u32,
}

/// Counts the work that fits, by how far it is. The filters are those of `list_batches` and `list_sessions`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountWork {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<FlowId>,
    /// Work with a target of this client, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Only work with a target that names no client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_client: bool,
    /// Part of a target's label or of the flow's name, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Left out: anybody's. `null`: nobody's; of batches, those with an open session that nobody has taken. An id: that
    /// member's.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub assignee: Patch<MemberId>,
    /// Begun at or after this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Begun before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
}

/// The work that fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCounts {
    pub batches: Standings,
    /// Sessions that belong to no batch.
    pub alone: Standings,
}

/// How much is how far. What failed is counted under the others, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standings {
    pub pending: u32,
    pub in_progress: u32,
    pub finished: u32,
    /// Sessions that failed, and batches with one.
    pub failed: u32,
}

/// One session with everything that happened in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetSession {
    pub id: SessionId,
}

/// A session: where it stands, the structure it runs, and its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    #[serde(flatten)]
    pub summary: SessionSummary,
    pub flow_type: FlowType,
    /// What the target carried when the session was made: values for `{{target.<key>}}`.
    pub target_variables: BTreeMap<String, String>,
    pub revision_id: RevisionId,
    pub revision: u32,
    pub intake: Answers,
    /// The structure of the pinned revision.
    pub structure: Structure,
    /// The steps a session records, in order; empty for troubleshooting.
    pub steps: Vec<SessionStep>,
    /// The step to do next; `None` when all have an outcome.
    pub current_step_id: Option<StepId>,
    /// Notes on the session as a whole.
    pub notes: Vec<Note>,
    /// Evidence of the session as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Why it may not be started yet; of pending sessions of a batch with waves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Decisions taken. Troubleshooting only.
    pub path: Vec<Decision>,
    /// The node reached. Troubleshooting only.
    pub current_node_id: Option<String>,
    pub outcome: Option<Outcome>,
    /// A step was recorded after the session had ended.
    pub late: bool,
    /// Oldest first. The interface shows what they amount to, which is in all of the above, and does not read them: that
    /// would be a sixtieth of the program a window loads.
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub events: Vec<SessionEvent>,
}

impl Session {
    /// The target it runs on; `None` when it runs on no machine.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        let summary = &self.summary;
        (!summary.target_label.is_empty()).then(|| Target {
            label: summary.target_label.clone(),
            notes: summary.target_notes.clone(),
            client: summary.target_client.clone(),
            site: summary.target_site.clone(),
            variables: self.target_variables.clone(),
        })
    }
}

/// One step and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionStep {
    pub id: StepId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<StepOutcome>,
    /// The newest note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// All notes, oldest first.
    pub notes: Vec<Note>,
    /// Outcomes that were overruled.
    pub overruled: Vec<StepOutcome>,
    pub recorded_at: Option<DateTime<Utc>>,
    pub recorded_by: Option<MemberId>,
    /// Evidence of the step, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The step itself when it is not in the structure: somebody added it to this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<AddedStep>,
    /// Markdown: how to undo the step, which has failed. Until `add_rollback_step` takes it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<String>,
}

/// Makes a session of a procedural or troubleshooting flow. Maintenance flows run in batches (`invalid_flow_type`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    pub flow_id: FlowId,
    #[serde(default)]
    pub intake: Answers,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
}

/// Records what came of one step in many sessions, in one transaction and by the same rules as [`RecordStep`]. A session
/// that refuses it holds none of the others back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSteps {
    /// 1 to 10,000; one that is named twice is recorded once.
    pub session_ids: Vec<SessionId>,
    pub step_id: StepId,
    pub outcome: StepOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What came of a command about many sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyChanged {
    /// Sessions that were changed.
    pub changed: u32,
    /// Those that were not, in the order they were named.
    pub refused: Vec<RefusedSession>,
}

/// A session that a command about many left as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedSession {
    pub session_id: SessionId,
    /// What the command about this one session alone would have answered.
    pub error: ApiError,
}

/// Ends the work on many sessions, in one transaction and by the same rules as [`CompleteSession`]. A session that refuses
/// it holds none of the others back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteSessions {
    /// 1 to 10,000.
    pub session_ids: Vec<SessionId>,
}

/// Gives sessions to a member, or to nobody, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignSessions {
    /// 1 to 10,000.
    pub session_ids: Vec<SessionId>,
    pub member_id: Option<MemberId>,
    /// For whoever takes over; becomes a note of each session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Writes one note into many sessions, as [`RecordSteps`] records a step and by the rules of [`AddNote`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddNotes {
    /// 1 to 10,000; one that is named twice gets one note.
    pub session_ids: Vec<SessionId>,
    /// Of this step; of each session as a whole without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_id: Option<StepId>,
    pub note: String,
}

/// The content of a piece of evidence, checked against its hash: `unavailable` when its file is missing, `corrupt` when
/// that was altered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadEvidence {
    pub session_id: SessionId,
    pub evidence_id: EvidenceId,
}

/// A piece of evidence with its content: `text` when its media type is `text/…` and it is UTF-8, else `content_base64`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceContent {
    #[serde(flatten)]
    pub evidence: Evidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
}

macro_rules! session_requests {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            pub session_id: SessionId,
            $($(#[$fdoc])* pub $field: $type,)*
        }
    )+};
}

session_requests! {
    /// Begins work. Pins the revision. What nobody has taken is the caller's from then on, whichever command starts it.
    StartSession {}
    /// Records what came of a step; starts a pending session. A step may be recorded again: the later one counts.
    RecordStep {
        step_id: StepId,
        outcome: StepOutcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    }
    /// Adds a note, to a step or to the session.
    AddNote {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_id: Option<StepId>,
        note: String,
    }
    /// Ends work. Open steps are a `validation` error; with a failed step the session ends failed.
    CompleteSession {}
    /// Takes up a session again that has ended.
    ReopenSession {}
    /// Calls a session off.
    CancelSession {}
    /// Gives a session to a member, or to nobody.
    AssignSession {
        member_id: Option<MemberId>,
        /// For whoever takes over; becomes a note of the session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    }
    /// Adds evidence, at most 10 MiB, to a step or to the session. Either `content_base64` or `text`.
    AddEvidence {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_id: Option<StepId>,
        /// A file name, without folders.
        name: String,
        /// `text/plain` for text, else `application/octet-stream`, when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_type: Option<String>,
        /// Standard alphabet, with padding (RFC 4648).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_base64: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    }
    /// Takes evidence back. That it was there stays on record.
    RemoveEvidence { evidence_id: EvidenceId }
    /// Adds a step that is not in the flow to an open session.
    AddStep {
        title: String,
        /// Markdown.
        #[serde(default)]
        description: String,
        /// The end when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after_step_id: Option<StepId>,
    }
    /// Takes up the rollback of a failed step: adds it, as a step of its own, after that one.
    AddRollbackStep { step_id: StepId }
    /// Answers the question the session stands at; for an action node, `answer` is empty or left out.
    AnswerQuestion {
        node_id: String,
        #[serde(default)]
        answer: String,
    }
    /// Takes the last answer back.
    StepBack {}
}
