//! The shared Postgres as it is: a real server over TLS, spoken to with each person's own login.

#![expect(clippy::expect_used, reason = "in a test, a panic is the report")]

mod access;
mod catalogue;
mod cluster;
mod decisions;
mod joining;
#[path = "../simulator/killed.rs"]
mod killed;
mod pushing;
#[path = "../simulator/random.rs"]
mod random;
mod replicas;
mod reports;
mod rows;
