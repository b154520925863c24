//! What a due schedule amounts to at an instant: at most one firing, and the spans it missed. Pure.

use crate::names::{name_of, named};
use crate::schedules::{misfire, occurrence_key, overlap, timetable};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::schedules::{Absence, Misfire, MissedOutcome, MissedReason, Overlap};
use mf_domain::Invalid;
use mf_domain::ids::MissedId;
use mf_domain::occurrence::OccurrenceKey;
use mf_domain::recurrence::{Due, Occurrence, Timetable};
use mf_store::missed::MissedSpan;
use mf_store::schedule_clocks::{Clock, DueSchedule};
use mf_store::schedules::ListedSchedule;
use std::collections::BTreeSet;
use uuid::Uuid;

/// An occurrence at most this late is on time, whatever the schedule's policy: a tick may come half a minute after it.
const ON_TIME: TimeDelta = TimeDelta::seconds(60);
const MOMENT: TimeDelta = TimeDelta::milliseconds(1);

/// What to do about one schedule.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) listed: ListedSchedule,
    /// The occurrence to fire.
    pub(super) fire: Option<Occurrence>,
    /// What did not run, why, and what is done about it.
    pub(super) missed: Vec<MissedSpan>,
    /// The clock after it.
    pub(super) clock: Clock,
    /// Whether an open batch of the flow keeps it from running.
    pub(super) overlap: Overlap,
}

impl Plan {
    /// The identity of the occurrence to fire.
    pub(super) fn key(&self) -> Option<OccurrenceKey> {
        let schedule = &self.listed.schedule;
        self.fire.map(|occurrence| occurrence_key(schedule.id, &schedule.timezone, &occurrence))
    }

    /// The spans that wait for an answer.
    pub(super) fn asked(&self) -> impl Iterator<Item = &MissedSpan> {
        self.missed.iter().filter(|span| named(&span.outcome) == Some(MissedOutcome::Asked))
    }

    /// Whether it would make a batch, at once or when somebody says so.
    pub(super) fn wants_to_run(&self) -> bool {
        self.fire.is_some() || self.asked().next().is_some()
    }

    /// The same schedule when firing it has failed: the occurrence is recorded as missed, and the next one stands.
    pub(super) fn failed(mut self, now: DateTime<Utc>) -> Self {
        self.give_up(MissedReason::Failed, now);
        self
    }

    /// The same schedule while an earlier batch is open and it must not run beside it. What its run would have stood for
    /// is missed for the same reason.
    pub(super) fn give_way(&mut self, now: DateTime<Utc>) {
        self.give_up(MissedReason::Overlap, now);
        for span in &mut self.missed {
            if matches!(named(&span.outcome), Some(MissedOutcome::Asked | MissedOutcome::Replaced)) {
                *span = MissedSpan {
                    reason: name_of(MissedReason::Overlap),
                    outcome: name_of(MissedOutcome::None),
                    answer_by: None,
                    ..span.clone()
                };
            }
        }
    }

    fn give_up(&mut self, reason: MissedReason, now: DateTime<Utc>) {
        if let Some(occurrence) = self.fire.take() {
            let due = Due { first: occurrence, latest: occurrence, count: 1 };
            self.missed.push(span(&self.listed, &due, reason, now));
            self.clock.last_run_at = None;
        }
    }

    /// Leaves out what somebody said is not to run.
    pub(super) fn leave_out(&mut self, declined: &[DateTime<Utc>]) {
        if self.fire.is_some_and(|occurrence| declined.contains(&occurrence.at)) {
            self.fire = None;
            self.clock.last_run_at = None;
        }
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
        absence: None,
        outcome: name_of(MissedOutcome::None),
        answer_by: None,
        recorded_at: now,
    }
}

/// One schedule being planned at an instant.
struct Planning {
    table: Timetable,
    plan: Plan,
    grace: TimeDelta,
    now: DateTime<Utc>,
    /// Since when the scheduler of this process runs, if it does.
    running_since: Option<DateTime<Utc>>,
}

impl Planning {
    fn record(&mut self, due: &Due, reason: MissedReason, outcome: MissedOutcome) -> &mut MissedSpan {
        let at = self.plan.missed.len();
        self.plan
            .missed
            .push(MissedSpan { outcome: name_of(outcome), ..span(&self.plan.listed, due, reason, self.now) });
        &mut self.plan.missed[at]
    }

    /// Why nobody was there at an instant: this process was not there yet, or it was and the computer slept.
    fn absence(&self, at: DateTime<Utc>) -> Absence {
        if self.running_since.is_some_and(|since| at >= since) {
            Absence::Asleep
        } else {
            Absence::NotRunning
        }
    }

