//! What is coming, and the page of today.

use crate::support::*;
use mf_contract::ErrorCode::Validation;
use serde_json::{Value, json};

async fn upcoming(world: &World, from: &str, to: &str) -> Value {
    world.call("list_upcoming", json!({"from": from, "to": to})).await
}

async fn berlin(world: &World, flow: &Value, expression: &str, list: &Value) -> Value {
    let recurrence = json!({"kind": "cron", "expression": expression});
    let request = json!({
        "flow_id": flow["id"], "recurrence": recurrence, "timezone": "Europe/Berlin", "target_list_id": list["id"],
    });
    world.call("create_schedule", request).await
}

#[tokio::test]
async fn runs_of_all_schedules_come_in_order_with_their_wall_clock() {
    let world = World::new().await;
    let (first, second) = (world.maintenance_flow("Nightly").await, world.maintenance_flow("Weekly").await);
    let list = world.target_list(3).await;
    let nightly = berlin(&world, &first, "0 22 * * *", &list).await;
    world.schedule(&second, "0 12 * * 3").await;
    let all = upcoming(&world, START, "2026-12-10T12:00:00Z").await;
    assert_eq!(each(&all, "at"), ["2026-12-08T21:00:00Z", "2026-12-09T12:00:00Z", "2026-12-09T21:00:00Z"]);
    assert_eq!(
        all[0],
        json!({
            "schedule_id": nightly["id"], "flow_id": first["id"], "flow_name": "Nightly",
            "at": "2026-12-08T21:00:00Z", "local": "2026-12-08T22:00", "offset": "+01:00", "timezone": "Europe/Berlin",
            "target_list_id": list["id"], "target_list_name": "RDS farm", "target_count": 3,
            "due": false, "count": 1, "until": null, "description": "At 22:00 every day",
        })
    );
    assert_eq!((&all[1]["target_count"], &all[1]["target_list_id"]), (&json!(0), &json!(null)));
    let limited = json!({"from": START, "to": "2026-12-20T00:00:00Z", "limit": 2});
    assert_eq!(world.call("list_upcoming", limited).await.as_array().unwrap().len(), 2);

    // Neither a paused schedule nor one of a deleted flow; a deleted list reads as none.
    world.call("update_schedule", json!({"id": nightly["id"], "is_active": false})).await;
    assert_eq!(each(&upcoming(&world, START, "2026-12-10T12:00:00Z").await, "flow_name"), ["Weekly"]);
    world.call("update_schedule", json!({"id": nightly["id"], "is_active": true})).await;
    world.call("delete_target_list", json!({"id": list["id"]})).await;
    world.call("delete_flow", json!({"id": second["id"]})).await;
    let left = upcoming(&world, START, "2026-12-10T12:00:00Z").await;
    assert_eq!(each(&left, "target_list_id"), [json!(null), json!(null)]);
}

#[tokio::test]
async fn a_run_every_minute_is_told_by_the_day() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Watch").await;
    world.schedule(&flow, "* * * * *").await;
    let all = upcoming(&world, "2026-12-09T00:00:00Z", "2026-12-10T23:59:59Z").await;
    assert_eq!(each(&all, "count"), [1_440, 1_440]);
    assert_eq!(each(&all, "at"), ["2026-12-09T00:00:00Z", "2026-12-10T00:00:00Z"]);
    assert_eq!(all[0]["until"], "2026-12-09T23:59:00Z");
    assert_eq!(all[0]["description"], "Every minute, 1,440 runs");
    let year = upcoming(&world, "2027-01-01T00:00:00Z", "2028-01-31T00:00:00Z").await;
    assert_eq!(year.as_array().unwrap().len(), 396);
    // Up to an hour they are told one by one.
    let hour = upcoming(&world, "2026-12-09T00:00:00Z", "2026-12-09T00:59:00Z").await;
    assert_eq!(hour.as_array().unwrap().len(), 60);
}

#[tokio::test]
async fn what_is_due_is_told_until_it_has_been_dealt_with() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 * * * *").await;
    world.clock.set("2026-12-08T13:00:20Z");
    let today = world.call("get_today", json!({})).await;
    assert_eq!(
        (&today["upcoming"][0]["at"], &today["upcoming"][0]["due"]),
        (&json!("2026-12-08T13:00:00Z"), &json!(true))
    );
    assert_eq!(today["upcoming"][1]["due"], false);
    world.tick("2026-12-08T13:00:20Z").await;
    let today = world.call("get_today", json!({})).await;
    assert_eq!(today["upcoming"][0]["at"], "2026-12-08T14:00:00Z");
    assert_eq!(upcoming(&world, "2026-12-08T00:00:00Z", "2026-12-08T13:30:00Z").await, json!([]));
}

