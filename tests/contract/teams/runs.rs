//! Runs that a colleague's laptop started.

use super::*;
use crate::support::maintenance;

#[tokio::test]
async fn a_run_that_is_news_is_told_here_and_one_that_is_not_is_not() {
    let team = Team::new().await;
    let flow = team.owner.call("create_flow", maintenance("Patch")).await;
    let minute = |at: DateTime<Utc>| at.format("%M %H %d %m *").to_string();
    let now = team.owner.clock.now();
    let soon = now + TimeDelta::minutes(2);
    let cron = json!({"kind": "cron", "expression": minute(soon)});
    let request =
        json!({"flow_id": flow["id"], "recurrence": cron, "timezone": "UTC", "grace_seconds": 3600});
    team.owner.call("create_schedule", request).await;
    let fired = team.owner.call("scheduler_tick", json!({"now": soon + TimeDelta::minutes(1)})).await;
    assert_eq!(fired["fired"].as_array().unwrap().len(), 1, "{fired}");
    let batch = &fired["fired"][0]["batch_id"];
    team.owner.sync().await;

    // Half an hour later it is news, a day later it is none.
    for (later, expected) in [(TimeDelta::minutes(30), 1), (TimeDelta::days(1), 0)] {
        let grace = Laptop::new().await;
        let invite = team.owner.call("invite_member", json!({"name": "Grace", "role": "readonly"})).await;
        grace.call("join_workspace", json!({"invite": invite["invite"]})).await;
        let grace = grace.enter(&team.id).await;
        grace.clock.set(later);
        grace.told.toasts();
        grace.sync().await;
        let toasts = grace.told.toasts();
        assert_eq!(toasts.len(), expected, "{toasts:?}");
        let notices = grace.call("list_notifications", json!({})).await;
        let ready: Vec<&Value> =
            notices.as_array().unwrap().iter().filter(|it| it["kind"] == "run_ready").collect();
        assert_eq!(ready.len(), expected, "{notices}");
        if let Some(ready) = ready.first() {
            assert_eq!(ready["route"], format!("/batches/{}", batch.as_str().unwrap()));
            assert!(toasts[0].title.contains("Patch") && toasts[0].title.contains("1 session"), "{toasts:?}");
        }
        // Told once.
        grace.sync().await;
        assert_eq!(grace.told.toasts(), []);
    }
}
