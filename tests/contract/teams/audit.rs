//! Who did what, from which computer.

use super::*;
use crate::support::each;

#[tokio::test]
async fn everything_that_was_done_is_there_with_who_did_it() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let list = grace.list_named("RDS farm").await;
    grace.sync().await;
    grace.call("update_target_list", json!({"id": list["id"], "name": "RDS farm 2"})).await;
    grace.sync().await;
    let of_grace = team.member("Grace").await;
    team.owner.call("set_member_role", json!({"id": of_grace, "role": "manager"})).await;
    team.owner.sync().await;

    let all = team.owner.call("list_audit", json!({})).await;
    assert_eq!(
        each(&all, "action"),
        ["set_role", "update", "create", "join", "invite", "join", "create_workspace"]
    );
    assert_eq!((&all[0]["member_name"], &all[0]["detail"]), (&json!("Ada"), &json!("Grace: manager")));
    let edit = &all[1];
    assert_eq!((&edit["member_name"], &edit["entity"]), (&json!("Grace"), &json!("target_lists")));
    assert_eq!((&edit["row_id"], &edit["name"]), (&list["id"], &json!("RDS farm 2")));
    assert!(edit["device_id"].is_string() && edit["at"].is_string());

    let only = |filter: Value| async move { filter };
    for (filter, expected) in [
        (json!({"member_id": of_grace}), vec!["update", "create", "join"]),
        (json!({"entity": "target_lists", "action": "create"}), vec!["create"]),
        (json!({"row_id": list["id"]}), vec!["update", "create"]),
        (json!({"device_id": edit["device_id"], "action": "join"}), vec!["join"]),
        (json!({"to": "2020-01-01T00:00:00Z"}), vec![]),
        (json!({"from": "2020-01-01T00:00:00Z", "action": "invite"}), vec!["invite"]),
    ] {
        let found = team.owner.call("list_audit", json!({"filter": only(filter).await})).await;
        assert_eq!(each(&found, "action"), expected);
    }
    let first = team.owner.call("list_audit", json!({"limit": 3})).await;
    let rest = team.owner.call("list_audit", json!({"limit": 500, "before": first[2]["id"]})).await;
    assert_eq!([each(&first, "id"), each(&rest, "id")].concat(), each(&all, "id"));
    team.owner.refuse("list_audit", json!({"limit": 0}), ErrorCode::Validation, Some("limit")).await;
    let bad = json!({"filter": {"row_id": "x"}});
    team.owner.refuse("list_audit", bad, ErrorCode::Validation, Some("filter.row_id")).await;
}

#[tokio::test]
async fn an_export_has_every_entry_and_overwrites_nothing() {
    let team = Team::new().await;
    team.owner.list_named("With, a comma").await;
    team.owner.sync().await;
    let path = team.owner.folder.path().join("audit.csv");
    let request = json!({"path": path, "filter": {"entity": "target_lists"}});
    let written = team.owner.call("export_audit", request.clone()).await;
    assert_eq!(written["entries"], 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written["bytes"], text.len());
    assert!(text.starts_with("at,member,device,action,entity,row,name,detail\n"), "{text}");
    assert!(text.contains("Ada") && text.contains("\"With, a comma\""), "{text}");
    team.owner.refuse("export_audit", request, ErrorCode::Conflict, Some("path")).await;
    let relative = json!({"path": "audit.csv"});
    team.owner.refuse("export_audit", relative, ErrorCode::Validation, Some("path")).await;
    let grace = team.join("Grace", "operator").await;
    let there = json!({"path": team.owner.folder.path().join("other.csv")});
    grace.refuse("export_audit", there, ErrorCode::Forbidden, None).await;
}
