//! What is coming, day by day. Every run is counted; only the first of each day are told, so that a day far behind ten
//! thousand others is no emptier than the first.

use crate::agenda::{alone, at_its_new_time, count_targets, told};
use crate::days::{ONE_BY_ONE, RANGE_MAX};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::limits::Calendars;
use crate::open_hours;
use crate::stored_rule::timetable;
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::Handle;
use mf_contract::agenda::*;
use mf_domain::Invalid;
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::recurrence::{Due, MOMENT, Zone};
use mf_store::schedule_clocks::DueSchedule;
use mf_store::{Connection, schedule_clocks, schedules};

const DAYS_MAX: usize = 62;
const FIRST: u32 = 10;
const FIRST_MAX: u32 = 100;

/// A line of a day, before it is put in words.
#[derive(Clone, Copy)]
struct Line<'a> {
    due: &'a DueSchedule,
    part: Due,
    moved_from: Option<DateTime<Utc>>,
}

/// A day being counted.
#[derive(Default)]
struct Counted<'a> {
    runs: u64,
    lines: u32,
    /// The first of them, and some more.
    first: Vec<Line<'a>>,
}

impl<'a> Counted<'a> {
    fn add(&mut self, line: Line<'a>, first: usize) {
        self.runs += line.part.count;
        self.lines += 1;
        self.first.push(line);
        if self.first.len() > first * 4 + 100 {
            self.keep(first);
        }
    }

    fn keep(&mut self, first: usize) {
        let key =
            |line: &Line<'a>| (line.part.first.at, &line.due.listed.flow_name, line.due.listed.schedule.id);
        self.first.sort_by(|a, b| key(a).cmp(&key(b)));
        self.first.truncate(first);
    }
}

/// The days asked for: each begins at one of `edges` and ends at the next.
struct Asked {
    edges: Vec<DateTime<Utc>>,
    first: usize,
}

impl Asked {
    fn of(request: ListUpcomingDays) -> Result<Self, Invalid> {
        let first = request.first.unwrap_or(FIRST);
        if first > FIRST_MAX {
            return Err(Invalid::new("first", format!("is {first}; it must be 0 to {FIRST_MAX}")));
        }
        let mut edges = request.days;
        if edges.is_empty() || edges.len() > DAYS_MAX {
            return Err(Invalid::new("days", format!("are {}; 1 to {DAYS_MAX} are allowed", edges.len())));
        }
        if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Invalid::new("days", "must be in order"));
        }
        if edges.last().is_some_and(|last| *last >= request.to) {
            return Err(Invalid::new("to", "must be after the last day has begun"));
        }
        if edges.first().is_some_and(|from| request.to - *from > TimeDelta::days(RANGE_MAX)) {
            return Err(Invalid::new("to", format!("must be at most {RANGE_MAX} days after the first")));
        }
        edges.push(request.to);
        Ok(Self { edges, first: first as usize })
    }

    fn days(&self) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        self.edges.iter().copied().zip(self.edges.iter().copied().skip(1))
    }

    /// Counts the runs of a schedule.
    fn count<'a>(
        &self,
        due: &'a DueSchedule,
        calendars: &Calendars,
        days: &mut [Counted<'a>],
    ) -> Result<(), Invalid> {
        let (Some(from), Some(to)) = (self.edges.first(), self.edges.last()) else { return Ok(()) };
        let schedule = &due.listed.schedule;
        let rule = calendars.rule(schedule, due.rule_since)?;
        let (table, zone) = (rule.table(), Zone::named(&schedule.timezone)?);
        let all = rule.runs(due.checked_through.max(*from - MOMENT), *to - MOMENT);
        let mut add = |part: Due, moved_from: Option<DateTime<Utc>>| {
            let day = self.edges.partition_point(|edge| *edge <= part.first.at);
            if let Some(day) = day.checked_sub(1).and_then(|day| days.get_mut(day)) {
                day.add(Line { due, part, moved_from }, self.first);
            }
        };
        for part in &all.regular {
            let (after, until) = (part.first.at - MOMENT, part.latest.at);
            if all.count() <= ONE_BY_ONE {
                table.expand(after, until, usize::MAX).into_iter().for_each(|it| add(alone(it), None));
                continue;
            }
            for (begin, end) in self.days().filter(|(begin, end)| *begin <= until && *end > after) {
                if let Some(part) = table.due_between(after.max(begin - MOMENT), until.min(end - MOMENT)) {
                    add(part, None);
                }
            }
        }
        for moved in &all.moved {
            add(alone(at_its_new_time(&zone, moved)), Some(moved.occurrence.at));
        }
        Ok(())
    }

    /// What is blacked out on each day for some active schedule.
    async fn blackouts(&self, conn: &mut Connection) -> Result<Vec<Vec<UpcomingBlackout>>, EngineError> {
        let kept: Vec<(String, Vec<BlackoutCalendarId>)> = schedules::kept_clear_of(conn)
            .await?
            .into_iter()
            // One that cannot be read does not run, whatever the day.
            .filter_map(|(zone, ids)| Some((zone, serde_json::from_str(&ids).ok()?)))
            .collect();
        let ids = kept.iter().flat_map(|(_, ids)| ids).copied().collect();
        let calendars = Calendars::named(conn, ids).await?;
        let mut days: Vec<Vec<UpcomingBlackout>> = self.days().map(|_| Vec::new()).collect();
        for (zone, ids) in kept {
            let (Ok(zone), Ok(blackout)) = (Zone::named(&zone), calendars.compiled(ids)) else { continue };
            for (day, (begin, end)) in days.iter_mut().zip(self.days()) {
                for (from, to, name) in blackout.within(&zone, begin, end) {
                    match day.iter_mut().find(|known| known.name == name) {
                        Some(known) => (known.from, known.to) = (known.from.min(from), known.to.max(to)),
                        None => day.push(UpcomingBlackout { name: name.to_owned(), from, to }),
                    }
                }
            }
        }
        for day in &mut days {
            day.sort_by(|a, b| (a.from, &a.name).cmp(&(b.from, &b.name)));
        }
        Ok(days)
    }
}

