//! One type per kind of id, so that a flow's id cannot be handed to a function that wants a batch's.
//!
//! Ids are UUIDs: version 7 where a person or this device makes the row (time-ordered, from the engine's `Ids` port),
//! version 5 where the row follows from others and several devices must arrive at the same id.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A flow: its head, not one of its revisions.
    FlowId,
    /// One immutable revision of a flow.
    RevisionId,
    /// A target list.
    TargetListId,
    /// An import into a target list.
    TargetImportId,
    /// A schedule.
    ScheduleId,
    /// A calendar of dates on which nothing is to run.
    BlackoutCalendarId,
    /// A batch: the sessions of one launch or one occurrence.
    BatchId,
    /// A session: one flow worked through on one target.
    SessionId,
    /// One event of a session.
    SessionEventId,
    /// A piece of evidence.
    EvidenceId,
    /// One event of a batch.
    BatchEventId,
    /// A notification of the in-app centre.
    NotificationId,
    /// A span of missed occurrences.
    MissedId,
    /// A workspace: the local one, or a team's.
    TeamId,
    /// A person in a workspace.
    MemberId,
    /// A copy of a row that lost: follows from the row and the version that lost.
    ConflictId,
    /// An installation on one machine.
    DeviceId,
}
