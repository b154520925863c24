//! A workspace after two busy years, made where it is told: what `bench ui` and `bench startup` open. 500 flows, half of them
//! with a schedule, lists of up to 5,000 targets, 2,000 batches with 100,000 sessions, the newest a board of 1,000 x 12; a project of 100 steps
//! with 60 revisions, a tree of 100 nodes.
//!
//! Everything is made by the commands a person would give, on a clock that walks through those years; only that the old
//! batches have been worked off is written straight into the file, as the same rows the commands would write. Prints what
//! the measurements have to know of it.

use crate::common::{Outcome, Workspace, named_targets};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::dispatch;
use mf_engine::ports::{Clock, SystemClock};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;

const FLOWS: usize = 500;
const LISTS: usize = 60;
const LARGE_LISTS: usize = 4;
const TARGETS_OF_LARGE: usize = 5_000;
const BATCHES: usize = 2_000;
const TARGETS_OF_BATCH: usize = 50;
const BOARD: usize = 1_000;
const BOARD_STEPS: usize = 12;
/// Steps of the longest project and nodes of the largest tree.
const LONG: usize = 100;
const REVISIONS: usize = 60;
/// Between one launch and the next: two years of them.
const PACE: TimeDelta = TimeDelta::minutes(525);

/// All but the newest batches were worked off: one step in forty failed, two thirds of the sessions were somebody's.
const WORKED_OFF: &str = "
    PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;
    BEGIN;
    CREATE TEMP TABLE me AS SELECT (SELECT value FROM meta WHERE key = 'member_id') AS member,
        (SELECT replace(value, '-', '') FROM meta WHERE key = 'device_id') AS device;
    CREATE TEMP TABLE past AS SELECT s.id, s.rowid AS n, s.team_id, b.revision_id, b.launched_at AS at, r.structure
        FROM sessions AS s JOIN batches AS b ON b.id = s.batch_id JOIN flow_revisions AS r ON r.id = b.revision_id
        WHERE b.id NOT IN (SELECT id FROM batches ORDER BY launched_at DESC LIMIT 20);
    CREATE TEMP TABLE steps AS SELECT p.id, p.n, p.team_id, p.at + 60000 * (key + 1) AS at, key AS place,
            value ->> 'id' AS step, CASE WHEN (p.n + key) % 40 = 0 THEN 'failed' ELSE 'done' END AS outcome
        FROM past AS p, json_each(p.structure, '$.steps') WHERE value ->> 'type' = 'procedure_step';
    CREATE TEMP TABLE happened AS
        SELECT id, team_id, at, 0 AS place, json_object('kind', 'started', 'revision_id', revision_id, 'intake',
            json('{}')) AS event FROM past
        UNION ALL SELECT id, team_id, at, place + 1, json_object('kind', 'step_recorded', 'step_id', step, 'outcome',
            outcome) FROM steps
        UNION ALL SELECT id, team_id, at + 3600000, 100, json_object('kind', 'completed') FROM past;
    INSERT INTO session_events (id, team_id, version, session_id, event, author, at)
        SELECT format('%.8s-%.4s-4%.3s-8%.3s-%.12s', hex(randomblob(4)), hex(randomblob(2)), hex(randomblob(2)),
                hex(randomblob(2)), hex(randomblob(6))), h.team_id,
            format('%012x%04x%s', at, place, device), h.id, event, member, at FROM happened AS h, me;
    INSERT INTO session_cells (session_id, cells)
        SELECT id, json_object('outcomes', json_group_object(step, outcome)) FROM steps GROUP BY id;
    UPDATE sessions SET started_at = p.at, ended_at = p.at + 3600000, started_revision_id = p.revision_id,
            steps_recorded = w.recorded, steps_failed = w.failed,
            status = CASE WHEN w.failed > 0 THEN 'failed' ELSE 'completed' END,
            assignee = CASE WHEN p.n % 3 = 0 THEN NULL ELSE (SELECT member FROM me) END
        FROM past AS p, (SELECT id, count(*) AS recorded, sum(outcome = 'failed') AS failed FROM steps GROUP BY id) AS w
        WHERE p.id = sessions.id AND w.id = p.id;
    COMMIT;
    ANALYZE;
    PRAGMA wal_checkpoint(TRUNCATE);";

/// Gives commands at moments of its choice.
struct Person<'a>(&'a Workspace);

impl Person<'_> {
    async fn does(&self, command: &str, request: &Value) -> Outcome<Value> {
        let reply = dispatch(&self.0.engine, command, &request.to_string()).await;
        Ok(serde_json::from_str(&reply.map_err(|error| format!("{command}: {error:?}"))?)?)
    }
}

