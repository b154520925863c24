//! Opening: a new file, a good one, a damaged one, one of a newer release.

use super::*;
use mf_store::{Access, sqlite_version};
use sqlx::{ConnectOptions, Connection};

#[test]
fn the_bundled_sqlite_is_one_that_keeps_a_log_whole() {
    let parts: Vec<u32> = sqlite_version().split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts.as_slice() >= [3, 51, 3].as_slice(), "{parts:?}");
}

#[tokio::test]
async fn the_version_that_is_told_is_the_one_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&workspace(&folder)).await;
    let runs: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut *store.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(runs, sqlite_version());
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_workspace_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let store = open(&path).await;
    put(&store, "a", START).await.unwrap();
    store.backup_if_due(at(START)).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&path), 0o600);
    // The log holds what the file will.
    assert_eq!(mode(&path.with_file_name("local.db-wal")), 0o600);
    assert_eq!(mode(&backup_folder(&path)), 0o700);
    for name in files(&backup_folder(&path)) {
        assert_eq!(mode(&backup_folder(&path).join(name)), 0o600);
    }
}

#[tokio::test]
async fn a_workspace_keeps_its_content_and_its_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    closed_workspace(&path).await;
    // Closed, the log is folded into the file.
    assert_eq!(files(path.parent().unwrap()), ["local.db"]);
    let store = Store::open(&path, [7, 8, 9].map(Uuid::from_u128), at(START)).await.unwrap();
    assert_eq!(store.identity().team.0, Uuid::from_u128(1));
    assert_eq!(store.identity().member.0, Uuid::from_u128(2));
    assert_eq!(store.identity().device.0, Uuid::from_u128(3));
    assert_eq!(store.access(), &Access::ReadWrite);
    assert_eq!(names(&store).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_commit_is_on_disk_and_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&workspace(&folder)).await;
    let mut write = store.write(at(START)).await.unwrap();
    let text: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(write.conn()).await.unwrap();
    assert_eq!(text, "wal");
    for (pragma, value) in
        [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1), ("PRAGMA trusted_schema", 0)]
    {
        let set: i64 = sqlx::query_scalar(pragma).fetch_one(write.conn()).await.unwrap();
        assert_eq!(set, value, "{pragma}");
    }
}

#[tokio::test]
async fn what_was_committed_survives_a_process_that_never_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let store = open(&path).await;
    put(&store, "a", START).await.unwrap();
    let mut open_write = store.write(at(START)).await.unwrap();
    sqlx::query("UPDATE target_lists SET name = 'half done', version = printf('%048d', 9)")
        .execute(open_write.conn())
        .await
        .unwrap();

    // What a power cut leaves: the file and its log as they are now.
    let after = tempfile::tempdir().unwrap();
    for name in ["local.db", "local.db-wal"] {
        std::fs::copy(path.with_file_name(name), after.path().join(name)).unwrap();
    }
    let survivor = open(&after.path().join("local.db")).await;
    assert_eq!(names(&survivor).await, ["a"]);
}

#[tokio::test]
async fn an_empty_file_is_new_unless_it_has_backups() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, b"").unwrap();
    let store = open(&path).await;
    put(&store, "a", START).await.unwrap();
    store.backup_if_due(at(START)).await.unwrap();
    store.close().await;

    std::fs::write(&path, b"").unwrap();
    let damage = damage(&path).await;
    assert_eq!(damage.path, path);
    assert_eq!(damage.newest_backup.unwrap().made_at, at(START));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_that_vanished_beside_its_backups_is_not_taken_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let store = open(&path).await;
    store.backup_if_due(at(START)).await.unwrap();
    store.close().await;
    std::fs::remove_file(&path).unwrap();
    assert!(damage(&path).await.newest_backup.is_some());
    assert!(!path.exists());
}

/// Damages a good file, and expects it to be reported and left as it is.
async fn is_reported_and_left(change: impl FnOnce(&mut Vec<u8>)) {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    closed_workspace(&path).await;
    let mut bytes = std::fs::read(&path).unwrap();
    change(&mut bytes);
    std::fs::write(&path, &bytes).unwrap();
    for _ in 0..2 {
        let damage = damage(&path).await;
        assert!(!damage.reason.is_empty());
        assert_eq!(damage.newest_backup, None);
        assert!(std::fs::read(&path).unwrap() == bytes, "the damaged file was changed");
    }
}

#[tokio::test]
async fn garbage_is_reported_and_left() {
    is_reported_and_left(|bytes| bytes.fill(b'x')).await;
    is_reported_and_left(|bytes| *bytes = b"not a database".to_vec()).await;
}

#[tokio::test]
async fn a_broken_header_is_reported_and_left() {
    is_reported_and_left(|bytes| bytes[0] ^= 0xff).await;
}

