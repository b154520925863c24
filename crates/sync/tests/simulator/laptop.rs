//! One laptop: what its SQLite would hold, and the exchange it has under way.

use crate::server::Push;
use mf_domain::ids::DeviceId;
use mf_domain::role::Role;
use mf_domain::version::{HybridClock, Version};
use mf_sync::core::clock::{Restamped, restamp};
use mf_sync::core::cursor::{Cursor, Marks};
use mf_sync::core::outbox::Plan;
use mf_sync::core::push::Edit;
use mf_sync::core::replica::{Answered, Local, Receive, Settled, receive, settle};
use mf_sync::core::row::{Columns, Key, Row};
use mf_sync::core::table;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which release runs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    Current,
    /// Lacks the columns of limits, and the events of batches.
    Old,
}

#[derive(Debug)]
pub(crate) struct Laptop {
    pub(crate) device: DeviceId,
    pub(crate) role: Role,
    pub(crate) release: Release,
    /// Milliseconds its wall clock is off by.
    pub(crate) skew: i64,
    pub(crate) rows: BTreeMap<Key, Local>,
    /// Copies put aside here.
    pub(crate) aside: Vec<Row>,
    /// Rows only somebody else may bring back to a restored server.
    pub(crate) waiting: BTreeSet<Key>,
    /// How often a row began to wait.
    pub(crate) waited: u64,
    clock: Version,
    marks: Marks,
    staged: Vec<Row>,
    /// Behind the staged rows.
    staged_cursor: Option<Cursor>,
    seen_until: Option<i64>,
    pushes: u64,
}

impl Laptop {
    pub(crate) fn new(number: u128, role: Role, release: Release) -> Self {
        Self {
            device: DeviceId(Uuid::from_u128(number)),
            role,
            release,
            skew: 0,
            rows: BTreeMap::new(),
            aside: Vec::new(),
            waiting: BTreeSet::new(),
            waited: 0,
            clock: Version::bottom(),
            marks: Marks::default(),
            staged: Vec::new(),
            staged_cursor: None,
            seen_until: None,
            pushes: 0,
        }
    }

    pub(crate) fn knows(&self, table: &str) -> bool {
        self.release == Release::Current || table != "batch_events"
    }

    pub(crate) fn stamp(&mut self, now: i64) -> Version {
        let wall = u64::try_from(now + self.skew).expect("after 1970");
        self.clock = HybridClock::resume(self.device, &self.clock).stamp(wall);
        self.clock.clone()
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
        if self.release == Release::Old {
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

    pub(crate) fn write(&mut self, row: Row) {
        let row = self.stored(row);
        let base_version = self.rows.get(&row.key).and_then(|local| local.base_version.clone());
        self.waiting.remove(&row.key);
        self.rows.insert(row.key.clone(), Local { row, base_version, pending: true });
    }

    pub(crate) fn pending(&self) -> Vec<Edit> {
        let pending = self.rows.values().filter(|local| local.pending);
        pending
            .map(|local| Edit { row: local.row.clone(), base_version: local.base_version.clone() })
            .collect()
    }

    /// The next push, one chunk of it.
    pub(crate) fn push(&mut self) -> Option<Push> {
        let chunk = Plan::new(self.pending()).next_chunk()?;
        self.pushes += 1;
        Some(Push {
            push_id: Uuid::from_u128(self.device.0.as_u128() << 64 | u128::from(self.pushes)),
            role: self.role,
            seen_until: self.seen_until,
            edits: chunk.into_edits(),
        })
    }

    pub(crate) fn answered(&mut self, answers: Vec<(Key, Answered)>, end: Option<Cursor>) {
        self.marks.wrote = end.or(self.marks.wrote);
        for (key, answered) in answers {
            let Some(local) = self.rows.get(&key) else { continue };
            if let Some(row) = &answered.row {
                self.clock = self.clock.clone().max(row.version.clone());
            }
            match settle(local, answered) {
                Settled::Sent(version) => {
                    let local = self.rows.get_mut(&key).expect("there");
                    local.row.version = version.clone();
                    (local.base_version, local.pending) = (Some(version), false);
                }
                Settled::Rebased(version) => {
                    self.rows.get_mut(&key).expect("there").base_version = Some(version)
                }
                Settled::Replaced { by, aside } => {
                    let local = self.rows.remove(&key).expect("there");
                    if aside.is_some() {
                        self.aside.push(local.row);
                    }
                    if let Some(row) = by {
                        self.take(row);
                    }
                }
                Settled::Waits => {
                    self.rows.get_mut(&key).expect("there").pending = false;
                    self.waiting.insert(key);
                    self.waited += 1;
                }
                Settled::Later => {}
            }
        }
    }

    pub(crate) fn clock_ahead(&mut self, server_now: i64) -> Restamped {
        let pending = self.pending();
        let had = self.rows.values().filter_map(|local| local.base_version.as_ref());
        let floor = had.max().cloned().unwrap_or_else(Version::bottom);
        let new = restamp(&pending, self.device, u64::try_from(server_now).expect("after 1970"), &floor);
        for edit in pending {
            let edit = new.apply(edit);
            let key = edit.row.key.clone();
            self.rows.get_mut(&key).expect("there").row = edit.row;
        }
        self.clock = new.clock.clone().unwrap_or(floor);
        new
    }

    /// Where the next pull begins.
    pub(crate) fn position(&self) -> Option<Cursor> {
        self.staged_cursor.or(self.marks.read)
    }

    pub(crate) fn marks(&self) -> Marks {
        Marks { read: self.position(), ..self.marks }
    }

    /// The server was restored: everything is offered to it, and read from the beginning.
    pub(crate) fn restored(&mut self) {
        (self.marks, self.staged_cursor) = (Marks::default(), None);
        self.staged.clear();
        for local in self.rows.values_mut().filter(|local| !local.pending) {
            // Base and version are the same: an offer.
            local.pending = true;
        }
    }

    /// The next page.
    pub(crate) fn page(&mut self, rows: Vec<(i64, Row)>, end: Option<Cursor>, last: bool, now: i64) -> usize {
        self.staged.extend(rows.into_iter().map(|(_, row)| row));
        self.staged_cursor = end.or(self.staged_cursor);
        if !last {
            return 0;
        }
        let mut taken = 0;
        for row in std::mem::take(&mut self.staged) {
            self.observe(&row.version.clone());
            if self.knows(&row.key.table) && receive(self.rows.get(&row.key), &row) == Receive::Take {
                self.take(row);
                taken += 1;
            }
        }
        self.marks.read = self.staged_cursor.take().or(self.marks.read);
        // A row with an unsent change was left alone, and so not seen.
        if self.rows.values().all(|local| !local.pending) {
            self.seen_until = Some(now);
        }
        if taken > 0 {
            // Perhaps their parents came.
            for key in std::mem::take(&mut self.waiting) {
                self.rows.get_mut(&key).expect("there").pending = true;
            }
        }
        taken
    }

    fn take(&mut self, row: Row) {
        let row = self.stored(row);
        let base_version = Some(row.version.clone());
        self.waiting.remove(&row.key);
        self.rows.insert(row.key.clone(), Local { row, base_version, pending: false });
    }
}
