//! What the page of sessions is filtered by. All of it stands in the address, so that back and reload keep it.

use crate::browser;
use crate::route::{Here, Route, query_of};
use chrono::{Days, NaiveDate};
use mf_contract::sessions::{Standings, WorkCounts};
use mf_domain::batch::BatchStatus;
use mf_domain::ids::FlowId;
use mf_domain::session::SessionStatus;

/// How far work is, in the words of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Running,
    Finished,
    /// Something failed in it, whether it still runs or has ended.
    Failed,
}

impl Standing {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Finished, Self::Failed];

    /// Whether it is one of the parts that all work falls into, and is not found among them.
    #[must_use]
    pub fn is_part(self) -> bool {
        self != Self::Failed
    }

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
            Self::Failed => "With failures",
            // Well or not.
            Self::Finished => "Ended",
        }
    }

    pub(super) fn of_batches(self) -> Vec<BatchStatus> {
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

    pub(super) fn of_sessions(self) -> Vec<SessionStatus> {
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

    pub(super) fn days(self, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
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
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (when, from, to) = match self.span {
            Span::Between(None, None) => (text("between"), None, None),
            Span::Between(from, to) => (None, from, to),
            named => (text(named.name()), None, None),
        };
        query_of([
            ("status", self.standing.and_then(|standing| text(standing.name()))),
            ("search", text(&self.search)),
            ("flow", self.flow.map(|id| id.to_string())),
            ("client", self.client.as_deref().and_then(text)),
            ("who", text(self.who.name())),
            ("when", when),
            ("from", from.map(|day| day.to_string())),
            ("to", to.map(|day| day.to_string())),
            ("group", self.by_client.then(|| "client".to_owned())),
        ])
    }

    /// The address of the page under this filter.
    #[must_use]
    pub fn address(&self) -> String {
        Route::Sessions.asking(&self.written())
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
    let WorkCounts { batches, mut alone } = *counts;
    if who == Who::Nobody {
        // As in the list: what has ended needs nobody any more.
        (alone.finished, alone.failed) = (0, 0);
    }
    let of = |standing: Standing| standing.of(batches) + standing.of(alone);
    match standing {
        Some(standing) => of(standing),
        None => Standing::ALL.into_iter().filter(|standing| standing.is_part()).map(of).sum(),
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
    fn every_standing_counts_batches_and_single_sessions() {
        let batches = Standings { pending: 1, in_progress: 2, finished: 3, failed: 2 };
        let alone = Standings { pending: 10, in_progress: 20, finished: 30, failed: 5 };
        let counts = WorkCounts { batches, alone };
        let of = |who| {
            let all = std::iter::once(None).chain(Standing::ALL.map(Some));
            all.map(|standing| number(&counts, standing, who)).collect::<Vec<_>>()
        };
        assert_eq!(of(Who::Anyone), [66, 11, 22, 33, 7]);
        // The parts add up to all; what failed lies in them.
        let parts = Standing::ALL.into_iter().filter(|one| one.is_part());
        assert_eq!(parts.map(|one| number(&counts, Some(one), Who::Anyone)).sum::<u32>(), 66);
        assert_eq!(of(Who::Nobody), [36, 11, 22, 3, 2]);
    }
}
