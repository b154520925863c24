//! The search of the command palette.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::{Value, json};

async fn search(world: &World, text: &str) -> Value {
    world.call("search", json!({ "text": text })).await
}

fn found(hits: &Value) -> Vec<(String, String)> {
    let text = |hit: &Value, key: &str| hit[key].as_str().unwrap().to_owned();
    hits.as_array().unwrap().iter().map(|hit| (text(hit, "kind"), text(hit, "title"))).collect()
}

fn hits(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(kind, title)| ((*kind).to_owned(), (*title).to_owned())).collect()
}

#[tokio::test]
async fn every_kind_is_found_and_leads_to_its_page() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Café servers").await;
    let list =
        json!({"name": "Servers of the café", "client": "Contoso", "targets": [{"label": "cafe\u{301}-01"}]});
    let list = world.call("create_target_list", list).await;
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    let batch = world.call("launch_batch", launch).await;
    world.maintenance_flow("Something else").await;

    let all = search(&world, " CAFÉ ").await;
    assert_eq!(
        found(&all),
        hits(&[
            ("flow", "Café servers"),
            ("batch", "Café servers"),
            ("session", "cafe\u{301}-01"),
            ("target_list", "Servers of the café"),
        ])
    );
    let routes = [
        format!("/flows/{}/maintenance", flow["id"].as_str().unwrap()),
        format!("/batches/{}", batch["batch_id"].as_str().unwrap()),
        format!("/sessions/{}", batch["sessions"][0]["id"].as_str().unwrap()),
        "/account/target-lists".to_owned(),
    ];
    assert_eq!(each(&all, "route"), routes);
    assert_eq!(
        each(&all, "subtitle"),
        ["Maintenance flow", "0/1 complete", "Café servers · Contoso", "Contoso"]
    );
    assert_eq!((&all[0]["at"], &all[1]["at"]), (&json!(null), &json!(START)));
    // A list by its client.
    assert_eq!(found(&search(&world, "contoso").await), hits(&[("target_list", "Servers of the café")]));
}

#[tokio::test]
async fn the_best_come_first_and_only_so_many() {
    let world = World::new().await;
    for name in ["Hardships", "Ships and boats", "ships", "Old ships"] {
        world.maintenance_flow(name).await;
    }
    let all = search(&world, "ships").await;
    assert_eq!(each(&all, "title"), ["ships", "Ships and boats", "Old ships", "Hardships"]);
    let two = world.call("search", json!({"text": "ships", "limit": 2})).await;
    assert_eq!(each(&two, "title"), ["ships", "Ships and boats"]);
}

#[tokio::test]
async fn a_target_is_found_once_by_its_newest_session() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.batch(&flow, 3).await;
    world.clock.set("2026-12-09T12:00:00Z");
    let newer = world.batch(&flow, 2).await;
    let all = search(&world, "rds-0").await;
    assert_eq!(each(&all, "title").len(), 3);
    let newest = all.as_array().unwrap().iter().find(|hit| hit["title"] == "RDS-01").unwrap();
    assert_eq!(newest["id"], newer["sessions"][0]["id"]);
    // The one that is meant, before those that begin alike.
    let launch = json!({"flow_id": flow["id"], "targets": [{"label": "RDS-010"}]});
    world.call("launch_batch", launch).await;
    assert_eq!(each(&search(&world, "RDS-01").await, "title"), ["RDS-01", "RDS-010"]);
}

#[tokio::test]
async fn what_is_deleted_is_found_no_more_but_its_history_is() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.batch(&flow, 1).await;
    let list = world.target_list(1).await;
    world.call("delete_flow", json!({"id": flow["id"]})).await;
    world.call("delete_target_list", json!({"id": list["id"]})).await;
    assert_eq!(found(&search(&world, "patch").await), hits(&[("batch", "Patch")]));
    assert_eq!(found(&search(&world, "farm").await), []);
}

#[tokio::test]
async fn signs_of_the_search_itself_are_plain_text() {
    let world = World::new().await;
    world.maintenance_flow("100 %_\\ done").await;
    world.maintenance_flow("Other").await;
    for text in ["%", "_", "\\", "%_\\"] {
        assert_eq!(each(&search(&world, text).await, "title"), ["100 %_\\ done"], "{text}");
    }
    assert_eq!(search(&world, "").await, json!([]));
    assert_eq!(search(&world, "  ").await, json!([]));
    assert_eq!(search(&world, "nothing of the kind").await, json!([]));
    world.refuse("search", json!({"text": "x".repeat(201)}), Validation, "text").await;
    world.refuse("search", json!({"text": "x", "limit": 0}), Validation, "limit").await;
    world.refuse("search", json!({"text": "x", "limit": 101}), Validation, "limit").await;
}

#[tokio::test]
async fn a_flow_is_found_where_its_type_opens() {
    let world = World::new().await;
    let tree = json!({"start": "end", "nodes": [
        {"id": "end", "type": "outcome", "title": "It runs", "outcome": "resolved"},
    ]});
    for (flow_type, structure) in
        [("procedural", maintenance("Fix")["structure"].clone()), ("troubleshooting", tree)]
    {
        let flow = json!({"name": "Fix it", "flow_type": flow_type, "structure": structure});
        let flow = world.call("create_flow", flow).await;
        let id = flow["id"].as_str().unwrap();
        let folder = if flow_type == "procedural" { "flows" } else { "trees" };
        assert_eq!(search(&world, "fix it").await[0]["route"], format!("/{folder}/{id}/navigate"));
        world.call("delete_flow", json!({"id": id})).await;
    }
}
