//! Backups: listed, made, exported, and put in the place of the workspace.

use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::workspace::*;
use mf_contract::{Event, Handle};
use mf_domain::Invalid;
use mf_domain::role::Role;
use mf_store::{Backup, Reason, StoreError, export};
use std::path::{Path, PathBuf};

pub(crate) fn info(backup: &Backup) -> BackupInfo {
    BackupInfo {
        file_name: file_name(&backup.path),
        made_at: backup.made_at,
        bytes: backup.bytes,
        reason: match backup.reason {
            Reason::Migration => BackupReason::Migration,
            Reason::Daily => BackupReason::Daily,
            Reason::Manual => BackupReason::Manual,
            Reason::Replaced => BackupReason::Replaced,
        },
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A path somebody chose: absolute, for a process has no folder a person would know of.
fn chosen(path: &str) -> Result<PathBuf, Invalid> {
    let path = PathBuf::from(path);
    if path.is_absolute() && path.file_name().is_some() {
        Ok(path)
    } else {
        Err(Invalid::new("path", "must be the absolute path of a file"))
    }
}

/// A path somebody chose for a file that is to be written.
pub(crate) fn free(path: &str) -> Result<PathBuf, EngineError> {
    let path = chosen(path)?;
    if !path.parent().is_some_and(Path::is_dir) {
        return Err(Invalid::new("path", "its folder does not exist").into());
    }
    if path.exists() {
        return Err(EngineError::conflict(
            "path",
            "there is a file of that name already; nothing was overwritten",
        ));
    }
    Ok(path)
}

impl Handle<ListBackups> for Engine {
    async fn handle(&self, _: ListBackups) -> Result<Vec<BackupInfo>, EngineError> {
        Ok(self.store.backups()?.iter().map(info).collect())
    }
}

impl Handle<MakeBackup> for Engine {
    async fn handle(&self, _: MakeBackup) -> Result<BackupInfo, EngineError> {
        let made = info(&self.store.back_up(self.now()).await?);
        self.emit(Event::BackupsChanged);
        Ok(made)
    }
}

impl Handle<ExportBackup> for Engine {
    async fn handle(&self, request: ExportBackup) -> Result<ExportedBackup, EngineError> {
        let path = free(&request.path)?;
        let exported = self.store.export_to(&path).await?;
        Ok(ExportedBackup {
            path: path.display().to_string(),
            bytes: exported.bytes,
            evidence: exported.evidence,
            evidence_missing: exported.evidence_missing,
        })
    }
}

impl Handle<ExportAllToFile> for Engine {
    async fn handle(&self, request: ExportAllToFile) -> Result<ExportedAll, EngineError> {
        let path = free(&request.path)?;
        let rows = export::all(&mut *self.read().await?).await?;
        let entities = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let bytes = export::write_to(&path, rows).await?;
        Ok(ExportedAll { path: path.display().to_string(), bytes, entities })
    }
}

impl Engine {
    /// The file a restore names, with the field that names it.
    fn source(&self, request: &RestoreBackup) -> Result<(PathBuf, &'static str), EngineError> {
        match (&request.file_name, &request.path) {
            (Some(name), None) => {
                let missing = EngineError::NotFound { what: "backup", field: "file_name" };
                let backups = self.store.backups()?;
                let named = backups.into_iter().find(|backup| file_name(&backup.path) == *name);
                Ok((named.ok_or(missing)?.path, "file_name"))
            }
            (None, Some(path)) => {
                let path = chosen(path)?;
                if !path.is_file() {
                    return Err(EngineError::NotFound { what: "file", field: "path" });
                }
                if path.canonicalize().ok() == self.store.path().canonicalize().ok() {
                    return Err(Invalid::new("path", "is the present workspace itself").into());
                }
                Ok((path, "path"))
            }
            _ => {
                Err(Invalid::new("file_name", "give the name of a backup or the path of one, not both")
                    .into())
            }
        }
    }
}

impl Handle<RestoreBackup> for Engine {
    async fn handle(&self, request: RestoreBackup) -> Result<RestoredBackup, EngineError> {
        self.require(Role::Owner)?;
        let (source, field) = self.source(&request)?;
        let prepared = self.store.prepare_restore(&source).await.map_err(|error| match error {
            StoreError::Backup { reason } => {
                Invalid::new(field, format!("cannot be restored: {reason}")).into()
            }
            other => EngineError::from(other),
        })?;
        let restored = self.store.restore(prepared, self.now()).await?;
        Ok(RestoredBackup {
            kept_as: restored.kept_as.map(|path| path.display().to_string()),
            evidence: restored.evidence,
            evidence_missing: restored.evidence_missing,
        })
    }
}
