//! The report of a batch: what it says, in each format, and that nothing a person typed changes its shape.

use crate::support::*;
use mf_contract::ErrorCode::{NotFound, Validation};
use mf_contract::Event;
use serde_json::{Value, json};

/// A batch of four: the second failed with a note, the first is done, the third waits, the fourth runs with a failure.
async fn a_night(world: &World) -> Value {
    let flow = world.asking_flow().await;
    let launch = json!({
        "flow_id": flow["id"], "targets": targets(4), "intake": {"patch_version": "2026.11"},
    });
    let batch = world.call("launch_batch", launch).await;
    world.clock.set("2026-12-08T21:00:00Z");
    let step = |n: usize, step: &str, outcome: &str| json!({"session_id": batch["sessions"][n]["id"], "step_id": step, "outcome": outcome});
    world.call("record_step", step(0, "update", "failed")).await;
    world.call("record_step", step(0, "update", "done")).await;
    world.call("record_step", step(0, "reboot", "done")).await;
    let mut failed = step(1, "update", "failed");
    failed["note"] = json!("=cmd|' /C calc'!A0\nsecond | line");
    world.call("record_step", failed).await;
    world.call("record_step", step(1, "reboot", "skipped")).await;
    let log = json!({
        "session_id": batch["sessions"][1]["id"], "step_id": "update", "name": "installer.log",
        "media_type": "text/plain", "text": "test",
    });
    world.call("add_evidence", log).await;
    world.call("set_batch_ticket", json!({"batch_id": batch["batch_id"], "ticket": "CHG-4711"})).await;
    world.clock.set("2026-12-08T22:30:00Z");
    for n in 0..2 {
        world.call("complete_session", json!({"session_id": batch["sessions"][n]["id"]})).await;
    }
    world.call("record_step", step(3, "update", "failed")).await;
    world.clock.set("2026-12-08T23:00:00Z");
    batch
}

async fn report(world: &World, batch: &Value, format: &str) -> Value {
    let request = json!({"batch_id": batch["batch_id"], "format": format, "timezone": "Europe/Berlin"});
    world.call("make_report", request).await
}

#[tokio::test]
async fn markdown_has_the_facts_and_the_failures_first() {
    let world = World::new().await;
    let batch = a_night(&world).await;
    let document = report(&world, &batch, "markdown").await;
    assert_eq!(document["file_name"], "patch-to-a-version-20261208-2300.md");
    let text = document["text"].as_str().unwrap();
    for line in [
        "# Patch to a version – batch report",
        "- **Result:** 1/4 complete, 1 failed, 1 running, 1 pending",
        "- **Status:** In progress: this report is not final",
        "- **Launched:** 2026-12-08 13:00 +01:00",
        "- **Times in:** Europe/Berlin",
        "- **Change ticket:** CHG-4711",
        "| RDS-02 | 1 Install updates | installer.log | 4 bytes | 2026-12-08 22:00 +01:00 | 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 |",
        "- **Patch version:** 2026.11",
        "| RDS-02 | **Failed** | 2 of 2 | 2026-12-08 22:00 +01:00 | 1 h 30 min |",
        "| RDS-01 | Complete | 2 of 2 | 2026-12-08 22:00 +01:00 | 1 h 30 min |",
        "| RDS-03 | Pending | 0 of 2 |  |  |",
        "## RDS-02 – **Failed**",
        "| 1 | Install updates | Failed | 2026-12-08 22:00 +01:00 | =cmd\\|' /C calc'!A0<br>second \\| line |",
        "| 1 | Install updates | Done (was failed) | 2026-12-08 22:00 +01:00 |  |",
        "| 2 | Reboot | Open |  |  |",
    ] {
        assert!(text.lines().any(|own| own == line), "no line “{line}” in\n{text}");
    }
    let place = |label: &str| text.find(&format!("## {label}")).unwrap();
    assert!(place("RDS-02") < place("RDS-04") && place("RDS-04") < place("RDS-01"), "{text}");
    assert!(!text.contains("Took:"), "a batch that has not ended took no time yet\n{text}");
}

