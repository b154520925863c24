//! The page of today: what stands where, and in which words.

use super::agenda::{Wall, is_due};
use super::time::{self, count};
use crate::components::icon::Icon;
use crate::route::Route;
use chrono::{DateTime, Days, NaiveDate, Utc};
use mf_contract::agenda::{Today, UpcomingRun, WaitingBatch, WaitsFor};
use mf_contract::batches::BatchSummary;
use mf_contract::sample::DeletedSample;
use mf_domain::batch::BatchStatus;

/// What is going on, in one line: `2 batches in progress, next run in 42 min`.
#[must_use]
pub fn headline(today: &Today, now: DateTime<Utc>) -> String {
    let of = |wanted| today.batches.iter().filter(|batch| batch.status == wanted).count();
    let (running, ready) = (of(BatchStatus::InProgress), of(BatchStatus::Pending));
    let mut parts = Vec::new();
    if today.open_batches as usize > today.batches.len() {
        // Not all of them are known here.
        parts.push(format!("{} open", many(today.open_batches as usize, "batch")));
    } else {
        if running > 0 {
            parts.push(format!("{} in progress", many(running, "batch")));
        }
        if ready > 0 {
            parts.push(format!("{} ready to start", many(ready, "batch")));
        }
    }
    match today.upcoming.first() {
        Some(run) if is_due(run, now) => parts.push("a run is due".to_owned()),
        Some(run) => parts.push(format!("next run {}", time::relative(now, run.at))),
        None => parts.push("nothing planned for the next seven days".to_owned()),
    }
    crate::api::capitalised(&parts.join(", "))
}

fn many(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}es", time::grouped(number)) }
}

/// A day of the week ahead.
#[derive(Debug, PartialEq)]
pub struct Day<'a> {
    pub date: NaiveDate,
    /// The first of its runs.
    pub runs: Vec<&'a UpcomingRun>,
    /// How many more there are.
    pub more: usize,
    /// Whether all of its runs are known here.
    pub known: bool,
}

/// Today and the six days after it, with at most `room` runs each. What is due stands on today, whenever it came due.
#[must_use]
pub fn week(today: &Today, now: DateTime<Utc>, wall: Wall, room: usize) -> Vec<Day<'_>> {
    let first = wall(now).date();
    let cut = (today.upcoming.len() >= Today::UPCOMING_MOST)
        .then(|| today.upcoming.last().map(|run| wall(run.at).date()))
        .flatten();
    let day = |date: NaiveDate| {
        let of_day = |run: &&UpcomingRun| wall(run.at).date().max(first) == date;
        let all = || today.upcoming.iter().filter(of_day);
        let shown: Vec<&UpcomingRun> = all().take(room).collect();
        let more = all().count() - shown.len();
        Day { date, runs: shown, more, known: cut.is_none_or(|cut| date < cut) }
    };
    (0..7).filter_map(|ahead| first.checked_add_days(Days::new(ahead))).map(day).collect()
}

/// The open batches: those that are worked on first, else as the engine orders them.
#[must_use]
pub fn by_urgency(batches: &[BatchSummary]) -> Vec<&BatchSummary> {
    let running = |batch: &&BatchSummary| batch.status == BatchStatus::InProgress;
    let rest = batches.iter().filter(|batch| !running(batch));
    batches.iter().filter(running).chain(rest).collect()
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub icon: Icon,
    pub tone: &'static str,
    pub words: String,
    /// Which flow, and since when.
    pub detail: String,
    pub route: Route,
}

