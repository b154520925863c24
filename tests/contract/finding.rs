//! Finding sessions and batches again: filters, search and pages, over far more rows than one page.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::{Value, json};

/// Four flows: three run in batches on the hour, every other one worked through, and a procedural one without batches.
async fn history(world: &World) -> [Value; 4] {
    let flows = [
        world.maintenance_flow("Patch Citrix").await,
        world.maintenance_flow("Renew certificates").await,
        world.maintenance_flow("Move FSLogix").await,
        world.procedural_flow().await,
    ];
    for hour in 0..12_usize {
        world.clock.set(&format!("2026-12-08T{hour:02}:00:00Z"));
        let flow = &flows[hour % 3];
        let batch = if hour == 5 {
            let request =
                json!({"flow_id": flow["id"], "targets": [{"label": "ÄRGER-01"}, {"label": "50%_off"}]});
            world.call("launch_batch", request).await
        } else {
            world.batch(flow, 4).await
        };
        match hour % 4 {
            0 => {
                for (n, session) in batch["sessions"].as_array().unwrap().iter().enumerate() {
                    world.work_through(session, if n == 1 { "failed" } else { "done" }, "done").await;
                }
            }
            1 => {
                world.call("start_session", json!({"session_id": batch["sessions"][0]["id"]})).await;
            }
            _ => {}
        }
        if hour % 6 == 0 {
            let target = json!({"label": "RDS-02"});
            world.call("create_session", json!({"flow_id": flows[3]["id"], "target": target})).await;
        }
    }
    flows
}

/// Every session or batch a request finds, in pages of two.
async fn all(world: &World, command: &str, mut request: Value) -> Vec<Value> {
    let id = if command == "list_batches" { "batch_id" } else { "id" };
    let whole = {
        let mut request = request.clone();
        request["limit"] = json!(500);
        world.call(command, request).await.as_array().unwrap().clone()
    };
    request["limit"] = json!(2);
    let paged = paged(world, command, request, id).await;
    assert_eq!(
        paged,
        whole.iter().map(|row| row[id].clone()).collect::<Vec<_>>(),
        "pages lose or repeat nothing"
    );
    whole
}

