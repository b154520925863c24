//! The calendar: which days it shows, what stands on each of them, and where a key leads.

use super::agenda::{Wall, clock, is_due};
use super::time;
use crate::components::icon::Icon;
use crate::components::status::{Look, of_batch};
use crate::route::Route;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use mf_contract::agenda::{UpcomingBlackout, UpcomingDay, UpcomingRun};
use mf_contract::batches::BatchSummary;
use mf_contract::schedules::MissedOccurrence;

/// How much of the calendar is shown at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Month,
    Week,
}

impl View {
    /// Both, in the order of the buttons.
    pub const ALL: [Self; 2] = [Self::Month, Self::Week];

    /// How it is written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
        }
    }
}

/// The years a calendar of maintenance is asked about; an address can name any.
#[must_use]
pub fn is_shown(day: NaiveDate) -> bool {
    (2000..2200).contains(&day.year())
}

fn monday(day: NaiveDate) -> NaiveDate {
    let past = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(past)).unwrap_or(day)
}

fn ahead(day: NaiveDate, by: u64) -> NaiveDate {
    day.checked_add_days(Days::new(by)).unwrap_or(day)
}

/// The days on the screen: whole weeks, from a Monday on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: NaiveDate,
    pub weeks: u64,
}

impl Span {
    /// The week, or the weeks of the month, a day is in.
    #[must_use]
    pub fn of(view: View, day: NaiveDate) -> Self {
        match view {
            View::Week => Self { first: monday(day), weeks: 1 },
            View::Month => {
                let begin = day.with_day(1).unwrap_or(day);
                let first = monday(begin);
                let next = begin.checked_add_months(Months::new(1)).unwrap_or(begin);
                let days = u64::try_from((next - first).num_days()).unwrap_or(7);
                Self { first, weeks: days.div_ceil(7) }
            }
        }
    }

    /// All days of it.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        (0..self.weeks * 7).map(move |by| ahead(self.first, by))
    }

    /// From its first instant to the first instant after it, by a wall clock.
    #[must_use]
    pub fn range(self, wall: Wall) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| time::instant_of(day.and_time(NaiveTime::MIN), wall);
        (midnight(self.first), midnight(ahead(self.first, self.weeks * 7)))
    }

    /// From the first instant of a day to the first after it.
    #[must_use]
    pub fn day_range(day: NaiveDate, wall: Wall) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| time::instant_of(day.and_time(NaiveTime::MIN), wall);
        (midnight(day), midnight(ahead(day, 1)))
    }

    /// The first instant of each day. A day that some zone left out has none.
    #[must_use]
    pub fn begins(self, wall: Wall) -> Vec<DateTime<Utc>> {
        let midnight = |day: NaiveDate| time::instant_of(day.and_time(NaiveTime::MIN), wall);
        let mut begins: Vec<_> = self.days().map(midnight).collect();
        begins.dedup();
        begins
    }

    /// `November 2026`, `23 – 29 November 2026`.
    #[must_use]
    pub fn title(self, view: View, day: NaiveDate) -> String {
        let last = ahead(self.first, 6);
        match view {
            View::Month => time::month_year(day),
            View::Week if self.first.month() == last.month() => {
                format!("{} – {} {}", self.first.day(), last.day(), time::month_year(last))
            }
            View::Week => {
                let midnight = |day: NaiveDate| time::date(day.and_time(NaiveTime::MIN));
                format!("{} – {}", midnight(self.first), midnight(last))
            }
        }
    }
}

/// Where a key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Days(i64),
    /// So many months, or weeks where a week is shown.
    Pages(i32),
    Monday,
    Sunday,
}

/// The day a step leads to; the same one at the end of the calendar.
#[must_use]
pub fn stepped(view: View, day: NaiveDate, step: Step) -> NaiveDate {
    let by_days = |by: i64| day.checked_add_signed(chrono::Duration::days(by));
    let to = match (step, view) {
        (Step::Days(by), _) => by_days(by),
        (Step::Pages(by), View::Week) => by_days(i64::from(by) * 7),
        (Step::Pages(by), View::Month) if by < 0 => day.checked_sub_months(Months::new(by.unsigned_abs())),
        (Step::Pages(by), View::Month) => day.checked_add_months(Months::new(by.unsigned_abs())),
        (Step::Monday, _) => Some(monday(day)),
        (Step::Sunday, _) => Some(ahead(monday(day), 6)),
    };
    to.filter(|day| is_shown(*day)).unwrap_or(day)
}

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
}

