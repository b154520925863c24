//! A schedule that cannot be read or fired: it is logged and stops, and every other one runs on time.

use crate::support::*;
use serde_json::{Value, json};

async fn two_schedules(world: &World) -> (Value, Value) {
    let bad = world.maintenance_flow("Bad").await;
    let bad = world.schedule(&bad, "*/15 * * * *").await;
    let good = world.maintenance_flow("Good").await;
    let good = world.schedule(&good, "*/15 * * * *").await;
    (bad, good)
}

/// Breaks the older of the two schedules.
const GARBAGE: &str =
    r#"UPDATE schedules SET recurrence = '{"kind":"moon_phase"}' WHERE id = (SELECT MIN(id) FROM schedules)"#;

#[tokio::test]
async fn a_rule_of_another_release_holds_nothing_back() {
    let world = World::new().await;
    let (_, good) = two_schedules(&world).await;
    world.tamper(GARBAGE).await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
    let report = world.tick("2026-12-08T12:30:00Z").await;
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
}

#[tokio::test]
async fn nor_does_it_after_the_clock_was_set_back() {
    let world = World::new().await;
    let (_, good) = two_schedules(&world).await;
    world.tick("2026-12-08T13:00:00Z").await;
    world.tamper(GARBAGE).await;
    assert_eq!(world.tick("2026-12-08T12:05:00Z").await["fired"], json!([]));
    let report = world.tick("2026-12-08T13:15:00Z").await;
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
}

#[tokio::test]
async fn nor_hides_it_the_others_from_the_list() {
    let world = World::new().await;
    let (_, good) = two_schedules(&world).await;
    world.tamper(GARBAGE).await;
    assert_eq!(each(&world.call("list_schedules", json!({})).await, "id"), vec![good["id"].clone()]);
}

#[tokio::test]
async fn a_zone_that_no_longer_exists_holds_nothing_back() {
    let world = World::new().await;
    let (_, good) = two_schedules(&world).await;
    world
        .tamper("UPDATE schedules SET timezone = 'Mars/Base' WHERE id = (SELECT MIN(id) FROM schedules)")
        .await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
}

#[tokio::test]
async fn a_run_that_cannot_be_written_fails_alone_and_is_recorded() {
    let world = World::new().await;
    let (bad, good) = two_schedules(&world).await;
    // A head that names no revision: the batch of this flow breaks a foreign key at the commit.
    world
        .tamper("UPDATE flows SET head_id = '018f0000-0000-7000-8000-00000000dead' WHERE name = 'Bad'")
        .await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
    assert_eq!(report["missed"], 1);
    let missed = world.call("list_missed_occurrences", json!({"schedule_id": bad["id"]})).await;
    assert_eq!(each(&missed, "reason"), ["failed"]);
    assert_eq!(each(&missed, "nominal"), ["2026-12-08T12:15:00Z"]);
    let notices = world.call("list_notifications", json!({})).await;
    let mut titles = each(&notices, "title");
    titles.sort_by_key(ToString::to_string);
    assert_eq!(titles, ["Maintenance run ready: Good — 1 session created", "Missed: Bad — 1 run"]);
    // Nothing of the failed run is left, and it tries again next time.
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
    let next = world.tick("2026-12-08T12:30:00Z").await;
    assert_eq!((next["fired"].as_array().unwrap().len(), &next["missed"]), (1, &json!(1)));
}

#[tokio::test]
async fn one_that_can_be_read_again_runs_again_and_what_it_missed_is_recorded() {
    let world = World::new().await;
    let (bad, _) = two_schedules(&world).await;
    world.tick("2026-12-08T12:15:00Z").await;
    let kept = "CREATE TABLE kept AS SELECT id, recurrence FROM schedules";
    world.tamper(kept).await;
    world.tamper(GARBAGE).await;
    world.tick("2026-12-08T12:30:00Z").await;
    world.tick("2026-12-08T13:30:00Z").await;
    let back = "UPDATE schedules SET recurrence = (SELECT recurrence FROM kept WHERE kept.id = schedules.id)";
    world.tamper(back).await;
    // Within the hour it is tried again.
    let report = world.tick("2026-12-08T14:30:00Z").await;
    assert!(each(&report["fired"], "schedule_id").contains(&bad["id"]), "{report}");
    let missed = world.call("list_missed_occurrences", json!({"schedule_id": bad["id"]})).await;
    let nominal = each(&missed, "nominal");
    assert_eq!((nominal.len(), nominal.last().unwrap()), (8, &json!("2026-12-08T12:30:00Z")));
    let report = world.tick("2026-12-08T14:45:00Z").await;
    assert!(each(&report["fired"], "schedule_id").contains(&bad["id"]), "{report}");
}

#[tokio::test]
async fn one_that_cannot_even_be_given_up_holds_nothing_back() {
    let world = World::new().await;
    let (bad, good) = two_schedules(&world).await;
    world
        .tamper(
            "CREATE TABLE bad AS SELECT MIN(id) AS id FROM schedules;
             CREATE TRIGGER broken BEFORE INSERT ON batches WHEN NEW.schedule_id = (SELECT id FROM bad)
               BEGIN SELECT RAISE(ABORT, 'as a test'); END;
             CREATE TRIGGER more_broken BEFORE INSERT ON missed_occurrences
               WHEN NEW.schedule_id = (SELECT id FROM bad) BEGIN SELECT RAISE(ABORT, 'as a test'); END",
        )
        .await;
    for now in ["2026-12-08T12:15:00Z", "2026-12-08T12:30:00Z"] {
        let report = world.tick(now).await;
        assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()], "{now}");
    }
    // It is tried again within the hour, and then what was due is there.
    world.tamper("DROP TRIGGER broken; DROP TRIGGER more_broken; DROP TABLE bad").await;
    let report = world.tick("2026-12-08T13:15:00Z").await;
    assert!(each(&report["fired"], "schedule_id").contains(&bad["id"]), "{report}");
}

#[tokio::test]
async fn the_clock_of_one_that_is_gone_does_not_keep_the_tick_busy() {
    let world = World::new().await;
    let (_, good) = two_schedules(&world).await;
    // A colleague's deletion, as it comes in by a merge: nobody stopped the clock.
    world.tamper("UPDATE schedules SET tombstone = 1 WHERE id = (SELECT MIN(id) FROM schedules)").await;
    let ticking =
        tokio::time::timeout(std::time::Duration::from_secs(20), world.tick("2026-12-08T12:15:00Z"));
    let report = ticking.await.expect("the tick ends");
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
    let mut reader = world.engine.store().read().await.unwrap();
    let next = mf_store::schedule_clocks::next_due(&mut reader).await.unwrap();
    assert_eq!(next, Some(at("2026-12-08T12:30:00Z")));
}

#[tokio::test]
async fn one_that_cannot_be_read_is_told_of_once() {
    let world = World::new().await;
    let (bad, _) = two_schedules(&world).await;
    world.tamper(GARBAGE).await;
    for now in ["2026-12-08T12:15:00Z", "2026-12-08T13:15:00Z", "2026-12-08T14:15:00Z"] {
        world.tick(now).await;
    }
    let notices = world.call("list_notifications", json!({})).await;
    let told: Vec<&Value> =
        notices.as_array().unwrap().iter().filter(|it| it["kind"] == "schedule_unreadable").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["title"], "Cannot be read: the schedule of Bad");
    assert_eq!(told[0]["route"], format!("/flows/{}/maintenance", bad["flow_id"].as_str().unwrap()));
}
