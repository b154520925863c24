//! What was due and did not run, listed: occurrence by occurrence, in a range day by day, or one line for each span.

use crate::days::{ONE_BY_ONE, RANGE_MAX, days};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::missed::outcome;
use crate::names::{name_of, named};
use crate::scheduler::kept_by_pause;
use crate::stored_rule::{occurrence_key, overlap, timetable};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::Handle;
use mf_contract::schedules::{ListMissedOccurrences, MissedOccurrence, MissedReason, Overlap};
use mf_domain::Invalid;
use mf_domain::ids::{BatchId, FlowId, ScheduleId};
use mf_domain::recurrence::{Due, MOMENT, Occurrence};
use mf_store::missed::{self, ListedSpan};
use mf_store::schedules::ScheduleRow;
use mf_store::{Connection, batches, schedule_clocks, schedules};
use std::collections::BTreeSet;

/// Most lines one answer has.
const LIMIT: usize = 1_000;

impl Handle<ListMissedOccurrences> for Engine {
    async fn handle(&self, request: ListMissedOccurrences) -> Result<Vec<MissedOccurrence>, EngineError> {
        let now = self.now();
        let mut reader = self.read().await?;
        if let Some(id) = request.schedule_id {
            let missing = EngineError::NotFound { what: "schedule", field: "schedule_id" };
            schedules::flow_of(&mut reader, id).await?.ok_or(missing)?;
        }
        let limit = u32::try_from(LIMIT).unwrap_or(u32::MAX);
        let running = running_pauses(&mut reader, request.schedule_id, now).await?;
        let listed = match range(&request)? {
            Some((from, to)) => {
                let mut spans =
                    missed::overlapping(&mut reader, request.schedule_id, from, to, limit).await?;
                let overlaps = |span: &&ListedSpan| span.span.to >= from && span.span.from <= to;
                add(&mut spans, running.iter().filter(overlaps).cloned());
                listed(&spans, |span, _| within(span, from, to, now))
            }
            None => {
                let mut spans = missed::list(&mut reader, request.schedule_id, limit).await?;
                add(&mut spans, running.iter().cloned());
                listed(&spans, |span, oldest| newest(span, oldest, LIMIT, now))
            }
        };
        let mut missed = that_did_not_run(&mut reader, listed).await?;
        say_which_can_run(&mut reader, &mut missed, now).await?;
        // What is not recorded yet cannot be answered for.
        let recorded = |line: &MissedOccurrence| running.iter().all(|span| span.span.id != line.id);
        for line in missed.iter_mut().filter(|line| !recorded(line)) {
            line.can_run = false;
        }
        Ok(missed)
    }
}

/// What the pauses that are going on have kept from running so far. It is recorded when they end.
async fn running_pauses(
    conn: &mut Connection,
    schedule: Option<ScheduleId>,
    now: DateTime<Utc>,
) -> Result<Vec<ListedSpan>, EngineError> {
    let paused: Vec<_> = schedule_clocks::paused(conn, schedule).await?.into_iter().flatten().collect();
    let calendars = Calendars::of(conn, paused.iter().map(|due| &due.listed.schedule)).await?;
    let spans = paused.iter().flat_map(|due| {
        let (flow_id, flow_name) = (due.listed.schedule.flow_id, &due.listed.flow_name);
        let listed = move |span| ListedSpan { span, flow_id, flow_name: flow_name.clone() };
        kept_by_pause(due, &calendars, now).into_iter().map(listed)
    });
    Ok(spans.collect())
}

/// Adds spans to others that come newest first.
fn add(spans: &mut Vec<ListedSpan>, more: impl Iterator<Item = ListedSpan>) {
    spans.extend(more);
    spans.sort_by_key(|span| std::cmp::Reverse((span.span.to, span.span.id)));
    spans.truncate(LIMIT);
}

/// Both ends belong to it.
type Range = (DateTime<Utc>, DateTime<Utc>);

fn range(request: &ListMissedOccurrences) -> Result<Option<Range>, Invalid> {
    let (from, to) = match (request.from, request.to) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => (from, to),
        (None, Some(_)) => return Err(Invalid::new("from", "is missing: give both ends of the range")),
        (Some(_), None) => return Err(Invalid::new("to", "is missing: give both ends of the range")),
    };
    if to < from {
        return Err(Invalid::new("to", "must not be before `from`"));
    }
    if to - from > TimeDelta::days(RANGE_MAX) {
        return Err(Invalid::new("to", format!("must be at most {RANGE_MAX} days after `from`")));
    }
    Ok(Some((from, to)))
}

/// A line, with the batch its occurrence would have made.
type Line = (BatchId, MissedOccurrence);

/// The newest lines of spans that come newest first. `told` is given the oldest instant that still counts.
fn listed(
    spans: &[ListedSpan],
    told: impl Fn(&ListedSpan, Option<DateTime<Utc>>) -> Result<Vec<Line>, Invalid>,
) -> Vec<Line> {
    let mut listed: Vec<Line> = Vec::new();
    for span in spans {
        // Spans overlap in time: one that ends later may hold older occurrences than the next.
        let oldest = listed.get(LIMIT - 1).map(|(_, missed)| missed.nominal);
        if oldest.is_some_and(|oldest| span.span.to <= oldest) {
            break;
        }
        match told(span, oldest) {
            Ok(lines) => listed.extend(lines),
            Err(error) => {
                tracing::error!(span = %span.span.id, %error, "missed occurrences cannot be listed");
            }
        }
        listed.sort_by_key(|(batch, missed)| {
            std::cmp::Reverse((missed.nominal, *batch, missed.recorded_at, missed.id))
        });
        // A moved run can be missed twice, when the clock is set back between its own time and the new one.
        listed.dedup_by(|(later, a), (batch, b)| later == batch && a.count == 1 && b.count == 1);
        listed.truncate(LIMIT);
    }
    listed
}

