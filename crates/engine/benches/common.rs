//! What the benchmarks of the engine share: a workspace on a real disk, filled as people fill it, and how results are
//! printed. Each benchmark reports more than one run, and takes the median; the disk is the build folder's.

use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::{Event, dispatch};
use mf_domain::flow::{FlowType, markdown};
use mf_domain::ids::{FlowId, RevisionId, ScheduleId, TargetListId};
use mf_domain::recurrence::Recurrence;
use mf_domain::role::Role;
use mf_domain::targets::Target;
use mf_engine::ports::{Clock, Closed, EventSink, Ids, Notifier, ProcessSecrets, RandomIds, TickGate, Toast};
use mf_engine::{Engine, Ports};
use mf_store::flows::FlowRow;
use mf_store::revisions::RevisionRow;
use mf_store::schedules::{Limits, ScheduleRow};
use mf_store::target_lists::TargetListRow;
use mf_store::{Store, flows, revisions, schedule_clocks, schedules, target_lists};
use serde_json::Value;
use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// When every schedule of a workspace comes due for the first time; then daily.
pub(crate) const FIRST_RUN: &str = "2026-12-01T03:00:00Z";

/// Answers of a command that are not timed.
const WARM_UP: usize = 5;

const RUNBOOK: &str = "# Monthly server maintenance

Keep the change window; tell the service desk before and after.

1. Check last night's backup
2. Put the server into maintenance mode
3. Install the operating system updates
4. Restart the server
5. Check that all services run
6. Check the event log for new errors
7. Take the server out of maintenance mode
";

/// A clock that can be put anywhere and runs from there.
#[derive(Debug)]
pub(crate) struct SetClock(Mutex<(Instant, DateTime<Utc>)>);

impl SetClock {
    fn base(&self) -> (Instant, DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), now);
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        let (set, at) = self.base();
        at + TimeDelta::from_std(set.elapsed()).unwrap_or_default()
    }
}

/// Takes what a desktop would show.
#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<Toast>>);

impl Notifier for Recorder {
    fn show(&self, toast: &Toast) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(toast.clone());
    }
}

impl EventSink for Recorder {
    fn emit(&self, _: Event) {}
}

impl TickGate for Recorder {
    fn enter(&self) -> Result<Box<dyn Send>, Closed> {
        Ok(Box::new(()))
    }
}

/// A workspace of its own; one that is measured lies in a folder that goes away with it.
pub(crate) struct Workspace {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) path: PathBuf,
    _folder: Option<TempDir>,
}

impl Workspace {
    /// A new workspace, opened as the application opens it, with `schedules` active daily schedules, each of its own
    /// maintenance flow on its own list of `targets`. Its clock stands an hour before [`FIRST_RUN`].
    pub(crate) async fn new(schedules: usize, targets: usize) -> Outcome<Self> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let path = folder.path().join("local.db");
        let first_run: DateTime<Utc> = FIRST_RUN.parse()?;
        let now = first_run - TimeDelta::hours(1);
        let workspace = Self::open(path, now, Some(folder)).await?;
        let mut write = workspace.engine.store().write(now).await?;
        let customers: Vec<Customer> =
            (0..schedules).map(|n| Customer::new(n, targets, now)).collect::<Outcome<_>>()?;
        // Table by table: while a flow's revision is still to come, every insert would look for rows that wait for it.
        for customer in &customers {
            revisions::insert(&mut write, &customer.revision).await?;
        }
        for customer in &customers {
            flows::put(&mut write, &customer.flow).await?;
        }
        for Customer { flow, list, schedule, .. } in &customers {
            target_lists::put(&mut write, list).await?;
            schedules::put(&mut write, schedule).await?;
            schedules::set_active(&mut write, flow.id, schedule.id).await?;
        }
        let clocks: Vec<schedule_clocks::Clock> = customers
            .iter()
            .map(|customer| schedule_clocks::Clock {
                schedule_id: customer.schedule.id,
                next_run_at: Some(first_run),
                look_at: Some(first_run),
                last_run_at: None,
                checked_through: now,
                rule_since: Some(now),
            })
            .collect();
        schedule_clocks::put(&mut write, &clocks).await?;
        write.commit().await?;
        Ok(workspace)
    }

    /// An empty one that stays, with its clock at `now`.
    pub(crate) async fn at(path: PathBuf, now: DateTime<Utc>) -> Outcome<Self> {
        Self::open(path, now, None).await
    }

    async fn open(path: PathBuf, now: DateTime<Utc>, folder: Option<TempDir>) -> Outcome<Self> {
        let new_ids = [RandomIds.next(), RandomIds.next(), RandomIds.next()];
        let store = Store::open(&path, new_ids, now).await?;
        let clock = Arc::new(SetClock(Mutex::new((Instant::now(), now))));
        let recorder = Arc::new(Recorder::default());
        let ports = Ports {
            clock: clock.clone(),
            ids: Arc::new(RandomIds),
            notifier: recorder.clone(),
            events: recorder.clone(),
            gate: recorder,
            secrets: Arc::new(ProcessSecrets::default()),
        };
        Ok(Self { engine: Engine::new(store, ports, Role::Owner), clock, path, _folder: folder })
    }
}

