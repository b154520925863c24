//! The rule of a schedule as its row holds it, read: when it comes due, which occurrence that is, and what becomes of one
//! that is late or in the way.

use crate::limits;
use crate::names::named;
use mf_contract::schedules::{Misfire, Overlap};
use mf_domain::Invalid;
use mf_domain::ids::{BlackoutCalendarId, ScheduleId};
use mf_domain::occurrence::OccurrenceKey;
use mf_domain::policy::{AllowedWindow, OnBlackout};
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

/// All that is stored of a schedule as text, read, and the rule in words.
pub(crate) struct Policies {
    pub(crate) description: String,
    pub(crate) misfire: Misfire,
    pub(crate) overlap: Overlap,
    pub(crate) windows: Vec<AllowedWindow>,
    pub(crate) blackout_calendar_ids: Vec<BlackoutCalendarId>,
    pub(crate) on_blackout: OnBlackout,
}

impl Policies {
    /// What cannot be read names its field; such a schedule does not run.
    pub(crate) fn of(schedule: &ScheduleRow) -> Result<Self, Invalid> {
        Zone::named(&schedule.timezone)?;
        Ok(Self {
            description: schedule.recurrence.description_in(&schedule.timezone)?,
            misfire: misfire(schedule)?,
            overlap: overlap(schedule)?,
            windows: limits::windows_of(schedule)?,
            blackout_calendar_ids: limits::calendars_of(schedule)?,
            on_blackout: limits::on_blackout_of(schedule)?,
        })
    }
}
