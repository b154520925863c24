//! What an engine knows of its team: where the server is, who belongs to it, and how things stand. In memory what changes
//! all the time, in the file what is to be known before the server answers.

use super::words;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::ports::SecretStore;
use chrono::{DateTime, Utc};
use mf_contract::members::{Device, Member};
use mf_contract::sync::{SyncProblem, SyncProgress};
use mf_contract::workspaces::SecretPlace;
use mf_domain::ids::{DeviceId, MemberId};
use mf_domain::role::Role;
use mf_store::meta::{self, Key};
use mf_store::{Connection, Store, StoreError, Write};
use mf_sync::SyncError;
use mf_sync::members::Roster as OfServer;
use mf_sync::server::{Line, Place, Protection};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as Turn, Notify};

/// How long the server may take to let somebody in.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long it may take for one statement. A chunk of rows on a slow line takes its time.
const ANSWERING: Duration = Duration::from_secs(60);

/// How often the server is asked whether it is still there, and how long that may take: a connection may be gone without
/// anybody's saying so.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(10);

/// Where the team's server is, as the file keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TeamPlace {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) login: String,
    #[serde(default)]
    pub(crate) plaintext: bool,
    #[serde(default)]
    pub(crate) authority: Option<String>,
    /// Whether the password follows from a passphrase.
    #[serde(default)]
    pub(crate) passphrase: bool,
}

impl TeamPlace {
    pub(crate) fn of(place: &Place, kept_in: SecretPlace) -> Self {
        let Place { host, port, database, login, protection, .. } = place.clone();
        let (plaintext, authority) = match protection {
            Protection::Tls { authority } => (false, authority),
            Protection::Plaintext => (true, None),
        };
        let passphrase = kept_in == SecretPlace::Passphrase;
        Self { host, port, database, login, plaintext, authority, passphrase }
    }

    /// The same server by another login.
    pub(crate) fn with_login(self, login: String) -> Self {
        Self { login, ..self }
    }

    pub(crate) fn with_password(&self, password: String) -> Place {
        let Self { host, port, database, login, plaintext, authority, .. } = self.clone();
        let protection = if plaintext { Protection::Plaintext } else { Protection::Tls { authority } };
        Place { host, port, database, login, password, protection }
    }
}

/// The team as it was when the server last answered, as the file keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Roster {
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
}

impl Roster {
    pub(crate) fn of(found: OfServer, (me, here): (MemberId, DeviceId)) -> Self {
        let at = |millis: Option<i64>| millis.and_then(DateTime::from_timestamp_millis);
        let members = found.members.into_iter().map(|member| Member {
            id: member.id,
            name: member.name,
            role: member.role,
            is_me: member.id == me,
            has_joined: member.devices.iter().any(|device| device.joined_at.is_some()),
            removed_at: at(member.removed_at),
            devices: member
                .devices
                .into_iter()
                .map(|device| Device {
                    id: device.id,
                    is_this: device.id == here,
                    joined_at: at(device.joined_at),
                    last_sent_at: at(device.pushed_at),
                })
                .collect(),
        });
        Self { name: found.name, members: members.collect() }
    }

    /// The role of who asks; `None` for who is no member.
    pub(crate) fn my_role(&self) -> Option<Role> {
        self.members
            .iter()
            .find(|member| member.is_me && member.removed_at.is_none())
            .map(|member| member.role)
    }

    pub(crate) fn name_of(&self, id: MemberId) -> Option<String> {
        self.members.iter().find(|member| member.id == id).map(|member| member.name.clone())
    }
}

/// How things stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    pub(crate) problem: Option<(SyncProblem, String)>,
    pub(crate) latency: Option<Duration>,
    pub(crate) progress: Option<SyncProgress>,
    pub(crate) last_sync: Option<DateTime<Utc>>,
}

/// Whether one belongs to the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Belonging {
    /// As far as is known.
    Member,
    /// The server does not let this computer in any more.
    Refused,
    /// One has left.
    Left,
}

#[derive(Debug)]
struct State {
    /// In the local workspace, none.
    place: Option<TeamPlace>,
    belonging: Belonging,
    /// In the local workspace, that of its one member.
    role: Role,
    roster: Roster,
    standing: Standing,
}

