//! What is coming, and what there is to do today.

use crate::batches::BatchSummary;
use crate::schedules::MissedOccurrence;
use crate::sessions::SessionSummary;
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, FlowId, ScheduleId, TargetListId};
use serde::{Deserialize, Serialize};

/// The runs of all active schedules in a range, in order. What was dealt with already (fired or missed) is left out. A
/// schedule with more than 60 runs in the range is told day by day, in its own zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListUpcoming {
    pub from: DateTime<Utc>,
    /// Belongs to the range; at most 400 days after `from`.
    pub to: DateTime<Utc>,
    /// 1 to 5,000; 1,000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Day by day, how much is coming, the first runs of each, and the blackouts of calendars that active schedules keep clear
/// of. However many schedules there are, no day is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListUpcomingDays {
    /// The first instant of each day, in order: whose days they are is up to the caller. At most 62.
    pub days: Vec<DateTime<Utc>>,
    /// The first instant after the last day; at most 400 days after the first.
    pub to: DateTime<Utc>,
    /// Most runs that are told of each day: 0 to 100; 10 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
}

/// A day of [`ListUpcomingDays`], in the order asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpcomingDay {
    /// How many runs start on it, of all active schedules.
    pub runs: u64,
    /// In how many lines they are told: a schedule with more than 60 runs in the range has one line a day.
    pub lines: u32,
    /// The first of these lines.
    pub first: Vec<UpcomingRun>,
    /// What is blacked out on it.
    pub blackouts: Vec<UpcomingBlackout>,
    /// The hours of it in which active schedules that have windows may start runs: those that open first, at most
    /// [`UpcomingDay::WINDOWS_MOST`]. A schedule without windows may at any hour, and is in none of them.
    #[serde(default)]
    pub windows: Vec<UpcomingWindow>,
    /// How many more there are.
    #[serde(default)]
    pub more_windows: u32,
}

impl UpcomingDay {
    /// Most windows that are told of a day.
    pub const WINDOWS_MOST: usize = 12;
    /// Most flows that are named of a window.
    pub const NAMES_MOST: usize = 3;
}

/// Hours in which some schedules may start runs. Schedules that are open in the same hours are one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpcomingWindow {
    /// When they open; with the day, where they were open before.
    pub from: DateTime<Utc>,
    /// The first instant after them, which may lie on a later day; of what is open all day, the end of the day.
    pub to: DateTime<Utc>,
    /// How many schedules are open then.
    pub schedules: u32,
    /// The first of their flows, by name; at most [`UpcomingDay::NAMES_MOST`].
    pub flow_names: Vec<String>,
}

/// A blackout as far as it lies on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpcomingBlackout {
    /// Of the calendar, and of the entry if it has one: `Year end: Christmas`.
    pub name: String,
    pub from: DateTime<Utc>,
    /// The first instant after it. Between the two, where it lies in several pieces, or in several zones.
    pub to: DateTime<Utc>,
}

/// A run that is coming, or all runs of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpcomingRun {
    pub schedule_id: ScheduleId,
    pub flow_id: FlowId,
    pub flow_name: String,
    /// When it comes due; the first of them for several.
    pub at: DateTime<Utc>,
    /// When it was due, where a blackout moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<DateTime<Utc>>,
    /// The wall clock in the schedule's zone: `2026-12-08T22:00`.
    pub local: String,
    /// Of the wall clock from UTC: `+01:00`.
    pub offset: String,
    pub timezone: String,
    /// `None` also when the list was deleted.
    pub target_list_id: Option<TargetListId>,
    pub target_list_name: Option<String>,
    /// 0 without a list: the run makes one unassigned session.
    pub target_count: u32,
    /// It is due already and fires at the next tick.
    pub due: bool,
    /// How many runs this stands for: 1, or all of a day.
    pub count: u32,
    /// The last of several.
    pub until: Option<DateTime<Utc>>,
    /// The recurrence in words, without its zone; for several with their number: "every minute, 1,440 runs".
    pub description: String,
}

/// Everything the page of today shows, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetToday {}

/// Today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    pub now: DateTime<Utc>,
    /// Due, and coming in the next 7 days; at most [`Today::UPCOMING_MOST`].
    pub upcoming: Vec<UpcomingRun>,
    /// Batches that are not finished, newest first; at most 20.
    pub batches: Vec<BatchSummary>,
    /// How many batches are not finished.
    pub open_batches: u32,
    /// Sessions somebody is at, the one begun last first; at most 20.
    pub sessions: Vec<SessionSummary>,
    /// Missed in the last 7 days, newest first, one line for each span; at most 20.
    pub missed: Vec<MissedOccurrence>,
    /// Batches that wait for somebody's answer, in the order of the reasons.
    pub waiting: Vec<WaitingBatch>,
    pub unread_notifications: u32,
    /// Nobody has made anything yet: no flow, no list, no batch.
    pub is_empty: bool,
    /// The sample workspace is here, or a part of it.
    pub has_sample: bool,
}

impl Today {
    /// Most runs that are told. Whatever lies behind the last of so many is not known here.
    pub const UPCOMING_MOST: usize = 50;
}

/// A batch that does not go on, or is not closed, without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingBatch {
    pub batch_id: BatchId,
    pub flow_name: String,
    pub launched_at: DateTime<Utc>,
    #[serde(rename = "for")]
    pub waits_for: WaitsFor,
    /// How many answers, failures or targets it is about.
    pub count: u32,
}

/// What a batch waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// It stopped after failures; `continue_batch` accepts them.
    Continue,
    /// Required answers are missing; `set_batch_intake` gives them.
    Answers,
    /// It is finished, and its flow asks for a sign-off.
    SignOff,
}
