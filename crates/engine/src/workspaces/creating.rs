//! A new workspace on a server, by an administrator's connection, which is used for this alone.

use super::{admin, place_kept};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::team::{Roster, TeamPlace, answer, connect, put, within};
use mf_contract::workspaces::*;
use mf_contract::{Done, Handle};
use mf_domain::ids::{DeviceId, MemberId, TeamId};
use mf_domain::text;
use mf_store::Identity;
use mf_store::meta::{self, Key};
use mf_sync::SyncError;
use mf_sync::members;
use mf_sync::server::{Line, Place, Protection};
use mf_sync::setup::{self, Survey};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long making the tables may take.
const INSTALLING: Duration = Duration::from_secs(300);

impl Handle<PreviewWorkspace> for Engine {
    async fn handle(&self, request: PreviewWorkspace) -> Result<WorkspacePlan, EngineError> {
        let name = text::name("name", &request.name)?;
        let member = text::name("member_name", &request.member_name)?;
        let place = admin(&request.connection, request.ca_pem.as_ref())?;
        let (_, survey) = survey(&place).await?;
        Ok(plan(&place, &survey, &name, &member))
    }
}

async fn survey(place: &Place) -> Result<(Line, Survey), EngineError> {
    let mut line = connect(place).await.map_err(of_admin)?;
    let survey = answer(setup::survey(&mut line)).await?;
    Ok((line, survey))
}

/// What is wrong with an administrator's connection is wrong with what was given.
fn of_admin(error: SyncError) -> EngineError {
    match error {
        SyncError::NotLetIn(_) => {
            mf_domain::Invalid::new("connection", "the server does not take this user and password").into()
        }
        SyncError::Plaintext => {
            mf_domain::Invalid::new("connection", "sslmode=disable is taken for 127.0.0.1 and [::1] alone")
                .into()
        }
        other => other.into(),
    }
}

fn plan(place: &Place, survey: &Survey, name: &str, member: &str) -> WorkspacePlan {
    let mut steps = Vec::new();
    if survey.is_ours {
        steps.push("Bring the schema mf of this database to this release, where it is older".to_owned());
    } else {
        steps.push(
            "Make the roles mf_owner, mf_roles and mf_member, unless the server has them; none of them can log in".to_owned(),
        );
        steps.push(format!(
            "Make the schema mf in the database “{}”, with its tables, functions and views; nothing outside it is touched",
            place.database
        ));
    }
    steps.push(format!("Make the team “{name}”"));
    steps.push(format!("Make “{member}” its first owner, with a login for this computer that reads and writes this team alone"));
    steps.push(
        "Make a file for the workspace on this computer; your local workspace stays as it is".to_owned(),
    );
    WorkspacePlan {
        host: place.host.clone(),
        port: place.port,
        database: place.database.clone(),
        server_version: survey.version.clone(),
        encrypted: place.protection != Protection::Plaintext,
        steps,
        problems: problems(place, survey),
    }
}

fn problems(place: &Place, survey: &Survey) -> Vec<String> {
    let (login, database) = (&place.login, &place.database);
    let mut problems = Vec::new();
    let mut unless = |fine: bool, problem: String| {
        if !fine {
            problems.push(problem);
        }
    };
    unless(
        !survey.is_too_old(),
        format!("The server is Postgres {}; 15 is the oldest that can be used.", survey.version),
    );
    unless(
        !survey.is_standby,
        "The server is a standby, which cannot be written to: connect to the primary.".to_owned(),
    );
    unless(
        survey.makes_roles,
        format!("The user “{login}” may not make roles: it needs CREATEROLE, or to be a superuser."),
    );
    unless(
        survey.has_schema || survey.makes_schemas,
        format!(
            "The user “{login}” may not make a schema in the database “{database}”: it needs CREATE on it."
        ),
    );
    unless(
        !survey.has_schema || survey.is_ours,
        format!("The database “{database}” has a schema mf of another program: choose another database."),
    );
    unless(
        survey.roles_usable,
        format!(
            "The roles mf_owner and mf_roles are on this server already, and “{login}” may not act as them: connect as who \
             made them, or as a superuser."
        ),
    );
    unless(survey.is_utf8, format!("The database “{database}” is not in UTF8: choose another one."));
    problems
}

