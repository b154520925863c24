//! A workspace in a temporary folder with an engine on it, its fake ports, and what the areas make again and again.

use chrono::{DateTime, Utc};
use mf_contract::{ApiError, ErrorCode, Event, dispatch};
use mf_domain::role::Role;
use mf_engine::ports::{Clock, Closed, EventSink, Ids, Notifier, ProcessSecrets, TickGate, Toast};
use mf_engine::{Engine, Ports};
use mf_store::Store;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;

/// When every test begins: a Tuesday, on the hour.
pub(crate) const START: &str = "2026-12-08T12:00:00Z";
/// An id that nothing has.
pub(crate) const NOBODY: &str = "018f0000-0000-7000-8000-00000000dead";

/// A clock that stands still until it is set.
#[derive(Debug)]
pub(crate) struct FakeClock(Mutex<DateTime<Utc>>);

impl FakeClock {
    pub(crate) fn set(&self, text: &str) {
        *self.0.lock().unwrap() = at(text);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Ids in order, the same in every run.
#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Ids for Counting {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n))
    }
}

/// Remembers what it was told.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    toasts: Mutex<Vec<Toast>>,
    events: Mutex<Vec<Event>>,
}

impl Recorder {
    /// The toasts since it was last asked.
    pub(crate) fn toasts(&self) -> Vec<Toast> {
        std::mem::take(&mut self.toasts.lock().unwrap())
    }

    /// The events since it was last asked.
    pub(crate) fn events(&self) -> Vec<Event> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

impl Notifier for Recorder {
    fn show(&self, toast: &Toast) {
        self.toasts.lock().unwrap().push(toast.clone());
    }
}

impl EventSink for Recorder {
    fn emit(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}

/// A gate that tests open and close; open at first.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    closed: AtomicBool,
}

impl Gate {
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

impl TickGate for Gate {
    fn enter(&self) -> Result<Box<dyn Send>, Closed> {
        if self.closed.load(Ordering::Relaxed) { Err(Closed::InUse) } else { Ok(Box::new(())) }
    }
}

/// A workspace, an engine on it, and its ports.
pub(crate) struct World {
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) told: Arc<Recorder>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) engine: Engine,
    folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ids = [1, 2, 3].map(Uuid::from_u128);
        let store = Store::open(&folder.path().join("local.db"), ids, at(START)).await.unwrap();
        let clock = Arc::new(FakeClock(Mutex::new(at(START))));
        let told = Arc::new(Recorder::default());
        let gate = Arc::new(Gate::default());
        let ports = Ports {
            clock: clock.clone(),
            ids: Arc::new(Counting::default()),
            notifier: told.clone(),
            events: told.clone(),
            gate: gate.clone(),
            secrets: Arc::new(ProcessSecrets::default()),
        };
        Self { clock, told, gate, engine: Engine::new(store, ports, Role::Owner), folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("local.db")
    }

    /// The same workspace and ports for a member with another role.
    pub(crate) fn with_role(mut self, role: Role) -> Self {
        self.engine = Engine::new(self.engine.store().clone(), self.ports(), role);
        self
    }

    /// The same ports on another workspace file.
    pub(crate) fn with_store(mut self, store: Store) -> Self {
        self.engine = Engine::new(store, self.ports(), Role::Owner);
        self
    }

    fn ports(&self) -> Ports {
        Ports {
            clock: self.clock.clone(),
            ids: Arc::new(Counting(AtomicU64::new(1_000_000))),
            notifier: self.told.clone(),
            events: self.told.clone(),
            gate: self.gate.clone(),
            secrets: Arc::new(ProcessSecrets::default()),
        }
    }

    /// The same workspace with other ports.
    pub(crate) fn with_ports(mut self, change: impl FnOnce(&mut Ports)) -> Self {
        let mut ports = self.ports();
        change(&mut ports);
        self.engine = Engine::new(self.engine.store().clone(), ports, Role::Owner);
        self
    }

    /// Calls a command as it is, with the payload as text.
    pub(crate) async fn raw(&self, name: &str, payload: &str) -> Result<Value, ApiError> {
        dispatch(&self.engine, name, payload).await.map(|text| serde_json::from_str(&text).unwrap())
    }

    /// Calls a command that must succeed.
    pub(crate) async fn call(&self, name: &str, payload: Value) -> Value {
        match self.raw(name, &payload.to_string()).await {
            Ok(reply) => reply,
            Err(error) => panic!("{name} {payload} failed: {error:?}"),
        }
    }

    /// Calls a command that must fail, write nothing and tell nobody.
    pub(crate) async fn fail(&self, name: &str, payload: Value) -> ApiError {
        self.fail_raw(name, &payload.to_string()).await
    }

    pub(crate) async fn fail_raw(&self, name: &str, payload: &str) -> ApiError {
        let before = self.content().await;
        self.told.events();
        self.told.toasts();
        let error = match self.raw(name, payload).await {
            Ok(reply) => panic!("{name} {payload} succeeded: {reply}"),
            Err(error) => error,
        };
        assert_eq!(self.content().await, before, "{name} {payload} failed and yet wrote something");
        assert_eq!(self.told.events(), [], "{name} {payload} failed and yet told the windows");
        assert_eq!(self.told.toasts(), [], "{name} {payload} failed and yet showed a toast");
        error
    }

