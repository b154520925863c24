//! `cargo xtask bench NAME`: measurements as JSON objects, one per line on standard output.
//!
//! `name`, `value`, `unit`; where something else was measured beside it, `against` and `ratio`; where a limit is to be
//! kept, `limit`, and a failure when it is not.

mod busy;
mod pages;
mod size;
mod startup;
mod ui;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use serde_json::json;

use crate::process::{cargo, run as exec};

/// Benchmarks that are programs of their own.
const PROGRAMS: &[&str] = &["board", "fire", "launch", "lists", "idle", "next", "schedules", "sync"];

/// Built as the application is, of the very same crates: the whole workspace, for one package by itself has other features.
const PROGRAM: &[&str] = &["bench", "--workspace", "--bench"];

/// Benchmarks of the whole application.
type Whole = (&'static str, fn() -> Result<()>);
const WHOLE: &[Whole] = &[("size", size::run), ("startup", startup::run), ("ui", ui::run)];

pub(crate) fn run(mut parser: lexopt::Parser) -> Result<()> {
    let names: Vec<&str> = PROGRAMS.iter().copied().chain(WHOLE.iter().map(|(name, _)| *name)).collect();
    let Some(Value(name)) = parser.next()? else { bail!("which one? {}", names.join(", ")) };
    let name = name.string()?;
    if let Some((_, whole)) = WHOLE.iter().find(|(known, _)| *known == name) {
        return crate::no_more(parser).and_then(|()| whole());
    }
    if !PROGRAMS.contains(&name.as_str()) {
        bail!("no benchmark `{name}`: {}", names.join(", "));
    }
    let rest: Vec<_> = parser.raw_args()?.collect();
    exec(cargo().args(PROGRAM).arg(&name).arg("--").args(rest))
}

/// What was measured, printed as it comes in.
#[derive(Debug, Default)]
struct Report {
    over: Vec<String>,
}

impl Report {
    fn add(&mut self, name: impl Into<String>, value: f64, unit: &str, limit: Option<f64>) {
        let name = name.into();
        let mut line = json!({ "name": name, "value": value, "unit": unit });
        if let Some(limit) = limit {
            line["limit"] = limit.into();
            if value > limit {
                self.over.push(name);
            }
        }
        println!("{line}");
    }

    /// A failure when something is over its limit.
    fn end(self) -> Result<()> {
        if self.over.is_empty() { Ok(()) } else { bail!("over the limit: {}", self.over.join(", ")) }
    }
}

/// A percentile of what was measured, which it sorts.
fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut values: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!((percentile(&mut values, 50), percentile(&mut values, 95)), (10.0, 19.0));
        assert_eq!(percentile(&mut [7.0], 95), 7.0);
    }
}