/// After a clock that was set back, what ran can come by again: its batch tells that it was not missed.
async fn that_did_not_run(
    conn: &mut Connection,
    listed: Vec<Line>,
) -> Result<Vec<MissedOccurrence>, EngineError> {
    let ids: Vec<BatchId> = listed.iter().map(|(id, _)| *id).collect();
    let ran = batches::existing(conn, &ids).await?;
    let missed = |(id, missed): Line| (missed.count > 1 || !ran.contains(&id)).then_some(missed);
    Ok(listed.into_iter().filter_map(missed).collect())
}

/// By the rule that running one asks. A schedule that is gone, or that this release cannot read, starts nothing.
async fn say_which_can_run(
    conn: &mut Connection,
    missed: &mut [MissedOccurrence],
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let ids: BTreeSet<ScheduleId> = missed.iter().map(|line| line.schedule_id).collect();
    let found = schedules::of_ids(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    let found: Vec<ScheduleRow> = found.into_iter().flatten().map(|listed| listed.schedule).collect();
    let calendars = Calendars::of(conn, &found).await?;
    let exclusive = |schedule: &&ScheduleRow| overlap(schedule).is_ok_and(|overlap| overlap == Overlap::Skip);
    let flows: Vec<FlowId> = found.iter().filter(exclusive).map(|schedule| schedule.flow_id).collect();
    let busy = batches::open_of_flows(conn, &flows).await?;
    let free = |schedule: &ScheduleRow| {
        let may_start = calendars.rule(schedule, now).is_ok_and(|rule| rule.blocks(now).is_none());
        (may_start && !busy.contains_key(&schedule.flow_id)).then_some(schedule.id)
    };
    let open: BTreeSet<ScheduleId> = found.iter().filter_map(free).collect();
    for line in missed {
        line.can_run = open.contains(&line.schedule_id);
    }
    Ok(())
}

/// One line for each span with an occurrence after `since`, newest first. A pause is no surprise to whoever paused.
pub(crate) async fn spans_since(
    conn: &mut Connection,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<MissedOccurrence>, EngineError> {
    let most = u32::try_from(LIMIT).unwrap_or(u32::MAX);
    let mut spans = missed::list(conn, None, most).await?;
    let paused = name_of(MissedReason::Paused);
    spans.retain(|span| span.span.to > since && span.span.reason != paused);
    let listed = listed(&spans, |span, _| {
        let mut lines = newest(span, Some(since), 1, now)?;
        for (_, line) in &mut lines {
            line.count = line.span_count;
        }
        Ok(lines)
    });
    let mut missed = that_did_not_run(conn, listed).await?;
    missed.truncate(limit);
    say_which_can_run(conn, &mut missed, now).await?;
    Ok(missed)
}

fn line(listed: &ListedSpan, occurrence: &Occurrence, count: u64, now: DateTime<Utc>) -> Line {
    let span = &listed.span;
    let missed = MissedOccurrence {
        id: span.id,
        schedule_id: span.schedule_id,
        flow_id: listed.flow_id,
        flow_name: listed.flow_name.clone(),
        nominal: occurrence.at,
        count: u32::try_from(count).unwrap_or(u32::MAX),
        // A reason of a later release reads as the plainest.
        reason: named(&span.reason).unwrap_or(MissedReason::Failed),
        detail: span.detail.clone(),
        absence: span.absence.as_deref().and_then(named),
        outcome: outcome(span, now),
        answer_by: span.answer_by,
        recorded_at: span.recorded_at,
        // Until it is known: see `say_which_can_run`.
        can_run: false,
        span_count: u32::try_from(span.count).unwrap_or(u32::MAX),
    };
    (occurrence_key(span.schedule_id, &span.timezone, occurrence).batch_id(), missed)
}

/// What a span has in a range: one by one, or day by day where they are many.
fn within(
    listed: &ListedSpan,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Line>, Invalid> {
    let span = &listed.span;
    let table = timetable(&span.recurrence, &span.timezone)?;
    let (after, until) = (span.from.max(from) - MOMENT, span.to.min(to));
    let Some(all) = table.due_between(after, until) else { return Ok(Vec::new()) };
    if all.count > ONE_BY_ONE {
        let day = |day: Due| line(listed, &day.latest, day.count, now);
        return Ok(days(&table, after, until).into_iter().map(day).collect());
    }
    Ok(table
        .expand(after, until, usize::MAX)
        .iter()
        .map(|occurrence| line(listed, occurrence, 1, now))
        .collect())
}

/// The newest `room` occurrences of a span, later than `after`.
fn newest(
    listed: &ListedSpan,
    after: Option<DateTime<Utc>>,
    room: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Line>, Invalid> {
    let span = &listed.span;
    let table = timetable(&span.recurrence, &span.timezone)?;
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
    Ok(all.iter().rev().take(room).map(|occurrence| line(listed, occurrence, 1, now)).collect())
}
