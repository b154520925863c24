//! Many schedules due in the same minute: how late their batches are, and how many a second can take.
//!
//! The scheduler runs as in the application: it looks at a clock that stands two seconds before the minute, sleeps, and
//! fires. Lateness is from the minute itself to the moment another connection, which looks every half millisecond, sees
//! the batch committed; so it holds the timer's lateness, the chunks before, and the time to notice. Three days in a row on
//! one workspace, so that the second and third find the open batches of the days before. Beside it: SQLite alone writing
//! the very same rows, one transaction per fire, on a sample. Once more with windows, blackouts and the policy that asks.

use crate::bare::{self, Row};
use crate::common::{FIRST_RUN, Outcome, Workspace, print};
use chrono::{DateTime, Days, TimeDelta, Utc};
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::policy::BlackoutEntry;
use mf_engine::ports::{Clock, Ids, RandomIds};
use mf_engine::scheduler;
use mf_store::blackout_calendars::CalendarRow;
use mf_store::{blackout_calendars, schedules};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const DAYS: i64 = 3;
/// Fires of the sample beside it.
const SAMPLE: i64 = 1_000;
const LOOK_EVERY: Duration = Duration::from_micros(500);
const GIVE_UP: Duration = Duration::from_secs(120);
const RUN_UP: TimeDelta = TimeDelta::seconds(2);

/// The lateness of every batch of one minute, in seconds, smallest first.
struct Minute(Vec<f64>);

impl Minute {
    fn percentile(&self, percent: usize) -> f64 {
        let at = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(at).copied().unwrap_or_default()
    }

    fn last(&self) -> f64 {
        self.0.last().copied().unwrap_or_default()
    }

    fn per_second(&self) -> f64 {
        self.0.len() as f64 / self.last()
    }
}

pub(crate) async fn run() -> Outcome<()> {
    measure(10_000, 1, Limits::None).await?;
    measure(10_000, 1, Limits::All).await?;
    measure(1_000, 10, Limits::None).await
}

/// Whether the schedules have windows, a blackout calendar and a policy that asks.
#[derive(Clone, Copy, PartialEq)]
enum Limits {
    None,
    All,
}

/// Gives every schedule nightly windows, a calendar with a week of every month, and the policy that asks.
async fn limit(workspace: &Workspace) -> Outcome<()> {
    let now = workspace.clock.now();
    let mut write = workspace.engine.store().write(now).await?;
    let day = |n: u64| now.date_naive() + Days::new(n);
    let freeze = |month: u64| BlackoutEntry::Days {
        from: day(month * 30 + 10),
        to: Some(day(month * 30 + 16)),
        label: "Freeze".to_owned(),
    };
    let calendar = CalendarRow {
        id: BlackoutCalendarId(RandomIds.next()),
        name: "Freezes".to_owned(),
        entries: (0..120).map(freeze).collect(),
        created_by: None,
        created_at: now,
        updated_at: now,
    };
    blackout_calendars::put(&mut write, &calendar).await?;
    for listed in schedules::list(write.conn()).await? {
        let mut schedule = listed.map_err(|unreadable| unreadable.error)?.schedule;
        schedule.misfire = "ask".to_owned();
        schedule.limits.windows = serde_json::to_string(&serde_json::json!([{
            "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            "from": "22:00", "to": "06:00",
        }]))?;
        schedule.limits.blackout_ids = serde_json::to_string(&[calendar.id])?;
        schedule.limits.on_blackout = "move".to_owned();
        schedules::put(&mut write, &schedule).await?;
    }
    Ok(write.commit().await?)
}

async fn measure(schedules: usize, targets: usize, limits: Limits) -> Outcome<()> {
    let workspace = Workspace::new(schedules, targets).await?;
    if limits == Limits::All {
        limit(&workspace).await?;
    }
    let copy = bare::copy(&workspace.path, "bare.db")?;
    let first: DateTime<Utc> = FIRST_RUN.parse()?;
    let mut minutes = Vec::new();
    for day in 0..DAYS {
        minutes.push(fire(&workspace, first + TimeDelta::days(day), schedules).await?);
    }
    let one_by_one = one_transaction_per_fire(&workspace, &copy)?;

    let with = if limits == Limits::All { "with_limits_" } else { "" };
    let name = |what: &str| format!("fire_{schedules}x{targets}_{with}{what}");
    let median = |of: fn(&Minute) -> f64| middle(minutes.iter().map(of).collect());
    print(&name("p50"), median(|minute| minute.percentile(50)), "s", None)?;
    print(&name("p99"), median(|minute| minute.percentile(99)), "s", None)?;
    let worst = minutes.iter().map(Minute::last).fold(0.0, f64::max);
    print(&name("max_of_all_days"), worst, "s", None)?;
    let rate = median(Minute::per_second);
    let what = "SQLite alone, the same rows in one transaction per fire";
    print(&name("rate"), rate, "fires/s", Some((what, one_by_one, rate / one_by_one)))
}

