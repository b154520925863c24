//! Passwords stand in the keychain and nowhere else.

use super::*;
use std::path::Path;

/// Every file below a folder that holds one of the texts.
fn holding(folder: &Path, secrets: &[String]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, secrets));
            continue;
        }
        let content = std::fs::read(&path).unwrap();
        let holds = |secret: &String| content.windows(secret.len()).any(|part| part == secret.as_bytes());
        if secrets.iter().any(holds) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn no_file_no_reply_no_error_and_no_row_holds_a_password() {
    let team = Team::new().await;
    let invite = team.owner.call("invite_member", json!({"name": "Grace", "role": "operator"})).await;
    let text = invite["invite"].as_str().unwrap().to_owned();
    let local = Laptop::new().await;
    local.call("join_workspace", json!({ "invite": text })).await;
    let grace = local.enter(&team.id).await;
    grace.list_named("Work").await;
    grace.sync().await;
    let invited = mf_sync::invite::Invite::read(&text).unwrap().place.password;
    let mut secrets =
        vec![invited.clone(), text, "of the administrator".to_owned(), "of%20the%20administrator".to_owned()];
    for laptop in [&team.owner, &grace] {
        let seen = laptop.keys.seen.lock().unwrap().clone();
        assert_eq!(seen.len(), 1, "one password each");
        secrets.extend(seen);
    }
    assert!(secrets.iter().all(|secret| secret.len() > 15));
    for laptop in [&team.owner, &grace] {
        assert_eq!(holding(laptop.folder.path(), &secrets), Vec::<PathBuf>::new());
        for command in
            ["export_all", "sync_status", "list_members", "list_workspaces", "about", "list_notifications"]
        {
            let reply = laptop.call(command, json!({})).await.to_string();
            assert!(secrets.iter().all(|secret| !reply.contains(secret.as_str())), "{command}");
        }
        let dumped = format!("{:?}", laptop.engine);
        assert!(
            secrets.iter().all(|secret| !dumped.contains(secret.as_str())),
            "what is printed of an engine"
        );
    }
    // The planted ones would be found: the search itself works.
    std::fs::write(team.owner.folder.path().join("planted"), &secrets[0]).unwrap();
    assert_eq!(holding(team.owner.folder.path(), &secrets).len(), 1);
    let rows: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT query_to_xml(format('SELECT * FROM mf.%I', relname), true, false, '')::text AS all_of_it
           FROM pg_class WHERE relnamespace = 'mf'::regnamespace AND relkind = 'r') t WHERE all_of_it LIKE '%' || $1 || '%'",
    )
    .bind(&secrets[4])
    .fetch_one(&mut cluster().admin(&team.database.name).await)
    .await
    .unwrap();
    assert_eq!(rows, 0, "nor does the team's database");
    let misdirected = grace.fail("join_workspace", json!({"invite": invite["invite"]})).await;
    assert!(!misdirected.message.contains(&invited));
}

#[tokio::test]
async fn a_keychain_that_lost_the_password_is_told_from_one_that_is_locked() {
    let team = Team::new().await;
    let path = team.owner.engine.store().path().to_owned();
    let keys = Keys { place: SecretPlace::Keychain, kept: ProcessSecrets::default(), seen: Mutex::default() };
    let laptop = Laptop::open(team.owner.folder.clone(), Arc::new(keys), Arc::default(), path).await;
    let error = laptop.refuse("sync_now", json!({}), ErrorCode::Unavailable, None).await;
    assert!(error.message.contains("keychain has no password"), "{}", error.message);
    assert_eq!(laptop.status().await["problem"], "no_secret");
}
