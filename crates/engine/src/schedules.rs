//! Schedules: the rule of a flow, its registers, and its clock.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::{self, Calendars};
use crate::names::name_of;
use crate::policies::Policies;
use crate::scheduler::{Attempt, clock, whatever_fails_to_fire};
use crate::unreadable::{UNREADABLE_ACTIVE, require_readable, told};
use crate::{flows, target_lists};
use chrono::{DateTime, Utc};
use mf_contract::schedules::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::Invalid;
use mf_domain::flow::FlowType;
use mf_domain::ids::{ScheduleId, TargetListId};
use mf_domain::intake::{Answers, Completeness};
use mf_domain::recurrence::{Occurrence, Zone, zone_names};
use mf_domain::role::Role;
use mf_store::schedule_clocks::Clock;
use mf_store::schedules::{Limits, ListedSchedule, ScheduleRow};
use mf_store::{Connection, StoreError, Write, schedule_clocks, schedules};
use serde::Serialize;

/// How late an occurrence may run when the schedule does not say, in seconds.
pub(crate) const DEFAULT_GRACE: u32 = 3_600;
/// A week, in seconds.
const LONGEST_GRACE: u32 = 604_800;

pub(crate) fn grace(seconds: Option<u32>, default: u32) -> Result<u32, Invalid> {
    match seconds {
        None => Ok(default),
        Some(seconds) if seconds <= LONGEST_GRACE => Ok(seconds),
        Some(seconds) => Err(Invalid::new(
            "grace_seconds",
            format!("is {seconds}; at most {LONGEST_GRACE} (a week) are allowed"),
        )),
    }
}

pub(crate) fn answer(listed: ListedSchedule) -> Result<Schedule, EngineError> {
    let schedule = listed.schedule;
    let policies = Policies::of(&schedule)?;
    let (target_list_id, target_list_name) = listed.target_list.unzip();
    Ok(Schedule {
        id: schedule.id,
        flow_id: schedule.flow_id,
        flow_name: listed.flow_name,
        description: policies.description,
        recurrence: schedule.recurrence,
        timezone: schedule.timezone,
        target_list_id,
        target_list_name,
        misfire: policies.misfire,
        overlap: policies.overlap,
        grace_seconds: schedule.grace_seconds,
        windows: policies.windows,
        blackout_calendar_ids: policies.blackout_calendar_ids,
        on_blackout: policies.on_blackout,
        notify_before_minutes: schedule.limits.notify_before,
        notify_unfinished_at: schedule.limits.notify_unfinished_at,
        intake: schedule.intake,
        is_active: listed.is_active,
        next_run_at: listed.next_run_at.filter(|_| listed.is_active),
        last_run_at: listed.last_run_at,
        created_by: schedule.created_by,
        created_at: schedule.created_at,
        updated_at: schedule.updated_at,
    })
}

pub(crate) async fn require(conn: &mut Connection, id: ScheduleId) -> Result<ListedSchedule, EngineError> {
    let listed = schedules::get(conn, id).await.map_err(require_readable)?;
    listed.ok_or(EngineError::NotFound { what: "schedule", field: "id" })
}

/// Fails when another schedule of the flow is active.
pub(crate) async fn require_sole(conn: &mut Connection, of: &ScheduleRow) -> Result<(), EngineError> {
    let message = match schedules::of_flow(conn, of.flow_id).await?.into_iter().next() {
        Some(Ok(other)) if other.is_active && other.schedule.id != of.id => {
            "this flow has an active schedule already: change that one, or pause it first"
        }
        Some(Err(other)) if other.is_active && other.id != of.id => UNREADABLE_ACTIVE,
        _ => return Ok(()),
    };
    Err(EngineError::conflict("flow_id", message))
}

