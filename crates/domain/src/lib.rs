//! The rules of the product, and nothing else.
//!
//! Every crate speaks these types: flows and their structures, target lists, recurrence and occurrences, the session
//! fold, batch rollups and roles. Deliberately absent: I/O, clocks, randomness, async, SQL and anything of Tauri. Time
//! and ids arrive as arguments, so every rule can be tested with plain values, natively and in wasm.

pub mod batch;
pub mod duration;
pub mod error;
pub mod flow;
pub mod ids;
pub mod intake;
pub mod number;
pub mod occurrence;
pub mod policy;
pub mod recurrence;
pub mod role;
pub mod session;
pub mod synced;
pub mod target_import;
pub mod targets;
pub mod text;
pub mod version;

pub use error::Invalid;
