//! Commands about target lists.

use crate::patch::Patch;
use chrono::{DateTime, Utc};
use mf_domain::ids::{MemberId, TargetListId};
use mf_domain::targets::Target;
use serde::{Deserialize, Serialize};

/// Target lists, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTargetLists {
    /// Lists of this client, and lists with a target of it; ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// A row of the page of lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetListSummary {
    pub id: TargetListId,
    pub name: String,
    pub description: String,
    pub client: Option<String>,
    pub site: Option<String>,
    pub target_count: u32,
    /// The first three labels.
    pub first_labels: Vec<String>,
    /// When a batch was last made from it.
    pub last_used_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

/// One list with its targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetTargetList {
    pub id: TargetListId,
}

/// A list with its targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetList {
    pub id: TargetListId,
    pub name: String,
    pub description: String,
    /// The customer of all targets that name no other.
    pub client: Option<String>,
    /// Where those targets stand.
    pub site: Option<String>,
    /// As they were given: without the list's client and site.
    pub targets: Vec<Target>,
    /// `None` once that member was removed.
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Makes a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTargetList {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    pub targets: Vec<Target>,
}

/// Changes a list; what is left out stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateTargetList {
    pub id: TargetListId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `null` takes it off.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub client: Patch<String>,
    /// `null` takes it off.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub site: Patch<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<Target>>,
}

/// Deletes a list. A schedule that names it then reads as having none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteTargetList {
    pub id: TargetListId,
}

/// The clients that lists, targets and sessions name, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListClients {}

/// A client, with what there is of it. Names that differ in case alone are one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSummary {
    /// As its newest session has it; without one, as a list has it.
    pub name: String,
    /// Lists of the client, and lists with a target of it.
    pub target_lists: u32,
    pub sessions: u32,
    /// Sessions that have not ended.
    pub open_sessions: u32,
}