#[tokio::test]
async fn flipped_bytes_in_the_middle_are_reported_and_left() {
    // Many pages as a whole: flips in free pages, and in what is free of a page, harm nothing and are not seen.
    is_reported_and_left(|bytes| {
        let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
        bytes[from..to].iter_mut().for_each(|byte| *byte ^= 0xff);
    })
    .await;
}

#[tokio::test]
async fn a_truncated_file_is_reported_and_left() {
    is_reported_and_left(|bytes| bytes.truncate(bytes.len() / 2)).await;
    is_reported_and_left(|bytes| bytes.truncate(bytes.len() - 4_096)).await;
    is_reported_and_left(|bytes| bytes.truncate(1_000)).await;
}

#[tokio::test]
async fn a_file_of_a_newer_release_can_be_read_and_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    closed_workspace(&path).await;
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
           VALUES (9999, 'later', 1, x'00', 0);
         ALTER TABLE target_lists ADD COLUMN colour TEXT",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();

    let store = open(&path).await;
    let Access::ReadOnly { reason } = store.access() else { panic!("{:?}", store.access()) };
    assert!(reason.contains("newer release"), "{reason}");
    assert_eq!(names(&store).await, ["a", "b", "c"]);
    assert!(matches!(put(&store, "d", START).await, Err(StoreError::ReadOnly { .. })));
    assert_eq!(store.backup_if_due(at(START)).await.unwrap(), None);
    assert_eq!(names(&store).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_write_that_is_not_committed_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&workspace(&folder)).await;
    for keep_going in [true, false] {
        let mut write = store.write(at(START)).await.unwrap();
        write.stamp();
        sqlx::query("INSERT INTO meta (key, value) VALUES ('k', 'v')").execute(write.conn()).await.unwrap();
        if keep_going {
            write.roll_back().await.unwrap();
        } else {
            drop(write);
        }
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM meta WHERE key IN ('k', 'clock')")
            .fetch_one(&mut *store.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(left, 0);
    }
    // And the writer is free again.
    put(&store, "a", START).await.unwrap();
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut foreign = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("CREATE TABLE invoices (id INTEGER PRIMARY KEY)").execute(&mut foreign).await.unwrap();
    sqlx::Connection::close(foreign).await.unwrap();
    let before = std::fs::read(&path).unwrap();
    damage(&path).await;
    assert!(std::fs::read(&path).unwrap() == before);
}

#[tokio::test]
async fn the_way_down_makes_maintenance_flows_procedural_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    open(&path).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).foreign_keys(true);
    let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let version = "0".repeat(48);
    for statement in [
        "BEGIN",
        "INSERT INTO flows (id, team_id, version, name, description, flow_type, head_id, created_at, updated_at)
         VALUES ('f', 't', ?1, 'Patch', '', 'maintenance', 'r', 0, 0), ('g', 't', ?1, 'Printer', '', 'troubleshooting', 'q', 0, 0)",
        "INSERT INTO flow_revisions (id, team_id, version, flow_id, name, description, flow_type, structure, intake_form,
           step_count, estimate_minutes, created_at)
         VALUES ('r', 't', ?1, 'f', 'Patch', '', 'maintenance', '{}', '[]', 1, 0, 0),
           ('q', 't', ?1, 'g', 'Printer', '', 'troubleshooting', '{}', '[]', 1, 0, 0)",
        "INSERT INTO schedules (id, team_id, version, flow_id, recurrence, timezone, misfire, overlap, grace_seconds, intake,
           created_at, updated_at) VALUES ('s', 't', ?1, 'f', '{}', 'UTC', 'run_once', 'allow', 0, '{}', 0, 0)",
        "INSERT INTO schedule_clocks (schedule_id, next_run_at, checked_through) VALUES ('s', 1, 0)",
        "COMMIT",
    ] {
        // Those without a version to bind ignore it.
        sqlx::query(statement).bind(&version).execute(&mut conn).await.unwrap();
    }
    for down in [
        include_str!("../../../../migrations/sqlite/down/0008_stamped.sql"),
        include_str!("../../../../migrations/sqlite/down/0001_maintenance_type.sql"),
    ] {
        sqlx::raw_sql(down).execute(&mut conn).await.unwrap();
    }
    for table in
        ["SELECT flow_type FROM flows ORDER BY id", "SELECT flow_type FROM flow_revisions ORDER BY flow_id"]
    {
        let types: Vec<String> = sqlx::query_scalar(table).fetch_all(&mut conn).await.unwrap();
        assert_eq!(types, ["procedural", "troubleshooting"]);
    }
    let due: Option<i64> =
        sqlx::query_scalar("SELECT next_run_at FROM schedule_clocks").fetch_one(&mut conn).await.unwrap();
    assert_eq!(due, None);
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM schedules").fetch_one(&mut conn).await.unwrap();
    assert_eq!(kept, 1);
}
