//! When a schedule may run: windows and blackouts, in the tick, the preview and the agenda; and what is told about its runs.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::{Value, json};

/// Saturday and Sunday nights.
fn weekend() -> Value {
    json!([{"weekdays": ["saturday", "sunday"], "from": "22:00", "to": "04:00"}])
}

async fn calendar(world: &World, entries: Value) -> Value {
    world.call("create_blackout_calendar", json!({"name": "Freeze", "entries": entries})).await
}

fn christmas() -> Value {
    json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"}])
}

async fn scheduled(world: &World, expression: &str, limits: Value) -> Value {
    let flow = world.maintenance_flow("Patch").await;
    let mut request = limits;
    request["flow_id"] = flow["id"].clone();
    request["recurrence"] = json!({"kind": "cron", "expression": expression});
    world.call("create_schedule", request).await
}

async fn next_run(world: &World, schedule: &Value) -> Value {
    world.call("get_schedule_for_flow", json!({"flow_id": schedule["flow_id"]})).await["next_run_at"].clone()
}

/// What was missed, oldest first: when, why, and in which blackout.
async fn missed(world: &World) -> Vec<String> {
    let listed = world.call("list_missed_occurrences", json!({})).await;
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let line = |item: &Value| {
        let (nominal, reason, detail) = (text(item, "nominal"), text(item, "reason"), text(item, "detail"));
        format!("{} {reason} {detail}", &nominal[5..16]).trim_end().to_owned()
    };
    listed.as_array().unwrap().iter().rev().map(line).collect()
}

#[tokio::test]
async fn limits_are_kept_answered_and_taken_off() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let limits = json!({
        "windows": weekend(), "blackout_calendar_ids": [freeze["id"]], "on_blackout": "move",
        "notify_before_minutes": 30, "notify_unfinished_at": "07:30",
    });
    let schedule = scheduled(&world, "0 23 * * 6", limits.clone()).await;
    for (key, value) in limits.as_object().unwrap() {
        assert_eq!(&schedule[key], value, "{key}");
    }
    let off = json!({
        "id": schedule["id"], "windows": [], "blackout_calendar_ids": [], "on_blackout": "skip",
        "notify_before_minutes": null, "notify_unfinished_at": null,
    });
    let changed = world.call("update_schedule", off).await;
    let texts =
        ["windows", "blackout_calendar_ids", "on_blackout", "notify_before_minutes", "notify_unfinished_at"]
            .map(|key| changed[key].to_string());
    assert_eq!(texts, ["[]", "[]", "\"skip\"", "null", "null"]);
}

#[tokio::test]
async fn malformed_limits_are_refused_when_saved() {
    let world = World::new().await;
    let schedule = scheduled(&world, "0 23 * * *", json!({})).await;
    let nightly = |from: &str, to: &str| json!([{"weekdays": ["sunday"], "from": from, "to": to}]);
    for (field, value, code, at) in [
        ("windows", nightly("22:00", "24:00"), Validation, "windows[0].to"),
        ("windows", nightly("22", "04:00"), Validation, "windows[0].from"),
        (
            "windows",
            json!([{"weekdays": [], "from": "22:00", "to": "04:00"}]),
            Validation,
            "windows[0].weekdays",
        ),
        (
            "windows",
            json!([{"weekdays": ["sunday", "sunday"], "from": "22:00", "to": "04:00"}]),
            Validation,
            "windows[0].weekdays",
        ),
        (
            "windows",
            json!([{"weekdays": ["someday"], "from": "22:00", "to": "04:00"}]),
            Validation,
            "windows[0].weekdays[0]",
        ),
        ("windows", json!("always"), Validation, "windows"),
        // No run ever lies inside.
        ("windows", nightly("08:00", "12:00"), Validation, "windows"),
        ("blackout_calendar_ids", json!([NOBODY]), NotFound, "blackout_calendar_ids"),
        ("on_blackout", json!("run"), Validation, "on_blackout"),
        ("notify_before_minutes", json!(0), Validation, "notify_before_minutes"),
        ("notify_before_minutes", json!(10_081), Validation, "notify_before_minutes"),
        ("notify_unfinished_at", json!("25:00"), Validation, "notify_unfinished_at"),
    ] {
        let mut request = json!({"id": schedule["id"]});
        request[field] = value;
        world.refuse("update_schedule", request, code, at).await;
    }
    let often = scheduled(&world, "*/5 * * * *", json!({})).await;
    let request = json!({"id": often["id"], "on_blackout": "move"});
    world.refuse("update_schedule", request, Validation, "on_blackout").await;
}