#[tokio::test]
async fn csv_has_a_row_per_target_and_step_and_no_formulas() {
    let world = World::new().await;
    let batch = a_night(&world).await;
    let document = report(&world, &batch, "csv").await;
    let text = document["text"].as_str().unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    let cell = |row: usize, column: &str| {
        let at = columns.iter().position(|name| name == column).unwrap();
        rows[row].get(at).unwrap().to_owned()
    };
    assert_eq!(cell(0, "target"), "RDS-02");
    assert_eq!(cell(0, "status"), "failed");
    assert_eq!(cell(0, "result"), "failed");
    assert_eq!(cell(0, "recorded_at"), "2026-12-08T21:00:00Z");
    assert_eq!(cell(0, "notes"), "'=cmd|' /C calc'!A0\nsecond | line");
    assert!(cell(0, "step_evidence").starts_with("installer.log sha256:9f86d081"));
    assert!((1..8).all(|row| cell(row, "step_evidence").is_empty()));
    assert!((0..8).all(|row| cell(row, "target_evidence").is_empty() && cell(row, "ticket") == "CHG-4711"));
    assert_eq!((cell(1, "result"), cell(7, "result")), ("skipped".to_owned(), "open".to_owned()));
    assert!((0..8).all(|row| cell(row, "batch_id") == batch["batch_id"].as_str().unwrap()));
}

#[tokio::test]
async fn a_report_says_what_each_session_ran_with_for_whom_and_who_signed_it_off() {
    let world = World::new().await;
    let mut flow = maintenance("Patch");
    flow["intake_form"] = json!([{"key": "patch_version", "label": "Patch version", "type": "text"}]);
    flow["structure"]["steps"][0]["title"] = json!("Put {{target.label}} on {{patch_version}} ({{nobody}})");
    let flow = world.call("create_flow", flow).await;
    let batch = world
        .call(
            "launch_batch",
            json!({"flow_id": flow["id"], "intake": {"patch_version": "2026.11"}, "targets": [
                {"label": "RDS-01", "client": "Fabrikam"}, {"label": "RDS-02", "client": "Contoso", "site": "Berlin"},
            ]}),
        )
        .await;
    for session in batch["sessions"].as_array().unwrap() {
        world.work_through(session, "done", "done").await;
    }
    world.call("sign_off_batch", json!({"batch_id": batch["batch_id"]})).await;
    let text = report(&world, &batch, "markdown").await["text"].as_str().unwrap().to_owned();
    for words in [
        "| 1 | Put RDS-01 on 2026.11 ({{nobody}}) | Done |",
        "## Contoso – 1/1 complete\n",
        "### RDS-02 – Complete\n\nClient: Contoso, site: Berlin\n",
        "- **Signed off:** 2026-12-08 13:00 +01:00 by the operator\n",
    ] {
        assert!(text.contains(words), "no “{words}” in\n{text}");
    }
}

#[tokio::test]
async fn pdf_is_one_and_the_same_for_the_same_batch() {
    let world = World::new().await;
    let batch = a_night(&world).await;
    world.told.events();
    let first = report(&world, &batch, "pdf").await;
    assert_eq!(first["media_type"], "application/pdf");
    assert_eq!(first["text"], Value::Null);
    assert!(first["base64"].as_str().unwrap().starts_with("JVBERi0"), "not a PDF");
    assert_eq!(report(&world, &batch, "pdf").await, first);
    let progress = Event::ReportProgress {
        batch_id: batch["batch_id"].as_str().unwrap().parse().unwrap(),
        done: 4,
        total: 4,
    };
    let told = world.told.events();
    assert!(told.contains(&progress), "{told:?}");
}

#[tokio::test]
async fn how_far_a_report_is_only_grows() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 90).await;
    for format in ["pdf", "csv"] {
        world.told.events();
        report(&world, &batch, format).await;
        let told: Vec<(u32, u32)> = world
            .told
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::ReportProgress { done, total, .. } => Some((*done, *total)),
                _ => None,
            })
            .collect();
        assert_eq!((told.first(), told.last()), (Some(&(0, 90)), Some(&(90, 90))), "{format}: {told:?}");
        assert!(told.is_sorted_by(|a, b| a < b), "{format}: {told:?}");
        assert!(told.len() > 3, "{format}: {told:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_reported_is_named() {
    let world = World::new().await;
    let batch = a_night(&world).await;
    let request =
        |id: &Value, format: &str, zone: &str| json!({"batch_id": id, "format": format, "timezone": zone});
    world.refuse("make_report", request(&json!(NOBODY), "pdf", "UTC"), NotFound, "batch_id").await;
    world.refuse("make_report", request(&batch["batch_id"], "docx", "UTC"), Validation, "format").await;
    world
        .refuse("make_report", request(&batch["batch_id"], "csv", "Mars/Base"), Validation, "timezone")
        .await;
}
