//! The one door: everything a contributor or the CI does to this repository starts with `cargo xtask`.
//!
//! Standard output carries headings and results, for people; nothing parses it but the JSON lines of `bench`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod app;
mod bench;
mod demo;
mod display;
mod fuzz;
mod interface;
mod palette;
mod process;
mod run;
mod screenshot;
mod serve;
mod setup;
mod suite;
mod tidy;
mod wasm;
mod webdriver;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const USAGE: &str = "\
cargo xtask run   [--data-dir D] [--release] [--once]   build, then open the window (on a virtual display if there is none)
cargo xtask serve [--data-dir D] [--port N]             the interface for a plain browser, on 127.0.0.1 with a one-time address
cargo xtask test  [--only STAGE] [FILTER…]              everything the CI checks; stages: setup fmt tidy interface clippy fuzz test
cargo xtask tidy  [--record]                            house rules; --record notes the checksums of new migrations
cargo xtask fuzz  [TARGET…] [--seconds N]               made-up input for what people paste and import; 60 s for each target
cargo xtask bench NAME                                  one JSON object per line; names: fire launch next size startup ui …
cargo xtask demo  [--record]                            the application on a virtual display, pictures in target/demo; --record: of the pages, in docs/screenshots
cargo xtask build [--release] [--interface]             the application, or its interface alone
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<()> {
    std::env::set_current_dir(process::root())?;
    let mut parser = lexopt::Parser::from_env();
    let command = match parser.next()? {
        Some(Value(word)) => word.string()?,
        None | Some(Long("help") | Short('h')) => {
            print!("{USAGE}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "run" => run::run(&run::Options::parse(parser)?),
        "serve" => serve::run(parser),
        "test" => suite::run(&suite::Options::parse(parser)?),
        "tidy" => tidy::run(record(parser)?),
        "fuzz" => fuzz::run(&fuzz::Options::parse(parser)?),
        "bench" => bench::run(parser),
        "demo" => demo::run(record(parser)?),
        "build" => build(parser),
        other => bail!("no command `{other}`\n\n{USAGE}"),
    }
}

fn build(mut parser: lexopt::Parser) -> Result<()> {
    let mut profile = process::Profile::Dev;
    let mut interface_only = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("release") => profile = process::Profile::Release,
            Long("interface") => interface_only = true,
            _ => return Err(arg.unexpected().into()),
        }
    }
    setup::ensure(&[setup::Need::Build])?;
    interface::bundle()?;
    if !interface_only {
        let binary = process::build_app(profile)?;
        println!("built {}", binary.display());
    }
    Ok(())
}

/// Whether what the repository keeps is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    Yes,
    No,
}

fn record(mut parser: lexopt::Parser) -> Result<Record> {
    let mut record = Record::No;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("record") => record = Record::Yes,
            _ => return Err(arg.unexpected().into()),
        }
    }
    Ok(record)
}

fn no_more(mut parser: lexopt::Parser) -> Result<()> {
    match parser.next()? {
        None => Ok(()),
        Some(extra) => Err(extra.unexpected().into()),
    }
}
