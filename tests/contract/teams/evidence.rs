//! The contents of evidence: sent after the rows, fetched when somebody opens one.

use super::*;
use crate::support::maintenance;

/// A session of the owner's with a piece of evidence of about 600 KB, and the request that reads it.
async fn with_evidence(team: &Team, content: &str) -> Value {
    let flow = team.owner.call("create_flow", maintenance("Patch")).await;
    let request = json!({"flow_id": flow["id"], "targets": [{"label": "RDS-01"}]});
    let batch = team.owner.call("launch_batch", request).await;
    let session = &batch["sessions"][0]["id"];
    let added = json!({"session_id": session, "name": "log.txt", "text": content});
    let session_after = team.owner.call("add_evidence", added).await;
    json!({"session_id": session, "evidence_id": session_after["evidence"][0]["id"]})
}

#[tokio::test]
async fn a_colleague_opens_what_was_added_elsewhere() {
    let team = Team::new().await;
    let grace = team.join("Grace", "readonly").await;
    let content: String = (0..60_000).map(|n| format!("{n:09}\n")).collect();
    let request = with_evidence(&team, &content).await;
    team.owner.sync().await;
    grace.sync().await;
    assert_eq!(grace.call("read_evidence", request.clone()).await["text"], json!(content));
    // It is here now: the server is not asked again.
    team.database.as_admin("DELETE FROM mf.contents").await;
    assert_eq!(grace.call("read_evidence", request.clone()).await["text"], json!(content));
    let joan = team.join("Joan", "readonly").await;
    let error = joan.refuse("read_evidence", request, ErrorCode::Unavailable, None).await;
    assert!(error.message.contains("not on this computer"), "{}", error.message);
}

#[tokio::test]
async fn a_full_quota_keeps_it_here_until_there_is_room() {
    let team = Team::new().await;
    team.database.as_admin("UPDATE mf.teams SET evidence_quota = 10").await;
    let request = with_evidence(&team, "longer than ten bytes").await;
    team.owner.sync().await;
    let notices = team.owner.call("list_notifications", json!({})).await;
    assert!(notices[0]["title"].as_str().unwrap().contains("room for evidence"), "{notices}");
    let grace = team.join("Grace", "readonly").await;
    grace.refuse("read_evidence", request.clone(), ErrorCode::Unavailable, None).await;
    team.database.as_admin("UPDATE mf.teams SET evidence_quota = 1000").await;
    team.owner.sync().await;
    assert_eq!(grace.call("read_evidence", request).await["text"], "longer than ten bytes");
}

#[tokio::test]
async fn what_is_not_what_its_hash_says_is_not_taken() {
    let team = Team::new().await;
    let place = {
        let glimpse = mf_store::glimpse(team.owner.engine.store().path()).await.unwrap();
        let kept: Value = serde_json::from_str(&glimpse.place.unwrap()).unwrap();
        let login = kept["login"].as_str().unwrap().to_owned();
        let password = team.owner.keys.get(&login).unwrap().unwrap().0;
        team.database.place().with_login(&login, &password)
    };
    use mf_sync::contents::{Put, fetch, put_chunk, there};
    let mut line = place.connect().await.unwrap();
    let sha256 = "00".repeat(32);
    assert_eq!(put_chunk(&mut line, &sha256, 6, (0, b"abc")).await.unwrap(), Put::More);
    assert_eq!(put_chunk(&mut line, &sha256, 6, (0, b"abc")).await.unwrap(), Put::More);
    assert_eq!(there(&mut line, &sha256).await.unwrap(), [0]);
    assert_eq!(fetch(&mut line, &sha256).await.unwrap(), None, "half of it is nothing");
    assert_eq!(put_chunk(&mut line, &sha256, 6, (1, b"def")).await.unwrap(), Put::Altered);
    assert_eq!(there(&mut line, &sha256).await.unwrap(), Vec::<usize>::new());
    // The hash of "abc", in two chunks that come in the wrong order.
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(put_chunk(&mut line, sha256, 3, (1, b"c")).await.unwrap(), Put::More);
    assert_eq!(put_chunk(&mut line, sha256, 3, (0, b"ab")).await.unwrap(), Put::Complete);
    assert_eq!(put_chunk(&mut line, sha256, 3, (0, b"xx")).await.unwrap(), Put::Complete);
    assert_eq!(fetch(&mut line, sha256).await.unwrap(), Some(b"abc".to_vec()));
    // A content of no bytes is one, too.
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(put_chunk(&mut line, nothing, 0, (0, b"")).await.unwrap(), Put::Complete);
    assert_eq!(fetch(&mut line, nothing).await.unwrap(), Some(Vec::new()));

    let grace = team.join("Grace", "readonly").await;
    let login = { grace.engine.store().identity().device.0.simple().to_string() };
    let login = format!("mf_d_{login}");
    let password = grace.keys.get(&login).unwrap().unwrap().0;
    let mut readonly = team.database.place().with_login(&login, &password).connect().await.unwrap();
    let refused = put_chunk(&mut readonly, &"11".repeat(32), 3, (0, b"abc")).await;
    assert!(matches!(refused, Err(mf_sync::SyncError::Forbidden(_))), "{refused:?}");
    assert_eq!(fetch(&mut readonly, sha256).await.unwrap(), Some(b"abc".to_vec()), "who only reads, reads");
    let other = Team::new().await;
    let (login, theirs) = {
        let login = format!("mf_d_{}", other.owner.engine.store().identity().device.0.simple());
        let password = other.owner.keys.get(&login).unwrap().unwrap().0;
        (login, password)
    };
    let mut foreign = other.database.place().with_login(&login, &theirs).connect().await.unwrap();
    assert_eq!(fetch(&mut foreign, sha256).await.unwrap(), None, "another team has none of it");
}
