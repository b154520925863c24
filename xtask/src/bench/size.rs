//! `bench size`: what is shipped.

use std::fs;

use anyhow::Result;

use super::Report;
use crate::interface;
use crate::process::{Profile, build_app};
use crate::setup::{self, Need};

/// The main job alone kept to 1.5 MB, of which the framework, the router, JSON and Markdown take half. Every page costs some 20
/// to 40 KB; what all of them together may take is bounded by `bench startup`, which this leaves room in.
const WASM: f64 = 2_700_000.0;
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
