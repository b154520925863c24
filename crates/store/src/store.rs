//! The open workspace: readers, the one writer, and the transaction every write happens in.

use crate::columns::millis;
use crate::error::StoreError;
use crate::meta::{self, Key};
use chrono::{DateTime, Utc};
use mf_domain::ids::{DeviceId, MemberId, TeamId};
use mf_domain::version::{HybridClock, Version};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool, Transaction};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// What reads run on: a reader's connection, or the connection of a transaction.
pub type Connection = sqlx::SqliteConnection;
/// A reader out of the pool.
pub type Reader = PoolConnection<Sqlite>;
/// A reader that stays at one moment.
pub type Snapshot = Transaction<'static, Sqlite>;

/// Whether the workspace can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    ReadWrite,
    /// Why not, in words for a person.
    ReadOnly {
        reason: String,
    },
}

/// Whose workspace this is, and which device and person we are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    pub team: TeamId,
    pub member: MemberId,
    pub device: DeviceId,
}

/// One workspace file, open.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) path: PathBuf,
    pub(crate) readers: SqlitePool,
    pub(crate) writer: SqlitePool,
    pub(crate) access: Access,
    /// One for all clones: the device of a copied file becomes another one while it is open.
    pub(crate) identity: Arc<RwLock<Identity>>,
}

impl Store {
    /// Whether it can be written.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose it is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        // Written as a whole: a panic beside it leaves nothing half done.
        *self.identity.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_device(&self, device: DeviceId) {
        if self.identity().device != device {
            self.identity.write().unwrap_or_else(PoisonError::into_inner).device = device;
        }
    }

    /// Looks into the file which device this is: another process may have found that it is to be another one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn look_who_it_is(&self) -> Result<(), StoreError> {
        let (_, device) = meta::clock_and_device(&mut *self.read().await?).await?;
        self.set_device(device);
        Ok(())
    }

    /// A connection to read from: a consistent view per statement.
    ///
    /// # Errors
    /// When no reader is free for a long time, or the file cannot be opened.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// A reader that sees the workspace as it was when it first read, whatever is written meanwhile.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// Begins the one write transaction (`BEGIN IMMEDIATE`). Dropped without [`Write::commit`], nothing of it stays.
    /// `wall` is the real wall clock, for the versions of rows; never a simulated time.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], or [`StoreError::Busy`] when another process keeps the lock.
    pub async fn write(&self, wall: DateTime<Utc>) -> Result<Write, StoreError> {
        if let Access::ReadOnly { reason } = &self.access {
            return Err(StoreError::ReadOnly { reason: reason.clone() });
        }
        let mut tx = self.begin().await?;
        let (stored, device) = meta::clock_and_device(&mut tx).await?;
        self.set_device(device);
        let last = stored.unwrap_or_else(Version::bottom);
        let clock = HybridClock::resume(device, &last);
        let wall = u64::try_from(millis(wall)).unwrap_or(0);
        Ok(Write { tx, clock, wall, last, moved: false, identity: self.identity() })
    }

    /// A commit that meets a full disk has been rolled back by SQLite itself; the driver, whose own rollback then finds
    /// nothing to do, believes the transaction to be open for good. Such a connection gives way to a fresh one.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        match self.writer.begin_with("BEGIN IMMEDIATE").await {
            Err(sqlx::Error::InvalidSavePointStatement) => {
                // Its own state is what is wrong; that it closes without a fault is not to be expected.
                drop(self.writer.acquire().await?.detach());
                self.writer.begin_with("BEGIN IMMEDIATE").await
            }
            begun => begun,
        }
    }

    /// A number that changes when another process has written to the file; our own commits do not change it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn foreign_changes(&self) -> Result<i64, StoreError> {
        // Asked of the writer: to a reader, our own commits would count as somebody else's.
        Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(&self.writer).await?)
    }

    /// Closes all connections: the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether it was closed: nothing can be read or written through it any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.readers.is_closed()
    }
}

/// A write transaction with the clock that stamps its rows.
#[derive(Debug)]
pub struct Write {
    tx: Transaction<'static, Sqlite>,
    clock: HybridClock,
    wall: u64,
    /// The greatest version it gave out or saw.
    last: Version,
    /// Whether that is not what is stored.
    moved: bool,
    identity: Identity,
}

impl Write {
    /// The connection of this transaction, for reads that must see its writes.
    pub fn conn(&mut self) -> &mut Connection {
        &mut self.tx
    }

    /// The version of the next row: greater than every one before.
    pub fn stamp(&mut self) -> Version {
        let version = self.clock.stamp(self.wall);
        self.turn_to(version.clone());
        version
    }

    /// The versions from now on are greater than one that came from elsewhere, too.
    pub fn observe(&mut self, version: &Version) {
        if *version > self.last {
            self.set_clock(version);
        }
    }

    /// Has the clock go on behind a version, perhaps an earlier one than it gave out last: for stamps that nobody else has
    /// and that are all given anew.
    pub fn set_clock(&mut self, version: &Version) {
        self.clock = HybridClock::resume(self.identity.device, version);
        self.turn_to(version.clone());
    }

    fn turn_to(&mut self, version: Version) {
        (self.last, self.moved) = (version, true);
    }

    /// The workspace that is written to.
    #[must_use]
    pub fn team(&self) -> TeamId {
        self.identity.team
    }

    /// Marks where this transaction is, to look at what comes of something and take it back. Of several marks, the last one
    /// is meant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark(&mut self) -> Result<(), StoreError> {
        sqlx::query("SAVEPOINT mark").execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Takes back everything since [`Self::mark`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn return_to_mark(&mut self) -> Result<(), StoreError> {
        sqlx::query("ROLLBACK TO mark").execute(&mut *self.tx).await?;
        sqlx::query("RELEASE mark").execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Goes on past [`Self::mark`]: what was written since stays.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pass_mark(&mut self) -> Result<(), StoreError> {
        sqlx::query("RELEASE mark").execute(&mut *self.tx).await?;
        Ok(())
    }

    /// From here on another device writes: the file is a copy, and its device is somebody else's. The clock runs on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn become_device(&mut self, device: DeviceId) -> Result<(), StoreError> {
        meta::put_on(&mut self.tx, Key::DeviceId, &device.to_string()).await?;
        self.identity.device = device;
        self.clock = HybridClock::resume(device, &self.last);
        Ok(())
    }

    /// The wall clock of this transaction, in milliseconds since 1970.
    #[must_use]
    pub fn wall(&self) -> u64 {
        self.wall
    }

    /// The greatest version the clock gave out or saw.
    #[must_use]
    pub fn last(&self) -> &Version {
        &self.last
    }

    /// The device that writes.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.identity.device
    }

    /// Commits: on disk when this returns.
    ///
    /// # Errors
    /// When it does not, nothing of the transaction stays.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if self.moved {
            meta::put_on(&mut self.tx, Key::Clock, self.last.as_str()).await?;
        }
        Ok(self.tx.commit().await?)
    }

    /// Ends the transaction without keeping anything.
    ///
    /// # Errors
    /// When the database does not answer; nothing was kept then either.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        Ok(self.tx.rollback().await?)
    }
}
