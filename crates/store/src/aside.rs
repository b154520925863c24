//! Files that are set aside and kept: what they are called.

use crate::error::StoreError;
use chrono::{DateTime, NaiveDateTime, Utc};
use std::fs;
use std::path::{Path, PathBuf};

/// When a file was set aside, in its name.
pub(crate) const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// When a file was set aside: its stamp, which a number may follow, but no `-wal`.
pub(crate) fn set_aside_at(rest: &str) -> Option<DateTime<Utc>> {
    let (stamp, number) = rest.split_once('-').unwrap_or((rest, "2"));
    number.parse::<u32>().ok()?;
    NaiveDateTime::parse_from_str(stamp, STAMP).ok().map(|at| at.and_utc())
}

/// Moves the file and its log to a name that says what became of them. Never overwrites.
pub(crate) fn set_aside(path: &Path, word: &str, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let base = format!("{}.{word}-{}", path.display(), now.format(STAMP));
    let kept = unused(PathBuf::from(base));
    fs::rename(path, &kept)?;
    for log in ["-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{log}", path.display()));
        if from.exists() {
            fs::rename(from, format!("{}{log}", kept.display()))?;
        }
    }
    Ok(Some(kept))
}

/// The path, or the first of `path-2`, `path-3`, … that does not exist.
pub(crate) fn unused(path: PathBuf) -> PathBuf {
    let numbered = (2..).map(|n| PathBuf::from(format!("{}-{n}", path.display())));
    std::iter::once(path.clone()).chain(numbered).find(|path| !path.exists()).unwrap_or(path)
}
