//! What the pages of schedules ask for, with 10,000 of them that run every day: the list, and a month of the calendar.
//! `cargo xtask bench schedules 100` has fewer.

use crate::common::{FIRST_RUN, Outcome, Workspace, asked_count, measure};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

const SCHEDULES: usize = 10_000;
const RUNS: usize = 21;
/// A month is shown as so many days, each with so many runs.
const DAYS: i64 = 42;
const RUNS_OF_A_DAY: u32 = 12;

pub(crate) async fn run() -> Outcome<()> {
    let workspace = Workspace::new(asked_count().unwrap_or(SCHEDULES), 1).await?;
    let first_run: DateTime<Utc> = FIRST_RUN.parse()?;
    let midnight = first_run - TimeDelta::hours(3);
    let days: Vec<DateTime<Utc>> = (0..DAYS).map(|day| midnight + TimeDelta::days(day)).collect();
    let to = midnight + TimeDelta::days(DAYS);
    let asked = [
        ("schedules", "list_schedules", json!({})),
        ("schedules_unreadable", "list_unreadable_schedules", json!({})),
        ("schedule_standings", "list_schedule_standings", json!({})),
        ("calendar_month", "list_upcoming_days", json!({"days": days, "to": to, "first": RUNS_OF_A_DAY})),
    ];
    for (name, command, request) in asked {
        measure(&workspace.engine, name, command, &request, RUNS).await?;
    }
    Ok(())
}
