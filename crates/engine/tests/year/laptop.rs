//! One laptop: the engine on a file of its own, its clock, and what ought to be in the file.

use crate::chance::Chance;
use crate::expectation::{Dates, Expected, Fate, Rule};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use mf_contract::batches::CancelBatch;
use mf_contract::blackouts::{CreateBlackoutCalendar, UpdateBlackoutCalendar};
use mf_contract::flows::CreateFlow;
use mf_contract::schedules::*;
use mf_contract::{Handle, Patch};
use mf_domain::ids::{BlackoutCalendarId, FlowId, ScheduleId};
use mf_domain::intake::Answers;
use mf_domain::policy::{AllowedWindow, BlackoutEntry, OnBlackout};
use mf_domain::recurrence::{Recurrence, TimeOfDay, Weekday as Day};
use mf_domain::role::Role;
use mf_engine::ports::{Clock, Closed, Ids, ProcessSecrets, Silent, TickGate};
use mf_engine::{Engine, EngineError, Ports};
use mf_store::{Store, batches, schedule_clocks};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use tempfile::TempDir;
use uuid::Uuid;

const START: &str = "2026-01-05T12:00:00Z";
const SCHEDULES: usize = 3;
const ZONES: [&str; 5] =
    ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"];
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

#[derive(Debug)]
struct Wall(Mutex<DateTime<Utc>>);

impl Clock for Wall {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

#[derive(Debug)]
struct Counting(AtomicU64);

impl Ids for Counting {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n))
    }
}

#[derive(Debug)]
struct Open;

impl TickGate for Open {
    fn enter(&self) -> Result<Box<dyn Send>, Closed> {
        Ok(Box::new(()))
    }
}

pub(crate) struct Scheduled {
    pub(crate) id: ScheduleId,
    flow: FlowId,
    pub(crate) expected: Expected,
    /// When somebody last changed its rule.
    pub(crate) changed: DateTime<Utc>,
}

/// Whether people change the rules of schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    Change,
    /// As those of laptops that will meet do not.
    Stay,
    /// Each laptop's people for themselves, until they meet. The rules of one come due at minutes that those of the other never
    /// do, so that an instant says whose rule it was: these, after every fifth.
    Part {
        minute: u32,
    },
}

/// What people do beside the schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habits {
    /// They change the schedules alone.
    Plain,
    /// They also change dates and notices, and make schedules while the clock is wrong.
    Busy,
}

pub(crate) struct Laptop {
    chance: Chance,
    /// Apart from the other, so that a year without busy people is the same year it always was.
    busy: Option<Chance>,
    pub(crate) rules: Rules,
    folder: TempDir,
    wall: Arc<Wall>,
    ids: Arc<Counting>,
    pub(crate) engine: Engine,
    pub(crate) schedules: Vec<Scheduled>,
    freeze: Option<BlackoutCalendarId>,
    /// How wrong the clock is.
    wrong_by: TimeDelta,
    running_since: Option<DateTime<Utc>>,
    last_tick: Option<DateTime<Utc>>,
    /// Questions nobody has answered yet: the schedule's place, and the occurrence.
    asked: Vec<(usize, DateTime<Utc>)>,
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

async fn open(path: PathBuf, wall: &Arc<Wall>, ids: &Arc<Counting>) -> Engine {
    let store = Store::open(&path, [1, 2, 3].map(Uuid::from_u128), wall.now()).await.unwrap();
    let silent = Arc::new(Silent);
    let ports = Ports {
        clock: wall.clone(),
        ids: ids.clone(),
        notifier: silent.clone(),
        events: silent,
        gate: Arc::new(Open),
        secrets: Arc::new(ProcessSecrets::default()),
    };
    Engine::new(store, ports, Role::Owner)
}

/// Memory, where there is a folder that lies in it: a year is a thousand commits.
fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

impl Laptop {
    pub(crate) async fn new(seed: u64, habits: Habits, rules: Rules) -> Self {
        let folder = folder();
        let wall = Arc::new(Wall(Mutex::new(START.parse().unwrap())));
        let ids = Arc::new(Counting(AtomicU64::new(1)));
        let engine = open(folder.path().join("a.db"), &wall, &ids).await;
        let mut laptop = Self {
            chance: Chance::new(seed),
            busy: (habits == Habits::Busy).then(|| Chance::new(seed + 2_000_000)),
            rules,
            folder,
            wall,
            ids,
            engine,
            schedules: Vec::new(),
            freeze: None,
            wrong_by: TimeDelta::zero(),
            running_since: None,
            last_tick: None,
            asked: Vec::new(),
        };
        laptop.set_up().await;
        laptop
    }

