//! A damaged workspace: a screen that says so, and nothing done without consent.

use crate::app::Desk;
use serde_json::json;
use std::fs;

#[tokio::test]
async fn a_damaged_workspace_is_told_left_alone_and_restored_on_request() {
    let desk = Desk::new().await;
    desk.rpc("create_target_list", &json!({"name": "Kept", "targets": [{"label": "A"}]}));
    // The window makes the daily backup.
    let app = desk.open().await;
    let backups = desk.database().with_extension("backups");
    crate::wait::until("a backup", || async {
        fs::read_dir(&backups)
            .ok()?
            .filter_map(Result::ok)
            .find(|entry| entry.path().extension().is_some_and(|e| e == "db"))
    })
    .await;
    app.kill();

    let garbage = b"nothing that SQLite would know".repeat(100);
    for log in ["-wal", "-shm"] {
        let path = format!("{}{log}", desk.database().display());
        if fs::exists(&path).expect("a folder") {
            fs::remove_file(path).expect("ours");
        }
    }
    fs::write(desk.database(), &garbage).expect("ours");
    let app = desk.open().await;
    app.named("corrupt").await;
    app.picture("13-damaged").await;
    assert_eq!(fs::read(desk.database()).expect("it is there"), garbage);

    app.click("restore-backup").await;
    app.click("recover-confirm").await;
    app.click("nav-target-lists").await;
    app.reads("target-list-row", "Kept").await;
    drop(app);
    assert_eq!(desk.rpc("list_target_lists", &json!({}))[0]["name"], "Kept");
}
