//! The pushes of a device as a chain: lost replies and other processes break nothing, a copy of the file is told.

use crate::cluster::{Team, id};
use crate::rows::{stamp, target_list};
use chrono::DateTime;
use mf_domain::ids::DeviceId;
use mf_store::Store;
use mf_sync::core::cursor::Marks;
use mf_sync::exchange::{Pushed, Sender, push};
use mf_sync::{chain, replica};
use sqlx::PgConnection;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

struct Device {
    id: DeviceId,
    store: Store,
    conn: PgConnection,
    folder: TempDir,
}

async fn open(folder: &Path, ids: [Uuid; 3]) -> Store {
    Store::open(&folder.join("team.db"), ids, DateTime::UNIX_EPOCH).await.expect("opens")
}

impl Device {
    async fn of(team: &Team) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let owner = &team.owner;
        let store = open(folder.path(), [team.team.0, owner.member.0, owner.device.0]).await;
        Self { id: owner.device, store, conn: owner.connect().await, folder }
    }

    /// An image of its disk.
    async fn copied(&self, team: &Team) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for entry in std::fs::read_dir(self.folder.path()).expect("a folder") {
            let path = entry.expect("a file").path();
            if path.is_file() {
                std::fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("copies");
            }
        }
        let store = open(folder.path(), [id(), id(), id()]).await;
        Self { id: self.id, store, conn: team.owner.connect().await, folder }
    }

    async fn begin(&self) -> (Uuid, Option<Vec<Uuid>>) {
        let push_id = id();
        let mut write = self.store.write(DateTime::UNIX_EPOCH).await.expect("begins");
        let previous = chain::begin_push(&mut write, push_id).await.expect("writes");
        write.commit().await.expect("commits");
        (push_id, previous)
    }

    async fn sent(&mut self, team: &Team, push_id: Uuid, previous: &Option<Vec<Uuid>>) -> Pushed {
        let rows = [target_list(id(), stamp(&team.owner, 1), "x")];
        let sender = Sender {
            device: self.id,
            marks: Marks::default(),
            seen_until: None,
            previous: previous.as_deref(),
        };
        push(&mut self.conn, &sender, push_id, &rows).await.expect("pushes")
    }

    async fn answered(&self, push_id: Uuid) {
        let mut write = self.store.write(DateTime::UNIX_EPOCH).await.expect("begins");
        chain::answered(&mut write, push_id).await.expect("writes");
        write.commit().await.expect("commits");
    }

    async fn push(&mut self, team: &Team) -> Pushed {
        let (push_id, previous) = self.begin().await;
        let pushed = self.sent(team, push_id, &previous).await;
        if is_taken(&pushed) {
            self.answered(push_id).await;
        }
        pushed
    }
}

fn is_taken(pushed: &Pushed) -> bool {
    matches!(pushed, Pushed::Answered { .. })
}

#[tokio::test]
async fn lost_requests_and_lost_replies_are_no_copy() {
    let team = Team::new().await;
    let mut device = Device::of(&team).await;
    assert!(is_taken(&device.push(&team).await));
    for lost in [false, true, true, false, true] {
        let (push_id, previous) = device.begin().await;
        if lost {
            // The server never heard of it.
            continue;
        }
        assert!(is_taken(&device.sent(&team, push_id, &previous).await), "its reply is lost");
    }
    assert!(is_taken(&device.push(&team).await));
    // Another process on the same file was faster with what it began later.
    let (first, before_first) = device.begin().await;
    let (second, before_second) = device.begin().await;
    assert!(is_taken(&device.sent(&team, second, &before_second).await));
    let late = device.sent(&team, first, &before_first).await;
    let Pushed::Copied { last } = late else { panic!("{late:?}") };
    let mut reader = device.store.read().await.expect("reads");
    assert!(chain::knows(&mut reader, last).await.expect("reads"), "it is its own, and tries again");
    drop(reader);
    assert!(is_taken(&device.push(&team).await));
    for _ in 0..80 {
        device.begin().await;
    }
    assert!(is_taken(&device.push(&team).await), "too many to remember are not held against it");
}

#[tokio::test]
async fn of_two_copies_the_second_is_told_whichever_it_is() {
    for the_copy_first in [false, true] {
        let team = Team::new().await;
        let mut original = Device::of(&team).await;
        assert!(is_taken(&original.push(&team).await));
        let mut copy = original.copied(&team).await;
        let (first, second) =
            if the_copy_first { (&mut copy, &mut original) } else { (&mut original, &mut copy) };
        assert!(is_taken(&first.push(&team).await));
        let told = second.push(&team).await;
        let Pushed::Copied { last } = told else { panic!("{told:?}") };
        let mut reader = second.store.read().await.expect("reads");
        assert!(!chain::knows(&mut reader, last).await.expect("reads"));
        drop(reader);
        assert!(is_taken(&first.push(&team).await), "the other one goes on");
    }
}

#[tokio::test]
async fn a_copy_made_before_the_first_push_is_told_too_and_a_restored_server_tells_nobody() {
    let team = Team::new().await;
    let mut original = Device::of(&team).await;
    let mut copy = original.copied(&team).await;
    assert!(is_taken(&original.push(&team).await));
    assert!(matches!(copy.push(&team).await, Pushed::Copied { .. }));
    let mut write = original.store.write(DateTime::UNIX_EPOCH).await.expect("begins");
    replica::restored(&mut write).await.expect("writes");
    write.commit().await.expect("commits");
    let mut admin = crate::cluster::cluster().admin(&team.database).await;
    crate::cluster::run(&mut admin, &format!("UPDATE mf.devices SET last_push = '{}'", id())).await;
    assert!(is_taken(&original.push(&team).await), "the server's last push of it is an older one");
    assert!(is_taken(&original.push(&team).await));
}
