//! The one window: made hidden, shown when its first page is drawn, hidden again when closed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tauri::plugin::TauriPlugin;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Url, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent, Wry};
use tauri_plugin_opener::OpenerExt;
use tauri_plugin_window_state::StateFlags;

use crate::args::Start;
use crate::error::ShellError;
use crate::paths::DataDir;

const LABEL: &str = "main";

/// How long a loaded page may take to draw itself before the window is shown regardless: a broken interface must be
/// seen, not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What happens as soon as there is something to see.
struct WhenReady {
    /// Whether the window shows itself.
    show: AtomicBool,
    /// What could wait until then, on the main thread, which the first page needs as well. May be asked for again.
    later: fn(&AppHandle),
}

/// Whether there is anything to open a window on. GTK, asked without one, ends the process in a panic.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Size and place are remembered in the data folder; whether the window was visible is not, `--hidden` says that.
pub(crate) fn state_plugin(data: &DataDir) -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .with_filename(data.window_state().to_string_lossy())
        .build()
}

/// Makes the window, still hidden; `later` is done once its first page is drawn.
pub(crate) fn build(
    app: &AppHandle,
    data: &DataDir,
    start: Start,
    later: fn(&AppHandle),
) -> Result<(), ShellError> {
    app.manage(WhenReady { show: AtomicBool::new(start == Start::Shown), later });
    let config = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let opener = app.clone();
    let outside = app.clone();
    WebviewWindowBuilder::from_config(app, config.ok_or(ShellError::NoWindow)?)?
        .data_directory(data.webview())
        .on_navigation(move |url| {
            let own = is_own(url);
            if !own {
                open_outside(&opener, url);
            }
            own
        })
        .on_new_window(move |url, _| {
            open_outside(&outside, &url);
            NewWindowResponse::Deny
        })
        .on_page_load(|window, payload| {
            if payload.event() == PageLoadEvent::Finished {
                show_soon(window);
            }
        })
        .build()?;
    Ok(())
}

/// The interface has drawn its first page.
#[tauri::command]
pub(crate) fn interface_ready(window: WebviewWindow) {
    tracing::info!("interface ready");
    settle(&window);
}

/// Shows the window wherever it was: hidden, minimised, behind others.
pub(crate) fn bring_up(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought up");
    }
}

/// Someone started the application again; only a start at log-in leaves the window as it is.
pub(crate) fn second_start(app: &AppHandle, args: &[String]) {
    if !args.iter().any(|arg| arg == "--hidden") {
        bring_up(app);
    }
}

/// Closing hides: schedules go on coming due. Quit stands in the tray's menu.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        if let Err(error) = window.hide() {
            tracing::warn!(%error, "the window could not be hidden");
        }
    }
}

fn show_soon(window: WebviewWindow) {
    thread::spawn(move || {
        thread::sleep(PATIENCE);
        settle(&window);
    });
}

fn settle(window: &WebviewWindow) {
    let app = window.app_handle();
    let ready = window.state::<WhenReady>();
    if ready.show.swap(false, Ordering::SeqCst) {
        bring_up(app);
    }
    let (later, handle) = (ready.later, app.clone());
    if let Err(error) = app.run_on_main_thread(move || later(&handle)) {
        tracing::warn!(%error, "what could wait is not done");
    }
}

/// Pages of the interface itself; `http://tauri.localhost` is how Windows spells them.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" | "about" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

fn open_outside(app: &AppHandle, url: &Url) {
    if !matches!(url.scheme(), "http" | "https" | "mailto") {
        return;
    }
    if let Err(error) = app.opener().open_url(url.as_str(), None::<&str>) {
        tracing::warn!(%error, "a link could not be opened outside");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_interface_stays_inside() {
        let own = |url: &str| is_own(&Url::parse(url).unwrap());
        assert!(own("tauri://localhost/flows"));
        assert!(own("http://tauri.localhost/"));
        assert!(!own("https://example.org/"));
        assert!(!own("file:///etc/passwd"));
        assert!(!own("data:text/html,x"));
    }
}
