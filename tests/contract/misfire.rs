//! What becomes of occurrences that are found late, or beside an open batch: the policies of a schedule, and the questions
//! they ask.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, NotFound, Validation};
use serde_json::{Value, json};

/// A schedule of `expression` with these policies.
async fn scheduled(world: &World, flow: &Value, expression: &str, policies: Value) -> Value {
    let schedule = world.schedule(flow, expression).await;
    let mut request = policies;
    request["id"] = schedule["id"].clone();
    world.call("update_schedule", request).await
}

async fn missed(world: &World) -> Vec<(String, String, String)> {
    let listed = world.call("list_missed_occurrences", json!({})).await;
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let of = |item: &Value| (text(item, "nominal"), text(item, "reason"), text(item, "outcome"));
    listed.as_array().unwrap().iter().map(of).collect()
}

fn row(nominal: &str, reason: &str, outcome: &str) -> (String, String, String) {
    (format!("2026-12-08T{nominal}:00Z"), reason.to_owned(), outcome.to_owned())
}

#[tokio::test]
async fn policies_are_kept_and_answered() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "0 13 * * *"},
        "misfire": "ask", "overlap": "skip",
    });
    let schedule = world.call("create_schedule", request).await;
    assert_eq!((&schedule["misfire"], &schedule["overlap"]), (&json!("ask"), &json!("skip")));
    let change = json!({"id": schedule["id"], "misfire": "skip"});
    let changed = world.call("update_schedule", change).await;
    assert_eq!((&changed["misfire"], &changed["overlap"]), (&json!("skip"), &json!("skip")));
    for (field, word) in [("misfire", "run_twice"), ("overlap", "never"), ("misfire", "")] {
        let mut request = json!({"id": schedule["id"]});
        request[field] = json!(word);
        world.refuse("update_schedule", request, Validation, field).await;
    }
}

#[tokio::test]
async fn skip_runs_what_is_on_time_and_nothing_late() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    scheduled(&world, &flow, "*/15 * * * *", json!({"misfire": "skip"})).await;
    // A tick may come a minute late; that is no misfire.
    assert_eq!(world.tick("2026-12-08T12:16:00Z").await["fired"].as_array().unwrap().len(), 1);
    let late = world.tick("2026-12-08T12:40:00Z").await;
    assert_eq!((&late["fired"], &late["missed"]), (&json!([]), &json!(1)));
    assert_eq!(missed(&world).await, [row("12:30", "not_running", "skipped")]);
    let notices = world.call("list_notifications", json!({})).await;
    assert_eq!(notices[0]["title"], "Missed: Patch — 1 run");
    assert_eq!(
        notices[0]["body"],
        "The last was due 2026-12-08 12:30 UTC. The application was not running; late runs are skipped."
    );
    // Late ones are skipped beside one that is on time, too; what is beyond the grace has passed it.
    let again = world.tick("2026-12-08T14:30:10Z").await;
    assert_eq!(each(&again["fired"], "count"), [1]);
    let listed = missed(&world).await;
    assert_eq!(listed.len(), 1 + 7);
    assert_eq!(listed[0], row("14:15", "not_running", "skipped"));
    assert_eq!(listed[4], row("13:15", "grace_passed", "none"));
}

#[tokio::test]
async fn asleep_is_told_from_not_running() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    scheduled(&world, &flow, "0 * * * *", json!({"misfire": "skip", "grace_seconds": 7_200})).await;
    // The application starts at half past two, and the computer falls asleep.
    world.clock.set("2026-12-08T14:30:00Z");
    world.engine.scheduler_begins();
    world.tick("2026-12-08T17:10:00Z").await;
    let listed = world.call("list_missed_occurrences", json!({})).await;
    let told: Vec<Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            json!([it["nominal"].as_str().unwrap()[11..16], it["reason"], it["absence"], it["outcome"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["17:00", "asleep", "asleep", "skipped"]),
            json!(["16:00", "asleep", "asleep", "skipped"]),
            json!(["15:00", "grace_passed", "asleep", "none"]),
            json!(["14:00", "grace_passed", "not_running", "none"]),
            json!(["13:00", "grace_passed", "not_running", "none"]),
        ]
    );
}

#[tokio::test]
async fn nobody_was_asleep_where_the_scheduler_ticked() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    scheduled(&world, &flow, "15 * * * *", json!({"misfire": "skip", "grace_seconds": 7_200})).await;
    world.engine.scheduler_begins();
    world.tick("2026-12-08T12:00:10Z").await;
    // It ticks, and yet does not get to this schedule.
    world.tamper("UPDATE schedule_clocks SET look_at = look_at + 900000").await;
    world.tick("2026-12-08T12:29:50Z").await;
    world.tick("2026-12-08T12:30:20Z").await;
    assert_eq!(missed(&world).await, [row("12:15", "failed", "skipped")]);
}

