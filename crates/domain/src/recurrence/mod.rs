//! When a schedule comes due. Preview and firing share one function, so what is shown is what will run.
//!
//! `cron` reads an expression and `words` says it in English, both also in wasm. `zone`, `wall` and
//! `timetable` need the `native` feature: zone rules, matches in wall-clock time, and the daylight-saving
//! layer that turns them into instants. Deliberately absent: a clock (every instant is an argument), grace,
//! windows and firing (the engine's), and seconds (a schedule has whole minutes, as crontab(5) does).

pub mod cron;
#[cfg(feature = "native")]
pub mod timetable;
#[cfg(feature = "native")]
mod wall;
mod words;
#[cfg(feature = "native")]
pub mod zone;

use crate::Invalid;
use serde::{Deserialize, Serialize};

pub use cron::CronExpr;
#[cfg(feature = "native")]
pub use timetable::{Due, Occurrence, Timetable};
#[cfg(feature = "native")]
pub use zone::{Resolved, Zone, zone_database_version, zone_names};

/// A rule that yields wall-clock times in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Recurrence {
    /// Five fields as crontab(5) means them, or a macro such as `@daily`; at most 100 characters.
    Cron { expression: String },
}

impl Recurrence {
    /// Whether the rule can be read and can ever come due. To be asked before saving.
    ///
    /// # Errors
    /// [`Invalid`] with the field `expression`; its message names the field of the expression.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Cron { expression } => CronExpr::parse(expression).map(|_| ()),
        }
    }

    /// The rule in plain English, without its zone: `At 22:00 every Friday`.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn description(&self) -> Result<String, Invalid> {
        match self {
            Self::Cron { expression } => CronExpr::parse(expression).map(|parsed| parsed.describe()),
        }
    }
}
