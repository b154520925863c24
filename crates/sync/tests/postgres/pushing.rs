//! Pushing and pulling beyond single decisions: order, repetition, writers at once, restored servers, bad rows.

use crate::cluster::{Team, cluster, id, run};
use crate::rows::{answers, edit, family, send, stamp, target_list, text};
use mf_domain::role::Role;
use mf_domain::version::{HybridClock, Version};
use mf_sync::core::cursor::{Cursor, Marks};
use mf_sync::core::push::{Answer, Code, Edit};
use mf_sync::core::table::TABLES;
use mf_sync::exchange::{Page, Pulled, Pushed, Sender, pull, push};
use sqlx::PgConnection;
use std::time::{SystemTime, UNIX_EPOCH};

async fn page(conn: &mut PgConnection, marks: Marks) -> (Vec<mf_sync::core::row::Row>, Option<Cursor>) {
    match pull(conn, marks).await.expect("pulls") {
        Pulled::Page(Page { rows, end, .. }) => (rows, end),
        Pulled::Restored => panic!("restored"),
    }
}

#[tokio::test]
async fn every_table_comes_back_as_it_was_sent() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    let mut rows = family(&stamp(&team.owner, 1));
    // Not as jsonb would have it: this is text, and stays so.
    let schedules = rows.iter_mut().find(|edit| edit.row.key.table == "schedules").expect("one");
    schedules.row.columns.insert("intake".into(), text("{\"b\":1.0, \"a\":1e2,  \"a\": 3}"));
    schedules.row.columns.insert("of_a_later_release".into(), text("ü\u{1F512}\"\\\n\u{7f}"));
    assert!(answers(&mut conn, &team.owner, &rows).await.iter().all(|it| *it == Answer::Accepted));
    let (pulled, end) = page(&mut conn, Marks::default()).await;
    let tables: Vec<&str> = pulled.iter().map(|row| row.key.table.as_str()).collect();
    let expected: Vec<&str> =
        TABLES.iter().map(|table| table.name).filter(|name| *name != "conflicts").collect();
    assert_eq!(tables, expected, "parents first");
    for edit in &rows {
        assert!(pulled.contains(&edit.row), "{:?}", edit.row);
    }
    let (rest, _) = page(&mut conn, Marks { read: end, wrote: end }).await;
    assert_eq!(rest, []);
}

#[tokio::test]
async fn a_repeated_push_changes_nothing() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    let rows = family(&stamp(&team.owner, 1));
    let first = send(&mut conn, &team.owner, &rows).await;
    let before = page(&mut conn, Marks::default()).await;
    let again = send(&mut conn, &team.owner, &rows).await;
    assert_eq!(first, again);
    assert_eq!(page(&mut conn, Marks::default()).await, before);
    let audit: i64 = sqlx::query_scalar("SELECT count(*) FROM mf.audit WHERE row_id IS NOT NULL")
        .fetch_one(&mut conn)
        .await
        .expect("counts");
    assert_eq!(audit, i64::try_from(rows.len()).expect("small"));
}

#[tokio::test]
async fn one_bad_row_is_refused_alone_and_takes_its_children_along() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    let mut rows = family(&stamp(&team.owner, 1));
    let at =
        |rows: &[Edit], table: &str| rows.iter().position(|edit| edit.row.key.table == table).expect("one");
    let batch = at(&rows, "batches");
    rows[batch].row.columns.insert("origin".into(), text("nonsense"));
    let list = at(&rows, "target_lists");
    rows[list].row.columns.insert("targets".into(), text("not JSON"));
    let answers = answers(&mut conn, &team.owner, &rows).await;
    for (edit, answer) in rows.iter().zip(answers) {
        let expected = match edit.row.key.table.as_str() {
            "batches" | "target_lists" => Answer::Rejected(Code::Invalid),
            "sessions" | "session_events" | "batch_events" => Answer::Rejected(Code::ParentMissing),
            _ => Answer::Accepted,
        };
        assert_eq!(answer, expected, "{:?}", edit.row.key);
    }
    let (pulled, _) = page(&mut conn, Marks::default()).await;
    assert_eq!(pulled.len(), rows.len() - 5);
}

#[tokio::test]
async fn what_nobody_knows_yet_is_said_so() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    let later = edit("of_a_later_release", id(), stamp(&team.owner, 1), &[]);
    let known = target_list(id(), stamp(&team.owner, 2), "x");
    assert_eq!(
        answers(&mut conn, &team.owner, &[later, known]).await,
        [Answer::Rejected(Code::UnknownTable), Answer::Accepted]
    );
}