/// Checks what a schedule refers to: its flow, and what is given anew of its list and its answers. What it has stays: the
/// list may have been deleted since and the flow's form changed, and that is no reason to refuse a pause.
pub(crate) async fn check_references(
    conn: &mut Connection,
    row: &mut ScheduleRow,
    list: Option<TargetListId>,
    intake: Option<Answers>,
) -> Result<(), EngineError> {
    let flow = flows::require(conn, row.flow_id, "flow_id").await?;
    if flow.flow.flow_type != FlowType::Maintenance {
        let (name, have) = (flow.flow.name, flow.flow.flow_type);
        return Err(EngineError::WrongFlowType { name, have, needed: "maintenance" });
    }
    if let Some(intake) = intake {
        row.intake = flow.revision.intake_form.check(&intake, Completeness::MayBeMissing)?;
    }
    if let Some(list) = list {
        target_lists::require(conn, list, "target_list_id").await?;
    }
    Ok(())
}

impl Engine {
    pub(crate) async fn commit_schedule(
        &self,
        mut write: Write,
        id: ScheduleId,
    ) -> Result<Schedule, EngineError> {
        let reply = answer(require(write.conn(), id).await?)?;
        write.commit().await?;
        self.schedules_changed.notify_one();
        self.emit(Event::ScheduleChanged { flow_id: reply.flow_id });
        Ok(reply)
    }
}

/// The clock of a schedule whose rule is in force from `now` on.
pub(crate) async fn clock_from(
    conn: &mut Connection,
    row: &ScheduleRow,
    is_active: bool,
    now: DateTime<Utc>,
) -> Result<Clock, EngineError> {
    let clock = if is_active {
        clock::running(row, &Calendars::of(conn, [row]).await?.rule(row, now)?, now)
    } else {
        // Whatever its rule lacks is no reason to refuse a pause.
        clock::paused(row, now, now)
    };
    Ok(Clock { rule_since: Some(now), ..clock })
}

/// The clock of a schedule whose notices alone changed: what it has dealt with, and what waits, stays as it is. It is looked
/// at at once, for the notice of the next run may be due already.
pub(crate) async fn clock_for_notices(
    conn: &mut Connection,
    row: &ScheduleRow,
    now: DateTime<Utc>,
) -> Result<Option<Clock>, EngineError> {
    let Some(due) = schedule_clocks::one(conn, row.id).await? else { return Ok(None) };
    let through = due.checked_through;
    if !due.listed.is_active {
        return Ok(Some(clock::paused(row, through, now)));
    }
    let rule = Calendars::of(conn, [row]).await?.rule(row, due.rule_since)?;
    Ok(Some(Clock { look_at: Some(now), ..clock::running(row, &rule, through) }))
}

/// A limit as it is stored. What could not be written must not be stored as none.
pub(crate) fn json<T: Serialize>(column: &'static str, value: &T) -> Result<String, EngineError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unreadable { column }.into())
}

impl Handle<CreateSchedule> for Engine {
    async fn handle(&self, request: CreateSchedule) -> Result<Schedule, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let now = self.now();
        let mut row = ScheduleRow {
            id: self.new_id(),
            flow_id: request.flow_id,
            recurrence: request.recurrence,
            timezone: request.timezone.unwrap_or_else(|| "UTC".to_owned()),
            target_list_id: request.target_list_id,
            misfire: name_of(request.misfire.unwrap_or_default()),
            overlap: name_of(request.overlap.unwrap_or_default()),
            grace_seconds: grace(request.grace_seconds, DEFAULT_GRACE)?,
            limits: Limits {
                windows: json("windows", &request.windows)?,
                blackout_ids: json("blackout_ids", &request.blackout_calendar_ids)?,
                on_blackout: name_of(request.on_blackout.unwrap_or_default()),
                notify_before: request.notify_before_minutes,
                notify_unfinished_at: request.notify_unfinished_at,
            },
            intake: Answers::new(),
            created_by: Some(self.store.identity().member),
            created_at: now,
            updated_at: now,
        };
        check_references(write.conn(), &mut row, request.target_list_id, Some(request.intake)).await?;
        row.timezone = Zone::named(&row.timezone)?.name().to_owned();
        limits::check(write.conn(), &row, now).await?;
        let clock = clock_from(write.conn(), &row, true, now).await?;
        require_sole(write.conn(), &row).await?;
        schedules::put(&mut write, &row).await?;
        schedules::set_active(&mut write, row.flow_id, row.id).await?;
        schedule_clocks::put(&mut write, &[clock]).await?;
        self.commit_schedule(write, row.id).await
    }
}

