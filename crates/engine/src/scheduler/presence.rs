//! Whether somebody was there when an occurrence was due. Pure.

use chrono::{DateTime, Utc};
use mf_contract::schedules::Absence;
use mf_domain::recurrence::MOMENT;

/// The scheduler of this process, as far as it runs. Kept in memory alone: another process was not this one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Presence {
    /// Since when it runs.
    pub(crate) running_since: Option<DateTime<Utc>>,
    /// When it last ticked.
    pub(crate) last_tick: Option<DateTime<Utc>>,
}

impl Presence {
    /// Why nobody was there at an instant that was not dealt with: this process was not there yet, or it has not ticked
    /// since, because the computer slept or its clock jumped over the instant, which look alike from here. `None` where it has.
    pub(super) fn absence(&self, at: DateTime<Utc>) -> Option<Absence> {
        match (self.running_since, self.last_tick) {
            (Some(since), Some(last)) if since <= at && at <= last => None,
            (Some(since), _) if since <= at => Some(Absence::Asleep),
            _ => Some(Absence::NotRunning),
        }
    }

    /// The last instants before something else is said, in order.
    pub(super) fn edges(&self) -> impl Iterator<Item = DateTime<Utc>> + use<> {
        let began = self.running_since.map(|since| since - MOMENT);
        began.into_iter().chain(self.last_tick.filter(|last| began.is_some_and(|began| began < *last)))
    }
}
