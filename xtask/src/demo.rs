//! `cargo xtask demo`: the main job in the real application on a virtual display, from an empty workspace to a finished
//! batch, with a schedule that comes due within a minute.
//!
//! It is the journey of the window tests, so what the pictures show has been checked while they were taken.

use std::fs;

use anyhow::Result;

use crate::display::{Bus, VirtualDisplay};
use crate::interface;
use crate::process::{cargo, run as exec, target_dir};
use crate::setup::{self, Need};

pub(crate) fn run() -> Result<()> {
    setup::ensure(&[Need::Build, Need::Display, Need::Test])?;
    interface::bundle()?;
    let out = target_dir().join("demo");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let display = VirtualDisplay::start(Bus::None)?;
    let mut journey = cargo();
    journey.args(["test", "--package", "maintenance-flows", "--test", "window", "--", "main_job"]);
    journey.env("MAINTENANCE_FLOWS_PICTURES", &out);
    display.apply(&mut journey);
    exec(&mut journey)?;
    let mut left: Vec<_> = fs::read_dir(&out)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    left.sort();
    for path in left {
        println!("{}", path.display());
    }
    Ok(())
}
