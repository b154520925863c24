//! The tick: what is due becomes batches, sessions, notices and new last and next runs; once.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, Validation};
use mf_engine::ports::Clock;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_due_fires_with_everything_that_belongs_to_it() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.call("update_flow", json!({"id": flow["id"], "description": "A second revision."})).await;
    let list = world.target_list(3).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "30 13 * * *"},
        "timezone": "Europe/Berlin", "target_list_id": list["id"],
    });
    let schedule = world.call("create_schedule", request).await;
    assert_eq!(world.tick("2026-12-08T12:29:59Z").await["fired"], json!([]));

    let report = world.call("scheduler_tick", json!({"now": "2026-12-08T12:30:07Z"})).await;
    assert_eq!((&report["missed"], &report["transitions"]), (&json!(0), &json!(0)));
    assert_eq!(each(&report["fired"], "schedule_id"), vec![schedule["id"].clone()]);
    assert_eq!(each(&report["fired"], "count"), [3]);

    let id = json!({"batch_id": report["fired"][0]["batch_id"]});
    let batch = world.call("get_batch", id.clone()).await;
    assert_eq!(batch["origin"], "schedule");
    assert_eq!(batch["scheduled_for"], "2026-12-08T12:30:00Z");
    assert_eq!(batch["launched_at"], "2026-12-08T12:30:07Z");
    assert_eq!((&batch["revision"], &batch["total"], &batch["pending"]), (&json!(2), &json!(3), &json!(3)));
    assert_eq!((&batch["schedule_id"], &batch["target_list_id"]), (&schedule["id"], &list["id"]));
    let sessions = world.call("list_sessions", id).await;
    assert_eq!(each(&sessions, "target_label"), ["RDS-01", "RDS-02", "RDS-03"]);
    assert_eq!(each(&sessions, "target_notes"), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);

    let notices = world.call("list_notifications", json!({"unread": true})).await;
    assert_eq!(each(&notices, "kind"), ["run_ready"]);
    assert_eq!(notices[0]["title"], "Maintenance run ready: Patch — 3 sessions created");
    assert_eq!(notices[0]["body"], "Due 2026-12-08 13:30, Europe/Berlin · targets from “RDS farm”");
    assert_eq!(notices[0]["route"], format!("/batches/{}", batch["batch_id"].as_str().unwrap()));

    let after = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(after["last_run_at"], "2026-12-08T12:30:00Z");
    assert_eq!(after["next_run_at"], "2026-12-09T12:30:00Z");
}

#[tokio::test]
async fn the_same_instant_twice_fires_once() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    let first = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(first["fired"].as_array().unwrap().len(), 1);
    let content = world.content().await;
    world.told.toasts();
    let nothing = json!({"fired": [], "missed": 0, "transitions": 0});
    assert_eq!(world.tick("2026-12-08T12:15:00Z").await, nothing);
    assert_eq!(world.content().await, content);
    assert_eq!(world.told.toasts(), []);
}

#[tokio::test]
async fn two_ticks_at_once_fire_once() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    let now = at("2026-12-08T12:15:00Z");
    let tick = || world.engine.tick(now);
    let (a, b, c) = tokio::join!(tick(), tick(), tick());
    let fired: usize = [a, b, c].map(|report| report.unwrap().fired.len()).iter().sum();
    assert_eq!(fired, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);
    assert_eq!(world.told.toasts().len(), 1);
}

#[tokio::test]
async fn without_a_list_the_run_is_unassigned() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(report["fired"][0]["count"], 1);
    let sessions = world.call("list_sessions", json!({"batch_id": report["fired"][0]["batch_id"]})).await;
    assert_eq!(each(&sessions, "target_label"), ["Unassigned"]);
    let notice = world.told.toasts().remove(0);
    assert_eq!(notice.title, "Maintenance run ready: Patch — 1 session created");
    assert_eq!(notice.body, "Due 2026-12-08 12:15, UTC");
}

