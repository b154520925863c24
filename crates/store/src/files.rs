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

/// Makes a folder that only its owner looks into, and closes one that is there already and open to others; unless the system
/// does not allow that, for what is only read need not be ours.
///
/// # Errors
/// When there is no folder afterwards.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // From its first moment on, not a moment later.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            match fs::set_permissions(folder, fs::Permissions::from_mode(0o700)) {
                Err(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) => {}
                closed => closed?,
            }
        }
    }
    Ok(())
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_private_folder_is_closed_whether_it_was_there_or_not() {
        let place = tempfile::tempdir().unwrap();
        let (new, old) = (place.path().join("a/b"), place.path().join("old"));
        fs::create_dir(&old).unwrap();
        fs::set_permissions(&old, fs::Permissions::from_mode(0o755)).unwrap();
        for folder in [&new, &old, &old] {
            private_folder(folder).unwrap();
            let mode = fs::metadata(folder).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o700, "{}", folder.display());
        }
    }
}
