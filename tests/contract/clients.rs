//! Clients, sites and variables: given to targets, kept on sessions, filtered and counted by.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::{Value, json};

/// A list of Contoso in Rome with a target of another client and one with variables.
async fn contoso(world: &World) -> Value {
    world
        .call(
            "create_target_list",
            json!({
                "name": "Contoso farm",
                "client": " Contoso ",
                "site": "Rome",
                "targets": [
                    {"label": "RDS-01", "variables": {"ip": " 10.0.0.1 ", "os": " "}},
                    {"label": "RDS-02", "client": "Fabrikam"},
                    {"label": "RDS-03", "site": "Oslo"},
                ],
            }),
        )
        .await
}

fn target_of(session: &Value) -> Value {
    json!([session["target_label"], session["target_client"], session["target_site"]])
}

async fn sessions(world: &World, batch: &Value) -> Vec<Value> {
    let listed = world.call("list_sessions", json!({"batch_id": batch["batch_id"]})).await;
    listed.as_array().unwrap().iter().map(target_of).collect()
}

#[tokio::test]
async fn a_list_keeps_what_its_targets_were_given() {
    let world = World::new().await;
    let list = contoso(&world).await;
    assert_eq!((&list["client"], &list["site"]), (&json!("Contoso"), &json!("Rome")));
    assert_eq!(
        list["targets"],
        json!([
            {"label": "RDS-01", "variables": {"ip": "10.0.0.1"}},
            {"label": "RDS-02", "client": "Fabrikam"},
            {"label": "RDS-03", "site": "Oslo"},
        ])
    );
    let summary = &world.call("list_target_lists", json!({})).await[0];
    assert_eq!((&summary["client"], &summary["site"]), (&json!("Contoso"), &json!("Rome")));
    // Left out stays, null takes off.
    let kept = world.call("update_target_list", json!({"id": list["id"], "site": null})).await;
    assert_eq!((&kept["client"], &kept["site"]), (&json!("Contoso"), &json!(null)));
    let kept = world.call("update_target_list", json!({"id": list["id"], "client": "  ", "name": "N"})).await;
    assert_eq!((&kept["client"], &kept["name"]), (&json!(null), &json!("N")));
    assert_eq!(world.call("get_target_list", json!({"id": list["id"]})).await, kept);
}

#[tokio::test]
async fn sessions_carry_what_their_targets_did_however_they_came_to_be() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = contoso(&world).await;
    let expected = [
        json!(["RDS-01", "Contoso", "Rome"]),
        json!(["RDS-02", "Fabrikam", null]),
        json!(["RDS-03", "Contoso", "Oslo"]),
    ];

    // By hand.
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    let batch = world.call("launch_batch", launch).await;
    assert_eq!(sessions(&world, &batch).await, expected);
    let session = world.call("get_session", json!({"id": batch["sessions"][0]["id"]})).await;
    assert_eq!(session["target_variables"], json!({"ip": "10.0.0.1"}));

    // By schedule.
    let schedule = world.schedule(&flow, "30 12 * * *").await;
    let named = json!({"id": schedule["id"], "target_list_id": list["id"]});
    world.call("update_schedule", named).await;
    let fired = world.tick("2026-12-08T12:30:00Z").await;
    assert_eq!(sessions(&world, &fired["fired"][0]).await, expected);

    // Once more, after the list has changed: what was run is what is tried again.
    world.work_through(&batch["sessions"][0], "failed", "done").await;
    world.call("update_target_list", json!({"id": list["id"], "client": "Renamed"})).await;
    let retry = world.call("retry_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(sessions(&world, &retry).await, expected[..1]);
    let again = world.call("get_session", json!({"id": retry["sessions"][0]["id"]})).await;
    assert_eq!(again["target_variables"], json!({"ip": "10.0.0.1"}));

    // On its own.
    let procedural = world.procedural_flow().await;
    let target = json!({"label": "DC-01", "client": "Contoso", "variables": {"ip": "10.0.0.9"}});
    let alone = world.call("create_session", json!({"flow_id": procedural["id"], "target": target})).await;
    assert_eq!(target_of(&alone), json!(["DC-01", "Contoso", null]));
    assert_eq!(alone["target_variables"], json!({"ip": "10.0.0.9"}));
}

#[tokio::test]
async fn what_carries_no_client_reads_as_before() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    assert_eq!(sessions(&world, &batch).await, [json!(["RDS-01", null, null])]);
    let list = world.target_list(1).await;
    assert_eq!(list["targets"], targets(1));
    assert_eq!(world.call("list_clients", json!({})).await, json!([]));
}

