//! A workspace that can only be looked at, and one that does not open: the pages say so, and offer nothing that would fail.

use crate::accessible::findings;
use crate::browser::Folder;
use crate::sample::Sample;
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::fs;
use thirtyfour::Key;

/// As if a newer release had been here.
async fn written_by_a_newer_release(folder: &Folder) {
    let file = SqliteConnectOptions::new().filename(folder.database());
    let mut database = SqliteConnection::connect_with(&file).await.expect("the database");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99, 'of a newer release', 1, x'00', 0)",
    )
    .execute(&mut database)
    .await
    .expect("it can be written");
    database.close().await.expect("it was open");
}

#[tokio::test]
async fn a_workspace_of_a_newer_release_can_be_looked_at_and_not_changed() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    written_by_a_newer_release(&folder).await;
    let session = json!({"id": sample.open_session});
    let before = folder.rpc("get_session", &session);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.reads("read-only", "You can look, but nothing can be changed: a newer release").await;
    assert_eq!(findings(&browser).await, Vec::<String>::new());
    // What writes is there to be seen, says why it is off, and does nothing.
    let launch = "const launch = document.querySelector('[data-testid=batch-launch]'); launch.click();
        return [launch.getAttribute('aria-disabled'), launch.title, !!document.querySelector('dialog[open]')]";
    let off = json!(["true", "Nothing can be changed in this workspace", false]);
    assert_eq!(browser.script(launch).await, off);

    browser.load(&format!("/sessions/{}", sample.open_session)).await;
    browser.reads("read-only", "newer release").await;
    let writes = "return [...document.querySelectorAll('main [data-testid^=step-]')]
        .filter((one) => one.matches('button') && /done|failed|skip/.test(one.dataset.testid))
        .map((one) => one.getAttribute('aria-disabled'))";
    let writes = browser.script(writes).await;
    let writes = writes.as_array().expect("a list");
    assert!(!writes.is_empty() && writes.iter().all(|off| off == "true"), "{writes:?}");
    browser.press(Key::Enter).await;
    browser.keys("fsn").await;
    // Keys that only look work; and what was typed before them has been dealt with.
    browser.keys("]").await;
    let other = format!("return !location.pathname.endsWith('{}')", sample.open_session);
    browser.holds(&other).await;
    let trouble = browser.script("return document.querySelectorAll('[data-testid=trouble]').length").await;
    assert_eq!(trouble, 0);
    browser.close().await;
    assert_eq!(folder.rpc("get_session", &session), before);
}

#[tokio::test]
async fn a_workspace_that_does_not_open_is_tried_again_on_request() {
    let folder = Folder::new();
    // SQLite cannot open a folder.
    fs::create_dir_all(folder.database()).expect("a folder");
    let browser = folder.open().await;
    browser.reads("trouble", "The disk could not be read").await;
    let title = browser.script("return document.querySelector('main h1').textContent").await;
    assert_eq!(title, "The workspace does not open");
    assert_eq!(findings(&browser).await, Vec::<String>::new());
    fs::remove_dir(folder.database()).expect("it is empty");
    browser.click("retry").await;
    browser.find("[data-testid=nav-flows], [data-testid=nav-maintenance]").await;
    browser.close().await;
}
