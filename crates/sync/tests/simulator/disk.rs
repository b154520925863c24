//! A laptop on a real SQLite, opened as the application opens it. Whatever it does may be killed at any await: the future is
//! dropped there, and what it had begun must leave nothing, or all of it.

use crate::killed::Killed;
use crate::laptop::{Release, Replica, Shown};
use crate::random::Random;
use chrono::{DateTime, Utc};
use mf_domain::role::Role;
use mf_domain::version::Version;
use mf_store::synced::{self, Taken};
use mf_store::{Store, StoreError};
use mf_sync::core::clock::Restamped;
use mf_sync::core::cursor::{Cursor, Marks};
use mf_sync::core::replica::{Answered, Local};
use mf_sync::core::row::{Key, Row};
use mf_sync::core::table::TABLES;
use mf_sync::exchange::Page;
use mf_sync::replica;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

const TEAM: Uuid = Uuid::from_u128(0x7ea3);
const FILE: &str = "team.db";

#[derive(Debug)]
pub(crate) struct Disk {
    shown: Shown,
    random: Random,
    marks: Marks,
    seen_until: Option<i64>,
    now: i64,
    calm: bool,
    /// How often something was killed.
    pub(crate) kills: u64,
    store: Store,
    runtime: Runtime,
    folder: TempDir,
}

/// Every row, in one answer: each takes its time from thread to thread.
static ALL_KEYS: LazyLock<String> = LazyLock::new(|| {
    let tables = TABLES.iter().map(|table| format!("SELECT '{0}' AS name, id FROM {0}", table.name));
    let all = tables.collect::<Vec<_>>().join(" UNION ALL ");
    format!("SELECT json_group_array(json_object('table', name, 'id', id)) FROM ({all})")
});

fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).expect("an instant")
}

async fn open(folder: &Path, device: Uuid) -> Store {
    let path = folder.join(FILE);
    Store::open(&path, [TEAM, Uuid::from_u128(device.as_u128() << 8), device], instant(0))
        .await
        .expect("opens")
}

/// A folder with the file of a new laptop. Each is made once: most of the time of a seed would go into migrations.
fn new_folder(runtime: &Runtime, device: Uuid) -> TempDir {
    static MADE: Mutex<BTreeMap<Uuid, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let folder = tempfile::tempdir().expect("a folder");
    let mut made = MADE.lock().expect("no panic");
    let path = folder.path().join(FILE);
    match made.get(&device) {
        Some(bytes) => std::fs::write(path, bytes).expect("writes"),
        None => {
            runtime.block_on(async { open(folder.path(), device).await.close().await });
            made.insert(device, std::fs::read(path).expect("reads"));
        }
    }
    folder
}

impl Disk {
    pub(crate) fn new(seed: u64, number: u128, role: Role) -> Self {
        let shown = Shown::new(number, role, Release::Current);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = new_folder(&runtime, shown.device.0);
        let store = runtime.block_on(open(folder.path(), shown.device.0));
        let random = Random::new(seed << 8 | u64::try_from(number).expect("small"));
        let (marks, seen_until) = (Marks::default(), None);
        Self { shown, random, marks, seen_until, now: 0, calm: false, kills: 0, store, runtime, folder }
    }

    /// Everything that syncs, as anybody gets it.
    pub(crate) fn exported(&self) -> String {
        self.runtime.block_on(async {
            let rows =
                mf_store::export::all(&mut self.store.read().await.expect("reads")).await.expect("exports");
            serde_json::to_string(&rows).expect("writes")
        })
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.shown.waiting.is_empty()
    }

    /// Rows that came and are still not where they belong. In between there may be such: an answer brings a copy that names a
    /// row which only the next pull brings, and the server may be restored to before that. In the end there are none.
    pub(crate) fn kept(&self) -> Vec<String> {
        self.runtime.block_on(async {
            let mut conn = self.store.read().await.expect("reads");
            sqlx::query_scalar("SELECT table_name || ' ' || row_id FROM sync_kept")
                .fetch_all(&mut *conn)
                .await
                .expect("reads")
        })
    }

    fn wall(&self) -> DateTime<Utc> {
        instant(self.now + self.shown.skew)
    }

    /// Does something, or is killed while at it; then looks at what came of it.
    fn run<F: Future<Output = Result<(), StoreError>>>(
        &mut self,
        what: impl FnOnce(Store, DateTime<Utc>) -> F,
    ) {
        let polls = if !self.calm && self.random.one_in(4) { self.random.below(40) } else { u64::MAX };
        let work = Killed::after(polls, what(self.store.clone(), self.wall()));
        match self.runtime.block_on(work) {
            Some(done) => done.expect("works"),
            None => self.kills += 1,
        }
        if self.random.one_in(20) {
            // As after a start.
            let (folder, device) = (self.folder.path().to_owned(), self.shown.device.0);
            self.store = self.runtime.block_on(async {
                self.store.close().await;
                open(&folder, device).await
            });
        }
        self.look();
    }

