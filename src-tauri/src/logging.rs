//! A log for the person who has to find out what happened: one file a day, the last seven kept.
//!
//! No payload ever goes in: no command's content, no note, no target. Hence no setting to make it talk more.
//! Written straight through, without a background thread: the last line before a crash is the one that matters.

use std::fs;
use std::io;
use std::panic;
use std::path::Path;

use tracing::Level;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::error::ShellError;

const KEPT: usize = 7;

/// Logs to a rotating file below `dir`, and to standard error.
pub(crate) fn to_file(dir: &Path) -> Result<(), ShellError> {
    fs::create_dir_all(dir).map_err(|source| ShellError::DataDir { path: dir.to_owned(), source })?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(KEPT)
        .filename_prefix("maintenance-flows")
        .filename_suffix("log")
        .build(dir)?;
    let file = fmt::layer().with_ansi(false).with_writer(std::sync::Mutex::new(file));
    install(Some(file.boxed()));
    Ok(())
}

/// Logs to standard error alone, for commands without a window.
pub(crate) fn to_stderr() {
    install(None);
}

type FileLayer = Box<dyn Layer<tracing_subscriber::Registry> + Send + Sync>;

fn install(file: Option<FileLayer>) {
    let wanted = Targets::new()
        .with_default(Level::WARN)
        .with_target("maintenance_flows", Level::INFO)
        .with_target("mf_", Level::INFO);
    let stderr = fmt::layer().with_ansi(false).without_time().with_writer(io::stderr);
    // A second subscriber in one process happens in tests only, where the first serves as well.
    let _ = tracing_subscriber::registry().with(file).with(stderr).with(wanted).try_init();
    note_panics();
}

/// The place of a panic goes to the log; its message, which may quote what someone wrote, does not.
fn note_panics() {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if let Some(place) = info.location() {
            tracing::error!(file = place.file(), line = place.line(), "panicked");
        }
        default(info);
    }));
}
