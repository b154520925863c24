//! Commands about flows.

use chrono::{DateTime, Utc};
use mf_domain::flow::difference::Difference;
use mf_domain::flow::{FlowType, Structure};
use mf_domain::ids::{FlowId, MemberId, RevisionId};
use mf_domain::intake::IntakeForm;
use serde::{Deserialize, Serialize};

/// How many flows there are of each type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowCounts {}

/// Counts for the sidebar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowCountsReply {
    pub total: u32,
    pub troubleshooting: u32,
    pub procedural: u32,
    pub maintenance: u32,
}

/// The library, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFlows {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_type: Option<FlowType>,
    /// Part of the name or description, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// A row of the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowSummary {
    pub id: FlowId,
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    /// Steps a session records; nodes for a tree.
    pub step_count: u32,
    pub revision: u32,
    pub updated_at: DateTime<Utc>,
    /// When its active schedule comes due next.
    pub next_run_at: Option<DateTime<Utc>>,
    /// Batches with a session that has not ended.
    pub open_batches: u32,
}

/// One flow at its newest revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetFlow {
    pub id: FlowId,
}

/// A flow at one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub id: FlowId,
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    pub structure: Structure,
    pub intake_form: IntakeForm,
    /// 1 for the first; derived from the order of revisions.
    pub revision: u32,
    pub revision_id: RevisionId,
    pub step_count: u32,
    /// Sum of the steps' estimates; 0 when none has one.
    pub estimate_minutes: u32,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Makes a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateFlow {
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub flow_type: FlowType,
    pub structure: Structure,
    #[serde(default)]
    pub intake_form: IntakeForm,
}

/// Saves a new revision of a flow. What is left out stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateFlow {
    pub id: FlowId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Refused (`conflict`) while the flow has a schedule or an open batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_type: Option<FlowType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure: Option<Structure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake_form: Option<IntakeForm>,
    /// The revision the edit was made on; another one meanwhile is a `conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_revision: Option<u32>,
}

/// Deletes a flow, pauses its schedules and keeps its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteFlow {
    pub id: FlowId,
}

/// Makes a flow from a runbook in plain Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportFlowMarkdown {
    pub markdown: String,
    pub flow_type: FlowType,
}

/// What [`ImportFlowMarkdown`] would make of a runbook. Changes nothing, and refuses what that would refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewFlowMarkdown {
    pub markdown: String,
    pub flow_type: FlowType,
}

/// A runbook as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookPreview {
    pub name: String,
    pub step_count: u32,
}

/// Makes a flow from what [`ExportFlow`] wrote as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportFlowJson {
    pub json: String,
}

/// What [`ImportFlowJson`] would make of a document. Changes nothing, and refuses what that would refuse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewFlowJson {
    pub json: String,
}

/// A document as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowPreview {
    pub name: String,
    pub flow_type: FlowType,
    /// Steps, or nodes of a tree.
    pub step_count: u32,
}

/// Writes a flow as a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportFlow {
    pub id: FlowId,
    pub format: ExportFormat,
}

/// The formats of [`ExportFlow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Markdown,
    Json,
}

/// A flow as a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedFlow {
    /// A file name that every system accepts.
    pub file_name: String,
    pub content: String,
}

/// The revisions of a flow, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFlowRevisions {
    pub flow_id: FlowId,
}

/// One revision in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionSummary {
    pub revision: u32,
    pub revision_id: RevisionId,
    pub name: String,
    pub step_count: u32,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
}

/// One revision of a flow, by the number people see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetFlowRevision {
    pub flow_id: FlowId,
    /// 1 for the first.
    pub revision: u32,
}

/// A revision with its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRevision {
    pub flow_id: FlowId,
    pub revision: u32,
    pub revision_id: RevisionId,
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    pub structure: Structure,
    pub intake_form: IntakeForm,
    pub step_count: u32,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
}

/// What changed from one revision to another, in either direction of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareRevisions {
    pub flow_id: FlowId,
    pub from: u32,
    pub to: u32,
}

/// Two revisions and what differs between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionComparison {
    pub from: RevisionSummary,
    pub to: RevisionSummary,
    #[serde(flatten)]
    pub difference: Difference,
}

/// Saves the content of an old revision as the newest one, under the rules of [`UpdateFlow`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreRevision {
    pub flow_id: FlowId,
    pub revision: u32,
    /// The newest revision the person saw; another one meanwhile is a `conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_revision: Option<u32>,
}
