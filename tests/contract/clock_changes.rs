//! The wall clock jumps: nothing fires twice, nothing that lies ahead counts as missed, nothing stops coming due.

use crate::support::*;
use serde_json::{Value, json};

#[tokio::test]
async fn a_day_back_and_forward_again_fires_nothing_twice() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    let fired = world.tick("2026-12-08T13:00:00Z").await["fired"][0].clone();
    world.told.toasts();
    for now in
        ["2026-12-07T13:00:30Z", "2026-12-08T12:59:00Z", "2026-12-08T13:00:00Z", "2026-12-08T13:10:00Z"]
    {
        assert_eq!(world.tick(now).await["fired"], json!([]), "{now}");
    }
    assert_eq!(
        each(&world.call("list_batches", json!({})).await, "batch_id"),
        vec![fired["batch_id"].clone()]
    );
    assert_eq!(world.told.toasts(), []);
    let schedule = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(schedule["next_run_at"], "2026-12-09T13:00:00Z");
    assert_eq!(world.tick("2026-12-09T13:00:00Z").await["fired"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn after_a_wrong_future_the_present_comes_due_again() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    // A clock that was a year ahead for a while.
    let ahead = world.tick("2027-12-08T12:00:00Z").await;
    assert_eq!((&ahead["fired"], &ahead["missed"]), (&json!([]), &json!(365)));
    let back = world.tick("2026-12-08T12:30:00Z").await;
    assert_eq!((&back["fired"], &back["missed"]), (&json!([]), &json!(0)));
    assert_eq!(world.call("list_missed_occurrences", json!({})).await, json!([]));
    let schedule = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(schedule["next_run_at"], "2026-12-08T13:00:00Z");
    assert_eq!(world.tick("2026-12-08T13:00:00Z").await["fired"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_span_of_misses_keeps_the_part_that_has_been() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    world.tick("2026-12-18T12:00:00Z").await;
    world.tick("2026-12-11T12:00:00Z").await;
    let missed = each(&world.call("list_missed_occurrences", json!({})).await, "nominal");
    assert_eq!(missed, ["2026-12-10T13:00:00Z", "2026-12-09T13:00:00Z", "2026-12-08T13:00:00Z"]);
    // Forward again, without a laptop that was awake in between.
    world.tick("2026-12-18T12:00:00Z").await;
    let missed = each(&world.call("list_missed_occurrences", json!({})).await, "nominal");
    assert_eq!(missed.len(), 10);
    assert_eq!((&missed[0], &missed[9]), (&json!("2026-12-17T13:00:00Z"), &json!("2026-12-08T13:00:00Z")));
}

#[tokio::test]
async fn what_ran_is_not_missed_when_its_time_comes_by_again() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    world.tick("2026-12-08T13:00:00Z").await;
    world.tick("2026-12-08T12:00:00Z").await;
    let again = world.tick("2026-12-08T20:00:00Z").await;
    assert_eq!(again["missed"], 0);
    assert_eq!(world.call("list_missed_occurrences", json!({})).await, json!([]));
    let notices = world.call("list_notifications", json!({})).await;
    assert_eq!(each(&notices, "kind"), ["run_ready"]);
}

#[tokio::test]
async fn of_several_only_those_that_did_not_run_are_missed() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 * * * *").await;
    // 13:00, 14:00 and 16:00 run, 15:00 does not; then the clock goes back and passes them all at once.
    for now in ["13:00", "14:00"] {
        world.tick(&format!("2026-12-08T{now}:00Z")).await;
    }
    assert_eq!(world.tick("2026-12-08T16:30:00Z").await["missed"], 1);
    world.tick("2026-12-08T12:30:00Z").await;
    assert_eq!(world.tick("2026-12-08T20:59:00Z").await["missed"], 4);
    let missed = each(&world.call("list_missed_occurrences", json!({})).await, "nominal");
    assert_eq!(missed, ["19:00", "18:00", "17:00", "15:00"].map(|at| format!("2026-12-08T{at}:00Z")));
}

#[tokio::test]
async fn nothing_is_missed_before_there_was_a_schedule() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    world.tick("2026-12-08T12:00:00Z").await;
    world.tick("2026-11-01T12:00:00Z").await;
    assert_eq!(world.tick("2026-12-08T12:30:00Z").await["missed"], 0);
}

