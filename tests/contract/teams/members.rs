//! Who belongs to a team, who may do what, and what becomes of those who leave.

use super::*;

#[tokio::test]
async fn members_are_listed_whoever_asks_and_without_the_server() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let waiting = team.owner.call("invite_member", json!({"name": "Joan", "role": "manager"})).await;
    let members = team.owner.call("list_members", json!({})).await;
    let seen: Vec<_> = members
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (it["name"].as_str().unwrap(), it["role"].as_str().unwrap(), it["has_joined"].as_bool().unwrap())
        })
        .collect();
    assert_eq!(seen, [("Ada", "owner", true), ("Grace", "operator", true), ("Joan", "manager", false)]);
    assert_eq!(members[2]["id"], waiting["member_id"]);
    assert!(waiting["expires_at"].is_string());
    // Grace saw the team before Joan was invited, and sees her after the next pass.
    assert_eq!(grace.call("list_members", json!({})).await.as_array().unwrap().len(), 2);
    grace.sync().await;
    let again = grace.enter(&team.id).await;
    let listed = again.call("list_members", json!({})).await;
    assert_eq!(listed.as_array().unwrap().len(), 3, "as of the last time the server answered");
    assert_eq!(listed[1]["is_me"], true);
    let alone = team.local.call("list_members", json!({})).await;
    assert_eq!((alone.as_array().unwrap().len(), &alone[0]["is_me"]), (1, &json!(true)));
}

#[tokio::test]
async fn only_owners_change_who_belongs_and_one_of_them_stays() {
    let team = Team::new().await;
    let (ada, grace) = (team.member("Ada").await, team.join("Grace", "manager").await);
    let of_grace = team.member("Grace").await;
    let as_grace = [
        ("invite_member", json!({"name": "Joan", "role": "readonly"})),
        ("set_member_role", json!({"id": ada, "role": "readonly"})),
        ("remove_member", json!({ "id": ada })),
    ];
    for (command, request) in &as_grace {
        grace.refuse(command, request.clone(), ErrorCode::Forbidden, None).await;
    }
    let demoted = json!({"id": ada, "role": "manager"});
    team.owner.refuse("set_member_role", demoted, ErrorCode::Conflict, None).await;
    team.owner.refuse("leave_workspace", json!({}), ErrorCode::Conflict, None).await;
    team.owner.refuse("remove_member", json!({ "id": ada }), ErrorCode::Conflict, Some("id")).await;
    let nobody = json!({"id": crate::support::NOBODY, "role": "owner"});
    team.owner.refuse("set_member_role", nobody, ErrorCode::NotFound, Some("id")).await;
    team.owner
        .refuse("invite_member", json!({"name": " ", "role": "owner"}), ErrorCode::Validation, Some("name"))
        .await;

    let promoted = team.owner.call("set_member_role", json!({"id": of_grace, "role": "owner"})).await;
    assert_eq!((&promoted["name"], &promoted["role"]), (&json!("Grace"), &json!("owner")));
    grace.sync().await;
    assert_eq!(grace.call("about", json!({})).await["role"], "owner");
    grace.call("set_member_role", demoted_to(&ada, "readonly")).await;
    team.owner.sync().await;
    let forbidden = json!({"name": "L", "targets": [{"label": "A"}]});
    team.owner.refuse("create_target_list", forbidden, ErrorCode::Forbidden, None).await;
}

fn demoted_to(id: &Value, role: &str) -> Value {
    json!({"id": id, "role": role})
}

