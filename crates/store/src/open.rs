//! Opening a workspace file: creating, checking, migrating.
//!
//! Nothing here repairs. A damaged file is reported and left untouched; what can be done about it is in `recovery`.

use crate::backup::{self, Backup, Reason};
use crate::error::StoreError;
use crate::files::private_folder;
use crate::meta::{self, Key};
use crate::store::{Access, Identity, Store};
use chrono::{DateTime, Utc};
use mf_domain::ids::{DeviceId, MemberId, TeamId};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, SqlitePool};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Oldest SQLite without the bug that can corrupt a write-ahead log under concurrent write and checkpoint.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// How long a writer waits for another process.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Starts of one new workspace that meet: how often, and after which time, one tries again.
const FIRST_TRIES: u32 = 50;
const FIRST_WAIT: Duration = Duration::from_millis(20);
const READERS: u32 = 4;
/// Rows a query may be ahead of its reader. With the default of 50 the two threads take turns all through a list.
const ROWS_AHEAD: usize = 1_024;
/// 64 MiB, in SQLite's negative KiB; taken only as far as pages are touched. Ids are random, so a thousand fires touch
/// pages all over their indexes; with the default 2 MiB most are written out and read back before the commit.
const WRITER_CACHE: &str = "-65536";
/// In pages: 64 MiB of log. A checkpoint copies each changed page once, however often it changed, and somebody's commit
/// waits for it: with the default 4 MiB every few chunks of ten thousand fires would meet one.
const CHECKPOINT_EVERY: &str = "16000";
/// Files up to this size are checked as a whole at every start (about 40 ms); larger ones when they are backed up.
const CHECK_WHOLE_BELOW: u64 = 64 << 20;

/// Why a workspace could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is damaged; nothing was changed.
    #[error("the workspace file is damaged: {}", .0.reason)]
    Corrupt(Damage),
    /// The program was built with an SQLite that can damage files.
    #[error("SQLite {0} is too old to be safe")]
    SqliteTooOld(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A damaged workspace file and what could take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub path: PathBuf,
    /// For a person.
    pub reason: String,
    pub newest_backup: Option<Backup>,
}

pub(crate) fn library_version() -> String {
    // The one number the bundled library is built with; asked of a connection it would be the same.
    let number = libsqlite3_sys::SQLITE_VERSION_NUMBER;
    format!("{}.{}.{}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000)
}

impl Store {
    /// Opens the workspace file at `path`, creating it and its folder (readable by their owner only) when there is
    /// none. `new_ids` are used only for a new workspace: team, member and device. `now` names backups.
    ///
    /// # Errors
    /// [`OpenError::Corrupt`] for a damaged, emptied or vanished file: nothing was changed then.
    pub async fn open(path: &Path, new_ids: [Uuid; 3], now: DateTime<Utc>) -> Result<Self, OpenError> {
        require_safe_sqlite().await?;
        let exists = path.try_exists().map_err(StoreError::File)?;
        if exists {
            check(path).await?;
        } else {
            create(path).await?;
        }
        match open_writable(path, new_ids, now).await {
            Err(OpenError::Store(StoreError::ReadOnly { reason })) if exists => {
                open_read_only(path, reason).await
            }
            opened => opened,
        }
    }
}

async fn require_safe_sqlite() -> Result<(), OpenError> {
    let mut memory = SqliteConnectOptions::new().in_memory(true).connect().await.map_err(StoreError::from)?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut memory)
        .await
        .map_err(StoreError::from)?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE {
        return Err(OpenError::SqliteTooOld(version));
    }
    Ok(())
}

async fn create(path: &Path) -> Result<(), OpenError> {
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(StoreError::File)?;
    }
    // A workspace that has backups but no file was not deleted by us: do not pretend that it is new.
    if let Some(newest) = backup::newest_good(path).await? {
        return Err(damaged(path, "its file is missing", Some(newest)));
    }
    private_file(path).map_err(StoreError::File)?;
    Ok(())
}

