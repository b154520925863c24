//! Which days are on the screen, and where a key leads from one of them.

use crate::state::agenda::Wall;
use crate::state::time;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};

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

#[cfg(test)]
mod tests {
    use super::super::super::agenda::tests::at;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        time::parse_day(text).unwrap()
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
}
