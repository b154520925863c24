//! Commands about batches.

use crate::patch::Patch;
use chrono::{DateTime, Utc};
use mf_domain::batch::{BatchEvent, BatchOrigin, BatchStatus, Held, Rollup, SignOff, WaveRule};
use mf_domain::flow::SignOffRule;
use mf_domain::ids::{BatchId, FlowId, MemberId, RevisionId, ScheduleId, SessionId, TargetListId};
use mf_domain::intake::{Answers, IntakeField};
use mf_domain::session::SessionStatus;
use mf_domain::targets::Target;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Makes one pending session per target, all or none. One of `targets`, `target_list_id` and `previous`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchBatch {
    pub flow_id: FlowId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<Target>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_list_id: Option<TargetListId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousTargets>,
    #[serde(default)]
    pub intake: Answers,
    /// Repeating a request with the same id answers with the batch it made the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How its sessions are offered; all at once when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waves: Option<WaveRule>,
}

/// The targets of an earlier batch of the flow, with all that its sessions have of them. The new batch runs the flow as it
/// is now; `retry_batch` runs the revision of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousTargets {
    pub batch_id: BatchId,
    /// Only those that failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_failed: bool,
}

/// A launched batch with its sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchedBatch {
    pub batch_id: BatchId,
    pub count: u32,
    pub sessions: Vec<LaunchedSession>,
}

/// A session as a launch answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchedSession {
    pub id: SessionId,
    pub batch_id: BatchId,
    pub target_label: String,
    pub flow_id: FlowId,
    pub status: SessionStatus,
}

/// Batches, newest first, in pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBatches {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<FlowId>,
    /// Batches with a session of this client, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Only batches with a session that names no client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_client: bool,
    /// Any of these; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<BatchStatus>,
    /// Only batches with a session that failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
    /// Left out: anybody's. `null`: with an open session that nobody has taken. An id: with a session of that member.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub assignee: Patch<MemberId>,
    /// Part of a target's label or of the flow's name, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Launched at or after this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Launched before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// 1 to 500; 50 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The last batch of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<BatchId>,
}

/// A row of the list of batches. Counts come from the database, never from a page of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchSummary {
    pub batch_id: BatchId,
    pub flow_id: FlowId,
    pub flow_name: String,
    pub origin: BatchOrigin,
    pub launched_at: DateTime<Utc>,
    /// The instant the occurrence was due; only for batches of a schedule.
    pub scheduled_for: Option<DateTime<Utc>>,
    #[serde(flatten)]
    pub rollup: Rollup,
    pub status: BatchStatus,
    /// Open sessions that nobody has taken.
    #[serde(default)]
    pub unassigned: u32,
    /// Number of the change ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// What the flow asks for.
    #[serde(default)]
    pub sign_off_rule: SignOffRule,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_off: Option<SignOff>,
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetBatch {
    pub batch_id: BatchId,
}

/// One batch with what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    #[serde(flatten)]
    pub summary: BatchSummary,
    pub revision_id: RevisionId,
    pub revision: u32,
    pub intake: Answers,
    /// Required questions nobody has answered yet; they are asked before the first session starts.
    pub missing_intake: Vec<IntakeField>,
    pub schedule_id: Option<ScheduleId>,
    pub target_list_id: Option<TargetListId>,
    pub retry_of: Option<BatchId>,
    /// The batches that retried this one, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retried_by: Vec<BatchId>,
    /// The flow asks for somebody else to sign it off: the caller recorded steps of it. Said of a finished batch that is
    /// not signed off yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sign_off_barred: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waves: Option<BatchWaves>,
    /// What happened to the batch as a whole, oldest first. The interface does not read it: it shows what it amounts to.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
    pub events: Vec<BatchEvent>,
}

/// How the sessions of a batch are offered, and where that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchWaves {
    pub rule: WaveRule,
    /// Failed sessions that somebody has accepted with `continue_batch`.
    pub released: u32,
    /// The first this many pending sessions, in the order of the targets, may be started.
    pub offered: u32,
    /// Pending sessions that may not.
    pub held: u32,
    /// The first of those that may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_session_id: Option<SessionId>,
    /// What holds back those beyond the room there is; a halt is lifted by `continue_batch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Held>,
    /// Why the first of those that may not is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Held>,
    /// The reason in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// Sets how the sessions of a batch are offered from now on; `null` for all at once. What has begun goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetBatchWaves {
    pub batch_id: BatchId,
    pub waves: Option<WaveRule>,
}

/// Goes on after a halt: accepts the failures there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinueBatch {
    pub batch_id: BatchId,
}

/// Sets the number of the change ticket, or takes it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetBatchTicket {
    pub batch_id: BatchId,
    /// 1 to 100 characters.
    pub ticket: Option<String>,
}

/// Answers for a finished batch. While it is signed off, its sessions are not reopened and keep their evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOffBatch {
    pub batch_id: BatchId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Takes the sign-off of a batch back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawSignOff {
    pub batch_id: BatchId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Names or corrects the targets of pending sessions, all or none. Labels stay unique within the batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignTargets {
    pub batch_id: BatchId,
    pub targets: Vec<TargetAssignment>,
}

/// The target of one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetAssignment {
    /// Left out only in a batch whose one session is the untouched "Unassigned": that yields to the first of the targets,
    /// and each of the others gets a session of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Left out, like site and variables: it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
}

/// Answers the intake form of a batch, beside what is answered already. Sessions that have started keep the answers they
/// started with; once one has, only what nobody has answered yet can be given, and once the batch is signed off, nothing
/// (`conflict`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetBatchIntake {
    pub batch_id: BatchId,
    pub intake: Answers,
}

/// A new batch of the failed targets of an old one, against the revision that one ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryBatch {
    pub batch_id: BatchId,
}

/// Cancels every session of a batch that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelBatch {
    pub batch_id: BatchId,
}
