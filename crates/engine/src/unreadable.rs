//! Schedules that this release cannot read: they do not run, so what is wrong with each is said where schedules are.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows;
use crate::policies::Policies;
use mf_contract::Handle;
use mf_contract::schedules::{ListUnreadableSchedules, UnreadableSchedule};
use mf_domain::Invalid;
use mf_store::schedules::{self, ListedSchedule, UnreadableSchedule as UnreadableRow};
use mf_store::{Connection, StoreError};

/// Why a flow whose active schedule cannot be read gets no other beside it: a newer release may run it on another computer.
pub(crate) const UNREADABLE_ACTIVE: &str =
    "this flow has an active schedule that cannot be read: set that one anew, or delete it first";

/// What is wrong, as a sentence.
fn problem(invalid: &Invalid) -> String {
    let subject = match invalid.field.as_str() {
        "recurrence" => "Its recurrence",
        "timezone" => "Its time zone",
        "misfire" => "What becomes of its late runs",
        "overlap" => "What becomes of its runs beside an open one",
        "windows" => "The list of hours it may start in",
        "blackout_calendar_ids" | "blackout_ids" => "The list of its blackouts",
        "on_blackout" => "What becomes of its runs in a blackout",
        "intake" => "The list of its answers",
        part if part.starts_with("windows") => "One of the hours it may start in:",
        "expression" | "time" | "weekday" | "nth" | "offset_days" | "kind" => "Its recurrence:",
        _ => "What is stored of it",
    };
    format!("{subject} {}.", invalid.message.trim_end_matches('.'))
}

/// A stored value that a person is to be told of; whatever else the store has to say stays an error.
fn of_store(error: StoreError) -> Result<Invalid, EngineError> {
    match error {
        StoreError::Unreadable { column } => Ok(Invalid::new(column, "cannot be read by this release")),
        other => Err(other.into()),
    }
}

/// What is wrong with a schedule, as the error of a command that needs to read it.
pub(crate) fn told(invalid: Invalid) -> EngineError {
    EngineError::UnreadableSchedule { problem: problem(&invalid) }
}

/// As [`told`], of what the store could not read.
pub(crate) fn require_readable(error: StoreError) -> EngineError {
    of_store(error).map_or_else(|other| other, told)
}

/// The schedule as it is told of, if it cannot be read.
fn unreadable(
    listed: Result<ListedSchedule, UnreadableRow>,
) -> Result<Option<UnreadableSchedule>, EngineError> {
    let (id, flow_id, flow_name, is_active, invalid) = match listed {
        Ok(listed) => {
            let Err(invalid) = Policies::of(&listed.schedule) else { return Ok(None) };
            let ListedSchedule { schedule, flow_name, is_active, .. } = listed;
            (schedule.id, schedule.flow_id, flow_name, is_active, invalid)
        }
        Err(row) => (row.id, row.flow_id, row.flow_name, row.is_active, of_store(row.error)?),
    };
    Ok(Some(UnreadableSchedule { id, flow_id, flow_name, is_active, problem: problem(&invalid) }))
}

async fn asked(
    conn: &mut Connection,
    request: &ListUnreadableSchedules,
) -> Result<Vec<Result<ListedSchedule, UnreadableRow>>, EngineError> {
    let Some(flow) = request.flow_id else { return Ok(schedules::list(conn).await?) };
    flows::require(conn, flow, "flow_id").await?;
    Ok(schedules::of_flow(conn, flow).await?)
}

impl Handle<ListUnreadableSchedules> for Engine {
    async fn handle(&self, request: ListUnreadableSchedules) -> Result<Vec<UnreadableSchedule>, EngineError> {
        let listed = asked(&mut *self.read().await?, &request).await?;
        let mut told: Vec<UnreadableSchedule> =
            listed.into_iter().filter_map(|one| unreadable(one).transpose()).collect::<Result<_, _>>()?;
        told.sort_by_cached_key(|one| (one.flow_name.to_lowercase(), one.id));
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_a_sentence() {
        let said = |field: &str, message: &str| problem(&Invalid::new(field, message));
        assert_eq!(
            said("recurrence", "cannot be read by this release"),
            "Its recurrence cannot be read by this release."
        );
        assert_eq!(
            said("timezone", "“Mars/Base” is not an IANA zone name"),
            "Its time zone “Mars/Base” is not an IANA zone name."
        );
        assert_eq!(
            said("windows[0].from", "is no time of day."),
            "One of the hours it may start in: is no time of day."
        );
        assert_eq!(said("created_at", "cannot be read"), "What is stored of it cannot be read.");
    }
}
