//! Sessions of maintenance and procedural flows, from pending to their end and back.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, InvalidFlowType, NotFound, Validation};
use serde_json::{Value, json};
use std::collections::HashSet;

#[tokio::test]
async fn a_session_is_worked_through_step_by_step() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let id = &batch["sessions"][0]["id"];
    world.clock.set("2026-12-08T12:05:00Z");
    let started = world.call("start_session", json!({ "session_id": id })).await;
    assert_eq!((&started["status"], &started["current_step_id"]), (&json!("in_progress"), &json!("update")));
    assert_eq!(started["started_at"], "2026-12-08T12:05:00Z");
    let step = json!({"session_id": id, "step_id": "update", "outcome": "done", "note": "KB5048652"});
    let one = world.call("record_step", step).await;
    assert_eq!((&one["steps_recorded"], &one["current_step_id"]), (&json!(1), &json!("reboot")));
    assert_eq!(one["steps"][0]["note"], "KB5048652");
    let step = json!({"session_id": id, "step_id": "reboot", "outcome": "skipped"});
    assert_eq!(world.call("record_step", step).await["current_step_id"], Value::Null);
    world.clock.set("2026-12-08T12:30:00Z");
    let done = world.call("complete_session", json!({ "session_id": id })).await;
    assert_eq!((&done["status"], &done["ended_at"]), (&json!("completed"), &json!("2026-12-08T12:30:00Z")));

    // What was answered is what is read again, events and all.
    let read = world.call("get_session", json!({ "id": id })).await;
    assert_eq!(read, done);
    let kinds = ["started", "assigned", "step_recorded", "step_recorded", "completed"];
    assert_eq!(each(&read["events"], "kind"), kinds);
    assert_eq!(each(&read["steps"], "outcome"), ["done", "skipped"]);
    let listed = world.call("list_sessions", json!({"batch_id": batch["batch_id"]})).await;
    for (key, value) in listed[0].as_object().unwrap() {
        assert_eq!(&read[key], value, "{key} of the list and of the session differ");
    }
}

#[tokio::test]
async fn recording_a_step_starts_a_pending_session() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let id = &batch["sessions"][0]["id"];
    let step = json!({"session_id": id, "step_id": "update", "outcome": "done"});
    let session = world.call("record_step", step).await;
    assert_eq!(session["status"], "in_progress");
    assert_eq!(each(&session["events"], "kind"), ["started", "assigned", "step_recorded"]);
    world.refuse("start_session", json!({ "session_id": id }), Conflict, "session_id").await;
}

#[tokio::test]
async fn a_step_recorded_again_counts_as_it_was_recorded_last() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let id = &batch["sessions"][0]["id"];
    for (outcome, note) in [("failed", "no space"), ("done", "")] {
        let step = json!({"session_id": id, "step_id": "update", "outcome": outcome, "note": note});
        world.call("record_step", step).await;
    }
    let session = world.call("get_session", json!({ "id": id })).await;
    assert_eq!(session["steps"][0]["outcome"], "done");
    assert_eq!(session["steps"][0]["overruled"], json!(["failed"]));
    assert_eq!(session["steps"][0]["note"], "no space");
    assert_eq!((&session["steps_recorded"], &session["steps_failed"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_session_with_open_steps_cannot_be_completed() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let complete = json!({"session_id": batch["sessions"][0]["id"]});
    let error = world.refuse("complete_session", complete.clone(), Validation, "steps").await;
    assert!(error.message.contains("Install updates"), "{error}");
    let step = json!({"session_id": batch["sessions"][0]["id"], "step_id": "update", "outcome": "done"});
    world.call("record_step", step).await;
    let error = world.refuse("complete_session", complete, Validation, "steps").await;
    assert!(error.message.contains("Reboot"), "{error}");
}

#[tokio::test]
async fn a_session_ends_as_its_steps_did() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 4).await;
    let cases = [
        ("done", "done", "completed"),
        ("done", "skipped", "completed"),
        ("failed", "done", "failed"),
        ("skipped", "skipped", "skipped"),
    ];
    for (n, (update, reboot, status)) in cases.into_iter().enumerate() {
        let ended = world.work_through(&batch["sessions"][n], update, reboot).await;
        assert_eq!(ended["status"], status, "{update} and {reboot}");
    }
}

