//! The pages. A page loads, composes components and sets commands off; what it decides is in [`crate::state`].

pub mod batch;
pub mod board;
pub mod calendar;
pub mod conflicts;
pub mod destination;
pub mod editor;
pub mod evidence;
pub mod flow;
pub mod frame;
#[cfg(feature = "gallery")]
pub mod gallery;
pub mod import;
pub mod launch;

pub mod library;
pub mod maintenance;
pub mod mapping_fields;
pub mod missed_actions;
pub mod not_here;
pub mod notifications;
pub mod palette;
pub mod parts;
pub mod recovery;
pub mod reports;
pub mod revisions;
pub mod schedule;
pub mod schedules;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod shell;
mod side;
pub mod target_lists;
pub mod targets_file;
pub mod today;
pub mod welcome;
