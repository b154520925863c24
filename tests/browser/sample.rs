//! A workspace with something of everything, made as a script would make it.

use crate::browser::Folder;
use serde_json::{Value, json};

pub(crate) const RUNBOOK: &str = "# RDS host patching\n\nMonthly updates of the session hosts.\n\n\
    1. Put the host in drain mode (2 min)\n2. Install updates (15 min)\n3. Verify logon\n";

/// What there is, by id.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) maintenance: String,
    pub(crate) procedure: String,
    pub(crate) tree: String,
    pub(crate) batch: String,
    pub(crate) list: String,
    /// Being worked on, with a failed step.
    pub(crate) open_session: String,
    pub(crate) ended_session: String,
    pub(crate) tree_session: String,
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

impl Sample {
    pub(crate) fn make(folder: &Folder) -> Self {
        let import = |flow_type: &str| {
            let flow =
                folder.rpc("import_flow_markdown", &json!({"markdown": RUNBOOK, "flow_type": flow_type}));
            text(&flow["id"])
        };
        let (maintenance, procedure) = (import("maintenance"), import("procedural"));
        let tree = text(&folder.rpc("create_flow", &printer_tree())["id"]);
        let targets: Vec<Value> =
            (1..=8).map(|n| json!({"label": format!("RDS-{n:02}"), "notes": "rack 4"})).collect();
        let list = folder.rpc("create_target_list", &json!({"name": "RDS farm", "targets": targets}));
        let freeze =
            json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"}]);
        let freeze = folder.rpc("create_blackout_calendar", &json!({"name": "Year end", "entries": freeze}));
        folder.rpc(
            "create_schedule",
            &json!({
                "flow_id": maintenance, "timezone": "Europe/Berlin", "target_list_id": list["id"],
                "recurrence": {"kind": "cron", "expression": "0 3 * * 2"},
                "blackout_calendar_ids": [freeze["id"]],
            }),
        );
        let batch =
            folder.rpc("launch_batch", &json!({"flow_id": maintenance, "target_list_id": list["id"]}));
        let sessions = folder.rpc("list_sessions", &json!({"batch_id": batch["batch_id"]}));
        let at = |n: usize| text(&sessions[n]["id"]);
        let step = |session: &str, step: &str, outcome: &str| {
            let mut request = json!({"session_id": session, "step_id": step, "outcome": outcome});
            if outcome != "done" {
                request["note"] = json!("KB5069112 did not install");
            }
            folder.rpc("record_step", &request);
        };
        for n in 0..2 {
            folder.rpc("start_session", &json!({"session_id": at(n)}));
            step(&at(n), "step-1", "done");
            step(&at(n), "step-2", if n == 0 { "failed" } else { "skipped" });
        }
        step(&at(1), "step-3", "done");
        folder.rpc(
            "add_evidence",
            &json!({"session_id": at(0), "step_id": "step-3", "name": "logon.txt", "text": "user1  12 s\n"}),
        );
        let me = &folder.rpc("about", &json!({}))["member_id"];
        folder.rpc("assign_session", &json!({"session_id": at(0), "member_id": me}));
        folder.rpc("complete_session", &json!({"session_id": at(1)}));
        folder.rpc("make_backup", &json!({}));
        let tree_session = text(&folder.rpc("create_session", &json!({"flow_id": tree}))["id"]);
        Self {
            batch: text(&batch["batch_id"]),
            list: text(&list["id"]),
            open_session: at(0),
            ended_session: at(1),
            maintenance,
            procedure,
            tree,
            tree_session,
        }
    }
}

fn printer_tree() -> Value {
    json!({
        "name": "Printer does not print",
        "flow_type": "troubleshooting",
        "structure": {"start": "power", "nodes": [
            {"id": "power", "type": "question", "title": "Is it on?", "answers": [
                {"label": "Yes", "to": "fixed"},
                {"label": "No", "to": "switch"},
            ]},
            {"id": "switch", "type": "action", "title": "Switch it on", "next": "fixed"},
            {"id": "fixed", "type": "outcome", "title": "It prints", "outcome": "resolved"},
        ]},
    })
}
