//! Evidence: its record in the session, its content beside the database, and what asks for it.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, Corrupt, NotFound, Unavailable, Validation};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// SHA-256 of "abc" (FIPS 180-2, appendix B.1).
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A flow whose step `update` needs evidence, and the first session of a batch of it.
async fn session(world: &World) -> Value {
    let mut flow = maintenance("Patch");
    flow["structure"]["steps"][0]["evidence"] = json!("required");
    let flow = world.call("create_flow", flow).await;
    world.batch(&flow, 2).await["sessions"][0]["id"].clone()
}

fn folder(world: &World) -> PathBuf {
    world.path().with_extension("evidence")
}

fn files(world: &World) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder(world)) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn evidence_is_kept_with_hash_size_and_time_and_read_back() {
    let world = World::new().await;
    let id = session(&world).await;
    world.clock.set("2026-12-08T12:05:00Z");
    let text = json!({"session_id": id, "step_id": "update", "name": "winver.txt", "text": "abc"});
    let session = world.call("add_evidence", text).await;
    let evidence = &session["steps"][0]["evidence"][0];
    assert_eq!(
        *evidence,
        json!({
            "id": evidence["id"], "step_id": "update", "name": "winver.txt", "media_type": "text/plain", "size": 3,
            "sha256": ABC, "at": "2026-12-08T12:05:00Z", "author": session["events"][0]["author"],
        })
    );
    assert_eq!(session["status"], "pending", "evidence alone is not work");
    let read = json!({"session_id": id, "evidence_id": evidence["id"]});
    let read = world.call("read_evidence", read).await;
    assert_eq!((&read["text"], &read["sha256"]), (&json!("abc"), &json!(ABC)));

    // A picture, of the session as a whole; bytes that are no text.
    let picture = json!({"session_id": id, "name": "screen.png", "media_type": "image/PNG", "content_base64": "iVBORw0KGgr/"});
    let session = world.call("add_evidence", picture).await;
    let evidence = &session["evidence"][0];
    assert_eq!((&evidence["media_type"], &evidence["size"]), (&json!("image/png"), &json!(9)));
    let read = json!({"session_id": id, "evidence_id": evidence["id"]});
    let read = world.call("read_evidence", read).await;
    assert_eq!((&read["content_base64"], read.get("text")), (&json!("iVBORw0KGgr/"), None));
    // What is not UTF-8 is not text, whatever it says.
    let odd =
        json!({"session_id": id, "name": "log.txt", "media_type": "text/plain", "content_base64": "/w=="});
    let session = world.call("add_evidence", odd).await;
    let read = json!({"session_id": id, "evidence_id": session["evidence"][1]["id"]});
    assert_eq!(world.call("read_evidence", read).await["content_base64"], "/w==");
}

#[cfg(unix)]
#[tokio::test]
async fn contents_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let id = session(&world).await;
    world.call("add_evidence", json!({"session_id": id, "name": "a.txt", "text": "abc"})).await;
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder(&world)), 0o700);
    assert_eq!(mode(folder(&world).join(ABC)), 0o600);
}

#[tokio::test]
async fn the_same_content_lies_there_once_and_outlives_its_removal() {
    let world = World::new().await;
    let id = session(&world).await;
    let text = json!({"session_id": id, "step_id": "update", "name": "a.txt", "text": "abc"});
    world.call("add_evidence", text.clone()).await;
    let session = world.call("add_evidence", text).await;
    assert_eq!(files(&world), [ABC]);
    let first = session["steps"][0]["evidence"][0]["id"].clone();
    let remove = json!({"session_id": id, "evidence_id": first});
    let session = world.call("remove_evidence", remove.clone()).await;
    assert_eq!(session["steps"][0]["evidence"].as_array().unwrap().len(), 1);
    assert_eq!(files(&world), [ABC], "a backup may refer to it");
    assert_eq!(each(&session["events"], "kind"), ["evidence_added", "evidence_added", "evidence_removed"]);
    world.refuse("remove_evidence", remove.clone(), NotFound, "evidence_id").await;
    world.refuse("read_evidence", remove, NotFound, "evidence_id").await;
}

