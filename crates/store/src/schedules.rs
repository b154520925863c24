//! Tables `schedules`, `active_schedules` and `schedule_pauses`: the rule, and the two registers that say whether it
//! holds. A schedule is active when its flow's register names it, it is not paused, and the flow is not deleted.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{BlackoutCalendarId, FlowId, MemberId, RevisionId, ScheduleId, TargetListId};
use mf_domain::intake::Answers;
use mf_domain::recurrence::Recurrence;
use sqlx::sqlite::SqliteRow;

/// A schedule's rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    pub id: ScheduleId,
    pub flow_id: FlowId,
    pub recurrence: Recurrence,
    pub timezone: String,
    pub target_list_id: Option<TargetListId>,
    pub misfire: String,
    pub overlap: String,
    pub grace_seconds: u32,
    pub limits: Limits,
    pub intake: Answers,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// When a schedule may run, and what is told about its runs, as it is stored: what cannot be read must not hide the rule,
/// so that whoever fires can say what did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The hours it may start in, as JSON.
    pub windows: String,
    /// The blackout calendars it keeps clear of, as JSON.
    pub blackout_ids: String,
    pub on_blackout: String,
    /// Minutes before a run that it is told.
    pub notify_before: Option<u32>,
    /// The time of day at which a run that is still open is told.
    pub notify_unfinished_at: Option<String>,
}

impl Limits {
    /// Whether the same runs may start, whatever is told about them.
    #[must_use]
    pub fn allow_the_same(&self, other: &Self) -> bool {
        (&self.windows, &self.blackout_ids, &self.on_blackout)
            == (&other.windows, &other.blackout_ids, &other.on_blackout)
    }
}

impl ScheduleRow {
    /// Whether the same runs start at the same times.
    #[must_use]
    pub fn has_the_rule_of(&self, other: &Self) -> bool {
        self.recurrence == other.recurrence
            && self.timezone == other.timezone
            && self.limits.allow_the_same(&other.limits)
    }
}

/// A schedule with what belongs to showing or firing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSchedule {
    pub schedule: ScheduleRow,
    pub version: String,
    pub flow_name: String,
    /// The newest revision of its flow: what a firing pins.
    pub head: RevisionId,
    /// `None` when it names no list, or one that was deleted.
    pub target_list: Option<(TargetListId, String)>,
    pub is_active: bool,
    pub next_run_at: Option<DateTime<Utc>>,
    pub last_run_at: Option<DateTime<Utc>>,
}

pub(crate) fn read(row: &SqliteRow) -> Result<ListedSchedule, StoreError> {
    read_with(row, row.json("recurrence")?, row.json("intake")?)
}

/// Reads a row but for what may be of another release.
fn read_with(row: &SqliteRow, recurrence: Recurrence, intake: Answers) -> Result<ListedSchedule, StoreError> {
    let schedule = ScheduleRow {
        id: row.id("id")?,
        flow_id: row.id("flow_id")?,
        recurrence,
        timezone: row.text("timezone")?,
        target_list_id: row.maybe_id("target_list_id")?,
        misfire: row.text("misfire")?,
        overlap: row.text("overlap")?,
        grace_seconds: row.count("grace_seconds")?,
        limits: Limits {
            windows: row.text("windows")?,
            blackout_ids: row.text("blackout_ids")?,
            on_blackout: row.text("on_blackout")?,
            notify_before: row.maybe_int("notify_before")?.and_then(|minutes| minutes.try_into().ok()),
            notify_unfinished_at: row.maybe_text("notify_unfinished_at")?,
        },
        intake,
        created_by: row.maybe_id("created_by")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    };
    Ok(ListedSchedule {
        version: row.text("version")?,
        flow_name: row.text("flow_name")?,
        head: row.id("head_id")?,
        target_list: schedule.target_list_id.zip(row.maybe_text("target_list_name")?),
        is_active: row.int("is_active")? == 1,
        next_run_at: row.maybe_instant("next_run_at")?,
        last_run_at: row.maybe_instant("last_run_at")?,
        schedule,
    })
}

/// A schedule whose row this release cannot read: a newer one wrote it.
#[derive(Debug)]
pub struct UnreadableSchedule {
    pub id: ScheduleId,
    pub flow_id: FlowId,
    pub flow_name: String,
    pub is_active: bool,
    pub error: StoreError,
}

impl UnreadableSchedule {
    pub(crate) fn of(row: &SqliteRow, error: StoreError) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id("id")?,
            flow_id: row.id("flow_id")?,
            flow_name: row.text("flow_name")?,
            is_active: row.int("is_active")? == 1,
            error,
        })
    }
}

/// The id of a schedule, readable or not.
#[must_use]
pub fn id_of(listed: &Result<ListedSchedule, UnreadableSchedule>) -> ScheduleId {
    listed.as_ref().map_or_else(|unreadable| unreadable.id, |listed| listed.schedule.id)
}

