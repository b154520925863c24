//! What each role may do (design/sync.md): the engine refuses the rest with `forbidden`.

use crate::support::*;
use mf_contract::ErrorCode::Forbidden;
use mf_domain::role::Role;
use serde_json::{Value, json};

/// Commands that change the team's data, with a request that would succeed, and the least role that may.
async fn changes(world: &World) -> Vec<(&'static str, Value, Role)> {
    let flow = world.maintenance_flow("Patch").await;
    let second = world.maintenance_flow("Second").await;
    let procedural = world.procedural_flow().await;
    let list = world.target_list(2).await;
    let batch = world.batch(&flow, 3).await;
    world.work_through(&batch["sessions"][0], "failed", "done").await;
    let schedule = world.schedule(&flow, "@daily").await;
    let cron = json!({"kind": "cron", "expression": "@daily"});
    let (session, ended) = (&batch["sessions"][1]["id"], &batch["sessions"][0]["id"]);
    use Role::{Manager, Operator};
    vec![
        ("create_flow", maintenance("New"), Manager),
        ("update_flow", json!({"id": second["id"], "name": "Renamed"}), Manager),
        ("import_flow_markdown", json!({"markdown": "# A\n1. b", "flow_type": "maintenance"}), Manager),
        ("restore_revision", json!({"flow_id": flow["id"], "revision": 1}), Manager),
        ("put_draft", json!({"key": "k", "content": "c"}), Operator),
        ("delete_draft", json!({"key": "k"}), Operator),
        ("create_schedule", json!({"flow_id": second["id"], "recurrence": cron}), Manager),
        ("update_schedule", json!({"id": schedule["id"], "grace_seconds": 1}), Manager),
        ("delete_schedule", json!({"id": schedule["id"]}), Manager),
        ("delete_flow", json!({"id": second["id"]}), Manager),
        ("create_target_list", json!({"name": "L", "targets": targets(1)}), Operator),
        ("create_sample", json!({}), Manager),
        ("delete_sample", json!({}), Manager),
        ("import_targets", json!({"csv": "name\nDC-01\n", "name": "I"}), Operator),
        ("update_target_list", json!({"id": list["id"], "name": "M"}), Operator),
        ("delete_target_list", json!({"id": list["id"]}), Operator),
        ("launch_batch", json!({"flow_id": flow["id"], "targets": targets(1)}), Operator),
        ("set_batch_intake", json!({"batch_id": batch["batch_id"], "intake": {}}), Operator),
        ("retry_batch", json!({"batch_id": batch["batch_id"]}), Operator),
        ("create_session", json!({"flow_id": procedural["id"]}), Operator),
        ("start_session", json!({ "session_id": session }), Operator),
        ("record_step", json!({"session_id": session, "step_id": "update", "outcome": "done"}), Operator),
        ("record_steps", json!({"session_ids": [session], "step_id": "update", "outcome": "done"}), Operator),
        ("add_note", json!({"session_id": session, "note": "n"}), Operator),
        ("add_notes", json!({"session_ids": [session], "note": "n"}), Operator),
        ("assign_session", json!({"session_id": session, "member_id": null}), Operator),
        ("reopen_session", json!({ "session_id": ended }), Operator),
        ("assign_sessions", json!({"session_ids": [session], "member_id": null}), Operator),
        ("add_evidence", json!({"session_id": session, "name": "a.txt", "text": "abc"}), Operator),
        ("add_step", json!({"session_id": session, "title": "Free the disk"}), Operator),
        ("set_batch_ticket", json!({"batch_id": batch["batch_id"], "ticket": "CHG-1"}), Operator),
        ("set_batch_waves", json!({"batch_id": batch["batch_id"], "waves": {"canary": 1}}), Operator),
        (
            "assign_targets",
            json!({"batch_id": batch["batch_id"], "targets": [{"session_id": batch["sessions"][2]["id"], "label": "A"}]}),
            Operator,
        ),
        ("cancel_session", json!({ "session_id": session }), Operator),
        ("cancel_batch", json!({"batch_id": batch["batch_id"]}), Operator),
        ("scheduler_tick", json!({"now": "2026-12-08T12:15:00Z"}), Operator),
    ]
}

#[tokio::test]
async fn each_role_does_what_it_may_and_no_more() {
    for role in [Role::Readonly, Role::Operator, Role::Manager, Role::Owner] {
        let world = World::new().await;
        let changes = changes(&world).await;
        let world = world.with_role(role);
        for (command, request, needed) in changes {
            if role.allows(needed) {
                world.call(command, request).await;
            } else {
                let error = world.fail(command, request).await;
                assert_eq!((error.code, error.field), (Forbidden, None), "{command} as {role:?}");
            }
        }
    }
}

#[tokio::test]
async fn who_may_only_read_reads_everything() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 1).await;
    let world = world.with_role(Role::Readonly);
    for (command, request) in [
        ("get_flow", json!({"id": flow["id"]})),
        ("export_flow", json!({"id": flow["id"], "format": "json"})),
        ("get_batch", json!({"batch_id": batch["batch_id"]})),
        ("list_missed_occurrences", json!({})),
        ("compare_revisions", json!({"flow_id": flow["id"], "from": 1, "to": 1})),
        ("list_drafts", json!({})),
        ("export_all", json!({})),
        // One's own notices are no data of the team.
        ("mark_notification_read", json!({})),
    ] {
        world.call(command, request).await;
    }
    assert_eq!(world.call("about", json!({})).await["role"], "readonly");
}
