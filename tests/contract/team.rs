//! Two laptops of one team, without a server between: what one sends, the other merges. What follows from a merged row is
//! what follows from an edit.

use crate::support::*;
use mf_contract::Event;
use mf_store::{Store, meta};
use mf_sync::core::cursor::Cursor;
use mf_sync::core::push::{Answer, Code};
use mf_sync::core::replica::Answered;
use mf_sync::core::row::{Columns, Key, Row, Scalar};
use mf_sync::exchange::Page;
use mf_sync::replica::{self, Changed};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// A colleague's laptop, with a folder of its own.
async fn colleague() -> (World, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    // The same team, another person, another device.
    let ids = [1, 4, 5].map(Uuid::from_u128);
    let store = Store::open(&folder.path().join("team.db"), ids, at(START)).await.unwrap();
    (World::new().await.with_store(store), folder)
}

async fn unsent(world: &World) -> Vec<Row> {
    let edits = replica::outbox(&mut world.engine.store().read().await.unwrap()).await.unwrap();
    edits.into_iter().map(|edit| edit.row).collect()
}

async fn receive(world: &World, rows: &[Row]) -> Changed {
    let mut write = world.engine.store().write(at(START)).await.unwrap();
    // Behind what was read before: from the beginning, what does not come is gone.
    if replica::marks(write.conn()).await.unwrap().read.is_none() {
        let before = serde_json::to_string(&Cursor { seq: 0, push_id: Uuid::nil() }).unwrap();
        meta::put(&mut write, meta::Key::SyncRead, &before).await.unwrap();
    }
    let behind = replica::marks(write.conn()).await.unwrap().read;
    let end = Some(Cursor { seq: 1, push_id: Uuid::nil() });
    let page = Page { rows: rows.to_vec(), behind, end, seen_until: 0, horizon: 0, until: 1 };
    assert!(replica::stage(&mut write, &page).await.unwrap());
    write.commit().await.unwrap();
    world.engine.merge_staged(0).await.unwrap()
}

/// Everything that `from` has not sent comes to `to`.
async fn send(from: &World, to: &World) -> Changed {
    receive(to, &unsent(from).await).await
}

/// As if the server had taken all that was not sent: answers what that was.
async fn sent(world: &World) -> Vec<Row> {
    let rows = unsent(world).await;
    let accepted = |row: &Row| {
        (row.key.clone(), Answered { sent: row.version.clone(), answer: Answer::Accepted, row: None })
    };
    world.engine.settle_push(rows.iter().map(accepted).collect(), None, None).await.unwrap();
    assert_eq!(unsent(world).await, []);
    rows
}

async fn clocks(world: &World) -> Vec<String> {
    world
        .texts(
            "SELECT schedule_id || ' ' || COALESCE(next_run_at, '-') || ' ' || COALESCE(look_at, '-') || ' ' || checked_through
               || ' ' || rule_since FROM schedule_clocks ORDER BY 1",
        )
        .await
}

/// What lists count and boards show, which does not sync.
async fn derived(world: &World) -> Vec<String> {
    world
        .texts(
            "SELECT s.id || s.status || s.steps_recorded || s.steps_failed || COALESCE(s.assignee, '-') || s.folded_label
               || COALESCE(s.folded_client, '-') || COALESCE(s.started_at, '-') || COALESCE(s.ended_at, '-')
               || COALESCE(c.cells, '-') FROM sessions AS s LEFT JOIN session_cells AS c ON c.session_id = s.id
             UNION ALL SELECT id || folded_name || folded_description FROM flows
             UNION ALL SELECT folded_label FROM target_labels ORDER BY 1",
        )
        .await
}

