//! Occurrences that did not run, answered for: run after all, or skipped.

use crate::batches::repeated;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows;
use crate::launch::{self, Launch, unassigned};
use crate::limits::Calendars;
use crate::names::{name_of, named};
use crate::stored_rule::{occurrence_key, overlap, timetable};
use crate::unreadable::require_readable;
use chrono::{DateTime, Utc};
use mf_contract::batches::LaunchedBatch;
use mf_contract::schedules::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::batch::BatchOrigin;
use mf_domain::ids::{BatchId, ScheduleId};
use mf_domain::policy::Blocked;
use mf_domain::recurrence::{MOMENT, Occurrence};
use mf_domain::role::Role;
use mf_domain::targets::Target;
use mf_store::batches::{BatchRow, FiredFor};
use mf_store::missed::MissedSpan;
use mf_store::schedules::{ListedSchedule, ScheduleRow};
use mf_store::{Connection, Write, batches, missed, notifications, schedule_clocks, schedules, target_lists};

/// What was done about a span, as of an instant. A word of a later release reads as nothing.
pub(crate) fn outcome(span: &MissedSpan, now: DateTime<Utc>) -> MissedOutcome {
    match named(&span.outcome).unwrap_or(MissedOutcome::None) {
        MissedOutcome::Asked if span.answer_by.is_some_and(|by| by < now) => MissedOutcome::Unanswered,
        stored => stored,
    }
}

/// The batch of an occurrence, whoever makes it, and whenever.
pub(crate) fn launch_for(
    listed: &ListedSchedule,
    zone: &str,
    occurrence: &Occurrence,
    targets: &[Target],
    now: DateTime<Utc>,
) -> Launch {
    let schedule = &listed.schedule;
    let key = occurrence_key(schedule.id, zone, occurrence);
    let batch = BatchRow {
        id: key.batch_id(),
        flow_id: schedule.flow_id,
        revision_id: listed.head,
        origin: BatchOrigin::Schedule,
        intake: schedule.intake.clone(),
        fired_for: Some(FiredFor {
            schedule_id: schedule.id,
            schedule_version: listed.version.clone(),
            zone: key.zone,
            nominal_local: key.nominal.format("%Y-%m-%dT%H:%M").to_string(),
            fold: key.fold,
            scheduled_for: occurrence.at,
        }),
        target_list_id: listed.target_list.as_ref().map(|(id, _)| *id),
        retry_of: None,
        created_by: schedule.created_by,
        launched_at: now,
    };
    Launch::new(batch, targets)
}

/// The batch that the first occurrence of a span makes when it runs; none when its rule cannot be read.
pub(crate) fn batch_of(span: &MissedSpan) -> Option<BatchId> {
    let table = timetable(&span.recurrence, &span.timezone).ok()?;
    let occurrence = table.next_after(span.from - MOMENT)?;
    Some(occurrence_key(span.schedule_id, &span.timezone, &occurrence).batch_id())
}

/// A missed occurrence that a request names, with the span it is recorded in.
struct Found {
    listed: ListedSchedule,
    span: MissedSpan,
    occurrence: Occurrence,
    batch: BatchId,
}

async fn find(
    conn: &mut Connection,
    schedule_id: ScheduleId,
    nominal: DateTime<Utc>,
) -> Result<Found, EngineError> {
    let listed = schedules::get(conn, schedule_id)
        .await
        .map_err(require_readable)?
        .ok_or(EngineError::NotFound { what: "schedule", field: "schedule_id" })?;
    for span in missed::around(conn, schedule_id, nominal).await? {
        let table = timetable(&span.recurrence, &span.timezone)?;
        if let Some(occurrence) = table.next_after(nominal - MOMENT).filter(|found| found.at == nominal) {
            let batch = occurrence_key(schedule_id, &span.timezone, &occurrence).batch_id();
            return Ok(Found { listed, span, occurrence, batch });
        }
    }
    Err(EngineError::NotFound { what: "missed occurrence", field: "nominal" })
}

