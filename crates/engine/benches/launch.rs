//! A batch of 1,000 targets launched by command, JSON in and JSON out, against SQLite alone writing the same rows.
//!
//! Both write to files that grew alike, with the same settings, indexes and triggers. SQLite alone does it twice, each in
//! one transaction: row by row with a prepared statement, and as one statement over a JSON array. The faster of the two
//! is the measure. What only we do is inside ours: reading and checking the request, the ids that follow from labels,
//! versions, and the reply.

use crate::bare::{self, Row};
use crate::common::{Outcome, Workspace, named_targets, print};
use mf_contract::batches::LaunchedBatch;
use mf_contract::dispatch;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::time::{Duration, Instant};

const TARGETS: usize = 1_000;
const RUNS: usize = 41;
/// Launches before the first that counts: files that hold something, caches that are warm.
const WARM_UP: usize = 5;

pub(crate) async fn run() -> Outcome<()> {
    let ours = Workspace::new(1, 1).await?;
    let reading = bare::open(&ours.path)?;
    let row_by_row = bare::open(&bare::copy(&ours.path, "row-by-row.db")?)?;
    let bulk_json = bare::open(&bare::copy(&ours.path, "json.db")?)?;
    let flows = bare::rows(&reading, "SELECT id FROM flows LIMIT ?1", 1)?;
    let flow = flows.first().and_then(|row| row.first()).map(as_json);
    let payload = serde_json::json!({ "flow_id": flow, "targets": named_targets(TARGETS) }).to_string();

    let mut times: [Vec<Duration>; 3] = Default::default();
    for run in 0..WARM_UP + RUNS {
        let start = Instant::now();
        let reply = dispatch(&ours.engine, "launch_batch", &payload).await?;
        let launch = start.elapsed();
        let id = serde_json::from_str::<LaunchedBatch>(&reply)?.batch_id.to_string();
        let batch = bare::rows(&reading, "SELECT * FROM batches WHERE id = ?1", &id)?;
        let batch = batch.first().ok_or("the launch left no batch")?;
        let sessions =
            bare::rows(&reading, "SELECT * FROM sessions WHERE batch_id = ?1 ORDER BY rowid", &id)?;
        let prepared = insert_prepared(&row_by_row, batch, &sessions)?;
        let bulk = insert_json(&bulk_json, batch, &sessions)?;
        if run >= WARM_UP {
            times.iter_mut().zip([launch, prepared, bulk]).for_each(|(all, time)| all.push(time));
        }
    }
    let [launch, prepared, bulk] = times.map(median);
    let (what, bare) = if prepared <= bulk {
        ("SQLite alone, prepared statement row by row", prepared)
    } else {
        ("SQLite alone, one statement over a JSON array", bulk)
    };
    print("launch_1000_targets", launch, "ms", Some((what, bare, bare / launch)))?;
    print("launch_1000_targets_bare_row_by_row", prepared, "ms", None)?;
    print("launch_1000_targets_bare_json", bulk, "ms", None)
}

fn insert_prepared(conn: &Connection, batch: &Row, sessions: &[Row]) -> Outcome<Duration> {
    let (batch_sql, session_sql) = (bare::insert_sql(conn, "batches")?, bare::insert_sql(conn, "sessions")?);
    let start = Instant::now();
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.prepare_cached(&batch_sql)?.execute(params_from_iter(batch))?;
    let mut put = conn.prepare_cached(&session_sql)?;
    for session in sessions {
        put.execute(params_from_iter(session))?;
    }
    conn.execute_batch("COMMIT")?;
    Ok(start.elapsed())
}

fn insert_json(conn: &Connection, batch: &Row, sessions: &[Row]) -> Outcome<Duration> {
    let batch_sql = bare::insert_sql(conn, "batches")?;
    let picked: Vec<String> =
        (0..sessions.first().map_or(0, Vec::len)).map(|at| format!("value ->> {at}")).collect();
    let sql = format!("INSERT INTO sessions SELECT {} FROM json_each(?1)", picked.join(", "));
    // Made beforehand: a bare insert is handed its rows.
    let rows: Vec<Vec<serde_json::Value>> =
        sessions.iter().map(|row| row.iter().map(as_json).collect()).collect();
    let text = serde_json::to_string(&rows)?;
    let start = Instant::now();
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.prepare_cached(&batch_sql)?.execute(params_from_iter(batch))?;
    conn.prepare_cached(&sql)?.execute([&text])?;
    conn.execute_batch("COMMIT")?;
    Ok(start.elapsed())
}

fn as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Null | Value::Blob(_) => serde_json::Value::Null,
    }
}

/// In milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3
}
