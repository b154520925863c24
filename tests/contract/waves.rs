//! Waves: in order, so many at once, a canary first, and a halt after failures.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::{Value, json};

async fn launched(world: &World, count: usize, waves: Value) -> Value {
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({"flow_id": flow["id"], "targets": targets(count), "waves": waves});
    world.call("launch_batch", request).await
}

async fn waves(world: &World, batch: &Value) -> Value {
    let answered = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    let board = world.call("get_board", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(board["batch"], answered);
    answered["waves"].clone()
}

fn session(batch: &Value, n: usize) -> Value {
    batch["sessions"][n].clone()
}

#[tokio::test]
async fn at_most_so_many_are_in_progress() {
    let world = World::new().await;
    let batch = launched(&world, 4, json!({"max_in_progress": 2})).await;
    let start = |n: usize| json!({"session_id": batch["sessions"][n]["id"]});
    let offered = waves(&world, &batch).await;
    assert_eq!((&offered["offered"], &offered["held"]), (&json!(2), &json!(2)));
    assert_eq!(offered["next_session_id"], batch["sessions"][0]["id"]);
    assert_eq!(offered["reason"], json!({"reason": "turn", "max_in_progress": 2}));

    // Not out of order.
    let error = world.refuse("start_session", start(2), Conflict, "session_id").await;
    assert!(error.message.contains("at most 2 targets"), "{error}");
    let held = world.call("get_session", json!({"id": batch["sessions"][2]["id"]})).await;
    assert_eq!(held["held"], json!({"reason": "turn", "max_in_progress": 2}));
    let begun = world.call("start_session", start(0)).await;
    assert!(begun.get("held").is_none(), "{begun}");

    // The rule holds within one command, too: one more fits.
    let ids = each(&batch["sessions"], "id");
    let many = json!({"session_ids": ids, "step_id": "update", "outcome": "done"});
    let reply = world.call("record_steps", many).await;
    assert_eq!((&reply["changed"], &reply["refused"][0]["error"]["code"]), (&json!(2), &json!("conflict")));
    assert_eq!(waves(&world, &batch).await["offered"], 0);
    for n in [0, 1] {
        world.work_through(&session(&batch, n), "done", "done").await;
    }
    assert_eq!(waves(&world, &batch).await["offered"], 2);
    assert_eq!(waves(&world, &batch).await["next_session_id"], batch["sessions"][2]["id"]);
}

#[tokio::test]
async fn the_rest_waits_for_the_canary() {
    let world = World::new().await;
    let batch = launched(&world, 3, json!({"canary": 1})).await;
    let start = |n: usize| json!({"session_id": batch["sessions"][n]["id"]});
    let error = world.refuse("start_session", start(1), Conflict, "session_id").await;
    assert!(error.message.contains("before the rest begins"), "{error}");
    let proceed = json!({"batch_id": batch["batch_id"]});
    world.refuse("continue_batch", proceed.clone(), Conflict, "batch_id").await;
    world.work_through(&session(&batch, 0), "failed", "done").await;
    let error = world.refuse("start_session", start(1), Conflict, "session_id").await;
    assert!(error.message.contains("continue the batch"), "{error}");
    assert_eq!(waves(&world, &batch).await["gate"], json!({"reason": "canary_failed", "failed": 1}));

    let released = world.call("continue_batch", proceed.clone()).await;
    assert_eq!((&released["waves"]["released"], &released["waves"]["offered"]), (&json!(1), &json!(2)));
    assert_eq!(each(&released["events"], "kind"), ["waves_set", "released"]);
    world.call("start_session", start(1)).await;
    world.refuse("continue_batch", proceed, Conflict, "batch_id").await;
}

#[tokio::test]
async fn after_so_many_failures_the_batch_halts() {
    let world = World::new().await;
    let batch = launched(&world, 4, json!({"stop_after_failures": 1})).await;
    world.work_through(&session(&batch, 0), "failed", "done").await;
    let halted = waves(&world, &batch).await;
    assert_eq!((&halted["offered"], &halted["held"]), (&json!(0), &json!(3)));
    assert_eq!(halted["words"], "stopped: 1 target has failed; continue the batch to go on all the same");
    assert!(halted.get("next_session_id").is_none());
    let start = json!({"session_id": batch["sessions"][1]["id"]});
    world.refuse("start_session", start.clone(), Conflict, "session_id").await;
    world.call("continue_batch", json!({"batch_id": batch["batch_id"]})).await;
    world.call("start_session", start).await;
    world.work_through(&session(&batch, 1), "failed", "done").await;
    assert_eq!(waves(&world, &batch).await["offered"], 0, "the next failure halts it again");
    // What was called off needs no turn.
    world.call("cancel_batch", json!({"batch_id": batch["batch_id"]})).await;
}

#[tokio::test]
async fn waves_are_set_later_changed_and_taken_off() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 2).await;
    assert_eq!(waves(&world, &batch).await, Value::Null);
    let set = |waves: Value| json!({"batch_id": batch["batch_id"], "waves": waves});
    let answered = world.call("set_batch_waves", set(json!({"canary": 1}))).await;
    assert_eq!(answered["waves"]["rule"], json!({"canary": 1}));
    let start = json!({"session_id": batch["sessions"][1]["id"]});
    world.refuse("start_session", start.clone(), Conflict, "session_id").await;
    assert!(world.call("set_batch_waves", set(Value::Null)).await.get("waves").is_none());
    world.call("start_session", start).await;
    world.refuse("set_batch_waves", set(json!({})), Validation, "waves").await;
    world.refuse("set_batch_waves", set(json!({"canary": 0})), Validation, "waves.canary").await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(1), "waves": {"max_in_progress": 10_001}});
    world.refuse("launch_batch", launch, Validation, "waves.max_in_progress").await;
    let nothing = json!({"batch_id": NOBODY, "waves": null});
    world.refuse("set_batch_waves", nothing, NotFound, "batch_id").await;
    world.refuse("continue_batch", json!({ "batch_id": NOBODY }), NotFound, "batch_id").await;
}
