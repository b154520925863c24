//! Who works on what, and on which targets.

use crate::support::*;
use mf_contract::ErrorCode::{NotFound, Validation};
use serde_json::{Value, json};

async fn me(world: &World) -> Value {
    world.call("about", json!({})).await["member_id"].clone()
}

#[tokio::test]
async fn sessions_are_claimed_and_handed_over_with_a_note() {
    let world = World::new().await;
    let (flow, me) = (world.maintenance_flow("Patch").await, me(&world).await);
    let batch = world.batch(&flow, 3).await;
    let ids = |range: std::ops::Range<usize>| each(&batch["sessions"], "id")[range].to_vec();
    let counts = world.call("session_counts", json!({})).await;
    assert_eq!(counts, json!({"pending": 3, "in_progress": 0, "unassigned": 3, "mine": 0}));

    let claim = json!({"session_ids": ids(0..2), "member_id": me});
    assert_eq!(world.call("assign_sessions", claim).await, json!({"changed": 2, "refused": []}));
    assert_eq!(world.call("list_batches", json!({})).await[0]["unassigned"], 1);
    world.call("start_session", json!({"session_id": ids(0..1)[0]})).await;
    let counts = world.call("session_counts", json!({})).await;
    assert_eq!(counts, json!({"pending": 2, "in_progress": 1, "unassigned": 1, "mine": 2}));
    let labels = |sessions: Value| {
        let mut labels: Vec<String> =
            each(&sessions, "target_label").iter().map(|label| label.as_str().unwrap().to_owned()).collect();
        labels.sort();
        labels
    };
    let mine = labels(world.call("list_sessions", json!({ "assignee": me })).await);
    assert_eq!(mine, ["RDS-01", "RDS-02"]);
    assert_eq!(labels(world.call("list_sessions", json!({ "assignee": null })).await), ["RDS-03"]);
    let of_batch = json!({"batch_id": batch["batch_id"], "assignee": me, "status": "pending"});
    assert_eq!(labels(world.call("list_sessions", of_batch).await), ["RDS-02"]);
    let board = world.call("get_board", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!((&board["sessions"][0]["assignee"], board["sessions"][2].get("assignee")), (&me, None));

    let back = json!({"session_ids": ids(0..2), "member_id": null, "note": "disk is ordered"});
    world.call("assign_sessions", back).await;
    let session = world.call("get_session", json!({"id": ids(0..1)[0]})).await;
    assert_eq!(
        (&session["assignee"], &session["notes"][0]["text"]),
        (&Value::Null, &json!("disk is ordered"))
    );
    let alone = json!({"session_id": ids(0..1)[0], "member_id": me, "note": "mine again"});
    let session = world.call("assign_session", alone).await;
    assert_eq!((&session["assignee"], &session["notes"][1]["text"]), (&me, &json!("mine again")));
}

#[tokio::test]
async fn whoever_starts_what_nobody_has_taken_has_it() {
    let world = World::new().await;
    let (flow, me) = (world.maintenance_flow("Patch").await, me(&world).await);
    let batch = world.batch(&flow, 4).await;
    let id = |n: usize| batch["sessions"][n]["id"].clone();
    let started = world.call("start_session", json!({"session_id": id(0)})).await;
    assert_eq!(started["assignee"], me);
    let done = json!({"session_id": id(1), "step_id": "update", "outcome": "done"});
    assert_eq!(world.call("record_step", done).await["assignee"], me);
    let many = json!({"session_ids": [id(2)], "step_id": "update", "outcome": "done"});
    world.call("record_steps", many).await;
    assert_eq!(world.call("get_session", json!({"id": id(2)})).await["assignee"], me);
    assert_eq!(world.call("list_batches", json!({})).await[0]["unassigned"], 1);

    // What was let go of on the way stays so until somebody takes it, and a note takes nothing.
    world.call("assign_session", json!({"session_id": id(0), "member_id": null})).await;
    let done = json!({"session_id": id(0), "step_id": "update", "outcome": "done"});
    assert_eq!(world.call("record_step", done).await["assignee"], Value::Null);
    let note = json!({"session_id": id(3), "note": "behind the slow line"});
    assert_eq!(world.call("add_note", note).await["assignee"], Value::Null);
}

#[tokio::test]
async fn work_is_given_to_members_alone() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let ids = each(&batch["sessions"], "id");
    let stranger = json!({"session_ids": ids, "member_id": NOBODY});
    world.refuse("assign_sessions", stranger, NotFound, "member_id").await;
    let nobody = json!({"session_ids": [], "member_id": null});
    world.refuse("assign_sessions", nobody, Validation, "session_ids").await;
    let long = json!({"session_ids": ids, "member_id": null, "note": "x".repeat(20_001)});
    world.refuse("assign_sessions", long, Validation, "note").await;
}

