//! The board of a batch, and marking a step for many targets at once.

use crate::support::*;
use mf_contract::ErrorCode::{NotFound, Validation};
use mf_contract::Event;
use serde_json::{Value, json};

fn ids(batch: &Value, numbers: impl IntoIterator<Item = usize>) -> Vec<Value> {
    numbers.into_iter().map(|n| batch["sessions"][n]["id"].clone()).collect()
}

async fn board(world: &World, batch: &Value) -> Value {
    world.call("get_board", json!({"batch_id": batch["batch_id"]})).await
}

#[tokio::test]
async fn a_board_shows_every_target_by_every_step() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 3).await;
    let untouched = board(&world, &batch).await;
    assert_eq!(each(&untouched["steps"], "id"), ["update", "reboot"]);
    assert_eq!(each(&untouched["steps"], "title"), ["Install updates", "Reboot"]);
    assert_eq!(untouched["steps"][0]["estimate_minutes"], 20);
    assert_eq!(each(&untouched["sessions"], "label"), ["RDS-01", "RDS-02", "RDS-03"]);
    assert_eq!(each(&untouched["sessions"], "cells"), ["..", "..", ".."]);
    assert_eq!(each(&untouched["sessions"], "current_step_id"), ["update", "update", "update"]);

    world.clock.set("2026-12-08T12:05:00Z");
    let id = &batch["sessions"][1]["id"];
    for note in ["first", "no space"] {
        let step = json!({"session_id": id, "step_id": "update", "outcome": "failed", "note": note});
        world.call("record_step", step).await;
    }
    world.call("add_note", json!({"session_id": id, "note": "old host"})).await;
    world.work_through(&batch["sessions"][2], "done", "skipped").await;
    let shown = board(&world, &batch).await;
    assert_eq!(each(&shown["sessions"], "cells"), ["..", "f.", "ds"]);
    assert_eq!(each(&shown["sessions"], "status"), ["pending", "in_progress", "completed"]);
    let second = &shown["sessions"][1];
    assert_eq!(second["step_notes"], json!({"update": "no space"}));
    assert_eq!((&second["session_note"], &second["current_step_id"]), (&json!("old host"), &json!("reboot")));
    assert_eq!(second["started_at"], "2026-12-08T12:05:00Z");
    let third = &shown["sessions"][2];
    assert!(third.get("current_step_id").is_none() && third.get("step_notes").is_none(), "{third}");
    assert_eq!(third["ended_at"], "2026-12-08T12:05:00Z");
    // The batch in it is the one `get_batch` answers.
    let same = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(shown["batch"], same);
    assert_eq!(shown["batch"]["completed"], 1);
}

#[tokio::test]
async fn a_board_knows_the_variables_its_titles_name_and_no_others() {
    let world = World::new().await;
    let flow = json!({
        "name": "Patch", "flow_type": "maintenance",
        "structure": {"steps": [
            {"id": "a", "type": "procedure_step", "title": "Install on {{target.ip}} of {{target.label}}, {{who}}"},
            {"id": "end", "type": "procedure_end", "title": "End"},
        ]},
    });
    let flow = world.call("create_flow", flow).await;
    let hosts = json!([
        {"label": "RDS-01", "variables": {"ip": "10.0.0.1", "os": "2022"}},
        {"label": "RDS-02", "variables": {"os": "2025"}},
    ]);
    let batch = world.call("launch_batch", json!({"flow_id": flow["id"], "targets": hosts})).await;
    let shown = board(&world, &batch).await;
    assert_eq!(shown["sessions"][0]["variables"], json!({"ip": "10.0.0.1"}));
    assert!(shown["sessions"][1].get("variables").is_none(), "{shown}");
}

#[tokio::test]
async fn a_board_of_nothing_is_not_found() {
    let world = World::new().await;
    world.refuse("get_board", json!({ "batch_id": NOBODY }), NotFound, "batch_id").await;
}