#[tokio::test]
async fn a_colleagues_work_is_shown_as_ones_own() {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    let flow = here.maintenance_flow("Patch É").await;
    here.target_list(2).await;
    let targets =
        json!([{"label": "Ärzte-01", "client": "Praxis"}, {"label": "RDS-02"}, {"label": "RDS-03"}]);
    let batch = here.call("launch_batch", json!({"flow_id": flow["id"], "targets": targets})).await;
    here.work_through(&batch["sessions"][0], "done", "failed").await;
    here.call("start_session", json!({"session_id": batch["sessions"][1]["id"]})).await;
    let changed = send(&here, &there).await;
    assert!(changed.kept.is_empty() && !changed.is_empty(), "{changed:?}");
    assert_eq!(there.call("export_all", json!({})).await, here.call("export_all", json!({})).await);
    assert_eq!(derived(&there).await, derived(&here).await);
    for (command, request) in [
        ("list_batches", json!({})),
        ("list_sessions", json!({"search": "ärzte"})),
        ("get_session", json!({"id": batch["sessions"][0]["id"]})),
    ] {
        assert_eq!(
            there.call(command, request.clone()).await,
            here.call(command, request).await,
            "{command}"
        );
    }
    assert_eq!(there.number("SELECT COUNT(*) FROM outbox").await, 0, "what came is not sent back");
    assert_eq!(there.told.toasts(), [], "what was told there is not told here");
}

#[tokio::test]
async fn windows_are_told_of_a_merge_as_of_an_edit_and_again_changes_nothing() {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    let flow = here.maintenance_flow("Patch").await;
    let batch = here.batch(&flow, 1).await;
    send(&here, &there).await;
    there.told.events();
    let before = there.content().await;
    assert!(send(&here, &there).await.is_empty());
    assert_eq!((there.content().await, there.told.events()), (before, vec![]));

    here.told.events();
    here.call("start_session", json!({"session_id": batch["sessions"][0]["id"]})).await;
    let told = here.told.events();
    assert!(matches!(told[..], [Event::SessionChanged { .. }]), "{told:?}");
    send(&here, &there).await;
    assert_eq!(there.told.events(), told);
}

#[tokio::test]
async fn the_next_edit_is_stamped_behind_all_that_came() {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    here.clock.set("2027-01-01T00:00:00Z");
    let list = here.target_list(1).await;
    send(&here, &there).await;
    there.call("update_target_list", json!({"id": list["id"], "name": "Later"})).await;
    let theirs = here.texts("SELECT version FROM target_lists").await;
    let ours = there.texts("SELECT version FROM target_lists").await;
    assert!(ours > theirs, "{ours:?} {theirs:?}");
    sent(&here).await;
    send(&there, &here).await;
    assert_eq!(here.texts("SELECT name FROM target_lists").await, ["Later"]);
}

#[tokio::test]
async fn a_schedule_seen_first_begins_a_grace_ago_and_its_run_is_the_same_batch() {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    let flow = here.maintenance_flow("Patch").await;
    here.schedule(&flow, "0 13 * * *").await;
    let fired = here.tick("2026-12-08T13:00:00Z").await["fired"][0].clone();
    // The batch is on the other laptop alone; the schedule came half an hour late, within its grace.
    let rows: Vec<Row> = unsent(&here)
        .await
        .into_iter()
        .filter(|row| !row.key.table.contains("ses") && row.key.table != "batches")
        .collect();
    there.clock.set("2026-12-08T13:30:00Z");
    receive(&there, &rows).await;
    let again = there.tick("2026-12-08T13:30:00Z").await;
    assert_eq!(again["fired"][0]["batch_id"], fired["batch_id"], "{again}");
    let (ours, theirs) = (sent(&here).await, sent(&there).await);
    receive(&there, &ours).await;
    receive(&here, &theirs).await;
    assert_eq!(there.call("export_all", json!({})).await, here.call("export_all", json!({})).await);
    assert_eq!(there.number("SELECT COUNT(*) FROM batches").await, 1);
}

#[tokio::test]
async fn what_is_older_than_the_grace_is_not_run_when_a_schedule_comes() {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    let flow = here.maintenance_flow("Patch").await;
    here.schedule(&flow, "0 13 * * *").await;
    there.clock.set("2026-12-08T15:00:00Z");
    send(&here, &there).await;
    let report = there.tick("2026-12-08T15:00:00Z").await;
    assert_eq!((&report["fired"], &report["missed"]), (&json!([]), &json!(0)), "{report}");
    assert_eq!(there.number("SELECT COUNT(*) FROM schedule_clocks WHERE next_run_at IS NOT NULL").await, 1);
}

