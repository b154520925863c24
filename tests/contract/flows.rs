//! Flows: the library, revisions, documents.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::json;

#[tokio::test]
async fn a_new_flow_is_answered_as_it_is_stored() {
    let world = World::new().await;
    let mut request = maintenance("  Patch Citrix  ");
    request["description"] = json!("Monthly.");
    let flow = world.call("create_flow", request).await;
    assert_eq!(flow["name"], "Patch Citrix");
    assert_eq!(flow["revision"], 1);
    assert_eq!(flow["step_count"], 2);
    assert_eq!(flow["estimate_minutes"], 20);
    assert_eq!(flow["created_at"], START);
    assert_eq!(flow["structure"]["steps"][1]["content_type"], "action");
    assert_eq!(flow["structure"]["steps"][1]["evidence"], "none");
    assert_eq!(world.call("get_flow", json!({"id": flow["id"]})).await, flow);
}

#[tokio::test]
async fn a_step_without_id_is_given_one() {
    let world = World::new().await;
    let mut request = maintenance("F");
    request["structure"] = json!({"steps": [
        {"type": "procedure_step", "title": "A"},
        {"type": "procedure_end", "title": "E"},
    ]});
    let flow = world.call("create_flow", request).await;
    assert_ne!(flow["structure"]["steps"][0]["id"], flow["structure"]["steps"][1]["id"]);
    assert!(flow["structure"]["steps"][0]["id"].is_string());
}

#[tokio::test]
async fn the_library_counts_filters_and_searches() {
    let world = World::new().await;
    world.maintenance_flow("b patch").await;
    world.maintenance_flow("A patch_100%").await;
    world.procedural_flow().await;
    assert_eq!(
        world.call("flow_counts", json!({})).await,
        json!({"total": 3, "troubleshooting": 0, "procedural": 1, "maintenance": 2})
    );
    let names = |list: &serde_json::Value| each(list, "name");
    let all = world.call("list_flows", json!({})).await;
    assert_eq!(names(&all), ["A patch_100%", "b patch", "Move an office"]);
    assert_eq!(all[0]["step_count"], 2);
    let some = world.call("list_flows", json!({"flow_type": "maintenance", "search": "B P"})).await;
    assert_eq!(names(&some), ["b patch"]);
    // Characters that mean something to LIKE are letters like any other.
    assert_eq!(names(&world.call("list_flows", json!({"search": "H_1"})).await), ["A patch_100%"]);
    assert_eq!(world.call("list_flows", json!({"search": "_%_%"})).await, json!([]));
    // Letters beyond ASCII, and however they are composed.
    world.call("create_flow", maintenance("Übergabe im Café")).await;
    for search in ["über", "ÜBERGABE", "cafe\u{301}"] {
        assert_eq!(names(&world.call("list_flows", json!({"search": search})).await), ["Übergabe im Café"]);
    }
}

#[tokio::test]
async fn the_library_shows_the_next_run_and_open_batches() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let schedule = world.schedule(&flow, "0 22 * * *").await;
    world.batch(&flow, 2).await;
    let row = &world.call("list_flows", json!({})).await[0];
    assert_eq!(row["next_run_at"], "2026-12-08T22:00:00Z");
    assert_eq!(row["open_batches"], 1);
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    assert_eq!(world.call("list_flows", json!({})).await[0]["next_run_at"], json!(null));
}

#[tokio::test]
async fn every_saved_change_is_a_revision_and_a_change_of_nothing_is_none() {
    let world = World::new().await;
    let flow = world.maintenance_flow("First").await;
    let update = json!({"id": flow["id"], "name": "Second", "expected_revision": 1});
    let second = world.call("update_flow", update).await;
    assert_eq!((&second["revision"], &second["name"]), (&json!(2), &json!("Second")));
    assert_eq!(second["structure"], flow["structure"]);

    let before = world.content().await;
    world.told.events();
    let same = world.call("update_flow", json!({"id": flow["id"], "name": " Second "})).await;
    assert_eq!(same, second);
    assert_eq!(world.content().await, before);
    assert_eq!(world.told.events(), []);

    let revisions = world.call("list_flow_revisions", json!({"flow_id": flow["id"]})).await;
    assert_eq!(each(&revisions, "revision"), [2, 1]);
    assert_eq!(each(&revisions, "name"), ["Second", "First"]);
}