#[tokio::test]
async fn a_removed_members_edits_are_kept_aside_and_nobody_else_sees_them() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let of_grace = team.member("Grace").await;
    grace.list_named("Sent in time").await;
    grace.sync().await;
    grace.list_named("Made offline").await;
    team.owner.call("remove_member", json!({ "id": of_grace })).await;
    grace.told.events();
    let error = grace.fail("sync_now", json!({})).await;
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert!(error.message.contains("membership may have ended"), "{}", error.message);
    let status = grace.status().await;
    assert_eq!((&status["state"], &status["problem"]), (&json!("offline"), &json!("not_let_in")));
    let kept = grace.conflicts().await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((&kept[0]["reason"], &kept[0]["name"]), (&json!("forbidden"), &json!("Made offline")));
    assert_eq!(grace.lists().await, ["Made offline", "Sent in time"], "what one has stays");
    assert_eq!(grace.call("about", json!({})).await["role"], "readonly");
    let notices = grace.call("list_notifications", json!({})).await;
    assert_eq!(notices[0]["kind"], "membership_ended");
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["Sent in time"]);

    // Also after a start, and in the list of workspaces.
    let again = grace.enter(&team.id).await;
    assert_eq!(again.call("about", json!({})).await["role"], "readonly");
    assert_eq!(again.call("list_workspaces", json!({})).await[1]["kind"], "left");
    let gone = team.owner.call("list_members", json!({"removed": true})).await;
    assert!(gone[1]["removed_at"].is_string(), "{gone}");

    // Invited again, the same copy goes on, and what was kept aside goes out.
    let invite = team.owner.call("invite_member", json!({"name": "Grace", "role": "operator"})).await;
    again.engine.store().close().await;
    grace.engine.store().close().await;
    let local = Laptop::open(
        grace.folder.clone(),
        grace.keys.clone(),
        grace.clock.clone(),
        workspace_path(grace.folder.path()),
    )
    .await;
    local.call("join_workspace", json!({"invite": invite["invite"]})).await;
    let back = local.enter(&team.id).await;
    back.sync().await;
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["Made offline", "Sent in time"]);
    assert_eq!(back.export().await, team.owner.export().await);
}

#[tokio::test]
async fn who_leaves_keeps_a_copy_to_read_in() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    grace.list_named("Last work").await;
    grace.call("leave_workspace", json!({})).await;
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["Last work"], "what waited went out first");
    assert_eq!(team.owner.call("list_members", json!({})).await.as_array().unwrap().len(), 1);
    assert_eq!(grace.lists().await, ["Last work"]);
    assert_eq!(grace.status().await["problem"], "left");
    for (command, request) in [
        ("sync_now", json!({})),
        ("leave_workspace", json!({})),
        ("invite_device", json!({})),
        ("list_audit", json!({})),
    ] {
        grace.refuse(command, request, ErrorCode::Conflict, Some("workspace")).await;
    }
    let request = json!({"name": "L", "targets": [{"label": "A"}]});
    grace.refuse("create_target_list", request, ErrorCode::Forbidden, None).await;
    let login: Option<Secret> = {
        let place = grace.engine.store().path().to_owned();
        let glimpse = mf_store::glimpse(&place).await.unwrap();
        let place: Value = serde_json::from_str(&glimpse.place.unwrap()).unwrap();
        grace.keys.get(place["login"].as_str().unwrap()).unwrap()
    };
    assert_eq!(login, None, "the keychain forgets the password");
}

#[tokio::test]
async fn the_local_workspace_has_no_team_to_change() {
    let laptop = Laptop::new().await;
    for (command, request) in [
        ("invite_member", json!({"name": "A", "role": "owner"})),
        ("invite_device", json!({})),
        ("set_member_role", json!({"id": crate::support::NOBODY, "role": "owner"})),
        ("remove_member", json!({"id": crate::support::NOBODY})),
        ("leave_workspace", json!({})),
        ("unlock_workspace", json!({"passphrase": "correct horse battery"})),
        ("list_audit", json!({})),
        ("export_audit", json!({"path": "/tmp/never-written.csv"})),
    ] {
        laptop.refuse(command, request, ErrorCode::Conflict, Some("workspace")).await;
    }
    let nothing = json!({"pushed": 0, "pulled": 0, "rejected": 0, "conflicts": 0});
    assert_eq!(laptop.sync().await, nothing);
}
