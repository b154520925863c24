//! When to look at a schedule next: at its next run, and before it where something is to be recorded or told. Pure.

use crate::limits::unfinished_of;
use chrono::{DateTime, TimeDelta, Utc};
use mf_domain::ids::ScheduleId;
use mf_domain::policy::{Rule, Run};
use mf_domain::recurrence::{Resolved, TimeOfDay, Zone};
use mf_store::schedule_clocks::Clock;
use mf_store::schedules::ScheduleRow;

/// Blocked occurrences at most this far apart are recorded together, at the next run or after a day.
const DENSE: TimeDelta = TimeDelta::hours(1);

/// The clock of a schedule that does not come due.
pub(crate) fn stopped(id: ScheduleId, now: DateTime<Utc>) -> Clock {
    Clock {
        schedule_id: id,
        next_run_at: None,
        look_at: None,
        last_run_at: None,
        checked_through: now,
        rule_since: None,
    }
}

/// The clock of a paused schedule that was dealt with up to an instant: it comes by only to tell of a run that is still open.
pub(crate) fn paused(schedule: &ScheduleRow, through: DateTime<Utc>, now: DateTime<Utc>) -> Clock {
    Clock { look_at: deadline_after(schedule, now), ..stopped(schedule.id, through) }
}

/// The clock of an active schedule that was dealt with up to `now`.
pub(crate) fn running(schedule: &ScheduleRow, rule: &Rule, now: DateTime<Utc>) -> Clock {
    let next = rule.next_after(now).run();
    let look_at = [
        next.map(|next| next.at),
        next_blocked(rule, next, now),
        notice_after(schedule, rule, now),
        deadline_after(schedule, now),
    ];
    Clock {
        next_run_at: next.map(|next| next.at),
        look_at: look_at.into_iter().flatten().min(),
        ..stopped(schedule.id, now)
    }
}

/// When the next occurrence that does not run at its own time is recorded.
fn next_blocked(rule: &Rule, next: Option<Run>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first = rule.table().next_after(now).filter(|first| next.is_none_or(|next| first.at < next.at))?;
    let second = rule.table().next_after(first.at);
    if second.is_some_and(|second| second.at - first.at <= DENSE) {
        return Some(first.at + TimeDelta::days(1));
    }
    Some(first.at)
}

/// How long before it a coming run is told.
pub(crate) fn told_ahead(schedule: &ScheduleRow) -> Option<TimeDelta> {
    schedule.limits.notify_before.map(|minutes| TimeDelta::minutes(i64::from(minutes)))
}

/// The next instant at which a coming run is told, perhaps before the run ahead of it.
fn notice_after(schedule: &ScheduleRow, rule: &Rule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let ahead = told_ahead(schedule)?;
    rule.next_after(now.checked_add_signed(ahead)?).run().map(|run| run.at - ahead)
}

/// The next instant at which an open run is told.
fn deadline_after(schedule: &ScheduleRow, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (zone, time) = (Zone::named(&schedule.timezone).ok()?, unfinished_of(schedule)?);
    days_around(&zone, time, after).find(|at| *at > after)
}

/// The last instant, at or before `now`, at which an open run is told.
pub(crate) fn deadline_until(schedule: &ScheduleRow, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (zone, time) = (Zone::named(&schedule.timezone).ok()?, unfinished_of(schedule)?);
    days_around(&zone, time, now).filter(|at| *at <= now).last()
}

/// A time of day on the days around an instant, in order.
fn days_around(
    zone: &Zone,
    time: TimeOfDay,
    at: DateTime<Utc>,
) -> impl Iterator<Item = DateTime<Utc>> + use<> {
    let zone = zone.clone();
    let today = zone.to_local(at).0.date();
    let minute = TimeDelta::minutes(i64::from(time.hour()) * 60 + i64::from(time.minute()));
    (-2..=2).map(move |days| {
        let local = (today + TimeDelta::days(days)).and_time(chrono::NaiveTime::MIN) + minute;
        match zone.resolve(local) {
            Resolved::Once(at) | Resolved::Gap { end: at } | Resolved::Fold { first: at, .. } => at,
        }
    })
}
