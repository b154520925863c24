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

#[tokio::test]
async fn a_run_that_is_due_and_not_yet_fired_runs_after_such_an_edit() {
    let world = World::new().await;
    let (freeze, schedule) = daily(&world).await;
    world.clock.set("2026-12-08T13:00:05Z");
    world.call("update_schedule", json!({"id": schedule["id"], "notify_before_minutes": 30})).await;
    let entries = json!([{"kind": "days", "from": "2026-12-24"}]);
    world.call("update_blackout_calendar", json!({"id": freeze["id"], "entries": entries})).await;
    let report = world.tick("2026-12-08T13:00:10Z").await;
    assert_eq!((each(&report["fired"], "count"), &report["missed"]), (vec![json!(1)], &json!(0)));
}

#[tokio::test]
async fn of_what_is_due_only_that_whose_day_is_closed_does_not_run() {
    let world = World::new().await;
    let (freeze, _) = daily(&world).await;
    world.clock.set("2026-12-10T13:00:05Z");
    let entries = json!([{"kind": "days", "from": "2026-12-09"}]);
    world.call("update_blackout_calendar", json!({"id": freeze["id"], "entries": entries})).await;
    let report = world.tick("2026-12-10T13:00:10Z").await;
    assert_eq!(each(&report["fired"], "count"), [1]);
    let missed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(each(&missed, "nominal"), ["2026-12-09T13:00:00Z", "2026-12-08T13:00:00Z"]);
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
