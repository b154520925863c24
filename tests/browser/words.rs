//! Bad words on a batch and on its sessions: what is wrong stands beside the field, the text stays, the keyboard is back
//! there, and writing on takes it away. And the keys that lead to each field.

use crate::browser::{Browser, Folder};
use crate::wait::until;
use serde_json::{Value, json};
use thirtyfour::Key;

/// One character more than a note may have.
fn long() -> String {
    "x".repeat(20_001)
}

const WRONG: &str = "20001 characters; at most 20000 are allowed";

fn batch(folder: &Folder, targets: &Value) -> Value {
    let flow = folder.rpc(
        "create_flow",
        &json!({
            "name": "Patch RDS", "flow_type": "maintenance",
            "structure": {"sign_off": "anyone", "steps": [
                {"id": "update", "type": "procedure_step", "title": "Install on {{target.ip}}"},
                {"id": "reboot", "type": "procedure_step", "title": "Reboot"},
                {"id": "end", "type": "procedure_end", "title": "End"},
            ]},
        }),
    );
    folder.rpc("launch_batch", &json!({"flow_id": flow["id"], "targets": targets}))
}

fn hosts() -> Value {
    json!([{"label": "RDS-01", "variables": {"ip": "10.0.0.1"}}, {"label": "RDS-02"}, {"label": "RDS-03"}])
}

fn session(batch: &Value, n: usize) -> Value {
    batch["sessions"][n]["id"].clone()
}

fn path(kind: &str, id: &Value) -> String {
    format!("/{kind}/{}", id.as_str().expect("an id"))
}