#[tokio::test]
async fn a_run_starts_only_inside_its_window() {
    let world = World::new().await;
    let limits = json!({"windows": weekend(), "timezone": "Europe/Berlin"});
    let schedule = scheduled(&world, "0 * * * *", limits).await;
    // Saturday, ten in the evening in Berlin.
    assert_eq!(next_run(&world, &schedule).await, "2026-12-12T21:00:00Z");
    let report = world.tick("2026-12-12T21:00:05Z").await;
    assert_eq!((each(&report["fired"], "count"), &report["missed"]), (vec![json!(1)], &json!(104)));
    assert_eq!(missed(&world).await[103], "12-12T20:00 outside_window");
    assert_eq!(world.number("SELECT COUNT(*) FROM missed_occurrences").await, 1);
    // It closes at four: what was due at three and is found late does not start any more.
    for hour in ["12T22", "12T23", "13T00", "13T01"] {
        world.tick(&format!("2026-12-{hour}:00:00Z")).await;
    }
    let late = world.tick("2026-12-13T03:10:00Z").await;
    assert_eq!((&late["fired"], &late["missed"]), (&json!([]), &json!(2)));
    assert_eq!(missed(&world).await[104..], ["12-13T02:00 grace_passed", "12-13T03:00 outside_window"]);
}

#[tokio::test]
async fn what_is_due_outside_the_window_is_recorded_in_good_time() {
    let world = World::new().await;
    let limits = json!({"windows": [{"weekdays": ["thursday"], "from": "22:00", "to": "04:00"}]});
    let schedule = scheduled(&world, "0 23 * * *", limits).await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-10T23:00:00Z");
    world.tick("2026-12-08T23:00:00Z").await;
    assert_eq!(missed(&world).await, ["12-08T23:00 outside_window"]);
    let notice = world.call("list_notifications", json!({})).await[0].clone();
    assert_eq!((&notice["kind"], &notice["title"]), (&json!("run_kept_back"), &json!("Kept back: Patch")));
    assert_eq!(
        notice["body"],
        "A run was due 2026-12-08 23:00, UTC. It lay outside the hours the schedule may start in."
    );
    // Nor does anybody start it by hand as a run of this schedule.
    world.clock.set("2026-12-09T08:00:00Z");
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T23:00:00Z"});
    world.refuse("run_missed_occurrence", occurrence.clone(), Conflict, "nominal").await;
    let can_run = async || {
        let listed = world.call("list_missed_occurrences", json!({})).await;
        let today = world.call("get_today", json!({})).await["missed"].clone();
        assert_eq!(today[0]["can_run"], listed[0]["can_run"]);
        listed[0]["can_run"].clone()
    };
    assert_eq!(can_run().await, false, "nobody is offered what would be refused");
    world.clock.set("2026-12-10T22:00:00Z");
    assert_eq!(can_run().await, true);
    world.call("run_missed_occurrence", occurrence).await;
}

