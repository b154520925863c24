//! Bad luck, on the real binary: killed at any moment, two copies at once, a full disk, a damaged or protected file.
//!
//! Everything goes through the headless door, as a script would. Nothing here looks into the database.

mod copies;
mod damage;
mod disk;
mod headless;
mod kill;
