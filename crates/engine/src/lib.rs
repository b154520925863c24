//! The engine: answers every command of the contract, and fires what is due.
//!
//! Handlers are short and live in a file per area; what several of them share (launching, appending to a session) has a
//! file of its own. The outside world is reached through [`ports`] alone. Deliberately absent: SQL (the store's), rules
//! (the domain's), windows and toasts (the shell's).

mod agenda;
mod agenda_days;
mod assign_targets;
mod backups;
mod batches;
mod blackouts;
mod board;
mod days;
mod drafts;
mod engine;
mod error;
mod filters;
mod flows;
mod launch;
mod limits;
mod missed;
mod missed_list;
mod names;
mod notifications;
mod open_hours;
mod pages;
mod policies;
mod report;
mod revisions;
mod sample;
mod schedule_updates;
mod schedules;
mod search;
mod sessions;
mod standings;
mod stored_rule;
mod target_imports;
mod target_lists;
mod team;
mod unreadable;
mod workspace;
mod workspaces;

pub mod ports;
mod preview;
pub mod scheduler;

pub use engine::{Engine, Ports};
pub use error::EngineError;
pub use team::share;
pub use workspace::{Answered, Damaged};
pub use workspaces::{Found, found_beside, workspace_path};
