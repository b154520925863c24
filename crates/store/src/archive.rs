//! An exported backup: one tar file with the database, the contents of its evidence, and a list of both with their hashes.
//!
//! Names in an archive never become paths: what is read has one of three known forms, and everything is written under a
//! name made here. Deliberately absent: compression; most evidence is pictures, and the file can be packed with anything.

use crate::backup::copy_and_check;
use crate::error::StoreError;
use crate::evidence::{Contents, hash_of, is_hash};
use crate::files::{owner_only, private_folder};
use crate::store::Store;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use tempfile::TempDir;

const LIST: &str = "backup.json";
const DATABASE: &str = "workspace.db";
const EVIDENCE: &str = "evidence/";
/// Of the file's form.
const FORMAT: u32 = 1;
/// In bytes; room for half a million contents.
const LIST_MAX: u64 = 64 << 20;

/// An archive that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Its size.
    pub bytes: u64,
    /// Contents of evidence in it.
    pub evidence: u32,
    /// Contents the workspace refers to, but has no more, or not as they were.
    pub evidence_missing: u32,
}

/// What an archive holds; its first entry.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    format: u32,
    /// The SHA-256 of the database.
    database: String,
    /// Those of the contents, which are their names.
    evidence: BTreeSet<String>,
}

/// An archive, taken apart and checked. Dropped, nothing of it stays.
#[derive(Debug)]
pub(crate) struct Unpacked {
    pub(crate) folder: TempDir,
}

impl Unpacked {
    pub(crate) fn database(&self) -> std::path::PathBuf {
        self.folder.path().join(DATABASE)
    }

    pub(crate) fn evidence(&self) -> std::path::PathBuf {
        self.folder.path().join("evidence")
    }
}

impl Store {
    /// Writes a checked copy of the database with the contents of its evidence to a file that must not be there yet. It has
    /// that name only once it is whole.
    ///
    /// # Errors
    /// When it cannot be made or does not pass the check; nothing is left behind then.
    pub async fn export_to(&self, to: &Path) -> Result<Exported, StoreError> {
        let folder = to.parent().ok_or(StoreError::Backup { reason: "the path names no file" })?;
        // A folder of its own beside it: `VACUUM INTO` wants a name that is free, and it must be the same disk.
        let beside = tempfile::Builder::new().prefix(".maintenance-flows-").tempdir_in(folder)?;
        let copy = beside.path().join(DATABASE);
        copy_and_check(&self.readers, &copy).await?;
        // Of the copy: evidence may be added meanwhile.
        let referred = referred(&copy).await?;
        let (contents, to) = (self.contents(), to.to_owned());
        blocking(move || {
            let archive = beside.path().join("archive.tar");
            let (evidence, missing) = write(&archive, &copy, &contents, &referred)?;
            let bytes = fs::metadata(&archive)?.len();
            publish(&archive, &to)?;
            Ok(Exported { bytes, evidence, evidence_missing: missing })
        })
        .await
    }
}

/// The contents that a database refers to.
pub(crate) async fn referred(database: &Path) -> Result<BTreeSet<String>, StoreError> {
    let mut copy =
        SqliteConnectOptions::new().filename(database).read_only(true).immutable(true).connect().await?;
    let hashes: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT event ->> 'sha256' FROM session_events
         WHERE event ->> 'kind' = 'evidence_added' AND event ->> 'sha256' IS NOT NULL",
    )
    .fetch_all(&mut copy)
    .await?;
    copy.close().await?;
    Ok(hashes.into_iter().collect())
}

/// Files are slow; a worker of the runtime has other things to do meanwhile.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    // The task is not cancelled, and does not panic.
    done.map_err(|error| StoreError::File(io::Error::other(error)))?
}

/// Answers how many contents are in it and how many could not be.
fn write(
    archive: &Path,
    database: &Path,
    contents: &Contents,
    referred: &BTreeSet<String>,
) -> Result<(u32, u32), StoreError> {
    // Read twice, here and below: the list comes first, and contents may not fit into memory together.
    let (sound, missing): (BTreeSet<_>, BTreeSet<_>) =
        referred.iter().cloned().partition(|sha256| match contents.read(sha256) {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(%error, sha256, "a content of evidence is not exported");
                false
            }
        });
    let file = File::create_new(archive)?;
    owner_only(archive, 0o600)?;
    let mut tar = tar::Builder::new(BufWriter::new(file));
    let list = List { format: FORMAT, database: hash_of(&mut File::open(database)?)?, evidence: sound };
    let text = serde_json::to_vec(&list).map_err(io::Error::from)?;
    append(&mut tar, LIST, text.len() as u64, text.as_slice())?;
    append(&mut tar, DATABASE, fs::metadata(database)?.len(), File::open(database)?)?;
    for sha256 in &list.evidence {
        let content = contents.read(sha256)?;
        append(&mut tar, &format!("{EVIDENCE}{sha256}"), content.len() as u64, content.as_slice())?;
    }
    let file = tar.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    Ok((count(list.evidence.len()), count(missing.len())))
}

