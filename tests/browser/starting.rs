//! Starting work from the keyboard: a session on one target, and what the palette and the page of today start.

use crate::browser::{Browser, Folder};
use crate::sample::Sample;
use serde_json::json;
use thirtyfour::Key;

impl Browser {
    async fn palette(&self, text: &str) {
        self.ctrl('k').await;
        self.find("[data-testid=palette-input]").await;
        self.keys(text).await;
    }
}

#[tokio::test]
async fn a_session_on_a_target_of_a_list_fills_its_steps() {
    let folder = Folder::new();
    folder.rpc(
        "create_target_list",
        &json!({"name": "Farm", "client": "Contoso", "targets": [
            {"label": "RDS-01", "notes": "10.0.0.1"}, {"label": "RDS-02", "variables": {"ip": "10.0.0.2"}},
        ]}),
    );
    let markdown = "# Rebuild\n\n1. Reinstall {{target.label}} at {{target.ip}}\n";
    let flow = folder.rpc("import_flow_markdown", &json!({"markdown": markdown, "flow_type": "procedural"}));
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/navigate", flow["id"].as_str().expect("an id"))).await;
    browser.click("new-session").await;
    browser.find("#start-target-list").await;
    browser.settled().await;
    // A list without a target of it is half a choice.
    browser.fill("start-target-list", "farm").await;
    browser.press(Key::Enter).await;
    browser.click("new-session-submit").await;
    browser.is_refused("start-target", "Choose a target of the list, or type a name.", "").await;
    browser.keys("rds-02").await;
    browser.click("new-session-submit").await;
    browser.page("/sessions/").await;
    browser.reads("step", "Reinstall RDS-02 at 10.0.0.2").await;
    browser.close().await;
    let session = &folder.rpc("list_sessions", &json!({}))[0];
    assert_eq!(session["target_client"], "Contoso");
}

#[tokio::test]
async fn the_palette_starts_flows_and_backs_up() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.palette("start printer").await;
    browser.reads("palette-entry", "Start ").await;
    browser.press(Key::Enter).await;
    browser.page(&format!("/trees/{}/navigate", sample.tree)).await;
    browser.find("#start[open]").await;
    // Closed, it is not asked for again by whoever loads the page again.
    browser.press(Key::Escape).await;
    browser.find("#start:not([open])").await;
    assert_eq!(browser.script("return location.search").await, "");

    browser.palette("launch rds").await;
    browser.reads("palette-entry", "Launch RDS host patching").await;
    browser.press(Key::Enter).await;
    browser.page(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.find("#launch[open]").await;
    browser.press(Key::Escape).await;

    let before = folder.rpc("list_backups", &json!({})).as_array().map(Vec::len);
    browser.palette("back up now").await;
    browser.press(Key::Enter).await;
    browser.reads("toast", "A backup is made and checked").await;
    browser.close().await;
    let after = folder.rpc("list_backups", &json!({})).as_array().map(Vec::len);
    assert_eq!(after, before.map(|number| number + 1));
}

#[tokio::test]
async fn today_asks_which_flow_is_to_be_launched() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load("/").await;
    browser.click("to-launch").await;
    browser.find("[data-testid=palette-input]").await;
    browser.reads("palette-entry", "Launch RDS host patching").await;
    let offered = "return document.querySelectorAll('[data-testid=palette-entry]').length";
    assert_eq!(browser.script(offered).await, json!(1), "projects and trees are not launched");
    browser.press(Key::Enter).await;
    browser.page(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.find("#launch[open]").await;
    browser.close().await;
}
