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

/// A team with a schedule that both laptops know, and when it is due.
async fn scheduled() -> (Team, Laptop, Value, DateTime<Utc>) {
    let team = Team::new().await;
    let flow = team.owner.call("create_flow", maintenance("Patch")).await;
    let due = team.owner.clock.now() + TimeDelta::minutes(3);
    let cron = json!({"kind": "cron", "expression": due.format("%M %H %d %m *").to_string()});
    let request =
        json!({"flow_id": flow["id"], "recurrence": cron, "timezone": "UTC", "grace_seconds": 86_400});
    let schedule = team.owner.call("create_schedule", request).await;
    team.owner.sync().await;
    let grace = team.join("Grace", "operator").await;
    (team, grace, schedule, due)
}

/// As if the server could not be reached: what the other laptop has done is not heard before firing.
async fn fire_unheard(laptop: &Laptop, at: DateTime<Utc>) -> Value {
    laptop.engine.tick(at).await.unwrap();
    // What it tells of itself is no matter here.
    laptop.told.toasts();
    let batches = laptop.call("list_batches", json!({})).await;
    batches[0].clone()
}

#[tokio::test]
async fn a_run_by_a_rule_that_was_changed_before_is_cancelled_by_all_alike() {
    let (team, grace, schedule, due) = scheduled().await;
    let another = json!({"kind": "cron", "expression": "0 4 1 1 *"});
    team.owner.call("update_schedule", json!({"id": schedule["id"], "recurrence": another})).await;
    team.owner.sync().await;
    let batch = fire_unheard(&grace, due + TimeDelta::minutes(1)).await;
    assert_eq!(batch["total"], 1, "{batch}");
    grace.sync().await;
    team.owner.sync().await;
    grace.sync().await;
    for laptop in [&grace, &team.owner] {
        let sessions = laptop.call("list_sessions", json!({"batch_id": batch["batch_id"]})).await;
        assert_eq!(sessions[0]["status"], "cancelled", "{sessions}");
        let session = laptop.call("get_session", json!({"id": sessions[0]["id"]})).await;
        assert!(session["notes"].to_string().contains("outdated_schedule"), "{session}");
        assert_eq!(laptop.told.toasts(), [], "what was cancelled is not ready");
    }
    assert_eq!(grace.export().await, team.owner.export().await);
}

#[tokio::test]
async fn a_run_that_was_begun_or_that_the_changed_rule_has_too_stays() {
    let (team, grace, schedule, due) = scheduled().await;
    let another = json!({"kind": "cron", "expression": "0 4 1 1 *"});
    team.owner.call("update_schedule", json!({"id": schedule["id"], "recurrence": another})).await;
    team.owner.sync().await;
    let batch = fire_unheard(&grace, due + TimeDelta::minutes(1)).await;
    let sessions = grace.call("list_sessions", json!({"batch_id": batch["batch_id"]})).await;
    grace.call("start_session", json!({"session_id": sessions[0]["id"]})).await;
    grace.sync().await;
    team.owner.sync().await;
    let seen = team.owner.call("get_session", json!({"id": sessions[0]["id"]})).await;
    assert_eq!(seen["status"], "in_progress");

    let (team, grace, schedule, due) = scheduled().await;
    let other_words = json!({"id": schedule["id"], "grace_seconds": 80_000});
    team.owner.call("update_schedule", other_words).await;
    team.owner.sync().await;
    let batch = fire_unheard(&grace, due + TimeDelta::minutes(1)).await;
    grace.sync().await;
    team.owner.sync().await;
    let seen = team.owner.call("get_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(seen["status"], "pending", "{seen}");
}
