//! Backups: made, listed, exported, and put in the place of the workspace.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, Forbidden, NotFound, Validation};
use mf_contract::Event;
use mf_domain::role::Role;
use mf_store::Store;
use serde_json::{Value, json};
use std::path::Path;
use uuid::Uuid;

/// The workspace opened again, as the application does after a restore.
async fn reopened(world: World) -> World {
    let store = Store::open(&world.path(), [Uuid::nil(); 3], at(START)).await.unwrap();
    world.with_store(store)
}

async fn list_names(world: &World) -> Vec<Value> {
    each(&world.call("list_target_lists", json!({})).await, "name")
}

fn beside(world: &World, name: &str) -> String {
    world.path().with_file_name(name).display().to_string()
}

/// Nothing was closed, moved or left behind.
async fn is_untouched(world: &World) {
    assert_eq!(list_names(world).await, ["RDS farm"]);
    let folder = world.path().parent().unwrap().read_dir().unwrap();
    let odd: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("replaced") || name.starts_with('.'))
        .collect();
    assert_eq!(odd, Vec::<String>::new());
}

#[tokio::test]
async fn backups_by_hand_stand_beside_those_made_by_themselves() {
    let world = World::new().await;
    assert_eq!(world.call("list_backups", json!({})).await, json!([]));
    world.engine.store().backup_if_due(at(START)).await.unwrap().unwrap();
    for minute in 10..20 {
        world.clock.set(&format!("2026-12-08T13:{minute}:00Z"));
        world.told.events();
        let made = world.call("make_backup", json!({})).await;
        assert_eq!(world.told.events(), [Event::BackupsChanged], "an open list follows");
        assert_eq!(made["reason"], "manual");
        assert_eq!(made, world.call("list_backups", json!({})).await[0]);
    }
    let listed = world.call("list_backups", json!({})).await;
    // Seven by hand, and they cost the daily one nothing.
    assert_eq!((listed.as_array().unwrap().len(), &listed[7]["reason"]), (8, &json!("daily")));
    assert_eq!(listed[6]["made_at"], "2026-12-08T13:13:00Z");
    assert!(world.engine.store().backup_if_due(at("2026-12-09T12:00:00Z")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_backup_takes_the_place_of_the_workspace_which_is_kept() {
    let world = World::new().await;
    world.target_list(2).await;
    let backup = world.call("make_backup", json!({})).await;
    world.call("create_target_list", json!({"name": "Later", "targets": targets(1)})).await;
    world.clock.set("2026-12-09T12:00:00Z");
    let restored = world.call("restore_backup", json!({"file_name": backup["file_name"]})).await;
    assert_eq!((&restored["evidence"], &restored["evidence_missing"]), (&json!(0), &json!(0)));
    let world = reopened(world).await;
    assert_eq!(list_names(&world).await, ["RDS farm"]);
    world.call("create_target_list", json!({"name": "After", "targets": targets(1)})).await;

    let kept = restored["kept_as"].as_str().unwrap();
    assert!(kept.ends_with("local.db.replaced-20261209T120000Z"), "{kept}");
    // What was kept is a whole workspace, stands in the list, and can come back the same way.
    let listed = world.call("list_backups", json!({})).await;
    assert_eq!(each(&listed, "reason"), ["replaced", "manual"]);
    assert_eq!(each(&listed, "made_at"), ["2026-12-09T12:00:00Z", START]);
    world.call("restore_backup", json!({"file_name": listed[0]["file_name"]})).await;
    let world = reopened(world).await;
    assert_eq!(list_names(&world).await, ["Later", "RDS farm"]);
    // The second of the same instant has a name of its own.
    let listed = world.call("list_backups", json!({})).await;
    assert_eq!(each(&listed, "reason"), ["replaced", "replaced", "manual"]);
    world.call("restore_backup", json!({ "path": kept })).await;
}

#[tokio::test]
async fn an_exported_copy_is_whole_and_moves_to_another_laptop() {
    let world = World::new().await;
    world.target_list(2).await;
    let path = beside(&world, "copy.tar");
    let exported = world.call("export_backup", json!({ "path": path })).await;
    let bytes = Path::new(&path).metadata().unwrap().len();
    assert_eq!(exported, json!({"path": path, "bytes": bytes, "evidence": 0, "evidence_missing": 0}));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(Path::new(&path).metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    world.refuse("export_backup", json!({ "path": path }), Conflict, "path").await;

    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let other = World::new().await;
    other.maintenance_flow("Of the other").await;
    other.call("restore_backup", json!({ "path": path })).await;
    let other = reopened(other).await;
    assert_eq!(list_names(&other).await, ["RDS farm"]);
    assert_eq!(other.call("list_flows", json!({})).await, json!([]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(other.path().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn what_is_no_sound_workspace_is_refused_and_nothing_is_touched() {
    let world = World::new().await;
    world.target_list(1).await;
    let make = |name: &str, content: &[u8]| {
        let path = beside(&world, name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let backup = world.call("make_backup", json!({})).await;
    let backups = world.path().with_extension("backups");
    let good = std::fs::read(backups.join(backup["file_name"].as_str().unwrap())).unwrap();
    let mut damaged = good.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 8_192].fill(0xff);
    let newer = beside(&world, "newer.db");
    std::fs::write(&newer, &good).unwrap();
    alter(&newer, "INSERT INTO _sqlx_migrations VALUES (9999, 'f', CURRENT_TIMESTAMP, 1, x'00', 0)").await;
    let foreign = beside(&world, "foreign.db");
    alter(&foreign, "CREATE TABLE theirs (a)").await;
    for (path, words) in [
        (make("empty.db", b""), "empty"),
        (make("text.db", &[b'x'; 5_000]), "not a database"),
        (make("cut.db", &good[..good.len() / 2]), "damaged"),
        (make("damaged.db", &damaged), "damaged"),
        (foreign, "not a workspace"),
        (newer, "newer release"),
    ] {
        let error = world.refuse("restore_backup", json!({ "path": path }), Validation, "path").await;
        assert!(error.message.contains(words), "{path}: {error}");
        is_untouched(&world).await;
    }
    // A database somebody has open may have more in its log than in its file.
    std::fs::write(beside(&world, "good.db-wal"), b"log").unwrap();
    let in_use = make("good.db", &good);
    let error = world.refuse("restore_backup", json!({ "path": in_use }), Validation, "path").await;
    assert!(error.message.contains("in use"), "{error}");
    is_untouched(&world).await;
}

async fn alter(path: &str, sql: &'static str) {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut conn = options.connect().await.unwrap();
    sqlx::raw_sql("PRAGMA journal_mode = DELETE").execute(&mut conn).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

#[tokio::test]
async fn wrong_requests_name_their_field() {
    let world = World::new().await;
    world.target_list(1).await;
    let own = world.path().display().to_string();
    for (request, code, field) in [
        (json!({}), Validation, "file_name"),
        (json!({"file_name": "a", "path": "/b"}), Validation, "file_name"),
        (json!({"file_name": "../local.db"}), NotFound, "file_name"),
        (json!({"path": "relative.db"}), Validation, "path"),
        (json!({"path": beside(&world, "none.db")}), NotFound, "path"),
        (json!({ "path": own }), Validation, "path"),
    ] {
        world.refuse("restore_backup", request, code, field).await;
    }
    world.refuse("export_backup", json!({"path": "relative.db"}), Validation, "path").await;
    world
        .refuse("export_backup", json!({"path": beside(&world, "no/such/copy.db")}), Validation, "path")
        .await;
    world.refuse("export_backup", json!({ "path": own }), Conflict, "path").await;
    is_untouched(&world).await;
}

#[tokio::test]
async fn only_an_owner_replaces_the_workspace() {
    let world = World::new().await;
    let backup = world.call("make_backup", json!({})).await;
    let world = world.with_role(Role::Manager);
    let error = world.fail("restore_backup", json!({"file_name": backup["file_name"]})).await;
    assert_eq!(error.code, Forbidden);
    world.call("list_backups", json!({})).await;
}

/// A session with two pieces of evidence, as its command answers it.
async fn with_evidence(world: &World) -> Value {
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.call("launch_batch", json!({"flow_id": flow["id"], "targets": targets(1)})).await;
    let id = &batch["sessions"][0]["id"];
    world.call("add_evidence", json!({"session_id": id, "name": "a.txt", "text": "first"})).await;
    world.call("add_evidence", json!({"session_id": id, "name": "b.txt", "text": "second"})).await
}

async fn texts(world: &World, session: &Value) -> Vec<Value> {
    let mut texts = Vec::new();
    for evidence in session["evidence"].as_array().unwrap() {
        let read = json!({"session_id": session["id"], "evidence_id": evidence["id"]});
        texts.push(world.call("read_evidence", read).await["text"].clone());
    }
    texts
}

#[tokio::test]
async fn an_exported_backup_brings_its_evidence() {
    let world = World::new().await;
    let session = with_evidence(&world).await;
    let path = beside(&world, "copy.tar");
    let exported = world.call("export_backup", json!({ "path": path })).await;
    assert_eq!((&exported["evidence"], &exported["evidence_missing"]), (&json!(2), &json!(0)));

    let other = World::new().await;
    // One it has already, but damaged.
    let contents = other.path().with_extension("evidence");
    std::fs::create_dir_all(&contents).unwrap();
    let damaged = session["evidence"][0]["sha256"].as_str().unwrap();
    std::fs::write(contents.join(damaged), b"something else").unwrap();
    let restored = other.call("restore_backup", json!({ "path": path })).await;
    assert_eq!((&restored["evidence"], &restored["evidence_missing"]), (&json!(2), &json!(0)));
    let other = reopened(other).await;
    assert_eq!(texts(&other, &session).await, ["first", "second"]);
    let left = other.path().parent().unwrap().read_dir().unwrap();
    let odd = left.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(odd.count(), 0);
}

#[tokio::test]
async fn evidence_that_is_lost_is_told_and_keeps_nothing_else_from_being_exported() {
    let world = World::new().await;
    let session = with_evidence(&world).await;
    let contents = world.path().with_extension("evidence");
    std::fs::remove_file(contents.join(session["evidence"][0]["sha256"].as_str().unwrap())).unwrap();
    let path = beside(&world, "copy.tar");
    let exported = world.call("export_backup", json!({ "path": path })).await;
    assert_eq!((&exported["evidence"], &exported["evidence_missing"]), (&json!(1), &json!(1)));
    world.call("restore_backup", json!({ "path": path })).await;
    reopened(world).await;
}

/// A tar file with these entries, whatever their names.
fn tar_of(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, content) in entries {
        let mut header = tar::Header::new_gnu();
        // By hand: the crate itself refuses to write names that lead out.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(content.len() as u64);
        header.set_entry_type(*kind);
        header.set_cksum();
        tar.append(&header, *content).unwrap();
    }
    tar.into_inner().unwrap()
}

#[tokio::test]
async fn an_archive_that_is_damaged_or_not_ours_is_refused_and_nothing_is_touched() {
    use tar::EntryType::{Regular, Symlink};
    let source = World::new().await;
    let session = with_evidence(&source).await;
    let path = beside(&source, "copy.tar");
    source.call("export_backup", json!({ "path": path })).await;
    let good = std::fs::read(&path).unwrap();
    let at = |needle: &[u8]| good.windows(needle.len()).position(|window| window == needle).unwrap();
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 0x20;
        bytes
    };
    let sha256 = session["evidence"][0]["sha256"].as_str().unwrap();
    let evidence = at(format!("evidence/{sha256}").as_bytes());
    let database = at(b"SQLite format 3");
    let list = &good[512..512 + at(b"]}") + 2 - 512];
    let other_list = |list: &str| tar_of(&[("backup.json", Regular, list.as_bytes())]);
    let with = |name: &str, kind| tar_of(&[("backup.json", Regular, list), (name, kind, b"x")]);
    let world = World::new().await;
    world.target_list(1).await;
    for (name, bytes, words) in [
        ("content", flipped(evidence + 512), "damaged"),
        ("name", flipped(evidence + 9), "damaged"),
        ("database", flipped(database + 5_000), "damaged"),
        ("cut between", good[..evidence].to_vec(), "damaged"),
        ("cut inside", good[..database + 9_000].to_vec(), "damaged"),
        ("no list", tar_of(&[("workspace.db", Regular, b"x")]), "not a backup"),
        ("no words", other_list("x"), "not a backup"),
        ("newer", other_list("{\"format\": 2}"), "newer release"),
        ("hash", other_list("{\"format\":1,\"database\":\"../x\",\"evidence\":[]}"), "not a backup"),
        ("out", with("../escaped", Regular), "not a backup"),
        ("out of evidence", with("evidence/../../escaped", Regular), "not a backup"),
        ("absolute", with("/tmp/escaped", Regular), "not a backup"),
        ("link", with("workspace.db", Symlink), "not a backup"),
        ("surplus", with("readme.txt", Regular), "not a backup"),
    ] {
        let path = beside(&world, "bad.tar");
        std::fs::write(&path, bytes).unwrap();
        let error = world.refuse("restore_backup", json!({ "path": path }), Validation, "path").await;
        assert!(error.message.contains(words), "{name}: {error}");
        is_untouched(&world).await;
        let folder = world.path().parent().unwrap().to_owned();
        assert!(!folder.join("escaped").exists() && !folder.parent().unwrap().join("escaped").exists());
        assert!(!world.path().with_extension("evidence").exists(), "{name}");
    }
}

/// The shell opens the workspace anew after a restore, with a scheduler of its own.
#[tokio::test]
async fn the_scheduler_of_a_workspace_ends_when_it_is_closed() {
    let world = World::new().await;
    let running = tokio::spawn(mf_engine::scheduler::run(world.engine.clone()));
    let backup = world.call("make_backup", json!({})).await;
    world.call("restore_backup", json!({"file_name": backup["file_name"]})).await;
    // Patience that only a hang meets.
    tokio::time::timeout(std::time::Duration::from_secs(120), running).await.unwrap().unwrap();
}
