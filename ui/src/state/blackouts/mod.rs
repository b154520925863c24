//! A blackout calendar as it is edited, and what came of an imported one.

mod lines;

pub use lines::{Entries, read, to_lines};

use super::time::{count, grouped};
use crate::api::{self, as_sentence};
use mf_contract::ApiError;
use mf_contract::blackouts::{BlackoutCalendar, ImportedBlackoutCalendar};
use mf_contract::schedules::Schedule;
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::targets::LineError;
use mf_domain::text;
use std::collections::BTreeMap;
use yew::AttrValue;

/// Largest iCalendar file that is read, in bytes: what the engine takes.
const FILE_MAX: f64 = 5.0 * 1024.0 * 1024.0;

/// `1 entry`, `12 entries`.
#[must_use]
pub fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{} entries", grouped(number)) }
}

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarForm {
    pub name: String,
    pub lines: AttrValue,
}

impl CalendarForm {
    /// The form for a calendar.
    #[must_use]
    pub fn of(calendar: &BlackoutCalendar) -> Self {
        Self { name: calendar.name.clone(), lines: to_lines(&calendar.entries).into() }
    }

    /// What is wrong with the name.
    #[must_use]
    pub fn name_error(&self) -> Option<String> {
        name_error(&self.name)
    }
}

/// What is wrong with the name of a calendar.
#[must_use]
pub fn name_error(name: &str) -> Option<String> {
    text::name("name", name).err().map(|invalid| as_sentence(&format!("the name {}", invalid.message)))
}

/// Calendars as typed and not saved yet, the new one under `None`: closing the dialog loses none of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsaved(BTreeMap<Option<BlackoutCalendarId>, CalendarForm>);

impl Unsaved {
    /// What was typed for a calendar.
    #[must_use]
    pub fn of(&self, id: Option<BlackoutCalendarId>) -> Option<&CalendarForm> {
        self.0.get(&id)
    }

    /// With another text for a calendar; one that is what is `stored` is no change.
    #[must_use]
    pub fn with(
        mut self,
        id: Option<BlackoutCalendarId>,
        form: CalendarForm,
        stored: Option<&CalendarForm>,
    ) -> Self {
        if stored == Some(&form) {
            self.0.remove(&id);
        } else {
            self.0.insert(id, form);
        }
        self
    }

    /// Without what was typed for a calendar.
    #[must_use]
    pub fn without(mut self, id: Option<BlackoutCalendarId>) -> Self {
        self.0.remove(&id);
        self
    }
}

/// What the engine has against an entry, at the line it stands on.
#[must_use]
pub fn refused_line(error: &ApiError, entries: &Entries) -> Option<LineError> {
    let rest = error.field.as_deref()?.strip_prefix("entries[")?;
    let (at, part) = rest.split_once(']')?;
    let line = *entries.lines.get(at.parse::<usize>().ok()?)?;
    // "zone: there is no time zone named …" says by itself what it is about.
    let about = if part == ".label" { "the label " } else { "" };
    Some(LineError { line, message: as_sentence(&format!("{about}{}", error.message)) })
}

/// Why a file is not even read.
#[must_use]
pub fn refused_file(file_name: &str, bytes: f64) -> Option<String> {
    if bytes == 0.0 {
        return Some(format!("{file_name} is empty."));
    }
    (bytes > FILE_MAX).then(|| format!("{file_name} is larger than 5 MB."))
}

/// The name of a calendar that is made of a file: `public_holidays-2027.ics` is "public holidays 2027".
#[must_use]
pub fn proposed_name(file_name: &str) -> String {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    api::capitalised(&stem.replace(['_', '-'], " ").split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What came of an import, with what was left out of it.
#[must_use]
pub fn imported_words(done: &ImportedBlackoutCalendar) -> String {
    let held = entries(done.calendar.entries.len());
    let of = count(done.events as usize, "event");
    let ignored = match done.ignored {
        0 => String::new(),
        1 => " 1 event was ignored: it is cancelled or takes no time.".to_owned(),
        many => {
            format!(" {} events were ignored: they are cancelled or take no time.", grouped(many as usize))
        }
    };
    format!("“{}” now holds {held}, from {of}.{ignored}", done.calendar.name)
}

/// The flows whose schedules keep clear of a calendar, by name.
#[must_use]
pub fn users(schedules: &[Schedule], id: BlackoutCalendarId) -> Vec<&Schedule> {
    let mut users: Vec<&Schedule> =
        schedules.iter().filter(|schedule| schedule.blackout_calendar_ids.contains(&id)).collect();
    users.sort_by_key(|schedule| schedule.flow_name.to_lowercase());
    users
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use mf_contract::ErrorCode;
    use uuid::Uuid;

    #[test]
    fn a_refused_entry_leads_to_its_line() {
        let entries = read("# freeze\n\n2026-12-24\n2026-12-25 18:00 to 22:00 Europe/London").unwrap();
        let error = ApiError::new(ErrorCode::Validation, "there is no such zone").on("entries[1].zone");
        let line = refused_line(&error, &entries).unwrap();
        assert_eq!((line.line, line.message.as_str()), (4, "There is no such zone."));
        assert_eq!(refused_line(&ApiError::new(ErrorCode::Validation, "x").on("name"), &entries), None);
        assert_eq!(
            refused_line(&ApiError::new(ErrorCode::Validation, "x").on("entries[9].to"), &entries),
            None
        );
    }

    #[test]
    fn an_import_says_what_it_left_out() {
        let calendar = BlackoutCalendar {
            id: BlackoutCalendarId(Uuid::nil()),
            name: "Holidays".to_owned(),
            entries: read("2026-12-24\n2026-12-25").unwrap().entries,
            created_by: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let done = ImportedBlackoutCalendar { calendar, events: 3, ignored: 1 };
        assert_eq!(
            imported_words(&done),
            "“Holidays” now holds 2 entries, from 3 events. 1 event was ignored: it is cancelled or takes no time."
        );
        assert!(!imported_words(&ImportedBlackoutCalendar { ignored: 0, ..done }).contains("ignored"));
    }

    #[test]
    fn files_are_named_and_judged() {
        assert_eq!(proposed_name("public_holidays-2027.ics"), "Public holidays 2027");
        assert_eq!(refused_file("a.ics", 10.0), None);
        assert_eq!(refused_file("a.ics", 0.0).as_deref(), Some("a.ics is empty."));
        assert!(refused_file("a.ics", 6e6).is_some_and(|why| why.contains("5 MB")));
    }

    #[test]
    fn what_is_typed_is_kept_until_it_is_what_is_stored() {
        let typed = CalendarForm { name: "A".to_owned(), ..CalendarForm::default() };
        let stored = CalendarForm { name: "B".to_owned(), ..CalendarForm::default() };
        let id = Some(BlackoutCalendarId(Uuid::nil()));
        let unsaved = Unsaved::default().with(id, typed.clone(), Some(&stored));
        assert_eq!((unsaved.of(id), unsaved.of(None)), (Some(&typed), None));
        assert_eq!(unsaved.clone().with(id, stored.clone(), Some(&stored)), Unsaved::default());
        assert_eq!(unsaved.without(id), Unsaved::default());
    }
}
