//! The disk is full, or somebody else holds the file: the window says so, shows nothing as done, and keeps what was typed.

use crate::app::{App, Desk};
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::fs;
use std::io::Write;

/// A session of two steps that has been started; its id.
fn started(desk: &Desk) -> Value {
    let flow = desk.rpc(
        "import_flow_markdown",
        &json!({"markdown": "# Patch\n\n1. Drain\n2. Reboot\n", "flow_type": "maintenance"}),
    );
    let batch = desk.rpc("launch_batch", &json!({"flow_id": flow["id"], "targets": [{"label": "RDS-01"}]}));
    let session = batch["sessions"][0]["id"].clone();
    desk.rpc("start_session", &json!({"session_id": session}));
    session
}

async fn open_the_session(app: &App) {
    app.click("nav-sessions").await;
    app.open_row("batch-row").await;
    app.open_row("session-row").await;
}

const DONE: &str = "[data-testid='step'][data-outcome='done']";

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_shown_as_done() {
    let desk = Desk::new().await;
    started(&desk);
    let app = desk.open_on_a_small_disk().await;
    open_the_session(&app).await;
    app.fill("step-note", "drained at 22:04").await;

    // Somebody else takes the last page.
    let taken = app.seen(&desk.database().with_file_name("taken"));
    let mut file = fs::File::create(&taken).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
    app.click("step-done").await;
    app.reads("trouble", "The disk is full: nothing was saved.").await;
    app.picture("14-not-saved").await;
    assert_eq!(app.count("[data-testid='step'][data-outcome]").await, 0);
    assert_eq!(app.value("step-note").await, "drained at 22:04");

    // Somebody makes room: the same click, without a restart.
    fs::remove_file(&taken).expect("it is there");
    drop(file);
    app.click("step-done").await;
    app.find(DONE).await;
    // Read again from the file.
    open_the_session(&app).await;
    app.find(DONE).await;
    app.page_reads("drained at 22:04").await;
    assert_eq!(app.count("[data-testid='step'][data-outcome]").await, 1);
}

#[tokio::test]
async fn a_step_that_waits_in_vain_for_another_process_is_not_shown_as_done_and_its_note_is_kept() {
    let desk = Desk::new().await;
    let session = started(&desk);
    let app = desk.open().await;
    open_the_session(&app).await;
    app.fill("step-note", "drained at 22:04").await;

    // Somebody else holds the file for longer than the engine waits.
    let file = SqliteConnectOptions::new().filename(desk.database());
    let mut other = SqliteConnection::connect_with(&file).await.expect("the database");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("nobody writes now");
    app.click("step-done").await;
    app.reads("trouble", "Another process is writing").await;
    assert_eq!(app.count("[data-testid='step'][data-outcome]").await, 0);
    assert_eq!(app.value("step-note").await, "drained at 22:04");

    sqlx::query("ROLLBACK").execute(&mut other).await.expect("it was open");
    other.close().await.expect("it was open");
    app.click("step-done").await;
    app.find(DONE).await;
    drop(app);
    let session = desk.rpc("get_session", &json!({"id": session}));
    assert_eq!(session["steps"][0]["note"], "drained at 22:04");
    assert_eq!(session["steps"][1]["outcome"], json!(null));
}

#[tokio::test]
async fn an_export_leaves_the_file_and_says_where() {
    let desk = Desk::new().await;
    let markdown = "# Patch hosts\n\n1. Drain\n2. Reboot\n";
    desk.rpc("import_flow_markdown", &json!({"markdown": markdown, "flow_type": "maintenance"}));
    let app = desk.open().await;
    app.click("nav-maintenance").await;
    app.open_row("flow-row").await;
    app.click("flow-more").await;
    app.click("export-flow").await;
    app.click("export-markdown").await;
    let said = app.reads("toast", "Saved as").await;
    let path = said.trim_start_matches("Saved as ").trim_end_matches('.');
    assert!(path.starts_with(&desk.home().display().to_string()), "{said}");
    let saved = std::fs::read_to_string(path).expect("the file is where the window says");
    assert!(saved.contains("# Patch hosts") && saved.contains("Reboot"), "{saved}");
}