fn damaged(path: &Path, reason: &str, newest_backup: Option<Backup>) -> OpenError {
    OpenError::Corrupt(Damage { path: path.to_owned(), reason: reason.to_owned(), newest_backup })
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_WAIT)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .row_buffer_size(ROWS_AHEAD)
        .create_if_missing(false)
}

/// Looks at an existing file without changing it.
async fn check(path: &Path) -> Result<(), OpenError> {
    let size = fs::metadata(path).map_err(StoreError::File)?.len();
    if size == 0 {
        // A file of no bytes is a new database to SQLite; with backups beside it, it is a lost one.
        let newest = backup::newest_good(path).await?;
        return if newest.is_some() { Err(damaged(path, "its file is empty", newest)) } else { Ok(()) };
    }
    let verdict = match looked_at(reading(path), size).await {
        // In a protected folder SQLite cannot make the shared-memory file of the log.
        Err(StoreError::ReadOnly { .. } | StoreError::Disk(_)) if !has_log(path) => {
            looked_at(reading(path).immutable(true), size).await
        }
        verdict => verdict,
    };
    let reason = match verdict {
        Ok(Found::Workspace) => return Ok(()),
        Ok(Found::Unsound) => "its content does not pass SQLite's check",
        Ok(Found::Foreign) => "it is a database of another program",
        Err(StoreError::Corrupt(error)) => {
            tracing::error!(%error, "the workspace file cannot be read");
            "SQLite cannot read it"
        }
        Err(other) => return Err(other.into()),
    };
    Err(damaged(path, reason, backup::newest_good(path).await?))
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Workspace,
    /// A database whose content is damaged.
    Unsound,
    /// A database with tables that are not ours.
    Foreign,
}

fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_WAIT).foreign_keys(true)
}

/// Whether a write-ahead log with content lies beside the file.
fn has_log(path: &Path) -> bool {
    PathBuf::from(format!("{}-wal", path.display())).metadata().is_ok_and(|file| file.len() > 0)
}

async fn looked_at(options: SqliteConnectOptions, size: u64) -> Result<Found, StoreError> {
    let mut conn = options.connect().await?;
    // Reads the header and the schema: enough to see that it is a database at all.
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'")
        .fetch_one(&mut conn)
        .await?;
    let sound = size > CHECK_WHOLE_BELOW || {
        let answer: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut conn).await?;
        answer == "ok"
    };
    let ours = tables == 0 || applied_migrations(&mut conn).await? > 0;
    conn.close().await?;
    Ok(match (sound, ours) {
        (false, _) => Found::Unsound,
        (true, false) => Found::Foreign,
        (true, true) => Found::Workspace,
    })
}

async fn open_writable(path: &Path, new_ids: [Uuid; 3], now: DateTime<Utc>) -> Result<Store, OpenError> {
    if let Some(reason) = write_protected(path)? {
        return Err(StoreError::ReadOnly { reason }.into());
    }
    let writer = pool_of_the_writer(path).await?;
    let other_release = {
        let mut conn = writer.acquire().await.map_err(StoreError::from)?;
        other_release(&mut conn).await?
    };
    if let Some(reason) = other_release {
        writer.close().await;
        return Err(StoreError::ReadOnly { reason }.into());
    }
    migrate(&writer, path, now).await?;
    let identity = identify(&writer, new_ids).await?;
    let readers = pool_of_readers(options(path).read_only(true)).await?;
    let identity = Arc::new(RwLock::new(identity));
    Ok(Store { path: path.to_owned(), readers, writer, access: Access::ReadWrite, identity })
}

