//! Working through a session: what shows that a step was done, what is done when it was not, and who does it.

use crate::browser::{Browser, Folder};
use serde_json::{Value, json};
use thirtyfour::Key;

/// A batch of two targets; its first step needs evidence and has a rollback. Answers the first session.
fn batch(folder: &Folder) -> String {
    let flow = folder.rpc(
        "create_flow",
        &json!({
            "name": "Host patching", "flow_type": "maintenance",
            "structure": {"steps": [
                {"id": "update", "type": "procedure_step", "title": "Install updates on {{target.label}}",
                 "content_type": "action", "evidence": "required", "rollback": "Restore the snapshot of {{target.label}}.",
                 "estimate_minutes": 15},
                {"id": "reboot", "type": "procedure_step", "title": "Reboot", "content_type": "action"},
                {"id": "end", "type": "procedure_end", "title": "Done", "content_type": "info"},
            ]},
        }),
    );
    let batch = folder.rpc(
        "launch_batch",
        &json!({"flow_id": flow["id"], "targets": [{"label": "RDS-01"}, {"label": "RDS-02"}]}),
    );
    let sessions = folder.rpc("list_sessions", &json!({"batch_id": batch["batch_id"]}));
    sessions[0]["id"].as_str().expect("an id").to_owned()
}

/// Opens the first session and starts it from the keyboard.
async fn started(folder: &Folder) -> (Browser, String) {
    let session = batch(folder);
    let browser = folder.open().await;
    browser.load(&format!("/sessions/{session}")).await;
    browser.find("[data-testid='start-session']").await;
    browser.press(Key::Enter).await;
    browser.find("[data-testid='step'][data-open='true']").await;
    (browser, session)
}

/// Hands the page an event with files, as a drag or the clipboard would.
fn with_files(event: &str, on: &str, files: &str) -> String {
    format!(
        "const data = new DataTransfer();
         for (const file of [{files}]) data.items.add(file);
         const init = {{ bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data }};
         const target = {on};
         return target.dispatchEvent(new {event});"
    )
}

#[tokio::test]
async fn a_step_that_needs_evidence_is_done_only_with_it() {
    let folder = Folder::new();
    let (browser, session) = started(&folder).await;

    // Refused: the reason stands beside the step and the keyboard is where the evidence goes.
    browser.press(Key::Enter).await;
    browser.reads("evidence-area", "needs evidence before it is done").await;
    browser.find("#step-evidence-text:focus").await;

    // Keys are letters while somebody types.
    browser.keys("fsjk: exit code 3010").await;
    browser.ctrl(Key::Enter).await;
    browser.find("[data-testid='evidence']").await;
    browser.press(Key::Enter).await;
    browser.find("[data-testid='step'][data-outcome='done']").await;
    browser.close().await;

    let step = &folder.rpc("get_session", &json!({"id": session}))["steps"][0];
    assert_eq!((&step["outcome"], &step["evidence"][0]["size"]), (&json!("done"), &json!(20)));
    let evidence = json!({"session_id": session, "evidence_id": step["evidence"][0]["id"]});
    assert_eq!(folder.rpc("read_evidence", &evidence)["text"], "fsjk: exit code 3010");
}

#[tokio::test]
async fn a_failed_step_is_rolled_back_in_a_step_of_its_own() {
    let folder = Folder::new();
    let (browser, session) = started(&folder).await;
    browser.keys("f").await;
    browser.find("#step-note:focus").await;
    browser.keys("the installer hangs").await;
    browser.ctrl(Key::Enter).await;
    browser.reads("rollback-offer", "Restore the snapshot of RDS-01.").await;
    browser.keys("r").await;
    browser.find("[data-testid='step'][data-open='true'] [data-testid='rollback-step']").await;

    // Another step that is not in the flow, after the one that is open.
    browser.keys("i").await;
    browser.find("#added-title:focus").await;
    browser.keys("Call the customer").await;
    browser.ctrl(Key::Enter).await;
    browser.find("[data-testid='added-step']").await;

    // Whoever started it has it, and that is to be seen.
    browser.reads("assignee", "Yours").await;
    browser.reads("unassigned", "1 unassigned").await;

    // And let go of, with a word for whoever takes over.
    browser.keys("a").await;
    browser.find("#hand-over-note:focus").await;
    browser.keys("The customer calls back at 3").await;
    browser.ctrl(Key::Enter).await;
    browser.reads("assignee", "Unassigned").await;
    browser.close().await;

    let session = folder.rpc("get_session", &json!({"id": session}));
    assert_eq!(session["notes"][0]["text"], "The customer calls back at 3");
    let titles: Vec<&Value> =
        session["steps"].as_array().expect("steps").iter().map(|step| &step["title"]).collect();
    assert_eq!(
        titles,
        [
            "Install updates on {{target.label}}",
            "Rollback: Install updates on {{target.label}}",
            "Call the customer",
            "Reboot"
        ]
    );
    assert_eq!(session["steps"][1]["added"]["rollback_of"], "update");
}

