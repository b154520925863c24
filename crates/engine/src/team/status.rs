//! How things stand with the team's server, and a pass on request.

use super::link::Belonging;
use super::pass::Want;
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::Handle;
use mf_contract::sync::*;
use mf_contract::workspaces::UnlockWorkspace;
use mf_domain::Invalid;
use mf_store::synced;
use mf_sync::SyncError;
use mf_sync::scram;

use super::link::{connect, of_secrets};
use crate::ports::Secret;

impl Engine {
    pub(crate) async fn sync_status(&self) -> Result<SyncStatusReply, EngineError> {
        let counts = synced::counts(&mut *self.read().await?).await?;
        let Some(place) = self.link.place() else {
            return Ok(SyncStatusReply {
                state: SyncState::LocalOnly,
                waiting: 0,
                conflicts: 0,
                last_sync_at: None,
                problem: None,
                message: None,
                server: None,
                latency_ms: None,
                progress: None,
                kept: 0,
            });
        };
        let standing = self.link.standing();
        let left = (SyncProblem::Left, "You left this team. This is the copy of this computer.".to_owned());
        let problem = if self.link.belonging() == Belonging::Left { Some(left) } else { standing.problem };
        let state = match (&problem, counts.conflicts, counts.waiting) {
            (Some(_), ..) => SyncState::Offline,
            (None, 1.., _) => SyncState::Conflict,
            (None, 0, 1..) => SyncState::Waiting,
            // Never reached is not the same as nothing to do.
            (None, 0, 0) if standing.last_sync.is_none() => SyncState::Waiting,
            (None, 0, 0) => SyncState::Synced,
        };
        let (problem, message) = problem.unzip();
        Ok(SyncStatusReply {
            state,
            waiting: counts.waiting,
            conflicts: counts.conflicts,
            last_sync_at: standing.last_sync,
            problem,
            message,
            server: Some(place.with_password(String::new()).address()),
            latency_ms: standing.latency.map(|it| u32::try_from(it.as_millis()).unwrap_or(u32::MAX)),
            progress: standing.progress,
            kept: counts.kept,
        })
    }
}

impl Handle<SyncStatus> for Engine {
    async fn handle(&self, _: SyncStatus) -> Result<SyncStatusReply, EngineError> {
        self.sync_status().await
    }
}

impl Handle<SyncNow> for Engine {
    async fn handle(&self, _: SyncNow) -> Result<SyncReport, EngineError> {
        if self.link.place().is_none() {
            return Ok(SyncReport::default());
        }
        self.shared()?;
        let report = self.pass(Want::Everything).await?;
        self.link.retry.notify_one();
        Ok(report)
    }
}

impl Handle<UnlockWorkspace> for Engine {
    async fn handle(&self, request: UnlockWorkspace) -> Result<SyncStatusReply, EngineError> {
        let place = self.shared()?;
        if !place.passphrase {
            return Err(EngineError::conflict(
                "passphrase",
                "the keychain has the password of this workspace",
            ));
        }
        let login = place.login.clone();
        let password = derive(request.passphrase.0, login.clone()).await?;
        match connect(&place.with_password(password.clone())).await {
            Ok(line) => drop(line),
            Err(SyncError::NotLetIn(_)) => {
                return Err(
                    Invalid::new("passphrase", "is not the one this workspace was joined with").into()
                );
            }
            Err(other) => return Err(other.into()),
        }
        of_secrets(&self.ports.secrets, move |secrets| secrets.put(&login, &Secret(password))).await?;
        self.pass(Want::Everything).await?;
        self.link.retry.notify_one();
        self.sync_status().await
    }
}

/// The password that follows from a passphrase; computed where nobody waits for the processor.
pub(crate) async fn derive(passphrase: String, login: String) -> Result<String, EngineError> {
    let derived = tokio::task::spawn_blocking(move || scram::from_passphrase(&passphrase, &login)).await;
    Ok(derived.map_err(|panic| crate::ports::NoSecrets(Box::new(panic)))?)
}
