//! The main job, from an empty workspace to a finished batch: import, list, schedule, due, notification, click, run,
//! kill, resume.

use crate::app::{App, Desk, words};
use crate::screen::Screen;
use serde_json::{Value, json};

const RUNBOOK: &str = "# RDS host patching\n\nMonthly updates of the session hosts, one at a time.\n\n\
    1. Put the host in drain mode (2 min)\n2. Install updates (15 min)\n3. Reboot (5 min)\n4. Verify logon\n";

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

async fn import_a_runbook(app: &App) {
    app.click("import-markdown").await;
    app.fill("import-text", RUNBOOK).await;
    app.reads("import-preview", "RDS host patching").await;
    app.picture("02-import").await;
    app.click("import-submit").await;
    app.page("/flows/").await;
    app.reads("flow-count", "1").await;
}

async fn paste_a_target_list(app: &App) {
    app.click("nav-target-lists").await;
    app.click("new-target-list").await;
    app.fill("list-name", "RDS farm").await;
    let lines: String = (1..=8).map(|n| format!("RDS-{n:02} # 10.0.0.1{n}\n")).collect();
    app.fill("list-targets", lines.trim_end()).await;
    app.picture("03-target-list").await;
    app.click("list-save").await;
    app.reads("target-list-row", "RDS farm").await;
}

async fn schedule_every_minute(app: &App) {
    app.click("nav-maintenance").await;
    app.open_row("flow-row").await;
    app.click("set-schedule").await;
    app.click("preset-cron").await;
    app.fill("cron", "* * * * *").await;
    app.fill("zone", "Europe/Berlin").await;
    app.choose("schedule-list", "RDS farm").await;
    app.reads("schedule-preview", "minute").await;
    app.picture("04-schedule").await;
    app.click("schedule-save").await;
    app.named("next-runs").await;
    app.picture("05-maintenance-flow").await;
}

#[tokio::test]
async fn a_due_schedule_becomes_a_batch_a_notification_and_finished_work() {
    let (desk, screen) = (Desk::new().await, Screen::connect());
    let app = desk.open().await;
    app.named("import-markdown").await;
    app.picture("01-first-start").await;
    import_a_runbook(&app).await;
    paste_a_target_list(&app).await;
    schedule_every_minute(&app).await;

    // In the background, until the next minute begins.
    screen.close_window().await;
    let toast = desk.bus.notification().await;
    assert_eq!(toast.summary, "Maintenance run ready: RDS host patching — 8 sessions created");
    assert!(toast.actions.iter().any(|action| action == "default"), "{toast:?}");
    let schedule = desk.rpc("list_schedules", &json!({}))[0].clone();
    desk.rpc("update_schedule", &json!({"id": schedule["id"], "is_active": false}));
    let batches = desk.rpc("list_batches", &json!({}));
    let batch = &batches[batches.as_array().expect("a list").len() - 1];
    assert_eq!((&batch["total"], &batch["pending"]), (&json!(8), &json!(8)));
    assert_eq!(batch["scheduled_for"], schedule["last_run_at"]);

    // A click brings the window up on that batch.
    desk.bus.click(&toast).await;
    crate::wait::until("the window", || async { screen.is_active().then_some(()) }).await;
    assert_eq!(app.page("/batches/").await, format!("/batches/{}", text(&batch["batch_id"])));
    app.reads("rollup", "0/8 complete").await;
    app.picture("06-batch").await;
    write_down(&desk);

    // From the keyboard: start, one step done, one failed with evidence and a note. Then the power fails.
    app.open_row("session-row").await;
    app.page("/sessions/").await;
    app.named("start-session").await;
    app.press_enter().await;
    app.find("[data-testid='step'][data-open='true']").await;
    app.press_enter().await;
    app.find("[data-testid='step'][data-outcome='done']").await;
    app.type_keys("e").await;
    app.fill("evidence-text-field", "exit code 0x80070005").await;
    app.click("evidence-add").await;
    app.named("evidence").await;
    app.type_keys("f").await;
    app.fill("step-note", "KB5069112 did not install").await;
    app.click("step-failed-confirm").await;
    app.find("[data-testid='step'][data-outcome='failed']").await;
    app.picture("07-runner").await;
    let at = app.page("/sessions/").await;
    app.kill();

    // The same step, with everything kept.
    let app = desk.open().await;
    app.picture("08-after-the-kill").await;
    app.click("nav-sessions").await;
    app.open_row("batch-row").await;
    app.open_row("session-row").await;
    assert_eq!(app.page("/sessions/").await, at);
    app.find("[data-testid='step'][data-outcome='failed']").await;
    app.page_reads("KB5069112 did not install").await;
    let session = desk.rpc("get_session", &json!({"id": at.trim_start_matches("/sessions/")}));
    assert_eq!(session["steps"][1]["evidence"][0]["size"], 20);
    let open = app.find("[data-testid='step'][data-open='true']").await;
    assert!(words(&open).await.expect("a text").contains("Reboot"));
    app.picture("09-resumed").await;

    finish(&desk, &app, text(&batch["batch_id"])).await;
}

/// Finishes the batch: the first session in the window, the others as a script would, while the window follows.
async fn finish(desk: &Desk, app: &App, batch: &str) {
    let sessions = desk.rpc("list_sessions", &json!({"batch_id": batch}));
    let first = &sessions[0]["id"];
    // The failed step is done after all: the later record counts.
    desk.rpc("record_step", &json!({"session_id": first, "step_id": "step-2", "outcome": "done"}));
    for _ in 0..2 {
        let open = app.count("[data-testid='step'][data-outcome]").await;
        app.press_enter().await;
        crate::wait::until("the step", || async {
            (app.count("[data-testid='step'][data-outcome]").await > open).then_some(())
        })
        .await;
    }
    app.click("complete-session").await;
    app.named("session-ended").await;
    app.click("to-batch").await;
    app.reads("rollup", "1/8 complete").await;
    for (n, session) in (1..8).map(|n| (n, &sessions[n])) {
        for step in ["step-1", "step-2", "step-3", "step-4"] {
            desk.rpc(
                "record_step",
                &json!({"session_id": session["id"], "step_id": step, "outcome": "done"}),
            );
        }
        desk.rpc("complete_session", &json!({"session_id": session["id"]}));
        if n == 5 {
            app.reads("rollup", "6/8 complete").await;
            app.picture("10-six-of-eight").await;
        }
    }
    app.reads("rollup", "8/8 complete").await;
    app.picture("11-finished").await;
    app.click("nav-notifications").await;
    app.named("notification-row").await;
    app.picture("12-notifications").await;
}

/// Leaves what the desktop was shown beside the pictures.
fn write_down(desk: &Desk) {
    let Some(folder) = std::env::var_os("MAINTENANCE_FLOWS_PICTURES") else { return };
    let lines: Vec<String> = desk
        .bus
        .shown()
        .iter()
        .map(|shown| {
            json!({"id": shown.id, "summary": shown.summary, "body": shown.body, "actions": shown.actions})
                .to_string()
        })
        .collect();
    std::fs::write(std::path::Path::new(&folder).join("notifications.jsonl"), lines.join("\n") + "\n")
        .expect("it can be written");
}
