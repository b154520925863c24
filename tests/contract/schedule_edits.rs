//! What an edit leaves as it was: what is due and not yet fired, and what waits for the day it was moved to.

use crate::support::*;
use serde_json::{Value, json};

/// A freeze over Christmas, and a run on Thursdays at ten that is moved out of it; its run of the 24th waits for the 27th.
async fn waiting(world: &World) -> (Value, Value) {
    let christmas = json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"}]);
    let freeze =
        world.call("create_blackout_calendar", json!({"name": "Freeze", "entries": christmas})).await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "0 22 * * 4"},
        "blackout_calendar_ids": [freeze["id"]], "on_blackout": "move",
    });
    let schedule = world.call("create_schedule", request).await;
    for day in [10, 17, 24] {
        world.tick(&format!("2026-12-{day}T22:00:00Z")).await;
    }
    world.clock.set("2026-12-25T12:00:00Z");
    (freeze, schedule)
}

async fn runs_on_the_27th(world: &World) {
    assert_eq!(world.call("list_missed_occurrences", json!({})).await, json!([]));
    let report = world.tick("2026-12-27T22:00:00Z").await;
    assert_eq!(each(&report["fired"], "count"), [1]);
    let batch = world.call("get_batch", json!({"batch_id": report["fired"][0]["batch_id"]})).await;
    assert_eq!(batch["scheduled_for"], "2026-12-24T22:00:00Z");
}

#[tokio::test]
async fn what_waits_runs_after_an_edit_of_something_else() {
    let edits = [
        json!({"notify_before_minutes": 30}),
        json!({"notify_unfinished_at": "07:30"}),
        json!({"misfire": "skip", "overlap": "allow", "grace_seconds": 60}),
        json!({"recurrence": {"kind": "cron", "expression": "0 22 * * 4"}, "timezone": "UTC", "windows": []}),
    ];
    for edit in edits {
        let world = World::new().await;
        let (_, schedule) = waiting(&world).await;
        let mut request = edit;
        request["id"] = schedule["id"].clone();
        let changed = world.call("update_schedule", request).await;
        assert_eq!(changed["next_run_at"], "2026-12-27T22:00:00Z");
        runs_on_the_27th(&world).await;
    }
}

#[tokio::test]
async fn what_waits_runs_after_a_change_of_dates_that_leaves_its_day_alone() {
    let entry =
        |from: &str, to: &str, label: &str| json!({"kind": "days", "from": from, "to": to, "label": label});
    let christmas = entry("2026-12-24", "2026-12-26", "Christmas");
    for change in [
        json!({"name": "Holidays"}),
        json!({"entries": [christmas]}),
        json!({"entries": [entry("2026-12-24", "2026-12-26", "Days off")]}),
        json!({"entries": [christmas, entry("2027-01-01", "2027-01-01", "")]}),
        // Also over what has run already: it does not run again.
        json!({"entries": [entry("2026-12-15", "2026-12-26", "Christmas")]}),
    ] {
        let world = World::new().await;
        let (freeze, _) = waiting(&world).await;
        let mut request = change;
        request["id"] = freeze["id"].clone();
        world.call("update_blackout_calendar", request).await;
        runs_on_the_27th(&world).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 3);
    }
}

/// A calendar without entries, and a schedule of every day that keeps clear of it.
async fn daily(world: &World) -> (Value, Value) {
    let freeze = world.call("create_blackout_calendar", json!({"name": "Freeze", "entries": []})).await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "0 13 * * *"},
        "blackout_calendar_ids": [freeze["id"]],
    });
    let schedule = world.call("create_schedule", request).await;
    (freeze, schedule)
}

/// The runs there are, by when they were due.
async fn runs(world: &World) -> Vec<Value> {
    each(&world.call("list_batches", json!({})).await, "scheduled_for")
}

