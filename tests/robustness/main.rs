//! Bad luck, on the real binary: killed at any moment, two copies at once, a full disk, a damaged or protected file.
//!
//! Everything goes through the headless door, as a script would. Into the database looks SQLite's own check alone.

#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]

mod bridge;
#[path = "../../crates/sync/tests/postgres/cluster.rs"]
#[expect(dead_code, reason = "shared with the tests of mf-sync, which use all of it")]
mod cluster;
mod copies;
mod damage;
mod database;
mod disk;
mod faults;
mod headless;
mod kill;
#[expect(dead_code, reason = "shared with the tests of the contract, which use the rest")]
mod proxy;
mod restore;
mod teams;
mod usage;
