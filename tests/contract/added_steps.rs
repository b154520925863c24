//! Steps that are in one session alone, and the rollback of one that failed.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::{Value, json};

async fn batch_of(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    let mut flow = maintenance("Patch");
    change(&mut flow["structure"]);
    let flow = world.call("create_flow", flow).await;
    world.batch(&flow, 2).await
}

#[tokio::test]
async fn a_step_is_added_to_one_running_session() {
    let world = World::new().await;
    let batch = batch_of(&world, |_| {}).await;
    let id = &batch["sessions"][0]["id"];
    let add = json!({"session_id": id, "title": " Free the disk ", "description": "Run `cleanmgr`", "after_step_id": "update"});
    let session = world.call("add_step", add).await;
    assert_eq!(each(&session["steps"], "title"), ["Install updates", "Free the disk", "Reboot"]);
    assert_eq!((&session["status"], &session["steps_total"]), (&json!("in_progress"), &json!(3)));
    let added = &session["steps"][1]["added"];
    assert_eq!(
        (&added["step"]["description"], &added["after_step_id"]),
        (&json!("Run `cleanmgr`"), &json!("update"))
    );
    assert_eq!(each(&session["events"], "kind"), ["started", "assigned", "step_added"]);
    let step_id = session["steps"][1]["id"].clone();

    // It is work like any other: the session stands at it and does not end without it.
    let record = |step: Value| json!({"session_id": id, "step_id": step, "outcome": "done"});
    let session = world.call("record_step", record(json!("update"))).await;
    assert_eq!(session["current_step_id"], step_id);
    world.call("record_step", record(json!("reboot"))).await;
    let error = world.refuse("complete_session", json!({ "session_id": id }), Validation, "steps").await;
    assert!(error.message.contains("Free the disk"), "{error}");
    let board = world.call("get_board", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(board["sessions"][0]["cells"], "dd");
    assert_eq!(board["sessions"][0]["current_step_id"], step_id);
    assert_eq!(
        board["sessions"][0]["added"],
        json!([{"id": step_id, "title": "Free the disk", "after_step_id": "update", "cell": "."}])
    );
    assert!(board["sessions"][1].get("added").is_none());
    let session = world.call("record_step", record(step_id)).await;
    assert_eq!((&session["steps_recorded"], &session["current_step_id"]), (&json!(3), &Value::Null));
    let ended = world.call("complete_session", json!({ "session_id": id })).await;
    assert_eq!((&ended["status"], &ended["steps_total"]), (&json!("completed"), &json!(3)));
    // The other session knows nothing of it.
    let other = world.call("get_session", json!({"id": batch["sessions"][1]["id"]})).await;
    assert_eq!(other["steps_total"], 2);
    let add = json!({"session_id": id, "title": "Too late"});
    world.refuse("add_step", add, Conflict, "session_id").await;
}

#[tokio::test]
async fn a_step_that_cannot_be_added_is_refused() {
    let world = World::new().await;
    let batch = batch_of(&world, |_| {}).await;
    let id = &batch["sessions"][0]["id"];
    world.refuse("add_step", json!({"session_id": id, "title": " "}), Validation, "title").await;
    let add = json!({"session_id": id, "title": "A", "description": "x".repeat(20_001)});
    world.refuse("add_step", add, Validation, "description").await;
    let add = json!({"session_id": id, "title": "A", "after_step_id": "nothing"});
    world.refuse("add_step", add, Validation, "after_step_id").await;
    world.refuse("add_step", json!({"session_id": NOBODY, "title": "A"}), NotFound, "session_id").await;
    for _ in 0..100 {
        world.call("add_step", json!({"session_id": id, "title": "A"})).await;
    }
    world.refuse("add_step", json!({"session_id": id, "title": "A"}), Validation, "session_id").await;
}

#[tokio::test]
async fn the_rollback_of_a_failed_step_is_offered_and_taken_up_once() {
    let world = World::new().await;
    let batch =
        batch_of(&world, |structure| structure["steps"][0]["rollback"] = json!("Uninstall it.")).await;
    let id = &batch["sessions"][0]["id"];
    let take_up = json!({"session_id": id, "step_id": "update"});
    world.refuse("add_rollback_step", take_up.clone(), Conflict, "step_id").await;
    let record = json!({"session_id": id, "step_id": "update", "outcome": "failed"});
    let failed = world.call("record_step", record).await;
    assert_eq!(failed["steps"][0]["rollback"], "Uninstall it.");
    let session = world.call("add_rollback_step", take_up.clone()).await;
    assert_eq!(each(&session["steps"], "title"), ["Install updates", "Rollback: Install updates", "Reboot"]);
    assert_eq!(session["steps"][1]["added"]["rollback_of"], "update");
    assert_eq!(session["steps"][1]["added"]["step"]["description"], "Uninstall it.");
    assert!(session["steps"][0].get("rollback").is_none(), "{session}");
    world.refuse("add_rollback_step", take_up, Conflict, "step_id").await;
    let none = json!({"session_id": id, "step_id": "reboot"});
    world.refuse("add_rollback_step", none, Validation, "step_id").await;

    // Undone is not done: the session still ends as failed.
    for step in [session["steps"][1]["id"].clone(), json!("reboot")] {
        world.call("record_step", json!({"session_id": id, "step_id": step, "outcome": "done"})).await;
    }
    assert_eq!(world.call("complete_session", json!({ "session_id": id })).await["status"], "failed");
}

#[tokio::test]
async fn rollback_and_sign_off_of_a_flow_are_kept_checked_and_exported() {
    let world = World::new().await;
    let mut flow = maintenance("Patch");
    flow["structure"]["steps"][0]["rollback"] = json!("Uninstall it.");
    flow["structure"]["sign_off"] = json!("someone_else");
    let created = world.call("create_flow", flow.clone()).await;
    assert_eq!(created["structure"]["steps"][0]["rollback"], "Uninstall it.");
    assert_eq!(created["structure"]["sign_off"], "someone_else");
    let plain = world.maintenance_flow("Plain").await;
    assert!(plain["structure"].get("sign_off").is_none(), "what is not said stays unsaid");
    flow["structure"]["sign_off"] = json!("everyone");
    let error = world.fail("create_flow", flow.clone()).await;
    assert_eq!(error.field.as_deref(), Some("structure.sign_off"), "{error}");
    flow["structure"]["sign_off"] = json!("none");
    flow["structure"]["steps"][0]["rollback"] = json!("x".repeat(20_001));
    let error = world.fail("create_flow", flow).await;
    assert_eq!(error.field.as_deref(), Some("structure.steps[0].rollback"), "{error}");
}
