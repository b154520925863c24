//! What is done once a day: a backup, and then what is too old to be asked for is forgotten.

use crate::days::RANGE_MAX;
use crate::engine::Engine;
use crate::error::EngineError;
use chrono::{DateTime, TimeDelta, Utc};
use mf_store::missed;

/// How long what was missed is kept: as long as the longest range that can be asked for, a year and a month, so that a month
/// can be laid beside the same month of the year before.
const MISSES_KEPT: TimeDelta = TimeDelta::days(RANGE_MAX);
/// Spans removed in one transaction, so that nobody's click waits for a year of them.
const AT_ONCE: u32 = 2_000;

impl Engine {
    /// The daily backup, when one is due, and with it what is done once a day. Answers whether there was one.
    ///
    /// # Errors
    /// When the backup cannot be made: nothing is forgotten then; or the workspace cannot be written.
    pub async fn keep_house(&self, now: DateTime<Utc>) -> Result<bool, EngineError> {
        let Some(backup) = self.store.backup_if_due(now).await? else { return Ok(false) };
        tracing::info!(bytes = backup.bytes, "backup made and verified");
        self.forget_old_misses(now).await?;
        Ok(true)
    }

    /// Forgets what was missed long ago. The backup that was made a moment before has it still, should the clock be wrong.
    ///
    /// No occurrence fires for want of what is forgotten. It lies behind what was dealt with; a clock that is set back to before
    /// it would take it back anyway, but for what somebody skipped: that is kept, and is little, for each took a click. A question
    /// waits for its answer a week at most after the day its occurrence was moved to, which is 92 days off at most.
    async fn forget_old_misses(&self, now: DateTime<Utc>) -> Result<(), EngineError> {
        let mut forgotten = 0;
        loop {
            let mut write = self.store.write(now).await?;
            let gone = missed::prune(&mut write, now - MISSES_KEPT, AT_ONCE).await?;
            write.commit().await?;
            forgotten += gone;
            if gone < u64::from(AT_ONCE) {
                break;
            }
        }
        if forgotten > 0 {
            tracing::info!(spans = forgotten, "what was missed long ago is forgotten");
        }
        Ok(())
    }
}
