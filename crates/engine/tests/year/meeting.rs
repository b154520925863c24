//! Two laptops that have the same schedules meet: what ran on one comes to the other, and of the rules that people gave a
//! schedule the one that was given last holds on both.

use crate::expectation::{Fate, Rule};
use crate::laptop::{Laptop, Rules};
use chrono::{DateTime, Utc};
use mf_contract::Handle;
use mf_contract::schedules::ListMissedOccurrences;
use std::collections::BTreeSet;

/// The rules that hold after a meeting, of the schedules that both have.
pub(crate) fn rules_given_last(one: &Laptop, other: &Laptop) -> Vec<Rule> {
    let both = one.schedules.iter().zip(&other.schedules).take_while(|(one, other)| one.id == other.id);
    both.map(|(one, other)| if one.changed >= other.changed { one } else { other })
        .map(|newest| newest.expected.rule.clone())
        .collect()
}

impl Laptop {
    /// The batches of schedules that both know come here.
    fn take_in(&self, other: &Self) {
        let file = rusqlite::Connection::open(self.path()).unwrap();
        file.execute("ATTACH ?1 AS other", [other.path().to_str().unwrap()]).unwrap();
        for sql in [
            "INSERT OR IGNORE INTO main.batches SELECT * FROM other.batches
              WHERE schedule_id IN (SELECT id FROM main.schedules)",
            "INSERT OR IGNORE INTO main.sessions SELECT * FROM other.sessions
              WHERE batch_id IN (SELECT id FROM main.batches)",
        ] {
            file.execute(sql, []).unwrap();
        }
    }

    /// When batches of each schedule were due, and whether they are open.
    fn ran(&self) -> Vec<Vec<(DateTime<Utc>, bool)>> {
        let file = rusqlite::Connection::open(self.path()).unwrap();
        let sql = "SELECT scheduled_for, EXISTS (SELECT 1 FROM sessions
                     WHERE batch_id = batches.id AND status IN ('pending', 'in_progress'))
                     FROM batches WHERE schedule_id = ?1 ORDER BY scheduled_for";
        let mut ran = file.prepare(sql).unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?));
        let at = |(at, open)| (DateTime::from_timestamp_millis(at).unwrap(), open);
        let mut of = |id: String| ran.query_map([id], read).unwrap().map(Result::unwrap).map(at).collect();
        self.schedules.iter().map(|scheduled| of(scheduled.id.to_string())).collect()
    }

    /// Meets another, and takes over the rules that hold; the people of both keep them from now on.
    pub(crate) async fn go_on_with(&mut self, other: &Self, rules: &[Rule]) {
        self.take_in(other);
        let ran = self.ran();
        for (scheduled, ran) in self.schedules.iter_mut().zip(ran) {
            let expected = &mut scheduled.expected;
            for (at, open) in ran {
                // It ran, whatever became of it here.
                if expected.fates.insert(at, Fate::Batch) != Some(Fate::Batch) && open {
                    expected.open.insert(at);
                }
            }
        }
        for (place, rule) in rules.iter().enumerate() {
            if self.schedules[place].expected.rule != *rule {
                self.put(place, rule.clone()).await.unwrap();
            }
        }
        self.rules = Rules::Stay;
    }

    /// Meets another when all is over. Then there is one batch for an instant of a schedule, and what ran on either is missed on
    /// none, whatever somebody said about it here.
    pub(crate) async fn meet(&self, other: &Self) {
        self.take_in(other);
        for (scheduled, ran) in self.schedules.iter().zip(self.ran()) {
            let instants: BTreeSet<DateTime<Utc>> = ran.iter().map(|(at, _)| *at).collect();
            assert_eq!(instants.len(), ran.len(), "two batches for one instant of {}", scheduled.id);
            let all = ListMissedOccurrences { schedule_id: Some(scheduled.id), from: None, to: None };
            for missed in self.engine.handle(all).await.unwrap() {
                let at = missed.nominal;
                assert!(!instants.contains(&at), "{at} ran, and is told as {missed:?}");
            }
        }
    }
}
