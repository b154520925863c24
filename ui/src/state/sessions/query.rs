//! What the page of sessions is filtered by. All of it stands in the address, so that back and reload keep it, and all of
//! it is asked of the engine: nothing is filtered out of what happens to be loaded.

use crate::browser;
use crate::route::{Here, Route};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use mf_contract::Patch;
use mf_contract::batches::ListBatches;
use mf_contract::sessions::{CountWork, ListSessions, Standings, WorkCounts};
use mf_domain::batch::BatchStatus;
use mf_domain::ids::{BatchId, FlowId, MemberId};
use mf_domain::session::SessionStatus;

/// How far work is, in the words of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Running,
    /// Something failed.
    Failed,
    Finished,
}

impl Standing {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Failed, Self::Finished];

    /// How it is written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "pending",
            Self::Running => "in_progress",
            Self::Failed => "failed",
            Self::Finished => "finished",
        }
    }

    /// What the button says.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "Pending",
            Self::Running => "Running",
            Self::Failed => "Failed",
            Self::Finished => "Finished",
        }
    }

    fn of_batches(self) -> Vec<BatchStatus> {
        match self {
            Self::Waiting => vec![BatchStatus::Pending],
            Self::Running => vec![BatchStatus::InProgress],
            Self::Failed => Vec::new(),
            Self::Finished => vec![BatchStatus::Finished],
        }
    }

    fn of(self, counts: Standings) -> u32 {
        match self {
            Self::Waiting => counts.pending,
            Self::Running => counts.in_progress,
            Self::Failed => counts.failed,
            Self::Finished => counts.finished,
        }
    }

    fn of_sessions(self) -> Vec<SessionStatus> {
        match self {
            Self::Waiting => vec![SessionStatus::Pending],
            Self::Running => vec![SessionStatus::InProgress],
            Self::Failed => vec![SessionStatus::Failed],
            Self::Finished => SessionStatus::ALL.into_iter().filter(|status| status.is_terminal()).collect(),
        }
    }
}

/// Whose work is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    #[default]
    Anyone,
    Mine,
    /// Open work that nobody has taken.
    Nobody,
}

impl Who {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Anyone, Self::Mine, Self::Nobody];

    /// How it is written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anyone => "",
            Self::Mine => "mine",
            Self::Nobody => "nobody",
        }
    }
}

/// When it was launched, on the viewer's wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    #[default]
    Ever,
    Today,
    Week,
    Month,
    /// From one day to another, both included; either may be open.
    Between(Option<NaiveDate>, Option<NaiveDate>),
}

impl Span {
    /// All that have a name, in the order of the menu.
    pub const NAMED: [(Self, &'static str, &'static str); 4] = [
        (Self::Ever, "", "Any time"),
        (Self::Today, "today", "Today"),
        (Self::Week, "7d", "Last 7 days"),
        (Self::Month, "30d", "Last 30 days"),
    ];

    /// The value of the menu.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(span, ..)| *span == self).map_or("between", |(_, name, _)| name)
    }

    /// The span of a value of the menu.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let found = Self::NAMED.iter().find(|(_, other, _)| *other == name);
        found.map_or(Self::Between(None, None), |(span, ..)| *span)
    }

    fn days(self, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let back = |days: u64| (today.checked_sub_days(Days::new(days)), None);
        match self {
            Self::Ever => (None, None),
            Self::Today => back(0),
            Self::Week => back(6),
            Self::Month => back(29),
            Self::Between(from, to) => (from, to),
        }
    }
}

/// Which client's work: that of one, or the work that names none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    Named(String),
    None,
}

/// All that the page is filtered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub flow: Option<FlowId>,
    pub standing: Option<Standing>,
    /// Part of a target's label or of a flow's name.
    pub search: String,
    pub client: Option<String>,
    pub who: Who,
    pub span: Span,
    pub by_client: bool,
}

