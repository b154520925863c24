//! The workspaces of this computer: a file each, in one folder. Made, joined, listed; what goes on in one is the business of
//! the engine that has it open.
//!
//! Deliberately absent: which one the windows show. The shell has all of them open.

mod creating;
mod joining;
mod moving;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::ports::Secret;
use crate::team::{Roster, TeamPlace, of_secrets, put, salt_of};
use mf_contract::workspaces::*;
use mf_contract::{Confidential, Event, Handle};
use mf_domain::Invalid;
use mf_domain::ids::TeamId;
use mf_domain::role::Role;
use mf_store::meta::{self, Key};
use mf_store::{Glimpse, Identity, Store, glimpse};
use mf_sync::server::{NoPlace, Place};
use mf_sync::{replica, scram};
use std::path::{Path, PathBuf};

const LOCAL: &str = "local";
const LOCAL_NAME: &str = "Local workspace";
/// The least length of a passphrase, in characters.
const PASSPHRASE: usize = 12;

/// The file of the local workspace in a data folder.
#[must_use]
pub fn workspace_path(data_dir: &Path) -> PathBuf {
    data_dir.join("workspaces").join(LOCAL).with_extension("db")
}

/// The file of a team's workspace beside the local one.
fn team_path(folder: &Path, team: TeamId) -> PathBuf {
    folder.join(team.to_string()).with_extension("db")
}

/// A workspace file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    pub summary: WorkspaceSummary,
}

/// The workspaces beside a file, the local one first, then by name. What cannot be read is left out: whoever opens it is told.
pub async fn found_beside(local: &Path) -> Vec<Found> {
    let Some(folder) = local.parent() else { return Vec::new() };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "db") {
            continue;
        }
        match glimpse(&path).await {
            Ok(glimpse) => found.push(Found { summary: summary(&glimpse), path }),
            Err(error) => {
                tracing::warn!(error = crate::error::chain(&error), file = %path.display(), "a workspace cannot be looked at");
            }
        }
    }
    found.sort_by(|a, b| place_of(&a.summary).cmp(&place_of(&b.summary)));
    found
}

fn place_of(summary: &WorkspaceSummary) -> (bool, &str, TeamId) {
    (summary.kind != WorkspaceKind::Local, &summary.name, summary.id)
}

fn summary(glimpse: &Glimpse) -> WorkspaceSummary {
    let roster: Roster =
        glimpse.roster.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let role = roster.my_role().filter(|_| !glimpse.left).unwrap_or(Role::Readonly);
    let (kind, name, role) = match (&glimpse.place, glimpse.left) {
        (None, _) => (WorkspaceKind::Local, LOCAL_NAME.to_owned(), Role::Owner),
        (Some(_), false) => (WorkspaceKind::Team, roster.name, role),
        (Some(_), true) => (WorkspaceKind::Left, roster.name, role),
    };
    WorkspaceSummary { id: glimpse.identity.team, name, kind, role, is_current: false }
}

impl Engine {
    pub(crate) fn folder(&self) -> &Path {
        self.store.path().parent().unwrap_or(Path::new(""))
    }

    async fn workspaces(&self) -> Vec<Found> {
        let here = self.store.identity().team;
        let mut found = found_beside(self.store.path()).await;
        for it in &mut found {
            it.summary.is_current = it.summary.id == here;
        }
        found
    }

    async fn workspace(&self, field: &'static str, id: TeamId) -> Result<Found, EngineError> {
        let found = self.workspaces().await.into_iter().find(|it| it.summary.id == id);
        found.ok_or(EngineError::NotFound { what: "workspace", field })
    }
}

impl Handle<ListWorkspaces> for Engine {
    async fn handle(&self, _: ListWorkspaces) -> Result<Vec<WorkspaceSummary>, EngineError> {
        Ok(self.workspaces().await.into_iter().map(|found| found.summary).collect())
    }
}

/// That it is there; the shell, which has the windows, does the rest.
impl Handle<SwitchWorkspace> for Engine {
    async fn handle(&self, request: SwitchWorkspace) -> Result<WorkspaceSummary, EngineError> {
        let found = self.workspace("id", request.id).await?;
        Ok(WorkspaceSummary { is_current: true, ..found.summary })
    }
}

impl Handle<SecretStorage> for Engine {
    async fn handle(&self, _: SecretStorage) -> Result<SecretStorageReply, EngineError> {
        let place = of_secrets(&self.ports.secrets, |secrets| Ok(secrets.place())).await?;
        Ok(SecretStorageReply { place })
    }
}

/// An administrator's connection.
fn admin(connection: &Confidential, ca_pem: Option<&String>) -> Result<Place, EngineError> {
    let authority = match ca_pem.map(|pem| pem.trim()).filter(|pem| !pem.is_empty()) {
        Some(pem) if !pem.contains("-----BEGIN CERTIFICATE-----") => {
            return Err(Invalid::new("ca_pem", "is not a certificate in PEM form").into());
        }
        pem => pem.map(str::to_owned),
    };
    Place::read(connection.text(), authority)
        .map_err(|error: NoPlace| Invalid::new("connection", error.to_string()).into())
}

