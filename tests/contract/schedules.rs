//! Schedules: making, changing, pausing; previews; and the one active schedule of a flow.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, InvalidFlowType, NotFound, Validation};
use serde_json::{Value, json};

fn cron(expression: &str) -> Value {
    json!({"kind": "cron", "expression": expression})
}

#[tokio::test]
async fn a_new_schedule_is_active_and_knows_its_next_run() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(2).await;
    let request = json!({
        "flow_id": flow["id"],
        "recurrence": cron("0 22 * * 5"),
        "timezone": "europe/berlin",
        "target_list_id": list["id"],
    });
    let schedule = world.call("create_schedule", request).await;
    assert_eq!(schedule["is_active"], true);
    assert_eq!(schedule["timezone"], "Europe/Berlin");
    assert_eq!(schedule["next_run_at"], "2026-12-11T21:00:00Z");
    assert_eq!(schedule["last_run_at"], Value::Null);
    assert_eq!(schedule["description"], "At 22:00 every Friday, Berlin time");
    assert_eq!(schedule["target_list_name"], "RDS farm");
    assert_eq!((&schedule["misfire"], &schedule["overlap"]), (&json!("run_once"), &json!("allow")));
    assert_eq!(schedule["grace_seconds"], 3600);
    let of_flow = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(of_flow, schedule);
    assert_eq!(world.call("list_schedules", json!({})).await, json!([schedule]));
}

#[tokio::test]
async fn a_flow_without_schedule_answers_null() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    assert_eq!(world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await, Value::Null);
}

#[tokio::test]
async fn a_flow_has_one_active_schedule_and_any_number_of_paused_ones() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let first = world.schedule(&flow, "@daily").await;
    let second = json!({"flow_id": flow["id"], "recurrence": cron("@weekly")});
    world.refuse("create_schedule", second.clone(), Conflict, "flow_id").await;

    let pause = json!({"id": first["id"], "is_active": false});
    let paused = world.call("update_schedule", pause).await;
    assert_eq!((&paused["is_active"], &paused["next_run_at"]), (&json!(false), &Value::Null));
    let second = world.call("create_schedule", second).await;
    let resume = json!({"id": first["id"], "is_active": true});
    world.refuse("update_schedule", resume.clone(), Conflict, "flow_id").await;
    // The active one is the flow's; the paused one stands beside it.
    let of_flow = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(of_flow["id"], second["id"]);
    let both = world.call("list_schedules", json!({})).await;
    assert_eq!(each(&both, "is_active"), [true, false]);

    world.call("update_schedule", json!({"id": second["id"], "is_active": false})).await;
    let resumed = world.call("update_schedule", resume).await;
    assert_eq!(
        (&resumed["is_active"], &resumed["next_run_at"]),
        (&json!(true), &json!("2026-12-09T00:00:00Z"))
    );
}

#[tokio::test]
async fn deleting_the_active_schedule_makes_room_for_another() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let first = world.schedule(&flow, "*/15 * * * *").await;
    assert_eq!(world.call("delete_schedule", json!({"id": first["id"]})).await, json!({}));
    world.refuse("delete_schedule", json!({"id": first["id"]}), NotFound, "id").await;
    assert_eq!(world.tick("2026-12-08T12:15:00Z").await["fired"], json!([]));
    world.schedule(&flow, "@daily").await;
}

#[tokio::test]
async fn a_change_of_rule_zone_or_activity_moves_the_next_run_at_once() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "0 22 * * *").await;
    let next = async |change: Value| {
        let mut request = change;
        request["id"] = schedule["id"].clone();
        world.call("update_schedule", request).await["next_run_at"].clone()
    };
    assert_eq!(next(json!({"timezone": "America/New_York"})).await, "2026-12-09T03:00:00Z");
    assert_eq!(next(json!({"recurrence": cron("30 9 * * *")})).await, "2026-12-08T14:30:00Z");
    assert_eq!(next(json!({"is_active": false})).await, Value::Null);
    // A paused one may be changed, too.
    assert_eq!(next(json!({"timezone": "UTC"})).await, Value::Null);
    assert_eq!(next(json!({"is_active": true})).await, "2026-12-09T09:30:00Z");
    // What does not touch the rule does not touch the clock.
    world.clock.set("2026-12-09T10:00:00Z");
    assert_eq!(next(json!({"grace_seconds": 60})).await, "2026-12-09T09:30:00Z");
}

