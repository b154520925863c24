//! The page of all schedules: what is shown of them, where the person stands and what they selected, and what came of
//! pausing or resuming many.

pub mod query;
pub mod switching;
