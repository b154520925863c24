//! `cargo xtask demo`: the real application with a fresh data folder on a virtual display, pictured.

use std::fs;
use std::time::Duration;

use anyhow::Result;

use crate::app::App;
use crate::display::{Bus, VirtualDisplay};
use crate::process::{Profile, build_app, target_dir};
use crate::setup::{self, Need};
use crate::{interface, screenshot};

pub(crate) fn run() -> Result<()> {
    setup::ensure(&[Need::Build, Need::Display])?;
    interface::bundle()?;
    let binary = build_app(Profile::Dev)?;
    let out = target_dir().join("demo");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let display = VirtualDisplay::start(Bus::Own)?;
    let mut app = App::start(&binary, Some(&out.join("data")), &display)?;
    app.wait_ready(Duration::from_secs(90))?;
    let picture = out.join("1-first-start.png");
    screenshot::save_settled(display.framebuffer(), &picture)?;
    println!("{}", picture.display());
    Ok(())
}