pub(crate) async fn run() -> Outcome<()> {
    let Some(path) = std::env::args().nth(2).filter(|path| !path.starts_with('-')) else {
        return Err("where? the path of the database to make".into());
    };
    let now = SystemClock.now();
    let began = now - PACE * i32::try_from(BATCHES)?;
    let workspace = Workspace::at(PathBuf::from(path), began).await?;
    let person = Person(&workspace);

    let flows = flows(&person).await?;
    let lists = lists(&person).await?;
    for n in 1..BATCHES {
        workspace.clock.set(began + PACE * i32::try_from(n)?);
        // Each customer has servers of its own.
        let customer = n % flows.len();
        let targets: Vec<Value> = (1..=TARGETS_OF_BATCH)
            .map(|t| json!({"label": format!("C{customer:03}-SRV-{t:02}"), "notes": format!("10.0.{customer}.{t}")}))
            .collect();
        person.does("launch_batch", &json!({"flow_id": flows[customer], "targets": targets})).await?;
    }
    workspace.clock.set(now - TimeDelta::hours(2));
    let (project, tree) = long(&person).await?;
    let (board, session) = board(&person).await?;
    schedules(&person, &flows, &lists, now).await?;
    frozen_and_fired(&person, &lists, now).await?;
    // The one of today: the application would make it while it is measured.
    workspace.engine.store().backup_if_due(now).await?;
    workspace.engine.store().close().await;
    rusqlite::Connection::open(&workspace.path)?.execute_batch(WORKED_OFF)?;

    let found = json!({
        "board": board, "session": session, "maintenance": flows[0], "project": project, "tree": tree,
    });
    writeln!(std::io::stdout(), "{found}")?;
    Ok(())
}

/// That many steps, and the end.
fn steps(count: usize) -> Vec<Value> {
    let step = |n| {
        json!({
            "id": format!("step-{n}"), "type": "procedure_step", "title": format!("Step {n}: check and go on"),
            "description": "Look at the **event log**, then at the services.\n\n- nothing red\n- all running",
            "estimate_minutes": 5,
        })
    };
    (1..=count).map(step).chain([json!({"id": "end", "type": "procedure_end", "title": "Done"})]).collect()
}

/// Half of them maintenance, whose ids it answers, most others projects, some decision trees.
async fn flows(person: &Person<'_>) -> Outcome<Vec<Value>> {
    let mut maintenance = Vec::new();
    for n in 0..FLOWS {
        let description = "What it is for, and when to use it.\nMore about it in the wiki.";
        match n % 10 {
            0..5 => {
                let request = json!({
                    "name": format!("Monthly patching, customer {n:03}"), "description": description,
                    "flow_type": "maintenance", "structure": {"steps": steps(7)},
                });
                maintenance.push(person.does("create_flow", &request).await?["id"].clone());
            }
            5..9 => {
                let request = json!({
                    "name": format!("Set up a new site {n:03}"), "description": description,
                    "flow_type": "procedural", "structure": {"steps": steps(20)},
                });
                person.does("create_flow", &request).await?;
            }
            _ => {
                let request = json!({
                    "name": format!("Printer does not print {n:03}"), "description": description,
                    "flow_type": "troubleshooting", "structure": {"start": "power", "nodes": [
                        {"id": "power", "type": "question", "title": "Is it on?", "answers": [
                            {"label": "Yes", "to": "fixed"}, {"label": "No", "to": "switch"}]},
                        {"id": "switch", "type": "action", "title": "Switch it on", "next": "fixed"},
                        {"id": "fixed", "type": "outcome", "title": "It prints", "outcome": "resolved"},
                    ]},
                });
                person.does("create_flow", &request).await?;
            }
        }
    }
    Ok(maintenance)
}

/// The large ones first.
async fn lists(person: &Person<'_>) -> Outcome<Vec<Value>> {
    let mut lists = Vec::new();
    for n in 0..LISTS {
        let count = if n < LARGE_LISTS { TARGETS_OF_LARGE } else { TARGETS_OF_BATCH };
        let request = json!({
            "name": format!("Servers of customer {n:02}"), "client": format!("Customer {n:02}"),
            "targets": named_targets(count),
        });
        lists.push(person.does("create_target_list", &request).await?["id"].clone());
    }
    Ok(lists)
}

