//! Ticket and sign-off of a batch.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use mf_domain::role::Role;
use serde_json::{Value, json};

async fn batch_of(world: &World, rule: &str) -> Value {
    let mut flow = maintenance("Patch");
    flow["structure"]["sign_off"] = json!(rule);
    let flow = world.call("create_flow", flow).await;
    world.batch(&flow, 1).await
}

#[tokio::test]
async fn a_batch_carries_its_ticket() {
    let world = World::new().await;
    let batch = batch_of(&world, "none").await;
    let set = |ticket: Value| json!({"batch_id": batch["batch_id"], "ticket": ticket});
    let answered = world.call("set_batch_ticket", set(json!(" CHG-4711 "))).await;
    assert_eq!(answered["ticket"], "CHG-4711");
    assert_eq!(world.call("list_batches", json!({})).await[0]["ticket"], "CHG-4711");
    assert!(world.call("set_batch_ticket", set(Value::Null)).await.get("ticket").is_none());
    world.refuse("set_batch_ticket", set(json!("")), Validation, "ticket").await;
    world.refuse("set_batch_ticket", set(json!("x".repeat(101))), Validation, "ticket").await;
    world.refuse("set_batch_ticket", json!({"batch_id": NOBODY, "ticket": "A"}), NotFound, "batch_id").await;
}

#[tokio::test]
async fn a_finished_batch_is_signed_off_and_stays_as_it_is_until_that_is_withdrawn() {
    let world = World::new().await;
    let batch = batch_of(&world, "anyone").await;
    let id = json!({"batch_id": batch["batch_id"]});
    let session = json!({"session_id": batch["sessions"][0]["id"]});
    world.refuse("sign_off_batch", id.clone(), Conflict, "batch_id").await;
    world.refuse("withdraw_sign_off", id.clone(), Conflict, "batch_id").await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    let listed = world.call("list_batches", json!({})).await;
    assert_eq!((&listed[0]["sign_off_rule"], listed[0].get("sign_off")), (&json!("anyone"), None));

    world.clock.set("2026-12-08T14:00:00Z");
    let signed = json!({"batch_id": batch["batch_id"], "note": "all reports read"});
    let answered = world.call("sign_off_batch", signed.clone()).await;
    let about = world.call("about", json!({})).await;
    let expected =
        json!({"by": about["member_id"], "at": "2026-12-08T14:00:00Z", "note": "all reports read"});
    assert_eq!(answered["sign_off"], expected);
    assert_eq!(world.call("list_batches", json!({})).await[0]["sign_off"], expected);
    world.refuse("sign_off_batch", signed, Conflict, "batch_id").await;
    world.refuse("reopen_session", session.clone(), Conflict, "session_id").await;
    let evidence = json!({"session_id": session["session_id"], "name": "a.txt", "text": "abc"});
    world.refuse("add_evidence", evidence.clone(), Conflict, "session_id").await;
    // Saying something is always possible.
    let note = json!({"session_id": session["session_id"], "note": "seen again a week later"});
    world.call("add_note", note).await;

    let withdrawn = world.call("withdraw_sign_off", id).await;
    assert!(withdrawn.get("sign_off").is_none(), "{withdrawn}");
    assert_eq!(each(&withdrawn["events"], "kind"), ["signed_off", "sign_off_withdrawn"]);
    world.call("add_evidence", evidence).await;
    world.call("reopen_session", session).await;
}

#[tokio::test]
async fn today_tells_of_every_batch_that_waits_for_its_sign_off_however_many_ended_since() {
    let world = World::new().await;
    let waits = async || {
        let today = world.call("get_today", json!({})).await;
        let lines = today["waiting"].as_array().unwrap().iter().filter(|line| line["for"] == "sign_off");
        lines.map(|line| line["batch_id"].clone()).collect::<Vec<_>>()
    };
    let batch = batch_of(&world, "anyone").await;
    let id = json!({"batch_id": batch["batch_id"]});
    assert_eq!(waits().await, [] as [Value; 0], "it has not ended");
    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.clock.set("2026-12-08T13:00:00Z");
    let other = world.maintenance_flow("Nobody signs this off").await;
    for _ in 0..60 {
        let later = world.batch(&other, 1).await;
        world.call("cancel_batch", json!({"batch_id": later["batch_id"]})).await;
    }
    assert_eq!(waits().await, [batch["batch_id"].clone()]);
    world.call("sign_off_batch", id.clone()).await;
    assert_eq!(waits().await, [] as [Value; 0]);
    world.call("withdraw_sign_off", id).await;
    assert_eq!(waits().await, [batch["batch_id"].clone()]);
}

#[tokio::test]
async fn whoever_recorded_a_step_does_not_sign_off_where_the_flow_asks_for_somebody_else() {
    let world = World::new().await;
    let batch = batch_of(&world, "someone_else").await;
    let id = json!({"batch_id": batch["batch_id"]});
    world.work_through(&batch["sessions"][0], "done", "done").await;
    let error = world.refuse("sign_off_batch", id.clone(), Conflict, "batch_id").await;
    assert!(error.message.contains("somebody else"), "{error}");
    assert_eq!(world.call("get_batch", id.clone()).await["sign_off_barred"], true);
    // As if a colleague had done it all.
    world.tamper("UPDATE session_events SET author = '018f0000-0000-7000-8000-00000000beef'").await;
    assert!(world.call("get_batch", id.clone()).await.get("sign_off_barred").is_none());
    assert_eq!(world.call("sign_off_batch", id).await["status"], "finished");
}

#[tokio::test]
async fn starting_and_ending_a_session_is_not_recording_its_steps() {
    let world = World::new().await;
    let batch = batch_of(&world, "someone_else").await;
    world.call("cancel_batch", json!({"batch_id": batch["batch_id"]})).await;
    world.call("sign_off_batch", json!({"batch_id": batch["batch_id"]})).await;
    let world = world.with_role(Role::Readonly);
    let error = world.fail("withdraw_sign_off", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(error.code, mf_contract::ErrorCode::Forbidden);
}