#[tokio::test]
async fn within_a_blackout_a_run_is_missed_or_moved() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let limits = json!({"blackout_calendar_ids": [freeze["id"]], "timezone": "Europe/Berlin"});
    let schedule = scheduled(&world, "0 22 * * 4", limits).await;
    world.tick("2026-12-17T21:00:00Z").await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-31T21:00:00Z");
    let report = world.tick("2026-12-24T21:00:00Z").await;
    assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(1)));
    assert_eq!(missed(&world).await.last().unwrap(), "12-24T21:00 blackout Freeze: Christmas");
    let notices = world.call("list_notifications", json!({})).await;
    assert_eq!(
        notices[0]["body"],
        "A run was due 2026-12-24 22:00, Europe/Berlin. It lay in a blackout, Freeze: Christmas."
    );
}

#[tokio::test]
async fn a_moved_run_keeps_its_identity_and_says_when_it_was_due() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let limits = json!({"blackout_calendar_ids": [freeze["id"]], "on_blackout": "move"});
    let schedule = scheduled(&world, "0 22 * * 4", limits).await;
    for day in [10, 17] {
        world.tick(&format!("2026-12-{day}T22:00:00Z")).await;
    }
    assert_eq!(next_run(&world, &schedule).await, "2026-12-27T22:00:00Z");
    world.told.toasts();
    assert_eq!(world.tick("2026-12-24T22:00:00Z").await["missed"], 0);
    let range = json!({"from": "2026-12-24T23:00:00Z", "to": "2027-01-01T00:00:00Z"});
    let coming = world.call("list_upcoming", range).await;
    assert_eq!(each(&coming, "at"), ["2026-12-27T22:00:00Z", "2026-12-31T22:00:00Z"]);
    assert_eq!(coming[0]["moved_from"], "2026-12-24T22:00:00Z");
    assert_eq!(coming[0]["local"], "2026-12-27T22:00");

    let report = world.tick("2026-12-27T22:00:10Z").await;
    let batch = world.call("get_batch", json!({"batch_id": report["fired"][0]["batch_id"]})).await;
    assert_eq!(batch["scheduled_for"], "2026-12-24T22:00:00Z");
    let toast = world.told.toasts().pop().unwrap();
    assert_eq!(
        toast.body,
        "Due 2026-12-24 22:00, UTC · moved to 2026-12-27 22:00 · previous run 0/1 complete"
    );
    assert_eq!(next_run(&world, &schedule).await, "2026-12-31T22:00:00Z");
    assert_eq!(missed(&world).await, Vec::<String>::new());
    // The clock is set back over all of it: nothing twice.
    world.tick("2026-12-23T12:00:00Z").await;
    for now in ["2026-12-24T22:00:00Z", "2026-12-27T22:00:00Z"] {
        let again = world.tick(now).await;
        assert_eq!((&again["fired"], &again["missed"]), (&json!([]), &json!(0)), "{now}");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 3);
}

#[tokio::test]
async fn of_several_moved_onto_one_day_the_last_stands_for_the_others() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let limits = json!({"blackout_calendar_ids": [freeze["id"]], "on_blackout": "move"});
    scheduled(&world, "0 22 * * 4-6", limits).await;
    for day in 10..=19 {
        world.tick(&format!("2026-12-{day}T22:00:00Z")).await;
    }
    let report = world.tick("2026-12-27T22:00:00Z").await;
    let batch = world.call("get_batch", json!({"batch_id": report["fired"][0]["batch_id"]})).await;
    assert_eq!(batch["scheduled_for"], "2026-12-26T22:00:00Z");
    assert_eq!(missed(&world).await, ["12-24T22:00 coalesced", "12-25T22:00 coalesced"]);
}

