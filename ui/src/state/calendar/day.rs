//! What stands on each day.

use super::span::Span;
use crate::components::icon::Icon;
use crate::components::status::{Look, of_batch};
use crate::route::Route;
use crate::state::agenda::{Wall, clock, is_due};
use crate::state::time;
use chrono::{DateTime, NaiveDate, Utc};
use mf_contract::agenda::{UpcomingBlackout, UpcomingDay, UpcomingRun, UpcomingWindow};
use mf_contract::batches::BatchSummary;
use mf_contract::schedules::MissedOccurrence;

/// Something that stands on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What<'a> {
    Run(&'a UpcomingRun),
    Batch(&'a BatchSummary),
    Missed(&'a MissedOccurrence),
}

/// When, and what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    pub at: DateTime<Utc>,
    pub what: What<'a>,
}

impl<'a> Entry<'a> {
    /// The flow it is of.
    #[must_use]
    pub fn name(&self) -> &'a str {
        match self.what {
            What::Run(run) => &run.flow_name,
            What::Batch(batch) => &batch.flow_name,
            What::Missed(missed) => &missed.flow_name,
        }
    }

    /// The time of day.
    #[must_use]
    pub fn clock(&self, wall: Wall) -> String {
        match self.what {
            What::Run(run) => clock(run, wall),
            What::Batch(_) | What::Missed(_) => time::clock(wall(self.at)),
        }
    }

    /// What it is, in colour, icon and word.
    #[must_use]
    pub fn look(&self, now: DateTime<Utc>) -> Look {
        match self.what {
            What::Run(run) if is_due(run, now) => Look { word: "Due now", icon: Icon::Clock, tone: "amber" },
            What::Run(_) => Look { word: "Planned", icon: Icon::Calendar, tone: "amber" },
            What::Batch(batch) => of_batch(batch.status, batch.rollup.failed),
            What::Missed(_) => Look { word: "Missed", icon: Icon::Alert, tone: "red" },
        }
    }

    /// The page it leads to.
    #[must_use]
    pub fn route(&self) -> Route {
        match self.what {
            What::Run(run) => Route::Maintenance { id: run.flow_id },
            What::Batch(batch) => Route::Batch { id: batch.batch_id },
            What::Missed(missed) => Route::Maintenance { id: missed.flow_id },
        }
    }
}

/// A day with what stands on it, in the order of the clock.
#[derive(Debug, PartialEq)]
pub struct Day<'a> {
    pub date: NaiveDate,
    pub entries: Vec<Entry<'a>>,
    /// Lines and runs that are planned beyond those among the entries.
    pub more_lines: usize,
    pub more_runs: usize,
    /// There may be batches or missed runs beyond those among the entries.
    pub is_cut: bool,
    pub blackouts: &'a [UpcomingBlackout],
    /// The hours in which schedules may start runs, and how many more there are.
    pub windows: &'a [UpcomingWindow],
    pub more_windows: usize,
}

impl Day<'_> {
    /// How many lines it has, shown or not.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.entries.len() + self.more_lines
    }

    /// How many runs are planned, told or not.
    #[must_use]
    pub fn planned(&self) -> usize {
        let of = |entry: &Entry<'_>| if let What::Run(run) = entry.what { run.count as usize } else { 0 };
        self.more_runs + self.entries.iter().map(of).sum::<usize>()
    }
}

/// Everything that was answered about a span.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answered<'a> {
    pub upcoming: &'a [UpcomingDay],
    pub batches: &'a [BatchSummary],
    pub missed: &'a [MissedOccurrence],
    /// Newest first, batches and missed runs end here; what lies before is not known.
    pub known_from: Option<DateTime<Utc>>,
}

/// Where a list that is told newest first ends, if it was cut.
#[must_use]
pub fn cut_at<T>(list: &[T], most: usize, at: fn(&T) -> DateTime<Utc>) -> Option<DateTime<Utc>> {
    (list.len() >= most).then(|| list.last().map(at)).flatten()
}