#[tokio::test]
async fn a_run_that_is_due_and_not_yet_fired_runs_with_such_an_edit() {
    let world = World::new().await;
    let (freeze, schedule) = daily(&world).await;
    world.clock.set("2026-12-08T13:00:05Z");
    world.call("update_schedule", json!({"id": schedule["id"], "notify_before_minutes": 30})).await;
    let entries = json!([{"kind": "days", "from": "2026-12-24"}]);
    world.call("update_blackout_calendar", json!({"id": freeze["id"], "entries": entries})).await;
    assert_eq!(runs(&world).await, ["2026-12-08T13:00:00Z"]);
    let report = world.tick("2026-12-08T13:00:10Z").await;
    assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn what_is_due_is_dealt_with_under_the_dates_before() {
    let world = World::new().await;
    let (freeze, _) = daily(&world).await;
    world.clock.set("2026-12-10T13:00:05Z");
    let entries = json!([{"kind": "days", "from": "2026-12-09", "to": "2026-12-10"}]);
    world.call("update_blackout_calendar", json!({"id": freeze["id"], "entries": entries})).await;
    assert_eq!(runs(&world).await, ["2026-12-10T13:00:00Z"]);
    let missed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(each(&missed, "nominal"), ["2026-12-09T13:00:00Z", "2026-12-08T13:00:00Z"]);
    assert_eq!(each(&missed, "reason"), ["grace_passed", "grace_passed"]);
    assert_eq!(world.tick("2026-12-10T13:00:10Z").await["fired"], json!([]));
}

/// The edits that end a rule.
const ENDING: [(&str, &str); 4] = [
    ("update_schedule", r#"{"recurrence": {"kind": "cron", "expression": "0 20 * * *"}}"#),
    ("update_schedule", r#"{"is_active": false}"#),
    ("delete_schedule", "{}"),
    ("delete_flow", "{}"),
];

fn edit(of: (&str, &str), schedule: &Value) -> (String, Value) {
    let mut request: Value = serde_json::from_str(of.1).unwrap();
    let id = if of.0 == "delete_flow" { "flow_id" } else { "id" };
    request["id"] = schedule[id].clone();
    (of.0.to_owned(), request)
}

#[tokio::test]
async fn what_was_missed_before_a_rule_ends_has_the_reason_it_had() {
    for of in ENDING {
        let world = World::new().await;
        let (_, schedule) = daily(&world).await;
        // The application is closed for three days, and then somebody calls a command.
        world.clock.set("2026-12-11T15:00:00Z");
        let (command, request) = edit(of, &schedule);
        world.call(&command, request).await;
        assert_eq!(
            world.texts("SELECT reason || ' ' || absence || ' ' || count FROM missed_occurrences").await,
            ["grace_passed not_running 4"],
            "{of:?}"
        );
        assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 0);
    }
}

#[tokio::test]
async fn what_is_within_its_grace_when_a_rule_ends_runs() {
    for of in ENDING {
        let world = World::new().await;
        let (_, schedule) = daily(&world).await;
        world.clock.set("2026-12-08T13:20:00Z");
        let (command, request) = edit(of, &schedule);
        world.call(&command, request).await;
        assert_eq!(runs(&world).await, ["2026-12-08T13:00:00Z"], "{of:?}");
        assert_eq!(world.number("SELECT COUNT(*) FROM missed_occurrences").await, 0, "{of:?}");
        let toasts = world.told.toasts();
        assert_eq!(toasts.len(), 1, "{of:?}");
        assert_eq!(world.tick("2026-12-08T13:21:00Z").await["fired"], json!([]), "{of:?}");
    }
}

#[tokio::test]
async fn beside_the_process_that_ticks_what_is_due_is_left_to_it() {
    for of in ENDING {
        let world = World::new().await;
        let (_, schedule) = daily(&world).await;
        world.clock.set("2026-12-08T13:20:00Z");
        world.gate.close();
        let (command, request) = edit(of, &schedule);
        world.refuse(&command, request.clone(), mf_contract::ErrorCode::Conflict, "id").await;
        // The window ticks by itself, and then there is nothing in the way.
        world.engine.tick(at("2026-12-08T13:20:01Z")).await.unwrap();
        assert_eq!(runs(&world).await, ["2026-12-08T13:00:00Z"], "{of:?}");
        world.clock.set("2026-12-08T13:20:02Z");
        world.call(&command, request).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1, "{of:?}");
    }
    // Where nothing is to start, nothing is in the way.
    let world = World::new().await;
    let (_, schedule) = daily(&world).await;
    world.clock.set("2026-12-11T15:00:00Z");
    world.gate.close();
    world.call("delete_schedule", json!({"id": schedule["id"]})).await;
}

#[tokio::test]
async fn the_window_itself_fires_before_an_edit() {
    let world = World::new().await;
    let (_, schedule) = daily(&world).await;
    world.gate.close();
    world.engine.scheduler_begins();
    world.clock.set("2026-12-08T13:20:00Z");
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    assert_eq!(runs(&world).await, ["2026-12-08T13:00:00Z"]);
}

#[tokio::test]
async fn a_run_that_cannot_be_written_keeps_nobody_from_changing_its_schedule() {
    for of in ENDING {
        let world = World::new().await;
        let (_, schedule) = daily(&world).await;
        world
            .tamper(
                "CREATE TRIGGER broken BEFORE INSERT ON batches BEGIN SELECT RAISE(ABORT, 'as a test'); END",
            )
            .await;
        world.clock.set("2026-12-08T13:20:00Z");
        let (command, request) = edit(of, &schedule);
        world.call(&command, request).await;
        assert_eq!(world.texts("SELECT reason FROM missed_occurrences").await, ["failed"], "{of:?}");
    }
}

#[tokio::test]
async fn a_pause_that_goes_on_is_listed_and_judged_by_the_rule() {
    let world = World::new().await;
    let evening = json!([{"weekdays": ["tuesday", "thursday"], "from": "20:00", "to": "23:00"}]);
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "0 22 * * *"}, "windows": evening,
    });
    let schedule = world.call("create_schedule", request).await;
    let activity = |active: bool| json!({"id": schedule["id"], "is_active": active});
    world.call("update_schedule", activity(false)).await;
    world.clock.set("2026-12-11T12:00:00Z");
    let told = async || {
        let listed = world.call("list_missed_occurrences", json!({"schedule_id": schedule["id"]})).await;
        let line = |it: &Value| {
            format!("{} {}", &it["nominal"].as_str().unwrap()[8..13], it["reason"].as_str().unwrap())
        };
        listed.as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    let kept = ["10T22 paused", "09T22 outside_window", "08T22 paused"];
    assert_eq!(told().await, kept);
    assert_eq!(world.number("SELECT COUNT(*) FROM missed_occurrences").await, 0);
    let listed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(each(&listed, "can_run"), [false, false, false]);
    let range = json!({"from": "2026-12-10T00:00:00Z", "to": "2026-12-10T23:00:00Z"});
    assert_eq!(each(&world.call("list_missed_occurrences", range).await, "reason"), ["paused"]);
    // It is recorded when the pause ends.
    world.call("update_schedule", activity(true)).await;
    assert_eq!(told().await, kept);
    assert_eq!(world.number("SELECT COUNT(*) FROM missed_occurrences").await, 3);
}