#[tokio::test]
async fn a_minute_back_is_enough() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "* * * * *").await;
    let mut batches = Vec::new();
    for now in ["12:01:00", "12:02:00", "12:01:00", "12:01:30", "12:02:00", "12:03:00"] {
        let report = world.tick(&format!("2026-12-08T{now}Z")).await;
        batches.extend(each(&report["fired"], "batch_id"));
    }
    assert_eq!(batches.len(), 3);
    let runs: Vec<Value> = each(&world.call("list_batches", json!({})).await, "scheduled_for");
    assert_eq!(runs, ["2026-12-08T12:03:00Z", "2026-12-08T12:02:00Z", "2026-12-08T12:01:00Z"]);
}

#[tokio::test]
async fn a_schedule_made_while_the_clock_was_ahead_runs_once_it_is_right() {
    let world = World::new().await;
    // A week ahead.
    world.clock.set("2026-12-15T12:00:00Z");
    world.tick("2026-12-15T12:00:00Z").await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    world.tick("2026-12-15T12:01:00Z").await;
    world.clock.set("2026-12-08T12:30:00Z");
    world.tick("2026-12-08T12:30:00Z").await;
    let schedule = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(schedule["next_run_at"], "2026-12-08T13:00:00Z");
    assert_eq!(each(&world.tick("2026-12-08T13:00:00Z").await["fired"], "count"), [1]);
    // What nobody was there for is missed, and told.
    assert_eq!(world.tick("2026-12-10T12:00:00Z").await["missed"], 1);
    world.clock.set("2026-12-10T14:00:01Z");
    let edit = json!({"id": schedule["id"], "recurrence": {"kind": "cron", "expression": "0 20 * * *"}});
    world.call("update_schedule", edit).await;
    let missed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(each(&missed, "reason"), ["grace_passed", "grace_passed"]);
}

/// The file as an earlier release left it, by whose rules of the zones the next run was at another instant.
async fn with_other_zones(world: &World, sql: &'static str) {
    world.tamper("UPDATE meta SET value = '2020a' WHERE key = 'zone_database'").await;
    world.tamper(sql).await;
}

/// A schedule of every day at 13:00, looked at fifty minutes before.
async fn daily_at_one(world: &World) -> Value {
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    world.tick("2026-12-08T12:10:00Z").await;
    flow
}

/// The next run is at 13:00 again, when it fires.
async fn runs_at_one(world: &World, flow: &Value) {
    let schedule = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(schedule["next_run_at"], "2026-12-08T13:00:00Z");
    assert_eq!(each(&world.tick("2026-12-08T13:00:00Z").await["fired"], "count"), [1]);
}

#[tokio::test]
async fn a_run_that_other_rules_of_the_zones_put_earlier_is_on_time() {
    let world = World::new().await;
    let flow = daily_at_one(&world).await;
    // An hour later than it is.
    with_other_zones(
        &world,
        "UPDATE schedule_clocks SET next_run_at = 1796738400000, look_at = 1796738400000",
    )
    .await;
    assert_eq!(world.tick("2026-12-08T12:20:00Z").await["fired"], json!([]));
    runs_at_one(&world, &flow).await;
    // Also where it was due before anybody looked, within its grace.
    with_other_zones(
        &world,
        "UPDATE schedule_clocks SET next_run_at = 1796828400000, look_at = 1796828400000",
    )
    .await;
    assert_eq!(each(&world.tick("2026-12-09T13:20:00Z").await["fired"], "count"), [1]);
}

#[tokio::test]
async fn a_run_that_other_rules_of_the_zones_put_later_does_not_start_early() {
    let world = World::new().await;
    let flow = daily_at_one(&world).await;
    // Half an hour earlier than it is.
    with_other_zones(
        &world,
        "UPDATE schedule_clocks SET next_run_at = 1796733000000, look_at = 1796733000000",
    )
    .await;
    assert_eq!(world.tick("2026-12-08T12:30:00Z").await["fired"], json!([]));
    runs_at_one(&world, &flow).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);
}