impl Day<'_> {
    /// How many lines it has, shown or not.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.entries.len() + self.more_lines
    }
}

/// `Blackout, Year end: Christmas, all day`; `Blackout, Year end, 18:00 – 20:00`.
#[must_use]
pub fn blackout_words(blackout: &UpcomingBlackout, date: NaiveDate, wall: Wall) -> String {
    let (from, to) = (wall(blackout.from), wall(blackout.to));
    let begins = from <= date.and_time(NaiveTime::MIN);
    let ends = to.date() > date;
    let hours = match (begins, ends) {
        (true, true) => "all day".to_owned(),
        (true, false) => format!("until {}", time::clock(to)),
        (false, true) => format!("from {}", time::clock(from)),
        (false, false) => format!("{} – {}", time::clock(from), time::clock(to)),
    };
    format!("Blackout, {}, {hours}", blackout.name)
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
    };
    let mut days: Vec<Day<'a>> = span.days().map(day).collect();
    for (begin, coming) in span.begins(wall).into_iter().zip(upcoming) {
        let since = (wall(begin).date() - span.first).num_days();
        let Some(day) = usize::try_from(since).ok().and_then(|at| days.get_mut(at)) else { continue };
        let told: usize = coming.first.iter().map(|run| run.count as usize).sum();
        day.more_runs = usize::try_from(coming.runs).unwrap_or(usize::MAX).saturating_sub(told);
        day.more_lines = (coming.lines as usize).saturating_sub(coming.first.len());
        day.blackouts = &coming.blackouts;
    }
    let runs = upcoming.iter().flat_map(|day| &day.first);
    let runs = runs.map(|run| Entry { at: run.at, what: What::Run(run) });
    let batches = batches.iter().map(|batch| Entry { at: batch.launched_at, what: What::Batch(batch) });
    let missed = missed.iter().map(|missed| Entry { at: missed.nominal, what: What::Missed(missed) });
    for entry in runs.chain(batches).chain(missed) {
        let since = (wall(entry.at).date() - span.first).num_days();
        let day = usize::try_from(since).ok().and_then(|at| days.get_mut(at));
        let Some(day) = day else { continue };
        // Behind its equals; a day has few, and a sort of its own would have to be loaded.
        let place = day.entries.partition_point(|other| other.at <= entry.at);
        day.entries.insert(place, entry);
    }
    days
}

/// A day with all runs that were told of it, where they were asked for by themselves.
#[must_use]
pub fn with_all<'a>(day: &Day<'a>, runs: Option<&'a [UpcomingRun]>) -> Day<'a> {
    let mut all = Day { entries: day.entries.clone(), ..*day };
    let Some(runs) = runs.filter(|runs| !runs.is_empty() && day.more_lines > 0) else { return all };
    let (planned, lines) = (planned(day), day.lines());
    all.entries.retain(|entry| !matches!(entry.what, What::Run(_)));
    let others = all.entries.len();
    all.entries.extend(runs.iter().map(|run| Entry { at: run.at, what: What::Run(run) }));
    all.entries.sort_by_key(|entry| entry.at);
    let told: usize = runs.iter().map(|run| run.count as usize).sum();
    all.more_runs = planned.saturating_sub(told);
    all.more_lines = (lines - others).saturating_sub(runs.len());
    all
}

/// How many runs are planned, told or not.
fn planned(day: &Day<'_>) -> usize {
    let of = |entry: &Entry<'_>| if let What::Run(run) = entry.what { run.count as usize } else { 0 };
    day.more_runs + day.entries.iter().map(of).sum::<usize>()
}