#[tokio::test]
async fn deleting_a_paused_schedule_records_its_pause() {
    let world = World::new().await;
    let (_, schedule) = daily(&world).await;
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    world.clock.set("2026-12-10T15:00:00Z");
    world.call("delete_schedule", json!({"id": schedule["id"]})).await;
    assert_eq!(world.texts("SELECT reason || ' ' || count FROM missed_occurrences").await, ["paused 3"]);
}

#[tokio::test]
async fn a_preview_of_a_stored_schedule_tells_what_waits() {
    let world = World::new().await;
    let (freeze, schedule) = waiting(&world).await;
    let mut request = json!({
        "recurrence": schedule["recurrence"], "timezone": "UTC", "count": 2,
        "blackout_calendar_ids": [freeze["id"]], "on_blackout": "move",
    });
    let starts = |preview: &Value| {
        let at =
            |it: &Value| if it["starts_at"].is_null() { it["at"].clone() } else { it["starts_at"].clone() };
        preview["occurrences"].as_array().unwrap().iter().map(at).collect::<Vec<_>>()
    };
    let by_itself = world.call("preview_schedule", request.clone()).await;
    assert_eq!(starts(&by_itself), ["2026-12-31T22:00:00Z", "2027-01-07T22:00:00Z"]);
    request["schedule_id"] = schedule["id"].clone();
    let stored = world.call("preview_schedule", request.clone()).await;
    assert_eq!(starts(&stored), ["2026-12-27T22:00:00Z", "2026-12-31T22:00:00Z"]);
    assert_eq!(stored["occurrences"][0]["verdict"], "moved");
    // As it would be after an edit: what waits would not run.
    request["timezone"] = json!("Europe/Berlin");
    let edited = world.call("preview_schedule", request.clone()).await;
    assert_eq!(starts(&edited)[0], "2026-12-31T21:00:00Z");
    request["schedule_id"] = json!(NOBODY);
    world.refuse("preview_schedule", request, mf_contract::ErrorCode::NotFound, "schedule_id").await;
}
