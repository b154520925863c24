//! A laptop of a test: a real SQLite, and what a pass does with it.

use crate::cluster::{Person, Team, id};
use crate::rows::SOME_TIME;
use chrono::{DateTime, Utc};
use mf_domain::version::Version;
use mf_store::{Store, export, synced};
use mf_sync::core::cursor::is_last;
use mf_sync::core::outbox::Plan;
use mf_sync::core::row::{Key, Row};
use mf_sync::exchange::{Pulled, Pushed, Sender, pull, push};
use mf_sync::replica;
use sqlx::PgConnection;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) struct Laptop {
    pub(crate) person: Person,
    pub(crate) store: Store,
    conn: PgConnection,
    _folder: TempDir,
}

/// A moment after every one before it.
fn now() -> DateTime<Utc> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    DateTime::UNIX_EPOCH + Duration::from_millis(SOME_TIME + NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A new row for [`Laptop::write`], which gives it its version.
pub(crate) fn new_list(name: &str) -> Row {
    crate::rows::target_list(id(), Version::bottom(), name).row
}

impl Laptop {
    pub(crate) async fn new(team: &Team, person: Person) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ids = [team.team.0, person.member.0, person.device.0];
        let store =
            Store::open(&folder.path().join("team.db"), ids, DateTime::UNIX_EPOCH).await.expect("opens");
        let conn = person.connect().await;
        Self { person, store, conn, _folder: folder }
    }

    /// Writes rows as a person's edits: on disk when this returns.
    pub(crate) async fn write(&self, rows: Vec<Row>) {
        let mut write = self.store.write(now()).await.expect("begins");
        let unfit = synced::edit(&mut write, rows).await.expect("writes");
        assert!(unfit.is_empty(), "{unfit:?}");
        write.commit().await.expect("commits");
    }

    pub(crate) async fn send(&mut self) {
        let edits = replica::outbox(&mut self.store.read().await.expect("reads")).await.expect("reads");
        let mut plan = Plan::new(edits);
        while let Some(chunk) = plan.next_chunk() {
            let mut reader = self.store.read().await.expect("reads");
            let marks = replica::marks(&mut reader).await.expect("reads");
            let seen_until = replica::seen_until(&mut reader).await.expect("reads");
            drop(reader);
            let sender = Sender { device: self.person.device, marks, seen_until, previous: None };
            let pushed = push(&mut self.conn, &sender, id(), &chunk.into_edits()).await.expect("pushes");
            let Pushed::Answered { answers, end } = pushed else { panic!("{pushed:?}") };
            let mut write = self.store.write(now()).await.expect("begins");
            let change = replica::answered(write.conn(), answers).await.expect("reads");
            replica::settle_answers(&mut write, change, end, now()).await.expect("writes");
            write.commit().await.expect("commits");
        }
    }

    /// Fetches and merges what is new. Answers how many pages that took.
    pub(crate) async fn fetch(&mut self) -> usize {
        let mut pages = 0;
        loop {
            let marks = replica::marks(&mut self.store.read().await.expect("reads")).await.expect("reads");
            let pulled = pull(&mut self.conn, marks).await.expect("pulls");
            let Pulled::Page(page) = pulled else { panic!("{pulled:?}") };
            pages += 1;
            let mut write = self.store.write(now()).await.expect("begins");
            let staged = replica::stage(&mut write, &page).await.expect("writes");
            let last = staged && is_last(page.rows.len());
            if last {
                replica::merge(&mut write, page.seen_until).await.expect("merges");
            }
            write.commit().await.expect("commits");
            if last {
                return pages;
            }
        }
    }

    /// What waits goes out, what is new comes in.
    pub(crate) async fn pass(&mut self) {
        self.send().await;
        self.fetch().await;
    }

    pub(crate) async fn copy(&self, key: &Key) -> Option<Row> {
        let mut reader = self.store.read().await.expect("reads");
        let copies = synced::copies(&mut reader, std::slice::from_ref(key)).await.expect("reads");
        copies.into_iter().next().map(|local| local.row)
    }

    pub(crate) async fn waiting(&self) -> u32 {
        synced::outbox_len(&mut self.store.read().await.expect("reads")).await.expect("reads")
    }

    pub(crate) async fn exported(&self) -> String {
        let rows = export::all(&mut self.store.read().await.expect("reads")).await.expect("exports");
        serde_json::to_string(&rows).expect("writes")
    }
}