#[tokio::test]
async fn what_is_pasted_or_dropped_on_a_step_is_its_evidence() {
    let folder = Folder::new();
    let (browser, session) = started(&folder).await;
    let pasted = "new File([Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0))], 'image.png', { type: 'image/png' })";
    browser.script(&with_files("ClipboardEvent('paste', init)", "document.body", pasted)).await;
    browser.reads("evidence", "screenshot").await;

    // Dropped elsewhere it would be a runbook to import; here it stays, and what is too large is never read.
    let on = "document.querySelector('#open-step h2')";
    let files = "new File(['a,b'], 'users.csv', { type: 'text/csv' }), new File([new Uint8Array(10485761)], 'dump.bin')";
    browser.script(&with_files("DragEvent('dragover', init)", on, files)).await;
    browser.find("li.over #open-step").await;
    browser.script(&with_files("DragEvent('drop', init)", on, files)).await;
    browser.reads("upload-failed", "larger than 10 MiB").await;
    browser.find("[data-testid='evidence']:nth-child(2)").await;
    browser.page("/sessions/").await;

    // Looked at, then taken away, after one question.
    browser.script("document.querySelector(\"[data-testid='evidence-open']\").click()").await;
    browser.find("[data-testid='evidence-image']").await;
    browser.find("[data-testid='evidence-sha256']").await;
    browser.script("document.querySelector(\"[data-testid='evidence-viewer-remove']\").click()").await;
    browser.find("dialog[open] [data-testid='evidence-remove-confirm']").await;
    browser
        .script("document.querySelector(\"dialog[open] [data-testid='evidence-remove-confirm']\").click()")
        .await;
    browser.find("[data-testid='evidence']:only-child").await;
    browser.close().await;

    let session = folder.rpc("get_session", &json!({"id": session}));
    let evidence = &session["steps"][0]["evidence"];
    assert_eq!((evidence.as_array().map(Vec::len), &evidence[0]["name"]), (Some(1), &json!("users.csv")));
    let kinds: Vec<&Value> =
        session["events"].as_array().expect("events").iter().map(|e| &e["kind"]).collect();
    assert_eq!(kinds, ["started", "assigned", "evidence_added", "evidence_added", "evidence_removed"]);
}

#[tokio::test]
async fn a_target_that_has_to_wait_says_why_until_it_may_start() {
    let folder = Folder::new();
    let first = batch(&folder);
    let batch = folder.rpc("get_session", &json!({"id": first}))["batch_id"].clone();
    folder.rpc("set_batch_waves", &json!({"batch_id": batch, "waves": {"max_in_progress": 1}}));
    folder.rpc("start_session", &json!({"session_id": first}));
    let sessions = folder.rpc("list_sessions", &json!({"batch_id": batch}));
    let second = sessions[1]["id"].as_str().expect("an id");
    let browser = folder.open().await;
    browser.load(&format!("/sessions/{second}")).await;
    browser.reads("held", "at most 1 target at a time").await;
    browser.reads("held-next", "RDS-01").await;

    // The one before it ends on its own page; this one hears of it and may start.
    folder.rpc("cancel_session", &json!({"session_id": first}));
    browser.find("[data-testid='start-session']").await;
    browser.press(Key::Enter).await;
    browser.find("[data-testid='step'][data-open='true']").await;
    browser.close().await;
    assert_eq!(folder.rpc("get_session", &json!({"id": second}))["status"], "in_progress");
}

#[tokio::test]
async fn a_session_is_called_off_from_its_menu_after_one_question() {
    let folder = Folder::new();
    let (browser, session) = started(&folder).await;
    browser.click("session-more").await;
    browser.click("cancel-session").await;
    browser.find("dialog[open] [data-testid='cancel-session-confirm']").await;
    assert_eq!(folder.rpc("get_session", &json!({"id": session}))["status"], "in_progress");
    browser.click("cancel-session-confirm").await;
    browser.find("[data-testid='session-ended'][data-status='cancelled']").await;
    browser.holds("return !document.querySelector('dialog[open]')").await;
    browser.gone("session-more").await;
    browser.close().await;
}
