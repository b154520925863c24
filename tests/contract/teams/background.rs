//! Sharing by itself: nobody presses anything.

use super::*;
use mf_engine::share;
use std::time::Duration;

/// Waits for something that others bring about; gives up, and says so, when nobody does.
async fn until<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let waited = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), waited).await.is_ok(), "never: {what}");
}

#[tokio::test]
async fn a_change_arrives_without_anybodys_asking() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let sharing = [tokio::spawn(share(team.owner.engine.clone())), tokio::spawn(share(grace.engine.clone()))];
    team.owner.list_named("From Ada").await;
    until("Ada's list at Grace's", async || grace.lists().await == ["From Ada"]).await;
    grace.list_named("From Grace").await;
    until("Grace's list at Ada's", async || team.owner.lists().await.len() == 2).await;
    until("synced", async || team.owner.status().await["state"] == "synced").await;
    sharing.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_connection_that_was_cut_is_made_anew() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let sharing = tokio::spawn(share(grace.engine.clone()));
    team.owner.list_named("Before").await;
    team.owner.sync().await;
    until("the first list", async || grace.lists().await == ["Before"]).await;
    for name in ["First cut", "Second cut"] {
        team.database
            .as_admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            .await;
        team.owner.list_named(name).await;
        until("sent", async || team.owner.raw("sync_now", "{}").await.is_ok()).await;
        until("what came after the cut", async || grace.lists().await.contains(&name.to_owned())).await;
    }
    sharing.abort();
}

#[tokio::test]
async fn a_connection_that_is_half_open_is_found_out_by_itself() {
    let (database, local) = (Database::new().await, Laptop::new().await);
    let proxy = crate::proxy::Proxy::before(cluster().port);
    let mut request = database.request();
    let through = Place { port: proxy.port, ..database.place() };
    request["connection"] = json!(url(&through));
    let id = local.call("create_workspace", request).await["workspace_id"].clone();
    let owner = local.enter(&id).await;
    let team = Team { database, local, owner, id };
    let grace = team.join("Grace", "operator").await;
    let sharing = tokio::spawn(share(grace.engine.clone()));
    team.owner.list_named("Before").await;
    team.owner.sync().await;
    until("the first list", async || grace.lists().await == ["Before"]).await;
    // Neither end learns that nothing goes through any more.
    proxy.freeze();
    team.owner.list_named("After").await;
    until("sent", async || team.owner.raw("sync_now", "{}").await.is_ok()).await;
    until("what came after", async || grace.lists().await == ["After", "Before"]).await;
    sharing.abort();
}

#[tokio::test]
async fn leaving_ends_it_and_so_does_closing() {
    let team = Team::new().await;
    let grace = team.join("Grace", "operator").await;
    let sharing = tokio::spawn(share(grace.engine.clone()));
    until("synced", async || grace.status().await["state"] == "synced").await;
    grace.call("leave_workspace", json!({})).await;
    assert!(tokio::time::timeout(Duration::from_secs(60), sharing).await.is_ok(), "it goes on");
    // Of the local workspace there is nothing to share.
    share(Laptop::new().await.engine.clone()).await;
}
