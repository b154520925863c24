//! Verified copies of the workspace: one before each migration, one a day, the newest few kept.
//!
//! `VACUUM INTO` writes a consistent copy while the workspace is in use. A copy counts as a backup only after SQLite's
//! full integrity check has passed on it; until then it has another name.

use crate::aside::set_aside_at;
use crate::error::StoreError;
use crate::evidence;
use crate::files::{backups, is_abandoned, owner_only, private_folder};
use crate::store::{Access, Store};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _, SqlitePool};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// How many backups stay: so many a person made, and so many that were made by themselves.
pub const BACKUPS_KEPT: usize = 7;
const STAMP: &str = "%Y%m%dT%H%M%S%3fZ";

/// A verified backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    pub path: PathBuf,
    pub made_at: DateTime<Utc>,
    pub bytes: u64,
    pub reason: Reason,
}

/// Why a backup was made; part of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Before the schema was changed.
    Migration,
    Daily,
    /// A person asked for it.
    Manual,
    /// A restore put another file in its place. It stands beside the workspace, not among the backups, and is never
    /// dropped with them.
    Replaced,
}

impl Reason {
    /// The word in the name of the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Migration => "migration",
            Self::Daily => "daily",
            Self::Manual => "manual",
            Self::Replaced => "replaced",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Migration, Self::Daily, Self::Manual].into_iter().find(|reason| reason.as_str() == word)
    }
}

/// All backups of a workspace, newest first.
pub(crate) fn list(path: &Path) -> Result<Vec<Backup>, StoreError> {
    let folder = backups(path);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut backups = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((stamp, word)) = name.strip_suffix(".db").and_then(|stem| stem.split_once('-')) else {
            continue;
        };
        let Some(reason) = Reason::parse(word) else { continue };
        let Ok(made_at) = NaiveDateTime::parse_from_str(stamp, STAMP) else { continue };
        backups.push(Backup {
            path: entry.path(),
            made_at: made_at.and_utc(),
            bytes: entry.metadata()?.len(),
            reason,
        });
    }
    newest_first(&mut backups);
    Ok(backups)
}

/// The workspaces that restores have replaced, as they were set aside.
fn replaced(path: &Path) -> Result<Vec<Backup>, StoreError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(Vec::new()) };
    let prefix = format!("{}.{}-", name.to_string_lossy(), Reason::Replaced.as_str());
    let mut kept = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(made_at) = name.strip_prefix(&prefix).and_then(set_aside_at) else { continue };
        let bytes = entry.metadata()?.len();
        kept.push(Backup { path: entry.path(), made_at, bytes, reason: Reason::Replaced });
    }
    Ok(kept)
}

fn newest_first(backups: &mut [Backup]) {
    backups.sort_by(|a, b| (b.made_at, &b.path).cmp(&(a.made_at, &a.path)));
}

/// The newest backup that passes the check. All of them did when they were made; disks rot.
pub(crate) async fn newest_good(path: &Path) -> Result<Option<Backup>, StoreError> {
    for backup in list(path)? {
        // An empty file is a sound database to SQLite.
        if backup.bytes > 0 && check(&backup.path).await.is_ok() {
            return Ok(Some(backup));
        }
    }
    Ok(None)
}

