//! `bench startup`: from starting the process to the first data on the screen, with 100,000 sessions in the workspace; and the
//! memory of all its processes then. Beside it, in turns, a bare window: the least there is to wait for.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::busy::{Busy, memory};
use super::{Report, percentile};
use crate::app::App;
use crate::display::{Bus, VirtualDisplay, tied};
use crate::process::{Profile, build_app, wait_for};
use crate::setup::{self, Need};
use crate::webdriver::at_home;
use crate::{interface, screenshot};

const RUNS: usize = 21;
const WARM_UP: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);
/// Times the bare window: 0.6 s where that takes 0.28 s.
const LIMIT: f64 = 0.6 / 0.28;
/// After this nothing more is loaded.
const SETTLE: Duration = Duration::from_secs(2);

pub(super) fn run() -> Result<()> {
    setup::ensure(&[Need::Build, Need::Display])?;
    interface::bundle()?;
    let binary = build_app(Profile::Release)?;
    let least = super::built("bare")?;
    let busy = Busy::make()?;
    let (mut ready, mut seen, mut taken, mut bare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for run in 0..WARM_UP + RUNS {
        let shown_bare = Start::of(&least, &busy)?.until_shown()?;
        let mut start = Start::of(&binary, &busy)?;
        let said = start.until_ready()?;
        let shown = start.until_shown()?;
        std::thread::sleep(SETTLE);
        // The first starts fill caches, and make the backup of the day.
        if run >= WARM_UP {
            ready.push(said.as_secs_f64());
            seen.push(shown.as_secs_f64());
            taken.push(memory(start.app.pid())? as f64 / 1e6);
            bare.push(shown_bare.as_secs_f64());
        }
    }
    let mut report = Report::default();
    let least = percentile(&mut bare, 50);
    report.add("bare_window_p50", least, "s", None);
    report.add("startup_ready_p50", percentile(&mut ready, 50), "s", None);
    report.add("startup_p50", percentile(&mut seen, 50), "s", None);
    let slow = percentile(&mut seen, 95);
    report.add("startup_p95", slow, "s", None);
    report.add("startup_p95_to_bare_window", slow / least, "times", Some(LIMIT));
    report.add("startup_memory", percentile(&mut taken, 50), "MB", None);
    report.end()
}

/// A program that was just started, on a screen of its own, so that nothing of the one before is on it.
struct Start {
    app: App,
    display: VirtualDisplay,
    at: Instant,
}

impl Start {
    fn of(program: &Path, busy: &Busy) -> Result<Self> {
        let display = VirtualDisplay::start(Bus::Own)?;
        let mut command = tied(&program.to_string_lossy());
        at_home(&mut command, &busy.home, &display);
        command.arg("--data-dir").arg(&busy.data).stdout(Stdio::null());
        let at = Instant::now();
        Ok(Self { app: App::spawn(command)?, display, at })
    }

    fn until_ready(&mut self) -> Result<Duration> {
        self.app.wait_ready(PATIENCE)?;
        Ok(self.at.elapsed())
    }

    fn until_shown(&self) -> Result<Duration> {
        wait_for("something on the screen", PATIENCE, || screenshot::shows_much(self.display.framebuffer()))?;
        Ok(self.at.elapsed())
    }
}
