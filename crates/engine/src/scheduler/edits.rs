//! What becomes of a schedule whose rule ends: it is changed, paused, resumed or deleted, or its blackout dates change.
//!
//! What is due under the rule as it stands is dealt with first, by the planner and in the transaction of the edit, so that
//! there is one judge of what runs, what was missed and why. Left over is what waits for the day it was moved to, and what a
//! pause kept from running.

use super::carry_out::{Done, Ready};
use super::clock;
use super::plan::{Plan, dealt_with_through, failing, only, plan};
use super::spans::{blocked_span, span, without};
use super::tick::{Attempt, concerns_the_workspace, guarded};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::ports::Closed;
use crate::stored_rule::timetable;
use chrono::{DateTime, Utc};
use mf_contract::schedules::MissedReason;
use mf_domain::Invalid;
use mf_domain::ids::ScheduleId;
use mf_domain::policy::Rule;
use mf_store::missed::MissedSpan;
use mf_store::schedule_clocks::{Clock, DueSchedule};
use mf_store::schedules::UnreadableSchedule;
use mf_store::{Write, missed, schedule_clocks};
use std::collections::BTreeMap;

/// What was dealt with before an edit, to be told once the edit is on disk. While there is one, nobody else ticks.
pub(crate) struct DealtWith {
    done: Done,
    _pass: Option<Box<dyn Send>>,
}

/// Carries an edit out. One that failed, perhaps because of what it fires first, is tried again with that given up: nobody is
/// to be kept from changing a schedule that fails.
pub(crate) async fn whatever_fails_to_fire<T, F>(edit: impl Fn(Attempt) -> F + Send) -> Result<T, EngineError>
where
    F: Future<Output = Result<T, EngineError>> + Send,
{
    match edit(Attempt::Fire).await {
        Err(error @ EngineError::Store(_)) if !concerns_the_workspace(&error) => edit(Attempt::GiveUp).await,
        done => done,
    }
}

