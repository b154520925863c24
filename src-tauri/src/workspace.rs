//! The workspace this process has open: healthy, damaged, or not to be had right now.
//!
//! A damaged file is reported and left alone until somebody decides; everything else is the engine's. The window's
//! scheduler starts with the engine, also after a recovery.

use std::sync::Arc;

use mf_contract::workspace::{RecoverWorkspace, RestoreBackup, WorkspaceHealth};
use mf_contract::{ApiError, Command, ErrorCode, Event, dispatch};
use mf_domain::role::Role;
use mf_engine::ports::{Clock, Closed, EventSink, Ids, Notifier, RandomIds, Silent, SystemClock, TickGate};
use mf_engine::{Answered, Damaged, Engine, EngineError, Ports, scheduler, workspace_path};
use mf_store::{OpenError, Store};
use tauri::AppHandle;
use tokio::sync::RwLock;

use crate::error::ShellError;
use crate::events::Windows;
use crate::lock::DataLock;
use crate::notifications::Desktop;
use crate::paths::DataDir;

/// What was found when the file was opened.
#[derive(Debug)]
enum State {
    Open(Engine),
    Damaged(Damaged),
    /// It could not be opened for another reason; asking for its health tries again.
    Unavailable(ApiError),
}

/// Whether due schedules fire in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheduling {
    Runs,
    Never,
}

/// The workspace of a data folder.
#[derive(Debug)]
pub(crate) struct Workspace {
    data: DataDir,
    ports: Ports,
    scheduling: Scheduling,
    /// Held for writing while the file is opened: whoever asks meanwhile waits.
    state: Arc<RwLock<State>>,
}

impl Workspace {
    /// For the window: it has the folder, raises notifications, and fires what is due. The file is opened while the window
    /// is made.
    pub(crate) fn for_window(data: &DataDir, app: &AppHandle) -> Self {
        let ports = ports(Arc::new(Desktop::new(app)), Arc::new(Windows::new(app)), Arc::new(WindowTicks));
        let opening = ApiError::new(ErrorCode::Unavailable, "the workspace is being opened");
        let state = Arc::new(RwLock::new(State::Unavailable(opening)));
        let mut place = tauri::async_runtime::block_on(state.clone().write_owned());
        let workspace = Self { data: data.clone(), ports, scheduling: Scheduling::Runs, state };
        let (data, ports) = (workspace.data.clone(), workspace.ports.clone());
        tauri::async_runtime::spawn(async move {
            *place = attempt(&data, &ports, Scheduling::Runs).await;
        });
        workspace
    }

    /// For browsers over the loopback bridge: as for the window, but without native notifications.
    #[cfg(debug_assertions)]
    pub(crate) async fn for_bridge(data: &DataDir, events: Arc<dyn EventSink>) -> Self {
        Self::open(data, ports(Arc::new(Silent), events, Arc::new(WindowTicks)), Scheduling::Runs).await
    }

    /// For headless commands: silent, and never ticking by itself.
    pub(crate) async fn headless(data: &DataDir) -> Self {
        let silent = Arc::new(Silent);
        let ports = ports(silent.clone(), silent, Arc::new(FolderGate { data: data.clone() }));
        Self::open(data, ports, Scheduling::Never).await
    }

    async fn open(data: &DataDir, ports: Ports, scheduling: Scheduling) -> Self {
        let state = Arc::new(RwLock::new(attempt(data, &ports, scheduling).await));
        Self { data: data.clone(), ports, scheduling, state }
    }

    /// Answers a command of the contract.
    pub(crate) async fn answer(&self, command: &str, payload: &str) -> Result<String, ApiError> {
        if command == RestoreBackup::NAME {
            return self.restore(payload).await;
        }
        if command == WorkspaceHealth::NAME && matches!(*self.state.read().await, State::Unavailable(_)) {
            self.reopen().await;
        }
        let answered = match &*self.state.read().await {
            State::Open(engine) => return dispatch(engine, command, payload).await,
            State::Unavailable(error) => return Err(error.clone()),
            // A headless call never repairs: somebody has to look at what is lost.
            State::Damaged(damaged)
                if self.scheduling == Scheduling::Never && command == RecoverWorkspace::NAME =>
            {
                return Err(damaged.error());
            }
            State::Damaged(damaged) => damaged.dispatch(command, payload, self.ports.clock.now()).await?,
        };
        match answered {
            Answered::Health(health) => json(&health),
            Answered::Recovered => {
                self.reopen().await;
                Box::pin(self.answer(WorkspaceHealth::NAME, "{}")).await
            }
        }
    }

