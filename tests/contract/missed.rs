//! Occurrences that nobody was there to fire: run late within the grace, else recorded with their reason.

use crate::support::*;
use serde_json::{Value, json};

#[tokio::test]
async fn within_the_grace_the_latest_runs_and_stands_for_the_earlier_ones() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "*/15 * * * *").await;
    let report = world.tick("2026-12-08T12:50:00Z").await;
    assert_eq!((report["fired"].as_array().unwrap().len(), &report["missed"]), (1, &json!(2)));
    let batch = world.call("get_batch", json!({"batch_id": report["fired"][0]["batch_id"]})).await;
    assert_eq!(batch["scheduled_for"], "2026-12-08T12:45:00Z");

    let missed = world.call("list_missed_occurrences", json!({"schedule_id": schedule["id"]})).await;
    assert_eq!(each(&missed, "nominal"), ["2026-12-08T12:30:00Z", "2026-12-08T12:15:00Z"]);
    assert_eq!(each(&missed, "reason"), ["coalesced", "coalesced"]);
    assert_eq!(each(&missed, "flow_name"), ["Patch", "Patch"]);
    assert_eq!(each(&missed, "span_count"), [2, 2]);
    // Something ran in their place: no notice but that of the run.
    assert_eq!(each(&world.call("list_notifications", json!({})).await, "kind"), ["run_ready"]);
}

#[tokio::test]
async fn the_grace_ends_on_the_second() {
    for (now, fired, missed) in
        [("2026-12-08T14:00:00Z", 1, 0), ("2026-12-08T14:00:00.999Z", 0, 1), ("2026-12-08T14:00:01Z", 0, 1)]
    {
        let world = World::new().await;
        let flow = world.maintenance_flow("Patch").await;
        world.schedule(&flow, "0 13 * * *").await;
        let report = world.tick(now).await;
        assert_eq!(report["fired"].as_array().unwrap().len(), fired, "{now}");
        assert_eq!(report["missed"], missed, "{now}");
    }
}

#[tokio::test]
async fn without_grace_a_run_that_is_on_time_runs_and_no_later_one() {
    for misfire in ["run_once", "skip", "ask"] {
        for grace in [0, 30] {
            let world = World::new().await;
            let flow = world.maintenance_flow("Patch").await;
            let schedule = world.schedule(&flow, "*/15 * * * *").await;
            let edit = json!({"id": schedule["id"], "grace_seconds": grace, "misfire": misfire});
            world.call("update_schedule", edit).await;
            // No tick comes on the instant itself: some milliseconds later, or half a minute.
            for now in ["12:15:00", "12:30:00.001", "12:45:00.480", "13:00:30", "13:15:59.999"] {
                let report = world.tick(&format!("2026-12-08T{now}Z")).await;
                let fired = report["fired"].as_array().unwrap().len();
                assert_eq!((fired, &report["missed"]), (1, &json!(0)), "{misfire}, {grace} s, {now}");
            }
            let late = world.tick("2026-12-08T13:31:01Z").await;
            assert_eq!((&late["fired"], &late["missed"]), (&json!([]), &json!(1)), "{misfire}, {grace} s");
        }
    }
}

#[tokio::test]
async fn beyond_the_grace_an_occurrence_is_recorded_and_told() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "0 13 * * *").await;
    let report = world.tick("2026-12-10T16:30:00Z").await;
    assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(3)));
    assert_eq!(world.call("list_batches", json!({})).await, json!([]));
    let missed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(each(&missed, "reason"), vec!["grace_passed"; 3]);
    assert_eq!(missed[0]["nominal"], "2026-12-10T13:00:00Z");
    assert_eq!(missed[0]["recorded_at"], "2026-12-10T16:30:00Z");

    let notices = world.call("list_notifications", json!({})).await;
    assert_eq!(each(&notices, "kind"), ["run_missed"]);
    assert_eq!(notices[0]["title"], "Missed: Patch — 3 runs");
    assert_eq!(notices[0]["route"], format!("/flows/{}/maintenance", flow["id"].as_str().unwrap()));
    // No run is ready, so the desktop is left alone.
    assert_eq!(world.told.toasts(), []);
    let after = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(
        (&after["last_run_at"], &after["next_run_at"]),
        (&Value::Null, &json!("2026-12-11T13:00:00Z"))
    );
}

