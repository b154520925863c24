//! `cargo xtask fuzz`: what people paste and import, made up by libFuzzer.
//!
//! The layout below `fuzz` is cargo-fuzz's, but neither that nor a nightly compiler is needed: a build without a sanitizer
//! asks for nothing that stable Rust does not do. New inputs go to `target/fuzz`, never among the seeds of the repository.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::process::{cargo, read, root, run as exec, target_dir};

pub(crate) const MANIFEST: &str = "fuzz/Cargo.toml";

const TARGETS: [&str; 4] = ["recurrence", "markdown", "target_lines", "ical"];

/// What libFuzzer wants to see of a program: its edges, and what it compares. As cargo-fuzz has it.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0 --cfg fuzzing";

/// Longest input, in bytes: what is interesting about a file fits into a page.
const LONGEST: &str = "-max_len=4096";
/// An input that keeps a reader busy for so many seconds is a finding.
const SLOWEST: &str = "-timeout=20";

/// In `cargo xtask test`: so many inputs, or so many seconds. Always the same inputs: a test does not throw dice.
const BRIEFLY: [&str; 3] = ["-seed=1", "-runs=50000", "-max_total_time=5"];

#[derive(Debug)]
pub(crate) struct Options {
    targets: Vec<String>,
    seconds: u32,
}

impl Options {
    pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Self> {
        let mut options = Self { targets: Vec::new(), seconds: 60 };
        while let Some(arg) = parser.next()? {
            match arg {
                Long("seconds") => options.seconds = parser.value()?.parse()?,
                Value(target) => options.targets.push(target.string()?),
                _ => return Err(arg.unexpected().into()),
            }
        }
        if let Some(unknown) = options.targets.iter().find(|target| !TARGETS.contains(&target.as_str())) {
            bail!("no fuzz target `{unknown}`: {}", TARGETS.join(", "));
        }
        Ok(options)
    }
}

/// Each target for a while, starting from all that was found before.
pub(crate) fn run(options: &Options) -> Result<()> {
    let built = build()?;
    let time = format!("-max_total_time={}", options.seconds);
    let wanted = |target: &&str| options.targets.is_empty() || options.targets.iter().any(|it| it == target);
    for target in TARGETS.into_iter().filter(wanted) {
        println!("fuzzing {target} for {} s", options.seconds);
        let found = folder()?.join("corpus").join(target);
        fuzz(&built, target, &found, &[&time])?;
    }
    Ok(())
}

/// Each target briefly, from the seeds of the repository alone.
pub(crate) fn briefly() -> Result<()> {
    // What is read is the same everywhere; libFuzzer links without further ado on Unix alone.
    if !cfg!(unix) {
        println!("fuzz targets run on Unix");
        return Ok(());
    }
    let built = build()?;
    for target in TARGETS {
        let found = folder()?.join("briefly").join(target);
        if found.exists() {
            fs::remove_dir_all(&found)?;
        }
        fuzz(&built, target, &found, &BRIEFLY)?;
    }
    Ok(())
}

fn folder() -> Result<PathBuf> {
    std::path::absolute(target_dir().join("fuzz")).context("the build folder")
}

/// Compiles the targets; answers where they are.
fn build() -> Result<PathBuf> {
    let version = read(Command::new("rustc").arg("-vV"))?;
    let host =
        version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    // With a target named, build scripts and macros are left as they are.
    let mut build = cargo();
    build
        .args(["build", "--locked", "--manifest-path", MANIFEST, "--target", host, "--target-dir"])
        .arg(folder()?)
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    exec(&mut build)?;
    Ok(folder()?.join(host).join("debug"))
}

/// One target. What it finds worth keeping goes to `found`.
fn fuzz(built: &Path, target: &str, found: &Path, limits: &[&str]) -> Result<()> {
    let program = built.join(format!("{target}{}", env::consts::EXE_SUFFIX));
    let crashes = folder()?.join("crashes").join(target);
    for folder in [found, &crashes] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let log = crashes.with_extension("log");
    let output = fs::File::create(&log).with_context(|| log.display().to_string())?;
    let mut fuzz = Command::new(program);
    fuzz.args([LONGEST, SLOWEST, "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .args(limits)
        .args([found, &root().join("fuzz/corpus").join(target)])
        .stdout(output.try_clone()?)
        .stderr(output);
    let ended = fuzz.status().with_context(|| format!("cannot start the fuzz target {target}"))?;
    let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    if !ended.success() {
        println!("{}", finding(&said));
        bail!("fuzz target {target} failed; the whole of it is in {}", log.display());
    }
    println!("{target}: {}", summary(&said));
    Ok(())
}

/// How many inputs, and how much of the code they reach.
fn summary(said: &str) -> String {
    let done = said.lines().rfind(|line| line.contains("DONE"));
    done.unwrap_or("done").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What broke and on which input: the panic, and the path libFuzzer names. Its own stack trace says less.
fn finding(said: &str) -> String {
    let from = said.lines().position(|line| line.contains("panicked at")).unwrap_or_default();
    let is_told = |line: &&str| !line.trim_start().starts_with('#') && !line.starts_with("MS:");
    said.lines().skip(from).filter(is_told).take(60).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_told_from_its_panic_on() {
        let said = "INFO: Seed: 1\n#2 INITED\nthread panicked at a.rs:1:\nboom\n    #0 0x1 in f\n\
                    Test unit written to /x/crash-1\n";
        assert_eq!(finding(said), "thread panicked at a.rs:1:\nboom\nTest unit written to /x/crash-1");
        assert_eq!(
            summary("#1\tINITED cov: 1\n#9\tDONE   cov: 7 ft: 8\nDone 9 runs\n"),
            "#9 DONE cov: 7 ft: 8"
        );
    }

    #[test]
    fn every_target_has_a_program_and_seeds() {
        let manifest = fs::read_to_string(root().join(MANIFEST)).unwrap();
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
        for target in TARGETS {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
            assert!(fs::read_dir(root().join("fuzz/corpus").join(target)).unwrap().count() > 0, "{target}");
        }
    }
}