fn append(tar: &mut tar::Builder<impl Write>, name: &str, size: u64, content: impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, name, content)
}

/// Gives a whole file its name. Not `rename`, which would replace a file that appeared meanwhile. Where the disk knows no
/// second names, copies, and removes what did not fit.
pub(crate) fn publish(whole: &Path, to: &Path) -> Result<(), StoreError> {
    match fs::hard_link(whole, to) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error.into()),
        Err(_) => {}
    }
    let mut named = File::create_new(to)?;
    let copied = owner_only(to, 0o600).and_then(|()| {
        io::copy(&mut File::open(whole)?, &mut named)?;
        Ok(named.sync_all()?)
    });
    if copied.is_err() {
        // Best effort: the error that matters is the first one.
        let _ = fs::remove_file(to);
    }
    copied
}

/// Whether a file says of itself that it is a tar file.
pub(crate) fn is_archive(file: &Path) -> Result<bool, StoreError> {
    let mut head = [0; 512];
    match File::open(file)?.read_exact(&mut head) {
        Ok(()) => Ok(&head[257..262] == b"ustar"),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error.into()),
    }
}

const DAMAGED: StoreError = StoreError::Backup { reason: "it is damaged" };
const FOREIGN: StoreError = StoreError::Backup { reason: "it is not a backup of Maintenance Flows" };

/// Takes an archive apart in a new folder inside `beside`; every part has the hash the list says.
pub(crate) fn unpack(archive: &Path, beside: &Path) -> Result<Unpacked, StoreError> {
    let unpacked = Unpacked { folder: tempfile::Builder::new().prefix(".restoring-").tempdir_in(beside)? };
    private_folder(&unpacked.evidence())?;
    let mut archive = tar::Archive::new(BufReader::new(File::open(archive)?));
    let mut entries = archive.entries().map_err(|_| DAMAGED)?;
    let mut next = || -> Result<Option<(Vec<u8>, tar::Entry<'_, _>)>, StoreError> {
        let Some(entry) = entries.next() else { return Ok(None) };
        let entry = entry.map_err(|_| DAMAGED)?;
        // No links, no folders, nothing sparse.
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(FOREIGN);
        }
        Ok(Some((entry.path_bytes().into_owned(), entry)))
    };
    let Some((name, entry)) = next()? else { return Err(FOREIGN) };
    if name != LIST.as_bytes() {
        return Err(FOREIGN);
    }
    let mut text = Vec::new();
    entry.take(LIST_MAX).read_to_end(&mut text).map_err(|_| DAMAGED)?;
    let list = listed(&text)?;
    let mut awaited: BTreeSet<String> =
        list.evidence.iter().map(|sha256| format!("{EVIDENCE}{sha256}")).collect();
    awaited.insert(DATABASE.to_owned());
    while let Some((name, mut entry)) = next()? {
        // A name the list does not say, or says once only: a path out of here is one of these.
        let name = String::from_utf8(name).ok().filter(|name| awaited.remove(name)).ok_or(FOREIGN)?;
        let (place, sha256) = match name.strip_prefix(EVIDENCE) {
            Some(sha256) => (unpacked.evidence().join(sha256), sha256),
            None => (unpacked.database(), list.database.as_str()),
        };
        copy(&mut entry, &place)?;
        if hash_of(&mut File::open(&place)?)? != sha256 {
            return Err(DAMAGED);
        }
    }
    if awaited.is_empty() { Ok(unpacked) } else { Err(DAMAGED) }
}

/// The list of an archive, with hashes that are ones.
fn listed(text: &[u8]) -> Result<List, StoreError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_slice(text).map_err(|_| FOREIGN)?;
    if format > FORMAT {
        return Err(StoreError::Backup { reason: "a newer release of Maintenance Flows wrote it" });
    }
    let list: List = serde_json::from_slice(text).map_err(|_| FOREIGN)?;
    if list.evidence.iter().chain([&list.database]).all(|sha256| is_hash(sha256)) {
        Ok(list)
    } else {
        Err(FOREIGN)
    }
}

/// What cannot be read is the archive's fault; what cannot be written is the disk's.
fn copy(from: &mut impl Read, to: &Path) -> Result<(), StoreError> {
    let mut file = File::create_new(to)?;
    owner_only(to, 0o600)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(DAMAGED),
        };
        file.write_all(&buffer[..count])?;
    }
    Ok(file.sync_all()?)
}
