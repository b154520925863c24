//! Who does what when, what goes wrong meanwhile, and what must be true in the end.

use crate::laptop::{Release, Replica};
use crate::random::Random;
use crate::server::{Decided, Push, Pushed, Server};
use mf_domain::role::Role;
use mf_domain::version::Version;
use mf_sync::core::cursor::{Cursor, Standing};
use mf_sync::core::push::Answer;
use mf_sync::core::replica::Answered;
use mf_sync::core::row::{Columns, Key, Row, Scalar, conflict_id};
use mf_sync::core::table::{CONFLICTS, PAUSES};
use mf_sync::exchange::Page;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const DAY: i64 = 86_400_000;
/// Pages of the simulated server.
const PAGE: usize = 7;

/// How often what happened, over all seeds: a simulator in which nothing happens finds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    accepted: u64,
    superseded: u64,
    rejected: u64,
    conflicts: u64,
    clock_ahead: u64,
    restored: u64,
    lost_replies: u64,
    waiting: u64,
    collected: u64,
    dropped: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.superseded += other.superseded;
        self.rejected += other.rejected;
        self.conflicts += other.conflicts;
        self.clock_ahead += other.clock_ahead;
        self.restored += other.restored;
        self.lost_replies += other.lost_replies;
        self.waiting += other.waiting;
        self.collected += other.collected;
        self.dropped += other.dropped;
    }

    pub(crate) fn assert_everything_happened(&self) {
        let all =
            [self.accepted, self.superseded, self.rejected, self.conflicts, self.clock_ahead, self.restored];
        assert!(
            all.iter().all(|count| *count > 100)
                && self.lost_replies > 100
                && [self.waiting, self.collected, self.dropped].iter().all(|count| *count > 0),
            "{self:?}"
        );
    }
}

/// A message of a laptop, and its reply once the server has answered.
#[derive(Debug)]
enum Flight {
    Push(Push),
    Pull,
    Answers(Vec<(Key, Answered)>, Option<Cursor>),
    ClockAhead(i64),
    Restored,
    Page { page: Page, last: bool, at: i64 },
}

#[derive(Debug)]
pub(crate) struct World<L> {
    random: Random,
    now: i64,
    server: Server,
    backup: Option<Server>,
    pub(crate) laptops: Vec<L>,
    flights: Vec<Option<Flight>>,
    /// Until which step each is away from the server.
    away: Vec<u64>,
    /// What each version was made on, and what it won over.
    made_on: BTreeMap<(Key, Version), Vec<Version>>,
    losers: BTreeSet<Uuid>,
    next_id: u128,
    tally: Tally,
}

impl<L: Replica> World<L> {
    /// `make` makes a laptop of a number, from 1.
    pub(crate) fn new(seed: u64, make: impl Fn(u128, Role, Release) -> L) -> Self {
        let mut random = Random::new(seed);
        let roles = [Role::Owner, Role::Manager, Role::Operator, Role::Operator, Role::Readonly];
        let count = 2 + random.below(4);
        let laptops: Vec<L> = (0..count)
            .map(|number| {
                let role = if number == 0 { Role::Owner } else { *random.pick(&roles) };
                let release = if random.one_in(3) { Release::Old } else { Release::Current };
                make(u128::from(number) + 1, role, release)
            })
            .collect();
        let flights = laptops.iter().map(|_| None).collect();
        let away = laptops.iter().map(|_| 0).collect();
        Self {
            random,
            now: 400 * DAY,
            server: Server::default(),
            backup: None,
            laptops,
            flights,
            away,
            made_on: BTreeMap::new(),
            losers: BTreeSet::new(),
            next_id: 1,
            tally: Tally::default(),
        }
    }

    pub(crate) fn run(&mut self) -> Result<Tally, Box<str>> {
        let steps = 60 + self.random.below(340);
        for step in 0..steps {
            self.now += 1 + i64::try_from(self.random.below(2_000)).expect("small");
            let who = usize::try_from(self.random.below(self.laptops.len() as u64)).expect("small");
            if self.away[who] > step {
                // Its person works on; nothing goes out and nothing comes in.
                self.work(who);
                continue;
            }
            match self.random.below(100) {
                0..30 => self.work(who),
                30..94 => self.exchange(who, Faults::Some)?,
                94..96 => self.flights[who] = None,
                96 => self.laptops[who].shown_mut().skew = *self.random.pick(&[-DAY, 0, 0, DAY]),
                97 => self.backup = Some(self.server.clone()),
                98 => self.restore(),
                _ => {
                    self.now += DAY / 4;
                    let away = step + self.random.below(80);
                    self.away[who] = away;
                }
            }
        }
        self.heal()?;
        self.verify()?;
        self.tally.waiting = self.laptops.iter().map(|laptop| laptop.shown().waited).sum();
        self.tally.dropped = self.laptops.iter().map(|laptop| laptop.shown().dropped).sum();
        self.tally.collected = u64::try_from(self.server.collected.len()).unwrap_or(0);
        Ok(self.tally)
    }

