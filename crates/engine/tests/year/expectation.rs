//! What ought to become of every occurrence: the rules of the product, said one occurrence at a time.
//!
//! Nothing here counts, looks ahead or knows stretches of time; the recurrence is a question to each date and a time of day,
//! walked date by date. It shares the zones with the engine, and no more.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use mf_domain::recurrence::{Resolved, Zone};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const LAST_MOVE: i64 = 92;
const ON_TIME: TimeDelta = TimeDelta::seconds(60);

/// On which dates a rule comes due.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dates {
    Weekdays(Vec<Weekday>),
    /// So many days after the second Tuesday of a month.
    PatchTuesday(u8),
    /// The first to fourth of a weekday in a month, or its last.
    Nth(i8, Weekday),
}

impl Dates {
    fn contain(&self, date: NaiveDate) -> bool {
        match self {
            Self::Weekdays(days) => days.contains(&date.weekday()),
            Self::PatchTuesday(offset) => {
                let patch = date - TimeDelta::days(i64::from(*offset));
                patch.weekday() == Weekday::Tue && (8..=14).contains(&patch.day())
            }
            Self::Nth(-1, weekday) => {
                date.weekday() == *weekday && (date + TimeDelta::days(7)).month() != date.month()
            }
            Self::Nth(nth, weekday) => {
                date.weekday() == *weekday && date.day0() / 7 + 1 == u32::try_from(*nth).unwrap_or_default()
            }
        }
    }
}

/// A rule as it was chosen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) dates: Dates,
    /// Of the day.
    pub(crate) minute: u32,
    pub(crate) zone: &'static str,
    /// From one minute to another on the days it begins on, over midnight when the second is the earlier.
    pub(crate) window: Option<(Vec<Weekday>, u32, u32)>,
    pub(crate) keeps_clear: bool,
    pub(crate) moves: bool,
    pub(crate) misfire: &'static str,
    pub(crate) overlap: &'static str,
    pub(crate) grace: TimeDelta,
    pub(crate) active: bool,
}

/// What became of an occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Batch,
    Missed { reason: &'static str, outcome: &'static str },
}

fn missed(reason: &'static str, outcome: &'static str) -> Fate {
    Fate::Missed { reason, outcome }
}

/// An occurrence that starts, perhaps on another day.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Start {
    nominal: DateTime<Utc>,
    at: DateTime<Utc>,
}

/// One schedule, and what ought to be known of it.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) rule: Rule,
    pub(crate) blackouts: Vec<(NaiveDate, NaiveDate)>,
    created: DateTime<Utc>,
    rule_since: DateTime<Utc>,
    checked: DateTime<Utc>,
    pub(crate) fates: BTreeMap<DateTime<Utc>, Fate>,
    /// Until when the answer about an occurrence is awaited.
    answer_by: BTreeMap<DateTime<Utc>, DateTime<Utc>>,
    /// Batches nobody has finished.
    pub(crate) open: BTreeSet<DateTime<Utc>>,
}

impl Expected {
    pub(crate) fn new(rule: Rule, blackouts: Vec<(NaiveDate, NaiveDate)>, now: DateTime<Utc>) -> Self {
        let (fates, answer_by, open) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { rule, blackouts, created: now, rule_since: now, checked: now, fates, answer_by, open }
    }

    fn zone(&self) -> Zone {
        Zone::named(self.rule.zone).unwrap()
    }

    fn instant(&self, date: NaiveDate) -> DateTime<Utc> {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(self.rule.minute * 60, 0).unwrap();
        match self.zone().resolve(date.and_time(time)) {
            Resolved::Once(at) => at,
            // Held up until the gap ends; and of a time that comes twice the first.
            Resolved::Gap { end } => end,
            Resolved::Fold { first, .. } => first,
        }
    }

    /// The dates on which it comes due, with the instants, in `after < at <= until`.
    fn due(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let first = after.date_naive() - TimeDelta::days(2);
        let days = (until.date_naive() - first).num_days() + 3;
        (0..days)
            .map(|day| first + TimeDelta::days(day))
            .filter(|date| self.rule.dates.contain(*date))
            .map(|date| self.instant(date))
            .filter(|at| after < *at && *at <= until)
            .collect()
    }

