//! A recurrence as it is written in JSON. Everything is read before it is judged, so that a refusal names the field that
//! is wrong; a derived reader of a tagged enum names the whole recurrence.

use super::Recurrence;
use super::monthly::{Nth, TimeOfDay, Weekday, offset};
use crate::Invalid;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    kind: String,
    expression: Option<String>,
    offset_days: Option<i64>,
    nth: Option<i64>,
    weekday: Option<String>,
    time: Option<String>,
}

impl TryFrom<Written> for Recurrence {
    type Error = Invalid;

    fn try_from(written: Written) -> Result<Self, Invalid> {
        let Written { kind, expression, offset_days, nth, weekday, time } = written;
        let given = [
            ("expression", expression.is_some()),
            ("offset_days", offset_days.is_some()),
            ("nth", nth.is_some()),
            ("weekday", weekday.is_some()),
            ("time", time.is_some()),
        ];
        let only = |fields: &[&str]| match given.iter().find(|(name, is)| *is && !fields.contains(name)) {
            Some((name, _)) => Err(Invalid::new(*name, format!("is no part of the kind {kind}"))),
            None => Ok(()),
        };
        Ok(match kind.as_str() {
            "cron" => {
                only(&["expression"])?;
                Self::Cron { expression: required("expression", expression)? }
            }
            "patch_tuesday" => {
                only(&["offset_days", "time"])?;
                Self::PatchTuesday {
                    offset_days: offset(required("offset_days", offset_days)?)?,
                    time: time_of_day(time)?,
                }
            }
            "nth_weekday" => {
                only(&["nth", "weekday", "time"])?;
                Self::NthWeekday {
                    nth: Nth::from_number(required("nth", nth)?)?,
                    weekday: Weekday::parse(&required("weekday", weekday)?)?,
                    time: time_of_day(time)?,
                }
            }
            _ => return Err(Invalid::new("kind", "must be cron, patch_tuesday or nth_weekday")),
        })
    }
}

fn required<T>(field: &str, value: Option<T>) -> Result<T, Invalid> {
    value.ok_or_else(|| Invalid::new(field, "is missing"))
}

fn time_of_day(time: Option<String>) -> Result<TimeOfDay, Invalid> {
    TimeOfDay::parse(&required("time", time)?)
}
