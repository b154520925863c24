//! When a schedule may run: its windows and blackouts as they are stored, and the rule they make with its recurrence.
//!
//! What cannot be read never counts as "no limit": there is no rule then, and nothing runs.

use crate::error::EngineError;
use crate::names::named;
use crate::stored_rule::timetable;
use chrono::{DateTime, Utc};
use mf_domain::Invalid;
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::policy::rule::is_sparse;
use mf_domain::policy::{AllowedWindow, Blackout, Never, Next, OnBlackout, Rule, windows};
use mf_domain::recurrence::{TimeOfDay, Zone};
use mf_store::blackout_calendars::CalendarRow;
use mf_store::schedule_clocks::DueSchedule;
use mf_store::schedules::{ScheduleRow, UnreadableSchedule};
use mf_store::{Connection, StoreError, blackout_calendars};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A week, in minutes.
const NOTIFY_BEFORE_MAX: u32 = 10_080;
/// Most calendars of one schedule.
const CALENDARS_MAX: usize = 50;

/// The windows of a schedule.
pub(crate) fn windows_of(schedule: &ScheduleRow) -> Result<Vec<AllowedWindow>, Invalid> {
    let unreadable = |_| Invalid::new("windows", "cannot be read by this release");
    let read: Vec<AllowedWindow> = serde_json::from_str(&schedule.limits.windows).map_err(unreadable)?;
    windows::validate(&read)?;
    Ok(read)
}

/// The calendars a schedule keeps clear of.
pub(crate) fn calendars_of(schedule: &ScheduleRow) -> Result<Vec<BlackoutCalendarId>, Invalid> {
    serde_json::from_str(&schedule.limits.blackout_ids)
        .map_err(|_| Invalid::new("blackout_calendar_ids", "cannot be read by this release"))
}

pub(crate) fn on_blackout_of(schedule: &ScheduleRow) -> Result<OnBlackout, Invalid> {
    named(&schedule.limits.on_blackout)
        .ok_or_else(|| Invalid::new("on_blackout", "is none that this release knows"))
}

/// The time of day at which an open run is told.
pub(crate) fn unfinished_of(schedule: &ScheduleRow) -> Option<TimeOfDay> {
    TimeOfDay::parse(schedule.limits.notify_unfinished_at.as_deref()?).ok()
}

/// Some calendars as one, or why they are none.
type Compiled = Result<Arc<Blackout>, Invalid>;

/// Blackout calendars, each read and compiled once however many schedules keep clear of it, and from however many threads
/// they are planned.
#[derive(Debug, Default)]
pub(crate) struct Calendars {
    rows: HashMap<BlackoutCalendarId, Result<CalendarRow, StoreError>>,
    compiled: Mutex<HashMap<Vec<BlackoutCalendarId>, Compiled>>,
}

