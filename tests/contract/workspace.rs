//! The workspace as a whole: about, health, export, and a file that may only be read.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, Corrupt, Unavailable, Validation};
use mf_contract::workspace::Health;
use mf_engine::{Answered, Damaged, Engine};
use mf_store::{OpenError, Store};
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn everything_is_written_to_a_file_that_reads_as_it_was_answered() {
    let world = World::new().await;
    let file = |name: &str| world.path().with_file_name(name).display().to_string();
    let export = |path: &str| json!({ "path": path });
    let none = world.call("export_all_to_file", export(&file("none.json"))).await;
    assert_eq!(none["entities"], 0);
    assert_eq!(std::fs::read_to_string(file("none.json")).unwrap(), "[]\n");

    world.target_list(2).await;
    let flow = world.maintenance_flow("Patch").await;
    world.batch(&flow, 2).await;
    let path = file("all.json");
    let written = world.call("export_all_to_file", export(&path)).await;
    let text = std::fs::read_to_string(&path).unwrap();
    let all = world.call("export_all", json!({})).await;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), all);
    let entities = all.as_array().unwrap().len();
    assert_eq!(written, json!({"path": path, "bytes": text.len(), "entities": entities}));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    world.refuse("export_all_to_file", export(&path), Conflict, "path").await;
    world.refuse("export_all_to_file", export("all.json"), Validation, "path").await;
    world.refuse("export_all_to_file", export(&file("no/such/all.json")), Validation, "path").await;
}

#[tokio::test]
async fn about_names_versions_and_the_place_of_the_file() {
    let world = World::new().await;
    let about = world.call("about", json!({})).await;
    assert_eq!(about["database_path"], world.path().display().to_string());
    assert_eq!(about["data_folder"], world.path().parent().unwrap().display().to_string());
    assert!(about["database_bytes"].as_u64().unwrap() > 4_096, "{about}");
    assert_eq!(about["counts"]["flows"], 0);
    world.maintenance_flow("Patch").await;
    world.target_list(1).await;
    let counted = world.call("about", json!({})).await;
    let counts = json!({"flows": 1, "target_lists": 1, "schedules": 0, "batches": 0, "sessions": 0});
    assert_eq!(counted["counts"], counts);
    assert_eq!(about["sqlite_version"], "3.51.3");
    assert!(about["zone_database"].as_str().unwrap().starts_with("202"), "{about}");
    assert_eq!(about["role"], "owner");
    assert_eq!(about["team_id"], Uuid::from_u128(1).to_string());
    assert_eq!(about["member_id"], Uuid::from_u128(2).to_string());
}

#[tokio::test]
async fn a_sound_workspace_is_ready_and_has_nothing_to_recover() {
    let world = World::new().await;
    assert_eq!(world.call("workspace_health", json!({})).await, json!({"state": "ready"}));
    assert_eq!(world.call("export_all", json!({})).await, json!([]));
    for action in ["start_empty", "restore_newest_backup"] {
        world.refuse("recover_workspace", json!({ "action": action }), Conflict, "action").await;
    }
    world.refuse("recover_workspace", json!({"action": "guess"}), Validation, "action").await;
}

#[tokio::test]
async fn a_workspace_of_a_newer_release_is_read_and_not_written() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    world
        .tamper(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', 1, x'00', 0)",
        )
        .await;
    world.engine.store().close().await;
    let store = Store::open(&world.path(), [Uuid::nil(); 3], at(START)).await.unwrap();
    let world = world.with_store(store);
    let health = world.call("workspace_health", json!({})).await;
    assert_eq!(health["state"], "read_only");
    assert!(health["reason"].as_str().unwrap().contains("newer release"), "{health}");
    assert_eq!(world.call("get_flow", json!({"id": flow["id"]})).await, flow);
    for (command, request) in [
        ("create_flow", maintenance("F")),
        ("launch_batch", json!({"flow_id": flow["id"], "targets": targets(1)})),
        ("scheduler_tick", json!({"now": "2026-12-08T12:15:00Z"})),
        ("mark_notification_read", json!({})),
    ] {
        let error = world.fail(command, request).await;
        assert_eq!(error.code, Unavailable, "{command}");
        assert!(error.message.contains("newer release"), "{error}");
    }
}

#[tokio::test]
async fn a_damaged_workspace_answers_its_health_and_nothing_else_until_it_is_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("local.db");
    std::fs::write(&path, [b'x'; 5_000]).unwrap();
    let open = || Store::open(&path, [1, 2, 3].map(Uuid::from_u128), at(START));
    let Err(OpenError::Corrupt(damage)) = open().await else { panic!("garbage was opened") };
    let damaged = Damaged::new(damage);
    let now = at(START);

    let Ok(Answered::Health(health)) = damaged.dispatch("workspace_health", "{}", now).await else {
        panic!("no health")
    };
    let Health::Corrupt { database_path, newest_backup, .. } = health else { panic!("{health:?}") };
    assert_eq!((database_path, newest_backup), (path.display().to_string(), None));
    for command in ["list_flows", "scheduler_tick", "export_all"] {
        assert_eq!(damaged.dispatch(command, "{}", now).await.unwrap_err().code, Corrupt, "{command}");
    }
    for (payload, code) in [
        ("{}", Validation),
        (r#"{"action":"guess"}"#, Validation),
        (r#"{"action":"restore_newest_backup"}"#, Unavailable),
    ] {
        assert_eq!(
            damaged.dispatch("recover_workspace", payload, now).await.unwrap_err().code,
            code,
            "{payload}"
        );
    }
    assert_eq!(std::fs::read(&path).unwrap(), [b'x'; 5_000]);

    let recovered = damaged.dispatch("recover_workspace", r#"{"action":"start_empty"}"#, now).await.unwrap();
    assert_eq!(recovered, Answered::Recovered);
    let store = open().await.unwrap();
    let world = World::new().await.with_store(store);
    assert_eq!(world.call("flow_counts", json!({})).await["total"], 0);
    let _: &Engine = &world.engine;
}
