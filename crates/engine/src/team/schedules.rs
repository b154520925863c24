//! What a merge means for the schedules: what an edit of the same would have meant.
//!
//! What becomes of a schedule follows from several rows (its rule, two registers, its flow, its calendars), and of those
//! some may not fit. So the change is written once to look at its outcome, taken back, and written again after the rules it
//! ends were dealt with.

use super::merge::CarryOut;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::scheduler::{Attempt, DealtWith, clock, moved_to_other_dates, record};
use crate::schedules::{clock_for_notices, clock_from};
use chrono::{DateTime, TimeDelta, Utc};
use mf_domain::ids::{BlackoutCalendarId, FlowId, ScheduleId};
use mf_domain::role::Role;
use mf_domain::synced::row::{Row, Scalar};
use mf_store::schedule_clocks::{Clock, DueSchedule};
use mf_store::schedules::ListedSchedule;
use mf_store::{Connection, Write, schedule_clocks, schedules};
use mf_sync::replica::Change;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The schedules a change concerns, as they are before it.
pub(super) struct Rules {
    ids: Vec<ScheduleId>,
    before: HashMap<ScheduleId, DueSchedule>,
    /// Those whose rules it ends.
    ended: HashSet<ScheduleId>,
    calendars: Calendars,
    dealt_with: Vec<DealtWith>,
}

