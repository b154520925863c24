//! "Run ready" for runs that colleagues' laptops started: told here, too, while it is news. A laptop that starts the same
//! occurrence itself tells it under the same id.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::ports::Toast;
use crate::scheduler::{arrived_toast, ready_notice, several_arrived_toast};
use chrono::{DateTime, TimeDelta, Utc};
use mf_domain::ids::{BatchId, ScheduleId};
use mf_domain::occurrence::ready_notification_id;
use mf_store::{Write, batches, notifications, schedules};
use mf_sync::replica::Change;
use std::collections::HashMap;

/// More toasts than this at once become one summary.
const ONE_BY_ONE: usize = 3;

/// The batches a change brings that were not here before.
pub(super) fn new_batches(change: &Change) -> Vec<BatchId> {
    let new =
        change.taken().filter(|(row, over)| row.key.table == "batches" && over.is_none() && !row.tombstone);
    new.map(|(row, _)| BatchId(row.key.id)).collect()
}

impl Engine {
    /// Puts those that are younger than their schedule's grace into the notification centre. Answers the toasts to show once
    /// that is on disk.
    pub(super) async fn notice_arrived(
        &self,
        write: &mut Write,
        ids: &[BatchId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Toast>, EngineError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = batches::of_ids(write.conn(), ids).await?;
        let fired: Vec<ScheduleId> =
            found.values().filter_map(|batch| Some(batch.fired_for.as_ref()?.schedule_id)).collect();
        let listed = schedules::of_ids(write.conn(), &fired).await?;
        let graces: HashMap<ScheduleId, u32> =
            listed.into_iter().flatten().map(|it| (it.schedule.id, it.schedule.grace_seconds)).collect();
        let fresh: Vec<BatchId> = found
            .values()
            .filter(|batch| {
                batch.fired_for.as_ref().is_some_and(|fired| {
                    let grace = graces.get(&fired.schedule_id).copied().unwrap_or(0);
                    let age = now - fired.scheduled_for;
                    (TimeDelta::zero()..=TimeDelta::seconds(i64::from(grace))).contains(&age)
                })
            })
            .map(|batch| batch.id)
            .collect();
        let (mut toasts, mut notices) = (Vec::new(), Vec::new());
        for listed in batches::listed(write.conn(), &fresh).await? {
            let id = listed.batch.id;
            if !notifications::exists(write.conn(), ready_notification_id(id)).await? {
                let toast = arrived_toast(&listed);
                notices.push(ready_notice(id, &toast, now));
                toasts.push(toast);
            }
        }
        notifications::insert_absent(write, &notices).await?;
        Ok(toasts)
    }

    /// One by one, or one for them all.
    pub(super) fn show_arrived(&self, toasts: &[Toast]) {
        if toasts.len() <= ONE_BY_ONE {
            toasts.iter().for_each(|toast| self.ports.notifier.show(toast));
        } else {
            self.ports.notifier.show(&several_arrived_toast(toasts.len()));
        }
    }
}
