//! The workspaces this process has open: all there are, of which windows show one, or the one a headless call names.
//!
//! One scheduler per file, each of them always: a schedule of a team fires whichever workspace is looked at. What happens in
//! one that is not shown is not told to the windows, but for its notifications, which lead to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use mf_contract::workspaces::{
    CreateWorkspace, JoinWorkspace, LeaveWorkspace, SwitchWorkspace, WorkspaceKind, WorkspaceSummary,
};
use mf_contract::{ApiError, Command, ErrorCode, Event};
use mf_engine::ports::{
    Clock, Closed, EventSink, Ids, Notifier, RandomIds, SecretStore, Silent, SystemClock, TickGate,
};
use mf_engine::{Found, Ports, found_beside, workspace_path};
use tauri::AppHandle;
use tokio::sync::RwLock;

use crate::error::ShellError;
use crate::events::Windows;
use crate::lock::DataLock;
use crate::notifications::Desktop;
use crate::paths::DataDir;
use crate::secrets;
use crate::workspace::{Scheduling, Workspace};

/// Which workspace, by the name of its file without the extension: known even of one that is damaged.
pub(crate) type Name = String;

/// The one that windows show.
type Shown = Arc<Mutex<Name>>;

/// Who is told.
#[derive(Clone, Debug)]
enum Audience {
    Window(AppHandle),
    #[cfg(debug_assertions)]
    Browsers(Arc<dyn EventSink>),
    Nobody,
}

/// See above.
#[derive(Debug)]
pub(crate) struct Workspaces {
    data: DataDir,
    audience: Audience,
    secrets: Arc<dyn SecretStore>,
    shown: Shown,
    open: RwLock<BTreeMap<Name, Arc<Workspace>>>,
}

impl Workspaces {
    /// For the window: it has the folder, raises notifications, and fires what is due. The file it shows first is opened while
    /// the window is made, the others after it.
    pub(crate) fn for_window(data: &DataDir, app: &AppHandle) -> Self {
        let workspaces = Self::new(data, Audience::Window(app.clone()), kept_choice(data));
        let path = workspaces.path_of(&workspaces.shown());
        let ports = workspaces.ports(&path);
        let shown = Arc::new(Workspace::opening(&path, ports, Scheduling::Runs));
        tauri::async_runtime::block_on(workspaces.open.write()).insert(name_of(&path), shown);
        workspaces
    }

    /// For browsers over the loopback bridge: as for the window, but without native notifications.
    #[cfg(debug_assertions)]
    pub(crate) async fn for_bridge(data: &DataDir, events: Arc<dyn EventSink>) -> Self {
        let workspaces = Self::new(data, Audience::Browsers(events), kept_choice(data));
        workspaces.open_one(&workspaces.path_of(&workspaces.shown())).await;
        workspaces.open_rest().await;
        workspaces
    }

    /// For headless commands: silent, and never ticking by itself. `asked` is the id or the name of a workspace.
    ///
    /// # Errors
    /// `not_found` where there is none of that id or name, `conflict` where there are several.
    pub(crate) async fn headless(data: &DataDir, asked: Option<&str>) -> Result<Self, ApiError> {
        let name = match asked {
            None => LOCAL.to_owned(),
            Some(asked) => chosen(asked, &found_beside(&workspace_path(data.root())).await)?,
        };
        let workspaces = Self::new(data, Audience::Nobody, name);
        workspaces.open_one(&workspaces.path_of(&workspaces.shown())).await;
        Ok(workspaces)
    }

    fn new(data: &DataDir, audience: Audience, shown: Name) -> Self {
        Self {
            data: data.clone(),
            audience,
            secrets: secrets::chosen(),
            shown: Arc::new(Mutex::new(shown)),
            open: RwLock::default(),
        }
    }

    fn scheduling(&self) -> Scheduling {
        if matches!(self.audience, Audience::Nobody) { Scheduling::Never } else { Scheduling::Runs }
    }

