//! What the engine tells every window, handed to the pages that show it.
//!
//! One subscription to the shell for the whole program; pages subscribe to that. Deliberately absent: any state. An
//! event says that something changed, and the page asks the engine what it is now.

use crate::browser;
use crate::state::lately;
use mf_contract::{EVENT_CHANNEL, Event};
use mf_domain::ids::{BatchId, FlowId, SessionId, TargetListId};
use serde::Deserialize;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

type Listeners = Rc<RefCell<Vec<(u32, Callback<Event>)>>>;

/// Hands events on. Cheap to clone; two clones are the same bus.
#[derive(Clone, Default)]
pub struct Bus {
    listeners: Listeners,
    next: Rc<RefCell<u32>>,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bus").field("listeners", &self.listeners.borrow().len()).finish()
    }
}

impl PartialEq for Bus {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.listeners, &other.listeners)
    }
}

impl Bus {
    /// A bus fed by the shell.
    #[must_use]
    pub fn connected() -> Self {
        let bus = Self::default();
        let told = bus.clone();
        browser::listen(EVENT_CHANNEL, move |text| {
            if let Some(event) = parse(&text) {
                lately::forget();
                told.tell(&event);
            }
        });
        bus
    }

    /// Tells every listener.
    pub fn tell(&self, event: &Event) {
        // A copy: a listener may subscribe or leave while being told.
        let listeners: Vec<_> =
            self.listeners.borrow().iter().map(|(_, listener)| listener.clone()).collect();
        for listener in listeners {
            listener.emit(event.clone());
        }
    }

    fn subscribe(&self, listener: Callback<Event>) -> u32 {
        let id = self.next.replace_with(|next| next.wrapping_add(1));
        self.listeners.borrow_mut().push((id, listener));
        id
    }

    fn leave(&self, id: u32) {
        self.listeners.borrow_mut().retain(|(other, _)| *other != id);
    }
}

/// Events travel as an object, or as its JSON text inside a JSON string.
fn parse(text: &str) -> Option<Event> {
    let inner = serde_json::from_str::<String>(text).ok();
    let told: Told = serde_json::from_str(inner.as_deref().unwrap_or(text)).ok()?;
    let event = match told.kind.as_str() {
        "flow_changed" => Event::FlowChanged { flow_id: told.flow_id? },
        "target_list_changed" => Event::TargetListChanged { target_list_id: told.target_list_id? },
        "batch_changed" => Event::BatchChanged { batch_id: told.batch_id?, flow_id: told.flow_id? },
        "session_changed" => Event::SessionChanged {
            session_id: told.session_id?,
            batch_id: told.batch_id,
            flow_id: told.flow_id?,
        },
        "schedule_changed" => Event::ScheduleChanged { flow_id: told.flow_id? },
        "report_progress" => {
            Event::ReportProgress { batch_id: told.batch_id?, done: told.done, total: told.total }
        }
        "backups_changed" => Event::BackupsChanged,
        "notifications_changed" => Event::NotificationsChanged,
        "sync_status_changed" => Event::SyncStatusChanged,
        "members_changed" => Event::MembersChanged,
        "conflicts_changed" => Event::ConflictsChanged,
        "workspaces_changed" => Event::WorkspacesChanged,
        "everything_changed" => Event::EverythingChanged,
        "navigate" => Event::Navigate { route: told.route? },
        _ => return None,
    };
    Some(event)
}

/// Any event, as it travels. Reading the contract's own enum, tagged from inside, takes a hundredth of the whole program.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    flow_id: Option<FlowId>,
    target_list_id: Option<TargetListId>,
    batch_id: Option<BatchId>,
    session_id: Option<SessionId>,
    route: Option<String>,
    done: u32,
    total: u32,
}

/// Calls the newest `listener` for every event while the component is on the screen.
#[hook]
pub fn use_event(listener: Callback<Event>) {
    let bus = use_context::<Bus>().unwrap_or_default();
    let newest = use_mut_ref(|| listener.clone());
    *newest.borrow_mut() = listener;
    use_effect_with(bus, move |bus| {
        let id = bus.subscribe(Callback::from(move |event| {
            let listener = newest.borrow().clone();
            listener.emit(event);
        }));
        let bus = bus.clone();
        move || bus.leave(id)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn every_event_of_the_contract_is_understood() {
        let (flow_id, batch_id) = (FlowId(uuid::Uuid::from_u128(1)), BatchId(uuid::Uuid::from_u128(2)));
        let session_id = SessionId(uuid::Uuid::from_u128(3));
        for event in [
            Event::FlowChanged { flow_id },
            Event::TargetListChanged { target_list_id: TargetListId(uuid::Uuid::nil()) },
            Event::BatchChanged { batch_id, flow_id },
            Event::SessionChanged { session_id, batch_id: None, flow_id },
            Event::SessionChanged { session_id, batch_id: Some(batch_id), flow_id },
            Event::ScheduleChanged { flow_id },
            Event::ReportProgress { batch_id, done: 3, total: 8 },
            Event::BackupsChanged,
            Event::NotificationsChanged,
            Event::SyncStatusChanged,
            Event::MembersChanged,
            Event::ConflictsChanged,
            Event::WorkspacesChanged,
            Event::EverythingChanged,
            Event::Navigate { route: "/flows".to_owned() },
        ] {
            // A variant that is added to the contract stops here first.
            match &event {
                Event::FlowChanged { .. }
                | Event::TargetListChanged { .. }
                | Event::BatchChanged { .. }
                | Event::SessionChanged { .. }
                | Event::ScheduleChanged { .. }
                | Event::ReportProgress { .. }
                | Event::BackupsChanged
                | Event::NotificationsChanged
                | Event::SyncStatusChanged
                | Event::MembersChanged
                | Event::ConflictsChanged
                | Event::WorkspacesChanged
                | Event::EverythingChanged
                | Event::Navigate { .. } => {}
            }
            assert_eq!(parse(&serde_json::to_string(&event).unwrap()), Some(event));
        }
    }

    #[test]
    fn an_event_reads_as_object_and_as_text() {
        let object = r#"{"type":"notifications_changed"}"#;
        assert_eq!(parse(object), Some(Event::NotificationsChanged));
        assert_eq!(parse(&serde_json::to_string(object).unwrap()), Some(Event::NotificationsChanged));
        assert_eq!(parse("{}"), None);
    }

    #[test]
    fn a_listener_that_left_hears_nothing() {
        let bus = Bus::default();
        let heard = Rc::new(Cell::new(0));
        let count = heard.clone();
        let id = bus.subscribe(Callback::from(move |_| count.set(count.get() + 1)));
        bus.tell(&Event::NotificationsChanged);
        bus.leave(id);
        bus.tell(&Event::NotificationsChanged);
        assert_eq!(heard.get(), 1);
    }
}
