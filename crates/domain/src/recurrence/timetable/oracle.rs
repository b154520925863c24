//! The main loop of cronie, replayed over real minutes, as a second opinion on every occurrence.
//!
//! Nothing is shared with what it checks: every value of a field is matched against the text of the expression, the clock
//! goes minute by minute, and zone offsets are asked of jiff for each minute. From cronie's `cron.c`: `virtual_time` is the
//! wall clock as if nobody had moved it; `diff` is how far the real one is from it.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A wall clock minute by minute: the instants (seconds) and what the clock shows (minutes since 1970).
pub(super) struct Clock {
    minutes: Vec<(i64, i64)>,
    calendar: Calendar,
}

impl Clock {
    pub(super) fn new(zone: &str, from: i64, until: i64) -> Self {
        let rules: TimeZone = TimeZoneDatabase::bundled().get(zone).unwrap();
        let shown = |second: i64| {
            let offset = rules.to_offset(Timestamp::from_second(second).unwrap()).seconds();
            (second + i64::from(offset)).div_euclid(60)
        };
        let minutes = (from.div_euclid(60)..=until.div_euclid(60)).map(|minute| minute * 60);
        let minutes: Vec<(i64, i64)> = minutes.map(|second| (second, shown(second))).collect();
        let calendar = Calendar::new(minutes.iter().map(|(_, clock)| *clock));
        Self { minutes, calendar }
    }

    /// The instants at which cronie would start the job.
    pub(super) fn runs(&self, expression: &str) -> Vec<i64> {
        let job = Job::new(expression, &self.calendar);
        let wild = job.wild;
        let mut virtual_time = self.minutes[0].1 - 1;
        let mut runs = Vec::new();
        for &(second, clock) in &self.minutes {
            let diff = clock - virtual_time;
            let starts = if diff == 1 {
                virtual_time = clock;
                job.matches(clock)
            } else if diff - 1 > 180 || diff < -180 {
                // cronie also takes a jump of exactly three hours for a change of the clock; its manual does
                // not, nor do we, so that one minute is added here.
                virtual_time = clock;
                job.matches(clock)
            } else if diff > 0 {
                let missed = virtual_time + 1..=clock;
                virtual_time = clock;
                if wild { job.matches(clock) } else { missed.into_iter().any(|minute| job.matches(minute)) }
            } else {
                wild && job.matches(clock)
            };
            if starts {
                runs.push(second);
            }
        }
        runs
    }
}

/// The dates a clock shows, those it jumps over included.
struct Calendar {
    first_day: i64,
    /// Month, day and weekday.
    days: Vec<(i64, i64, i64)>,
}

impl Calendar {
    fn new(minutes: impl Iterator<Item = i64> + Clone) -> Self {
        let day = |minute: i64| minute.div_euclid(24 * 60);
        let (first_day, last_day) = (day(minutes.clone().min().unwrap()), day(minutes.max().unwrap()));
        let date = |days| {
            let (month, day) = month_and_day(days);
            // 1970-01-01 was a Thursday.
            (month, day, (days + 4).rem_euclid(7))
        };
        Self { first_day, days: (first_day..=last_day).map(date).collect() }
    }
}

/// An expression, asked once about every minute, hour and date.
struct Job<'a> {
    wild: bool,
    minutes: Vec<bool>,
    hours: Vec<bool>,
    calendar: &'a Calendar,
    days: Vec<bool>,
}

impl<'a> Job<'a> {
    fn new(expression: &str, calendar: &'a Calendar) -> Self {
        let fields: Vec<&str> = expression.split(' ').collect();
        let [minute, hour, day, month, weekday] = fields[..] else { panic!("{expression}") };
        let runs_on = |(of_year, of_month, of_week): &(i64, i64, i64)| {
            let by_day = holds(day, *of_month, 1);
            let by_weekday = holds(weekday, *of_week, 0) || (*of_week == 0 && holds(weekday, 7, 0));
            let day_matches = if day.starts_with('*') || weekday.starts_with('*') {
                by_day && by_weekday
            } else {
                by_day || by_weekday
            };
            day_matches && holds(month, *of_year, 1)
        };
        Self {
            wild: minute.starts_with('*') || hour.starts_with('*'),
            minutes: (0..60).map(|value| holds(minute, value, 0)).collect(),
            hours: (0..24).map(|value| holds(hour, value, 0)).collect(),
            days: calendar.days.iter().map(runs_on).collect(),
            calendar,
        }
    }

    fn matches(&self, clock: i64) -> bool {
        let of = |table: &[bool], at: i64| table[usize::try_from(at).unwrap()];
        of(&self.minutes, clock.rem_euclid(60))
            && of(&self.hours, clock.div_euclid(60).rem_euclid(24))
            && of(&self.days, clock.div_euclid(24 * 60) - self.calendar.first_day)
    }
}

fn holds(field: &str, value: i64, low: i64) -> bool {
    field.split(',').any(|item| {
        let (span, step) = item.split_once('/').unwrap_or((item, "1"));
        let (first, last) = match span.split_once('-') {
            Some((first, last)) => (number(first), number(last)),
            None if span == "*" => (low, 99),
            None => (number(span), number(span)),
        };
        let last = if last < first && last == 0 { 7 } else { last };
        (first..=last).contains(&value) && (value - first) % number(step) == 0
    })
}

fn number(text: &str) -> i64 {
    match text {
        "sun" => 0,
        "mon" => 1,
        "fri" => 5,
        "sat" => 6,
        _ => text.parse().unwrap(),
    }
}

/// Counted year by year, so as not to lean on a calendar library either.
fn month_and_day(days_since_1970: i64) -> (i64, i64) {
    let (mut days, mut year) = (days_since_1970, 1970);
    loop {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (length, month) in
            [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].iter().zip(1..)
        {
            if days < *length {
                return (month, days + 1);
            }
            days -= length;
        }
        year += 1;
    }
}
