//! What is known of the work that was asked for: stretches of rows, newest first, each loaded in pages from the engine.

use super::query::Client;
use mf_contract::batches::BatchSummary;
use mf_contract::sessions::SessionSummary;
use mf_contract::{ApiError, Event};
use mf_domain::ids::BatchId;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::Reducible;

/// What a stretch is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Batches,
    /// Sessions without a batch.
    Singles,
    /// The sessions of a batch, in the order of its targets.
    Inside(BatchId),
}

/// Which stretch: of what, and within which group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branch {
    pub group: Option<Client>,
    pub kind: Kind,
}

impl Branch {
    /// Whether an event changes what stands in it.
    #[must_use]
    pub fn concerned_by(&self, event: &Event) -> bool {
        match (self.kind, event) {
            (_, Event::EverythingChanged) => true,
            (Kind::Batches, Event::BatchChanged { .. }) => true,
            (Kind::Batches, Event::SessionChanged { batch_id, .. }) => batch_id.is_some(),
            (Kind::Singles, Event::SessionChanged { batch_id, .. }) => batch_id.is_none(),
            (Kind::Inside(batch), Event::BatchChanged { batch_id, .. }) => *batch_id == batch,
            (Kind::Inside(batch), Event::SessionChanged { batch_id, .. }) => *batch_id == Some(batch),
            _ => false,
        }
    }
}

/// A row of a stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Batch(Rc<BatchSummary>),
    Session(Rc<SessionSummary>),
}

impl Row {
    /// What the list is sorted by, in milliseconds.
    #[must_use]
    pub fn at(&self) -> i64 {
        match self {
            Self::Batch(batch) => batch.launched_at.timestamp_millis(),
            Self::Session(session) => session.created_at.timestamp_millis(),
        }
    }
}

/// Rows that were loaded, and how it goes on behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    pub rows: Vec<Row>,
    /// Nothing follows.
    pub ended: bool,
    pub error: Option<ApiError>,
}

/// All stretches of one query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    stretches: BTreeMap<Branch, Rc<Stretch>>,
    /// Counts queries; what answers an earlier one is dropped.
    pub round: u32,
    /// What is shown answers the query before.
    stale: bool,
}

/// What can happen to a shelf.
#[derive(Clone, Debug)]
pub enum Change {
    /// Another query. What is there stays on the screen until the first answer to it, unless it is grouped otherwise.
    Asked {
        round: u32,
        keep: bool,
    },
    /// A page that follows the first `from` rows.
    Page {
        round: u32,
        branch: Branch,
        from: usize,
        rows: Vec<Row>,
        ended: bool,
    },
    /// The whole stretch as it is now.
    Whole {
        round: u32,
        branch: Branch,
        rows: Vec<Row>,
        ended: bool,
    },
    Failed {
        round: u32,
        branch: Branch,
        error: ApiError,
    },
}

impl Shelf {
    /// A stretch, as far as it is known.
    #[must_use]
    pub fn stretch(&self, branch: &Branch) -> Option<&Rc<Stretch>> {
        self.stretches.get(branch)
    }

    /// The branches that have been asked for.
    pub fn branches(&self) -> impl Iterator<Item = &Branch> {
        self.stretches.keys()
    }

    /// How many rows of a stretch are loaded.
    #[must_use]
    pub fn len_of(&self, branch: &Branch) -> usize {
        self.stretch(branch).map_or(0, |stretch| stretch.rows.len())
    }

    /// Whether what is shown answers the query before.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    fn fresh(self: &Rc<Self>) -> Self {
        let stretches = if self.stale { BTreeMap::new() } else { self.stretches.clone() };
        Self { stretches, round: self.round, stale: false }
    }
}

impl Reducible for Shelf {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let round = match &change {
            Change::Asked { round, keep } => {
                let stretches = if *keep { self.stretches.clone() } else { BTreeMap::new() };
                return Rc::new(Self { stale: !stretches.is_empty(), stretches, round: *round });
            }
            Change::Page { round, .. } | Change::Whole { round, .. } | Change::Failed { round, .. } => *round,
        };
        if round != self.round {
            return self;
        }
        let mut shelf = self.fresh();
        match change {
            Change::Asked { .. } => {}
            Change::Page { branch, from, rows, ended, .. } => {
                let stretch = Rc::make_mut(shelf.stretches.entry(branch).or_default());
                // It was loaded anew meanwhile: the page no longer joins.
                if stretch.rows.len() == from {
                    stretch.rows.extend(rows);
                    stretch.ended = ended;
                    stretch.error = None;
                }
            }
            Change::Whole { branch, rows, ended, .. } => {
                shelf.stretches.insert(branch, Rc::new(Stretch { rows, ended, error: None }));
            }
            Change::Failed { branch, error, .. } => {
                Rc::make_mut(shelf.stretches.entry(branch).or_default()).error = Some(error);
            }
        }
        Rc::new(shelf)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use mf_contract::ErrorCode;
    use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
    use mf_domain::flow::SignOffRule;
    use mf_domain::ids::{FlowId, SessionId};
    use mf_domain::session::SessionStatus;
    use uuid::Uuid;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    pub(crate) fn batch(id: u128, second: i64) -> Row {
        Row::Batch(Rc::new(BatchSummary {
            batch_id: BatchId(Uuid::from_u128(id)),
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Patch".to_owned(),
            origin: BatchOrigin::Manual,
            launched_at: at(second),
            scheduled_for: None,
            rollup: Rollup { total: 2, pending: 2, ..Rollup::default() },
            status: BatchStatus::Pending,
            unassigned: 2,
            ticket: None,
            sign_off_rule: SignOffRule::None,
            sign_off: None,
        }))
    }

