//! The shared Postgres as it is: a real server over TLS, spoken to with each person's own login.

#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]

mod access;
mod catalogue;
mod chain;
#[expect(dead_code, reason = "shared with the tests of the whole application, which use the rest")]
mod cluster;
mod decisions;
mod horizon;
mod joining;
#[path = "../simulator/killed.rs"]
mod killed;
mod laptop;
mod pushing;
#[path = "../simulator/random.rs"]
mod random;
mod replicas;
mod reports;
mod rows;
mod versions;
