//! The import of targets that was done last, as long as it can be taken back: until its list is changed.
//!
//! It is remembered wherever the person goes meanwhile, and until the window is closed. Deliberately absent: imports of
//! other days, which nobody means any more.

use super::target_import::done;
use chrono::{DateTime, Utc};
use mf_contract::target_imports::TargetImport;
use mf_contract::target_lists::TargetListSummary;
use mf_domain::ids::{TargetImportId, TargetListId};
use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<Option<LastImport>> = const { RefCell::new(None) };
}

/// An import, and what its list was like right after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastImport {
    pub id: TargetImportId,
    list: TargetListId,
    at: DateTime<Utc>,
    /// `“Contoso”: 2 created, 1 rejected.`
    pub words: String,
}

impl LastImport {
    /// An import that was just done.
    #[must_use]
    pub fn of(import: &TargetImport) -> Self {
        Self {
            id: import.import_id,
            list: import.target_list_id,
            at: import.imported_at,
            words: format!("“{}”: {}.", import.name, done(&import.counts)),
        }
    }

    /// Whether it can be taken back: its list is as it left it.
    #[must_use]
    pub fn holds(&self, lists: &[TargetListSummary]) -> bool {
        // What is stored has whole milliseconds.
        let same =
            |list: &TargetListSummary| list.updated_at.timestamp_millis() == self.at.timestamp_millis();
        lists.iter().any(|list| list.id == self.list && same(list))
    }
}

/// Remembers the last one; `None` forgets it.
pub fn remember(import: Option<LastImport>) {
    LAST.set(import);
}

/// The one that is remembered.
#[must_use]
pub fn recall() -> Option<LastImport> {
    LAST.with_borrow(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::target_import::Counts;
    use uuid::Uuid;

    #[test]
    fn it_holds_until_its_list_is_changed() {
        let at: DateTime<Utc> = "2026-11-27T10:00:00.123456Z".parse().unwrap();
        let list = |updated_at: &str| TargetListSummary {
            id: TargetListId(Uuid::from_u128(1)),
            name: "Contoso".to_owned(),
            description: String::new(),
            client: None,
            site: None,
            target_count: 2,
            first_labels: vec![],
            last_used_at: None,
            updated_at: updated_at.parse().unwrap(),
        };
        let import = LastImport::of(&TargetImport {
            import_id: TargetImportId(Uuid::from_u128(2)),
            target_list_id: TargetListId(Uuid::from_u128(1)),
            name: "Contoso".to_owned(),
            target_count: 2,
            imported_at: at,
            counts: Counts { create: 2, rejected: 1, ..Counts::default() },
            rejected_csv: None,
        });
        assert_eq!(import.words, "“Contoso”: 2 created, 1 rejected.");
        assert!(import.holds(&[list("2026-11-27T10:00:00.123Z")]));
        assert!(!import.holds(&[list("2026-11-27T10:00:01Z")]) && !import.holds(&[]));
        remember(Some(import.clone()));
        assert_eq!(recall(), Some(import));
    }
}
