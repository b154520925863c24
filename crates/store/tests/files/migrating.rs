//! Files of earlier releases: every row of theirs is there after the migration, and a backup from before it.

use super::*;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};
use std::borrow::Cow;

/// A file as the first release left it, with a row in every table that holds work.
async fn of_the_first_release(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    let mut conn = options.connect().await.unwrap();
    let all = sqlx::migrate!("../../migrations/sqlite");
    let first: Vec<_> = all.iter().filter(|migration| migration.version == 1).cloned().collect();
    let first = sqlx::migrate::Migrator { migrations: Cow::Owned(first), ..sqlx::migrate::Migrator::DEFAULT };
    first.run_direct(None, &mut conn, false).await.unwrap();
    sqlx::raw_sql(include_str!("first_release.sql")).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Every row of every table of the first release, by the columns it had then.
async fn rows(conn: &mut SqliteConnection, columns: &[(String, String)]) -> Vec<String> {
    let mut rows = Vec::new();
    for (table, columns) in columns {
        let sql = format!("SELECT json_array({columns}) AS row FROM {table} ORDER BY 1");
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *conn).await.unwrap() {
            rows.push(format!("{table} {}", row.get::<String, _>("row")));
        }
    }
    rows
}

async fn tables(conn: &mut SqliteConnection) -> Vec<(String, String)> {
    sqlx::query_as(
        "SELECT t.name, group_concat(c.name, ', ') FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
          WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations' GROUP BY t.name",
    )
    .fetch_all(conn)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_file_of_the_first_release_keeps_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    of_the_first_release(&path).await;
    let reading = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut conn = reading.connect().await.unwrap();
    let known = tables(&mut conn).await;
    let before = rows(&mut conn, &known).await;
    conn.close().await.unwrap();
    assert!(known.len() >= 14, "{known:?}");
    for (table, _) in &known {
        assert!(before.iter().any(|row| row.starts_with(&format!("{table} "))), "{table} has no row to lose");
    }

    let store = open(&path).await;
    let after = rows(&mut store.read().await.unwrap(), &known).await;
    assert_eq!(after, before);
    let sound: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check")
        .fetch_all(&mut *store.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(sound, Vec::<String>::new());
    assert!(files(&backup_folder(&path))[0].ends_with("-migration.db"));

    // And it can be worked with: what is new has its default.
    assert_eq!(names(&store).await, ["RDS farm"]);
    put(&store, "new", START).await.unwrap();
    store.close().await;
    assert_eq!(names(&open(&path).await).await, ["new", "RDS farm"]);
    assert_eq!(files(&backup_folder(&path)).len(), 1, "nothing is migrated twice");
}

/// Two branches of work may land their migrations in either order.
#[tokio::test]
async fn a_migration_that_was_left_out_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    of_the_first_release(&path).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut conn = options.connect().await.unwrap();
    let all = sqlx::migrate!("../../migrations/sqlite");
    // One that no later one builds on.
    let others: Vec<_> = all.iter().filter(|migration| migration.version != 7).cloned().collect();
    let others =
        sqlx::migrate::Migrator { migrations: Cow::Owned(others), ..sqlx::migrate::Migrator::DEFAULT };
    others.run_direct(None, &mut conn, false).await.unwrap();
    conn.close().await.unwrap();

    let store = open(&path).await;
    let applied: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations")
        .fetch_one(&mut *store.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(usize::try_from(applied).unwrap(), all.iter().count());
}

/// The schema as SQLite tells it.
async fn schema(conn: &mut SqliteConnection) -> Vec<(String, String, String)> {
    sqlx::query_as(
        "SELECT t.name, t.type, COALESCE((SELECT group_concat(c.name || ' ' || c.type || ' ' || c.\"notnull\") FROM
           pragma_table_info(t.name) AS c), '') FROM sqlite_schema AS t WHERE t.name NOT LIKE 'sqlite%' ORDER BY 1",
    )
    .fetch_all(conn)
    .await
    .unwrap()
}

