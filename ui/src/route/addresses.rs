//! Addresses that say more than the page: what it is filtered by, and what is open on it.

use super::Route;
use crate::browser;
use crate::state::calendar::View;
use chrono::NaiveDate;
use mf_domain::flow::FlowType;
use mf_domain::ids::{BlackoutCalendarId, FlowId, TargetListId};

/// What stands behind a question mark: the keys that have something to say, each with it.
#[must_use]
pub fn query_of<'a>(asked: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let said = asked.into_iter().filter_map(|(key, value)| Some((key, value?)));
    said.map(|(key, value)| format!("{key}={}", browser::uri_encoded(&value))).collect::<Vec<_>>().join("&")
}

/// What the library is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Name,
    /// Changed last first.
    Updated,
    /// Due next first.
    Next,
    /// Longest first.
    Steps,
}

impl Sort {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::Name, Self::Updated, Self::Next, Self::Steps];

    /// How it is written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Updated => "updated",
            Self::Next => "next",
            Self::Steps => "steps",
        }
    }
}

/// What stands behind the question mark of the library.
#[must_use]
pub fn library_query(flow_type: Option<FlowType>, search: Option<&str>, sort: Sort) -> String {
    query_of([
        ("type", flow_type.map(|flow_type| flow_type.as_str().to_owned())),
        ("search", search.map(str::to_owned)),
        ("sort", (sort != Sort::default()).then(|| sort.name().to_owned())),
    ])
}

/// The address of the library under a filter, a search and an order.
#[must_use]
pub fn library_address(flow_type: Option<FlowType>, search: Option<&str>, sort: Sort) -> String {
    Route::Flows.asking(&library_query(flow_type, search, sort))
}

/// What stands behind the question mark of a maintenance flow whose schedule is to be set.
pub const SCHEDULING: &str = "open=schedule";

/// The address of a day in the calendar.
#[must_use]
pub fn calendar_address(view: View, day: NaiveDate) -> String {
    format!("{}?{}", Route::Calendar.path(), calendar_query(view, day))
}

/// What stands behind the question mark of the calendar.
#[must_use]
pub fn calendar_query(view: View, day: NaiveDate) -> String {
    format!("view={}&date={day}", view.name())
}

/// The address of the editor for a new flow.
#[must_use]
pub fn editor_address(flow_type: FlowType) -> String {
    format!("{}?type={}", Route::NewFlow.path(), flow_type.as_str())
}

/// The address of the library with the import open.
#[must_use]
pub fn importing_address() -> String {
    format!("{}?open=import", Route::Flows.path())
}

/// The address of a flow with the dialog open that starts a session of it, or launches a batch.
#[must_use]
pub fn starting_address(id: FlowId, flow_type: FlowType) -> String {
    format!("{}?open=start", Route::of_flow(id, flow_type).path())
}

/// The address of the target lists with one of them open.
#[must_use]
pub fn list_address(id: TargetListId) -> String {
    format!("{}?list={id}", Route::TargetLists.path())
}

/// The address of the target lists with a new one open.
#[must_use]
pub fn new_list_address() -> String {
    format!("{}?open=new", Route::TargetLists.path())
}

/// The address of the backups with the dialog open that writes one to a file.
#[must_use]
pub fn exporting_backup_address() -> String {
    format!("{}?open=export", Route::Backups.path())
}

/// The address of the target lists with the import open.
#[must_use]
pub fn importing_targets_address() -> String {
    format!("{}?open=import", Route::TargetLists.path())
}

/// The address of the blackout calendars with one of them open.
#[must_use]
pub fn blackout_address(id: BlackoutCalendarId) -> String {
    format!("{}?calendar={id}", Route::Blackouts.path())
}

/// The address of the blackout calendars with the import open.
#[must_use]
pub fn importing_blackouts_address() -> String {
    format!("{}?open=import", Route::Blackouts.path())
}

/// The address of the page of sharing with the dialog open that makes a team.
#[must_use]
pub fn creating_team_address() -> String {
    format!("{}?open=create", Route::Sharing.path())
}

/// The address of the page of sharing with the dialog open that joins a team.
#[must_use]
pub fn joining_team_address() -> String {
    format!("{}?open=join", Route::Sharing.path())
}
