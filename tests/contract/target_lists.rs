//! Target lists.

use crate::support::*;
use mf_contract::ErrorCode::NotFound;
use serde_json::{Value, json};

#[tokio::test]
async fn a_list_is_kept_trimmed_and_in_its_order() {
    let world = World::new().await;
    let list = world
        .call(
            "create_target_list",
            json!({
                "name": " Farm ",
                "targets": [{"label": " RDS-02 ", "notes": "  "}, {"label": "RDS-01", "notes": " 10.0.0.11 "}],
            }),
        )
        .await;
    assert_eq!(list["name"], "Farm");
    assert_eq!(list["targets"], json!([{"label": "RDS-02"}, {"label": "RDS-01", "notes": "10.0.0.11"}]));
    assert_eq!(world.call("get_target_list", json!({"id": list["id"]})).await, list);
}

#[tokio::test]
async fn lists_come_by_name_with_counts_and_their_last_use() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    world.call("create_target_list", json!({"name": "b", "targets": targets(5)})).await;
    let used = world.call("create_target_list", json!({"name": "A", "targets": targets(1)})).await;
    world.call("launch_batch", json!({"flow_id": flow["id"], "target_list_id": used["id"]})).await;
    let lists = world.call("list_target_lists", json!({})).await;
    assert_eq!(each(&lists, "name"), ["A", "b"]);
    assert_eq!(each(&lists, "target_count"), [1, 5]);
    assert_eq!(lists[1]["first_labels"], json!(["RDS-01", "RDS-02", "RDS-03"]));
    assert_eq!(each(&lists, "last_used_at"), [json!(START), Value::Null]);
}

#[tokio::test]
async fn an_update_leaves_alone_what_it_does_not_name() {
    let world = World::new().await;
    let list = world.target_list(2).await;
    world.clock.set("2026-12-08T13:00:00Z");
    let renamed = world.call("update_target_list", json!({"id": list["id"], "name": "New"})).await;
    assert_eq!(renamed["name"], "New");
    assert_eq!(renamed["targets"], list["targets"]);
    assert_eq!(renamed["created_at"], START);
    assert_eq!(renamed["updated_at"], "2026-12-08T13:00:00Z");
    let update = json!({"id": list["id"], "targets": targets(3), "description": "Bigger"});
    let grown = world.call("update_target_list", update).await;
    assert_eq!(grown["targets"].as_array().unwrap().len(), 3);
    assert_eq!((&grown["name"], &grown["description"]), (&json!("New"), &json!("Bigger")));
}

#[tokio::test]
async fn a_deleted_list_reads_as_none() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let list = world.target_list(2).await;
    let schedule = json!({
        "flow_id": flow["id"],
        "recurrence": {"kind": "cron", "expression": "@daily"},
        "target_list_id": list["id"],
    });
    world.call("create_schedule", schedule).await;
    assert_eq!(world.call("delete_target_list", json!({"id": list["id"]})).await, json!({}));

    world.refuse("get_target_list", json!({"id": list["id"]}), NotFound, "id").await;
    world.refuse("update_target_list", json!({"id": list["id"], "name": "N"}), NotFound, "id").await;
    world.refuse("delete_target_list", json!({"id": list["id"]}), NotFound, "id").await;
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    world.refuse("launch_batch", launch, NotFound, "target_list_id").await;
    assert_eq!(world.call("list_target_lists", json!({})).await, json!([]));
    let schedule = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(schedule["target_list_id"], Value::Null);
    assert_eq!(schedule["target_list_name"], Value::Null);
}
