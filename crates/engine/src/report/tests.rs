//! One batch in all three formats: texts with variables, targets of several clients, a sign-off.

use super::model::Report;
use super::{csv, markdown, pdf};
use chrono::DateTime;
use mf_contract::batches::Batch;
use mf_contract::sessions::Session;
use mf_domain::intake::IntakeForm;
use mf_domain::recurrence::zone::Zone;
use serde_json::{Value, json};

const ID: &str = "018f0000-0000-7000-8000-000000000001";

fn batch() -> Batch {
    serde_json::from_value(json!({
        "batch_id": ID, "flow_id": ID, "flow_name": "Patch the farm", "origin": "manual",
        "launched_at": "2026-12-08T20:00:00Z", "scheduled_for": null, "status": "finished",
        "total": 3, "pending": 0, "in_progress": 0, "completed": 2, "failed": 1, "skipped": 0, "cancelled": 0,
        "ticket": "CHG-4711",
        "sign_off": {"by": ID, "at": "2026-12-09T08:00:00Z", "note": "all reports read"},
        "revision_id": ID, "revision": 3, "intake": {"patch_version": "2026.12"}, "missing_intake": [],
        "schedule_id": null, "target_list_id": null, "retry_of": null,
    }))
    .expect("a batch")
}

/// A session of a step that was done or that failed, with evidence of the step and of the target.
fn session(label: &str, client: Option<&str>, outcome: &str) -> Session {
    let title = "Put {{target.label}} ({{target.ip}}) on {{patch_version}}, ring {{ring}}";
    let piece = |step: Value, name: &str| {
        json!({
            "id": ID, "step_id": step, "name": name, "media_type": "text/plain", "size": 4,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "at": "2026-12-08T21:00:00Z", "author": ID,
        })
    };
    let step = json!({
        "id": "put", "title": title, "outcome": outcome, "notes": [], "overruled": [],
        "recorded_at": "2026-12-08T21:00:00Z", "recorded_by": ID,
        "evidence": [piece(json!("put"), "step.log")],
    });
    let plain = json!({
        "id": "check", "title": "Check", "outcome": "done", "notes": [], "overruled": [],
        "recorded_at": "2026-12-08T21:00:00Z", "recorded_by": ID,
    });
    serde_json::from_value(json!({
        "id": ID, "batch_id": ID, "flow_id": ID, "flow_name": "Patch the farm",
        "target_label": label, "target_notes": "behind the door", "target_client": client,
        "target_site": client.map(|_| "Berlin"),
        "status": if outcome == "failed" { "failed" } else { "completed" },
        "steps_recorded": 2, "steps_failed": 0, "steps_total": 2, "assignee": null,
        "created_at": "2026-12-08T20:00:00Z", "started_at": "2026-12-08T21:00:00Z",
        "ended_at": "2026-12-08T21:30:00Z", "flow_type": "maintenance",
        "target_variables": {"ip": "10.0.0.11"}, "revision_id": ID, "revision": 3,
        "intake": {"patch_version": "2026.12"}, "structure": {"steps": []}, "steps": [step, plain],
        "current_step_id": null, "notes": [], "evidence": [piece(Value::Null, "whole.log")], "path": [],
        "current_node_id": null, "outcome": null, "late": false, "events": [],
    }))
    .expect("a session")
}

fn report(sessions: &[Session]) -> Report {
    let zone = Zone::named("UTC").expect("a zone");
    let made_at = DateTime::from_timestamp(1_796_860_800, 0).expect("an instant");
    Report::new(&batch(), "the operator".to_owned(), "", &IntakeForm::default(), sessions, zone, made_at)
}

fn of_several() -> Report {
    report(&[
        session("WEB-01", None, "done"),
        session("RDS-01", Some("Fabrikam"), "done"),
        session("RDS-02", Some("contoso"), "done"),
        session("RDS-03", Some("Contoso"), "failed"),
    ])
}

