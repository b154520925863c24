//! The counts beside the filters of the page of sessions: they are those of what the lists show.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::{Value, json};

const STATUSES: [&str; 3] = ["pending", "in_progress", "finished"];

/// The counts, and what the lists have under the same filters.
async fn both(world: &World, filters: Value) -> (Value, Value) {
    let with = |more: Value| {
        let mut request = filters.clone();
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    let mut listed = json!({"batches": {}, "alone": {}});
    for status in STATUSES {
        let batches = world.call("list_batches", with(json!({"statuses": [status]}))).await;
        listed["batches"][status] = json!(batches.as_array().unwrap().len());
        let of = match status {
            "finished" => json!(["completed", "failed", "skipped", "cancelled"]),
            open => json!([open]),
        };
        let alone = with(json!({"statuses": of, "without_batch": true}));
        listed["alone"][status] = json!(world.call("list_sessions", alone).await.as_array().unwrap().len());
    }
    let failed = world.call("list_batches", with(json!({"failed": true}))).await;
    listed["batches"]["failed"] = json!(failed.as_array().unwrap().len());
    let failed = with(json!({"statuses": ["failed"], "without_batch": true}));
    listed["alone"]["failed"] = json!(world.call("list_sessions", failed).await.as_array().unwrap().len());
    (world.call("count_work", filters).await, listed)
}

#[tokio::test]
async fn counts_are_those_of_the_lists_under_every_filter() {
    let world = World::new().await;
    let patch = world.maintenance_flow("Patch").await;
    let other = world.maintenance_flow("Reboot").await;
    let rebuild = world.procedural_flow().await;
    let launch = |flow: &Value, client: &str| {
        let targets = json!([{"label": format!("{client}-1"), "client": client}, {"label": "RDS-9"}]);
        json!({"flow_id": flow["id"], "targets": targets})
    };
    world.call("launch_batch", launch(&patch, "Contoso")).await;
    let running = world.call("launch_batch", launch(&other, "Contoso")).await;
    world.call("start_session", json!({"session_id": running["sessions"][0]["id"]})).await;
    world.clock.set("2026-12-09T12:00:00Z");
    let ended = world.call("launch_batch", launch(&patch, "Fabrikam")).await;
    for session in ended["sessions"].as_array().unwrap() {
        world.work_through(session, "failed", "done").await;
    }
    let me = world.call("about", json!({})).await["member_id"].clone();
    for label in ["PC-1", "PC-2"] {
        let target = json!({"label": label, "client": "Contoso"});
        world.call("create_session", json!({"flow_id": rebuild["id"], "target": target})).await;
    }
    let single = world.call("create_session", json!({"flow_id": rebuild["id"]})).await;
    world.call("assign_session", json!({"session_id": single["id"], "member_id": me})).await;
    world.call("cancel_session", json!({"session_id": single["id"]})).await;

    let (all, listed) = both(&world, json!({})).await;
    assert_eq!(all, listed);
    assert_eq!(all["batches"], json!({"pending": 1, "in_progress": 1, "finished": 1, "failed": 1}));
    assert_eq!(all["alone"], json!({"pending": 2, "in_progress": 0, "finished": 1, "failed": 0}));
    for filters in [
        json!({"flow_id": patch["id"]}),
        json!({"flow_id": rebuild["id"], "search": "pc-"}),
        json!({"client": "contoso"}),
        json!({"without_client": true}),
        json!({"search": "rds"}),
        json!({"search": "reboot"}),
        json!({"search": "no such thing"}),
        json!({"assignee": me}),
        json!({"assignee": null}),
        json!({"from": "2026-12-09T00:00:00Z"}),
        json!({"to": "2026-12-09T00:00:00Z", "client": "Contoso"}),
    ] {
        let (counted, listed) = both(&world, filters.clone()).await;
        assert_eq!(counted, listed, "{filters}");
    }
    world
        .refuse("count_work", json!({"client": "A", "without_client": true}), Validation, "without_client")
        .await;
    // As with the lists, a flow that is not there has no work.
    let (counted, listed) = both(&world, json!({"flow_id": NOBODY})).await;
    assert_eq!(counted, listed);
}
