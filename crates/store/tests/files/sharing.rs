//! Several processes on one file, as several stores: writes take turns, and versions of rows only grow.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_first_starts_at_once_make_one_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let starts: Vec<_> = (0..8_u128)
        .map(|n| {
            let path = path.clone();
            tokio::spawn(async move {
                Store::open(&path, [n + 10, n + 20, n + 30].map(Uuid::from_u128), at(START)).await
            })
        })
        .collect();
    let mut identities = Vec::new();
    for start in starts {
        identities.push(start.await.unwrap().unwrap().identity());
    }
    identities.dedup();
    assert_eq!(identities.len(), 1, "{identities:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writes_of_two_stores_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let (one, two) = (open(&path).await, open(&path).await);
    let writers: Vec<_> = [one.clone(), two.clone()]
        .into_iter()
        .enumerate()
        .map(|(n, store)| {
            tokio::spawn(async move {
                for i in 0..25 {
                    put(&store, &format!("{n}-{i}"), START).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    for store in [&one, &two] {
        assert_eq!(names(store).await.len(), 50);
    }
    let distinct: i64 = sqlx::query_scalar("SELECT COUNT(DISTINCT version) FROM target_lists")
        .fetch_one(&mut *one.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(distinct, 50);
}

#[tokio::test]
async fn versions_grow_from_store_to_store_and_never_follow_a_clock_that_runs_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let (one, two) = (open(&path).await, open(&path).await);
    let mut versions = Vec::new();
    for (n, (store, wall)) in [
        (&one, "2026-12-08T12:00:00Z"),
        (&two, "2026-12-08T11:00:00Z"),
        (&one, "2026-12-08T12:00:00Z"),
        (&two, "2026-12-08T13:00:00Z"),
        (&one, "1969-01-01T00:00:00Z"),
    ]
    .into_iter()
    .enumerate()
    {
        versions.push(put(store, &n.to_string(), wall).await.unwrap());
    }
    one.close().await;
    two.close().await;
    // Nor across a restart.
    let again = open(&path).await;
    versions.push(put(&again, "after", "2020-01-01T00:00:00Z").await.unwrap());
    assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:#?}");
}

#[tokio::test]
async fn only_the_writes_of_others_are_foreign() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let (one, two) = (open(&path).await, open(&path).await);
    let before = one.foreign_changes().await.unwrap();
    put(&one, "mine", START).await.unwrap();
    assert_eq!(one.foreign_changes().await.unwrap(), before);
    put(&two, "theirs", START).await.unwrap();
    let after = one.foreign_changes().await.unwrap();
    assert_ne!(after, before);
    assert_eq!(one.foreign_changes().await.unwrap(), after);
}

#[tokio::test]
async fn reading_does_not_wait_for_a_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    let (one, two) = (open(&path).await, open(&path).await);
    put(&one, "a", START).await.unwrap();
    let mut write = one.write(at(START)).await.unwrap();
    sqlx::query("UPDATE target_lists SET name = 'b', version = printf('%048d', 9)")
        .execute(write.conn())
        .await
        .unwrap();
    for store in [&one, &two] {
        assert_eq!(names(store).await, ["a"]);
    }
    write.commit().await.unwrap();
    for store in [&one, &two] {
        assert_eq!(names(store).await, ["b"]);
    }
}
