//! What a due schedule amounts to at an instant: at most one firing, and the spans it missed. Pure.

use super::clock;
use super::presence::Presence;
use super::spans::{blocked_span, span};
use crate::limits::Calendars;
use crate::names::{name_of, named};
use crate::stored_rule::{misfire, occurrence_key, overlap, timetable};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::schedules::{Absence, Misfire, MissedOutcome, MissedReason, Overlap};
use mf_domain::Invalid;
use mf_domain::ids::MissedId;
use mf_domain::occurrence::OccurrenceKey;
use mf_domain::policy::{Blocked, Rule, Run};
use mf_domain::recurrence::{Due, MOMENT, Occurrence};
use mf_store::missed::MissedSpan;
use mf_store::schedule_clocks::{Clock, DueSchedule};
use mf_store::schedules::{ListedSchedule, ScheduleRow};
use uuid::Uuid;

/// An occurrence at most this late is on time, whatever the schedule's policy and however short its grace: a tick may come
/// half a minute after it.
const ON_TIME: TimeDelta = TimeDelta::seconds(60);

/// How often a schedule is tried again that cannot be read, and how often, at most, the misses of one are recorded whose limits
/// cannot.
pub(super) const UNREADABLE_EVERY: TimeDelta = TimeDelta::hours(1);

/// What to do about one schedule.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) listed: ListedSchedule,
    /// The occurrence to fire.
    pub(super) fire: Option<Run>,
    /// Runs that come soon and are to be told, if nobody told them before.
    pub(super) soon: Vec<Run>,
    /// Batches of this schedule launched before it are told, if they are still open.
    pub(super) unfinished_since: Option<DateTime<Utc>>,
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
        self.fire.map(|run| self.key_of(&run))
    }

    pub(super) fn key_of(&self, run: &Run) -> OccurrenceKey {
        let schedule = &self.listed.schedule;
        occurrence_key(schedule.id, &schedule.timezone, &run.occurrence)
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
        if let Some(run) = self.fire.take() {
            let due = only(run.occurrence);
            self.missed.push(span(&self.listed, &due, reason, now));
            self.clock.last_run_at = None;
        }
    }

    /// Leaves out what somebody said is not to run.
    pub(super) fn leave_out(&mut self, declined: &[DateTime<Utc>]) {
        if self.fire.is_some_and(|run| declined.contains(&run.occurrence.at)) {
            self.fire = None;
            self.clock.last_run_at = None;
        }
    }
}

pub(super) fn only(occurrence: Occurrence) -> Due {
    Due { first: occurrence, latest: occurrence, count: 1 }
}

/// One schedule being planned at an instant.
struct Planning {
    rule: Rule,
    plan: Plan,
    grace: TimeDelta,
    now: DateTime<Utc>,
    presence: Presence,
}

impl Planning {
    fn record(&mut self, due: &Due, reason: MissedReason, outcome: MissedOutcome) -> &mut MissedSpan {
        let at = self.plan.missed.len();
        self.plan
            .missed
            .push(MissedSpan { outcome: name_of(outcome), ..span(&self.plan.listed, due, reason, self.now) });
        &mut self.plan.missed[at]
    }

    /// Records the runs of `after < at <= until`, for which nobody was there; `reason` by why that was.
    fn record_late(
        &mut self,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
        outcome: MissedOutcome,
        reason: fn(Option<Absence>) -> MissedReason,
    ) {
        let edges = self.presence.edges().filter(|edge| (after..until).contains(edge));
        let mut from = after;
        for to in edges.chain([until]).collect::<Vec<_>>() {
            let runs = self.rule.runs(from, to);
            let moved = runs.moved.iter().map(|run| (run.at, only(run.occurrence)));
            for (at, due) in runs.regular.iter().map(|due| (due.first.at, *due)).chain(moved) {
                let absence = self.presence.absence(at);
                self.record(&due, reason(absence), outcome).absence = absence.map(name_of);
            }
            self.record_replaced(&runs.replaced);
            from = to;
        }
    }

    /// Records the runs of `after < at <= now`, that would start where nothing may start now. Had somebody been there they
    /// would have run, which is told apart from what a window or a blackout is meant to keep from running.
    fn record_blocked_now(&mut self, after: DateTime<Utc>, by: &Blocked) {
        let runs = self.rule.runs(after, self.now);
        let regular = runs.regular.iter().map(|due| (due.first.at, *due));
        let moved = runs.moved.iter().map(|run| (run.at, only(run.occurrence)));
        for (at, due) in regular.chain(moved) {
            let absence = self.presence.absence(at).map(name_of);
            let blocked = blocked_span(&self.plan.listed, by, &due, self.now);
            self.plan.missed.push(MissedSpan { absence, ..blocked });
        }
        self.record_replaced(&runs.replaced);
    }

