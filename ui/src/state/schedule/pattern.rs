//! How often a schedule runs, as the dialog asks for it: a few patterns with their parts, or an expression.
//!
//! Parts that patterns share are one value, so that switching to and fro keeps them. An expression that is exactly what a
//! pattern would write is shown as that pattern; any other stays as its author wrote it.

use crate::api::as_sentence;
use mf_domain::recurrence::monthly::OFFSET_MAX;
use mf_domain::recurrence::{CronExpr, Nth, Recurrence, TimeOfDay, Weekday};

/// A way to say when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    Daily,
    Weekdays,
    Weekly,
    Monthly,
    NthWeekday,
    PatchTuesday,
    Cron,
}

impl Pattern {
    /// In the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::Daily,
        Self::Weekdays,
        Self::Weekly,
        Self::Monthly,
        Self::NthWeekday,
        Self::PatchTuesday,
        Self::Cron,
    ];

    /// Its name, and the one tests know it by.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Daily => ("Daily", "preset-daily"),
            Self::Weekdays => ("Weekdays", "preset-weekdays"),
            Self::Weekly => ("Weekly", "preset-weekly"),
            Self::Monthly => ("Monthly", "preset-monthly"),
            Self::NthWeekday => ("Nth weekday", "preset-nth-weekday"),
            Self::PatchTuesday => ("Patch Tuesday", "preset-patch-tuesday"),
            Self::Cron => ("Cron", "preset-cron"),
        }
    }
}

/// What was said about when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    pub pattern: Pattern,
    /// As typed.
    pub time: String,
    /// Days of the week, from Monday on.
    pub days: [bool; 7],
    /// Day of the month, as typed.
    pub day: String,
    pub nth: Nth,
    pub weekday: Weekday,
    /// Days after Patch Tuesday, as typed.
    pub offset: String,
    pub cron: String,
}

impl Default for When {
    /// Saturday night: something to begin with.
    fn default() -> Self {
        Self {
            pattern: Pattern::Weekly,
            time: "22:00".to_owned(),
            days: only(Weekday::Saturday),
            day: "15".to_owned(),
            nth: Nth::First,
            weekday: Weekday::Sunday,
            offset: "3".to_owned(),
            cron: String::new(),
        }
    }
}