fn merged(request: &Value, more: &Value) -> Value {
    let mut request = request.clone();
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[tokio::test]
async fn each_filter_and_all_together_find_what_a_look_at_every_session_finds() {
    let world = World::new().await;
    let flows = history(&world).await;
    let me = world.call("about", json!({})).await["member_id"].clone();
    let everything = all(&world, "list_sessions", json!({})).await;
    assert_eq!(everything.len(), 48);
    let claimed: Vec<Value> = everything.iter().step_by(5).map(|session| session["id"].clone()).collect();
    world.call("assign_sessions", json!({"session_ids": claimed, "member_id": me})).await;
    let everything = all(&world, "list_sessions", json!({})).await;

    type Test = fn(&Value, &Value) -> bool;
    let dimensions: [Vec<(Value, Test)>; 6] = [
        vec![
            (json!({}), |_, _| true),
            (json!({"flow_id": flows[1]["id"]}), |s, r| s["flow_id"] == r["flow_id"]),
            (json!({"without_batch": true}), |s, _| s["batch_id"].is_null()),
        ],
        vec![
            (json!({}), |_, _| true),
            (json!({"status": "failed"}), |s, _| s["status"] == "failed"),
            (json!({"statuses": ["pending", "in_progress"]}), |s, _| {
                s["status"] == "pending" || s["status"] == "in_progress"
            }),
        ],
        vec![
            (json!({}), |_, _| true),
            (json!({"assignee": me}), |s, r| s["assignee"] == r["assignee"]),
            (json!({"assignee": null}), |s, _| s["assignee"].is_null()),
        ],
        vec![
            (json!({}), |_, _| true),
            (json!({"search": "rds-02"}), |s, _| s["target_label"] == "RDS-02"),
            (json!({"search": "CITRIX"}), |s, _| s["flow_name"] == "Patch Citrix"),
        ],
        vec![
            (json!({}), |_, _| true),
            (json!({"from": "2026-12-08T04:00:00Z"}), |s, _| {
                s["created_at"].as_str() >= Some("2026-12-08T04")
            }),
        ],
        vec![
            (json!({}), |_, _| true),
            (json!({"to": "2026-12-08T09:00:00Z"}), |s, _| s["created_at"].as_str() < Some("2026-12-08T09")),
        ],
    ];
    let mut chosen: Vec<(Value, Vec<Test>)> = vec![(json!({}), vec![])];
    for dimension in &dimensions {
        let both = |(request, tests): &(Value, Vec<Test>)| {
            let each = dimension.iter().map(|(more, test)| {
                (merged(request, more), tests.iter().copied().chain([*test]).collect::<Vec<Test>>())
            });
            each.collect::<Vec<_>>()
        };
        chosen = chosen.iter().flat_map(both).collect();
    }
    let mut found_some = 0;
    for (request, tests) in chosen {
        let expected: Vec<&Value> =
            everything.iter().filter(|session| tests.iter().all(|test| test(session, &request))).collect();
        let mut whole = request.clone();
        whole["limit"] = json!(500);
        let found = world.call("list_sessions", whole).await;
        assert_eq!(found.as_array().unwrap().iter().collect::<Vec<_>>(), expected, "{request}");
        found_some += usize::from(!expected.is_empty());
    }
    assert!(found_some > 80, "{found_some} of 324 requests found something");
}

#[tokio::test]
async fn pages_of_every_way_to_begin_lose_nothing() {
    let world = World::new().await;
    let flows = history(&world).await;
    let me = world.call("about", json!({})).await["member_id"].clone();
    let ids = each(&world.call("list_sessions", json!({"status": "pending"})).await, "id");
    world.call("assign_sessions", json!({"session_ids": ids, "member_id": me})).await;
    let requests = [
        json!({"status": "pending"}),
        json!({"statuses": ["failed", "completed"]}),
        json!({"statuses": ["pending", "failed", "pending"]}),
        json!({"flow_id": flows[0]["id"]}),
        json!({"assignee": me}),
        json!({"without_batch": true}),
        json!({"search": "rds-0"}),
        json!({"search": "rds-02", "without_batch": true}),
        json!({"search": "patch", "to": "2026-12-08T09:00:00Z"}),
    ];
    for request in requests {
        assert!(all(&world, "list_sessions", request.clone()).await.len() > 1, "{request}");
    }
    assert_eq!(
        all(&world, "list_sessions", json!({"status": "failed", "statuses": ["pending"]})).await,
        [] as [Value; 0]
    );
    // Letters beyond ASCII, and signs that mean something to LIKE.
    assert_eq!(all(&world, "list_sessions", json!({"search": "ärger"})).await.len(), 1);
    assert_eq!(all(&world, "list_sessions", json!({"search": "%_"})).await.len(), 1);
    assert_eq!(all(&world, "list_sessions", json!({"search": "nothing"})).await.len(), 0);
}

#[tokio::test]
async fn batches_are_found_by_flow_status_words_and_time() {
    let world = World::new().await;
    let flows = history(&world).await;
    let everything = all(&world, "list_batches", json!({})).await;
    assert_eq!(everything.len(), 12);
    type Test = fn(&Value, &Value) -> bool;
    let cases: Vec<(Value, Test)> = vec![
        (json!({"flow_id": flows[2]["id"]}), |b, r| b["flow_id"] == r["flow_id"]),
        (json!({"statuses": ["pending"]}), |b, _| b["status"] == "pending"),
        (json!({"statuses": ["in_progress"]}), |b, _| b["status"] == "in_progress"),
        (json!({"statuses": ["finished", "pending"]}), |b, _| b["status"] != "in_progress"),
        (json!({"search": "certificates"}), |b, _| b["flow_name"] == "Renew certificates"),
        (json!({"search": "ärger"}), |b, _| b["total"] == 2),
        (json!({"search": "RDS-04"}), |b, _| b["total"] == 4),
        (json!({"search": "nothing"}), |_, _| false),
        (json!({"from": "2026-12-08T03:00:00Z", "to": "2026-12-08T06:00:00Z"}), |b, _| {
            (Some("2026-12-08T03")..Some("2026-12-08T06")).contains(&b["launched_at"].as_str())
        }),
        (json!({"flow_id": flows[0]["id"], "statuses": ["finished"], "search": "rds"}), |b, r| {
            b["flow_id"] == r["flow_id"] && b["status"] == "finished"
        }),
    ];
    for (request, test) in cases {
        let expected: Vec<Value> = everything.iter().filter(|batch| test(batch, &request)).cloned().collect();
        assert_eq!(all(&world, "list_batches", request.clone()).await, expected, "{request}");
        assert!(!expected.is_empty() || request["search"] == "nothing", "{request}");
    }
}

#[tokio::test]
async fn batches_are_found_by_failures_and_by_who_has_their_sessions() {
    let world = World::new().await;
    history(&world).await;
    let me = world.call("about", json!({})).await["member_id"].clone();
    let found = async |request: Value| all(&world, "list_batches", request).await;
    // What was started is whose who did: let go of again, so that all begins with nobody.
    let ids = each(&json!(all(&world, "list_sessions", json!({})).await), "id");
    world.call("assign_sessions", json!({"session_ids": ids, "member_id": null})).await;
    let nobodys = found(json!({"assignee": null})).await;
    // Finished batches need nobody any more.
    assert!(!nobodys.is_empty() && nobodys.iter().all(|batch| batch["status"] != "finished"));
    assert_eq!(found(json!({"assignee": me})).await, [] as [Value; 0]);

    let (taken, started) = (&nobodys[0], &nobodys[1]);
    for (batch, number) in [(taken, 4), (started, 1)] {
        let sessions = world.call("list_sessions", json!({"batch_id": batch["batch_id"]})).await;
        let ids: Vec<Value> = each(&sessions, "id").into_iter().take(number).collect();
        world.call("assign_sessions", json!({"session_ids": ids, "member_id": me})).await;
    }
    let mine = found(json!({"assignee": me})).await;
    assert_eq!(each(&json!(mine), "batch_id"), [taken["batch_id"].clone(), started["batch_id"].clone()]);
    let left = found(json!({"assignee": null})).await;
    assert!(!left.iter().any(|batch| batch["batch_id"] == taken["batch_id"]));
    assert!(left.iter().any(|batch| batch["batch_id"] == started["batch_id"]));

    let failed = found(json!({"failed": true})).await;
    assert_eq!(failed.len(), 3);
    assert!(failed.iter().all(|batch| batch["failed"] != 0));
    assert_eq!(found(json!({"failed": true, "statuses": ["pending"]})).await, [] as [Value; 0]);
}

#[tokio::test]
async fn work_that_names_no_client_is_found() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let named = json!([{"label": "A", "client": "Contoso"}, {"label": "B", "client": "Contoso"}]);
    let mixed = json!([{"label": "A", "client": "Contoso"}, {"label": "C"}]);
    let mut batches = Vec::new();
    for targets in [named, mixed, json!([{"label": "D"}])] {
        let launch = json!({"flow_id": flow["id"], "targets": targets});
        batches.push(world.call("launch_batch", launch).await["batch_id"].clone());
    }
    let found = world.call("list_batches", json!({"without_client": true})).await;
    let mut ids = each(&found, "batch_id");
    ids.sort_by_key(|id| batches.iter().position(|batch| batch == id));
    assert_eq!(ids, batches[1..]);
    let sessions = world.call("list_sessions", json!({"without_client": true})).await;
    let mut labels = each(&sessions, "target_label");
    labels.sort_by_key(ToString::to_string);
    assert_eq!(labels, ["C", "D"]);
    let inside = json!({"batch_id": batches[1], "without_client": true});
    assert_eq!(each(&world.call("list_sessions", inside).await, "target_label"), ["C"]);
    for command in ["list_batches", "list_sessions"] {
        let both = json!({"without_client": true, "client": "Contoso"});
        world.refuse(command, both, Validation, "without_client").await;
    }
}

