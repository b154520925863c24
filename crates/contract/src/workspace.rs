//! Commands about the workspace as a whole.

use mf_domain::ids::{MemberId, TeamId};
use mf_domain::role::Role;
use serde::{Deserialize, Serialize};

/// Everything that syncs, as canonical JSON: two replicas that agree export the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportAll {}

/// Writes what [`ExportAll`] answers to a file of one's choice, one JSON array with a row a line. `conflict` when the file
/// is there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportAllToFile {
    /// Absolute; its folder must exist.
    pub path: String,
}

/// An export that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedAll {
    pub path: String,
    pub bytes: u64,
    /// Rows in it.
    pub entities: u32,
}

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
    /// The folder with the workspace, its backups and what else belongs to it.
    pub data_folder: String,
    /// The file of the open workspace.
    pub database_path: String,
    /// Its size in bytes, with the part of the log that is not folded in yet.
    pub database_bytes: u64,
    pub counts: WorkspaceCounts,
    pub team_id: TeamId,
    pub member_id: MemberId,
    pub role: Role,
}

/// How much there is in the workspace; deleted things are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceCounts {
    pub flows: u32,
    pub target_lists: u32,
    pub schedules: u32,
    pub batches: u32,
    pub sessions: u32,
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
    pub reason: BackupReason,
}

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupReason {
    /// Before a new release changed the file.
    Migration,
    Daily,
    /// Somebody asked for it.
    Manual,
    /// No backup: the workspace itself, as it was when a restore put another one in its place. It stays until somebody
    /// removes the file.
    Replaced,
}

/// The backups of this workspace, newest first. Seven that were made by themselves are kept, and seven made by hand. With
/// them what restores have replaced, which [`RestoreBackup`] brings back like any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBackups {}

/// Makes a backup now and checks it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeBackup {}

/// Writes a backup to a file of one's choice: a tar file with a checked copy of the database and the contents of its
/// evidence, which [`RestoreBackup`] takes. `conflict` when the file is there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportBackup {
    /// Absolute; its folder must exist.
    pub path: String,
}

/// A backup that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedBackup {
    pub path: String,
    pub bytes: u64,
    /// Contents of evidence in it; alike ones count once.
    pub evidence: u32,
    /// Contents that the workspace refers to, but has no more, or not as they were. They are not in it.
    pub evidence_missing: u32,
}

/// Puts a backup in the place of the workspace, after consent: one of [`ListBackups`] by its `file_name`, or an exported
/// one, or a plain database file, by its `path`. An exported one brings its evidence. The copy is checked first, evidence by
/// its hashes; the present file is set aside, never overwritten. Afterwards the
/// workspace is opened anew: everything may have changed. A headless call does so only while no window has the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreBackup {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A backup that took the place of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredBackup {
    /// Where the workspace that was there before is kept; its path, given to [`RestoreBackup`], brings it back.
    pub kept_as: Option<String>,
    /// Contents of evidence that the restored workspace refers to and has; alike ones count once.
    #[serde(default)]
    pub evidence: u32,
    /// Those it refers to and does not have.
    #[serde(default)]
    pub evidence_missing: u32,
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
