//! Two computers with one file: an image of a disk, or a backup put back beside the computer it is of.

use super::*;
use std::path::Path;

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

/// Its data folder and its keychain, on another computer.
async fn image_of(laptop: &Laptop, team: &Team) -> Laptop {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    copy_folder(laptop.folder.path(), folder.path());
    let keys = Keys { place: laptop.keys.place, kept: ProcessSecrets::default(), seen: Mutex::default() };
    let path = workspace_path(folder.path());
    let path = path.with_file_name(team.id.as_str().unwrap()).with_extension("db");
    let glimpse = mf_store::glimpse(&path).await.unwrap();
    let place: Value = serde_json::from_str(&glimpse.place.unwrap()).unwrap();
    let login = place["login"].as_str().unwrap();
    keys.kept.put(login, &laptop.keys.get(login).unwrap().unwrap()).unwrap();
    Laptop::open(folder, Arc::new(keys), Arc::default(), path).await
}

fn device(laptop: &Laptop) -> Uuid {
    laptop.engine.store().identity().device.0
}

#[tokio::test]
async fn the_second_of_two_copies_gets_a_login_of_its_own_and_nothing_is_lost() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let list = grace.list_named("Before").await;
    grace.sync().await;
    let image = image_of(&grace, &team).await;
    assert_eq!(device(&image), device(&grace));

    grace.list_named("By the first").await;
    grace.call("update_target_list", json!({"id": list["id"], "name": "First's name"})).await;
    image.list_named("By the second").await;
    image.call("update_target_list", json!({"id": list["id"], "name": "Second's name"})).await;
    grace.sync().await;
    let report = image.sync().await;
    assert_eq!(report["rejected"], 0, "{report}");
    assert_ne!(device(&image), device(&grace));
    let notices = image.call("list_notifications", json!({})).await;
    assert!(notices[0]["title"].as_str().unwrap().contains("copy of another computer"), "{notices}");

    grace.sync().await;
    team.owner.sync().await;
    let expected = ["By the first", "By the second", "Second's name"];
    for laptop in [&grace, &image, &team.owner] {
        assert_eq!(laptop.lists().await, expected);
        let conflicts = laptop.conflicts().await;
        assert_eq!((conflicts.len(), &conflicts[0]["lost"]["name"]), (1, &json!("First's name")));
        assert_eq!(laptop.export().await, team.owner.export().await);
    }
    // They go on side by side, as two devices, also after a start.
    let again = image.enter(&team.id).await;
    for laptop in [&grace, &again, &grace, &again] {
        laptop.list_named("More").await;
        assert_eq!(laptop.sync().await["pushed"], 1);
    }
    assert_ne!(device(&again), device(&grace));
    assert_eq!(device(&again), device(&image));
    team.owner.sync().await;
    let members = team.owner.call("list_members", json!({})).await;
    let of_grace = members.as_array().unwrap().iter().find(|member| member["name"] == "Grace").unwrap();
    assert_eq!(of_grace["devices"].as_array().unwrap().len(), 2, "{of_grace}");
    let audit = team.owner.call("list_audit", json!({"filter": {"action": "add_device"}})).await;
    assert_eq!(audit.as_array().unwrap().len(), 1, "{audit}");
}

#[tokio::test]
async fn a_process_that_has_the_file_open_becomes_the_new_device_too() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let image = image_of(&grace, &team).await;
    // Opened before anything is known, as a window is while a script runs.
    let window = image.enter(&team.id).await;
    grace.list_named("By the first").await;
    grace.sync().await;
    image.list_named("By the second").await;
    image.sync().await;
    window.list_named("In the window").await;
    assert_eq!(window.sync().await["pushed"], 1);
    assert_eq!(device(&window), device(&image));
    grace.sync().await;
    assert_eq!(grace.lists().await, ["By the first", "By the second", "In the window"]);
    assert_eq!(window.status().await["state"], "synced");
}

#[tokio::test]
async fn a_copy_without_a_keychain_is_told_and_joins_with_an_invite_for_another_computer() {
    let team = Team::new().await;
    let invite = team.owner.call("invite_member", json!({"name": "Grace", "role": "operator"})).await;
    let local = Laptop::with_secrets(SecretPlace::Passphrase).await;
    let passphrase = "correct horse battery";
    local.call("join_workspace", json!({"invite": invite["invite"], "passphrase": passphrase})).await;
    let grace = local.enter(&team.id).await;
    grace.sync().await;
    let image = image_of(&grace, &team).await;
    grace.list_named("By the first").await;
    grace.sync().await;
    image.list_named("By the second").await;
    let said = image.refuse("sync_now", json!({}), ErrorCode::Unavailable, None).await;
    assert!(said.message.contains("copy of another computer") && said.message.contains("invite"), "{said:?}");
    assert_eq!(image.status().await["problem"], "not_let_in");
    assert_eq!(image.conflicts().await[0]["name"], "By the second", "what was not sent is there to see");

    let invite = grace.call("invite_device", json!({})).await;
    image.engine.store().close().await;
    let path = workspace_path(image.folder.path());
    let local = Laptop::open(image.folder.clone(), image.keys.clone(), image.clock.clone(), path).await;
    local.call("join_workspace", json!({"invite": invite["invite"], "passphrase": passphrase})).await;
    let back = local.enter(&team.id).await;
    back.sync().await;
    grace.sync().await;
    assert_eq!(grace.lists().await, ["By the first", "By the second"]);
    assert_ne!(device(&back), device(&grace));
    assert_eq!(back.export().await, grace.export().await);
}
