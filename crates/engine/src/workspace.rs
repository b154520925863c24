//! The workspace as a whole: where its file is, its health, and everything in it.

use crate::backups;
use crate::engine::Engine;
use crate::error::EngineError;
use chrono::{DateTime, Utc};
use mf_contract::workspace::*;
use mf_contract::{ApiError, Command, ErrorCode, Handle};
use mf_domain::recurrence::zone_database_version;
use mf_store::{Access, Damage, census, export, recover_empty, recover_from_backup};
use std::path::{Path, PathBuf};

impl Handle<ExportAll> for Engine {
    async fn handle(&self, _: ExportAll) -> Result<Vec<ExportedEntity>, EngineError> {
        let rows = export::all(&mut *self.read().await?).await?;
        Ok(rows
            .into_iter()
            .map(|row| ExportedEntity { kind: row.kind.to_owned(), id: row.id, row: row.row })
            .collect())
    }
}

impl Handle<About> for Engine {
    async fn handle(&self, _: About) -> Result<AboutReply, EngineError> {
        let identity = self.store.identity();
        let path = self.store.path();
        let counts = census::count(&mut *self.read().await?).await?;
        Ok(AboutReply {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sqlite_version: mf_store::sqlite_version(),
            zone_database: zone_database_version().to_owned(),
            data_folder: path.parent().map(|folder| folder.display().to_string()).unwrap_or_default(),
            database_path: path.display().to_string(),
            database_bytes: bytes_of(path),
            counts: WorkspaceCounts {
                flows: counts.flows,
                target_lists: counts.target_lists,
                schedules: counts.schedules,
                batches: counts.batches,
                sessions: counts.sessions,
            },
            team_id: identity.team,
            member_id: identity.member,
            role: self.role(),
        })
    }
}

/// The size of a database with its log.
fn bytes_of(path: &Path) -> u64 {
    let log = PathBuf::from(format!("{}-wal", path.display()));
    [path, log.as_path()].iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

impl Handle<WorkspaceHealth> for Engine {
    async fn handle(&self, _: WorkspaceHealth) -> Result<Health, EngineError> {
        Ok(match self.store.access() {
            Access::ReadWrite => Health::Ready,
            Access::ReadOnly { reason } => Health::ReadOnly { reason: reason.clone() },
        })
    }
}

impl Handle<RecoverWorkspace> for Engine {
    async fn handle(&self, _: RecoverWorkspace) -> Result<Health, EngineError> {
        Err(EngineError::conflict("action", "the workspace is not damaged: there is nothing to recover"))
    }
}

/// What answers while the workspace file is damaged: its health, recovery, and `corrupt` for everything else.
#[derive(Clone, Debug)]
pub struct Damaged {
    damage: Damage,
}

impl Damaged {
    /// For a file that [`mf_store::Store::open`] found damaged.
    #[must_use]
    pub fn new(damage: Damage) -> Self {
        Self { damage }
    }

    /// The state as the interface shows it.
    #[must_use]
    pub fn health(&self) -> Health {
        Health::Corrupt {
            reason: self.damage.reason.clone(),
            database_path: self.damage.path.display().to_string(),
            newest_backup: self.damage.newest_backup.as_ref().map(backups::info),
        }
    }

    /// The error every other command gets.
    #[must_use]
    pub fn error(&self) -> ApiError {
        let message = format!(
            "The workspace file {} is damaged: {}. It was left untouched. Open the application to restore a backup or \
             to start with an empty workspace.",
            self.damage.path.display(),
            self.damage.reason
        );
        ApiError::new(ErrorCode::Corrupt, message)
    }

    /// Answers `name`, and says whether the workspace can be opened again now.
    ///
    /// # Errors
    /// `corrupt` for every command but the two; `validation` for a bad payload; `unavailable` when a file could not be
    /// moved.
    pub async fn dispatch(
        &self,
        name: &str,
        payload: &str,
        now: DateTime<Utc>,
    ) -> Result<Answered, ApiError> {
        match name {
            WorkspaceHealth::NAME => Ok(Answered::Health(self.health())),
            RecoverWorkspace::NAME => {
                let request: RecoverWorkspace = mf_contract::parse(payload)?;
                let path = &self.damage.path;
                match request.action {
                    Recovery::RestoreNewestBackup => recover_from_backup(path, now).await,
                    Recovery::StartEmpty => recover_empty(path, now),
                }
                .map_err(EngineError::from)?;
                Ok(Answered::Recovered)
            }
            _ => Err(self.error()),
        }
    }
}

/// What [`Damaged::dispatch`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The state, as asked.
    Health(Health),
    /// The damaged file was set aside: open the workspace again.
    Recovered,
}
