//! The notification centre.

use crate::support::*;
use mf_contract::ErrorCode::{NotFound, Validation};
use serde_json::{Value, json};
use std::collections::HashSet;

async fn notices(world: &World, count: usize) {
    for n in 0..count {
        let flow = world.maintenance_flow(&format!("Flow {n}")).await;
        world.schedule(&flow, "*/15 * * * *").await;
    }
    world.tick("2026-12-08T12:15:00Z").await;
}

#[tokio::test]
async fn a_notice_is_unread_until_it_is_marked() {
    let world = World::new().await;
    notices(&world, 3).await;
    assert_eq!(world.call("notification_counts", json!({})).await, json!({"unread": 3}));
    let all = world.call("list_notifications", json!({})).await;
    world.clock.set("2026-12-08T12:20:00Z");
    assert_eq!(world.call("mark_notification_read", json!({"id": all[1]["id"]})).await, json!({}));
    assert_eq!(world.call("notification_counts", json!({})).await, json!({"unread": 2}));
    let read = world.call("list_notifications", json!({"unread": false})).await;
    assert_eq!(each(&read, "id"), vec![all[1]["id"].clone()]);
    assert_eq!(read[0]["read_at"], "2026-12-08T12:20:00Z");
    let unread = world.call("list_notifications", json!({"unread": true})).await;
    assert_eq!(each(&unread, "id"), vec![all[0]["id"].clone(), all[2]["id"].clone()]);

    // Marked again, it stays read since then; all others with one call.
    world.clock.set("2026-12-08T13:00:00Z");
    world.call("mark_notification_read", json!({"id": all[1]["id"]})).await;
    world.call("mark_notification_read", json!({})).await;
    assert_eq!(world.call("notification_counts", json!({})).await, json!({"unread": 0}));
    let times = each(&world.call("list_notifications", json!({})).await, "read_at");
    assert_eq!(times, ["2026-12-08T13:00:00Z", "2026-12-08T12:20:00Z", "2026-12-08T13:00:00Z"]);
}

#[tokio::test]
async fn pages_of_notices_lose_none_of_the_same_instant() {
    let world = World::new().await;
    notices(&world, 9).await;
    let all = each(&world.call("list_notifications", json!({})).await, "id");
    assert_eq!(all.iter().collect::<HashSet<&Value>>().len(), 9);
    assert_eq!(paged(&world, "list_notifications", json!({"limit": 2}), "id").await, all);
}

#[tokio::test]
async fn what_is_no_notice_is_not_found() {
    let world = World::new().await;
    world.refuse("mark_notification_read", json!({"id": NOBODY}), NotFound, "id").await;
    world.refuse("list_notifications", json!({"before": NOBODY}), NotFound, "before").await;
    for limit in [0, 501] {
        world.refuse("list_notifications", json!({ "limit": limit }), Validation, "limit").await;
    }
}

#[tokio::test]
async fn a_test_is_told_to_the_desktop_and_kept_nowhere() {
    let world = World::new().await;
    assert_eq!(world.call("test_notification", json!({})).await, json!({"handed_over": true}));
    let toasts = world.told.toasts();
    assert_eq!((toasts.len(), toasts[0].route.as_str()), (1, "/settings/notifications"));
    assert_eq!(world.call("list_notifications", json!({})).await, json!([]));
}