fn table(report: &Report) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = csv::write(report, ID).expect("a table");
    ::csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn titles_say_what_the_session_ran_with_and_show_what_nobody_knows() {
    let report = report(&[session("RDS-01", None, "done")]);
    let title = "Put RDS-01 (10.0.0.11) on 2026.12, ring {{ring}}";
    let markdown = markdown::write(&report);
    assert!(markdown.contains(&format!("| 1 | {title} | Done |")), "{markdown}");
    assert!(markdown.contains(&format!("| RDS-01 | 1 {title} | step.log |")), "{markdown}");
    assert_eq!(table(&report)[0]["step_title"], title);
    let printed = pdf::tests::printed(&report).join(" ");
    assert!(printed.contains(title), "{printed}");
    for text in [markdown, printed] {
        assert!(!text.contains("{{target") && !text.contains("{{patch"), "{text}");
    }
}

#[test]
fn targets_stand_with_their_client_and_failures_come_first_within_each() {
    let report = of_several();
    let markdown = markdown::write(&report);
    let headings: Vec<&str> = markdown.lines().filter(|line| line.starts_with("##")).collect();
    assert_eq!(
        headings,
        [
            "## Intake",
            "## Clients",
            "## contoso – 1/2 complete, 1 failed",
            "### RDS-03 – **Failed**",
            "### RDS-02 – Complete",
            "## Fabrikam – 1/1 complete",
            "### RDS-01 – Complete",
            "## No client – 1/1 complete",
            "### WEB-01 – Complete",
            "## Evidence",
        ]
    );
    for line in [
        "| contoso | 1/2 complete, 1 failed |",
        "| No client | 1/1 complete |",
        "| RDS-03 | Berlin | **Failed** | 2 of 2 | 2026-12-08 21:00 +00:00 | 30 min |",
        "Client: Contoso, site: Berlin",
    ] {
        assert!(markdown.lines().any(|own| own == line), "no line “{line}” in\n{markdown}");
    }
    let rows = table(&report);
    let places: Vec<[&str; 3]> = rows
        .iter()
        .step_by(2)
        .map(|row| ["client", "site", "target"].map(|name| row[name].as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ["Contoso", "Berlin", "RDS-03"],
            ["contoso", "Berlin", "RDS-02"],
            ["Fabrikam", "Berlin", "RDS-01"],
            ["", "", "WEB-01"],
        ]
    );
    let printed = pdf::tests::printed(&report);
    let at = |text: &str| printed.iter().rposition(|line| line == text).unwrap_or_else(|| panic!("{text}"));
    assert!(at("Clients") < at("RDS-03 – failed") && at("RDS-03 – failed") < at("RDS-02 – complete"));
    assert!(at("RDS-02 – complete") < at("RDS-01 – complete"), "{printed:?}");
    assert!(printed.iter().any(|line| line == "Client: Contoso, site: Berlin"), "{printed:?}");
}

#[test]
fn one_client_is_a_fact_and_not_a_section() {
    let one =
        report(&[session("RDS-01", Some("Contoso"), "done"), session("RDS-02", Some("CONTOSO"), "done")]);
    let markdown = markdown::write(&one);
    assert!(markdown.contains("- **Client:** Contoso\n"), "{markdown}");
    assert!(markdown.contains("\n## Targets\n") && !markdown.contains("## Clients"), "{markdown}");
    assert!(!markdown::write(&of_several()).contains("- **Client:**"));
}

#[test]
fn every_format_says_who_signed_off_and_for_which_ticket() {
    let report = of_several();
    let signed = "2026-12-09 08:00 +00:00 by the operator: all reports read";
    let markdown = markdown::write(&report);
    assert!(markdown.contains(&format!("- **Signed off:** {signed}\n")), "{markdown}");
    assert!(pdf::tests::printed(&report).iter().any(|line| line == signed));
    for row in table(&report) {
        let cells = ["ticket", "signed_off_at", "signed_off_by"].map(|name| row[name].as_str());
        assert_eq!(cells, ["CHG-4711", "2026-12-09T08:00:00Z", "the operator"]);
    }
}

#[test]
fn a_table_names_each_piece_of_evidence_once() {
    let rows = table(&report(&[session("RDS-01", None, "done")]));
    let names = |column: &str| -> Vec<String> {
        rows.iter().map(|row| row[column].split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names("step_evidence"), ["step.log", ""]);
    assert_eq!(names("target_evidence"), ["whole.log", ""]);
}
