//! What the page of schedules is filtered and sorted by. All of it stands in the address, so that back and reload keep it.

use crate::browser;
use crate::route::{Here, Route};
use mf_contract::standings::{ScheduleHealth, ScheduleStanding};

/// Every health, what needs somebody first.
pub const HEALTHS: [ScheduleHealth; 7] = [
    ScheduleHealth::NeverRuns,
    ScheduleHealth::Asking,
    ScheduleHealth::Missing,
    ScheduleHealth::Failing,
    ScheduleHealth::New,
    ScheduleHealth::Good,
    ScheduleHealth::Paused,
];

/// How a health is written in an address.
#[must_use]
pub fn name(health: ScheduleHealth) -> &'static str {
    match health {
        ScheduleHealth::NeverRuns => "never_runs",
        ScheduleHealth::Asking => "asking",
        ScheduleHealth::Missing => "missing",
        ScheduleHealth::Failing => "failing",
        ScheduleHealth::New => "new",
        ScheduleHealth::Good => "good",
        ScheduleHealth::Paused => "paused",
    }
}

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Due next first.
    #[default]
    Next,
    Flow,
    /// Ran last first.
    Last,
    /// What needs somebody first.
    Health,
}

impl Sort {
    /// All of them with the words of the menu.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Next, "next", "Due next"),
        (Self::Health, "health", "Needs attention"),
        (Self::Last, "last", "Ran last"),
        (Self::Flow, "flow", "Flow"),
    ];

    /// How it is written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(sort, ..)| *sort == self).map_or("", |(_, name, _)| name)
    }

    /// The order of that name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.iter().find(|(_, other, _)| *other == name).map_or_else(Self::default, |(sort, ..)| *sort)
    }
}

/// All that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub health: Option<ScheduleHealth>,
    /// Parts of a flow's name, of the recurrence in words, of a target list's name or of a zone.
    pub search: String,
    pub sort: Sort,
}

impl Query {
    /// What the address asks for; nonsense filters nothing.
    #[must_use]
    pub fn of(here: &Here) -> Self {
        Self {
            health: HEALTHS.into_iter().find(|health| here.asked("health") == Some(name(*health))),
            search: here.search().unwrap_or_default(),
            sort: here.asked("sort").map(Sort::named).unwrap_or_default(),
        }
    }

    /// What stands behind the question mark.
    #[must_use]
    pub fn written(&self) -> String {
        let health = self.health.map(|health| format!("health={}", name(health)));
        let search =
            (!self.search.is_empty()).then(|| format!("search={}", browser::uri_encoded(&self.search)));
        let sort = (self.sort != Sort::default()).then(|| format!("sort={}", self.sort.name()));
        [health, search, sort].into_iter().flatten().collect::<Vec<_>>().join("&")
    }

    /// The address of the page under this filter.
    #[must_use]
    pub fn address(&self) -> String {
        let written = self.written();
        let joint = if written.is_empty() { "" } else { "?" };
        format!("{}{joint}{written}", Route::Schedules.path())
    }

    /// Whether anything is filtered out.
    #[must_use]
    pub fn filters(&self) -> bool {
        self.health.is_some() || !self.search.is_empty()
    }

    /// The places of the schedules that are shown, in their order.
    #[must_use]
    pub fn shown(&self, standings: &[ScheduleStanding]) -> Vec<usize> {
        let search = self.search.to_lowercase();
        let parts: Vec<&str> = search.split_whitespace().collect();
        let fits = |standing: &ScheduleStanding| {
            self.health.is_none_or(|health| standing.health == health)
                && (parts.is_empty() || {
                    let schedule = &standing.schedule;
                    let list = schedule.target_list_name.as_deref().unwrap_or_default();
                    let text = [&schedule.flow_name, &schedule.description, list, &schedule.timezone];
                    let text = text.join("\n").to_lowercase();
                    parts.iter().all(|part| text.contains(part))
                })
        };
        let mut shown: Vec<(usize, &ScheduleStanding)> =
            standings.iter().enumerate().filter(|(_, standing)| fits(standing)).collect();
        match self.sort {
            // Whatever never comes stands last.
            Sort::Next => {
                shown.sort_by_key(|(_, it)| (it.schedule.next_run_at.is_none(), it.schedule.next_run_at))
            }
            Sort::Flow => shown.sort_by_cached_key(|(_, it)| it.schedule.flow_name.to_lowercase()),
            Sort::Last => shown
                .sort_by_key(|(_, it)| std::cmp::Reverse(it.last_run.as_ref().map(|run| run.launched_at))),
            Sort::Health => {
                shown.sort_by_key(|(_, it)| HEALTHS.iter().position(|health| *health == it.health));
            }
        }
        shown.into_iter().map(|(at, _)| at).collect()
    }
}

