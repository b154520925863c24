//! A team on one real server over TLS, by the engine as the application has it: what waits is pushed beside COPY into the same
//! tables, all of it is pulled by a new laptop beside SQLite alone writing the same rows, how soon ten others see a change,
//! and what a row takes in memory and on disk.
//!
//! Each pass is `sync_now`: the roster, rows in chunks or pages, and everything that follows from them here (standings, boards,
//! clocks). COPY writes what a push writes, synced rows and audit, in the same portions, alternating with pushes, over a
//! connection of the same kind. SQLite alone writes the rows of the finished file, those that follow included, to files with the
//! same settings, indexes and triggers: once row by row with prepared statements, once as statements over JSON arrays; the faster
//! one is the measure. A laptop pulls in a process of its own, so that its memory is its own.
//!
//! A year, on paper: 20 people who work 220 days on 20 servers a day make 88,000 sessions with about five events each, 440,000,
//! and some 2,000 batches: 530,000 rows. With 0.9 KB a row (row, indexes and its entry in the audit) that is 0.5 GB.

use crate::bare;
use crate::cluster::{Person, Team, cluster, id};
use crate::common::{Outcome, asked_count, print};
use mf_contract::{Event, dispatch};
use mf_domain::role::Role;
use mf_domain::synced::row::{Columns, Key, Row, Scalar};
use mf_domain::synced::table::TABLES;
use mf_domain::version::HybridClock;
use mf_engine::ports::{
    Closed, EventSink, Notifier, ProcessSecrets, RandomIds, Secret, SecretStore as _, SystemClock,
};
use mf_engine::ports::{TickGate, Toast};
use mf_engine::{Engine, Ports, share};
use mf_store::Store;
use mf_store::meta::{self, Key as Meta};
use mf_sync::core::cursor::Marks;
use mf_sync::core::outbox::Plan;
use mf_sync::core::push::Edit;
use mf_sync::exchange::{Pushed, Sender, push};
use mf_sync::server::Protection;
use rusqlite::types::Value;
use sqlx::PgConnection;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use uuid::Uuid;

const BATCHES: usize = 400;
const SERVERS: u128 = 50;
const EVENTS: u128 = 4;
const PULLS: usize = 3;
const CLIENTS: usize = 10;
const CHANGES: usize = 100;
/// As reckoned above.
const YEAR: f64 = 530_000.0;
/// How the program starts itself again as a laptop.
const AS_LAPTOP: &str = "MF_BENCH_LAPTOP";

pub(crate) async fn run() -> Outcome<()> {
    if let Ok(told) = std::env::var(AS_LAPTOP) {
        return be_a_laptop(&told).await;
    }
    let team = Team::new().await;
    let count = pushes(&team, asked_count().unwrap_or(BATCHES)).await?;
    pulls(&team, count).await?;
    sizes(&team, count).await?;
    visible(&team).await
}

/// What a desktop would show and a window would hear; told to whoever waits for it.
#[derive(Debug)]
struct Ears(UnboundedSender<Instant>);

impl Notifier for Ears {
    fn show(&self, _: &Toast) {}
}

impl EventSink for Ears {
    fn emit(&self, event: Event) {
        if matches!(event, Event::TargetListChanged { .. }) {
            // Who listens no more has seen enough.
            let _ = self.0.send(Instant::now());
        }
    }
}

impl TickGate for Ears {
    fn enter(&self) -> Result<Box<dyn Send>, Closed> {
        Ok(Box::new(()))
    }
}

/// Where the server is, as the file of a laptop keeps it.
fn place_of(person: &Person) -> serde_json::Value {
    let authority = match &person.place.protection {
        Protection::Tls { authority } => authority.clone(),
        Protection::Plaintext => None,
    };
    let place = &person.place;
    serde_json::json!({
        "host": place.host, "port": place.port, "database": place.database, "login": place.login,
        "authority": authority,
    })
}

