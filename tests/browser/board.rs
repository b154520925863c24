//! The board of a batch: many targets marked at once, waves that halt and go on, sign-off, and the report as a file.

use crate::browser::{Browser, Folder};
use crate::wait::until;
use serde_json::{Value, json};
use std::fs;
use thirtyfour::Key;

/// A maintenance flow with two steps, the first of which wants evidence where `evidence` says so.
fn flow(folder: &Folder, evidence: &str) -> Value {
    folder.rpc(
        "create_flow",
        &json!({
            "name": "Patch RDS", "flow_type": "maintenance",
            "structure": {"sign_off": "anyone", "steps": [
                {"id": "update", "type": "procedure_step", "title": "Install updates", "evidence": evidence, "estimate_minutes": 20},
                {"id": "reboot", "type": "procedure_step", "title": "Reboot"},
                {"id": "end", "type": "procedure_end", "title": "End"},
            ]},
        }),
    )
}

fn launch(folder: &Folder, flow: &Value, count: usize, waves: Value) -> Value {
    let targets: Vec<Value> = (1..=count).map(|n| json!({"label": format!("RDS-{n:02}")})).collect();
    folder.rpc("launch_batch", &json!({"flow_id": flow["id"], "targets": targets, "waves": waves}))
}

fn id(batch: &Value) -> String {
    batch["batch_id"].as_str().expect("an id").to_owned()
}

fn session(batch: &Value, n: usize) -> Value {
    batch["sessions"][n]["id"].clone()
}

/// Works one session through, with this outcome of its first step.
fn work_through(folder: &Folder, batch: &Value, n: usize, outcome: &str) {
    let session = session(batch, n);
    for (step, outcome) in [("update", outcome), ("reboot", "done")] {
        folder.rpc(
            "record_step",
            &json!({"session_id": session, "step_id": step, "outcome": outcome, "note": "no space"}),
        );
    }
    folder.rpc("complete_session", &json!({ "session_id": session }));
}

impl Browser {
    /// Waits until so many elements of a selector are there.
    async fn counts(&self, selector: &str, number: usize) {
        let script = format!("return document.querySelectorAll(`{selector}`).length");
        until(&format!("{number} of {selector}"), || async {
            (self.script(&script).await == json!(number)).then_some(())
        })
        .await;
    }

    async fn is_gone(&self, selector: &str) {
        self.counts(selector, 0).await;
    }
}

#[tokio::test]
async fn many_targets_are_marked_completed_and_given_away_by_keys() {
    let folder = Folder::new();
    let flow = flow(&folder, "none");
    let batch = launch(&folder, &flow, 12, Value::Null);
    let browser = folder.open().await;
    browser.load(&format!("/batches/{}", id(&batch))).await;
    browser.reads("board-times", "about 4 h of work left").await;

    // Everything that is shown, one step after the other; the cursor goes on by itself.
    browser.ctrl('a').await;
    browser.reads("board-done", "Done").await;
    browser.keys("d").await;
    browser.counts(".board-cell.done", 12).await;
    browser.keys("d").await;
    browser.counts(".board-cell.done", 24).await;
    browser.keys("c").await;
    browser.reads("rollup", "12/12 complete").await;

    // Whoever marked them has them, until they are given away.
    browser.counts(".board-whose", 12).await;
    browser.keys("a").await;
    browser.click("board-assign-nobody").await;
    browser.is_gone(".board-whose").await;
    browser.close().await;
    let listed = &folder.rpc("list_batches", &json!({}))[0];
    assert_eq!((&listed["completed"], &listed["unassigned"]), (&json!(12), &json!(0)));
    let session = folder.rpc("get_session", &json!({"id": session(&batch, 11)}));
    assert_eq!(session["assignee"], Value::Null);
}

#[tokio::test]
async fn a_dialog_that_was_cancelled_opens_as_the_batch_is() {
    let folder = Folder::new();
    let flow = flow(&folder, "none");
    let batch = launch(&folder, &flow, 2, json!({"max_in_progress": 1}));
    folder.rpc("set_batch_ticket", &json!({"batch_id": batch["batch_id"], "ticket": "CHG-1"}));
    let browser = folder.open().await;
    browser.load(&format!("/batches/{}", id(&batch))).await;
    for (opener, field, kept) in
        [("fact-ticket", "ticket", "CHG-1"), ("fact-waves", "waves-max-in-progress", "1")]
    {
        browser.click(opener).await;
        browser.fill(field, "thrown away").await;
        browser.press(Key::Escape).await;
        browser.is_gone("dialog[open]").await;
        browser.click(opener).await;
        browser.find(&format!("#{field}")).await;
        let value = browser.script(&format!("return document.getElementById('{field}').value")).await;
        assert_eq!(value, kept, "{opener}");
        browser.is_gone("dialog[open] .error-text").await;
        browser.press(Key::Escape).await;
        browser.is_gone("dialog[open]").await;
    }
    browser.close().await;
}

