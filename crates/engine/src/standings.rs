//! How all schedules are doing, and pausing or resuming many at once.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::{Calendars, never_words};
use crate::names::name_of;
use crate::schedules::answer;
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::Handle;
use mf_contract::schedules::{MissedOutcome, MissedReason, Schedule, UpdateSchedule};
use mf_contract::standings::*;
use mf_domain::Invalid;
use mf_domain::ids::ScheduleId;
use mf_domain::policy::Next;
use mf_domain::role::Role;
use mf_store::schedules::{self, ListedSchedule};
use mf_store::standings::{self as table, Lately};
use std::collections::HashSet;

/// Most schedules of one request.
const AT_ONCE: usize = 1_000;
/// How long a miss is told of.
const LATELY: TimeDelta = TimeDelta::days(7);

fn health(schedule: &Schedule, last_run: Option<&LastRun>, lately: &Lately) -> ScheduleHealth {
    let missed_since =
        lately.last.is_some_and(|missed| last_run.is_none_or(|run| missed > run.scheduled_for));
    match (schedule.is_active, schedule.next_run_at, last_run) {
        (false, ..) => ScheduleHealth::Paused,
        (_, None, _) => ScheduleHealth::NeverRuns,
        _ if lately.asked > 0 => ScheduleHealth::Asking,
        _ if missed_since => ScheduleHealth::Missing,
        (.., Some(run)) if run.rollup.failed > 0 => ScheduleHealth::Failing,
        (.., None) => ScheduleHealth::New,
        _ => ScheduleHealth::Good,
    }
}

fn words(health: ScheduleHealth, last_run: Option<&LastRun>, missed: u64, never: &str) -> String {
    let runs = |count: u64| if count == 1 { "1 run was".to_owned() } else { format!("{count} runs were") };
    match health {
        ScheduleHealth::Paused => "It is paused.".to_owned(),
        ScheduleHealth::NeverRuns => never.to_owned(),
        ScheduleHealth::Asking => "A missed run waits for an answer.".to_owned(),
        ScheduleHealth::Missing => format!("{} missed in the last 7 days.", runs(missed)),
        ScheduleHealth::Failing => {
            format!("Of the last run, {} failed.", last_run.map_or(0, |run| run.rollup.failed))
        }
        ScheduleHealth::New => "It has not run yet.".to_owned(),
        ScheduleHealth::Good => "All is well.".to_owned(),
    }
}

/// Why an active schedule never runs; a sentence.
fn never(listed: &ListedSchedule, calendars: &Calendars, now: DateTime<Utc>) -> String {
    match calendars.rule(&listed.schedule, now).map(|rule| rule.next_after(now)) {
        Ok(Next::Never(never)) => never_words(never),
        Ok(Next::Run(_)) => "Its next run is not known yet.".to_owned(),
        Err(invalid) => match invalid.field.as_str() {
            "blackout_calendar_ids" => format!("Its blackouts {}: it does not run.", invalid.message),
            _ => "Its windows or blackouts cannot be read: it does not run.".to_owned(),
        },
    }
}

impl Handle<ListScheduleStandings> for Engine {
    async fn handle(&self, _: ListScheduleStandings) -> Result<Vec<ScheduleStanding>, EngineError> {
        let now = self.now();
        let mut view = self.store.snapshot().await?;
        let listed: Vec<ListedSchedule> = schedules::list(&mut view).await?.into_iter().flatten().collect();
        let mut runs = table::last_runs(&mut view).await?;
        // What is as somebody wanted it is no trouble.
        let unremarkable = [
            MissedReason::Coalesced,
            MissedReason::Paused,
            MissedReason::OutsideWindow,
            MissedReason::Blackout,
        ]
        .map(name_of);
        let asked = name_of(MissedOutcome::Asked);
        let mut lately = table::missed_lately(&mut view, now - LATELY, now, &unremarkable, &asked).await?;
        let stuck = listed.iter().filter(|it| it.is_active && it.next_run_at.is_none());
        let calendars = Calendars::of(&mut view, stuck.map(|it| &it.schedule)).await?;
        let mut standings = Vec::with_capacity(listed.len());
        for one in listed {
            let id = one.schedule.id;
            let never = if one.next_run_at.is_none() { never(&one, &calendars, now) } else { String::new() };
            // One that cannot be read does not fire either, and must not hide the others.
            let Ok(schedule) = answer(one) else { continue };
            let last_run = runs.remove(&id).map(|run| LastRun {
                batch_id: run.batch,
                scheduled_for: run.scheduled_for,
                launched_at: run.launched_at,
                status: run.rollup.status(),
                rollup: run.rollup,
            });
            let lately = lately.remove(&id).unwrap_or_default();
            let health = health(&schedule, last_run.as_ref(), &lately);
            let words = words(health, last_run.as_ref(), lately.count, &never);
            standings.push(ScheduleStanding {
                schedule,
                health,
                words,
                last_run,
                missed_lately: lately.count,
            });
        }
        Ok(standings)
    }
}

impl Handle<SetSchedulesActive> for Engine {
    async fn handle(&self, request: SetSchedulesActive) -> Result<SchedulesChanged, EngineError> {
        self.require(Role::Manager)?;
        if !(1..=AT_ONCE).contains(&request.ids.len()) {
            let message = format!("are {}; they must be 1 to {AT_ONCE}", request.ids.len());
            return Err(Invalid::new("ids", message).into());
        }
        let mut reply = SchedulesChanged::default();
        let mut seen: HashSet<ScheduleId> = HashSet::new();
        for id in request.ids.into_iter().filter(|id| seen.insert(*id)) {
            let update =
                UpdateSchedule { is_active: Some(request.is_active), ..UpdateSchedule::unchanged(id) };
            match self.handle(update).await {
                Ok(_) => reply.changed += 1,
                Err(error) => reply.refused.push(RefusedSchedule { schedule_id: id, error: error.into() }),
            }
        }
        Ok(reply)
    }
}
