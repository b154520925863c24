//! A missed run that waits for an answer gets it from the buttons of its native notification.

use crate::app::Desk;
use crate::bus::Shown;
use crate::screen::Screen;
use crate::wait::until;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// A flow with a schedule that came due ten minutes ago, and asks about what it missed.
fn missed_schedule(desk: &Desk, name: &str) -> Value {
    let flow = json!({
        "name": name, "flow_type": "maintenance",
        "structure": {"steps": [
            {"id": "update", "type": "procedure_step", "title": "Install updates"},
            {"id": "end", "type": "procedure_end", "title": "Done"},
        ]},
    });
    let flow = desk.rpc("create_flow", &flow);
    let now: DateTime<Utc> = flow["created_at"].as_str().and_then(|at| at.parse().ok()).expect("an instant");
    let expression = format!("{} * * * *", (now - TimeDelta::minutes(10)).minute());
    let schedule = json!({
        "flow_id": flow["id"], "misfire": "ask", "recurrence": {"kind": "cron", "expression": expression},
    });
    desk.rpc("create_schedule", &schedule)
}

/// As if the schedules had been made two hours ago, and the computer switched off half an hour ago.
async fn was_switched_off(desk: &Desk) {
    let file = SqliteConnectOptions::new().filename(desk.database());
    let mut database = SqliteConnection::connect_with(&file).await.expect("the database");
    for sql in [
        // Every change of a row has a version of its own.
        "UPDATE schedules SET created_at = created_at - 7200000,
           version = substr(version, 1, 47) || CASE substr(version, 48) WHEN '0' THEN '1' ELSE '0' END",
        "UPDATE schedule_clocks SET checked_through = checked_through - 1800000, look_at = checked_through",
    ] {
        sqlx::query(sql).execute(&mut database).await.expect("it can be written");
    }
    database.close().await.expect("it was open");
}

async fn question(desk: &Desk, name: &str) -> Shown {
    let summary = format!("Missed: {name} — run it now or skip it?");
    until(&summary, || async { desk.bus.shown().into_iter().find(|shown| shown.summary == summary) }).await
}

fn outcome(desk: &Desk, schedule: &Value) -> Value {
    desk.rpc("list_missed_occurrences", &json!({"schedule_id": schedule["id"]}))[0]["outcome"].clone()
}

#[tokio::test]
async fn the_buttons_of_a_question_do_what_the_centre_would() {
    let (desk, screen) = (Desk::new().await, Screen::connect());
    let (wanted, unwanted) = (missed_schedule(&desk, "Patch Citrix"), missed_schedule(&desk, "Renew"));
    was_switched_off(&desk).await;
    let app = desk.open().await;
    let (run, skip) = (question(&desk, "Patch Citrix").await, question(&desk, "Renew").await);
    for shown in [&run, &skip] {
        let buttons: Vec<&str> = shown.actions.iter().map(String::as_str).collect();
        assert_eq!(buttons, ["run_now", "Run now", "skip", "Skip", "default", ""]);
    }
    screen.close_window().await;

    // Skipping asks for nobody's attention.
    desk.bus.press(&skip, "skip").await;
    until("it to be skipped", || async { (outcome(&desk, &unwanted) == "declined").then_some(()) }).await;
    assert_eq!(screen.shown(), 0);
    assert_eq!(desk.rpc("list_batches", &json!({})), json!([]));

    // Running it leads to its batch, and answers the question in the centre, too.
    desk.bus.press(&run, "run_now").await;
    let address = app.page("/batches/").await;
    let batches = desk.rpc("list_batches", &json!({}));
    assert_eq!(batches.as_array().map(Vec::len), Some(1));
    assert_eq!(address, format!("/batches/{}", batches[0]["batch_id"].as_str().expect("an id")));
    assert_eq!(batches[0]["flow_id"], wanted["flow_id"]);
    until("the window", || async { screen.is_active().then_some(()) }).await;
    let notices = desk.rpc("list_notifications", &json!({"unread": true}));
    assert_eq!(notices, json!([]));

    // What cannot be done any more is said where the button was.
    desk.bus.press(&run, "skip").await;
    let refused = "That could not be done";
    let told =
        until(refused, || async { desk.bus.shown().into_iter().find(|shown| shown.summary == refused) })
            .await;
    assert!(told.body.contains("ran already"), "{told:?}");
    assert_eq!(told.actions, ["default", ""]);
}
