//! Commands about sharing: how far this computer and the team's server are apart, and the copies that lost.

use chrono::{DateTime, Utc};
use mf_domain::ids::{ConflictId, MemberId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Sends what waits and fetches what is new, now. `unavailable` when the server cannot be reached or does not let this
/// computer in; of the local workspace, there is nothing to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncNow {}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// Rows the server took.
    pub pushed: u32,
    /// Rows that came.
    pub pulled: u32,
    /// Rows the server refused; they are kept aside, see [`ListConflicts`].
    pub rejected: u32,
    /// Conflicts that stand now.
    pub conflicts: u32,
}

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SyncStatus {}

/// The one word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// The workspace is not shared.
    LocalOnly,
    /// Nothing waits, as of [`SyncStatusReply::last_sync_at`].
    Synced,
    /// Changes wait to be sent.
    Waiting,
    /// The server was not reached the last time; [`SyncStatusReply::problem`] says why.
    Offline,
    /// Copies lost and nobody has looked at them yet.
    Conflict,
}

/// Why the server is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncProblem {
    /// No connection: it is tried again by itself.
    Unreachable,
    /// The server is not who it should be: its certificate, or its name.
    Untrusted,
    /// The password of this computer is not taken, or the membership has ended.
    NotLetIn,
    /// The passphrase has not been given since the start: [`crate::workspaces::UnlockWorkspace`].
    Locked,
    /// The keychain does not give the password of this computer.
    NoSecret,
    /// This release is too old for the team's workspace.
    ClientTooOld,
    /// The team's workspace is older than this release can use: an administrator is to upgrade it.
    ServerTooOld,
    /// One has left the team.
    Left,
    /// Something else; the log has the details.
    Defect,
}

/// The answer to [`SyncStatus`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatusReply {
    pub state: SyncState,
    /// Changed rows that are not sent yet.
    pub waiting: u32,
    /// Copies that lost, those that were refused included.
    pub conflicts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sync_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<SyncProblem>,
    /// The problem as a sentence, with what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Host and port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// How long the server took to answer the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u32>,
    /// What is under way this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<SyncProgress>,
    /// Rows of a newer release that this one cannot hold. They are kept for the release that can.
    pub kept: u32,
}

/// How far a pass is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProgress {
    pub sent: u32,
    pub to_send: u32,
    pub received: u32,
}

/// Copies that lost, the latest first: of two that were changed without knowledge of each other, and those the server
/// refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListConflicts {}

/// Why a copy lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictReason {
    /// Somebody else changed the same at the same time. The whole team sees it.
    Concurrent,
    /// The role did not allow it. On this computer alone, as are those below.
    Forbidden,
    /// The server cannot hold it.
    Invalid,
    /// What it belongs to is not there.
    ParentMissing,
    /// It was deleted so long ago that even the record of that is gone.
    Gone,
}

/// A copy that lost, and what stands in its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    pub id: ConflictId,
    pub reason: ConflictReason,
    /// The table, as in `export_all`.
    pub entity: String,
    /// The row's id.
    pub row_id: String,
    /// What a person calls it, where it has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub at: DateTime<Utc>,
    /// Whose copy lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_name: Option<String>,
    /// The copy that lost, column by column; `null` where it was a deletion.
    pub lost: Option<Value>,
    /// What stands now; `null` where it is deleted or not there.
    pub stands: Option<Value>,
    /// Whether one's role may restore it.
    pub can_restore: bool,
}

/// Puts a copy that lost in the place of what stands, as a new edit; the conflict is settled with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreConflict {
    pub id: ConflictId,
}

/// Leaves what stands; the conflict is settled, for the whole team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DismissConflict {
    pub id: ConflictId,
}
