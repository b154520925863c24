//! The sample workspace: something realistic to look at, which can be taken away again.

use mf_domain::ids::{BatchId, FlowId, ScheduleId, TargetListId};
use serde::{Deserialize, Serialize};

/// Makes the sample: three flows, two target lists, a schedule, a finished batch with a failure and one in progress.
/// Where it is already, it stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSample {
    /// IANA name of the zone its schedule runs in; `UTC` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// The sample, as it is here: what was changed or deleted of it is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// False when it was here already.
    pub created: bool,
    pub flow_ids: Vec<FlowId>,
    pub target_list_ids: Vec<TargetListId>,
    pub schedule_ids: Vec<ScheduleId>,
    pub batch_ids: Vec<BatchId>,
}

/// Takes the sample away and nothing else: flows and lists that were edited or that somebody's own schedule uses stay, and
/// so do batches people launched of a sample flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteSample {}

/// What was taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedSample {
    pub flows: u32,
    pub target_lists: u32,
    pub schedules: u32,
    pub batches: u32,
    /// The names of flows and lists that stay, because somebody made them their own.
    pub kept: Vec<String>,
}
