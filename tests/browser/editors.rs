//! Bad input in what takes long to write: flows with their steps, trees and questions, and schedules.

use crate::browser::{Browser, Folder};
use crate::sample::Sample;
use serde_json::{Value, json};
use thirtyfour::Key;

/// A text the domain takes nowhere.
const TOO_LONG: usize = 20_001;

impl Browser {
    /// Clicks the button that has this label alone.
    async fn click_labelled(&self, label: &str) {
        self.find(&format!("[aria-label='{label}']")).await;
        self.script(&format!("document.querySelector(`[aria-label='{label}']`).click()")).await;
    }

    /// Saves what is in the editor; it is refused.
    async fn save_refused(&self, id: &str, words: &str, typed: &str) {
        self.click("editor-save").await;
        self.is_refused(id, words, typed).await;
    }
}

fn page_of(flow: &Value, page: &str) -> String {
    format!("/flows/{}/{page}", flow["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn a_flow_says_what_is_wrong_with_it_and_its_steps() {
    let folder = Folder::new();
    let browser = folder.open().await;
    let long = "x".repeat(TOO_LONG);
    browser.load("/flows/new?type=maintenance").await;
    browser.save_refused("flow-name", "ust not be empty.", "").await;
    browser.fill("flow-name", "Patch").await;
    browser.paste("flow-description", &long).await;
    browser.save_refused("flow-description", "at most 20000 are allowed", &long).await;
    browser.paste("flow-description", "").await;

    browser.save_refused("step-title", "ust not be empty.", "").await;
    browser.fill("step-title", "Drain").await;
    browser.fill("step-estimate_minutes", "soon").await;
    browser.save_refused("step-estimate_minutes", "minutes are allowed", "soon").await;
    browser.fill("step-estimate_minutes", "2").await;
    browser.paste("step-rollback", &long).await;
    browser.save_refused("step-rollback", "at most 20000 are allowed", &long).await;
    browser.paste("step-rollback", "").await;

    // Read instead of written when it is wrong, it is written again: else there would be no field to go to.
    browser.paste("step-description", &long).await;
    browser.click("add-step").await;
    browser.fill("step-title", "Install").await;
    browser.click("step-preview").await;
    browser.find("[data-testid='markdown-preview']").await;
    browser.save_refused("step-description", "at most 20000 are allowed", &long).await;
    browser.paste("step-description", "All sessions end.").await;
    browser.click("step-delete").await;
    browser.script("document.querySelector('[data-testid=edit-step-open]').click()").await;
    browser.click("step-delete").await;
    browser.save_refused("add-step", "there is no work", "").await;
    browser.close().await;
    assert_eq!(folder.rpc("list_flows", &json!({})), json!([]));
}

#[tokio::test]
async fn a_question_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/edit", sample.procedure)).await;
    browser.click("add-question").await;
    browser.fill("question-0-label", "").await;
    browser.save_refused("question-0-label", "ust not be empty.", "").await;
    browser.fill("question-0-label", "Ring").await;
    browser.fill("question-0-key", "The Ring").await;
    browser.save_refused("question-0-key", "of a-z, 0-9 and _", "The Ring").await;
    browser.fill("question-0-key", "ring").await;
    let long = "x".repeat(2_001);
    browser.paste("question-0-help", &long).await;
    browser.save_refused("question-0-help", "at most 2000 are allowed", &long).await;
    browser.paste("question-0-help", "").await;

    browser.select("question-0-type", "select").await;
    browser.save_refused("question-0-options", "needs at least one option", "").await;
    browser.fill("question-0-options", "Pilot\nPilot").await;
    browser.save_refused("question-0-options", "is there twice", "Pilot\nPilot").await;
    browser.fill("question-0-options", "Pilot\nAll").await;
    browser.fill("question-0-default", "Nobody").await;
    browser.save_refused("question-0-default", "ust be one of the options.", "Nobody").await;
    browser.fill("question-0-default", "Pilot").await;

    browser.click("add-question").await;
    browser.fill("question-1-key", "ring").await;
    browser.save_refused("question-1-key", "is the name of another question", "ring").await;
    browser.close().await;
    let flow = folder.rpc("get_flow", &json!({"id": sample.procedure}));
    assert_eq!((&flow["revision"], &flow["intake_form"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn a_tree_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load("/flows/new?type=troubleshooting").await;
    browser.fill("flow-name", "Printer").await;
    browser.save_refused("step-title", "ust not be empty.", "").await;
    browser.fill("step-title", "Is it on?").await;
    let long = "x".repeat(TOO_LONG);
    browser.paste("step-description", &long).await;
    browser.save_refused("step-description", "at most 20000 are allowed", &long).await;
    browser.paste("step-description", "").await;
    browser.fill("answer-0-label", "").await;
    browser.save_refused("answer-0-label", "ust not be empty.", "").await;
    browser.fill("answer-0-label", "Yes").await;
    browser.save_refused("answer-0-to", "eads nowhere yet.", "").await;
    // The field that is wrong is the one that is marked.
    let marked = "return [...document.querySelectorAll('[aria-invalid=true]')].map((field) => field.id)";
    assert_eq!(browser.script(marked).await, json!(["answer-0-to", "answer-1-to"]));
    for _ in 0..2 {
        browser.click_labelled("Delete answer 1").await;
    }
    browser.save_refused("add-answer", "1 to 20 are allowed", "").await;
    browser.click("node-kind-action").await;
    browser.save_refused("step-next", "eads nowhere yet.", "").await;

    browser.load(&format!("/trees/{}/edit", sample.tree)).await;
    browser.script("document.getElementById('edit-line-0').click()").await;
    browser.select("answer-1-to", "fixed").await;
    browser.save_refused("step-title", "othing leads here from the start.", "Switch it on").await;
    browser.close().await;
}

#[tokio::test]
async fn a_flow_with_a_schedule_keeps_its_type_and_is_found_where_it_is_listed() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/edit", sample.maintenance)).await;
    browser.click("flow-type-procedural").await;
    browser.save_refused("flow-type-procedural", "he flow has a schedule", "").await;
    browser.click("editor-undo").await;
    // The sidebar and the way to the page know which flows it is one of.
    for page in ["edit", "revisions"] {
        browser.load(&format!("/flows/{}/{page}", sample.maintenance)).await;
        browser.find("[data-testid='nav-maintenance'][aria-current]").await;
        browser
            .holds("return document.querySelector('.crumbs').textContent.startsWith('FlowsMaintenance')")
            .await;
        let current = "return document.querySelectorAll('.side [aria-current]').length";
        assert_eq!(browser.script(current).await, json!(1), "{page}");
    }
    browser.load(&format!("/flows/{}/revisions", sample.tree)).await;
    browser.find("[data-testid='nav-troubleshooting'][aria-current]").await;
    browser.close().await;
}

#[tokio::test]
async fn a_schedule_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let hosts = json!({"key": "hosts", "label": "Hosts", "type": "number", "required": false});
    let flow = folder.rpc(
        "create_flow",
        &json!({
            "name": "Patch", "flow_type": "maintenance", "intake_form": [hosts],
            "structure": {"steps": [
                {"id": "a", "type": "procedure_step", "title": "Install", "content_type": "action"},
                {"id": "end", "type": "procedure_end", "title": "Done", "content_type": "info"},
            ]},
        }),
    );
    let browser = folder.open().await;
    // The engine's word, where it has one against an answer.
    browser.load(&page_of(&flow, "maintenance")).await;
    browser
        .script(
            "const core = window.__TAURI__.core, real = window.real = core.invoke;
             core.invoke = (name, args) => args?.command !== 'create_schedule' ? real(name, args)
               : Promise.reject(JSON.stringify({ code: 'validation', message: 'is not to be', field: 'intake.hosts' }));",
        )
        .await;
    browser.click("set-schedule").await;
    browser.find("#schedule-zone").await;
    browser.settled().await;
    let refused = async |id: &str, words: &str, typed: &str| {
        browser.click("schedule-save").await;
        browser.is_refused(id, words, typed).await;
    };
    browser.click("preset-daily").await;
    browser.fill("schedule-time", "25").await;
    refused("schedule-time", "Write a time of day, such as 22:00.", "25").await;
    browser.fill("schedule-time", "22:00").await;
    browser.click("preset-monthly").await;
    browser.fill("schedule-day", "32").await;
    refused("schedule-day", "Write a day of the month, 1 to 31.", "32").await;
    browser.click("preset-patch-tuesday").await;
    browser.fill("schedule-offset", "28").await;
    refused("schedule-offset", "Write whole days, 0 to ", "28").await;
    browser.click("preset-cron").await;
    browser.fill("schedule-cron", "every night").await;
    refused("schedule-cron", "", "every night").await;
    browser.click("preset-weekly").await;
    browser.script("document.querySelectorAll('.choice.days :checked').forEach((day) => day.click())").await;
    refused("schedule-days", "Choose at least one day.", "on").await;
    browser.click("preset-daily").await;
    browser.fill("schedule-zone", "Mars/Base").await;
    // Leaving the field is what takes it.
    browser.press(Key::Tab).await;
    refused("schedule-zone", "There is no time zone named Mars/Base.", "Mars/Base").await;
    browser.fill("schedule-zone", "Europe/Berlin").await;
    browser.press(Key::Enter).await;
    browser.select("schedule-misfire", "ask").await;
    browser.fill("schedule-grace", "soon").await;
    refused("schedule-grace", "hole minutes", "soon").await;
    browser.fill("schedule-grace", "60").await;
    browser.fill("schedule-intake-hosts", "a few").await;
    refused("schedule-intake-hosts", "ust be a number", "a few").await;
    browser.fill("schedule-intake-hosts", "12").await;
    refused("schedule-intake-hosts", "Is not to be", "12").await;

    // Somebody else deletes the list meanwhile.
    browser.script("window.__TAURI__.core.invoke = window.real").await;
    let list = folder.rpc("create_target_list", &json!({"name": "Farm", "targets": [{"label": "RDS-01"}]}));
    let id = list["id"].as_str().expect("an id");
    browser.select("schedule-list", id).await;
    folder.rpc("delete_target_list", &json!({"id": id}));
    refused("schedule-list", "target list", "").await;
    browser.close().await;
    assert_eq!(folder.rpc("get_schedule_for_flow", &json!({"flow_id": flow["id"]})), Value::Null);
}

#[tokio::test]
async fn what_a_batch_is_still_asked_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load("/sessions").await;
    // A run that a schedule made of a flow with a question; the engine has its own word on the answer.
    browser
        .script(
            "const core = window.__TAURI__.core, real = core.invoke;
             core.invoke = async (name, args) => {
               if (args?.command === 'set_batch_intake') {
                 throw JSON.stringify({ code: 'validation', message: 'is not to be', field: 'intake.hosts' });
               }
               const reply = await real(name, args);
               if (args?.command !== 'get_board') return reply;
               const board = JSON.parse(new TextDecoder().decode(reply));
               board.batch.missing_intake = [{ key: 'hosts', label: 'Hosts', type: 'number', required: true }];
               return new TextEncoder().encode(JSON.stringify(board)).buffer;
             };",
        )
        .await;
    browser
        .script(&format!(
            "history.pushState(null, '', '/batches/{}'); dispatchEvent(new PopStateEvent('popstate'))",
            sample.batch
        ))
        .await;
    let save = async |words: &str, typed: &str| {
        browser.click("intake-save").await;
        browser.is_refused("batch-intake-hosts", words, typed).await;
    };
    save("must be answered", "").await;
    browser.fill("batch-intake-hosts", "a few").await;
    save("ust be a number", "a few").await;
    browser.fill("batch-intake-hosts", "12").await;
    save("Is not to be", "12").await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_written_on_a_batch_and_its_sessions_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    let long = "x".repeat(TOO_LONG);
    browser.load(&format!("/batches/{}", sample.batch)).await;
    browser.click("fact-ticket").await;
    browser.paste("ticket", &long).await;
    browser.click("ticket-save").await;
    browser.is_refused("ticket", "characters; at most", &long).await;

    browser.load(&format!("/sessions/{}", sample.open_session)).await;
    browser.click("add-step").await;
    browser.find("#added-title").await;
    browser.click("add-step-confirm").await;
    browser.is_refused("added-title", "ust not be empty", "").await;
    browser.fill("added-title", "Restart the spooler").await;
    browser.paste("added-description", &long).await;
    browser.click("add-step-confirm").await;
    browser.is_refused("added-description", "characters; at most", &long).await;

    browser.load(&format!("/sessions/{}", sample.open_session)).await;
    browser.click("assign").await;
    browser.paste("hand-over-note", &long).await;
    browser.click("hand-over-confirm").await;
    browser.is_refused("hand-over-note", "characters; at most", &long).await;
    browser.close().await;
}

/// What a box looks like is ours, and seen in every theme and with forced colours.
#[tokio::test]
async fn boxes_and_dots_are_drawn_by_the_tokens() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance?open=start", sample.maintenance)).await;
    browser.find("#launch-waves").await;
    let look = "const box = getComputedStyle(document.getElementById('launch-waves'));
        const mark = getComputedStyle(document.getElementById('launch-waves'), '::before');
        return [box.appearance, box.backgroundColor === box.borderTopColor, mark.transform !== 'none']";
    assert_eq!(browser.script(look).await, json!(["none", false, true]));
    browser.click("launch-waves").await;
    browser.find("#launch-waves:checked").await;
    assert_eq!(browser.script(look).await, json!(["none", true, false]));

    // What is hidden in the page lies in what scrolls: the window itself has nothing to scroll to.
    browser.load(&format!("/flows/{}/edit", sample.procedure)).await;
    browser.click("edit-step-open").await;
    browser.find("#step-evidence-required").await;
    browser.holds("return document.body.scrollHeight <= document.body.clientHeight").await;
    browser.close().await;
}