    /// Another laptop with the same schedules, and a life of its own.
    pub(crate) async fn twin(&self, seed: u64, rules: Rules) -> Self {
        let folder = folder();
        let wall = Arc::new(Wall(Mutex::new(self.wall.now())));
        let ids = Arc::new(Counting(AtomicU64::new(1_000_000)));
        let path = folder.path().join("a.db");
        // All of it in one file, whatever is still in the log.
        let to = path.to_str().unwrap().to_owned();
        rusqlite::Connection::open(self.path()).unwrap().execute("VACUUM INTO ?1", [to]).unwrap();
        let engine = open(path, &wall, &ids).await;
        let copy = |it: &Scheduled| Scheduled { expected: it.expected.clone(), ..*it };
        Self {
            chance: Chance::new(seed),
            busy: self.busy.as_ref().map(|_| Chance::new(seed + 2_000_000)),
            rules,
            folder,
            wall,
            ids,
            engine,
            schedules: self.schedules.iter().map(copy).collect(),
            freeze: self.freeze,
            wrong_by: TimeDelta::zero(),
            running_since: None,
            last_tick: None,
            asked: Vec::new(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("a.db")
    }

    async fn set_up(&mut self) {
        let start = self.wall.now().date_naive();
        let mut blackouts: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for month in 0..12 {
            let from = start + TimeDelta::days(month * 30 + self.chance.within(0..20));
            blackouts.push((from, from + TimeDelta::days(self.chance.within(0..9))));
        }
        let freeze = CreateBlackoutCalendar { name: "Freeze".to_owned(), entries: entries(&blackouts) };
        self.freeze = Some(self.engine.handle(freeze).await.unwrap().id);
        while self.schedules.len() < SCHEDULES {
            let rule = Rule { active: true, ..self.some_rule() };
            self.make(rule, &blackouts).await;
        }
    }

    /// A flow with a schedule. One whose windows never hold a run is refused; then there is none.
    async fn make(&mut self, rule: Rule, blackouts: &[(NaiveDate, NaiveDate)]) {
        let flow: CreateFlow = read(json!({
            "name": format!("Flow {}", self.schedules.len()), "flow_type": "maintenance",
            "structure": {"steps": [
                {"id": "a", "type": "procedure_step", "title": "Update"},
                {"id": "end", "type": "procedure_end", "title": "Done"},
            ]},
        }));
        let flow = self.engine.handle(flow).await.unwrap().id;
        if let Ok(made) = self.engine.handle(self.creation(flow, &rule)).await {
            let expected = Expected::new(rule, blackouts.to_vec(), self.wall.now());
            self.schedules.push(Scheduled { id: made.id, flow, expected, changed: self.wall.now() });
        }
    }

    /// What busy people do, between two looks of the scheduler or before one.
    async fn something_more_happens(&mut self) {
        let Some(mut busy) = self.busy.take() else { return };
        match busy.within(0..6) {
            0..3 => self.change_dates(&mut busy).await,
            3..5 => {
                let of =
                    usize::try_from(busy.within(0..i64::try_from(self.schedules.len()).unwrap())).unwrap();
                let minutes = u32::try_from(busy.within(1..600)).unwrap();
                let time = busy.one_in(2).then(|| "07:30".to_owned());
                let update = UpdateSchedule {
                    notify_before_minutes: Patch::Set(minutes),
                    notify_unfinished_at: time.map_or(Patch::Clear, Patch::Set),
                    ..UpdateSchedule::unchanged(self.schedules[of].id)
                };
                self.engine.handle(update).await.unwrap();
            }
            _ if self.wrong_by != TimeDelta::zero() && self.schedules.len() < SCHEDULES + 3 => {
                let rule = Rule { active: true, ..self.schedules[0].expected.rule.clone() };
                let rule = Rule { minute: u32::try_from(busy.within(4 * 60..23 * 60)).unwrap(), ..rule };
                let blackouts = self.schedules[0].expected.blackouts.clone();
                self.make(rule, &blackouts).await;
            }
            _ => {}
        }
        self.busy = Some(busy);
    }

    /// Some of the blackouts of these weeks are other ones.
    async fn change_dates(&mut self, busy: &mut Chance) {
        let now = self.wall.now();
        let mut blackouts = self.schedules[0].expected.blackouts.clone();
        let today = now.date_naive();
        blackouts.retain(|(_, to)| (today - *to).num_days() < 120);
        let near = |(from, to): &(NaiveDate, NaiveDate)| {
            (*to - today).num_days() > -10 && (*from - today).num_days() < 20
        };
        for one in blackouts.iter_mut().filter(|one| near(one)) {
            let days = TimeDelta::days(busy.within(0..4));
            match busy.within(0..6) {
                0 => one.0 -= days,
                1 => one.1 += days,
                2 => one.1 = one.0.max(one.1 - days),
                3 => one.0 = one.1.min(one.0 + days),
                4 => *one = (one.0 + days, one.1 + days),
                _ => {}
            }
        }
        if busy.one_in(3) {
            let from = today + TimeDelta::days(busy.within(-6..6));
            blackouts.push((from, from + TimeDelta::days(busy.within(0..5))));
        }
        let id = self.freeze.unwrap();
        let update = UpdateBlackoutCalendar { id, name: None, entries: Some(entries(&blackouts)) };
        self.engine.handle(update).await.unwrap();
        for (place, scheduled) in self.schedules.iter_mut().enumerate() {
            let asked = scheduled.expected.change_dates(blackouts.clone(), now, self.running_since);
            self.asked.extend(asked.map(|nominal| (place, nominal)));
        }
    }

    fn some_days(&mut self) -> Vec<Weekday> {
        let chosen: Vec<Weekday> = WEEK.into_iter().filter(|_| self.chance.one_in(2)).collect();
        if chosen.is_empty() { WEEK.to_vec() } else { chosen }
    }

    /// On most rules weekdays; where people are busy, also what cron cannot say.
    fn some_dates(&mut self) -> Dates {
        match self.busy.as_mut().map_or(5, |busy| busy.within(0..6)) {
            0 => Dates::PatchTuesday(u8::try_from(self.chance.within(0..28)).unwrap()),
            1 => Dates::Nth(self.chance.of(&[1, 2, 3, 4, -1]), self.chance.of(&WEEK)),
            _ => Dates::Weekdays(self.some_days()),
        }
    }

    /// Where people are busy, also at times of day that the clocks of these zones jump over or show twice.
    fn some_rule(&mut self) -> Rule {
        let earliest = if self.busy.is_some() { 0 } else { 4 * 60 };
        let hours = |from: u32, to: u32| (from * 60, to * 60);
        let (from, to) = self.chance.of(&[hours(20, 6), hours(8, 18), hours(0, 12), hours(21, 5)]);
        let window = self.chance.one_in(2).then(|| (self.some_days(), from, to));
        let (dates, minute) =
            (self.some_dates(), u32::try_from(self.chance.within(earliest..23 * 60)).unwrap());
        Rule {
            dates,
            minute: if let Rules::Part { minute: own } = self.rules { minute / 5 * 5 + own } else { minute },
            zone: self.chance.of(&ZONES),
            window,
            keeps_clear: self.chance.one_in(2),
            moves: self.chance.one_in(2),
            misfire: self.chance.of(&["run_once", "skip", "ask"]),
            overlap: self.chance.of(&["allow", "skip"]),
            grace: TimeDelta::seconds(self.chance.of(&[0, 600, 3_600, 86_400, 604_800])),
            active: true,
        }
    }

    fn creation(&self, flow: FlowId, rule: &Rule) -> CreateSchedule {
        CreateSchedule {
            flow_id: flow,
            recurrence: recurrence(rule),
            timezone: Some(rule.zone.to_owned()),
            target_list_id: None,
            misfire: Some(read(json!(rule.misfire))),
            overlap: Some(read(json!(rule.overlap))),
            grace_seconds: Some(u32::try_from(rule.grace.num_seconds()).unwrap()),
            windows: windows(rule),
            blackout_calendar_ids: self.freeze.filter(|_| rule.keeps_clear).into_iter().collect(),
            on_blackout: Some(if rule.moves { OnBlackout::Move } else { OnBlackout::Skip }),
            notify_before_minutes: None,
            notify_unfinished_at: None,
            intake: Answers::new(),
        }
    }

    /// From one nap to the next.
    pub(crate) async fn live(&mut self, span: TimeDelta) {
        let start = self.wall.now() - self.wrong_by;
        let mut now = start;
        while now < start + span {
            if self.running_since.is_none() || self.chance.one_in(4) {
                self.restart(now).await;
            }
            let until = now + TimeDelta::minutes(self.chance.within(30..60 * 60));
            self.stay_awake(now, until).await;
            now = until + TimeDelta::minutes(self.chance.within(20..40 * 60));
        }
        // It ends with everything looked at.
        self.set_wall(now);
        self.tick().await;
        for scheduled in &mut self.schedules {
            scheduled.expected.tell_pause(self.wall.now());
        }
    }

    fn set_wall(&mut self, now: DateTime<Utc>) {
        *self.wall.0.lock().unwrap() = now + self.wrong_by;
    }

    pub(crate) async fn restart(&mut self, now: DateTime<Utc>) {
        self.engine.store().close().await;
        self.set_wall(now);
        self.engine = open(self.path(), &self.wall, &self.ids).await;
        self.engine.scheduler_begins();
        self.running_since = Some(self.wall.now());
    }

    /// Looks when it wakes, and whenever there is something to look at; and people do what they do.
    async fn stay_awake(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) {
        let mut now = from;
        self.set_wall(now);
        self.tick().await;
        loop {
            let next =
                schedule_clocks::next_due(&mut self.engine.store().read().await.unwrap()).await.unwrap();
            // No timer is punctual: a look comes some milliseconds after its time, or half a minute.
            let late = self.busy.as_mut().map_or(0, |busy| busy.within(1..30_000));
            let look = next.map_or(until, |next| next - self.wrong_by + TimeDelta::milliseconds(late));
            let look = look.max(now + TimeDelta::seconds(61));
            let something = now + TimeDelta::minutes(self.chance.within(10..60 * 60));
            let at = look.min(something).min(until);
            now = at;
            self.set_wall(now);
            if at >= until {
                return;
            }
            if self.busy.as_mut().is_some_and(|busy| busy.one_in(3)) {
                self.something_more_happens().await;
            }
            if at == something {
                self.something_happens(now).await;
            } else if self.chance.one_in(20) {
                self.killed_while_ticking(now).await;
            }
            self.tick().await;
        }
    }

    async fn something_happens(&mut self, now: DateTime<Utc>) {
        match self.chance.within(0..8) {
            0 => {
                // Wrong by a day at most, or right again.
                let minutes = self.chance.within(-24 * 60..24 * 60);
                let right = self.chance.one_in(2);
                self.wrong_by = if right { TimeDelta::zero() } else { TimeDelta::minutes(minutes) };
                self.set_wall(now);
            }
            1 if self.rules != Rules::Stay => self.edit().await,
            2 => self.pause_or_resume().await,
            3..6 => self.answer().await,
            _ => self.finish_batches().await,
        }
    }

    async fn edit(&mut self) {
        let place = usize::try_from(self.chance.within(0..3)).unwrap();
        let before = self.schedules[place].expected.rule.clone();
        let rule = Rule { active: before.active, ..self.some_rule() };
        if rule.minute == before.minute {
            return;
        }
        let _refused = self.put(place, rule).await;
    }

    /// Gives a schedule another rule; one whose windows never hold a run is refused.
    pub(crate) async fn put(&mut self, place: usize, rule: Rule) -> Result<(), EngineError> {
        let made = self.creation(self.schedules[place].flow, &rule);
        let update = UpdateSchedule {
            recurrence: Some(made.recurrence),
            timezone: made.timezone,
            misfire: made.misfire,
            overlap: made.overlap,
            grace_seconds: made.grace_seconds,
            windows: Some(made.windows),
            blackout_calendar_ids: Some(made.blackout_calendar_ids),
            on_blackout: made.on_blackout,
            is_active: Some(rule.active),
            ..UpdateSchedule::unchanged(self.schedules[place].id)
        };
        self.engine.handle(update).await?;
        self.expect_change(place, rule);
        Ok(())
    }

    async fn pause_or_resume(&mut self) {
        let place = usize::try_from(self.chance.within(0..3)).unwrap();
        let before = self.schedules[place].expected.rule.clone();
        let rule = Rule { active: !before.active, ..before };
        let update = UpdateSchedule {
            is_active: Some(rule.active),
            ..UpdateSchedule::unchanged(self.schedules[place].id)
        };
        self.engine.handle(update).await.unwrap();
        self.expect_change(place, rule);
    }

    fn expect_change(&mut self, place: usize, rule: Rule) {
        let now = self.wall.now();
        self.schedules[place].changed = now;
        let asked = self.schedules[place].expected.change(rule, now, self.running_since);
        self.asked.extend(asked.map(|nominal| (place, nominal)));
    }

    /// Somebody answers what was asked.
    async fn answer(&mut self) {
        for (place, nominal) in std::mem::take(&mut self.asked) {
            let Scheduled { id: schedule_id, expected, .. } = &mut self.schedules[place];
            let Some(Fate::Missed { outcome: "asked", reason }) = expected.fates.get(&nominal).cloned()
            else {
                continue;
            };
            if self.chance.one_in(2) {
                let skip = SkipMissedOccurrence { schedule_id: *schedule_id, nominal };
                self.engine.handle(skip).await.unwrap();
                expected.fates.insert(nominal, Fate::Missed { reason, outcome: "declined" });
                continue;
            }
            let run = RunMissedOccurrence { schedule_id: *schedule_id, nominal };
            let ran = self.engine.handle(run).await.is_ok();
            let now = self.wall.now();
            assert_eq!(ran, expected.can_run(now), "{nominal} at {now}");
            if ran {
                expected.run(nominal, now);
            }
        }
    }

    async fn finish_batches(&mut self) {
        let open = batches::open(&mut self.engine.store().read().await.unwrap(), 1_000).await.unwrap().1;
        for listed in open {
            self.engine.handle(CancelBatch { batch_id: listed.batch.id }).await.unwrap();
        }
        for scheduled in &mut self.schedules {
            scheduled.expected.open.clear();
        }
    }

    /// The scheduler looks; now and then two look at once.
    async fn tick(&mut self) {
        let now = self.wall.now();
        if self.chance.one_in(10) {
            let (a, b) = tokio::join!(self.engine.tick(now), self.engine.tick(now));
            a.and(b).unwrap();
        } else {
            self.engine.tick(now).await.unwrap();
        }
        self.expect_tick(now);
    }

    fn expect_tick(&mut self, now: DateTime<Utc>) {
        let set_back = self.last_tick.is_some_and(|last| now < last);
        self.last_tick = Some(now);
        for (place, scheduled) in self.schedules.iter_mut().enumerate() {
            if set_back {
                scheduled.expected.set_back(now);
            }
            let asked = scheduled.expected.tick(now, self.running_since);
            self.asked.extend(asked.map(|nominal| (place, nominal)));
        }
    }

    /// The process dies at some point of a tick, and starts again.
    async fn killed_while_ticking(&mut self, real: DateTime<Utc>) {
        let now = self.wall.now();
        if self.last_tick.is_some_and(|last| now < last) {
            return;
        }
        let mut left = self.chance.within(1..40);
        let mut ticking = Box::pin(self.engine.tick(now));
        let died = poll_fn(|context| {
            left -= 1;
            match ticking.as_mut().poll(context) {
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending if left <= 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        });
        died.await.map(Result::unwrap);
        drop(ticking);
        let since = self.running_since;
        self.restart(real).await;
        let next = schedule_clocks::next_due(&mut self.engine.store().read().await.unwrap()).await.unwrap();
        if next.is_none_or(|next| next > now) {
            // All of it was on disk.
            let began = std::mem::replace(&mut self.running_since, since);
            self.expect_tick(now);
            self.running_since = began;
        }
    }

    /// What is in the file is what ought to be; answers the ways in which occurrences ended.
    pub(crate) async fn compare(&self) -> BTreeSet<(String, String)> {
        let mut ends = BTreeSet::new();
        let file = rusqlite::Connection::open(self.path()).unwrap();
        for (place, scheduled) in self.schedules.iter().enumerate() {
            let mut found: BTreeMap<DateTime<Utc>, Vec<(String, String)>> = BTreeMap::new();
            let mut fired = file.prepare("SELECT scheduled_for FROM batches WHERE schedule_id = ?1").unwrap();
            let at = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
            for at in fired.query_map([scheduled.id.to_string()], at).unwrap() {
                let at = DateTime::from_timestamp_millis(at.unwrap()).unwrap();
                found.entry(at).or_default().push(("batch".to_owned(), String::new()));
            }
            let all = ListMissedOccurrences { schedule_id: Some(scheduled.id), from: None, to: None };
            for missed in self.engine.handle(all).await.unwrap() {
                let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
                let reason = word(serde_json::to_value(missed.reason).unwrap());
                let outcome = word(serde_json::to_value(missed.outcome).unwrap());
                let outcome = if outcome == "unanswered" { "asked".to_owned() } else { outcome };
                found.entry(missed.nominal).or_default().push((reason, outcome));
            }
            let of = |fate: &Fate| match fate {
                Fate::Batch => vec![("batch".to_owned(), String::new())],
                Fate::Missed { reason, outcome } => vec![((*reason).to_owned(), (*outcome).to_owned())],
            };
            let expected: BTreeMap<_, _> =
                scheduled.expected.fates.iter().map(|(at, fate)| (*at, of(fate))).collect();
            for at in expected.keys().chain(found.keys()) {
                assert_eq!(found.get(at), expected.get(at), "schedule {place}, {at} ({})", at.weekday());
            }
            ends.extend(found.into_values().flatten());
        }
        ends
    }
}

fn entries(blackouts: &[(NaiveDate, NaiveDate)]) -> Vec<BlackoutEntry> {
    let days = |(from, to): &(NaiveDate, NaiveDate)| BlackoutEntry::Days {
        from: *from,
        to: Some(*to),
        label: String::new(),
    };
    blackouts.iter().map(days).collect()
}

fn recurrence(rule: &Rule) -> Recurrence {
    let (hour, minute) = (rule.minute / 60, rule.minute % 60);
    let time = format!("{hour:02}:{minute:02}");
    match &rule.dates {
        Dates::Weekdays(days) => {
            let days: Vec<String> = days.iter().map(|day| day.num_days_from_sunday().to_string()).collect();
            Recurrence::Cron { expression: format!("{minute} {hour} * * {}", days.join(",")) }
        }
        Dates::PatchTuesday(offset) => {
            read(json!({"kind": "patch_tuesday", "offset_days": offset, "time": time}))
        }
        Dates::Nth(nth, weekday) => {
            let weekday = Day::ALL[usize::try_from(weekday.num_days_from_monday()).unwrap()];
            read(json!({"kind": "nth_weekday", "nth": nth, "weekday": weekday, "time": time}))
        }
    }
}

fn windows(rule: &Rule) -> Vec<AllowedWindow> {
    let time = |minute: u32| {
        TimeOfDay::new(u8::try_from(minute / 60).unwrap(), u8::try_from(minute % 60).unwrap()).unwrap()
    };
    let day = |day: &Weekday| Day::ALL[usize::try_from(day.num_days_from_monday()).unwrap()];
    let one = |(days, from, to): &(Vec<Weekday>, u32, u32)| AllowedWindow {
        weekdays: days.iter().map(day).collect(),
        from: time(*from),
        to: time(*to),
    };
    rule.window.iter().map(one).collect()
}
