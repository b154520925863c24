//! Commands about schedules, and the scheduler's own.

use crate::patch::Patch;
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, BlackoutCalendarId, FlowId, MemberId, MissedId, ScheduleId, TargetListId};
use mf_domain::intake::Answers;
use mf_domain::policy::{AllowedWindow, OnBlackout};
use mf_domain::recurrence::Recurrence;
use serde::{Deserialize, Serialize};

/// Makes a schedule, active at once. A second active one for the flow is a `conflict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSchedule {
    pub flow_id: FlowId,
    pub recurrence: Recurrence,
    /// IANA name; `UTC` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_list_id: Option<TargetListId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misfire: Option<Misfire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Overlap>,
    /// How late an occurrence may still run, in seconds; 0 to 604,800, 3,600 by default. A minute late is on time, however
    /// short it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_seconds: Option<u32>,
    /// The hours it may start in; none given: any.
    #[serde(default)]
    pub windows: Vec<AllowedWindow>,
    /// The calendars it keeps clear of.
    #[serde(default)]
    pub blackout_calendar_ids: Vec<BlackoutCalendarId>,
    /// What becomes of an occurrence in a blackout; `skip` by default. `move` is for schedules that come due at most 24
    /// times a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_blackout: Option<OnBlackout>,
    /// Tells of a run so many minutes before it; 1 to 10,080.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_before_minutes: Option<u32>,
    /// Tells of a run that is still open at this time of day, in the schedule's zone: `07:30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_unfinished_at: Option<String>,
    /// Answers every batch of this schedule starts with.
    #[serde(default)]
    pub intake: Answers,
}

/// What becomes of occurrences that came due while nobody was there to fire them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misfire {
    /// The latest within the grace runs, the others are recorded as missed.
    #[default]
    RunOnce,
    /// None of them runs. A minute late is on time.
    Skip,
    /// The latest within the grace waits for somebody to say whether it runs: see [`RunMissedOccurrence`] and
    /// [`SkipMissedOccurrence`].
    Ask,
}

/// What becomes of an occurrence while an earlier batch of its flow is still open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// It runs; the notice says how far the earlier one is.
    #[default]
    Allow,
    /// It is recorded as missed.
    Skip,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: ScheduleId,
    pub flow_id: FlowId,
    pub flow_name: String,
    pub recurrence: Recurrence,
    /// The recurrence in plain English, with its zone: `At 22:00 every Friday, New York time`.
    pub description: String,
    pub timezone: String,
    /// `None` also when the list was deleted.
    pub target_list_id: Option<TargetListId>,
    pub target_list_name: Option<String>,
    pub misfire: Misfire,
    pub overlap: Overlap,
    pub grace_seconds: u32,
    pub windows: Vec<AllowedWindow>,
    pub blackout_calendar_ids: Vec<BlackoutCalendarId>,
    pub on_blackout: OnBlackout,
    pub notify_before_minutes: Option<u32>,
    pub notify_unfinished_at: Option<String>,
    pub intake: Answers,
    /// False while paused, and for a schedule that lost to another one of the same flow.
    pub is_active: bool,
    pub next_run_at: Option<DateTime<Utc>>,
    pub last_run_at: Option<DateTime<Utc>>,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The schedule of a flow: the active one, else the one changed last, else `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetScheduleForFlow {
    pub flow_id: FlowId,
}

/// All schedules, by next run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSchedules {}

/// The schedules that [`ListSchedules`] leaves out because this release cannot read them, by the name of their flow. They do
/// not run. One is set anew by [`UpdateSchedule`], with its recurrence and whatever else cannot be read, or deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListUnreadableSchedules {
    /// Of this flow alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<FlowId>,
}

/// A schedule that this release cannot read: a newer one wrote it, or it refers to what is no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableSchedule {
    pub id: ScheduleId,
    pub flow_id: FlowId,
    pub flow_name: String,
    /// Whether it would run if it could be read.
    pub is_active: bool,
    /// What is wrong with it, as a sentence.
    pub problem: String,
}

/// Changes a schedule; what is left out stays. Before other runs start than before, or none, what is due is dealt with as a tick
/// would: within its grace it runs. While another process ticks and something is to start at this moment, that is a
/// `conflict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateSchedule {
    pub id: ScheduleId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// `null` takes the list off.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub target_list_id: Patch<TargetListId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misfire: Option<Misfire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Overlap>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<AllowedWindow>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blackout_calendar_ids: Option<Vec<BlackoutCalendarId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_blackout: Option<OnBlackout>,
    /// `null` takes the notice off.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub notify_before_minutes: Patch<u32>,
    /// `null` takes the notice off.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub notify_unfinished_at: Patch<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<Answers>,
    /// Pauses or resumes. Resuming beside another active schedule of the flow is a `conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

impl UpdateSchedule {
    /// An update that changes nothing yet.
    #[must_use]
    pub fn unchanged(id: ScheduleId) -> Self {
        Self {
            id,
            recurrence: None,
            timezone: None,
            target_list_id: Patch::Keep,
            misfire: None,
            overlap: None,
            grace_seconds: None,
            windows: None,
            blackout_calendar_ids: None,
            on_blackout: None,
            notify_before_minutes: Patch::Keep,
            notify_unfinished_at: Patch::Keep,
            intake: None,
            is_active: None,
        }
    }
}

/// Deletes a schedule; its batches stay. What is due is dealt with first, as of [`UpdateSchedule`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteSchedule {
    pub id: ScheduleId,
}