impl Handle<CreateWorkspace> for Engine {
    async fn handle(&self, request: CreateWorkspace) -> Result<CreatedWorkspace, EngineError> {
        let name = text::name("name", &request.name)?;
        let member_name = text::name("member_name", &request.member_name)?;
        let place = admin(&request.connection, request.ca_pem.as_ref())?;
        let keeping = self.keeping(request.passphrase.as_ref()).await?;
        let (mut line, survey) = survey(&place).await?;
        if let Some(problem) = problems(&place, &survey).into_iter().next() {
            return Err(EngineError::conflict("connection", problem));
        }
        within(INSTALLING, setup::install(&mut line)).await?;
        let who = self.begin_team(&place).await?;
        let login = members::login_of(who.device);
        let names = ((who.team, name.as_str()), (who.member, member_name.as_str()));
        let kept = self.kept_password(&login, &keeping).await?;
        let password = match kept {
            // An earlier attempt came as far as that, and nobody was told.
            Some(password) if answer(members::rename(&mut line, names.0, names.1)).await? => password,
            _ => {
                let (password, verifier) = self.new_password(&login, &keeping).await?;
                let founded = answer(members::found(&mut line, names.0, names.1, who.device, &verifier));
                if let Err(error) = founded.await {
                    if !matches!(error, SyncError::Unreachable(_) | SyncError::TimedOut) {
                        self.forget_password(&login).await;
                    }
                    return Err(error.into());
                }
                password
            }
        };
        drop(line);
        let own = place.with_login(&login, &password);
        let mut line = connect(&own).await?;
        // The same password, for good: nobody else has seen it.
        let verifier = self.verifier(password).await?;
        answer(members::rotate(&mut line, &verifier)).await?;
        let roster = Roster::of(answer(members::roster(&mut line)).await?, (who.member, who.device));
        self.make_file(who, &TeamPlace::of(&own, place_kept(&keeping)), &roster).await?;
        self.end_team().await?;
        Ok(CreatedWorkspace { workspace_id: who.team, member_id: who.member })
    }
}

/// A team this computer was about to make on a server. Written down first: whatever ends the application half-way, the next
/// attempt on that database goes on with the same team, and none is left without anybody who can enter it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Begun {
    address: String,
    database: String,
    team: TeamId,
    member: MemberId,
    device: DeviceId,
}

impl Engine {
    async fn begin_team(&self, place: &Place) -> Result<Identity, EngineError> {
        let (address, database) = (place.address(), place.database.clone());
        let mut write = self.store.write(self.now()).await?;
        let earlier = meta::get(write.conn(), Key::TeamBegun).await?;
        // What cannot be read is of a newer release, and begun anew.
        let earlier: Option<Begun> = earlier.and_then(|text| serde_json::from_str(&text).ok());
        let earlier = earlier.filter(|begun| (&begun.address, &begun.database) == (&address, &database));
        if let Some(Begun { team, member, device, .. }) = earlier {
            return Ok(Identity { team, member, device });
        }
        let (team, member, device) = (self.new_id(), self.new_id(), self.new_id());
        put(&mut write, Key::TeamBegun, &Begun { address, database, team, member, device }).await?;
        write.commit().await?;
        Ok(Identity { team, member, device })
    }

    async fn end_team(&self) -> Result<(), EngineError> {
        let mut write = self.store.write(self.now()).await?;
        meta::remove(&mut write, Key::TeamBegun).await?;
        Ok(write.commit().await?)
    }
}

impl Handle<UpgradeWorkspace> for Engine {
    async fn handle(&self, request: UpgradeWorkspace) -> Result<Done, EngineError> {
        let place = admin(&request.connection, request.ca_pem.as_ref())?;
        let (mut line, survey) = survey(&place).await?;
        if !survey.is_ours {
            return Err(EngineError::conflict(
                "connection",
                "this database has no workspace of Maintenance Flows",
            ));
        }
        if let Some(problem) = problems(&place, &survey).into_iter().next() {
            return Err(EngineError::conflict("connection", problem));
        }
        within(INSTALLING, setup::install(&mut line)).await?;
        self.link.retry.notify_one();
        Ok(Done {})
    }
}
