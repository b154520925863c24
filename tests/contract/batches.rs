//! Batches: launching, listing, retrying, cancelling, and the intake they share.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, InvalidFlowType, NotFound, Validation};
use serde_json::{Value, json};
use std::collections::HashSet;

#[tokio::test]
async fn a_launch_makes_one_pending_session_per_target() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 3).await;
    assert_eq!(batch["count"], 3);
    assert_eq!(each(&batch["sessions"], "target_label"), ["RDS-01", "RDS-02", "RDS-03"]);
    assert_eq!(each(&batch["sessions"], "status"), ["pending", "pending", "pending"]);
    assert_eq!(each(&batch["sessions"], "batch_id"), vec![batch["batch_id"].clone(); 3]);
    assert_eq!(each(&batch["sessions"], "flow_id"), vec![flow["id"].clone(); 3]);

    let stored = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(stored["origin"], "manual");
    assert_eq!(stored["launched_at"], START);
    assert_eq!(stored["scheduled_for"], Value::Null);
    assert_eq!(stored["revision_id"], flow["revision_id"]);
    assert_eq!((&stored["total"], &stored["pending"]), (&json!(3), &json!(3)));
    assert_eq!(stored["status"], "pending");
    let sessions = world.call("list_sessions", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(each(&sessions, "target_notes"), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    assert_eq!(each(&sessions, "id"), each(&batch["sessions"], "id"));
}

#[tokio::test]
async fn a_launch_from_a_list_remembers_the_list() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(4).await;
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    let batch = world.call("launch_batch", launch).await;
    assert_eq!(batch["count"], 4);
    let stored = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(stored["target_list_id"], list["id"]);
}

#[tokio::test]
async fn the_targets_of_an_earlier_batch_are_launched_again_with_all_they_carry() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let carried = json!([
        {"label": "RDS-01", "notes": "10.0.0.1", "client": "Contoso", "site": "Rome", "variables": {"port": "3389"}},
        {"label": "RDS-02"}, {"label": "RDS-03"},
    ]);
    let first = world.call("launch_batch", json!({"flow_id": flow["id"], "targets": carried})).await;
    let again = |only_failed: bool| {
        let previous = json!({"batch_id": first["batch_id"], "only_failed": only_failed});
        json!({"flow_id": flow["id"], "previous": previous})
    };
    world.refuse("launch_batch", again(true), Validation, "previous.only_failed").await;
    world.work_through(&first["sessions"][0], "failed", "failed").await;
    world.work_through(&first["sessions"][1], "done", "done").await;

    let all = world.call("launch_batch", again(false)).await;
    assert_eq!(each(&all["sessions"], "target_label"), ["RDS-01", "RDS-02", "RDS-03"]);
    let failed = world.call("launch_batch", again(true)).await;
    assert_eq!(each(&failed["sessions"], "target_label"), ["RDS-01"]);
    let session = world.call("get_session", json!({"id": failed["sessions"][0]["id"]})).await;
    assert_eq!((&session["target_client"], &session["target_site"]), (&json!("Contoso"), &json!("Rome")));
    assert_eq!(
        (&session["target_notes"], &session["target_variables"]["port"]),
        (&json!("10.0.0.1"), &json!("3389"))
    );
    // A launch of its own, not a retry.
    let batch = world.call("get_batch", json!({"batch_id": failed["batch_id"]})).await;
    assert_eq!((&batch["origin"], &batch["retry_of"]), (&json!("manual"), &Value::Null));
}

#[tokio::test]
async fn only_a_batch_of_the_same_flow_has_targets_to_launch_again() {
    let world = World::new().await;
    let (flow, other) = (world.maintenance_flow("Patch").await, world.maintenance_flow("Other").await);
    let batch = world.batch(&other, 1).await;
    let request = |previous: Value| json!({"flow_id": flow["id"], "previous": previous});
    let foreign = request(json!({"batch_id": batch["batch_id"]}));
    world.refuse("launch_batch", foreign, Validation, "previous.batch_id").await;
    let unknown = request(json!({"batch_id": flow["id"]}));
    world.refuse("launch_batch", unknown, NotFound, "previous.batch_id").await;
    let both =
        json!({"flow_id": flow["id"], "targets": targets(1), "previous": {"batch_id": batch["batch_id"]}});
    world.refuse("launch_batch", both, Validation, "targets").await;
}

