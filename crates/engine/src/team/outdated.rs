//! A run that a laptop started by a rule which had been changed before: it had not heard of that yet. Where nobody has begun
//! it, it is cancelled, by whoever sees both; ids and content follow from the run, so all who do so write the same.
//!
//! A run that the changed rule has as well stays: it would have been started anyway.

use crate::batches::sessions_of;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::sessions::derive;
use chrono::TimeDelta;
use mf_domain::ids::{BatchId, FlowId, ScheduleId, SessionId};
use mf_domain::policy::Next;
use mf_domain::role::Role;
use mf_domain::session::SessionEventKind;
use mf_domain::synced::row::{Columns, Key, Row, Scalar};
use mf_domain::version::Version;
use mf_store::batches::FiredFor;
use mf_store::schedules::ListedSchedule;
use mf_store::synced::{self, Taken};
use mf_store::{StoreError, Write, batches, schedules};
use mf_sync::replica::Change;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What the sessions say of it.
const WHY: &str = "Cancelled (outdated_schedule): the schedule had been changed before this run was due, and the computer that \
                   started it had not heard of that.";

/// Runs and schedules of which a change brings news.
#[derive(Debug, Default)]
pub(super) struct News {
    batches: BTreeSet<BatchId>,
    schedules: BTreeSet<ScheduleId>,
}

impl News {
    pub(super) fn add(&mut self, change: &Change) {
        for (row, _) in change.taken().filter(|(row, _)| !row.tombstone) {
            match row.key.table.as_str() {
                "batches" => {
                    self.batches.insert(row.key.id.into());
                }
                "schedules" => {
                    self.schedules.insert(row.key.id.into());
                }
                _ => {}
            }
        }
    }
}

impl Engine {
    /// Cancels what is outdated; answers which batches.
    pub(super) async fn cancel_outdated(
        &self,
        write: &mut Write,
        news: &News,
    ) -> Result<Vec<(BatchId, FlowId)>, EngineError> {
        if !self.role().allows(Role::Operator) {
            return Ok(Vec::new());
        }
        let mut wanted: Vec<BatchId> = news.batches.iter().copied().collect();
        for schedule in &news.schedules {
            wanted.extend(batches::untouched_of_schedule(write.conn(), *schedule).await?);
        }
        let found = batches::of_ids(write.conn(), &wanted).await?;
        let ids: Vec<ScheduleId> =
            found.values().filter_map(|batch| Some(batch.fired_for.as_ref()?.schedule_id)).collect();
        let listed = schedules::of_ids(write.conn(), &ids).await?;
        let rules: HashMap<ScheduleId, ListedSchedule> =
            listed.into_iter().flatten().map(|listed| (listed.schedule.id, listed)).collect();
        let calendars = Calendars::of(write.conn(), rules.values().map(|it| &it.schedule)).await?;
        let mut outdated = Vec::new();
        for batch in found.values() {
            let Some(fired) = &batch.fired_for else { continue };
            let Some(listed) = rules.get(&fired.schedule_id) else { continue };
            if let Some(by) = superseded(fired, listed, &calendars) {
                outdated.push((batch.id, batch.flow_id, by));
            }
        }
        let mut cancelled = Vec::new();
        for (batch, flow, by) in outdated {
            let rollup = batches::rollups(write.conn(), &[batch]).await?.remove(&batch);
            if rollup.is_some_and(|it| it.total > 0 && it.pending == it.total) {
                let sessions = sessions_of(write.conn(), batch).await?;
                let sessions: Vec<SessionId> = sessions.iter().map(|it| it.session.id).collect();
                cancel(write, &sessions, &by).await?;
                derive(write, &sessions).await?;
                cancelled.push((batch, flow));
            }
        }
        Ok(cancelled)
    }
}

/// The version that took the place of the one a run was started by, before it was due, unless it has the same run.
fn superseded(fired: &FiredFor, listed: &ListedSchedule, calendars: &Calendars) -> Option<Version> {
    let now = Version::parse(&listed.version).filter(|_| listed.version != fired.schedule_version)?;
    let due = u64::try_from(fired.scheduled_for.timestamp_millis()).ok()?;
    if now.millis() >= due {
        return None;
    }
    let before = fired.scheduled_for - TimeDelta::milliseconds(1);
    // A rule that cannot be read says nothing about a run.
    match calendars.rule(&listed.schedule, before).ok()?.next_after(before) {
        Next::Run(run) if run.occurrence.at == fired.scheduled_for || run.at == fired.scheduled_for => None,
        _ => Some(now),
    }
}

async fn cancel(write: &mut Write, sessions: &[SessionId], by: &Version) -> Result<(), EngineError> {
    let at = i64::try_from(by.millis()).unwrap_or(i64::MAX);
    let kinds = [
        ("outdated_schedule|why", SessionEventKind::NoteAdded { step_id: None, text: WHY.to_owned() }),
        ("outdated_schedule", SessionEventKind::Cancelled),
    ];
    let mut rows = Vec::new();
    for session in sessions {
        for (name, kind) in &kinds {
            let event =
                serde_json::to_string(kind).map_err(|_| StoreError::Unreadable { column: "event" })?;
            let key =
                Key { table: "session_events".to_owned(), id: Uuid::new_v5(&session.0, name.as_bytes()) };
            let columns = Columns::from([
                ("session_id".to_owned(), Scalar::Text(session.to_string())),
                ("event".to_owned(), Scalar::Text(event)),
                ("at".to_owned(), Scalar::Int(at)),
            ]);
            rows.push(Row::new(key, Version::bottom(), false, columns));
        }
    }
    let keys: Vec<Key> = rows.iter().map(|row| row.key.clone()).collect();
    let known = synced::present(write.conn(), &keys).await?;
    let new = rows.into_iter().filter(|row| !known.contains(&row.key));
    let new: Vec<Taken> = new.map(|row| Taken { row, base_version: None, over: None }).collect();
    synced::put(write, &new).await?;
    Ok(())
}
