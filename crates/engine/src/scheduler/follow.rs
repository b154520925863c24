//! What changes under a scheduler: a clock that was set back, the rules of the zones.

use super::aside::set_aside;
use super::plan::{rewound, waits_again};
use super::spans::trimmed;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::names::named;
use chrono::{DateTime, Utc};
use mf_contract::schedules::MissedOutcome;
use mf_domain::ids::ScheduleId;
use mf_domain::recurrence::zone_database_version;
use mf_store::meta::{self, Key};
use mf_store::{Write, missed, schedule_clocks};

/// The last tick is written down once a minute, in milliseconds: often enough to see a clock that was set back, seldom
/// enough to let the disk sleep.
const LAST_TICK_STEP: i64 = 60_000;

impl Engine {
    /// What has to be seen before anything is due.
    pub(super) async fn follow(&self, now: DateTime<Utc>) -> Result<(), EngineError> {
        self.follow_a_clock_set_back(now).await?;
        self.follow_the_zones(now).await
    }

    /// With other rules of the zones, stored instants may be wrong: every schedule is looked at again. What it has dealt
    /// with stays dealt with.
    async fn follow_the_zones(&self, now: DateTime<Utc>) -> Result<(), EngineError> {
        let known = meta::get(&mut *self.read().await?, Key::ZoneDatabase).await?;
        if known.as_deref() == Some(zone_database_version()) {
            return Ok(());
        }
        let mut write = self.store.write(self.now()).await?;
        schedule_clocks::look_at_all(&mut write, now).await?;
        meta::put(&mut write, Key::ZoneDatabase, zone_database_version()).await?;
        write.commit().await?;
        tracing::info!(version = zone_database_version(), "the rules of the time zones are new");
        Ok(())
    }

    /// A clock that was set back: what lies ahead again is neither dealt with nor missed. Batches that were fired ahead of
    /// time keep their identity, so nothing fires twice.
    async fn follow_a_clock_set_back(&self, now: DateTime<Utc>) -> Result<(), EngineError> {
        let last = meta::get(&mut *self.read().await?, Key::LastTick)
            .await?
            .and_then(|text| text.parse::<i64>().ok());
        let this = now.timestamp_millis();
        if last.is_some_and(|last| this < last) {
            let mut write = self.store.write(self.now()).await?;
            let (mut clocks, mut waiting) = (Vec::new(), Vec::new());
            let ahead = schedule_clocks::ahead_of(write.conn(), now).await?;
            let calendars = Calendars::of_due(write.conn(), &ahead).await?;
            for schedule in ahead {
                let (id, clock) = match schedule {
                    Ok(due) => {
                        waiting.push((due.listed.schedule.id, waits_again(&due, now, &calendars)));
                        let clock = rewound(&due, now, &calendars);
                        (due.listed.schedule.id, clock.map_err(|error| error.to_string()))
                    }
                    Err(unreadable) => (unreadable.id, Err(unreadable.error.to_string())),
                };
                match clock {
                    Ok(clock) => clocks.push(clock),
                    Err(error) => set_aside(&mut write, id, &error, now).await?,
                }
            }
            schedule_clocks::put(&mut write, &clocks).await?;
            for (schedule, moved) in waiting {
                take_back_what_waits(&mut write, schedule, &moved).await?;
            }
            for span in missed::reaching_beyond(write.conn(), now).await? {
                match trimmed(&span, now) {
                    Ok(left) => {
                        missed::remove(&mut write, span.id).await?;
                        missed::insert(&mut write, left.as_slice()).await?;
                    }
                    Err(error) => {
                        tracing::error!(span = %span.id, %error, "a span of missed occurrences stays as it is")
                    }
                }
            }
            meta::put(&mut write, Key::LastTick, &this.to_string()).await?;
            write.commit().await?;
            tracing::info!(schedules = clocks.len(), "the clock was set back");
        } else if last.is_none_or(|last| this - last >= LAST_TICK_STEP) {
            let mut write = self.store.write(self.now()).await?;
            meta::put(&mut write, Key::LastTick, &this.to_string()).await?;
            write.commit().await?;
        }
        Ok(())
    }
}

/// What was decided, ahead of a clock that was set back since, about occurrences that were due before `now` and are moved
/// past it: their day is still to come, and may end otherwise. What somebody skipped stays skipped.
async fn take_back_what_waits(
    write: &mut Write,
    schedule: ScheduleId,
    moved: &[DateTime<Utc>],
) -> Result<(), EngineError> {
    for at in moved {
        let spans = missed::around(write.conn(), schedule, *at).await?;
        let decided = spans.iter().filter(|span| span.from == *at && span.to == *at);
        for span in decided.filter(|span| named(&span.outcome) != Some(MissedOutcome::Declined)) {
            missed::remove(write, span.id).await?;
        }
    }
    Ok(())
}
