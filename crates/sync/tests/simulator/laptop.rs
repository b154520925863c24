//! One laptop: what it holds, and the exchange it has under way. In memory.

use crate::server::Push;
use mf_domain::ids::DeviceId;
use mf_domain::role::Role;
use mf_domain::version::{HybridClock, Version};
use mf_sync::core::clock::{Restamped, restamp};
use mf_sync::core::cursor::{Cursor, Marks, Reading, Whole, reading};
use mf_sync::core::outbox::Plan;
use mf_sync::core::push::Edit;
use mf_sync::core::replica::{Answered, Local, Receive, Settled, receive, settle};
use mf_sync::core::row::{Columns, Key, Row};
use mf_sync::core::table;
use mf_sync::exchange::Page;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which release runs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    Current,
    /// Lacks the columns of limits, and the events of batches.
    Old,
}

/// What everybody sees of a laptop.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) device: DeviceId,
    pub(crate) role: Role,
    pub(crate) release: Release,
    /// Milliseconds its wall clock is off by.
    pub(crate) skew: i64,
    pub(crate) rows: BTreeMap<Key, Local>,
    /// Rows only somebody else may bring back to a restored server.
    pub(crate) waiting: BTreeSet<Key>,
    /// How often a row began to wait.
    pub(crate) waited: u64,
    /// How many rows were dropped, for the server has them no more.
    pub(crate) dropped: u64,
    pub(crate) pushes: u64,
}

impl Shown {
    pub(crate) fn new(number: u128, role: Role, release: Release) -> Self {
        Self {
            device: DeviceId(Uuid::from_u128(number)),
            role,
            release,
            skew: 0,
            rows: BTreeMap::new(),
            waiting: BTreeSet::new(),
            waited: 0,
            dropped: 0,
            pushes: 0,
        }
    }

    pub(crate) fn knows(&self, table: &str) -> bool {
        self.release == Release::Current || table != "batch_events"
    }

    pub(crate) fn pending(&self) -> Vec<Edit> {
        let pending = self.rows.values().filter(|local| local.pending);
        pending
            .map(|local| Edit { row: local.row.clone(), base_version: local.base_version.clone() })
            .collect()
    }

    /// The next push, one chunk of it.
    pub(crate) fn push(&mut self, seen_until: Option<i64>) -> Option<Push> {
        let chunk = Plan::new(self.pending()).next_chunk()?;
        self.pushes += 1;
        Some(Push {
            push_id: Uuid::from_u128(self.device.0.as_u128() << 64 | u128::from(self.pushes)),
            role: self.role,
            seen_until,
            edits: chunk.into_edits(),
        })
    }
}

/// What the world does with a laptop.
pub(crate) trait Replica {
    fn shown(&self) -> &Shown;
    fn shown_mut(&mut self) -> &mut Shown;
    fn stamp(&mut self, now: i64) -> Version;
    /// Writes rows that make sense together only.
    fn write(&mut self, rows: Vec<Row>);
    fn seen_until(&self) -> Option<i64>;
    /// How far it has read, and written.
    fn marks(&self) -> Marks;
    fn answered(&mut self, answers: Vec<(Key, Answered)>, end: Option<Cursor>);
    fn clock_ahead(&mut self, server_now: i64) -> Restamped;
    /// The server was restored: everything is offered to it, and read from the beginning.
    fn restored(&mut self);
    /// The next page.
    fn page(&mut self, page: Page, last: bool, now: i64);
    /// From now on nothing goes wrong.
    fn calm(&mut self) {}
}

#[derive(Debug)]
pub(crate) struct Laptop {
    shown: Shown,
    clock: Version,
    marks: Marks,
    staged: Vec<Row>,
    /// Behind the staged rows.
    staged_cursor: Option<Cursor>,
    whole: Option<Whole>,
    seen_until: Option<i64>,
}

impl Laptop {
    pub(crate) fn new(number: u128, role: Role, release: Release) -> Self {
        Self {
            shown: Shown::new(number, role, release),
            clock: Version::bottom(),
            marks: Marks::default(),
            staged: Vec::new(),
            staged_cursor: None,
            whole: None,
            seen_until: None,
        }
    }

    fn forget_reading(&mut self) {
        (self.marks.read, self.staged_cursor, self.whole) = (None, None, None);
        self.staged.clear();
    }

    fn observe(&mut self, version: &Version) {
        if *version > self.clock {
            self.clock = version.clone();
        }
    }

    /// As SQLite keeps it: what the release does not know goes through `extra`.
    fn stored(&self, row: Row) -> Row {
        let Some(table) = table::find(&row.key.table) else { return row };
        let (mut known, mut extra) = row.split(table);
        if self.shown.release == Release::Old {
            let newer: Vec<String> =
                ["windows", "blackout_ids", "on_blackout", "notify_before"].map(str::to_owned).into();
            for name in newer {
                extra.extend(known.remove_entry(&name));
            }
        }
        let text = serde_json::to_string(&extra).expect("writes");
        let extra: Columns = serde_json::from_str(&text).expect("reads");
        Row::new(row.key, row.version, row.tombstone, known.into_iter().chain(extra).collect())
    }

