//! What sync decides, without any input or output: time, randomness and rows are arguments.
//!
//! Deliberately absent: sqlx, tokio, SQLite, Postgres. `cargo xtask tidy` holds that.

pub mod backoff;
pub mod clock;
pub mod cursor;
pub mod merge;
pub mod outbox;
pub mod push;
pub mod replica;

pub use mf_domain::synced::{row, table};
