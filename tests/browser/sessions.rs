//! The page of all sessions from the keyboard, and its filters in the address.

use crate::browser::{Browser, Folder};
use crate::sample::Sample;
use serde_json::json;
use thirtyfour::Key;

impl Browser {
    /// Waits until so many elements of that name are there.
    async fn count(&self, name: &str, number: usize) {
        crate::wait::until(name, || async {
            let count = format!("return document.querySelectorAll(\"[data-testid='{name}']\").length");
            (self.script(&count).await == json!(number)).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn batches_open_into_their_sessions_and_filters_stand_in_the_address() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    // The older address leads here, too.
    browser.load("/batches").await;
    browser.count("batch-row", 1).await;
    browser.count("single-session-row", 1).await;
    browser.reads("filter-all", "2").await;
    browser.reads("filter-pending", "1").await;
    browser.reads("filter-failed", "0").await;
    // All of them is what the parts add up to, and assignees are counted under the same filters.
    browser.reads("who-anyone", "2").await;
    browser.load("/sessions?status=pending").await;
    for (who, number) in [("who-anyone", "1"), ("who-mine", "0"), ("who-nobody", "1")] {
        browser.reads(who, number).await;
    }
    browser.load("/sessions").await;

    // The single session is the newer one; the batch below it opens, and closes from within.
    browser.keys("jj").await;
    browser.press(Key::Right).await;
    browser.count("batch-session-row", 8).await;
    browser.press(Key::Right).await;
    browser.press(Key::Left).await;
    browser.press(Key::Left).await;
    browser.count("batch-session-row", 0).await;

    // What is typed is asked of the database, and stands in the address.
    browser.keys("/RDS-03").await;
    browser.count("single-session-row", 0).await;
    assert_eq!(browser.script("return location.search").await, "?search=RDS-03");
    // The counts are those under the other filters.
    browser.reads("filter-all", "1").await;
    browser.reads("filter-pending", "0").await;
    browser.reads("filter-in_progress", "1").await;
    browser.load("/sessions?search=RDS-03").await;
    browser.keys("j").await;
    browser.press(Key::Right).await;
    browser.count("batch-session-row", 1).await;
    browser.press(Key::Enter).await;
    browser.page(&format!("/batches/{}", sample.batch)).await;

    // Whoever comes back finds open what was open.
    browser.script("history.back()").await;
    browser.page("/sessions").await;
    browser.count("batch-session-row", 1).await;
    browser.close().await;
}

#[tokio::test]
async fn flows_open_at_their_addresses_and_an_open_session_is_taken_up_again() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    for (older, address) in [
        (format!("/flows/{}", sample.tree), format!("/trees/{}/navigate", sample.tree)),
        (format!("/trees/{}/navigate", sample.procedure), format!("/flows/{}/navigate", sample.procedure)),
        (format!("/flows/{}", sample.maintenance), format!("/flows/{}/maintenance", sample.maintenance)),
    ] {
        browser.load(&older).await;
        browser.page(&address).await;
    }
    browser.load(&format!("/trees/{}/navigate", sample.tree)).await;
    browser.script("document.querySelector('[data-testid=resume-session]').click()").await;
    browser.page(&format!("/sessions/{}", sample.tree_session)).await;
    browser.close().await;
}

#[tokio::test]
async fn the_palette_finds_what_the_database_has() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.script("document.querySelector('[data-testid=open-palette]').click()").await;
    browser.find("[data-testid=palette-input]").await;
    browser.keys("rds-03").await;
    browser.reads("palette-entry", "RDS-03").await;
    browser.press(Key::Enter).await;
    browser.page("/sessions/").await;
    let target = &folder.rpc("list_sessions", &json!({"batch_id": sample.batch, "search": "RDS-03"}))[0];
    browser.page(&format!("/sessions/{}", target["id"].as_str().expect("an id"))).await;
    browser.close().await;
}