    /// Records what came due in `after < at <= until` while nobody was there; `reason` by why that was.
    fn record_late(
        &mut self,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
        outcome: MissedOutcome,
        reason: fn(Absence) -> MissedReason,
    ) {
        let start = self.running_since.map(|since| since - MOMENT);
        let split = start.filter(|start| (after..until).contains(start)).unwrap_or(until);
        for (after, until) in [(after, split), (split, until)] {
            if let Some(due) = self.table.due_between(after, until) {
                let absence = self.absence(due.first.at);
                self.record(&due, reason(absence), outcome).absence = Some(name_of(absence));
            }
        }
    }

    /// Fires the latest of what came due after an instant; it stands for the earlier ones since `replaced_after`.
    fn fire_latest(&mut self, after: DateTime<Utc>, replaced_after: DateTime<Utc>) -> bool {
        let Some(due) = self.table.due_between(after, self.now) else { return false };
        self.plan.fire = Some(due.latest);
        self.plan.clock.last_run_at = Some(due.latest.at);
        self.record_replaced(replaced_after, due.latest.at);
        true
    }

    fn record_replaced(&mut self, after: DateTime<Utc>, by: DateTime<Utc>) {
        if let Some(replaced) = self.table.due_between(after, by - MOMENT) {
            self.record(&replaced, MissedReason::Coalesced, MissedOutcome::Replaced);
        }
    }

    /// Asks about the latest of what came due in `after < at <= until`.
    fn ask(&mut self, after: DateTime<Utc>, until: DateTime<Utc>) {
        let Some(due) = self.table.due_between(after, until) else { return };
        let at = due.latest.at;
        let only = Due { first: due.latest, latest: due.latest, count: 1 };
        let (absence, answer_by) = (self.absence(at), at + self.grace);
        let asked = self.record(&only, of_absence(absence), MissedOutcome::Asked);
        asked.absence = Some(name_of(absence));
        asked.answer_by = Some(answer_by);
        // The same question, whatever kept the occurrence from running.
        let name = format!("asked|{}", at.timestamp_millis());
        asked.id = MissedId(Uuid::new_v5(&asked.schedule_id.0, name.as_bytes()));
        self.record_replaced(after, at);
    }
}

fn of_absence(absence: Absence) -> MissedReason {
    match absence {
        Absence::NotRunning => MissedReason::NotRunning,
        Absence::Asleep => MissedReason::Asleep,
    }
}

/// What its policies make of a schedule that is due. Beyond the grace everything is missed; within it the policy decides
/// about what is late, and the latest of what is on time runs.
pub(super) fn plan(
    due: DueSchedule,
    now: DateTime<Utc>,
    running_since: Option<DateTime<Utc>>,
) -> Result<Plan, Invalid> {
    let DueSchedule { listed, checked_through } = due;
    let schedule = &listed.schedule;
    let table = timetable(&schedule.recurrence, &schedule.timezone)?;
    let (misfire, overlap) = (misfire(schedule)?, overlap(schedule)?);
    let grace = TimeDelta::seconds(i64::from(schedule.grace_seconds));
    // A clock that was set back and put right again has passed times before there was a schedule.
    let since = checked_through.max(schedule.created_at);
    let clock = Clock {
        schedule_id: schedule.id,
        next_run_at: table.next_after(now).map(|next| next.at).filter(|_| listed.is_active),
        last_run_at: None,
        checked_through: now,
    };
    let active = listed.is_active;
    let plan = Plan { clock, fire: None, missed: Vec::new(), overlap, listed };
    let mut planning = Planning { table, plan, grace, now, running_since };
    if !active {
        return Ok(planning.plan);
    }
    // An occurrence exactly as old as the grace still runs.
    let in_grace = (now - grace - MOMENT).max(since);
    let on_time = (now - grace.min(ON_TIME) - MOMENT).max(since);
    planning.record_late(since, in_grace, MissedOutcome::None, |_| MissedReason::GracePassed);
    match misfire {
        Misfire::RunOnce => {
            planning.fire_latest(in_grace, in_grace);
        }
        Misfire::Skip => {
            planning.record_late(in_grace, on_time, MissedOutcome::Skipped, of_absence);
            planning.fire_latest(on_time, on_time);
        }
        Misfire::Ask => {
            if !planning.fire_latest(on_time, in_grace) {
                planning.ask(in_grace, on_time);
            }
        }
    }
    Ok(planning.plan)
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
