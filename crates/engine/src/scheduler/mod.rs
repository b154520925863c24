//! The scheduler: looks at the wall clock at least every 30 s and fires what is due.
//!
//! Start, wake from suspend, a changed clock and an edited schedule are all the same tick. Timers are never trusted with
//! the distance to the next run: they stop while a laptop sleeps. Deliberately absent: any state in memory that a crash
//! could lose — what was dealt with is in `schedule_clocks`, written in the transaction that dealt with it.

mod aside;
mod carry_out;
pub(crate) mod clock;
mod daily;
mod edits;
mod follow;
mod notices;
mod plan;
pub(crate) mod presence;
mod spans;
mod supervise;
mod tick;

pub(crate) use edits::{DealtWith, kept_by_pause, moved_to_other_dates, record, whatever_fails_to_fire};
pub(crate) use notices::{arrived_toast, ready_notice, several_arrived_toast};
pub use supervise::supervise;
pub(crate) use tick::Attempt;

use crate::engine::Engine;
use crate::error::chain;
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::Event;
use mf_domain::role::Role;
use mf_store::{Access, schedule_clocks};
use std::time::Duration;

/// Longest time between two looks at the clock.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How often another process's writes are looked for.
const FOREIGN_CHANGES_EVERY: Duration = Duration::from_secs(1);
/// How often a backup is considered.
const BACKUP_CHECK_EVERY: TimeDelta = TimeDelta::minutes(10);

/// Ticks until the task is dropped or the workspace closed. Never fails: what goes wrong is logged, and the next tick tries
/// again. While the member may only read, and where the workspace cannot be written, nothing fires.
pub async fn run(engine: Engine) {
    if *engine.store.access() != Access::ReadWrite {
        return;
    }
    engine.scheduler_begins();
    // Each goes on for ever, but the last: it ends when the workspace is closed, and so do the others with it.
    tokio::select! {
        () = ticks(&engine) => {}
        () = backups(&engine) => {}
        () = watch_other_processes(&engine) => {}
    }
}

async fn ticks(engine: &Engine) {
    loop {
        // Asked each time: a team may give its members other roles.
        let may_fire = || engine.require(Role::Operator).is_ok();
        if may_fire() && is_due(engine).await {
            engine.hear_the_team_first().await;
        }
        let now = engine.now();
        if may_fire()
            && let Err(error) = engine.tick(now).await
        {
            tracing::error!(error = chain(&error), "the tick failed; the next one tries again");
        }
        let pause = pause(engine, now).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = engine.schedules_changed.notified() => {}
        }
    }
}

/// Whether a schedule is about to fire.
async fn is_due(engine: &Engine) -> bool {
    let Ok(mut reader) = engine.read().await else { return false };
    matches!(schedule_clocks::next_due(&mut reader).await, Ok(Some(at)) if at <= engine.now())
}

/// Until the next due instant, but at most [`LONGEST_PAUSE`].
async fn pause(engine: &Engine, now: DateTime<Utc>) -> Duration {
    let Ok(mut reader) = engine.read().await else { return LONGEST_PAUSE };
    match schedule_clocks::next_due(&mut reader).await {
        // What is due already did not fire: it failed, so do not spin on it.
        Ok(Some(at)) if at > now => (at - engine.now()).to_std().unwrap_or(Duration::ZERO).min(LONGEST_PAUSE),
        _ => LONGEST_PAUSE,
    }
}

async fn backups(engine: &Engine) {
    let pause = BACKUP_CHECK_EVERY.to_std().unwrap_or(LONGEST_PAUSE);
    loop {
        if let Err(error) = engine.keep_house(engine.now()).await {
            tracing::error!(error = chain(&error), "the daily backup failed; earlier ones are kept");
        }
        tokio::time::sleep(pause).await;
    }
}

/// The window follows what headless calls write.
async fn watch_other_processes(engine: &Engine) {
    let mut last = None;
    while !engine.store.is_closed() {
        match engine.store.foreign_changes().await {
            Ok(version) => {
                if last.is_some_and(|last| last != version) {
                    engine.schedules_changed.notify_one();
                    engine.emit(Event::EverythingChanged);
                }
                last = Some(version);
            }
            Err(error) => {
                tracing::warn!(error = chain(&error), "could not look for other processes' writes");
            }
        }
        tokio::time::sleep(FOREIGN_CHANGES_EVERY).await;
    }
}
