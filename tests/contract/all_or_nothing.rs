//! A fire is one transaction: whichever of its tables refuses, nothing of the run is written, and what was due stays due or
//! is recorded as failed. The disk that refuses at any moment is the business of `tests/robustness`.

use crate::support::*;
use serde_json::{Value, json};

/// Triggers that refuse every write into a table.
macro_rules! refusing {
    ($table:literal) => {
        concat!(
            "CREATE TRIGGER refuse_insert BEFORE INSERT ON ",
            $table,
            " BEGIN SELECT RAISE(ABORT, 'refused by the test'); END;
             CREATE TRIGGER refuse_update BEFORE UPDATE ON ",
            $table,
            " BEGIN SELECT RAISE(ABORT, 'refused by the test'); END;"
        )
    };
}

const REFUSE_NO_MORE: &str = "DROP TRIGGER refuse_insert; DROP TRIGGER refuse_update;";

async fn scheduled(world: &World) -> Value {
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(3).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "*/15 * * * *"},
        "target_list_id": list["id"],
    });
    world.call("create_schedule", request).await
}

/// All that the file holds, but for when a tick looked last: that is noted before anything fires.
async fn content(world: &World) -> String {
    let content = world.content().await;
    content.lines().filter(|line| !line.starts_with("meta ")).collect::<Vec<_>>().join("\n")
}

/// How many rows of a run there are: batches, sessions, notifications that it is ready.
async fn rows_of_runs(world: &World) -> [i64; 3] {
    [
        world.number("SELECT COUNT(*) FROM batches").await,
        world.number("SELECT COUNT(*) FROM sessions").await,
        world.number("SELECT COUNT(*) FROM notifications WHERE kind = 'run_ready'").await,
    ]
}

/// One run fires, three before it are missed: a tick that writes into every table of a fire.
const TICK: &str = "2026-12-08T13:00:00Z";
const NEXT: &str = "2026-12-08T13:15:00Z";

#[tokio::test]
async fn what_a_tick_writes_it_writes_into_all_of_these_tables() {
    let world = World::new().await;
    scheduled(&world).await;
    let before = world.number("SELECT SUM(checked_through) FROM schedule_clocks").await;
    let report = world.tick(TICK).await;
    assert_eq!((&report["fired"][0]["count"], &report["missed"]), (&json!(3), &json!(3)));
    assert_eq!(rows_of_runs(&world).await, [1, 3, 1]);
    assert!(world.number("SELECT COUNT(*) FROM missed_occurrences").await > 0);
    assert!(world.number("SELECT SUM(checked_through) FROM schedule_clocks").await > before);
}

/// The run alone cannot be written: it is given up as a whole, and that is recorded.
#[tokio::test]
async fn a_run_whose_batch_or_sessions_are_refused_leaves_nothing_but_the_record_of_it() {
    for refused in [refusing!("batches"), refusing!("sessions")] {
        let world = World::new().await;
        let schedule = scheduled(&world).await;
        world.tamper(refused).await;
        let report = world.tick(TICK).await;
        assert_eq!(report["fired"], json!([]), "{refused}");
        assert_eq!(rows_of_runs(&world).await, [0, 0, 0], "{refused}");
        let missed = world.call("list_missed_occurrences", json!({})).await;
        assert!(each(&missed, "reason").contains(&json!("failed")), "{refused}: {missed}");
        let outbox =
            world.number("SELECT COUNT(*) FROM outbox WHERE table_name IN ('batches', 'sessions')").await;
        assert_eq!(outbox, 0, "{refused}");

        world.tamper(REFUSE_NO_MORE).await;
        let report = world.tick(NEXT).await;
        assert_eq!(each(&report["fired"], "schedule_id"), vec![schedule["id"].clone()], "{refused}");
        assert_eq!(rows_of_runs(&world).await, [1, 3, 1], "{refused}");
    }
}

/// Nor can it be recorded that it was given up: then nothing of it is written, and it is tried again after an hour, with all
/// that was due.
#[tokio::test]
async fn a_run_whose_end_is_refused_too_is_set_aside_with_all_that_was_due() {
    for refused in [refusing!("notifications"), refusing!("missed_occurrences")] {
        let world = World::new().await;
        scheduled(&world).await;
        world.tamper(refused).await;
        let report = world.tick(TICK).await;
        assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(0)), "{refused}");
        assert_eq!(rows_of_runs(&world).await, [0, 0, 0], "{refused}");
        assert_eq!(world.told.toasts(), [], "{refused}");

        world.tamper(REFUSE_NO_MORE).await;
        let report = world.tick("2026-12-08T14:00:00Z").await;
        assert_eq!((&report["fired"][0]["count"], &report["missed"]), (&json!(3), &json!(7)), "{refused}");
        assert_eq!(rows_of_runs(&world).await, [1, 3, 1], "{refused}");
    }
}

/// Neither can the clock be put on: then nothing is written at all, and it is due still.
#[tokio::test]
async fn a_tick_whose_clock_is_refused_writes_nothing_and_leaves_it_due() {
    let world = World::new().await;
    scheduled(&world).await;
    world.tamper(refusing!("schedule_clocks")).await;
    let before = content(&world).await;
    let error = world.raw("scheduler_tick", &json!({ "now": TICK }).to_string()).await;
    assert!(error.is_err(), "{error:?}");
    assert_eq!(content(&world).await, before);
    assert_eq!(world.told.toasts(), []);

    world.tamper(REFUSE_NO_MORE).await;
    assert_eq!(world.tick(TICK).await["fired"][0]["count"], 3);
    assert_eq!(rows_of_runs(&world).await, [1, 3, 1]);
}