#[tokio::test]
async fn an_edit_of_an_outdated_revision_is_a_conflict() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    world.call("update_flow", json!({"id": flow["id"], "name": "G"})).await;
    let late = json!({"id": flow["id"], "name": "H", "expected_revision": 1});
    let error = world.refuse("update_flow", late, Conflict, "expected_revision").await;
    assert!(error.message.contains("revision 2"), "{error}");
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_put_a_new_revision_before_an_old_one() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    world.clock.set("2026-12-01T00:00:00Z");
    let update = json!({"id": flow["id"], "name": "G"});
    assert_eq!(world.call("update_flow", update).await["revision"], 2);
    let flow = world.call("get_flow", json!({"id": flow["id"]})).await;
    assert_eq!((&flow["revision"], &flow["name"]), (&json!(2), &json!("G")));
}

#[tokio::test]
async fn the_type_stays_while_a_schedule_or_an_open_batch_needs_it() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let schedule = world.schedule(&flow, "@daily").await;
    let change = json!({"id": flow["id"], "flow_type": "procedural"});
    world.refuse("update_flow", change.clone(), Conflict, "flow_type").await;
    world.call("delete_schedule", json!({"id": schedule["id"]})).await;

    let batch = world.batch(&flow, 1).await;
    world.refuse("update_flow", change.clone(), Conflict, "flow_type").await;
    world.call("cancel_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(world.call("update_flow", change).await["flow_type"], "procedural");
    // Nor may restoring bring the old type back while a session is open.
    world.call("create_session", json!({"flow_id": flow["id"]})).await;
    let restore = json!({"flow_id": flow["id"], "revision": 1});
    world.refuse("restore_revision", restore, Conflict, "flow_type").await;
}

#[tokio::test]
async fn a_deleted_flow_keeps_its_history_and_never_fires() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    world.schedule(&flow, "*/15 * * * *").await;
    let batch = world.batch(&flow, 2).await;
    assert_eq!(world.call("delete_flow", json!({"id": flow["id"]})).await, json!({}));

    world.refuse("get_flow", json!({"id": flow["id"]}), NotFound, "id").await;
    world.refuse("delete_flow", json!({"id": flow["id"]}), NotFound, "id").await;
    world.refuse("get_schedule_for_flow", json!({"flow_id": flow["id"]}), NotFound, "flow_id").await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(1)});
    world.refuse("launch_batch", launch, NotFound, "flow_id").await;
    assert_eq!(world.call("list_flows", json!({})).await, json!([]));
    assert_eq!(world.call("flow_counts", json!({})).await["total"], 0);
    assert_eq!(world.call("list_schedules", json!({})).await, json!([]));
    assert_eq!(world.tick("2026-12-08T12:15:00Z").await, json!({"fired": [], "missed": 0, "transitions": 0}));

    let history = world.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!((&history["flow_name"], &history["total"]), (&json!("F"), &json!(2)));
    world.work_through(&batch["sessions"][0], "done", "done").await;
}

#[tokio::test]
async fn a_plain_runbook_becomes_a_flow() {
    let world = World::new().await;
    let markdown = "# Patch the farm\n\nMonthly.\n\n1. Drain the host\n2. Install updates\n   Use the WSUS group.\n3. Reboot\n";
    let request = json!({"markdown": markdown, "flow_type": "maintenance"});
    let preview = world.call("preview_flow_markdown", request.clone()).await;
    assert_eq!(preview, json!({"name": "Patch the farm", "step_count": 3}));
    assert_eq!(world.call("flow_counts", json!({})).await["total"], 0);
    let flow = world.call("import_flow_markdown", request).await;
    assert_eq!(flow["name"], "Patch the farm");
    assert_eq!(flow["step_count"], 3);
    let steps = flow["structure"]["steps"].as_array().unwrap();
    assert_eq!(steps[1]["title"], "Install updates");
    assert_eq!(steps[1]["description"], "Use the WSUS group.");
    assert_eq!(steps[3]["type"], "procedure_end");
    for (markdown, field) in [("", "markdown"), ("# Only a name", "markdown"), ("1. No name", "markdown")] {
        let request = json!({"markdown": markdown, "flow_type": "maintenance"});
        world.refuse("preview_flow_markdown", request.clone(), Validation, field).await;
        world.refuse("import_flow_markdown", request, Validation, field).await;
    }
    let tree = json!({"markdown": markdown, "flow_type": "troubleshooting"});
    world.refuse("import_flow_markdown", tree, Validation, "flow_type").await;
}