impl Query {
    /// What the address asks for; nonsense filters nothing.
    #[must_use]
    pub fn of(here: &Here) -> Self {
        let text = |key: &str| here.asked(key).map(browser::uri_decoded).unwrap_or_default();
        let day = |key: &str| here.asked(key).and_then(|day| day.parse().ok());
        let (from, to) = (day("from"), day("to"));
        let named = Span::NAMED.iter().find(|(_, name, _)| here.asked("when") == Some(name));
        let span = match named {
            Some((span, ..)) => *span,
            None if from.is_some() || to.is_some() || here.asked("when") == Some("between") => {
                Span::Between(from, to)
            }
            None => Span::Ever,
        };
        Self {
            flow: here.asked("flow").and_then(|id| id.parse().ok()),
            standing: Standing::ALL.into_iter().find(|one| here.asked("status") == Some(one.name())),
            search: text("search"),
            client: Some(text("client")).filter(|client| !client.is_empty()),
            who: Who::ALL.into_iter().find(|who| here.asked("who") == Some(who.name())).unwrap_or_default(),
            span,
            by_client: here.asked("group") == Some("client"),
        }
    }

    /// What stands behind the question mark.
    #[must_use]
    pub fn written(&self) -> String {
        let mut asked = String::new();
        let mut write = |key: &str, value: &str| {
            if !value.is_empty() {
                if !asked.is_empty() {
                    asked.push('&');
                }
                asked.push_str(key);
                asked.push('=');
                asked.push_str(&browser::uri_encoded(value));
            }
        };
        write("status", self.standing.map_or("", Standing::name));
        write("search", &self.search);
        write("flow", &self.flow.map(|id| id.to_string()).unwrap_or_default());
        write("client", self.client.as_deref().unwrap_or_default());
        write("who", self.who.name());
        match self.span {
            Span::Between(None, None) => write("when", "between"),
            Span::Between(from, to) => {
                write("from", &from.map(|day| day.to_string()).unwrap_or_default());
                write("to", &to.map(|day| day.to_string()).unwrap_or_default());
            }
            named => write("when", named.name()),
        }
        write("group", if self.by_client { "client" } else { "" });
        asked
    }

    /// The address of the page under this filter.
    #[must_use]
    pub fn address(&self) -> String {
        let written = self.written();
        let joint = if written.is_empty() { "" } else { "?" };
        format!("{}{joint}{written}", Route::Sessions.path())
    }

    /// Whether anything is filtered out.
    #[must_use]
    pub fn filters(&self) -> bool {
        *self != Self { by_client: self.by_client, ..Self::default() }
    }

    /// Whether the days of the span are in their order.
    #[must_use]
    pub fn days_are_in_order(&self) -> bool {
        !matches!(self.span, Span::Between(Some(from), Some(to)) if to < from)
    }
}