/// The one connection that writes. Giving a new file its write-ahead log is what SQLite refuses at once, and does not wait
/// for, when another start is at it in the same moment.
async fn pool_of_the_writer(path: &Path) -> Result<SqlitePool, StoreError> {
    let options =
        options(path).pragma("cache_size", WRITER_CACHE).pragma("wal_autocheckpoint", CHECKPOINT_EVERY);
    let pool = || SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(30));
    for _ in 0..FIRST_TRIES {
        match pool().connect_with(options.clone()).await.map_err(StoreError::from) {
            Err(StoreError::Busy(_)) => tokio::time::sleep(FIRST_WAIT).await,
            connected => return connected,
        }
    }
    Ok(pool().connect_with(options).await?)
}

/// Why the file cannot be written, if the system says so. Asked of the file system, not of SQLite: that would take the write
/// lock, and a script that only reads would wait for whoever writes.
fn write_protected(path: &Path) -> Result<Option<String>, StoreError> {
    let refused = |error: &std::io::Error| {
        matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
    };
    let reason = || format!("{} or its folder is write-protected", path.display());
    match fs::OpenOptions::new().write(true).open(path) {
        Err(error) if refused(&error) => return Ok(Some(reason())),
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    // The log is a file of its own: SQLite must be able to make it. Unnamed where the system can, so that nothing stays
    // after a crash; else under a name nobody else uses.
    match path.parent().map(tempfile::tempfile_in) {
        Some(Err(error)) if refused(&error) => Ok(Some(reason())),
        // A full disk is told by the first write, not by the look.
        _ => Ok(None),
    }
}

/// Whether a file nobody writes to is a sound workspace that this release can write.
pub(crate) async fn verify(file: &Path) -> Result<(), StoreError> {
    let refused = |reason| Err(StoreError::Backup { reason });
    if has_log(file) {
        return refused("it is in use, or was not closed properly");
    }
    if fs::metadata(file)?.len() == 0 {
        return refused("it is empty");
    }
    let mut conn = match reading(file).immutable(true).connect().await.map_err(StoreError::from) {
        Ok(conn) => conn,
        Err(StoreError::Corrupt(_)) => return refused("it is not a database, or is damaged"),
        Err(other) => return Err(other),
    };
    let found = async {
        Ok::<_, StoreError>((applied_migrations(&mut conn).await?, other_release(&mut conn).await?))
    };
    let found = found.await;
    conn.close().await?;
    match found {
        Ok((0, _)) => return refused("it is not a workspace of Maintenance Flows"),
        Ok((_, Some(_))) => return refused("a newer release or another build of Maintenance Flows wrote it"),
        Ok((_, None)) => {}
        Err(StoreError::Corrupt(_)) => return refused("it is not a database, or is damaged"),
        Err(other) => return Err(other),
    }
    match backup::check(file).await {
        Err(StoreError::Corrupt(_) | StoreError::Backup { .. }) => refused("it is damaged"),
        checked => checked,
    }
}

/// Why this release must not write to the file, if so: its schema is not one of ours.
async fn other_release(conn: &mut sqlx::SqliteConnection) -> Result<Option<String>, StoreError> {
    if applied_migrations(conn).await? == 0 {
        return Ok(None);
    }
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(conn)
            .await?;
    for (version, checksum) in applied {
        match MIGRATIONS.iter().find(|known| known.version == version) {
            None => return Ok(Some("a newer release of Maintenance Flows wrote it".to_owned())),
            Some(known) if *known.checksum != *checksum => {
                return Ok(Some("another build of Maintenance Flows wrote it".to_owned()));
            }
            Some(_) => {}
        }
    }
    Ok(None)
}

/// How many migrations the file has; 0 for a new file.
async fn applied_migrations(conn: &mut sqlx::SqliteConnection) -> Result<usize, StoreError> {
    let known: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *conn)
    .await?;
    if known == 0 {
        return Ok(0);
    }
    let applied: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(conn).await?;
    Ok(usize::try_from(applied).unwrap_or(0))
}