#[tokio::test]
async fn what_has_ended_is_reopened_before_it_changes() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 2).await;
    let id = &batch["sessions"][0]["id"];
    let reopen = json!({ "session_id": id });
    world.refuse("reopen_session", reopen.clone(), Conflict, "session_id").await;
    world.work_through(&batch["sessions"][0], "failed", "done").await;
    let step = json!({"session_id": id, "step_id": "update", "outcome": "done"});
    world.refuse("record_step", step.clone(), Conflict, "session_id").await;
    for command in ["start_session", "complete_session", "cancel_session"] {
        world.refuse(command, reopen.clone(), Conflict, "session_id").await;
    }
    let open = world.call("reopen_session", reopen.clone()).await;
    assert_eq!((&open["status"], &open["ended_at"]), (&json!("in_progress"), &Value::Null));
    world.call("record_step", step).await;
    assert_eq!(world.call("complete_session", reopen).await["status"], "completed");

    // A session that was cancelled before it began has still to begin, and to be asked what is asked then.
    let other = json!({"session_id": batch["sessions"][1]["id"]});
    assert_eq!(world.call("cancel_session", other.clone()).await["status"], "cancelled");
    assert_eq!(world.call("reopen_session", other).await["status"], "pending");
}

#[tokio::test]
async fn reopening_does_not_get_round_the_questions_asked_at_the_start() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    world.schedule(&flow, "*/15 * * * *").await;
    let fired = world.tick("2026-12-08T12:15:00Z").await;
    let sessions = world.call("list_sessions", json!({"batch_id": fired["fired"][0]["batch_id"]})).await;
    let session = json!({"session_id": sessions[0]["id"]});
    world.call("cancel_session", session.clone()).await;
    world.call("reopen_session", session.clone()).await;
    let error = world.fail("start_session", session).await;
    assert!(error.field.as_deref().is_some_and(|field| field.starts_with("intake.")), "{error:?}");
}

#[tokio::test]
async fn notes_go_to_a_step_or_to_the_session() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let id = &batch["sessions"][0]["id"];
    world.call("add_note", json!({"session_id": id, "step_id": "reboot", "note": "slow"})).await;
    let session = world.call("add_note", json!({"session_id": id, "note": "host is old"})).await;
    // A remark is no work.
    assert_eq!(session["status"], "pending");
    assert_eq!(each(&session["notes"], "text"), ["host is old"]);
    assert_eq!(
        (&session["steps"][1]["note"], &session["steps"][1]["outcome"]),
        (&json!("slow"), &Value::Null)
    );
    for (note, field) in [(String::from("  "), "note"), ("x".repeat(20_001), "note")] {
        world.refuse("add_note", json!({"session_id": id, "note": note}), Validation, field).await;
    }
    let nowhere = json!({"session_id": id, "step_id": "end", "note": "n"});
    world.refuse("add_note", nowhere, Validation, "step_id").await;
}

#[tokio::test]
async fn only_steps_of_the_session_can_be_recorded() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let id = &batch["sessions"][0]["id"];
    for step in ["nothing", "end", ""] {
        let request = json!({"session_id": id, "step_id": step, "outcome": "done"});
        world.refuse("record_step", request, Validation, "step_id").await;
    }
    let long = json!({"session_id": id, "step_id": "update", "outcome": "done", "note": "x".repeat(20_001)});
    world.refuse("record_step", long, Validation, "note").await;
    let unsure = json!({"session_id": id, "step_id": "update", "outcome": "maybe"});
    world.refuse("record_step", unsure, Validation, "outcome").await;
    let tree = json!({"session_id": id, "node_id": "update", "answer": "yes"});
    world.refuse("answer_question", tree, Validation, "node_id").await;
}