/// The workspace of a laptop that has joined, opened as the application opens it.
async fn opened(
    path: &Path,
    ids: [Uuid; 3],
    place: &serde_json::Value,
    ears: UnboundedSender<Instant>,
) -> Outcome<Engine> {
    use mf_engine::ports::Clock as _;
    let store = Store::open(path, ids, SystemClock.now()).await?;
    let mut write = store.write(SystemClock.now()).await?;
    meta::put(&mut write, Meta::TeamPlace, &place.to_string()).await?;
    write.commit().await?;
    let secrets = Arc::new(ProcessSecrets::default());
    secrets.put(place["login"].as_str().unwrap_or_default(), &Secret("own".to_owned()))?;
    let ears = Arc::new(Ears(ears));
    let ports = Ports {
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        notifier: ears.clone(),
        events: ears.clone(),
        gate: ears,
        secrets,
    };
    Ok(Engine::of_workspace(store, ports).await?)
}

async fn call(engine: &Engine, command: &str, request: serde_json::Value) -> Outcome<serde_json::Value> {
    let reply = dispatch(engine, command, &request.to_string()).await.map_err(|error| error.message)?;
    Ok(serde_json::from_str(&reply)?)
}

fn median(values: &mut [f64]) -> f64 {
    quantile(values, 50)
}

/// A percentile of what was measured, which it sorts.
fn quantile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or_default()
}

