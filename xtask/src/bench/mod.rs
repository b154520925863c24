//! `cargo xtask bench NAME`: measurements as JSON objects, one per line on standard output.
//!
//! `name`, `value`, `unit`; where something else was measured beside it, `against` and `ratio`; where a limit is to be
//! kept, `limit`, and a failure when it is not.

use std::fs;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use serde_json::json;

use crate::interface;
use crate::process::{Profile, build_app, cargo, run as exec};
use crate::setup::{self, Need};

/// Benchmarks that are programs of their own: the package and what cargo must be told besides.
const PROGRAMS: &[(&str, &str, &[&str])] = &[
    ("board", "mf-engine", &[]),
    ("fire", "mf-engine", &[]),
    ("launch", "mf-engine", &[]),
    ("lists", "mf-engine", &[]),
    ("idle", "mf-engine", &[]),
    ("next", "mf-domain", &["--features", "native"]),
];

const WASM_LIMIT: u64 = 1_500_000;
const BINARY_LIMIT: u64 = 20_000_000;

pub(crate) fn run(mut parser: lexopt::Parser) -> Result<()> {
    let names: Vec<&str> = PROGRAMS.iter().map(|(name, ..)| *name).chain(["size"]).collect();
    let Some(Value(name)) = parser.next()? else { bail!("which one? {}", names.join(", ")) };
    let name = name.string()?;
    if name == "size" {
        return size();
    }
    let Some((_, package, extra)) = PROGRAMS.iter().find(|(known, ..)| *known == name) else {
        bail!("no benchmark `{name}`: {}", names.join(", "));
    };
    let rest: Vec<_> = parser.raw_args()?.collect();
    exec(cargo().args(["bench", "-p", package, "--bench", &name]).args(*extra).arg("--").args(rest))
}

fn size() -> Result<()> {
    setup::ensure(&[Need::Build])?;
    let wasm = interface::bundle()?.wasm_bytes;
    let binary = fs::metadata(build_app(Profile::Release)?)?.len();
    let mut over = Vec::new();
    for (name, value, limit) in [("wasm", wasm, WASM_LIMIT), ("release_binary", binary, BINARY_LIMIT)] {
        println!("{}", json!({ "name": name, "value": value, "unit": "bytes", "limit": limit }));
        if value > limit {
            over.push(name);
        }
    }
    if !over.is_empty() {
        bail!("too large: {}", over.join(", "));
    }
    Ok(())
}
