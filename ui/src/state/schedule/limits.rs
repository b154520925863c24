//! What keeps a schedule from running, and what is told about its runs: as typed, whether it can be saved, and as what.

use super::pattern::{NO_TIME, chosen, read_time};
use crate::api::as_sentence;
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::policy::{AllowedWindow, OnBlackout, windows};
use mf_domain::recurrence::{TimeOfDay, Weekday};

/// Ids of the controls; those of a window are [`window_id`]'s.
pub const BEFORE: &str = "schedule-before";
pub const OPEN_AT: &str = "schedule-open-at";

/// Longest notice before a run, in minutes: a week.
const BEFORE_MAX: u32 = 10_080;
/// Most windows of a schedule.
pub const WINDOWS_MAX: usize = windows::WINDOWS_MAX;

/// A part of a window, as its control is named.
#[must_use]
pub fn window_id(row: usize, part: &str) -> String {
    format!("schedule-window-{row}-{part}")
}

/// One window, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRow {
    /// From Monday on.
    pub days: [bool; 7],
    pub from: String,
    pub to: String,
}

impl Default for WindowRow {
    /// The nights of a weekend: something to begin with.
    fn default() -> Self {
        let days = Weekday::ALL.map(|day| day >= Weekday::Saturday);
        Self { days, from: "22:00".to_owned(), to: "04:00".to_owned() }
    }
}

impl WindowRow {
    fn of(window: &AllowedWindow) -> Self {
        Self {
            days: Weekday::ALL.map(|day| window.weekdays.contains(&day)),
            from: window.from.to_string(),
            to: window.to.to_string(),
        }
    }

    /// Both ends, once they can be read.
    fn hours(&self) -> Option<(TimeOfDay, TimeOfDay)> {
        read_time(&self.from).zip(read_time(&self.to))
    }

    fn window(&self) -> Option<AllowedWindow> {
        let (from, to) = self.hours()?;
        Some(AllowedWindow { weekdays: chosen(&self.days).collect(), from, to })
    }

    /// What its end means where it is not on the same day.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self.hours()? {
            (from, to) if from == to => Some("24 hours from then on"),
            (from, to) if to < from => Some("ends on the next day"),
            _ => None,
        }
    }
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitsForm {
    pub windows: Vec<WindowRow>,
    pub calendars: Vec<BlackoutCalendarId>,
    pub on_blackout: OnBlackout,
    /// Minutes, as typed; blank for no notice.
    pub before: String,
    /// A time of day, as typed; blank for no notice.
    pub open_at: String,
}

/// When a schedule may run, as the engine is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub windows: Vec<AllowedWindow>,
    pub calendars: Vec<BlackoutCalendarId>,
    pub on_blackout: OnBlackout,
}

impl Limits {
    /// Whether every run may start.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.windows.is_empty() && self.calendars.is_empty()
    }
}

impl LimitsForm {
    /// The limits and notices as they are.
    #[must_use]
    pub fn of(schedule: &mf_contract::schedules::Schedule) -> Self {
        Self {
            windows: schedule.windows.iter().map(WindowRow::of).collect(),
            calendars: schedule.blackout_calendar_ids.clone(),
            on_blackout: schedule.on_blackout,
            before: schedule.notify_before_minutes.map_or_else(String::new, |minutes| minutes.to_string()),
            open_at: schedule.notify_unfinished_at.clone().unwrap_or_default(),
        }
    }

