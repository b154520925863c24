//! Blackout calendars. A change of one is a change of the rule of every schedule that keeps clear of it.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::scheduler::moved_to_other_dates;
use chrono::{DateTime, Utc};
use mf_contract::blackouts::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::Invalid;
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::policy::{blackout, ical};
use mf_domain::role::Role;
use mf_domain::text;
use mf_store::blackout_calendars::{self as table, CalendarRow};
use mf_store::schedules::ListedSchedule;
use mf_store::{Connection, StoreError, Write, missed, schedule_clocks, schedules};

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

/// The schedules that keep clear of a calendar, as far as they can be read; the others do not run anyway.
async fn keeping_clear_of(
    conn: &mut Connection,
    id: BlackoutCalendarId,
) -> Result<Vec<ListedSchedule>, EngineError> {
    Ok(schedules::keeping_clear_of(conn, id).await?.into_iter().flatten().collect())
}

impl Engine {
    /// Writes a calendar. What its schedules have not dealt with yet and what comes out differently under the dates as they
    /// are now is recorded; everything else goes on as before.
    async fn put_calendar(
        &self,
        mut write: Write,
        row: CalendarRow,
        now: DateTime<Utc>,
    ) -> Result<BlackoutCalendar, EngineError> {
        let before = table::get(write.conn(), row.id).await.ok().flatten();
        // A name changes nothing about when anything runs.
        let same_dates = before.is_some_and(|before| before.entries == row.entries);
        let mut affected =
            if same_dates { Vec::new() } else { keeping_clear_of(write.conn(), row.id).await? };
        affected.retain(|listed| listed.is_active);
        let schedules = || affected.iter().map(|listed| &listed.schedule);
        let mut before = Calendars::of(write.conn(), schedules()).await?;
        table::put(&mut write, &row).await?;
        let mut after = Calendars::of(write.conn(), schedules()).await?;
        let (mut undone, mut clocks) = (Vec::new(), Vec::new());
        for schedule in schedules() {
            let Some(due) = schedule_clocks::one(write.conn(), schedule.id).await? else { continue };
            let calendars = (&mut before, &mut after);
            if let Some((spans, clock)) = moved_to_other_dates(write.conn(), &due, calendars, now).await? {
                undone.extend(spans);
                clocks.push(clock);
            }
        }
        missed::insert(&mut write, &undone).await?;
        schedule_clocks::put(&mut write, &clocks).await?;
        write.commit().await?;
        self.tell_of_calendar();
        Ok(answer(row))
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
        self.put_calendar(write, row, now).await
    }
}

impl Handle<UpdateBlackoutCalendar> for Engine {
    async fn handle(&self, request: UpdateBlackoutCalendar) -> Result<BlackoutCalendar, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let now = self.now();
        let before = require(write.conn(), request.id).await?;
        let row = CalendarRow {
            name: request.name.map_or(Ok(before.name), |name| text::name("name", &name))?,
            entries: request.entries.map_or(Ok(before.entries), blackout::validate)?,
            updated_at: now,
            ..before
        };
        self.put_calendar(write, row, now).await
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
        // Without its dates they would run on days somebody closed.
        if let Some(first) = keeping_clear_of(write.conn(), request.id).await?.first() {
            let message =
                format!("the schedule of “{}” keeps clear of it: take it off there first", first.flow_name);
            return Err(EngineError::conflict("id", message));
        }
        table::delete(&mut write, request.id, self.now()).await?;
        write.commit().await?;
        self.tell_of_calendar();
        Ok(Done {})
    }
}
