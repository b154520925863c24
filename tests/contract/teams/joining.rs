//! Invites: one text, one computer, once.

use super::*;

async fn invite(team: &Team, role: &str) -> Value {
    let invite = team.owner.call("invite_member", json!({"name": "Grace", "role": role})).await;
    json!({"invite": invite["invite"]})
}

#[tokio::test]
async fn an_invite_leads_into_the_team_with_its_role() {
    let team = Team::new().await;
    team.owner.list_named("Of the team").await;
    team.owner.sync().await;
    let local = Laptop::new().await;
    let joined = local.call("join_workspace", invite(&team, "operator").await).await;
    assert_eq!((&joined["workspace_id"], &joined["role"]), (&team.id, &json!("operator")));
    let inside = local.enter(&team.id).await;
    inside.sync().await;
    assert_eq!(inside.lists().await, ["Of the team"]);
    assert_eq!(inside.call("about", json!({})).await["role"], "operator");
    assert_eq!(inside.export().await, team.owner.export().await);
}

#[tokio::test]
async fn a_stolen_invite_is_worthless_once_it_was_used() {
    let team = Team::new().await;
    let request = invite(&team, "manager").await;
    Laptop::new().await.call("join_workspace", request.clone()).await;
    let thief = Laptop::new().await;
    thief.refuse("join_workspace", request, ErrorCode::Conflict, Some("invite")).await;
    assert_eq!(thief.call("list_workspaces", json!({})).await.as_array().unwrap().len(), 1);
    assert_eq!(thief.keys.seen.lock().unwrap().len(), 0, "nothing is kept of it");
}

#[tokio::test]
async fn an_invite_that_expired_or_was_withdrawn_is_refused() {
    let team = Team::new().await;
    let expired = invite(&team, "operator").await;
    team.database
        .as_admin(
            "DO $$ DECLARE l text; BEGIN SELECT login INTO l FROM mf.devices WHERE activated_at IS NULL;
               EXECUTE format('ALTER ROLE %I VALID UNTIL ''2020-01-01''', l); END $$",
        )
        .await;
    Laptop::new().await.refuse("join_workspace", expired, ErrorCode::Conflict, Some("invite")).await;
    let withdrawn = team.owner.call("invite_member", json!({"name": "Joan", "role": "operator"})).await;
    team.owner.call("remove_member", json!({"id": withdrawn["member_id"]})).await;
    let request = json!({"invite": withdrawn["invite"]});
    Laptop::new().await.refuse("join_workspace", request, ErrorCode::Conflict, Some("invite")).await;
}

#[tokio::test]
async fn a_lost_answer_is_made_up_for_by_the_same_invite() {
    let team = Team::new().await;
    let request = invite(&team, "operator").await;
    let laptop = Laptop::new().await;
    laptop.call("join_workspace", request.clone()).await;
    // As if the application had been killed before it wrote the file.
    std::fs::remove_file(laptop.path(&team.id)).unwrap();
    let joined = laptop.call("join_workspace", request.clone()).await;
    assert_eq!(joined["workspace_id"], team.id);
    laptop.refuse("join_workspace", request, ErrorCode::Conflict, Some("invite")).await;
}

#[tokio::test]
async fn what_is_no_invite_is_named() {
    let team = Team::new().await;
    let text = invite(&team, "operator").await["invite"].as_str().unwrap().to_owned();
    let laptop = Laptop::new().await;
    for bad in ["", "hello", "mf-invite-1-", "mf-invite-9-abcdef", &text[..text.len() - 9]] {
        laptop.refuse("join_workspace", json!({"invite": bad}), ErrorCode::Validation, Some("invite")).await;
    }
    // Wrapped by a mail program, it is still one.
    let wrapped =
        text.as_bytes().chunks(60).map(|it| String::from_utf8_lossy(it)).collect::<Vec<_>>().join("\r\n ");
    laptop.call("join_workspace", json!({"invite": wrapped})).await;
}

#[tokio::test]
async fn without_a_keychain_one_chooses_a_passphrase_and_gives_it_at_each_start() {
    let team = Team::new().await;
    let request = invite(&team, "operator").await;
    let laptop = Laptop::with_secrets(SecretPlace::Passphrase).await;
    assert_eq!(laptop.call("secret_storage", json!({})).await["place"], "passphrase");
    laptop.refuse("join_workspace", request.clone(), ErrorCode::Unavailable, Some("passphrase")).await;
    let with = |passphrase: &str| json!({"invite": request["invite"], "passphrase": passphrase});
    laptop.refuse("join_workspace", with("short"), ErrorCode::Validation, Some("passphrase")).await;
    laptop.call("join_workspace", with("correct horse battery")).await;
    laptop.enter(&team.id).await.sync().await;

    // Started again, it knows nothing.
    let again =
        Keys { place: SecretPlace::Passphrase, kept: ProcessSecrets::default(), seen: Mutex::default() };
    let started =
        Laptop::open(laptop.folder.clone(), Arc::new(again), Arc::default(), laptop.path(&team.id)).await;
    started.refuse("sync_now", json!({}), ErrorCode::Unavailable, None).await;
    assert_eq!(started.status().await["problem"], "locked");
    started.list_named("Made while locked").await;
    let wrong = json!({"passphrase": "incorrect horse battery"});
    started.refuse("unlock_workspace", wrong, ErrorCode::Validation, Some("passphrase")).await;
    let status = started.call("unlock_workspace", json!({"passphrase": "correct horse battery"})).await;
    assert_eq!(status["state"], "synced");
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["Made while locked"]);

    let keychain = Laptop::new().await;
    let needless = with("correct horse battery");
    keychain.refuse("join_workspace", needless, ErrorCode::Validation, Some("passphrase")).await;
    let status = json!({"passphrase": "correct horse battery"});
    team.owner.refuse("unlock_workspace", status, ErrorCode::Conflict, Some("passphrase")).await;
}

#[tokio::test]
async fn a_second_computer_of_the_same_person() {
    let team = Team::new().await;
    let first = team.join("Grace", "operator").await;
    let invite = first.call("invite_device", json!({})).await;
    let local = Laptop::new().await;
    let joined = local.call("join_workspace", json!({"invite": invite["invite"]})).await;
    assert_eq!((&joined["member_id"], &joined["role"]), (&invite["member_id"], &json!("operator")));
    let second = local.enter(&team.id).await;
    second.list_named("From the second").await;
    second.sync().await;
    first.sync().await;
    assert_eq!(first.lists().await, ["From the second"]);
    let members = first.call("list_members", json!({})).await;
    let me = members.as_array().unwrap().iter().find(|member| member["is_me"] == true).unwrap();
    assert_eq!(me["devices"].as_array().unwrap().len(), 2);
    let ada = team.member("Ada").await;
    first.refuse("invite_device", json!({ "id": ada }), ErrorCode::Forbidden, None).await;
}
