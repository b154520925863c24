//! Requests that are wrong: each gets a typed error that names the field, and nothing is written (`World::fail` compares
//! the whole file before and after).

use crate::support::*;
use mf_contract::ErrorCode::{InvalidFlowType, NotFound, Validation};
use mf_contract::{COMMANDS, ErrorCode};
use serde_json::{Value, json};

#[tokio::test]
async fn a_command_that_does_not_exist_is_named() {
    let world = World::new().await;
    for name in ["", "fly", "LIST_FLOWS", "list_flows "] {
        let error = world.refuse(name, json!({}), Validation, "command").await;
        assert!(error.message.contains(&format!("{name:?}")), "{error}");
    }
}

#[tokio::test]
async fn every_command_refuses_an_unknown_field_by_its_name() {
    let world = World::new().await;
    for name in COMMANDS {
        world.refuse(name, json!({"nonsense": 1}), Validation, "nonsense").await;
    }
}

#[tokio::test]
async fn every_command_refuses_what_is_not_an_object() {
    let world = World::new().await;
    for name in COMMANDS {
        for payload in
            ["[]", "null", "7", "\"text\"", "{", "{} {}", "nothing", "[\"a\", \"b\", \"c\", \"d\"]"]
        {
            let error = world.fail_raw(name, payload).await;
            assert_eq!(error.code, Validation, "{name} {payload}");
            assert!(error.field.is_some_and(|field| field != "?"), "{name} {payload}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words_for_a_person() {
    let world = World::new().await;
    let object = "the payload must be a JSON object";
    let instant = "must be an instant, as 2026-11-27T09:00:00Z is one";
    let time = "must be written as 2026-11-27T09:00:00Z is (an instant), 2026-11-27 (a day) or 2026-11-27T09:00:00 (a time by \
                the clock on the wall)";
    let id = "must be an id, as 018f3a2e-7c4b-7d10-9e2a-5b6c7d8e9f00 is one";
    for (command, payload, message) in [
        ("flow_counts", "null", object),
        ("flow_counts", "[]", object),
        ("flow_counts", "7", object),
        ("get_flow", "\"text\"", object),
        ("create_target_list", r#"{"name":"L","targets":["RDS-01"]}"#, "must be a JSON object"),
        ("scheduler_tick", r#"{"now":"2026-11-27 09:00"}"#, time),
        ("scheduler_tick", r#"{"now":"2026-11-27T09:00:00Zzz"}"#, time),
        ("scheduler_tick", r#"{"now":"2026-02-30T09:00:00Z"}"#, time),
        ("scheduler_tick", r#"{"now":"2026-11-27T25:00:00Z"}"#, time),
        ("scheduler_tick", r#"{"now":"tomorrow"}"#, time),
        ("scheduler_tick", r#"{"now":""}"#, time),
        ("scheduler_tick", r#"{"now":1796000000}"#, instant),
        ("create_blackout_calendar", r#"{"name":"B","entries":[{"kind":"days","from":"24.12.2026"}]}"#, time),
        ("get_flow", r#"{"id":"not a uuid"}"#, id),
        ("get_flow", r#"{"id":""}"#, id),
        ("get_flow", r#"{"id":7}"#, id),
        ("list_sessions", r#"{"batch_id":"018f"}"#, id),
    ] {
        assert_eq!(world.fail_raw(command, payload).await.message, message, "{command} {payload}");
    }
}

#[tokio::test]
async fn of_several_values_that_are_wrong_the_first_of_the_request_is_named() {
    let world = World::new().await;
    let mut wrong = json!({
        "name": "", "description": "nul\u{0}", "flow_type": "maintenance", "structure": {"steps": []},
        "intake_form": [{"key": "", "label": "", "type": "text"}],
    });
    world.refuse("create_flow", wrong.clone(), Validation, "name").await;
    wrong["name"] = json!("Patch");
    world.refuse("create_flow", wrong.clone(), Validation, "description").await;
    wrong["description"] = json!("");
    world.refuse("create_flow", wrong.clone(), Validation, "structure.steps").await;
    wrong["structure"] = maintenance("Patch")["structure"].clone();
    world.refuse("create_flow", wrong, Validation, "intake_form[0].key").await;
}

#[tokio::test]
async fn a_list_is_no_object_at_any_depth() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    for (command, payload, field) in [
        ("launch_batch", json!({"flow_id": flow["id"], "targets": [["RDS-01", "note"]]}), "targets[0]"),
        (
            "create_schedule",
            json!({"flow_id": flow["id"], "recurrence": ["cron", "* * * * *"]}),
            "recurrence",
        ),
        (
            "update_flow",
            json!({"id": flow["id"], "intake_form": [["k", "L", "text", true, [], null, null]]}),
            "intake_form[0]",
        ),
    ] {
        world.refuse(command, payload, Validation, field).await;
    }
}

#[tokio::test]
async fn text_that_breaks_off_is_about_the_payload() {
    let world = World::new().await;
    let error = world.fail_raw("list_flows", r#"{"search":"a""#).await;
    assert_eq!((error.code, error.field.as_deref()), (Validation, Some("payload")));
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let world = World::new().await;
    for (command, field) in [
        ("get_flow", "id"),
        ("create_flow", "name"),
        ("create_target_list", "name"),
        ("launch_batch", "flow_id"),
        ("create_schedule", "flow_id"),
        ("scheduler_tick", "now"),
        ("start_session", "session_id"),
        ("preview_schedule", "recurrence"),
    ] {
        world.refuse(command, json!({}), Validation, field).await;
    }
    let unlabelled = json!({"name": "L", "targets": [{"label": "a"}, {"notes": "b"}]});
    world.refuse("create_target_list", unlabelled, Validation, "targets[1].label").await;
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_named() {
    let world = World::new().await;
    let list = |targets: Value| json!({"name": "L", "targets": targets});
    for (command, request, field) in [
        ("get_flow", json!({"id": 7}), "id"),
        ("get_flow", json!({"id": "not a uuid"}), "id"),
        ("list_flows", json!({"flow_type": "dance"}), "flow_type"),
        ("list_flows", json!({"search": ["a"]}), "search"),
        ("create_target_list", json!({"name": 1, "targets": []}), "name"),
        ("create_target_list", list(json!("RDS-01")), "targets"),
        ("create_target_list", list(json!(["RDS-01"])), "targets[0]"),
        ("create_target_list", list(json!([{"label": "a"}, {"label": null}])), "targets[1].label"),
        ("create_target_list", list(json!([{"label": "a", "colour": 1}])), "targets[0].colour"),
        ("list_batches", json!({"limit": "ten"}), "limit"),
        ("list_batches", json!({"limit": -1}), "limit"),
        ("scheduler_tick", json!({"now": "tomorrow"}), "now"),
        ("scheduler_tick", json!({"now": 1_796_000_000}), "now"),
        ("record_step", json!({"session_id": NOBODY, "step_id": 1, "outcome": "done"}), "step_id"),
        ("launch_batch", json!({"flow_id": NOBODY, "intake": {"a": 1}}), "intake.a"),
    ] {
        world.refuse(command, request, Validation, field).await;
    }
}

#[tokio::test]
async fn a_name_is_between_one_and_255_characters() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let list = world.target_list(1).await;
    let long = "n".repeat(300);
    for name in ["", "   ", long.as_str(), "two\nlines"] {
        world.refuse("create_flow", maintenance(name), Validation, "name").await;
        world.refuse("update_flow", json!({"id": flow["id"], "name": name}), Validation, "name").await;
        let new = json!({"name": name, "targets": targets(1)});
        world.refuse("create_target_list", new, Validation, "name").await;
        world.refuse("update_target_list", json!({"id": list["id"], "name": name}), Validation, "name").await;
    }
    // Characters, not bytes.
    world.call("create_flow", maintenance(&"é".repeat(255))).await;
    world.refuse("create_flow", maintenance(&"é".repeat(256)), Validation, "name").await;
}

#[tokio::test]
async fn targets_are_at_least_one_with_distinct_labels_and_short_notes() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let list = world.target_list(1).await;
    let label = |label: &str| json!({ "label": label });
    let notes = |length: usize| json!([{"label": "a", "notes": "n".repeat(length)}]);
    for (targets, field) in [
        (json!([]), "targets"),
        (json!([label("RDS-01"), label("rds-01")]), "targets[1].label"),
        (json!([label("a"), label("Café"), label(" CAFE\u{301} ")]), "targets[2].label"),
        (json!([label("")]), "targets[0].label"),
        (json!([label(&"l".repeat(256))]), "targets[0].label"),
        (notes(501), "targets[0].notes"),
        (json!([{"label": "a", "notes": "two\nlines"}]), "targets[0].notes"),
        (json!([label("nul\u{0}")]), "targets[0].label"),
    ] {
        for (command, mut request) in [
            ("create_target_list", json!({"name": "L"})),
            ("update_target_list", json!({"id": list["id"]})),
            ("launch_batch", json!({"flow_id": flow["id"]})),
        ] {
            request["targets"] = targets.clone();
            world.refuse(command, request, Validation, field).await;
        }
    }
    world.call("create_target_list", json!({"name": "L", "targets": notes(500)})).await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_under_the_field_that_names_it() {
    let world = World::new().await;
    for (command, request, field) in [
        ("get_flow", json!({"id": NOBODY}), "id"),
        ("update_flow", json!({"id": NOBODY, "name": "N"}), "id"),
        ("delete_flow", json!({"id": NOBODY}), "id"),
        ("export_flow", json!({"id": NOBODY, "format": "json"}), "id"),
        ("list_flow_revisions", json!({"flow_id": NOBODY}), "flow_id"),
        ("get_flow_revision", json!({"flow_id": NOBODY, "revision": 1}), "flow_id"),
        ("compare_revisions", json!({"flow_id": NOBODY, "from": 1, "to": 1}), "flow_id"),
        ("restore_revision", json!({"flow_id": NOBODY, "revision": 1}), "flow_id"),
        ("get_target_list", json!({"id": NOBODY}), "id"),
        ("launch_batch", json!({"flow_id": NOBODY, "targets": targets(1)}), "flow_id"),
        ("delete_schedule", json!({"id": NOBODY}), "id"),
    ] {
        world.refuse(command, request, NotFound, field).await;
    }
}

#[tokio::test]
async fn a_batch_needs_a_maintenance_flow() {
    let world = World::new().await;
    let flow = world.procedural_flow().await;
    let launch = json!({"flow_id": flow["id"], "targets": targets(1)});
    world.refuse("launch_batch", launch, InvalidFlowType, "flow_id").await;
}

#[tokio::test]
async fn a_recurrence_that_cannot_be_is_refused_wherever_it_is_given() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let free = world.maintenance_flow("G").await;
    let schedule = world.schedule(&flow, "@daily").await;
    let long = format!("0 9 {} * *", vec!["1"; 60].join(","));
    for expression in [
        "0 0 9 * * *",
        "0 9 * *",
        "",
        "0 0 31 2 *",
        "0 0 31 4,6,9,11 *",
        "60 * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "5/2 * * * *",
        "1,,2 * * * *",
        "@reboot",
        "0 9 * * FUNDAY",
        long.as_str(),
    ] {
        let recurrence = json!({"kind": "cron", "expression": expression});
        for (command, request) in [
            ("create_schedule", json!({"flow_id": free["id"], "recurrence": recurrence})),
            ("update_schedule", json!({"id": schedule["id"], "recurrence": recurrence})),
            ("preview_schedule", json!({"recurrence": recurrence, "timezone": "UTC", "count": 1})),
        ] {
            let error = world.refuse(command, request, Validation, "recurrence.expression").await;
            assert!(!error.message.contains("recurrence"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_recurrence_that_cannot_be_read_names_its_field() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let patch =
        |days: Value, time: Value| json!({"kind": "patch_tuesday", "offset_days": days, "time": time});
    let nth = |nth: Value, weekday: Value| json!({"kind": "nth_weekday", "nth": nth, "weekday": weekday, "time": "02:00"});
    for (recurrence, field) in [
        (json!({"kind": "cron"}), "recurrence.expression"),
        (json!({"expression": "@daily"}), "recurrence.kind"),
        (json!({"kind": "moon_phase"}), "recurrence.kind"),
        (json!({"kind": "cron", "expression": "@daily", "seconds": 3}), "recurrence.seconds"),
        (json!({"kind": "cron", "expression": "@daily", "time": "22:00"}), "recurrence.time"),
        (json!("@daily"), "recurrence"),
        (patch(json!(28), json!("22:00")), "recurrence.offset_days"),
        (patch(json!(-1), json!("22:00")), "recurrence.offset_days"),
        (patch(json!(1.5), json!("22:00")), "recurrence.offset_days"),
        (patch(json!("3"), json!("22:00")), "recurrence.offset_days"),
        (patch(Value::Null, json!("22:00")), "recurrence.offset_days"),
        (patch(json!(3), json!("25:00")), "recurrence.time"),
        (patch(json!(3), json!(2200)), "recurrence.time"),
        (patch(json!(3), Value::Null), "recurrence.time"),
        (nth(json!(0), json!("sunday")), "recurrence.nth"),
        (nth(json!(5), json!("sunday")), "recurrence.nth"),
        (nth(json!(1), json!("funday")), "recurrence.weekday"),
    ] {
        let request = json!({"flow_id": flow["id"], "recurrence": recurrence});
        world.refuse("create_schedule", request, Validation, field).await;
        let request = json!({"recurrence": recurrence, "timezone": "UTC", "count": 1});
        world.refuse("preview_schedule", request, Validation, field).await;
    }
}

#[tokio::test]
async fn a_zone_that_does_not_exist_is_refused_wherever_it_is_given() {
    let world = World::new().await;
    let flow = world.maintenance_flow("F").await;
    let free = world.maintenance_flow("G").await;
    let schedule = world.schedule(&flow, "@daily").await;
    let recurrence = json!({"kind": "cron", "expression": "@daily"});
    for zone in
        ["Mars/Base", "", "CEST", "+01:00", "Etc/Unknown", "../../etc/passwd", "EST5EDT,M3.2.0,M11.1.0"]
    {
        for (command, request) in [
            ("create_schedule", json!({"flow_id": free["id"], "recurrence": recurrence, "timezone": zone})),
            ("update_schedule", json!({"id": schedule["id"], "timezone": zone})),
            ("preview_schedule", json!({"recurrence": recurrence, "timezone": zone, "count": 1})),
        ] {
            world.refuse(command, request, Validation, "timezone").await;
        }
    }
}

#[tokio::test]
async fn errors_are_written_as_the_contract_says() {
    let world = World::new().await;
    let error = world.fail("get_flow", json!({"id": NOBODY})).await;
    let wire = serde_json::to_value(&error).unwrap();
    assert_eq!(wire, json!({"code": "not_found", "message": "there is no such flow", "field": "id"}));
    assert_eq!(serde_json::to_value(ErrorCode::InvalidFlowType).unwrap(), "invalid_flow_type");
}
