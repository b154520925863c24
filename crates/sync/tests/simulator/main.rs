//! A team in memory: laptops that lose requests and replies, crash, run on wrong clocks and of other releases, and a server
//! that is restored from a backup. Whatever happened, once it stops, everybody has the same rows, nothing waits, and
//! every copy that lost to one that did not know it was kept.
//!
//! Decisions are those of the core; only moving rows is made up here. A failure names its seed:
//! `SYNC_SEED=<seed> cargo test -p mf-sync --test simulator`. `SYNC_SEEDS=<count>` runs more of them.

#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]

mod disk;
mod killed;
mod laptop;
mod random;
mod server;
mod world;

use disk::Disk;
use laptop::Laptop;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use world::World;

const SEEDS: u64 = 400;
/// Of those over a real SQLite: each writes to a disk hundreds of times and looks at all it has after every step, more than a
/// second of a core without optimisation. So many that each kind of trouble comes more than a hundred times.
const SEEDS_ON_DISK: u64 = 128;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn seeds(usual: u64) -> std::ops::Range<u64> {
    match number("SYNC_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SYNC_SEEDS").unwrap_or(usual),
    }
}

/// Runs the seeds on every core. Answers how each ended, in their order.
fn run<T: Send>(seeds: &std::ops::Range<u64>, one: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(seeds.start);
    let ended = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(seed) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end)
                {
                    let end = one(seed);
                    ended.lock().expect("no panic").insert(seed, end);
                }
            });
        }
    });
    ended.into_inner().expect("no panic").into_values().collect()
}

#[test]
fn after_healing_nobody_is_stuck_and_nobody_differs() {
    let seeds = seeds(SEEDS);
    let mut failures = Vec::new();
    let mut total = world::Tally::default();
    for (ended, seed) in
        run(&seeds, |seed| World::new(seed, Laptop::new).run()).into_iter().zip(seeds.clone())
    {
        match ended {
            Ok(tally) => total.add(&tally),
            Err(failure) => failures.push(format!("SYNC_SEED={seed}: {failure}")),
        }
    }
    assert!(failures.is_empty(), "{} of {:?}:\n{}", failures.len(), seeds, failures.join("\n"));
    println!("{seeds:?}: {total:?}");
    if seeds.count() >= 100 {
        total.assert_everything_happened();
    }
}

/// The same over real databases, each killed now and then in the middle of what it does: in the end all export the same
/// bytes. `SYNC_DISK_SEEDS=<count>` runs more of them.
#[test]
fn after_healing_every_database_exports_the_same_bytes() {
    let seeds = seeds(number("SYNC_DISK_SEEDS").unwrap_or(SEEDS_ON_DISK));
    let (mut failures, mut total, mut kills) = (Vec::new(), world::Tally::default(), 0);
    for (ended, seed) in run(&seeds, on_disk).into_iter().zip(seeds.clone()) {
        match ended {
            Ok((tally, killed)) => {
                total.add(&tally);
                kills += killed;
            }
            Err(failure) => failures.push(format!("SYNC_SEED={seed}: {failure}")),
        }
    }
    assert!(failures.is_empty(), "{} of {:?}:\n{}", failures.len(), seeds, failures.join("\n"));
    println!("{seeds:?}: {total:?}, {kills} killed");
    if seeds.count() >= 100 {
        total.assert_everything_happened();
        assert!(kills > 100, "{kills}");
    }
}

/// What happened, and how often something was killed.
fn on_disk(seed: u64) -> Result<(world::Tally, u64), Box<str>> {
    let mut world = World::new(seed, |number, role, _| Disk::new(seed, number, role));
    let tally = world.run()?;
    let whole = world.laptops.iter().filter(|laptop| laptop.is_whole());
    let exports: Vec<String> = whole.map(Disk::exported).collect();
    if exports.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err("the exports differ".into());
    }
    let kept: Vec<String> = world.laptops.iter().flat_map(Disk::kept).collect();
    if !kept.is_empty() {
        return Err(format!("kept {kept:?}").into());
    }
    Ok((tally, world.laptops.iter().map(|laptop| laptop.kills).sum()))
}
