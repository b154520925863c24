//! Finding sessions and batches again among 100,000 sessions in 2,000 batches, JSON in and JSON out: each way to ask, its
//! median and its 95th percentile.

use crate::common::{Outcome, Workspace, measure};
use mf_contract::dispatch;
use mf_contract::flows::ListFlows;
use mf_contract::{Command, flows::FlowSummary};
use serde_json::{Value, json};

const FLOWS: usize = 40;
const BATCHES: usize = 2_000;
const TARGETS: usize = 50;
const RUNS: usize = 41;

/// How a history looks: all but the newest batches have ended, one session in two hundred failed, two thirds were somebody's;
/// and a few sessions belong to no batch.
const HISTORY: &str = "
    UPDATE batches SET launched_at = launched_at - 3600000 * (SELECT 2000 - n FROM (
        SELECT id, ROW_NUMBER() OVER (ORDER BY launched_at, id) AS n FROM batches) AS o WHERE o.id = batches.id),
        version = substr(version, 1, 47) || CASE substr(version, 48) WHEN '0' THEN '1' ELSE '0' END;
    UPDATE sessions SET created_at = (SELECT launched_at FROM batches WHERE id = batch_id),
        version = substr(version, 1, 47) || CASE substr(version, 48) WHEN '0' THEN '1' ELSE '0' END,
        status = CASE WHEN rowid % 200 = 0 THEN 'failed' ELSE 'completed' END,
        assignee = CASE WHEN rowid % 3 = 0 THEN NULL ELSE (SELECT value FROM meta WHERE key = 'member_id') END;
    UPDATE sessions SET status = 'pending' WHERE batch_id IN (SELECT id FROM batches ORDER BY launched_at DESC LIMIT 20);
    PRAGMA wal_checkpoint(TRUNCATE);";

pub(crate) async fn run() -> Outcome<()> {
    let workspace = Workspace::new(FLOWS, 1).await?;
    let engine = &workspace.engine;
    let flows: Vec<FlowSummary> = serde_json::from_str(&dispatch(engine, ListFlows::NAME, "{}").await?)?;
    for n in 0..BATCHES {
        // Each customer has servers of its own.
        let customer = n % FLOWS;
        let targets: Vec<Value> =
            (1..=TARGETS).map(|t| json!({"label": format!("C{customer:02}-SRV-{t:03}")})).collect();
        let flow = flows.get(customer).map(|flow| flow.id);
        let request = json!({"flow_id": flow, "targets": targets}).to_string();
        dispatch(engine, "launch_batch", &request).await?;
    }
    rusqlite::Connection::open(&workspace.path)?.execute_batch(HISTORY)?;

    let about: Value = serde_json::from_str(&dispatch(engine, "about", "{}").await?)?;
    let (flow, me) = (flows.first().map(|flow| flow.id), &about["member_id"]);
    let asked = [
        ("sessions_newest", "list_sessions", json!({})),
        ("sessions_of_flow", "list_sessions", json!({"flow_id": flow})),
        ("sessions_failed", "list_sessions", json!({"status": "failed"})),
        ("sessions_open", "list_sessions", json!({"statuses": ["pending", "in_progress"]})),
        ("sessions_failed_of_flow", "list_sessions", json!({"flow_id": flow, "status": "failed"})),
        ("sessions_mine", "list_sessions", json!({"assignee": me})),
        ("sessions_nobodys_open", "list_sessions", json!({"assignee": null, "status": "pending"})),
        ("sessions_alone", "list_sessions", json!({"without_batch": true})),
        ("sessions_of_one_target", "list_sessions", json!({"search": "c07-srv-031"})),
        ("sessions_of_every_target", "list_sessions", json!({"search": "srv"})),
        ("sessions_of_nothing", "list_sessions", json!({"search": "no such thing"})),
        ("sessions_of_flow_name", "list_sessions", json!({"search": "customer 7"})),
        ("sessions_long_ago", "list_sessions", json!({"to": "2026-09-20T00:00:00Z"})),
        ("session_counts", "session_counts", json!({})),
        ("batches_newest", "list_batches", json!({})),
        ("batches_of_flow", "list_batches", json!({"flow_id": flow})),
        ("batches_finished", "list_batches", json!({"statuses": ["finished"]})),
        ("batches_pending", "list_batches", json!({"statuses": ["pending"]})),
        ("batches_in_progress", "list_batches", json!({"statuses": ["in_progress"]})),
        ("batches_of_one_target", "list_batches", json!({"search": "c07-srv-031"})),
        ("batches_of_every_target", "list_batches", json!({"search": "srv"})),
        ("batches_of_nothing", "list_batches", json!({"search": "no such thing"})),
        ("batches_long_ago", "list_batches", json!({"to": "2026-09-20T00:00:00Z"})),
    ];
    for (name, command, request) in asked {
        measure(engine, name, command, &request, RUNS).await?;
    }
    Ok(())
}
