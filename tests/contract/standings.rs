//! How all schedules are doing, and pausing or resuming many at once.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::{Value, json};

async fn standings(world: &World) -> Vec<(String, String, String)> {
    let listed = world.call("list_schedule_standings", json!({})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |it: &Value| (text(&it["schedule"]["flow_name"]), text(&it["health"]), text(&it["words"]));
    let mut standings: Vec<_> = listed.as_array().unwrap().iter().map(of).collect();
    standings.sort();
    standings
}

fn row(name: &str, health: &str, words: &str) -> (String, String, String) {
    (name.to_owned(), health.to_owned(), words.to_owned())
}

#[tokio::test]
async fn every_schedule_says_how_it_is_doing() {
    let world = World::new().await;
    assert_eq!(standings(&world).await, []);
    let flow = |name: &'static str| world.maintenance_flow(name);
    let good = world.schedule(&flow("Good").await, "0 13 * * *").await;
    world.schedule(&flow("New").await, "0 23 * * 0").await;
    let paused = world.schedule(&flow("Paused").await, "0 13 * * *").await;
    world.call("update_schedule", json!({"id": paused["id"], "is_active": false})).await;
    let asking = world.schedule(&flow("Asking").await, "30 12 * * *").await;
    world.call("update_schedule", json!({"id": asking["id"], "misfire": "ask"})).await;
    let missing = world.schedule(&flow("Missing").await, "15 12 * * *").await;
    world.call("update_schedule", json!({"id": missing["id"], "misfire": "skip"})).await;
    let failing = flow("Failing").await;
    world.schedule(&failing, "0 13 * * *").await;
    let never = world.schedule(&flow("Never").await, "0 13 * * *").await;
    let forever = json!([{"kind": "days", "from": "2026-01-01", "to": "2102-01-01"}]);
    let freeze = world.call("create_blackout_calendar", json!({"name": "Freeze", "entries": forever})).await;
    let kept_clear = json!({"id": never["id"], "blackout_calendar_ids": [freeze["id"]]});
    world.call("update_schedule", kept_clear).await;

    world.tick("2026-12-08T13:00:00Z").await;
    world.clock.set("2026-12-08T13:01:00Z");
    let batches = world.call("list_batches", json!({"flow_id": failing["id"]})).await;
    let sessions = world.call("list_sessions", json!({"batch_id": batches[0]["batch_id"]})).await;
    world.work_through(&sessions[0], "done", "failed").await;
    assert_eq!(
        standings(&world).await,
        [
            row("Asking", "asking", "A missed run waits for an answer."),
            row("Failing", "failing", "Of the last run, 1 failed."),
            row("Good", "good", "All is well."),
            row("Missing", "missing", "1 run was missed in the last 7 days."),
            row("Never", "never_runs", "Every run lies in a blackout."),
            row("New", "new", "It has not run yet."),
            row("Paused", "paused", "It is paused."),
        ]
    );
    let listed = world.call("list_schedule_standings", json!({})).await;
    let of_good = listed.as_array().unwrap().iter().find(|it| it["schedule"]["id"] == good["id"]).unwrap();
    assert_eq!(of_good["schedule"]["next_run_at"], "2026-12-09T13:00:00Z");
    assert_eq!(of_good["last_run"]["scheduled_for"], "2026-12-08T13:00:00Z");
    assert_eq!(
        (&of_good["last_run"]["status"], &of_good["last_run"]["rollup"]["total"]),
        (&json!("pending"), &json!(1))
    );
    // A miss is forgotten once it has run, or a week has passed.
    let occurrence = json!({"schedule_id": asking["id"], "nominal": "2026-12-08T12:30:00Z"});
    world.call("run_missed_occurrence", occurrence).await;
    assert_eq!(standings(&world).await[0].1, "good");
    world.clock.set("2026-12-20T13:01:00Z");
    assert_eq!(standings(&world).await[3].1, "new");
}

#[tokio::test]
async fn many_are_paused_and_resumed_each_by_itself() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let first = world.schedule(&flow, "0 13 * * *").await;
    let other = world.maintenance_flow("Other").await;
    let second = world.schedule(&other, "0 13 * * *").await;
    let ids = json!([first["id"], NOBODY, second["id"], first["id"]]);
    let paused = world.call("set_schedules_active", json!({"ids": ids, "is_active": false})).await;
    assert_eq!(
        (&paused["changed"], each(&paused["refused"], "schedule_id")),
        (&json!(2), vec![json!(NOBODY)])
    );
    assert_eq!(paused["refused"][0]["error"]["code"], "not_found");
    assert_eq!(world.tick("2026-12-08T13:00:00Z").await["fired"], json!([]));

    // Another schedule of the flow has become the active one.
    world.schedule(&flow, "0 14 * * *").await;
    let ids = json!([first["id"], second["id"]]);
    let resumed = world.call("set_schedules_active", json!({"ids": ids, "is_active": true})).await;
    assert_eq!(
        (&resumed["changed"], &resumed["refused"][0]["error"]["code"]),
        (&json!(1), &json!("conflict"))
    );
    let many: Vec<&str> = vec![NOBODY; 1_001];
    for ids in [json!([]), json!(many)] {
        world.refuse("set_schedules_active", json!({"ids": ids, "is_active": true}), Validation, "ids").await;
    }
}