    /// Whether anything is limited or told.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.windows.is_empty()
            || !self.calendars.is_empty()
            || !self.before.trim().is_empty()
            || !self.open_at.trim().is_empty()
    }

    /// Whether a control, by its id, was left empty.
    #[must_use]
    pub fn is_blank(&self, control: &str) -> bool {
        self.windows.iter().enumerate().any(|(row, typed)| {
            [("from", &typed.from), ("to", &typed.to)]
                .iter()
                .any(|(part, text)| text.trim().is_empty() && control == window_id(row, part))
        })
    }

    /// Takes a calendar in or out.
    pub fn toggle(&mut self, id: BlackoutCalendarId) {
        match self.calendars.iter().position(|other| *other == id) {
            Some(at) => drop(self.calendars.remove(at)),
            None => self.calendars.push(id),
        }
    }

    /// The limits, once they can be read.
    #[must_use]
    pub fn limits(&self) -> Option<Limits> {
        let windows: Vec<AllowedWindow> =
            self.windows.iter().map(WindowRow::window).collect::<Option<_>>()?;
        windows::validate(&windows).ok()?;
        // A choice that is not on the screen must not be what saving fails for.
        let on_blackout = if self.calendars.is_empty() { OnBlackout::default() } else { self.on_blackout };
        Some(Limits { windows, calendars: self.calendars.clone(), on_blackout })
    }

    /// Minutes before a run at which it is told; `None` for none.
    #[must_use]
    pub fn notify_before(&self) -> Option<u32> {
        self.before.trim().parse().ok()
    }

    /// When a run that is still open is told, `07:30`; `None` for never.
    #[must_use]
    pub fn notify_open_at(&self) -> Option<String> {
        read_time(&self.open_at).map(|time| time.to_string())
    }

    /// What is wrong, by the id of its control; the first is where the keyboard belongs.
    #[must_use]
    pub fn wrong(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        for (row, typed) in self.windows.iter().enumerate() {
            // Times that cannot be read are told by themselves; the rest is the domain's to judge.
            let window = AllowedWindow {
                weekdays: chosen(&typed.days).collect(),
                from: TimeOfDay::default(),
                to: TimeOfDay::default(),
            };
            if let Err(invalid) = windows::validate(std::slice::from_ref(&window)) {
                wrong.push((window_id(row, "days"), as_sentence(&format!("the window {}", invalid.message))));
            }
            for (part, text) in [("from", &typed.from), ("to", &typed.to)] {
                if read_time(text).is_none() {
                    wrong.push((window_id(row, part), NO_TIME.to_owned()));
                }
            }
        }
        let before = self.before.trim();
        if !before.is_empty()
            && !self.notify_before().is_some_and(|minutes| (1..=BEFORE_MAX).contains(&minutes))
        {
            wrong.push((BEFORE.to_owned(), format!("Write whole minutes, 1 to {BEFORE_MAX} (a week).")));
        }
        if !self.open_at.trim().is_empty() && read_time(&self.open_at).is_none() {
            wrong.push((OPEN_AT.to_owned(), "Write a time of day, such as 07:30.".to_owned()));
        }
        wrong
    }
}

/// `every day`, `Mon–Fri`, `Sat, Sun`, `Fri–Sun`.
#[must_use]
pub fn days_words(days: &[Weekday]) -> String {
    let has = |day: Weekday| days.contains(&day);
    if Weekday::ALL.into_iter().all(has) {
        return "every day".to_owned();
    }
    let short = |day: Weekday| day.name().get(..3).unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(first) = Weekday::ALL.get(at).copied() {
        let run = Weekday::ALL.iter().skip(at).take_while(|day| has(**day)).count();
        let last = Weekday::ALL.get((at + run).saturating_sub(1)).copied();
        match (run, last) {
            (0, _) | (_, None) => {}
            (1, _) => words.push(short(first).to_owned()),
            (2, Some(last)) => words.extend([short(first).to_owned(), short(last).to_owned()]),
            (_, Some(last)) => words.push(format!("{}–{}", short(first), short(last))),
        }
        at += run.max(1);
    }
    words.join(", ")
}

/// `Sat, Sun 22:00–04:00`
#[must_use]
pub fn window_words(window: &AllowedWindow) -> String {
    let days = days_words(&window.weekdays);
    if window.from == window.to && window.from == TimeOfDay::default() {
        return format!("{days}, all day");
    }
    format!("{days} {}–{}", window.from, window.to)
}

/// What limits the runs, in words: `Starts only Sat, Sun 22:00–04:00 · keeps clear of “Year end”, moves to the next
/// allowed day`. `name` knows the names of calendars.
#[must_use]
pub fn limits_words(limits: &Limits, name: impl Fn(BlackoutCalendarId) -> Option<String>) -> Option<String> {
    let mut words = Vec::new();
    if !limits.windows.is_empty() {
        let windows: Vec<String> = limits.windows.iter().map(window_words).collect();
        words.push(format!("starts only {}", windows.join("; ")));
    }
    if !limits.calendars.is_empty() {
        let names: Option<Vec<String>> =
            limits.calendars.iter().map(|id| name(*id).map(|name| format!("“{name}”"))).collect();
        let names = names.map_or_else(
            || crate::state::time::count(limits.calendars.len(), "blackout calendar"),
            |names| names.join(", "),
        );
        let instead = match limits.on_blackout {
            OnBlackout::Skip => "leaves out what falls into it",
            OnBlackout::Move => "moves what falls into it to the next allowed day",
        };
        words.push(format!("keeps clear of {names}: {instead}"));
    }
    (!words.is_empty()).then(|| crate::api::capitalised(&words.join(" · ")))
}