#[tokio::test]
async fn ask_waits_for_an_answer_about_the_latest() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(2).await;
    let policies = json!({"misfire": "ask", "target_list_id": list["id"], "timezone": "Europe/Berlin"});
    let schedule = scheduled(&world, &flow, "0,30 * * * *", policies).await;
    world.told.toasts();
    let report = world.tick("2026-12-08T13:10:00Z").await;
    assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(2)));
    assert_eq!(
        missed(&world).await,
        [row("13:00", "not_running", "asked"), row("12:30", "coalesced", "replaced")]
    );
    let toast = world.told.toasts().remove(0);
    assert_eq!(toast.title, "Missed: Patch — run it now or skip it?");
    assert_eq!(
        toast.body,
        "Due 2026-12-08 14:00, Europe/Berlin · the application was not running · answer by 2026-12-08 15:00"
    );
    world.clock.set("2026-12-08T13:10:00Z");
    let notice = world.call("list_notifications", json!({"unread": true})).await[0].clone();
    assert_eq!(notice["kind"], "run_asked");
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T13:00:00Z"});
    let named = |command: &str| {
        let mut action = occurrence.clone();
        action["command"] = json!(command);
        action
    };
    assert_eq!(notice["actions"], json!([named("run_missed_occurrence"), named("skip_missed_occurrence")]));
    // The desktop offers what the centre does.
    assert_eq!(serde_json::to_value(&toast.actions).unwrap(), notice["actions"]);
    // Asked once, however often the scheduler looks.
    world.tick("2026-12-08T13:11:00Z").await;
    assert_eq!(world.number("SELECT COUNT(*) FROM notifications").await, 1);

    // Running it makes the very batch it would have made.
    world.told.events();
    let run = world.call("run_missed_occurrence", occurrence.clone()).await;
    assert_eq!(each(&run["sessions"], "target_label"), ["RDS-01", "RDS-02"]);
    assert!(!world.told.events().is_empty());
    let batch = world.call("get_batch", json!({"batch_id": run["batch_id"]})).await;
    assert_eq!((&batch["origin"], &batch["scheduled_for"]), (&json!("schedule"), &occurrence["nominal"]));
    let bottom = world.number("SELECT COUNT(*) FROM batches WHERE version = printf('%048d', 0)").await;
    assert_eq!(bottom, 1);
    let again = world.call("run_missed_occurrence", occurrence.clone()).await;
    assert_eq!(again, run);
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);
    world.refuse("skip_missed_occurrence", occurrence.clone(), Conflict, "nominal").await;

    // What ran was not missed, and nothing is asked any more.
    assert_eq!(missed(&world).await, [row("12:30", "coalesced", "replaced")]);
    let notice = world.call("list_notifications", json!({})).await[0].clone();
    assert_eq!((&notice["actions"], notice["read_at"].is_string()), (&json!([]), true));
    let after = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(after["last_run_at"], occurrence["nominal"]);
    // The identity is that of the occurrence: the time comes by again, and nothing fires twice.
    world.tick("2026-12-08T12:00:00Z").await;
    assert_eq!(world.tick("2026-12-08T13:00:00Z").await["fired"], json!([]));
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 1);
}

#[tokio::test]
async fn what_somebody_skips_stays_skipped() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = scheduled(&world, &flow, "0 13 * * *", json!({"misfire": "ask"})).await;
    world.tick("2026-12-08T13:10:00Z").await;
    world.clock.set("2026-12-08T13:10:00Z");
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T13:00:00Z"});
    world.call("skip_missed_occurrence", occurrence.clone()).await;
    let content = world.content().await;
    world.call("skip_missed_occurrence", occurrence.clone()).await;
    assert_eq!(world.content().await, content, "skipping twice changes nothing");
    assert_eq!(missed(&world).await, [row("13:00", "not_running", "declined")]);
    assert_eq!(world.call("notification_counts", json!({})).await["unread"], 0);

    // Also when the clock is set back, and its time comes by again: on time, late, and beyond the grace.
    for now in ["13:00:00", "13:30:00", "16:00:00"] {
        world.tick("2026-12-08T12:30:00Z").await;
        let report = world.tick(&format!("2026-12-08T{now}Z")).await;
        assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(0)), "{now}");
        assert_eq!(missed(&world).await, [row("13:00", "not_running", "declined")], "{now}");
    }
    // A second thought is allowed.
    world.call("run_missed_occurrence", occurrence).await;
    assert_eq!(missed(&world).await, []);
}

