//! The page of sessions: one row per batch that opens into its sessions, single sessions beside them, all of it in
//! groups by client where that is asked for.
//!
//! What a person filters by ([`query`]), what the engine is asked for it ([`asked`]), what is known of it ([`shelf`]), the
//! loading in pages ([`loading`]), the lines that makes ([`lines`]), and where a person stands in them ([`walk`]).

pub mod asked;
pub mod lines;
pub mod loading;
pub mod query;
pub mod shelf;
pub mod walk;