/// See above. One for all clones of an engine.
#[derive(Debug)]
pub(crate) struct Link {
    state: Mutex<State>,
    /// The connection; whoever has it makes a pass, and nobody else does.
    pub(crate) line: Turn<Option<Line>>,
    /// Rung after every commit.
    pub(crate) changed: Notify,
    /// Rung when somebody has done something about a problem.
    pub(crate) retry: Notify,
}

impl Link {
    /// Of a workspace without a server.
    pub(crate) fn local(role: Role) -> Self {
        Self::new(State {
            place: None,
            belonging: Belonging::Member,
            role,
            roster: Roster::default(),
            standing: Standing::default(),
        })
    }

    /// Of a workspace as its file has it.
    pub(crate) async fn of(store: &Store) -> Result<Self, EngineError> {
        let mut conn = store.read().await?;
        let unreadable = |_| StoreError::Unreadable { column: "meta.value" };
        let Some(place) = place_in(&mut conn).await? else { return Ok(Self::local(Role::Owner)) };
        let roster = meta::get(&mut conn, Key::TeamRoster).await?;
        let roster: Roster = roster
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(unreadable)?
            .unwrap_or_default();
        let left = meta::get(&mut conn, Key::TeamLeft).await?.is_some();
        let refused = meta::get(&mut conn, Key::TeamRefused).await?.is_some();
        let last_sync = meta::get(&mut conn, Key::SyncLast).await?.and_then(|text| text.parse().ok());
        let standing = Standing {
            last_sync: last_sync.and_then(DateTime::from_timestamp_millis),
            ..Standing::default()
        };
        let belonging = match (left, refused) {
            (true, _) => Belonging::Left,
            (false, true) => Belonging::Refused,
            (false, false) => Belonging::Member,
        };
        let role = roster.my_role().unwrap_or(Role::Readonly);
        Ok(Self::new(State { place: Some(place), belonging, role, roster, standing }))
    }

    fn new(state: State) -> Self {
        Self { state: Mutex::new(state), line: Turn::default(), changed: Notify::new(), retry: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each field is written at once: a panic beside it leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What one may do. Who belongs to no team any more reads what is there.
    pub(crate) fn role(&self) -> Role {
        let state = self.state();
        if state.belonging == Belonging::Member { state.role } else { Role::Readonly }
    }

    /// The team's server; `None` in the local workspace.
    pub(crate) fn place(&self) -> Option<TeamPlace> {
        self.state().place.clone()
    }

    /// The same server by another login.
    pub(super) fn set_place(&self, place: TeamPlace) {
        self.state().place = Some(place);
    }

    pub(crate) fn belonging(&self) -> Belonging {
        self.state().belonging
    }

    pub(crate) fn set_belonging(&self, belonging: Belonging) {
        self.state().belonging = belonging;
    }

    pub(crate) fn roster(&self) -> Roster {
        self.state().roster.clone()
    }

    pub(crate) fn standing(&self) -> Standing {
        self.state().standing.clone()
    }

    /// Answers whether that changed anything a person would see.
    pub(crate) fn stands(&self, change: impl FnOnce(&mut Standing)) -> bool {
        let mut state = self.state();
        let before =
            (state.standing.problem.clone(), state.standing.progress, state.standing.last_sync.is_some());
        change(&mut state.standing);
        before
            != (state.standing.problem.clone(), state.standing.progress, state.standing.last_sync.is_some())
    }

    /// The team as the server has it now; answers whether it is another than before.
    fn set_roster(&self, roster: Roster) -> bool {
        let mut state = self.state();
        state.role = roster.my_role().unwrap_or(Role::Readonly);
        let changed = state.roster != roster;
        state.roster = roster;
        changed
    }
}

/// Waits for the server, but not for ever.
pub(crate) async fn within<T>(
    long: Duration,
    what: impl Future<Output = Result<T, SyncError>>,
) -> Result<T, SyncError> {
    tokio::time::timeout(long, what).await.unwrap_or(Err(SyncError::TimedOut))
}

/// As [`within`], for a statement.
pub(crate) async fn answer<T>(what: impl Future<Output = Result<T, SyncError>>) -> Result<T, SyncError> {
    within(ANSWERING, what).await
}

/// Connects, but does not wait for ever.
pub(crate) async fn connect(place: &Place) -> Result<Line, SyncError> {
    within(CONNECTING, place.connect()).await
}

/// Asks the keychain where nobody waits for it.
pub(crate) async fn of_secrets<T: Send + 'static>(
    secrets: &Arc<dyn SecretStore>,
    ask: impl FnOnce(&dyn SecretStore) -> Result<T, crate::ports::NoSecrets> + Send + 'static,
) -> Result<T, EngineError> {
    let secrets = secrets.clone();
    let asked = tokio::task::spawn_blocking(move || ask(&*secrets)).await;
    Ok(asked.map_err(|panic| crate::ports::NoSecrets(Box::new(panic)))??)
}

/// Where the team's server is, as the file has it.
async fn place_in(conn: &mut Connection) -> Result<Option<TeamPlace>, EngineError> {
    let text = meta::get(conn, Key::TeamPlace).await?;
    let place = text.map(|text| serde_json::from_str(&text)).transpose();
    Ok(place.map_err(|_| StoreError::Unreadable { column: "meta.value" })?)
}

/// Keeps what is known of the team in the file.
pub(crate) async fn put<T: Serialize>(write: &mut Write, key: Key, value: &T) -> Result<(), EngineError> {
    let text = serde_json::to_string(value).map_err(|_| StoreError::Unreadable { column: "meta.value" })?;
    Ok(meta::put(write, key, &text).await?)
}

impl Engine {
    /// The team's server with this computer's password.
    pub(crate) async fn team_place(&self) -> Result<Place, EngineError> {
        let place = self.shared()?;
        let login = place.login.clone();
        let secret = of_secrets(&self.ports.secrets, move |secrets| secrets.get(&login)).await?;
        match secret {
            Some(secret) => Ok(place.with_password(secret.0)),
            None if place.passphrase => Err(EngineError::Locked),
            None => Err(EngineError::NoPassword),
        }
    }