#[tokio::test]
async fn the_same_request_launches_once() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({"flow_id": flow["id"], "targets": targets(2), "request_id": "ticket 4711"});
    let first = world.call("launch_batch", request.clone()).await;
    world.work_through(&first["sessions"][0], "done", "done").await;
    world.told.events();
    let again = world.call("launch_batch", request.clone()).await;
    assert_eq!(again["batch_id"], first["batch_id"]);
    assert_eq!(each(&again["sessions"], "id"), each(&first["sessions"], "id"));
    // The status is today's.
    assert_eq!(each(&again["sessions"], "status"), ["completed", "pending"]);
    assert_eq!(world.call("list_batches", json!({})).await.as_array().unwrap().len(), 1);
    assert_eq!(world.told.events(), []);

    let other = world.maintenance_flow("Other").await;
    let foreign = json!({"flow_id": other["id"], "targets": targets(2), "request_id": "ticket 4711"});
    world.refuse("launch_batch", foreign, Conflict, "request_id").await;
    for bad in ["  ".to_owned(), "x".repeat(201)] {
        let request = json!({"flow_id": flow["id"], "targets": targets(1), "request_id": bad});
        world.refuse("launch_batch", request, Validation, "request_id").await;
    }
}

#[tokio::test]
async fn the_same_request_from_many_callers_at_once_launches_once() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({"flow_id": flow["id"], "targets": targets(2), "request_id": "r"});
    let call = || world.call("launch_batch", request.clone());
    let (a, b, c, d) = tokio::join!(call(), call(), call(), call());
    assert_eq!([&b, &c, &d], [&a, &a, &a]);
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 2);
}

#[tokio::test]
async fn batches_are_for_maintenance_flows() {
    let world = World::new().await;
    let flow = world.procedural_flow().await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(1)});
    world.refuse("launch_batch", launch, InvalidFlowType, "flow_id").await;
}

#[tokio::test]
async fn a_launch_names_its_targets_in_one_way() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(1).await;
    let neither = json!({"flow_id": flow["id"]});
    world.refuse("launch_batch", neither, Validation, "targets").await;
    let both = json!({"flow_id": flow["id"], "targets": targets(1), "target_list_id": list["id"]});
    world.refuse("launch_batch", both, Validation, "targets").await;
}

#[tokio::test]
async fn a_batch_counts_its_sessions_until_all_have_ended() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 4).await;
    let row = async || world.call("list_batches", json!({})).await[0].clone();
    world.work_through(&batch["sessions"][0], "done", "done").await;
    let now = row().await;
    assert_eq!((&now["completed"], &now["status"]), (&json!(1), &json!("in_progress")));
    world.work_through(&batch["sessions"][1], "failed", "skipped").await;
    world.work_through(&batch["sessions"][2], "skipped", "skipped").await;
    assert_eq!(row().await["status"], "in_progress");
    world.call("cancel_session", json!({"session_id": batch["sessions"][3]["id"]})).await;
    let end = row().await;
    assert_eq!(end["status"], "finished");
    let counts = ["total", "pending", "in_progress", "completed", "failed", "skipped", "cancelled"];
    assert_eq!(counts.map(|key| end[key].clone()), [4, 0, 0, 1, 1, 1, 1].map(|n| json!(n)));
}

