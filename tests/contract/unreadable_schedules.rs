//! Schedules that this release cannot read stand by themselves, with what is wrong; they can be set anew and deleted.

use crate::support::*;
use mf_contract::ErrorCode;
use serde_json::{Value, json};

/// Two flows with a schedule each; the row of the first is of another release.
async fn one_of_two(world: &World, damage: &'static str) -> (Value, Value) {
    let bad = world.maintenance_flow("Bad").await;
    let bad = world.schedule(&bad, "*/15 * * * *").await;
    let good = world.maintenance_flow("Good").await;
    let good = world.schedule(&good, "*/15 * * * *").await;
    world.tamper(damage).await;
    (bad, good)
}

const RECURRENCE: &str =
    r#"UPDATE schedules SET recurrence = '{"kind":"moon_phase"}' WHERE id = (SELECT MIN(id) FROM schedules)"#;
const ZONE: &str = "UPDATE schedules SET timezone = 'Mars/Base' WHERE id = (SELECT MIN(id) FROM schedules)";
const MISFIRE: &str = "UPDATE schedules SET misfire = 'tomorrow' WHERE id = (SELECT MIN(id) FROM schedules)";

async fn unreadable(world: &World) -> Value {
    world.call("list_unreadable_schedules", json!({})).await
}

#[tokio::test]
async fn each_is_told_with_what_is_wrong_with_it() {
    for (damage, problem) in [
        (RECURRENCE, "Its recurrence cannot be read by this release."),
        (ZONE, "Its time zone “Mars/Base” is not an IANA zone name, such as Europe/London or UTC."),
        (MISFIRE, "What becomes of its late runs is none that this release knows."),
    ] {
        let world = World::new().await;
        let (bad, good) = one_of_two(&world, damage).await;
        let told = json!([{
            "id": bad["id"], "flow_id": bad["flow_id"], "flow_name": "Bad", "is_active": true, "problem": problem,
        }]);
        assert_eq!(unreadable(&world).await, told);
        let of = async |schedule: &Value| {
            world.call("list_unreadable_schedules", json!({"flow_id": schedule["flow_id"]})).await
        };
        assert_eq!((of(&bad).await, of(&good).await), (told, json!([])));
        // What scripts rely on is as it was.
        assert_eq!(world.call("list_schedules", json!({})).await, json!([good]));
    }
    let world = World::new().await;
    assert_eq!(unreadable(&world).await, json!([]));
    let nobody = json!({"flow_id": NOBODY});
    world.refuse("list_unreadable_schedules", nobody, ErrorCode::NotFound, "flow_id").await;
}

#[tokio::test]
async fn whoever_needs_to_read_it_hears_what_is_wrong_and_what_to_do() {
    let world = World::new().await;
    let (bad, _) = one_of_two(&world, RECURRENCE).await;
    let of_flow = world.fail("get_schedule_for_flow", json!({"flow_id": bad["flow_id"]})).await;
    let pause = world.fail("update_schedule", json!({"id": bad["id"], "is_active": false})).await;
    for error in [of_flow, pause] {
        assert_eq!(error.code, ErrorCode::Unavailable);
        assert_eq!(
            error.message,
            "this schedule cannot be read. Its recurrence cannot be read by this release. Set it anew, with its \
             recurrence, or delete it."
        );
    }
    // A newer release may run it on another computer: nothing takes its place unasked.
    let beside = json!({"flow_id": bad["flow_id"], "recurrence": {"kind": "cron", "expression": "@daily"}});
    world.refuse("create_schedule", beside, ErrorCode::Conflict, "flow_id").await;
}

#[tokio::test]
async fn one_that_is_set_anew_runs_again() {
    let world = World::new().await;
    let (bad, _) = one_of_two(&world, RECURRENCE).await;
    world.tick("2026-12-08T12:15:00Z").await;
    world.clock.set("2026-12-08T12:20:00Z");
    let anew = json!({"id": bad["id"], "recurrence": {"kind": "cron", "expression": "*/10 * * * *"}});
    let saved = world.call("update_schedule", anew).await;
    assert_eq!(
        (&saved["id"], &saved["is_active"], &saved["next_run_at"]),
        (&bad["id"], &json!(true), &json!("2026-12-08T12:30:00Z"))
    );
    assert_eq!(unreadable(&world).await, json!([]));
    assert_eq!(world.call("get_schedule_for_flow", json!({"flow_id": bad["flow_id"]})).await, saved);
    let report = world.tick("2026-12-08T12:30:00Z").await;
    assert!(each(&report["fired"], "schedule_id").contains(&bad["id"]), "{report}");
}

#[tokio::test]
async fn the_very_rule_it_had_counts_as_set_anew() {
    let world = World::new().await;
    let (bad, _) = one_of_two(&world, "UPDATE schedules SET intake = '[]'").await;
    assert_eq!(
        unreadable(&world).await[0]["problem"],
        "The list of its answers cannot be read by this release."
    );
    world.call("update_schedule", json!({"id": bad["id"], "recurrence": bad["recurrence"]})).await;
    assert_eq!(each(&unreadable(&world).await, "flow_name"), ["Good"]);
}

#[tokio::test]
async fn what_a_zone_or_a_policy_lacks_is_enough_to_set_anew() {
    for (damage, field) in [(ZONE, json!({"timezone": "UTC"})), (MISFIRE, json!({"misfire": "skip"}))] {
        let world = World::new().await;
        let (bad, _) = one_of_two(&world, damage).await;
        let mut update = field;
        update["id"] = bad["id"].clone();
        world.call("update_schedule", update).await;
        assert_eq!(unreadable(&world).await, json!([]));
        let report = world.tick("2026-12-08T12:15:00Z").await;
        assert_eq!(report["fired"].as_array().map(Vec::len), Some(2));
    }
}

#[tokio::test]
async fn one_is_deleted_by_itself_and_with_its_flow() {
    for command in ["delete_schedule", "delete_flow"] {
        let world = World::new().await;
        let (bad, good) = one_of_two(&world, RECURRENCE).await;
        let id = if command == "delete_flow" { &bad["flow_id"] } else { &bad["id"] };
        world.call(command, json!({"id": id})).await;
        assert_eq!(unreadable(&world).await, json!([]));
        world.refuse("delete_schedule", json!({"id": NOBODY}), ErrorCode::NotFound, "id").await;
        if command == "delete_schedule" {
            world.refuse(command, json!({"id": bad["id"]}), ErrorCode::NotFound, "id").await;
            world.schedule(&json!({"id": bad["flow_id"]}), "*/15 * * * *").await;
        }
        let report = world.tick("2026-12-08T12:15:00Z").await;
        assert!(each(&report["fired"], "schedule_id").contains(&good["id"]), "{report}");
    }
}
