//! `cargo xtask serve`: the interface in a plain browser, with its developer tools.

use std::process::Command;

use anyhow::Result;

use crate::interface;
use crate::process::{self, Profile, build_app};
use crate::setup::{self, Need};

/// Builds, and hands the rest of the command line to the application, which prints the address to open.
pub(crate) fn run(mut parser: lexopt::Parser) -> Result<()> {
    let rest: Vec<_> = parser.raw_args()?.collect();
    setup::ensure(&[Need::Build])?;
    let interface = interface::bundle_with_gallery()?;
    let binary = build_app(Profile::Dev)?;
    process::run(Command::new(binary).env("MAINTENANCE_FLOWS_INTERFACE", interface).arg("serve").args(rest))
}
