//! Importing targets from a CSV file: looked at, done at once, and taken back.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::{Value, json};

/// An export with a new target, one the list knows, one it knows better, and one that cannot be.
const CSV: &str = "\u{feff}Hostname;Description;Site;Int IP Address\r\nRDS-03;core;Contoso;10.0.0.3\r\n\
                   rds-01;;;10.0.0.1\r\nRDS-02;10.0.0.2;;\r\n;nameless;;\r\n";

#[tokio::test]
async fn a_preview_says_what_would_happen_and_does_nothing() {
    let world = World::new().await;
    let list = world.target_list(2).await;
    let before = world.content().await;
    let request = json!({"csv": CSV, "target_list_id": list["id"]});
    let found = world.call("preview_target_import", request).await;
    assert_eq!((&found["delimiter"], &found["preset"]), (&json!(";"), &json!("datto_rmm")));
    assert_eq!(found["columns"], json!(["Hostname", "Description", "Site", "Int IP Address"]));
    assert_eq!(
        found["mapping"],
        json!({"label": "Hostname", "notes": "Description", "client": "Site", "variables": {"ip": "Int IP Address"}})
    );
    assert_eq!(
        found["rows"],
        json!([
            {"line": 2, "label": "RDS-03", "verdict": "create"},
            {"line": 3, "label": "rds-01", "verdict": "update", "reason": "changes ip"},
            {"line": 4, "label": "RDS-02", "verdict": "skip", "reason": "the list says the same"},
            {"line": 5, "label": "", "verdict": "rejected", "reason": "the name must not be empty"},
        ])
    );
    let counts = ["create", "update", "skip", "rejected"].map(|key| found[key].clone());
    assert_eq!(counts, [1, 1, 1, 1]);
    assert_eq!(each(&found["targets"], "label"), ["RDS-01", "RDS-02", "RDS-03"]);
    assert!(found["rejected_csv"].as_str().unwrap().contains("5;the name must not be empty;;nameless"));
    assert_eq!(world.content().await, before);
}

#[tokio::test]
async fn what_was_previewed_can_be_launched_as_it_is() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let found = world.call("preview_target_import", json!({"csv": CSV})).await;
    let launch = json!({"flow_id": flow["id"], "targets": found["targets"]});
    let batch = world.call("launch_batch", launch).await;
    let session = world.call("get_session", json!({"id": batch["sessions"][0]["id"]})).await;
    assert_eq!((&session["target_label"], &session["target_client"]), (&json!("RDS-03"), &json!("Contoso")));
    assert_eq!(session["target_variables"], json!({"ip": "10.0.0.3"}));
}

#[tokio::test]
async fn what_was_previewed_in_a_list_is_launched_as_the_list_would_be() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({"name": "Farm", "client": "Fabrikam", "site": "Oslo", "targets": targets(1)});
    let list = world.call("create_target_list", request).await;
    let before = world.content().await;
    let csv = "Name,Client,Site\nRDS-02,,\nRDS-03,Contoso,\nRDS-04,,Rome\n";
    let found = world.call("preview_target_import", json!({"csv": csv, "target_list_id": list["id"]})).await;
    assert_eq!(world.content().await, before);
    let previewed =
        world.call("launch_batch", json!({"flow_id": flow["id"], "targets": found["targets"]})).await;
    let mut places = Vec::new();
    for session in previewed["sessions"].as_array().unwrap() {
        let session = world.call("get_session", json!({"id": session["id"]})).await;
        places.push((session["target_client"].clone(), session["target_site"].clone()));
    }
    assert_eq!(
        places,
        [
            (json!("Fabrikam"), json!("Oslo")),
            (json!("Fabrikam"), json!("Oslo")),
            (json!("Contoso"), Value::Null),
            (json!("Fabrikam"), json!("Rome")),
        ]
    );

    // Imported and launched from the list they are the same; the targets themselves took nothing over.
    world.call("import_targets", json!({"csv": csv, "target_list_id": list["id"]})).await;
    let stored = world.call("get_target_list", json!({"id": list["id"]})).await;
    assert_eq!(each(&stored["targets"], "client"), [Value::Null, Value::Null, json!("Contoso"), Value::Null]);
    let launch = json!({"flow_id": flow["id"], "target_list_id": list["id"]});
    let listed = world.call("launch_batch", launch).await;
    for (session, place) in listed["sessions"].as_array().unwrap().iter().zip(places) {
        let session = world.call("get_session", json!({"id": session["id"]})).await;
        assert_eq!((session["target_client"].clone(), session["target_site"].clone()), place);
    }
}

#[tokio::test]
async fn an_import_into_a_list_is_one_change_and_can_be_undone_once() {
    let world = World::new().await;
    let list = world.target_list(2).await;
    let before = world.call("get_target_list", json!({"id": list["id"]})).await;
    world.clock.set("2026-12-08T12:05:00Z");
    let import = world.call("import_targets", json!({"csv": CSV, "target_list_id": list["id"]})).await;
    assert_eq!(import["target_list_id"], list["id"]);
    assert_eq!(
        (&import["create"], &import["rejected"], &import["target_count"]),
        (&json!(1), &json!(1), &json!(3))
    );
    assert!(import["rejected_csv"].is_string());
    let after = world.call("get_target_list", json!({"id": list["id"]})).await;
    assert_eq!(
        after["targets"],
        json!([
            {"label": "RDS-01", "notes": "10.0.0.1", "variables": {"ip": "10.0.0.1"}},
            {"label": "RDS-02", "notes": "10.0.0.2"},
            {"label": "RDS-03", "notes": "core", "client": "Contoso", "variables": {"ip": "10.0.0.3"}},
        ])
    );
    let undo = json!({"import_id": import["import_id"]});
    assert_eq!(world.call("undo_target_import", undo.clone()).await, json!({}));
    assert_eq!(world.call("get_target_list", json!({"id": list["id"]})).await, before);
    world.refuse("undo_target_import", undo, Conflict, "import_id").await;
}

