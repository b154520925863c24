//! One tick: everything due at an instant, in chunks of one transaction each.

use super::aside::set_aside;
use super::carry_out::{Done, Ready};
use super::notices::{asked_summary_toast, reminders_toast, soon_notice, summary_toast, unfinished_notice};
use super::plan::{Plan, UNREADABLE_EVERY, failing, plan};
use super::presence::Presence;
use crate::engine::Engine;
use crate::error::{EngineError, chain};
use crate::limits::Calendars;
use crate::ports::Toast;
use chrono::{DateTime, Utc};
use mf_contract::Event;
use mf_contract::schedules::TickReport;
use mf_domain::Invalid;
use mf_domain::ids::ScheduleId;
use mf_store::notifications::NotificationRow;
use mf_store::schedule_clocks::DueSchedule;
use mf_store::schedules::UnreadableSchedule;
use mf_store::{StoreError, Write, batches, notifications, schedule_clocks};
use std::collections::HashMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::{self, available_parallelism};

/// Schedules fired in one transaction. Ids are random, so a chunk touches most pages of every index, however many rows it
/// has: larger ones write less in all. Somebody's click waits for one of them, half of what `bench fire` takes for 10,000.
const CHUNK: u32 = 5_000;
/// More events than this at once are told as one "everything changed".
const EVENTS_ONE_BY_ONE: usize = 50;
/// More toasts than this at once become one summary.
const TOASTS_ONE_BY_ONE: usize = 3;

/// Fewer schedules than this are planned where they stand.
const PLANNED_TOGETHER: usize = 100;

/// Whether a due schedule is fired, or given up because firing it has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
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
                Ok(0) => break,
                Ok(_) => size = (size * 2).min(CHUNK),
                Err(error) if concerns_the_workspace(&error) => return Err(error),
                Err(_) if size > 1 => size /= 2,
                Err(error) => {
                    tracing::error!(error = chain(&error), "a schedule could not be fired");
                    self.give_up(now, done).await?;
                }
            }
        }
        Ok(())
    }

    /// Gives up the schedule that is due first. Where not even that can be written, it is set aside for a while.
    async fn give_up(&self, now: DateTime<Utc>, done: &mut Done) -> Result<(), EngineError> {
        match self.deal_with_chunk(now, 1, Attempt::GiveUp, done).await {
            Err(error) if !concerns_the_workspace(&error) => {
                let mut write = self.store.write(self.now()).await?;
                for due in schedule_clocks::due(write.conn(), now, 1).await? {
                    let id = id_of(&due);
                    tracing::error!(schedule = %id, error = chain(&error), "nor could it be given up: it is set aside");
                    schedule_clocks::set_aside(&mut write, id, now, now + UNREADABLE_EVERY).await?;
                }
                write.commit().await?;
                Ok(())
            }
            done => done.map(|_| ()),
        }
    }

    /// Reads what is due, plans it and carries it out, all under the write lock: an edit or a pause comes wholly before
    /// this or wholly after. Answers how many schedules it looked at.
    async fn deal_with_chunk(
        &self,
        now: DateTime<Utc>,
        size: u32,
        attempt: Attempt,
        done: &mut Done,
    ) -> Result<usize, EngineError> {
        let mut write = self.store.write(self.now()).await?;
        let due = schedule_clocks::due(write.conn(), now, size).await?;
        let looked_at = due.len();
        let plans = plans(&mut write, due, now, self.presence(), attempt).await?;
        let mut ready = Ready::of(&mut write, plans, now).await?;
        ready.keep_what_fits();
        let mut dealt_with = self.carry_out(&mut write, &ready, now).await?;
        dealt_with.reminders = remind(&mut write, &ready.plans, now).await?;
        write.commit().await?;
        done.add(dealt_with);
        Ok(looked_at)
    }

    /// After the commit: windows, then the desktop.
    pub(super) fn tell(&self, done: &Done) {
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
    due_now: Vec<Result<DueSchedule, UnreadableSchedule>>,
    now: DateTime<Utc>,
    presence: Presence,
    attempt: Attempt,
) -> Result<Vec<Plan>, EngineError> {
    let mut plans = Vec::new();
    let calendars = Calendars::of_due(write.conn(), &due_now).await?;
    let planned = on_every_core(due_now, |due| {
        let id = id_of(&due);
        let planned = match due {
            Ok(schedule) => guarded(|| plan(schedule, now, presence, &calendars)),
            Err(unreadable) => Err(Unplanned::Unreadable(chain(&unreadable.error))),
        };
        (id, planned)
    });
    for (id, mut planned) in planned {
        if matches!(planned, Err(Unplanned::Panicked))
            && let Some(again) = schedule_clocks::one(write.conn(), id).await?
        {
            planned = guarded(|| failing(again, now));
        }
        match (planned, attempt) {
            (Ok(plan), Attempt::Fire) => plans.push(plan),
            (Ok(plan), Attempt::GiveUp) => plans.push(plan.failed(now)),
            (Err(Unplanned::Unreadable(error)), _) => set_aside(write, id, &error, now).await?,
            (Err(Unplanned::Panicked), _) => set_aside(write, id, "planning it panicked", now).await?,
        }
    }
    Ok(plans)
}

