//! Recovery, after consent: the damaged file is kept, a good one takes its place.

use super::*;
use mf_store::{recover_empty, recover_from_backup};

/// A workspace that was backed up with the list `a` and damaged with `a` and `b` in it; its damaged bytes.
async fn damaged_workspace(path: &Path) -> Vec<u8> {
    let store = open(path).await;
    put(&store, "a", START).await.unwrap();
    store.backup_if_due(at(START)).await.unwrap();
    put(&store, "b", START).await.unwrap();
    store.close().await;
    let mut bytes = std::fs::read(path).unwrap();
    bytes[..100].fill(0);
    std::fs::write(path, &bytes).unwrap();
    damage(path).await;
    bytes
}

#[tokio::test]
async fn the_newest_backup_takes_the_place_of_the_damaged_file_which_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let bytes = damaged_workspace(&path).await;
    let kept = recover_from_backup(&path, at("2026-12-09T08:00:00Z")).await.unwrap().kept_as.unwrap();
    assert_eq!(kept.file_name().unwrap(), "local.db.damaged-20261209T080000Z");
    assert!(std::fs::read(&kept).unwrap() == bytes);
    let store = open(&path).await;
    assert_eq!(names(&store).await, ["a"]);
    assert_eq!(store.identity().team.0, Uuid::from_u128(1));
    put(&store, "c", START).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_second_recovery_in_the_same_second_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let bytes = damaged_workspace(&path).await;
    let now = at("2026-12-09T08:00:00Z");
    let first = recover_from_backup(&path, now).await.unwrap().kept_as.unwrap();
    let second = recover_from_backup(&path, now).await.unwrap().kept_as.unwrap();
    assert_ne!(first, second);
    assert!(std::fs::read(&first).unwrap() == bytes);
    assert!(second.exists());
}

#[tokio::test]
async fn the_log_of_a_damaged_file_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    damaged_workspace(&path).await;
    std::fs::write(path.with_file_name("local.db-wal"), "a log that belongs to the damaged file").unwrap();
    let kept = recover_from_backup(&path, at(START)).await.unwrap().kept_as.unwrap();
    assert!(Path::new(&format!("{}-wal", kept.display())).exists());
    assert_eq!(names(&open(&path).await).await, ["a"]);
}

#[tokio::test]
async fn starting_empty_keeps_the_damaged_file_and_the_backups() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let bytes = damaged_workspace(&path).await;
    let kept = recover_empty(&path, at("2026-12-09T08:00:00Z")).unwrap().kept_as.unwrap();
    assert!(std::fs::read(&kept).unwrap() == bytes);
    assert!(names(&open(&path).await).await.is_empty());
    let aside: Vec<String> =
        files(path.parent().unwrap()).into_iter().filter(|name| name.contains(".kept-")).collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert_eq!(files(&path.with_file_name(&aside[0])).len(), 1);
}

#[tokio::test]
async fn starting_empty_twice_in_a_second_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let now = at("2026-12-09T08:00:00Z");
    for _ in 0..2 {
        damaged_workspace(&path).await;
        recover_empty(&path, now).unwrap();
    }
    let left = files(path.parent().unwrap());
    assert_eq!(left.iter().filter(|name| name.contains(".kept-")).count(), 2, "{left:?}");
    assert_eq!(left.iter().filter(|name| name.contains(".damaged-")).count(), 2, "{left:?}");
}

#[tokio::test]
async fn without_a_backup_nothing_is_moved() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "garbage").unwrap();
    assert!(matches!(recover_from_backup(&path, at(START)).await, Err(StoreError::Backup { .. })));
    assert_eq!(files(path.parent().unwrap()), ["local.db"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"garbage");
}

#[tokio::test]
async fn a_missing_file_is_restored_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    damaged_workspace(&path).await;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(recover_from_backup(&path, at(START)).await.unwrap().kept_as, None);
    assert_eq!(names(&open(&path).await).await, ["a"]);
}

#[tokio::test]
async fn a_backup_that_rotted_is_passed_over_for_an_older_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let store = open(&path).await;
    put(&store, "old", START).await.unwrap();
    store.backup_if_due(at(START)).await.unwrap();
    put(&store, "new", START).await.unwrap();
    let newest = store.backup_if_due(at(START) + chrono::TimeDelta::days(2)).await.unwrap().unwrap();
    store.close().await;
    std::fs::write(&newest.path, "rotten").unwrap();
    std::fs::write(&path, "garbage").unwrap();
    recover_from_backup(&path, at(START)).await.unwrap();
    assert_eq!(names(&open(&path).await).await, ["old"]);
}
