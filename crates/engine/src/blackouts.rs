//! Blackout calendars. A change of one is a change of the rule of every schedule that keeps clear of it.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::scheduler::{Attempt, moved_to_other_dates, record, whatever_fails_to_fire};
use chrono::{DateTime, Utc};
use mf_contract::blackouts::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::Invalid;
use mf_domain::ids::{BlackoutCalendarId, ScheduleId};
use mf_domain::policy::{blackout, ical};
use mf_domain::role::Role;
use mf_domain::text;
use mf_store::blackout_calendars::{self as table, CalendarRow};
use mf_store::schedules::ListedSchedule;
use mf_store::{Connection, StoreError, Write, schedule_clocks, schedules};

async fn require(conn: &mut Connection, id: BlackoutCalendarId) -> Result<CalendarRow, EngineError> {
    table::get(conn, id).await?.ok_or(EngineError::NotFound { what: "blackout calendar", field: "id" })
}

fn answer(row: CalendarRow) -> BlackoutCalendar {
    BlackoutCalendar {
        id: row.id,
        name: row.name,
        entries: row.entries,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The active schedules that keep clear of a calendar, as far as they can be read; the others do not run anyway.
async fn running_clear_of(
    conn: &mut Connection,
    id: BlackoutCalendarId,
) -> Result<Vec<ListedSchedule>, EngineError> {
    let keeping = schedules::keeping_clear_of(conn, id).await?;
    Ok(keeping.into_iter().flatten().filter(|listed| listed.is_active).collect())
}

impl Engine {
    /// Writes a calendar. What its schedules have due is dealt with first, under the dates before; what waits and comes out
    /// differently under the dates as they are now is recorded, and everything else goes on as before.
    async fn put_calendar(
        &self,
        mut write: Write,
        row: &CalendarRow,
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<(), EngineError> {
        let before = table::get(write.conn(), row.id).await.ok().flatten();
        // A name changes nothing about when anything runs.
        let same_dates = before.is_some_and(|before| before.entries == row.entries);
        let affected = if same_dates { Vec::new() } else { running_clear_of(write.conn(), row.id).await? };
        let ids: Vec<ScheduleId> = affected.iter().map(|listed| listed.schedule.id).collect();
        let schedules = || affected.iter().map(|listed| &listed.schedule);
        let dealt_with = self.deal_with_first(&mut write, &ids, attempt, now).await?;
        let before = Calendars::of(write.conn(), schedules()).await?;
        table::put(&mut write, row).await?;
        let after = Calendars::of(write.conn(), schedules()).await?;
        let (mut undone, mut clocks) = (Vec::new(), Vec::new());
        for due in schedule_clocks::of_ids(write.conn(), &ids).await?.into_iter().flatten() {
            if let Some((spans, clock)) = moved_to_other_dates(&due, (&before, &after), now)? {
                undone.extend(spans);
                clocks.push(clock);
            }
        }
        record(&mut write, undone, &ids).await?;
        schedule_clocks::put(&mut write, &clocks).await?;
        write.commit().await?;
        self.tell_dealt_with(&dealt_with);
        self.tell_of_calendar();
        Ok(())
    }

    fn tell_of_calendar(&self) {
        self.schedules_changed.notify_one();
        self.emit(Event::EverythingChanged);
    }
}

impl Handle<CreateBlackoutCalendar> for Engine {
    async fn handle(&self, request: CreateBlackoutCalendar) -> Result<BlackoutCalendar, EngineError> {
        let now = self.now();
        let row = CalendarRow {
            id: self.new_id(),
            name: text::name("name", &request.name)?,
            entries: blackout::validate(request.entries)?,
            created_by: Some(self.store.identity().member),
            created_at: now,
            updated_at: now,
        };
        let write = self.write(Role::Manager).await?;
        // Nothing keeps clear of a calendar that there was not.
        self.put_calendar(write, &row, Attempt::Fire, now).await?;
        Ok(answer(row))
    }
}

impl Handle<UpdateBlackoutCalendar> for Engine {
    async fn handle(&self, request: UpdateBlackoutCalendar) -> Result<BlackoutCalendar, EngineError> {
        whatever_fails_to_fire(|attempt| self.update_calendar(request.clone(), attempt)).await
    }
}

impl Engine {
    async fn update_calendar(
        &self,
        request: UpdateBlackoutCalendar,
        attempt: Attempt,
    ) -> Result<BlackoutCalendar, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let now = self.now();
        let before = require(write.conn(), request.id).await?;
        let row = CalendarRow {
            name: request.name.map_or(Ok(before.name), |name| text::name("name", &name))?,
            entries: request.entries.map_or(Ok(before.entries), blackout::validate)?,
            updated_at: now,
            ..before
        };
        self.put_calendar(write, &row, attempt, now).await?;
        Ok(answer(row))
    }
}

impl Handle<ImportBlackoutCalendar> for Engine {
    async fn handle(&self, request: ImportBlackoutCalendar) -> Result<ImportedBlackoutCalendar, EngineError> {
        self.require(Role::Manager)?;
        let text = request.ical;
        // A large file takes a second; others must be answered meanwhile. The task is not cancelled, and does not panic.
        let read = tokio::task::spawn_blocking(move || ical::read(&text)).await;
        let read = read.map_err(|error| StoreError::File(std::io::Error::other(error)))??;
        let calendar = match (request.name, request.id) {
            (Some(name), None) => self.handle(CreateBlackoutCalendar { name, entries: read.entries }).await?,
            (None, Some(id)) => {
                let update = UpdateBlackoutCalendar { id, name: None, entries: Some(read.entries) };
                self.handle(update).await?
            }
            _ => return Err(Invalid::new("name", "give a name for a new calendar, or the id of one").into()),
        };
        Ok(ImportedBlackoutCalendar { calendar, events: read.events, ignored: read.ignored })
    }
}

impl Handle<GetBlackoutCalendar> for Engine {
    async fn handle(&self, request: GetBlackoutCalendar) -> Result<BlackoutCalendar, EngineError> {
        Ok(answer(require(&mut *self.read().await?, request.id).await?))
    }
}

impl Handle<ListBlackoutCalendars> for Engine {
    async fn handle(&self, _: ListBlackoutCalendars) -> Result<Vec<BlackoutCalendarSummary>, EngineError> {
        let listed = table::list(&mut *self.read().await?).await?;
        Ok(listed
            .into_iter()
            .map(|calendar| BlackoutCalendarSummary {
                id: calendar.id,
                name: calendar.name,
                entry_count: calendar.entries,
                schedule_count: calendar.schedules,
                updated_at: calendar.updated_at,
            })
            .collect())
    }
}

impl Handle<DeleteBlackoutCalendar> for Engine {
    async fn handle(&self, request: DeleteBlackoutCalendar) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        require(write.conn(), request.id).await?;
        // Without its dates they would not run at all; nor would one that cannot be read now, once it can be.
        if let Some(first) = schedules::keeping_clear_of(write.conn(), request.id).await?.first() {
            let message = match first {
                Ok(first) => {
                    format!(
                        "the schedule of “{}” keeps clear of it: take it off there first",
                        first.flow_name
                    )
                }
                Err(unreadable) => format!(
                    "the schedule of “{}”, which this release cannot read, keeps clear of it: delete that first",
                    unreadable.flow_name
                ),
            };
            return Err(EngineError::conflict("id", message));
        }
        table::delete(&mut write, request.id, self.now()).await?;
        write.commit().await?;
        self.tell_of_calendar();
        Ok(Done {})
    }
}