    fn shown(&self) -> Name {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn path_of(&self, name: &str) -> PathBuf {
        workspace_path(self.data.root()).with_file_name(name).with_extension("db")
    }

    /// Opens it, unless it is open: of two engines on one file, each would fire and share.
    async fn open_one(&self, path: &Path) -> Arc<Workspace> {
        let mut open = self.open.write().await;
        if let Some(known) = open.get(&name_of(path)) {
            return known.clone();
        }
        let opened = Arc::new(Workspace::open(path, self.ports(path), self.scheduling()).await);
        open.insert(name_of(path), opened.clone());
        opened
    }

    /// Opens what is not open yet.
    pub(crate) async fn open_rest(&self) {
        let local = workspace_path(self.data.root());
        let found = found_beside(&local).await.into_iter().map(|found| found.path);
        for path in std::iter::once(local.clone()).chain(found) {
            self.open_one(&path).await;
        }
    }

    async fn current(&self) -> Arc<Workspace> {
        let name = self.shown();
        let open = self.open.read().await.get(&name).cloned();
        match open {
            Some(open) => open,
            None => self.open_one(&self.path_of(&name)).await,
        }
    }

    /// Answers a command of the contract.
    pub(crate) async fn answer(&self, command: &str, payload: &str) -> Result<String, ApiError> {
        if command == SwitchWorkspace::NAME && self.scheduling() == Scheduling::Never {
            return Err(ApiError::new(
                ErrorCode::Conflict,
                "a headless call names its workspace itself, with --workspace",
            ));
        }
        let reply = self.current().await.answer(command, payload).await?;
        match command {
            SwitchWorkspace::NAME => self.show(&reply).await?,
            CreateWorkspace::NAME | JoinWorkspace::NAME if self.scheduling() == Scheduling::Runs => {
                self.open_joined(&reply).await;
            }
            LeaveWorkspace::NAME => self.reopen_shown().await,
            _ => {}
        }
        Ok(reply)
    }

    /// Answers a command of the workspace with that name, which need not be the one that is shown.
    pub(crate) async fn answer_in(
        &self,
        name: &str,
        command: &str,
        payload: &str,
    ) -> Result<String, ApiError> {
        let open = self.open.read().await.get(name).cloned();
        match open {
            Some(open) => open.answer(command, payload).await,
            None => self.answer(command, payload).await,
        }
    }

    /// One that was joined again is open already, as somebody else's.
    async fn open_joined(&self, reply: &str) {
        #[derive(serde::Deserialize)]
        struct Joined {
            workspace_id: mf_domain::ids::TeamId,
        }
        if let Ok(Joined { workspace_id }) = serde_json::from_str(reply) {
            let known = self.open.read().await.get(&workspace_id.to_string()).cloned();
            if let Some(known) = known {
                known.reopen().await;
            }
        }
        self.open_rest().await;
    }

    /// Who left does not share any more, and fires nothing.
    async fn reopen_shown(&self) {
        self.current().await.reopen().await;
    }

    /// Shows the workspace of a reply.
    async fn show(&self, reply: &str) -> Result<(), ApiError> {
        let unreadable = |_| ApiError::internal("the reply could not be read");
        let summary: WorkspaceSummary = serde_json::from_str(reply).map_err(unreadable)?;
        let name = match summary.kind {
            WorkspaceKind::Local => LOCAL.to_owned(),
            WorkspaceKind::Team | WorkspaceKind::Left => summary.id.to_string(),
        };
        self.show_named(&name);
        Ok(())
    }

    /// Shows a workspace, and tells the windows that everything they show is another.
    pub(crate) fn show_named(&self, name: &str) {
        let before = std::mem::replace(
            &mut *self.shown.lock().unwrap_or_else(PoisonError::into_inner),
            name.to_owned(),
        );
        if before == name {
            return;
        }
        if let Err(error) = fs::write(choice_file(&self.data), name) {
            // It is shown; only the next start does not know.
            tracing::warn!(%error, "which workspace is shown could not be kept");
        }
        let sink = self.sink();
        for event in [Event::WorkspacesChanged, Event::MembersChanged, Event::EverythingChanged] {
            sink.emit(event);
        }
    }

    /// Closes the files: their logs are folded into them, so that each is the whole workspace.
    pub(crate) async fn close(&self) {
        for open in self.open.read().await.values() {
            open.close().await;
        }
    }

    fn sink(&self) -> Arc<dyn EventSink> {
        match &self.audience {
            Audience::Window(app) => Arc::new(Windows::new(app)),
            #[cfg(debug_assertions)]
            Audience::Browsers(sink) => sink.clone(),
            Audience::Nobody => Arc::new(Silent),
        }
    }

    fn ports(&self, path: &Path) -> Ports {
        let name = name_of(path);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let ids: Arc<dyn Ids> = Arc::new(RandomIds);
        let notifier: Arc<dyn Notifier> = match &self.audience {
            Audience::Window(app) => Arc::new(Desktop::new(app, &name)),
            _ => Arc::new(Silent),
        };
        let gate: Arc<dyn TickGate> = match self.scheduling() {
            Scheduling::Runs => Arc::new(WindowTicks),
            Scheduling::Never => Arc::new(FolderGate { data: self.data.clone() }),
        };
        let events = Arc::new(OfShown { name, shown: self.shown.clone(), sink: self.sink() });
        Ports { clock, ids, notifier, events, gate, secrets: self.secrets.clone() }
    }
}

const LOCAL: &str = "local";

fn name_of(path: &Path) -> Name {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn choice_file(data: &DataDir) -> PathBuf {
    data.root().join("workspaces").join("shown")
}

/// The workspace windows showed last, if it is still there.
fn kept_choice(data: &DataDir) -> Name {
    let kept = fs::read_to_string(choice_file(data)).unwrap_or_default();
    let is_there = workspace_path(data.root()).with_file_name(kept.trim()).with_extension("db").is_file();
    if is_there && !kept.trim().is_empty() { kept.trim().to_owned() } else { LOCAL.to_owned() }
}

/// The workspace of an id or a name.
fn chosen(asked: &str, found: &[Found]) -> Result<Name, ApiError> {
    if asked == LOCAL {
        return Ok(LOCAL.to_owned());
    }
    let meant: Vec<&Found> = found
        .iter()
        .filter(|it| it.summary.id.to_string() == asked.to_lowercase() || it.summary.name == asked)
        .collect();
    match meant[..] {
        [one] => Ok(name_of(&one.path)),
        [] => {
            let message = format!("there is no workspace {asked:?}; list_workspaces tells which there are");
            Err(ApiError::new(ErrorCode::NotFound, message).on("workspace"))
        }
        _ => {
            let message = format!("several workspaces are called {asked:?}: give the id of one");
            Err(ApiError::new(ErrorCode::Conflict, message).on("workspace"))
        }
    }
}

/// Tells the windows what happens in the workspace they show, and which there are.
#[derive(Debug)]
struct OfShown {
    name: Name,
    shown: Shown,
    sink: Arc<dyn EventSink>,
}

impl EventSink for OfShown {
    fn emit(&self, event: Event) {
        let is_shown = *self.shown.lock().unwrap_or_else(PoisonError::into_inner) == self.name;
        if is_shown || event == Event::WorkspacesChanged {
            self.sink.emit(event);
        }
    }
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
