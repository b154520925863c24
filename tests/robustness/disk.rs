//! A disk without room, stood in for by a limit on the size of files.

use crate::headless::{BINARY, Folder, text};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

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

#[test]
fn evidence_that_does_not_fit_is_an_error_and_nothing_of_it_stays() {
    let folder = Folder::new();
    let flow = folder.flow(1);
    let launched = folder.ok("launch_batch", &json!({"flow_id": flow, "targets": [{"label": "RDS-01"}]}));
    let session = text(&launched["sessions"][0]["id"]);
    let add = json!({"session_id": session, "step_id": "s1", "name": "log.txt", "text": "x".repeat(60_000)});
    let error = call_with_file_limit(&folder, 48, "add_evidence", &add).expect_err("there is no room");
    assert_eq!(error["code"], "unavailable", "{error}");
    assert!(text(&error["message"]).contains("disk is full"), "{error}");
    let contents = folder.database().with_extension("evidence");
    let left = fs::read_dir(contents).map(Iterator::count).unwrap_or_default();
    assert_eq!(left, 0);
    assert!(folder.ok("get_session", &json!({"id": session}))["steps"][0].get("evidence").is_none());
    // With room again, the same evidence is added.
    folder.ok("add_evidence", &add);
}

#[test]
fn a_backup_that_does_not_fit_leaves_nothing_under_its_name() {
    let folder = Folder::new();
    let flow = folder.flow(1);
    let launched = folder.ok("launch_batch", &json!({"flow_id": flow, "targets": [{"label": "RDS-01"}]}));
    let session = text(&launched["sessions"][0]["id"]);
    // In pieces: an argument of a process must not be long.
    for letter in ["a", "b", "c", "d"] {
        let add = json!({"session_id": session, "name": "log.txt", "text": letter.repeat(100_000)});
        folder.ok("add_evidence", &add);
    }
    let exports = tempfile::tempdir().expect("a temporary folder");
    let request = json!({"path": exports.path().join("backup.tar")});
    // Room for the copy of the database, but not for the evidence as well; and for neither.
    let size = fs::metadata(folder.database()).expect("the database").len();
    // A file that is too large is no full disk to SQLite.
    for (kib, words) in [(size / 1024 + 64, "disk is full"), (48, "othing was saved")] {
        let error =
            call_with_file_limit(&folder, kib, "export_backup", &request).expect_err("there is no room");
        assert_eq!(error["code"], "unavailable", "{error}");
        assert!(text(&error["message"]).contains(words), "{kib}: {error}");
        let left = fs::read_dir(exports.path()).expect("the folder").count();
        assert_eq!(left, 0);
    }
    // With room again, it is written.
    folder.ok("export_backup", &request);
}

#[test]
fn a_process_that_met_a_full_disk_says_so_again_and_needs_no_restart() {
    let folder = Folder::new();
    let flow = folder.flow(1);
    let launched = folder.ok("launch_batch", &json!({"flow_id": flow, "targets": [{"label": "RDS-01"}]}));
    let session = text(&launched["sessions"][0]["id"]);
    // Room for the log to begin, and for a few pages; a long note takes more.
    let script = format!(
        "trap '' XFSZ; ulimit -f 37; exec {BINARY:?} --data-dir {:?} rpc --stdin",
        folder.path().display().to_string()
    );
    let mut process = Command::new("bash")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("bash runs");
    let note = json!({"session_id": session, "note": "x".repeat(20_000)});
    let line = json!({"command": "add_note", "payload": note}).to_string();
    let mut input = process.stdin.take().expect("its input");
    writeln!(input, "{line}\n{line}\n{line}").expect("it reads");
    drop(input);
    let out = process.wait_with_output().expect("it ends");
    let replies = String::from_utf8(out.stdout).expect("text");
    assert_eq!(replies.lines().count(), 3, "{replies}");
    for reply in replies.lines() {
        let reply: Value = serde_json::from_str(reply).expect("JSON");
        assert_eq!(reply["error"]["code"], "unavailable", "{reply}");
    }
    folder.ok("add_note", &note);
}