/// An edit that is made here and merged there leads to the same clocks and the same misses.
async fn as_an_edit(command: &str, edit: impl Fn(&Value, &Value) -> Value, missed: usize) {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    let flow = here.maintenance_flow("Patch").await;
    let days = json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26"}]);
    let calendar = here.call("create_blackout_calendar", json!({"name": "Freeze", "entries": days})).await;
    let schedule = here
        .call(
            "create_schedule",
            json!({
                "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "0 9 * * *"},
                "blackout_calendar_ids": [calendar["id"]], "on_blackout": "move",
            }),
        )
        .await;
    send(&here, &there).await;
    for laptop in [&here, &there] {
        // Both have dealt with all there was up to now.
        laptop.tick("2026-12-08T12:00:00Z").await;
        laptop.tick("2026-12-24T12:00:00Z").await;
        laptop.clock.set("2026-12-24T12:00:00Z");
    }
    let spans =
        "SELECT from_at || ' ' || to_at || ' ' || count || ' ' || reason FROM missed_occurrences ORDER BY 1";
    let before = there.texts(spans).await.len();
    let mut edit = edit(&schedule, &calendar);
    let clock_before = clocks(&there).await;
    here.call(command, edit.take()).await;
    send(&here, &there).await;
    assert_ne!(clocks(&there).await, clock_before, "{command}");
    let of = |clocks: Vec<String>| -> Vec<String> {
        // How far the rule was looked back at differs: here it was made, there it came.
        clocks.iter().map(|clock| clock.rsplit_once(' ').unwrap().0.to_owned()).collect()
    };
    assert_eq!(of(clocks(&there).await), of(clocks(&here).await), "{command}");
    assert_eq!(there.texts(spans).await, here.texts(spans).await, "{command}");
    assert_eq!(there.texts(spans).await.len() - before, missed, "{command}");
}

#[tokio::test]
async fn a_merged_change_of_a_schedule_does_what_an_edit_does() {
    let recurrence = json!({"kind": "cron", "expression": "30 21 * * *"});
    as_an_edit("update_schedule", |it, _| json!({"id": it["id"], "recurrence": recurrence}), 1).await;
    as_an_edit("update_schedule", |it, _| json!({"id": it["id"], "is_active": false}), 1).await;
    as_an_edit("update_schedule", |it, _| json!({"id": it["id"], "notify_before_minutes": 90}), 0).await;
    as_an_edit("delete_schedule", |it, _| json!({"id": it["id"]}), 1).await;
    as_an_edit("delete_flow", |it, _| json!({"id": it["flow_id"]}), 1).await;
}

#[tokio::test]
async fn merged_dates_of_a_calendar_do_what_an_edit_does() {
    let days = json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-30"}]);
    as_an_edit("update_blackout_calendar", |_, it| json!({"id": it["id"], "entries": days}), 1).await;
}

