//! Several processes on one data folder at once.

use crate::headless::{Folder, text};
use serde_json::{Value, json};
use std::thread;

#[test]
fn two_first_starts_at_once_make_one_workspace() {
    let folder = Folder::new();
    let teams: Vec<Value> = thread::scope(|scope| {
        let starts: Vec<_> =
            (0..4).map(|_| scope.spawn(|| folder.ok("about", &json!({}))["team_id"].clone())).collect();
        starts.into_iter().map(|start| start.join().expect("a start")).collect()
    });
    assert!(teams.iter().all(|team| *team == teams[0]), "{teams:?}");
}

#[test]
fn one_request_sent_by_four_processes_at_once_is_one_batch() {
    let folder = Folder::new();
    let flow = folder.flow(2);
    let request = json!({"flow_id": flow, "targets": [{"label": "A"}, {"label": "B"}], "request_id": "once"});
    let batches: Vec<Value> = thread::scope(|scope| {
        let calls: Vec<_> =
            (0..4).map(|_| scope.spawn(|| folder.ok("launch_batch", &request)["batch_id"].clone())).collect();
        calls.into_iter().map(|call| call.join().expect("a call")).collect()
    });
    assert!(batches.iter().all(|batch| *batch == batches[0]), "{batches:?}");
    assert_eq!(folder.ok("list_sessions", &json!({})).as_array().expect("a list").len(), 2);
}

#[test]
fn one_occurrence_ticked_by_four_processes_at_once_is_one_batch() {
    let folder = Folder::new();
    let (flow, list) = (folder.flow(1), folder.list(3));
    let schedule = folder.ok(
        "create_schedule",
        &json!({"flow_id": flow, "recurrence": {"kind": "cron", "expression": "0 * * * *"}, "target_list_id": list}),
    );
    let tick = json!({"now": text(&schedule["next_run_at"])});
    // One of them ticks; the others do, later, or are told that somebody else is at it.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                if let Err(error) = folder.call("scheduler_tick", &tick) {
                    assert_eq!(error["code"], "conflict");
                }
            });
        }
    });
    let batches = folder.ok("list_batches", &json!({}));
    assert_eq!(batches.as_array().expect("a list").len(), 1, "{batches}");
    assert_eq!(batches[0]["total"], 3);
    assert_eq!(folder.ok("list_notifications", &json!({})).as_array().expect("a list").len(), 1);
}
