//! What windows are told of a merge: the events of the edits it brings.

use crate::error::EngineError;
use mf_contract::Event;
use mf_domain::ids::{BatchId, FlowId, ScheduleId, SessionId, TargetListId};
use mf_domain::synced::row::Row;
use mf_store::{Connection, batches, schedules, sessions};
use mf_sync::replica::Change;
use std::collections::BTreeSet;

/// More events than this are told as one.
const ONE_BY_ONE: usize = 50;

/// What a change is about.
#[derive(Debug, Default)]
pub(super) struct Touched {
    flows: BTreeSet<FlowId>,
    lists: BTreeSet<TargetListId>,
    batches: BTreeSet<BatchId>,
    sessions: BTreeSet<SessionId>,
    /// Flows whose schedules changed.
    scheduled: BTreeSet<FlowId>,
    /// Schedules whose flow is not known yet.
    schedules: BTreeSet<ScheduleId>,
    /// What has no event of its own.
    everything: bool,
}

impl Touched {
    pub(super) fn add(&mut self, change: &Change) {
        change.taken().for_each(|(row, _)| self.add_row(row));
        self.everything |= !change.gone().is_empty();
    }

    fn add_row(&mut self, row: &Row) {
        let id = row.key.id;
        match row.key.table.as_str() {
            "flows" => {
                self.flows.insert(id.into());
            }
            "flow_revisions" => self.flows.extend(row.reference("flow_id").map(FlowId::from)),
            "target_lists" => {
                self.lists.insert(id.into());
            }
            "batches" => {
                self.batches.insert(id.into());
            }
            "batch_events" => self.batches.extend(row.reference("batch_id").map(BatchId::from)),
            "sessions" => {
                self.sessions.insert(id.into());
            }
            "session_events" => self.sessions.extend(row.reference("session_id").map(SessionId::from)),
            "schedules" => self.scheduled.extend(row.reference("flow_id").map(FlowId::from)),
            "active_schedules" => {
                self.scheduled.insert(id.into());
            }
            "schedule_pauses" => {
                self.schedules.insert(id.into());
            }
            _ => self.everything = true,
        }
    }

    /// Sessions whose standing may be another.
    pub(super) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.sessions.iter().copied()
    }

    /// Whether the scheduler is to look again. A deleted flow ends its schedules, too.
    pub(super) fn schedules_changed(&self) -> bool {
        self.everything || !(self.scheduled.is_empty() && self.schedules.is_empty() && self.flows.is_empty())
    }

    /// The events, once the change is written.
    pub(super) async fn events(&self, conn: &mut Connection) -> Result<Vec<Event>, EngineError> {
        let all = [
            self.flows.len(),
            self.lists.len(),
            self.batches.len(),
            self.sessions.len(),
            self.scheduled.len(),
            self.schedules.len(),
        ];
        if self.everything || all.iter().sum::<usize>() > ONE_BY_ONE {
            return Ok(vec![Event::EverythingChanged]);
        }
        let flows = self.flows.iter().map(|flow_id| Event::FlowChanged { flow_id: *flow_id });
        let lists = self.lists.iter().map(|id| Event::TargetListChanged { target_list_id: *id });
        let mut events: Vec<Event> = flows.chain(lists).collect();
        let mut scheduled = self.scheduled.clone();
        for schedule in &self.schedules {
            scheduled.extend(schedules::flow_of(conn, *schedule).await?.map(|(flow, _)| flow));
        }
        events.extend(scheduled.into_iter().map(|flow_id| Event::ScheduleChanged { flow_id }));
        let wanted: Vec<BatchId> = self.batches.iter().copied().collect();
        let found = batches::of_ids(conn, &wanted).await?;
        events.extend(
            found.values().map(|batch| Event::BatchChanged { batch_id: batch.id, flow_id: batch.flow_id }),
        );
        let wanted: Vec<SessionId> = self.sessions.iter().copied().collect();
        let listed = sessions::of_ids(conn, &wanted).await?;
        // What was deleted is found no more, and has no event of its own.
        if found.len() < self.batches.len() || listed.len() < wanted.len() {
            return Ok(vec![Event::EverythingChanged]);
        }
        events.extend(listed.into_iter().map(|listed| {
            let session = listed.session;
            Event::SessionChanged {
                session_id: session.id,
                batch_id: session.batch_id,
                flow_id: session.flow_id,
            }
        }));
        Ok(events)
    }
}
