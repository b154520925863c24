//! What is coming, and the page of today.

use crate::days::{ONE_BY_ONE, RANGE_MAX, days};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::schedules::previewed;
use crate::{batches, missed_list, pages, sample, sessions};
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::Handle;
use mf_contract::agenda::*;
use mf_domain::Invalid;
use mf_domain::ids::TargetListId;
use mf_domain::number::grouped;
use mf_domain::policy::Run;
use mf_domain::recurrence::{Due, MOMENT, Occurrence, Zone};
use mf_store::batches::ListedBatch;
use mf_store::schedule_clocks::DueSchedule;
use mf_store::{
    Connection, batches as batch_table, census, notifications, revisions, schedule_clocks, target_lists,
};

const SOON: TimeDelta = TimeDelta::days(7);
const BATCHES_TODAY: u32 = 20;
const SESSIONS_TODAY: u32 = 20;
const MISSED_TODAY: usize = 20;
const UNSIGNED_TODAY: u32 = 50;

/// The runs of a range, in order, at most `limit`.
async fn upcoming(
    conn: &mut Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<UpcomingRun>, EngineError> {
    let mut runs = Vec::new();
    let coming = schedule_clocks::running_by(conn, to).await?;
    let calendars = Calendars::of(conn, coming.iter().flatten().map(|due| &due.listed.schedule)).await?;
    for due in coming {
        // One that cannot be read does not fire either; the tick says so.
        let Ok(due) = due else { continue };
        match of_schedule(&due, &calendars, from, to, now) {
            Ok(of_schedule) => runs.extend(of_schedule),
            Err(error) => tracing::warn!(schedule = %due.listed.schedule.id, %error, "no timetable"),
        }
        // Ten thousand schedules of sixty runs each must not all be held.
        if runs.len() > limit.saturating_mul(4) {
            keep_first(&mut runs, limit);
        }
    }
    keep_first(&mut runs, limit);
    count_targets(conn, runs.iter_mut().collect()).await?;
    Ok(runs)
}

/// Says how many targets the list of each has.
pub(crate) async fn count_targets(
    conn: &mut Connection,
    runs: Vec<&mut UpcomingRun>,
) -> Result<(), EngineError> {
    let lists: Vec<TargetListId> = runs.iter().filter_map(|run| run.target_list_id).collect();
    let sizes = target_lists::sizes(conn, &lists).await?;
    for run in runs {
        run.target_count = run.target_list_id.and_then(|id| sizes.get(&id).copied()).unwrap_or(0);
    }
    Ok(())
}

fn keep_first(runs: &mut Vec<UpcomingRun>, limit: usize) {
    runs.sort_by(|a, b| (a.at, &a.flow_name, a.schedule_id).cmp(&(b.at, &b.flow_name, b.schedule_id)));
    runs.truncate(limit);
}

/// The runs of one schedule, from where the scheduler has looked on.
fn of_schedule(
    due: &DueSchedule,
    calendars: &Calendars,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<UpcomingRun>, Invalid> {
    let schedule = &due.listed.schedule;
    let rule = calendars.rule(schedule, due.rule_since)?;
    let table = rule.table();
    let after = due.checked_through.max(from - MOMENT);
    let all = rule.runs(after, to);
    let words = table.description();
    let run = |part: Due| told(due, &words, part, None, now);
    let mut shown = Vec::new();
    for part in &all.regular {
        let (after, until) = (part.first.at - MOMENT, part.latest.at);
        if all.count() > ONE_BY_ONE {
            shown.extend(days(table, after, until).into_iter().map(run));
        } else {
            shown.extend(table.expand(after, until, usize::MAX).into_iter().map(alone).map(run));
        }
    }
    let zone = Zone::named(&schedule.timezone)?;
    shown.extend(all.moved.iter().map(|moved| {
        let part = alone(at_its_new_time(&zone, moved));
        told(due, &words, part, Some(moved.occurrence.at), now)
    }));
    Ok(shown)
}

pub(crate) fn alone(occurrence: Occurrence) -> Due {
    Due { first: occurrence, latest: occurrence, count: 1 }
}

/// A moved run as an occurrence of the time it starts at.
pub(crate) fn at_its_new_time(zone: &Zone, moved: &Run) -> Occurrence {
    let (local, offset_seconds, fold) = zone.to_local(moved.at);
    Occurrence { at: moved.at, local, offset_seconds, fold }
}

/// Neighbouring runs of a schedule in one line, except how many targets its list has.
pub(crate) fn told(
    due: &DueSchedule,
    words: &str,
    part: Due,
    moved_from: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> UpcomingRun {
    let schedule = &due.listed.schedule;
    let shown = previewed(&part.first);
    let several = part.count > 1;
    UpcomingRun {
        schedule_id: schedule.id,
        flow_id: schedule.flow_id,
        flow_name: due.listed.flow_name.clone(),
        at: shown.at,
        moved_from,
        local: shown.local,
        offset: shown.offset,
        timezone: schedule.timezone.clone(),
        target_list_id: due.listed.target_list.as_ref().map(|(id, _)| *id),
        target_list_name: due.listed.target_list.as_ref().map(|(_, name)| name.clone()),
        target_count: 0,
        due: part.first.at <= now,
        count: u32::try_from(part.count).unwrap_or(u32::MAX),
        until: several.then_some(part.latest.at),
        description: if several {
            format!("{words}, {} runs", grouped(part.count))
        } else {
            words.to_owned()
        },
    }
}

/// The open batches that wait for somebody, and the finished ones that wait for their sign-off.
async fn waiting(conn: &mut Connection, open: &[ListedBatch]) -> Result<Vec<WaitingBatch>, EngineError> {
    let line = |listed: &ListedBatch, waits_for: WaitsFor, count: u32| WaitingBatch {
        batch_id: listed.batch.id,
        flow_name: listed.flow_name.clone(),
        launched_at: listed.batch.launched_at,
        waits_for,
        count,
    };
    let (mut halted, mut unanswered) = (Vec::new(), Vec::new());
    for listed in open {
        let failures = batches::halted(conn, listed.batch.id, &listed.state).await?;
        halted.extend(failures.map(|failures| line(listed, WaitsFor::Continue, failures)));
        let revision = revisions::get(conn, listed.batch.revision_id).await?;
        let missing = revision.map_or(0, |revision| revision.intake_form.missing(&listed.batch.intake).len());
        if missing > 0 {
            unanswered.push(line(listed, WaitsFor::Answers, u32::try_from(missing).unwrap_or(u32::MAX)));
        }
    }
    let unsigned = batch_table::awaiting_sign_off(conn, UNSIGNED_TODAY).await?;
    let unsigned = unsigned.iter().map(|listed| line(listed, WaitsFor::SignOff, listed.rollup.total));
    Ok(halted.into_iter().chain(unanswered).chain(unsigned).collect())
}

impl Handle<ListUpcoming> for Engine {
    async fn handle(&self, request: ListUpcoming) -> Result<Vec<UpcomingRun>, EngineError> {
        let limit = pages::size(request.limit, 1_000, 5_000)?;
        if request.to < request.from {
            return Err(Invalid::new("to", "must not be before `from`").into());
        }
        if request.to - request.from > TimeDelta::days(RANGE_MAX) {
            return Err(Invalid::new("to", format!("must be at most {RANGE_MAX} days after `from`")).into());
        }
        upcoming(&mut *self.read().await?, request.from, request.to, self.now(), limit as usize).await
    }
}

impl Handle<GetToday> for Engine {
    async fn handle(&self, _: GetToday) -> Result<Today, EngineError> {
        let now = self.now();
        let mut reader = self.read().await?;
        // From the beginning: what is due stays due until the next tick.
        let upcoming =
            upcoming(&mut reader, DateTime::UNIX_EPOCH, now + SOON, now, Today::UPCOMING_MOST).await?;
        let (open_batches, open) = batch_table::open(&mut reader, BATCHES_TODAY).await?;
        let worked_on = mf_store::sessions::in_progress(&mut reader, SESSIONS_TODAY).await?;
        Ok(Today {
            now,
            upcoming,
            waiting: waiting(&mut reader, &open).await?,
            batches: open.into_iter().map(batches::summary).collect(),
            open_batches,
            sessions: worked_on.into_iter().map(sessions::summary).collect(),
            missed: missed_list::spans_since(&mut reader, now - SOON, now, MISSED_TODAY).await?,
            unread_notifications: notifications::unread(&mut reader).await?,
            is_empty: census::is_empty(&mut reader).await?,
            has_sample: sample::is_here(&mut reader, self.store.identity().team).await?,
        })
    }
}