/// The longest project, edited again and again, and the largest tree; answers their ids.
async fn long(person: &Person<'_>) -> Outcome<(Value, Value)> {
    let mut steps = steps(LONG);
    let request =
        json!({"name": "Move a data centre", "flow_type": "procedural", "structure": {"steps": steps}});
    let project = person.does("create_flow", &request).await?["id"].clone();
    for n in 0..REVISIONS {
        steps[n % LONG]["title"] = format!("Step {}, as of edit {n}", n % LONG + 1).into();
        person.does("update_flow", &json!({"id": project, "structure": {"steps": steps}})).await?;
    }
    let question = |n: usize| {
        json!({
            "id": format!("q{n}"), "type": "question", "title": format!("Does test {n} pass?"), "answers": [
                {"label": "Yes", "to": format!("q{}", n + 1)}, {"label": "No", "to": "escalated"}],
        })
    };
    let nodes: Vec<Value> = (1..LONG - 1)
        .map(question)
        .chain([
            json!({"id": format!("q{}", LONG - 1), "type": "outcome", "title": "It works", "outcome": "resolved"}),
            json!({"id": "escalated", "type": "outcome", "title": "Call the vendor", "outcome": "escalate"}),
        ])
        .collect();
    let request = json!({
        "name": "Nothing works", "flow_type": "troubleshooting", "structure": {"start": "q1", "nodes": nodes},
    });
    Ok((project, person.does("create_flow", &request).await?["id"].clone()))
}

/// The batch that is being worked on; answers its id and that of its first session.
async fn board(person: &Person<'_>) -> Outcome<(Value, Value)> {
    let mut steps: Vec<Value> = (1..=BOARD_STEPS)
        .map(|n| {
            json!({"id": format!("step-{n}"), "type": "procedure_step", "title": format!("Step {n}"), "estimate_minutes": 5})
        })
        .collect();
    steps.push(json!({"id": "end", "type": "procedure_end", "title": "Done"}));
    let flow = json!({"name": "Emergency patch", "flow_type": "maintenance", "structure": {"steps": steps}});
    let flow = person.does("create_flow", &flow).await?;
    let launched =
        person.does("launch_batch", &json!({"flow_id": flow["id"], "targets": named_targets(BOARD)})).await?;
    let ids: Vec<&Value> = launched["sessions"].as_array().into_iter().flatten().map(|s| &s["id"]).collect();
    for n in 1..BOARD_STEPS {
        let request = json!({
            "session_ids": ids, "step_id": format!("step-{n}"), "outcome": if n % 5 == 0 { "failed" } else { "done" },
            "note": (n % 4 == 0).then_some("KB5048652 had to be installed twice, the first try ran out of space"),
        });
        person.does("record_steps", &request).await?;
    }
    Ok((launched["batch_id"].clone(), launched["sessions"][0]["id"].clone()))
}

/// A calendar of blackouts, and a run of this very minute with the notification it brings.
async fn frozen_and_fired(person: &Person<'_>, lists: &[Value], now: DateTime<Utc>) -> Outcome<()> {
    let days: Vec<Value> = (2020..2040)
        .map(|year| json!({"kind": "days", "from": format!("{year}-12-24"), "to": format!("{year}-12-26"), "label": "Christmas"}))
        .collect();
    person.does("create_blackout_calendar", &json!({"name": "Holidays", "entries": days})).await?;
    person.0.clock.set(now - TimeDelta::hours(2));
    let flow =
        json!({"name": "Check the backups", "flow_type": "maintenance", "structure": {"steps": steps(7)}});
    let flow = person.does("create_flow", &flow).await?;
    let request = json!({
        "flow_id": flow["id"], "target_list_id": lists[LARGE_LISTS],
        "recurrence": {"kind": "cron", "expression": now.format("%-M %-H * * *").to_string()},
    });
    person.does("create_schedule", &request).await?;
    person.0.clock.set(now);
    let ticked = person.does("scheduler_tick", &json!({ "now": now })).await?;
    match ticked["fired"].as_array() {
        Some(fired) if !fired.is_empty() => Ok(()),
        _ => Err(format!("nothing was due: {ticked}").into()),
    }
}

/// Weekly, spread over days and hours of three zones.
async fn schedules(person: &Person<'_>, flows: &[Value], lists: &[Value], now: DateTime<Utc>) -> Outcome<()> {
    person.0.clock.set(now);
    let zones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo"];
    for (n, flow) in flows.iter().enumerate() {
        let request = json!({
            "flow_id": flow, "timezone": zones[n % zones.len()], "target_list_id": lists[LARGE_LISTS + n % 50],
            "recurrence": {"kind": "cron", "expression": format!("{} {} * * {}", n % 60, n % 24, n % 7)},
        });
        person.does("create_schedule", &request).await?;
    }
    Ok(())
}
