//! `cargo xtask bench NAME`: measurements as JSON objects, one per line on standard output.
//!
//! `name`, `value`, `unit`; where something else was measured beside it, `against` and `ratio`; where a limit is to be
//! kept, `limit`, and a failure when it is not.

mod busy;
mod pages;
mod size;
mod startup;
mod ui;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use serde_json::json;

use crate::process::{cargo, read, run as exec};

/// Benchmarks of the engine, all in one program, and the one of the domain.
const ENGINE: &[&str] = &["board", "fire", "launch", "lists", "idle", "schedules", "sync"];
const DOMAIN: &str = "next";

/// Benchmarks of the whole application.
type Whole = (&'static str, fn() -> Result<()>);
const WHOLE: &[Whole] = &[("size", size::run), ("startup", startup::run), ("ui", ui::run)];

pub(crate) fn run(mut parser: lexopt::Parser) -> Result<()> {
    let names = || ENGINE.iter().copied().chain([DOMAIN]).chain(WHOLE.iter().map(|(name, _)| *name));
    let known = names().collect::<Vec<_>>().join(", ");
    let Some(Value(name)) = parser.next()? else { bail!("which one? {known}") };
    let name = name.string()?;
    if let Some((_, whole)) = WHOLE.iter().find(|(known, _)| *known == name) {
        return crate::no_more(parser).and_then(|()| whole());
    }
    let mut program = match name.as_str() {
        DOMAIN => program(DOMAIN),
        name if ENGINE.contains(&name) => of_engine(name),
        _ => bail!("no benchmark `{name}`: {known}"),
    };
    exec(program.args(parser.raw_args()?))
}

/// A program of measurements, built as the application is, of the very same crates: the whole workspace, for one package by
/// itself has other features. What follows is for the program.
fn program(name: &str) -> Command {
    let mut cargo = cargo();
    cargo.args(["bench", "--workspace", "--bench", name, "--"]);
    cargo
}

/// One of the benchmarks of the engine.
fn of_engine(name: &str) -> Command {
    let mut program = program("engine");
    program.arg(name);
    program
}

/// Builds a program that is measured from outside, and says where it is.
fn built(name: &str) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["bench", "--workspace", "--bench", name, "--no-run", "--message-format=json"]);
    let messages = read(build.stderr(Stdio::inherit()))?;
    let mut units = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let unit = units.find(|unit| unit["target"]["name"] == name && unit["executable"].is_string());
    let path = unit.as_ref().and_then(|unit| unit["executable"].as_str());
    Ok(path.with_context(|| format!("cargo does not say where it built {name}"))?.into())
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
