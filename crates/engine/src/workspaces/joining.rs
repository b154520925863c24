//! Joining a team with an invite.

use super::{Keeping, place_kept, team_path};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::team::{Roster, TeamPlace, answer, connect, of_secrets};
use mf_contract::Handle;
use mf_contract::workspaces::{JoinWorkspace, JoinedWorkspace, WorkspaceKind};
use mf_domain::Invalid;
use mf_store::{Identity, glimpse};
use mf_sync::invite::Invite;
use mf_sync::server::Line;
use mf_sync::{SyncError, members};

impl Handle<JoinWorkspace> for Engine {
    async fn handle(&self, request: JoinWorkspace) -> Result<JoinedWorkspace, EngineError> {
        let invite =
            Invite::read(request.invite.text()).map_err(|error| Invalid::new("invite", error.to_string()))?;
        let keeping = self.keeping(request.passphrase.as_ref()).await?;
        self.not_there_yet(&invite).await?;
        let (mut line, place) = self.let_in(&invite, &keeping).await?;
        let found = answer(members::roster(&mut line)).await?;
        let roster = Roster::of(found, (invite.member, invite.device));
        let role = roster.my_role().ok_or_else(used)?;
        let who = Identity { team: invite.team, member: invite.member, device: invite.device };
        self.make_file(who, &place, &roster).await?;
        Ok(JoinedWorkspace { workspace_id: who.team, member_id: who.member, role })
    }
}

fn used() -> EngineError {
    EngineError::conflict(
        "invite",
        "this invite was used already, has expired or was withdrawn: ask an owner of the team for another",
    )
}

impl Engine {
    async fn not_there_yet(&self, invite: &Invite) -> Result<(), EngineError> {
        let Ok(there) = glimpse(&team_path(self.folder(), invite.team)).await else { return Ok(()) };
        if super::summary(&there).kind == WorkspaceKind::Team {
            let name = &invite.team_name;
            return Err(EngineError::conflict(
                "invite",
                format!("this computer belongs to the team “{name}” already"),
            ));
        }
        Ok(())
    }

    /// Exchanges the invite's password for one of this computer's own. It is kept before it is sent: where no answer came, the
    /// same invite, given again, goes on with it.
    async fn let_in(&self, invite: &Invite, keeping: &Keeping) -> Result<(Line, TeamPlace), EngineError> {
        let login = invite.place.login.clone();
        let kept = TeamPlace::of(&invite.place, place_kept(keeping));
        match connect(&invite.place).await {
            Ok(mut line) => {
                let (_, verifier) = self.new_password(&login, keeping).await?;
                match answer(members::rotate(&mut line, &verifier)).await {
                    Err(SyncError::Forbidden(_)) => return Err(used()),
                    rotated => rotated?,
                }
                Ok((line, kept))
            }
            Err(SyncError::NotLetIn(_)) => {
                let password = match keeping {
                    Keeping::Random(_) => {
                        let asked = login.clone();
                        let kept =
                            of_secrets(&self.ports.secrets, move |secrets| secrets.get(&asked)).await?;
                        kept.ok_or_else(used)?.0
                    }
                    Keeping::Passphrase(passphrase) => {
                        crate::team::derive(passphrase.clone(), login.clone()).await?
                    }
                };
                match connect(&kept.with_password(password.clone())).await {
                    Ok(line) => {
                        let secret = crate::ports::Secret(password);
                        of_secrets(&self.ports.secrets, move |secrets| secrets.put(&login, &secret)).await?;
                        Ok((line, kept))
                    }
                    Err(SyncError::NotLetIn(_)) => Err(used()),
                    Err(other) => Err(other.into()),
                }
            }
            Err(other) => Err(other.into()),
        }
    }
}