/// What waits for a person, the most urgent first.
#[must_use]
pub fn needs(today: &Today, wall: Wall) -> Vec<Need> {
    let detail = |flow: &str, at: DateTime<Utc>| format!("{flow}, {}", time::date_clock(wall(at)));
    let waiting = |batch: &WaitingBatch| {
        let number = |one| count(batch.count as usize, one);
        let (icon, tone, words) = match batch.waits_for {
            WaitsFor::Continue => (Icon::Stop, "red", format!("Stopped after {}", number("failure"))),
            WaitsFor::Answers => (Icon::Note, "amber", format!("Asks for {}", number("answer"))),
            WaitsFor::SignOff => (Icon::Pencil, "violet", "Waits for its sign-off".to_owned()),
        };
        let route = Route::Batch { id: batch.batch_id };
        Need { icon, tone, words, detail: detail(&batch.flow_name, batch.launched_at), route }
    };
    let unassigned = |batch: &BatchSummary| Need {
        icon: Icon::Server,
        tone: "",
        words: format!("{} nobody has taken", count(batch.unassigned as usize, "target")),
        detail: detail(&batch.flow_name, batch.launched_at),
        route: Route::Batch { id: batch.batch_id },
    };
    let unread = (today.unread_notifications > 0).then(|| Need {
        icon: Icon::Bell,
        tone: "blue",
        words: count(today.unread_notifications as usize, "unread notification"),
        detail: String::new(),
        route: Route::Notifications,
    });
    let urgent = |batch: &&WaitingBatch| batch.waits_for != WaitsFor::SignOff;
    let closing = today.waiting.iter().filter(|batch| !urgent(batch)).map(waiting);
    // What has stopped waits for a decision first, and for hands after that.
    let stopped = |batch: &BatchSummary| {
        let mut waiting = today.waiting.iter();
        waiting.any(|one| one.batch_id == batch.batch_id && one.waits_for == WaitsFor::Continue)
    };
    let free = today.batches.iter().filter(|batch| batch.unassigned > 0 && !stopped(batch)).map(unassigned);
    today.waiting.iter().filter(urgent).map(waiting).chain(free).chain(closing).chain(unread).collect()
}

/// What went with the sample, and what stayed.
#[must_use]
pub fn sample_removed(deleted: &DeletedSample) -> String {
    let gone = [
        (deleted.flows, count(deleted.flows as usize, "flow")),
        (deleted.target_lists, count(deleted.target_lists as usize, "target list")),
        (deleted.schedules, count(deleted.schedules as usize, "schedule")),
        (deleted.batches, many(deleted.batches as usize, "batch")),
    ];
    let gone: Vec<String> =
        gone.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect();
    let mut text = match gone.as_slice() {
        [] => "Nothing of the sample was left to remove.".to_owned(),
        gone => format!("The sample is removed: {}.", listed(gone)),
    };
    if !deleted.kept.is_empty() {
        let kept: Vec<String> = deleted.kept.iter().map(|name| format!("“{name}”")).collect();
        let verb = if kept.len() == 1 { "stays" } else { "stay" };
        text.push_str(&format!(" {} {verb}: you made {} your own.", listed(&kept), them(kept.len())));
    }
    text
}

