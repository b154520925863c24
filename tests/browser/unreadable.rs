//! A schedule that this release cannot read stands where schedules are, can be set anew, and can be deleted.

use crate::accessible::findings;
use crate::browser::Folder;
use crate::sample::Sample;
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// As if a newer release had been here.
async fn of_a_newer_release(folder: &Folder) {
    let file = SqliteConnectOptions::new().filename(folder.database());
    let mut database = SqliteConnection::connect_with(&file).await.expect("the database");
    // Every change of a row has a version of its own.
    sqlx::query(
        r#"UPDATE schedules SET recurrence = '{"kind":"moon_phase"}',
             version = substr(version, 1, 47) || CASE substr(version, 48) WHEN '0' THEN '1' ELSE '0' END"#,
    )
    .execute(&mut database)
    .await
    .expect("it can be written");
    database.close().await.expect("it was open");
}

#[tokio::test]
async fn it_is_found_on_the_page_of_schedules_set_anew_and_deleted() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    of_a_newer_release(&folder).await;
    let told = folder.rpc("list_unreadable_schedules", &json!({}))[0].clone();
    let browser = folder.open().await;
    browser.load("/schedules").await;
    browser.reads("unreadable-schedule", "The schedule of RDS host patching cannot be read").await;
    browser.reads("unreadable-schedule", "Its recurrence cannot be read by this release.").await;
    assert_eq!(findings(&browser).await, Vec::<String>::new());

    // The link leads to the editor, which saves the same schedule.
    browser.enter("set-anew").await;
    browser.page(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.click("preset-daily").await;
    browser.reads("schedule-preview", "every day").await;
    browser.click("schedule-save").await;
    browser.reads("schedule-card", "every day").await;
    browser.gone("unreadable-schedule").await;
    assert_eq!(folder.rpc("list_schedules", &json!({}))[0]["id"], told["id"]);
    assert_eq!(browser.script("return location.search").await, "");

    // The page of the flow follows, and says what is wrong instead of failing.
    of_a_newer_release(&folder).await;
    browser.reads("unreadable-schedule", "does not run").await;
    browser.script("location.reload()").await;
    browser.settled().await;
    browser.reads("unreadable-schedule", "does not run").await;
    assert_eq!(browser.script("return document.querySelectorAll('[data-testid=retry]').length").await, 0);
    assert_eq!(findings(&browser).await, Vec::<String>::new());
    let delete = format!("delete-unreadable-{}", told["id"].as_str().expect("an id"));
    browser.click(&delete).await;
    browser.click(&format!("{delete}-confirm")).await;
    browser.reads("toast", "The schedule is deleted.").await;
    browser.find("[data-testid='set-schedule']").await;
    browser.close().await;
    assert_eq!(folder.rpc("list_unreadable_schedules", &json!({})), json!([]));
}