/// How this computer is to keep its password, decided before a server is asked for anything.
#[derive(Clone, Debug)]
pub(crate) enum Keeping {
    /// In this place, random.
    Random(SecretPlace),
    /// It follows from a passphrase.
    Passphrase(String),
}

impl Engine {
    pub(crate) async fn keeping(&self, passphrase: Option<&Confidential>) -> Result<Keeping, EngineError> {
        let place = of_secrets(&self.ports.secrets, |secrets| Ok(secrets.place())).await?;
        match (place, passphrase) {
            (SecretPlace::Passphrase, Some(given)) if given.text().chars().count() >= PASSPHRASE => {
                Ok(Keeping::Passphrase(given.text().to_owned()))
            }
            (SecretPlace::Passphrase, Some(_)) => {
                Err(Invalid::new("passphrase", format!("must have at least {PASSPHRASE} characters")).into())
            }
            (SecretPlace::Passphrase, None) => Err(EngineError::NoKeychain),
            (_, Some(_)) => Err(Invalid::new(
                "passphrase",
                "is not needed: this computer has a place for passwords. Leave it out",
            )
            .into()),
            (place, None) => Ok(Keeping::Random(place)),
        }
    }

    /// A new password of a login, kept before anybody hears of it; with its verifier.
    pub(crate) async fn new_password(
        &self,
        login: &str,
        keeping: &Keeping,
    ) -> Result<(String, String), EngineError> {
        let derived = match keeping {
            Keeping::Random(_) => None,
            Keeping::Passphrase(passphrase) => {
                Some(crate::team::derive(passphrase.clone(), login.to_owned()).await?)
            }
        };
        let login = login.to_owned();
        of_secrets(&self.ports.secrets, move |secrets| {
            let password = match derived {
                Some(password) => password,
                None => scram::from_random(secrets.random()?),
            };
            secrets.put(&login, &Secret(password.clone()))?;
            let verifier = scram::verifier(&password, salt_of(secrets.random()?));
            Ok((password, verifier))
        })
        .await
    }

    /// The password of a login as it was kept, or as it follows from the passphrase.
    async fn kept_password(&self, login: &str, keeping: &Keeping) -> Result<Option<String>, EngineError> {
        let login = login.to_owned();
        match keeping {
            Keeping::Random(_) => {
                let kept = of_secrets(&self.ports.secrets, move |secrets| secrets.get(&login)).await?;
                Ok(kept.map(|secret| secret.0))
            }
            Keeping::Passphrase(passphrase) => {
                let password = crate::team::derive(passphrase.clone(), login.clone()).await?;
                let secret = Secret(password.clone());
                of_secrets(&self.ports.secrets, move |secrets| secrets.put(&login, &secret)).await?;
                Ok(Some(password))
            }
        }
    }

    /// What a server keeps of a password.
    async fn verifier(&self, password: String) -> Result<String, EngineError> {
        of_secrets(&self.ports.secrets, move |secrets| {
            Ok(scram::verifier(&password, salt_of(secrets.random()?)))
        })
        .await
    }

    pub(crate) async fn forget_password(&self, login: &str) {
        let login = login.to_owned();
        if let Err(error) = of_secrets(&self.ports.secrets, move |secrets| secrets.remove(&login)).await {
            tracing::warn!(
                error = crate::error::chain(&error),
                "a password that is good for nothing stays in the keychain"
            );
        }
    }

    /// The file of a workspace one belongs to from now on. One that was there before, of an earlier membership, goes on as
    /// this device: what it had not sent goes out as this member's work.
    async fn make_file(&self, who: Identity, place: &TeamPlace, roster: &Roster) -> Result<(), EngineError> {
        let path = team_path(self.folder(), who.team);
        let now = self.now();
        let store = Store::open(&path, [who.team.0, who.member.0, who.device.0], now).await?;
        let mut write = store.write(now).await?;
        meta::put(&mut write, Key::MemberId, &who.member.to_string()).await?;
        if write.device() != who.device {
            replica::become_device(&mut write, who.device).await?;
        }
        let before = [
            Key::TeamLeft,
            Key::TeamRefused,
            Key::SyncRead,
            Key::SyncStaged,
            Key::SyncWrote,
            Key::SyncSeenUntil,
            Key::SyncWhole,
            Key::SyncLast,
        ];
        for key in before {
            meta::remove(&mut write, key).await?;
        }
        mf_store::synced::clear_staged(&mut write).await?;
        put(&mut write, Key::TeamPlace, place).await?;
        put(&mut write, Key::TeamRoster, roster).await?;
        write.commit().await?;
        store.close().await;
        self.emit(Event::WorkspacesChanged);
        Ok(())
    }
}

fn place_kept(keeping: &Keeping) -> SecretPlace {
    match keeping {
        Keeping::Random(place) => *place,
        Keeping::Passphrase(_) => SecretPlace::Passphrase,
    }
}
