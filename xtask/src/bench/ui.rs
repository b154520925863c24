//! `bench ui`: from a click to the page, in the real window on a workspace with two busy years in it; and whether rows keep
//! up with scrolling.

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::busy::{Busy, memory};
use super::{Report, pages, percentile};
use crate::display::{Bus, VirtualDisplay};
use crate::interface;
use crate::process::{Profile, build_app};
use crate::setup::{self, Need};
use crate::webdriver::Window;

const RUNS: usize = 41;
const WARM_UP: usize = 3;
const CLICK: &str = include_str!("click.js");
const SCROLL: &str = include_str!("scroll.js");
/// Frames in a row without the rows that belong there.
const BLANK_FRAMES: f64 = 2.0;

pub(super) fn run() -> Result<()> {
    setup::ensure(&[Need::Build, Need::Display, Need::Test])?;
    interface::bundle()?;
    let binary = build_app(Profile::Release)?;
    let busy = Busy::make()?;
    let display = VirtualDisplay::start(Bus::Own)?;
    let window = Window::open(&binary, &busy.data, &busy.home, &display)?;
    let mut report = Report::default();
    for page in pages::all(&busy.ids) {
        let open = || {
            let took = window.script_async(CLICK, json!([page.from, page.opens, page.click, page.shows]))?;
            number(page.name, &took)
        };
        // The first time nothing of the page is known, and its program not yet translated to the machine's.
        report.add(format!("{}_first", page.name), open()?, "ms", None);
        for _ in 1..WARM_UP {
            open()?;
        }
        let mut times = (0..RUNS).map(|_| open()).collect::<Result<Vec<_>>>()?;
        report.add(format!("{}_p50", page.name), percentile(&mut times, 50), "ms", None);
        report.add(format!("{}_p95", page.name), percentile(&mut times, 95), "ms", Some(page.limit));
    }
    for list in pages::lists(&busy.ids) {
        let file = list.file.map(|control| json!([control, pages::csv()]));
        let seen = window.script_async(SCROLL, json!([list.at, list.scroller, list.sideways, file]))?;
        let name = format!("scroll_{}_blank", list.name);
        report.add(name, number(list.name, &seen)?, "frames", Some(BLANK_FRAMES));
    }
    report.add("memory_after", memory(window.pid()?)? as f64 / 1e6, "MB", None);
    report.end()
}

fn number(what: &str, answered: &Value) -> Result<f64> {
    match answered.as_f64() {
        Some(number) => Ok(number),
        None => bail!("{what}: {answered}"),
    }
}
