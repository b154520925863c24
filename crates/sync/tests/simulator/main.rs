//! A team in memory: laptops that lose requests and replies, crash, run on wrong clocks and of other releases, and a server
//! that is restored from a backup. Whatever happened, once it stops, everybody has the same rows, nothing waits, and
//! every copy that lost to one that did not know it was kept.
//!
//! Decisions are those of the core; only moving rows is made up here. A failure names its seed:
//! `SYNC_SEED=<seed> cargo test -p mf-sync --test simulator`. `SYNC_SEEDS=<count>` runs more of them.

#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]

mod laptop;
mod random;
mod server;
mod world;

use laptop::Laptop;
use world::World;

const SEEDS: u64 = 400;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn seeds(usual: u64) -> std::ops::Range<u64> {
    match number("SYNC_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SYNC_SEEDS").unwrap_or(usual),
    }
}

#[test]
fn after_healing_nobody_is_stuck_and_nobody_differs() {
    let seeds = seeds(SEEDS);
    let mut failures = Vec::new();
    let mut total = world::Tally::default();
    for seed in seeds.clone() {
        match World::new(seed, Laptop::new).run() {
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