#[tokio::test]
async fn an_edit_of_the_flow_does_not_reach_a_session_that_has_begun() {
    let world = World::new().await;
    let flow = world.procedural_flow().await;
    let request = json!({"flow_id": flow["id"], "target": {"label": "HQ", "notes": "2nd floor"}});
    let session = world.call("create_session", request).await;
    assert_eq!((&session["status"], &session["batch_id"]), (&json!("pending"), &Value::Null));
    assert_eq!((&session["target_label"], &session["target_notes"]), (&json!("HQ"), &json!("2nd floor")));
    world.call("start_session", json!({"session_id": session["id"]})).await;
    let edit = json!({"id": flow["id"], "structure": {"steps": [
        {"id": "new", "type": "procedure_step", "title": "New"},
        {"id": "end", "type": "procedure_end", "title": "Done"},
    ]}});
    world.call("update_flow", edit).await;
    let after = world.call("get_session", json!({"id": session["id"]})).await;
    assert_eq!(after["revision"], 1);
    assert_eq!(after["structure"], flow["structure"]);
    world.work_through(&session, "done", "done").await;
}

#[tokio::test]
async fn single_sessions_are_for_the_other_types() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.refuse("create_session", json!({"flow_id": flow["id"]}), InvalidFlowType, "flow_id").await;
    world.refuse("create_session", json!({"flow_id": NOBODY}), NotFound, "flow_id").await;
    let flow = world.procedural_flow().await;
    for (target, field) in [
        (json!({"label": ""}), "target.label"),
        (json!({"label": "a", "notes": "x".repeat(501)}), "target.notes"),
    ] {
        world
            .refuse("create_session", json!({"flow_id": flow["id"], "target": target}), Validation, field)
            .await;
    }
}

#[tokio::test]
async fn a_session_is_given_to_me_or_to_nobody() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let id = &batch["sessions"][0]["id"];
    let me = world.call("about", json!({})).await["member_id"].clone();
    let mine = world.call("assign_session", json!({"session_id": id, "member_id": me})).await;
    assert_eq!((&mine["assignee"], &mine["status"]), (&me, &json!("pending")));
    let free = world.call("assign_session", json!({"session_id": id, "member_id": null})).await;
    assert_eq!(free["assignee"], Value::Null);
    let stranger = json!({"session_id": id, "member_id": NOBODY});
    world.refuse("assign_session", stranger, NotFound, "member_id").await;
}

#[tokio::test]
async fn sessions_are_filtered_and_searched() {
    let world = World::new().await;
    let patch = world.maintenance_flow("Patch").await;
    let renew = world.maintenance_flow("Renew certificates").await;
    let batch = world.batch(&patch, 12).await;
    world.batch(&renew, 2).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    let count = async |request: Value| world.call("list_sessions", request).await.as_array().unwrap().len();
    assert_eq!(count(json!({})).await, 14);
    assert_eq!(count(json!({"flow_id": renew["id"]})).await, 2);
    assert_eq!(count(json!({"status": "completed"})).await, 1);
    assert_eq!(count(json!({"search": "rds-1"})).await, 3);
    assert_eq!(count(json!({"search": "certif"})).await, 2);
    assert_eq!(count(json!({"search": "%"})).await, 0);
    assert_eq!(count(json!({"batch_id": batch["batch_id"], "status": "pending"})).await, 11);
    assert_eq!(count(json!({"batch_id": batch["batch_id"], "flow_id": renew["id"]})).await, 0);
}

#[tokio::test]
async fn pages_of_sessions_lose_none_of_the_same_instant() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 31).await;
    world.batch(&flow, 17).await;
    let seen = paged(&world, "list_sessions", json!({"limit": 7}), "id").await;
    assert_eq!(seen.len(), 48);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 48);
    assert_eq!(seen, each(&world.call("list_sessions", json!({"limit": 1000})).await, "id"));
    // Within a batch, in the order of its targets.
    let of_batch = json!({"batch_id": batch["batch_id"], "limit": 7});
    assert_eq!(paged(&world, "list_sessions", of_batch, "id").await, each(&batch["sessions"], "id"));
}

#[tokio::test]
async fn what_is_no_session_is_not_found() {
    let world = World::new().await;
    world.refuse("get_session", json!({"id": NOBODY}), NotFound, "id").await;
    world.refuse("list_sessions", json!({"before": NOBODY}), NotFound, "before").await;
    let nobody = json!({"session_id": NOBODY});
    for command in ["start_session", "complete_session", "reopen_session", "cancel_session", "step_back"] {
        world.refuse(command, nobody.clone(), NotFound, "session_id").await;
    }
    for limit in [0, 10_001] {
        world.refuse("list_sessions", json!({ "limit": limit }), Validation, "limit").await;
    }
}