/// Rows as a busy team makes them: batches of 50 servers, four events each, stamped by a device.
fn a_lot(owner: &Person, batches: usize) -> Vec<Edit> {
    use mf_engine::ports::Clock as _;
    let mut clock = HybridClock::new(owner.device);
    let start = SystemClock.now().timestamp_millis() - 3_600_000;
    let mut rows = Vec::new();
    let mut add = |table: &str, id: Uuid, columns: &[(&str, Scalar)]| {
        let columns: Columns =
            columns.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let version = clock.stamp(u64::try_from(start).unwrap_or_default());
        rows.push(Edit {
            row: Row::new(Key { table: table.into(), id }, version, false, columns),
            base_version: None,
        });
    };
    // Spread as random ones are, and the same in every run.
    let id = |kind: u128, n: u128| Uuid::new_v5(&Uuid::from_u128(kind), &n.to_be_bytes());
    let text = |text: &str| Scalar::Text(text.to_owned());
    let name = |id: Uuid| Scalar::Text(id.to_string());
    let (flow, head, at) = (id(1, 0), id(2, 0), Scalar::Int(start));
    let common = [("name", text("Patch")), ("description", text("")), ("flow_type", text("maintenance"))];
    let mut columns = common.to_vec();
    columns.extend([("head_id", name(head)), ("created_at", at.clone()), ("updated_at", at.clone())]);
    add("flows", flow, &columns);
    let steps: Vec<serde_json::Value> = (0..EVENTS)
        .map(|n| serde_json::json!({"id": format!("s{n}"), "type": "procedure_step", "title": format!("Step {n}")}))
        .chain([serde_json::json!({"id": "end", "type": "procedure_end", "title": "Done"})])
        .collect();
    let mut columns = common.to_vec();
    columns.extend([
        ("flow_id", name(flow)),
        ("structure", Scalar::Text(serde_json::json!({ "steps": steps }).to_string())),
        ("intake_form", text("[]")),
        ("step_count", Scalar::Int(4)),
        ("estimate_minutes", Scalar::Int(30)),
        ("created_at", at.clone()),
    ]);
    add("flow_revisions", head, &columns);
    for batch in 0..batches as u128 {
        let batch_id = id(3, batch);
        let columns = [
            ("flow_id", name(flow)),
            ("revision_id", name(head)),
            ("origin", text("manual")),
            ("intake", text("{}")),
            ("launched_at", at.clone()),
        ];
        add("batches", batch_id, &columns);
        for server in 0..SERVERS {
            let session = id(4, batch * SERVERS + server);
            let columns = [
                ("batch_id", name(batch_id)),
                ("flow_id", name(flow)),
                ("target_label", Scalar::Text(format!("server-{server:03}.example.com"))),
                ("target_notes", Scalar::Text(format!("rack {server}"))),
                ("target_client", Scalar::Text(format!("Client {}", server % 7))),
                ("target_site", text("Site A")),
                ("target_variables", Scalar::Text(format!(r#"{{"ip":"10.0.0.{server}"}}"#))),
                ("position", Scalar::Int(i64::try_from(server).unwrap_or_default())),
                ("created_at", at.clone()),
            ];
            add("sessions", session, &columns);
            for event in 0..EVENTS {
                let recorded = serde_json::json!({
                    "kind": "step_recorded", "step_id": format!("s{event}"), "outcome": "done",
                    "note": "All services restarted and checked; nothing to report",
                });
                let columns = [
                    ("session_id", name(session)),
                    ("event", Scalar::Text(recorded.to_string())),
                    ("author", name(owner.member.0)),
                    ("at", at.clone()),
                ];
                add("session_events", id(5, (batch * SERVERS + server) * EVENTS + event), &columns);
            }
        }
    }
    rows
}

/// Pushes all rows, each portion beside COPY into another database. Answers how many there are.
async fn pushes(team: &Team, batches: usize) -> Outcome<f64> {
    let other = Team::new().await;
    let (mut conn, mut from, mut to) = (
        team.owner.connect().await,
        cluster().admin(&team.database).await,
        cluster().admin(&other.database).await,
    );
    // As the portions are written by COPY, nothing checks that they belong to the other team.
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))?;
    let edits = a_lot(&team.owner, batches);
    let count = edits.len() as f64;
    let (mut pushing, mut copying) = (Duration::ZERO, Duration::ZERO);
    let (mut marks, mut audited) = (Marks::default(), 0_i64);
    let mut plan = Plan::new(edits);
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "INSERT INTO mf.teams (id, name) VALUES ('{}', 'x')",
        team.team
    )))
    .execute(&mut to)
    .await?;
    while let Some(chunk) = plan.next_chunk() {
        let edits = chunk.into_edits();
        let sender = Sender { device: team.owner.device, marks, seen_until: None, previous: None };
        let start = Instant::now();
        let pushed = push(&mut conn, &sender, id(), &edits).await?;
        pushing += start.elapsed();
        let Pushed::Answered { answers, end: Some(end) } = pushed else { return Err("not answered".into()) };
        if answers.iter().any(|(_, it)| it.answer != mf_sync::core::push::Answer::Accepted) {
            return Err("not all was accepted".into());
        }
        let before = marks.wrote.map_or(0, |cursor| cursor.seq);
        marks.wrote = Some(end);
        let mut portions = Vec::new();
        for table in TABLES.iter().filter(|table| edits.iter().any(|edit| edit.row.key.table == table.name)) {
            let rows = format!(
                "SELECT * FROM mf.{} WHERE seq > {before} AND seq <= {} ORDER BY seq",
                table.name, end.seq
            );
            portions.push((format!("mf.{}", table.name), copy_out(&mut from, folder.path(), &rows).await?));
        }
        const AUDIT: &str = "team_id, at, member_id, device_id, action, table_name, row_id, version, detail";
        let rows = format!("SELECT {AUDIT} FROM mf.audit WHERE id > {audited} ORDER BY id");
        portions.push((format!("mf.audit ({AUDIT})"), copy_out(&mut from, folder.path(), &rows).await?));
        audited = sqlx::query_scalar("SELECT max(id) FROM mf.audit").fetch_one(&mut from).await?;
        let start = Instant::now();
        sqlx::raw_sql("BEGIN").execute(&mut to).await?;
        for (table, bytes) in portions {
            let mut copy = to.copy_in_raw(&format!("COPY {table} FROM STDIN")).await?;
            copy.send(bytes).await?;
            copy.finish().await?;
        }
        sqlx::raw_sql("COMMIT").execute(&mut to).await?;
        copying += start.elapsed();
    }
    let (ours, theirs) = (count / pushing.as_secs_f64(), count / copying.as_secs_f64());
    let beside = "COPY of the same rows and their audit";
    print("push_rows_per_second", ours, "1/s", Some((beside, theirs, ours / theirs)))?;
    Ok(count)
}

