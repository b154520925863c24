//! The identity of an occurrence, and the ids that follow from it.
//!
//! An occurrence is (schedule, zone, nominal local time, fold). Everything a firing creates takes its id from it, so
//! five laptops that fire the same occurrence offline create one batch once they meet.

use crate::ids::{BatchId, NotificationId, ScheduleId, SessionId, TeamId};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
#[cfg(feature = "native")]
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// Which pass of a repeated hour a local time means: 0 the first (and every time that is not repeated), 1 the second.
pub type Fold = u8;

/// One occurrence of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OccurrenceKey {
    pub schedule_id: ScheduleId,
    /// IANA name of the zone the local time is in.
    pub zone: String,
    /// Wall-clock time in that zone, whole minutes.
    pub nominal: NaiveDateTime,
    pub fold: Fold,
}

impl OccurrenceKey {
    /// The batch of this occurrence: `UUIDv5(schedule_id, zone | nominal local time | fold)`.
    #[must_use]
    pub fn batch_id(&self) -> BatchId {
        let name = format!("{}|{}|{}", self.zone, self.nominal.format("%Y-%m-%dT%H:%M"), self.fold);
        BatchId(Uuid::new_v5(&self.schedule_id.0, name.as_bytes()))
    }
}

/// A label as identity: NFC, lower case. Labels that differ only in case or composition are one target.
///
/// Without the feature `native` the composition is left as it is: the tables would be a tenth of the interface, and the
/// browser composes what is typed before it comes here.
#[must_use]
pub fn folded(label: &str) -> String {
    #[cfg(feature = "native")]
    return label.nfc().collect::<String>().to_lowercase().nfc().collect();
    #[cfg(not(feature = "native"))]
    label.to_lowercase()
}

/// The session of a target in a batch: `UUIDv5(batch_id, folded label)`.
#[must_use]
pub fn session_id(batch: BatchId, label: &str) -> SessionId {
    SessionId(Uuid::new_v5(&batch.0, folded(label).as_bytes()))
}

/// The "maintenance run ready" notification of a batch.
#[must_use]
pub fn ready_notification_id(batch: BatchId) -> NotificationId {
    NotificationId(Uuid::new_v5(&batch.0, b"run_ready"))
}

/// The batch of a launch that carries a request id, so that repeating the request finds the same batch.
#[must_use]
pub fn requested_batch_id(team: TeamId, request_id: &str) -> BatchId {
    BatchId(Uuid::new_v5(&team.0, format!("launch|{request_id}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn key(fold: Fold) -> OccurrenceKey {
        OccurrenceKey {
            schedule_id: ScheduleId(Uuid::from_u128(1)),
            zone: "Europe/Berlin".to_owned(),
            nominal: NaiveDate::from_ymd_opt(2026, 10, 25).and_then(|d| d.and_hms_opt(2, 30, 0)).unwrap(),
            fold,
        }
    }

    #[test]
    fn the_same_occurrence_has_the_same_batch_and_a_fold_another() {
        assert_eq!(key(0).batch_id(), key(0).batch_id());
        assert_ne!(key(0).batch_id(), key(1).batch_id());
        // Pinned: laptops of different releases must agree on it.
        assert_eq!(
            key(0).batch_id().0,
            Uuid::new_v5(&Uuid::from_u128(1), b"Europe/Berlin|2026-10-25T02:30|0")
        );
    }

    #[test]
    fn labels_that_differ_in_case_or_composition_are_one_target() {
        let batch = key(0).batch_id();
        assert_eq!(session_id(batch, "RDS-01"), session_id(batch, "rds-01"));
        #[cfg(feature = "native")]
        assert_eq!(session_id(batch, "Caf\u{e9}"), session_id(batch, "CAFE\u{301}"));
        assert_ne!(session_id(batch, "RDS-01"), session_id(batch, "RDS-02"));
    }
}