    fn look(&mut self) {
        let store = self.store.clone();
        let (rows, waiting, marks, seen_until) = self.runtime.block_on(async move {
            let mut conn = store.read().await.expect("reads");
            let keys: String = sqlx::query_scalar(AssertSqlSafe(ALL_KEYS.as_str()))
                .fetch_one(&mut *conn)
                .await
                .expect("reads");
            let keys: Vec<Key> = serde_json::from_str(&keys).expect("keys");
            let copies = synced::copies(&mut conn, &keys).await.expect("reads");
            let rows: BTreeMap<Key, Local> =
                copies.into_iter().map(|local| (local.row.key.clone(), local)).collect();
            let waiting: Vec<(String, String)> =
                sqlx::query_as("SELECT table_name, row_id FROM sync_waiting")
                    .fetch_all(&mut *conn)
                    .await
                    .expect("reads");
            let marks = replica::marks(&mut conn).await.expect("reads");
            (rows, waiting, marks, replica::seen_until(&mut conn).await.expect("reads"))
        });
        let waiting: BTreeSet<Key> =
            waiting.into_iter().map(|(table, id)| Key { table, id: id.parse().expect("an id") }).collect();
        let began = waiting.difference(&self.shown.waiting).count();
        self.shown.waited += u64::try_from(began).expect("few");
        (self.shown.rows, self.shown.waiting, self.marks, self.seen_until) =
            (rows, waiting, marks, seen_until);
    }
}

impl Replica for Disk {
    fn shown(&self) -> &Shown {
        &self.shown
    }

    fn shown_mut(&mut self) -> &mut Shown {
        &mut self.shown
    }

    fn seen_until(&self) -> Option<i64> {
        self.seen_until
    }

    fn marks(&self) -> Marks {
        self.marks
    }

    fn calm(&mut self) {
        self.calm = true;
    }

    fn stamp(&mut self, now: i64) -> Version {
        self.now = now;
        self.runtime.block_on(async {
            let mut write = self.store.write(instant(now + self.shown.skew)).await.expect("begins");
            let version = write.stamp();
            write.commit().await.expect("commits");
            version
        })
    }

    fn write(&mut self, rows: Vec<Row>) {
        let edit = |row: Row| {
            let local = self.shown.rows.get(&row.key);
            let base_version = local.and_then(|local| local.base_version.clone());
            Taken { over: local.map(|local| local.row.version.clone()), base_version, row }
        };
        let edits: Vec<Taken> = rows.into_iter().map(edit).collect();
        // A person's edit is on disk when the person sees it.
        self.runtime.block_on(async {
            let mut write = self.store.write(self.wall()).await.expect("begins");
            let unfit = synced::put(&mut write, &edits).await.expect("writes");
            assert!(unfit.is_empty(), "{edits:?}");
            write.commit().await.expect("commits");
        });
        self.look();
    }

    fn answered(&mut self, answers: Vec<(Key, Answered)>, end: Option<Cursor>) {
        self.run(async move |store: Store, now| {
            let mut write = store.write(now).await?;
            let change = replica::answered(write.conn(), answers).await?;
            // A copy of the server may name a row that only the next pull brings: it is kept until then.
            replica::settle_answers(&mut write, change, end, now).await?;
            write.commit().await
        });
    }

    fn clock_ahead(&mut self, server_now: i64) -> Restamped {
        let before = self.shown.rows.clone();
        self.run(async move |store: Store, now| {
            let mut write = store.write(now).await?;
            replica::clock_ahead(&mut write, server_now).await?;
            write.commit().await
        });
        let mut new = Restamped { versions: BTreeMap::new(), renamed: BTreeMap::new(), clock: None };
        for (key, local) in before {
            let version = &self.shown.rows[&key].row.version;
            if *version != local.row.version {
                new.versions.insert(key, version.clone());
                new.renamed.insert(local.row.version, version.clone());
            }
        }
        new
    }

    fn restored(&mut self) {
        self.run(async |store: Store, now| {
            let mut write = store.write(now).await?;
            replica::restored(&mut write).await?;
            write.commit().await
        });
    }

    fn page(&mut self, page: Page, last: bool, now: i64) {
        self.now = now;
        let dropped = Arc::new(AtomicU64::new(0));
        let count = dropped.clone();
        self.run(async move |store: Store, wall| {
            let mut write = store.write(wall).await?;
            let staged = replica::stage(&mut write, &page).await?;
            write.commit().await?;
            if staged && last {
                let mut write = store.write(wall).await?;
                let changed = replica::merge(&mut write, page.seen_until).await?;
                count.store(u64::try_from(changed.gone.len()).expect("few"), Ordering::Relaxed);
                write.commit().await?;
            }
            Ok(())
        });
        self.shown.dropped += dropped.load(Ordering::Relaxed);
    }
}
