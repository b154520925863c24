//! The board of a batch: targets by steps, whole, in one reply.

use crate::batches::Batch;
use chrono::{DateTime, Utc};
use mf_domain::flow::{ContentType, EvidenceRule, StepId};
use mf_domain::ids::{BatchId, MemberId, SessionId};
use mf_domain::session::SessionStatus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything the board of a batch shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetBoard {
    pub batch_id: BatchId,
}

/// A batch as a grid. Compact: 1,000 targets by 12 steps, a note on every fourth of them, are about 430 KB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub batch: Batch,
    /// The columns: the steps a session records.
    pub steps: Vec<BoardStep>,
    /// The rows, in the order of the targets.
    pub sessions: Vec<BoardSession>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardStep {
    pub id: StepId,
    pub title: String,
    pub content_type: ContentType,
    pub evidence: EvidenceRule,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_minutes: Option<u32>,
}

/// A row. What is absent is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardSession {
    pub id: SessionId,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The variables of the target that titles of steps name, as far as it has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    pub status: SessionStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<MemberId>,
    /// The step to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_step_id: Option<StepId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// One letter per column: `.` open, `d` done, `f` failed, `s` skipped.
    pub cells: String,
    /// The newest note of the steps that have one, by step; its first 200 characters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub step_notes: BTreeMap<StepId, String>,
    /// The newest note on the session as a whole, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_note: Option<String>,
    /// Pieces of evidence of the steps that have some, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<StepId, u32>,
    /// Pieces of evidence of the session as a whole.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub session_evidence: u32,
    /// Steps that are in no column: somebody added them to this session. Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<BoardAddedStep>,
}

/// A step of one session alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAddedStep {
    pub id: StepId,
    pub title: String,
    /// The step it comes after; the end when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_step_id: Option<StepId>,
    /// The failed step it undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_of: Option<StepId>,
    /// As in `cells`.
    pub cell: char,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}
