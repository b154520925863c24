//! The scheduler is started again when a mistake in the program ends it: schedules that nobody fires say nothing themselves.

use super::notices::restarted_notice;
use super::run;
use crate::engine::Engine;
use crate::error::{EngineError, chain};
use mf_contract::Event;
use mf_store::notifications;
use std::time::Duration;

/// Between the end of one scheduler and the start of the next.
const PAUSE: Duration = Duration::from_secs(10);

/// As [`run`], and again after a panic of it, which is told in the notification centre.
pub async fn supervise(engine: Engine) {
    while let Err(ended) = tokio::spawn(run(engine.clone())).await {
        if !ended.is_panic() || engine.store().is_closed() {
            return;
        }
        // What it panicked with may hold what people wrote: the panic hook has the place, which is enough.
        tracing::error!(task = %ended.id(), "the scheduler ended by a panic and is started again");
        if let Err(error) = tell(&engine).await {
            tracing::error!(error = chain(&error), "nor could that be told");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn tell(engine: &Engine) -> Result<(), EngineError> {
    let now = engine.now();
    let mut write = engine.store.write(now).await?;
    notifications::insert_absent(&mut write, &[restarted_notice(now)]).await?;
    write.commit().await?;
    engine.emit(Event::NotificationsChanged);
    Ok(())
}
