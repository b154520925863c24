//! A team's workspace on a shared Postgres.
//!
//! [`core`] decides and does nothing: what a row is on its way, which copy of it wins, what the server answers, in what
//! order an outbox goes. It knows no socket, no database and no clock; the server's SQL gives the same answers, and the
//! tests hold the two against each other. [`replica`] is what a laptop does with it over its SQLite; the other modules are the
//! thin connection.

pub mod audit;
pub mod chain;
pub mod contents;
pub mod core;
pub mod error;
pub mod exchange;
pub mod invite;
pub mod listen;
pub mod members;
mod noted;
pub mod replica;
pub mod scram;
pub mod server;
pub mod setup;

pub use error::SyncError;