/// A part of the form that can be wrong, by the id of its control.
pub type Wrong = (&'static str, String);

impl When {
    /// A recurrence as it is.
    #[must_use]
    pub fn of(recurrence: &Recurrence) -> Self {
        let mut when = Self::default();
        match recurrence {
            Recurrence::Cron { expression } => {
                when.cron.clone_from(expression);
                when.pattern = Pattern::Cron;
                let mut read = when.clone();
                read.read_expression();
                let written = |pattern: &Pattern| {
                    let said = Self { pattern: *pattern, ..read.clone() };
                    said.expression().as_deref() == Some(expression.as_str())
                };
                if let Some(pattern) = Pattern::ALL.into_iter().find(written) {
                    return Self { pattern, ..read };
                }
            }
            Recurrence::PatchTuesday { offset_days, time } => {
                when.pattern = Pattern::PatchTuesday;
                when.offset = offset_days.to_string();
                when.time = time.to_string();
            }
            Recurrence::NthWeekday { nth, weekday, time } => {
                when.pattern = Pattern::NthWeekday;
                when.time = time.to_string();
                (when.nth, when.weekday, when.days) = (*nth, *weekday, only(*weekday));
            }
        }
        when
    }

    /// Another pattern, with what it shares with this one.
    #[must_use]
    pub fn switched(&self, pattern: Pattern) -> Self {
        let mut next = Self { pattern, ..self.clone() };
        match (self.pattern, pattern) {
            (Pattern::Cron, Pattern::Cron) => {}
            (Pattern::Cron, _) => next.read_expression(),
            (_, Pattern::Cron) => {
                if let Some(expression) = self.expression() {
                    next.cron = expression;
                }
            }
            (Pattern::Weekly, Pattern::NthWeekday) => {
                if let Some(first) = chosen(&self.days).next() {
                    next.weekday = first;
                }
            }
            (Pattern::NthWeekday, Pattern::Weekly) if chosen(&self.days).count() < 2 => {
                next.days = only(self.weekday);
            }
            _ => {}
        }
        next
    }

    /// Takes over the parts of an expression that a pattern could have.
    fn read_expression(&mut self) {
        let Ok(read) = CronExpr::parse(&self.cron) else { return };
        let one = |numbers: mf_domain::recurrence::cron::Numbers| {
            numbers.iter().next().filter(|_| numbers.len() == 1)
        };
        if let Some(time) =
            one(read.hours()).zip(one(read.minutes())).and_then(|(hour, minute)| TimeOfDay::new(hour, minute))
        {
            self.time = time.to_string();
        }
        if let Some(day) = one(read.days_of_month()) {
            self.day = day.to_string();
        }
        if read.weekdays().len() < 7 {
            self.days = Weekday::ALL.map(|day| read.weekdays().contains(u32::from(day.number())));
            self.weekday = chosen(&self.days).next().unwrap_or(self.weekday);
        }
    }

    /// The pattern as an expression, if cron can say it.
    fn expression(&self) -> Option<String> {
        let time = self.time_of_day()?;
        let days = match self.pattern {
            Pattern::Daily => "* * *".to_owned(),
            Pattern::Weekdays => "* * 1-5".to_owned(),
            Pattern::Weekly => {
                let mut numbers: Vec<String> = Vec::new();
                for day in chosen(&self.days) {
                    numbers.push(day.number().to_string());
                }
                // Sunday is the first number and the last day.
                numbers.sort_unstable();
                format!("* * {}", Some(numbers.join(",")).filter(|list| !list.is_empty())?)
            }
            Pattern::Monthly => format!("{} * *", self.day_of_month()?),
            Pattern::NthWeekday | Pattern::PatchTuesday | Pattern::Cron => return None,
        };
        Some(format!("{} {} {days}", time.minute(), time.hour()))
    }

    /// The rule, once it can be read.
    #[must_use]
    pub fn recurrence(&self) -> Option<Recurrence> {
        Some(match self.pattern {
            Pattern::Cron => {
                let expression = self.cron.trim().to_owned();
                CronExpr::parse(&expression).ok()?;
                Recurrence::Cron { expression }
            }
            Pattern::PatchTuesday => {
                Recurrence::PatchTuesday { offset_days: self.offset_days()?, time: self.time_of_day()? }
            }
            Pattern::NthWeekday => {
                Recurrence::NthWeekday { nth: self.nth, weekday: self.weekday, time: self.time_of_day()? }
            }
            _ => Recurrence::Cron { expression: self.expression()? },
        })
    }

    /// What is wrong, part by part; the first is where the keyboard belongs.
    #[must_use]
    pub fn wrong(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        match self.pattern {
            Pattern::Weekly if chosen(&self.days).next().is_none() => {
                wrong.push((DAYS, "Choose at least one day.".to_owned()));
            }
            Pattern::Monthly if self.day_of_month().is_none() => {
                wrong.push((DAY, "Write a day of the month, 1 to 31.".to_owned()));
            }
            Pattern::PatchTuesday if self.offset_days().is_none() => {
                wrong.push((OFFSET, format!("Write whole days, 0 to {OFFSET_MAX}.")));
            }
            Pattern::Cron if self.cron.trim().is_empty() => {
                wrong.push((CRON, "Write minute, hour, day of month, month and weekday.".to_owned()));
            }
            Pattern::Cron => {
                if let Err(invalid) = CronExpr::parse(self.cron.trim()) {
                    wrong.push((CRON, as_sentence(&invalid.message)));
                }
            }
            _ => {}
        }
        if self.pattern != Pattern::Cron && self.time_of_day().is_none() {
            wrong.push((TIME, NO_TIME.to_owned()));
        }
        wrong
    }

    /// The day as a number.
    #[must_use]
    pub fn day_of_month(&self) -> Option<u8> {
        self.day.trim().parse().ok().filter(|day| (1..=31).contains(day))
    }

    fn offset_days(&self) -> Option<u8> {
        self.offset.trim().parse().ok().filter(|days| *days <= OFFSET_MAX)
    }

    /// The time.
    #[must_use]
    pub fn time_of_day(&self) -> Option<TimeOfDay> {
        read_time(&self.time)
    }

    /// Puts a day of the week in or out.
    pub fn toggle(&mut self, day: Weekday) {
        if let Some(chosen) = self.days.get_mut(day as usize) {
            *chosen = !*chosen;
        }
    }
}

/// A time, however it was typed: `22:00`, `9:30`, `22.00`, `2200`, `22`.
pub(crate) fn read_time(text: &str) -> Option<TimeOfDay> {
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return None,
        None if text.len() > 2 => text.split_at_checked(text.len() - 2)?,
        None => (text, "00"),
    };
    let number = |digits: &str| {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    TimeOfDay::new(number(hour)?, number(minute)?)
}

/// What is said of a time that cannot be read.
pub(super) const NO_TIME: &str = "Write a time of day, such as 22:00.";

/// Ids of the controls.
pub const TIME: &str = "schedule-time";
pub const DAYS: &str = "schedule-days";
pub const DAY: &str = "schedule-day";
pub const OFFSET: &str = "schedule-offset";
pub const CRON: &str = "schedule-cron";

/// One day of a week.
pub(super) fn only(day: Weekday) -> [bool; 7] {
    Weekday::ALL.map(|other| other == day)
}

/// The days of a week that are chosen.
pub(super) fn chosen(days: &[bool; 7]) -> impl Iterator<Item = Weekday> + '_ {
    Weekday::ALL.into_iter().filter(|day| days.get(*day as usize).is_some_and(|chosen| *chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cron(expression: &str) -> Recurrence {
        Recurrence::Cron { expression: expression.to_owned() }
    }

    #[test]
    fn every_pattern_can_be_saved_as_it_stands_and_is_recognised() {
        for pattern in Pattern::ALL {
            let when = When { pattern, cron: "*/5 * * * *".to_owned(), ..When::default() };
            assert_eq!(when.wrong(), [], "{pattern:?}");
            let recurrence = when.recurrence().unwrap();
            recurrence.validate().unwrap();
            let again = When::of(&recurrence);
            assert_eq!((again.pattern, again.recurrence()), (pattern, Some(recurrence)));
        }
    }

    #[test]
    fn an_expression_is_shown_as_a_pattern_only_if_nothing_of_it_would_change() {
        for (expression, pattern) in [
            ("0 22 * * *", Pattern::Daily),
            ("30 6 * * 1-5", Pattern::Weekdays),
            ("0 22 * * 0,6", Pattern::Weekly),
            ("0 9 15 * *", Pattern::Monthly),
            ("0 22 * * MON-FRI", Pattern::Cron),
            ("00 22 * * *", Pattern::Cron),
            ("@daily", Pattern::Cron),
            ("0 22 1 * 5", Pattern::Cron),
            ("*/15 * * * *", Pattern::Cron),
            ("0 22 15 6 *", Pattern::Cron),
        ] {
            let when = When::of(&cron(expression));
            assert_eq!(when.pattern, pattern, "{expression}");
            assert_eq!(when.recurrence(), Some(cron(expression)));
        }
    }

    #[test]
    fn switching_keeps_what_can_be_kept() {
        let when = When { time: "03:15".to_owned(), ..When::of(&cron("0 22 * * 0,3")) };
        assert_eq!(when.switched(Pattern::Daily).recurrence(), Some(cron("15 3 * * *")));
        assert_eq!(when.switched(Pattern::Cron).cron, "15 3 * * 0,3");
        let nth = when.switched(Pattern::NthWeekday);
        assert_eq!((nth.weekday, nth.time.as_str()), (Weekday::Wednesday, "03:15"));
        // To and fro, several days are still there.
        assert_eq!(nth.switched(Pattern::Weekly).recurrence(), Some(cron("15 3 * * 0,3")));
        // What cron cannot say leaves the expression as it was typed.
        let typed = When { cron: "*/5 * * * *".to_owned(), ..When::default() };
        assert_eq!(typed.switched(Pattern::PatchTuesday).switched(Pattern::Cron).cron, "*/5 * * * *");
        // From an expression, the parts a pattern has.
        let read = When { pattern: Pattern::Cron, cron: "45 6 28 * 2".to_owned(), ..When::default() };
        assert_eq!(read.switched(Pattern::Monthly).recurrence(), Some(cron("45 6 28 * *")));
        assert_eq!(read.switched(Pattern::Weekly).recurrence(), Some(cron("45 6 * * 2")));
        let nonsense = When { pattern: Pattern::Cron, cron: "every day".to_owned(), ..When::default() };
        assert_eq!(nonsense.switched(Pattern::Daily).recurrence(), Some(cron("0 22 * * *")));
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let read = |text: &str| {
            let when = When { time: text.to_owned(), ..When::default() };
            when.time_of_day().map(|time| time.to_string())
        };
        for (text, time) in [
            ("22:00", "22:00"),
            (" 9:05 ", "09:05"),
            ("22.30", "22:30"),
            ("2215", "22:15"),
            ("915", "09:15"),
            ("7", "07:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(time), "{text}");
        }
        for text in ["", "24:00", "9:5", "noon", "22:00:00", "-1", "١٢:00", "é0", "12345"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn each_part_says_what_is_wrong_with_it() {
        let wrong = |pattern, change: &dyn Fn(&mut When)| {
            let mut when = When { pattern, ..When::default() };
            change(&mut when);
            when.wrong().iter().map(|(id, _)| *id).collect::<Vec<_>>()
        };
        assert_eq!(wrong(Pattern::Weekly, &|when| when.days = [false; 7]), [DAYS]);
        assert_eq!(
            wrong(Pattern::Monthly, &|when| (when.day, when.time) = ("32".into(), "x".into())),
            [DAY, TIME]
        );
        assert_eq!(wrong(Pattern::PatchTuesday, &|when| when.offset = "28".into()), [OFFSET]);
        assert_eq!(wrong(Pattern::Cron, &|_| {}), [CRON]);
        assert_eq!(wrong(Pattern::Cron, &|when| when.cron = "0 0 31 2 *".into()), [CRON]);
        assert_eq!(
            wrong(Pattern::Cron, &|when| (when.cron, when.time) = ("@daily".into(), "x".into())),
            [""; 0]
        );
    }
}
