//! The board of 1,000 targets by 12 steps, all recorded, JSON in and JSON out; and one step marked for all of them.

use crate::common::{Outcome, Workspace, named_targets, print};
use mf_contract::batches::LaunchedBatch;
use mf_contract::dispatch;
use mf_contract::flows::Flow;
use mf_contract::sessions::ManyChanged;
use serde_json::json;
use std::time::{Duration, Instant};

const TARGETS: usize = 1_000;
const STEPS: usize = 12;
const RUNS: usize = 41;
const WARM_UP: usize = 5;

pub(crate) async fn run() -> Outcome<()> {
    let workspace = Workspace::new(1, 1).await?;
    let engine = &workspace.engine;
    let mut steps: Vec<_> = (1..=STEPS)
        .map(|n| json!({"id": format!("step-{n}"), "type": "procedure_step", "title": format!("Step {n}"), "estimate_minutes": 5}))
        .collect();
    steps.push(json!({"id": "end", "type": "procedure_end", "title": "Done"}));
    let flow = json!({"name": "Patch", "flow_type": "maintenance", "structure": {"steps": steps}});
    let flow: Flow = serde_json::from_str(&dispatch(engine, "create_flow", &flow.to_string()).await?)?;
    let launch = json!({"flow_id": flow.id, "targets": named_targets(TARGETS)});
    let launched: LaunchedBatch =
        serde_json::from_str(&dispatch(engine, "launch_batch", &launch.to_string()).await?)?;
    let ids: Vec<_> = launched.sessions.iter().map(|session| session.id).collect();

    let mut marked = Vec::new();
    for n in 1..=STEPS {
        let outcome = if n % 5 == 0 { "failed" } else { "done" };
        let request = json!({
            "session_ids": ids, "step_id": format!("step-{n}"), "outcome": outcome,
            "note": (n % 4 == 0).then_some("KB5048652 had to be installed twice, the first try ran out of space"),
        });
        let start = Instant::now();
        let reply = dispatch(engine, "record_steps", &request.to_string()).await?;
        marked.push(start.elapsed());
        if serde_json::from_str::<ManyChanged>(&reply)?.changed as usize != TARGETS {
            return Err("a session refused its step".into());
        }
    }
    let request = json!({ "batch_id": launched.batch_id }).to_string();
    let (mut times, mut bytes) = (Vec::new(), 0);
    for run in 0..WARM_UP + RUNS {
        let start = Instant::now();
        let reply = dispatch(engine, "get_board", &request).await?;
        if run >= WARM_UP {
            times.push(start.elapsed());
        }
        bytes = reply.len();
    }
    let kept = at(&mut times, 50);
    // As if nothing were kept beside the events.
    rusqlite::Connection::open(&workspace.path)?.execute("DELETE FROM session_cells", [])?;
    let mut folded = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        dispatch(engine, "get_board", &request).await?;
        folded.push(start.elapsed());
    }
    let folded = at(&mut folded, 50);
    print("board_1000x12", kept, "ms", Some(("the same folded from its events", folded, folded / kept)))?;
    print("board_1000x12_p95", at(&mut times, 95), "ms", None)?;
    print("board_1000x12_reply", bytes as f64 / 1e3, "KB", None)?;
    print("record_steps_1000", at(&mut marked, 50), "ms", None)
}

/// A percentile, in milliseconds.
fn at(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() * percent / 100).copied().unwrap_or_default().as_secs_f64() * 1e3
}
