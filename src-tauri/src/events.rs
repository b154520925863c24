//! What happened, told to every window. Sent after the commit; a window that missed one reloads when it is shown.

use mf_contract::{EVENT_CHANNEL, Event};
use mf_engine::ports::EventSink;
use tauri::{AppHandle, Emitter};

/// The engine's way to every window.
#[derive(Debug)]
pub(crate) struct Windows {
    app: AppHandle,
}

impl Windows {
    pub(crate) fn new(app: &AppHandle) -> Self {
        Self { app: app.clone() }
    }
}

impl EventSink for Windows {
    fn emit(&self, event: Event) {
        broadcast(&self.app, &event);
    }
}

/// Tells every window. A window that cannot be told is not an error of the work that was done.
pub(crate) fn broadcast(app: &AppHandle, event: &Event) {
    if let Err(error) = app.emit(EVENT_CHANNEL, event) {
        tracing::warn!(%error, "an event did not reach the windows");
    }
}
