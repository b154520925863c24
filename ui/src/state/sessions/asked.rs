//! What the engine is asked for a page of sessions. All filters are the engine's: nothing is filtered out of what happens to
//! be loaded.

use super::query::{Client, Query, Standing, Who};
use crate::browser;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use mf_contract::Patch;
use mf_contract::batches::ListBatches;
use mf_contract::sessions::{CountWork, ListSessions};
use mf_domain::ids::{BatchId, MemberId};
use mf_domain::session::SessionStatus;

/// A query with what the engine has to be told besides: who asks, and which instants its days are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub query: Query,
    pub me: Option<MemberId>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

/// The beginning of a day on the viewer's wall clock.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    let wall = day.and_time(NaiveTime::MIN).and_utc();
    // The offset of the wall clock then, looked up where it is nearly right and once more where it is.
    let near = wall - Duration::minutes(i64::from(browser::viewer_offset_minutes(wall)));
    wall - Duration::minutes(i64::from(browser::viewer_offset_minutes(near)))
}

impl Asked {
    /// The query of a person, on a day of their calendar.
    #[must_use]
    pub fn new(query: Query, me: Option<MemberId>, today: NaiveDate) -> Self {
        let (from, to) = query.span.days(today);
        let behind = to.and_then(|day| day.checked_add_days(Days::new(1)));
        Self { query, me, from: from.map(begins), to: behind.map(begins) }
    }

    fn assignee(&self) -> Patch<MemberId> {
        match (self.query.who, self.me) {
            (Who::Nobody, _) => Patch::Clear,
            (Who::Mine, Some(me)) => Patch::Set(me),
            (Who::Mine, None) | (Who::Anyone, _) => Patch::Keep,
        }
    }

    fn search(&self) -> Option<String> {
        Some(self.query.search.clone()).filter(|search| !search.is_empty())
    }

    /// The client, and whether none is meant; a group's comes before the filter's.
    fn client(&self, group: Option<&Client>) -> (Option<String>, bool) {
        match group {
            Some(Client::Named(name)) => (Some(name.clone()), false),
            Some(Client::None) => (None, true),
            None => (self.query.client.clone(), false),
        }
    }

    /// A page of batches.
    #[must_use]
    pub fn batches(&self, group: Option<&Client>, before: Option<BatchId>, limit: u32) -> ListBatches {
        let (client, without_client) = self.client(group);
        ListBatches {
            flow_id: self.query.flow,
            client,
            without_client,
            statuses: self.query.standing.map(Standing::of_batches).unwrap_or_default(),
            failed: self.query.standing == Some(Standing::Failed),
            assignee: self.assignee(),
            search: self.search(),
            from: self.from,
            to: self.to,
            limit: Some(limit),
            before,
        }
    }

    fn sessions(&self, group: Option<&Client>) -> ListSessions {
        let (client, without_client) = self.client(group);
        ListSessions {
            client,
            without_client,
            assignee: self.assignee(),
            search: self.search(),
            ..ListSessions::default()
        }
    }

    /// Sessions that belong to no batch; `None` where there can be none.
    #[must_use]
    pub fn singles(&self, group: Option<&Client>) -> Option<ListSessions> {
        let all = || SessionStatus::ALL.into_iter();
        let mut statuses = self.query.standing.map(Standing::of_sessions).unwrap_or_default();
        if self.query.who == Who::Nobody {
            // What has ended needs nobody any more.
            statuses = all().filter(|one| statuses.is_empty() || statuses.contains(one)).collect();
            statuses.retain(|status| !status.is_terminal());
            if statuses.is_empty() {
                return None;
            }
        }
        Some(ListSessions {
            flow_id: self.query.flow,
            without_batch: true,
            statuses,
            from: self.from,
            to: self.to,
            ..self.sessions(group)
        })
    }

    /// What counts the rows of every standing under the other filters.
    #[must_use]
    pub fn counts(&self) -> CountWork {
        CountWork {
            flow_id: self.query.flow,
            client: self.query.client.clone(),
            without_client: false,
            search: self.search(),
            assignee: self.assignee(),
            from: self.from,
            to: self.to,
        }
    }

    /// The sessions of a batch that fit. Its status is that of all of them, so only failures are picked out.
    #[must_use]
    pub fn inside(&self, batch: BatchId, group: Option<&Client>) -> ListSessions {
        let failed = self.query.standing == Some(Standing::Failed);
        ListSessions {
            batch_id: Some(batch),
            statuses: if failed { vec![SessionStatus::Failed] } else { Vec::new() },
            ..self.sessions(group)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::query::Span;
    use super::*;
    use uuid::Uuid;

    #[test]
    fn days_become_instants_with_both_ends_inside() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let asked = |span| Asked::new(Query { span, ..Query::default() }, None, day(20));
        let at = |text: &str| Some(text.parse().unwrap());
        let between = asked(Span::Between(Some(day(1)), Some(day(2)))).batches(None, None, 5);
        assert_eq!((between.from, between.to), (at("2026-12-01T00:00:00Z"), at("2026-12-03T00:00:00Z")));
        assert_eq!(asked(Span::Week).singles(None).unwrap().from, at("2026-12-14T00:00:00Z"));
        assert_eq!(asked(Span::Today).batches(None, None, 5).from, at("2026-12-20T00:00:00Z"));
        let wrong = Query { span: Span::Between(Some(day(2)), Some(day(1))), ..Query::default() };
        assert!(!wrong.days_are_in_order() && wrong.filters());
    }

    #[test]
    fn a_group_asks_for_its_client_and_failures_are_picked_out_of_a_batch() {
        let query = Query {
            client: Some("Contoso".to_owned()),
            standing: Some(Standing::Failed),
            ..Query::default()
        };
        let asked = Asked::new(query, None, NaiveDate::default());
        let group = Client::Named("Fabrikam".to_owned());
        assert_eq!(asked.batches(None, None, 5).client.as_deref(), Some("Contoso"));
        assert_eq!(asked.batches(Some(&group), None, 5).client.as_deref(), Some("Fabrikam"));
        let nobodys = asked.singles(Some(&Client::None)).unwrap();
        assert_eq!((nobodys.client, nobodys.without_client), (None, true));
        let inside = asked.inside(BatchId(Uuid::from_u128(3)), None);
        assert_eq!(inside.statuses, [SessionStatus::Failed]);
        assert!(asked.batches(None, None, 5).failed && asked.batches(None, None, 5).statuses.is_empty());
    }

    #[test]
    fn unassigned_single_work_is_open_work() {
        let query = Query { who: Who::Nobody, ..Query::default() };
        let asked = Asked::new(query, None, NaiveDate::default());
        let singles = |standing| {
            let query = Query { standing, ..asked.query.clone() };
            Asked { query, ..asked.clone() }.singles(None).map(|singles| singles.statuses)
        };
        assert_eq!(singles(None), Some(vec![SessionStatus::Pending, SessionStatus::InProgress]));
        assert_eq!(singles(Some(Standing::Running)), Some(vec![SessionStatus::InProgress]));
        assert_eq!((singles(Some(Standing::Finished)), singles(Some(Standing::Failed))), (None, None));
        assert!(asked.inside(BatchId(Uuid::nil()), None).statuses.is_empty());
    }

    #[test]
    fn counts_are_asked_for_under_the_same_filters() {
        let query = Query { search: "rds".to_owned(), who: Who::Nobody, ..Query::default() };
        let asked = Asked::new(query, None, NaiveDate::default()).counts();
        assert_eq!((asked.search.as_deref(), asked.assignee), (Some("rds"), Patch::Clear));
    }
}