/// How many schedules are of each health; those of which there are none are left out.
#[must_use]
pub fn counts(standings: &[ScheduleStanding]) -> Vec<(ScheduleHealth, usize)> {
    let number = |health| standings.iter().filter(|standing| standing.health == health).count();
    HEALTHS.into_iter().map(|health| (health, number(health))).filter(|(_, number)| *number > 0).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    pub(crate) fn standing(
        number: u128,
        flow: &str,
        health: ScheduleHealth,
        next: Option<&str>,
    ) -> ScheduleStanding {
        serde_json::from_value(json!({
            "schedule": {
                "id": Uuid::from_u128(number), "flow_id": Uuid::from_u128(100 + number), "flow_name": flow,
                "recurrence": {"kind": "cron", "expression": "0 22 * * 5"},
                "description": "At 22:00 every Friday, Berlin time", "timezone": "Europe/Berlin",
                "target_list_id": null, "target_list_name": "RDS farm", "misfire": "ask", "overlap": "skip",
                "grace_seconds": 0, "windows": [], "blackout_calendar_ids": [], "on_blackout": "skip",
                "notify_before_minutes": null, "notify_unfinished_at": null, "intake": {},
                "is_active": health != ScheduleHealth::Paused, "next_run_at": next, "last_run_at": null,
                "created_by": null, "created_at": "2026-12-01T00:00:00Z", "updated_at": "2026-12-01T00:00:00Z",
            },
            "health": name(health), "words": "", "last_run": null, "missed_lately": 0,
        }))
        .unwrap()
    }

    fn some() -> Vec<ScheduleStanding> {
        vec![
            standing(1, "citrix", ScheduleHealth::Good, Some("2026-12-18T21:00:00Z")),
            standing(2, "Azure", ScheduleHealth::NeverRuns, None),
            standing(3, "Backup", ScheduleHealth::Good, Some("2026-12-11T21:00:00Z")),
        ]
    }

    #[test]
    fn the_address_reads_back() {
        let query = Query {
            health: Some(ScheduleHealth::NeverRuns),
            search: "citrix".to_owned(),
            sort: Sort::Health,
        };
        assert_eq!(query.written(), "health=never_runs&search=citrix&sort=health");
        assert_eq!(Query::of(&Here::of_address(&query.address())), query);
        assert_eq!(Query::of(&Here::of_address("/schedules?health=poem&sort=poem")), Query::default());
        assert_eq!(Query::default().address(), "/schedules");
        assert!(query.filters() && !Query { sort: Sort::Flow, ..Query::default() }.filters());
    }

    #[test]
    fn orders_and_filters() {
        let all = some();
        let shown = |query: Query| query.shown(&all);
        assert_eq!(shown(Query::default()), [2, 0, 1]);
        assert_eq!(shown(Query { sort: Sort::Flow, ..Query::default() }), [1, 2, 0]);
        assert_eq!(shown(Query { sort: Sort::Health, ..Query::default() }), [1, 0, 2]);
        assert_eq!(shown(Query { health: Some(ScheduleHealth::Good), ..Query::default() }), [2, 0]);
        for (search, found) in [("CITRIX friday", vec![0]), ("rds", vec![2, 0, 1]), ("nothing", vec![])] {
            assert_eq!(shown(Query { search: search.to_owned(), ..Query::default() }), found, "{search}");
        }
        assert_eq!(counts(&all), [(ScheduleHealth::NeverRuns, 1), (ScheduleHealth::Good, 2)]);
    }
}
