//! What the scheduler costs while it waits: 10,000 active schedules, none of them due.
//!
//! Processor time of the whole process, its SQLite threads included, over a minute; the start (first tick, daily
//! backup) comes before and is not counted.

#[expect(dead_code, reason = "`fire` also moves the clock and opens the file itself")]
mod common;

use common::{Outcome, Workspace, print};
use mf_engine::ports::Clock;
use mf_engine::scheduler;
use std::time::{Duration, Instant};

const SCHEDULES: usize = 10_000;
const SETTLE: Duration = Duration::from_secs(3);
const WATCH: Duration = Duration::from_secs(60);
const ROUNDS: usize = 3;

#[cfg(unix)]
fn processor_time() -> Outcome<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Ok(Duration::new(time.tv_sec.try_into()?, time.tv_nsec.try_into()?))
}

#[cfg(not(unix))]
fn processor_time() -> Outcome<Duration> {
    Err("the processor time of a process is only measured on Unix".into())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let workspace = Workspace::new(SCHEDULES, 1).await?;
    workspace.engine.store().backup_if_due(workspace.clock.now()).await?;
    let ticking = tokio::spawn(scheduler::run(workspace.engine.clone()));
    tokio::time::sleep(SETTLE).await;
    let mut percents = Vec::new();
    for _ in 0..ROUNDS {
        let (start, before) = (Instant::now(), processor_time()?);
        tokio::time::sleep(WATCH).await;
        let used = processor_time()? - before;
        percents.push(used.as_secs_f64() / start.elapsed().as_secs_f64() * 100.0);
    }
    ticking.abort();
    percents.sort_by(f64::total_cmp);
    print("idle_10000_schedules", percents.get(ROUNDS / 2).copied().unwrap_or_default(), "percent", None)
}
