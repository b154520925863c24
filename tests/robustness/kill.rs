//! kill -9 at random moments while steps are recorded and schedules fire.

use crate::headless::{Folder, text};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
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
        let (count, total) = batches.get(&at).copied().unwrap_or_default();
        assert_eq!((count, total), (1, TARGETS as u64), "seed {seed}: the occurrence of {at}");
    }
    let events = folder.ok("get_session", &json!({"id": session}))["events"].to_string();
    for note in &acknowledged_notes {
        assert!(events.contains(&format!("\"{note}\"")), "seed {seed}: the step noted {note} was lost");
    }
}

/// For each occurrence: how many batches there are, and how many sessions they have.
fn fired(folder: &Folder) -> BTreeMap<DateTime<Utc>, (u64, u64)> {
    let mut fired = BTreeMap::new();
    let mut before = Value::Null;
    loop {
        let mut request = json!({"limit": 500});
        if !before.is_null() {
            request["before"] = before;
        }
        let page = folder.ok("list_batches", &request);
        let page = page.as_array().expect("a list").clone();
        let Some(last) = page.last() else { return fired };
        before = last["batch_id"].clone();
        for batch in page.iter().filter(|batch| batch["origin"] == "schedule") {
            let at: DateTime<Utc> = text(&batch["scheduled_for"]).parse().expect("an instant");
            let entry = fired.entry(at).or_default();
            *entry = (entry.0 + 1, entry.1 + batch["total"].as_u64().expect("a number"));
        }
    }
}
