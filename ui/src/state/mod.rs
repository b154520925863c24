//! What the interface decides, as plain Rust: reducers, forms, formatting. Nothing here draws.

pub mod board;
pub mod call;
pub mod clock;
pub mod combobox;
pub mod drafts;
pub mod editor;
pub mod evidence;
pub mod keys;
pub mod launch;
pub mod library;
pub mod load;
pub mod me;
pub mod notices;
pub mod palette;
pub mod runner;
pub mod schedule;
pub mod sending;
pub mod sessions;
pub mod shortcuts;
pub mod theme;
pub mod time;
pub mod toasts;
pub mod tree_draft;
pub mod typed;
pub mod uploads;
