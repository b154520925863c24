//! The next runs of a rule, saved or not.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::{self, Calendars};
use crate::names::name_of;
use crate::schedules::{DEFAULT_GRACE, json, previewed};
use chrono::{DateTime, Utc};
use mf_contract::Handle;
use mf_contract::schedules::*;
use mf_domain::Invalid;
use mf_domain::ids::ScheduleId;
use mf_domain::intake::Answers;
use mf_domain::policy::rule::Coming;
use mf_domain::policy::{self, Blocked, Never, Next, Rule};
use mf_domain::recurrence::Zone;
use mf_store::schedules::{Limits, ScheduleRow};
use mf_store::{Connection, schedule_clocks};

/// Most runs one preview shows.
const PREVIEW_MAX: u32 = 10_000;

impl Handle<PreviewSchedule> for Engine {
    async fn handle(&self, request: PreviewSchedule) -> Result<SchedulePreview, EngineError> {
        if !(1..=PREVIEW_MAX).contains(&request.count) {
            let message = format!("is {}; it must be 1 to {PREVIEW_MAX}", request.count);
            return Err(Invalid::new("count", message).into());
        }
        let now = self.now();
        let after = request.after.unwrap_or(now);
        let shown = shown_as_saved(&request, after)?;
        let mut reader = self.read().await?;
        limits::check(&mut reader, &shown, after).await?;
        let since = in_force_since(&mut reader, &request, &shown).await?.unwrap_or(after);
        let rule = Calendars::of(&mut reader, [&shown]).await?.rule(&shown, since)?;
        let never = match rule.next_after(after) {
            Next::Never(never) if never != Never::Ended => Some(limits::never_words(never)),
            _ => None,
        };
        let outlook = rule.outlook(after, request.count as usize);
        let occurrences = outlook.coming.into_iter().map(|coming| told(&rule, coming)).collect();
        let description = rule.table().description_in_zone();
        Ok(SchedulePreview { description, occurrences, never, looked_until: outlook.until })
    }
}

/// Since when a stored schedule has the rule that is asked about; `None` for one it does not have.
async fn in_force_since(
    conn: &mut Connection,
    request: &PreviewSchedule,
    shown: &ScheduleRow,
) -> Result<Option<DateTime<Utc>>, EngineError> {
    let Some(id) = request.schedule_id else { return Ok(None) };
    let stored = schedule_clocks::one(conn, id).await?;
    let stored = stored.ok_or(EngineError::NotFound { what: "schedule", field: "schedule_id" })?;
    Ok(stored.listed.schedule.has_the_rule_of(shown).then_some(stored.rule_since))
}

/// The schedule that a preview is about, as it would be saved.
fn shown_as_saved(request: &PreviewSchedule, at: DateTime<Utc>) -> Result<ScheduleRow, EngineError> {
    Ok(ScheduleRow {
        id: ScheduleId(uuid::Uuid::nil()),
        flow_id: mf_domain::ids::FlowId(uuid::Uuid::nil()),
        recurrence: request.recurrence.clone(),
        timezone: Zone::named(&request.timezone)?.name().to_owned(),
        target_list_id: None,
        misfire: name_of(Misfire::default()),
        overlap: name_of(Overlap::default()),
        grace_seconds: DEFAULT_GRACE,
        limits: Limits {
            windows: json("windows", &request.windows)?,
            blackout_ids: json("blackout_ids", &request.blackout_calendar_ids)?,
            on_blackout: name_of(request.on_blackout.unwrap_or_default()),
            notify_before: None,
            notify_unfinished_at: None,
        },
        intake: Answers::new(),
        created_by: None,
        created_at: at,
        updated_at: at,
    })
}

/// What comes, with what its rule makes of it.
fn told(rule: &Rule, coming: Coming) -> PreviewedOccurrence {
    let first = coming.due.first;
    let (verdict, starts_at, blackout) = match coming.verdict {
        policy::Verdict::Runs => (Verdict::Runs, None, None),
        policy::Verdict::Moved(at) => (Verdict::Moved, Some(at), rule.blocks(first.at)),
        policy::Verdict::Replaced(at) => (Verdict::Replaced, Some(at), rule.blocks(first.at)),
        policy::Verdict::Blocked(Blocked::OutsideWindow) => (Verdict::OutsideWindow, None, None),
        policy::Verdict::Blocked(by) => (Verdict::Blackout, None, Some(by)),
    };
    let blackout = blackout.and_then(|by| match by {
        Blocked::Blackout(name) => Some(name),
        Blocked::OutsideWindow => None,
    });
    let count = coming.due.count.try_into().unwrap_or(u32::MAX);
    PreviewedOccurrence { verdict, starts_at, blackout, count, remark: coming.remark, ..previewed(&first) }
}
