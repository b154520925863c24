//! `bench size`: what is shipped.

use std::fs;

use anyhow::Result;

use super::Report;
use crate::interface;
use crate::process::{Profile, build_app};
use crate::setup::{self, Need};

/// What a start waits for: the shell, the first page, and of the framework, JSON and Markdown what they need.
const PROGRAM: f64 = 1_500_000.0;
/// With the parts that are loaded when a page of theirs is opened. Every page costs some 20 to 40 KB.
const WASM: f64 = 3_500_000.0;
const BINARY: f64 = 20_000_000.0;

pub(super) fn run() -> Result<()> {
    setup::ensure(&[Need::Build])?;
    let bundle = interface::bundle()?;
    let binary = fs::metadata(build_app(Profile::Release)?)?.len();
    let mut report = Report::default();
    let wasm = bundle.program_bytes + bundle.part_bytes;
    for (name, bytes, limit) in [
        ("wasm_at_start", bundle.program_bytes, PROGRAM),
        ("wasm", wasm, WASM),
        ("release_binary", binary, BINARY),
    ] {
        report.add(name, bytes as f64, "bytes", Some(limit));
    }
    report.end()
}
