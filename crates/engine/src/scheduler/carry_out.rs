//! Plans carried out: what they amount to at this instant, and the transaction that writes it.

use super::notices::{asked_notice, asked_toast, kept_back_notice, missed_notice, ready_notice, ready_toast};
use super::plan::Plan;
use super::spans::without;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::launch::{self, Launch, unassigned};
use crate::missed::{launch_for, replace_asked};
use crate::ports::Toast;
use chrono::{DateTime, Utc};
use mf_contract::schedules::{FiredSchedule, Overlap};
use mf_domain::batch::Rollup;
use mf_domain::ids::{BatchId, FlowId, ScheduleId, TargetListId};
use mf_domain::targets::Target;
use mf_store::{Write, batches, missed, notifications, schedule_clocks, target_lists};
use std::collections::{HashMap, HashSet};

/// Sessions made in one transaction, unless a single schedule makes more.
const SESSIONS_AT_ONCE: usize = 20_000;

/// One firing that is on disk.
pub(super) struct Fired {
    pub(super) report: FiredSchedule,
    pub(super) flow_id: FlowId,
    pub(super) toast: Toast,
}

/// What a tick has put on disk so far.
#[derive(Default)]
pub(super) struct Done {
    pub(super) fired: Vec<Fired>,
    /// Questions about missed occurrences.
    pub(super) asked: Vec<Toast>,
    /// Runs that come soon, and runs that are not finished.
    pub(super) reminders: Vec<Toast>,
    pub(super) missed: u64,
    pub(super) touched: HashSet<FlowId>,
}

impl Done {
    pub(super) fn add(&mut self, more: Self) {
        self.fired.extend(more.fired);
        self.asked.extend(more.asked);
        self.reminders.extend(more.reminders);
        self.missed += more.missed;
        self.touched.extend(more.touched);
    }
}

/// Plans as they may be carried out: without what was dealt with before, and beside which open batches.
pub(super) struct Ready {
    pub(super) plans: Vec<Plan>,
    open: HashMap<FlowId, Rollup>,
    targets: HashMap<TargetListId, Vec<Target>>,
}

impl Ready {
    pub(super) async fn of(
        write: &mut Write,
        mut plans: Vec<Plan>,
        now: DateTime<Utc>,
    ) -> Result<Self, EngineError> {
        take_back_what_was_dealt_with(write, &mut plans).await?;
        let flows: Vec<FlowId> = plans.iter().map(|plan| plan.listed.schedule.flow_id).collect();
        let open = batches::open_of_flows(write.conn(), &flows).await?;
        give_way(write, &mut plans, &open, now).await?;
        let targets = targets_of(write, &plans).await?;
        Ok(Self { plans, open, targets })
    }

    /// Whether a batch comes of it.
    pub(super) fn fires(&self) -> bool {
        self.plans.iter().any(|plan| plan.fire.is_some())
    }

    /// Leaves the plans that do not fit into one transaction for the next.
    pub(super) fn keep_what_fits(&mut self) {
        self.plans.truncate(self.fitting());
    }

    /// How many of the plans fit into one transaction, by the sessions they make; at least one.
    fn fitting(&self) -> usize {
        let Self { plans, targets, .. } = self;
        let mut sessions = 0;
        let fitting = plans.iter().take_while(|plan| {
            let list = plan.listed.target_list.as_ref().and_then(|(id, _)| targets.get(id));
            sessions += list.map_or(1, Vec::len);
            sessions <= SESSIONS_AT_ONCE
        });
        fitting.count().max(1)
    }
}

impl Engine {
    /// The fire transaction: batches, sessions, notices, misses and clocks. Answers what is new, to be told once it is on disk.
    pub(super) async fn carry_out(
        &self,
        write: &mut Write,
        ready: &Ready,
        now: DateTime<Utc>,
    ) -> Result<Done, EngineError> {
        let Ready { plans, open, targets } = ready;
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
            notices.extend(kept_back_notice(plan, now));
            notices.extend(plan.asked().map(|span| asked_notice(plan, span, now)));
        }
        launch::insert(write, &launches).await?;
        let ran = plans.iter().filter_map(|plan| Some((plan.listed.schedule.id, plan.fire?.occurrence.at)));
        let new: HashSet<ScheduleId> = fired.iter().map(|fired| fired.report.schedule_id).collect();
        replace_asked(write, &ran.filter(|(id, _)| new.contains(id)).collect::<Vec<_>>(), now).await?;
        notifications::insert_absent(write, &notices).await?;
        let spans: Vec<_> = plans.iter().flat_map(|plan| plan.missed.iter().cloned()).collect();
        missed::insert(write, &spans).await?;
        let clocks: Vec<_> = plans.iter().map(|plan| plan.clock).collect();
        schedule_clocks::put(write, &clocks).await?;
        Ok(Done {
            fired,
            asked: plans.iter().flat_map(|plan| plan.asked().map(|span| asked_toast(plan, span))).collect(),
            reminders: Vec::new(),
            missed: spans.iter().map(|span| span.count).sum(),
            touched: plans.iter().map(|plan| plan.listed.schedule.flow_id).collect(),
        })
    }
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
