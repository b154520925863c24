//! Changing a schedule. Each of its rows is written only where it changes: rows are what will be merged, and a pause must not
//! overrule what somebody else changed of the rule meanwhile.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits;
use crate::names::name_of;
use crate::scheduler::{Attempt, whatever_fails_to_fire};
use crate::schedules::{
    answer, check_references, clock_for_notices, clock_from, grace, json, require, require_sole,
};
use crate::unreadable::require_readable;
use chrono::{DateTime, Utc};
use mf_contract::Handle;
use mf_contract::schedules::*;
use mf_domain::ids::TargetListId;
use mf_domain::recurrence::Zone;
use mf_domain::role::Role;
use mf_store::schedules::{Limits, ListedSchedule, Registers, ScheduleRow};
use mf_store::{Connection, Write, schedule_clocks, schedules};

/// A schedule before and after an update.
struct Edit {
    before: ListedSchedule,
    /// What it was before cannot be read: whatever comes of the update is a change.
    is_anew: bool,
    after: ScheduleRow,
    is_active: bool,
}

impl Edit {
    /// The update as it was asked for; what it refers to is not checked yet.
    fn of((before, is_anew): (ListedSchedule, bool), request: &UpdateSchedule) -> Result<Self, EngineError> {
        let old = before.schedule.clone();
        let after = ScheduleRow {
            recurrence: request.recurrence.clone().unwrap_or(old.recurrence),
            timezone: request.timezone.clone().unwrap_or(old.timezone),
            target_list_id: request.target_list_id.clone().over(old.target_list_id),
            misfire: request.misfire.map_or(old.misfire, name_of),
            overlap: request.overlap.map_or(old.overlap, name_of),
            grace_seconds: grace(request.grace_seconds, old.grace_seconds)?,
            limits: Limits {
                windows: match &request.windows {
                    Some(windows) => json("windows", windows)?,
                    None => old.limits.windows,
                },
                blackout_ids: match &request.blackout_calendar_ids {
                    Some(ids) => json("blackout_ids", ids)?,
                    None => old.limits.blackout_ids,
                },
                on_blackout: request.on_blackout.map_or(old.limits.on_blackout, name_of),
                notify_before: request.notify_before_minutes.clone().over(old.limits.notify_before),
                notify_unfinished_at: request
                    .notify_unfinished_at
                    .clone()
                    .over(old.limits.notify_unfinished_at),
            },
            ..old
        };
        let is_active = request.is_active.unwrap_or(before.is_active);
        Ok(Self { before, is_anew, after, is_active })
    }

    /// Whether other runs start than before, or at other times.
    fn changes_the_rule(&self) -> bool {
        self.is_anew || !self.after.has_the_rule_of(&self.before.schedule)
    }

    fn changes_activity(&self) -> bool {
        self.is_active != self.before.is_active
    }

    fn changes_limits(&self) -> bool {
        self.after.limits != self.before.schedule.limits
    }

    fn changes_the_row(&self) -> bool {
        self.is_anew || self.after != self.before.schedule
    }
}

/// The schedule as it is, and whether its recurrence could not be read and is what the update sets.
async fn before(
    conn: &mut Connection,
    request: &UpdateSchedule,
) -> Result<(ListedSchedule, bool), EngineError> {
    match (require(conn, request.id).await, &request.recurrence) {
        (Err(EngineError::UnreadableSchedule { .. }), Some(recurrence)) => {
            let listed = schedules::under(conn, request.id, recurrence).await.map_err(require_readable)?;
            Ok((listed.ok_or(EngineError::NotFound { what: "schedule", field: "id" })?, true))
        }
        (listed, _) => Ok((listed?, false)),
    }
}

impl Handle<UpdateSchedule> for Engine {
    async fn handle(&self, request: UpdateSchedule) -> Result<Schedule, EngineError> {
        whatever_fails_to_fire(|attempt| self.update_schedule(&request, attempt)).await
    }
}

impl Engine {
    async fn update_schedule(
        &self,
        request: &UpdateSchedule,
        attempt: Attempt,
    ) -> Result<Schedule, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let now = self.now();
        let mut edit = Edit::of(before(write.conn(), request).await?, request)?;
        let list: Option<TargetListId> = request.target_list_id.clone().over(None);
        check_references(write.conn(), &mut edit.after, list, request.intake.clone()).await?;
        edit.after.timezone = Zone::named(&edit.after.timezone)?.name().to_owned();
        if edit.changes_the_rule() || edit.changes_limits() {
            limits::check(write.conn(), &edit.after, now).await?;
        }
        if !edit.changes_the_row() && !edit.changes_activity() {
            return answer(edit.before);
        }
        let (id, mut dealt_with) = (request.id, None);
        if edit.changes_the_rule() || edit.changes_activity() {
            let clock = clock_from(write.conn(), &edit.after, edit.is_active, now).await?;
            dealt_with = Some(self.end_rules(&mut write, &[id], attempt, now).await?);
            schedule_clocks::put(&mut write, &[clock]).await?;
        } else if edit.changes_limits() {
            let clock = clock_for_notices(write.conn(), &edit.after, now).await?;
            schedule_clocks::put(&mut write, clock.as_slice()).await?;
        }
        put(&mut write, &edit, now).await?;
        let reply = self.commit_schedule(write, id).await?;
        if let Some(dealt_with) = dealt_with {
            self.tell_dealt_with(&dealt_with);
        }
        Ok(reply)
    }
}

/// Writes the rows that the edit changes, and no other.
async fn put(write: &mut Write, edit: &Edit, now: DateTime<Utc>) -> Result<(), EngineError> {
    let (id, flow) = (edit.after.id, edit.after.flow_id);
    if edit.changes_activity() {
        let Registers { active, paused } = schedules::registers(write.conn(), flow, id).await?;
        if edit.is_active {
            require_sole(write.conn(), &edit.after).await?;
        }
        if edit.is_active && active != Some(id) {
            schedules::set_active(write, flow, id).await?;
        }
        if paused == edit.is_active {
            schedules::set_paused(write, id, !edit.is_active).await?;
        }
    }
    if edit.changes_the_row() {
        schedules::put(write, &ScheduleRow { updated_at: now, ..edit.after.clone() }).await?;
    }
    Ok(())
}
