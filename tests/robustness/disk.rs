//! A disk without room, stood in for by a limit on the size of files.

use crate::headless::{BINARY, Folder, text};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// One command in a process that cannot make any file larger than `kib`.
fn call_with_file_limit(folder: &Folder, kib: u64, command: &str, payload: &Value) -> Result<Value, Value> {
    // The signal is ignored so that the write fails, as it does on a full disk, instead of ending the process.
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$@\"");
    let out = Command::new("bash")
        .args(["-c", &script, "bash", BINARY, "--data-dir"])
        .arg(folder.path())
        .args(["rpc", command, &payload.to_string()])
        .output()
        .expect("bash runs");
    let reply: Value = serde_json::from_slice(&out.stdout).expect("one JSON reply");
    if out.status.success() { Ok(reply) } else { Err(reply["error"].clone()) }
}

#[test]
fn a_step_that_cannot_be_saved_is_an_error_and_not_done() {
    let folder = Folder::new();
    let flow = folder.flow(2);
    let launched = folder.ok("launch_batch", &json!({"flow_id": flow, "targets": [{"label": "RDS-01"}]}));
    let session = text(&launched["sessions"][0]["id"]);
    folder.ok(
        "record_step",
        &json!({"session_id": session, "step_id": "s1", "outcome": "done", "note": "kept"}),
    );

    let size = fs::metadata(folder.database()).expect("the database").len();
    let second =
        json!({"session_id": session, "step_id": "s2", "outcome": "done", "note": "x".repeat(15_000)});
    // The log beside the database may grow to a few pages only; the database itself is larger already.
    let error = call_with_file_limit(&folder, 8, "record_step", &second).expect_err("there is no room");
    assert_eq!(error["code"], "unavailable", "{error}");
    assert!(text(&error["message"]).contains("othing was saved"), "{error}");
    assert!(size > 8 * 1024);

    let kept = folder.ok("get_session", &json!({"id": session}));
    assert_eq!(kept["steps"][0]["outcome"], "done");
    assert_eq!(kept["steps"][0]["note"], "kept");
    assert!(kept["steps"][1].get("outcome").is_none(), "{kept}");
    // With room again, the same step is recorded.
    folder.ok("record_step", &second);
}

#[test]
fn a_tick_without_room_leaves_the_occurrence_due() {
    let folder = Folder::new();
    let (flow, list) = (folder.flow(1), folder.list(50));
    let schedule = folder.ok(
        "create_schedule",
        &json!({"flow_id": flow, "recurrence": {"kind": "cron", "expression": "0 * * * *"}, "target_list_id": list}),
    );
    let tick = json!({"now": text(&schedule["next_run_at"])});
    let error = call_with_file_limit(&folder, 8, "scheduler_tick", &tick).expect_err("there is no room");
    assert_eq!(error["code"], "unavailable", "{error}");
    assert_eq!(folder.ok("list_batches", &json!({})), json!([]));
    assert_eq!(folder.ok("scheduler_tick", &tick)["fired"][0]["count"], 50);
}