    /// Calls a command that must be refused with this code and field.
    pub(crate) async fn refuse(&self, name: &str, payload: Value, code: ErrorCode, field: &str) -> ApiError {
        let error = self.fail(name, payload.clone()).await;
        assert_eq!((error.code, error.field.as_deref()), (code, Some(field)), "{name} {payload}: {error:?}");
        assert!(!error.message.is_empty(), "{name} {payload}");
        error
    }

    /// Everything in the file: what syncs, and the local tables.
    pub(crate) async fn content(&self) -> String {
        let export = dispatch(&self.engine, "export_all", "{}").await.unwrap();
        let local = self
            .texts(
                "SELECT 'outbox ' || table_name || row_id FROM outbox
                 UNION ALL SELECT 'meta ' || key || value FROM meta
                 UNION ALL SELECT 'missed ' || id || outcome FROM missed_occurrences
                 UNION ALL SELECT 'notice ' || id || COALESCE(read_at, '') FROM notifications
                 UNION ALL SELECT 'clock ' || schedule_id || COALESCE(next_run_at, '') || COALESCE(look_at, '') || checked_through FROM schedule_clocks
                 UNION ALL SELECT 'draft ' || key || updated_at || content FROM drafts
                 UNION ALL SELECT 'import ' || id || COALESCE(undone_at, '') FROM target_imports
                 UNION ALL SELECT 'status ' || id || status FROM sessions ORDER BY 1",
            )
            .await;
        format!("{export}\n{}", local.join("\n"))
    }

    /// The first column of a query, as texts.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&mut *self.engine.store().read().await.unwrap()).await.unwrap()
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut *self.engine.store().read().await.unwrap()).await.unwrap()
    }

    /// Changes the file behind the engine's back, without asking what refers to what.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        use sqlx::{ConnectOptions, Connection};
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.path()).foreign_keys(false);
        let mut conn = options.connect().await.unwrap();
        // A file that went wrong did so without a new version.
        let guards: Vec<(String, String)> = sqlx::query_as(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%_stamped'",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let off: String = guards.iter().map(|(name, _)| format!("DROP TRIGGER {name};")).collect();
        let on: String = guards.iter().map(|(_, sql)| format!("{sql};")).collect();
        let sql = format!("{off} {sql}; {on}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// A maintenance flow with the steps `update` and `reboot`.
    pub(crate) async fn maintenance_flow(&self, name: &str) -> Value {
        self.call("create_flow", maintenance(name)).await
    }

    /// A maintenance flow that asks for a version before the first session starts.
    pub(crate) async fn asking_flow(&self) -> Value {
        let mut flow = maintenance("Patch to a version");
        flow["intake_form"] = json!([
            {"key": "patch_version", "label": "Patch version", "type": "text", "required": true},
            {"key": "remark", "label": "Remark", "type": "text"},
        ]);
        self.call("create_flow", flow).await
    }

    pub(crate) async fn procedural_flow(&self) -> Value {
        let mut flow = maintenance("Move an office");
        flow["flow_type"] = json!("procedural");
        self.call("create_flow", flow).await
    }

    /// A list of the targets `RDS-01`, `RDS-02`, … up to `count`.
    pub(crate) async fn target_list(&self, count: usize) -> Value {
        self.call("create_target_list", json!({"name": "RDS farm", "targets": targets(count)})).await
    }

    /// A batch of `flow` on that many targets.
    pub(crate) async fn batch(&self, flow: &Value, count: usize) -> Value {
        self.call("launch_batch", json!({"flow_id": flow["id"], "targets": targets(count)})).await
    }

    pub(crate) async fn schedule(&self, flow: &Value, expression: &str) -> Value {
        let recurrence = json!({"kind": "cron", "expression": expression});
        self.call("create_schedule", json!({"flow_id": flow["id"], "recurrence": recurrence})).await
    }

    pub(crate) async fn tick(&self, now: &str) -> Value {
        self.call("scheduler_tick", json!({ "now": now })).await
    }

    /// Records an outcome for both steps of a session of [`Self::maintenance_flow`], and completes it.
    pub(crate) async fn work_through(&self, session: &Value, update: &str, reboot: &str) -> Value {
        for (step, outcome) in [("update", update), ("reboot", reboot)] {
            let step = json!({"session_id": session["id"], "step_id": step, "outcome": outcome});
            self.call("record_step", step).await;
        }
        self.call("complete_session", json!({"session_id": session["id"]})).await
    }
}

/// A request for a maintenance flow with the steps `update` and `reboot`.
pub(crate) fn maintenance(name: &str) -> Value {
    json!({
        "name": name,
        "flow_type": "maintenance",
        "structure": {"steps": [
            {"id": "update", "type": "procedure_step", "title": "Install updates", "estimate_minutes": 20},
            {"id": "reboot", "type": "procedure_step", "title": "Reboot"},
            {"id": "end", "type": "procedure_end", "title": "Done"},
        ]},
    })
}

pub(crate) fn targets(count: usize) -> Value {
    (1..=count).map(|n| json!({"label": format!("RDS-{n:02}"), "notes": format!("10.0.0.{n}")})).collect()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The values of one key of every item of a list.
pub(crate) fn each(list: &Value, key: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| item[key].clone()).collect()
}

/// Reads a list page by page until it ends: the ids in the order they came.
pub(crate) async fn paged(world: &World, command: &str, mut request: Value, id: &str) -> Vec<Value> {
    let mut seen: Vec<Value> = Vec::new();
    loop {
        let page = each(&world.call(command, request.clone()).await, id);
        let Some(last) = page.last() else { break };
        request["before"] = last.clone();
        seen.extend(page);
    }
    seen
}
