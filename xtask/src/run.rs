//! `cargo xtask run`: from a fresh clone to the open window.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::app::App;
use crate::display::{self, Bus, VirtualDisplay};
use crate::process::{self, Profile, build_app, target_dir};
use crate::setup::{self, Need};
use crate::{interface, screenshot};

/// A loaded machine may take its time over the first page.
const PATIENCE: Duration = Duration::from_secs(90);

#[derive(Debug)]
pub(crate) struct Options {
    data_dir: Option<PathBuf>,
    profile: Profile,
    once: bool,
}

impl Options {
    pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Self> {
        let mut options = Self { data_dir: None, profile: Profile::Dev, once: false };
        while let Some(arg) = parser.next()? {
            match arg {
                Long("data-dir") => options.data_dir = Some(PathBuf::from(parser.value()?)),
                Long("release") => options.profile = Profile::Release,
                Long("once") => options.once = true,
                _ => return Err(arg.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Builds the application and opens it. The development profile: its first build takes a third of the time.
pub(crate) fn run(options: &Options) -> Result<()> {
    let seen = display::is_present();
    setup::ensure(if seen { &[Need::Build] } else { &[Need::Build, Need::Display] })?;
    interface::bundle()?;
    let binary = build_app(options.profile)?;
    if !seen {
        return unseen(&binary, options);
    }
    let mut app = Command::new(binary);
    if let Some(dir) = &options.data_dir {
        app.arg("--data-dir").arg(dir);
    }
    process::run(&mut app)
}

fn unseen(binary: &std::path::Path, options: &Options) -> Result<()> {
    let picture = target_dir().join("run/screenshot.png");
    println!("no display: opening the window on a virtual one; it will be pictured in {}", picture.display());
    let display = VirtualDisplay::start(Bus::Own)?;
    let mut app = App::start(binary, options.data_dir.as_deref(), &display)?;
    app.wait_ready(PATIENCE)?;
    screenshot::save_settled(display.framebuffer(), &picture)?;
    println!("screenshot: {}", picture.display());
    if options.once {
        return Ok(());
    }
    println!("running on display {}; Ctrl-C ends it", display.name());
    let status = app.wait()?;
    if !status.success() {
        bail!("the application ended: {status}");
    }
    Ok(())
}