#[tokio::test]
async fn a_search_that_means_very_many_labels_finds_the_newest_of_them() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let old = world.batch(&flow, 150).await;
    world.clock.set("2026-12-09T12:00:00Z");
    let new = world.batch(&flow, 150).await;
    let found = world.call("list_sessions", json!({"search": "RDS", "limit": 160})).await;
    let of = |batch: &Value| {
        found.as_array().unwrap().iter().filter(|s| s["batch_id"] == batch["batch_id"]).count()
    };
    assert_eq!((of(&new), of(&old)), (150, 10));
    let found = world.call("list_batches", json!({"search": "RDS"})).await;
    assert_eq!(each(&found, "batch_id"), [new["batch_id"].clone(), old["batch_id"].clone()]);
}

#[tokio::test]
async fn a_board_of_events_that_came_before_it_was_kept_is_folded_from_them() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 2).await;
    let request = json!({"batch_id": batch["batch_id"]});
    world.work_through(&batch["sessions"][0], "failed", "done").await;
    let step = json!({"session_id": batch["sessions"][1]["id"], "step_id": "update", "outcome": "done", "note": "slow"});
    world.call("record_step", step).await;
    let kept = world.call("get_board", request.clone()).await;
    world.tamper("DELETE FROM session_cells").await;
    assert_eq!(world.call("get_board", request).await, kept);
}