#[tokio::test]
async fn a_flow_survives_export_and_import_in_both_formats() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    for (format, file) in [("json", "patch-to-a-version.json"), ("markdown", "patch-to-a-version.md")] {
        let document = world.call("export_flow", json!({"id": flow["id"], "format": format})).await;
        assert_eq!(document["file_name"], file);
        let content = &document["content"];
        let copy = match format {
            "json" => world.call("import_flow_json", json!({ "json": content })).await,
            _ => {
                let request = json!({"markdown": content, "flow_type": "maintenance"});
                world.call("import_flow_markdown", request).await
            }
        };
        assert_ne!(copy["id"], flow["id"]);
        assert_eq!(copy["name"], flow["name"]);
        assert_eq!(copy["intake_form"], flow["intake_form"], "{format}");
        let titles = |flow: &serde_json::Value| each(&flow["structure"]["steps"], "title");
        assert_eq!(titles(&copy), titles(&flow), "{format}");
    }
    for text in
        ["", "{}", r#"{"format":"other","name":"F","flow_type":"maintenance","structure":{"steps":[]}}"#]
    {
        world.refuse("import_flow_json", json!({ "json": text }), Validation, "json").await;
        world.refuse("preview_flow_json", json!({ "json": text }), Validation, "json").await;
    }
}

#[tokio::test]
async fn a_document_is_previewed_as_it_would_be_imported() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let content =
        world.call("export_flow", json!({"id": flow["id"], "format": "json"})).await["content"].clone();
    let preview = world.call("preview_flow_json", json!({ "json": content })).await;
    assert_eq!(preview, json!({"name": "Patch", "flow_type": "maintenance", "step_count": 2}));
    assert_eq!(world.call("flow_counts", json!({})).await["total"], 1, "nothing is made");
    // A rule that the document breaks is told before it is imported, and by the same path.
    let mut document: serde_json::Value = serde_json::from_str(content.as_str().unwrap()).unwrap();
    document["structure"]["steps"] = json!([]);
    let broken = json!({"json": document.to_string()});
    for command in ["preview_flow_json", "import_flow_json"] {
        world.refuse(command, broken.clone(), Validation, "structure.steps").await;
    }
}

#[tokio::test]
async fn a_structure_that_breaks_a_rule_is_refused_by_its_path() {
    let world = World::new().await;
    let step = |id: &str| json!({"id": id, "type": "procedure_step", "title": "S"});
    let end = json!({"id": "end", "type": "procedure_end", "title": "E"});
    for (structure, field) in [
        (json!({"steps": []}), "structure.steps"),
        (json!({"steps": [step("a")]}), "structure.steps"),
        (json!({"steps": [end, step("a")]}), "structure.steps[0].type"),
        (json!({"steps": [step("a"), step("a"), end]}), "structure.steps[1].id"),
        (
            json!({"steps": [{"id": "a", "type": "procedure_step", "title": " "}, end]}),
            "structure.steps[0].title",
        ),
        (json!({"steps": [{"id": "a", "type": "dance", "title": "S"}, end]}), "structure.steps[0].type"),
        (
            json!({"steps": [{"id": "a", "type": "procedure_step", "title": "S", "colour": 1}, end]}),
            "structure.steps[0].colour",
        ),
        (json!({"steps": "none"}), "structure.steps"),
        (json!({"start": "a", "nodes": []}), "structure"),
        (json!({}), "structure"),
        (json!(7), "structure"),
    ] {
        let mut request = maintenance("F");
        request["structure"] = structure;
        world.refuse("create_flow", request, Validation, field).await;
    }
    let mut twice = maintenance("F");
    twice["intake_form"] = json!([
        {"key": "a", "label": "A", "type": "text"},
        {"key": "a", "label": "B", "type": "text"},
    ]);
    world.refuse("create_flow", twice, Validation, "intake_form[1].key").await;
}
