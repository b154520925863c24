//! kill -9 at random moments while steps are recorded and schedules fire.

use crate::headless::{Folder, text};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::collections::BTreeMap;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

const KILLS: u64 = 200;
const TARGETS: usize = 8;

/// A small deterministic generator, so that a failure can be repeated by its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn minute(start: DateTime<Utc>, n: i64) -> DateTime<Utc> {
    start + TimeDelta::minutes(n)
}

fn kill_after(delay: Duration, pid: u32) {
    thread::sleep(delay);
    let killed = Command::new("kill").args(["-KILL", &pid.to_string()]).status().expect("kill runs");
    assert!(killed.success());
}

#[test]
fn no_acknowledged_step_is_lost_and_no_batch_is_partial_or_double() {
    let seed = 20_261_120;
    let mut random = Random(seed);
    let folder = Folder::new();
    let (flow, list) = (folder.flow(1), folder.list(TARGETS));
    let schedule = folder.ok(
        "create_schedule",
        &json!({"flow_id": flow, "recurrence": {"kind": "cron", "expression": "* * * * *"}, "target_list_id": list}),
    );
    let by_hand = folder.ok("launch_batch", &json!({"flow_id": flow, "targets": [{"label": "RDS-99"}]}));
    let session = text(&by_hand["sessions"][0]["id"]);
    let start: DateTime<Utc> = text(&schedule["next_run_at"]).parse().expect("an instant");

    let (mut acknowledged_notes, mut acknowledged_ticks) = (Vec::new(), 0);
    // How long a step and a tick take: a kill falls anywhere within them, on a fast machine and on a busy one.
    let mut pace = Duration::from_millis(40);
    for round in 0..KILLS {
        let mut lines = folder.lines();
        let pid = lines.child.id();
        // Every tenth dies while it starts, the others after a few commands, somewhere in the next.
        let mut spared = 0;
        if round % 10 != 0 {
            lines.call("about", &json!({})).expect("it has started");
            spared = random.below(3);
        }
        let delay = pace.mul_f64(random.below(1_000) as f64 / 1_000.0);
        let (mut killer, mut n) = (None, 0);
        loop {
            if n == spared {
                killer = Some(thread::spawn(move || kill_after(delay, pid)));
            }
            let begun = Instant::now();
            let note = format!("{round}-{n}");
            let step = json!({"session_id": session, "step_id": "s1", "outcome": "done", "note": note});
            let Some(reply) = lines.call("record_step", &step) else { break };
            assert!(reply.get("error").is_none(), "seed {seed}, round {round}: {reply}");
            acknowledged_notes.push(note);
            let tick = json!({"now": minute(start, acknowledged_ticks)});
            let Some(reply) = lines.call("scheduler_tick", &tick) else { break };
            assert!(reply.get("error").is_none(), "seed {seed}, round {round}: {reply}");
            acknowledged_ticks += 1;
            n += 1;
            pace = begun.elapsed();
        }
        killer.expect("nothing else ends it").join().expect("the killer");
        lines.child.wait().expect("it ended");
    }

    assert!(acknowledged_ticks > 50, "the kills came too early to say anything: {acknowledged_ticks} ticks");
    let batches = fired(&folder);
    for n in 0..acknowledged_ticks {
        let at = minute(start, n);
        assert!(batches.contains_key(&at), "seed {seed}: the occurrence of {at} was lost");
    }
    // Also what nobody was told of is there as a whole: the kill may have come between the commit and the reply.
    let mut notices = ready_notices(&folder);
    for (at, made) in &batches {
        assert_eq!(made.len(), 1, "seed {seed}: the batches of {at}");
        let (batch, total) = &made[0];
        assert_eq!(*total, TARGETS as u64, "seed {seed}: the sessions of {at}");
        assert_eq!(notices.remove(&format!("/batches/{batch}")), Some(1), "seed {seed}: the notice of {at}");
    }
    assert_eq!(notices, BTreeMap::new(), "seed {seed}: notices of batches that are not there");
    let schedule = folder.ok("get_schedule_for_flow", &json!({"flow_id": flow}));
    let clock: DateTime<Utc> = text(&schedule["last_run_at"]).parse().expect("an instant");
    assert_eq!(Some(&clock), batches.keys().next_back(), "seed {seed}: the clock and the last batch");
    assert_eq!(integrity(&folder), "ok", "seed {seed}");
    let events = folder.ok("get_session", &json!({"id": session}))["events"].to_string();
    for note in &acknowledged_notes {
        assert!(events.contains(&format!("\"{note}\"")), "seed {seed}: the step noted {note} was lost");
    }
}

/// For each occurrence: its batches, each with the number of its sessions.
fn fired(folder: &Folder) -> BTreeMap<DateTime<Utc>, Vec<(String, u64)>> {
    let mut fired: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for batch in paged(folder, "list_batches", "batch_id") {
        if batch["origin"] == "schedule" {
            let at: DateTime<Utc> = text(&batch["scheduled_for"]).parse().expect("an instant");
            let total = batch["total"].as_u64().expect("a number");
            fired.entry(at).or_default().push((text(&batch["batch_id"]), total));
        }
    }
    fired
}

/// How often each route is told to be ready.
fn ready_notices(folder: &Folder) -> BTreeMap<String, u32> {
    let mut notices = BTreeMap::new();
    for notice in paged(folder, "list_notifications", "id") {
        if notice["kind"] == "run_ready" {
            *notices.entry(text(&notice["route"])).or_default() += 1;
        }
    }
    notices
}

/// A whole list, page by page.
fn paged(folder: &Folder, command: &str, id: &str) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let mut request = json!({"limit": 500});
        if let Some(last) = all.last() {
            let last: &Value = last;
            request["before"] = last[id].clone();
        }
        let page = folder.ok(command, &request);
        let page = page.as_array().expect("a list");
        if page.is_empty() {
            return all;
        }
        all.extend(page.iter().cloned());
    }
}

/// What SQLite says of the whole file.
fn integrity(folder: &Folder) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(folder.database());
        let mut database = SqliteConnection::connect_with(&file).await.expect("the database");
        let said = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut database).await;
        database.close().await.expect("it was open");
        said.expect("an answer")
    })
}
