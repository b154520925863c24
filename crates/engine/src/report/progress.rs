//! How far a report is, told while it is written. A PDF is read, typeset and drawn, and each takes its time.

use crate::engine::Engine;
use mf_contract::Event;
use mf_domain::ids::BatchId;

/// Targets between two tellings.
const EVERY: u32 = 20;

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Reading,
    Typesetting,
    Drawing,
}

/// Whoever is told.
pub(super) trait Tell {
    /// So much of `of` is done in a phase.
    fn tell(&mut self, phase: Phase, done: usize, of: usize);
}

/// Tells the windows.
#[derive(Debug)]
pub(super) struct Progress {
    engine: Engine,
    batch_id: BatchId,
    phases: &'static [Phase],
    total: u32,
    told: Option<u32>,
}

impl Progress {
    pub(super) fn new(engine: Engine, batch_id: BatchId, phases: &'static [Phase]) -> Self {
        Self { engine, batch_id, phases, total: 0, told: None }
    }

    /// There are so many targets.
    pub(super) fn begin(&mut self, total: usize) {
        self.total = u32::try_from(total).unwrap_or(u32::MAX);
        self.say(0);
    }

    fn say(&mut self, done: u32) {
        self.told = Some(done);
        self.engine.emit(Event::ReportProgress { batch_id: self.batch_id, done, total: self.total });
    }
}

impl Tell for Progress {
    fn tell(&mut self, phase: Phase, done: usize, of: usize) {
        let Some(before) = self.phases.iter().position(|own| *own == phase) else { return };
        let done = overall(before, self.phases.len(), done, of, self.total);
        let told = self.told.unwrap_or(0);
        if done >= told.saturating_add(EVERY) || (done == self.total && told < done) {
            self.say(done);
        }
    }
}

/// In whole targets: `done` of `of` in the phase that has `before` phases before it.
fn overall(before: usize, phases: usize, done: usize, of: usize, total: u32) -> u32 {
    let (phases, of) = (phases.max(1) as u64, of.max(1) as u64);
    let parts = before as u64 * of + done as u64;
    u32::try_from(u64::from(total) * parts / (phases * of)).unwrap_or(total)
}

#[cfg(test)]
pub(super) struct Silent;

#[cfg(test)]
impl Tell for Silent {
    fn tell(&mut self, _: Phase, _: usize, _: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_follow_each_other_up_to_the_whole() {
        assert_eq!(overall(0, 3, 0, 90, 90), 0);
        assert_eq!(overall(0, 3, 90, 90, 90), 30);
        assert_eq!(overall(1, 3, 45, 90, 90), 45);
        assert_eq!(overall(2, 3, 200, 200, 90), 90);
        assert_eq!(overall(0, 1, 4, 4, 4), 4);
        assert_eq!(overall(0, 1, 0, 0, 0), 0);
    }
}