/// The next runs of a recurrence, by the very function that fires them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewSchedule {
    pub recurrence: Recurrence,
    pub timezone: String,
    /// Runs strictly after this instant; now by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<DateTime<Utc>>,
    /// How many runs that start are told; 1 to 10,000.
    pub count: u32,
    /// The stored schedule this is about, as long as it has this very rule: what waits for the day it was moved to is told,
    /// too, although it was due before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_id: Option<ScheduleId>,
    /// With windows or blackouts, the occurrences they keep from running are shown, too, neighbours with one verdict as one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<AllowedWindow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blackout_calendar_ids: Vec<BlackoutCalendarId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_blackout: Option<OnBlackout>,
}

/// What [`PreviewSchedule`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchedulePreview {
    /// As of [`Schedule`].
    pub description: String,
    pub occurrences: Vec<PreviewedOccurrence>,
    /// Why none of them will ever run, where none will, or none for years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never: Option<String>,
    /// Up to when was looked, where fewer runs start until then than were asked for and more may follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_until: Option<DateTime<Utc>>,
}

/// What windows and blackouts make of an occurrence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    #[default]
    Runs,
    /// It lies in a blackout and starts at another time.
    Moved,
    /// It would start at another time, but a later occurrence does and stands for it.
    Replaced,
    OutsideWindow,
    Blackout,
}

impl Verdict {
    fn is_runs(&self) -> bool {
        *self == Self::Runs
    }
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

/// One run to come, or neighbours that do not start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewedOccurrence {
    /// The instant; of several the first.
    pub at: DateTime<Utc>,
    /// How many occurrences this stands for; left out for one.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u32,
    /// Wall clock in the schedule's zone, `2026-12-08T22:00`.
    pub local: String,
    /// Offset of that wall clock, `+01:00`.
    pub offset: String,
    /// Where a change of the clocks moves this run, skips one before it, or makes its time come twice: `the clocks go
    /// forward at 02:00: runs at 03:00`. Left out on ordinary days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Left out where it runs at its own time.
    #[serde(default, skip_serializing_if = "Verdict::is_runs")]
    pub verdict: Verdict,
    /// When it starts instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// The blackout it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blackout: Option<String>,
}

/// The names of all time zones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTimeZones {}

/// What was due and did not run, newest first; at most 1,000. In a range a span with more than 60 of them is told day by
/// day, in its own zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListMissedOccurrences {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_id: Option<ScheduleId>,
    /// Due at or after this instant. Both ends of the range or neither; at most 400 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Due at or before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
}