#[tokio::test]
async fn lists_batches_and_sessions_are_filtered_by_client() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = contoso(&world).await;
    let other = json!({"name": "Other", "client": "fabrikam", "targets": targets(1)});
    let other = world.call("create_target_list", other).await;
    world.target_list(2).await;
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    let mixed = world.call("launch_batch", launch).await;
    world.clock.set("2026-12-08T12:01:00Z");
    let launch = json!({"flow_id": flow["id"], "target_list_id": other["id"]});
    let pure = world.call("launch_batch", launch).await;
    world.batch(&flow, 2).await;

    let ids = |rows: Value, key: &str| each(&rows, key);
    let by = |client: &str| json!({ "client": client });
    let lists = world.call("list_target_lists", by("FABRIKAM")).await;
    assert_eq!(ids(lists, "id"), [list["id"].clone(), other["id"].clone()]);
    let lists = world.call("list_target_lists", by("contoso")).await;
    assert_eq!(ids(lists, "id"), [list["id"].clone()]);
    assert_eq!(world.call("list_target_lists", by(" ")).await.as_array().unwrap().len(), 3);

    let batches = world.call("list_batches", by("Fabrikam")).await;
    assert_eq!(ids(batches, "batch_id"), [pure["batch_id"].clone(), mixed["batch_id"].clone()]);
    let of_flow = json!({"client": "contoso", "flow_id": flow["id"]});
    assert_eq!(ids(world.call("list_batches", of_flow).await, "batch_id"), [mixed["batch_id"].clone()]);
    assert_eq!(world.call("list_batches", by("Nobody")).await, json!([]));

    let found = world.call("list_sessions", by("fabrikam")).await;
    assert_eq!(ids(found, "target_client"), ["fabrikam", "Fabrikam"]);
    let found =
        world.call("list_sessions", json!({"client": "CONTOSO", "batch_id": mixed["batch_id"]})).await;
    assert_eq!(ids(found, "target_label"), ["RDS-01", "RDS-03"]);
    let found = world.call("list_sessions", json!({"client": "contoso", "search": "03"})).await;
    assert_eq!(ids(found, "target_label"), ["RDS-03"]);
    // Page by page.
    let pages = paged(&world, "list_sessions", json!({"client": "contoso", "limit": 1}), "id").await;
    assert_eq!(pages.len(), 2);
    let pages = paged(&world, "list_batches", json!({"client": "fabrikam", "limit": 1}), "batch_id").await;
    assert_eq!(pages.len(), 2);
}

#[tokio::test]
async fn clients_are_counted_once_whatever_their_case() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = contoso(&world).await;
    let other = json!({"name": "Other", "client": "FABRIKAM", "targets": targets(1)});
    world.call("create_target_list", other).await;
    let lonely = json!({"name": "Lonely", "client": "Zürich AG", "targets": targets(1)});
    let lonely = world.call("create_target_list", lonely).await;
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    let batch = world.call("launch_batch", launch).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;

    let client = |name: &str, target_lists: u32, sessions: u32, open: u32| json!({"name": name, "target_lists": target_lists, "sessions": sessions, "open_sessions": open});
    assert_eq!(
        world.call("list_clients", json!({})).await,
        json!([client("Contoso", 1, 2, 1), client("Fabrikam", 2, 1, 1), client("Zürich AG", 1, 0, 0)])
    );
    world.call("delete_target_list", json!({"id": lonely["id"]})).await;
    assert_eq!(each(&world.call("list_clients", json!({})).await, "name"), ["Contoso", "Fabrikam"]);
}

#[tokio::test]
async fn wrong_clients_and_variables_are_refused_by_path() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let long = "x".repeat(501);
    for (target, field) in [
        (json!({"label": "a", "client": "two\nlines"}), "targets[0].client"),
        (json!({"label": "a", "site": "x".repeat(256)}), "targets[0].site"),
        (json!({"label": "a", "variables": {"IP": "x"}}), "targets[0].variables.IP"),
        (json!({"label": "a", "variables": {"notes": "x"}}), "targets[0].variables.notes"),
        (json!({"label": "a", "variables": {"ip": long}}), "targets[0].variables.ip"),
    ] {
        let create = json!({"name": "L", "targets": [target]});
        world.refuse("create_target_list", create, Validation, field).await;
        let launch = json!({"flow_id": flow["id"], "targets": [target]});
        world.refuse("launch_batch", launch, Validation, field).await;
    }
    let create = json!({"name": "L", "client": "x".repeat(256), "targets": targets(1)});
    world.refuse("create_target_list", create, Validation, "client").await;
    let create = json!({"name": "L", "site": "a\u{0}", "targets": targets(1)});
    world.refuse("create_target_list", create, Validation, "site").await;
}

#[tokio::test]
async fn the_export_holds_clients_sites_and_variables() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = contoso(&world).await;
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    world.call("launch_batch", launch).await;
    let all = world.call("export_all", json!({})).await;
    let row = |kind: &str, key: &str, value: &str| {
        let rows = all.as_array().unwrap().iter().filter(|row| row["kind"] == kind);
        rows.map(|row| row["row"].clone()).find(|row| row[key] == value).unwrap()
    };
    let list = row("target_lists", "name", "Contoso farm");
    assert_eq!((&list["client"], &list["site"]), (&json!("Contoso"), &json!("Rome")));
    let session = row("sessions", "target_label", "RDS-01");
    assert_eq!((&session["target_client"], &session["target_site"]), (&json!("Contoso"), &json!("Rome")));
    assert_eq!(session["target_variables"], json!({"ip": "10.0.0.1"}));
    assert!(session.get("folded_client").is_none());
}