impl Handle<GetScheduleForFlow> for Engine {
    async fn handle(&self, request: GetScheduleForFlow) -> Result<Option<Schedule>, EngineError> {
        let mut reader = self.read().await?;
        flows::require(&mut reader, request.flow_id, "flow_id").await?;
        let first = schedules::of_flow(&mut reader, request.flow_id).await?.into_iter().next();
        let readable = |listed: Result<ListedSchedule, schedules::UnreadableSchedule>| match listed {
            Ok(listed) => Policies::of(&listed.schedule).map_err(told).and_then(|_| answer(listed)),
            Err(unreadable) => Err(require_readable(unreadable.error)),
        };
        first.map(readable).transpose()
    }
}

impl Handle<ListSchedules> for Engine {
    async fn handle(&self, _: ListSchedules) -> Result<Vec<Schedule>, EngineError> {
        let listed = schedules::list(&mut *self.read().await?).await?;
        // One that cannot be read does not fire either, and must not hide the others: it is told by itself.
        let unreadable = |id: ScheduleId, error: &dyn std::fmt::Display| {
            tracing::warn!(schedule = %id, %error, "a schedule cannot be read");
        };
        let readable = listed.into_iter().filter_map(|schedule| match schedule {
            Ok(listed) => {
                let id = listed.schedule.id;
                answer(listed).inspect_err(|error| unreadable(id, error)).ok()
            }
            Err(it) => {
                unreadable(it.id, &it.error);
                None
            }
        });
        Ok(readable.collect())
    }
}

impl Handle<DeleteSchedule> for Engine {
    async fn handle(&self, request: DeleteSchedule) -> Result<Done, EngineError> {
        whatever_fails_to_fire(|attempt| self.delete_schedule(&request, attempt)).await
    }
}

impl Engine {
    async fn delete_schedule(&self, request: &DeleteSchedule, attempt: Attempt) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let now = self.now();
        // Also of one that cannot be read: nobody is to be kept from being rid of it.
        let missing = EngineError::NotFound { what: "schedule", field: "id" };
        let (flow_id, _) = schedules::flow_of(write.conn(), request.id).await?.ok_or(missing)?;
        let dealt_with = self.end_rules(&mut write, &[request.id], attempt, now).await?;
        schedule_clocks::stop(&mut write, request.id, now).await?;
        schedules::delete(&mut write, request.id, now).await?;
        write.commit().await?;
        self.tell_dealt_with(&dealt_with);
        self.schedules_changed.notify_one();
        self.emit(Event::ScheduleChanged { flow_id });
        Ok(Done {})
    }
}

pub(crate) fn previewed(occurrence: &Occurrence) -> PreviewedOccurrence {
    let seconds = occurrence.offset_seconds;
    let (sign, minutes) = if seconds < 0 { ('-', -seconds / 60) } else { ('+', seconds / 60) };
    PreviewedOccurrence {
        at: occurrence.at,
        local: occurrence.local.format("%Y-%m-%dT%H:%M").to_string(),
        offset: format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
        count: 1,
        remark: None,
        verdict: Verdict::Runs,
        starts_at: None,
        blackout: None,
    }
}

impl Handle<ListTimeZones> for Engine {
    async fn handle(&self, _: ListTimeZones) -> Result<Vec<String>, EngineError> {
        Ok(zone_names().into_iter().map(str::to_owned).collect())
    }
}

impl Handle<SchedulerTick> for Engine {
    async fn handle(&self, request: SchedulerTick) -> Result<TickReport, EngineError> {
        self.require(Role::Operator)?;
        let _pass = self.ports.gate.enter()?;
        self.hear_the_team_first().await;
        self.tick(request.now).await
    }
}
