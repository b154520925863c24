//! The icon in the tray. Linux reports no clicks on it, so every action stands in its menu.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, include_image};

use crate::window;

const ICON: Image<'_> = include_image!("icons/tray.png");
const ID: &str = "main";
const OPEN: &str = "open";
const QUIT: &str = "quit";

/// Puts the icon in the tray, unless it is there. Without one the application still works: starting it again brings the window
/// up. On the main thread alone.
pub(crate) fn build(app: &AppHandle) {
    if app.tray_by_id(ID).is_some() {
        return;
    }
    // Where the tray's shared library is missing, loading it panics.
    match catch_unwind(AssertUnwindSafe(|| try_build(app))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "no tray icon"),
        Err(_) => tracing::warn!("no tray icon: its library is missing"),
    }
}

fn try_build(app: &AppHandle) -> tauri::Result<()> {
    let open = MenuItem::with_id(app, OPEN, "Open Maintenance Flows", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, "Quit", true, None::<&str>)?;
    TrayIconBuilder::with_id(ID)
        .icon(ICON)
        .tooltip("Maintenance Flows")
        .menu(&Menu::with_items(app, &[&open, &quit])?)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => window::bring_up(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            let left = MouseButton::Left;
            if matches!(event, TrayIconEvent::Click { button, button_state: MouseButtonState::Up, .. } if button == left)
            {
                window::bring_up(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(())
}
