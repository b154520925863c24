//! When a schedule comes due. Preview and firing share one function, so what is shown is what will run.
//!
//! `cron` reads an expression, `monthly` counts weekdays of a month, and `words` says both in English, all of it also in
//! wasm. `zone`, `wall`, `timetable` and `remarks` need the `native` feature: zone rules, matches in wall-clock time,
//! the daylight-saving layer that turns them into instants, and what it did, in words. Deliberately absent: a clock
//! (every instant is an argument), grace, windows and firing (the engine's), and seconds (a schedule has whole minutes,
//! as crontab(5) does).

pub mod cron;
pub mod monthly;
#[cfg(feature = "native")]
mod remarks;
#[cfg(feature = "native")]
pub mod timetable;
#[cfg(feature = "native")]
mod wall;
mod words;
mod written;
#[cfg(feature = "native")]
pub mod zone;

use crate::Invalid;
use serde::{Deserialize, Serialize};

pub use cron::CronExpr;
use monthly::Monthly;
pub use monthly::{Nth, TimeOfDay, Weekday};
#[cfg(feature = "native")]
pub use remarks::Previewed;
#[cfg(feature = "native")]
pub use timetable::{Due, MOMENT, Occurrence, Timetable};
#[cfg(feature = "native")]
pub use zone::{Resolved, Zone, zone_database_version, zone_names};

/// A rule that yields wall-clock times in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "written::Written")]
pub enum Recurrence {
    /// Five fields as crontab(5) means them, or a macro such as `@daily`; at most 100 characters.
    Cron { expression: String },
    /// So many days (0 to 27) after the second Tuesday of a month, perhaps in the next one.
    PatchTuesday { offset_days: u8, time: TimeOfDay },
    /// One weekday of every month, counted from its beginning, or its last.
    NthWeekday { nth: Nth, weekday: Weekday, time: TimeOfDay },
}

/// What a recurrence amounts to, once it was judged.
enum Rule {
    Cron(CronExpr),
    Monthly(Monthly),
}

impl Recurrence {
    fn rule(&self) -> Result<Rule, Invalid> {
        Ok(match *self {
            Self::Cron { ref expression } => Rule::Cron(CronExpr::parse(expression)?),
            Self::PatchTuesday { offset_days, time } => {
                Rule::Monthly(Monthly::patch_tuesday(monthly::offset(i64::from(offset_days))?, time))
            }
            Self::NthWeekday { nth, weekday, time } => {
                Rule::Monthly(Monthly { nth, weekday, offset_days: 0, time })
            }
        })
    }

    /// Whether the rule can be read and can ever come due. To be asked before saving.
    ///
    /// # Errors
    /// [`Invalid`] with the field that is wrong; for `expression` the message names the field of the expression.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.rule().map(|_| ())
    }

    /// The rule in plain English, without its zone: `At 22:00 every Friday`.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn description(&self) -> Result<String, Invalid> {
        self.rule().map(|rule| match rule {
            Rule::Cron(expression) => expression.describe(),
            Rule::Monthly(monthly) => words::monthly(monthly),
        })
    }

    /// The rule in plain English with its zone: `At 22:00 every Friday, New York time`.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn description_in(&self, zone: &str) -> Result<String, Invalid> {
        self.description().map(|rule| format!("{rule}, {}", words::zone(zone)))
    }
}