/// Reads a row of many, so that one that cannot be read does not hide the others.
pub(crate) fn read_or_name(
    row: &SqliteRow,
) -> Result<Result<ListedSchedule, UnreadableSchedule>, StoreError> {
    read(row).map_or_else(|error| UnreadableSchedule::of(row, error).map(Err), |listed| Ok(Ok(listed)))
}

/// The columns of a [`ListedSchedule`] and the tables they come from.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT s.*, f.name AS flow_name, f.head_id, l.name AS target_list_name, c.next_run_at, c.last_run_at,
                (a.schedule_id IS s.id AND COALESCE(p.paused, 0) = 0 AND f.tombstone = 0) AS is_active
               FROM schedules AS s
               JOIN flows AS f ON f.id = s.flow_id
               LEFT JOIN active_schedules AS a ON a.id = s.flow_id AND a.tombstone = 0
               LEFT JOIN schedule_pauses AS p ON p.id = s.id AND p.tombstone = 0
               LEFT JOIN target_lists AS l ON l.id = s.target_list_id AND l.tombstone = 0
               LEFT JOIN schedule_clocks AS c ON c.schedule_id = s.id
              WHERE s.tombstone = 0 ",
            $rest
        )
    };
}
pub(crate) use listed;

/// One schedule.
pub async fn get(conn: &mut Connection, id: ScheduleId) -> Result<Option<ListedSchedule>, StoreError> {
    rows::one(conn, listed!("AND s.id = ?1"), id, read).await
}

/// One schedule under a recurrence that somebody sets anew, whatever cannot be read of the one it has. Answers of another
/// release are left out: they are asked again.
pub async fn under(
    conn: &mut Connection,
    id: ScheduleId,
    recurrence: &Recurrence,
) -> Result<Option<ListedSchedule>, StoreError> {
    let row = sqlx::query(listed!("AND s.id = ?1")).bind(id.to_string()).fetch_optional(conn).await?;
    row.map(|row| read_with(&row, recurrence.clone(), row.json("intake").unwrap_or_default())).transpose()
}

/// These schedules; those that are gone are left out.
pub async fn of_ids(
    conn: &mut Connection,
    ids: &[ScheduleId],
) -> Result<Vec<Result<ListedSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(listed!("AND s.id IN (SELECT value FROM json_each(?1))"))
        .bind(json_text("id", &ids)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(read_or_name).collect()
}

/// The schedules of a flow: the active one first, then by last change.
pub async fn of_flow(
    conn: &mut Connection,
    flow: FlowId,
) -> Result<Vec<Result<ListedSchedule, UnreadableSchedule>>, StoreError> {
    let rows =
        sqlx::query(listed!("AND s.flow_id = ?1 ORDER BY is_active DESC, s.updated_at DESC, s.id DESC"))
            .bind(flow.to_string())
            .fetch_all(conn)
            .await?;
    rows.iter().map(read_or_name).collect()
}

/// All schedules of flows that exist, by next run; those without one last.
pub async fn list(
    conn: &mut Connection,
) -> Result<Vec<Result<ListedSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(listed!(
        "AND f.tombstone = 0 ORDER BY c.next_run_at IS NULL, c.next_run_at, f.name COLLATE NOCASE, s.id"
    ))
    .fetch_all(conn)
    .await?;
    rows.iter().map(read_or_name).collect()
}

/// The schedules of flows that exist that keep clear of a blackout calendar, whether they are active or not.
pub async fn keeping_clear_of(
    conn: &mut Connection,
    calendar: BlackoutCalendarId,
) -> Result<Vec<Result<ListedSchedule, UnreadableSchedule>>, StoreError> {
    let rows = sqlx::query(listed!(
        "AND f.tombstone = 0 AND EXISTS (SELECT 1 FROM json_each(s.blackout_ids) AS b WHERE b.value = ?1)
          ORDER BY f.name COLLATE NOCASE, s.id"
    ))
    .bind(calendar.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(read_or_name).collect()
}

/// The zones of active schedules, each with the calendars kept clear of (JSON), once.
pub async fn kept_clear_of(conn: &mut Connection) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT DISTINCT timezone, blackout_ids FROM (",
        listed!("AND s.blackout_ids <> '[]'"),
        ") WHERE is_active = 1 ORDER BY timezone, blackout_ids"
    ))
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.text("timezone")?, row.text("blackout_ids")?))).collect()
}

/// When an active schedule may start runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    pub timezone: String,
    /// JSON.
    pub windows: String,
    pub flow_name: String,
}

