//! The menu of the icon in the tray, over D-Bus as a desktop uses it: it brings the window up, and it ends the application.

use crate::app::{Desk, processes};
use crate::screen::Screen;
use crate::wait::until;
use serde_json::json;

#[tokio::test]
async fn open_brings_the_window_up_and_quit_ends_with_everything_in_one_file() {
    let (desk, screen) = (Desk::new().await, Screen::connect());
    let app = desk.open().await;
    app.named("import-markdown").await;
    screen.close_window().await;
    desk.bus.choose_in_tray("Open Maintenance Flows").await;
    until("the window", || async { screen.is_active().then_some(()) }).await;

    // Through the window, so that it stands in its log first.
    app.click("nav-target-lists").await;
    app.click("new-target-list").await;
    app.fill("list-name", "RDS farm").await;
    app.fill("list-targets", "RDS-01").await;
    app.click("list-save").await;
    app.reads("target-list-row", "RDS farm").await;
    let log = desk.database().with_extension("db-wal");
    assert!(log.metadata().is_ok_and(|log| log.len() > 0), "what was written lies in the log");

    desk.bus.choose_in_tray("Quit").await;
    until("the application to end", || async { processes(&desk.data()).is_empty().then_some(()) }).await;
    assert!(!log.exists(), "the log is folded into the file");
    drop(app);
    assert_eq!(desk.rpc("list_target_lists", &json!({}))[0]["name"], "RDS farm");
}
