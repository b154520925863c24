//! The real window: the application's own binary on a virtual display, driven through WebKitWebDriver, with a real
//! notification server on a real session bus. `cargo xtask test` provides the display.
//!
//! A handful of journeys, one at a time. Where `MAINTENANCE_FLOWS_PICTURES` names a folder, they leave pictures there.

#![expect(clippy::expect_used, reason = "a journey that cannot go on ends there")]
#![expect(
    clippy::await_holding_lock,
    reason = "each journey has a runtime of its own and the display to itself"
)]

mod app;
mod asked;
mod bad_luck;
mod bus;
mod damaged;
mod main_job;
mod one_copy;
mod screen;
mod tray;
mod wait;