/// The days of a span. Everything stands on the day it has on a wall clock; a batch on the day it was launched.
#[must_use]
pub fn days<'a>(span: Span, wall: Wall, answered: Answered<'a>) -> Vec<Day<'a>> {
    let Answered { upcoming, batches, missed, known_from } = answered;
    let cut_on = known_from.map(|at| wall(at).date());
    let day = |date| Day {
        date,
        entries: Vec::new(),
        more_lines: 0,
        more_runs: 0,
        is_cut: cut_on.is_some_and(|cut| date <= cut),
        blackouts: &[],
        windows: &[],
        more_windows: 0,
    };
    let mut days: Vec<Day<'a>> = span.days().map(day).collect();
    for (begin, coming) in span.begins(wall).into_iter().zip(upcoming) {
        let since = (wall(begin).date() - span.first).num_days();
        let Some(day) = usize::try_from(since).ok().and_then(|at| days.get_mut(at)) else { continue };
        let told: usize = coming.first.iter().map(|run| run.count as usize).sum();
        day.more_runs = usize::try_from(coming.runs).unwrap_or(usize::MAX).saturating_sub(told);
        day.more_lines = (coming.lines as usize).saturating_sub(coming.first.len());
        day.blackouts = &coming.blackouts;
        (day.windows, day.more_windows) = (&coming.windows, coming.more_windows as usize);
    }
    let runs = upcoming.iter().flat_map(|day| planned(&day.first));
    for entry in runs.chain(ran(batches)).chain(failed_to_run(missed)) {
        let since = (wall(entry.at).date() - span.first).num_days();
        let day = usize::try_from(since).ok().and_then(|at| days.get_mut(at));
        let Some(day) = day else { continue };
        // Behind its equals; a day has few, and a sort of its own would have to be loaded.
        let place = day.entries.partition_point(|other| other.at <= entry.at);
        day.entries.insert(place, entry);
    }
    days
}

/// What was asked about a day by itself, where the others leave something out of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfDay<'a> {
    pub runs: Option<&'a [UpcomingRun]>,
    pub past: Option<Past<'a>>,
}

/// What ran on a day and what was missed.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    pub batches: &'a [BatchSummary],
    pub missed: &'a [MissedOccurrence],
    /// Not even of the day by itself everything was told.
    pub is_cut: bool,
}

/// A day with everything that was told of it by itself.
#[must_use]
pub fn with_all<'a>(day: &Day<'a>, wall: Wall, of_day: OfDay<'a>) -> Day<'a> {
    let mut all = Day { entries: day.entries.clone(), ..*day };
    let is_run = |entry: &Entry<'_>| matches!(entry.what, What::Run(_));
    if let Some(past) = of_day.past.filter(|_| day.is_cut) {
        all.entries.retain(is_run);
        let on_it = |entry: &Entry<'_>| wall(entry.at).date() == day.date;
        all.entries.extend(ran(past.batches).chain(failed_to_run(past.missed)).filter(on_it));
        all.is_cut = past.is_cut;
    }
    if let Some(runs) = of_day.runs.filter(|runs| !runs.is_empty() && day.more_lines > 0) {
        let lines = day.more_lines + day.entries.iter().filter(|entry| is_run(entry)).count();
        all.entries.retain(|entry| !is_run(entry));
        all.entries.extend(planned(runs));
        let told: usize = runs.iter().map(|run| run.count as usize).sum();
        all.more_runs = day.planned().saturating_sub(told);
        all.more_lines = lines.saturating_sub(runs.len());
    }
    all.entries.sort_by_key(|entry| entry.at);
    all
}

fn planned(runs: &[UpcomingRun]) -> impl Iterator<Item = Entry<'_>> {
    runs.iter().map(|run| Entry { at: run.at, what: What::Run(run) })
}

fn ran(batches: &[BatchSummary]) -> impl Iterator<Item = Entry<'_>> {
    batches.iter().map(|batch| Entry { at: batch.launched_at, what: What::Batch(batch) })
}

fn failed_to_run(missed: &[MissedOccurrence]) -> impl Iterator<Item = Entry<'_>> {
    missed.iter().map(|missed| Entry { at: missed.nominal, what: What::Missed(missed) })
}

