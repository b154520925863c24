//! How long a batch has taken, and how long it may take yet.

use super::outcome;
use chrono::{DateTime, Utc};
use mf_contract::board::Board;

/// Minutes since the first session was started, until now or until the last one ended.
#[must_use]
pub fn elapsed_minutes(board: &Board, now: DateTime<Utc>) -> Option<u32> {
    let began = board.sessions.iter().filter_map(|session| session.started_at).min()?;
    let over = board.sessions.iter().all(|session| session.status.is_terminal());
    let ended = board.sessions.iter().filter_map(|session| session.ended_at).max().filter(|_| over);
    u32::try_from((ended.unwrap_or(now) - began).num_minutes()).ok()
}

/// A step that is open on some targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepLeft {
    /// Its place among the columns.
    pub step: usize,
    /// Open targets on which it is open.
    pub targets: u32,
    /// The estimate for one target.
    pub estimate: Option<u32>,
}

impl StepLeft {
    /// The estimate times the targets.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.estimate.unwrap_or(0).saturating_mul(self.targets)
    }
}

/// The work that is left, as its estimates say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Steps that are open somewhere, in order.
    pub steps: Vec<StepLeft>,
    /// Open steps that were added to single targets; they have no estimate.
    pub added: u32,
}

impl Left {
    /// Counts the open steps of the open targets.
    #[must_use]
    pub fn of(board: &Board) -> Self {
        let mut targets = vec![0_u32; board.steps.len()];
        let mut added = 0;
        for session in board.sessions.iter().filter(|session| !session.status.is_terminal()) {
            for (letter, open) in session.cells.chars().zip(&mut targets) {
                *open += u32::from(outcome(letter).is_none());
            }
            added += session.added.iter().map(|step| u32::from(outcome(step.cell).is_none())).sum::<u32>();
        }
        let steps = targets.into_iter().zip(&board.steps).enumerate();
        let steps = steps.filter(|(_, (targets, _))| *targets > 0);
        let steps = steps.map(|(step, (targets, column))| StepLeft {
            step,
            targets,
            estimate: column.estimate_minutes,
        });
        Self { steps: steps.collect(), added }
    }

    /// All estimates together, as if one target came after the other.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.steps.iter().map(StepLeft::minutes).fold(0, u32::saturating_add)
    }

    /// Open steps that no estimate speaks of.
    #[must_use]
    pub fn unestimated(&self) -> u32 {
        let without = self.steps.iter().filter(|step| step.estimate.is_none());
        without.map(|step| step.targets).fold(self.added, u32::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{added, board, row, some};
    use super::*;
    use mf_domain::session::SessionStatus;

    #[test]
    fn time_is_counted_from_the_first_start() {
        let now = DateTime::from_timestamp(4_200, 0).unwrap();
        assert_eq!(elapsed_minutes(&some(), now), Some(60));
        let over = board(vec![row(1, SessionStatus::Completed, "ddd")]);
        assert_eq!(elapsed_minutes(&over, now), Some(20));
        assert_eq!(elapsed_minutes(&board(vec![]), now), None);
    }

    #[test]
    fn what_is_left_is_each_estimate_times_the_targets_that_need_it() {
        let left = Left::of(&some());
        let counted: Vec<_> =
            left.steps.iter().map(|left| (left.step, left.targets, left.minutes())).collect();
        assert_eq!(counted, [(0, 1, 5), (1, 2, 20), (2, 2, 0)]);
        assert_eq!((left.minutes(), left.unestimated()), (25, 2));

        let mut board =
            board(vec![row(1, SessionStatus::Completed, "d.."), row(2, SessionStatus::InProgress, "dd.")]);
        board.sessions[1].added = vec![added('.'), added('d')];
        let left = Left::of(&board);
        assert_eq!((left.steps.len(), left.minutes(), left.unestimated()), (1, 0, 2));
    }
}
