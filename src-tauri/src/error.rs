//! Why the shell itself could not start. Commands answer with the contract's own errors, never with these.

use std::io;
use std::path::PathBuf;

/// A start that failed before any command could be answered.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    #[error("no folder for application data on this system: name one with --data-dir")]
    NoDataDir,
    #[error("cannot use the data folder {path}: {source}")]
    DataDir { path: PathBuf, source: io::Error },
    #[error("another copy is already using the data folder {0}")]
    InUse(PathBuf),
    #[cfg(target_os = "linux")]
    #[error("another copy has the data folder but does not answer: {0}")]
    Unanswered(zbus::Error),
    #[error("cannot write the log: {0}")]
    Log(#[from] tracing_appender::rolling::InitError),
    #[error("no display to open a window on; commands work without one: maintenance-flows rpc")]
    NoDisplay,
    #[error("the window system refused: {0}")]
    Window(#[from] tauri::Error),
    #[cfg(debug_assertions)]
    #[error("the loopback bridge cannot be served: {0}")]
    Bridge(io::Error),
    #[error("configuration lacks the window `main`")]
    NoWindow,
}