#[tokio::test]
async fn a_retry_takes_the_failed_targets_and_the_original_revision() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 3).await;
    let retry = json!({"batch_id": batch["batch_id"]});
    world.refuse("retry_batch", retry.clone(), Validation, "batch_id").await;

    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.work_through(&batch["sessions"][2], "done", "failed").await;
    let edit = json!({"id": flow["id"], "structure": {"steps": [
        {"id": "other", "type": "procedure_step", "title": "Something else"},
        {"id": "end", "type": "procedure_end", "title": "Done"},
    ]}});
    world.call("update_flow", edit).await;

    world.clock.set("2026-12-08T14:00:00Z");
    let second = world.call("retry_batch", retry).await;
    assert_eq!(each(&second["sessions"], "target_label"), ["RDS-03"]);
    let stored = world.call("get_batch", json!({"batch_id": second["batch_id"]})).await;
    assert_eq!(stored["origin"], "retry");
    assert_eq!(stored["retry_of"], batch["batch_id"]);
    assert_eq!(stored["revision_id"], flow["revision_id"]);
    assert_eq!(stored["revision"], 1);
    let session = world.call("get_session", json!({"id": second["sessions"][0]["id"]})).await;
    assert_eq!(each(&session["steps"], "id"), ["update", "reboot"]);
    assert_eq!(session["target_notes"], "10.0.0.3");
    // The batch that failed stays as it was.
    let first = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!((&first["failed"], &first["total"]), (&json!(1), &json!(3)));
    assert_eq!(each(&world.call("list_batches", json!({})).await, "origin"), ["retry", "manual"]);
}

#[tokio::test]
async fn cancelling_a_batch_ends_what_is_open_and_keeps_what_is_done() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 3).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.call("start_session", json!({"session_id": batch["sessions"][1]["id"]})).await;
    let cancel = json!({"batch_id": batch["batch_id"]});
    assert_eq!(world.call("cancel_batch", cancel.clone()).await, json!({}));
    let sessions = world.call("list_sessions", cancel.clone()).await;
    assert_eq!(each(&sessions, "status"), ["completed", "cancelled", "cancelled"]);
    let stored = world.call("get_batch", cancel).await;
    assert_eq!((&stored["status"], &stored["cancelled"]), (&json!("finished"), &json!(2)));
}

#[tokio::test]
async fn pending_sessions_keep_the_revision_of_their_batch_after_an_edit() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let edit = json!({"id": flow["id"], "structure": {"steps": [
        {"id": "new", "type": "procedure_step", "title": "New"},
        {"id": "end", "type": "procedure_end", "title": "Done"},
    ]}});
    world.call("update_flow", edit).await;
    let id = &batch["sessions"][0]["id"];
    for session in [
        world.call("get_session", json!({ "id": id })).await,
        world.call("start_session", json!({ "session_id": id })).await,
    ] {
        assert_eq!(session["revision"], 1);
        assert_eq!(each(&session["steps"], "id"), ["update", "reboot"]);
        assert_eq!(session["steps_total"], 2);
    }
    // A batch launched now runs the new one.
    let next = world.batch(&flow, 1).await;
    let next = world.call("get_batch", json!({"batch_id": next["batch_id"]})).await;
    assert_eq!(next["revision"], 2);
}

#[tokio::test]
async fn a_launch_asks_for_what_the_form_requires() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let launch = |intake: Value| json!({"flow_id": flow["id"], "targets": targets(1), "intake": intake});
    world.refuse("launch_batch", launch(json!({})), Validation, "intake.patch_version").await;
    let unknown = json!({"patch_version": "7", "colour": "red"});
    world.refuse("launch_batch", launch(unknown), Validation, "intake.colour").await;
    let batch = world.call("launch_batch", launch(json!({"patch_version": " 2026-12 "}))).await;
    let stored = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(stored["intake"], json!({"patch_version": "2026-12"}));
    assert_eq!(stored["missing_intake"], json!([]));
}