    /// Puts a backup in the place of the workspace, while no other command is under way, and opens it.
    async fn restore(&self, payload: &str) -> Result<String, ApiError> {
        // A headless call must not take the file away under a window; the window's own gate is for ticks alone.
        let _pass = match self.scheduling {
            Scheduling::Never => Some(self.ports.gate.enter()?),
            Scheduling::Runs => None,
        };
        let mut state = self.state.write().await;
        let (answered, is_closed) = match &*state {
            State::Open(engine) => {
                let answered = dispatch(engine, RestoreBackup::NAME, payload).await;
                (answered, engine.store().is_closed())
            }
            State::Unavailable(error) => return Err(error.clone()),
            State::Damaged(damaged) => return Err(damaged.error()),
        };
        if is_closed {
            // Also when it failed half-way: then the file that was there is opened again.
            *state = attempt(&self.data, &self.ports, self.scheduling).await;
            drop(state);
            self.ports.events.emit(Event::EverythingChanged);
        }
        answered
    }

    /// Closes the file: its log is folded into it, so that the one file is the whole workspace.
    pub(crate) async fn close(&self) {
        if let State::Open(engine) = &*self.state.read().await {
            engine.store().close().await;
        }
    }

    async fn reopen(&self) {
        *self.state.write().await = attempt(&self.data, &self.ports, self.scheduling).await;
    }
}

async fn attempt(data: &DataDir, ports: &Ports, scheduling: Scheduling) -> State {
    let ids = [ports.ids.next(), ports.ids.next(), ports.ids.next()];
    match Store::open(&workspace_path(data.root()), ids, ports.clock.now()).await {
        Ok(store) => {
            // A local workspace has one member, who owns it.
            let engine = Engine::new(store, ports.clone(), Role::Owner);
            if scheduling == Scheduling::Runs {
                tokio::spawn(scheduler::supervise(engine.clone()));
            }
            State::Open(engine)
        }
        Err(OpenError::Corrupt(damage)) => State::Damaged(Damaged::new(damage)),
        Err(OpenError::Store(error)) => State::Unavailable(EngineError::from(error).into()),
        Err(error @ OpenError::SqliteTooOld(_)) => State::Unavailable(ApiError::internal(error.to_string())),
    }
}

fn ports(notifier: Arc<dyn Notifier>, events: Arc<dyn EventSink>, gate: Arc<dyn TickGate>) -> Ports {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn Ids> = Arc::new(RandomIds);
    Ports { clock, ids, notifier, events, gate }
}

fn json<T: serde::Serialize>(reply: &T) -> Result<String, ApiError> {
    serde_json::to_string(reply).map_err(|_| ApiError::internal("the reply could not be written as JSON"))
}

/// The window ticks by itself: nobody ticks through it on demand.
#[derive(Debug)]
struct WindowTicks;

impl TickGate for WindowTicks {
    fn enter(&self) -> Result<Box<dyn Send>, Closed> {
        Err(Closed::InUse)
    }
}

/// A headless process may tick while no window has the folder, and no other headless process is ticking.
#[derive(Debug)]
struct FolderGate {
    data: DataDir,
}

impl TickGate for FolderGate {
    fn enter(&self) -> Result<Box<dyn Send>, Closed> {
        match DataLock::try_acquire(&self.data) {
            Ok(lock) => Ok(Box::new(lock)),
            Err(ShellError::InUse(_)) => Err(Closed::InUse),
            Err(error) => Err(Closed::NoLock { reason: error.to_string() }),
        }
    }
}
