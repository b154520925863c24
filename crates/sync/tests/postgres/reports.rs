//! The views a team's own SQL asks give what the domain gives.

use crate::cluster::{Team, id};
use crate::rows::{edit, family, send, text};
use mf_domain::ids::{RevisionId, SessionEventId};
use mf_domain::session::event::{SessionEvent, SessionEventKind as Kind, StepOutcome};
use mf_domain::session::fold::fold;
use mf_domain::version::HybridClock;
use mf_sync::core::push::Edit;
use mf_sync::core::row::Scalar;
use uuid::Uuid;

fn kinds() -> Vec<Kind> {
    let step = |id: &str, outcome| Kind::StepRecorded {
        step_id: mf_domain::flow::StepId(id.to_owned()),
        outcome,
        note: None,
    };
    vec![
        Kind::Started { revision_id: RevisionId(Uuid::nil()), intake: Default::default() },
        step("a", StepOutcome::Done),
        step("a", StepOutcome::Failed),
        step("b", StepOutcome::Skipped),
        Kind::Completed { outcome: None },
        Kind::Reopened,
        Kind::Cancelled,
        Kind::NoteAdded { step_id: None, text: "x".into() },
    ]
}

#[tokio::test]
async fn a_sessions_status_is_what_the_fold_says() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    let mut clock = HybridClock::new(team.owner.device);
    let rows = family(&clock.stamp(crate::rows::SOME_TIME));
    let session = rows.iter().find(|edit| edit.row.key.table == "sessions").expect("one").clone();
    let rows: Vec<Edit> = rows.into_iter().filter(|edit| edit.row.key.table != "session_events").collect();
    send(&mut conn, &team.owner, &rows).await;
    // Every sequence of three kinds, each on a session of its own.
    let (kinds, mut expected, mut pushed) = (kinds(), Vec::new(), Vec::new());
    for (a, b, c) in
        (0..kinds.len()).flat_map(|a| (0..kinds.len()).flat_map(move |b| (0..8).map(move |c| (a, b, c))))
    {
        let mut copy = session.clone();
        copy.row.key.id = id();
        let of = copy.row.key.id;
        pushed.push(copy);
        let events = [a, b, c].map(|kind| SessionEvent {
            id: SessionEventId(id()),
            stamp: clock.stamp(crate::rows::SOME_TIME),
            at: Default::default(),
            author: None,
            kind: kinds[kind].clone(),
        });
        for event in &events {
            let content = serde_json::to_string(&event.kind).expect("writes");
            let columns =
                [("session_id", text(of.to_string())), ("event", text(content)), ("at", Scalar::Int(0))];
            pushed.push(edit("session_events", event.id.0, event.stamp.clone(), &columns));
        }
        let status = serde_json::to_value(fold(&events).status).expect("writes");
        expected.push((
            of.to_string(),
            status.as_str().expect("a word").to_owned(),
            format!("{:?}", [a, b, c]),
        ));
    }
    send(&mut conn, &team.owner, &pushed).await;
    let found: std::collections::HashMap<String, String> =
        sqlx::query_as::<_, (String, String)>("SELECT id::text, status FROM mf.session_reports")
            .fetch_all(&mut conn)
            .await
            .expect("asks")
            .into_iter()
            .collect();
    for (session, status, kinds) in expected {
        assert_eq!(found.get(&session), Some(&status), "{kinds}");
    }
    let (total, status): (i64, String) = sqlx::query_as("SELECT total, status FROM mf.batch_reports")
        .fetch_one(&mut conn)
        .await
        .expect("asks");
    assert_eq!((total, status.as_str()), (513, "in_progress"));
    let overdue: i64 =
        sqlx::query_scalar("SELECT count(*) FROM mf.overdue_runs").fetch_one(&mut conn).await.expect("asks");
    assert_eq!(overdue, 1);
}
