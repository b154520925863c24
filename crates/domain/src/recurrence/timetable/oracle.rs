//! The main loop of cronie, replayed over real minutes, as a second opinion on every occurrence.
//!
//! Nothing is shared with what it checks: fields are matched against the text of the expression, minute by
//! minute, and zone offsets are asked of jiff for each minute. From cronie's `cron.c`: `virtual_time` is the
//! wall clock as if nobody had moved it; `diff` is how far the real one is from it.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A wall clock minute by minute: the instants (seconds) and what the clock shows (minutes since 1970).
pub(super) struct Clock {
    minutes: Vec<(i64, i64)>,
}

impl Clock {
    pub(super) fn new(zone: &str, from: i64, until: i64) -> Self {
        let rules: TimeZone = TimeZoneDatabase::bundled().get(zone).unwrap();
        let shown = |second: i64| {
            let offset = rules.to_offset(Timestamp::from_second(second).unwrap()).seconds();
            (second + i64::from(offset)).div_euclid(60)
        };
        let minutes = (from.div_euclid(60)..=until.div_euclid(60)).map(|minute| minute * 60);
        Self { minutes: minutes.map(|second| (second, shown(second))).collect() }
    }

    /// The instants at which cronie would start the job.
    pub(super) fn runs(&self, expression: &str) -> Vec<i64> {
        let job = Job::new(expression);
        let wild = job.minute.starts_with('*') || job.hour.starts_with('*');
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

struct Job<'a> {
    minute: &'a str,
    hour: &'a str,
    day: &'a str,
    month: &'a str,
    weekday: &'a str,
}

impl<'a> Job<'a> {
    fn new(expression: &'a str) -> Self {
        let fields: Vec<&str> = expression.split(' ').collect();
        let [minute, hour, day, month, weekday] = fields[..] else { panic!("{expression}") };
        Self { minute, hour, day, month, weekday }
    }

    fn matches(&self, clock: i64) -> bool {
        if !holds(self.minute, clock.rem_euclid(60), 0)
            || !holds(self.hour, clock.div_euclid(60).rem_euclid(24), 0)
        {
            return false;
        }
        let days = clock.div_euclid(24 * 60);
        let (month, day) = month_and_day(days);
        // 1970-01-01 was a Thursday.
        let weekday = (days + 4).rem_euclid(7);
        let by_day = holds(self.day, day, 1);
        let by_weekday = holds(self.weekday, weekday, 0) || (weekday == 0 && holds(self.weekday, 7, 0));
        let day_matches = if self.day.starts_with('*') || self.weekday.starts_with('*') {
            by_day && by_weekday
        } else {
            by_day || by_weekday
        };
        day_matches && holds(self.month, month, 1)
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
