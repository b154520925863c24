//! How commands fail inside, and how that reads at the boundary.

use crate::ports::{Closed, NoSecrets};
use crate::team::words;
use mf_contract::{ApiError, ErrorCode};
use mf_domain::Invalid;
use mf_domain::flow::FlowType;
use mf_domain::role::Role;
use mf_store::{OpenError, StoreError};
use mf_sync::SyncError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// No such thing in this workspace.
    #[error("there is no such {what}")]
    NotFound { what: &'static str, field: &'static str },
    /// The request does not fit the state of things.
    #[error("{message}")]
    Conflict { message: String, field: &'static str },
    #[error("your role ({have:?}) does not allow this; it takes {needed:?}")]
    Forbidden { have: Role, needed: Role },
    #[error("this needs a {} flow; {name:?} is {}", .needed, .have.as_str())]
    WrongFlowType { name: String, have: FlowType, needed: &'static str },
    /// A schedule of a newer release, or one that refers to what is no more; `problem` is a sentence.
    #[error("this schedule cannot be read. {problem} Set it anew, with its recurrence, or delete it.")]
    UnreadableSchedule { problem: String },
    /// Nobody may tick on request.
    #[error(transparent)]
    GateClosed(#[from] Closed),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The team's server.
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Secrets(#[from] NoSecrets),
    /// What a team's server is needed for, and the passphrase has not been given.
    #[error("the workspace is locked: give its passphrase first")]
    Locked,
    /// The keychain has no password for this computer any more.
    #[error(
        "the keychain has no password of this computer for the team's server; ask an owner of the team for an invite"
    )]
    NoPassword,
    #[error(
        "this computer has no keychain for the password of the team's server. Give a passphrase of at least 12 characters: the \
         password follows from it, is kept nowhere, and the passphrase is asked for at each start"
    )]
    NoKeychain,
    /// Another workspace of this computer could not be opened.
    #[error("the workspace could not be opened")]
    Open(#[from] OpenError),
    /// A report could not be put into its format.
    #[error("the report could not be written")]
    Report(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl EngineError {
    pub(crate) fn conflict(field: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into(), field }
    }

    pub(crate) fn report(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Report(Box::new(error))
    }
}

/// An error and everything that caused it, for the log: what is on top says seldom why.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    for cause in std::iter::successors(error.source(), |cause| cause.source()) {
        let cause = cause.to_string();
        // What is transparent says what its source says.
        if !said.ends_with(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let message = error.to_string();
        match error {
            EngineError::Invalid(invalid) => invalid.into(),
            EngineError::NotFound { field, .. } => Self::new(ErrorCode::NotFound, message).on(field),
            EngineError::Conflict { field, .. } => Self::new(ErrorCode::Conflict, message).on(field),
            EngineError::Forbidden { .. } => Self::new(ErrorCode::Forbidden, message),
            EngineError::WrongFlowType { .. } => Self::new(ErrorCode::InvalidFlowType, message).on("flow_id"),
            EngineError::UnreadableSchedule { .. } => Self::new(ErrorCode::Unavailable, message),
            EngineError::GateClosed(closed @ Closed::InUse) => Self::from(closed).on("now"),
            EngineError::GateClosed(closed) => closed.into(),
            EngineError::Store(store) => of_store(&store),
            EngineError::Sync(error) => words::api_error(&error),
            EngineError::Secrets(error) => {
                tracing::error!(error = chain(&error), "the keychain failed");
                Self::new(ErrorCode::Unavailable, words::KEYCHAIN)
            }
            EngineError::Locked | EngineError::NoPassword => Self::new(ErrorCode::Unavailable, message),
            EngineError::NoKeychain => Self::new(ErrorCode::Unavailable, message).on("passphrase"),
            EngineError::Open(OpenError::Store(store)) => of_store(&store),
            EngineError::Open(OpenError::Corrupt(_)) => Self::new(ErrorCode::Corrupt, message),
            EngineError::Open(OpenError::SqliteTooOld(_)) => Self::internal(message),
            EngineError::Report(error) => {
                tracing::error!(error = chain(&*error), "a report could not be written");
                Self::internal("The report could not be written. The log has the details.")
            }
        }
    }
}

impl From<Closed> for ApiError {
    fn from(closed: Closed) -> Self {
        let code = match closed {
            Closed::InUse => ErrorCode::Conflict,
            Closed::NoLock { .. } => ErrorCode::Unavailable,
        };
        Self::new(code, closed.to_string())
    }
}

/// Says what happened, what was kept, and what to do. The driver's words go to the log.
fn of_store(error: &StoreError) -> ApiError {
    tracing::error!(error = chain(error), "the store failed");
    let unavailable = |message: String| ApiError::new(ErrorCode::Unavailable, message);
    match error {
        StoreError::DiskFull(_) => {
            unavailable("The disk is full: nothing was saved. Free some space and try again.".to_owned())
        }
        StoreError::File(error) if has_no_room(error) => {
            unavailable("The disk is full: nothing was saved. Free some space and try again.".to_owned())
        }
        StoreError::EvidenceMissing => unavailable(
            "The content of this evidence is not on this computer: its file is missing from the workspace's folder."
                .to_owned(),
        ),
        StoreError::EvidenceAltered => ApiError::new(
            ErrorCode::Corrupt,
            "The content of this evidence is not what was recorded: its file was changed or damaged since.",
        ),
        StoreError::Disk(_) | StoreError::File(_) => unavailable(
            "The disk could not be read or written: nothing was saved. Check the disk and try again."
                .to_owned(),
        ),
        StoreError::ReadOnly { reason } => {
            unavailable(format!("The workspace is read-only, because {reason}. Nothing was saved."))
        }
        StoreError::Busy(_) => unavailable(
            "Another process is writing to the workspace. Nothing was saved; try again.".to_owned(),
        ),
        StoreError::Corrupt(_) => ApiError::new(
            ErrorCode::Corrupt,
            "The workspace file is damaged. Nothing was changed. Open the application to restore a backup.",
        ),
        StoreError::Backup { reason } => unavailable(format!("The backup failed: {reason}.")),
        StoreError::Unreadable { .. } | StoreError::Defect(_) => ApiError::internal(
            "Something went wrong inside the application; nothing was saved. The log has the details.",
        ),
    }
}

fn has_no_room(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
