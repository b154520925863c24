//! Rows on their way, both ways: by hand, offline, restored, with clocks that are wrong.

use super::*;
use crate::support::maintenance;

#[tokio::test]
async fn what_one_does_the_others_see_and_all_export_the_same_bytes() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let flow = team.owner.call("create_flow", maintenance("Patch")).await;
    let request = json!({"flow_id": flow["id"], "targets": [{"label": "RDS-01"}, {"label": "RDS-02"}]});
    let batch = team.owner.call("launch_batch", request).await;
    let report = team.owner.sync().await;
    assert_eq!((&report["rejected"], &report["conflicts"]), (&json!(0), &json!(0)));
    assert!(report["pushed"].as_u64().unwrap() >= 5, "{report}");
    grace.told.events();
    assert!(grace.sync().await["pulled"].as_u64().unwrap() >= 5);
    let session = &batch["sessions"][0]["id"];
    let step = json!({"session_id": session, "step_id": "update", "outcome": "done"});
    grace.call("record_step", step).await;
    assert_eq!(grace.status().await["state"], "waiting");
    grace.sync().await;
    team.owner.sync().await;
    let seen = team.owner.call("get_session", json!({ "id": session })).await;
    assert_eq!(seen["steps"][0]["outcome"], "done");
    assert_eq!(team.owner.export().await, grace.export().await);
    assert_eq!(team.owner.sync().await["pulled"], 0);
    // An operator keeps target lists and runs sessions; flows are the managers'.
    grace.refuse("create_flow", maintenance("Mine"), ErrorCode::Forbidden, None).await;
}

#[tokio::test]
async fn an_unreachable_server_is_told_and_nothing_is_lost() {
    let team = Team::new().await;
    let unreachable = |laptop: &Laptop| {
        let path = laptop.engine.store().path().to_owned();
        let (folder, keys, clock) = (laptop.folder.clone(), laptop.keys.clone(), laptop.clock.clone());
        async move {
            let store = Store::open(&path, [id(), id(), id()], clock.now()).await.unwrap();
            let mut write = store.write(clock.now()).await.unwrap();
            let key = mf_store::meta::Key::TeamPlace;
            let kept = mf_store::meta::get(write.conn(), key).await.unwrap().unwrap();
            let mut place: Value = serde_json::from_str(&kept).unwrap();
            place["port"] = json!(1);
            mf_store::meta::put(&mut write, key, &place.to_string()).await.unwrap();
            write.commit().await.unwrap();
            (Laptop::open(folder, keys, clock, path).await, store, kept)
        }
    };
    let (offline, store, kept) = unreachable(&team.owner).await;
    offline.list_named("Made offline").await;
    let error = offline.refuse("sync_now", json!({}), ErrorCode::Unavailable, None).await;
    assert!(error.message.contains("cannot be reached"), "{}", error.message);
    let status = offline.status().await;
    assert_eq!((&status["state"], &status["problem"]), (&json!("offline"), &json!("unreachable")));
    assert_eq!(status["waiting"], 1);
    assert!(status["message"].as_str().unwrap().contains("saved on this computer"), "{status}");
    for (command, request) in [
        ("invite_member", json!({"name": "A", "role": "operator"})),
        ("list_audit", json!({})),
        ("leave_workspace", json!({})),
    ] {
        offline.refuse(command, request, ErrorCode::Unavailable, None).await;
    }
    // The server is back.
    let mut write = store.write(team.owner.clock.now()).await.unwrap();
    mf_store::meta::put(&mut write, mf_store::meta::Key::TeamPlace, &kept).await.unwrap();
    write.commit().await.unwrap();
    let online = offline.enter(&team.id).await;
    assert_eq!(online.sync().await["pushed"], 1);
    assert_eq!(online.status().await["state"], "synced");
}

#[tokio::test]
async fn a_clock_that_is_days_ahead_is_corrected_and_its_work_counts() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    grace.clock.set(TimeDelta::days(3));
    let list = grace.list_named("From the future").await;
    grace.call("update_target_list", json!({"id": list["id"], "name": "Renamed"})).await;
    assert_eq!(grace.sync().await["pushed"], 1);
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["Renamed"]);
    team.owner.call("update_target_list", json!({"id": list["id"], "name": "By the owner"})).await;
    team.owner.sync().await;
    grace.sync().await;
    assert_eq!(grace.lists().await, ["By the owner"], "no stamp of the future stands in the way");
}

#[tokio::test]
async fn a_restored_server_gets_back_what_laptops_have() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    team.owner.list_named("Kept").await;
    team.owner.sync().await;
    grace.sync().await;
    grace.list_named("Of Grace").await;
    grace.sync().await;
    team.owner.sync().await;
    let before = team.owner.export().await;
    // A backup of the first day is put back.
    team.database
        .as_admin(
            "SET session_replication_role = replica; DELETE FROM mf.target_lists; DELETE FROM mf.pushes;
             DELETE FROM mf.audit WHERE table_name IS NOT NULL; UPDATE mf.teams SET seq = 0",
        )
        .await;
    team.owner.list_named("After the restore").await;
    team.owner.sync().await;
    grace.sync().await;
    team.owner.sync().await;
    assert_eq!(team.owner.lists().await, ["After the restore", "Kept", "Of Grace"]);
    assert_eq!(grace.export().await, team.owner.export().await);
    assert_ne!(before, team.owner.export().await);
    assert!(team.owner.conflicts().await.is_empty());
}

#[tokio::test]
async fn a_release_that_is_too_old_is_told_to_update() {
    let team = Team::new().await;
    team.database.as_admin("UPDATE mf.teams SET min_client = 999").await;
    team.owner.list_named("Waits").await;
    let error = team.owner.refuse("sync_now", json!({}), ErrorCode::Unavailable, None).await;
    assert!(error.message.contains("Update the application"), "{}", error.message);
    assert_eq!(team.owner.status().await["problem"], "client_too_old");
    team.database.as_admin("UPDATE mf.teams SET min_client = 1").await;
    assert_eq!(team.owner.sync().await["pushed"], 1);
}

#[tokio::test]
async fn many_rows_go_in_chunks_and_come_in_pages() {
    let team = Team::new().await;
    let grace = team.join("Grace", "readonly").await;
    let flow = team.owner.call("create_flow", maintenance("Patch")).await;
    let targets: Value = (1..=1_500).map(|n| json!({"label": format!("SRV-{n:04}")})).collect();
    for _ in 0..2 {
        let request = json!({"flow_id": flow["id"], "targets": targets});
        team.owner.call("launch_batch", request).await;
    }
    assert!(team.owner.sync().await["pushed"].as_u64().unwrap() > 3_000);
    assert!(grace.sync().await["pulled"].as_u64().unwrap() > 3_000);
    assert_eq!(grace.export().await, team.owner.export().await);
    let told = team.owner.told.events();
    assert!(told.contains(&mf_contract::Event::SyncStatusChanged), "how far it is, is told");
    assert_eq!(team.owner.status().await["progress"], Value::Null);
}