#[tokio::test]
async fn a_change_of_the_dates_is_followed_at_once_and_loses_nothing() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let limits = json!({"blackout_calendar_ids": [freeze["id"]], "on_blackout": "move"});
    let schedule = scheduled(&world, "0 22 * * 4", limits).await;
    world.tick("2026-12-17T22:00:00Z").await;
    world.tick("2026-12-24T22:00:00Z").await;
    // While the run of the 24th waits for the 27th, the freeze is made longer.
    world.clock.set("2026-12-25T12:00:00Z");
    let longer = json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-31"}]);
    world.call("update_blackout_calendar", json!({"id": freeze["id"], "entries": longer})).await;
    assert_eq!(next_run(&world, &schedule).await, "2027-01-01T22:00:00Z");
    assert_eq!(missed(&world).await.last().unwrap(), "12-24T22:00 schedule_changed");
    let listed = world.call("list_blackout_calendars", json!({})).await;
    assert_eq!((&listed[0]["entry_count"], &listed[0]["schedule_count"]), (&json!(1), &json!(1)));
    // Deleting it would open what somebody closed.
    world.refuse("delete_blackout_calendar", json!({"id": freeze["id"]}), Conflict, "id").await;
    world.call("update_schedule", json!({"id": schedule["id"], "blackout_calendar_ids": []})).await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-31T22:00:00Z");
    world.call("delete_blackout_calendar", json!({"id": freeze["id"]})).await;
    world.refuse("get_blackout_calendar", json!({"id": freeze["id"]}), NotFound, "id").await;
}

#[tokio::test]
async fn a_schedule_that_is_blacked_out_for_good_says_so() {
    let world = World::new().await;
    let forever = json!([{"kind": "days", "from": "2026-01-01", "to": "2102-01-01"}]);
    let freeze = calendar(&world, forever).await;
    let limits = json!({"blackout_calendar_ids": [freeze["id"]]});
    let schedule = scheduled(&world, "* * * * *", limits).await;
    assert_eq!(next_run(&world, &schedule).await, Value::Null);
    let report = world.tick("2026-12-22T12:00:30Z").await;
    assert_eq!(report["missed"], 20_160);
    assert_eq!(world.number("SELECT COUNT(*) FROM missed_occurrences").await, 1);
    let request = json!({
        "recurrence": {"kind": "cron", "expression": "* * * * *"}, "timezone": "UTC", "count": 2,
        "blackout_calendar_ids": [freeze["id"]],
    });
    let preview = world.call("preview_schedule", request).await;
    assert_eq!(preview["never"], "Every run lies in a blackout.");
    assert_eq!(each(&preview["occurrences"], "verdict"), ["blackout"]);
}

#[tokio::test]
async fn a_preview_shows_what_is_skipped_and_moved() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let request = json!({
        "recurrence": {"kind": "cron", "expression": "0 22 * * 3-6"}, "timezone": "UTC", "count": 2,
        "after": "2026-12-23T00:00:00Z", "blackout_calendar_ids": [freeze["id"]], "on_blackout": "move",
        "windows": [{"weekdays": ["thursday", "friday", "saturday", "sunday"], "from": "20:00", "to": "23:00"}],
    });
    let preview = world.call("preview_schedule", request).await;
    let told: Vec<Value> = preview["occurrences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            json!([
                it["at"].as_str().unwrap()[8..10],
                it["verdict"],
                it["starts_at"],
                it["blackout"],
                it["count"]
            ])
        })
        .collect();
    let (to, name) = ("2026-12-27T22:00:00Z", "Freeze: Christmas");
    assert_eq!(
        told,
        [
            json!(["23", "outside_window", null, null, null]),
            json!(["24", "replaced", to, name, 2]),
            json!(["26", "moved", to, name, null]),
            json!(["30", "outside_window", null, null, null]),
            json!(["31", null, null, null, null]),
        ]
    );
}

#[tokio::test]
async fn limits_that_cannot_be_read_keep_the_schedule_from_running_and_are_recorded() {
    for tampering in [
        "UPDATE schedules SET windows = '[{\"phase\":\"full moon\"}]'",
        "UPDATE schedules SET on_blackout = 'howl'",
        "UPDATE blackout_calendars SET entries = '[{\"kind\":\"moon\"}]'",
    ] {
        let world = World::new().await;
        let freeze = calendar(&world, christmas()).await;
        scheduled(&world, "*/15 * * * *", json!({"blackout_calendar_ids": [freeze["id"]]})).await;
        world.tamper(tampering).await;
        let report = world.tick("2026-12-08T12:30:00Z").await;
        assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(2)), "{tampering}");
        assert_eq!(missed(&world).await, ["12-08T12:15 failed", "12-08T12:30 failed"], "{tampering}");
        assert_eq!(world.tick("2026-12-08T13:30:00Z").await["missed"], 4, "{tampering}");
    }
}

