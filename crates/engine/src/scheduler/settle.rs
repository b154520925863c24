//! What is recorded of a schedule whose rule ends: it was changed, paused, resumed or deleted, or its blackout dates changed.

use super::clock;
use super::plan::dealt_with_through;
use super::spans::{blocked_span, span, without};
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::stored_rule::timetable;
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::schedules::MissedReason;
use mf_domain::policy::{Part, Rule};
use mf_domain::recurrence::Due;
use mf_store::missed::MissedSpan;
use mf_store::schedule_clocks::{Clock, DueSchedule};
use mf_store::{Connection, missed};
use std::collections::BTreeMap;

const MOMENT: TimeDelta = TimeDelta::milliseconds(1);

/// The occurrences up to `now` that nobody dealt with, and those that wait to run on a later day. Those that a window or a
/// blackout kept from running keep that reason.
pub(crate) async fn settled(
    conn: &mut Connection,
    due: &DueSchedule,
    now: DateTime<Utc>,
) -> Result<Vec<MissedSpan>, EngineError> {
    let schedule = &due.listed.schedule;
    let since = dealt_with_through(due, now);
    let reason = if due.listed.is_active { MissedReason::Failed } else { MissedReason::Paused };
    match Calendars::of(conn, [schedule]).await?.rule(schedule, due.rule_since) {
        Ok(rule) if due.listed.is_active => ended(conn, due, &rule, since, now, now, now).await,
        // What cannot be read ran nothing, and must not keep anybody from changing it.
        _ => Ok(timetable(&schedule.recurrence, &schedule.timezone)
            .ok()
            .and_then(|table| table.due_between(since, now))
            .map(|due_then| span(&due.listed, &due_then, reason, now))
            .into_iter()
            .collect()),
    }
}

/// What a rule leaves undone that ends for all that starts in `since < at <= until`, and for the occurrences up to `moved`
/// that start later.
async fn ended(
    conn: &mut Connection,
    due: &DueSchedule,
    rule: &Rule,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    moved_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<MissedSpan>, EngineError> {
    let id = due.listed.schedule.id;
    let declined = missed::declined(conn, &[id]).await?.remove(&id).unwrap_or_default();
    let runs = rule.runs(since, until);
    let single = |occurrence| Due { first: occurrence, latest: occurrence, count: 1 };
    let moved = runs.moved.iter().chain(&runs.replaced).map(|run| single(run.occurrence));
    let later = rule.runs(until, now);
    let waiting = later.moved.into_iter().chain(later.replaced).chain(rule.carried_over(now));
    let waiting = waiting.filter(|run| run.occurrence.at <= moved_until).map(|run| single(run.occurrence));
    let mut spans: Vec<MissedSpan> = runs
        .regular
        .iter()
        .copied()
        .chain(moved)
        .chain(waiting)
        .map(|due_then| span(&due.listed, &due_then, MissedReason::ScheduleChanged, now))
        .collect();
    for (by, due_then) in rule.blocked(since, until) {
        spans.push(blocked_span(&due.listed, &by, &due_then, now));
    }
    // What somebody skipped stays skipped; what ran is told by its batch.
    let left = spans.into_iter().map(|span| without(span, &declined));
    Ok(left.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// An active schedule when the dates of its calendars change: what the dates before leave undone, and its clock under the
/// dates after. Only what comes out differently is left undone. The rest, above all what waits for the day it was moved to
/// and what is due and not yet fired, stays to be dealt with as if nothing had changed. `None` where there is nothing to
/// follow: what cannot be read is told by the tick.
pub(crate) async fn moved_to_other_dates(
    conn: &mut Connection,
    due: &DueSchedule,
    (before, after): (&mut Calendars, &mut Calendars),
    now: DateTime<Utc>,
) -> Result<Option<(Vec<MissedSpan>, Clock)>, EngineError> {
    let schedule = &due.listed.schedule;
    let Ok(new) = after.rule(schedule, due.rule_since) else { return Ok(None) };
    let since = dealt_with_through(due, now);
    let Ok(old) = before.rule(schedule, due.rule_since) else {
        let failed = new.table().due_between(since, now);
        let failed = failed.map(|due_then| span(&due.listed, &due_then, MissedReason::Failed, now));
        let clock = clock::running(schedule, &after.rule(schedule, now)?, now);
        return Ok(Some((failed.into_iter().collect(), Clock { rule_since: Some(now), ..clock })));
    };
    let started = judged_differently(&old, &new, since, now);
    let moved = moved_differently(&old, &new, since, now);
    let (until, rule_since) = match started.max(moved) {
        None => (due.checked_through, due.rule_since),
        Some(last) => (since.max(last), moved.map_or(due.rule_since, |last| last.max(due.rule_since))),
    };
    let undone = match started.or(moved) {
        None => Vec::new(),
        Some(_) => ended(conn, due, &old, since, until, rule_since, now).await?,
    };
    // Under the new dates nothing up to here moves that did not move there before.
    let clock = clock::running(schedule, &after.rule(schedule, rule_since)?, until);
    Ok(Some((undone, Clock { rule_since: Some(rule_since), ..clock })))
}

/// The latest occurrence in `since < at <= now` that is free to start under one rule and not under the other, or is kept
/// from it by something else.
fn judged_differently(
    old: &Rule,
    new: &Rule,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let (mut before, mut after) = (fates(old, since, now), fates(new, since, now));
    loop {
        match (before.pop(), after.pop()) {
            (None, None) => return None,
            (Some(one), Some(other)) if is_alike(&one, &other) && one.due.latest == other.due.latest => {
                if one.due.first != other.due.first {
                    let alike_from = one.due.first.at.max(other.due.first.at);
                    return old.table().due_between(since, alike_from - MOMENT).map(|due| due.latest.at);
                }
            }
            (one, other) => return one.into_iter().chain(other).map(|part| part.due.latest.at).max(),
        }
    }
}

/// Neighbours with one fate together; what a blackout is called makes no difference.
fn fates(rule: &Rule, since: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Part> {
    let mut fates: Vec<Part> = Vec::new();
    for part in rule.parts(since, now) {
        match fates.last_mut() {
            Some(before) if is_alike(before, &part) => before.due.latest = part.due.latest,
            _ => fates.push(part),
        }
    }
    fates
}

fn is_alike(one: &Part, other: &Part) -> bool {
    let kind = |part: &Part| part.blocked.as_ref().map(std::mem::discriminant);
    kind(one) == kind(other)
}

/// The latest occurrence up to `now` that one rule moves to start after `since`, and the other does not, or to another day.
fn moved_differently(
    old: &Rule,
    new: &Rule,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let moved = |rule: &Rule| -> BTreeMap<DateTime<Utc>, DateTime<Utc>> {
        let runs = rule.runs(since, now);
        let started = runs.moved.into_iter().chain(runs.replaced);
        started.chain(rule.carried_over(now)).map(|run| (run.occurrence.at, run.at)).collect()
    };
    let (before, after) = (moved(old), moved(new));
    let differs = |at: &&DateTime<Utc>| before.get(at) != after.get(at);
    before.keys().chain(after.keys()).filter(differs).max().copied()
}