impl Engine {
    /// Deals with what these schedules have due at `now` as a tick would.
    ///
    /// # Errors
    /// `conflict` when something is to start now and another process is the one that starts things: that stays due, and the
    /// edit is to come after it.
    pub(crate) async fn deal_with_first(
        &self,
        write: &mut Write,
        ids: &[ScheduleId],
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<DealtWith, EngineError> {
        let mut due = schedule_clocks::of_ids(write.conn(), ids).await?;
        // What lies ahead of a clock that was set back is the next tick's.
        due.retain(|due| due.as_ref().is_ok_and(|due| due.checked_through <= now));
        let plans = self.plans_before(write, &due, attempt, now).await?;
        let ready = Ready::of(write, plans, now).await?;
        let pass = if ready.fires() { Some(self.may_fire()?) } else { None };
        Ok(DealtWith { done: self.carry_out(write, &ready, now).await?, _pass: pass })
    }

    async fn plans_before(
        &self,
        write: &mut Write,
        due: &[Result<DueSchedule, UnreadableSchedule>],
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<Vec<Plan>, EngineError> {
        let (presence, calendars) = (self.presence(), Calendars::of_due(write.conn(), due).await?);
        let planned = due.iter().flatten().filter_map(|due| {
            guarded(|| plan(due.clone(), now, presence, &calendars))
                // What cannot be read ran nothing, and must not keep anybody from changing it.
                .or_else(|_| guarded(|| failing(due.clone(), now)))
                .ok()
        });
        Ok(match attempt {
            Attempt::Fire => planned.collect(),
            Attempt::GiveUp => planned.map(|plan| plan.failed(now)).collect(),
        })
    }

    /// A pass for this process to fire.
    fn may_fire(&self) -> Result<Box<dyn Send>, EngineError> {
        if self.presence().running_since.is_some() {
            return Ok(Box::new(()));
        }
        self.ports.gate.enter().map_err(|closed| match closed {
            Closed::InUse => EngineError::conflict(
                "id",
                "a run is due at this moment, and the application that is open starts it: try again in a minute",
            ),
            closed @ Closed::NoLock { .. } => closed.into(),
        })
    }

    /// As [`Self::deal_with_first`], and records what these schedules leave undone because their rules end: what waits for the
    /// day it was moved to, and what a pause kept from running.
    pub(crate) async fn end_rules(
        &self,
        write: &mut Write,
        ids: &[ScheduleId],
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<DealtWith, EngineError> {
        let dealt_with = self.deal_with_first(write, ids, attempt, now).await?;
        let due = schedule_clocks::of_ids(write.conn(), ids).await?;
        let calendars = Calendars::of_due(write.conn(), &due).await?;
        let mut spans = Vec::new();
        for due in due.iter().flatten() {
            spans.extend(match due.listed.is_active {
                true => waiting(due, &calendars, now),
                false => kept_by_pause(due, &calendars, now),
            });
        }
        record(write, spans, ids).await?;
        Ok(dealt_with)
    }

    /// After the commit.
    pub(crate) fn tell_dealt_with(&self, dealt_with: &DealtWith) {
        let done = &dealt_with.done;
        if !done.fired.is_empty() || done.missed > 0 {
            self.tell(done);
        }
    }
}

/// Records spans, without what somebody skipped: that stays skipped.
pub(crate) async fn record(
    write: &mut Write,
    spans: Vec<MissedSpan>,
    ids: &[ScheduleId],
) -> Result<(), EngineError> {
    let declined = missed::declined(write.conn(), ids).await?;
    let mut left = Vec::with_capacity(spans.len());
    for span in spans {
        let declined = declined.get(&span.schedule_id).map_or(&[][..], Vec::as_slice);
        left.extend(without(span, declined)?);
    }
    missed::insert(write, &left).await?;
    Ok(())
}

/// What waits for the day it was moved to; after a change it never runs.
fn waiting(due: &DueSchedule, calendars: &Calendars, now: DateTime<Utc>) -> Vec<MissedSpan> {
    let Ok(rule) = calendars.rule(&due.listed.schedule, due.rule_since) else { return Vec::new() };
    ended(due, &rule, now, now)
}

/// What a rule leaves undone of the occurrences up to an instant that wait for a day after `now`.
fn ended(due: &DueSchedule, rule: &Rule, until: DateTime<Utc>, now: DateTime<Utc>) -> Vec<MissedSpan> {
    let waiting = rule.carried_over(now).into_iter().filter(|run| run.occurrence.at <= until);
    let changed = MissedReason::ScheduleChanged;
    waiting.map(|run| span(&due.listed, &only(run.occurrence), changed, now)).collect()
}

/// What a pause has kept from running up to `now`. What would not have run without it keeps its own reason.
pub(crate) fn kept_by_pause(due: &DueSchedule, calendars: &Calendars, now: DateTime<Utc>) -> Vec<MissedSpan> {
    let (schedule, since) = (&due.listed.schedule, dealt_with_through(due, now));
    let paused = |due_then| span(&due.listed, &due_then, MissedReason::Paused, now);
    let Ok(rule) = calendars.rule(schedule, due.rule_since) else {
        let table = timetable(&schedule.recurrence, &schedule.timezone).ok();
        return table.and_then(|table| table.due_between(since, now)).map(paused).into_iter().collect();
    };
    let runs = rule.runs(since, now);
    let moved = runs.moved.into_iter().chain(runs.replaced).chain(rule.carried_over(now));
    let moved = moved.filter(|run| run.occurrence.at > since).map(|run| only(run.occurrence));
    let mut spans: Vec<MissedSpan> = runs.regular.into_iter().chain(moved).map(paused).collect();
    let blocked = rule.blocked(since, now);
    spans.extend(blocked.iter().map(|(by, due_then)| blocked_span(&due.listed, by, due_then, now)));
    spans
}

/// An active schedule when the dates of its calendars change, once what was due under the dates before is dealt with: what
/// they leave undone, and its clock under the dates after. Only what waits and comes out differently is left undone; the rest
/// of what waits goes on waiting. `None` where there is nothing to follow: what cannot be read is told by the tick.
pub(crate) fn moved_to_other_dates(
    due: &DueSchedule,
    (before, after): (&Calendars, &Calendars),
    now: DateTime<Utc>,
) -> Result<Option<(Vec<MissedSpan>, Clock)>, Invalid> {
    let schedule = &due.listed.schedule;
    let Ok(new) = after.rule(schedule, due.rule_since) else { return Ok(None) };
    let Ok(old) = before.rule(schedule, due.rule_since) else {
        let clock = clock::running(schedule, &after.rule(schedule, now)?, now);
        return Ok(Some((Vec::new(), Clock { rule_since: Some(now), ..clock })));
    };
    let Some(last) = moved_differently(&old, &new, now) else {
        return Ok(Some((Vec::new(), clock::running(schedule, &new, due.checked_through))));
    };
    let rule_since = last.max(due.rule_since);
    // Under the new dates nothing up to here moves that did not move there before.
    let clock = clock::running(schedule, &after.rule(schedule, rule_since)?, due.checked_through);
    Ok(Some((ended(due, &old, rule_since, now), Clock { rule_since: Some(rule_since), ..clock })))
}

/// The latest occurrence up to `now` that one rule moves to start after it, and the other does not, or to another day.
fn moved_differently(old: &Rule, new: &Rule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let moved = |rule: &Rule| -> BTreeMap<DateTime<Utc>, DateTime<Utc>> {
        rule.carried_over(now).into_iter().map(|run| (run.occurrence.at, run.at)).collect()
    };
    let (before, after) = (moved(old), moved(new));
    let differs = |at: &&DateTime<Utc>| before.get(at) != after.get(at);
    before.keys().chain(after.keys()).filter(differs).max().copied()
}
