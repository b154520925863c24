//! What was missed long ago is forgotten, once a day; what somebody skipped stays skipped.

use crate::support::*;
use mf_store::Store;
use serde_json::{Value, json};
use uuid::Uuid;

async fn outcomes(world: &World) -> Vec<(Value, Value)> {
    let missed = world.call("list_missed_occurrences", json!({})).await;
    each(&missed, "nominal").into_iter().zip(each(&missed, "outcome")).collect()
}

#[tokio::test]
async fn misses_are_kept_for_four_hundred_days_and_answers_for_ever() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let daily = json!({"kind": "cron", "expression": "0 13 * * *"});
    let asking = json!({"flow_id": flow["id"], "recurrence": daily, "misfire": "ask"});
    let schedule = world.call("create_schedule", asking).await;
    // One is skipped by somebody, one was found too late.
    world.clock.set("2026-12-08T13:10:00Z");
    world.tick("2026-12-08T13:10:00Z").await;
    let skipped = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T13:00:00Z"});
    world.call("skip_missed_occurrence", skipped).await;
    world.clock.set("2026-12-09T18:00:00Z");
    world.tick("2026-12-09T18:00:00Z").await;
    let declined = (json!("2026-12-08T13:00:00Z"), json!("declined"));
    let missed = (json!("2026-12-09T13:00:00Z"), json!("none"));
    assert_eq!(outcomes(&world).await, [missed.clone(), declined.clone()]);

    let kept = async |now: &str| {
        world.clock.set(now);
        assert!(world.engine.keep_house(at(now)).await.unwrap(), "a backup is due");
        outcomes(&world).await
    };
    assert_eq!(kept("2028-01-12T12:00:00Z").await, [missed, declined.clone()]);
    assert_eq!(kept("2028-01-13T13:30:00Z").await, [declined]);
    // Once a day is enough.
    assert!(!world.engine.keep_house(at("2028-01-13T14:00:00Z")).await.unwrap());

    // The backup has what is forgotten, should the clock have been wrong.
    let backup = world.call("list_backups", json!({})).await[0]["file_name"].clone();
    world.call("restore_backup", json!({"file_name": backup})).await;
    let store = Store::open(&world.path(), [Uuid::nil(); 3], at("2028-01-13T15:00:00Z")).await.unwrap();
    let world = world.with_store(store);
    assert_eq!(outcomes(&world).await.len(), 2);
    world.tamper("DELETE FROM missed_occurrences WHERE outcome = 'none'").await;

    // Set back to before both, nothing that was skipped runs, and what was only missed may.
    for now in ["2026-12-08T12:50:00Z", "2026-12-08T13:00:30Z"] {
        world.clock.set(now);
        assert_eq!(world.tick(now).await["fired"], json!([]), "{now}");
    }
    world.clock.set("2026-12-09T13:00:30Z");
    assert_eq!(world.tick("2026-12-09T13:00:30Z").await["fired"].as_array().map(Vec::len), Some(1));
}
