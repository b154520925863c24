//! When a schedule may run: the hours it may start in, and the dates it must not.
//!
//! A recurrence says when a schedule comes due, in the wall clock of its zone; [`AllowedWindow`]s and [`BlackoutEntry`]s
//! take away from that. `rule` (with the `native` feature) puts the three together and is the one function behind
//! preview, the agenda and firing. Deliberately absent: a clock, grace, and what becomes of late runs (the engine's).

pub mod blackout;
#[cfg(feature = "native")]
pub mod ical;
#[cfg(feature = "native")]
pub mod rule;
pub mod windows;

pub use blackout::{BlackoutEntry, OnBlackout};
#[cfg(feature = "native")]
pub use rule::{Blackout, Blocked, Never, Next, Part, Rule, Run, Verdict};
pub use windows::AllowedWindow;

/// A second of wall-clock time since 1970-01-01T00:00, as the clock shows it.
#[cfg(feature = "native")]
type Wall = i64;
