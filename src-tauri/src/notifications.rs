//! The desktop's own notifications, and the way back from a click on one.
//!
//! A toast may never be seen: desktops drop them, and delivery errors are not reported. Nothing here is the only way
//! to a run; what a toast says stands in the notification centre first.

use mf_contract::Event;
use mf_engine::ports::{Notifier, Toast};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

use crate::{events, window};

/// Where the click leads, carried by the toast itself.
const ROUTE: &str = "route";
/// A click on the body, as against one on a button.
const TAP: &str = "tap";

/// The engine's way to the desktop.
#[derive(Debug)]
pub(crate) struct Desktop {
    app: AppHandle,
}

impl Desktop {
    pub(crate) fn new(app: &AppHandle) -> Self {
        Self { app: app.clone() }
    }
}

impl Notifier for Desktop {
    fn show(&self, toast: &Toast) {
        let toast = self
            .app
            .notification()
            .builder()
            .title(&toast.title)
            .body(&toast.body)
            .extra(ROUTE, &toast.route);
        if let Err(error) = toast.show() {
            tracing::warn!(%error, "a notification could not be shown");
        }
    }
}

/// Must run before the first toast: those shown earlier report no click.
pub(crate) fn listen(app: &AppHandle) {
    let handle = app.clone();
    let listening = app.notification().on_action(move |performed| {
        if performed.action_id() != TAP {
            return;
        }
        let route = performed.notification().and_then(|toast| toast.extra().get(ROUTE)?.as_str());
        window::bring_up(&handle);
        if let Some(route) = route {
            events::broadcast(&handle, &Event::Navigate { route: route.to_owned() });
        }
    });
    if let Err(error) = listening {
        tracing::warn!(%error, "clicks on notifications will not be heard");
    }
}