#[tokio::test]
async fn a_step_that_needs_evidence_is_not_done_without() {
    let world = World::new().await;
    let id = session(&world).await;
    let step = |outcome: &str| json!({"session_id": id, "step_id": "update", "outcome": outcome});
    let error = world.refuse("record_step", step("done"), Validation, "evidence").await;
    assert!(error.message.contains("Install updates"), "{error}");
    let many = json!({"session_ids": [id], "step_id": "update", "outcome": "done"});
    let reply = world.call("record_steps", many).await;
    assert_eq!(reply["refused"][0]["error"]["field"], "evidence");
    // That it failed, or was left out, needs no proof.
    world.call("record_step", step("failed")).await;
    world.call("record_step", step("skipped")).await;
    // Evidence of another step, or of the session, is not this step's.
    for other in [json!({"step_id": "reboot"}), json!({})] {
        let mut add = json!({"session_id": id, "name": "a.txt", "text": "abc"});
        add.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        world.call("add_evidence", add).await;
        world.refuse("record_step", step("done"), Validation, "evidence").await;
    }
    let add = json!({"session_id": id, "step_id": "update", "name": "a.txt", "text": "abc"});
    let session = world.call("add_evidence", add.clone()).await;
    assert_eq!(world.call("record_step", step("done")).await["steps"][0]["outcome"], "done");

    // What it was done on cannot go, unless there is more.
    let remove = json!({"session_id": id, "evidence_id": session["steps"][0]["evidence"][0]["id"]});
    world.refuse("remove_evidence", remove.clone(), Conflict, "evidence_id").await;
    world.call("add_evidence", add).await;
    world.call("remove_evidence", remove).await;
}

#[tokio::test]
async fn a_board_counts_evidence() {
    let world = World::new().await;
    let id = session(&world).await;
    for step in [json!("update"), json!("update"), json!(null)] {
        let add = json!({"session_id": id, "step_id": step, "name": "a.txt", "text": "abc"});
        world.call("add_evidence", add).await;
    }
    let session = world.call("get_session", json!({ "id": id })).await;
    let board = world.call("get_board", json!({"batch_id": session["batch_id"]})).await;
    assert_eq!(board["steps"][0]["evidence"], "required");
    assert_eq!(board["sessions"][0]["evidence"], json!({"update": 2}));
    assert_eq!(board["sessions"][0]["session_evidence"], 1);
    assert!(board["sessions"][1].get("evidence").is_none(), "{board}");
}

#[tokio::test]
async fn what_is_no_evidence_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let id = session(&world).await;
    let cases = [
        (json!({"name": "a/b.txt", "text": "abc"}), "name"),
        (json!({"name": "", "text": "abc"}), "name"),
        (json!({"name": "a.txt"}), "content_base64"),
        (json!({"name": "a.txt", "text": "abc", "content_base64": "YWJj"}), "content_base64"),
        (json!({"name": "a.txt", "content_base64": "YWJ"}), "content_base64"),
        (json!({"name": "a.txt", "content_base64": ""}), "content_base64"),
        (json!({"name": "a.txt", "text": ""}), "text"),
        (json!({"name": "a.txt", "text": "x".repeat((10 << 20) + 1)}), "text"),
        (json!({"name": "a.txt", "text": "abc", "media_type": "text"}), "media_type"),
        (json!({"name": "a.txt", "text": "abc", "step_id": "nothing"}), "step_id"),
    ];
    for (mut request, field) in cases {
        request["session_id"] = id.clone();
        world.refuse("add_evidence", request, Validation, field).await;
    }
    let nowhere = json!({"session_id": NOBODY, "name": "a.txt", "text": "abc"});
    world.refuse("add_evidence", nowhere, NotFound, "session_id").await;
    let nothing = json!({"session_id": id, "evidence_id": NOBODY});
    world.refuse("read_evidence", nothing.clone(), NotFound, "evidence_id").await;
    world.refuse("remove_evidence", nothing, NotFound, "evidence_id").await;
    assert_eq!(files(&world), [] as [&str; 0]);
    // The most there may be.
    let most = json!({"session_id": id, "name": "a.txt", "text": "x".repeat(10 << 20)});
    assert_eq!(world.call("add_evidence", most).await["evidence"][0]["size"], 10 << 20);
}

