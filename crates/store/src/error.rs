//! How the database fails, in terms a caller can act on.

/// Why a read or write failed. Never carries the driver's words to a person; they are in the source, for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left; nothing of the transaction was kept.
    #[error("the disk is full")]
    DiskFull(#[source] sqlx::Error),
    /// The file may not be written.
    #[error("the workspace is read-only: {reason}")]
    ReadOnly { reason: String },
    /// Another process held the write lock for longer than we wait.
    #[error("another process is writing to the workspace")]
    Busy(#[source] sqlx::Error),
    /// The disk could not be read or written.
    #[error("the disk could not be read or written")]
    Disk(#[source] sqlx::Error),
    /// The file is damaged.
    #[error("the workspace file is damaged")]
    Corrupt(#[source] sqlx::Error),
    /// A stored value is not what this release writes.
    #[error("a stored value cannot be read: column {column}")]
    Unreadable { column: &'static str },
    /// A defect of the program: the statement, the schema or the driver.
    #[error("the database refused a statement")]
    Defect(#[source] sqlx::Error),
    /// A backup could not be made or checked.
    #[error("the backup failed: {reason}")]
    Backup { reason: &'static str },
    /// The content of a piece of evidence is not where it was put.
    #[error("the content of the evidence is missing")]
    EvidenceMissing,
    /// The content of a piece of evidence is not what was put there.
    #[error("the content of the evidence was altered")]
    EvidenceAltered,
    /// A file beside the database could not be handled.
    #[error("a file of the workspace could not be handled")]
    File(#[from] std::io::Error),
}

/// Primary result codes, <https://www.sqlite.org/rescode.html>.
mod code {
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const NOTADB: i32 = 26;
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let primary = error
            .as_database_error()
            .and_then(|e| e.code())
            .and_then(|text| text.parse::<i32>().ok())
            .map(|extended| extended & 0xff);
        match primary {
            Some(code::FULL) => Self::DiskFull(error),
            Some(code::READONLY) => Self::ReadOnly { reason: "its file may not be written".to_owned() },
            Some(code::BUSY | code::LOCKED) => Self::Busy(error),
            Some(code::IOERR | code::CANTOPEN) => Self::Disk(error),
            Some(code::CORRUPT | code::NOTADB) => Self::Corrupt(error),
            _ if matches!(error, sqlx::Error::PoolTimedOut) => Self::Busy(error),
            _ => Self::Defect(error),
        }
    }
}
