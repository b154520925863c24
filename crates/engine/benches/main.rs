//! The benchmarks of the engine: one program, for linking it the way the application is linked takes minutes.
//!
//! `cargo xtask bench NAME` runs one of them; each says at its head what it measures and beside what.

mod bare;
mod board;
mod busy;
#[path = "../../sync/tests/postgres/cluster.rs"]
#[expect(
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "shared with the tests, which use all of it"
)]
mod cluster;
mod common;
mod fire;
mod idle;
mod launch;
mod lists;
mod schedules;
mod sync;

use common::Outcome;

#[tokio::main]
async fn main() -> Outcome<()> {
    let name = std::env::args().nth(1).unwrap_or_default();
    match name.as_str() {
        "board" => board::run().await,
        "busy" => busy::run().await,
        "fire" => fire::run().await,
        "idle" => idle::run().await,
        "launch" => launch::run().await,
        "lists" => lists::run().await,
        "schedules" => schedules::run().await,
        "sync" => sync::run().await,
        _ => Err(format!("no benchmark `{name}`").into()),
    }
}