#[tokio::test]
async fn targets_of_pending_sessions_are_corrected_all_or_none() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 3).await;
    let id = |n: usize| batch["sessions"][n]["id"].clone();
    let assign = |targets: Value| json!({"batch_id": batch["batch_id"], "targets": targets});
    // Two labels may change places.
    let swap = json!([
        {"session_id": id(0), "label": "RDS-02"},
        {"session_id": id(1), "label": " RDS-01 ", "notes": "was mixed up"},
    ]);
    let reply = world.call("assign_targets", assign(swap)).await;
    assert_eq!(reply["count"], 3);
    assert_eq!(each(&reply["sessions"], "target_label"), ["RDS-02", "RDS-01", "RDS-03"]);
    assert_eq!(each(&reply["sessions"], "id"), [id(0), id(1), id(2)]);
    let session = world.call("get_session", json!({"id": id(1)})).await;
    assert_eq!(session["target_notes"], "was mixed up");
    assert_eq!(world.call("list_sessions", json!({"search": "rds-01"})).await[0]["id"], id(1));

    world.call("start_session", json!({"session_id": id(2)})).await;
    let cases = [
        (json!([]), "targets"),
        (json!([{"session_id": id(0), "label": ""}]), "targets[0].label"),
        (
            json!([{"session_id": id(0), "label": "A"}, {"session_id": id(1), "label": "a"}]),
            "targets[1].label",
        ),
        (json!([{"session_id": id(0), "label": "rds-03"}]), "targets[0].label"),
        (
            json!([{"session_id": id(0), "label": "A"}, {"session_id": id(0), "label": "B"}]),
            "targets[1].session_id",
        ),
        (
            json!([{"session_id": id(0), "label": "A"}, {"session_id": id(2), "label": "B"}]),
            "targets[1].session_id",
        ),
        (json!([{"session_id": NOBODY, "label": "A"}]), "targets[0].session_id"),
        (json!([{"label": "A"}]), "targets[0].session_id"),
    ];
    for (targets, field) in cases {
        world.refuse("assign_targets", assign(targets), Validation, field).await;
    }
    let nothing = json!({"batch_id": NOBODY, "targets": []});
    world.refuse("assign_targets", nothing, NotFound, "batch_id").await;
}

#[tokio::test]
async fn the_untouched_unassigned_yields_to_named_targets() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    let fired = world.tick("2026-12-08T12:15:00Z").await["fired"][0].clone();
    let before = world.call("list_sessions", json!({"batch_id": fired["batch_id"]})).await;
    assert_eq!(each(&before, "target_label"), ["Unassigned"]);
    let assign = json!({"batch_id": fired["batch_id"], "targets": targets(3)});
    let reply = world.call("assign_targets", assign.clone()).await;
    assert_eq!(each(&reply["sessions"], "target_label"), ["RDS-01", "RDS-02", "RDS-03"]);
    assert_eq!(reply["sessions"][0]["id"], before[0]["id"], "its row is the first target's now");
    let batch = world.call("get_batch", json!({"batch_id": fired["batch_id"]})).await;
    assert_eq!((&batch["total"], &batch["pending"]), (&json!(3), &json!(3)));
    // Named is named.
    world.refuse("assign_targets", assign, Validation, "targets[0].session_id").await;
    let versions = world.number("SELECT COUNT(*) FROM sessions WHERE version = printf('%048d', 0)").await;
    assert_eq!(versions, 0, "what a person named wins over a laptop that fires late");

    // One that somebody has touched keeps its name.
    let fired = world.tick("2026-12-08T12:30:00Z").await["fired"][0].clone();
    let one = world.call("list_sessions", json!({"batch_id": fired["batch_id"]})).await;
    world.call("start_session", json!({"session_id": one[0]["id"]})).await;
    let assign = json!({"batch_id": fired["batch_id"], "targets": targets(2)});
    world.refuse("assign_targets", assign, Validation, "targets[0].session_id").await;
}
