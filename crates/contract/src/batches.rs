//! Commands about batches.

use chrono::{DateTime, Utc};
use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
use mf_domain::ids::{BatchId, FlowId, RevisionId, ScheduleId, SessionId, TargetListId};
use mf_domain::intake::{Answers, IntakeField};
use mf_domain::session::SessionStatus;
use mf_domain::targets::Target;
use serde::{Deserialize, Serialize};

/// Makes one pending session per target, all or none. Either `targets` or `target_list_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchBatch {
    pub flow_id: FlowId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<Target>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_list_id: Option<TargetListId>,
    #[serde(default)]
    pub intake: Answers,
    /// Repeating a request with the same id answers with the batch it made the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
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
}

/// Answers the intake form of a batch. Sessions that have started keep the answers they started with.
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
