//! What is recorded of a schedule whose rule ends now: it was changed, paused, resumed or deleted.

use super::spans::{blocked_span, span, without};
use crate::error::EngineError;
use crate::limits::Calendars;
use chrono::{DateTime, Utc};
use mf_contract::schedules::MissedReason;
use mf_domain::recurrence::Due;
use mf_store::missed::MissedSpan;
use mf_store::schedule_clocks::DueSchedule;
use mf_store::{Connection, missed};

/// The occurrences up to `now` that nobody dealt with, and those that wait to run on a later day. Those that a window or a
/// blackout kept from running keep that reason.
pub(crate) async fn settled(
    conn: &mut Connection,
    due: &DueSchedule,
    now: DateTime<Utc>,
) -> Result<Vec<MissedSpan>, EngineError> {
    let schedule = &due.listed.schedule;
    let rule = match Calendars::of(conn, [schedule]).await?.rule(schedule, due.rule_since) {
        Ok(rule) => rule,
        // A rule that cannot be read ran nothing, and must not keep anybody from changing it.
        Err(error) => {
            tracing::warn!(schedule = %schedule.id, %error, "what was due under it is not known");
            return Ok(Vec::new());
        }
    };
    let since = due.checked_through.max(schedule.created_at);
    if !due.listed.is_active {
        let paused = rule.table().due_between(since, now);
        return Ok(paused
            .iter()
            .map(|due_then| span(&due.listed, due_then, MissedReason::Paused, now))
            .collect());
    }
    let declined = missed::declined(conn, &[schedule.id]).await?.remove(&schedule.id).unwrap_or_default();
    let runs = rule.runs(since, now);
    let single = |occurrence| Due { first: occurrence, latest: occurrence, count: 1 };
    let moved = runs.moved.iter().chain(&runs.replaced).map(|run| single(run.occurrence));
    let waiting = rule.carried_over(now).into_iter().map(|run| single(run.occurrence));
    let mut spans: Vec<MissedSpan> = runs
        .regular
        .iter()
        .copied()
        .chain(moved)
        .chain(waiting)
        .map(|due_then| span(&due.listed, &due_then, MissedReason::ScheduleChanged, now))
        .collect();
    for (by, due_then) in rule.blocked(since, now) {
        spans.push(blocked_span(&due.listed, &by, &due_then, now));
    }
    // What somebody skipped stays skipped; what ran is told by its batch.
    let left = spans.into_iter().map(|span| without(span, &declined));
    Ok(left.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
