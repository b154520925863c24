//! Commands about who belongs to a workspace. What changes it is done on the server and needs it to answer; what is listed
//! is as of the last time it did.

use crate::confidential::Confidential;
use chrono::{DateTime, Utc};
use mf_domain::ids::{DeviceId, MemberId};
use mf_domain::role::Role;
use serde::{Deserialize, Serialize};

/// The members of the workspace by name; of the local one, the one there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListMembers {
    /// Also those who left or were removed: they stand in what they did. False by default.
    #[serde(default)]
    pub removed: bool,
}

/// Somebody of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    pub role: Role,
    /// Whether this is who asks.
    pub is_me: bool,
    /// False for somebody invited who has not joined yet.
    pub has_joined: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<DateTime<Utc>>,
    /// The computers in use.
    pub devices: Vec<Device>,
}

/// A computer of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    /// Whether it is this one.
    pub is_this: bool,
    /// When it joined; absent while its invite waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<DateTime<Utc>>,
    /// When a change of it last came to the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sent_at: Option<DateTime<Utc>>,
}

/// Invites somebody. For owners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    /// 1 to 255 characters.
    pub name: String,
    pub role: Role,
}

/// Invites another computer: one's own, or, for owners, somebody else's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteDevice {
    /// Oneself by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MemberId>,
}

/// An invite: one text to hand over in confidence. It is shown this once and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    pub invite: Confidential,
    pub member_id: MemberId,
    /// When it is good no more.
    pub expires_at: DateTime<Utc>,
}

/// Gives a member another role. For owners; `conflict` for the last owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetMemberRole {
    pub id: MemberId,
    pub role: Role,
}

/// Ends a membership at once, with every device. For owners; `conflict` for the last owner. What the member changed without a
/// connection is refused from now on and stays on that computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveMember {
    pub id: MemberId,
}