/// How many rows there are of a standing, or of all of them, as the list shows them for `who`.
#[must_use]
pub fn number(counts: &WorkCounts, standing: Option<Standing>, who: Who) -> u32 {
    let WorkCounts { batches, alone } = *counts;
    match (standing, who) {
        (Some(standing), _) => standing.of(batches) + standing.of(alone),
        (None, who) => {
            let all = |of: Standings| of.pending + of.in_progress + of.finished;
            // As in the list: what has ended needs nobody any more.
            let ended = if who == Who::Nobody { alone.finished } else { 0 };
            all(batches) + all(alone) - ended
        }
    }
}

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

    /// Sessions that belong to no batch.
    #[must_use]
    pub fn singles(&self, group: Option<&Client>) -> ListSessions {
        let open = || SessionStatus::ALL.into_iter().filter(|status| !status.is_terminal()).collect();
        let statuses = match (self.query.standing, self.query.who) {
            (Some(standing), _) => standing.of_sessions(),
            // What has ended needs nobody any more.
            (None, Who::Nobody) => open(),
            (None, _) => Vec::new(),
        };
        ListSessions {
            flow_id: self.query.flow,
            without_batch: true,
            statuses,
            from: self.from,
            to: self.to,
            ..self.sessions(group)
        }
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
    use super::*;
    use uuid::Uuid;

    fn here(query: &Query) -> Here {
        Here::of_address(&query.address())
    }

    #[test]
    fn every_filter_stands_in_the_address_and_reads_back() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day);
        let all = Query {
            flow: Some(FlowId(Uuid::from_u128(7))),
            standing: Some(Standing::Failed),
            search: "rds".to_owned(),
            client: Some("Contoso".to_owned()),
            who: Who::Nobody,
            span: Span::Between(day(1), None),
            by_client: true,
        };
        assert_eq!(Query::of(&here(&all)), all);
        for standing in Standing::ALL {
            let query = Query { standing: Some(standing), ..Query::default() };
            assert_eq!(Query::of(&here(&query)), query);
        }
        for span in
            [Span::Ever, Span::Today, Span::Week, Span::Between(None, None), Span::Between(None, day(9))]
        {
            let query = Query { span, who: Who::Mine, ..Query::default() };
            assert_eq!(Query::of(&here(&query)), query);
        }
        assert_eq!(Query::default().address(), "/sessions");
    }

    #[test]
    fn nonsense_and_the_older_address_filter_what_they_can() {
        let nonsense = Here::of_address("/sessions?status=poem&flow=x&from=soon&who=them&group=moon");
        assert_eq!(Query::of(&nonsense), Query::default());
        let older = Here::of_address("/batches?status=finished");
        assert_eq!(Query::of(&older).standing, Some(Standing::Finished));
    }

    #[test]
    fn days_become_instants_with_both_ends_inside() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let asked = |span| Asked::new(Query { span, ..Query::default() }, None, day(20));
        let at = |text: &str| Some(text.parse().unwrap());
        let between = asked(Span::Between(Some(day(1)), Some(day(2)))).batches(None, None, 5);
        assert_eq!((between.from, between.to), (at("2026-12-01T00:00:00Z"), at("2026-12-03T00:00:00Z")));
        assert_eq!(asked(Span::Week).singles(None).from, at("2026-12-14T00:00:00Z"));
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
        let nobodys = asked.singles(Some(&Client::None));
        assert_eq!((nobodys.client, nobodys.without_client), (None, true));
        let inside = asked.inside(BatchId(Uuid::from_u128(3)), None);
        assert_eq!(inside.statuses, [SessionStatus::Failed]);
        assert!(asked.batches(None, None, 5).failed && asked.batches(None, None, 5).statuses.is_empty());
    }

    #[test]
    fn every_standing_counts_batches_and_single_sessions() {
        let batches = Standings { pending: 1, in_progress: 2, finished: 3, failed: 2 };
        let alone = Standings { pending: 10, in_progress: 20, finished: 30, failed: 5 };
        let counts = WorkCounts { batches, alone };
        let of = |who| {
            let all = std::iter::once(None).chain(Standing::ALL.map(Some));
            all.map(|standing| number(&counts, standing, who)).collect::<Vec<_>>()
        };
        assert_eq!(of(Who::Anyone), [66, 11, 22, 7, 33]);
        assert_eq!(of(Who::Nobody)[0], 36);
        let query = Query { search: "rds".to_owned(), who: Who::Nobody, ..Query::default() };
        let asked = Asked::new(query, None, NaiveDate::default()).counts();
        assert_eq!((asked.search.as_deref(), asked.assignee), (Some("rds"), Patch::Clear));
    }

    #[test]
    fn unassigned_single_work_is_open_work() {
        let query = Query { who: Who::Nobody, ..Query::default() };
        let asked = Asked::new(query, None, NaiveDate::default());
        assert_eq!(asked.singles(None).statuses, [SessionStatus::Pending, SessionStatus::InProgress]);
        assert!(asked.inside(BatchId(Uuid::nil()), None).statuses.is_empty());
    }
}
