//! A team's workspace: the way to its server, and what its changes do here. Rows are merged by `mf-sync`; what follows from
//! them in this workspace is done in the same transaction by the ways a person's edit takes, and windows are told as of an
//! edit.
//!
//! Deliberately absent: anything a merge would start by itself.

mod arrived;
mod audit;
mod background;
mod conflicts;
mod contents;
mod copied;
mod link;
mod members;
mod merge;
mod notices;
mod outdated;
mod pass;
mod schedules;
mod status;
mod told;
pub(crate) mod words;

pub use background::share;
pub(crate) use link::{Link, Roster, TeamPlace, answer, connect, of_secrets, put, within};
pub(crate) use members::salt_of;
pub(crate) use status::derive;
