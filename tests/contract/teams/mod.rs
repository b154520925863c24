//! Teams on a real server over TLS: laptops with a folder, a keychain and a clock each, which know each other through the
//! server alone. Every command as a person would give it.

mod audit;
mod background;
mod conflicts;
mod copies;
mod creating;
mod evidence;
mod joining;
mod members;
mod moving;
mod runs;
mod secrets;
mod syncing;

use crate::cluster::{Cluster, cluster, id, run};
use crate::support::{Gate, Recorder};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::workspaces::SecretPlace;
use mf_contract::{ApiError, ErrorCode, dispatch};
use mf_engine::ports::{Clock, NoSecrets, ProcessSecrets, RandomIds, Secret, SecretStore, SystemClock};
use mf_engine::{Engine, Ports, workspace_path};
use mf_store::Store;
use mf_sync::server::Place;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;

/// The real time, or as far from it as a test wants.
#[derive(Debug, Default)]
pub(crate) struct Skewed(Mutex<TimeDelta>);

impl Skewed {
    pub(crate) fn set(&self, by: TimeDelta) {
        *self.0.lock().unwrap() = by;
    }
}

impl Clock for Skewed {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + *self.0.lock().unwrap()
    }
}

/// A keychain, or what there is in its place.
struct Keys {
    place: SecretPlace,
    kept: ProcessSecrets,
    /// Every password it was ever given.
    seen: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.place)
    }
}

impl SecretStore for Keys {
    fn place(&self) -> SecretPlace {
        self.place
    }

    fn get(&self, login: &str) -> Result<Option<Secret>, NoSecrets> {
        self.kept.get(login)
    }

    fn put(&self, login: &str, secret: &Secret) -> Result<(), NoSecrets> {
        self.seen.lock().unwrap().push(secret.0.clone());
        self.kept.put(login, secret)
    }

    fn remove(&self, login: &str) -> Result<(), NoSecrets> {
        self.kept.remove(login)
    }

    fn random(&self) -> Result<[u8; 32], NoSecrets> {
        self.kept.random()
    }
}

/// A computer with one workspace open.
pub(crate) struct Laptop {
    folder: Arc<TempDir>,
    keys: Arc<Keys>,
    clock: Arc<Skewed>,
    told: Arc<Recorder>,
    engine: Engine,
}

impl Laptop {
    /// A new one, in its local workspace.
    pub(crate) async fn new() -> Self {
        Self::with_secrets(SecretPlace::Keychain).await
    }

    async fn with_secrets(place: SecretPlace) -> Self {
        let keys = Keys { place, kept: ProcessSecrets::default(), seen: Mutex::default() };
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let path = workspace_path(folder.path());
        Self::open(folder, Arc::new(keys), Arc::default(), path).await
    }

    async fn open(folder: Arc<TempDir>, keys: Arc<Keys>, clock: Arc<Skewed>, path: PathBuf) -> Self {
        let store = Store::open(&path, [id(), id(), id()], clock.now()).await.unwrap();
        let told = Arc::new(Recorder::default());
        let ports = Ports {
            clock: clock.clone(),
            ids: Arc::new(RandomIds),
            notifier: told.clone(),
            events: told.clone(),
            gate: Arc::new(Gate::default()),
            secrets: keys.clone(),
        };
        Self { folder, keys, clock, told, engine: Engine::of_workspace(store, ports).await.unwrap() }
    }

    /// The file of a workspace of this computer.
    fn path(&self, workspace: &Value) -> PathBuf {
        let local = workspace_path(self.folder.path());
        local.with_file_name(workspace.as_str().unwrap()).with_extension("db")
    }

    /// The same computer in another workspace, as after a start of the application.
    async fn enter(&self, workspace: &Value) -> Self {
        Self::open(self.folder.clone(), self.keys.clone(), self.clock.clone(), self.path(workspace)).await
    }

    async fn raw(&self, name: &str, payload: &str) -> Result<Value, ApiError> {
        dispatch(&self.engine, name, payload).await.map(|text| serde_json::from_str(&text).unwrap())
    }

