//! All that is stored of a schedule as text, read at once.

use crate::limits;
use crate::stored_rule::{misfire, overlap};
use mf_contract::schedules::{Misfire, Overlap};
use mf_domain::Invalid;
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::policy::{AllowedWindow, OnBlackout};
use mf_domain::recurrence::Zone;
use mf_store::schedules::ScheduleRow;

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
