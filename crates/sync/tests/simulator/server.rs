//! The server, in memory: stores what the core decides.

use mf_domain::role::Role;
use mf_domain::version::Version;
use mf_sync::core::clock;
use mf_sync::core::cursor::Cursor;
use mf_sync::core::push::{Answer, Decision, Edit, Situation, Stored, decide};
use mf_sync::core::replica::Answered;
use mf_sync::core::row::{Columns, Key, Row, Scalar, conflict_id};
use mf_sync::core::table::CONFLICTS;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How long tombstones stay: shorter than a server keeps them, for so little time goes by here.
const KEPT: i64 = 18_000_000;

/// All that a backup keeps.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) rows: BTreeMap<Key, (Stored, i64)>,
    pub(crate) seq: i64,
    /// Pushes that changed something, by their last change.
    pushes: BTreeMap<i64, Uuid>,
    accepted: BTreeSet<(Key, Version)>,
    horizon: Version,
    /// The greatest place of a collected tombstone.
    pub(crate) collected_seq: i64,
    collected_at: i64,
    pub(crate) collected: BTreeSet<Key>,
}

#[derive(Clone, Debug)]
pub(crate) struct Push {
    pub(crate) push_id: Uuid,
    pub(crate) role: Role,
    pub(crate) seen_until: Option<i64>,
    pub(crate) edits: Vec<Edit>,
}

/// What one row came to, for whoever checks it.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) edit: Edit,
    pub(crate) before: Option<Row>,
    pub(crate) decision: Decision,
}

pub(crate) enum Pushed {
    Answers(Vec<(Key, Answered)>, Option<Cursor>, Vec<Decided>),
    ClockAhead,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            seq: 0,
            pushes: BTreeMap::new(),
            accepted: BTreeSet::new(),
            horizon: Version::bottom(),
            collected_seq: 0,
            collected_at: 0,
            collected: BTreeSet::new(),
        }
    }
}

impl Server {
    pub(crate) fn push(&mut self, push: &Push, now: i64) -> Pushed {
        let versions = push.edits.iter().map(|edit| &edit.row.version);
        if clock::ahead(versions, u64::try_from(now).expect("after 1970")) {
            return Pushed::ClockAhead;
        }
        // As the SQL does it: a row whose parent turns out not to be there is left out, and all of it done again.
        let mut orphans = BTreeSet::new();
        loop {
            let mut attempt = self.clone();
            let (answers, decided) = attempt.apply(push, &orphans, now);
            let taken = push.edits.iter().zip(&answers).filter(|(_, (_, it))| it.answer == Answer::Accepted);
            let found: BTreeSet<Key> = taken
                .filter(|(edit, _)| edit.row.parents().any(|parent| !attempt.rows.contains_key(&parent)))
                .map(|(edit, _)| edit.row.key.clone())
                .collect();
            if found.is_empty() {
                *self = attempt;
                self.collect(now);
                let end = self.cursor(self.seq);
                return Pushed::Answers(answers, end, decided);
            }
            orphans.extend(found);
        }
    }

