//! A panic of the scheduler ends neither the scheduler nor what it fires.

use crate::support::*;
use mf_engine::ports::{Notifier, Toast};
use mf_engine::scheduler;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Panics at the first toast.
#[derive(Debug, Default)]
struct Clumsy(AtomicBool);

impl Notifier for Clumsy {
    fn show(&self, _: &Toast) {
        assert!(self.0.swap(true, Ordering::Relaxed), "as a test");
    }
}

#[tokio::test]
async fn a_scheduler_that_panics_is_started_again_and_that_is_told() {
    let clumsy = Arc::new(Clumsy::default());
    let world = World::new().await.with_ports(|ports| ports.notifier = clumsy.clone());
    let flow = world.maintenance_flow("Patch").await;
    world.schedule(&flow, "*/15 * * * *").await;
    world.clock.set("2026-12-08T12:15:01Z");
    let task = tokio::spawn(scheduler::supervise(world.engine.clone()));
    let told = || world.number("SELECT COUNT(*) FROM notifications WHERE kind = 'scheduler_restarted'");
    for _ in 0..600 {
        if told().await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(told().await, 1);
    // The run it was about to tell of is on disk, and the next one is fired by the scheduler that came after it.
    world.clock.set("2026-12-08T12:30:01Z");
    for _ in 0..600 {
        if world.number("SELECT COUNT(*) FROM batches").await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM batches").await, 2);
    let notices = world.call("list_notifications", json!({})).await;
    assert_eq!(each(&notices, "kind").iter().filter(|kind| *kind == "scheduler_restarted").count(), 1);
    task.abort();
}
