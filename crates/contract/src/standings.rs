//! How all schedules are doing, and pausing or resuming many at once.

use crate::error::ApiError;
use crate::schedules::Schedule;
use chrono::{DateTime, Utc};
use mf_domain::batch::{BatchStatus, Rollup};
use mf_domain::ids::{BatchId, ScheduleId};
use serde::{Deserialize, Serialize};

/// All schedules with how they are doing, by next run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListScheduleStandings {}

/// How a schedule is doing. The first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleHealth {
    /// It is paused, or another schedule of its flow is active.
    Paused,
    /// It is active, and no run will ever come.
    NeverRuns,
    /// A missed occurrence waits for an answer.
    Asking,
    /// Something was missed in the last 7 days, after the last run.
    Missing,
    /// A session of its last run failed.
    Failing,
    /// It has not run yet.
    New,
    Good,
}

/// The last run of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    pub batch_id: BatchId,
    /// When it was due.
    pub scheduled_for: DateTime<Utc>,
    pub launched_at: DateTime<Utc>,
    pub status: BatchStatus,
    pub rollup: Rollup,
}

/// A schedule and how it is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleStanding {
    pub schedule: Schedule,
    pub health: ScheduleHealth,
    /// The health as a sentence.
    pub words: String,
    pub last_run: Option<LastRun>,
    /// Occurrences missed in the last 7 days, without those that a later run stands for, or that a pause, a window or a
    /// blackout kept from running.
    pub missed_lately: u64,
}

/// Pauses or resumes schedules, each by itself: one that cannot be holds back none of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSchedulesActive {
    /// 1 to 1,000.
    pub ids: Vec<ScheduleId>,
    pub is_active: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchedulesChanged {
    /// Schedules that are as was asked.
    pub changed: u32,
    /// Those that are not, in the order they were named.
    pub refused: Vec<RefusedSchedule>,
}

/// A schedule that stayed as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedSchedule {
    pub schedule_id: ScheduleId,
    /// What the command about this one schedule alone would have answered.
    pub error: ApiError,
}
