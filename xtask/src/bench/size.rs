//! `bench size`: what is shipped.

use std::fs;

use anyhow::Result;

use super::Report;
use crate::interface;
use crate::process::{Profile, build_app};
use crate::setup::{self, Need};

const WASM: f64 = 1_500_000.0;
const BINARY: f64 = 20_000_000.0;

pub(super) fn run() -> Result<()> {
    setup::ensure(&[Need::Build])?;
    let wasm = interface::bundle()?.wasm_bytes;
    let binary = fs::metadata(build_app(Profile::Release)?)?.len();
    let mut report = Report::default();
    for (name, bytes, limit) in [("wasm", wasm, WASM), ("release_binary", binary, BINARY)] {
        report.add(name, bytes as f64, "bytes", Some(limit));
    }
    report.end()
}