#[tokio::test]
async fn calendars_are_checked_when_saved() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    for (request, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "A", "entries": [{"kind": "days", "from": "2026-02-30"}]}), "entries[0].from"),
        (
            json!({"name": "A", "entries": [{"kind": "days", "from": "2026-12-24", "to": "2026-12-23"}]}),
            "entries[0].to",
        ),
        (
            json!({"name": "A", "entries": [{"kind": "hours", "from": "2026-12-24T18:00", "to": "2026-12-24T19:00", "zone": "Mars/Base"}]}),
            "entries[0].zone",
        ),
        // Days no calendar has: the one after the last of them once ended the program.
        (json!({"name": "A", "entries": [{"kind": "days", "from": "+262142-12-31"}]}), "entries[0].from"),
        (
            json!({"name": "A", "entries": [{"kind": "days", "from": "2026-12-31", "to": "+262142-12-31"}]}),
            "entries[0].to",
        ),
    ] {
        let error = world.fail("create_blackout_calendar", request.clone()).await;
        assert_eq!(error.code, Validation, "{request}");
        assert!(
            error.field.as_deref().unwrap_or_default().starts_with(field.split('.').next().unwrap()),
            "{error:?}"
        );
    }
    world.refuse("update_blackout_calendar", json!({"id": NOBODY}), NotFound, "id").await;
    world.refuse("delete_blackout_calendar", json!({"id": NOBODY}), NotFound, "id").await;
    let renamed =
        world.call("update_blackout_calendar", json!({"id": freeze["id"], "name": "Holidays"})).await;
    assert_eq!((&renamed["name"], &renamed["entries"]), (&json!("Holidays"), &christmas()));
    assert_eq!(world.call("get_blackout_calendar", json!({"id": freeze["id"]})).await, renamed);
}

const HOLIDAYS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Christmas\r\n\
    DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:2\r\nSTATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20261231\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[tokio::test]
