//! The engine itself: an open workspace, and the ports to the outside.

use crate::error::EngineError;
use crate::ports::{Clock, EventSink, Ids, Notifier, TickGate};
use chrono::{DateTime, SubsecRound, Utc};
use mf_contract::{Answers, Event};
use mf_domain::ids::MemberId;
use mf_domain::role::Role;
use mf_store::{Reader, Store, Write};
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;
use uuid::Uuid;

/// The ports of an engine.
#[derive(Clone, Debug)]
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub notifier: Arc<dyn Notifier>,
    pub events: Arc<dyn EventSink>,
    pub gate: Arc<dyn TickGate>,
}

/// Answers every command on one open workspace. Cheap to clone; all clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) ports: Ports,
    role: Role,
    /// Rung when a schedule may have changed: the scheduler looks again at once.
    pub(crate) schedules_changed: Arc<Notify>,
    /// Since when the scheduler runs in this process.
    running_since: Arc<OnceLock<DateTime<Utc>>>,
}

impl Answers for Engine {
    type Error = EngineError;
}

impl Engine {
    /// An engine on an open workspace, for a member with `role`.
    #[must_use]
    pub fn new(store: Store, ports: Ports, role: Role) -> Self {
        let (schedules_changed, running_since) = (Arc::new(Notify::new()), Arc::new(OnceLock::new()));
        Self { store, ports, role, schedules_changed, running_since }
    }

    /// Notes that the scheduler runs in this process from now on. What comes due after this and is found late was missed
    /// by a sleeping computer; what came due before it, while nothing ran.
    pub fn scheduler_begins(&self) {
        self.running_since.get_or_init(|| self.now());
    }

    pub(crate) fn running_since(&self) -> Option<DateTime<Utc>> {
        self.running_since.get().copied()
    }

    /// The open workspace.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The same engine with other ports: what it does happens at their time, and tells who they tell.
    pub(crate) fn with_ports(&self, ports: Ports) -> Self {
        Self { ports, ..self.clone() }
    }

    pub(crate) fn role(&self) -> Role {
        self.role
    }

    /// The member who asks.
    pub(crate) fn me(&self) -> MemberId {
        self.store.identity().member
    }

    /// Passes when the member may do what `needed` may.
    pub(crate) fn require(&self, needed: Role) -> Result<(), EngineError> {
        if self.role.allows(needed) {
            Ok(())
        } else {
            Err(EngineError::Forbidden { have: self.role, needed })
        }
    }

    /// The current instant in whole milliseconds, as it is stored: what is answered now reads back the same later.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now().trunc_subsecs(3)
    }

    pub(crate) fn new_id<T: From<Uuid>>(&self) -> T {
        self.ports.ids.next().into()
    }

    pub(crate) async fn read(&self) -> Result<Reader, EngineError> {
        Ok(self.store.read().await?)
    }

    /// Begins a write on behalf of a member with at least `needed`.
    pub(crate) async fn write(&self, needed: Role) -> Result<Write, EngineError> {
        self.require(needed)?;
        Ok(self.store.write(self.now()).await?)
    }

    pub(crate) fn emit(&self, event: Event) {
        self.ports.events.emit(event);
    }
}
