//! Revisions of flows: read, compared and restored.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::{Value, json};

/// A flow with three revisions: as made, another name, another step in front.
async fn edited_flow(world: &World) -> Value {
    let flow = world.maintenance_flow("First").await;
    world.call("update_flow", json!({"id": flow["id"], "name": "Second"})).await;
    let mut structure = flow["structure"].clone();
    let warn = json!({"id": "warn", "type": "procedure_step", "title": "Warn the users"});
    structure["steps"].as_array_mut().unwrap().insert(0, warn);
    world.call("update_flow", json!({"id": flow["id"], "structure": structure})).await
}

#[tokio::test]
async fn a_revision_is_read_by_the_number_people_see() {
    let world = World::new().await;
    let flow = edited_flow(&world).await;
    let read = |revision: u32| json!({"flow_id": flow["id"], "revision": revision});
    let first = world.call("get_flow_revision", read(1)).await;
    assert_eq!((&first["name"], &first["step_count"]), (&json!("First"), &json!(2)));
    let last = world.call("get_flow_revision", read(3)).await;
    for key in ["name", "revision_id", "structure", "intake_form", "flow_type", "description"] {
        assert_eq!(last[key], flow[key], "{key}");
    }
    for none in [0, 4, u32::MAX] {
        world.refuse("get_flow_revision", read(none), NotFound, "revision").await;
    }
    let other = world.maintenance_flow("Other").await;
    world
        .refuse("get_flow_revision", json!({"flow_id": other["id"], "revision": 2}), NotFound, "revision")
        .await;
}

#[tokio::test]
async fn two_revisions_are_compared_in_either_direction() {
    let world = World::new().await;
    let flow = edited_flow(&world).await;
    let compare = |from: u32, to: u32| json!({"flow_id": flow["id"], "from": from, "to": to});
    let there = world.call("compare_revisions", compare(1, 3)).await;
    assert_eq!(there["fields"], json!([{"field": "name", "before": "First", "after": "Second"}]));
    assert_eq!(each(&there["steps"], "id"), ["warn"]);
    assert_eq!((&there["steps"][0]["change"], &there["steps"][0]["to"]), (&json!("added"), &json!(1)));
    assert_eq!((&there["nodes"], &there["intake_form"]), (&json!([]), &json!([])));
    assert_eq!((&there["from"]["revision"], &there["to"]["step_count"]), (&json!(1), &json!(3)));
    assert_eq!(there["to"]["revision_id"], flow["revision_id"]);

    let back = world.call("compare_revisions", compare(3, 1)).await;
    assert_eq!(back["steps"][0]["change"], "removed");
    let same = world.call("compare_revisions", compare(2, 2)).await;
    assert_eq!((&same["fields"], &same["steps"]), (&json!([]), &json!([])));
    world.refuse("compare_revisions", compare(0, 1), NotFound, "from").await;
    world.refuse("compare_revisions", compare(1, 9), NotFound, "to").await;
}

#[tokio::test]
async fn an_old_revision_is_restored_as_the_newest() {
    let world = World::new().await;
    let flow = edited_flow(&world).await;
    let restore = json!({"flow_id": flow["id"], "revision": 1, "expected_revision": 3});
    let restored = world.call("restore_revision", restore.clone()).await;
    assert_eq!((&restored["revision"], &restored["name"]), (&json!(4), &json!("First")));
    assert_eq!(restored["step_count"], 2);
    assert_ne!(restored["revision_id"], flow["revision_id"]);
    let summaries = world.call("list_flow_revisions", json!({"flow_id": flow["id"]})).await;
    assert_eq!(each(&summaries, "revision"), [4, 3, 2, 1]);
    // What is in force already needs no further revision.
    let again = json!({"flow_id": flow["id"], "revision": 1});
    assert_eq!(world.call("restore_revision", again).await, restored);
    // Somebody else saved meanwhile.
    world.refuse("restore_revision", restore, Conflict, "expected_revision").await;
    world
        .refuse("restore_revision", json!({"flow_id": flow["id"], "revision": 5}), NotFound, "revision")
        .await;
}

#[tokio::test]
async fn what_an_older_release_accepted_is_not_restored_against_the_rules() {
    let world = World::new().await;
    let flow = world.maintenance_flow("First").await;
    world.call("update_flow", json!({"id": flow["id"], "name": "Second"})).await;
    world
        .tamper(
            "UPDATE flow_revisions SET structure = json_remove(structure, '$.steps[2]') WHERE name = 'First'",
        )
        .await;
    let restore = json!({"flow_id": flow["id"], "revision": 1});
    world.refuse("restore_revision", restore, Validation, "structure.steps").await;
}
