//! What to do with a damaged workspace file, after consent: it is set aside, never overwritten.

use crate::backup;
use crate::error::StoreError;
use crate::evidence;
use chrono::{DateTime, Utc};
use std::fs;
use std::path::{Path, PathBuf};

/// Where a damaged file was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The damaged file, kept. `None` when there was no file left.
    pub kept_as: Option<PathBuf>,
}

/// Sets the damaged file aside and puts the newest good backup in its place.
///
/// # Errors
/// When there is no good backup, or a file cannot be moved; the damaged file is still there then.
pub async fn recover_from_backup(path: &Path, now: DateTime<Utc>) -> Result<Recovered, StoreError> {
    let newest = backup::newest_good(path).await?;
    let newest = newest.ok_or(StoreError::Backup { reason: "there is no good backup" })?;
    // Copied beside it first, so that a full disk leaves everything as it was.
    let fresh = path.with_extension("restoring");
    fs::copy(&newest.path, &fresh)?;
    fs::File::open(&fresh)?.sync_all()?;
    evidence::bring_back(path)?;
    let kept_as = set_aside(path, now)?;
    fs::rename(&fresh, path)?;
    Ok(Recovered { kept_as })
}

/// Sets the damaged file aside, its backups and its evidence too, so that the next opening begins with an empty workspace.
///
/// # Errors
/// When a file cannot be moved.
pub fn recover_empty(path: &Path, now: DateTime<Utc>) -> Result<Recovered, StoreError> {
    let kept_as = set_aside(path, now)?;
    let backups = backup::folder(path);
    if backups.exists() {
        let kept = unused(backups.with_extension(format!("kept-{}", now.format("%Y%m%dT%H%M%SZ"))));
        fs::rename(&backups, kept)?;
    }
    let contents = evidence::folder(path);
    if contents.exists() {
        let kept = path.with_extension(format!("evidence-kept-{}", now.format("%Y%m%dT%H%M%SZ")));
        fs::rename(&contents, unused(kept))?;
    }
    Ok(Recovered { kept_as })
}

/// Moves the file and its log to a name that says what they are. Never overwrites.
fn set_aside(path: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let base = format!("{}.damaged-{}", path.display(), now.format("%Y%m%dT%H%M%SZ"));
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
fn unused(path: PathBuf) -> PathBuf {
    let numbered = (2..).map(|n| PathBuf::from(format!("{}-{n}", path.display())));
    std::iter::once(path.clone()).chain(numbered).find(|path| !path.exists()).unwrap_or(path)
}
