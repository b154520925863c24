//! Who belongs to the team.

use super::link::{Belonging, answer, of_secrets};
use super::pass::Want;
use crate::engine::Engine;
use crate::error::EngineError;
use chrono::TimeDelta;
use mf_contract::members::*;
use mf_contract::workspaces::LeaveWorkspace;
use mf_contract::{Confidential, Done, Event, Handle};
use mf_domain::ids::{DeviceId, MemberId};
use mf_domain::role::Role;
use mf_domain::text;
use mf_store::meta::{self, Key};
use mf_sync::invite::Invite as Text;
use mf_sync::server::Line;
use mf_sync::{members, scram};

/// How long an invite is good; the server ends it (`mf.make_login`).
const GOOD_FOR: TimeDelta = TimeDelta::hours(72);

impl Handle<ListMembers> for Engine {
    async fn handle(&self, request: ListMembers) -> Result<Vec<Member>, EngineError> {
        let identity = self.store.identity();
        if self.link.place().is_none() {
            let devices =
                vec![Device { id: identity.device, is_this: true, joined_at: None, last_sent_at: None }];
            return Ok(vec![Member {
                id: identity.member,
                name: "Me".to_owned(),
                role: self.role(),
                is_me: true,
                has_joined: true,
                removed_at: None,
                devices,
            }]);
        }
        let mut members = self.link.roster().members;
        members.retain(|member| request.removed || member.removed_at.is_none());
        Ok(members)
    }
}

impl Engine {
    /// A login for a new device, as one text.
    async fn invite(
        &self,
        line: &mut Line,
        (member, device): (MemberId, DeviceId),
        make: impl AsyncFnOnce(&mut Line, &str) -> Result<String, mf_sync::SyncError>,
    ) -> Result<Invite, EngineError> {
        let (password, salt) = of_secrets(&self.ports.secrets, |secrets| {
            let password = scram::from_random(secrets.random()?);
            Ok((password, salt_of(secrets.random()?)))
        })
        .await?;
        let login = answer(make(line, &scram::verifier(&password, salt))).await?;
        let place = self.shared()?.with_password(password);
        let place = place.with_login(&login, &place.password);
        let (team, team_name) = (self.store.identity().team, self.link.roster().name);
        let text = Text { place, team, team_name, member, device }.write();
        self.refresh_roster(line).await?;
        Ok(Invite { invite: Confidential(text), member_id: member, expires_at: self.now() + GOOD_FOR })
    }

    /// A member as the list has it.
    fn member(&self, id: MemberId) -> Result<Member, EngineError> {
        let found = self.link.roster().members.into_iter().find(|member| member.id == id);
        found.ok_or(EngineError::NotFound { what: "member", field: "id" })
    }
}

/// Sixteen of 32 bytes.
pub(crate) fn salt_of(random: [u8; 32]) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&random[..16]);
    salt
}

impl Handle<InviteMember> for Engine {
    async fn handle(&self, request: InviteMember) -> Result<Invite, EngineError> {
        self.shared()?;
        self.require(Role::Owner)?;
        let name = text::name("name", &request.name)?;
        let mut line = self.line().await?;
        let (member, device) = (self.new_id::<MemberId>(), self.new_id::<DeviceId>());
        let make = async |line: &mut Line, verifier: &str| {
            members::invite(line, (member, &name), request.role, device, verifier).await
        };
        self.invite(&mut line, (member, device), make).await
    }
}

impl Handle<InviteDevice> for Engine {
    async fn handle(&self, request: InviteDevice) -> Result<Invite, EngineError> {
        self.shared()?;
        let member = request.id.unwrap_or(self.me());
        if member != self.me() {
            self.require(Role::Owner)?;
        }
        let mut line = self.line().await?;
        let device = self.new_id::<DeviceId>();
        let make =
            async |line: &mut Line, verifier: &str| members::add_device(line, member, device, verifier).await;
        self.invite(&mut line, (member, device), make).await
    }
}

impl Handle<SetMemberRole> for Engine {
    async fn handle(&self, request: SetMemberRole) -> Result<Member, EngineError> {
        self.shared()?;
        self.require(Role::Owner)?;
        let mut line = self.line().await?;
        answer(members::set_role(&mut line, request.id, request.role)).await?;
        self.refresh_roster(&mut line).await?;
        self.member(request.id)
    }
}

impl Handle<RemoveMember> for Engine {
    async fn handle(&self, request: RemoveMember) -> Result<Done, EngineError> {
        self.shared()?;
        self.require(Role::Owner)?;
        if request.id == self.me() {
            return Err(EngineError::conflict("id", "this is you: leave the workspace instead"));
        }
        let mut line = self.line().await?;
        answer(members::remove(&mut line, request.id)).await?;
        self.refresh_roster(&mut line).await?;
        Ok(Done {})
    }
}

impl Handle<LeaveWorkspace> for Engine {
    async fn handle(&self, _: LeaveWorkspace) -> Result<Done, EngineError> {
        let login = self.shared()?.login;
        // What waits goes out first, where it can.
        if let Err(error) = self.pass(Want::Rows).await {
            tracing::info!(error = crate::error::chain(&error), "leaving with unsent changes");
        }
        if self.link.belonging() == Belonging::Member {
            let mut line = self.line().await?;
            answer(members::remove(&mut line, self.me())).await?;
        }
        let now = self.now();
        let mut write = self.store.write(now).await?;
        meta::put(&mut write, Key::TeamLeft, &now.timestamp_millis().to_string()).await?;
        write.commit().await?;
        self.link.set_belonging(Belonging::Left);
        *self.link.line.lock().await = None;
        of_secrets(&self.ports.secrets, move |secrets| secrets.remove(&login)).await?;
        self.emit(Event::WorkspacesChanged);
        self.emit(Event::EverythingChanged);
        Ok(Done {})
    }
}
