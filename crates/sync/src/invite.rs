//! An invite: everything a new computer needs, as one text to hand over in confidence.
//!
//! `mf-invite-1-`, then JSON in base64, then a few digits of its hash: whoever copies half of it is told so, and not that the
//! password is wrong.

use crate::server::{Place, Protection};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mf_domain::ids::{DeviceId, MemberId, TeamId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const PREFIX: &str = "mf-invite-1-";
const CHECK: usize = 8;

/// What an invite says. Its `Debug` does not show the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Where, and with which login and password.
    pub place: Place,
    /// Into which team.
    pub team: TeamId,
    /// What it is called.
    pub team_name: String,
    /// As whom.
    pub member: MemberId,
    /// As which device.
    pub device: DeviceId,
}

/// Why a text is no invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoInvite {
    /// Something else.
    #[error("is not an invite: it begins with {PREFIX}")]
    Form,
    /// One of a later release.
    #[error("is an invite of a newer release: update the application")]
    Newer,
    /// Something is missing, or was changed on the way.
    #[error("is not complete: copy the whole invite, from {PREFIX} to its end")]
    Incomplete,
}

#[derive(Serialize, Deserialize)]
struct Written {
    host: String,
    port: u16,
    database: String,
    login: String,
    password: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    plaintext: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<String>,
    team: TeamId,
    name: String,
    member: MemberId,
    device: DeviceId,
}

impl Invite {
    /// The text.
    #[must_use]
    pub fn write(&self) -> String {
        let Place { host, port, database, login, password, protection } = self.place.clone();
        let (plaintext, authority) = match protection {
            Protection::Tls { authority } => (false, authority),
            Protection::Plaintext => (true, None),
        };
        let Self { team, member, device, .. } = *self;
        let name = self.team_name.clone();
        let written = Written {
            host,
            port,
            database,
            login,
            password,
            plaintext,
            authority,
            team,
            name,
            member,
            device,
        };
        // Texts, numbers and ids can always be written.
        let json = serde_json::to_vec(&written).unwrap_or_default();
        format!("{PREFIX}{}{}", URL_SAFE_NO_PAD.encode(&json), check(&json))
    }

    /// Reads a text; blanks and line breaks, which mail programs add, are passed over.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, NoInvite> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let Some(body) = text.strip_prefix(PREFIX) else {
            return Err(if text.starts_with("mf-invite-") { NoInvite::Newer } else { NoInvite::Form });
        };
        let (encoded, digits) = body
            .len()
            .checked_sub(CHECK)
            .and_then(|at| body.split_at_checked(at))
            .ok_or(NoInvite::Incomplete)?;
        let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| NoInvite::Incomplete)?;
        if check(&json) != digits {
            return Err(NoInvite::Incomplete);
        }
        let written: Written = serde_json::from_slice(&json).map_err(|_| NoInvite::Newer)?;
        let Written { host, port, database, login, password, plaintext, authority, .. } = written;
        let protection = if plaintext { Protection::Plaintext } else { Protection::Tls { authority } };
        Ok(Self {
            place: Place { host, port, database, login, password, protection },
            team: written.team,
            team_name: written.name,
            member: written.member,
            device: written.device,
        })
    }
}

fn check(json: &[u8]) -> String {
    Sha256::digest(json).iter().take(CHECK / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn invite() -> Invite {
        let place = Place::read("postgres://mf_d_1:secret-word@db.example/team", Some("PEM".into())).unwrap();
        let [team, member, device] = [1, 2, 3].map(Uuid::from_u128);
        Invite {
            place,
            team: TeamId(team),
            team_name: "Field team".into(),
            member: MemberId(member),
            device: DeviceId(device),
        }
    }

    #[test]
    fn what_was_written_is_read_however_it_was_wrapped() {
        let text = invite().write();
        assert_eq!(Invite::read(&text), Ok(invite()));
        let wrapped: String = text.chars().flat_map(|c| [c, '\n']).collect();
        assert_eq!(Invite::read(&wrapped), Ok(invite()));
        assert!(!format!("{:?}", invite()).contains("secret-word"));
    }

    #[test]
    fn half_of_it_is_told_from_something_else() {
        let text = invite().write();
        for end in [PREFIX.len(), PREFIX.len() + 3, text.len() / 2, text.len() - 1] {
            assert_eq!(Invite::read(&text[..end]), Err(NoInvite::Incomplete), "{end}");
        }
        assert_eq!(Invite::read("https://example.org"), Err(NoInvite::Form));
        assert_eq!(Invite::read("mf-invite-2-abc"), Err(NoInvite::Newer));
    }
}
