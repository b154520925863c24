//! The files beside the database: where the backups and the contents of evidence are, who may read them, and when they are
//! on the disk. Deliberately absent: what they hold; see `backup` and `evidence`.

use crate::error::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder that holds the backups of a workspace.
pub(crate) fn backups(path: &Path) -> PathBuf {
    path.with_extension("backups")
}

/// The folder that holds the contents of its evidence.
pub(crate) fn evidence(path: &Path) -> PathBuf {
    path.with_extension("evidence")
}

/// Makes a folder that only its owner looks into.
pub(crate) fn private_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder)?;
    owner_only(folder, 0o700)
}

pub(crate) fn owner_only(path: &Path, mode: u32) -> Result<(), StoreError> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

/// A name is on the disk when its folder is.
pub(crate) fn sync_folder(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(folder) = file.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Whether nobody writes at an unfinished file any more: for an hour nobody has.
pub(crate) fn is_abandoned(path: &Path, now: DateTime<Utc>) -> bool {
    let changed = path.metadata().and_then(|file| file.modified());
    changed.is_ok_and(|changed| (now - DateTime::from(changed)).abs() > TimeDelta::hours(1))
}
