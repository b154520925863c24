//! What the scheduler costs while it waits: 10,000 active schedules, none of them due.
//!
//! Processor time of the whole process, its SQLite threads included, over a minute; the start (first tick, daily
//! backup) comes before and is not counted. Then the memory of the process after some ticks, and after ten times as many: one
//! that keeps nothing stays as it is. `cargo xtask bench idle 100` has fewer schedules and watches for a second.

use crate::common::{Outcome, Workspace, asked_count, print};
use chrono::TimeDelta;
use mf_engine::ports::Clock;
use mf_engine::scheduler;
use std::time::{Duration, Instant};

const SCHEDULES: usize = 10_000;
const SETTLE: Duration = Duration::from_secs(3);
const WATCH: Duration = Duration::from_secs(60);
const ROUNDS: usize = 3;
/// A tick so often, all of them within the hour before anything is due.
const TICK_EVERY: TimeDelta = TimeDelta::milliseconds(250);
const TICKS: i64 = 1_000;

#[cfg(unix)]
fn processor_time() -> Outcome<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Ok(Duration::new(time.tv_sec.try_into()?, time.tv_nsec.try_into()?))
}

#[cfg(not(unix))]
fn processor_time() -> Outcome<Duration> {
    Err("the processor time of a process is only measured on Unix".into())
}

/// What of the process lies in memory, in megabytes.
fn resident() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|rest| rest.trim().strip_suffix("kB"));
    let kilobytes: f64 = kilobytes.ok_or("Linux tells the memory of a process otherwise")?.trim().parse()?;
    Ok(kilobytes / 1e3)
}

/// The processor time of a scheduler that waits, in percent of one core.
async fn waiting(workspace: &Workspace, rounds: usize, watch: Duration) -> Outcome<f64> {
    workspace.engine.store().backup_if_due(workspace.clock.now()).await?;
    let ticking = tokio::spawn(scheduler::run(workspace.engine.clone()));
    tokio::time::sleep(SETTLE).await;
    let mut percents = Vec::new();
    for _ in 0..rounds {
        let (start, before) = (Instant::now(), processor_time()?);
        tokio::time::sleep(watch).await;
        let used = processor_time()? - before;
        percents.push(used.as_secs_f64() / start.elapsed().as_secs_f64() * 100.0);
    }
    ticking.abort();
    percents.sort_by(f64::total_cmp);
    Ok(percents.get(rounds / 2).copied().unwrap_or_default())
}

/// The memory after [`TICKS`], and after ten times as many.
async fn ticking(workspace: &Workspace) -> Outcome<(f64, f64)> {
    let mut now = workspace.clock.now();
    let mut after = [0.0, 0.0];
    for (memory, ticks) in after.iter_mut().zip([TICKS, TICKS * 9]) {
        for _ in 0..ticks {
            now += TICK_EVERY;
            workspace.engine.tick(now).await?;
        }
        *memory = resident()?;
    }
    Ok((after[0], after[1]))
}

pub(crate) async fn run() -> Outcome<()> {
    let (schedules, rounds, watch) = match asked_count() {
        Some(count) => (count, 1, Duration::from_secs(1)),
        None => (SCHEDULES, ROUNDS, WATCH),
    };
    let workspace = Workspace::new(schedules, 1).await?;
    print("idle_10000_schedules", waiting(&workspace, rounds, watch).await?, "percent", None)?;
    let (early, late) = ticking(&workspace).await?;
    print("memory_after_1000_ticks", early, "MB", None)?;
    print("memory_after_10000_ticks", late, "MB", None)?;
    print("memory_of_ten_times_the_ticks", late / early, "times", None)
}
