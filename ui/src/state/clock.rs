//! The time of day on the screen: one clock for all relative times, moving twice a minute.

use crate::browser;
use chrono::{DateTime, Utc};
use gloo_timers::callback::Interval;
use yew::prelude::*;

/// The instant relative times are relative to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now(pub DateTime<Utc>);

/// Drives the clock; for the root of the application.
#[hook]
pub fn use_clock() -> Now {
    let now = use_state(browser::now);
    let set = now.setter();
    use_effect_with((), move |()| {
        let interval = Interval::new(30_000, move || set.set(browser::now()));
        move || drop(interval)
    });
    Now(*now)
}

/// The instant by the application's clock.
#[hook]
pub fn use_now() -> DateTime<Utc> {
    use_context::<Now>().map_or(DateTime::UNIX_EPOCH, |now| now.0)
}
