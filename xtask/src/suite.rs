//! `cargo xtask test`: all that the CI checks, in the order in which failures are cheapest to find.
//!
//! Nothing is skipped. What a test needs and the machine lacks is installed by the first stage or fails it.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::display::{Bus, VirtualDisplay};
use crate::process::{cargo, run as exec};
use crate::setup::{self, Need};
use crate::{Record, fuzz, interface, tidy};

/// A stage gets the names of the tests that are wanted.
type Stage = fn(&[String]) -> Result<()>;

const STAGES: [(&str, Stage); 7] = [
    ("setup", |_| prepare()),
    ("fmt", |_| format()),
    ("tidy", |_| tidy::run(Record::No)),
    ("interface", |_| bundles()),
    ("clippy", |_| clippy()),
    ("fuzz", |_| fuzz::briefly()),
    ("test", tests),
];

#[derive(Debug)]
pub(crate) struct Options {
    only: Option<String>,
    filters: Vec<String>,
}

impl Options {
    pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Self> {
        let mut options = Self { only: None, filters: Vec::new() };
        while let Some(arg) = parser.next()? {
            match arg {
                Long("only") => options.only = Some(parser.value()?.string()?),
                Value(filter) => options.filters.push(filter.string()?),
                _ => return Err(arg.unexpected().into()),
            }
        }
        if let Some(only) = &options.only
            && !STAGES.iter().any(|(name, _)| name == only)
        {
            bail!("no stage `{only}`");
        }
        Ok(options)
    }

    /// A filter names tests, so what comes before them is left out, but for the interface they look at.
    fn wants(&self, stage: &str) -> bool {
        match &self.only {
            Some(only) => only == stage,
            None => self.filters.is_empty() || matches!(stage, "setup" | "interface" | "test"),
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    for (name, stage) in STAGES.iter().filter(|(name, _)| options.wants(name)) {
        println!("\n== {name}");
        let began = Instant::now();
        stage(&options.filters).with_context(|| format!("stage `{name}` failed"))?;
        println!("== {name}: {:.1} s", began.elapsed().as_secs_f64());
    }
    println!("\n== all of it: {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn prepare() -> Result<()> {
    let everywhere = [Need::Build, Need::Test];
    let linux = [Need::Build, Need::Display, Need::Test];
    setup::ensure(if cfg!(target_os = "linux") { &linux } else { &everywhere })
}

/// What the windows embed, and what the browsers are shown.
fn bundles() -> Result<()> {
    interface::bundle()?;
    interface::bundle_with_gallery()?;
    Ok(())
}

/// The fuzz targets are a workspace of their own.
fn format() -> Result<()> {
    exec(cargo().args(["fmt", "--all", "--check"]))?;
    exec(cargo().args(["fmt", "--manifest-path", fuzz::MANIFEST, "--check"]))
}

fn clippy() -> Result<()> {
    exec(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    exec(cargo().args([
        "clippy",
        "-p",
        "mf-ui",
        // Adds a page, and takes nothing away.
        "--features",
        "gallery",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "-D",
        "warnings",
    ]))
}

/// The window tests need a display and a window manager; a bus each starts for itself.
fn tests(filters: &[String]) -> Result<()> {
    let mut test = cargo();
    test.args(["test", "--workspace", "--no-fail-fast", "--"]).args(filters);
    if !cfg!(target_os = "linux") {
        return exec(&mut test);
    }
    let display = VirtualDisplay::start(Bus::None)?;
    display.apply(&mut test);
    exec(&mut test)
}
