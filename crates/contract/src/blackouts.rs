//! Commands about blackout calendars: dates on which nothing is to run.

use chrono::{DateTime, Utc};
use mf_domain::ids::{BlackoutCalendarId, MemberId};
use mf_domain::policy::BlackoutEntry;
use serde::{Deserialize, Serialize};

/// Makes a calendar. Schedules keep clear of it once they name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateBlackoutCalendar {
    pub name: String,
    /// Dates and hours, at most 20,000.
    #[serde(default)]
    pub entries: Vec<BlackoutEntry>,
}

/// Changes a calendar; what is left out stays. The schedules that keep clear of it follow at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateBlackoutCalendar {
    pub id: BlackoutCalendarId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All entries anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<BlackoutEntry>>,
}

/// Makes a calendar out of an iCalendar file, or puts what the file holds in the place of a calendar's entries. What repeats
/// is written out up to the year 2100. A file that cannot be honoured in full is refused, naming why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportBlackoutCalendar {
    /// The text of the file.
    pub ical: String,
    /// Name of a new calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Or the calendar whose entries it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<BlackoutCalendarId>,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedBlackoutCalendar {
    pub calendar: BlackoutCalendar,
    /// Events the entries come from.
    pub events: u32,
    /// Events that were cancelled or take no time.
    pub ignored: u32,
}

/// One calendar with its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetBlackoutCalendar {
    pub id: BlackoutCalendarId,
}

/// All calendars, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListBlackoutCalendars {}

/// Deletes a calendar. One that a schedule keeps clear of is a `conflict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteBlackoutCalendar {
    pub id: BlackoutCalendarId,
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlackoutCalendar {
    pub id: BlackoutCalendarId,
    pub name: String,
    /// In order, each once.
    pub entries: Vec<BlackoutEntry>,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A calendar without its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlackoutCalendarSummary {
    pub id: BlackoutCalendarId,
    pub name: String,
    pub entry_count: u32,
    /// Schedules that keep clear of it.
    pub schedule_count: u32,
    pub updated_at: DateTime<Utc>,
}
