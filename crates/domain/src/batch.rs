//! Batches: the sessions of one launch or one occurrence, seen as a whole.

pub mod events;
pub mod waves;

pub use events::{BatchEvent, BatchEventKind, BatchState, SignOff};
pub use waves::{Held, Offer, WaveRule, offer};

use crate::session::SessionStatus;
use serde::{Deserialize, Serialize};

/// What made a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchOrigin {
    /// A person launched it.
    Manual,
    /// An occurrence of a schedule.
    Schedule,
    /// The failed targets of an earlier batch, once more.
    Retry,
}

impl BatchOrigin {
    /// The wire and storage name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Schedule => "schedule",
            Self::Retry => "retry",
        }
    }

    /// The origin of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Manual, Self::Schedule, Self::Retry].into_iter().find(|origin| origin.as_str() == name)
    }
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchStatus {
    /// No session has begun.
    Pending,
    InProgress,
    /// Every session has ended, one way or another.
    Finished,
}

impl BatchStatus {
    /// All of them, in the order of work.
    pub const ALL: [Self; 3] = [Self::Pending, Self::InProgress, Self::Finished];

    /// The name in the database and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Finished => "finished",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// How many sessions of a batch stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollup {
    pub total: u32,
    pub pending: u32,
    pub in_progress: u32,
    /// Completed sessions only: failed and skipped ones have ended, but are not complete.
    pub completed: u32,
    pub failed: u32,
    pub skipped: u32,
    pub cancelled: u32,
}

impl Rollup {
    /// Counts one session.
    pub fn add(&mut self, status: SessionStatus) {
        self.total += 1;
        *match status {
            SessionStatus::Pending => &mut self.pending,
            SessionStatus::InProgress => &mut self.in_progress,
            SessionStatus::Completed => &mut self.completed,
            SessionStatus::Failed => &mut self.failed,
            SessionStatus::Skipped => &mut self.skipped,
            SessionStatus::Cancelled => &mut self.cancelled,
        } += 1;
    }

    /// The status these counts amount to.
    #[must_use]
    pub fn status(&self) -> BatchStatus {
        if self.pending == self.total && self.total > 0 {
            BatchStatus::Pending
        } else if self.pending + self.in_progress == 0 {
            BatchStatus::Finished
        } else {
            BatchStatus::InProgress
        }
    }

    /// "6/8 complete".
    #[must_use]
    pub fn words(&self) -> String {
        format!("{}/{} complete", self.completed, self.total)
    }
}

impl FromIterator<SessionStatus> for Rollup {
    fn from_iter<I: IntoIterator<Item = SessionStatus>>(statuses: I) -> Self {
        let mut rollup = Self::default();
        statuses.into_iter().for_each(|status| rollup.add(status));
        rollup
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SessionStatus as S;

    #[test]
    fn a_batch_is_finished_when_every_session_has_ended() {
        let status = |sessions: &[S]| sessions.iter().copied().collect::<Rollup>().status();
        assert_eq!(status(&[S::Pending, S::Pending]), BatchStatus::Pending);
        assert_eq!(status(&[S::Pending, S::Completed]), BatchStatus::InProgress);
        assert_eq!(status(&[S::InProgress]), BatchStatus::InProgress);
        assert_eq!(status(&[S::Completed, S::Failed, S::Skipped, S::Cancelled]), BatchStatus::Finished);
    }

    #[test]
    fn only_completed_sessions_count_as_complete() {
        let rollup: Rollup = [S::Completed, S::Completed, S::Failed, S::Pending].into_iter().collect();
        assert_eq!(rollup.words(), "2/4 complete");
    }
}