#[tokio::test]
async fn a_deleted_list_leaves_the_run_unassigned() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(3).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "*/15 * * * *"},
        "target_list_id": list["id"],
    });
    world.call("create_schedule", request).await;
    world.call("delete_target_list", json!({"id": list["id"]})).await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    let sessions = world.call("list_sessions", json!({"batch_id": report["fired"][0]["batch_id"]})).await;
    assert_eq!(each(&sessions, "target_label"), ["Unassigned"]);
}

#[tokio::test]
async fn a_paused_schedule_does_not_fire_and_resuming_does_not_catch_up() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "*/15 * * * *").await;
    let activity = |active: bool| json!({"id": schedule["id"], "is_active": active});
    world.call("update_schedule", activity(false)).await;
    assert_eq!(world.tick("2026-12-08T12:45:00Z").await["fired"], json!([]));
    world.clock.set("2026-12-08T12:50:00Z");
    world.call("update_schedule", activity(true)).await;
    let nothing = json!({"fired": [], "missed": 0, "transitions": 0});
    assert_eq!(world.tick("2026-12-08T12:50:00Z").await, nothing);
    assert_eq!(world.tick("2026-12-08T13:00:00Z").await["fired"].as_array().unwrap().len(), 1);
}

/// A tick that waits for the write lock sees what the holder of the lock wrote.
#[tokio::test]
async fn an_edit_that_comes_before_the_tick_gets_the_lock_counts() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "*/15 * * * *").await;
    // Its clock is known from an earlier tick: nothing but the firing itself waits for the lock.
    world.tick("2026-12-08T12:14:59Z").await;
    let id = schedule["id"].as_str().unwrap().parse().unwrap();
    let mut write = world.engine.store().write(world.clock.now()).await.unwrap();
    let ticking = tokio::spawn({
        let engine = world.engine.clone();
        async move { engine.tick("2026-12-08T12:15:00Z".parse().unwrap()).await }
    });
    // Gives the tick every chance to read what is due; were this too short, the test would only see less.
    for _ in 0..50 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    mf_store::schedules::set_paused(&mut write, id, true).await.unwrap();
    write.commit().await.unwrap();
    let report = ticking.await.unwrap().unwrap();
    assert_eq!(report.fired, [], "it was paused before it fired");
}

#[tokio::test]
async fn a_run_beside_an_open_one_says_how_far_that_one_is() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 2).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.schedule(&flow, "*/15 * * * *").await;
    world.tick("2026-12-08T12:15:00Z").await;
    let toast = world.told.toasts().remove(0);
    assert_eq!(toast.body, "Due 2026-12-08 12:15, UTC · previous run 1/2 complete");
}

#[tokio::test]
async fn a_required_answer_that_nobody_gave_is_asked_before_the_first_start() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let list = world.target_list(2).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "*/15 * * * *"},
        "target_list_id": list["id"], "intake": {"remark": "by night"},
    });
    world.call("create_schedule", request).await;
    let fired = world.tick("2026-12-08T12:15:00Z").await["fired"][0].clone();
    let batch = world.call("get_batch", json!({"batch_id": fired["batch_id"]})).await;
    assert_eq!(batch["intake"], json!({"remark": "by night"}));
    assert_eq!(each(&batch["missing_intake"], "key"), ["patch_version"]);

    let sessions = world.call("list_sessions", json!({"batch_id": fired["batch_id"]})).await;
    let start = json!({"session_id": sessions[0]["id"]});
    world.refuse("start_session", start.clone(), Validation, "intake.patch_version").await;
    let step = json!({"session_id": sessions[0]["id"], "step_id": "update", "outcome": "done"});
    world.refuse("record_step", step, Validation, "intake.patch_version").await;

    let answer = json!({"batch_id": fired["batch_id"], "intake": {"patch_version": "7", "remark": "now"}});
    assert_eq!(world.call("set_batch_intake", answer).await["missing_intake"], json!([]));
    let started = world.call("start_session", start).await;
    assert_eq!(started["intake"], json!({"patch_version": "7", "remark": "now"}));
    // Asked once: the next session starts right away.
    world.call("start_session", json!({"session_id": sessions[1]["id"]})).await;
}

