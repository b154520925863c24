//! What will sync: every row of a synced table stands in the outbox with a version, and is exported in canonical form.

use crate::support::*;
use serde_json::{Value, json};

/// The synced tables.
const SYNCED: [&str; 11] = [
    "active_schedules",
    "batch_events",
    "batches",
    "blackout_calendars",
    "flow_revisions",
    "flows",
    "schedule_pauses",
    "schedules",
    "session_events",
    "sessions",
    "target_lists",
];

/// A row in every synced table.
async fn something_of_everything(world: &World) -> Value {
    let mut flow = maintenance("Patch");
    flow["intake_form"] = json!([{"key": "remark", "label": "Remark", "type": "text"}]);
    let flow = world.call("create_flow", flow).await;
    let list = world.target_list(2).await;
    let days = json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26"}]);
    world.call("create_blackout_calendar", json!({"name": "Freeze", "entries": days})).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "*/15 * * * *"},
        "target_list_id": list["id"],
    });
    let schedule = world.call("create_schedule", request).await;
    let fired = world.tick("2026-12-08T12:15:00Z").await["fired"][0].clone();
    world.call("update_schedule", json!({"id": schedule["id"], "is_active": false})).await;
    let batch = world.batch(&flow, 1).await;
    world.work_through(&batch["sessions"][0], "done", "done").await;
    world.call("sign_off_batch", json!({"batch_id": batch["batch_id"], "note": "checked"})).await;
    fired
}

#[tokio::test]
async fn every_row_that_syncs_stands_in_the_outbox() {
    let world = World::new().await;
    something_of_everything(&world).await;
    let outbox = world.texts("SELECT table_name || ' ' || row_id FROM outbox ORDER BY 1").await;
    let exported = world.call("export_all", json!({})).await;
    let mut rows: Vec<String> = exported
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", row["kind"].as_str().unwrap(), row["id"].as_str().unwrap()))
        .collect();
    rows.sort();
    assert_eq!(outbox, rows);
    for table in SYNCED {
        assert!(rows.iter().any(|row| row.starts_with(&format!("{table} "))), "no row of {table}");
    }
    // And no table that syncs was forgotten here.
    let versioned = world
        .texts("SELECT DISTINCT t.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c ON c.name = 'base_version' ORDER BY 1")
        .await;
    // Conflicts are the server's: nothing here makes one.
    let ours: Vec<_> = versioned.iter().filter(|name| *name != "conflicts").collect();
    assert_eq!(ours, SYNCED);
}

#[tokio::test]
async fn a_change_puts_a_row_back_into_the_outbox_and_derived_columns_do_not() {
    let world = World::new().await;
    let fired = something_of_everything(&world).await;
    // As if all had been pushed: the server has these versions.
    world
        .tamper(
            "UPDATE flows SET base_version = version; UPDATE flow_revisions SET base_version = version;
             UPDATE target_lists SET base_version = version; UPDATE batches SET base_version = version;
             UPDATE sessions SET base_version = version; UPDATE session_events SET base_version = version;
             UPDATE schedules SET base_version = version; UPDATE active_schedules SET base_version = version;
             UPDATE schedule_pauses SET base_version = version; UPDATE batch_events SET base_version = version;
             UPDATE blackout_calendars SET base_version = version;
             DELETE FROM outbox",
        )
        .await;
    let sessions = world.call("list_sessions", json!({"batch_id": fired["batch_id"]})).await;
    world.call("start_session", json!({"session_id": sessions[0]["id"]})).await;
    assert_eq!(world.texts("SELECT DISTINCT table_name FROM outbox").await, ["session_events"]);
    world.call("set_batch_intake", json!({"batch_id": fired["batch_id"], "intake": {"remark": "now"}})).await;
    assert_eq!(
        world.texts("SELECT DISTINCT table_name FROM outbox ORDER BY 1").await,
        ["batch_events", "batches", "session_events"]
    );
}

/// What may change without a new version: the version itself is new, the others are this device's alone.
const LOCAL: [&str; 14] = [
    "assignee",
    "base_version",
    "ended_at",
    "folded_client",
    "folded_description",
    "folded_label",
    "folded_name",
    "started_at",
    "started_revision_id",
    "status",
    "steps_added",
    "steps_failed",
    "steps_recorded",
    "version",
];

