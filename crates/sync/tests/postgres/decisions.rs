//! The server's SQL and the core give the same answers, on made-up rows: few versions, few contents, every relation between
//! them. `SYNC_SEED` repeats one run.

use crate::cluster::{Person, Team, id};
use crate::rows::{edit, family, send, stamp, target_list, text};
use mf_domain::role::Role;
use mf_domain::version::Version;
use mf_sync::core::cursor::Marks;
use mf_sync::core::push::{Answer, Edit, Situation, Stored, decide};
use mf_sync::core::row::{Key, Row, Scalar, conflict_id};
use mf_sync::core::table::{CONFLICTS, PAUSES};
use mf_sync::exchange::{Page, Pulled, Pushed, Sender, pull, push};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("small")
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

#[derive(Default)]
struct Mirror {
    rows: BTreeMap<Key, Stored>,
    known: BTreeSet<(Key, Version)>,
    conflicts: BTreeSet<Uuid>,
}

impl Mirror {
    fn take(&mut self, edit: &Edit, role: Role, seen_until: Option<i64>) -> (Answer, Option<Row>) {
        let key = &edit.row.key;
        let stored = self.rows.get(key);
        let horizon = Version::bottom();
        let accepted_before = self.known.contains(&(key.clone(), edit.row.version.clone()));
        let now =
            Situation { stored, accepted_before, horizon: &horizon, role, seen_until, parents_there: true };
        let decision = decide(edit, &now);
        let same = stored.is_some_and(|stored| stored.row.same_content(&edit.row));
        if decision.answer == Answer::Accepted || (decision.answer == Answer::Superseded && same) {
            self.known.insert((key.clone(), edit.row.version.clone()));
        }
        if let Some(loser) = &decision.loser {
            self.conflicts.insert(conflict_id(&loser.key, &loser.version));
        }
        if let Some(row) = decision.store {
            let base_version = if row.same_content(&edit.row) {
                edit.base_version.clone()
            } else {
                stored.and_then(|stored| stored.base_version.clone())
            };
            self.rows.insert(key.clone(), Stored { row, base_version, received_at: 0 });
        }
        (decision.answer, self.rows.get(key).map(|stored| stored.row.clone()))
    }
}

#[tokio::test]
async fn the_server_decides_as_the_core_does() {
    let given = std::env::var("SYNC_SEED").ok().and_then(|text| text.parse().ok());
    let seeds = given.map_or(0..6, |seed: u64| seed..seed + 1);
    for seed in seeds {
        let team = Team::new().await;
        compare(seed, &team).await;
    }
}

async fn compare(seed: u64, team: &Team) {
    let mut random = Random(seed);
    let others =
        [team.join(Role::Manager).await, team.join(Role::Operator).await, team.join(Role::Readonly).await];
    let people: Vec<(&Person, Role)> = [
        (&team.owner, Role::Owner),
        (&others[0], Role::Manager),
        (&others[1], Role::Operator),
        (&others[2], Role::Readonly),
    ]
    .into();
    let mut conns = Vec::new();
    for (person, _) in &people {
        conns.push(person.connect().await);
    }
    let mut mirror = Mirror::default();
    let parents = family(&Version::bottom());
    send(&mut conns[0], &team.owner, &parents).await;
    for edit in &parents {
        mirror.take(edit, Role::Owner, None);
    }
    let schedule = parents.iter().find(|edit| edit.row.key.table == "schedules").expect("one").row.key.id;
    let lists = [id(), id(), id()];
    let mut versions = vec![Version::bottom()];
    let mut instants = vec![None];
    for (person, _) in &people {
        versions.extend((1..6).map(|after| stamp(person, after)));
    }
    let (mut seen, mut conflicts) = (BTreeSet::new(), 0);
    for round in 0..120 {
        let who = random.below(people.len());
        let (person, role) = people[who];
        let mut edits: BTreeMap<Key, Edit> = BTreeMap::new();
        for _ in 0..=random.below(3) {
            let version = random.pick(&versions);
            let mut edit = if random.below(3) == 0 {
                let paused = i64::try_from(random.below(2)).expect("small");
                edit(PAUSES, schedule, version, &[("paused", Scalar::Int(paused))])
            } else {
                let mut edit = target_list(random.pick(&lists), version, random.pick(&["a", "b"]));
                if random.below(4) == 0 {
                    edit.row.columns.insert("of_a_later_release".into(), text("kept \u{1F512} \"\\\n"));
                }
                edit
            };
            edit.row.tombstone = random.below(8) == 0;
            // What people push is what they made on something older, or, offered, what the server had.
            edit.base_version = match random.below(4) {
                0 => None,
                1 => Some(edit.row.version.clone()),
                _ => Some(random.pick(&versions)),
            };
            edits.insert(edit.row.key.clone(), edit);
        }
        let edits: Vec<Edit> = edits.into_values().collect();
        let seen_until = random.pick(&instants);
        let sender = Sender { device: person.device, marks: Marks::default(), seen_until, previous: None };
        let pushed = push(&mut conns[who], &sender, id(), &edits).await.expect("pushes");
        let Pushed::Answered { answers, .. } = pushed else { panic!("{pushed:?}") };
        for edit in &edits {
            let before = mirror.rows.get(&edit.row.key).cloned();
            let (expected, row) = mirror.take(edit, role, seen_until);
            let found = answers.iter().find(|(key, _)| *key == edit.row.key).expect("an answer");
            let context = || {
                format!(
                    "SYNC_SEED={seed}, round {round}: {edit:#?}\nmet {before:#?}\nseen until {seen_until:?}"
                )
            };
            assert_eq!(found.1.answer, expected, "{}", context());
            let row = row.filter(|row| !(expected == Answer::Accepted && row.version == edit.row.version));
            assert_eq!(found.1.row, row, "{}", context());
            seen.insert(format!("{expected:?}"));
        }
        instants.push(agree(&mut conns[0], &mut mirror, seed, round).await);
        conflicts = mirror.conflicts.len();
    }
    assert!(seen.len() >= 4 && conflicts > 0, "{seen:?}, {conflicts} conflicts");
}

/// Both have the same rows and the same conflicts; the mirror learns when each row was taken. Answers when the last was.
async fn agree(conn: &mut PgConnection, mirror: &mut Mirror, seed: u64, round: usize) -> Option<i64> {
    let Ok(Pulled::Page(Page { rows, seen_until, .. })) = pull(conn, Marks::default()).await else {
        panic!("a page")
    };
    let (kept, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.key.table == CONFLICTS);
    let rows: BTreeMap<Key, Row> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
    let ours: BTreeMap<Key, Row> =
        mirror.rows.iter().map(|(key, stored)| (key.clone(), stored.row.clone())).collect();
    assert_eq!(rows, ours, "SYNC_SEED={seed}, round {round}");
    let kept: BTreeSet<Uuid> = kept.iter().map(|row| row.key.id).collect();
    assert_eq!(kept, mirror.conflicts, "SYNC_SEED={seed}, round {round}");
    let received: Vec<(String, i64)> = sqlx::query_as(
        "SELECT id::text, received_at FROM mf.target_lists UNION ALL SELECT id::text, received_at FROM mf.schedule_pauses",
    )
    .fetch_all(conn)
    .await
    .expect("asks");
    for (id, at) in received {
        let id = Uuid::parse_str(&id).expect("an id");
        for stored in mirror.rows.values_mut().filter(|stored| stored.row.key.id == id) {
            stored.received_at = at;
        }
    }
    Some(seen_until)
}
