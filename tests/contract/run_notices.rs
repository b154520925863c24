//! What is told of a run before it starts, and of one that is not finished.

use crate::support::*;
use serde_json::{Value, json};

async fn scheduled(world: &World, limits: Value) -> Value {
    let flow = world.maintenance_flow("Patch").await;
    let mut request = limits;
    request["flow_id"] = flow["id"].clone();
    request["recurrence"] = json!({"kind": "cron", "expression": "0 22 * * *"});
    world.call("create_schedule", request).await
}

#[tokio::test]
async fn the_minutes_told_are_those_that_were_asked_for() {
    let world = World::new().await;
    scheduled(&world, json!({"notify_before_minutes": 30})).await;
    world.tick("2026-12-08T21:30:00.015Z").await;
    assert_eq!(world.told.toasts()[0].title, "Maintenance run in 30 minutes: Patch");
}

#[tokio::test]
async fn a_notice_that_is_set_too_late_is_told_at_once() {
    let world = World::new().await;
    let schedule = scheduled(&world, json!({})).await;
    world.tick("2026-12-08T21:45:00Z").await;
    world.clock.set("2026-12-08T21:45:10Z");
    world.call("update_schedule", json!({"id": schedule["id"], "notify_before_minutes": 30})).await;
    world.tick("2026-12-08T21:45:10Z").await;
    assert_eq!(world.told.toasts()[0].title, "Maintenance run in 15 minutes: Patch");
}

#[tokio::test]
async fn a_batch_that_runs_is_told_though_its_schedule_is_paused() {
    let world = World::new().await;
    let schedule = scheduled(&world, json!({"notify_unfinished_at": "07:30"})).await;
    world.tick("2026-12-08T22:00:00Z").await;
    world.clock.set("2026-12-08T23:00:00Z");
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    world.told.toasts();
    for now in
        ["2026-12-09T07:29:59Z", "2026-12-09T07:30:00Z", "2026-12-09T22:00:00Z", "2026-12-10T07:30:00Z"]
    {
        assert_eq!(world.tick(now).await["fired"], json!([]));
    }
    let titles: Vec<String> = world.told.toasts().into_iter().map(|toast| toast.title).collect();
    assert_eq!(titles, ["Not finished: Patch — 0/1 complete"]);
    // What the pause kept from running is known when it ends.
    world.clock.set("2026-12-10T12:00:00Z");
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": true})).await;
    let missed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(
        (each(&missed, "nominal"), each(&missed, "reason")),
        (vec![json!("2026-12-09T22:00:00Z")], vec![json!("paused")])
    );
}

#[tokio::test]
async fn a_notice_comes_as_early_as_was_asked_for_though_another_run_comes_between() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "0 * * * *"},
        "notify_before_minutes": 90,
    });
    world.call("create_schedule", request).await;
    let told = async |now: &str| {
        world.tick(now).await;
        let toasts = world.told.toasts().into_iter().map(|toast| toast.title);
        toasts.filter(|title| title.contains("run in")).collect::<Vec<_>>()
    };
    // At noon the run of one o'clock is told late, and half past that of two in good time; and so on.
    assert_eq!(told("2026-12-08T12:00:01Z").await, ["Maintenance run in 1 h: Patch"]);
    let at_two = ["Maintenance run in 1 h 30 min: Patch"];
    assert_eq!(told("2026-12-08T12:30:00.007Z").await, at_two);
    assert!(told("2026-12-08T13:00:00.007Z").await.is_empty());
    assert_eq!(told("2026-12-08T13:30:00.007Z").await, at_two);
}
