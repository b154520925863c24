//! What windows and desktop are told: after the commit, nothing on failure (`World::fail` checks that), not too much.

use crate::support::*;
use mf_contract::Event;
use mf_engine::ports::{EventSink, Notifier, Toast};
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn each_change_is_told_to_the_windows() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let flow_id = id(&flow["id"]);
    assert_eq!(world.told.events(), [Event::FlowChanged { flow_id }]);
    let list = world.target_list(1).await;
    assert_eq!(world.told.events(), [Event::TargetListChanged { target_list_id: id(&list["id"]) }]);
    let batch = world.batch(&flow, 1).await;
    let batch_id = id(&batch["batch_id"]);
    assert_eq!(world.told.events(), [Event::BatchChanged { batch_id, flow_id }]);
    let session = &batch["sessions"][0]["id"];
    world.call("start_session", json!({ "session_id": session })).await;
    let changed = Event::SessionChanged { session_id: id(session), batch_id: Some(batch_id), flow_id };
    assert_eq!(world.told.events(), [changed]);
    world.schedule(&flow, "*/15 * * * *").await;
    assert_eq!(world.told.events(), [Event::ScheduleChanged { flow_id }]);
    let fired = world.tick("2026-12-08T12:15:00Z").await["fired"][0]["batch_id"].clone();
    assert_eq!(
        world.told.events(),
        [
            Event::BatchChanged { batch_id: id(&fired), flow_id },
            Event::ScheduleChanged { flow_id },
            Event::NotificationsChanged,
        ]
    );
    world.call("mark_notification_read", json!({})).await;
    assert_eq!(world.told.events(), [Event::NotificationsChanged]);
    // Reading tells nobody.
    for command in ["list_flows", "list_batches", "list_sessions", "list_schedules", "export_all"] {
        world.call(command, json!({})).await;
    }
    assert_eq!(world.told.events(), []);
}

#[tokio::test]
async fn up_to_three_runs_are_shown_one_by_one_and_more_as_a_summary() {
    for (count, toasts) in [(3, 3), (4, 1)] {
        let world = World::new().await;
        for n in 0..count {
            let flow = world.maintenance_flow(&format!("Flow {n}")).await;
            world.schedule(&flow, "*/15 * * * *").await;
        }
        world.tick("2026-12-08T12:15:00Z").await;
        let shown = world.told.toasts();
        assert_eq!(shown.len(), toasts);
        let mut routes: Vec<_> = shown.iter().map(|toast| toast.route.clone()).collect();
        if toasts == 1 {
            assert_eq!(shown[0].title, "4 maintenance runs ready — 4 sessions created");
            assert_eq!(routes, ["/notifications"]);
        } else {
            let batches = world.call("list_batches", json!({})).await;
            let mut wanted: Vec<_> = each(&batches, "batch_id")
                .iter()
                .map(|id| format!("/batches/{}", id.as_str().unwrap()))
                .collect();
            wanted.sort();
            routes.sort();
            assert_eq!(routes, wanted);
        }
        // The centre holds every one of them either way.
        let notices = world.call("list_notifications", json!({})).await;
        assert_eq!(notices.as_array().unwrap().len(), count);
    }
}

/// Takes the write lock whenever it is told something: that fails while the transaction it is told about is open.
#[derive(Debug)]
struct Prober {
    path: PathBuf,
    told: AtomicUsize,
    too_early: AtomicUsize,
}

impl Prober {
    fn probe(&self) {
        self.told.fetch_add(1, Ordering::Relaxed);
        let path = self.path.clone();
        let locked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(path)
                    .busy_timeout(std::time::Duration::ZERO);
                let mut conn = options.connect().await.unwrap();
                let locked = match conn.begin_with("BEGIN IMMEDIATE").await {
                    // Awaited: merely dropped, it would end some time later, in the way of the next probe.
                    Ok(tx) => tx.rollback().await.map(|()| false),
                    Err(_) => Ok(true),
                };
                conn.close().await.unwrap();
                locked.unwrap()
            })
        });
        self.too_early.fetch_add(usize::from(locked.join().unwrap()), Ordering::Relaxed);
    }
}

impl EventSink for Prober {
    fn emit(&self, _: Event) {
        self.probe();
    }
}

impl Notifier for Prober {
    fn show(&self, _: &Toast) {
        self.probe();
    }
}

#[tokio::test]
async fn nobody_is_told_before_the_commit() {
    let world = World::new().await;
    let prober =
        Arc::new(Prober { path: world.path(), told: AtomicUsize::new(0), too_early: AtomicUsize::new(0) });
    let world = world.with_ports(|ports| {
        ports.events = prober.clone();
        ports.notifier = prober.clone();
    });
    let flow = world.maintenance_flow("Patch").await;
    let batch = world.batch(&flow, 2).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.call("cancel_batch", json!({"batch_id": batch["batch_id"]})).await;
    let schedule = world.schedule(&flow, "*/15 * * * *").await;
    world.tick("2026-12-08T12:15:00Z").await;
    world.call("mark_notification_read", json!({})).await;
    world.call("delete_schedule", json!({"id": schedule["id"]})).await;
    world.call("delete_flow", json!({"id": flow["id"]})).await;
    assert_eq!(prober.too_early.load(Ordering::Relaxed), 0);
    assert!(prober.told.load(Ordering::Relaxed) >= 13, "{prober:?}");
}