impl Browser {
    /// Puts a text into a field at once, however long it is.
    async fn put(&self, id: &str, text: &str) {
        self.find(&format!("#{id}")).await;
        self.script(&format!(
            "const field = document.getElementById('{id}');
             const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
             field.focus();
             Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(field, {});
             field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));",
            json!(text)
        ))
        .await;
    }

    /// A note that is too long is refused where it stands, and what is written instead is no longer called wrong.
    async fn refuses_a_long(&self, id: &str, submit: Option<&str>) {
        self.put(id, &long()).await;
        match submit {
            Some(submit) => self.click(submit).await,
            None => self.ctrl(Key::Enter).await,
        }
        self.is_refused(id, WRONG, &long()).await;
        self.holds(&format!(
            "return document.getElementById('{id}').getAttribute('aria-invalid') === 'true'"
        ))
        .await;
        // Said once, and nowhere else.
        self.holds("return document.querySelectorAll('.error-text, .trouble').length === 1").await;
        self.put(id, "short").await;
        self.holds("return !document.querySelector('.error-text, .trouble')").await;
    }

    /// How many rows of the board are selected, and which the cursor is in.
    async fn stands(&self, chosen: usize, at: &str) {
        until(&format!("{chosen} selected, the cursor on {at}"), || async {
            let seen = self
                .script(
                    "return [document.querySelectorAll('.board-row.chosen').length,
                             document.querySelector('.board-row.at .name')?.textContent]",
                )
                .await;
            (seen == json!([chosen, at])).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn words_of_the_board_are_refused_beside_their_field_and_go_to_the_selection() {
    let folder = Folder::new();
    let batch = batch(&folder, &hosts());
    let browser = folder.open().await;
    browser.load(&path("batches", &batch["batch_id"])).await;
    // A column is called by what differs, a cell by what it is here.
    browser
        .holds(
            "return document.querySelector('.board-head').textContent.includes('Install on the target’s ip')",
        )
        .await;
    browser
        .holds("return document.querySelector('.actionbar').textContent.includes('Install on 10.0.0.1')")
        .await;
    for key in ["n", "f", "s", "a"] {
        browser.keys(key).await;
        browser.find("#board-note:focus").await;
        browser.refuses_a_long("board-note", None).await;
        browser.press(Key::Escape).await;
        browser.find(".actionbar[role='toolbar']").await;
    }
    // Two are selected; the note is both's.
    browser.keys("xjxn").await;
    browser.find("#board-note:focus").await;
    browser.put("board-note", "waits for the vendor\nuntil Monday").await;
    browser.ctrl(Key::Enter).await;
    browser.holds("return document.querySelectorAll('.board-cell .cell-facts').length === 2").await;
    browser.close().await;
    let board = folder.rpc("get_board", &json!({"batch_id": batch["batch_id"]}));
    for n in 0..2 {
        assert_eq!(board["sessions"][n]["step_notes"]["update"], "waits for the vendor\nuntil Monday");
    }
    assert!(board["sessions"][2].get("step_notes").is_none());
}

#[tokio::test]
async fn the_board_stays_as_it_was_left_and_a_session_leads_back_to_itself() {
    let folder = Folder::new();
    let batch = batch(&folder, &hosts());
    folder.rpc("start_session", &json!({"session_id": session(&batch, 0)}));
    let browser = folder.open().await;
    browser.load(&path("batches", &batch["batch_id"])).await;
    browser.click("filter-pending").await;
    browser.stands(0, "RDS-02").await;
    browser.keys("xjx").await;
    browser.stands(2, "RDS-03").await;
    browser.press(Key::Up).await;
    browser.press(Key::Enter).await;
    browser.page("/sessions/").await;
    browser.find("[data-testid='start-session']").await;
    // On to the next target, and from there back.
    browser.keys("]").await;
    browser.page(&path("sessions", &session(&batch, 2))).await;
    browser.find("[data-testid='start-session']").await;
    browser.click("to-batch").await;
    browser.stands(2, "RDS-03").await;
    assert_eq!(browser.script("return location.search").await, "?status=pending");
    // What is typed stands there, too, and is there after loading the page again.
    browser.keys("/rds-02").await;
    browser.holds("return location.search === '?status=pending&search=rds-02'").await;
    browser.script("location.reload()").await;
    browser.stands(0, "RDS-02").await;
    browser.close().await;
}

#[tokio::test]
async fn dialogs_of_a_batch_say_what_is_wrong_with_them() {
    let folder = Folder::new();
    let open = batch(&folder, &hosts());
    let browser = folder.open().await;
    browser.load(&path("batches", &open["batch_id"])).await;
    browser.click("batch-more").await;
    browser.click("edit-targets").await;
    browser.find("#batch-targets").await;
    let doubled = "RDS-01\nRDS-02\nrds-01";
    browser.put("batch-targets", doubled).await;
    browser.click("targets-save").await;
    browser.is_refused("batch-targets", "Line 3: rds-01 is already on line 1", doubled).await;
    browser.put("batch-targets", "RDS-01").await;
    browser.click("targets-save").await;
    browser.find("#batch-targets-about .error-text").await;
    browser.press(Key::Escape).await;

    // The engine's word on a number that the page found right stands beside it as well.
    browser
        .script(
            "const core = window.__TAURI__.core, real = core.invoke;
             core.invoke = (name, args) => args?.command !== 'set_batch_waves' ? real(name, args)
               : Promise.reject(JSON.stringify({ code: 'validation', message: 'is not to be', field: 'waves.max_in_progress' }));",
        )
        .await;
    browser.click("fact-waves").await;
    browser.put("waves-max-in-progress", "4").await;
    browser.click("waves-save").await;
    browser.is_refused("waves-max-in-progress", "Is not to be", "4").await;
    browser.put("waves-max-in-progress", "5").await;
    browser.holds("return !document.querySelector('dialog[open] .error-text')").await;
    browser.press(Key::Escape).await;

    let ids: Vec<Value> = (0..3).map(|n| session(&open, n)).collect();
    for step in ["update", "reboot"] {
        folder.rpc("record_steps", &json!({"session_ids": ids, "step_id": step, "outcome": "done"}));
    }
    folder.rpc("complete_sessions", &json!({ "session_ids": ids }));
    browser.reads("fact-sign-off", "Waits for sign-off").await;
    browser.click("fact-sign-off").await;
    browser.refuses_a_long("sign-off-note", Some("sign-off-confirm")).await;
    browser.click("sign-off-confirm").await;
    browser.reads("fact-sign-off", "by you").await;
    browser.click("fact-sign-off").await;
    browser.reads("sign-off-confirm", "Withdraw").await;
    browser.refuses_a_long("sign-off-note", Some("sign-off-confirm")).await;
    browser.close().await;
}

#[tokio::test]
async fn words_of_a_session_are_refused_beside_their_field() {
    let folder = Folder::new();
    let batch = batch(&folder, &hosts());
    folder.rpc("start_session", &json!({"session_id": session(&batch, 0)}));
    let browser = folder.open().await;
    browser.load(&path("sessions", &session(&batch, 0))).await;
    browser.find("[data-testid='step'][data-open='true']").await;
    browser.keys("n").await;
    browser.find("#step-note:focus").await;
    browser.refuses_a_long("step-note", None).await;
    browser.refuses_a_long("step-note", Some("step-note-save")).await;
    // Beside another step nothing is wrong.
    browser.put("step-note", &long()).await;
    browser.click("step-note-save").await;
    browser.is_refused("step-note", WRONG, &long()).await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("j").await;
    browser.reads("step", "Reboot").await;
    browser.holds("return !document.querySelector('.error-text, .trouble')").await;

    browser.click("session-note-open").await;
    browser.find("#session-note:focus").await;
    browser.refuses_a_long("session-note", None).await;
    browser.script("document.activeElement.blur()").await;

    browser.keys("i").await;
    browser.find("#added-title:focus").await;
    browser.click("add-step-confirm").await;
    browser.is_refused("added-title", "ust not be empty", "").await;
    browser.put("added-title", "Call the customer").await;
    browser.refuses_a_long("added-description", Some("add-step-confirm")).await;
    browser.press(Key::Escape).await;
    browser.holds("return !document.querySelector('dialog[open]')").await;

    // It is whose who started it; handing it over asks for a word.
    browser.reads("assignee", "Yours").await;
    browser.keys("a").await;
    browser.find("#hand-over-note:focus").await;
    browser.refuses_a_long("hand-over-note", Some("hand-over-confirm")).await;
    browser.close().await;
}

#[tokio::test]
async fn the_key_of_a_note_works_wherever_a_note_can_be_written() {
    let folder = Folder::new();
    let batch = batch(&folder, &hosts());
    let ended = session(&batch, 0);
    for step in ["update", "reboot"] {
        folder.rpc("record_step", &json!({"session_id": ended, "step_id": step, "outcome": "done"}));
    }
    let tree = folder.rpc(
        "create_flow",
        &json!({
            "name": "Printer does not print", "flow_type": "troubleshooting",
            "structure": {"start": "power", "nodes": [
                {"id": "power", "type": "question", "title": "Is it on?", "answers": [{"label": "Yes", "to": "fixed"}]},
                {"id": "fixed", "type": "outcome", "title": "It prints", "outcome": "resolved"},
            ]},
        }),
    );
    let asked = folder.rpc("create_session", &json!({"flow_id": tree["id"]}))["id"].clone();
    folder.rpc("start_session", &json!({ "session_id": asked }));
    let browser = folder.open().await;
    // Behind the last step, after the end, and at a question.
    for (n, (id, sign)) in
        [(&ended, "complete-session"), (&ended, "session-ended"), (&asked, "node")].iter().enumerate()
    {
        if n == 1 {
            folder.rpc("complete_session", &json!({ "session_id": ended }));
        }
        browser.load(&path("sessions", id)).await;
        browser.find(&format!("[data-testid='{sign}']")).await;
        browser.reads("session-note-open", "N").await;
        browser.keys("n").await;
        browser.find("#session-note:focus").await;
        browser.put("session-note", &format!("note {n}")).await;
        browser.ctrl(Key::Enter).await;
        browser.find("[data-testid='session-note-open']").await;
    }
    browser.close().await;
    let notes = |id: &Value| folder.rpc("get_session", &json!({ "id": id }))["notes"].clone();
    assert_eq!((&notes(&ended)[1]["text"], &notes(&asked)[0]["text"]), (&json!("note 1"), &json!("note 2")));
}

/// A batch of which two sessions are started, and the page of the first.
async fn at_the_first_of_two(folder: &Folder) -> (Value, Browser) {
    let batch = batch(folder, &hosts());
    for n in 0..2 {
        folder.rpc("start_session", &json!({"session_id": session(&batch, n)}));
    }
    let browser = folder.open().await;
    browser.load(&path("sessions", &session(&batch, 0))).await;
    browser.find("[data-testid='step'][data-open='true']").await;
    (batch, browser)
}

#[tokio::test]
async fn what_comes_of_one_target_touches_nothing_of_the_next() {
    let folder = Folder::new();
    let (batch, browser) = at_the_first_of_two(&folder).await;
    // The reply comes when the person lets it.
    browser
        .script(
            "const core = window.__TAURI__.core, real = core.invoke;
             core.invoke = (name, args) => args?.command !== 'record_step' ? real(name, args)
               : new Promise((resolve) => { window.answer = () => resolve(real(name, args)); });",
        )
        .await;
    browser.put("step-note", "of the first").await;
    browser.ctrl(Key::Enter).await;
    browser.holds("return !!window.answer").await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("]").await;
    browser.page(&path("sessions", &session(&batch, 1))).await;
    browser.find("[data-testid='step'][data-open='true']").await;
    browser.keys("f").await;
    browser.find("#step-note:focus").await;
    browser.keys("of the sec").await;
    browser.script("window.answer()").await;
    until("the first is recorded", || async {
        let first = folder.rpc("get_session", &json!({"id": session(&batch, 0)}));
        (first["steps_recorded"] == 1).then_some(())
    })
    .await;
    browser.settled().await;
    // Still being explained, and still written.
    browser.keys("ond").await;
    browser.find("[data-testid='step-failed-confirm']").await;
    browser.script("window.answer = null").await;
    browser.ctrl(Key::Enter).await;
    browser.holds("return !!window.answer").await;
    browser.script("window.answer()").await;
    browser.find("[data-testid='step'][data-outcome='failed']").await;
    // The draft of the first is gone with its reply.
    browser.keys("[").await;
    browser.page(&path("sessions", &session(&batch, 0))).await;
    browser.find("[data-testid='step'][data-outcome='done']").await;
    browser
        .script("document.querySelector(`[data-testid='step'][data-outcome='done'] button`).click()")
        .await;
    browser.holds("return document.getElementById('step-note')?.value === ''").await;
    browser.close().await;
    let note =
        |n: usize| folder.rpc("get_session", &json!({"id": session(&batch, n)}))["steps"][0]["note"].clone();
    assert_eq!((note(0), note(1)), (json!("of the first"), json!("of the second")));
}

#[tokio::test]
async fn what_goes_wrong_with_a_target_that_was_left_is_told_and_stands_beside_no_other() {
    let folder = Folder::new();
    let (batch, browser) = at_the_first_of_two(&folder).await;
    browser
        .script(
            "const core = window.__TAURI__.core, real = core.invoke;
             core.invoke = (name, args) => args?.command !== 'add_note' || window.refuse ? real(name, args)
               : new Promise((_, reject) => {
                   window.refuse = () => reject(JSON.stringify({ code: 'validation', message: 'is not to be', field: 'note' }));
                 });",
        )
        .await;
    browser.put("step-note", "of the first").await;
    browser.click("step-note-save").await;
    browser.holds("return !!window.refuse").await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("]").await;
    browser.page(&path("sessions", &session(&batch, 1))).await;
    browser.find("[data-testid='step'][data-open='true']").await;
    // Neither does this one wait for the other's answer.
    browser.put("step-note", "of the second").await;
    browser.click("step-note-save").await;
    browser.reads("step", "of the second").await;
    browser.script("window.refuse()").await;
    browser.reads("toast", "Is not to be").await;
    browser.holds("return !document.querySelector('.error-text, .trouble')").await;
    // What was typed for the first is there still.
    browser.keys("[").await;
    browser.page(&path("sessions", &session(&batch, 0))).await;
    browser.holds("return document.getElementById('step-note')?.value === 'of the first'").await;
    browser.close().await;
}