#[tokio::test]
async fn every_field_can_be_changed_and_the_list_taken_off() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let list = world.target_list(2).await;
    let schedule = world.schedule(&flow, "@daily").await;
    let request = json!({
        "id": schedule["id"], "target_list_id": list["id"], "grace_seconds": 0, "misfire": "run_once",
        "overlap": "allow", "intake": {"remark": "by night"},
    });
    let changed = world.call("update_schedule", request).await;
    assert_eq!(changed["target_list_id"], list["id"]);
    assert_eq!(changed["grace_seconds"], 0);
    assert_eq!(changed["intake"], json!({"remark": "by night"}));
    let kept = world.call("update_schedule", json!({"id": schedule["id"], "grace_seconds": 1})).await;
    assert_eq!(kept["target_list_id"], list["id"]);
    let cleared = world.call("update_schedule", json!({"id": schedule["id"], "target_list_id": null})).await;
    assert_eq!((&cleared["target_list_id"], &cleared["grace_seconds"]), (&Value::Null, &json!(1)));
}

#[tokio::test]
async fn a_schedule_can_be_paused_after_its_flow_dropped_a_question_it_answers() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": cron("@daily"),
        "intake": {"patch_version": "7", "remark": "by night"},
    });
    let schedule = world.call("create_schedule", request).await;
    let form = json!([{"key": "remark", "label": "Remark", "type": "text"}]);
    world.call("update_flow", json!({"id": flow["id"], "intake_form": form})).await;
    let paused = world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    assert_eq!(paused["is_active"], false);
    // What is given anew is checked against today's form.
    let outdated = json!({"id": schedule["id"], "intake": {"patch_version": "8"}});
    world.refuse("update_schedule", outdated, Validation, "intake.patch_version").await;
}

#[tokio::test]
async fn what_was_due_before_a_change_is_dealt_with_before_it() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "*/15 * * * *").await;
    world.clock.set("2026-12-08T12:40:00Z");
    world.call("update_schedule", json!({"id": schedule["id"], "recurrence": cron("0 20 * * *")})).await;
    let missed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(each(&missed, "nominal"), ["2026-12-08T12:15:00Z"]);
    assert_eq!(each(&missed, "reason"), ["coalesced"]);
    let batches = world.call("list_batches", json!({})).await;
    assert_eq!(each(&batches, "scheduled_for"), ["2026-12-08T12:30:00Z"]);
    assert_eq!(world.tick("2026-12-08T12:41:00Z").await, json!({"fired": [], "missed": 0, "transitions": 0}));
}

#[tokio::test]
async fn what_a_schedule_refers_to_must_exist_and_fit() {
    let world = World::new().await;
    let flow = world.asking_flow().await;
    let with = |key: &str, value: Value| {
        let mut request = json!({"flow_id": flow["id"], "recurrence": cron("@daily")});
        request[key] = value;
        request
    };
    world.refuse("create_schedule", with("flow_id", json!(NOBODY)), NotFound, "flow_id").await;
    let list = with("target_list_id", json!(NOBODY));
    world.refuse("create_schedule", list, NotFound, "target_list_id").await;
    let procedural = world.procedural_flow().await;
    world
        .refuse("create_schedule", with("flow_id", procedural["id"].clone()), InvalidFlowType, "flow_id")
        .await;
    let intake = with("intake", json!({"colour": "red"}));
    world.refuse("create_schedule", intake, Validation, "intake.colour").await;
    world.refuse("create_schedule", with("grace_seconds", json!(604_801)), Validation, "grace_seconds").await;
    world.refuse("create_schedule", with("grace_seconds", json!(-1)), Validation, "grace_seconds").await;
    world.refuse("create_schedule", with("misfire", json!("later")), Validation, "misfire").await;
    world.refuse("create_schedule", with("overlap", json!("later")), Validation, "overlap").await;
    world.refuse("update_schedule", json!({"id": NOBODY}), NotFound, "id").await;
    world.refuse("get_schedule_for_flow", json!({"flow_id": NOBODY}), NotFound, "flow_id").await;
}

#[tokio::test]
async fn a_preview_shows_instants_wall_clocks_and_offsets() {
    let world = World::new().await;
    // The night of 25 October 2026 has 02:30 twice in Berlin: a fixed job runs in the first pass.
    let request = json!({
        "recurrence": cron("30 2 * * *"), "timezone": "Europe/Berlin", "count": 3,
        "after": "2026-10-24T00:30:00Z",
    });
    let preview = world.call("preview_schedule", request).await;
    assert_eq!(preview["description"], "At 02:30 every day, Berlin time");
    assert_eq!(
        preview["occurrences"],
        json!([
            {
                "at": "2026-10-25T00:30:00Z", "local": "2026-10-25T02:30", "offset": "+02:00",
                "remark": "02:30 happens twice: runs the first time",
            },
            {"at": "2026-10-26T01:30:00Z", "local": "2026-10-26T02:30", "offset": "+01:00"},
            {"at": "2026-10-27T01:30:00Z", "local": "2026-10-27T02:30", "offset": "+01:00"},
        ])
    );
    let west = json!({"recurrence": cron("0 9 * * *"), "timezone": "America/St_Johns", "count": 1});
    let preview = world.call("preview_schedule", west).await;
    assert_eq!(preview["occurrences"][0]["at"], "2026-12-08T12:30:00Z");
    assert_eq!(preview["occurrences"][0]["offset"], "-03:30");
}

