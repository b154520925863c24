//! Commands about target lists.

use chrono::{DateTime, Utc};
use mf_domain::ids::{MemberId, TargetListId};
use mf_domain::targets::Target;
use serde::{Deserialize, Serialize};

/// All target lists, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTargetLists {}

/// A row of the page of lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetListSummary {
    pub id: TargetListId,
    pub name: String,
    pub description: String,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<Target>>,
}

/// Deletes a list. A schedule that names it then reads as having none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteTargetList {
    pub id: TargetListId,
}
