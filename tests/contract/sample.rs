//! The sample workspace: realistic, made once, and taken away without what people made.

use crate::support::*;
use mf_contract::ErrorCode::{NotFound, Validation};
use serde_json::{Value, json};

async fn create(world: &World) -> Value {
    world.call("create_sample", json!({})).await
}

async fn names(world: &World, command: &str) -> Vec<Value> {
    each(&world.call(command, json!({})).await, "name")
}

async fn has_sample(world: &World) -> Value {
    world.call("get_today", json!({})).await["has_sample"].clone()
}

#[tokio::test]
async fn the_sample_shows_everything_there_is() {
    let world = World::new().await;
    assert_eq!(has_sample(&world).await, false);
    let made = world.call("create_sample", json!({"timezone": "Europe/Berlin"})).await;
    assert_eq!(made["created"], true);
    assert_eq!(
        names(&world, "list_flows").await,
        ["Patch the Citrix farm", "Renew a certificate", "Slow logons"]
    );
    let counts = world.call("flow_counts", json!({})).await;
    assert_eq!(counts, json!({"total": 3, "troubleshooting": 1, "procedural": 1, "maintenance": 1}));
    let flow = world.call("get_flow", json!({"id": made["flow_ids"][0]})).await;
    assert_eq!((&flow["intake_form"][0]["key"], &flow["step_count"]), (&json!("patch_version"), &json!(8)));
    let lists = world.call("list_target_lists", json!({})).await;
    assert_eq!(each(&lists, "client"), ["Contoso", "Fabrikam"]);
    let list = world.call("get_target_list", json!({"id": lists[0]["id"]})).await;
    assert_eq!(list["targets"][0]["variables"]["ip"], "10.20.1.11");
    assert_eq!(world.call("list_schedules", json!({})).await[0]["timezone"], "Europe/Berlin");

    let batches = world.call("list_batches", json!({})).await;
    assert_eq!(each(&batches, "status"), ["in_progress", "finished"]);
    assert_eq!(each(&batches, "total"), [4, 6]);
    assert_eq!(
        (&batches[0]["completed"], &batches[0]["in_progress"], &batches[0]["pending"]),
        (&json!(1), &json!(2), &json!(1))
    );
    // Who works on something has it; what failed, what was said and what shows it stand on the board.
    assert_eq!((&batches[0]["unassigned"], &batches[1]["unassigned"]), (&json!(1), &json!(0)));
    let board = world.call("get_board", json!({"batch_id": batches[0]["batch_id"]})).await;
    assert_eq!(each(&board["sessions"], "cells"), ["dddddddd", "ddd.....", "dddf....", "........"]);
    assert_eq!(board["sessions"][0]["evidence"], json!({"install": 1}));
    assert!(board["sessions"][1]["step_notes"]["sessions"].is_string());
    let failed = board["sessions"][2]["step_notes"]["snapshot"].as_str();
    assert!(failed.is_some_and(|note| note.contains("datastore")), "{failed:?}");
    assert_eq!((&batches[1]["completed"], &batches[1]["failed"]), (&json!(5), &json!(1)));
    let failed = json!({"batch_id": batches[1]["batch_id"], "status": "failed"});
    let failed = world.call("list_sessions", failed).await;
    let session = world.call("get_session", json!({"id": failed[0]["id"]})).await;
    assert_eq!(
        (&session["target_client"], &session["intake"]["patch_version"]),
        (&json!("Contoso"), &json!("2026-10"))
    );
    assert!(
        each(&session["steps"], "note")
            .iter()
            .any(|note| note.as_str().is_some_and(|n| n.contains("Not registered")))
    );
    // It happened when it says, and in order.
    let started: chrono::DateTime<chrono::Utc> = session["started_at"].as_str().unwrap().parse().unwrap();
    assert!(started < at(START) - chrono::TimeDelta::days(11));
    let events = each(&session["events"], "at");
    assert!(events.iter().map(|at| at.as_str().unwrap()).is_sorted());

    let today = world.call("get_today", json!({})).await;
    assert_eq!((&today["has_sample"], &today["is_empty"]), (&json!(true), &json!(false)));
    assert_eq!((&today["open_batches"], &today["upcoming"][0]["target_count"]), (&json!(1), &json!(6)));
}

#[tokio::test]
async fn made_again_it_stays_as_it_is_and_is_the_same_everywhere() {
    let world = World::new().await;
    let made = create(&world).await;
    let before = world.content().await;
    let again = create(&world).await;
    assert_eq!((&again["created"], &again["flow_ids"]), (&json!(false), &made["flow_ids"]));
    assert_eq!(world.content().await, before);
    // Ids follow from the workspace alone.
    let twin = create(&World::new().await).await;
    assert_eq!(twin, made);
}