#[tokio::test]
async fn a_preview_is_what_fires() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "7,37 */5 * * 1-5").await;
    let request = json!({"recurrence": schedule["recurrence"], "timezone": "UTC", "count": 5});
    let preview = world.call("preview_schedule", request).await;
    for occurrence in preview["occurrences"].as_array().unwrap() {
        let at = occurrence["at"].as_str().unwrap();
        assert_eq!(world.tick(at).await["fired"].as_array().unwrap().len(), 1, "{at}");
    }
    let batches = world.call("list_batches", json!({})).await;
    let mut fired = each(&batches, "scheduled_for");
    fired.reverse();
    assert_eq!(fired, each(&preview["occurrences"], "at"));
}

#[tokio::test]
async fn every_kind_of_recurrence_is_previewed_saved_and_fired() {
    let world = World::new().await;
    for (recurrence, zone, words, next) in [
        (
            json!({"kind": "patch_tuesday", "offset_days": 3, "time": "22:00"}),
            "America/New_York",
            "On the second Tuesday of the month plus 3 days (Friday), at 22:00, New York time",
            "2026-12-12T03:00:00Z",
        ),
        // Counted from 8 December, over the end of the year.
        (
            json!({"kind": "patch_tuesday", "offset_days": 27, "time": "06:00"}),
            "UTC",
            "On the second Tuesday of the month plus 27 days (Monday), at 06:00, UTC",
            "2027-01-04T06:00:00Z",
        ),
        (
            json!({"kind": "nth_weekday", "nth": -1, "weekday": "sunday", "time": "02:00"}),
            "Europe/Berlin",
            "On the last Sunday of the month, at 02:00, Berlin time",
            "2026-12-27T01:00:00Z",
        ),
        (
            cron("30 2 13 * 5"),
            "Asia/Kathmandu",
            "At 02:30 on day 13 of every month, and also every Friday, Kathmandu time",
            "2026-12-10T20:45:00Z",
        ),
    ] {
        let flow = world.maintenance_flow(words).await;
        let preview = json!({"recurrence": recurrence, "timezone": zone, "count": 2});
        let preview = world.call("preview_schedule", preview).await;
        assert_eq!(preview["description"], words);
        assert_eq!(preview["occurrences"][0]["at"], next);
        let request = json!({"flow_id": flow["id"], "recurrence": recurrence, "timezone": zone});
        let schedule = world.call("create_schedule", request).await;
        assert_eq!((&schedule["recurrence"], &schedule["next_run_at"]), (&recurrence, &json!(next)));
        assert_eq!(schedule["description"], words);
    }
    let fired = world.tick("2026-12-12T03:00:00Z").await;
    assert_eq!(fired["fired"].as_array().unwrap().len(), 1, "{fired}");
    let upcoming = json!({"from": "2026-12-12T03:00:00Z", "to": "2027-01-31T00:00:00Z"});
    let upcoming = world.call("list_upcoming", upcoming).await;
    let patch: Vec<&Value> = upcoming
        .as_array()
        .unwrap()
        .iter()
        .filter(|run| run["timezone"] == "America/New_York")
        .map(|run| &run["at"])
        .collect();
    assert_eq!(patch, ["2027-01-16T03:00:00Z"]);
}

#[tokio::test]
async fn previews_are_bounded() {
    let world = World::new().await;
    let with = |count: Value| json!({"recurrence": cron("* * * * *"), "timezone": "UTC", "count": count});
    for count in [json!(0), json!(10_001), json!(-1), json!("3"), json!(1.5)] {
        world.refuse("preview_schedule", with(count), Validation, "count").await;
    }
    let all = world.call("preview_schedule", with(json!(10_000))).await;
    assert_eq!(all["occurrences"].as_array().unwrap().len(), 10_000);
    // Beyond all calendars nothing comes due, and nothing breaks.
    for (after, count) in [("+262142-12-31T23:59:59Z", 0), ("-262143-01-01T00:00:00Z", 1)] {
        let mut request = with(json!(1));
        request["after"] = json!(after);
        let preview = world.call("preview_schedule", request).await;
        assert_eq!(preview["occurrences"].as_array().unwrap().len(), count, "{after}");
    }
}

#[tokio::test]
async fn the_zones_of_the_picker_are_the_zones_a_schedule_takes() {
    let world = World::new().await;
    let zones = world.call("list_time_zones", json!({})).await;
    let zones = zones.as_array().unwrap();
    assert!(zones.len() > 400, "{}", zones.len());
    assert!(zones.contains(&json!("America/Vancouver")) && zones.contains(&json!("UTC")));
    for zone in zones.iter().step_by(25) {
        let request = json!({"recurrence": cron("@daily"), "timezone": zone, "count": 1});
        world.call("preview_schedule", request).await;
    }
}