/// What `work` makes of each item, in their order.
fn on_every_core<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    if items.len() < PLANNED_TOGETHER || cores == 1 {
        return items.into_iter().map(work).collect();
    }
    let share = items.len().div_ceil(cores);
    let mut items = items.into_iter();
    let shares: Vec<Vec<T>> = (0..cores).map(|_| items.by_ref().take(share).collect()).collect();
    let work = &work;
    thread::scope(|scope| {
        let started: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Vec<R>>()))
            .collect();
        started
            .into_iter()
            .flat_map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}

fn id_of(due: &Result<DueSchedule, UnreadableSchedule>) -> ScheduleId {
    match due {
        Ok(due) => due.listed.schedule.id,
        Err(unreadable) => unreadable.id,
    }
}

/// Why a schedule has no plan.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unplanned {
    /// What is wrong with its row, for the log.
    Unreadable(String),
    /// The panic was caught; the log has its place.
    Panicked,
}

/// Plans one schedule so that no panic keeps the others from being planned.
pub(super) fn guarded<T>(planning: impl FnOnce() -> Result<T, Invalid>) -> Result<T, Unplanned> {
    match catch_unwind(AssertUnwindSafe(planning)) {
        Ok(planned) => planned.map_err(|error| Unplanned::Unreadable(error.to_string())),
        Err(_) => Err(Unplanned::Panicked),
    }
}

/// Tells of runs that come soon, and of runs that are not finished at the hour their schedule names; of each once. Answers
/// what was told now.
async fn remind(write: &mut Write, plans: &[Plan], now: DateTime<Utc>) -> Result<Vec<Toast>, EngineError> {
    let mut notices: Vec<_> =
        plans.iter().flat_map(|plan| plan.soon.iter().map(|run| soon_notice(plan, run, now))).collect();
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
    let toast = |notice: NotificationRow| {
        let NotificationRow { title, body, route, .. } = notice;
        Toast { title, body, route, ..Toast::default() }
    };
    Ok(notices.into_iter().map(toast).collect())
}

/// Failures that every schedule would meet alike: nothing is learnt from trying them one by one.
pub(super) fn concerns_the_workspace(error: &EngineError) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planned_on_every_core_the_order_stays() {
        for many in [0, 1, PLANNED_TOGETHER - 1, PLANNED_TOGETHER, 1_001] {
            let doubled = on_every_core((0..many).collect(), |n| n * 2);
            assert_eq!(doubled, (0..many).map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    #[expect(clippy::panic, reason = "it is what is caught")]
    fn a_panic_is_told_from_what_cannot_be_planned() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        let unreadable = guarded(|| Err::<(), _>(Invalid::new("a", "is wrong")));
        assert!(matches!(unreadable, Err(Unplanned::Unreadable(_))), "{unreadable:?}");
        assert_eq!(guarded::<()>(|| panic!("as a test")), Err(Unplanned::Panicked));
    }
}