fn them(number: usize) -> &'static str {
    if number == 1 { "it" } else { "them" }
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::agenda::tests::{at, berlin, run};
    use super::*;
    use mf_domain::batch::{BatchOrigin, Rollup};
    use mf_domain::flow::SignOffRule;
    use mf_domain::ids::{BatchId, FlowId};
    use uuid::Uuid;

    const NOW: &str = "2026-11-20T20:18:00Z";

    fn today() -> Today {
        Today {
            now: at(NOW),
            upcoming: Vec::new(),
            batches: Vec::new(),
            open_batches: 0,
            sessions: Vec::new(),
            missed: Vec::new(),
            waiting: Vec::new(),
            unread_notifications: 0,
            is_empty: false,
            has_sample: false,
        }
    }

    fn batch(number: u128, status: BatchStatus, unassigned: u32) -> BatchSummary {
        BatchSummary {
            batch_id: BatchId(Uuid::from_u128(number)),
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Patch".to_owned(),
            origin: BatchOrigin::Manual,
            launched_at: at("2026-11-20T19:58:00Z"),
            scheduled_for: None,
            rollup: Rollup::default(),
            status,
            unassigned,
            ticket: None,
            sign_off_rule: SignOffRule::None,
            sign_off: None,
        }
    }

    fn waiting(waits_for: WaitsFor) -> WaitingBatch {
        WaitingBatch {
            batch_id: BatchId(Uuid::from_u128(9)),
            flow_name: "Update".to_owned(),
            launched_at: at("2026-11-20T18:00:00Z"),
            waits_for,
            count: 1,
        }
    }

    #[test]
    fn the_headline_says_what_goes_on_and_what_comes() {
        assert_eq!(headline(&today(), at(NOW)), "Nothing planned for the next seven days");
        let batches = vec![
            batch(1, BatchStatus::Pending, 0),
            batch(2, BatchStatus::InProgress, 0),
            batch(3, BatchStatus::InProgress, 0),
        ];
        let busy = Today {
            batches,
            open_batches: 3,
            upcoming: vec![run("Patch", "2026-11-20T21:00:00Z")],
            ..today()
        };
        assert_eq!(
            headline(&busy, at(NOW)),
            "2 batches in progress, 1 batch ready to start, next run in 42 min"
        );
        // Time goes on without another answer of the engine.
        assert!(headline(&busy, at("2026-11-20T21:00:10Z")).ends_with(", a run is due"));
        let many = Today { open_batches: 1_200, ..busy };
        assert!(headline(&many, at(NOW)).starts_with("1,200 batches open, "));
        let order: Vec<u128> =
            by_urgency(&many.batches).iter().map(|batch| batch.batch_id.0.as_u128()).collect();
        assert_eq!(order, [2, 3, 1]);
    }

    #[test]
    fn runs_stand_on_the_day_of_the_viewers_wall_clock() {
        let upcoming = vec![
            run("due", "2026-11-19T10:00:00Z"),
            run("tonight", "2026-11-20T22:59:00Z"),
            run("past midnight", "2026-11-20T23:00:00Z"),
            run("in a week", "2026-11-27T10:00:00Z"),
        ];
        let today = Today { upcoming, ..today() };
        let names = |room| -> Vec<(String, Vec<String>, usize)> {
            let days = week(&today, at(NOW), berlin, room);
            days.iter()
                .map(|day| {
                    let names = day.runs.iter().map(|run| run.flow_name.clone()).collect();
                    (time::short_day(day.date), names, day.more)
                })
                .collect()
        };
        let days = names(3);
        assert_eq!(days.len(), 7);
        assert_eq!(days[0], ("Fri 20".to_owned(), vec!["due".to_owned(), "tonight".to_owned()], 0));
        assert_eq!(days[1], ("Sat 21".to_owned(), vec!["past midnight".to_owned()], 0));
        assert_eq!(days[6], ("Thu 26".to_owned(), Vec::new(), 0));
        assert_eq!(names(1)[0].2, 1);
    }

    #[test]
    fn a_day_that_is_not_told_is_not_shown_as_free() {
        let mut upcoming: Vec<UpcomingRun> =
            (0..Today::UPCOMING_MOST - 1).map(|_| run("a", "2026-11-21T10:00:00Z")).collect();
        let known = |today: &Today| -> Vec<bool> {
            week(today, at(NOW), berlin, 3).iter().map(|day| day.known).collect()
        };
        assert_eq!(known(&Today { upcoming: upcoming.clone(), ..today() }), [true; 7]);
        upcoming.push(run("last told", "2026-11-22T10:00:00Z"));
        assert_eq!(known(&Today { upcoming, ..today() }), [true, true, false, false, false, false, false]);
    }

    #[test]
    fn what_stopped_comes_first_and_what_can_wait_last() {
        let waiting = [WaitsFor::Continue, WaitsFor::Answers, WaitsFor::SignOff].map(waiting).to_vec();
        let batches = vec![
            batch(1, BatchStatus::Pending, 3),
            batch(2, BatchStatus::Pending, 0),
            batch(9, BatchStatus::InProgress, 4),
        ];
        let today = Today { waiting, batches, unread_notifications: 2, ..today() };
        let needs = needs(&today, berlin);
        let words: Vec<&str> = needs.iter().map(|need| need.words.as_str()).collect();
        assert_eq!(
            words,
            [
                "Stopped after 1 failure",
                "Asks for 1 answer",
                "3 targets nobody has taken",
                "Waits for its sign-off",
                "2 unread notifications"
            ]
        );
        assert_eq!(needs[0].detail, "Update, 20 Nov 2026, 19:00");
        assert_eq!(needs[2].route, Route::Batch { id: BatchId(Uuid::from_u128(1)) });
    }

    #[test]
    fn what_went_with_the_sample_is_named_and_what_stays() {
        let all = DeletedSample { flows: 3, target_lists: 2, schedules: 1, batches: 2, kept: Vec::new() };
        assert_eq!(
            sample_removed(&all),
            "The sample is removed: 3 flows, 2 target lists, 1 schedule and 2 batches."
        );
        let kept = vec!["Citrix VDA patching".to_owned(), "Contoso".to_owned()];
        let part = DeletedSample { flows: 2, kept, ..DeletedSample::default() };
        assert_eq!(
            sample_removed(&part),
            "The sample is removed: 2 flows. “Citrix VDA patching” and “Contoso” stay: you made them your own."
        );
        assert_eq!(sample_removed(&DeletedSample::default()), "Nothing of the sample was left to remove.");
    }
}
