//! One tick: everything due at an instant, in chunks of one transaction each.

use super::follow::set_aside;
use super::notices::{
    asked_notice, asked_summary_toast, asked_toast, missed_notice, ready_notice, ready_toast,
    reminders_toast, soon_notice, summary_toast, unfinished_notice,
};
use super::plan::{Plan, failing, plan};
use super::presence::Presence;
use super::spans::without;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::launch::{self, Launch, unassigned};
use crate::limits::Calendars;
use crate::missed::launch_for;
use crate::ports::Toast;
use chrono::{DateTime, Utc};
use mf_contract::Event;
use mf_contract::schedules::{FiredSchedule, Overlap, TickReport};
use mf_domain::Invalid;
use mf_domain::batch::Rollup;
use mf_domain::ids::{BatchId, FlowId, ScheduleId, TargetListId};
use mf_domain::targets::Target;
use mf_store::notifications::NotificationRow;
use mf_store::schedule_clocks::DueSchedule;
use mf_store::schedules::UnreadableSchedule;
use mf_store::{StoreError, Write, batches, missed, notifications, schedule_clocks, target_lists};
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Schedules fired in one transaction. Ids are random, so a chunk touches most pages of every index, however many rows it
/// has: larger ones write less in all. Somebody's click waits for one of them, a sixth of a second at most.
const CHUNK: u32 = 2_000;
/// Sessions made in one transaction, unless a single schedule makes more.
const SESSIONS_AT_ONCE: usize = 20_000;
/// More events than this at once are told as one "everything changed".
const EVENTS_ONE_BY_ONE: usize = 50;
/// More toasts than this at once become one summary.
const TOASTS_ONE_BY_ONE: usize = 3;

/// One firing that is on disk.
struct Fired {
    report: FiredSchedule,
    flow_id: FlowId,
    toast: Toast,
}

/// What a tick has put on disk so far.
#[derive(Default)]
struct Done {
    fired: Vec<Fired>,
    /// Questions about missed occurrences.
    asked: Vec<Toast>,
    /// Runs that come soon, and runs that are not finished.
    reminders: Vec<Toast>,
    missed: u64,
    touched: HashSet<FlowId>,
}

/// Whether a due schedule is fired, or given up because firing it has failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Fire,
    GiveUp,
}

impl Engine {
    /// Fires and records everything due at `now`. Idempotent: what an earlier tick dealt with stays as it is.
    ///
    /// # Errors
    /// When the workspace cannot be written; what was due stays due.
    pub async fn tick(&self, now: DateTime<Utc>) -> Result<TickReport, EngineError> {
        let mut done = Done::default();
        let ended = match self.follow(now).await {
            Ok(()) => self.fire_chunks(now, &mut done).await,
            Err(error) => Err(error),
        };
        self.ticked(now);
        // Also after an error: the chunks before it are on disk, and nobody will tell them later.
        self.tell(&done);
        ended?;
        let fired = done.fired.into_iter().map(|fired| fired.report).collect();
        Ok(TickReport { fired, missed: done.missed, transitions: 0 })
    }

    /// One transaction per chunk. One that fails is tried again with half as many, until the schedule that fails is alone
    /// and is given up: it holds none of the others back.
    async fn fire_chunks(&self, now: DateTime<Utc>, done: &mut Done) -> Result<(), EngineError> {
        let mut size = CHUNK;
        while schedule_clocks::next_due(&mut *self.read().await?).await?.is_some_and(|at| at <= now) {
            match self.deal_with_chunk(now, size, Attempt::Fire, done).await {
                Ok(()) => size = (size * 2).min(CHUNK),
                Err(error) if concerns_the_workspace(&error) => return Err(error),
                Err(_) if size > 1 => size /= 2,
                Err(error) => {
                    tracing::error!(%error, "a schedule could not be fired");
                    self.deal_with_chunk(now, 1, Attempt::GiveUp, done).await?;
                }
            }
        }
        Ok(())
    }

