//! Sharing by itself, for as long as the workspace is open: what changed here goes out at once, what changed there comes in
//! when the server hints at it, and every half a minute somebody looks anyway. Whatever goes wrong, everything is begun
//! anew after a while. Nothing waits for any of this.

use super::link::{Belonging, HEARTBEAT, within};
use super::pass::Want;
use crate::engine::Engine;
use crate::error::{EngineError, chain};
use mf_store::{Access, synced};
use mf_sync::core::backoff::{after_failure, until_look};
use mf_sync::listen::Listener;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

/// How often a server that does not let this computer in is asked again.
const REFUSED: Duration = Duration::from_secs(600);

/// Shares a team's workspace until it is closed or left. Of the local one, there is nothing to do.
pub async fn share(engine: Engine) {
    if engine.link.place().is_none() || *engine.store.access() != Access::ReadWrite {
        return;
    }
    let mut failures = 0;
    while !engine.store.is_closed() && engine.link.belonging() != Belonging::Left {
        let error = match connected(&engine, &mut failures).await {
            Ok(()) => return,
            Err(error) => error,
        };
        if engine.store.is_closed() {
            return;
        }
        failures = failures.saturating_add(1);
        tracing::info!(
            error = chain(&error),
            failures,
            "the team's server is not reached; tried again later"
        );
        engine.note_problem(&error);
        let pause = match engine.link.belonging() {
            Belonging::Refused => REFUSED,
            _ => after_failure(failures, engine.random()),
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = engine.link.retry.notified() => {}
        }
    }
}

/// Shares for as long as there is a connection. Ends without an error when the workspace was left or closed.
async fn connected(engine: &Engine, failures: &mut u32) -> Result<(), EngineError> {
    // Before the listener: what it says on failing is noted with what follows from it.
    engine.pass(Want::Everything).await?;
    let place = engine.team_place().await?;
    let mut listener = within(HEARTBEAT, Listener::open(&place, engine.store.identity().team)).await?;
    *failures = 0;
    let mut heartbeat = interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // What came between the first pass and the listener.
    let mut look_at = Instant::now();
    loop {
        let want = tokio::select! {
            hint = listener.hint() => {
                hint?;
                Some(Want::Rows)
            }
            () = engine.link.changed.notified() => engine.has_something_to_send().await?.then_some(Want::Rows),
            () = sleep_until(look_at) => Some(Want::Everything),
            _ = heartbeat.tick() => {
                within(HEARTBEAT, listener.ping()).await?;
                None
            }
        };
        if engine.store.is_closed() || engine.link.belonging() == Belonging::Left {
            return Ok(());
        }
        if let Some(want) = want {
            engine.pass(want).await?;
            if want == Want::Everything {
                look_at = Instant::now() + until_look(engine.random());
            }
        }
    }
}

impl Engine {
    async fn has_something_to_send(&self) -> Result<bool, EngineError> {
        Ok(synced::outbox_len(&mut *self.read().await?).await? > 0)
    }

    /// Spreads what many computers do at once; nothing depends on its being hard to guess.
    fn random(&self) -> u64 {
        let id = self.ports.ids.next().as_u128();
        u64::try_from(id & u128::from(u64::MAX)).unwrap_or(0)
    }
}
