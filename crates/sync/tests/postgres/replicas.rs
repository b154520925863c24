//! Laptops with a real SQLite and one real server: replies are lost, what a laptop does with them is killed at any await, and
//! in the end everybody has what the server has.

use crate::cluster::{Person, Team};
use crate::killed::Killed;
use crate::random::Random;
use crate::rows::{SOME_TIME, family, target_list};
use chrono::{DateTime, Utc};
use mf_domain::role::Role;
use mf_domain::version::Version;
use mf_store::{Store, StoreError, export, synced};
use mf_sync::core::cursor::{Marks, is_last};
use mf_sync::core::outbox::Plan;
use mf_sync::core::row::{Key, Row, Scalar};
use mf_sync::core::table::CONFLICTS;
use mf_sync::exchange::{Page, Pulled, Pushed, Sender, pull, push};
use mf_sync::replica;
use sqlx::PgConnection;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

const SEEDS: u64 = 5;

struct Laptop {
    person: Person,
    store: Store,
    conn: PgConnection,
    pushes: u128,
    _folder: TempDir,
}

/// What goes wrong, and how far apart edits are.
struct Fate {
    random: Random,
    calm: bool,
    now: u64,
}

impl Fate {
    fn strikes(&mut self) -> bool {
        !self.calm && self.random.one_in(5)
    }

    fn polls(&mut self) -> u64 {
        if self.strikes() { self.random.below(40) } else { u64::MAX }
    }

    fn wall(&mut self) -> DateTime<Utc> {
        self.now += 1 + self.random.below(50);
        DateTime::UNIX_EPOCH + Duration::from_millis(SOME_TIME + self.now)
    }
}

impl Laptop {
    async fn new(team: &Team, person: Person) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ids = [team.team.0, person.member.0, person.device.0];
        let store =
            Store::open(&folder.path().join("team.db"), ids, DateTime::UNIX_EPOCH).await.expect("opens");
        let conn = person.connect().await;
        Self { person, store, conn, pushes: 0, _folder: folder }
    }

    /// A person's work, on disk when the person sees it.
    async fn work(&self, fate: &mut Fate) {
        let mut write = self.store.write(fate.wall()).await.expect("begins");
        let known = export::all(write.conn()).await.expect("reads");
        let known: Vec<Key> = known
            .iter()
            .filter(|row| {
                !row.kind.ends_with("events") && row.kind != "flow_revisions" && row.kind != "conflicts"
            })
            .map(|row| Key { table: row.kind.to_owned(), id: row.id.parse().expect("an id") })
            .collect();
        let rows: Vec<Row> = match fate.random.below(6) {
            0 => family(&Version::bottom()).into_iter().map(|edit| edit.row).collect(),
            1 => vec![target_list(crate::cluster::id(), Version::bottom(), "Another").row],
            _ if known.is_empty() => Vec::new(),
            _ => {
                let key = fate.random.pick(&known).clone();
                let mut copies = synced::copies(write.conn(), &[key]).await.expect("reads");
                let mut row = copies.pop().expect("there").row;
                let value = Scalar::Int(i64::try_from(fate.random.below(2)).expect("small"));
                let column = if row.key.table == "schedule_pauses" { "paused" } else { "of_tomorrow" };
                row.columns.insert(column.into(), value);
                row.tombstone = fate.random.one_in(12);
                vec![row]
            }
        };
        let unfit = synced::edit(&mut write, rows).await.expect("writes");
        assert!(unfit.is_empty(), "{unfit:?}");
        write.commit().await.expect("commits");
    }

    async fn marks(&self) -> (Marks, Option<i64>) {
        let mut conn = self.store.read().await.expect("reads");
        let marks = replica::marks(&mut conn).await.expect("reads");
        (marks, replica::seen_until(&mut conn).await.expect("reads"))
    }

    /// Does something with the file, or is killed while at it.
    async fn keep(fate: &mut Fate, what: impl Future<Output = Result<(), StoreError>>) -> bool {
        match Killed::after(fate.polls(), what).await {
            Some(done) => {
                done.expect("works");
                true
            }
            None => false,
        }
    }

    async fn push(&mut self, fate: &mut Fate) {
        let edits = replica::outbox(&mut self.store.read().await.expect("reads")).await.expect("reads");
        let mut plan = Plan::new(edits);
        while let Some(chunk) = plan.next_chunk() {
            let (marks, seen_until) = self.marks().await;
            let sender = Sender { device: self.person.device, marks, seen_until, previous: None };
            self.pushes += 1;
            let push_id = Uuid::from_u128(self.person.device.0.as_u128() << 64 | self.pushes);
            let pushed = push(&mut self.conn, &sender, push_id, &chunk.into_edits()).await.expect("pushes");
            if fate.strikes() {
                return;
            }
            let Pushed::Answered { answers, end } = pushed else { panic!("{pushed:?}") };
            let (store, now) = (self.store.clone(), fate.wall());
            let settled = Self::keep(fate, async move {
                let mut write = store.write(now).await?;
                let change = replica::answered(write.conn(), answers).await?;
                replica::settle_answers(&mut write, change, end, now).await?;
                write.commit().await
            });
            if !settled.await {
                return;
            }
        }
    }

    async fn pull(&mut self, fate: &mut Fate) {
        loop {
            let (marks, _) = self.marks().await;
            let pulled = pull(&mut self.conn, marks).await.expect("pulls");
            if fate.strikes() {
                return;
            }
            let Pulled::Page(page) = pulled else { panic!("{pulled:?}") };
            let (store, now, last) = (self.store.clone(), fate.wall(), is_last(page.rows.len()));
            let kept = Self::keep(fate, async move {
                let mut write = store.write(now).await?;
                assert!(replica::stage(&mut write, &page).await?, "nobody else reads");
                if last {
                    let changed = replica::merge(&mut write, page.seen_until).await?;
                    assert!(changed.kept.is_empty(), "{changed:?}");
                }
                write.commit().await
            });
            if !kept.await || last {
                return;
            }
        }
    }
}

