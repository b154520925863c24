//! The tables of `export_all` and their columns, as a person calls them, and where a row is shown.

use crate::components::icon::Icon;
use crate::route::{Route, blackout_address, list_address};

/// What a table is called, one row of it.
#[must_use]
pub fn entity_word(entity: &str) -> String {
    let word = match entity {
        "flows" => "Flow",
        "flow_revisions" => "Revision of a flow",
        "target_lists" => "Target list",
        "blackout_calendars" => "Blackout calendar",
        "schedules" => "Schedule",
        "active_schedules" => "Choice of a schedule",
        "schedule_pauses" => "Pause of a schedule",
        "batches" => "Batch",
        "sessions" => "Session",
        "session_events" => "Entry of a session",
        "batch_events" => "Entry of a batch",
        "conflicts" => "Conflict",
        other => return spoken(other),
    };
    word.to_owned()
}

/// The picture of a table.
#[must_use]
pub fn entity_icon(entity: &str) -> Icon {
    match entity {
        "flows" | "flow_revisions" => Icon::Flow,
        "target_lists" => Icon::Server,
        "blackout_calendars" => Icon::Stop,
        "schedules" | "active_schedules" => Icon::Clock,
        "schedule_pauses" => Icon::Pause,
        "batches" | "batch_events" => Icon::Run,
        "sessions" => Icon::Play,
        "session_events" => Icon::Note,
        "conflicts" => Icon::Alert,
        _ => Icon::Rows,
    }
}

/// The tables a person looks for, in the order of a choice.
pub const ENTITIES: [&str; 9] = [
    "flows",
    "target_lists",
    "schedules",
    "blackout_calendars",
    "batches",
    "sessions",
    "session_events",
    "batch_events",
    "conflicts",
];

/// What a column is called.
#[must_use]
pub fn column_word(column: &str) -> String {
    let word = match column {
        "head_id" => "Newest revision",
        "structure" => "Steps",
        "intake_form" => "Questions at the start",
        "flow_id" => "Flow",
        "flow_type" => "Type",
        "blackout_ids" => "Blackout calendars",
        "on_blackout" => "In a blackout",
        "notify_before" => "Notice before, in minutes",
        "notify_unfinished_at" => "To be finished by",
        "grace_seconds" => "Grace, in seconds",
        "misfire" => "When missed",
        "overlap" => "When the last still runs",
        "target_list_id" => "Target list",
        "schedule_id" => "Schedule",
        "batch_id" => "Batch",
        "session_id" => "Session",
        "revision_id" => "Revision",
        "parent_id" => "Revision before",
        "retry_of" => "Retry of",
        "nominal_local" => "Due at",
        "timezone" | "zone" => "Time zone",
        "windows" => "Hours",
        "target_label" => "Target",
        "target_client" => "Client",
        "target_site" => "Site",
        "target_notes" => "Notes on the target",
        "target_variables" => "Variables",
        "created_by" => "Made by",
        "created_at" => "Made",
        "updated_at" => "Changed",
        "event" => "What happened",
        "estimate_minutes" => "Estimate, in minutes",
        other => return spoken(other),
    };
    word.to_owned()
}

/// `launched_at` as words.
fn spoken(name: &str) -> String {
    let words = name.strip_suffix("_at").unwrap_or(name).replace('_', " ");
    crate::api::capitalised(&words)
}

/// The address of the page that shows a row, where there is one.
#[must_use]
pub fn row_address(entity: &str, row_id: &str) -> Option<String> {
    match entity {
        "flows" => Some(Route::Flow { id: row_id.parse().ok()? }.path()),
        "target_lists" => Some(list_address(row_id.parse().ok()?)),
        "blackout_calendars" => Some(blackout_address(row_id.parse().ok()?)),
        "batches" => Some(Route::Batch { id: row_id.parse().ok()? }.path()),
        "sessions" => Some(Route::Session { id: row_id.parse().ok()? }.path()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::synced::table::TABLES;

    #[test]
    fn every_table_has_a_word_of_its_own_and_every_column_reads_as_words() {
        let mut words: Vec<String> = TABLES.iter().map(|table| entity_word(table.name)).collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), TABLES.len());
        for (column, _) in TABLES.iter().flat_map(|table| table.columns) {
            let word = column_word(column);
            assert!(!word.contains('_') && word.starts_with(char::is_uppercase), "{column}: {word}");
        }
        assert!(ENTITIES.iter().all(|entity| mf_domain::synced::table::find(entity).is_some()));
        assert_eq!(
            (column_word("launched_at"), entity_word("new_things")),
            ("Launched".into(), "New things".into())
        );
    }

    #[test]
    fn a_row_leads_to_its_page_where_it_has_one() {
        let id = uuid::Uuid::from_u128(7).to_string();
        assert_eq!(row_address("flows", &id), Some(format!("/flows/{id}")));
        assert_eq!(row_address("target_lists", &id), Some(format!("/account/target-lists?list={id}")));
        assert_eq!(row_address("session_events", &id), None);
        assert_eq!(row_address("flows", "x"), None);
    }
}