#[tokio::test]
async fn without_an_answer_the_grace_passes() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = scheduled(&world, &flow, "0 13 * * *", json!({"misfire": "ask"})).await;
    world.tick("2026-12-08T13:10:00Z").await;
    world.clock.set("2026-12-08T14:00:00Z");
    assert_eq!(missed(&world).await, [row("13:00", "not_running", "asked")]);
    world.clock.set("2026-12-08T14:00:01Z");
    assert_eq!(missed(&world).await, [row("13:00", "not_running", "unanswered")]);
    let notice = world.call("list_notifications", json!({})).await[0].clone();
    assert_eq!(notice["actions"], json!([]));
    // The grace binds the scheduler; a person may still decide.
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T13:00:00Z"});
    world.call("run_missed_occurrence", occurrence).await;
    assert_eq!(missed(&world).await, []);
}

#[tokio::test]
async fn one_on_time_is_run_without_asking_about_those_before() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    scheduled(&world, &flow, "*/15 * * * *", json!({"misfire": "ask"})).await;
    let report = world.tick("2026-12-08T12:45:20Z").await;
    assert_eq!(each(&report["fired"], "count"), [1]);
    assert_eq!(
        missed(&world).await,
        [row("12:30", "coalesced", "replaced"), row("12:15", "coalesced", "replaced")]
    );
}

#[tokio::test]
async fn many_questions_are_one_toast() {
    let world = World::new().await;
    for n in 0..4 {
        let flow = world.maintenance_flow(&format!("Patch {n}")).await;
        scheduled(&world, &flow, "0 13 * * *", json!({"misfire": "ask"})).await;
    }
    world.tick("2026-12-08T13:10:00Z").await;
    let toasts = world.told.toasts();
    let titles: Vec<&str> = toasts.iter().map(|toast| toast.title.as_str()).collect();
    assert_eq!(titles, ["4 missed runs wait for an answer"]);
    // A button would have to say of which.
    assert_eq!(toasts[0].actions, []);
}

#[tokio::test]
async fn a_missed_occurrence_of_any_kind_can_be_run() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "*/15 * * * *").await;
    world.tick("2026-12-08T15:05:00Z").await;
    // One out of the middle of a span, with every occurrence around it still missed.
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T12:45:00Z"});
    let run = world.call("run_missed_occurrence", occurrence.clone()).await;
    let batch = world.call("get_batch", json!({"batch_id": run["batch_id"]})).await;
    assert_eq!(batch["scheduled_for"], "2026-12-08T12:45:00Z");
    let left = each(&world.call("list_missed_occurrences", json!({})).await, "nominal");
    assert_eq!(left.len(), 10);
    assert!(!left.contains(&json!("2026-12-08T12:45:00Z")));
    // Skipping what nobody asks about is granted and changes nothing.
    let other = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T12:30:00Z"});
    world.call("skip_missed_occurrence", other).await;
    // The last run stays the latest.
    let after = world.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(after["last_run_at"], "2026-12-08T15:00:00Z");
}

#[tokio::test]
async fn only_what_was_missed_can_be_answered_for() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = scheduled(&world, &flow, "0 13 * * *", json!({"misfire": "ask"})).await;
    world.tick("2026-12-08T13:10:00Z").await;
    for command in ["run_missed_occurrence", "skip_missed_occurrence"] {
        for nominal in ["2026-12-09T13:00:00Z", "2026-12-08T13:00:01Z", "2026-12-07T13:00:00Z"] {
            let request = json!({"schedule_id": schedule["id"], "nominal": nominal});
            world.refuse(command, request, NotFound, "nominal").await;
        }
        let nobody = json!({"schedule_id": NOBODY, "nominal": "2026-12-08T13:00:00Z"});
        world.refuse(command, nobody, NotFound, "schedule_id").await;
        world.refuse(command, json!({"schedule_id": schedule["id"]}), Validation, "nominal").await;
    }
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T13:00:00Z"});
    world.call("delete_flow", json!({"id": flow["id"]})).await;
    world.refuse("run_missed_occurrence", occurrence.clone(), NotFound, "schedule_id").await;
}