/// Why an occurrence did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedReason {
    /// Nobody was there to fire it until its grace had passed.
    GracePassed,
    /// A later occurrence ran in its place, or is asked about in its place.
    Coalesced,
    /// The schedule was changed, paused or deleted before anyone fired it.
    ScheduleChanged,
    /// It could not be fired; the log says why.
    Failed,
    /// The application was not running when it was due; the schedule does not run what is late of its own accord.
    NotRunning,
    /// The application was running and did not look at the clock then: the computer was asleep, or its clock was set forward
    /// over it. Otherwise as [`Self::NotRunning`].
    Asleep,
    /// It was due, or would have started, outside the hours the schedule may start in.
    OutsideWindow,
    /// It was due, or would have started, within a blackout.
    Blackout,
    /// An earlier batch of the flow was still open.
    Overlap,
    /// The schedule was paused.
    Paused,
}

/// Why nobody was there when an occurrence was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// The application was not running.
    NotRunning,
    /// It was running and did not look at the clock then: the computer was asleep, or its clock was set forward over it.
    Asleep,
}

/// What was done about an occurrence that did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedOutcome {
    /// Nothing: it is recorded.
    None,
    /// A later occurrence stands for it.
    Replaced,
    /// The schedule's policy skipped it.
    Skipped,
    /// It waits for somebody to run or to skip it.
    Asked,
    /// Nobody answered within its grace.
    Unanswered,
    /// Somebody skipped it.
    Declined,
}

/// One occurrence that did not run, or several of a span in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedOccurrence {
    /// The span it belongs to.
    pub id: MissedId,
    pub schedule_id: ScheduleId,
    pub flow_id: FlowId,
    pub flow_name: String,
    /// The instant it was due; the newest of them for several.
    pub nominal: DateTime<Utc>,
    /// How many occurrences this line stands for: 1, all of a day, or all of the span.
    pub count: u32,
    pub reason: MissedReason,
    /// The name of the blackout, where that is the reason.
    pub detail: Option<String>,
    /// Why nobody was there, where nobody was.
    pub absence: Option<Absence>,
    pub outcome: MissedOutcome,
    /// Until when an answer is awaited.
    pub answer_by: Option<DateTime<Utc>>,
    pub recorded_at: DateTime<Utc>,
    /// Whether its schedule may start something at this moment: it is within its hours, in no blackout, and not left out
    /// beside a batch that is open. Otherwise `run_missed_occurrence` is refused.
    pub can_run: bool,
    /// How many occurrences the span holds; without a range spans are listed occurrence by occurrence up to the limit.
    pub span_count: u32,
}

/// Runs an occurrence that was missed after all: the very batch it would have made. Repeating it answers the same batch.
/// A person may do so however late it is, but not where the schedule may start nothing: outside its hours, in a blackout, and
/// with `overlap` at `skip` beside an open batch of the flow. Earlier occurrences that wait for an answer are replaced by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunMissedOccurrence {
    pub schedule_id: ScheduleId,
    /// The instant it was due.
    pub nominal: DateTime<Utc>,
}

/// Answers that an occurrence that is asked about does not run. Repeating it changes nothing; one that ran is a
/// `conflict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkipMissedOccurrence {
    pub schedule_id: ScheduleId,
    /// The instant it was due.
    pub nominal: DateTime<Utc>,
}

/// Runs the background tick once at an instant. Refused (`conflict`) while the window has the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchedulerTick {
    pub now: DateTime<Utc>,
}

/// What a tick did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickReport {
    pub fired: Vec<FiredSchedule>,
    /// Occurrences recorded as missed.
    pub missed: u64,
    /// Maintenance windows that changed status.
    pub transitions: u32,
}

/// A schedule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredSchedule {
    pub schedule_id: ScheduleId,
    pub batch_id: BatchId,
    /// Sessions created.
    pub count: u32,
}