/// Makes a backup, checks it, and drops the oldest of its kind beyond [`BACKUPS_KEPT`].
pub(crate) async fn make(
    pool: &SqlitePool,
    path: &Path,
    now: DateTime<Utc>,
    reason: Reason,
) -> Result<Backup, StoreError> {
    let folder = backups(path);
    private_folder(&folder)?;
    let name = format!("{}-{}.db", now.format(STAMP), reason.as_str());
    let (unchecked, good) = (folder.join(format!("{name}.unchecked")), folder.join(&name));
    forget_unfinished(&folder, now)?;
    // After the copy: whatever it refers to is in the folder by now.
    let made = copy_and_check(pool, &unchecked).await.and_then(|()| evidence::keep_for_backups(path, now));
    if let Err(error) = made {
        // Best effort: the error that matters is the first one.
        let _ = fs::remove_file(&unchecked);
        return Err(error);
    }
    fs::File::open(&unchecked)?.sync_all()?;
    fs::rename(&unchecked, &good)?;
    // Those of the future go first: a clock that was ahead must not cost the backups made since.
    let by_hand = |reason| reason == Reason::Manual;
    let of_kind = list(path)?.into_iter().filter(|backup| by_hand(backup.reason) == by_hand(reason));
    let (future, mut kept): (Vec<_>, Vec<_>) = of_kind.partition(|backup| is_of_future(backup, now));
    kept.extend(future);
    for old in kept.into_iter().skip(BACKUPS_KEPT) {
        fs::remove_file(old.path)?;
    }
    let bytes = fs::metadata(&good)?.len();
    Ok(Backup { path: good, made_at: now, bytes, reason })
}

/// By its name, which has whole milliseconds.
fn is_of_future(backup: &Backup, now: DateTime<Utc>) -> bool {
    backup.made_at > now
}

pub(crate) async fn copy_and_check(pool: &SqlitePool, to: &Path) -> Result<(), StoreError> {
    let text = to.to_str().ok_or(StoreError::Backup { reason: "the folder's name is not Unicode" })?;
    sqlx::query("VACUUM INTO ?1").bind(text).execute(pool).await?;
    owner_only(to, 0o600)?;
    check(to).await
}

/// Removes what a backup that was killed left behind; not what another process may still be writing.
fn forget_unfinished(folder: &Path, now: DateTime<Utc>) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "unchecked") && is_abandoned(&path, now) {
            match fs::remove_file(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
    }
    Ok(())
}

/// SQLite's full integrity check, of a file nobody writes to.
pub(crate) async fn check(file: &Path) -> Result<(), StoreError> {
    let mut copy =
        SqliteConnectOptions::new().filename(file).read_only(true).immutable(true).connect().await?;
    let answer: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut copy).await?;
    copy.close().await?;
    if answer == "ok" {
        Ok(())
    } else {
        Err(StoreError::Backup { reason: "the copy did not pass the check" })
    }
}

impl Store {
    /// Makes the daily backup when the newest one is a day old; those of the future (the clock was set back) do not
    /// count. `None` when none is due.
    ///
    /// # Errors
    /// When the copy cannot be made or does not pass the check; earlier backups stay.
    pub async fn backup_if_due(&self, now: DateTime<Utc>) -> Result<Option<Backup>, StoreError> {
        if matches!(self.access, Access::ReadOnly { .. }) {
            return Ok(None);
        }
        let newest =
            list(&self.path)?.into_iter().find(|b| b.reason != Reason::Manual && !is_of_future(b, now));
        let due = newest.is_none_or(|backup| now - backup.made_at >= TimeDelta::days(1));
        if !due {
            return Ok(None);
        }
        // On a reader: a backup never keeps a step from being recorded.
        make(&self.readers, &self.path, now, Reason::Daily).await.map(Some)
    }

    /// All backups, and what restores have replaced, newest first.
    ///
    /// # Errors
    /// When their folders cannot be read.
    pub fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        let mut all = list(&self.path)?;
        all.extend(replaced(&self.path)?);
        newest_first(&mut all);
        Ok(all)
    }

    /// Makes a backup now.
    ///
    /// # Errors
    /// When the copy cannot be made or does not pass the check; earlier backups stay.
    pub async fn back_up(&self, now: DateTime<Utc>) -> Result<Backup, StoreError> {
        if let Access::ReadOnly { reason } = &self.access {
            return Err(StoreError::ReadOnly { reason: reason.clone() });
        }
        make(&self.readers, &self.path, now, Reason::Manual).await
    }
}