    /// The team's server, in a team's workspace that one has not left.
    pub(crate) fn shared(&self) -> Result<TeamPlace, EngineError> {
        let place = self.link.place().ok_or_else(|| {
            EngineError::conflict("workspace", "this is the local workspace: it is shared with nobody")
        })?;
        if self.link.belonging() == Belonging::Left {
            return Err(EngineError::conflict(
                "workspace",
                "this team was left: its server is not asked any more",
            ));
        }
        Ok(place)
    }

    /// Takes the server's place from the file again.
    pub(super) async fn find_place_again(&self) -> Result<(), EngineError> {
        if let Some(place) = place_in(&mut *self.read().await?).await? {
            self.link.set_place(place);
        }
        Ok(())
    }

    /// A connection of its own, for what somebody waits for: a pass that is under way keeps the other one.
    pub(crate) async fn line(&self) -> Result<Line, EngineError> {
        Ok(connect(&self.team_place().await?).await?)
    }

    /// Asks the server who belongs to the team, and keeps that.
    pub(crate) async fn refresh_roster(&self, line: &mut Line) -> Result<(), EngineError> {
        let identity = self.store.identity();
        let found = answer(mf_sync::members::roster(line)).await?;
        let roster = Roster::of(found, (identity.member, identity.device));
        let before = (self.link.role(), self.link.roster().name);
        if !self.link.set_roster(roster.clone()) {
            return Ok(());
        }
        let mut write = self.store.write(self.now()).await?;
        put(&mut write, Key::TeamRoster, &roster).await?;
        write.commit().await?;
        self.emit(mf_contract::Event::MembersChanged);
        if before != (self.link.role(), roster.name) {
            self.emit(mf_contract::Event::WorkspacesChanged);
            self.schedules_changed.notify_one();
            // What may be done is another: every page shows it.
            self.emit(mf_contract::Event::EverythingChanged);
        }
        Ok(())
    }

    /// Notes why the server is not reached, and tells the windows where that is news.
    pub(crate) fn note_problem(&self, error: &EngineError) {
        let problem = words::problem(error);
        let message = words::message(error);
        let changed = self.link.stands(|standing| {
            standing.problem = Some((problem, message));
            standing.progress = None;
        });
        if changed {
            self.ports.events.emit(mf_contract::Event::SyncStatusChanged);
        }
    }
}