#[tokio::test]
async fn today_holds_what_there_is_to_do() {
    let world = World::new().await;
    let empty = world.call("get_today", json!({})).await;
    assert_eq!(empty["is_empty"], true);
    for key in ["upcoming", "batches", "sessions", "missed"] {
        assert_eq!(empty[key], json!([]), "{key}");
    }

    let flow = world.maintenance_flow("Patch").await;
    let done = world.batch(&flow, 1).await;
    world.work_through(&done["sessions"][0], "done", "done").await;
    world.clock.set("2026-12-08T12:10:00Z");
    let open = world.batch(&flow, 3).await;
    world.work_through(&open["sessions"][0], "done", "done").await;
    for (n, minute) in [(1, 20), (2, 21)] {
        world.clock.set(&format!("2026-12-08T12:{minute}:00Z"));
        world.call("start_session", json!({"session_id": open["sessions"][n]["id"]})).await;
    }
    world.schedule(&flow, "*/30 * * * *").await;
    world.tick("2026-12-08T15:00:00Z").await;
    world.clock.set("2026-12-08T15:00:00Z");

    let today = world.call("get_today", json!({})).await;
    assert_eq!((&today["is_empty"], &today["now"]), (&json!(false), &json!("2026-12-08T15:00:00Z")));
    // The fired batch is open, too.
    assert_eq!((&today["open_batches"], today["batches"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!(today["batches"][1]["batch_id"], open["batch_id"]);
    assert_eq!((&today["batches"][1]["completed"], &today["batches"][1]["total"]), (&json!(1), &json!(3)));
    assert_eq!(each(&today["sessions"], "target_label"), ["RDS-03", "RDS-02"]);
    assert_eq!(today["upcoming"][0]["at"], "2026-12-08T15:30:00Z");
    let missed = world.call("list_missed_occurrences", json!({})).await;
    // One line for each span: those nobody was there for, and those a later one ran for.
    let newest =
        |reason: &str| missed.as_array().unwrap().iter().find(|line| line["reason"] == reason).cloned();
    let lines: Vec<Value> = ["coalesced", "grace_passed"].into_iter().filter_map(newest).collect();
    assert_eq!(each(&today["missed"], "nominal"), each(&json!(lines), "nominal"));
    assert_eq!(each(&today["missed"], "count"), each(&json!(lines), "span_count"));
    let counts = world.call("notification_counts", json!({})).await;
    assert_eq!(today["unread_notifications"], counts["unread"]);
    // A week later nobody asks about them any more.
    world.clock.set("2026-12-16T15:00:00Z");
    assert_eq!(world.call("get_today", json!({})).await["missed"], json!([]));
}

#[tokio::test]
async fn today_says_which_batches_wait_for_somebody() {
    let world = World::new().await;
    let waits = |today: &Value| -> Vec<(Value, Value, Value)> {
        let lines = today["waiting"].as_array().unwrap().iter();
        lines.map(|line| (line["batch_id"].clone(), line["for"].clone(), line["count"].clone())).collect()
    };

    // One that fired without the answers its flow asks for.
    let asking = world.asking_flow().await;
    world.schedule(&asking, "0 13 * * *").await;
    let fired = world.tick("2026-12-08T13:00:00Z").await["fired"][0]["batch_id"].clone();
    world.clock.set("2026-12-08T13:00:00Z");

    // One that stopped after a failure.
    let flow = world.maintenance_flow("Patch").await;
    let halted = world
        .call(
            "launch_batch",
            json!({
                "flow_id": flow["id"], "targets": [{"label": "A"}, {"label": "B"}],
                "waves": {"stop_after_failures": 1},
            }),
        )
        .await;
    world.work_through(&halted["sessions"][0], "failed", "failed").await;

    let today = world.call("get_today", json!({})).await;
    assert_eq!(
        waits(&today),
        [
            (halted["batch_id"].clone(), json!("continue"), json!(1)),
            (fired.clone(), json!("answers"), json!(1)),
        ]
    );
    world.call("continue_batch", json!({"batch_id": halted["batch_id"]})).await;
    world.call("set_batch_intake", json!({"batch_id": fired, "intake": {"patch_version": "1"}})).await;
    assert_eq!(waits(&world.call("get_today", json!({})).await), []);
}

#[tokio::test]
async fn a_range_is_bounded() {
    let world = World::new().await;
    for (request, field) in [
        (json!({"from": START, "to": "2026-12-08T11:59:59Z"}), "to"),
        (json!({"from": START, "to": "2028-12-08T12:00:00Z"}), "to"),
        (json!({"from": START, "to": START, "limit": 0}), "limit"),
        (json!({"from": START, "to": START, "limit": 5_001}), "limit"),
        (json!({"from": START}), "to"),
        (json!({"from": "yesterday", "to": START}), "from"),
    ] {
        world.refuse("list_upcoming", request, Validation, field).await;
    }
    assert_eq!(upcoming(&world, START, START).await, json!([]));
}

#[tokio::test]
async fn days_are_counted_in_full_however_little_of_them_is_told() {
    let world = World::new().await;
    for name in ["A", "B", "C"] {
        let flow = world.maintenance_flow(name).await;
        world.schedule(&flow, "0 22 * * *").await;
    }
    let watch = world.maintenance_flow("Watch").await;
    world.schedule(&watch, "*/10 * * * *").await;
    let days = json!(["2026-12-08T23:00:00Z", "2026-12-09T23:00:00Z", "2026-12-10T23:00:00Z"]);
    let request = json!({"days": days, "to": "2026-12-11T23:00:00Z", "first": 2});
    let told = world.call("list_upcoming_days", request).await;
    assert_eq!(each(&told, "runs"), [147, 147, 147]);
    assert_eq!(each(&told, "lines"), [4, 4, 4]);
    for day in told.as_array().unwrap() {
        assert_eq!(each(&day["first"], "flow_name"), ["Watch", "A"]);
        assert_eq!((&day["first"][0]["count"], &day["blackouts"]), (&json!(144), &json!([])));
    }
    assert_eq!(told[1]["first"][0]["at"], "2026-12-09T23:00:00Z");
    assert_eq!(told[1]["first"][0]["until"], "2026-12-10T22:50:00Z");
    for (request, field) in [
        (json!({"days": [], "to": START}), "days"),
        (json!({"days": [START, START], "to": "2027-01-01T00:00:00Z"}), "days"),
        (json!({"days": [START], "to": START}), "to"),
        (json!({"days": [START], "to": "2028-12-08T12:00:00Z"}), "to"),
        (json!({"days": [START], "to": "2026-12-09T12:00:00Z", "first": 101}), "first"),
    ] {
        world.refuse("list_upcoming_days", request, Validation, field).await;
    }
}

#[tokio::test]
async fn days_say_which_blackouts_active_schedules_keep_clear_of() {
    let world = World::new().await;
    let calendar = |name: &str, entries: Value| json!({"name": name, "entries": entries});
    let freeze = json!([
        {"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"},
        {"kind": "hours", "from": "2026-12-28T18:00", "to": "2026-12-28T20:00", "zone": "Europe/Berlin"},
    ]);
    let freeze = world.call("create_blackout_calendar", calendar("Freeze", freeze)).await;
    let unused = json!([{"kind": "days", "from": "2026-12-27"}]);
    world.call("create_blackout_calendar", calendar("Unused", unused)).await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = berlin(&world, &flow, "0 22 * * *", &json!({})).await;
    let limits = json!({"id": schedule["id"], "blackout_calendar_ids": [freeze["id"]]});
    world.call("update_schedule", limits).await;
    // Days of Berlin.
    let days: Vec<String> = (22..28).map(|day| format!("2026-12-{day}T23:00:00Z")).collect();
    let request = json!({"days": days, "to": "2026-12-28T23:00:00Z"});
    let told = world.call("list_upcoming_days", request.clone()).await;
    let whole = |from: u32| {
        let at = |day: u32| format!("2026-12-{day}T23:00:00Z");
        json!([{"name": "Freeze: Christmas", "from": at(from), "to": at(from + 1)}])
    };
    let hours = json!([{"name": "Freeze", "from": "2026-12-28T17:00:00Z", "to": "2026-12-28T19:00:00Z"}]);
    assert_eq!(each(&told, "blackouts"), [json!([]), whole(23), whole(24), whole(25), json!([]), hours]);
    assert_eq!(each(&told, "runs"), [1, 0, 0, 0, 1, 1]);
    // A paused schedule keeps clear of nothing.
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    let told = world.call("list_upcoming_days", request).await;
    assert!(told.as_array().unwrap().iter().all(|day| day["blackouts"] == json!([])));
}

#[tokio::test]
async fn days_say_in_which_hours_active_schedules_may_start_runs() {
    let world = World::new().await;
    let nights = json!([{"weekdays": ["saturday"], "from": "22:00", "to": "04:00"}]);
    let mut schedule = Value::Null;
    for name in ["Patch", "Certificates"] {
        let flow = world.maintenance_flow(name).await;
        schedule = berlin(&world, &flow, "0 23 * * 6", &json!({})).await;
        world.call("update_schedule", json!({"id": schedule["id"], "windows": nights})).await;
    }
    // Of one that may start at any hour there is nothing to say.
    let flow = world.maintenance_flow("Watch").await;
    berlin(&world, &flow, "0 * * * *", &json!({})).await;
    // Friday to Sunday in Berlin; 2026-12-12 is a Saturday.
    let days = json!(["2026-12-10T23:00:00Z", "2026-12-11T23:00:00Z", "2026-12-12T23:00:00Z"]);
    let request = json!({"days": days, "to": "2026-12-13T23:00:00Z"});
    let open = |from: &str, count: u32, names: Value| {
        let to = "2026-12-13T03:00:00Z";
        json!([{"from": from, "to": to, "schedules": count, "flow_names": names}])
    };
    let told = world.call("list_upcoming_days", request.clone()).await;
    let both = json!(["Certificates", "Patch"]);
    let (evening, morning) = ("2026-12-12T21:00:00Z", "2026-12-12T23:00:00Z");
    assert_eq!(each(&told, "windows"), [json!([]), open(evening, 2, both.clone()), open(morning, 2, both)]);
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    let told = world.call("list_upcoming_days", request).await;
    assert_eq!(each(&told, "windows")[1], open(evening, 1, json!(["Patch"])));
    assert_eq!(told[1]["more_windows"], 0);
}
