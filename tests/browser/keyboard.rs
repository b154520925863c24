//! The main job with the keyboard alone: from an empty workspace to a completed session.

use crate::browser::{Browser, Folder};
use crate::sample::RUNBOOK;
use serde_json::{Value, json};
use thirtyfour::Key;

/// More stops than any page has.
const STOPS: usize = 300;

impl Browser {
    /// Moves the focus on, stop by stop, until `selector` has it.
    pub(crate) async fn tab_to(&self, selector: &str) {
        self.find(selector).await;
        for _ in 0..STOPS {
            let has = self.script(&format!("return document.activeElement.matches(`{selector}`)")).await;
            if has == Value::Bool(true) {
                return;
            }
            self.press(Key::Tab).await;
        }
        panic!("the keyboard never reaches {selector}");
    }

    pub(crate) async fn enter(&self, name: &str) {
        self.tab_to(&format!("[data-testid='{name}']")).await;
        self.press(Key::Enter).await;
    }

    /// Types into a field, which keeps the focus.
    pub(crate) async fn type_into(&self, name: &str, text: &str) {
        self.tab_to(&format!("[data-testid='{name}']")).await;
        self.keys(text.replace('\n', "\u{e007}")).await;
    }
}

#[tokio::test]
async fn the_main_job_needs_no_mouse() {
    let folder = Folder::new();
    let browser = folder.open().await;

    // A runbook becomes a flow.
    browser.enter("import-markdown").await;
    browser.type_into("import-text", RUNBOOK).await;
    browser.reads("import-preview", "RDS host patching").await;
    browser.enter("import-submit").await;
    browser.page("/flows/").await;

    // Machines become a list.
    browser.enter("nav-target-lists").await;
    browser.enter("new-target-list").await;
    browser.type_into("list-name", "RDS farm").await;
    browser.type_into("list-targets", "RDS-01 # 10.0.0.11\nRDS-02 # 10.0.0.12").await;
    browser.enter("list-save").await;
    browser.reads("target-list-row", "RDS farm").await;

    // Both become a batch.
    browser.enter("nav-maintenance").await;
    browser.find("[data-testid='flow-row'] a").await;
    browser.tab_to("[data-testid='flow-row'] a").await;
    browser.press(Key::Enter).await;
    browser.enter("batch-launch").await;
    browser.type_into("launch-list", "RDS").await;
    browser.press(Key::Enter).await;
    browser.reads("launch-preview", "2").await;
    browser.enter("launch-submit").await;
    browser.page("/batches/").await;

    // Its first session is worked through.
    browser.tab_to("[data-testid='session-row'] a").await;
    browser.press(Key::Enter).await;
    browser.page("/sessions/").await;
    browser.enter("start-session").await;
    for done in 1..=3 {
        browser.find("[data-testid='step'][data-open='true']").await;
        browser.enter("step-done").await;
        crate::wait::until("the step", || async {
            let count =
                "return document.querySelectorAll(\"[data-testid='step'][data-outcome='done']\").length";
            (browser.script(count).await == json!(done)).then_some(())
        })
        .await;
    }
    browser.enter("complete-session").await;
    browser.find("[data-testid='session-ended']").await;
    browser.close().await;

    let batch = &folder.rpc("list_batches", &json!({}))[0];
    assert_eq!((&batch["total"], &batch["completed"]), (&json!(2), &json!(1)));
}