    /// Reads what is due, plans it and carries it out, all under the write lock: an edit or a pause comes wholly before
    /// this or wholly after.
    async fn deal_with_chunk(
        &self,
        now: DateTime<Utc>,
        size: u32,
        attempt: Attempt,
        done: &mut Done,
    ) -> Result<(), EngineError> {
        let mut write = self.store.write(self.now()).await?;
        let mut plans = plans(&mut write, now, size, self.presence()).await?;
        if attempt == Attempt::GiveUp {
            plans = plans.into_iter().map(|plan| plan.failed(now)).collect();
        }
        take_back_what_was_dealt_with(&mut write, &mut plans).await?;
        let flows: Vec<FlowId> = plans.iter().map(|plan| plan.listed.schedule.flow_id).collect();
        let open = batches::open_of_flows(write.conn(), &flows).await?;
        give_way(&mut write, &mut plans, &open, now).await?;
        let targets = targets_of(&mut write, &plans).await?;
        plans.truncate(within_bounds(&plans, &targets));
        let fired = self.write_plans(&mut write, &plans, &targets, &open, now).await?;
        let reminders = remind(&mut write, &plans, now).await?;
        write.commit().await?;
        done.fired.extend(fired);
        done.reminders.extend(reminders);
        done.asked.extend(plans.iter().flat_map(|plan| plan.asked().map(|span| asked_toast(plan, span))));
        done.missed += plans.iter().flat_map(|plan| &plan.missed).map(|span| span.count).sum::<u64>();
        done.touched.extend(plans.iter().map(|plan| plan.listed.schedule.flow_id));
        Ok(())
    }

