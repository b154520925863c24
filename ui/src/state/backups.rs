//! Backups in words.

use super::evidence::size;
use super::time::{count, grouped};
use chrono::NaiveDateTime;
use mf_contract::workspace::{BackupInfo, BackupReason};

/// Why a backup was made.
#[must_use]
pub fn reason(reason: BackupReason) -> &'static str {
    match reason {
        BackupReason::Migration => "Before an update",
        BackupReason::Daily => "Daily",
        BackupReason::Manual => "By hand",
        BackupReason::Replaced => "Replaced by a restore",
    }
}

/// That a backup was made.
#[must_use]
pub fn made_words(made: &BackupInfo) -> String {
    format!("A backup is made and checked: {}.", size(made.bytes))
}

/// How much of the evidence is there, in a sentence.
#[must_use]
pub fn evidence(there: u32, missing: u32) -> String {
    let number = |number: u32| grouped(number as usize);
    match (there, missing) {
        (0, 0) => "It refers to no evidence.".to_owned(),
        (there, 0) => format!("Its evidence is complete: {}.", count(there as usize, "file")),
        (there, missing) => {
            let of = u64::from(there) + u64::from(missing);
            format!(
                "Of its {of} files of evidence {} could not be found; what was recorded about them is there.",
                number(missing)
            )
        }
    }
}

/// A day as it stands in the name of a file.
#[must_use]
pub fn stamp(wall: NaiveDateTime) -> String {
    wall.date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_counted_in_a_sentence() {
        assert_eq!(evidence(1, 0), "Its evidence is complete: 1 file.");
        assert_eq!(evidence(0, 0), "It refers to no evidence.");
        assert!(evidence(12, 2).starts_with("Of its 14 files of evidence 2 could not be found"));
    }

    #[test]
    fn a_file_is_named_after_the_day() {
        assert_eq!(stamp(crate::state::time::parse_wall("2026-11-05T07:00").unwrap()), "2026-11-05");
    }
}