    /// What keeps a run from starting at an instant.
    pub(crate) fn blocked(&self, at: DateTime<Utc>) -> Option<&'static str> {
        let local = self.zone().to_local(at).0;
        let frozen = |(from, to): &(NaiveDate, NaiveDate)| (*from..=*to).contains(&local.date());
        if self.rule.keeps_clear && self.blackouts.iter().any(frozen) {
            return Some("blackout");
        }
        (!self.is_open(at)).then_some("outside_window")
    }

    /// Whether its windows allow an instant.
    fn is_open(&self, at: DateTime<Utc>) -> bool {
        let local = self.zone().to_local(at).0;
        let minute = local.hour() * 60 + local.minute();
        let (today, yesterday) = (local.weekday(), local.weekday().pred());
        match &self.rule.window {
            None => true,
            Some((days, from, to)) if from < to => days.contains(&today) && (*from..*to).contains(&minute),
            Some((days, from, to)) => {
                (days.contains(&today) && minute >= *from) || (days.contains(&yesterday) && minute < *to)
            }
        }
    }

    /// The day an occurrence in a blackout moves to.
    fn moved_to(&self, nominal: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.rule.moves || nominal <= self.rule_since || self.blocked(nominal) != Some("blackout") {
            return None;
        }
        // It would not have run on its own day either.
        if !self.is_open(nominal) {
            return None;
        }
        let date = self.zone().to_local(nominal).0.date();
        (1..=LAST_MOVE)
            .map(|days| self.instant(date + TimeDelta::days(days)))
            .find(|at| self.blocked(*at).is_none())
    }

    /// The starts in `after < at <= until`; of several at one instant the latest occurrence, and apart from them the others.
    fn starts(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> (Vec<Start>, Vec<DateTime<Utc>>) {
        let mut starts: Vec<Start> = Vec::new();
        for nominal in self.due(after - TimeDelta::days(LAST_MOVE + 3), until) {
            let at = match self.blocked(nominal) {
                None => Some(nominal),
                Some(_) => self.moved_to(nominal),
            };
            starts.extend(at.filter(|at| after < *at && *at <= until).map(|at| Start { nominal, at }));
        }
        starts.sort_by_key(|start| (start.at, start.nominal));
        let (mut kept, mut replaced): (Vec<Start>, Vec<DateTime<Utc>>) = (Vec::new(), Vec::new());
        for start in starts {
            match kept.last_mut().filter(|last| last.at == start.at) {
                Some(last) => replaced.push(std::mem::replace(last, start).nominal),
                None => kept.push(start),
            }
        }
        (kept, replaced)
    }

    /// Occurrences in `after < at <= until` that neither run nor move, with what blocks them.
    fn blocked_ones(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(DateTime<Utc>, &'static str)> {
        let stays = |nominal: &DateTime<Utc>| self.moved_to(*nominal).is_none();
        let due = self.due(after, until).into_iter().filter(stays);
        due.filter_map(|nominal| Some((nominal, self.blocked(nominal)?))).collect()
    }

    /// Whether somebody may run a missed occurrence now.
    pub(crate) fn can_run(&self, now: DateTime<Utc>) -> bool {
        self.blocked(now).is_none() && (self.rule.overlap == "allow" || self.open.is_empty())
    }

    /// An occurrence runs. Earlier ones that wait for an answer are replaced by it.
    pub(crate) fn run(&mut self, nominal: DateTime<Utc>, now: DateTime<Utc>) {
        for (at, fate) in self.fates.range_mut(..nominal) {
            if let Fate::Missed { outcome: outcome @ "asked", .. } = fate
                && self.answer_by.get(at).is_some_and(|by| *by >= now)
            {
                *outcome = "replaced";
            }
        }
        self.fates.insert(nominal, Fate::Batch);
        self.open.insert(nominal);
    }

    fn is_settled(&self, nominal: DateTime<Utc>) -> bool {
        matches!(self.fates.get(&nominal), Some(Fate::Batch | Fate::Missed { outcome: "declined", .. }))
    }

    /// A batch, or a person's answer, is never taken back.
    fn set(&mut self, nominal: DateTime<Utc>, fate: Fate) {
        if !self.is_settled(nominal) {
            self.fates.insert(nominal, fate);
        }
    }

    /// Nothing comes due before there was a schedule, unless it was made while the clock was ahead.
    fn dealt_with(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.created <= now { self.checked.max(self.created) } else { self.checked }
    }

    /// The clock was set back: what lies ahead has not been missed, nor what is moved to a day ahead.
    pub(crate) fn set_back(&mut self, now: DateTime<Utc>) {
        self.checked = self.checked.min(now);
        self.rule_since = self.rule_since.min(now);
        let waits =
            |nominal: &DateTime<Utc>| self.rule.active && self.moved_to(*nominal).is_some_and(|at| at > now);
        let ahead: Vec<DateTime<Utc>> =
            self.fates.keys().filter(|nominal| **nominal > now || waits(nominal)).copied().collect();
        for nominal in ahead {
            if !self.is_settled(nominal) {
                self.fates.remove(&nominal);
            }
        }
    }

    /// The scheduler looks. Answers what somebody is asked about.
    pub(crate) fn tick(
        &mut self,
        now: DateTime<Utc>,
        running_since: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        // Nobody looks at a paused one.
        if !self.rule.active {
            return None;
        }
        let after = self.dealt_with(now);
        self.checked = self.checked.max(now);
        if now <= after {
            return None;
        }
        for (nominal, reason) in self.blocked_ones(after, now) {
            self.set(nominal, missed(reason, "none"));
        }
        let (starts, replaced) = self.starts(after, now);
        let absence =
            |at| if running_since.is_some_and(|since| at >= since) { "asleep" } else { "not_running" };
        let mut fates: Vec<(DateTime<Utc>, Fate)> =
            replaced.into_iter().map(|nominal| (nominal, missed("coalesced", "replaced"))).collect();
        let in_grace = |start: &Start| start.at + self.rule.grace.max(ON_TIME) >= now;
        let on_time = |start: &Start| start.at + ON_TIME >= now;
        let beyond = starts.iter().filter(|start| !in_grace(start));
        fates.extend(beyond.map(|start| (start.nominal, missed("grace_passed", "none"))));
        let (late, timely): (Vec<Start>, Vec<Start>) =
            starts.iter().copied().filter(in_grace).partition(|start| !on_time(start));
        let blocked_now = self.blocked(now);
        let (mut fire, mut ask, mut replaced) = (None, None, Vec::new());
        let mut candidates = timely;
        match self.rule.misfire {
            "skip" => {
                fates.extend(late.iter().map(|start| (start.nominal, missed(absence(start.at), "skipped"))));
            }
            "ask" if candidates.is_empty() && blocked_now.is_none() => {
                let mut late = late;
                ask = late.pop();
                replaced = late;
            }
            _ => candidates = late.into_iter().chain(candidates).collect(),
        }
        match blocked_now {
            Some(reason) => {
                fates.extend(candidates.iter().map(|start| (start.nominal, missed(reason, "none"))));
            }
            None => {
                if let Some(latest) = candidates.pop() {
                    fire = Some(latest);
                    replaced.extend(candidates);
                }
            }
        }
        fates.extend(replaced.iter().map(|start| (start.nominal, missed("coalesced", "replaced"))));
        let mut asked = None;
        if let Some(start) = ask.filter(|start| !self.is_settled(start.nominal)) {
            asked = Some(start.nominal);
            self.answer_by.insert(start.nominal, start.at + self.rule.grace.max(ON_TIME));
            fates.push((start.nominal, missed(absence(start.at), "asked")));
        }
        let fire = fire.filter(|start| !self.is_settled(start.nominal));
        if self.rule.overlap == "skip" && !self.open.is_empty() && (fire.is_some() || asked.is_some()) {
            for (_, fate) in &mut fates {
                if matches!(fate, Fate::Missed { outcome: "replaced" | "asked", .. }) {
                    *fate = missed("overlap", "none");
                }
            }
            fates.extend(fire.map(|start| (start.nominal, missed("overlap", "none"))));
            asked = None;
        } else if let Some(start) = fire {
            self.run(start.nominal, now);
        }
        for (nominal, fate) in fates {
            self.set(nominal, fate);
        }
        asked
    }

    /// The rule changes: what is due is dealt with first, and what waits never runs. Answers what somebody is asked about.
    pub(crate) fn change(
        &mut self,
        rule: Rule,
        now: DateTime<Utc>,
        running_since: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        let asked = self.tick(now, running_since);
        if self.rule.active {
            let mut waiting = self.due(now - TimeDelta::days(LAST_MOVE + 3), now);
            waiting.retain(|at| self.moved_to(*at).is_some_and(|to| to > now));
            for nominal in waiting {
                self.set(nominal, missed("schedule_changed", "none"));
            }
        } else {
            self.tell_pause(now);
        }
        self.rule = rule;
        self.rule_since = now;
        self.checked = now;
        asked
    }

    /// What a pause has kept from running, where there is one. What would not have run anyway was not kept from it.
    pub(crate) fn tell_pause(&mut self, now: DateTime<Utc>) {
        if self.rule.active {
            return;
        }
        let after = self.dealt_with(now);
        let blocked: BTreeMap<_, _> = self.blocked_ones(after, now).into_iter().collect();
        for nominal in self.due(after, now) {
            self.set(nominal, missed(blocked.get(&nominal).copied().unwrap_or("paused"), "none"));
        }
    }

    /// The blackouts change: what is due is dealt with first, under the dates before. Up to the latest of what waits and comes
    /// out differently, what waits never runs. Answers what somebody is asked about.
    pub(crate) fn change_dates(
        &mut self,
        blackouts: Vec<(NaiveDate, NaiveDate)>,
        now: DateTime<Utc>,
        running_since: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        if !self.rule.active || !self.rule.keeps_clear {
            self.blackouts = blackouts;
            return None;
        }
        let asked = self.tick(now, running_since);
        let old = self.clone();
        self.blackouts = blackouts;
        let candidates = old.due(now - TimeDelta::days(LAST_MOVE + 3), now);
        let waits = |it: &Self, at| it.moved_to(at).filter(|to| *to > now);
        let differs = |at: &DateTime<Utc>| waits(&old, *at) != waits(self, *at);
        if let Some(last) = candidates.iter().copied().filter(differs).max() {
            let since = last.max(old.rule_since);
            for nominal in candidates.into_iter().filter(|at| *at <= since) {
                if waits(&old, nominal).is_none() {
                    continue;
                }
                self.set(nominal, missed("schedule_changed", "none"));
            }
            self.rule_since = since;
        }
        asked
    }
}
