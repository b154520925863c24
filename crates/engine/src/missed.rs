//! Occurrences that did not run: listed one by one out of the spans they are stored as, and answered for.

use crate::batches::repeated;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows;
use crate::launch::{self, Launch, unassigned};
use crate::names::{name_of, named};
use crate::schedules::{occurrence_key, timetable};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::batches::LaunchedBatch;
use mf_contract::schedules::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::Invalid;
use mf_domain::batch::BatchOrigin;
use mf_domain::ids::{BatchId, ScheduleId};
use mf_domain::recurrence::Occurrence;
use mf_domain::role::Role;
use mf_domain::targets::Target;
use mf_store::batches::{BatchRow, FiredFor};
use mf_store::missed::{ListedSpan, MissedSpan};
use mf_store::schedules::ListedSchedule;
use mf_store::{Connection, batches, missed, notifications, schedule_clocks, schedules, target_lists};

/// Most missed occurrences one answer lists.
const MISSED_LIMIT: usize = 1_000;
const MOMENT: TimeDelta = TimeDelta::milliseconds(1);

/// What was done about a span, as of an instant. A word of a later release reads as nothing.
pub(crate) fn outcome(span: &MissedSpan, now: DateTime<Utc>) -> MissedOutcome {
    match named(&span.outcome).unwrap_or(MissedOutcome::None) {
        MissedOutcome::Asked if span.answer_by.is_some_and(|by| by < now) => MissedOutcome::Unanswered,
        stored => stored,
    }
}

impl Handle<ListMissedOccurrences> for Engine {
    async fn handle(&self, request: ListMissedOccurrences) -> Result<Vec<MissedOccurrence>, EngineError> {
        let now = self.now();
        let mut reader = self.read().await?;
        if let Some(id) = request.schedule_id {
            let missing = EngineError::NotFound { what: "schedule", field: "schedule_id" };
            schedules::get(&mut reader, id).await?.ok_or(missing)?;
        }
        let limit = u32::try_from(MISSED_LIMIT).unwrap_or(u32::MAX);
        let spans = missed::list(&mut reader, request.schedule_id, limit).await?;
        let mut listed: Vec<(BatchId, MissedOccurrence)> = Vec::new();
        for span in &spans {
            // Spans overlap in time: one that ends later may hold older occurrences than the next.
            let oldest = listed.get(MISSED_LIMIT - 1).map(|(_, missed)| missed.nominal);
            if oldest.is_some_and(|oldest| span.span.to <= oldest) {
                break;
            }
            match expanded(span, oldest, MISSED_LIMIT, now) {
                Ok(occurrences) => listed.extend(occurrences),
                Err(error) => {
                    tracing::error!(span = %span.span.id, %error, "missed occurrences cannot be listed")
                }
            }
            listed.sort_by_key(|(_, missed)| std::cmp::Reverse((missed.nominal, missed.id)));
            listed.truncate(MISSED_LIMIT);
        }
        // After a clock that was set back, what ran can come by again: its batch tells that it was not missed.
        let ids: Vec<BatchId> = listed.iter().map(|(id, _)| *id).collect();
        let ran = batches::existing(&mut reader, &ids).await?;
        Ok(listed.into_iter().filter(|(id, _)| !ran.contains(id)).map(|(_, missed)| missed).collect())
    }
}

/// The newest `room` occurrences of a span, later than `after`; each with the batch it would have made.
fn expanded(
    listed: &ListedSpan,
    after: Option<DateTime<Utc>>,
    room: usize,
    now: DateTime<Utc>,
) -> Result<Vec<(BatchId, MissedOccurrence)>, Invalid> {
    let span = &listed.span;
    let table = timetable(&span.recurrence, &span.timezone)?;
    let outcome = outcome(span, now);
    let just_before = span.from - MOMENT;
    let just_before = after.map_or(just_before, |after| after.max(just_before));
    // Widened until it holds enough: the span itself may hold a hundred thousand.
    let mut width = TimeDelta::hours(1);
    let start = loop {
        let start = (span.to - width).max(just_before);
        let held = table.due_between(start, span.to).map_or(0, |due| due.count);
        if start == just_before || held >= room as u64 {
            break start;
        }
        width = width * 2;
    };
    let all = table.expand(start, span.to, usize::MAX);
    Ok(all
        .iter()
        .rev()
        .take(room)
        .map(|occurrence| {
            let missed = MissedOccurrence {
                id: span.id,
                schedule_id: span.schedule_id,
                flow_id: listed.flow_id,
                flow_name: listed.flow_name.clone(),
                nominal: occurrence.at,
                // A reason of a later release reads as the plainest.
                reason: named(&span.reason).unwrap_or(MissedReason::Failed),
                absence: span.absence.as_deref().and_then(named),
                outcome,
                answer_by: span.answer_by,
                recorded_at: span.recorded_at,
                span_count: u32::try_from(span.count).unwrap_or(u32::MAX),
            };
            (occurrence_key(span.schedule_id, &span.timezone, occurrence).batch_id(), missed)
        })
        .collect())
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
        .await?
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

impl Handle<RunMissedOccurrence> for Engine {
    async fn handle(&self, request: RunMissedOccurrence) -> Result<LaunchedBatch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let found = find(write.conn(), request.schedule_id, request.nominal).await?;
        if let Some(earlier) = batches::get(write.conn(), found.batch).await? {
            return repeated(write.conn(), earlier).await;
        }
        flows::require(write.conn(), found.listed.schedule.flow_id, "schedule_id").await?;
        let list = found.listed.target_list.as_ref().map(|(id, _)| *id);
        let mut targets = target_lists::targets_of(write.conn(), list.as_slice()).await?;
        let targets = list.and_then(|id| targets.remove(&id)).unwrap_or_else(|| vec![unassigned()]);
        let now = self.now();
        let launch = launch_for(&found.listed, &found.span.timezone, &found.occurrence, &targets, now);
        launch::insert(&mut write, std::slice::from_ref(&launch)).await?;
        schedule_clocks::note_run(&mut write, request.schedule_id, found.occurrence.at).await?;
        notifications::answered(&mut write, found.span.id, now).await?;
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
        missed::set_outcome(&mut write, found.span.id, &name_of(MissedOutcome::Declined)).await?;
        notifications::answered(&mut write, found.span.id, self.now()).await?;
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