#[tokio::test]
async fn while_the_window_ticks_a_headless_tick_is_a_conflict() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    world.gate.close();
    world.refuse("scheduler_tick", json!({"now": "2026-12-08T12:15:00Z"}), Conflict, "now").await;
}

#[tokio::test]
async fn a_simulated_instant_never_moves_the_clock_that_versions_rows() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "@yearly").await;
    world.tick("2040-06-01T00:00:00Z").await;
    world.call("update_flow", json!({"id": flow["id"], "name": "Later"})).await;
    world.call("update_schedule", json!({"id": schedule["id"], "grace_seconds": 5})).await;
    let newest = world
        .texts("SELECT MAX(version) FROM (SELECT version FROM flows UNION ALL SELECT version FROM schedules)")
        .await;
    let millis = i64::from_str_radix(&newest[0][..12], 16).unwrap();
    assert_eq!(millis, at(START).timestamp_millis());
}

#[tokio::test]
async fn instants_far_beyond_any_calendar_break_nothing() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 0 1 1 *").await;
    for now in ["+262142-12-31T23:59:59Z", "-262143-01-01T00:00:00Z", "1969-12-31T23:59:59Z", START] {
        assert_eq!(world.tick(now).await["fired"], json!([]), "{now}");
    }
    assert_eq!(world.tick("2027-01-01T00:00:00Z").await["fired"].as_array().unwrap().len(), 1);
}

/// Flows `Flow 1` to `Flow n`, each with a schedule due at 12:15, as copies of one flow: through commands it would take
/// seconds.
async fn many_schedules(world: &World, n: usize) {
    let flow = world.maintenance_flow("Flow 0").await;
    world.schedule(&flow, "15 12 * * *").await;
    assert!(n <= 1_200);
    world
        .tamper(
            "CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
               SELECT i, printf('0190ffff-0000-7000-8000-%012x', i) AS flow,
                 printf('0190ffff-0000-7000-8001-%012x', i) AS schedule FROM n;
             INSERT INTO flows SELECT n.flow, team_id, version, base_version, tombstone, extra, 'Flow ' || n.i, description,
               flow_type, head_id, created_by, created_at, updated_at, folded_name, folded_description FROM flows, n;
             INSERT INTO schedules (id, team_id, version, base_version, tombstone, extra, flow_id, recurrence, timezone,
                 target_list_id, misfire, overlap, grace_seconds, intake, created_by, created_at, updated_at)
               SELECT n.schedule, team_id, version, base_version, tombstone, extra, n.flow, recurrence,
               timezone, target_list_id, misfire, overlap, grace_seconds, intake, created_by, created_at, updated_at
               FROM schedules, n;
             INSERT INTO active_schedules (id, team_id, version, schedule_id)
               SELECT n.flow, team_id, version, n.schedule FROM active_schedules, n;
             INSERT INTO schedule_clocks (schedule_id, next_run_at, look_at, last_run_at, checked_through, rule_since)
               SELECT n.schedule, next_run_at, look_at, last_run_at, checked_through, rule_since FROM schedule_clocks, n;",
        )
        .await;
}

#[tokio::test]
async fn more_than_a_chunk_of_schedules_fires_as_a_whole_and_is_told_in_one_toast() {
    let world = World::new().await;
    many_schedules(&world, 1_200).await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(report["fired"].as_array().unwrap().len(), 1_201);
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1_201);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1_201);
    assert_eq!(world.number("SELECT COUNT(*) FROM notifications").await, 1_201);
    assert_eq!(world.number("SELECT COUNT(*) FROM schedule_clocks WHERE last_run_at IS NULL").await, 0);
    let toasts = world.told.toasts();
    assert_eq!(toasts.len(), 1);
    assert_eq!(toasts[0].title, "1201 maintenance runs ready — 1201 sessions created");
    assert_eq!(toasts[0].route, "/notifications");
    let events = world.told.events();
    assert_eq!(events.last(), Some(&mf_contract::Event::EverythingChanged));
    assert!(events.len() < 10, "{}", events.len());
    let unread: Value = world.call("notification_counts", json!({})).await;
    assert_eq!(unread["unread"], 1_201);
}
