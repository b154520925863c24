//! Copies that lost: seen by all, beside what stands, restored or left.

use super::*;

/// The owner and an operator, and a target list that both changed without knowing of each other. The owner's copy lost.
async fn quarrel() -> (Team, Laptop, Value) {
    let team = Team::new().await;
    let list = team.owner.list_named("RDS farm").await;
    team.owner.sync().await;
    let grace = team.join("Grace", "operator").await;
    let id = list["id"].clone();
    team.owner.call("update_target_list", json!({"id": id, "name": "By Ada"})).await;
    grace.call("update_target_list", json!({"id": id, "name": "By Grace"})).await;
    grace.sync().await;
    let report = team.owner.sync().await;
    assert_eq!(report["conflicts"], 1, "{report}");
    grace.sync().await;
    (team, grace, id)
}

#[tokio::test]
async fn both_versions_are_shown_to_the_whole_team() {
    let (team, grace, id) = quarrel().await;
    for laptop in [&team.owner, &grace] {
        assert_eq!(laptop.lists().await, ["By Grace"]);
        let found = laptop.conflicts().await;
        assert_eq!(found.len(), 1);
        let conflict = &found[0];
        assert_eq!((&conflict["entity"], &conflict["row_id"]), (&json!("target_lists"), &id));
        assert_eq!((&conflict["reason"], &conflict["member_name"]), (&json!("concurrent"), &json!("Ada")));
        assert_eq!(
            (&conflict["lost"]["name"], &conflict["stands"]["name"]),
            (&json!("By Ada"), &json!("By Grace"))
        );
        assert!(conflict["lost"]["targets"].is_array() && conflict["lost"]["updated_at"].is_string());
        assert_eq!(conflict["can_restore"], true);
        assert_eq!(laptop.status().await["state"], "conflict");
    }
}

#[tokio::test]
async fn a_restored_copy_stands_for_everybody_and_the_conflict_is_settled() {
    let (team, grace, _) = quarrel().await;
    let conflict = grace.conflicts().await.remove(0);
    grace.call("restore_conflict", json!({"id": conflict["id"]})).await;
    grace.refuse("restore_conflict", json!({"id": conflict["id"]}), ErrorCode::NotFound, Some("id")).await;
    grace.sync().await;
    team.owner.sync().await;
    for laptop in [&team.owner, &grace] {
        assert_eq!(laptop.lists().await, ["By Ada"]);
        assert_eq!(laptop.conflicts().await, Vec::<Value>::new());
        assert_eq!(laptop.status().await["state"], "synced");
    }
    assert_eq!(team.owner.export().await, grace.export().await);
}

#[tokio::test]
async fn a_dismissed_one_leaves_what_stands() {
    let (team, grace, _) = quarrel().await;
    let conflict = team.owner.conflicts().await.remove(0);
    team.owner.call("dismiss_conflict", json!({"id": conflict["id"]})).await;
    team.owner
        .refuse("dismiss_conflict", json!({"id": conflict["id"]}), ErrorCode::NotFound, Some("id"))
        .await;
    team.owner.sync().await;
    grace.sync().await;
    assert_eq!((grace.lists().await, grace.conflicts().await.len()), (vec!["By Grace".to_owned()], 0));
}

#[tokio::test]
async fn what_the_role_no_longer_allows_is_refused_kept_aside_and_told() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let of_grace = team.member("Grace").await;
    grace.list_named("Made while demoted").await;
    team.owner.call("set_member_role", json!({"id": of_grace, "role": "readonly"})).await;
    // A pass that begins before the new role is known: only the server refuses.
    grace.told.events();
    let report = grace.sync().await;
    assert_eq!((&report["rejected"], &report["pushed"]), (&json!(1), &json!(0)));
    assert!(grace.told.events().contains(&mf_contract::Event::ConflictsChanged));
    assert_eq!(grace.lists().await, Vec::<String>::new(), "it has no effect anywhere");
    let kept = grace.conflicts().await.remove(0);
    assert_eq!((&kept["reason"], &kept["name"]), (&json!("forbidden"), &json!("Made while demoted")));
    assert_eq!((&kept["can_restore"], &kept["stands"]), (&json!(false), &Value::Null));
    grace.refuse("restore_conflict", json!({"id": kept["id"]}), ErrorCode::Forbidden, None).await;
    let notices = grace.call("list_notifications", json!({})).await;
    assert_eq!(notices[0]["kind"], "changes_refused");

    team.owner.call("set_member_role", json!({"id": of_grace, "role": "operator"})).await;
    grace.sync().await;
    grace.call("restore_conflict", json!({"id": kept["id"]})).await;
    grace.sync().await;
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["Made while demoted"]);
    assert_eq!(grace.conflicts().await, Vec::<Value>::new());
}