    fn restore(&mut self) {
        if let Some(backup) = &self.backup {
            self.server = backup.clone();
            self.tally.restored += 1;
        }
    }

    /// No faults: everybody syncs until nothing moves, in a bounded number of rounds.
    fn heal(&mut self) -> Result<(), Box<str>> {
        const ROUNDS: usize = 12;
        self.laptops.iter_mut().for_each(Replica::calm);
        for _ in 0..ROUNDS {
            for who in 0..self.laptops.len() {
                for _ in 0..400 {
                    self.now += 1;
                    self.exchange(who, Faults::None)?;
                    if self.flights[who].is_none() && self.is_current(who) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_current(&self, who: usize) -> bool {
        let laptop = &self.laptops[who];
        let after = laptop.marks().read;
        laptop.shown().pending().is_empty()
            && !self.restored_for(who)
            && after.is_some_and(|cursor| cursor.seq >= self.server.seq)
    }

    fn restored_for(&self, who: usize) -> bool {
        self.laptops[who].marks().standing(|cursor| self.server.knows(cursor)) == Standing::Restored
    }

    fn exchange(&mut self, who: usize, faults: Faults) -> Result<(), Box<str>> {
        let lost = |random: &mut Random| faults == Faults::Some && random.one_in(6);
        match self.flights[who].take() {
            None => {
                let push = if self.random.one_in(3) { None } else { self.push_of(who) };
                self.flights[who] = Some(push.map_or(Flight::Pull, Flight::Push));
            }
            Some(Flight::Push(push)) => {
                if lost(&mut self.random) {
                    return Ok(());
                }
                if self.restored_for(who) {
                    self.flights[who] = Some(Flight::Restored);
                    return Ok(());
                }
                let times = if lost(&mut self.random) { 2 } else { 1 };
                for _ in 0..times {
                    self.flights[who] = Some(match self.server.push(&push, self.now) {
                        Pushed::ClockAhead => Flight::ClockAhead(self.now),
                        Pushed::Answers(answers, end, decided) => {
                            decided.iter().try_for_each(|it| self.judge(it))?;
                            Flight::Answers(answers, end)
                        }
                    });
                }
            }
            Some(Flight::Pull) => {
                if lost(&mut self.random) {
                    return Ok(());
                }
                if self.restored_for(who) {
                    self.flights[who] = Some(Flight::Restored);
                    return Ok(());
                }
                let behind = self.laptops[who].marks().read;
                let mut rows = self.server.pull(behind.map_or(0, |cursor| cursor.seq));
                rows.truncate(PAGE);
                let last = rows.len() < PAGE;
                let (until, horizon) = (self.server.seq, self.server.collected_seq);
                let read = if last { until } else { rows.last().map_or(0, |(seq, _)| *seq) };
                let end = self.server.cursor(read);
                let rows = rows.into_iter().map(|(_, row)| row).collect();
                let page = Page { rows, behind, end, seen_until: self.now, horizon, until };
                self.flights[who] = Some(Flight::Page { page, last, at: self.now });
            }
            Some(reply) => {
                if lost(&mut self.random) {
                    self.tally.lost_replies += 1;
                    return Ok(());
                }
                self.receive(who, reply);
            }
        }
        Ok(())
    }

    fn push_of(&mut self, who: usize) -> Option<Push> {
        let seen_until = self.laptops[who].seen_until();
        self.laptops[who].shown_mut().push(seen_until)
    }

    fn receive(&mut self, who: usize, reply: Flight) {
        let laptop = &mut self.laptops[who];
        match reply {
            Flight::Answers(answers, end) => {
                let settled: Vec<(Key, Version, Version)> = answers
                    .iter()
                    .filter(|(_, answered)| answered.answer == Answer::Accepted)
                    .filter_map(|(key, answered)| {
                        let local = laptop.shown().rows.get(key)?;
                        Some((key.clone(), local.row.version.clone(), answered.row.as_ref()?.version.clone()))
                    })
                    .collect();
                laptop.answered(answers, end);
                for (key, edited, version) in settled {
                    // A pause that was settled says what was sent: an edit made on that meanwhile knows it.
                    let local = laptop.shown().rows.get(&key);
                    if local.is_some_and(|local| local.base_version.as_ref() == Some(&version)) {
                        self.made_on.entry((key, edited)).or_default().push(version);
                    }
                }
            }
            Flight::ClockAhead(server_now) => {
                self.tally.clock_ahead += 1;
                let new = laptop.clock_ahead(server_now);
                for (key, version) in new.versions {
                    let old =
                        new.renamed.iter().find(|(_, new)| **new == version).map(|(old, _)| old.clone());
                    self.made_on.insert((key, version), old.into_iter().collect());
                }
            }
            Flight::Restored => laptop.restored(),
            Flight::Page { page, last, at } => laptop.page(page, last, at),
            Flight::Push(_) | Flight::Pull => unreachable!("requests are not received"),
        }
    }

    /// Whether `later` was made by somebody who knew `earlier`.
    fn descends(&self, key: &Key, later: &Version, earlier: &Version) -> bool {
        let (mut open, mut seen) = (vec![later.clone()], BTreeSet::new());
        while let Some(version) = open.pop() {
            if version == *earlier {
                return true;
            }
            if seen.insert(version.clone()) {
                open.extend(self.made_on.get(&(key.clone(), version)).cloned().unwrap_or_default());
            }
        }
        false
    }

    /// Holds one decision of the server against what really happened.
    fn judge(&mut self, decided: &Decided) -> Result<(), Box<str>> {
        let Decided { edit, before, decision } = decided;
        match decision.answer {
            Answer::Accepted => self.tally.accepted += 1,
            Answer::Superseded => self.tally.superseded += 1,
            Answer::Rejected(_) | Answer::Gone => {
                self.tally.rejected += 1;
                return if decision.store.is_none() && decision.loser.is_none() {
                    Ok(())
                } else {
                    Err(format!("a rejected row has an effect: {decided:?}").into())
                };
            }
        }
        let Some(before) = before else { return Ok(()) };
        let (key, incoming) = (&edit.row.key, &edit.row.version);
        let related =
            self.descends(key, incoming, &before.version) || self.descends(key, &before.version, incoming);
        let nobodys = incoming.is_bottom() || before.version.is_bottom();
        let concurrent = !related && !nobodys && !edit.row.same_content(before) && key.table != CONFLICTS;
        if let Some(loser) = &decision.loser {
            self.tally.conflicts += 1;
            let known = !self.losers.insert(conflict_id(&loser.key, &loser.version));
            // A restored server has forgotten what it once accepted: keeping one copy too many is the safe side.
            if !concurrent && !known && self.tally.restored == 0 {
                return Err(format!("no conflict, but kept: {decided:?}").into());
            }
        } else if concurrent && self.tally.restored < 2 {
            // Twice restored, there are three histories, and a version no longer says to which of them it belongs.
            return Err(format!("a conflict, and not kept: {decided:?}").into());
        }
        let after = decision.store.as_ref().unwrap_or(before).version.clone();
        let made_on = self.made_on.entry((key.clone(), after.clone())).or_default();
        made_on.extend([incoming, &before.version].into_iter().filter(|it| **it != after).cloned());
        Ok(())
    }

    fn verify(&self) -> Result<(), Box<str>> {
        let mut server: BTreeMap<&Key, &Row> = BTreeMap::new();
        server.extend(self.server.rows.iter().map(|(key, (stored, _))| (key, &stored.row)));
        for (key, row) in &server {
            if let Some(parent) = row.parents().find(|parent| !server.contains_key(parent)) {
                return Err(format!("{key:?} on the server lacks {parent:?}").into());
            }
        }
        for laptop in self.laptops.iter().map(Replica::shown) {
            if let Some(stuck) = laptop.pending().first() {
                return Err(format!("stuck on {:?}: {stuck:?}", laptop.device).into());
            }
            for (key, local) in &laptop.rows {
                match server.get(key) {
                    Some(row) if **row == local.row => {}
                    None if laptop.waiting.contains(key) || local.row.tombstone => {}
                    there => {
                        return Err(format!(
                            "divergent: {:?} has {local:?}, the server {there:?}",
                            laptop.device
                        )
                        .into());
                    }
                }
            }
            if let Some(absent) =
                server.keys().find(|key| laptop.knows(&key.table) && !laptop.rows.contains_key(key))
            {
                return Err(format!("{:?} lacks {absent:?}", laptop.device).into());
            }
        }
        if self.tally.restored == 0 {
            let kept = |id: &Uuid| {
                let key = Key { table: CONFLICTS.into(), id: *id };
                server.contains_key(&key) || self.server.collected.contains(&key)
            };
            if let Some(lost) = self.losers.iter().find(|id| !kept(id)) {
                return Err(format!("the loser {lost} is not kept").into());
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Faults {
    Some,
    None,
}

/// What people and schedulers do.
impl<L: Replica> World<L> {
    fn work(&mut self, who: usize) {
        let edits = self.laptops[who]
            .shown()
            .rows
            .keys()
            .filter(|key| key.table != CONFLICTS)
            .cloned()
            .collect::<Vec<_>>();
        match self.random.below(10) {
            0 => self.new_flow(who),
            1 => {
                self.new_row(who, "target_lists", &[]);
            }
            2 => self.fire(who),
            3 => {
                for (table, parent) in [("session_events", "sessions"), ("batch_events", "batches")] {
                    if self.laptops[who].shown().knows(table)
                        && let Some(of) = self.one_of(who, parent)
                    {
                        let column = if table == "batch_events" { "batch_id" } else { "session_id" };
                        self.new_row(who, table, &[(column, of)]);
                    }
                }
            }
            4 => self.settle_conflict(who),
            _ if !edits.is_empty() => {
                let key = self.random.pick(&edits).clone();
                self.edit(who, &key);
            }
            _ => {}
        }
    }

    fn one_of(&mut self, who: usize, table: &str) -> Option<Uuid> {
        let ids: Vec<Uuid> = self.laptops[who]
            .shown()
            .rows
            .keys()
            .filter(|key| key.table == table)
            .map(|key| key.id)
            .collect();
        (!ids.is_empty()).then(|| *self.random.pick(&ids))
    }

    fn id(&mut self) -> Uuid {
        self.next_id += 1;
        Uuid::from_u128(self.next_id)
    }

    fn value(&mut self) -> Scalar {
        Scalar::Int(i64::try_from(self.random.below(4)).expect("small"))
    }

    fn new_row(&mut self, who: usize, table: &str, names: &[(&str, Uuid)]) -> Uuid {
        let id = self.id();
        self.put(who, Key { table: table.into(), id }, names);
        id
    }

    fn put(&mut self, who: usize, key: Key, names: &[(&str, Uuid)]) {
        let row = self.made_up(who, key, names);
        self.laptops[who].write(vec![row]);
    }

    fn made_up(&mut self, who: usize, key: Key, names: &[(&str, Uuid)]) -> Row {
        let mut columns = shape(&key.table);
        columns.extend(names.iter().map(|(name, id)| ((*name).to_owned(), Scalar::Text(id.to_string()))));
        let column = if key.table == PAUSES { "paused" } else { "updated_at" };
        columns.insert(column.into(), Scalar::Int(i64::from(self.random.one_in(2))));
        let version = self.laptops[who].stamp(self.now);
        Row::new(key, version, false, columns)
    }

    fn new_flow(&mut self, who: usize) {
        let (flow, head) = (self.id(), self.id());
        let rows = [("flows", flow, [("head_id", head)]), ("flow_revisions", head, [("flow_id", flow)])]
            .map(|(table, id, names)| self.made_up(who, Key { table: table.into(), id }, &names));
        self.laptops[who].write(rows.into());
        let schedule = self.new_row(who, "schedules", &[("flow_id", flow)]);
        self.put(who, Key { table: "active_schedules".into(), id: flow }, &[("schedule_id", schedule)]);
        self.put(who, Key { table: PAUSES.into(), id: schedule }, &[]);
    }

    /// The rows every laptop makes of the same occurrence, in one of two contents.
    fn fire(&mut self, who: usize) {
        let Some(schedule) = self.one_of(who, "schedules") else { return };
        let rows = &self.laptops[who].shown().rows;
        let Some(flow) = rows
            .get(&Key { table: "schedules".into(), id: schedule })
            .and_then(|it| it.row.reference("flow_id"))
        else {
            return;
        };
        let Some(head) =
            rows.get(&Key { table: "flows".into(), id: flow }).and_then(|it| it.row.reference("head_id"))
        else {
            return;
        };
        let batch = Uuid::from_u128(1 << 100 | schedule.as_u128() << 8 | u128::from(self.random.below(3)));
        let session = Uuid::from_u128(1 << 99 | batch.as_u128());
        let text = |id: Uuid| Scalar::Text(id.to_string());
        let content = self.value();
        let mut batch_columns = shape("batches");
        batch_columns.extend([
            ("flow_id".to_owned(), text(flow)),
            ("revision_id".to_owned(), text(head)),
            ("launched_at".to_owned(), content),
        ]);
        let mut session_columns = shape("sessions");
        session_columns.extend([("flow_id".to_owned(), text(flow)), ("batch_id".to_owned(), text(batch))]);
        for (table, id, columns) in
            [("batches", batch, batch_columns), ("sessions", session, session_columns)]
        {
            let key = Key { table: table.into(), id };
            if !self.laptops[who].shown().rows.contains_key(&key) {
                self.laptops[who].write(vec![Row::new(key, Version::bottom(), false, columns)]);
            }
        }
    }

    fn settle_conflict(&mut self, who: usize) {
        let open = self.laptops[who]
            .shown()
            .rows
            .iter()
            .find(|(key, local)| key.table == CONFLICTS && !local.row.tombstone);
        let Some((_, local)) = open else { return };
        let mut row = local.row.clone();
        row.tombstone = true;
        row.version = self.laptops[who].stamp(self.now);
        self.laptops[who].write(vec![row]);
    }

    fn edit(&mut self, who: usize, key: &Key) {
        // Append-only: there is nothing to edit.
        if key.table.ends_with("_events") || key.table == "flow_revisions" {
            return;
        }
        let mut row = self.laptops[who].shown().rows[key].row.clone();
        let made_on = row.version.clone();
        if key.table == "flows" {
            let head = self.new_row(who, "flow_revisions", &[("flow_id", key.id)]);
            row.columns.insert("head_id".into(), Scalar::Text(head.to_string()));
        } else if key.table == PAUSES {
            let paused = Scalar::Int(i64::from(row.columns.get("paused") == Some(&Scalar::Int(0))));
            row.columns.insert("paused".into(), paused);
        } else if key.table == "schedules" && self.laptops[who].shown().release == Release::Current {
            let windows = format!("[{}]", self.random.below(3));
            row.columns.insert("windows".into(), Scalar::Text(windows));
        } else {
            let value = self.value();
            row.columns.insert("updated_at".into(), value);
        }
        row.tombstone = row.tombstone || self.random.one_in(20);
        row.version = self.laptops[who].stamp(self.now);
        self.made_on.insert((key.clone(), row.version.clone()), vec![made_on]);
        self.laptops[who].write(vec![row]);
    }
}

/// What a row of the table must have for a real database to take it, beside the rows it names.
fn shape(table: &str) -> Columns {
    let (texts, numbers): (&[(&str, &str)], &[&str]) = match table {
        "flows" => (&[("name", "Patch"), ("description", ""), ("flow_type", "maintenance")], &["created_at"]),
        "flow_revisions" => (
            &[
                ("name", "Patch"),
                ("description", ""),
                ("flow_type", "maintenance"),
                ("structure", r#"{"steps":[]}"#),
                ("intake_form", "[]"),
            ],
            &["step_count", "estimate_minutes", "created_at"],
        ),
        "target_lists" => {
            (&[("name", "All"), ("description", ""), ("targets", r#"[{"label":"A"}]"#)], &["created_at"])
        }
        "schedules" => (
            &[
                ("recurrence", "{}"),
                ("timezone", "UTC"),
                ("misfire", "skip"),
                ("overlap", "allow"),
                ("intake", "{}"),
            ],
            &["grace_seconds", "created_at"],
        ),
        "batches" => (&[("origin", "manual"), ("intake", "{}")], &[]),
        "sessions" => (&[("target_label", "A")], &["position", "created_at"]),
        "session_events" => (&[("event", r#"{"kind":"reopened"}"#)], &["at"]),
        "batch_events" => (&[("event", "{}")], &["at"]),
        _ => (&[], &[]),
    };
    let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), Scalar::Text((*text).to_owned())));
    texts.chain(numbers.iter().map(|name| ((*name).to_owned(), Scalar::Int(1)))).collect()
}
