//! Putting another file in the place of the workspace, after consent: what was there is set aside, never overwritten.

use crate::archive::{self, Unpacked};
use crate::aside::{STAMP, set_aside, unused};
use crate::backup::Reason;
use crate::error::StoreError;
use crate::store::Store;
use crate::{backup, evidence, files, open};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the file was put that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The file, kept. `None` when there was no file left.
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
    let kept_as = set_aside(path, "damaged", now)?;
    fs::rename(&fresh, path)?;
    Ok(Recovered { kept_as })
}

/// A checked copy of a backup beside the workspace, ready to take its place. Dropped, nothing of it stays.
#[derive(Debug)]
pub struct Prepared {
    file: tempfile::TempPath,
    /// Of an exported backup, which brings its evidence.
    unpacked: Option<Unpacked>,
    /// The contents of evidence it refers to.
    referred: BTreeSet<String>,
}

/// A backup that is in the place of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The file that was there before, kept. `None` when there was none.
    pub kept_as: Option<PathBuf>,
    /// Contents of evidence that the workspace now refers to and has.
    pub evidence: u32,
    /// Those it refers to and has not.
    pub evidence_missing: u32,
}

impl Store {
    /// Copies `source`, a database or an exported backup, beside the workspace and checks the copy. The workspace is not
    /// touched.
    ///
    /// # Errors
    /// [`StoreError::Backup`] with the reason when it is no sound workspace that this release can write.
    pub async fn prepare_restore(&self, source: &Path) -> Result<Prepared, StoreError> {
        let folder = self.path().parent().unwrap_or(Path::new(".")).to_owned();
        if archive::is_archive(source)? {
            let source = source.to_owned();
            let (unpacked, file) = archive::blocking(move || {
                let unpacked = archive::unpack(&source, &folder)?;
                let file =
                    tempfile::Builder::new().prefix(".restoring-").tempfile_in(&folder)?.into_temp_path();
                fs::rename(unpacked.database(), &file)?;
                Ok((unpacked, file))
            })
            .await?;
            open::verify(&file).await?;
            let referred = archive::referred(&file).await?;
            return Ok(Prepared { file, unpacked: Some(unpacked), referred });
        }
        open::verify(source).await?;
        let file = tempfile::Builder::new().prefix(".restoring-").tempfile_in(folder)?.into_temp_path();
        fs::copy(source, &file)?;
        // The copy has the permissions of its source, which may have come from anywhere.
        files::owner_only(&file, 0o600)?;
        fs::File::open(&file)?.sync_all()?;
        // Of the copy: what was checked is what takes the place.
        open::verify(&file).await?;
        let referred = archive::referred(&file).await?;
        Ok(Prepared { file, unpacked: None, referred })
    }

    /// Closes the workspace, sets its file aside and puts the copy in its place. The workspace has to be opened again,
    /// also after an error.
    ///
    /// # Errors
    /// When a file cannot be moved; the workspace is where it was then.
    pub async fn restore(&self, prepared: Prepared, now: DateTime<Utc>) -> Result<Restored, StoreError> {
        self.close().await;
        evidence::bring_back(self.path())?;
        if let Some(unpacked) = &prepared.unpacked {
            evidence::take_over(&unpacked.evidence(), self.path())?;
        }
        let kept_as = set_aside(self.path(), Reason::Replaced.as_str(), now)?;
        if let Err(error) = prepared.file.persist(self.path()) {
            // Back to its place: an empty workspace would be the worst answer.
            if let Some(kept) = &kept_as {
                fs::rename(kept, self.path())?;
            }
            return Err(error.error.into());
        }
        let contents = files::evidence(self.path());
        let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let there = prepared.referred.iter().filter(|sha256| contents.join(sha256).is_file()).count();
        Ok(Restored {
            kept_as,
            evidence: number(there),
            evidence_missing: number(prepared.referred.len() - there),
        })
    }
}

/// Sets the damaged file aside, its backups and its evidence too, so that the next opening begins with an empty workspace.
///
/// # Errors
/// When a file cannot be moved.
pub fn recover_empty(path: &Path, now: DateTime<Utc>) -> Result<Recovered, StoreError> {
    let kept_as = set_aside(path, "damaged", now)?;
    let backups = files::backups(path);
    if backups.exists() {
        let kept = unused(backups.with_extension(format!("kept-{}", now.format(STAMP))));
        fs::rename(&backups, kept)?;
    }
    let contents = files::evidence(path);
    if contents.exists() {
        let kept = path.with_extension(format!("evidence-kept-{}", now.format(STAMP)));
        fs::rename(&contents, unused(kept))?;
    }
    Ok(Recovered { kept_as })
}
