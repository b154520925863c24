//! The interface in headless Chromium, over the loopback bridge: what a person without a mouse, or with a screen reader,
//! meets. Chromium and its driver are Debian's (`cargo xtask test` installs them); axe-core lies in `axe`.

#![expect(clippy::expect_used, reason = "a test that cannot go on ends there")]

mod accessible;
mod agenda;
mod board;
mod browser;
#[path = "../../crates/sync/tests/postgres/cluster.rs"]
#[expect(dead_code, reason = "shared with the tests of mf-sync, which use all of it")]
mod cluster;
#[path = "../robustness/database.rs"]
mod database;
mod editors;
mod flows;
mod focus;
mod forms;
mod health;
mod keyboard;
mod runner;
mod sample;
mod schedule;
mod schedules;
mod sessions;
mod settings;
mod starting;
mod teams;
mod unreadable;
#[path = "../window/wait.rs"]
mod wait;
mod words;