    fn record_replaced(&mut self, replaced: &[Run]) {
        for run in replaced {
            self.record(&only(run.occurrence), MissedReason::Coalesced, MissedOutcome::Replaced);
        }
    }

    /// Records every run after an instant for which a later one stands.
    fn record_all_before(&mut self, after: DateTime<Utc>, stands: &Run) {
        let before = self.rule.runs(after, stands.at - MOMENT);
        for due in &before.regular {
            self.record(due, MissedReason::Coalesced, MissedOutcome::Replaced);
        }
        self.record_replaced(&before.moved);
        self.record_replaced(&before.replaced);
        let beside = self.rule.runs(stands.at - MOMENT, stands.at);
        self.record_replaced(&beside.replaced);
    }

    /// Fires the latest run after an instant; it stands for the earlier ones since `replaced_after`.
    fn fire_latest(&mut self, after: DateTime<Utc>, replaced_after: DateTime<Utc>) -> bool {
        let Some(run) = self.rule.runs(after, self.now).latest() else { return false };
        self.plan.fire = Some(run);
        self.plan.clock.last_run_at = Some(run.at);
        self.record_all_before(replaced_after, &run);
        true
    }

    /// Asks about the latest run of `after < at <= until`.
    fn ask(&mut self, after: DateTime<Utc>, until: DateTime<Utc>) {
        let Some(run) = self.rule.runs(after, until).latest() else { return };
        let nominal = run.occurrence.at;
        let (absence, answer_by) = (self.presence.absence(run.at), run.at + self.grace);
        let asked = self.record(&only(run.occurrence), of_absence(absence), MissedOutcome::Asked);
        asked.absence = absence.map(name_of);
        asked.answer_by = Some(answer_by);
        // The same question, whatever kept the occurrence from running.
        let name = format!("asked|{}", nominal.timestamp_millis());
        asked.id = MissedId(Uuid::new_v5(&asked.schedule_id.0, name.as_bytes()));
        self.record_all_before(after, &run);
    }
}

/// Why something is late. What is late while somebody was there could not be fired.
fn of_absence(absence: Option<Absence>) -> MissedReason {
    match absence {
        Some(Absence::NotRunning) => MissedReason::NotRunning,
        Some(Absence::Asleep) => MissedReason::Asleep,
        None => MissedReason::Failed,
    }
}

fn nothing(listed: ListedSchedule, overlap: Overlap, now: DateTime<Utc>) -> Plan {
    Plan {
        clock: clock::stopped(listed.schedule.id, now),
        fire: None,
        soon: Vec::new(),
        unfinished_since: None,
        missed: Vec::new(),
        overlap,
        listed,
    }
}

/// The instant up to which a schedule was dealt with. A clock that was set back and put right again has passed times before
/// there was a schedule; as long as it is wrong, these are the times there are.
pub(super) fn dealt_with_through(due: &DueSchedule, now: DateTime<Utc>) -> DateTime<Utc> {
    let created = Some(due.listed.schedule.created_at).filter(|created| *created <= now);
    created.map_or(due.checked_through, |created| due.checked_through.max(created))
}

/// What its policies make of a schedule that is due. Beyond the grace everything is missed; within it the policy decides
/// about what is late, and the latest of what is on time runs, if now is a time at which it may.
pub(super) fn plan(
    due: DueSchedule,
    now: DateTime<Utc>,
    presence: Presence,
    calendars: &Calendars,
) -> Result<Plan, Invalid> {
    let since = dealt_with_through(&due, now);
    let DueSchedule { listed, checked_through, rule_since } = due;
    let schedule = &listed.schedule;
    let (misfire, overlap) = (misfire(schedule)?, overlap(schedule)?);
    let grace = TimeDelta::seconds(i64::from(schedule.grace_seconds)).max(ON_TIME);
    if !listed.is_active {
        let clock = clock::paused(schedule, checked_through, now);
        let unfinished_since = clock::deadline_until(schedule, now);
        return Ok(Plan { clock, unfinished_since, ..nothing(listed, overlap, now) });
    }
    let rule = match calendars.rule(schedule, rule_since) {
        Ok(rule) => rule,
        Err(error) => return without_a_rule(listed, overlap, since, now, &error),
    };
    let clock = clock::running(schedule, &rule, now);
    let deadline = clock::deadline_until(schedule, now).filter(|at| *at > checked_through);
    let soon = coming_soon(schedule, &rule, since, now);
    let plan = Plan { clock, soon, unfinished_since: deadline, ..nothing(listed, overlap, now) };
    let mut planning = Planning { rule, plan, grace, now, presence };
    // An occurrence exactly as old as the grace still runs.
    let in_grace = (now - grace - MOMENT).max(since);
    let on_time = (now - ON_TIME - MOMENT).max(since);
    for (by, due) in planning.rule.blocked(since, now) {
        let blocked = blocked_span(&planning.plan.listed, &by, &due, now);
        planning.plan.missed.push(blocked);
    }
    planning.record_late(since, in_grace, MissedOutcome::None, |_| MissedReason::GracePassed);
    let blocked_now = planning.rule.blocks(now);
    match (misfire, blocked_now) {
        (Misfire::RunOnce | Misfire::Ask, Some(by)) => planning.record_blocked_now(in_grace, &by),
        (Misfire::RunOnce, None) => {
            planning.fire_latest(in_grace, in_grace);
        }
        (Misfire::Skip, by) => {
            planning.record_late(in_grace, on_time, MissedOutcome::Skipped, of_absence);
            match by {
                Some(by) => planning.record_blocked_now(on_time, &by),
                None => {
                    planning.fire_latest(on_time, on_time);
                }
            }
        }
        (Misfire::Ask, None) => {
            if !planning.fire_latest(on_time, in_grace) {
                planning.ask(in_grace, on_time);
            }
        }
    }
    Ok(planning.plan)
}

