//! The embedded SQLite of one workspace.
//!
//! One file per table, holding its row type, reads and writes; SQL is static text. There is one writer (`BEGIN
//! IMMEDIATE`, `synchronous=FULL`) and a pool of readers. Functions that read take a connection, so that they see a
//! transaction's own writes when handed one; functions that write take a [`Write`]. Deliberately absent: rules (they are
//! the domain's), time and randomness (they are arguments), and any other way into the file.

mod archive;
mod aside;
mod backup;
mod columns;
mod error;
mod events;
mod evidence;
mod files;
mod open;
mod recovery;
mod rows;
mod store;

pub mod batch_events;
pub mod batches;
pub mod blackout_calendars;
pub mod boards;
pub mod census;
pub mod drafts;
pub mod evidence_outbox;
pub mod export;
pub mod flows;
pub mod meta;
pub mod missed;
pub mod notifications;
pub mod revisions;
pub mod schedule_clocks;
pub mod schedules;
pub mod search;
pub mod session_events;
pub mod sessions;
pub mod standings;
pub mod synced;
pub mod target_imports;
pub mod target_lists;

pub use archive::Exported;
pub use backup::{BACKUPS_KEPT, Backup, Reason};
pub use error::StoreError;
pub use evidence::{Contents, Staged};
pub use files::private_folder;
pub use open::{Damage, Glimpse, OpenError, glimpse};
pub use recovery::{Recovered, Restored, recover_empty, recover_from_backup};
pub use store::{Access, Connection, Identity, Reader, Snapshot, Store, Write};

/// Version of the bundled SQLite: `3.51.3`.
#[must_use]
pub fn sqlite_version() -> String {
    open::library_version()
}
