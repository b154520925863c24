//! Commands about workspaces: the local one, and those of teams on a shared Postgres.
//!
//! Each is a file of its own. A window shows one at a time and all of them are kept up to date; a headless call names one
//! with `--workspace`, by id or by name, and means the local one otherwise.

use crate::confidential::Confidential;
use mf_domain::ids::{MemberId, TeamId};
use mf_domain::role::Role;
use serde::{Deserialize, Serialize};

/// Whether a workspace is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceKind {
    /// On this computer alone.
    Local,
    /// Shared with a team.
    Team,
    /// A team's that was left, or from which one was removed: the copy of this computer, to read in.
    Left,
}

/// The workspaces of this computer: the local one first, then the others by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListWorkspaces {}

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceSummary {
    pub id: TeamId,
    /// `Local workspace`, or what the team is called.
    pub name: String,
    pub kind: WorkspaceKind,
    pub role: Role,
    /// Whether it is the one this was asked of.
    pub is_current: bool,
}

/// Shows another workspace in the windows. `conflict` for a headless call, which names its workspace itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchWorkspace {
    pub id: TeamId,
}

/// Looks at a server as [`CreateWorkspace`] would, and changes nothing on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewWorkspace {
    /// As of [`CreateWorkspace`].
    pub connection: Confidential,
    pub name: String,
    pub member_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_pem: Option<String>,
}

/// What creating a workspace would come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspacePlan {
    pub host: String,
    pub port: u16,
    pub database: String,
    /// As the server says it, for example `17.6`.
    pub server_version: String,
    /// False only for a server on this computer.
    pub encrypted: bool,
    /// What will be done on the server, a sentence each, in that order.
    pub steps: Vec<String>,
    /// What is in the way, a sentence each. [`CreateWorkspace`] refuses while there is any.
    pub problems: Vec<String>,
}

/// Makes a team's workspace in a database, with who asks as its first owner. Everything [`PreviewWorkspace`] looks at is
/// checked again before anything is touched. The administrator's connection is used for this alone and not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateWorkspace {
    /// `postgres://user:password@host:port/database` of somebody who may create roles. The connection is encrypted and the
    /// server's certificate verified, always; `?sslmode=disable` is taken for `127.0.0.1` and `[::1]` alone.
    pub connection: Confidential,
    /// What the team is called; 1 to 255 characters.
    pub name: String,
    /// The name under which the team knows who asks; 1 to 255 characters.
    pub member_name: String,
    /// The certificate authority of the server, where it is not a public one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_pem: Option<String>,
    /// See [`SecretStorage`]: only where the computer has no keychain. At least 12 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<Confidential>,
}

/// A workspace that was made, and is open on this computer from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedWorkspace {
    pub workspace_id: TeamId,
    pub member_id: MemberId,
}

/// Brings the workspaces of a database to this release. Again changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpgradeWorkspace {
    /// As of [`CreateWorkspace`].
    pub connection: Confidential,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_pem: Option<String>,
}

/// Joins a team with the text of an invite, which is good for one computer and 72 hours. `conflict` naming `invite` for one
/// that was used, has expired or was withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinWorkspace {
    pub invite: Confidential,
    /// As of [`CreateWorkspace`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<Confidential>,
}

/// A workspace that was joined, and is open on this computer from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedWorkspace {
    pub workspace_id: TeamId,
    pub member_id: MemberId,
    pub role: Role,
}

/// Leaves the team of this workspace: every device of the member loses its access, and the copy on this computer stays, to
/// read in. `conflict` for the last owner. What was not sent yet stays here alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveWorkspace {}

/// Copies everything of the local workspace into a team's, as this member's work. The schedules stay in both, and are
/// paused in the local one, so that nothing runs twice. Again copies what is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveToWorkspace {
    /// A team's, in which one is manager or owner.
    pub workspace_id: TeamId,
}

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedToWorkspace {
    /// Rows that the team's workspace had not.
    pub rows: u32,
    /// Contents of evidence.
    pub evidence: u32,
    /// Schedules that are paused in the local workspace now.
    pub schedules_paused: u32,
}

/// Where the password of this computer for a team's server would be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretStorage {}

/// The places for passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// The keychain of the operating system.
    Keychain,
    /// A file readable by its owner only, chosen with `MAINTENANCE_FLOWS_SECRETS`.
    File,
    /// There is no keychain. A workspace can be created or joined with a passphrase, from which the password follows: it is
    /// kept nowhere and asked for at each start ([`UnlockWorkspace`]).
    Passphrase,
}

/// The answer to [`SecretStorage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretStorageReply {
    pub place: SecretPlace,
}

/// Gives the passphrase of this workspace, for as long as the application runs. `validation` naming `passphrase` when the
/// server does not take it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnlockWorkspace {
    pub passphrase: Confidential,
}