/// Nothing of a schedule starts outside its windows or in a blackout, late or not, whoever says so.
async fn refuse_when_closed(
    conn: &mut Connection,
    schedule: &ScheduleRow,
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let rule = Calendars::of(conn, [schedule]).await?.rule(schedule, now)?;
    match rule.blocks(now) {
        None => Ok(()),
        Some(Blocked::OutsideWindow) => {
            let message = "this schedule may not start anything at this hour: launch a batch by hand instead";
            Err(EngineError::conflict("nominal", message))
        }
        Some(Blocked::Blackout(name)) => {
            let message = format!("now is a blackout ({name}): launch a batch by hand instead");
            Err(EngineError::conflict("nominal", message))
        }
    }
}

/// A schedule that is left out beside an open batch is so, too, when a person starts it late.
async fn refuse_beside_an_open_one(conn: &mut Connection, schedule: &ScheduleRow) -> Result<(), EngineError> {
    if overlap(schedule)? == Overlap::Allow {
        return Ok(());
    }
    match batches::open_of_flows(conn, &[schedule.flow_id]).await?.get(&schedule.flow_id) {
        None => Ok(()),
        Some(open) => {
            let message =
                format!("an earlier run is still open, {}: finish or cancel it first", open.words());
            Err(EngineError::conflict("nominal", message))
        }
    }
}

/// Questions about occurrences that a later one, which runs now, stands for: they are replaced, and no longer asked.
pub(crate) async fn replace_asked(
    write: &mut Write,
    ran: &[(ScheduleId, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let (asked, replaced) = (name_of(MissedOutcome::Asked), name_of(MissedOutcome::Replaced));
    let spans = missed::waiting_before(write.conn(), ran, &asked, now).await?;
    missed::set_outcome(write, &spans, &replaced).await?;
    notifications::answered(write, &spans, now).await?;
    Ok(())
}

impl Handle<RunMissedOccurrence> for Engine {
    async fn handle(&self, request: RunMissedOccurrence) -> Result<LaunchedBatch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let found = find(write.conn(), request.schedule_id, request.nominal).await?;
        if let Some(earlier) = batches::get(write.conn(), found.batch).await? {
            return repeated(write.conn(), earlier).await;
        }
        flows::require(write.conn(), found.listed.schedule.flow_id, "schedule_id").await?;
        let now = self.now();
        refuse_when_closed(write.conn(), &found.listed.schedule, now).await?;
        refuse_beside_an_open_one(write.conn(), &found.listed.schedule).await?;
        let list = found.listed.target_list.as_ref().map(|(id, _)| *id);
        let mut targets = target_lists::targets_of(write.conn(), list.as_slice()).await?;
        let targets = list.and_then(|id| targets.remove(&id)).unwrap_or_else(|| vec![unassigned()]);
        let launch = launch_for(&found.listed, &found.span.timezone, &found.occurrence, &targets, now);
        launch::insert(&mut write, std::slice::from_ref(&launch)).await?;
        schedule_clocks::note_run(&mut write, request.schedule_id, found.occurrence.at).await?;
        notifications::answered(&mut write, &[found.span.id], now).await?;
        replace_asked(&mut write, &[(request.schedule_id, found.occurrence.at)], now).await?;
        write.commit().await?;
        self.tell_answered(&found, Some(found.batch));
        Ok(launch.reply())
    }
}

impl Handle<SkipMissedOccurrence> for Engine {
    async fn handle(&self, request: SkipMissedOccurrence) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let found = find(write.conn(), request.schedule_id, request.nominal).await?;
        if batches::get(write.conn(), found.batch).await?.is_some() {
            return Err(EngineError::conflict(
                "nominal",
                "this occurrence ran already: cancel its batch instead",
            ));
        }
        // Nobody waits for an answer about the others: they are skipped as it is.
        if named(&found.span.outcome) != Some(MissedOutcome::Asked) {
            return Ok(Done {});
        }
        missed::set_outcome(&mut write, &[found.span.id], &name_of(MissedOutcome::Declined)).await?;
        notifications::answered(&mut write, &[found.span.id], self.now()).await?;
        write.commit().await?;
        self.tell_answered(&found, None);
        Ok(Done {})
    }
}

impl Engine {
    fn tell_answered(&self, found: &Found, batch: Option<BatchId>) {
        let flow_id = found.listed.schedule.flow_id;
        if let Some(batch_id) = batch {
            self.emit(Event::BatchChanged { batch_id, flow_id });
        }
        self.emit(Event::ScheduleChanged { flow_id });
        self.emit(Event::NotificationsChanged);
    }
}
