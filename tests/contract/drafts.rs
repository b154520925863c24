//! Drafts: what an editor holds that is not saved yet.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::json;

#[tokio::test]
async fn a_draft_survives_until_it_is_dropped() {
    let world = World::new().await;
    let put = json!({"key": "flow/1", "content": "{\"name\": \"Größe\"}"});
    let kept = world.call("put_draft", put.clone()).await;
    assert_eq!(kept, json!({"key": "flow/1", "bytes": 19, "updated_at": START}));
    world.clock.set("2026-12-08T12:00:05Z");
    world.call("put_draft", json!({"key": "flow/2", "content": ""})).await;
    assert_eq!(each(&world.call("list_drafts", json!({})).await, "key"), ["flow/2", "flow/1"]);
    assert_eq!(world.call("list_drafts", json!({})).await[1], kept);

    // As after a crash: another opening of the same file.
    let store = mf_store::Store::open(&world.path(), [7, 8, 9].map(uuid::Uuid::from_u128), at(START)).await;
    let world = world.with_store(store.unwrap());
    let draft = world.call("get_draft", json!({"key": "flow/1"})).await;
    assert_eq!((&draft["content"], &draft["updated_at"]), (&put["content"], &json!(START)));

    world.call("put_draft", json!({"key": "flow/1", "content": "later"})).await;
    assert_eq!(world.call("get_draft", json!({"key": "flow/1"})).await["content"], "later");
    for _ in 0..2 {
        assert_eq!(world.call("delete_draft", json!({"key": "flow/1"})).await, json!({}));
    }
    assert_eq!(world.call("get_draft", json!({"key": "flow/1"})).await, json!(null));
}

#[tokio::test]
async fn a_draft_is_no_data_of_the_team() {
    let world = World::new().await;
    world.call("put_draft", json!({"key": "k", "content": "c"})).await;
    assert_eq!(world.call("export_all", json!({})).await, json!([]));
    assert_eq!(world.number("SELECT COUNT(*) FROM outbox").await, 0);
}

#[tokio::test]
async fn only_so_many_and_so_large_drafts_are_kept() {
    let world = World::new().await;
    for n in 0..105 {
        world.clock.set(&format!("2026-12-08T12:{:02}:{:02}Z", n / 60, n % 60));
        world.call("put_draft", json!({"key": format!("k{n}"), "content": "c"})).await;
    }
    let listed = each(&world.call("list_drafts", json!({})).await, "key");
    assert_eq!((listed.len(), &listed[0], &listed[99]), (100, &json!("k104"), &json!("k5")));
    // A clock that was set back does not cost the draft that is being written.
    world.clock.set("2020-01-01T00:00:00Z");
    world.call("put_draft", json!({"key": "old clock", "content": "c"})).await;
    assert_eq!(world.call("get_draft", json!({"key": "old clock"})).await["content"], "c");

    let large = "x".repeat((8 << 20) + 1);
    world.refuse("put_draft", json!({"key": "k", "content": large}), Validation, "content").await;
    for key in ["", &"k".repeat(201), "a\nb"] {
        world.refuse("put_draft", json!({"key": key, "content": ""}), Validation, "key").await;
        world.refuse("get_draft", json!({ "key": key }), Validation, "key").await;
        world.refuse("delete_draft", json!({ "key": key }), Validation, "key").await;
    }
}
