//! The benchmarks of the engine: one program, for linking it the way the application is linked takes minutes.
//!
//! `cargo xtask bench NAME` runs one of them; each says at its head what it measures and beside what.

mod bare;
mod board;
mod busy;
mod common;
mod fire;
mod idle;
mod launch;
mod lists;
mod schedules;

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
        _ => Err(format!("no benchmark `{name}`").into()),
    }
}