    pub(crate) fn session(id: u128, second: i64) -> Row {
        Row::Session(Rc::new(SessionSummary {
            id: SessionId(Uuid::from_u128(id)),
            batch_id: None,
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Fix".to_owned(),
            target_label: "RDS-01".to_owned(),
            target_notes: None,
            target_client: None,
            target_site: None,
            status: SessionStatus::Pending,
            steps_recorded: 0,
            steps_failed: 0,
            steps_total: 3,
            assignee: None,
            created_at: at(second),
            started_at: None,
            ended_at: None,
        }))
    }

    pub(crate) const BATCHES: Branch = Branch { group: None, kind: Kind::Batches };

    fn page(round: u32, from: usize, ids: &[u128]) -> Change {
        let rows = ids.iter().map(|id| batch(*id, 0)).collect();
        Change::Page { round, branch: BATCHES, from, rows, ended: false }
    }

    fn len(shelf: &Shelf) -> usize {
        shelf.len_of(&BATCHES)
    }

    #[test]
    fn pages_join_in_their_order_and_one_that_does_not_join_is_dropped() {
        let shelf = Rc::new(Shelf::default()).reduce(page(0, 0, &[1, 2])).reduce(page(0, 2, &[3]));
        assert_eq!(len(&shelf), 3);
        assert_eq!(len(&shelf.clone().reduce(page(0, 2, &[9]))), 3);
        let whole = Change::Whole { round: 0, branch: BATCHES, rows: vec![batch(7, 0)], ended: true };
        let shelf = shelf.reduce(whole);
        assert_eq!((len(&shelf), shelf.stretch(&BATCHES).unwrap().ended), (1, true));
    }

    #[test]
    fn another_query_keeps_what_is_shown_until_it_is_answered_and_drops_late_answers() {
        let asked = |keep| Change::Asked { round: 1, keep };
        let shelf = Rc::new(Shelf::default()).reduce(page(0, 0, &[1, 2])).reduce(asked(true));
        assert_eq!((len(&shelf), shelf.is_stale()), (2, true));
        assert_eq!(len(&shelf.clone().reduce(asked(false))), 0);
        let shelf = shelf.reduce(page(0, 2, &[3]));
        assert_eq!((len(&shelf), shelf.is_stale()), (2, true));
        let shelf = shelf.reduce(page(1, 0, &[4]));
        assert_eq!((len(&shelf), shelf.is_stale()), (1, false));
    }

    #[test]
    fn a_failure_keeps_the_rows_and_a_later_page_takes_it_away() {
        let error = ApiError::new(ErrorCode::Unavailable, "locked");
        let failed = Change::Failed { round: 0, branch: BATCHES, error };
        let shelf = Rc::new(Shelf::default()).reduce(page(0, 0, &[1])).reduce(failed);
        assert_eq!((len(&shelf), shelf.stretch(&BATCHES).unwrap().error.is_some()), (1, true));
        let shelf = shelf.reduce(page(0, 1, &[2]));
        assert_eq!((len(&shelf), shelf.stretch(&BATCHES).unwrap().error.is_none()), (2, true));
    }

    #[test]
    fn events_concern_the_stretches_that_show_them() {
        let (this, other) = (BatchId(Uuid::from_u128(1)), BatchId(Uuid::from_u128(2)));
        let session = |batch_id| Event::SessionChanged {
            session_id: SessionId(Uuid::nil()),
            batch_id,
            flow_id: FlowId(Uuid::nil()),
        };
        let of = |kind| Branch { group: None, kind };
        assert!(of(Kind::Batches).concerned_by(&session(Some(this))));
        assert!(!of(Kind::Batches).concerned_by(&session(None)));
        assert!(of(Kind::Singles).concerned_by(&session(None)));
        assert!(of(Kind::Inside(this)).concerned_by(&session(Some(this))));
        assert!(!of(Kind::Inside(this)).concerned_by(&session(Some(other))));
        assert!(of(Kind::Singles).concerned_by(&Event::EverythingChanged));
    }
}
