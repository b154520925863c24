//! `bench startup`: from starting the process to the first data on the screen, with 100,000 sessions in the workspace; and the
//! memory of all its processes then.

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
const LIMIT: f64 = 0.6;
/// After this nothing more is loaded.
const SETTLE: Duration = Duration::from_secs(2);

pub(super) fn run() -> Result<()> {
    setup::ensure(&[Need::Build, Need::Display])?;
    interface::bundle()?;
    let binary = build_app(Profile::Release)?;
    let busy = Busy::make()?;
    let (mut ready, mut seen, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..WARM_UP + RUNS {
        // A screen of its own for each, so that nothing of the one before is on it.
        let display = VirtualDisplay::start(Bus::Own)?;
        let mut command = tied(&binary.to_string_lossy());
        at_home(&mut command, &busy.home, &display);
        command.arg("--data-dir").arg(&busy.data).stdout(Stdio::null());
        let started = Instant::now();
        let mut app = App::spawn(command)?;
        app.wait_ready(PATIENCE)?;
        let said = started.elapsed();
        wait_for("something on the screen", PATIENCE, || screenshot::shows_much(display.framebuffer()))?;
        let shown = started.elapsed();
        std::thread::sleep(SETTLE);
        // The first starts fill caches, and make the backup of the day.
        if run >= WARM_UP {
            ready.push(said.as_secs_f64());
            seen.push(shown.as_secs_f64());
            taken.push(memory(app.pid())? as f64 / 1e6);
        }
    }
    let mut report = Report::default();
    report.add("startup_ready_p50", percentile(&mut ready, 50), "s", None);
    report.add("startup_p50", percentile(&mut seen, 50), "s", None);
    report.add("startup_p95", percentile(&mut seen, 95), "s", Some(LIMIT));
    report.add("startup_memory", percentile(&mut taken, 50), "MB", None);
    report.end()
}