#[tokio::test]
async fn two_weeks_of_every_minute_are_two_rows() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "* * * * *").await;
    let report = world.tick("2026-12-22T12:00:30Z").await;
    assert_eq!(report["fired"].as_array().unwrap().len(), 1);
    assert_eq!(report["missed"], 20_159);
    // What passed its grace, and what the one run stands for.
    let counts = world.texts("SELECT CAST(count AS TEXT) FROM missed_occurrences ORDER BY to_at").await;
    assert_eq!(counts, ["20100", "59"]);
    assert_eq!(world.number("SELECT COUNT(*) FROM notifications").await, 2);
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);

    let listed = world.call("list_missed_occurrences", json!({"schedule_id": schedule["id"]})).await;
    let nominal = each(&listed, "nominal");
    assert_eq!(nominal.len(), 1_000);
    assert_eq!(nominal[0], "2026-12-22T11:59:00Z");
    assert_eq!(nominal[999], "2026-12-21T19:20:00Z");
    assert!(nominal.windows(2).all(|pair| pair[0].as_str() > pair[1].as_str()));
    assert_eq!((&listed[58]["reason"], &listed[59]["reason"]), (&json!("coalesced"), &json!("grace_passed")));
}

#[tokio::test]
async fn a_busy_schedule_does_not_hide_what_others_missed() {
    let world = World::new().await;
    let often = world.maintenance_flow("Often").await;
    world.schedule(&often, "* * * * *").await;
    let daily = world.maintenance_flow("Daily").await;
    world.schedule(&daily, "30 11 * * *").await;
    world.tick("2026-12-22T14:00:30Z").await;
    let listed = world.call("list_missed_occurrences", json!({})).await;
    assert_eq!(listed.as_array().unwrap().len(), 1_000);
    let names = each(&listed, "flow_name");
    // Of the last thousand minutes, the one run of that day is as new as the minutes around it.
    assert_eq!(names.iter().filter(|name| *name == "Daily").count(), 1);
    let nominal = each(&listed, "nominal");
    assert!(nominal.windows(2).all(|pair| pair[0].as_str() >= pair[1].as_str()));
    assert_eq!(nominal[0], "2026-12-22T13:59:00Z");
}

#[tokio::test]
async fn what_another_schedule_missed_is_not_listed_under_this_one() {
    let world = World::new().await;
    let first = world.maintenance_flow("First").await;
    let first = world.schedule(&first, "0 13 * * *").await;
    let second = world.maintenance_flow("Second").await;
    world.schedule(&second, "0 14 * * *").await;
    world.tick("2026-12-09T12:00:00Z").await;
    assert_eq!(
        each(&world.call("list_missed_occurrences", json!({})).await, "flow_name"),
        ["Second", "First"]
    );
    let own = world.call("list_missed_occurrences", json!({"schedule_id": first["id"]})).await;
    assert_eq!(each(&own, "flow_name"), ["First"]);
    let nobody = json!({"schedule_id": NOBODY});
    world.refuse("list_missed_occurrences", nobody, mf_contract::ErrorCode::NotFound, "schedule_id").await;
}

#[tokio::test]
async fn in_a_range_many_missed_occurrences_are_told_by_the_day() {
    let world = World::new().await;
    let (watch, nightly) = (world.maintenance_flow("Watch").await, world.maintenance_flow("Nightly").await);
    world.schedule(&watch, "* * * * *").await;
    world.schedule(&nightly, "0 22 * * *").await;
    world.tick("2026-12-22T12:00:00Z").await;

    // The newest thousand are those of one schedule and a single night of the other; a range tells of both.
    let newest = each(&world.call("list_missed_occurrences", json!({})).await, "flow_name");
    assert_eq!(newest.iter().filter(|name| *name == "Nightly").count(), 1);
    let range = json!({"from": "2026-12-10T00:00:00Z", "to": "2026-12-11T23:59:59Z"});
    let told = world.call("list_missed_occurrences", range).await;
    assert_eq!(each(&told, "flow_name"), ["Watch", "Nightly", "Watch", "Nightly"]);
    assert_eq!(each(&told, "count"), [1_440, 1, 1_440, 1]);
    assert_eq!(told[0]["nominal"], "2026-12-11T23:59:00Z");
    assert_eq!(told[1]["nominal"], "2026-12-11T22:00:00Z");
    let before = json!({"from": "2026-12-01T00:00:00Z", "to": "2026-12-02T00:00:00Z"});
    assert_eq!(world.call("list_missed_occurrences", before).await, json!([]));

    for (request, field) in [
        (json!({"from": START}), "to"),
        (json!({"to": START}), "from"),
        (json!({"from": START, "to": "2026-12-08T11:59:59Z"}), "to"),
        (json!({"from": START, "to": "2028-12-08T12:00:00Z"}), "to"),
    ] {
        world.refuse("list_missed_occurrences", request, mf_contract::ErrorCode::Validation, field).await;
    }
}