    pub(crate) async fn call(&self, name: &str, payload: Value) -> Value {
        match self.raw(name, &payload.to_string()).await {
            Ok(reply) => reply,
            Err(error) => panic!("{name} failed: {error:?}"),
        }
    }

    async fn fail(&self, name: &str, payload: Value) -> ApiError {
        match self.raw(name, &payload.to_string()).await {
            Ok(reply) => panic!("{name} succeeded: {reply}"),
            Err(error) => error,
        }
    }

    /// Refused with this code and about this field.
    async fn refuse(&self, name: &str, payload: Value, code: ErrorCode, field: Option<&str>) -> ApiError {
        let error = self.fail(name, payload).await;
        assert_eq!((error.code, error.field.as_deref()), (code, field), "{name}: {error:?}");
        error
    }

    async fn sync(&self) -> Value {
        self.call("sync_now", json!({})).await
    }

    async fn status(&self) -> Value {
        self.call("sync_status", json!({})).await
    }

    async fn export(&self) -> Value {
        self.call("export_all", json!({})).await
    }

    async fn list_named(&self, name: &str) -> Value {
        let targets = json!([{"label": "RDS-01"}]);
        self.call("create_target_list", json!({"name": name, "targets": targets})).await
    }

    /// What the target lists are called.
    async fn lists(&self) -> Vec<String> {
        let lists = self.call("list_target_lists", json!({})).await;
        let mut names: Vec<String> =
            lists.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    async fn conflicts(&self) -> Vec<Value> {
        self.call("list_conflicts", json!({})).await.as_array().unwrap().clone()
    }
}

/// A database of a test's own, empty.
struct Database {
    name: String,
}

impl Database {
    async fn new() -> Self {
        let name = format!("t{}", Uuid::simple(id()));
        run(&mut cluster().admin("postgres").await, &format!("CREATE DATABASE {name}")).await;
        Self { name }
    }

    fn place(&self) -> Place {
        cluster().admin_place(&self.name)
    }

    /// The request of an administrator who makes a workspace in it.
    fn request(&self) -> Value {
        let cluster: &Cluster = cluster();
        json!({
            "connection": url(&self.place()),
            "name": "Field team",
            "member_name": "Ada",
            "ca_pem": cluster.authority,
        })
    }

    /// Something only a superuser can do to the server.
    async fn as_admin(&self, sql: &str) {
        run(&mut cluster().admin(&self.name).await, sql).await;
    }
}

/// A connection as a person writes it down.
fn url(place: &Place) -> String {
    let Place { host, port, database, login, password, .. } = place;
    format!("postgres://{login}:{}@{host}:{port}/{database}", password.replace(' ', "%20"))
}

/// A team, and its first owner in its workspace.
struct Team {
    database: Database,
    /// The owner's computer in its local workspace.
    local: Laptop,
    owner: Laptop,
    id: Value,
}

impl Team {
    async fn new() -> Self {
        let (database, local) = (Database::new().await, Laptop::new().await);
        let id = local.call("create_workspace", database.request()).await["workspace_id"].clone();
        let owner = local.enter(&id).await;
        owner.sync().await;
        Self { database, local, owner, id }
    }

    /// Somebody new, on a new computer, in the workspace.
    async fn join(&self, name: &str, role: &str) -> Laptop {
        let invite = self.owner.call("invite_member", json!({"name": name, "role": role})).await;
        let local = Laptop::new().await;
        local.call("join_workspace", json!({"invite": invite["invite"]})).await;
        let laptop = local.enter(&self.id).await;
        laptop.sync().await;
        laptop
    }

    /// The id of a member.
    async fn member(&self, name: &str) -> Value {
        let members = self.owner.call("list_members", json!({})).await;
        let found = members.as_array().unwrap().iter().find(|member| member["name"] == name).cloned();
        found.unwrap_or_else(|| panic!("no {name} in {members}"))["id"].clone()
    }
}