impl Handle<ListUpcomingDays> for Engine {
    async fn handle(&self, request: ListUpcomingDays) -> Result<Vec<UpcomingDay>, EngineError> {
        let (asked, now) = (Asked::of(request)?, self.now());
        let mut reader = self.read().await?;
        let Some(to) = asked.edges.last() else { return Ok(Vec::new()) };
        let coming = schedule_clocks::running_by(&mut reader, *to).await?;
        // One that cannot be read does not fire either; the tick says so.
        let coming: Vec<DueSchedule> = coming.into_iter().flatten().collect();
        let calendars = Calendars::of(&mut reader, coming.iter().map(|due| &due.listed.schedule)).await?;
        let mut counted: Vec<Counted<'_>> = asked.days().map(|_| Counted::default()).collect();
        for due in &coming {
            if let Err(error) = asked.count(due, &calendars, &mut counted) {
                tracing::warn!(schedule = %due.listed.schedule.id, %error, "no timetable");
            }
        }
        let hours = schedules::hours(&mut reader).await?;
        let open = open_hours::open_on(&asked.days().collect::<Vec<_>>(), &hours);
        let mut days = Vec::with_capacity(counted.len());
        let besides = asked.blackouts(&mut reader).await?.into_iter().zip(open);
        for (mut day, (blackouts, mut windows)) in counted.into_iter().zip(besides) {
            day.keep(asked.first);
            let mut first = Vec::with_capacity(day.first.len());
            for line in &day.first {
                let schedule = &line.due.listed.schedule;
                let words = timetable(&schedule.recurrence, &schedule.timezone)?.description();
                first.push(told(line.due, &words, line.part, line.moved_from, now));
            }
            let more_windows = windows.len().saturating_sub(UpcomingDay::WINDOWS_MOST);
            windows.truncate(UpcomingDay::WINDOWS_MOST);
            days.push(UpcomingDay {
                runs: day.runs,
                lines: day.lines,
                first,
                blackouts,
                windows,
                more_windows: u32::try_from(more_windows).unwrap_or(u32::MAX),
            });
        }
        count_targets(&mut reader, days.iter_mut().flat_map(|day| &mut day.first).collect()).await?;
        Ok(days)
    }
}