#[cfg(test)]
mod tests {
    use super::super::super::agenda::tests::{at, berlin, missed, run};
    use super::super::{View, blackout_words, summary};
    use super::*;
    use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
    use mf_domain::flow::SignOffRule;
    use mf_domain::ids::{BatchId, FlowId};
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        time::parse_day(text).unwrap()
    }

    fn batch(launched: &str) -> BatchSummary {
        BatchSummary {
            batch_id: BatchId(Uuid::from_u128(1)),
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Patch".to_owned(),
            origin: BatchOrigin::Schedule,
            launched_at: at(launched),
            scheduled_for: None,
            rollup: Rollup { total: 2, failed: 1, completed: 1, ..Rollup::default() },
            status: BatchStatus::Finished,
            unassigned: 0,
            ticket: None,
            sign_off_rule: SignOffRule::None,
            sign_off: None,
        }
    }

    #[test]
    fn everything_stands_on_its_day_in_the_order_of_the_clock() {
        let span = Span::of(View::Week, day("2026-11-25"));
        // 23:30 in UTC is the next day in Berlin.
        let runs = [run("late", "2026-11-25T23:30:00Z"), run("early", "2026-11-26T05:00:00Z")];
        let batches = [batch("2026-11-25T23:45:00Z"), batch("2026-11-30T12:00:00Z")];
        let missed = [missed("2026-11-26T04:00:00Z", 30), missed("2026-11-22T12:00:00Z", 1)];
        let begins = span.begins(berlin);
        let coming = |begin: &DateTime<Utc>| {
            let end = *begin + chrono::Duration::days(1);
            let first: Vec<_> = runs.iter().filter(|run| run.at >= *begin && run.at < end).cloned().collect();
            UpcomingDay {
                runs: first.len() as u64,
                lines: first.len() as u32,
                first,
                ..UpcomingDay::default()
            }
        };
        let mut upcoming: Vec<UpcomingDay> = begins.iter().map(coming).collect();
        let answered = Answered { upcoming: &upcoming, batches: &batches, missed: &missed, known_from: None };
        let days = days(span, berlin, answered);
        assert_eq!(days.len(), 7);
        let thursday = &days[3];
        let names: Vec<&str> = thursday.entries.iter().map(Entry::name).collect();
        assert_eq!(names, ["late", "Patch", "Backup test", "early"]);
        assert_eq!(summary(thursday), "2 planned, 1 batch, 30 missed");
        assert_eq!(summary(&days[0]), "nothing");
        assert_eq!(days.iter().map(|day| day.entries.len()).sum::<usize>(), 4);

        let now = at("2026-11-26T04:30:00Z");
        let words: Vec<&str> = thursday.entries.iter().map(|entry| entry.look(now).word).collect();
        assert_eq!(words, ["Due now", "Failed", "Missed", "Planned"]);
        let clocks: Vec<String> = thursday.entries.iter().map(|entry| entry.clock(berlin)).collect();
        assert_eq!(clocks, ["00:30", "00:45", "05:00", "06:00"]);
        assert_eq!(thursday.entries[1].route(), Route::Batch { id: BatchId(Uuid::from_u128(1)) });

        // More than was told, a day that was cut, and a blackout.
        upcoming[0] = UpcomingDay { runs: 1_440, lines: 3, ..UpcomingDay::default() };
        let name = "Freeze".to_owned();
        let (from, to) = (at("2026-11-24T17:00:00Z"), at("2026-11-24T23:00:00Z"));
        upcoming[1].blackouts = vec![UpcomingBlackout { name, from, to }];
        let known_from = cut_at(&batches, 2, |batch| batch.launched_at);
        assert_eq!(known_from, Some(batches[1].launched_at));
        assert_eq!(cut_at(&batches, 3, |batch| batch.launched_at), None);
        let known_from = Some(at("2026-11-24T12:00:00Z"));
        let answered = Answered { upcoming: &upcoming, batches: &batches, missed: &missed, known_from };
        let days = super::days(span, berlin, answered);
        assert_eq!(summary(&days[0]), "1,440 planned, not everything that ran is shown");
        assert_eq!((days[0].lines(), days[1].is_cut, days[2].is_cut), (3, true, false));
        let words = |day: &Day<'_>| blackout_words(&day.blackouts[0], day.date, berlin);
        assert_eq!(words(&days[1]), "Blackout, Freeze, from 18:00");
    }

    #[test]
    fn a_day_that_was_cut_is_whole_once_it_is_told_by_itself() {
        let span = Span::of(View::Week, day("2026-11-25"));
        let (some, all) =
            ([batch("2026-11-25T12:00:00Z")], [batch("2026-11-25T12:00:00Z"), batch("2026-11-25T02:00:00Z")]);
        // A span of the day before reaches into it.
        let spans = [missed("2026-11-25T01:00:00Z", 2), missed("2026-11-24T12:00:00Z", 30)];
        let upcoming = vec![UpcomingDay {
            runs: 1,
            lines: 1,
            first: vec![run("late", "2026-11-25T21:00:00Z")],
            ..UpcomingDay::default()
        }];
        let upcoming = [vec![UpcomingDay::default(); 2], upcoming].concat();
        let known_from = Some(at("2026-11-25T12:00:00Z"));
        let days =
            days(span, berlin, Answered { upcoming: &upcoming, batches: &some, missed: &[], known_from });
        let wednesday = &days[2];
        assert_eq!(summary(wednesday), "1 planned, 1 batch, not everything that ran is shown");
        let past = |is_cut| Some(Past { batches: &all, missed: &spans, is_cut });
        let whole = with_all(wednesday, berlin, OfDay { runs: None, past: past(false) });
        assert_eq!(summary(&whole), "1 planned, 2 batches, 2 missed");
        assert!(whole.entries.is_sorted_by_key(|entry| entry.at));
        assert!(with_all(wednesday, berlin, OfDay { runs: None, past: past(true) }).is_cut);
        assert_eq!(with_all(wednesday, berlin, OfDay::default()), *wednesday);
    }
}