/// The ways down of migrations as a whole, newest first: the migration each takes back.
const DOWN: [(i64, &str); 9] = [
    (12, include_str!("../../../../migrations/sqlite/down/0012_shown.sql")),
    (11, include_str!("../../../../migrations/sqlite/down/0011_evidence_outbox.sql")),
    (10, include_str!("../../../../migrations/sqlite/down/0010_sync.sql")),
    (9, include_str!("../../../../migrations/sqlite/down/0009_fewer_indexes.sql")),
    (8, include_str!("../../../../migrations/sqlite/down/0008_stamped.sql")),
    (7, include_str!("../../../../migrations/sqlite/down/0007_asking.sql")),
    (6, include_str!("../../../../migrations/sqlite/down/0006_limits.sql")),
    (5, include_str!("../../../../migrations/sqlite/down/0005_assignees.sql")),
    (4, include_str!("../../../../migrations/sqlite/down/0004_misfire.sql")),
];

#[tokio::test]
async fn the_ways_down_lead_to_what_was_before_and_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    of_the_first_release(&path).await;
    open(&path).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).foreign_keys(true);
    let mut conn = options.connect().await.unwrap();
    let newest = schema(&mut conn).await;
    for (version, down) in DOWN {
        let before = rows_of_work(&mut conn).await;
        sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {down} COMMIT"))).execute(&mut conn).await.unwrap();
        assert_eq!(rows_of_work(&mut conn).await, before, "the way down of {version} loses work");
        assert_eq!(schema(&mut conn).await, schema_up_to(version - 1).await, "the way down of {version}");
    }
    conn.close().await.unwrap();
    open(&path).await.close().await;
    let mut conn = options.connect().await.unwrap();
    assert_eq!(schema(&mut conn).await, newest);
}

/// How many rows there are of what nobody may lose.
async fn rows_of_work(conn: &mut SqliteConnection) -> Vec<i64> {
    let mut counts = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM flows",
        "SELECT COUNT(*) FROM schedules",
        "SELECT COUNT(*) FROM batches",
        "SELECT COUNT(*) FROM sessions",
        "SELECT COUNT(*) FROM missed_occurrences",
        "SELECT COUNT(*) FROM notifications",
    ] {
        counts.push(sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap());
    }
    counts
}

/// The schema after the migrations up to a version.
async fn schema_up_to(version: i64) -> Vec<(String, String, String)> {
    let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let all = sqlx::migrate!("../../migrations/sqlite");
    let some: Vec<_> = all.iter().filter(|migration| migration.version <= version).cloned().collect();
    let some = sqlx::migrate::Migrator { migrations: Cow::Owned(some), ..sqlx::migrate::Migrator::DEFAULT };
    some.run_direct(None, &mut conn, false).await.unwrap();
    schema(&mut conn).await
}

/// A schedule that is set otherwise than the release before could be does not run against its policy there.
#[tokio::test]
async fn the_way_down_of_policies_stops_what_the_release_before_would_run_wrongly() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    of_the_first_release(&path).await;
    open(&path).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).foreign_keys(true);
    let mut conn = options.connect().await.unwrap();
    let due = "SELECT COUNT(*) FROM schedule_clocks WHERE next_run_at IS NOT NULL";
    let before: i64 = sqlx::query_scalar(due).fetch_one(&mut conn).await.unwrap();
    sqlx::query("UPDATE schedules SET overlap = 'skip', version = printf('%048d', 9)")
        .execute(&mut conn)
        .await
        .unwrap();
    for (_, down) in DOWN {
        sqlx::raw_sql(down).execute(&mut conn).await.unwrap();
    }
    let after: i64 = sqlx::query_scalar(due).fetch_one(&mut conn).await.unwrap();
    assert_eq!((before, after), (1, 0));
}

/// Nor does one that must keep clear of hours or dates that the release before knows nothing of.
#[tokio::test]
async fn the_way_down_of_limits_stops_what_has_some() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    of_the_first_release(&path).await;
    open(&path).await.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).foreign_keys(true);
    let mut conn = options.connect().await.unwrap();
    sqlx::query("UPDATE schedules SET blackout_ids = '[\"a\"]', version = printf('%048d', 9)")
        .execute(&mut conn)
        .await
        .unwrap();
    for (_, down) in DOWN.iter().filter(|(version, _)| *version >= 6) {
        sqlx::raw_sql(*down).execute(&mut conn).await.unwrap();
    }
    let due = "SELECT COUNT(*) FROM schedule_clocks WHERE next_run_at IS NOT NULL";
    let after: i64 = sqlx::query_scalar(due).fetch_one(&mut conn).await.unwrap();
    assert_eq!(after, 0);
}
