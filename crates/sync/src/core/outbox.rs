//! In what order and in what portions an outbox goes to the server.

use super::push::Edit;
use super::row::Key;
use super::table::place;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Rows of a chunk, about.
pub const ROWS: usize = 500;
/// Bytes of a chunk, about. A larger row goes alone.
pub const BYTES: usize = 1 << 20;

/// Rows that name each other and cannot come one after the other: a flow and its head revision.
type Unit = Vec<Edit>;

/// One push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    units: Vec<Unit>,
}

impl Chunk {
    /// Its rows, parents first.
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.units.iter().flatten()
    }

    /// Its rows by themselves.
    #[must_use]
    pub fn into_edits(self) -> Vec<Edit> {
        self.units.into_iter().flatten().collect()
    }

    /// Two halves of a chunk the server could not take as a whole, to find the row that it cannot take.
    ///
    /// # Errors
    /// The rows themselves, when there is nothing to halve: it is they.
    pub fn bisect(mut self) -> Result<(Self, Self), Vec<Edit>> {
        if self.units.len() < 2 {
            return Err(self.into_edits());
        }
        let rest = self.units.split_off(self.units.len() / 2);
        Ok((self, Self { units: rest }))
    }
}

/// An outbox on its way: chunk by chunk, parents first.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    chunks: VecDeque<Chunk>,
}

impl Plan {
    /// Lays out an outbox.
    #[must_use]
    pub fn new(edits: Vec<Edit>) -> Self {
        let mut chunks = VecDeque::new();
        let (mut units, mut rows, mut bytes) = (Vec::new(), 0, 0);
        for unit in in_order(edits) {
            let size: usize = unit.iter().map(|edit| edit.row.size()).sum();
            if !units.is_empty() && (rows + unit.len() > ROWS || bytes + size > BYTES) {
                chunks.push_back(Chunk { units: std::mem::take(&mut units) });
                (rows, bytes) = (0, 0);
            }
            (rows, bytes) = (rows + unit.len(), bytes + size);
            units.push(unit);
        }
        if !units.is_empty() {
            chunks.push_back(Chunk { units });
        }
        Self { chunks }
    }

    /// The next push.
    pub fn next_chunk(&mut self) -> Option<Chunk> {
        self.chunks.pop_front()
    }

    /// Puts the halves of a failed chunk first.
    pub fn put_back(&mut self, (first, second): (Chunk, Chunk)) {
        self.chunks.push_front(second);
        self.chunks.push_front(first);
    }

    /// Takes out what need not be sent in this pass, now that `missing` were rejected and the server has no earlier copy of
    /// them: their children, and the children of those. They stay in the outbox: the next pass asks for them too, so that
    /// it is the server that says what becomes of each.
    pub fn hold_back(&mut self, missing: &[Key]) -> Vec<Edit> {
        let mut missing: BTreeSet<Key> = missing.iter().cloned().collect();
        let mut held = Vec::new();
        for chunk in &mut self.chunks {
            let mut sent = Vec::new();
            for unit in chunk.units.drain(..) {
                let orphaned =
                    unit.iter().flat_map(|edit| edit.row.parents()).any(|key| missing.contains(&key));
                if orphaned {
                    // The server may have an earlier copy of these; only a row that is new takes its children along.
                    let new = unit.iter().filter(|edit| edit.base_version.is_none());
                    missing.extend(new.map(|edit| edit.row.key.clone()));
                    held.extend(unit);
                } else {
                    sent.push(unit);
                }
            }
            chunk.units = sent;
        }
        self.chunks.retain(|chunk| !chunk.units.is_empty());
        held
    }
}

