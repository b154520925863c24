//! The contents of evidence: files in a folder beside the database, each under its SHA-256, never changed.
//!
//! A content is written under another name, brought to the disk, and takes its own name before the transaction that refers
//! to it commits. Taking evidence back removes no content: a backup may refer to it. Backups keep the contents they refer
//! to under a second name (a hard link, where the file system has them), so that restoring one brings its evidence.

use crate::error::StoreError;
use crate::files::{self, is_abandoned, private_folder, sync_folder};
use crate::store::{Connection, Store};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How the name of a file begins that is not finished.
const UNFINISHED: &str = ".adding-";

/// The contents of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    folder: PathBuf,
}

/// A content on the disk that has no name yet. Dropped without [`Staged::keep`], nothing of it stays.
#[derive(Debug)]
pub struct Staged {
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    place: PathBuf,
    /// `None` when the content was there already.
    file: Option<NamedTempFile>,
}

impl Store {
    /// The contents of evidence.
    #[must_use]
    pub fn contents(&self) -> Contents {
        Contents { folder: files::evidence(&self.path) }
    }
}

impl Contents {
    /// Writes a content to the disk, unless it is there.
    ///
    /// # Errors
    /// When it cannot be written; nothing of it stays then.
    pub fn stage(&self, content: &[u8]) -> Result<Staged, StoreError> {
        let sha256 = hash(content);
        let place = self.folder.join(&sha256);
        let size = content.len() as u64;
        if self.read(&sha256).is_ok() {
            return Ok(Staged { sha256, size, place, file: None });
        }
        private_folder(&self.folder)?;
        // For its owner only, from the first moment.
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        Ok(Staged { sha256, size, place, file: Some(file) })
    }

    /// A content, checked against its hash.
    ///
    /// # Errors
    /// [`StoreError::EvidenceMissing`], [`StoreError::EvidenceAltered`], or when it cannot be read.
    pub fn read(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        // A hash out of a row somebody else wrote is a file name only if it looks like one of ours.
        if !is_hash(sha256) {
            return Err(StoreError::EvidenceMissing);
        }
        let content = fs::read(self.folder.join(sha256)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => StoreError::EvidenceMissing,
            _ => StoreError::File(error),
        })?;
        if hash(&content) == sha256 { Ok(content) } else { Err(StoreError::EvidenceAltered) }
    }

    /// Removes a content that nothing refers to: the transaction that would have is gone. To be called under the write
    /// lock, under which contents get their names.
    ///
    /// # Errors
    /// When the rows cannot be asked or the file cannot be removed.
    pub async fn forget(&self, conn: &mut Connection, sha256: &str) -> Result<(), StoreError> {
        let referred: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM session_events WHERE event ->> 'kind' = 'evidence_added' AND event ->> 'sha256' = ?1)",
        )
        .bind(sha256)
        .fetch_one(conn)
        .await?;
        if !referred && is_hash(sha256) {
            fs::remove_file(self.folder.join(sha256))?;
        }
        Ok(())
    }
}

impl Staged {
    /// Gives the content its name; answers whether it is new. To be called under the write lock.
    ///
    /// # Errors
    /// When it cannot be renamed; nothing of it stays then.
    pub fn keep(self) -> Result<bool, StoreError> {
        let Some(file) = self.file else { return Ok(false) };
        let new = !self.place.exists();
        file.persist(&self.place).map_err(|error| StoreError::File(error.error))?;
        sync_folder(&self.place)?;
        Ok(new)
    }
}

/// 64 lower-case hex digits.
fn hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// The hash of what may not fit into memory.
pub(crate) fn hash_of(content: &mut impl Read) -> Result<String, StoreError> {
    let mut hasher = Sha256::new();
    std::io::copy(content, &mut hasher)?;
    Ok(hex(&hasher.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Where the backups of a workspace keep contents; one place for all of them, since a content never changes.
fn pool(path: &Path) -> PathBuf {
    files::backups(path).join("evidence")
}

/// Gives every content a second name among the backups. Removes what an addition that was killed left behind.
pub(crate) fn keep_for_backups(path: &Path, now: DateTime<Utc>) -> Result<(), StoreError> {
    let folder = files::evidence(path);
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        if unfinished && is_abandoned(&entry.path(), now) {
            fs::remove_file(entry.path())?;
        }
    }
    share(&folder, &pool(path))
}

/// Brings contents of backups back that the workspace lacks.
pub(crate) fn bring_back(path: &Path) -> Result<(), StoreError> {
    share(&pool(path), &files::evidence(path))
}

/// Takes contents over that were checked against their hashes. One that is there already stays, unless it is damaged.
pub(crate) fn take_over(from: &Path, path: &Path) -> Result<(), StoreError> {
    let contents = Contents { folder: files::evidence(path) };
    private_folder(&contents.folder)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if contents.read(&name.to_string_lossy()).is_err() {
            fs::rename(entry.path(), contents.folder.join(name))?;
        }
    }
    sync_folder(&contents.folder.join("."))
}

/// Gives every content of one folder a name in the other.
fn share(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.exists() {
        return Ok(());
    }
    private_folder(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let place = to.join(&name);
        if !is_hash(&name.to_string_lossy()) || place.exists() {
            continue;
        }
        match fs::hard_link(entry.path(), &place) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // A file system without hard links, or with too many of this one.
            Err(_) => {
                let mut copy = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(to)?;
                std::io::copy(&mut fs::File::open(entry.path())?, &mut copy)?;
                copy.as_file().sync_all()?;
                copy.persist(&place).map_err(|error| StoreError::File(error.error))?;
            }
        }
    }
    sync_folder(&to.join("."))
}