/// Lets the scheduler meet one nominal minute.
async fn fire(workspace: &Workspace, minute: DateTime<Utc>, expected: usize) -> Outcome<Minute> {
    workspace.clock.set(minute - RUN_UP);
    // The daily backup is due as well. Not in the same two seconds.
    workspace.engine.store().backup_if_due(workspace.clock.now()).await?;
    workspace.clock.set(minute - RUN_UP);
    let due = Instant::now() + RUN_UP.to_std()?;
    let path = workspace.path.clone();
    let watching = thread::spawn(move || watch(&path, due, expected));
    let ticking = tokio::spawn(scheduler::run(workspace.engine.clone()));
    let seen = tokio::task::spawn_blocking(move || watching.join()).await?;
    // The last tick still tells what it did.
    tokio::time::sleep(Duration::from_millis(300)).await;
    ticking.abort();
    seen.map_err(|_| "the watching thread gave up")?
}

/// Notes when each new batch is first seen by another connection.
fn watch(path: &Path, due: Instant, expected: usize) -> Outcome<Minute> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // Batches are never deleted, so the last row number is their count; found without counting.
    let mut statement = conn.prepare("SELECT COALESCE(MAX(rowid), 0) FROM batches")?;
    let mut count =
        || -> Outcome<usize> { Ok(usize::try_from(statement.query_row([], |row| row.get::<_, i64>(0))?)?) };
    let mut before = count()?;
    let mut lateness = Vec::with_capacity(expected);
    while lateness.len() < expected {
        if due.elapsed() > GIVE_UP {
            return Err(format!("{} of {expected} after {GIVE_UP:?}", lateness.len()).into());
        }
        thread::sleep(LOOK_EVERY);
        let now = count()?;
        lateness.resize(lateness.len() + (now - before), due.elapsed().as_secs_f64());
        before = now;
    }
    Ok(Minute(lateness))
}

/// One fire as rows: its batch, sessions, notice, and the schedule whose clock moves on.
struct Written {
    batch: Row,
    sessions: Vec<Row>,
    notices: Vec<Row>,
    schedule: Value,
}

/// Fires per second when SQLite alone writes what the first day wrote, in one transaction per fire, to a copy of the
/// workspace as it was before that day.
fn one_transaction_per_fire(fired: &Workspace, copy: &Path) -> Outcome<f64> {
    let (from, to) = (bare::open(&fired.path)?, bare::open(copy)?);
    let batches = "SELECT * FROM batches WHERE rowid <= ?1 ORDER BY rowid";
    let schedules = "SELECT schedule_id FROM batches WHERE rowid <= ?1 ORDER BY rowid";
    let mut fires = Vec::new();
    for (batch, schedule) in
        bare::rows(&from, batches, SAMPLE)?.into_iter().zip(bare::rows(&from, schedules, SAMPLE)?)
    {
        let Some(id) = batch.first() else { continue };
        fires.push(Written {
            sessions: bare::rows(&from, "SELECT * FROM sessions WHERE batch_id = ?1", id)?,
            notices: bare::rows(&from, "SELECT * FROM notifications WHERE route = '/batches/' || ?1", id)?,
            batch,
            schedule: schedule.into_iter().next().unwrap_or(Value::Null),
        });
    }
    let mut put_batch = to.prepare(&bare::insert_sql(&to, "batches")?)?;
    let mut put_session = to.prepare(&bare::insert_sql(&to, "sessions")?)?;
    let mut put_notice = to.prepare(&bare::insert_sql(&to, "notifications")?)?;
    let mut put_clock = to.prepare(
        "UPDATE schedule_clocks SET next_run_at = next_run_at + 86400000, last_run_at = next_run_at,
           checked_through = next_run_at WHERE schedule_id = ?1",
    )?;
    let start = Instant::now();
    for fire in &fires {
        to.execute_batch("BEGIN IMMEDIATE")?;
        put_batch.execute(params_from_iter(&fire.batch))?;
        for session in &fire.sessions {
            put_session.execute(params_from_iter(session))?;
        }
        for notice in &fire.notices {
            put_notice.execute(params_from_iter(notice))?;
        }
        put_clock.execute([&fire.schedule])?;
        to.execute_batch("COMMIT")?;
    }
    Ok(fires.len() as f64 / start.elapsed().as_secs_f64())
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
