//! A schedule that cannot be read, set aside for a while.

use super::notices::unreadable_notice;
use super::plan::UNREADABLE_EVERY;
use crate::error::EngineError;
use chrono::{DateTime, Utc};
use mf_domain::ids::ScheduleId;
use mf_store::{Write, notifications, schedule_clocks, schedules};

/// A schedule that cannot be read holds nothing back. It is tried again from time to time: a newer release may read it, or
/// what it lacks may come back, and then what was due meanwhile is recorded.
pub(super) async fn set_aside(
    write: &mut Write,
    id: ScheduleId,
    error: &str,
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    tracing::error!(schedule = %id, error, "a schedule cannot be read and does not run");
    if let Some(flow) = schedules::flow_of(write.conn(), id).await? {
        notifications::insert_absent(write, &[unreadable_notice(id, &flow, now)]).await?;
    }
    Ok(schedule_clocks::set_aside(write, id, now, now + UNREADABLE_EVERY).await?)
}