impl Engine {
    /// Before a change: what it ends is dealt with as an edit would.
    pub(super) async fn rules_before(
        &self,
        write: &mut Write,
        change: &Change,
        source: &impl CarryOut,
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<Rules, EngineError> {
        let ids = concerned(write.conn(), change).await?;
        let before = by_id(write.conn(), &ids).await?;
        let calendars = Calendars::of(write.conn(), before.values().map(|due| &due.listed.schedule)).await?;
        let mut rules = Rules { ids, before, ended: HashSet::new(), calendars, dealt_with: Vec::new() };
        if rules.before.is_empty() {
            return Ok(rules);
        }
        write.mark().await?;
        source.carry_out(write, change.clone(), now).await?;
        let after = by_id(write.conn(), &rules.ids).await?;
        write.return_to_mark().await?;
        let ends = |before: &DueSchedule| {
            let after = after.get(&before.listed.schedule.id);
            after.is_none_or(|after| {
                after.listed.is_active != before.listed.is_active
                    || !after.listed.schedule.has_the_rule_of(&before.listed.schedule)
            })
        };
        rules.ended = rules.before.iter().filter(|(_, due)| ends(due)).map(|(id, _)| *id).collect();
        // Who may only read fires nothing, and records nothing for those who do.
        if self.role().allows(Role::Operator) {
            let (ended, others): (Vec<ScheduleId>, Vec<ScheduleId>) =
                rules.before.keys().partition(|id| rules.ended.contains(id));
            rules.dealt_with.push(self.end_rules(write, &ended, attempt, now).await?);
            rules.dealt_with.push(self.deal_with_first(write, &others, attempt, now).await?);
            // How far they were dealt with by now.
            rules.before = by_id(write.conn(), &rules.ids).await?;
        }
        Ok(rules)
    }

    /// After the change: when each of them is looked at next.
    pub(super) async fn rules_after(
        &self,
        write: &mut Write,
        rules: Rules,
        now: DateTime<Utc>,
    ) -> Result<Vec<DealtWith>, EngineError> {
        let listed = schedules::of_ids(write.conn(), &rules.ids).await?;
        let there: HashSet<ScheduleId> = listed.iter().map(schedules::id_of).collect();
        let current = listed.iter().flatten().map(|listed| &listed.schedule);
        let calendars = Calendars::of(write.conn(), current).await?;
        let (mut clocks, mut undone) = (Vec::new(), Vec::new());
        for listed in listed {
            let listed = match listed {
                Ok(listed) => listed,
                Err(unreadable) => {
                    // The next tick says so.
                    clocks.push(Clock { look_at: Some(now), ..clock::stopped(unreadable.id, now) });
                    continue;
                }
            };
            match rules.before.get(&listed.schedule.id) {
                Some(due) if !rules.ended.contains(&listed.schedule.id) => {
                    let moved = moved_to_other_dates(due, (&rules.calendars, &calendars), now).ok().flatten();
                    if let Some((spans, clock)) = moved.filter(|_| listed.is_active) {
                        undone.extend(spans);
                        clocks.push(clock);
                    }
                    if due.listed.schedule.limits != listed.schedule.limits {
                        clocks.extend(
                            clock_for_notices(write.conn(), &listed.schedule, now).await.ok().flatten(),
                        );
                    }
                }
                Some(_) => clocks.push(in_force(write.conn(), &listed, now, now).await),
                None => {
                    // What a colleague's laptop may not have started is ours to start, as far back as it may run late.
                    let grace = TimeDelta::seconds(i64::from(listed.schedule.grace_seconds));
                    clocks.push(in_force(write.conn(), &listed, now - grace, now).await);
                }
            }
        }
        record(write, undone, &rules.ids).await?;
        schedule_clocks::put(write, &clocks).await?;
        for id in rules.ids.iter().filter(|id| !there.contains(id)) {
            schedule_clocks::stop(write, *id, now).await?;
        }
        Ok(rules.dealt_with)
    }
}

/// The clock of a schedule whose rule is in force since an instant. One without a rule is looked at by the next tick, which
/// says what is wrong with it.
async fn in_force(
    conn: &mut Connection,
    listed: &ListedSchedule,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Clock {
    let since = if listed.is_active { since } else { now };
    match clock_from(conn, &listed.schedule, listed.is_active, since).await {
        Ok(clock) => clock,
        Err(_) => Clock { look_at: Some(now), ..clock::stopped(listed.schedule.id, since) },
    }
}

async fn by_id(
    conn: &mut Connection,
    ids: &[ScheduleId],
) -> Result<HashMap<ScheduleId, DueSchedule>, EngineError> {
    let due = schedule_clocks::of_ids(conn, ids).await?;
    Ok(due.into_iter().flatten().map(|due| (due.listed.schedule.id, due)).collect())
}

/// The schedules that rows of a change concern.
async fn concerned(conn: &mut Connection, change: &Change) -> Result<Vec<ScheduleId>, EngineError> {
    let mut ids: BTreeSet<ScheduleId> = BTreeSet::new();
    let (mut flows, mut calendars) = (BTreeSet::new(), BTreeSet::new());
    let differs = |row: &Row, over: Option<&Row>, column: &str| {
        over.is_none_or(|over| {
            over.tombstone != row.tombstone || over.columns.get(column) != row.columns.get(column)
        })
    };
    for (row, over) in change.taken() {
        match row.key.table.as_str() {
            "schedules" | "schedule_pauses" => {
                ids.insert(row.key.id.into());
            }
            "active_schedules" => {
                ids.extend([Some(row), over].into_iter().flatten().filter_map(named));
            }
            "flows" if over.is_none_or(|over| over.tombstone != row.tombstone) => {
                flows.insert(FlowId::from(row.key.id));
            }
            "blackout_calendars" if differs(row, over, "entries") => {
                calendars.insert(BlackoutCalendarId::from(row.key.id));
            }
            _ => {}
        }
    }
    for key in change.gone() {
        match key.table.as_str() {
            "schedules" | "schedule_pauses" => {
                ids.insert(key.id.into());
            }
            // The register of a flow has its id.
            "active_schedules" | "flows" => {
                flows.insert(key.id.into());
            }
            "blackout_calendars" => {
                calendars.insert(key.id.into());
            }
            _ => {}
        }
    }
    for flow in flows {
        ids.extend(schedules::of_flow(conn, flow).await?.iter().map(schedules::id_of));
    }
    for calendar in calendars {
        ids.extend(schedules::keeping_clear_of(conn, calendar).await?.iter().map(schedules::id_of));
    }
    Ok(ids.into_iter().collect())
}

/// The schedule a register names.
fn named(row: &Row) -> Option<ScheduleId> {
    match row.columns.get("schedule_id") {
        Some(Scalar::Text(_)) => row.reference("schedule_id").map(ScheduleId::from),
        _ => None,
    }
}