/// The rows a query answers, as COPY has them.
async fn copy_out(conn: &mut PgConnection, folder: &Path, rows: &str) -> Outcome<Vec<u8>> {
    let path = folder.join(id().to_string());
    let sql = format!("COPY ({rows}) TO '{}'", path.display());
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(conn).await?;
    Ok(std::fs::read(path)?)
}

/// A new laptop: it is told where on its one line, opens a file there, reads all of the team, and says how that went.
async fn be_a_laptop(told: &str) -> Outcome<()> {
    let told: serde_json::Value = serde_json::from_str(told)?;
    let ids: [Uuid; 3] = serde_json::from_value(told["ids"].clone())?;
    let folder = told["folder"].as_str().ok_or("no folder")?;
    let (ears, _heard) = unbounded_channel();
    let engine = opened(&Path::new(folder).join("team.db"), ids, &told["place"], ears).await?;
    let before = resident("VmRSS")?;
    let start = Instant::now();
    let report = call(&engine, "sync_now", serde_json::json!({})).await?;
    let elapsed = start.elapsed();
    let grown = resident("VmHWM")?.saturating_sub(before);
    engine.store().close().await;
    writeln!(std::io::stdout(), "{} {} {grown}", elapsed.as_secs_f64(), report["pulled"])?;
    Ok(())
}

/// Kilobytes.
fn resident(what: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)).ok_or("no such line")?;
    Ok(line.trim_matches([':', ' ', '\t', 'k', 'B']).trim().parse()?)
}

async fn pulls(team: &Team, count: f64) -> Outcome<()> {
    let (mut pulling, mut grown, mut row_by_row, mut by_json) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PULLS {
        let person = team.join(Role::Readonly).await;
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let ids = [team.team.0, person.member.0, person.device.0];
        let told = serde_json::json!({"ids": ids, "place": place_of(&person), "folder": folder.path()});
        let said = std::process::Command::new(std::env::current_exe()?)
            .arg("sync")
            .env(AS_LAPTOP, told.to_string())
            .output()?;
        let (out, wrong) =
            (String::from_utf8(said.stdout)?, String::from_utf8_lossy(&said.stderr).into_owned());
        let numbers: Vec<f64> = out.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [seconds, rows, kilobytes] = numbers[..] else { return Err(format!("{out:?} {wrong}").into()) };
        if rows < count {
            return Err(format!("{rows} rows of {count} came").into());
        }
        pulling.push(rows / seconds);
        grown.push(kilobytes / 1024.0);
        let (prepared, json) = alone(ids, folder.path()).await?;
        row_by_row.push(rows / prepared.as_secs_f64());
        by_json.push(rows / json.as_secs_f64());
    }
    let ours = median(&mut pulling);
    let (prepared, json) = (median(&mut row_by_row), median(&mut by_json));
    let (what, bare) = if prepared > json {
        ("SQLite alone, prepared statement row by row", prepared)
    } else {
        ("SQLite alone, statements over JSON arrays", json)
    };
    print("pull_rows_per_second", ours, "1/s", Some((what, bare, ours / bare)))?;
    print("pull_memory_growth", median(&mut grown), "MiB", None)
}

/// SQLite alone writes the rows of a laptop's file to new ones, in one transaction.
async fn alone(ids: [Uuid; 3], folder: &Path) -> Outcome<(Duration, Duration)> {
    use mf_engine::ports::Clock as _;
    let mut all = Vec::new();
    let full = bare::open(&folder.join("team.db"))?;
    for table in TABLES.iter().map(|table| table.name).chain(["session_cells"]) {
        let rows = bare::rows(&full, &format!("SELECT * FROM {table} WHERE ?1"), true)?;
        all.push((table, rows));
    }
    let mut times = Vec::new();
    for name in ["row-by-row.db", "json.db"] {
        let path = folder.join(name);
        Store::open(&path, ids, SystemClock.now()).await?.close().await;
        let conn = bare::open(&path)?;
        let statements: Vec<String> =
            all.iter().map(|(table, _)| bare::insert_sql(&conn, table)).collect::<Outcome<_>>()?;
        let start = Instant::now();
        conn.execute_batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")?;
        for ((table, rows), sql) in all.iter().zip(&statements) {
            if name == "json.db" {
                for rows in rows.chunks(2_000) {
                    let width = rows.first().map_or(0, Vec::len);
                    conn.execute(&json_insert(table, width), [json(rows)?])?;
                }
            } else {
                let mut put = conn.prepare_cached(sql)?;
                for row in rows {
                    put.execute(rusqlite::params_from_iter(row))?;
                }
            }
        }
        conn.execute_batch("COMMIT")?;
        times.push(start.elapsed());
    }
    Ok((times[0], times[1]))
}