#[tokio::test]
async fn a_row_this_release_cannot_hold_keeps_no_other_from_coming() {
    let (here, (there, _folder)) = (World::new().await, colleague().await);
    let flow = here.maintenance_flow("Patch").await;
    let batch = here.batch(&flow, 2).await;
    here.call("start_session", json!({"session_id": batch["sessions"][0]["id"]})).await;
    let mut rows = unsent(&here).await;
    let list = rows.iter().position(|row| row.key.table == "session_events").unwrap();
    let mut event = rows[list].clone();
    event.key.id = Uuid::from_u128(77);
    event.columns.insert("event".into(), Scalar::Text(r#"{"kind":"of_tomorrow"}"#.into()));
    let version = event.version.clone();
    let of_tomorrow = Key { table: "tomorrows".into(), id: Uuid::from_u128(78) };
    let misshapen = Key { table: "target_lists".into(), id: Uuid::from_u128(79) };
    let orphan = Row {
        key: Key { table: "batch_events".into(), id: Uuid::from_u128(80) },
        columns: Columns::from([
            ("batch_id".into(), Scalar::Text(Uuid::from_u128(81).to_string())),
            ("event".into(), Scalar::Text("{}".into())),
            ("at".into(), Scalar::Int(1)),
        ]),
        ..event.clone()
    };
    for key in [of_tomorrow, misshapen] {
        rows.push(Row::new(key, version.clone(), false, Columns::from([("name".into(), Scalar::Int(1))])));
    }
    rows.extend([event, orphan]);
    let changed = receive(&there, &rows).await;
    assert_eq!(changed.kept.len(), 3, "{:?}", changed.kept);
    assert_eq!(there.number("SELECT COUNT(*) FROM sync_kept").await, 3);
    assert_eq!(there.call("list_flows", json!({})).await, here.call("list_flows", json!({})).await);
    let mine = there.call("get_session", json!({"id": batch["sessions"][1]["id"]})).await;
    assert_eq!(mine["status"], "pending");
    // And they go on waiting, whatever comes.
    let changed = send(&here, &there).await;
    assert!(changed.taken.is_empty() && changed.kept.len() == 2, "{changed:?}");
}

#[tokio::test]
async fn what_the_server_refuses_is_hidden_and_kept_aside() {
    let here = World::new().await;
    let flow = here.maintenance_flow("Patch").await;
    here.schedule(&flow, "0 9 * * *").await;
    let refused = |rows: &[Row], code| {
        rows.iter()
            .map(|row| {
                let answer = Answer::Rejected(code);
                (row.key.clone(), Answered { sent: row.version.clone(), answer, row: None })
            })
            .collect::<Vec<_>>()
    };
    let rows = unsent(&here).await;
    let (first, rest): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.key.table.starts_with("flow"));
    let changed = here.engine.settle_push(refused(&first, Code::Forbidden), None, None).await.unwrap();
    assert_eq!((changed.gone.len(), changed.refused), (2, 2));
    assert_eq!(here.call("list_flows", json!({})).await, json!([]));
    assert_eq!(here.texts("SELECT DISTINCT code FROM sync_aside").await, ["forbidden"]);
    // The schedule names the flow, so that is there, unseen, until the schedule was answered too.
    assert_eq!(here.number("SELECT COUNT(*) FROM flows").await, 1);
    assert_eq!(here.tick("2026-12-09T09:00:00Z").await["fired"], json!([]));
    here.engine.settle_push(refused(&rest, Code::ParentMissing), None, None).await.unwrap();
    for count in
        ["SELECT COUNT(*) FROM flows", "SELECT COUNT(*) FROM schedules", "SELECT COUNT(*) FROM outbox"]
    {
        assert_eq!(here.number(count).await, 0, "{count}");
    }
    assert_eq!(here.number("SELECT COUNT(*) FROM sync_aside").await, 4);
}

#[tokio::test]
async fn a_copy_that_lost_is_restored_as_a_new_edit() {
    let here = World::new().await;
    let flow = here.maintenance_flow("Patch").await;
    let schedule = here.schedule(&flow, "0 9 * * *").await;
    let rows = sent(&here).await;
    let lost = rows.iter().find(|row| row.key.table == "schedules").unwrap();
    let later = json!({"id": schedule["id"], "recurrence": {"kind": "cron", "expression": "0 17 * * *"}});
    here.call("update_schedule", later).await;
    sent(&here).await;
    let id = mf_sync::core::row::conflict_id(&lost.key, &lost.version);
    let text = |text: &str| Scalar::Text(text.to_owned());
    let columns = Columns::from([
        ("table_name".to_owned(), text("schedules")),
        ("row_id".to_owned(), text(&lost.key.id.to_string())),
        ("losing_version".to_owned(), text(lost.version.as_str())),
        ("content".to_owned(), text(&lost.canonical())),
        ("at".to_owned(), Scalar::Int(1)),
    ]);
    let key = Key { table: "conflicts".into(), id };
    receive(&here, &[Row::new(key, mf_domain::version::Version::bottom(), false, columns)]).await;
    let before = clocks(&here).await;

    let readonly = here.with_role(mf_domain::role::Role::Operator);
    assert!(readonly.engine.restore_copy(id).await.is_err(), "an operator writes no schedules");
    assert_eq!(clocks(&readonly).await, before);
    let here = readonly.with_role(mf_domain::role::Role::Owner);
    here.engine.restore_copy(id).await.unwrap();
    let restored = here.call("get_schedule_for_flow", json!({"flow_id": flow["id"]})).await;
    assert_eq!(restored["recurrence"], schedule["recurrence"]);
    assert_eq!(restored["next_run_at"], json!("2026-12-09T09:00:00Z"), "{restored}");
    let tables: Vec<String> = unsent(&here).await.into_iter().map(|row| row.key.table).collect();
    assert_eq!(tables, ["schedules", "conflicts"], "both are edits to be sent");
    assert!(here.engine.restore_copy(id).await.is_err(), "it is settled");
    assert!(here.engine.restore_copy(Uuid::from_u128(9)).await.is_err());
}