#[tokio::test]
async fn those_that_need_evidence_are_named_with_a_way_to_each() {
    let folder = Folder::new();
    let flow = flow(&folder, "required");
    let batch = launch(&folder, &flow, 3, Value::Null);
    let evidence =
        json!({"session_id": session(&batch, 1), "step_id": "update", "name": "a.txt", "text": "ok"});
    folder.rpc("add_evidence", &evidence);
    let browser = folder.open().await;
    browser.load(&format!("/batches/{}", id(&batch))).await;
    browser.ctrl('a').await;
    browser.keys("d").await;
    browser.reads("board-refused", "1 recorded, 2 not").await;
    browser.reads("board-refused", "needs evidence").await;
    browser.counts("[data-testid='refused-session']", 2).await;
    browser.click("select-refused").await;
    browser.counts(".board-row.chosen", 2).await;
    browser.click("refused-session").await;
    browser.page("/sessions/").await;
    browser.close().await;
}

#[tokio::test]
async fn a_batch_halts_after_a_failure_and_goes_on_when_somebody_says_so() {
    let folder = Folder::new();
    let flow = flow(&folder, "none");
    let batch = launch(&folder, &flow, 4, Value::Null);
    let browser = folder.open().await;
    browser.load(&format!("/batches/{}", id(&batch))).await;

    browser.click("fact-waves").await;
    browser.find("#waves-canary").await;
    browser.script("document.getElementById('waves-canary').focus()").await;
    browser.keys("none").await;
    browser.click("waves-save").await;
    until("what is wrong", || async {
        let text = browser.script("return document.getElementById('waves-canary-about').textContent").await;
        text.as_str().is_some_and(|text| text.contains("whole number")).then_some(())
    })
    .await;
    assert_eq!(browser.script("return document.activeElement.id").await, "waves-canary");
    browser.ctrl('a').await;
    browser.keys("1").await;
    browser.click("waves-save").await;
    browser.reads("fact-waves", "1 offered, 3 held").await;

    // A script works on while the window is open.
    work_through(&folder, &batch, 0, "failed");
    browser.reads("waves-halted", "Halted: 1 target failed, 3 targets held").await;
    browser.reads("waves-halted", "RDS-01 (Install updates: no space)").await;
    browser.click("continue-batch").await;
    browser.click("continue-batch-confirm").await;
    browser.is_gone("[data-testid='waves-halted']").await;
    browser.reads("fact-waves", "3 offered").await;
    browser.close().await;
    let waves = folder.rpc("get_batch", &json!({"batch_id": batch["batch_id"]}))["waves"].clone();
    assert_eq!((&waves["released"], &waves["held"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_finished_batch_gets_its_ticket_its_sign_off_and_its_report() {
    let folder = Folder::new();
    let flow = flow(&folder, "none");
    let batch = launch(&folder, &flow, 2, Value::Null);
    for n in 0..2 {
        work_through(&folder, &batch, n, "done");
    }
    let browser = folder.open().await;
    browser.load(&format!("/batches/{}", id(&batch))).await;
    browser.click("fact-ticket").await;
    browser.find("#ticket").await;
    browser.script("document.getElementById('ticket').focus()").await;
    browser.keys("CHG-4711\u{e007}").await;
    browser.reads("fact-ticket", "CHG-4711").await;

    browser.reads("fact-sign-off", "Waits for sign-off").await;
    browser.click("fact-sign-off").await;
    browser.reads("sign-off-words", "2 targets").await;
    browser.click("sign-off-confirm").await;
    browser.reads("fact-sign-off", "by you").await;

    for (item, extension) in [("report-markdown", "md"), ("report-pdf", "pdf")] {
        browser.click("report").await;
        browser.click(item).await;
        // The browser keeps the name with an empty file, and puts the whole one in its place.
        let content = until("the report among the downloads", || async {
            let mut files =
                fs::read_dir(folder.downloads()).ok()?.filter_map(Result::ok).map(|file| file.path());
            let file = files.find(|file| file.extension().is_some_and(|own| own == extension))?;
            fs::read(file).ok().filter(|content| !content.is_empty())
        })
        .await;
        if extension == "md" {
            let text = String::from_utf8(content).expect("text");
            assert!(text.contains("CHG-4711") && text.contains("RDS-02"), "{text}");
        } else {
            assert!(content.starts_with(b"%PDF"), "{extension}");
        }
        browser.reads("toast", "Saved as").await;
    }
    browser.close().await;
    let batch = folder.rpc("get_batch", &json!({"batch_id": batch["batch_id"]}));
    assert_eq!((&batch["ticket"], batch.get("sign_off").is_some()), (&json!("CHG-4711"), true));
}

#[tokio::test]
async fn a_run_that_was_fired_without_targets_gets_them() {
    let folder = Folder::new();
    let flow = flow(&folder, "none");
    let batch =
        folder.rpc("launch_batch", &json!({"flow_id": flow["id"], "targets": [{"label": "Unassigned"}]}));
    let browser = folder.open().await;
    browser.load(&format!("/batches/{}", id(&batch))).await;
    browser.click("name-targets").await;
    browser.find("#batch-targets").await;
    browser.script("document.getElementById('batch-targets').focus()").await;
    browser.keys("CTX-01 # rack 4\u{e007}CTX-02").await;
    browser.reads("targets-preview", "2 sessions").await;
    browser.click("targets-save").await;
    browser.counts("[data-testid='session-row']", 2).await;
    browser.close().await;
    let sessions = folder.rpc("list_sessions", &json!({"batch_id": batch["batch_id"]}));
    assert_eq!(sessions[0]["target_label"], "CTX-01");
    assert_eq!(sessions[0]["target_notes"], "rack 4");
}