    fn apply(
        &mut self,
        push: &Push,
        orphans: &BTreeSet<Key>,
        now: i64,
    ) -> (Vec<(Key, Answered)>, Vec<Decided>) {
        let before = self.seq;
        let (mut answers, mut all) = (Vec::new(), Vec::new());
        for edit in &push.edits {
            let key = &edit.row.key;
            let horizon = self.horizon.clone();
            let situation = Situation {
                stored: self.rows.get(key).map(|(stored, _)| stored),
                accepted_before: self.accepted.contains(&(key.clone(), edit.row.version.clone())),
                horizon: &horizon,
                role: push.role,
                seen_until: push.seen_until,
                parents_there: !orphans.contains(key),
            };
            let decision = decide(edit, &situation);
            let previous = situation.stored.map(|stored| stored.row.clone());
            if let Some(row) = &decision.store {
                let base_version = if row.same_content(&edit.row) {
                    edit.base_version.clone()
                } else {
                    situation.stored.and_then(|stored| stored.base_version.clone())
                };
                self.store(Stored { row: row.clone(), base_version, received_at: now });
            }
            let same = previous.as_ref().is_some_and(|row| row.same_content(&edit.row));
            if decision.answer == Answer::Accepted || (decision.answer == Answer::Superseded && same) {
                self.accepted.insert((key.clone(), edit.row.version.clone()));
            }
            if let Some(loser) = &decision.loser {
                self.keep(loser, now);
            }
            let row = self.rows.get(key).map(|(stored, _)| stored.row.clone());
            let sent = |row: &Row| decision.answer == Answer::Accepted && row.version == edit.row.version;
            let row = row.filter(|row| !sent(row));
            answers.push((
                key.clone(),
                Answered { sent: edit.row.version.clone(), answer: decision.answer, row },
            ));
            all.push(Decided { edit: edit.clone(), before: previous, decision });
        }
        if self.seq > before {
            self.pushes.insert(self.seq, push.push_id);
        }
        (answers, all)
    }

    /// Removes old tombstones that no row names, now and then.
    fn collect(&mut self, now: i64) {
        if now - self.collected_at < KEPT / 8 {
            return;
        }
        self.collected_at = now;
        loop {
            let named: BTreeSet<Key> =
                self.rows.values().flat_map(|(stored, _)| stored.row.parents().collect::<Vec<_>>()).collect();
            let gone: Vec<Key> = self
                .rows
                .iter()
                .filter(|(key, (stored, _))| {
                    stored.row.tombstone && stored.received_at < now - KEPT && !named.contains(*key)
                })
                .map(|(key, _)| key.clone())
                .collect();
            if gone.is_empty() {
                return;
            }
            for key in gone {
                if let Some((stored, seq)) = self.rows.remove(&key) {
                    self.collected_seq = self.collected_seq.max(seq);
                    self.horizon = self.horizon.clone().max(stored.row.version);
                }
                self.collected.insert(key);
            }
        }
    }

    fn store(&mut self, stored: Stored) {
        self.seq += 1;
        self.rows.insert(stored.row.key.clone(), (stored, self.seq));
    }

    fn keep(&mut self, loser: &Row, now: i64) {
        let key = Key { table: CONFLICTS.into(), id: conflict_id(&loser.key, &loser.version) };
        if self.rows.contains_key(&key) {
            return;
        }
        let columns = Columns::from([
            ("table_name".to_owned(), Scalar::Text(loser.key.table.clone())),
            ("row_id".to_owned(), Scalar::Text(loser.key.id.to_string())),
            ("losing_version".to_owned(), Scalar::Text(loser.version.as_str().into())),
            ("content".to_owned(), Scalar::Text(loser.canonical())),
            ("at".to_owned(), Scalar::Int(now)),
        ]);
        let row = Row::new(key, Version::bottom(), false, columns);
        self.store(Stored { row, base_version: None, received_at: now });
    }

    /// Whether the server had that push at that place.
    pub(crate) fn knows(&self, cursor: Cursor) -> bool {
        self.pushes.range(cursor.seq..).next().is_some_and(|(_, push)| *push == cursor.push_id)
    }

    pub(crate) fn pull(&self, after: i64) -> Vec<(i64, Row)> {
        let mut rows: Vec<(i64, Row)> = self
            .rows
            .values()
            .filter(|(_, seq)| *seq > after)
            .map(|(stored, seq)| (*seq, stored.row.clone()))
            .collect();
        rows.sort_by_key(|(seq, _)| *seq);

        rows
    }

    pub(crate) fn cursor(&self, seq: i64) -> Option<Cursor> {
        self.pushes.range(seq..).next().map(|(_, push_id)| Cursor { seq, push_id: *push_id })
    }
}