/// An insert of whole rows given as a JSON array of arrays.
fn json_insert(table: &str, width: usize) -> String {
    let picked: Vec<String> = (0..width).map(|at| format!("value ->> {at}")).collect();
    format!("INSERT INTO {table} SELECT {} FROM json_each(?1)", picked.join(", "))
}

fn json(rows: &[Vec<Value>]) -> Outcome<String> {
    let value = |value: &Value| match value {
        Value::Integer(n) => serde_json::json!(n),
        Value::Text(text) => serde_json::json!(text),
        _ => serde_json::Value::Null,
    };
    let rows: Vec<Vec<serde_json::Value>> = rows.iter().map(|row| row.iter().map(value).collect()).collect();
    Ok(serde_json::to_string(&rows)?)
}

async fn sizes(team: &Team, count: f64) -> Outcome<()> {
    let mut admin = cluster().admin(&team.database).await;
    let server: i64 = sqlx::query_scalar(
        "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relnamespace = 'mf'::regnamespace AND relkind = 'r'",
    )
    .fetch_one(&mut admin)
    .await?;
    let bytes = server as f64 / count;
    print("server_bytes_per_row", bytes, "B", None)?;
    print("server_size_of_a_year_of_20_people", bytes * YEAR / f64::from(1 << 20), "MiB", None)
}

/// From a person's click to the event in the windows of ten others, which share by themselves.
async fn visible(team: &Team) -> Outcome<()> {
    let (seen, mut sights) = unbounded_channel();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let mut sharing = Vec::new();
    for n in 0..CLIENTS {
        let person = team.join(Role::Operator).await;
        let ids = [team.team.0, person.member.0, person.device.0];
        let path = folder.path().join(format!("{n}.db"));
        let engine = opened(&path, ids, &place_of(&person), seen.clone()).await?;
        call(&engine, "sync_now", serde_json::json!({})).await?;
        sharing.push(tokio::spawn(share(engine)));
    }
    let (own, _heard) = unbounded_channel();
    let ids = [team.team.0, team.owner.member.0, team.owner.device.0];
    let path = folder.path().join("owner.db");
    let owner = opened(&path, ids, &place_of(&team.owner), own).await?;
    call(&owner, "sync_now", serde_json::json!({})).await?;
    sharing.push(tokio::spawn(share(owner.clone())));
    let list = serde_json::json!({"name": "All servers", "targets": [{"label": "RDS-01"}]});
    let list = call(&owner, "create_target_list", list).await?;
    for _ in 0..CLIENTS {
        sights.recv().await.ok_or("nobody looks")?;
    }
    // Everybody listens by now, or looks at once.
    let mut times = Vec::new();
    for n in 0..CHANGES {
        let clicked = Instant::now();
        let change = serde_json::json!({"id": list["id"], "name": format!("All servers {n}")});
        call(&owner, "update_target_list", change).await?;
        for _ in 0..CLIENTS {
            let at =
                tokio::time::timeout(Duration::from_secs(60), sights.recv()).await?.ok_or("nobody looks")?;
            times.push((at - clicked).as_secs_f64() * 1e3);
        }
    }
    sharing.iter().for_each(tokio::task::JoinHandle::abort);
    print("visible_to_10_clients_p50", quantile(&mut times, 50), "ms", None)?;
    print("visible_to_10_clients_p99", quantile(&mut times, 99), "ms", None)
}
