//! The local workspace's content as the beginning of a team's.

use super::*;
use crate::support::maintenance;

#[tokio::test]
async fn everything_comes_along_as_ones_own_work() {
    let local = Laptop::new().await;
    let flow = local.call("create_flow", maintenance("Patch")).await;
    let request = json!({"flow_id": flow["id"], "targets": [{"label": "RDS-01"}]});
    let batch = local.call("launch_batch", request).await;
    let session = &batch["sessions"][0]["id"];
    local
        .call("add_evidence", json!({"session_id": session, "name": "log.txt", "text": "all went well"}))
        .await;
    local.call("assign_session", json!({"session_id": session, "member_id": me(&local).await})).await;
    let cron = json!({"kind": "cron", "expression": "0 9 15 * *"});
    local.call("create_schedule", json!({"flow_id": flow["id"], "recurrence": cron})).await;
    local.list_named("RDS farm").await;

    let database = Database::new().await;
    let made = local.call("create_workspace", database.request()).await;
    let id = &made["workspace_id"];
    let moved = local.call("move_to_workspace", json!({ "workspace_id": id })).await;
    assert_eq!((&moved["evidence"], &moved["schedules_paused"]), (&json!(1), &json!(1)));
    assert!(moved["rows"].as_u64().unwrap() >= 8, "{moved}");
    assert_eq!(local.call("list_schedules", json!({})).await[0]["is_active"], false);

    let owner = local.enter(id).await;
    assert_eq!(owner.call("list_schedules", json!({})).await[0]["is_active"], true);
    let seen = owner.call("get_session", json!({ "id": session })).await;
    assert_eq!(seen["assignee"], made["member_id"]);
    let evidence = seen["evidence"][0]["id"].clone();
    let read = owner.call("read_evidence", json!({"session_id": session, "evidence_id": evidence})).await;
    assert_eq!(read["text"], "all went well");
    let text = owner.export().await.to_string();
    assert!(!text.contains(me(&local).await.as_str().unwrap()), "the local member is nobody in the team");
    owner.sync().await;
    assert_eq!(owner.status().await["waiting"], 0);

    // A colleague has all of it.
    let invite = owner.call("invite_member", json!({"name": "Grace", "role": "readonly"})).await;
    let grace = Laptop::new().await;
    grace.call("join_workspace", json!({"invite": invite["invite"]})).await;
    let grace = grace.enter(id).await;
    grace.sync().await;
    assert_eq!(grace.export().await, owner.export().await);

    // Again brings what is new, and nothing twice.
    local.list_named("Later").await;
    assert_eq!(local.call("move_to_workspace", json!({ "workspace_id": id })).await["rows"], 1);
    assert_eq!(owner.lists().await, ["Later", "RDS farm"]);
    let schedules = owner.call("list_schedules", json!({})).await;
    assert_eq!(
        schedules[0]["is_active"], true,
        "what was paused here for the team's sake is not paused there"
    );
}

async fn me(laptop: &Laptop) -> Value {
    laptop.call("about", json!({})).await["member_id"].clone()
}

#[tokio::test]
async fn one_moves_into_a_team_one_manages() {
    let team = Team::new().await;
    let nowhere = json!({"workspace_id": crate::support::NOBODY});
    team.local.refuse("move_to_workspace", nowhere, ErrorCode::NotFound, Some("workspace_id")).await;
    let itself = json!({"workspace_id": team.id});
    team.owner.refuse("move_to_workspace", itself.clone(), ErrorCode::Conflict, Some("workspace")).await;
    let invite = team.owner.call("invite_member", json!({"name": "Grace", "role": "operator"})).await;
    let grace = Laptop::new().await;
    grace.call("join_workspace", json!({"invite": invite["invite"]})).await;
    grace.refuse("move_to_workspace", itself.clone(), ErrorCode::Forbidden, None).await;
    let own = grace.call("about", json!({})).await["team_id"].clone();
    grace
        .refuse("move_to_workspace", json!({"workspace_id": own}), ErrorCode::Conflict, Some("workspace_id"))
        .await;
}