    /// The fire transaction: batches, sessions, notices, misses and clocks. Answers what is new.
    async fn write_plans(
        &self,
        write: &mut Write,
        plans: &[Plan],
        targets: &HashMap<TargetListId, Vec<Target>>,
        open: &HashMap<FlowId, Rollup>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Fired>, EngineError> {
        let wanted: Vec<BatchId> = plans.iter().filter_map(Plan::key).map(|key| key.batch_id()).collect();
        let existing = batches::existing(write.conn(), &wanted).await?;

        let (mut launches, mut notices, mut fired) = (Vec::new(), Vec::new(), Vec::new());
        for plan in plans {
            let list = plan.listed.target_list.as_ref();
            let named = list.and_then(|(id, _)| targets.get(id));
            let alone = [unassigned()];
            let launch = launch(plan, named.map_or(&alone[..], Vec::as_slice), now);
            if let Some(launch) = launch.filter(|launch| !existing.contains(&launch.batch.id)) {
                let toast = ready_toast(plan, &launch, open.get(&launch.batch.flow_id));
                notices.push(ready_notice(launch.batch.id, &toast, now));
                fired.push(Fired {
                    report: FiredSchedule {
                        schedule_id: plan.listed.schedule.id,
                        batch_id: launch.batch.id,
                        count: launch.count(),
                    },
                    flow_id: launch.batch.flow_id,
                    toast,
                });
                launches.push(launch);
            }
            notices.extend(missed_notice(plan, now));
            notices.extend(plan.asked().map(|span| asked_notice(plan, span, now)));
        }
        launch::insert(write, &launches).await?;
        notifications::insert_absent(write, &notices).await?;
        let spans: Vec<_> = plans.iter().flat_map(|plan| plan.missed.iter().cloned()).collect();
        missed::insert(write, &spans).await?;
        let clocks: Vec<_> = plans.iter().map(|plan| plan.clock).collect();
        schedule_clocks::put(write, &clocks).await?;
        Ok(fired)
    }

    /// After the commit: windows, then the desktop.
    fn tell(&self, done: &Done) {
        let Done { fired, asked, reminders, touched, .. } = done;
        if fired.is_empty() && touched.is_empty() {
            return;
        }
        if fired.len() + touched.len() > EVENTS_ONE_BY_ONE {
            self.emit(Event::EverythingChanged);
        } else {
            for one in fired {
                self.emit(Event::BatchChanged { batch_id: one.report.batch_id, flow_id: one.flow_id });
            }
            for flow_id in touched {
                self.emit(Event::ScheduleChanged { flow_id: *flow_id });
            }
            self.emit(Event::NotificationsChanged);
        }
        let ready: Vec<&Toast> = fired.iter().map(|one| &one.toast).collect();
        let sessions = fired.iter().map(|one| one.report.count).sum();
        self.show(&ready, || summary_toast(fired.len(), sessions));
        self.show(&reminders.iter().collect::<Vec<_>>(), || reminders_toast(reminders.len()));
        self.show(&asked.iter().collect::<Vec<_>>(), || asked_summary_toast(asked.len()));
    }

    /// Toasts one by one, or one for them all.
    fn show(&self, toasts: &[&Toast], summary: impl FnOnce() -> Toast) {
        if toasts.len() <= TOASTS_ONE_BY_ONE {
            toasts.iter().for_each(|toast| self.ports.notifier.show(toast));
        } else {
            self.ports.notifier.show(&summary());
        }
    }
}

/// What is due, as plans. A schedule that cannot be read is set aside for a while; one whose planning panics does not run,
/// and that is recorded.
async fn plans(
    write: &mut Write,
    now: DateTime<Utc>,
    size: u32,
    presence: Presence,
) -> Result<Vec<Plan>, EngineError> {
    let mut plans = Vec::new();
    let due_now = schedule_clocks::due(write.conn(), now, size).await?;
    let mut calendars = calendars_of(write, &due_now).await?;
    for due in due_now {
        let id = match &due {
            Ok(schedule) => schedule.listed.schedule.id,
            Err(unreadable) => unreadable.id,
        };
        let mut planned = match due {
            Ok(schedule) => guarded(|| plan(schedule, now, presence, &mut calendars)),
            Err(unreadable) => Err(Unplanned::Unreadable(unreadable.error.to_string())),
        };
        if matches!(planned, Err(Unplanned::Panicked))
            && let Some(again) = schedule_clocks::one(write.conn(), id).await?
        {
            planned = guarded(|| failing(again, now));
        }
        match planned {
            Ok(plan) => plans.push(plan),
            Err(Unplanned::Unreadable(error)) => set_aside(write, id, &error, now).await?,
            Err(Unplanned::Panicked) => set_aside(write, id, "planning it panicked", now).await?,
        }
    }
    Ok(plans)
}

/// Why a schedule has no plan.
#[derive(Debug, PartialEq, Eq)]
enum Unplanned {
    /// What is wrong with its row, for the log.
    Unreadable(String),
    /// The panic was caught; the log has its message.
    Panicked,
}

/// Plans one schedule so that no panic keeps the others from being planned.
fn guarded<T>(planning: impl FnOnce() -> Result<T, Invalid>) -> Result<T, Unplanned> {
    match catch_unwind(AssertUnwindSafe(planning)) {
        Ok(planned) => planned.map_err(|error| Unplanned::Unreadable(error.to_string())),
        Err(_) => Err(Unplanned::Panicked),
    }
}

/// The blackout calendars that these schedules keep clear of.
pub(super) async fn calendars_of(
    write: &mut Write,
    due: &[Result<DueSchedule, UnreadableSchedule>],
) -> Result<Calendars, EngineError> {
    let schedules = due.iter().flatten().map(|due| &due.listed.schedule);
    Calendars::of(write.conn(), schedules).await
}

/// Occurrences that ran are not missed, and those that somebody skipped neither run nor are missed again, whatever the clock
/// did in between.
async fn take_back_what_was_dealt_with(write: &mut Write, plans: &mut [Plan]) -> Result<(), EngineError> {
    let stretches: Vec<batches::Stretch> = plans
        .iter()
        .flat_map(|plan| {
            plan.missed.iter().map(|span| batches::Stretch {
                flow: plan.listed.schedule.flow_id,
                schedule: span.schedule_id,
                from: span.from.timestamp_millis(),
                to: span.to.timestamp_millis(),
            })
        })
        .collect();
    let mut dealt_with = batches::ran(write.conn(), &stretches).await?;
    let schedules: Vec<ScheduleId> = plans.iter().map(|plan| plan.listed.schedule.id).collect();
    let declined = missed::declined(write.conn(), &schedules).await?;
    for plan in plans.iter_mut() {
        if let Some(declined) = declined.get(&plan.listed.schedule.id) {
            plan.leave_out(declined);
        }
    }
    for (schedule, declined) in declined {
        dealt_with.entry(schedule).or_default().extend(declined);
    }
    for plan in plans {
        let Some(ran) = dealt_with.get(&plan.listed.schedule.id) else { continue };
        let spans = std::mem::take(&mut plan.missed);
        for span in spans {
            plan.missed.extend(without(span, ran)?);
        }
    }
    Ok(())
}

/// Schedules that do not run beside an open batch of their flow, where there is one.
async fn give_way(
    write: &mut Write,
    plans: &mut [Plan],
    open: &HashMap<FlowId, Rollup>,
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let gives_way = |plan: &&mut Plan| {
        plan.overlap == Overlap::Skip
            && plan.wants_to_run()
            && open.contains_key(&plan.listed.schedule.flow_id)
    };
    let wanting: Vec<&mut Plan> = plans.iter_mut().filter(gives_way).collect();
    // The open batch may be its own: then it ran, before the clock was set back.
    let own: Vec<BatchId> = wanting.iter().filter_map(|plan| plan.key()).map(|key| key.batch_id()).collect();
    let existing = batches::existing(write.conn(), &own).await?;
    for plan in wanting {
        if plan.key().is_none_or(|key| !existing.contains(&key.batch_id())) {
            plan.give_way(now);
        }
    }
    Ok(())
}

/// Tells of runs that come soon, and of runs that are not finished at the hour their schedule names; of each once. Answers
/// what was told now.
async fn remind(write: &mut Write, plans: &[Plan], now: DateTime<Utc>) -> Result<Vec<Toast>, EngineError> {
    let mut notices: Vec<_> =
        plans.iter().filter_map(|plan| plan.soon.map(|run| soon_notice(plan, &run, now))).collect();
    let by_schedule: HashMap<ScheduleId, (&Plan, DateTime<Utc>)> = plans
        .iter()
        .filter_map(|plan| Some((plan.listed.schedule.id, (plan, plan.unfinished_since?))))
        .collect();
    let schedules: Vec<_> = by_schedule
        .values()
        .map(|(plan, _)| (plan.listed.schedule.flow_id, plan.listed.schedule.id))
        .collect();
    for batch in batches::open_of_schedules(write.conn(), &schedules).await? {
        if let Some((plan, since)) = by_schedule.get(&batch.schedule)
            && batch.launched_at < *since
        {
            notices.push(unfinished_notice(plan, &batch, now));
        }
    }
    let ids: Vec<_> = notices.iter().map(|notice| notice.id).collect();
    let told = notifications::existing(write.conn(), &ids).await?;
    notices.retain(|notice| !told.contains(&notice.id));
    notifications::insert_absent(write, &notices).await?;
    let toast =
        |notice: NotificationRow| Toast { title: notice.title, body: notice.body, route: notice.route };
    Ok(notices.into_iter().map(toast).collect())
}

/// How many of the plans fit into one transaction, by the sessions they make; at least one.
fn within_bounds(plans: &[Plan], targets: &HashMap<TargetListId, Vec<Target>>) -> usize {
    let mut sessions = 0;
    let fitting = plans.iter().take_while(|plan| {
        let list = plan.listed.target_list.as_ref().and_then(|(id, _)| targets.get(id));
        sessions += list.map_or(1, Vec::len);
        sessions <= SESSIONS_AT_ONCE
    });
    fitting.count().max(1)
}

/// Failures that every schedule would meet alike: nothing is learnt from trying them one by one.
fn concerns_the_workspace(error: &EngineError) -> bool {
    matches!(
        error,
        EngineError::Store(
            StoreError::DiskFull(_)
                | StoreError::ReadOnly { .. }
                | StoreError::Busy(_)
                | StoreError::Disk(_)
                | StoreError::Corrupt(_)
                | StoreError::File(_)
        )
    )
}

async fn targets_of(
    write: &mut Write,
    plans: &[Plan],
) -> Result<HashMap<TargetListId, Vec<Target>>, EngineError> {
    let firing = plans.iter().filter(|plan| plan.fire.is_some());
    let lists: Vec<TargetListId> =
        firing.filter_map(|plan| plan.listed.target_list.as_ref().map(|(id, _)| *id)).collect();
    Ok(target_lists::targets_of(write.conn(), &lists).await?)
}

fn launch(plan: &Plan, targets: &[Target], now: DateTime<Utc>) -> Option<Launch> {
    let zone = &plan.listed.schedule.timezone;
    plan.fire.map(|run| launch_for(&plan.listed, zone, &run.occurrence, targets, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::panic, reason = "it is what is caught")]
    fn a_panic_is_told_from_what_cannot_be_planned() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        let unreadable = guarded(|| Err::<(), _>(Invalid::new("a", "is wrong")));
        assert!(matches!(unreadable, Err(Unplanned::Unreadable(_))), "{unreadable:?}");
        assert_eq!(guarded::<()>(|| panic!("as a test")), Err(Unplanned::Panicked));
    }
}