#[tokio::test]
async fn sessions_start_with_the_answers_of_their_batch_and_keep_them() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(2), "intake": {"patch_version": "1"}});
    let batch = world.call("launch_batch", launch).await;
    let (first, second) = (&batch["sessions"][0]["id"], &batch["sessions"][1]["id"]);
    world.call("start_session", json!({ "session_id": first })).await;
    let answer = |intake: Value| json!({"batch_id": batch["batch_id"], "intake": intake});
    let changed = world.call("set_batch_intake", answer(json!({"remark": "at night"}))).await;
    assert_eq!(changed["intake"], json!({"patch_version": "1", "remark": "at night"}));
    let intake = async |id: &Value| world.call("get_session", json!({ "id": id })).await["intake"].clone();
    assert_eq!(intake(first).await, json!({"patch_version": "1"}));
    assert_eq!(intake(second).await, json!({"patch_version": "1", "remark": "at night"}));
    world.refuse("set_batch_intake", answer(json!({"colour": "red"})), Validation, "intake.colour").await;
}

#[tokio::test]
async fn answers_are_added_and_never_rewritten_once_somebody_works_with_them() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(1), "intake": {"patch_version": "1"}});
    let batch = world.call("launch_batch", launch).await;
    let answer = |intake: Value| json!({"batch_id": batch["batch_id"], "intake": intake});
    // Before anybody works with it, an answer is corrected; the others stay.
    world.call("set_batch_intake", answer(json!({"remark": "first"}))).await;
    world.call("set_batch_intake", answer(json!({"patch_version": "2", "remark": ""}))).await;
    world.call("start_session", json!({"session_id": batch["sessions"][0]["id"]})).await;
    for rewritten in [json!({"patch_version": "3"}), json!({"patch_version": "", "remark": "x"})] {
        world.refuse("set_batch_intake", answer(rewritten), Conflict, "intake").await;
    }
    // What is said again is no change, and leaves no trace.
    world.call("set_batch_intake", answer(json!({"patch_version": "2"}))).await;
    let given = json!({"patch_version": "2", "remark": "late"});
    let changed = world.call("set_batch_intake", answer(given.clone())).await;
    assert_eq!(changed["intake"], given);
    assert_eq!(each(&changed["events"], "kind"), ["intake_set"; 3]);
    assert_eq!(
        each(&changed["events"], "answers"),
        [json!({"remark": "first"}), json!({"patch_version": "2", "remark": ""}), json!({"remark": "late"})]
    );
}

#[tokio::test]
async fn what_is_signed_off_keeps_its_answers() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(1), "intake": {"patch_version": "1"}});
    let batch = world.call("launch_batch", launch).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.call("sign_off_batch", json!({"batch_id": batch["batch_id"]})).await;
    let answer = json!({"batch_id": batch["batch_id"], "intake": {"remark": "afterwards"}});
    world.refuse("set_batch_intake", answer.clone(), Conflict, "batch_id").await;
    world.call("withdraw_sign_off", json!({"batch_id": batch["batch_id"]})).await;
    world.call("set_batch_intake", answer).await;
}

#[tokio::test]
async fn pages_of_batches_lose_none_of_the_same_instant() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let other = world.maintenance_flow("Other").await;
    for n in 0..23 {
        world.batch(if n % 2 == 0 { &flow } else { &other }, 1).await;
    }
    let all = each(&world.call("list_batches", json!({"limit": 500})).await, "batch_id");
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 23);
    assert_eq!(paged(&world, "list_batches", json!({"limit": 5}), "batch_id").await, all);
    let of_flow = json!({"flow_id": flow["id"], "limit": 5});
    assert_eq!(paged(&world, "list_batches", of_flow, "batch_id").await.len(), 12);
}

#[tokio::test]
async fn what_is_no_batch_is_not_found() {
    let world = World::new().await;
    for command in ["get_batch", "retry_batch", "cancel_batch"] {
        world.refuse(command, json!({"batch_id": NOBODY}), NotFound, "batch_id").await;
    }
    let intake = json!({"batch_id": NOBODY, "intake": {}});
    world.refuse("set_batch_intake", intake, NotFound, "batch_id").await;
    world.refuse("list_batches", json!({"before": NOBODY}), NotFound, "before").await;
    for limit in [0, 501] {
        world.refuse("list_batches", json!({ "limit": limit }), Validation, "limit").await;
    }
}
