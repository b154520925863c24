//! One workspace this process has open: healthy, damaged, or not to be had right now.
//!
//! A damaged file is reported and left alone until somebody decides; everything else is the engine's. The window's
//! scheduler starts with the engine, also after a recovery, and so does sharing with the team.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mf_contract::workspace::{RecoverWorkspace, RestoreBackup, WorkspaceHealth};
use mf_contract::{ApiError, Command, ErrorCode, Event, dispatch};
use mf_engine::{Answered, Damaged, Engine, EngineError, Ports, scheduler, share};
use mf_store::{OpenError, Store};
use tokio::sync::RwLock;

/// What was found when the file was opened.
#[derive(Debug)]
enum State {
    Open(Engine),
    Damaged(Damaged),
    /// It could not be opened for another reason; asking for its health tries again.
    Unavailable(ApiError),
}

/// Whether due schedules fire in this process, and a team is shared with all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheduling {
    Runs,
    Never,
}

/// One workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    path: PathBuf,
    ports: Ports,
    scheduling: Scheduling,
    /// Held for writing while the file is opened: whoever asks meanwhile waits.
    state: Arc<RwLock<State>>,
}

impl Workspace {
    pub(crate) async fn open(path: &Path, ports: Ports, scheduling: Scheduling) -> Self {
        let state = Arc::new(RwLock::new(attempt(path, &ports, scheduling).await));
        Self { path: path.to_owned(), ports, scheduling, state }
    }

    /// The file is opened while the window is made.
    pub(crate) fn opening(path: &Path, ports: Ports, scheduling: Scheduling) -> Self {
        let opening = ApiError::new(ErrorCode::Unavailable, "the workspace is being opened");
        let state = Arc::new(RwLock::new(State::Unavailable(opening)));
        let mut place = tauri::async_runtime::block_on(state.clone().write_owned());
        let workspace = Self { path: path.to_owned(), ports, scheduling, state };
        let (path, ports) = (workspace.path.clone(), workspace.ports.clone());
        tauri::async_runtime::spawn(async move {
            *place = attempt(&path, &ports, scheduling).await;
        });
        workspace
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
            *state = attempt(&self.path, &self.ports, self.scheduling).await;
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

    /// Opens it anew: whose it is may have changed.
    pub(crate) async fn reopen(&self) {
        let mut state = self.state.write().await;
        if let State::Open(engine) = &*state {
            engine.store().close().await;
        }
        *state = attempt(&self.path, &self.ports, self.scheduling).await;
    }
}

async fn attempt(path: &Path, ports: &Ports, scheduling: Scheduling) -> State {
    let ids = [ports.ids.next(), ports.ids.next(), ports.ids.next()];
    let opened = match Store::open(path, ids, ports.clock.now()).await {
        Ok(store) => Engine::of_workspace(store, ports.clone()).await,
        Err(OpenError::Corrupt(damage)) => return State::Damaged(Damaged::new(damage)),
        Err(OpenError::Store(error)) => return State::Unavailable(EngineError::from(error).into()),
        Err(error @ OpenError::SqliteTooOld(_)) => {
            return State::Unavailable(ApiError::internal(error.to_string()));
        }
    };
    match opened {
        Ok(engine) => {
            if scheduling == Scheduling::Runs {
                tokio::spawn(scheduler::supervise(engine.clone()));
                tokio::spawn(share(engine.clone()));
            }
            State::Open(engine)
        }
        Err(error) => State::Unavailable(error.into()),
    }
}

fn json<T: serde::Serialize>(reply: &T) -> Result<String, ApiError> {
    serde_json::to_string(reply).map_err(|_| ApiError::internal("the reply could not be written as JSON"))
}