/// The hours of active schedules that may not start runs at any hour.
pub async fn hours(conn: &mut Connection) -> Result<Vec<Hours>, StoreError> {
    let rows = sqlx::query(concat!(
        "SELECT timezone, windows, flow_name FROM (",
        listed!("AND s.windows <> '[]'"),
        ") WHERE is_active = 1"
    ))
    .fetch_all(conn)
    .await?;
    let hours = |row: &SqliteRow| {
        Ok(Hours {
            timezone: row.text("timezone")?,
            windows: row.text("windows")?,
            flow_name: row.text("flow_name")?,
        })
    };
    rows.iter().map(hours).collect()
}

/// Writes a schedule's rule, new or changed.
pub async fn put(write: &mut Write, schedule: &ScheduleRow) -> Result<(), StoreError> {
    let (team, version) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO schedules (id, team_id, version, flow_id, recurrence, timezone, target_list_id, misfire, overlap,
           grace_seconds, intake, created_by, created_at, updated_at, windows, blackout_ids, on_blackout, notify_before,
           notify_unfinished_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, recurrence = excluded.recurrence,
           timezone = excluded.timezone, target_list_id = excluded.target_list_id, misfire = excluded.misfire,
           overlap = excluded.overlap, grace_seconds = excluded.grace_seconds, intake = excluded.intake,
           updated_at = excluded.updated_at, windows = excluded.windows, blackout_ids = excluded.blackout_ids,
           on_blackout = excluded.on_blackout, notify_before = excluded.notify_before,
           notify_unfinished_at = excluded.notify_unfinished_at",
    )
    .bind(schedule.id.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(schedule.flow_id.to_string())
    .bind(json_text("recurrence", &schedule.recurrence)?)
    .bind(&schedule.timezone)
    .bind(schedule.target_list_id.map(|id| id.to_string()))
    .bind(&schedule.misfire)
    .bind(&schedule.overlap)
    .bind(i64::from(schedule.grace_seconds))
    .bind(json_text("intake", &schedule.intake)?)
    .bind(schedule.created_by.map(|id| id.to_string()))
    .bind(millis(schedule.created_at))
    .bind(millis(schedule.updated_at))
    .bind(&schedule.limits.windows)
    .bind(&schedule.limits.blackout_ids)
    .bind(&schedule.limits.on_blackout)
    .bind(schedule.limits.notify_before.map(i64::from))
    .bind(&schedule.limits.notify_unfinished_at)
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Marks a schedule as deleted.
pub async fn delete(write: &mut Write, id: ScheduleId, at: DateTime<Utc>) -> Result<(), StoreError> {
    rows::bury(
        write,
        "UPDATE schedules SET tombstone = 1, version = ?2, updated_at = ?3 WHERE id = ?1",
        id,
        at,
    )
    .await
}

/// The flow of a schedule, with its name: also of one whose row cannot be read.
pub async fn flow_of(conn: &mut Connection, id: ScheduleId) -> Result<Option<(FlowId, String)>, StoreError> {
    let flow = |row: &SqliteRow| Ok((row.id("id")?, row.text("name")?));
    rows::one(
        conn,
        "SELECT f.id, f.name FROM schedules AS s JOIN flows AS f ON f.id = s.flow_id
          WHERE s.id = ?1 AND s.tombstone = 0",
        id,
        flow,
    )
    .await
}

/// What the registers say about a schedule and its flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registers {
    /// The schedule that the flow's register names.
    pub active: Option<ScheduleId>,
    /// Whether the schedule is paused.
    pub paused: bool,
}

/// The registers of a schedule.
pub async fn registers(
    conn: &mut Connection,
    flow: FlowId,
    schedule: ScheduleId,
) -> Result<Registers, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT schedule_id FROM active_schedules WHERE id = ?1 AND tombstone = 0) AS active,
           COALESCE((SELECT paused FROM schedule_pauses WHERE id = ?2 AND tombstone = 0), 0) AS paused",
    )
    .bind(flow.to_string())
    .bind(schedule.to_string())
    .fetch_one(conn)
    .await?;
    Ok(Registers { active: row.maybe_id("active")?, paused: row.int("paused")? == 1 })
}

/// Makes `schedule` the one its flow's register names.
pub async fn set_active(write: &mut Write, flow: FlowId, schedule: ScheduleId) -> Result<(), StoreError> {
    let (team, version) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO active_schedules (id, team_id, version, schedule_id) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, schedule_id = excluded.schedule_id, tombstone = 0",
    )
    .bind(flow.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(schedule.to_string())
    .execute(write.conn())
    .await?;
    Ok(())
}

/// Pauses a schedule, or takes the pause off.
pub async fn set_paused(write: &mut Write, schedule: ScheduleId, paused: bool) -> Result<(), StoreError> {
    let (team, version) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO schedule_pauses (id, team_id, version, paused) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, paused = excluded.paused, tombstone = 0",
    )
    .bind(schedule.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(paused)
    .execute(write.conn())
    .await?;
    Ok(())
}