impl Calendars {
    /// Those that these schedules name.
    pub(crate) async fn of<'a>(
        conn: &mut Connection,
        schedules: impl IntoIterator<Item = &'a ScheduleRow>,
    ) -> Result<Self, EngineError> {
        let ids: Vec<_> =
            schedules.into_iter().filter_map(|schedule| calendars_of(schedule).ok()).flatten().collect();
        Self::named(conn, ids).await
    }

    /// Those that these due schedules name; what cannot be read names none.
    pub(crate) async fn of_due(
        conn: &mut Connection,
        due: &[Result<DueSchedule, UnreadableSchedule>],
    ) -> Result<Self, EngineError> {
        Self::of(conn, due.iter().flatten().map(|due| &due.listed.schedule)).await
    }

    pub(crate) async fn named(
        conn: &mut Connection,
        mut ids: Vec<BlackoutCalendarId>,
    ) -> Result<Self, EngineError> {
        ids.sort_unstable();
        ids.dedup();
        Ok(Self { rows: blackout_calendars::of_ids(conn, &ids).await?, ..Self::default() })
    }

    /// These calendars as one. One that was deleted stops whoever asks, like one that cannot be read: days that somebody closed
    /// are not open because nobody knows them any more.
    pub(crate) fn compiled(&self, ids: Vec<BlackoutCalendarId>) -> Result<Arc<Blackout>, Invalid> {
        if ids.is_empty() {
            return Ok(Arc::default());
        }
        let rows = &self.rows;
        let compile = |ids: &Vec<BlackoutCalendarId>| {
            let mut calendars = Vec::new();
            let refused = |message: &str| Invalid::new("blackout_calendar_ids", message);
            for id in ids {
                let row = rows.get(id).ok_or_else(|| refused("name a calendar that was deleted"))?;
                let row =
                    row.as_ref().map_err(|_| refused("name a calendar that this release cannot read"))?;
                calendars.push((row.name.as_str(), row.entries.as_slice()));
            }
            Blackout::new(calendars).map(Arc::new)
        };
        // What a panic left behind is whole: an entry is put in when it is compiled.
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(ids).or_insert_with_key(compile).clone()
    }

    /// When a schedule runs, by the rule that is in force since an instant.
    pub(crate) fn rule(&self, schedule: &ScheduleRow, since: DateTime<Utc>) -> Result<Rule, Invalid> {
        let zone = Zone::named(&schedule.timezone)?;
        let table = timetable(&schedule.recurrence, &schedule.timezone)?;
        let blackout = self.compiled(calendars_of(schedule)?)?;
        let (windows, on_blackout) = (windows_of(schedule)?, on_blackout_of(schedule)?);
        Ok(Rule::new(table, zone, &windows, blackout, on_blackout, since))
    }
}

/// Checks the limits of a schedule before it is saved.
pub(crate) async fn check(
    conn: &mut Connection,
    schedule: &ScheduleRow,
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let calendars = calendars_of(schedule)?;
    if calendars.len() > CALENDARS_MAX {
        let message = format!("are {}; at most {CALENDARS_MAX} are allowed", calendars.len());
        return Err(Invalid::new("blackout_calendar_ids", message).into());
    }
    let known = Calendars::of(conn, [schedule]).await?;
    if calendars.iter().any(|id| !known.rows.contains_key(id)) {
        return Err(EngineError::NotFound { what: "blackout calendar", field: "blackout_calendar_ids" });
    }
    let table = timetable(&schedule.recurrence, &schedule.timezone)?;
    if on_blackout_of(schedule)? == OnBlackout::Move && !is_sparse(&table) {
        let message = "only a schedule that comes due at most 24 times a day can be moved: choose skip";
        return Err(Invalid::new("on_blackout", message).into());
    }
    let zone = Zone::named(&schedule.timezone)?;
    let windows = windows_of(schedule)?;
    let by_hours = Rule::new(table, zone, &windows, Arc::default(), OnBlackout::Skip, now);
    if by_hours.next_after(now) == Next::Never(Never::OutsideWindows) {
        let message = "no run of this schedule ever lies inside its windows";
        return Err(Invalid::new("windows", message).into());
    }
    if let Some(minutes) = schedule.limits.notify_before.filter(|it| !(1..=NOTIFY_BEFORE_MAX).contains(it)) {
        let message = format!("is {minutes}; it must be 1 to {NOTIFY_BEFORE_MAX} (a week)");
        return Err(Invalid::new("notify_before_minutes", message).into());
    }
    if let Some(time) = schedule.limits.notify_unfinished_at.as_deref() {
        TimeOfDay::parse(time).map_err(|invalid| Invalid::new("notify_unfinished_at", invalid.message))?;
    }
    Ok(())
}

/// Why nothing will ever run, or nothing for years, in words.
pub(crate) fn never_words(never: Never) -> String {
    match never {
        Never::Ended => "The recurrence does not come due any more.".to_owned(),
        Never::OutsideWindows => "Every run lies outside the hours it may start in.".to_owned(),
        Never::BlackedOut => "Every run lies in a blackout.".to_owned(),
        Never::NotUntil(at) => {
            format!("Nothing runs until {}; what comes later was not looked at.", at.format("%-d %B %Y"))
        }
    }
}
