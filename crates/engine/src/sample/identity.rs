//! The ids of the sample: version 5 throughout, so that it can be told from what people made.
//!
//! A sample that was deleted stays as tombstones. The next one is another generation, with other ids.

use crate::ports::{Clock, Ids};
use chrono::{DateTime, Utc};
use mf_domain::ids::{BatchId, FlowId, RevisionId, ScheduleId, TargetListId, TeamId};
use mf_domain::occurrence::requested_batch_id;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

const NAMESPACE: Uuid = Uuid::from_u128(0x6d66_5f73_616d_706c_655f_776f_726b_7370);

pub(super) const FLOWS: [&str; 3] = ["citrix", "certificates", "logons"];
pub(super) const LISTS: [&str; 2] = ["contoso", "fabrikam"];
pub(super) const BATCHES: [&str; 2] = ["finished", "running"];

/// One generation of the sample in one workspace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Generation {
    root: Uuid,
    team: TeamId,
    number: u32,
}

impl Generation {
    pub(super) fn new(team: TeamId, number: u32) -> Self {
        let workspace = Uuid::new_v5(&NAMESPACE, team.0.as_bytes());
        Self { root: Uuid::new_v5(&workspace, number.to_string().as_bytes()), team, number }
    }

    fn id<T: From<Uuid>>(&self, name: &str, place: u32) -> T {
        T::from(Uuid::new_v5(&self.root, format!("{name}/{place}").as_bytes()))
    }

    /// A flow's id is the first it asks for when it is made, its revision's the second.
    pub(super) fn flow(&self, name: &str) -> (FlowId, RevisionId) {
        let name = format!("flow/{name}");
        (self.id(&name, 0), self.id(&name, 1))
    }

    pub(super) fn list(&self, name: &str) -> TargetListId {
        self.id(&format!("list/{name}"), 0)
    }

    pub(super) fn schedule(&self) -> ScheduleId {
        self.id("schedule", 0)
    }

    /// Batches have their ids from the request that launches them.
    pub(super) fn request(&self, batch: &str) -> String {
        format!("sample/{}/{batch}", self.number)
    }

    pub(super) fn batch(&self, name: &str) -> BatchId {
        requested_batch_id(self.team, &self.request(name))
    }
}

/// Gives out the ids of the thing that is being made.
#[derive(Debug)]
pub(super) struct SampleIds {
    generation: Generation,
    next: Mutex<(String, u32)>,
}

impl SampleIds {
    pub(super) fn new(generation: Generation) -> Self {
        Self { generation, next: Mutex::new((String::new(), 0)) }
    }

    /// What is made from now on.
    pub(super) fn begin(&self, name: &str) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = (name.to_owned(), 0);
    }
}

impl Ids for SampleIds {
    fn next(&self) -> Uuid {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let id = self.generation.id(&next.0, next.1);
        next.1 += 1;
        id
    }
}

/// The time the sample's past happened at.
#[derive(Debug)]
pub(super) struct SampleClock(Mutex<DateTime<Utc>>);

impl SampleClock {
    pub(super) fn new(at: DateTime<Utc>) -> Self {
        Self(Mutex::new(at))
    }

    pub(super) fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

impl Clock for SampleClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