async fn a_calendar_comes_out_of_a_file_and_is_followed() {
    let world = World::new().await;
    let imported =
        world.call("import_blackout_calendar", json!({"name": "Holidays", "ical": HOLIDAYS})).await;
    assert_eq!((&imported["events"], &imported["ignored"]), (&json!(1), &json!(1)));
    let entries = json!([
        {"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"},
        {"kind": "days", "from": "2027-12-24", "to": "2027-12-26", "label": "Christmas"},
    ]);
    assert_eq!(imported["calendar"]["entries"], entries);
    let id = &imported["calendar"]["id"];
    let schedule = scheduled(&world, "0 22 * * 4", json!({"blackout_calendar_ids": [id]})).await;
    world.tick("2026-12-17T22:00:00Z").await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-31T22:00:00Z");
    // The file of next year takes the place of the one before.
    world.clock.set("2026-12-18T12:00:00Z");
    let later = HOLIDAYS.replace("20261224", "20261225");
    world.call("import_blackout_calendar", json!({"id": id, "ical": later})).await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-24T22:00:00Z");

    let hourly = HOLIDAYS.replace("YEARLY", "HOURLY");
    let error = world
        .refuse("import_blackout_calendar", json!({"name": "A", "ical": hourly}), Validation, "ical")
        .await;
    assert!(error.message.contains("Christmas") && error.message.contains("HOURLY"), "{error:?}");
    // A file without an event does not put nothing in the place of a calendar.
    let empty = json!({"id": id, "ical": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"});
    world.refuse("import_blackout_calendar", empty, Validation, "ical").await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-24T22:00:00Z");
    let both = json!({"name": "A", "id": id, "ical": HOLIDAYS});
    world.refuse("import_blackout_calendar", both, Validation, "name").await;
    world.refuse("import_blackout_calendar", json!({"ical": HOLIDAYS}), Validation, "name").await;
    let nobody = json!({"id": NOBODY, "ical": HOLIDAYS});
    world.refuse("import_blackout_calendar", nobody, NotFound, "id").await;
}

#[tokio::test]
async fn a_run_is_told_some_minutes_before_it_once() {
    let world = World::new().await;
    scheduled(&world, "0 22 * * *", json!({"notify_before_minutes": 90, "timezone": "Europe/Berlin"})).await;
    assert_eq!(world.tick("2026-12-08T19:29:59Z").await["fired"], json!([]));
    assert_eq!(world.told.toasts(), []);
    for now in
        ["2026-12-08T19:30:00Z", "2026-12-08T19:31:00Z", "2026-12-08T19:29:00Z", "2026-12-08T19:40:00Z"]
    {
        world.tick(now).await;
    }
    let toasts = world.told.toasts();
    assert_eq!(toasts.len(), 1);
    assert_eq!(toasts[0].title, "Maintenance run in 1 h 30 min: Patch");
    assert_eq!(toasts[0].body, "Starts 2026-12-08 22:00, Europe/Berlin");
    assert_eq!(each(&world.tick("2026-12-08T21:00:00Z").await["fired"], "count"), [1]);
    let kinds = each(&world.call("list_notifications", json!({})).await, "kind");
    assert_eq!(kinds, ["run_ready", "run_soon"]);
}

#[tokio::test]
async fn a_batch_that_is_open_at_the_hour_is_told_once() {
    let world = World::new().await;
    let schedule = scheduled(&world, "0 22 * * *", json!({"notify_unfinished_at": "07:30"})).await;
    let fired = world.tick("2026-12-08T22:00:00Z").await["fired"][0].clone();
    world.told.toasts();
    world.tick("2026-12-09T07:29:59Z").await;
    assert_eq!(world.told.toasts(), []);
    for now in ["2026-12-09T07:30:00Z", "2026-12-09T07:31:00Z", "2026-12-10T07:30:00Z"] {
        world.tick(now).await;
    }
    let titles: Vec<String> = world.told.toasts().into_iter().map(|toast| toast.title).collect();
    // The next night's run is another one.
    assert_eq!(titles[0], "Not finished: Patch — 0/1 complete");
    assert_eq!(titles.iter().filter(|title| title.starts_with("Not finished")).count(), 1);
    let notices = world.call("list_notifications", json!({})).await;
    let told: Vec<Value> = notices
        .as_array()
        .unwrap()
        .iter()
        .filter(|notice| notice["kind"] == "run_unfinished")
        .map(|notice| notice["route"].clone())
        .collect();
    assert_eq!(told, [format!("/batches/{}", fired["batch_id"].as_str().unwrap())]);
    // A finished one is not.
    let late = world.tick("2026-12-10T22:00:00Z").await["fired"][0].clone();
    world.call("cancel_batch", json!({"batch_id": late["batch_id"]})).await;
    world.call("cancel_batch", json!({"batch_id": fired["batch_id"]})).await;
    world.told.toasts();
    world.tick("2026-12-11T07:30:00Z").await;
    assert_eq!(world.told.toasts(), []);
    assert!(next_run(&world, &schedule).await.is_string());
}

#[tokio::test]
async fn limits_that_work_are_no_trouble() {
    let world = World::new().await;
    let nightly = json!([{"weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"], "from": "22:00", "to": "02:00"}]);
    let schedule = scheduled(&world, "0 * * * *", json!({"windows": nightly})).await;
    world.tick("2026-12-08T22:00:01Z").await;
    world.tick("2026-12-08T23:00:01Z").await;
    world.tick("2026-12-09T00:00:01Z").await;
    world.tick("2026-12-09T01:00:01Z").await;
    // The window looks when something is due, and at least twice an hour.
    for minute in 0..=20 * 2 {
        let now = at("2026-12-09T02:00:01Z") + chrono::TimeDelta::minutes(30 * minute);
        world.tick(&now.to_rfc3339()).await;
    }
    world.clock.set("2026-12-09T22:00:01Z");
    let notices = world.call("list_notifications", json!({"unread": true})).await;
    let kept: Vec<Value> = each(&notices, "kind").into_iter().filter(|kind| kind != "run_ready").collect();
    // Of the day that was made first, and of the next.
    assert_eq!(kept, ["run_kept_back", "run_kept_back"]);
    let standing = world.call("list_schedule_standings", json!({})).await[0].clone();
    assert_eq!((&standing["health"], &standing["missed_lately"]), (&json!("good"), &json!(0)));
    assert_eq!(standing["schedule"]["id"], schedule["id"]);
}

#[tokio::test]
async fn what_nobody_was_there_to_run_in_its_window_is_trouble() {
    let world = World::new().await;
    let evening = json!([{"weekdays": ["tuesday"], "from": "20:00", "to": "23:00"}]);
    scheduled(&world, "0 22 * * *", json!({"windows": evening, "grace_seconds": 7_200})).await;
    world.tick("2026-12-08T23:30:00Z").await;
    world.clock.set("2026-12-08T23:30:01Z");
    assert_eq!(missed(&world).await, ["12-08T22:00 outside_window"]);
    let notices = world.call("list_notifications", json!({})).await;
    assert_eq!(each(&notices, "title"), ["Missed: Patch — 1 run"]);
    let standing = world.call("list_schedule_standings", json!({})).await[0].clone();
    assert_eq!((&standing["health"], &standing["missed_lately"]), (&json!("missing"), &json!(1)));
}

#[tokio::test]
async fn without_a_calendar_it_names_a_schedule_does_not_run() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let schedule = scheduled(&world, "0 22 * * *", json!({"blackout_calendar_ids": [freeze["id"]]})).await;
    // As a merge may leave it: the calendar was deleted on a laptop that did not know the schedule.
    world.tamper("UPDATE blackout_calendars SET tombstone = 1").await;
    let report = world.tick("2026-12-08T22:00:00Z").await;
    assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(1)));
    world.clock.set("2026-12-08T22:00:01Z");
    let standing = world.call("list_schedule_standings", json!({})).await[0].clone();
    assert_eq!(
        (&standing["health"], &standing["words"]),
        (&json!("never_runs"), &json!("Its blackouts name a calendar that was deleted: it does not run."))
    );
    // It can be paused, and runs once the calendar is taken off.
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    let off = json!({"id": schedule["id"], "blackout_calendar_ids": [], "is_active": true});
    world.call("update_schedule", off).await;
    assert_eq!(next_run(&world, &schedule).await, "2026-12-09T22:00:00Z");
}

#[tokio::test]
async fn a_calendar_is_kept_for_those_that_cannot_be_read_and_not_for_deleted_flows() {
    let world = World::new().await;
    let freeze = calendar(&world, christmas()).await;
    let schedule = scheduled(&world, "0 22 * * *", json!({"blackout_calendar_ids": [freeze["id"]]})).await;
    world.tamper(r#"UPDATE schedules SET recurrence = '{"kind":"moon_phase"}'"#).await;
    let id = json!({"id": freeze["id"]});
    let error = world.refuse("delete_blackout_calendar", id.clone(), Conflict, "id").await;
    assert!(error.message.contains("Patch"), "{error:?}");
    world.tamper(r#"UPDATE schedules SET recurrence = '{"kind":"cron","expression":"0 22 * * *"}'"#).await;
    world.call("delete_flow", json!({"id": schedule["flow_id"]})).await;
    world.call("delete_blackout_calendar", id).await;
}
