//! The rule of a schedule as its row holds it, read: when it comes due, which occurrence that is, and what becomes of one
//! that is late or in the way.

use crate::names::named;
use mf_contract::schedules::{Misfire, Overlap};
use mf_domain::Invalid;
use mf_domain::ids::ScheduleId;
use mf_domain::occurrence::OccurrenceKey;
use mf_domain::recurrence::{Occurrence, Recurrence, Timetable, Zone};
use mf_store::schedules::ScheduleRow;

/// The timetable of a rule in a zone.
pub(crate) fn timetable(recurrence: &Recurrence, zone: &str) -> Result<Timetable, Invalid> {
    Timetable::new(recurrence, &Zone::named(zone)?)
}

/// The identity of an occurrence.
pub(crate) fn occurrence_key(schedule_id: ScheduleId, zone: &str, occurrence: &Occurrence) -> OccurrenceKey {
    OccurrenceKey { schedule_id, zone: zone.to_owned(), nominal: occurrence.local, fold: occurrence.fold }
}

/// What becomes of late occurrences. A word of a later release is no reason to run any.
pub(crate) fn misfire(schedule: &ScheduleRow) -> Result<Misfire, Invalid> {
    named(&schedule.misfire).ok_or_else(|| Invalid::new("misfire", "is none that this release knows"))
}

/// What becomes of occurrences beside an open batch; as [`misfire`].
pub(crate) fn overlap(schedule: &ScheduleRow) -> Result<Overlap, Invalid> {
    named(&schedule.overlap).ok_or_else(|| Invalid::new("overlap", "is none that this release knows"))
}