/// What stands on a day, in words: `2 planned, 1 batch, 30 missed`.
#[must_use]
pub fn summary(day: &Day<'_>) -> String {
    let (planned, mut batches, mut missed) = (planned(day), 0, 0);
    for entry in &day.entries {
        match entry.what {
            What::Run(_) => {}
            What::Batch(_) => batches += 1,
            What::Missed(one) => missed += one.count as usize,
        }
    }
    let some = |number: usize, words: String| (number > 0).then_some(words);
    let parts = [
        some(planned, format!("{} planned", time::grouped(planned))),
        some(batches, if batches == 1 { "1 batch".to_owned() } else { format!("{batches} batches") }),
        some(missed, format!("{} missed", time::grouped(missed))),
    ];
    let mut parts: Vec<String> = parts.into_iter().flatten().collect();
    if day.is_cut {
        parts.push("not everything that ran is shown".to_owned());
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// Height of the line with the number of a day, and of an entry, in pixels.
const HEAD: u32 = 30;
const LINE: u32 = 22;

/// How many entries of a day are shown in a cell of some height, and how many are not.
#[must_use]
pub fn fitting(entries: usize, height: u32) -> (usize, usize) {
    let lines = (height.saturating_sub(HEAD) / LINE).max(1) as usize;
    if entries <= lines {
        return (entries, 0);
    }
    // The last line says how many more there are.
    let shown = lines - 1;
    (shown, entries - shown)
}

/// `3 more`, or all of them where there is room for none.
#[must_use]
pub fn rest(shown: usize, more: usize) -> String {
    if shown == 0 { format!("{more} entries") } else { format!("{more} more") }
}

#[cfg(test)]
mod tests {
    use super::super::agenda::tests::{at, berlin, missed, run};
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
    fn a_month_is_its_whole_weeks() {
        let span = |view, text| Span::of(view, day(text));
        // February 2027 begins on a Monday and ends on a Sunday.
        assert_eq!(span(View::Month, "2027-02-14"), Span { first: day("2027-02-01"), weeks: 4 });
        assert_eq!(span(View::Month, "2026-11-30"), Span { first: day("2026-10-26"), weeks: 6 });
        assert_eq!(span(View::Week, "2026-11-29"), Span { first: day("2026-11-23"), weeks: 1 });
        assert_eq!(span(View::Month, "2026-11-01").days().last(), Some(day("2026-12-06")));
        let title = |view, text| span(view, text).title(view, day(text));
        assert_eq!(title(View::Month, "2026-11-01"), "November 2026");
        assert_eq!(title(View::Week, "2026-11-25"), "23 – 29 November 2026");
        assert_eq!(title(View::Week, "2026-12-31"), "28 Dec 2026 – 3 Jan 2027");
    }

    #[test]
    fn the_range_of_a_span_follows_a_clock_that_is_changed_within() {
        // Berlin: from 25 October 2026, 01:00 UTC on an hour behind.
        let wall: Wall = |instant| {
            let summer = instant < at("2026-10-25T01:00:00Z");
            instant.naive_utc() + chrono::Duration::hours(if summer { 2 } else { 1 })
        };
        let span = Span::of(View::Week, day("2026-10-25"));
        assert_eq!(span.range(wall), (at("2026-10-18T22:00:00Z"), at("2026-10-25T23:00:00Z")));
    }

    #[test]
    fn keys_lead_from_day_to_day_and_from_month_to_month() {
        let to = |view, text, step| stepped(view, day(text), step).to_string();
        assert_eq!(to(View::Month, "2026-11-30", Step::Days(1)), "2026-12-01");
        assert_eq!(to(View::Month, "2026-11-03", Step::Days(-7)), "2026-10-27");
        // The month after the 31st of January has no such day.
        assert_eq!(to(View::Month, "2027-01-31", Step::Pages(1)), "2027-02-28");
        assert_eq!(to(View::Month, "2027-01-31", Step::Pages(-2)), "2026-11-30");
        assert_eq!(to(View::Week, "2026-11-25", Step::Pages(-1)), "2026-11-18");
        assert_eq!(to(View::Week, "2026-11-25", Step::Monday), "2026-11-23");
        assert_eq!(to(View::Month, "2026-11-25", Step::Sunday), "2026-11-29");
        assert_eq!(to(View::Month, "2199-12-31", Step::Days(1)), "2199-12-31");
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
            UpcomingDay { runs: first.len() as u64, lines: first.len() as u32, first, blackouts: vec![] }
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
    fn a_cell_shows_what_fits_and_says_how_many_do_not() {
        assert_eq!(fitting(3, HEAD + 3 * LINE), (3, 0));
        assert_eq!(fitting(4, HEAD + 3 * LINE), (2, 2));
        assert_eq!(fitting(4, 0), (0, 4));
        assert_eq!(fitting(0, 0), (0, 0));
        assert_eq!((rest(2, 2), rest(0, 4)), ("2 more".to_owned(), "4 entries".to_owned()));
    }
}
