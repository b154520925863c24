//! What must hold for every recurrence, zone and instant.

use super::tests::{WINDOWS, at, stepped};
use super::*;
use crate::recurrence::monthly::OFFSET_MAX;
use crate::recurrence::{Nth, TimeOfDay, Weekday};
use chrono::TimeDelta;
use proptest::prelude::*;

/// Minute and hour of any shape; day fields of every rule, mostly `*`.
fn any_expression() -> impl Strategy<Value = Recurrence> {
    let minute = prop_oneof![
        Just("*".to_owned()),
        (1..40u8).prop_map(|step| format!("*/{step}")),
        (0..60u8).prop_map(|minute| minute.to_string()),
        (0..30u8, 30..60u8).prop_map(|(first, second)| format!("{first},{second}")),
    ];
    let hour = prop_oneof![
        Just("*".to_owned()),
        (1..12u8).prop_map(|step| format!("*/{step}")),
        (0..24u8).prop_map(|hour| hour.to_string()),
        (0..4u8, 3..24u8).prop_map(|(first, last)| format!("{first}-{last}")),
    ];
    let day = prop_oneof![
        4 => Just("*".to_owned()),
        1 => (1..29u8).prop_map(|day| day.to_string()),
        1 => (2..9u8).prop_map(|step| format!("*/{step}")),
    ];
    let weekday = prop_oneof![
        4 => Just("*".to_owned()),
        1 => (0..8u8).prop_map(|weekday| weekday.to_string()),
        1 => (2..5u8).prop_map(|step| format!("*/{step}")),
    ];
    (minute, hour, day, weekday)
        .prop_map(|(minute, hour, day, weekday)| format!("{minute} {hour} {day} * {weekday}"))
        .prop_map(|expression| Recurrence::Cron { expression })
}

fn any_recurrence() -> impl Strategy<Value = Recurrence> {
    let time = || (0..24u8, 0..60u8).prop_map(|(hour, minute)| TimeOfDay::new(hour, minute).unwrap());
    let patch_tuesday = (0..=OFFSET_MAX, time())
        .prop_map(|(offset_days, time)| Recurrence::PatchTuesday { offset_days, time });
    let nth_weekday = (0..Nth::ALL.len(), 0..7usize, time()).prop_map(|(nth, weekday, time)| {
        Recurrence::NthWeekday { nth: Nth::ALL[nth], weekday: Weekday::ALL[weekday], time }
    });
    prop_oneof![3 => any_expression(), 1 => patch_tuesday, 1 => nth_weekday]
}

fn timetable(recurrence: &Recurrence, zone: &str) -> Timetable {
    Timetable::new(recurrence, &Zone::named(zone).unwrap()).unwrap()
}

/// Within three days of a transition, or anywhere from 1990 to 2060.
fn any_start() -> impl Strategy<Value = (&'static str, DateTime<Utc>)> {
    let near = (0..WINDOWS.len(), 0..3 * 86_400i64)
        .prop_map(|(window, second)| (WINDOWS[window].0, at(WINDOWS[window].1) + TimeDelta::seconds(second)));
    let anywhere = (0..WINDOWS.len(), 631_152_000..2_840_140_800i64)
        .prop_map(|(window, second)| (WINDOWS[window].0, DateTime::from_timestamp(second, 0).unwrap()));
    prop_oneof![near, anywhere]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_next_occurrence_lies_ahead_and_is_what_the_clock_shows(
        rule in any_recurrence(),
        (zone, after) in any_start(),
    ) {
        let next = timetable(&rule, zone).next_after(after).unwrap();
        prop_assert!(next.at > after);
        let shown = Zone::named(zone).unwrap().to_local(next.at);
        prop_assert_eq!((next.local, next.offset_seconds, next.fold), shown);
    }

    #[test]
    fn a_later_question_never_has_an_earlier_answer(
        rule in any_recurrence(),
        (zone, after) in any_start(),
        more in 0..200_000i64,
    ) {
        let timetable = timetable(&rule, zone);
        let soon = timetable.next_after(after).unwrap();
        let later = timetable.next_after(after + TimeDelta::seconds(more)).unwrap();
        prop_assert!(soon.at <= later.at);
        // Nothing lies between a question and its answer.
        prop_assert_eq!(timetable.next_after(soon.at - TimeDelta::seconds(1)).unwrap(), soon);
    }

    #[test]
    fn a_preview_is_what_comes_next(
        rule in any_recurrence(),
        (zone, after) in any_start(),
    ) {
        let timetable = timetable(&rule, zone);
        let shown: Vec<Occurrence> = timetable.preview(after, 5).iter().map(|it| it.occurrence).collect();
        prop_assert_eq!(shown, timetable.expand(after, DateTime::<Utc>::MAX_UTC, 5));
    }

    #[test]
    fn what_was_due_is_what_stepping_finds(
        rule in any_recurrence(),
        (zone, after) in any_start(),
        span in 0..150_000i64,
    ) {
        let (timetable, until) = (timetable(&rule, zone), after + TimeDelta::seconds(span));
        prop_assert_eq!(timetable.due_between(after, until), stepped(&timetable, after, until));
    }
}