    fn take(&mut self, row: Row) {
        let row = self.stored(row);
        let base_version = Some(row.version.clone());
        self.shown.waiting.remove(&row.key);
        self.shown.rows.insert(row.key.clone(), Local { row, base_version, pending: false });
    }
}

impl Replica for Laptop {
    fn shown(&self) -> &Shown {
        &self.shown
    }

    fn shown_mut(&mut self) -> &mut Shown {
        &mut self.shown
    }

    fn seen_until(&self) -> Option<i64> {
        self.seen_until
    }

    fn marks(&self) -> Marks {
        Marks { read: self.staged_cursor.or(self.marks.read), ..self.marks }
    }

    fn stamp(&mut self, now: i64) -> Version {
        let wall = u64::try_from(now + self.shown.skew).expect("after 1970");
        self.clock = HybridClock::resume(self.shown.device, &self.clock).stamp(wall);
        self.clock.clone()
    }

    fn write(&mut self, rows: Vec<Row>) {
        for row in rows {
            let row = self.stored(row);
            let base_version = self.shown.rows.get(&row.key).and_then(|local| local.base_version.clone());
            self.shown.waiting.remove(&row.key);
            self.shown.rows.insert(row.key.clone(), Local { row, base_version, pending: true });
        }
    }

    fn answered(&mut self, answers: Vec<(Key, Answered)>, end: Option<Cursor>) {
        self.marks.wrote = end.or(self.marks.wrote);
        for (key, answered) in answers {
            let Some(local) = self.shown.rows.get(&key) else { continue };
            if let Some(row) = &answered.row {
                self.clock = self.clock.clone().max(row.version.clone());
            }
            match settle(local, answered) {
                Settled::Sent(version) => {
                    let local = self.shown.rows.get_mut(&key).expect("there");
                    local.row.version = version.clone();
                    (local.base_version, local.pending) = (Some(version), false);
                }
                Settled::Rebased(version) => {
                    self.shown.rows.get_mut(&key).expect("there").base_version = Some(version)
                }
                Settled::Replaced { by, .. } => {
                    self.shown.rows.remove(&key).expect("there");
                    if let Some(row) = by {
                        self.take(row);
                    }
                }
                Settled::Waits => {
                    self.shown.rows.get_mut(&key).expect("there").pending = false;
                    self.shown.waiting.insert(key);
                    self.shown.waited += 1;
                }
                Settled::Later => {}
            }
        }
    }

    fn clock_ahead(&mut self, server_now: i64) -> Restamped {
        let pending = self.shown.pending();
        let had = self.shown.rows.values().filter_map(|local| local.base_version.as_ref());
        let floor = had.max().cloned().unwrap_or_else(Version::bottom);
        let new =
            restamp(&pending, self.shown.device, u64::try_from(server_now).expect("after 1970"), &floor);
        for edit in pending {
            let edit = new.apply(edit);
            let key = edit.row.key.clone();
            self.shown.rows.get_mut(&key).expect("there").row = edit.row;
        }
        self.clock = new.clock.clone().unwrap_or(floor);
        new
    }

    fn restored(&mut self) {
        self.forget_reading();
        self.marks.wrote = None;
        self.shown.waiting.clear();
        for local in self.shown.rows.values_mut().filter(|local| !local.pending) {
            // Base and version are the same: an offer.
            local.pending = true;
        }
    }

    fn page(&mut self, page: Page, last: bool, _: i64) {
        let read = self.marks().read;
        match reading(read, self.whole, page.horizon, page.until) {
            _ if read != page.behind => return,
            Reading::On => {}
            Reading::Whole(whole) => self.whole = Some(whole),
            Reading::Anew => return self.forget_reading(),
        }
        self.staged.extend(page.rows);
        self.staged_cursor = page.end.or(self.staged_cursor);
        if !last {
            return;
        }
        let (mut taken, staged) = (0, std::mem::take(&mut self.staged));
        if self.whole.take().is_some_and(|whole| whole.has_all_of(self.marks.wrote)) {
            let came: BTreeSet<&Key> = staged.iter().map(|row| &row.key).collect();
            let waiting = &self.shown.waiting;
            let stays =
                |key: &Key, local: &Local| local.pending || waiting.contains(key) || came.contains(key);
            let before = self.shown.rows.len();
            self.shown.rows.retain(|key, local| stays(key, local));
            self.shown.dropped += u64::try_from(before - self.shown.rows.len()).expect("few");
        }
        for row in staged {
            self.observe(&row.version.clone());
            if self.shown.knows(&row.key.table)
                && receive(self.shown.rows.get(&row.key), &row) == Receive::Take
            {
                self.take(row);
                taken += 1;
            }
        }
        self.marks.read = self.staged_cursor.take().or(self.marks.read);
        // A row with an unsent change was left alone, and so not seen.
        if self.shown.rows.values().all(|local| !local.pending) {
            self.seen_until = Some(page.seen_until);
        }
        if taken > 0 {
            // Perhaps their parents came.
            for key in std::mem::take(&mut self.shown.waiting) {
                self.shown.rows.get_mut(&key).expect("there").pending = true;
            }
        }
    }
}
