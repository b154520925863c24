//! The workspace file on a real disk: how it is opened, shared, backed up and, when damaged, left alone.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod backups;
mod migrating;
mod opening;
#[cfg(unix)]
mod protected;
mod recovery;
mod sharing;

use chrono::{DateTime, Utc};
use mf_domain::ids::TargetListId;
use mf_domain::targets::Target;
use mf_store::target_lists::{self, TargetListRow};
use mf_store::{Damage, OpenError, Store, StoreError};
use std::path::{Path, PathBuf};
use uuid::Uuid;

const START: &str = "2026-12-08T12:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn workspace(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("workspaces").join("local.db")
}

async fn try_open(path: &Path) -> Result<Store, OpenError> {
    Store::open(path, [1, 2, 3].map(Uuid::from_u128), at(START)).await
}

async fn open(path: &Path) -> Store {
    try_open(path).await.unwrap()
}

/// What opening says of a file that is damaged.
async fn damage(path: &Path) -> Damage {
    match try_open(path).await {
        Err(OpenError::Corrupt(damage)) => damage,
        other => panic!("expected a damaged file: {other:?}"),
    }
}

/// Writes a target list of that name; answers its version.
async fn put(store: &Store, name: &str, wall: &str) -> Result<String, StoreError> {
    let mut write = store.write(at(wall)).await?;
    let row = TargetListRow {
        id: TargetListId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
        name: name.to_owned(),
        description: String::new(),
        client: None,
        site: None,
        targets: vec![Target { label: "RDS-01".to_owned(), ..Target::default() }],
        created_by: None,
        created_at: at(START),
        updated_at: at(START),
    };
    target_lists::put(&mut write, &row).await?;
    let version = sqlx::query_scalar("SELECT version FROM target_lists WHERE id = ?1")
        .bind(row.id.to_string())
        .fetch_one(write.conn())
        .await?;
    write.commit().await?;
    Ok(version)
}

/// The names of all target lists.
async fn names(store: &Store) -> Vec<String> {
    let listed = target_lists::list(&mut store.read().await.unwrap()).await.unwrap();
    listed.into_iter().map(|list| list.name).collect()
}

/// A workspace with the lists `a`, `b` and `c`, closed again.
async fn closed_workspace(path: &Path) {
    let store = open(path).await;
    for name in ["a", "b", "c"] {
        put(&store, name, START).await.unwrap();
    }
    store.close().await;
}

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

fn backup_folder(path: &Path) -> PathBuf {
    path.with_extension("backups")
}