#[tokio::test]
async fn a_step_is_marked_for_many_targets_in_one_go() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 5).await;
    world.work_through(&batch["sessions"][4], "done", "done").await;
    world.told.events();
    let mut named = ids(&batch, [1, 0, 4, 1]);
    named.push(json!(NOBODY));
    let request = json!({"session_ids": named, "step_id": "update", "outcome": "done", "note": "KB5048652"});
    let reply = world.call("record_steps", request).await;
    // One is named twice, one has ended, one does not exist.
    assert_eq!(reply["changed"], 2);
    assert_eq!(each(&reply["refused"], "session_id"), [batch["sessions"][4]["id"].clone(), json!(NOBODY)]);
    assert_eq!(reply["refused"][0]["error"]["code"], "conflict");
    assert_eq!(reply["refused"][1]["error"]["code"], "not_found");
    let told = world.told.events();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|event| matches!(event, Event::SessionChanged { .. })), "{told:?}");

    // As if each had been recorded alone.
    let alone = json!({"session_id": batch["sessions"][2]["id"], "step_id": "update", "outcome": "done", "note": "KB5048652"});
    let alone = world.call("record_step", alone).await;
    for n in [0, 1] {
        let session = world.call("get_session", json!({"id": batch["sessions"][n]["id"]})).await;
        assert_eq!(each(&session["events"], "kind"), ["started", "assigned", "step_recorded"]);
        for key in ["status", "steps", "current_step_id", "steps_recorded", "started_at", "revision_id"] {
            assert_eq!(session[key], alone[key], "{key}");
        }
    }
    assert_eq!(each(&board(&world, &batch).await["sessions"], "cells"), ["d.", "d.", "d.", "..", "dd"]);
}

#[tokio::test]
async fn many_targets_at_once_are_told_as_one_batch() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 30).await;
    world.told.events();
    let request = json!({"session_ids": ids(&batch, 0..30), "step_id": "update", "outcome": "done"});
    assert_eq!(world.call("record_steps", request).await, json!({"changed": 30, "refused": []}));
    let told = world.told.events();
    assert!(matches!(told[..], [Event::BatchChanged { .. }]), "{told:?}");
    // In the order of the stamps, each session's start comes before its step.
    let rollup = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(rollup["in_progress"], 30);
}

#[tokio::test]
async fn one_note_is_written_into_many_sessions_in_one_go() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 3).await;
    let note = |ids: Vec<Value>, step: Option<&str>, text: &str| json!({"session_ids": ids, "step_id": step, "note": text});
    let mut named = ids(&batch, [0, 2, 0]);
    named.push(json!(NOBODY));
    let reply = world.call("add_notes", note(named, Some("update"), "waits for the vendor")).await;
    assert_eq!((&reply["changed"], &reply["refused"][0]["error"]["code"]), (&json!(2), &json!("not_found")));
    world.call("add_notes", note(ids(&batch, [1]), None, "old host")).await;
    let board = board(&world, &batch).await;
    let said = |n: usize| board["sessions"][n]["step_notes"]["update"].clone();
    assert_eq!((said(0), said(2)), (json!("waits for the vendor"), json!("waits for the vendor")));
    assert_eq!(board["sessions"][1]["session_note"], "old host");
    // A note is no work: nothing has begun, and one that is named twice has one note.
    assert_eq!(board["batch"]["pending"], 3);
    let first = world.call("get_session", json!({"id": batch["sessions"][0]["id"]})).await;
    assert_eq!(first["steps"][0]["notes"].as_array().map(Vec::len), Some(1));

    // What is wrong with the note is said once, and nothing is written.
    let before = world.content().await;
    for text in [String::from("  "), "x".repeat(20_001)] {
        world.refuse("add_notes", note(ids(&batch, 0..2), Some("update"), &text), Validation, "note").await;
    }
    world.refuse("add_notes", note(vec![], None, "x"), Validation, "session_ids").await;
    let reply = world.call("add_notes", note(ids(&batch, 0..2), Some("nothing"), "x")).await;
    assert_eq!((&reply["changed"], &reply["refused"][1]["error"]["field"]), (&json!(0), &json!("step_id")));
    assert_eq!(world.content().await, before);
}