#[tokio::test]
async fn deleted_it_is_gone_and_can_be_made_anew() {
    let world = World::new().await;
    for _ in 0..3 {
        create(&world).await;
        let deleted = world.call("delete_sample", json!({})).await;
        assert_eq!(deleted, json!({"flows": 3, "target_lists": 2, "schedules": 1, "batches": 2, "kept": []}));
        assert_eq!(has_sample(&world).await, false);
        assert_eq!(world.call("get_today", json!({})).await["is_empty"], true);
        for command in [
            "list_flows",
            "list_target_lists",
            "list_schedules",
            "list_batches",
            "list_sessions",
            "list_clients",
        ] {
            assert_eq!(world.call(command, json!({})).await, json!([]), "{command}");
        }
        for text in ["citrix", "con-ctx", "contoso"] {
            assert_eq!(world.call("search", json!({ "text": text })).await, json!([]), "{text}");
        }
    }
    let kinds = each(&world.call("export_all", json!({})).await, "kind");
    let left: Vec<&Value> = kinds
        .iter()
        .filter(|kind| {
            !["flow_revisions", "active_schedules", "schedule_pauses"].contains(&kind.as_str().unwrap())
        })
        .collect();
    assert_eq!(left, Vec::<&Value>::new(), "revisions and registers are history, the rest is gone");
    // Nothing there: nothing to do.
    let nothing = json!({"flows": 0, "target_lists": 0, "schedules": 0, "batches": 0, "kept": []});
    assert_eq!(world.call("delete_sample", json!({})).await, nothing);
}

#[tokio::test]
async fn what_people_made_stays() {
    let world = World::new().await;
    let own_flow = world.maintenance_flow("Own").await;
    let own_list = world.target_list(2).await;
    let own_batch = world.batch(&own_flow, 2).await;
    let made = create(&world).await;
    // Somebody runs a sample flow on machines of their own, edits another one, and another list.
    let launch = json!({
        "flow_id": made["flow_ids"][0], "targets": targets(1), "intake": {"patch_version": "2027-01"},
    });
    let theirs = world.call("launch_batch", launch).await;
    world.clock.set("2026-12-08T12:30:00Z");
    world.call("update_flow", json!({"id": made["flow_ids"][1], "name": "Our certificates"})).await;
    world.call("update_target_list", json!({"id": made["target_list_ids"][1], "name": "Our hosts"})).await;
    // And schedules their own flow on the other list.
    let schedule = world.schedule(&own_flow, "@daily").await;
    let named = json!({"id": schedule["id"], "target_list_id": made["target_list_ids"][0]});
    world.call("update_schedule", named).await;

    let deleted = world.call("delete_sample", json!({})).await;
    assert_eq!(
        deleted,
        json!({
            "flows": 2, "target_lists": 0, "schedules": 1, "batches": 2,
            "kept": ["Our certificates", "Contoso session hosts", "Our hosts"],
        })
    );
    assert_eq!(names(&world, "list_flows").await, ["Our certificates", "Own"]);
    assert_eq!(names(&world, "list_target_lists").await, ["Contoso session hosts", "Our hosts", "RDS farm"]);
    let left = each(&world.call("list_batches", json!({})).await, "batch_id");
    assert_eq!(left, [theirs["batch_id"].clone(), own_batch["batch_id"].clone()]);
    // The history of the sample flow can still be worked on.
    world.call("start_session", json!({"session_id": theirs["sessions"][0]["id"]})).await;
    world.refuse("get_flow", json!({"id": made["flow_ids"][0]}), NotFound, "id").await;
    assert_eq!(world.call("get_target_list", json!({"id": own_list["id"]})).await, own_list);
    assert_eq!(has_sample(&world).await, false);
    assert_eq!(create(&world).await["created"], true);
}

#[tokio::test]
async fn what_its_schedule_fired_goes_with_it_unless_somebody_worked_on_it() {
    let world = World::new().await;
    create(&world).await;
    // Saturdays at ten in the evening.
    let first = world.tick("2026-12-12T22:00:00Z").await;
    let second = world.tick("2026-12-19T22:00:00Z").await;
    let begun = &first["fired"][0]["batch_id"];
    let session = world.call("list_sessions", json!({ "batch_id": begun })).await[0].clone();
    let intake = json!({"batch_id": begun, "intake": {"patch_version": "2026-12"}});
    world.call("set_batch_intake", intake).await;
    world.call("start_session", json!({"session_id": session["id"]})).await;
    assert_eq!(world.call("delete_sample", json!({})).await["batches"], 3);
    let left = world.call("list_batches", json!({})).await;
    assert_eq!(each(&left, "batch_id"), std::slice::from_ref(begun));
    let routes = each(&world.call("list_notifications", json!({})).await, "route");
    let gone = second["fired"][0]["batch_id"].as_str().unwrap();
    assert!(routes.iter().all(|route| !route.as_str().unwrap().contains(gone)), "{routes:?}");
}

#[tokio::test]
async fn half_a_sample_is_made_anew() {
    let world = World::new().await;
    let made = create(&world).await;
    // As after a crash: not told to be whole, and the last part is missing.
    world.tamper("DELETE FROM meta WHERE key = 'sample'; UPDATE batches SET tombstone = 1 WHERE target_list_id IS NOT NULL").await;
    let again = create(&world).await;
    assert_eq!(again["created"], true);
    assert_ne!(again["flow_ids"], made["flow_ids"]);
    assert_eq!(names(&world, "list_flows").await.len(), 3);
    assert_eq!(world.call("list_batches", json!({})).await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_zone_that_does_not_exist_makes_nothing() {
    let world = World::new().await;
    world.refuse("create_sample", json!({"timezone": "Mars/Base"}), Validation, "timezone").await;
}
