//! Where the keyboard is after something opened, closed or went: never nowhere.

use crate::browser::{Browser, Folder};
use crate::sample::{RUNBOOK, Sample};
use crate::wait::patiently;
use serde_json::{Value, json};
use thirtyfour::Key;

impl Browser {
    /// Waits until an element has the keyboard.
    async fn has_focus(&self, selector: &str) {
        let script = format!("return document.activeElement.matches(`{selector}`)");
        let has = patiently(async || (self.script(&script).await == Value::Bool(true)).then_some(())).await;
        let active = self.script("return document.activeElement.outerHTML.slice(0, 160)").await;
        assert!(has.is_some(), "{selector} should have the keyboard, not {active}");
    }
}

#[tokio::test]
async fn letters_of_a_note_on_the_session_are_no_keys_of_the_runner() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/sessions/{}", sample.open_session)).await;
    browser.enter("session-note-open").await;
    browser.has_focus("#session-note").await;
    browser.keys("fsr").await;
    browser.ctrl(Key::Enter).await;
    browser.reads("session-note-open", "Note on the whole session").await;
    browser.close().await;
    let session = folder.rpc("get_session", &json!({"id": sample.open_session}));
    assert_eq!(session["notes"][0]["text"], "fsr");
}

#[tokio::test]
async fn a_dialog_out_of_a_menu_gives_the_keyboard_back_to_its_button() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/navigate", sample.procedure)).await;
    browser.enter("flow-more").await;
    browser.has_focus("[role=menuitem]").await;
    // The last of them.
    browser.press(Key::Up).await;
    browser.has_focus("[data-testid='delete-flow']").await;
    browser.press(Key::Enter).await;
    browser.find("dialog[open]").await;
    browser.press(Key::Escape).await;
    browser.has_focus("#flow-more").await;
    browser.close().await;
}

#[tokio::test]
async fn enter_works_on_the_target_that_was_gone_to() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let batch = folder.rpc("list_sessions", &json!({"batch_id": sample.batch}));
    let pending = batch[2]["id"].as_str().expect("an id").to_owned();
    let browser = folder.open().await;
    browser.load(&format!("/sessions/{}", sample.open_session)).await;
    browser.tab_to(&format!("[data-testid='target'][href='/sessions/{pending}']")).await;
    browser.press(Key::Enter).await;
    browser.page(&format!("/sessions/{pending}")).await;
    browser.find("[data-testid='start-session']").await;
    browser.has_focus("#session-work").await;
    browser.press(Key::Enter).await;
    browser.find("#open-step").await;
    // And back to one whose step is open.
    let other = format!("[data-testid='target'][href='/sessions/{}']", sample.open_session);
    browser.tab_to(&other).await;
    browser.press(Key::Enter).await;
    browser.page(&format!("/sessions/{}", sample.open_session)).await;
    browser.has_focus("#open-step").await;
    browser.close().await;
    assert_eq!(folder.rpc("get_session", &json!({"id": pending}))["status"], "in_progress");
}

/// Opens the editor of the sample's project, and there the first step by keyboard.
async fn first_step_in_editor(browser: &Browser, sample: &Sample) {
    browser.load(&format!("/flows/{}/edit", sample.procedure)).await;
    browser.tab_to("#edit-line-0").await;
    browser.press(Key::Enter).await;
}

#[tokio::test]
async fn the_editor_keeps_the_keyboard() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    first_step_in_editor(&browser, &sample).await;
    browser.has_focus("#step-title").await;
    browser.enter("step-close").await;
    browser.has_focus("#edit-line-0").await;
    browser.press(Key::Enter).await;
    browser.has_focus("#step-title").await;
    browser.enter("step-delete").await;
    browser.has_focus("#edit-line-0").await;
    browser.reads("toast", "Step 1 is deleted.").await;
    // Only here could it be taken back.
    browser.click("undo").await;
    browser.reads("edit-step-open", "Put the host in drain mode").await;
    browser.enter("edit-step-open").await;
    browser.has_focus("#step-title").await;
    browser.enter("step-delete").await;
    browser.find("[data-testid='undo']").await;
    browser.click("editor-close").await;
    browser.click("leave").await;
    browser.page(&format!("/flows/{}/navigate", sample.procedure)).await;
    let gone = patiently(async || {
        let left = browser.script("return document.querySelectorAll('[data-testid=undo]').length").await;
        (left == json!(0)).then_some(())
    })
    .await;
    assert!(gone.is_some(), "an offer that does nothing any more");
    browser.close().await;
}

#[tokio::test]
async fn a_flow_that_was_deleted_cannot_be_edited_or_looked_back_on() {
    let folder = Folder::new();
    let flow = folder.rpc("import_flow_markdown", &json!({"markdown": RUNBOOK, "flow_type": "procedural"}));
    let id = flow["id"].as_str().expect("an id");
    folder.rpc("delete_flow", &json!({ "id": id }));
    let browser = folder.open().await;
    for path in ["/trees/{id}/edit", "/flows/{id}/edit", "/flows/{id}/revisions"] {
        browser.load(&path.replace("{id}", id)).await;
        browser.find("main .empty").await;
        let seen = browser
            .script("return [document.querySelector('main').textContent, document.querySelectorAll('[data-testid=editor-save]').length]")
            .await;
        assert!(
            seen[0].as_str().is_some_and(|text| text.contains("This flow is not here")),
            "{path}: {seen}"
        );
        assert_eq!(seen[1], json!(0), "{path}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_toast_lies_over_the_dialog_that_is_open_and_its_buttons_work_there() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/sessions/{}", sample.open_session)).await;
    browser.click("evidence-open").await;
    browser.find("dialog[open] [data-testid='evidence-viewer-save']").await;
    browser.script("document.querySelector('dialog[open] [data-testid=evidence-viewer-save]').click()").await;
    browser.find("dialog[open] .toasts[aria-live]:popover-open [data-testid='toast']").await;
    // By the keyboard, which never leaves the dialog.
    browser.tab_to("[data-testid='toast'] [aria-label='Close message']").await;
    browser.press(Key::Enter).await;
    let gone = patiently(async || {
        let left = browser.script("return document.querySelectorAll('[data-testid=toast]').length").await;
        (left == json!(0)).then_some(())
    })
    .await;
    assert!(gone.is_some(), "a toast whose button does nothing");
    browser.find("dialog[open] [data-testid='evidence-viewer-save']").await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_said_moves_on_when_its_dialog_closes_and_another_opens() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    first_step_in_editor(&browser, &sample).await;
    browser.enter("step-delete").await;
    browser.find(".toasts [data-testid='undo']").await;
    // The palette is a dialog; the offer goes with what lies on top, and is taken there.
    browser.ctrl('k').await;
    browser.find("dialog[open] .toasts:popover-open [data-testid='undo']").await;
    browser.press(Key::Escape).await;
    browser.find("html:not(:has(dialog[open])) .toasts:popover-open [data-testid='undo']").await;
    browser.ctrl('k').await;
    browser.find("dialog[open] .toasts:popover-open [data-testid='undo']").await;
    browser.tab_to("[data-testid='undo']").await;
    browser.press(Key::Enter).await;
    browser.press(Key::Escape).await;
    browser.reads("edit-step-open", "Put the host in drain mode").await;
    browser.close().await;
}