#[tokio::test]
async fn real_databases_and_a_real_server_end_alike() {
    let mut conflicts = 0;
    for seed in 0..SEEDS {
        let team = Team::new().await;
        let mut laptops = Vec::new();
        for role in [Role::Owner, Role::Manager, Role::Operator, Role::Readonly] {
            let person = team.join(role).await;
            laptops.push(Laptop::new(&team, person).await);
        }
        let mut fate = Fate { random: Random::new(seed), calm: false, now: 0 };
        for _ in 0..120 {
            let who = usize::try_from(fate.random.below(4)).expect("small");
            match fate.random.below(4) {
                0 => laptops[who].push(&mut fate).await,
                1 => laptops[who].pull(&mut fate).await,
                _ => laptops[who].work(&mut fate).await,
            }
        }
        fate.calm = true;
        for _ in 0..6 {
            for laptop in &mut laptops {
                laptop.push(&mut fate).await;
                laptop.pull(&mut fate).await;
            }
        }
        let pulled = pull(&mut laptops[0].conn, Marks::default()).await.expect("pulls");
        let Pulled::Page(Page { rows: mut server, .. }) = pulled else { panic!("{pulled:?}") };
        server.sort_by(|a, b| a.key.cmp(&b.key));
        assert!(is_last(server.len()) && server.len() > 20, "{}", server.len());
        conflicts += server.iter().filter(|row| row.key.table == CONFLICTS).count();
        let keys: Vec<Key> = server.iter().map(|row| row.key.clone()).collect();
        let mut exports = Vec::new();
        for laptop in &laptops {
            let mut conn = laptop.store.read().await.expect("reads");
            let who = laptop.person.place.login.as_str();
            assert_eq!(synced::outbox_len(&mut conn).await.expect("reads"), 0, "seed {seed}: {who} is stuck");
            let mut copies: Vec<Row> =
                synced::copies(&mut conn, &keys).await.expect("reads").into_iter().map(|it| it.row).collect();
            copies.sort_by(|a, b| a.key.cmp(&b.key));
            assert_eq!(copies, server, "seed {seed}: {who} differs");
            exports.push(
                serde_json::to_string(&export::all(&mut conn).await.expect("exports")).expect("writes"),
            );
        }
        assert!(exports.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}: the exports differ");
    }
    assert!(conflicts > 0, "nobody met anybody");
}
