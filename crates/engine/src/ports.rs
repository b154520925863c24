//! What the engine needs from outside: the time, ids, and somebody to tell.

use chrono::{DateTime, Utc};
use mf_contract::Event;
use mf_contract::notifications::NotificationAction;
use std::fmt::Debug;
use uuid::Uuid;

/// The wall clock.
pub trait Clock: Debug + Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
}

/// New ids: version 7, so that rows sort by when they were made.
pub trait Ids: Debug + Send + Sync {
    /// A new id; greater than the ones before it.
    fn next(&self) -> Uuid;
}

/// Raises native notifications. Best effort: what it tells is in the notification centre already.
pub trait Notifier: Debug + Send + Sync {
    /// Shows one; a click on it leads to `route`, and where there can be buttons, they do what its actions say.
    fn show(&self, toast: &Toast);

    /// Whether there is a desktop that could.
    fn reaches_desktop(&self) -> bool {
        true
    }
}

/// A native notification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toast {
    pub title: String,
    pub body: String,
    /// The page a click leads to.
    pub route: String,
    /// What can be done about it at once, as about the notification in the centre.
    pub actions: Vec<NotificationAction>,
}

/// Tells every window what happened. Called after the commit only.
pub trait EventSink: Debug + Send + Sync {
    /// Passes the event on.
    fn emit(&self, event: Event);
}

/// Says whether this process may tick. Only one process ticks on a data folder: the window, while it is open.
pub trait TickGate: Debug + Send + Sync {
    /// A pass to hold while ticking on somebody's behalf.
    ///
    /// # Errors
    /// Why there is none.
    fn enter(&self) -> Result<Box<dyn Send>, Closed>;
}

/// Why nobody may tick on request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// The window has the folder, or another process is ticking on it this moment.
    #[error("the application has this data folder open, or another process is ticking on it")]
    InUse,
    /// The folder's lock could not be had at all.
    #[error("the lock of the data folder could not be taken: {reason}")]
    NoLock { reason: String },
}

/// The real wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port that the ban points to")]
    fn now(&self) -> DateTime<Utc> {
        DateTime::from(std::time::SystemTime::now())
    }
}

/// Real random, time-ordered ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port that the ban points to")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Tells nobody: a headless process has no windows and no toasts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Notifier for Silent {
    fn show(&self, _: &Toast) {}

    fn reaches_desktop(&self) -> bool {
        false
    }
}

impl EventSink for Silent {
    fn emit(&self, _: Event) {}
}