/// A customer of a service provider: a maintenance flow, a list of servers, and the schedule that brings them together.
struct Customer {
    flow: FlowRow,
    revision: RevisionRow,
    list: TargetListRow,
    schedule: ScheduleRow,
}

impl Customer {
    fn new(n: usize, targets: usize, now: DateTime<Utc>) -> Outcome<Self> {
        let (flow, head) = (FlowId(RandomIds.next()), RevisionId(RandomIds.next()));
        let list = TargetListId(RandomIds.next());
        let imported = markdown::import(RUNBOOK, FlowType::Maintenance)?;
        let name = format!("{} for customer {n}", imported.name);
        Ok(Self {
            flow: FlowRow {
                id: flow,
                name: name.clone(),
                description: imported.description.clone(),
                flow_type: FlowType::Maintenance,
                head,
                created_by: None,
                created_at: now,
                updated_at: now,
            },
            revision: RevisionRow {
                id: head,
                flow_id: flow,
                parent: None,
                name,
                description: imported.description,
                flow_type: FlowType::Maintenance,
                structure: imported.structure,
                intake_form: imported.intake_form,
                created_by: None,
                created_at: now,
            },
            list: TargetListRow {
                id: list,
                name: format!("Servers of customer {n}"),
                description: String::new(),
                client: None,
                site: None,
                targets: named_targets(targets),
                created_by: None,
                created_at: now,
                updated_at: now,
            },
            schedule: ScheduleRow {
                id: ScheduleId(RandomIds.next()),
                flow_id: flow,
                recurrence: Recurrence::Cron { expression: "0 3 * * *".to_owned() },
                timezone: "UTC".to_owned(),
                target_list_id: Some(list),
                misfire: "run_once".to_owned(),
                overlap: "allow".to_owned(),
                grace_seconds: 3_600,
                limits: Limits {
                    windows: "[]".to_owned(),
                    blackout_ids: "[]".to_owned(),
                    on_blackout: "skip".to_owned(),
                    notify_before: None,
                    notify_unfinished_at: None,
                },
                intake: mf_domain::intake::Answers::new(),
                created_by: None,
                created_at: now,
                updated_at: now,
            },
        })
    }
}

/// `RDS-0001 # 10.0.0.1` and so on.
pub(crate) fn named_targets(count: usize) -> Vec<Target> {
    (1..=count)
        .map(|n| Target {
            label: format!("RDS-{n:04}"),
            notes: Some(format!("10.0.{}.{}", n / 250, n % 250 + 1)),
            ..Target::default()
        })
        .collect()
}

/// How many are asked for on the command line, instead of what the benchmark is about: to see that it runs.
pub(crate) fn asked_count() -> Option<usize> {
    std::env::args().skip(1).find_map(|argument| argument.parse().ok())
}

/// Times a command, JSON in and JSON out: its median and its 95th percentile.
pub(crate) async fn measure(
    engine: &Engine,
    name: &str,
    command: &str,
    request: &Value,
    runs: usize,
) -> Outcome<()> {
    let request = request.to_string();
    let mut times = Vec::new();
    for run in 0..WARM_UP + runs {
        let start = Instant::now();
        dispatch(engine, command, &request).await?;
        if run >= WARM_UP {
            times.push(start.elapsed());
        }
    }
    times.sort_unstable();
    print(name, at(&times, 50), "ms", None)?;
    print(&format!("{name}_p95"), at(&times, 95), "ms", None)
}

/// A percentile, in milliseconds.
fn at(times: &[Duration], percent: usize) -> f64 {
    times.get(times.len() * percent / 100).copied().unwrap_or_default().as_secs_f64() * 1e3
}

/// One line of a report. `beside` is what was measured beside it: what it is, its value, and how many times better ours
/// is.
pub(crate) fn print(name: &str, value: f64, unit: &str, beside: Option<(&str, f64, f64)>) -> Outcome<()> {
    let mut line = serde_json::json!({ "name": name, "value": rounded(value), "unit": unit });
    if let Some((what, against, ratio)) = beside {
        line["against"] = rounded(against).into();
        line["ratio"] = rounded(ratio).into();
        line["beside"] = what.into();
    }
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// Four significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