#[tokio::test]
async fn marking_nothing_or_a_step_that_is_not_there_changes_nothing() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 2).await;
    let request = |ids: Vec<Value>, step: &str, note: String| json!({"session_ids": ids, "step_id": step, "outcome": "done", "note": note});
    world.refuse("record_steps", request(vec![], "update", String::new()), Validation, "session_ids").await;
    let too_many = vec![json!(NOBODY); 10_001];
    world.refuse("record_steps", request(too_many, "update", String::new()), Validation, "session_ids").await;
    let long = request(ids(&batch, 0..2), "update", "x".repeat(20_001));
    world.refuse("record_steps", long, Validation, "note").await;

    let before = world.content().await;
    world.told.events();
    let reply = world.call("record_steps", request(ids(&batch, 0..2), "nothing", String::new())).await;
    assert_eq!(reply["changed"], 0);
    assert_eq!(reply["refused"][1]["error"]["field"], "step_id");
    assert_eq!(world.content().await, before);
    assert_eq!(world.told.events(), []);
}

#[tokio::test]
async fn a_batch_that_asks_first_refuses_each_of_its_sessions() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let list = world.target_list(2).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "*/15 * * * *"},
        "target_list_id": list["id"],
    });
    world.call("create_schedule", request).await;
    let fired = world.tick("2026-12-08T12:15:00Z").await["fired"][0].clone();
    let sessions = world.call("list_sessions", json!({"batch_id": fired["batch_id"]})).await;
    let request = json!({"session_ids": each(&sessions, "id"), "step_id": "update", "outcome": "done"});
    let reply = world.call("record_steps", request).await;
    assert_eq!(reply["changed"], 0);
    assert_eq!(reply["refused"][0]["error"]["field"], "intake.patch_version");
}

#[tokio::test]
async fn many_sessions_are_completed_in_one_go() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 4).await;
    let mark = |step: &str, outcome: &str, n: usize| json!({"session_ids": ids(&batch, [n]), "step_id": step, "outcome": outcome});
    for n in 0..2 {
        world.call("record_steps", mark("update", if n == 0 { "done" } else { "failed" }, n)).await;
        world.call("record_steps", mark("reboot", "done", n)).await;
    }
    world.call("record_steps", mark("update", "done", 2)).await;
    let mut named = ids(&batch, [0, 1, 2, 0]);
    named.push(json!(NOBODY));
    let reply = world.call("complete_sessions", json!({ "session_ids": named })).await;
    assert_eq!(reply["changed"], 2);
    assert_eq!(each(&reply["refused"], "session_id"), [batch["sessions"][2]["id"].clone(), json!(NOBODY)]);
    assert_eq!(reply["refused"][0]["error"]["field"], "steps");
    let shown = board(&world, &batch).await;
    assert_eq!(each(&shown["sessions"], "status"), ["completed", "failed", "in_progress", "pending"]);
    world.refuse("complete_sessions", json!({"session_ids": []}), Validation, "session_ids").await;
}

#[tokio::test]
async fn a_board_says_whose_the_targets_are_and_what_retried_it() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let targets = json!([{"label": "A", "client": "Contoso", "site": "Rome"}, {"label": "B"}]);
    let launch = json!({"flow_id": flow["id"], "targets": targets});
    let batch = world.call("launch_batch", launch).await;
    let first = board(&world, &batch).await["sessions"][0].clone();
    assert_eq!((&first["client"], &first["site"]), (&json!("Contoso"), &json!("Rome")));
    assert!(board(&world, &batch).await["batch"].get("retried_by").is_none());

    world.work_through(&batch["sessions"][0], "failed", "done").await;
    let id = json!({"batch_id": batch["batch_id"]});
    let again = world.call("retry_batch", id.clone()).await;
    // The clock may be set back between two retries.
    world.clock.set("2026-12-08T11:00:00Z");
    let earlier = world.call("retry_batch", id).await;
    let shown = board(&world, &batch).await;
    assert_eq!(shown["batch"]["retried_by"], json!([earlier["batch_id"], again["batch_id"]]));
    assert_eq!(board(&world, &again).await["batch"]["retry_of"], batch["batch_id"]);
}
