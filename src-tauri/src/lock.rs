//! One window per data folder, and no headless tick beside it.
//!
//! An advisory lock on a file: the system releases it however the process ends, so a crash never locks anyone out.
//! Headless commands other than the tick do not take it; the database orders their writes.

use std::fs::{File, TryLockError};
use std::thread;
use std::time::Duration;

use crate::error::ShellError;
use crate::paths::DataDir;

const RETRY: Duration = Duration::from_millis(100);
const RETRIES: u32 = 30;

/// Held for as long as it lives.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the lock, or answers `InUse` at once.
    pub(crate) fn try_acquire(data: &DataDir) -> Result<Self, ShellError> {
        let path = data.root().join("app.lock");
        let failed = |source| ShellError::DataDir { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ShellError::InUse(data.root().to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Takes the lock, waiting for a moment: a headless tick may be about to finish.
    pub(crate) fn acquire(data: &DataDir) -> Result<Self, ShellError> {
        for _ in 0..RETRIES {
            match Self::try_acquire(data) {
                Err(ShellError::InUse(_)) => thread::sleep(RETRY),
                other => return other,
            }
        }
        Self::try_acquire(data)
    }
}