#[tokio::test]
async fn stamps_from_the_future_are_refused_with_the_time() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    #[expect(clippy::disallowed_methods, reason = "compared with the clock of the server, which is no port")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let now = u64::try_from(now.as_millis()).expect("fits");
    let stamped = |ahead: u64| {
        let version = HybridClock::new(team.owner.device).stamp(now + ahead);
        [target_list(id(), version, "x")]
    };
    let refused = send(&mut conn, &team.owner, &stamped(90_000)).await;
    let Pushed::ClockAhead { server_now } = refused else { panic!("{refused:?}") };
    assert!(server_now.abs_diff(i64::try_from(now).expect("fits")) < 30_000);
    assert_eq!(page(&mut conn, Marks::default()).await.0, []);
    assert!(matches!(send(&mut conn, &team.owner, &stamped(30_000)).await, Pushed::Answered { .. }));
}

#[tokio::test]
async fn a_restored_server_is_told_by_what_was_read_and_by_what_was_written() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    let row = |after| target_list(id(), stamp(&team.owner, after), "x");
    let sender = |marks| Sender { device: team.owner.device, marks, seen_until: None, previous: None };
    send(&mut conn, &team.owner, &[row(1)]).await;
    let (_, read) = page(&mut conn, Marks::default()).await;
    let Pushed::Answered { end: wrote, .. } = send(&mut conn, &team.owner, &[row(2)]).await else {
        panic!("taken")
    };
    let marks = Marks { read, wrote };
    assert!(matches!(pull(&mut conn, marks).await, Ok(Pulled::Page(_))));

    let mut admin = cluster().admin(&team.database).await;
    let lost = "DELETE FROM mf.pushes WHERE seq_to = 2; DELETE FROM mf.target_lists WHERE seq = 2; UPDATE mf.teams SET seq = 1";
    run(&mut admin, lost).await;
    assert_eq!(pull(&mut conn, marks).await.expect("answers"), Pulled::Restored);
    assert!(
        matches!(pull(&mut conn, Marks { read, wrote: None }).await, Ok(Pulled::Page(_))),
        "read before the backup"
    );
    let refused = push(&mut conn, &sender(marks), id(), &[row(3)]).await.expect("answers");
    assert_eq!(refused, Pushed::Restored);
    // Somebody else's push takes the same number; the mark tells it from the lost one.
    send(&mut conn, &team.owner, &[row(4)]).await;
    assert_eq!(pull(&mut conn, marks).await.expect("answers"), Pulled::Restored);
}

#[tokio::test]
async fn an_older_client_than_the_team_takes_is_told() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    run(&mut cluster().admin(&team.database).await, "UPDATE mf.teams SET min_client = 2").await;
    let sender =
        Sender { device: team.owner.device, marks: Marks::default(), seen_until: None, previous: None };
    let refused = push(&mut conn, &sender, id(), &[]).await;
    assert!(matches!(refused, Err(mf_sync::SyncError::ClientTooOld { least: 2 })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_writers_leave_no_gap_and_a_reader_misses_nothing() {
    const WRITERS: u64 = 8;
    const PUSHES: u64 = 12;
    let team = Team::new().await;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let person = team.join(Role::Operator).await;
        writers.push(tokio::spawn(async move {
            let mut conn = person.connect().await;
            for after in 0..PUSHES {
                let rows = [1, 2, 3].map(|n| target_list(id(), stamp(&person, after * 10 + n), "x"));
                send(&mut conn, &person, &rows).await;
            }
        }));
    }
    let mut reader = team.owner.connect().await;
    let (mut seqs, mut marks) = (Vec::new(), Marks::default());
    let total = usize::try_from(WRITERS * PUSHES * 3).expect("small");
    while seqs.len() < total {
        let (rows, end) = page(&mut reader, marks).await;
        seqs.extend(rows.into_iter().map(|row| row.key.id));
        marks.read = end.or(marks.read);
    }
    for writer in writers {
        writer.await.expect("writes");
    }
    assert_eq!(marks.read.map(|cursor| cursor.seq), i64::try_from(total).ok(), "every number was given once");
    seqs.sort();
    seqs.dedup();
    assert_eq!(seqs.len(), total, "none was skipped and none came twice");
}

#[tokio::test]
async fn two_laptops_that_fire_the_same_occurrence_meet() {
    let team = Team::new().await;
    let other = team.join(Role::Operator).await;
    let (mut mine, mut theirs) = (team.owner.connect().await, other.connect().await);
    let rows = family(&Version::bottom());
    send(&mut mine, &team.owner, &rows).await;
    let fired: Vec<Edit> = rows
        .iter()
        .filter(|edit| matches!(edit.row.key.table.as_str(), "batches" | "sessions"))
        .cloned()
        .collect();
    assert_eq!(answers(&mut theirs, &other, &fired).await, [Answer::Accepted; 2]);
    let (pulled, end) = page(&mut theirs, Marks::default()).await;
    assert_eq!((pulled.len(), end.map(|end| end.seq)), (rows.len(), i64::try_from(rows.len()).ok()));
}
