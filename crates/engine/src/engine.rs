//! The engine itself: an open workspace, and the ports to the outside.

use crate::error::EngineError;
use crate::ports::{Clock, EventSink, Ids, Notifier, SecretStore, TickGate};
use crate::scheduler::presence::Presence;
use crate::team::Link;
use chrono::{DateTime, SubsecRound, Utc};
use mf_contract::{Answers, Event};
use mf_domain::ids::MemberId;
use mf_domain::role::Role;
use mf_store::{Reader, Store, Write};
use std::sync::{Arc, Mutex};
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
    pub secrets: Arc<dyn SecretStore>,
}

/// Answers every command on one open workspace. Cheap to clone; all clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) ports: Ports,
    /// To the team, where there is one; who we are in it.
    pub(crate) link: Arc<Link>,
    /// Rung when a schedule may have changed: the scheduler looks again at once.
    pub(crate) schedules_changed: Arc<Notify>,
    /// What this process knows of its own scheduler.
    presence: Arc<Mutex<Presence>>,
}

impl Answers for Engine {
    type Error = EngineError;
}

impl Engine {
    /// An engine on an open workspace that no server has a part in, for a member with `role`.
    #[must_use]
    pub fn new(store: Store, ports: Ports, role: Role) -> Self {
        Self::with_link(store, ports, Link::local(role))
    }

    /// An engine on an open workspace, whichever it is: a team's is shared as what it keeps of its team says.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn of_workspace(store: Store, ports: Ports) -> Result<Self, EngineError> {
        let link = Link::of(&store).await?;
        Ok(Self::with_link(store, ports, link))
    }

    fn with_link(store: Store, ports: Ports, link: Link) -> Self {
        let (schedules_changed, presence) = (Arc::new(Notify::new()), Arc::default());
        Self { store, ports, link: Arc::new(link), schedules_changed, presence }
    }

    /// Notes that the scheduler runs in this process from now on. What comes due after this and is found late was missed
    /// by a sleeping computer; what came due before it, while nothing ran.
    pub fn scheduler_begins(&self) {
        let now = self.now();
        self.with_presence(|presence| presence.running_since = presence.running_since.or(Some(now)));
    }

    /// Notes that the scheduler was awake at an instant.
    pub(crate) fn ticked(&self, now: DateTime<Utc>) {
        self.with_presence(|presence| presence.last_tick = Some(now));
    }

    pub(crate) fn presence(&self) -> Presence {
        self.with_presence(|presence| *presence)
    }

    fn with_presence<T>(&self, use_it: impl FnOnce(&mut Presence) -> T) -> T {
        // Two instants that are written at once: a panic beside them leaves nothing half done.
        use_it(&mut self.presence.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
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
        self.link.role()
    }

    /// The member who asks.
    pub(crate) fn me(&self) -> MemberId {
        self.store.identity().member
    }

    /// Passes when the member may do what `needed` may.
    pub(crate) fn require(&self, needed: Role) -> Result<(), EngineError> {
        let have = self.role();
        if have.allows(needed) { Ok(()) } else { Err(EngineError::Forbidden { have, needed }) }
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

    /// Tells the windows of what is on disk, and whoever sends it to the team.
    pub(crate) fn emit(&self, event: Event) {
        self.link.changed.notify_one();
        self.ports.events.emit(event);
    }
}
