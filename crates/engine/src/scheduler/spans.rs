//! Spans of missed occurrences: how one is written down, and what is left of it when some of it turns out otherwise. Pure.

use crate::names::name_of;
use crate::stored_rule::timetable;
use chrono::{DateTime, Utc};
use mf_contract::schedules::{MissedOutcome, MissedReason};
use mf_domain::Invalid;
use mf_domain::ids::MissedId;
use mf_domain::policy::Blocked;
use mf_domain::recurrence::{Due, MOMENT};
use mf_store::missed::MissedSpan;
use mf_store::schedules::ListedSchedule;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Missed spans are identified by what they say, so that recording one again changes nothing.
pub(super) fn span(
    listed: &ListedSchedule,
    due: &Due,
    reason: MissedReason,
    now: DateTime<Utc>,
) -> MissedSpan {
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
        detail: None,
        absence: None,
        outcome: name_of(MissedOutcome::None),
        answer_by: None,
        recorded_at: now,
    }
}

/// A span that a window or a blackout kept from running.
pub(super) fn blocked_span(
    listed: &ListedSchedule,
    by: &Blocked,
    due: &Due,
    now: DateTime<Utc>,
) -> MissedSpan {
    match by {
        Blocked::OutsideWindow => span(listed, due, MissedReason::OutsideWindow, now),
        Blocked::Blackout(name) => {
            MissedSpan { detail: Some(name.clone()), ..span(listed, due, MissedReason::Blackout, now) }
        }
    }
}

/// What is left of a missed span when some of its occurrences ran after all, ahead of a clock that was set back since.
pub(super) fn without(span: MissedSpan, ran: &[DateTime<Utc>]) -> Result<Option<MissedSpan>, Invalid> {
    let ran: BTreeSet<DateTime<Utc>> =
        ran.iter().copied().filter(|at| (span.from..=span.to).contains(at)).collect();
    let Some(count) = span.count.checked_sub(ran.len() as u64).filter(|count| *count > 0) else {
        return Ok(None);
    };
    let table = timetable(&span.recurrence, &span.timezone)?;
    let (mut from, mut to) = (span.from, span.to);
    while ran.contains(&from) {
        let Some(next) = table.next_after(from) else { return Ok(None) };
        from = next.at;
    }
    while ran.contains(&to) {
        let Some(before) = table.due_between(from - MOMENT, to - MOMENT) else { return Ok(None) };
        to = before.latest.at;
    }
    Ok(Some(MissedSpan { from, to, count, ..span }))
}

/// What is left of a missed span that reaches beyond `now`: the part that has been.
pub(super) fn trimmed(span: &MissedSpan, now: DateTime<Utc>) -> Result<Option<MissedSpan>, Invalid> {
    let table = timetable(&span.recurrence, &span.timezone)?;
    let left = table.due_between(span.from - MOMENT, now.min(span.to));
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
