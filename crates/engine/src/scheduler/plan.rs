//! What a due schedule amounts to at an instant: at most one firing, and the spans it missed. Pure.

use crate::names::name_of;
use crate::schedules::{occurrence_key, timetable};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::schedules::MissedReason;
use mf_domain::Invalid;
use mf_domain::ids::MissedId;
use mf_domain::occurrence::OccurrenceKey;
use mf_domain::recurrence::{Due, Occurrence};
use mf_store::missed::MissedSpan;
use mf_store::schedule_clocks::{Clock, DueSchedule};
use mf_store::schedules::ListedSchedule;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What to do about one schedule.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) listed: ListedSchedule,
    /// The occurrence to fire.
    pub(super) fire: Option<Occurrence>,
    /// What did not run, and why.
    pub(super) missed: Vec<MissedSpan>,
    /// The clock after it.
    pub(super) clock: Clock,
}

impl Plan {
    /// The identity of the occurrence to fire.
    pub(super) fn key(&self) -> Option<OccurrenceKey> {
        let schedule = &self.listed.schedule;
        self.fire.map(|occurrence| occurrence_key(schedule.id, &schedule.timezone, &occurrence))
    }

    /// The same schedule when firing it has failed: the occurrence is recorded as missed, and the next one stands.
    pub(super) fn failed(mut self, now: DateTime<Utc>) -> Self {
        if let Some(occurrence) = self.fire.take() {
            let due = Due { first: occurrence, latest: occurrence, count: 1 };
            self.missed.push(span(&self.listed, &due, MissedReason::Failed, now));
            self.clock.last_run_at = None;
        }
        self
    }
}

/// Missed spans are identified by what they say, so that recording one again changes nothing.
fn span(listed: &ListedSchedule, due: &Due, reason: MissedReason, now: DateTime<Utc>) -> MissedSpan {
    let reason = name_of(reason);
    let name =
        format!("missed|{}|{}|{reason}", due.first.at.timestamp_millis(), due.latest.at.timestamp_millis());
    MissedSpan {
        id: MissedId(Uuid::new_v5(&listed.schedule.id.0, name.as_bytes())),
        schedule_id: listed.schedule.id,
        recurrence: listed.schedule.recurrence.clone(),
        timezone: listed.schedule.timezone.clone(),
        from: due.first.at,
        to: due.latest.at,
        count: due.count,
        reason,
        recorded_at: now,
    }
}

/// Within the grace the latest occurrence runs and stands for the earlier ones; beyond it they are missed.
pub(super) fn plan(due: DueSchedule, now: DateTime<Utc>) -> Result<Plan, Invalid> {
    let DueSchedule { listed, checked_through } = due;
    let table = timetable(&listed.schedule.recurrence, &listed.schedule.timezone)?;
    let mut plan = Plan {
        clock: Clock {
            schedule_id: listed.schedule.id,
            next_run_at: table.next_after(now).map(|next| next.at),
            last_run_at: None,
            checked_through: now,
        },
        fire: None,
        missed: Vec::new(),
        listed,
    };
    if !plan.listed.is_active {
        plan.clock.next_run_at = None;
        return Ok(plan);
    }
    let grace = TimeDelta::seconds(i64::from(plan.listed.schedule.grace_seconds));
    // An occurrence exactly as old as the grace still runs.
    let oldest_running = (now - grace - TimeDelta::milliseconds(1)).max(checked_through);
    // A clock that was set back and put right again has passed times before there was a schedule.
    let since = checked_through.max(plan.listed.schedule.created_at);
    if let Some(late) = table.due_between(since, oldest_running) {
        plan.missed.push(span(&plan.listed, &late, MissedReason::GracePassed, now));
    }
    if let Some(timely) = table.due_between(oldest_running, now) {
        plan.fire = Some(timely.latest);
        plan.clock.last_run_at = Some(timely.latest.at);
        let before = timely.latest.at - TimeDelta::milliseconds(1);
        if let Some(coalesced) = table.due_between(oldest_running, before) {
            plan.missed.push(span(&plan.listed, &coalesced, MissedReason::Coalesced, now));
        }
    }
    Ok(plan)
}

/// What is left of a missed span when some of its occurrences ran after all, ahead of a clock that was set back since.
pub(super) fn without(span: MissedSpan, ran: &[DateTime<Utc>]) -> Result<Option<MissedSpan>, Invalid> {
    let ran: BTreeSet<DateTime<Utc>> =
        ran.iter().copied().filter(|at| (span.from..=span.to).contains(at)).collect();
    let Some(count) = span.count.checked_sub(ran.len() as u64).filter(|count| *count > 0) else {
        return Ok(None);
    };
    let table = timetable(&span.recurrence, &span.timezone)?;
    let moment = TimeDelta::milliseconds(1);
    let (mut from, mut to) = (span.from, span.to);
    while ran.contains(&from) {
        let Some(next) = table.next_after(from) else { return Ok(None) };
        from = next.at;
    }
    while ran.contains(&to) {
        let Some(before) = table.due_between(from - moment, to - moment) else { return Ok(None) };
        to = before.latest.at;
    }
    Ok(Some(MissedSpan { from, to, count, ..span }))
}

/// The clock of a schedule after the wall clock was set back to `now`.
pub(super) fn rewound(listed: &ListedSchedule, now: DateTime<Utc>) -> Result<Clock, Invalid> {
    let table = timetable(&listed.schedule.recurrence, &listed.schedule.timezone)?;
    Ok(Clock {
        schedule_id: listed.schedule.id,
        next_run_at: table.next_after(now).map(|next| next.at).filter(|_| listed.is_active),
        last_run_at: None,
        checked_through: now,
    })
}

/// What is left of a missed span that reaches beyond `now`: the part that has been.
pub(super) fn trimmed(span: &MissedSpan, now: DateTime<Utc>) -> Result<Option<MissedSpan>, Invalid> {
    let table = timetable(&span.recurrence, &span.timezone)?;
    let left = table.due_between(span.from - TimeDelta::milliseconds(1), now.min(span.to));
    Ok(left.map(|due| {
        let name = format!("trimmed|{}", due.latest.at.timestamp_millis());
        MissedSpan {
            id: MissedId(Uuid::new_v5(&span.id.0, name.as_bytes())),
            to: due.latest.at,
            count: due.count,
            ..span.clone()
        }
    }))
}
