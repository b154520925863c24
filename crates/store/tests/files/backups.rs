//! Backups: daily, checked, the newest few kept, whatever the clock does.

use super::*;
use chrono::TimeDelta;
use mf_store::BACKUPS_KEPT;
use sqlx::{ConnectOptions, Connection};

async fn workspace_with_a_list(folder: &tempfile::TempDir) -> Store {
    let store = open(&workspace(folder)).await;
    put(&store, "a", START).await.unwrap();
    store
}

#[tokio::test]
async fn a_backup_is_made_once_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let store = workspace_with_a_list(&folder).await;
    let first = store.backup_if_due(at(START)).await.unwrap().unwrap();
    assert_eq!(first.made_at, at(START));
    assert_eq!(first.bytes, std::fs::metadata(&first.path).unwrap().len());
    assert_eq!(store.backup_if_due(at("2026-12-08T12:00:01Z")).await.unwrap(), None);
    assert_eq!(store.backup_if_due(at("2026-12-09T11:59:59Z")).await.unwrap(), None);
    assert!(store.backup_if_due(at("2026-12-09T12:00:00Z")).await.unwrap().is_some());
    // Under its own name only once it is checked.
    assert!(files(&backup_folder(store.path())).iter().all(|name| name.ends_with("-daily.db")));
}

#[tokio::test]
async fn a_backup_holds_what_was_committed_and_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let store = workspace_with_a_list(&folder).await;
    let mut open_write = store.write(at(START)).await.unwrap();
    sqlx::query("UPDATE target_lists SET name = 'half done', version = printf('%048d', 9)")
        .execute(open_write.conn())
        .await
        .unwrap();
    // While somebody writes.
    let backup = store.backup_if_due(at(START)).await.unwrap().unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&backup.path).read_only(true);
    let mut conn = options.connect().await.unwrap();
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM target_lists").fetch_all(&mut conn).await.unwrap();
    assert_eq!(names, ["a"]);
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap();
    assert_eq!(sound, "ok");
    conn.close().await.unwrap();
}

#[tokio::test]
async fn the_newest_few_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = workspace_with_a_list(&folder).await;
    for day in 0..10 {
        assert!(store.backup_if_due(at(START) + TimeDelta::days(day)).await.unwrap().is_some());
    }
    let kept = files(&backup_folder(store.path()));
    assert_eq!(kept.len(), BACKUPS_KEPT);
    assert_eq!(kept[0], "20261211T120000000Z-daily.db");
    assert_eq!(kept[6], "20261217T120000000Z-daily.db");
}

#[tokio::test]
async fn backups_of_a_wrong_future_neither_stop_the_daily_one_nor_make_it_an_hourly_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = workspace_with_a_list(&folder).await;
    // The clock was a year ahead for more than a week.
    for day in 0..8 {
        store.backup_if_due(at("2027-12-08T12:00:00Z") + TimeDelta::days(day)).await.unwrap();
    }
    let today = store.backup_if_due(at(START)).await.unwrap().unwrap();
    assert!(today.path.exists(), "the backup just made was pruned");
    assert_eq!(store.backup_if_due(at(START) + TimeDelta::minutes(10)).await.unwrap(), None);
    for day in 1..8 {
        assert!(store.backup_if_due(at(START) + TimeDelta::days(day)).await.unwrap().is_some());
    }
    let kept = files(&backup_folder(store.path()));
    assert_eq!(kept.len(), BACKUPS_KEPT);
    assert!(kept.iter().all(|name| name.starts_with("202612")), "{kept:?}");
}

#[tokio::test]
async fn what_else_lies_in_the_folder_is_left_alone_and_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = workspace_with_a_list(&folder).await;
    let backups = backup_folder(store.path());
    std::fs::create_dir_all(&backups).unwrap();
    for name in ["notes.txt", "mine.db", "20261208T120000000Z-daily.db.unchecked"] {
        std::fs::write(backups.join(name), "x").unwrap();
    }
    for day in 0..9 {
        store.backup_if_due(at(START) + TimeDelta::days(day)).await.unwrap();
    }
    let left = files(&backups);
    assert_eq!(left.iter().filter(|name| name.ends_with("-daily.db")).count(), BACKUPS_KEPT);
    assert!(left.contains(&"notes.txt".to_owned()) && left.contains(&"mine.db".to_owned()));
}