/// The runs that are to be told before they start: the next, however late its notice, and the latest whose notice came due
/// since an instant. A notice may come before the run ahead of its own.
fn coming_soon(schedule: &ScheduleRow, rule: &Rule, since: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Run> {
    let later = |at: DateTime<Utc>| at.checked_add_signed(clock::told_ahead(schedule)?);
    let (Some(from), Some(until)) = (later(since), later(now)) else { return Vec::new() };
    let next = rule.next_after(now).run().filter(|next| next.at <= until);
    let latest = rule.runs(now.max(from), until).latest();
    let latest = latest.filter(|latest| next.is_some_and(|next| next.at < latest.at));
    next.into_iter().chain(latest).collect()
}

/// There is no rule, as where windows or blackouts cannot be read: nothing runs, and what was due is recorded.
fn without_a_rule(
    listed: ListedSchedule,
    overlap: Overlap,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    error: &Invalid,
) -> Result<Plan, Invalid> {
    let table = timetable(&listed.schedule.recurrence, &listed.schedule.timezone)?;
    tracing::error!(schedule = %listed.schedule.id, %error, "its rule cannot be told: it does not run");
    let missed = table.due_between(since, now).map(|due| span(&listed, &due, MissedReason::Failed, now));
    let next = table.next_after(now).map(|next| next.at);
    let mut plan = nothing(listed, overlap, now);
    // It comes by again only to be recorded.
    plan.clock.look_at = next.map(|next| next.max(now + UNREADABLE_EVERY));
    plan.missed.extend(missed);
    Ok(plan)
}

/// A schedule whose planning panicked: it does not run, and what was due is recorded.
pub(super) fn failing(due: DueSchedule, now: DateTime<Utc>) -> Result<Plan, Invalid> {
    let since = dealt_with_through(&due, now);
    let error = Invalid::new("schedule", "planning it panicked");
    without_a_rule(due.listed, Overlap::default(), since, now, &error)
}

/// The clock of a schedule after the wall clock was set back to `now`.
pub(super) fn rewound(
    due: &DueSchedule,
    now: DateTime<Utc>,
    calendars: &Calendars,
) -> Result<Clock, Invalid> {
    let schedule = &due.listed.schedule;
    if !due.listed.is_active {
        return Ok(clock::paused(schedule, now, now));
    }
    // A rule that was made at a later time than it is now would move nothing until then.
    let rule_since = due.rule_since.min(now);
    let clock = match calendars.rule(schedule, rule_since) {
        Ok(rule) => clock::running(schedule, &rule, now),
        // The next look records what it misses.
        Err(_) => {
            let next = timetable(&schedule.recurrence, &schedule.timezone)?.next_after(now);
            Clock { look_at: next.map(|next| next.at), ..clock::stopped(schedule.id, now) }
        }
    };
    Ok(Clock { rule_since: Some(rule_since), ..clock })
}

/// The occurrences that wait again for the day they are moved to, after the wall clock was set back to `now`.
pub(super) fn waits_again(
    due: &DueSchedule,
    now: DateTime<Utc>,
    calendars: &Calendars,
) -> Vec<DateTime<Utc>> {
    if !due.listed.is_active {
        return Vec::new();
    }
    let rule = calendars.rule(&due.listed.schedule, due.rule_since);
    rule.map_or_else(
        |_| Vec::new(),
        |rule| rule.carried_over(now).iter().map(|run| run.occurrence.at).collect(),
    )
}