/// What is told about the runs, in words: `Notice 30 min before a run · notice at 07:30 if it is still open`.
#[must_use]
pub fn notices_words(before: Option<u32>, open_at: Option<&str>) -> Option<String> {
    let before =
        before.map(|minutes| format!("notice {} before a run", crate::state::time::minutes(minutes)));
    let open = open_at.map(|time| format!("notice at {time} if one is still open"));
    let words: Vec<String> = [before, open].into_iter().flatten().collect();
    (!words.is_empty()).then(|| crate::api::capitalised(&words.join(" · ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn row(days: &[Weekday], from: &str, to: &str) -> WindowRow {
        WindowRow {
            days: Weekday::ALL.map(|day| days.contains(&day)),
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn ids(form: &LimitsForm) -> Vec<String> {
        form.wrong().into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn what_a_new_row_proposes_can_be_saved() {
        let form = LimitsForm { windows: vec![WindowRow::default()], ..LimitsForm::default() };
        assert_eq!(form.wrong(), []);
        let limits = form.limits().unwrap();
        assert_eq!(window_words(&limits.windows[0]), "Sat, Sun 22:00–04:00");
        assert_eq!(form.windows[0].hint(), Some("ends on the next day"));
        assert!(form.is_set() && !LimitsForm::default().is_set());
    }

    #[test]
    fn each_row_says_what_is_wrong_with_it() {
        let form = LimitsForm {
            windows: vec![row(&[Weekday::Monday], "8", "17.30"), row(&[], "25:00", "")],
            before: "0".to_owned(),
            open_at: "late".to_owned(),
            ..LimitsForm::default()
        };
        let expected =
            ["schedule-window-1-days", "schedule-window-1-from", "schedule-window-1-to", BEFORE, OPEN_AT];
        assert_eq!(ids(&form), expected);
        assert_eq!(form.wrong()[0].1, "The window must name at least one day.");
        assert_eq!(form.limits(), None);
        for (before, fine) in [("", true), (" 30 ", true), ("10080", true), ("10081", false), ("-1", false)] {
            let form = LimitsForm { before: before.to_owned(), ..LimitsForm::default() };
            assert_eq!(ids(&form).is_empty(), fine, "{before}");
        }
    }

    #[test]
    fn times_go_out_as_the_engine_reads_them() {
        let form = LimitsForm {
            windows: vec![row(&[Weekday::Monday], "8", "17.30")],
            before: " 30".to_owned(),
            open_at: "7:30".to_owned(),
            ..LimitsForm::default()
        };
        let window = &form.limits().unwrap().windows[0];
        assert_eq!((window.from.to_string(), window.to.to_string()), ("08:00".into(), "17:30".into()));
        assert_eq!((form.notify_before(), form.notify_open_at()), (Some(30), Some("07:30".into())));
    }

    #[test]
    fn moving_means_nothing_without_a_calendar() {
        let id = BlackoutCalendarId(Uuid::from_u128(1));
        let mut form = LimitsForm { on_blackout: OnBlackout::Move, ..LimitsForm::default() };
        assert_eq!(form.limits().unwrap().on_blackout, OnBlackout::Skip);
        form.toggle(id);
        assert_eq!(form.limits().unwrap().on_blackout, OnBlackout::Move);
        form.toggle(id);
        assert!(form.limits().unwrap().is_none());
    }

    #[test]
    fn days_are_said_shortly() {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        assert_eq!(days_words(&Weekday::ALL), "every day");
        assert_eq!(days_words(&[Friday, Monday, Tuesday, Wednesday, Thursday]), "Mon–Fri");
        assert_eq!(days_words(&[Sunday, Saturday, Monday]), "Mon, Sat, Sun");
        assert_eq!(days_words(&[Wednesday]), "Wed");
    }

    #[test]
    fn limits_and_notices_read_as_sentences() {
        let id = BlackoutCalendarId(Uuid::from_u128(1));
        let limits = Limits {
            windows: vec![WindowRow::default().window().unwrap()],
            calendars: vec![id],
            on_blackout: OnBlackout::Move,
        };
        assert_eq!(
            limits_words(&limits, |_| Some("Year end".to_owned())).as_deref(),
            Some(
                "Starts only Sat, Sun 22:00–04:00 · keeps clear of “Year end”: moves what falls into it to the next allowed day"
            )
        );
        let unnamed = Limits { windows: vec![], on_blackout: OnBlackout::Skip, ..limits };
        assert_eq!(
            limits_words(&unnamed, |_| None).as_deref(),
            Some("Keeps clear of 1 blackout calendar: leaves out what falls into it")
        );
        assert_eq!(limits_words(&Limits::default(), |_| None), None);
        assert_eq!(
            notices_words(Some(90), Some("07:30")).as_deref(),
            Some("Notice 1 h 30 min before a run · notice at 07:30 if one is still open")
        );
        assert_eq!(notices_words(None, None), None);
    }
}
