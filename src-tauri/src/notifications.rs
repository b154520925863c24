//! The desktop's own notifications, and the way back from a click on one or on one of its buttons.
//!
//! A toast may never be seen: desktops drop them, and delivery errors are not reported. Nothing here is the only way
//! to a run; what a toast says, and what it asks, stands in the notification centre first.

use mf_contract::batches::LaunchedBatch;
use mf_contract::notifications::NotificationAction;
use mf_contract::{ApiError, Event};
use mf_engine::ports::{Notifier, Toast};
use serde_json::{Map, Value};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::{Action, ActionType, NotificationExt};

use crate::workspaces::{Name, Workspaces};
use crate::{events, window};

/// Where the click leads, carried by the toast itself.
const ROUTE: &str = "route";
/// The workspace it is about, carried likewise.
const WORKSPACE: &str = "workspace";
/// A click on the body, as against one on a button.
const TAP: &str = "tap";
/// The toasts that have the buttons of a question.
const QUESTION: &str = "question";
/// Where a toast that asks is answered, too.
const CENTRE: &str = "/notifications";

/// The name and the words of the button that does this; the toast carries under the name what it does.
fn button(action: &NotificationAction) -> (&'static str, &'static str) {
    match action {
        NotificationAction::RunMissedOccurrence { .. } => RUN_NOW,
        NotificationAction::SkipMissedOccurrence { .. } => SKIP,
    }
}

const RUN_NOW: (&str, &str) = ("run_now", "Run now");
const SKIP: (&str, &str) = ("skip", "Skip");

/// The engine's way to the desktop.
#[derive(Debug)]
pub(crate) struct Desktop {
    app: AppHandle,
    workspace: Name,
}

impl Desktop {
    pub(crate) fn new(app: &AppHandle, workspace: &str) -> Self {
        Self { app: app.clone(), workspace: workspace.to_owned() }
    }
}

impl Notifier for Desktop {
    fn show(&self, toast: &Toast) {
        show(&self.app, &self.workspace, toast);
    }
}

fn show(app: &AppHandle, workspace: &str, toast: &Toast) {
    let mut shown = app.notification().builder().title(&toast.title).body(&toast.body);
    shown = shown.extra(ROUTE, &toast.route).extra(WORKSPACE, workspace);
    if !toast.actions.is_empty() {
        // Where the desktop shows no buttons, a click leads to the same question in the window.
        shown = shown.action_type_id(QUESTION);
    }
    for action in &toast.actions {
        shown = shown.extra(button(action).0, action);
    }
    if let Err(error) = shown.show() {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// Must run before the first toast: those shown earlier report no click and have no buttons.
pub(crate) fn listen(app: &AppHandle) {
    let action = |(name, words): (&str, &str)| Action::builder(name, words).build();
    let question = ActionType::builder(QUESTION).actions([RUN_NOW, SKIP].map(action).to_vec()).build();
    let handle = app.clone();
    let listening = app.notification().register_action_types(vec![question]).and_then(|()| {
        app.notification().on_action(move |performed| {
            let carried = |key: &str| performed.notification()?.extra().get(key).cloned();
            let text = |key: &str| carried(key).as_ref().and_then(Value::as_str).map(str::to_owned);
            let workspace = text(WORKSPACE).unwrap_or_default();
            match performed.action_id() {
                TAP => lead(&handle, &workspace, text(ROUTE).as_deref()),
                name => {
                    if let Some(Value::Object(asked)) = carried(name) {
                        tauri::async_runtime::spawn(answer(handle.clone(), workspace, asked));
                    }
                }
            }
        })
    });
    if let Err(error) = listening {
        tracing::warn!(%error, "clicks on notifications will not be heard");
    }
}

/// Brings the window up, and to a page of a workspace.
fn lead(app: &AppHandle, workspace: &str, route: Option<&str>) {
    window::bring_up(app);
    if !workspace.is_empty() {
        app.state::<Workspaces>().show_named(workspace);
    }
    if let Some(route) = route {
        events::broadcast(app, &Event::Navigate { route: route.to_owned() });
    }
}

/// Does what a button says, as the window would: a command, with the fields of its request. What was launched is shown.
async fn answer(app: AppHandle, workspace: Name, mut asked: Map<String, Value>) {
    let Some(Value::String(command)) = asked.remove("command") else { return };
    let workspaces = app.state::<Workspaces>();
    match workspaces.answer_in(&workspace, &command, &Value::Object(asked).to_string()).await {
        Ok(reply) => {
            if let Ok(launched) = serde_json::from_str::<LaunchedBatch>(&reply) {
                lead(&app, &workspace, Some(&format!("/batches/{}", launched.batch_id)));
            }
        }
        Err(error) => refused(&app, &workspace, error),
    }
}

/// Whoever pressed a button looks at the desktop, and not at the window.
fn refused(app: &AppHandle, workspace: &str, error: ApiError) {
    tracing::warn!(%error, "what a notification offered could not be done");
    show(
        app,
        workspace,
        &Toast {
            title: "That could not be done".to_owned(),
            body: error.message,
            route: CENTRE.to_owned(),
            ..Toast::default()
        },
    );
}