#[tokio::test]
async fn what_syncs_does_not_change_without_a_new_version() {
    use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
    let world = World::new().await;
    something_of_everything(&world).await;
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(world.path());
    let mut conn = file.connect().await.unwrap();
    for table in SYNCED {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?1)")
            .bind(table)
            .fetch_all(&mut conn)
            .await
            .unwrap();
        for column in columns {
            // To what it is already, so that nothing but the missing version is wrong.
            let sql =
                |version: &str| AssertSqlSafe(format!("UPDATE {table} SET {column} = {column}{version}"));
            let changed = sqlx::query(sql("")).execute(&mut conn).await;
            if LOCAL.contains(&column.as_str()) {
                assert!(changed.is_ok(), "{table}.{column}: {changed:?}");
                continue;
            }
            let error = changed.expect_err(&format!("{table}.{column}")).to_string();
            assert!(error.contains("changed without a new version"), "{table}.{column}: {error}");
            let stamped = ", version = printf('%024d', 7) || substr(version, 25)";
            let mut tx = conn.begin().await.unwrap();
            sqlx::query(sql(stamped)).execute(&mut *tx).await.unwrap();
            tx.rollback().await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_fired_carries_the_bottom_version_and_what_people_did_does_not() {
    let world = World::new().await;
    let fired = something_of_everything(&world).await;
    let bottom = "0".repeat(48);
    for row in world.call("export_all", json!({})).await.as_array().unwrap() {
        let of_firing = (row["kind"] == "batches" && row["id"] == fired["batch_id"])
            || (row["kind"] == "sessions" && row["row"]["batch_id"] == fired["batch_id"]);
        let version = row["row"]["version"].as_str().unwrap();
        assert_eq!(version == bottom, of_firing, "{row}");
        assert_eq!(version.len(), 48, "{row}");
    }
    // An answer that a person gives wins over a laptop that fires late.
    world.call("set_batch_intake", json!({"batch_id": fired["batch_id"], "intake": {"remark": "now"}})).await;
    let bottoms = world.number("SELECT COUNT(*) FROM batches WHERE version = printf('%048d', 0)").await;
    assert_eq!(bottoms, 0);
}

#[tokio::test]
async fn versions_are_unique_and_grow_even_while_the_clock_stands_still_or_runs_back() {
    let world = World::new().await;
    something_of_everything(&world).await;
    let newest = |texts: Vec<String>| texts.into_iter().max().unwrap();
    let all = "SELECT version FROM flows UNION ALL SELECT version FROM flow_revisions UNION ALL SELECT version FROM schedules
       UNION ALL SELECT version FROM session_events UNION ALL SELECT version FROM schedule_pauses";
    let before = newest(world.texts(all).await);
    world.clock.set("2020-01-01T00:00:00Z");
    world.maintenance_flow("Later").await;
    let versions = world.texts("SELECT version FROM flows WHERE name = 'Later'").await;
    assert!(versions[0] > before, "{} is not above {before}", versions[0]);
    let mut stamped = world.texts(all).await;
    let count = stamped.len();
    stamped.sort();
    stamped.dedup();
    assert_eq!(stamped.len(), count);
}

#[tokio::test]
async fn the_export_is_ordered_and_its_keys_are_sorted() {
    let world = World::new().await;
    something_of_everything(&world).await;
    let text = mf_contract::dispatch(&world.engine, "export_all", "{}").await.unwrap();
    assert_eq!(mf_contract::dispatch(&world.engine, "export_all", "{}").await.unwrap(), text);
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let order: Vec<_> = rows.iter().map(|row| (row["kind"].to_string(), row["id"].to_string())).collect();
    assert!(order.is_sorted(), "{order:?}");
    // The parser of this test sorts keys: text that was sorted before survives it unchanged.
    for row in &rows {
        let id = row["id"].as_str().unwrap();
        let content = row["row"].to_string();
        assert!(text.contains(&content), "the keys of {id} are not sorted");
        for key in ["base_version", "tombstone", "status", "started_revision_id", "steps_recorded"] {
            assert!(row["row"].get(key).is_none(), "{key} is local bookkeeping: {row}");
        }
    }
}

#[tokio::test]
async fn what_was_deleted_is_exported_no_more_but_stays_in_the_outbox() {
    let world = World::new().await;
    let list = world.target_list(1).await;
    world.tamper("UPDATE target_lists SET base_version = version; DELETE FROM outbox").await;
    world.call("delete_target_list", json!({"id": list["id"]})).await;
    assert_eq!(world.call("export_all", json!({})).await, json!([]));
    assert_eq!(world.texts("SELECT row_id FROM outbox").await, [list["id"].as_str().unwrap()]);
}

#[tokio::test]
async fn a_pause_writes_its_register_alone_and_what_changes_nothing_writes_nothing() {
    let world = World::new().await;
    let flow = world.maintenance_flow("Patch").await;
    let list = world.target_list(2).await;
    let request = json!({
        "flow_id": flow["id"], "recurrence": {"kind": "cron", "expression": "*/15 * * * *"},
        "target_list_id": list["id"],
    });
    let schedule = world.call("create_schedule", request).await;
    // A list that is gone reads as none; that is no change of the schedule.
    world.call("delete_target_list", json!({"id": list["id"]})).await;
    let before = world.texts("SELECT version || target_list_id || updated_at FROM schedules").await;
    let pushed =
        "UPDATE schedules SET base_version = version; UPDATE active_schedules SET base_version = version;
       UPDATE schedule_pauses SET base_version = version; DELETE FROM outbox";
    for active in [false, true, false] {
        world.tamper(pushed).await;
        let request = json!({"id": schedule["id"], "is_active": active});
        world.call("update_schedule", request.clone()).await;
        assert_eq!(world.texts("SELECT table_name FROM outbox").await, ["schedule_pauses"], "{active}");
        world.tamper(pushed).await;
        let content = world.content().await;
        world.call("update_schedule", request).await;
        let same = json!({"id": schedule["id"], "misfire": "run_once", "recurrence": schedule["recurrence"]});
        world.call("update_schedule", same).await;
        assert_eq!(world.content().await, content, "{active}");
    }
    assert_eq!(world.texts("SELECT version || target_list_id || updated_at FROM schedules").await, before);
    // And a change of the rule writes the rule alone.
    world.tamper(pushed).await;
    world.call("update_schedule", json!({"id": schedule["id"], "grace_seconds": 60})).await;
    assert_eq!(world.texts("SELECT table_name FROM outbox").await, ["schedules"]);
}
