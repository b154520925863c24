//! Commands about the workspace as a whole.

use mf_domain::ids::{MemberId, TeamId};
use mf_domain::role::Role;
use serde::{Deserialize, Serialize};

/// Everything that syncs, as canonical JSON: two replicas that agree export the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportAll {}

/// One synced row. Ordered by (kind, id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedEntity {
    /// The table's name.
    pub kind: String,
    pub id: String,
    /// The row; keys sorted, no local bookkeeping.
    pub row: serde_json::Value,
}

/// What runs here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {}

/// Versions and places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutReply {
    pub version: String,
    pub sqlite_version: String,
    /// Release of the bundled IANA zone database, for example `2026e`.
    pub zone_database: String,
    /// The file of the open workspace.
    pub database_path: String,
    pub team_id: TeamId,
    pub member_id: MemberId,
    pub role: Role,
}

/// Whether the workspace can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceHealth {}

/// The state of the workspace file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// All is well.
    Ready,
    /// It can be read but not written: a newer release made it, or the file or its folder is write-protected.
    ReadOnly { reason: String },
    /// The file is damaged. Nothing was changed; the person decides.
    Corrupt { reason: String, database_path: String, newest_backup: Option<BackupInfo> },
}

/// A verified backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupInfo {
    pub file_name: String,
    /// When it was made.
    pub made_at: chrono::DateTime<chrono::Utc>,
    pub bytes: u64,
}

/// Deals with a damaged workspace, after consent. The damaged file is kept aside, never overwritten. `conflict` when the
/// workspace is not damaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverWorkspace {
    pub action: Recovery,
}

/// The ways out of a damaged workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// Put the newest good backup in its place.
    RestoreNewestBackup,
    /// Begin with an empty workspace.
    StartEmpty,
}