#[tokio::test]
async fn a_missing_or_altered_content_is_said_in_words_and_can_be_put_back() {
    let world = World::new().await;
    let id = session(&world).await;
    let add = json!({"session_id": id, "name": "a.txt", "text": "abc"});
    let session = world.call("add_evidence", add.clone()).await;
    let read = json!({"session_id": id, "evidence_id": session["evidence"][0]["id"]});
    fs::write(folder(&world).join(ABC), "abd").unwrap();
    let error = world.fail("read_evidence", read.clone()).await;
    assert_eq!(error.code, Corrupt, "{error}");
    fs::remove_file(folder(&world).join(ABC)).unwrap();
    let error = world.fail("read_evidence", read.clone()).await;
    assert_eq!(error.code, Unavailable, "{error}");
    assert!(error.message.contains("missing"), "{error}");
    // The same content once more heals both.
    fs::write(folder(&world).join(ABC), "abd").unwrap();
    world.call("add_evidence", add).await;
    assert_eq!(world.call("read_evidence", read).await["text"], "abc");
}

#[tokio::test]
async fn a_backup_brings_its_evidence_back() {
    let world = World::new().await;
    let id = session(&world).await;
    let add = json!({"session_id": id, "name": "a.txt", "text": "abc"});
    let session = world.call("add_evidence", add).await;
    let read = json!({"session_id": id, "evidence_id": session["evidence"][0]["id"]});
    world.engine.store().backup_if_due(at(START)).await.unwrap().unwrap();
    // Added after the backup: the restored workspace knows nothing of it.
    let later = json!({"session_id": id, "name": "b.txt", "text": "later"});
    world.call("add_evidence", later).await;
    world.engine.store().close().await;
    let path = world.path();
    fs::remove_dir_all(folder(&world)).unwrap();
    fs::write(&path, "not a database at all, but something else entirely").unwrap();
    mf_store::recover_from_backup(&path, at(START)).await.unwrap();
    let ids = [1, 2, 3].map(uuid::Uuid::from_u128);
    let store = mf_store::Store::open(&path, ids, at(START)).await.unwrap();
    let world = world.with_store(store);
    assert_eq!(world.call("read_evidence", read).await["text"], "abc");
    assert_eq!(world.call("get_session", json!({ "id": id })).await["evidence"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_content_that_cannot_be_written_leaves_no_record() {
    let world = World::new().await;
    let id = session(&world).await;
    // A file where the folder should be.
    fs::write(folder(&world), "in the way").unwrap();
    let add = json!({"session_id": id, "name": "a.txt", "text": "abc"});
    let error = world.fail("add_evidence", add.clone()).await;
    assert_eq!(error.code, Unavailable, "{error}");
    fs::remove_file(folder(&world)).unwrap();
    world.call("add_evidence", add).await;
}

#[tokio::test]
async fn a_content_whose_record_is_refused_does_not_stay() {
    let world = World::new().await;
    let id = session(&world).await;
    world.call("add_evidence", json!({"session_id": id, "name": "a.txt", "text": "abc"})).await;
    let nowhere = json!({"session_id": NOBODY, "name": "b.txt", "text": "of nothing"});
    world.refuse("add_evidence", nowhere, NotFound, "session_id").await;
    assert_eq!(files(&world), [ABC], "neither it nor an unfinished file");
}