/// Parents before children, older before newer.
fn in_order(mut edits: Vec<Edit>) -> Vec<Unit> {
    edits.sort_by(|a, b| {
        let by = |edit: &Edit| (place(&edit.row.key.table), edit.row.version.clone(), edit.row.key.id);
        by(a).cmp(&by(b))
    });
    let mut heads: BTreeMap<Key, Edit> = BTreeMap::new();
    let mut wanted: BTreeSet<Key> = BTreeSet::new();
    for edit in edits.iter().filter(|edit| edit.row.key.table == "flows") {
        wanted.extend(edit.row.parents());
    }
    let (taken, rest): (Vec<Edit>, Vec<Edit>) =
        edits.into_iter().partition(|edit| wanted.contains(&edit.row.key));
    heads.extend(taken.into_iter().map(|edit| (edit.row.key.clone(), edit)));
    let mut units = Vec::with_capacity(rest.len());
    for edit in rest {
        let heads: Vec<Edit> = match edit.row.key.table.as_str() {
            "flows" => edit.row.parents().filter_map(|key| heads.remove(&key)).collect(),
            _ => Vec::new(),
        };
        units.push(std::iter::once(edit).chain(heads).collect());
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::row::{Columns, Row, Scalar};
    use mf_domain::version::Version;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn key(table: &str, id: u128) -> Key {
        Key { table: table.into(), id: Uuid::from_u128(id) }
    }

    fn edit(table: &str, id: u128, names: &[(&str, u128)], padding: usize) -> Edit {
        let mut columns: Columns = names
            .iter()
            .map(|(name, id)| ((*name).to_owned(), Scalar::Text(Uuid::from_u128(*id).to_string())))
            .collect();
        columns.insert("name".into(), Scalar::Text("x".repeat(padding)));
        Edit { row: Row::new(key(table, id), Version::bottom(), false, columns), base_version: None }
    }

    /// A flow with a head and another revision, a schedule, a batch, a session with an event.
    fn family(n: u128) -> Vec<Edit> {
        let id = |kind: u128| n * 100 + kind;
        vec![
            edit("session_events", id(7), &[("session_id", id(6))], 0),
            edit("sessions", id(6), &[("flow_id", id(1)), ("batch_id", id(5))], 0),
            edit("batches", id(5), &[("flow_id", id(1)), ("revision_id", id(2))], 0),
            edit("schedules", id(4), &[("flow_id", id(1))], 0),
            edit("flow_revisions", id(2), &[("flow_id", id(1))], 0),
            edit("flow_revisions", id(3), &[("flow_id", id(1))], 0),
            edit("flows", id(1), &[("head_id", id(2))], 0),
        ]
    }

    fn drain(mut plan: Plan) -> Vec<Vec<Edit>> {
        std::iter::from_fn(|| plan.next_chunk()).map(Chunk::into_edits).collect()
    }

    proptest! {
        // Each case writes megabytes.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_row_goes_once_with_its_parents_before_or_beside_it(families in 1_u128..400, padding in 0_usize..9_000) {
            let mut edits: Vec<Edit> = (0..families).flat_map(family).collect();
            edits.push(edit("target_lists", 1, &[], padding * 200));
            let count = edits.len();
            let chunks = drain(Plan::new(edits));
            let mut sent = BTreeSet::new();
            for chunk in &chunks {
                let bytes: usize = chunk.iter().map(|edit| edit.row.size()).sum();
                prop_assert!(chunk.len() == 1 || (chunk.len() <= ROWS && bytes <= BYTES));
                sent.extend(chunk.iter().map(|edit| edit.row.key.clone()));
                for edit in chunk {
                    prop_assert!(edit.row.parents().all(|parent| sent.contains(&parent)));
                }
            }
            prop_assert_eq!(sent.len(), count);
            prop_assert_eq!(chunks.iter().map(Vec::len).sum::<usize>(), count);
        }

        #[test]
        fn halving_finds_the_row_and_loses_none(families in 1_u128..60, bad in 0_u128..60) {
            let bad = key("sessions", (bad % families) * 100 + 6);
            let edits: Vec<Edit> = (0..families).flat_map(family).collect();
            let count = edits.len();
            let mut plan = Plan::new(edits);
            let (mut taken, mut found, mut pushes) = (0, Vec::new(), 0);
            while let Some(chunk) = plan.next_chunk() {
                pushes += 1;
                if chunk.edits().all(|edit| edit.row.key != bad) {
                    taken += chunk.edits().count();
                    continue;
                }
                match chunk.bisect() {
                    Ok(halves) => plan.put_back(halves),
                    Err(rows) => found.extend(rows),
                }
            }
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(&found[0].row.key, &bad);
            prop_assert_eq!(taken + 1, count);
            prop_assert!(pushes < 40);
        }
    }

    #[test]
    fn the_first_row_always_goes() {
        let chunks =
            drain(Plan::new(vec![edit("target_lists", 1, &[], 3 * BYTES), edit("target_lists", 2, &[], 1)]));
        assert_eq!(chunks.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn a_rejected_parent_holds_its_descendants_back_and_nobody_else() {
        let mut plan = Plan::new(family(1).into_iter().chain(family(2)).collect());
        let held = plan.hold_back(&[key("batches", 105)]);
        assert_eq!(
            held.iter().map(|edit| edit.row.key.clone()).collect::<Vec<_>>(),
            [key("sessions", 106), key("session_events", 107)]
        );
        assert_eq!(drain(plan).concat().len(), 12);
    }
}