async fn migrate(writer: &SqlitePool, path: &Path, now: DateTime<Utc>) -> Result<(), OpenError> {
    let applied = {
        let mut conn = writer.acquire().await.map_err(StoreError::from)?;
        applied_migrations(&mut conn).await?
    };
    if applied == MIGRATIONS.iter().count() {
        return Ok(());
    }
    if applied > 0 {
        backup::make(writer, path, now, Reason::Migration).await?;
    }
    // Under the write lock: of two first starts at once, the second one finds everything done.
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::from)?;
    // What `run` calls, which takes no transaction in a future that is `Send`.
    MIGRATIONS.run_direct(None, &mut *tx, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => StoreError::from(error),
        other => StoreError::Defect(sqlx::Error::Migrate(Box::new(other))),
    })?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// Whose workspace it is; a new one is given its ids. Only that takes the write lock.
async fn identify(writer: &SqlitePool, [team, member, device]: [Uuid; 3]) -> Result<Identity, StoreError> {
    let known = {
        let mut conn = writer.acquire().await?;
        meta::get(&mut conn, Key::DeviceId).await?.is_some()
    };
    if known {
        let mut conn = writer.acquire().await?;
        return read_identity(&mut conn).await;
    }
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    for (key, id) in [(Key::TeamId, team), (Key::MemberId, member), (Key::DeviceId, device)] {
        if meta::get(&mut tx, key).await?.is_none() {
            meta::put_on(&mut tx, key, &id.to_string()).await?;
        }
    }
    let identity = read_identity(&mut tx).await?;
    tx.commit().await?;
    Ok(identity)
}

/// What can be told of a workspace file without opening it as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    pub identity: Identity,
    /// See [`Key::TeamPlace`].
    pub place: Option<String>,
    /// See [`Key::TeamRoster`].
    pub roster: Option<String>,
    /// Whether the team was left, or does not let this device in any more.
    pub left: bool,
}

/// Looks into a workspace file; nothing is made, migrated or repaired.
///
/// # Errors
/// When it is no workspace, or cannot be read.
pub async fn glimpse(path: &Path) -> Result<Glimpse, StoreError> {
    let mut conn = reading(path).connect().await?;
    let identity = read_identity(&mut conn).await?;
    let place = meta::get(&mut conn, Key::TeamPlace).await?;
    let roster = meta::get(&mut conn, Key::TeamRoster).await?;
    let left = meta::get(&mut conn, Key::TeamLeft).await?.is_some()
        || meta::get(&mut conn, Key::TeamRefused).await?.is_some();
    conn.close().await?;
    Ok(Glimpse { identity, place, roster, left })
}

async fn read_identity(conn: &mut sqlx::SqliteConnection) -> Result<Identity, StoreError> {
    async fn id(conn: &mut sqlx::SqliteConnection, key: Key) -> Result<Uuid, StoreError> {
        let text = meta::get(conn, key).await?.unwrap_or_default();
        Uuid::parse_str(&text).map_err(|_| StoreError::Unreadable { column: "meta.value" })
    }
    Ok(Identity {
        team: TeamId(id(conn, Key::TeamId).await?),
        member: MemberId(id(conn, Key::MemberId).await?),
        device: DeviceId(id(conn, Key::DeviceId).await?),
    })
}

async fn open_read_only(path: &Path, reason: String) -> Result<Store, OpenError> {
    let readers = match pool_of_readers(reading(path)).await {
        Ok(readers) => readers,
        Err(_) if !has_log(path) => pool_of_readers(reading(path).immutable(true)).await?,
        Err(error) => return Err(error.into()),
    };
    let identity = {
        let mut conn = readers.acquire().await.map_err(StoreError::from)?;
        read_identity(&mut conn).await?
    };
    let (access, identity) = (Access::ReadOnly { reason }, Arc::new(RwLock::new(identity)));
    Ok(Store { path: path.to_owned(), writer: readers.clone(), readers, access, identity })
}

async fn pool_of_readers(options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options)
        .await?;
    let _: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema").fetch_one(&pool).await?;
    Ok(pool)
}

fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    // Not `create_new`: of two first starts at once, the second finds the first one's file.
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
