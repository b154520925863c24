//! The synced tables as such: their rows as they travel, the outbox, and what is on its way between here and the server.
//!
//! What becomes of a row is decided elsewhere (`mf-sync`); here it is read and written. Each table has its own static SQL,
//! made from the one list in the domain. Deliberately absent: what follows from rows beyond their own columns (the status
//! of a session, the clock of a schedule); whoever merges brings that up to date in the same transaction.

mod copies;
mod refused;
mod sql;
mod staging;
mod standing;
mod writing;

pub use copies::{came, copies, greatest_base, offer_all, outbox, outbox_len, present, queue, wait, wake};
pub use refused::{Aside, forget_aside, hide, put_aside, remove_what_is_hidden, set_asides};
pub(crate) use sql::TABLES;
pub use staging::{Of, clear_staged, forget_kept_not_staged, keep, kept, not_staged, stage, staged};
pub use standing::{Counts, conflicts, counts};
pub use writing::{Taken, as_new, edit, leave_outbox, put, rebase, remove, restamp, sent};