#[tokio::test]
async fn an_import_as_a_new_list_is_undone_by_deleting_it() {
    let world = World::new().await;
    let request = json!({"csv": CSV, "name": " Imported ", "client": "Fabrikam", "site": "Oslo"});
    let import = world.call("import_targets", request).await;
    let list = world.call("get_target_list", json!({"id": import["target_list_id"]})).await;
    assert_eq!(
        (&list["name"], &list["client"], &list["site"]),
        (&json!("Imported"), &json!("Fabrikam"), &json!("Oslo"))
    );
    assert_eq!(each(&list["targets"], "label"), ["RDS-03", "rds-01", "RDS-02"]);
    world.call("undo_target_import", json!({"import_id": import["import_id"]})).await;
    world.refuse("get_target_list", json!({"id": list["id"]}), NotFound, "id").await;
    assert_eq!(world.call("list_target_lists", json!({})).await, json!([]));
}

#[tokio::test]
async fn what_was_changed_since_is_not_undone_over_anybodys_head() {
    let world = World::new().await;
    let list = world.target_list(2).await;
    let import = world.call("import_targets", json!({"csv": CSV, "target_list_id": list["id"]})).await;
    world.call("update_target_list", json!({"id": list["id"], "name": "Edited"})).await;
    let undo = json!({"import_id": import["import_id"]});
    let error = world.refuse("undo_target_import", undo, Conflict, "import_id").await;
    assert!(error.message.contains("changed since"), "{error}");

    let made = world.call("import_targets", json!({"csv": CSV, "name": "New"})).await;
    world.call("delete_target_list", json!({"id": made["target_list_id"]})).await;
    let undo = json!({"import_id": made["import_id"]});
    world.refuse("undo_target_import", undo, Conflict, "import_id").await;
    world.refuse("undo_target_import", json!({"import_id": NOBODY}), NotFound, "import_id").await;
}

#[tokio::test]
async fn an_import_that_would_change_nothing_is_refused() {
    let world = World::new().await;
    let list = world.target_list(2).await;
    let into = |csv: &str| json!({"csv": csv, "target_list_id": list["id"]});
    let error = world.refuse("import_targets", into("name\n \n=1\n"), Validation, "csv").await;
    assert!(error.message.contains("line 3: the name would be run as a formula"), "{error}");
    world.refuse("import_targets", into("name\nRDS-01\n"), Validation, "csv").await;
    world.refuse("import_targets", into("name\n"), Validation, "csv").await;
    world.refuse("import_targets", into("name\n\"a"), Validation, "csv").await;
}

#[tokio::test]
async fn wrong_requests_name_their_field() {
    let world = World::new().await;
    let list = world.target_list(1).await;
    for (request, code, field) in [
        (json!({"csv": CSV, "target_list_id": NOBODY}), NotFound, "target_list_id"),
        (json!({"csv": CSV, "mapping": {"label": "No such"}}), Validation, "mapping.label"),
        (json!({"csv": "a\n1\n", "preset": "ninja_one"}), Validation, "preset"),
        (json!({"csv": ""}), Validation, "csv"),
        (json!({"csv": CSV, "preset": "unheard_of"}), Validation, "preset"),
    ] {
        world.refuse("preview_target_import", request.clone(), code, field).await;
        let mut import = request;
        if import.get("target_list_id").is_none() {
            import["name"] = json!("New");
        }
        world.refuse("import_targets", import, code, field).await;
    }
    world.refuse("import_targets", json!({"csv": CSV}), Validation, "name").await;
    world.refuse("import_targets", json!({"csv": CSV, "name": " "}), Validation, "name").await;
    let both = json!({"csv": CSV, "name": "New", "target_list_id": list["id"]});
    world.refuse("import_targets", both, Validation, "name").await;
}

#[tokio::test]
async fn five_thousand_rows_come_in_at_once_and_old_imports_are_forgotten() {
    let world = World::new().await;
    let rows: String = (0..5_000).map(|n| format!("RDS-{n},10.0.0.{n}\n")).collect();
    let csv = format!("name,notes\n{rows}");
    let large = world.call("import_targets", json!({"csv": csv, "name": "Large"})).await;
    assert_eq!(large["target_count"], 5_000);
    let mut ids: Vec<Value> = Vec::new();
    for n in 0..51 {
        world.clock.set(&format!("2026-12-08T13:{n:02}:00Z"));
        let csv = format!("name\nT{n}\n");
        let import = world.call("import_targets", json!({"csv": csv, "name": format!("List {n}")})).await;
        ids.push(import["import_id"].clone());
    }
    world.refuse("undo_target_import", json!({"import_id": large["import_id"]}), NotFound, "import_id").await;
    world.refuse("undo_target_import", json!({"import_id": ids[0]}), NotFound, "import_id").await;
    world.call("undo_target_import", json!({"import_id": ids[1]})).await;
}
