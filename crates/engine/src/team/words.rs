//! What is said when a team's server is not to be had: what happened, and what to do about it.

use crate::error::{EngineError, chain};
use mf_contract::sync::SyncProblem;
use mf_contract::{ApiError, ErrorCode};
use mf_sync::SyncError;

pub(crate) const KEYCHAIN: &str = "The keychain of this computer does not answer. Unlock it and try again.";

/// The error a command answers with. The driver's words go to the log.
pub(crate) fn api_error(error: &SyncError) -> ApiError {
    tracing::warn!(error = chain(error), "the team's server");
    let code = match error {
        SyncError::Forbidden(_) => ErrorCode::Forbidden,
        SyncError::LastOwner => ErrorCode::Conflict,
        SyncError::NoSuchMember => {
            return ApiError::new(ErrorCode::NotFound, "there is no such member").on("id");
        }
        SyncError::Unreadable(_) | SyncError::Malformed { .. } | SyncError::Defect(_) => ErrorCode::Internal,
        _ => ErrorCode::Unavailable,
    };
    ApiError::new(code, sentence(error))
}

/// The problem a status names.
pub(crate) fn problem(error: &EngineError) -> SyncProblem {
    match error {
        EngineError::Locked => SyncProblem::Locked,
        EngineError::Secrets(_) | EngineError::NoPassword => SyncProblem::NoSecret,
        EngineError::Sync(error) => match error {
            SyncError::Unreachable(_) | SyncError::TimedOut => SyncProblem::Unreachable,
            SyncError::Untrusted(_) | SyncError::Plaintext | SyncError::Environment { .. } => {
                SyncProblem::Untrusted
            }
            SyncError::NotLetIn(_) | SyncError::Forbidden(_) | SyncError::Copied => SyncProblem::NotLetIn,
            SyncError::ClientTooOld { .. } => SyncProblem::ClientTooOld,
            SyncError::WorkspaceTooOld(_) | SyncError::ServerTooOld => SyncProblem::ServerTooOld,
            _ => SyncProblem::Defect,
        },
        _ => SyncProblem::Defect,
    }
}

/// The same as a sentence.
pub(crate) fn message(error: &EngineError) -> String {
    match error {
        EngineError::Sync(error) => sentence(error),
        EngineError::Secrets(_) => KEYCHAIN.to_owned(),
        EngineError::Locked => "This workspace is locked: give its passphrase to share again.".to_owned(),
        EngineError::NoPassword => {
            "The keychain has no password of this computer for the team's server. Ask an owner \
                                    of the team for an invite for another computer."
                .to_owned()
        }
        _ => "Sharing failed; the log has the details. It is tried again by itself.".to_owned(),
    }
}

fn sentence(error: &SyncError) -> String {
    match error {
        SyncError::Unreachable(_) => {
            "The team's server cannot be reached. Your work is saved on this computer and is sent when the server is back."
                .to_owned()
        }
        SyncError::TimedOut => "The team's server does not answer. Your work is saved on this computer and is sent when \
                                it does."
            .to_owned(),
        SyncError::Untrusted(_) => "The connection to the team's server is not safe: its certificate is expired, is of \
                                    another name, or was issued by an authority this computer does not trust. Nothing was \
                                    sent. Ask whoever runs the server."
            .to_owned(),
        SyncError::Plaintext => {
            "Without encryption only a server on this computer is used, by its address 127.0.0.1 or [::1].".to_owned()
        }
        SyncError::Environment { name } => format!(
            "The environment variable {name} would change the connection to the server. Start the application without it."
        ),
        SyncError::NotLetIn(_) => "The team's server does not let this computer in: the membership may have ended, or its \
                                   password was changed. Ask an owner of the team."
            .to_owned(),
        SyncError::Forbidden(_) => "The team's server does not allow this with your role.".to_owned(),
        SyncError::Copied => {
            "This workspace is a copy of another computer's, with the same login. Make an invite for another computer there, \
             and join with it here."
                .to_owned()
        }
        SyncError::LastOwner => {
            "The team needs an owner: make somebody else an owner first.".to_owned()
        }
        SyncError::NoSuchMember => "There is no such member in this team.".to_owned(),
        SyncError::ClientTooOld { .. } => {
            "This release is too old for the team's workspace. Update the application; your work is saved on this computer."
                .to_owned()
        }
        SyncError::ServerTooOld => "The server is older than Postgres 15, which is the oldest that can be used.".to_owned(),
        SyncError::WorkspaceTooOld(_) => "The team's workspace on the server is older than this release. An administrator \
                                          of the server is to upgrade it (upgrade_workspace)."
            .to_owned(),
        SyncError::Setup(_) => {
            "The workspace could not be set up on the server; the log has the details.".to_owned()
        }
        SyncError::Unreadable(_) | SyncError::Malformed { .. } | SyncError::Defect(_) => {
            "The server answered something this release does not understand; the log has the details.".to_owned()
        }
    }
}
