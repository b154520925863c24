//! The data set of `bench ui` and `bench startup`: a data folder with two busy years in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{read, target_dir};
use crate::webdriver::fresh;

/// A data folder, and what the pages that are measured need to know of it.
#[derive(Debug)]
pub(super) struct Busy {
    pub(super) home: PathBuf,
    pub(super) data: PathBuf,
    pub(super) ids: Ids,
}

/// What the program that made it printed.
#[derive(Debug, Deserialize)]
pub(super) struct Ids {
    pub(super) board: String,
    /// A session of the board.
    pub(super) session: String,
    pub(super) maintenance: String,
    /// The longest project and the largest tree.
    pub(super) project: String,
    pub(super) tree: String,
}

impl Busy {
    /// Made anew, for its schedules are to be due in days and not since yesterday.
    pub(super) fn make() -> Result<Self> {
        let home = fresh(target_dir().join("busy"))?;
        let data = home.join("data");
        let database = data.join("workspaces/local.db");
        eprintln!("making {}", data.display());
        let mut make = super::of_engine("busy");
        make.arg(&database).stderr(Stdio::inherit());
        let ids = serde_json::from_str(&read(&mut make)?).context("what `busy` printed")?;
        Ok(Self { home, data, ids })
    }
}

/// Memory of a process and all that it started: what is shared between processes counts once (PSS). In bytes.
pub(super) fn memory(pid: u32) -> Result<u64> {
    let rollup = Path::new("/proc").join(pid.to_string()).join("smaps_rollup");
    let text = fs::read_to_string(&rollup).with_context(|| rollup.display().to_string())?;
    let own = text
        .lines()
        .find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let mut sum = own.context("no Pss")? * 1024;
    for child in crate::webdriver::children(pid) {
        sum += memory(child)?;
    }
    Ok(sum)
}