#[tokio::test]
async fn overlap_skip_keeps_a_run_from_starting_beside_an_open_one() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    scheduled(&world, &flow, "*/15 * * * *", json!({"overlap": "skip"})).await;
    let first = world.tick("2026-12-08T12:15:00Z").await["fired"][0].clone();
    let second = world.tick("2026-12-08T12:50:00Z").await;
    assert_eq!((&second["fired"], &second["missed"]), (&json!([]), &json!(2)));
    assert_eq!(missed(&world).await, [row("12:45", "overlap", "none"), row("12:30", "overlap", "none")]);
    let notice = world.call("list_notifications", json!({})).await[0].clone();
    assert_eq!(notice["body"], "The last was due 2026-12-08 12:45 UTC. An earlier run was still open.");
    // The same time again is the open batch itself, and no overlap.
    world.tick("2026-12-08T12:10:00Z").await;
    assert_eq!(world.tick("2026-12-08T12:15:00Z").await["missed"], 0);

    world.call("cancel_batch", json!({"batch_id": first["batch_id"]})).await;
    assert_eq!(each(&world.tick("2026-12-08T13:00:00Z").await["fired"], "count"), [1]);
    // A batch launched by hand is an open batch of the flow, too.
    let other = world.maintenance_flow("Other").await;
    scheduled(&world, &other, "30 13 * * *", json!({"overlap": "skip", "misfire": "ask"})).await;
    world.batch(&other, 1).await;
    let late = world.tick("2026-12-08T13:40:00Z").await;
    assert_eq!(late["fired"], json!([]), "neither of them runs");
    let listed = world.call("list_missed_occurrences", json!({})).await;
    let of_other: Vec<Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["flow_name"] == "Other")
        .map(|it| json!([it["reason"], it["outcome"]]))
        .collect();
    assert_eq!(of_other, [json!(["overlap", "none"])]);
}

#[tokio::test]
async fn what_a_pause_kept_from_running_is_listed_and_nothing_else_of_it() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let schedule = world.schedule(&flow, "0 * * * *").await;
    let activity = |active: bool| json!({"id": schedule["id"], "is_active": active});
    world.call("update_schedule", activity(false)).await;
    world.tick("2026-12-08T14:30:00Z").await;
    world.clock.set("2026-12-08T14:30:00Z");
    world.call("update_schedule", activity(true)).await;
    assert_eq!(missed(&world).await, [row("14:00", "paused", "none"), row("13:00", "paused", "none")]);
    assert_eq!(world.call("list_notifications", json!({})).await, json!([]));
    assert_eq!(world.call("get_today", json!({})).await["missed"], json!([]));
}

#[tokio::test]
async fn a_policy_of_another_release_does_not_fire_and_hides_nothing() {
    let world = World::new().await;
    let bad = world.maintenance_flow("Bad").await;
    world.schedule(&bad, "*/15 * * * *").await;
    let good = world.maintenance_flow("Good").await;
    let good = world.schedule(&good, "*/15 * * * *").await;
    world
        .tamper("UPDATE schedules SET misfire = 'by_moonlight' WHERE id = (SELECT MIN(id) FROM schedules)")
        .await;
    let report = world.tick("2026-12-08T12:15:00Z").await;
    assert_eq!(each(&report["fired"], "schedule_id"), vec![good["id"].clone()]);
    assert_eq!(each(&world.call("list_schedules", json!({})).await, "id"), vec![good["id"].clone()]);
}

#[tokio::test]
async fn overlap_skip_holds_for_what_a_person_runs_late() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let policies = json!({"misfire": "ask", "overlap": "skip"});
    let schedule = scheduled(&world, &flow, "0 13 * * *", policies).await;
    world.tick("2026-12-08T13:10:00Z").await;
    world.clock.set("2026-12-08T13:11:00Z");
    let batch = world.batch(&flow, 8).await;
    let occurrence = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T13:00:00Z"});
    let error = world.refuse("run_missed_occurrence", occurrence.clone(), Conflict, "nominal").await;
    assert!(error.message.contains("an earlier run is still open, 0/8"), "{error:?}");
    let can_run = async || world.call("list_missed_occurrences", json!({})).await[0]["can_run"].clone();
    assert_eq!(can_run().await, false);
    world.call("cancel_batch", json!({"batch_id": batch["batch_id"]})).await;
    assert_eq!(can_run().await, true);
    world.call("run_missed_occurrence", occurrence).await;
}

#[tokio::test]
async fn a_question_ends_when_a_later_occurrence_runs() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let policies = json!({"misfire": "ask", "grace_seconds": 86_400});
    let schedule = scheduled(&world, &flow, "0 * * * *", policies).await;
    world.tick("2026-12-08T13:10:00Z").await;
    assert_eq!(world.tick("2026-12-08T14:00:01Z").await["fired"].as_array().unwrap().len(), 1);
    world.clock.set("2026-12-08T14:00:02Z");
    assert_eq!(missed(&world).await, [row("13:00", "not_running", "replaced")]);
    let notices = world.call("list_notifications", json!({"unread": true})).await;
    assert_eq!(each(&notices, "kind"), ["run_ready"]);
    // The same when a person runs a later one.
    world.tick("2026-12-08T15:10:00Z").await;
    world.tick("2026-12-08T16:10:00Z").await;
    world.clock.set("2026-12-08T16:11:00Z");
    let later = json!({"schedule_id": schedule["id"], "nominal": "2026-12-08T16:00:00Z"});
    world.call("run_missed_occurrence", later).await;
    assert_eq!(missed(&world).await[0], row("15:00", "not_running", "replaced"));
}
