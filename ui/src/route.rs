//! The addresses of all pages, and the way between them, over the browser's own history. What a person filters by stands
//! in the address, so that back and reload keep it.

mod addresses;
mod over;

pub use addresses::*;
pub use over::{Over, use_over};

use crate::browser;
use crate::state::calendar::View;
use crate::state::time::parse_day;
use chrono::NaiveDate;
use gloo_events::EventListener;
use mf_domain::flow::FlowType;
use mf_domain::ids::{BatchId, BlackoutCalendarId, FlowId, SessionId, TargetListId};
use yew::prelude::*;

/// A page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    #[default]
    Today,
    Flows,
    /// The editor for a flow that does not exist yet; its type stands behind the question mark.
    NewFlow,
    /// The address flows had once; leads on to where the flow is.
    Flow {
        id: FlowId,
    },
    /// A project: its steps and its sessions.
    NavigateFlow {
        id: FlowId,
    },
    /// A decision tree: its outline and its sessions.
    NavigateTree {
        id: FlowId,
    },
    EditFlow {
        id: FlowId,
    },
    /// The editor of a decision tree.
    EditTree {
        id: FlowId,
    },
    Revisions {
        id: FlowId,
    },
    Maintenance {
        id: FlowId,
    },
    /// All that ran, runs and waits.
    Sessions,
    Batch {
        id: BatchId,
    },
    Session {
        id: SessionId,
    },
    TargetLists,
    Notifications,
    Calendar,
    /// All schedules and how they are doing.
    Schedules,
    /// Settings: dates on which nothing is to run.
    Blackouts,
    /// Settings: how the program looks.
    Appearance,
    /// Settings: what is told, and where.
    NotificationSettings,
    /// Settings: backups, and putting one in the place of the workspace.
    Backups,
    /// Settings: whether and how this workspace is shared, and which there are.
    Sharing,
    /// Settings: who belongs to the team.
    Members,
    /// Settings: who did what.
    Audit,
    /// Copies that lost.
    Conflicts,
    /// Settings: what runs here.
    About,
    /// All components; in development builds.
    #[cfg(feature = "gallery")]
    Gallery,
    NotFound,
}

impl Route {
    /// The page a flow opens on.
    #[must_use]
    pub fn of_flow(id: FlowId, flow_type: FlowType) -> Self {
        match flow_type {
            FlowType::Maintenance => Self::Maintenance { id },
            FlowType::Procedural => Self::NavigateFlow { id },
            FlowType::Troubleshooting => Self::NavigateTree { id },
        }
    }

    /// The editor of a flow.
    #[must_use]
    pub fn editor_of(id: FlowId, flow_type: FlowType) -> Self {
        match flow_type {
            FlowType::Troubleshooting => Self::EditTree { id },
            FlowType::Procedural | FlowType::Maintenance => Self::EditFlow { id },
        }
    }

    /// The flow the page is about.
    #[must_use]
    pub fn flow(&self) -> Option<FlowId> {
        match *self {
            Self::Flow { id }
            | Self::NavigateFlow { id }
            | Self::NavigateTree { id }
            | Self::EditFlow { id }
            | Self::EditTree { id }
            | Self::Revisions { id }
            | Self::Maintenance { id } => Some(id),
            _ => None,
        }
    }

    /// The page to be on in another workspace: this one, or of what is in this workspace alone the list of its kind.
    #[must_use]
    pub fn elsewhere(self) -> Self {
        match self {
            Self::Batch { .. } | Self::Session { .. } => Self::Sessions,
            Self::NewFlow => Self::Flows,
            Self::NotFound => Self::Today,
            other if other.flow().is_some() => Self::Flows,
            other => other,
        }
    }

    /// The page of a path.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let found = match parts.as_slice() {
            [] => Some(Self::Today),
            ["flows"] => Some(Self::Flows),
            ["flows", "new"] => Some(Self::NewFlow),
            ["flows", id] => id.parse().ok().map(|id| Self::Flow { id }),
            ["flows", id, "maintenance"] => id.parse().ok().map(|id| Self::Maintenance { id }),
            ["flows", id, "navigate"] => id.parse().ok().map(|id| Self::NavigateFlow { id }),
            ["flows", id, "edit"] => id.parse().ok().map(|id| Self::EditFlow { id }),
            ["flows", id, "revisions"] => id.parse().ok().map(|id| Self::Revisions { id }),
            ["trees", id, "navigate"] => id.parse().ok().map(|id| Self::NavigateTree { id }),
            ["trees", id, "edit"] => id.parse().ok().map(|id| Self::EditTree { id }),
            // `/batches` is the older address; notices may still lead there.
            ["sessions"] | ["batches"] => Some(Self::Sessions),
            ["batches", id] => id.parse().ok().map(|id| Self::Batch { id }),
            ["sessions", id] => id.parse().ok().map(|id| Self::Session { id }),
            ["account", "target-lists"] => Some(Self::TargetLists),
            ["notifications"] => Some(Self::Notifications),
            ["calendar"] => Some(Self::Calendar),
            ["schedules"] => Some(Self::Schedules),
            ["settings", "blackouts"] => Some(Self::Blackouts),
            ["settings"] | ["settings", "appearance"] => Some(Self::Appearance),
            ["settings", "notifications"] => Some(Self::NotificationSettings),
            ["settings", "backups"] => Some(Self::Backups),
            ["settings", "workspace"] => Some(Self::Sharing),
            ["settings", "members"] => Some(Self::Members),
            ["settings", "audit"] => Some(Self::Audit),
            ["conflicts"] => Some(Self::Conflicts),
            ["settings", "about"] => Some(Self::About),
            #[cfg(feature = "gallery")]
            ["dev", "components"] => Some(Self::Gallery),
            _ => None,
        };
        found.unwrap_or(Self::NotFound)
    }

    /// The path of the page.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Today => "/".to_owned(),
            Self::Flows => "/flows".to_owned(),
            Self::NewFlow => "/flows/new".to_owned(),
            Self::Flow { id } => format!("/flows/{id}"),
            Self::NavigateFlow { id } => format!("/flows/{id}/navigate"),
            Self::NavigateTree { id } => format!("/trees/{id}/navigate"),
            Self::EditFlow { id } => format!("/flows/{id}/edit"),
            Self::EditTree { id } => format!("/trees/{id}/edit"),
            Self::Revisions { id } => format!("/flows/{id}/revisions"),
            Self::Maintenance { id } => format!("/flows/{id}/maintenance"),
            Self::Sessions => "/sessions".to_owned(),
            Self::Batch { id } => format!("/batches/{id}"),
            Self::Session { id } => format!("/sessions/{id}"),
            Self::TargetLists => "/account/target-lists".to_owned(),
            Self::Notifications => "/notifications".to_owned(),
            Self::Calendar => "/calendar".to_owned(),
            Self::Schedules => "/schedules".to_owned(),
            Self::Blackouts => "/settings/blackouts".to_owned(),
            Self::Appearance => "/settings/appearance".to_owned(),
            Self::NotificationSettings => "/settings/notifications".to_owned(),
            Self::Backups => "/settings/backups".to_owned(),
            Self::Sharing => "/settings/workspace".to_owned(),
            Self::Members => "/settings/members".to_owned(),
            Self::Audit => "/settings/audit".to_owned(),
            Self::Conflicts => "/conflicts".to_owned(),
            Self::About => "/settings/about".to_owned(),
            #[cfg(feature = "gallery")]
            Self::Gallery => "/dev/components".to_owned(),
            Self::NotFound => "/404".to_owned(),
        }
    }

    /// The address of the page with this behind the question mark.
    #[must_use]
    pub fn asking(&self, query: &str) -> String {
        let joint = if query.is_empty() { "" } else { "?" };
        format!("{}{joint}{query}", self.path())
    }
}

/// Where the window is: a page, and what stands behind the question mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    pub route: Route,
    query: String,
}

impl Here {
    pub(crate) fn of_address(address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self { route: Route::of_path(path), query: query.to_owned() }
    }

    /// How the library is sorted.
    #[must_use]
    pub fn sort(&self) -> Sort {
        Sort::ALL.into_iter().find(|sort| self.asked("sort") == Some(sort.name())).unwrap_or_default()
    }

    /// Whether the import is asked for.
    #[must_use]
    pub fn importing(&self) -> bool {
        self.asked("open") == Some("import")
    }

    /// Whether something new is asked for.
    #[must_use]
    pub fn asks_for_new(&self) -> bool {
        self.asked("open") == Some("new")
    }

    /// Whether the export is asked for.
    #[must_use]
    pub fn exporting(&self) -> bool {
        self.asked("open") == Some("export")
    }

    /// Whether it is asked to start the flow of the page: a session, or a batch.
    #[must_use]
    pub fn starting(&self) -> bool {
        self.asked("open") == Some("start")
    }

    /// Whether it is asked to set the schedule of the flow of the page.
    #[must_use]
    pub fn scheduling(&self) -> bool {
        self.asked("open") == Some("schedule")
    }

    /// The target list that is asked for.
    #[must_use]
    pub fn list(&self) -> Option<TargetListId> {
        self.asked("list")?.parse().ok()
    }

    /// The blackout calendar that is asked for.
    #[must_use]
    pub fn blackout_calendar(&self) -> Option<BlackoutCalendarId> {
        self.asked("calendar")?.parse().ok()
    }

    /// What an address says of a key, as it is written there.
    pub(crate) fn asked(&self, key: &str) -> Option<&str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The type of flow the library is filtered by.
    #[must_use]
    pub fn flow_type(&self) -> Option<FlowType> {
        let types = [FlowType::Troubleshooting, FlowType::Procedural, FlowType::Maintenance];
        types.into_iter().find(|flow_type| self.asked("type") == Some(flow_type.as_str()))
    }

    /// What is searched for.
    #[must_use]
    pub fn search(&self) -> Option<String> {
        self.asked("search").map(browser::uri_decoded).filter(|search| !search.is_empty())
    }

    /// How much of the calendar is shown.
    #[must_use]
    pub fn calendar_view(&self) -> View {
        View::ALL.into_iter().find(|view| self.asked("view") == Some(view.name())).unwrap_or_default()
    }

    /// The day of the calendar that is looked at.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.asked("date").and_then(parse_day)
    }
}

/// Follows the address of the window; for the root of the application.
#[hook]
pub fn use_address() -> Here {
    let here = use_state(|| Here::of_address(&browser::address()));
    let set = here.setter();
    use_effect_with((), move |()| {
        let listener = browser::on_window("popstate", move || {
            if let Some(address) = browser::address_or_held() {
                set.set(Here::of_address(&address));
            }
        });
        move || drop::<Option<EventListener>>(listener)
    });
    (*here).clone()
}

/// Where the window is.
#[hook]
pub fn use_here() -> Here {
    use_context::<Here>().unwrap_or_default()
}

/// Opens something on a page when the address asks for it, as what a flow is started with ([`Here::starting`]); gives what
/// closes it again. Closed, the address no longer asks: neither going back nor loading the page again opens anything.
#[hook]
pub fn use_asked(asks: fn(&Here) -> bool, onopen: Callback<()>, onclose: Callback<()>) -> Callback<()> {
    let here = use_here();
    let asked = asks(&here);
    use_effect_with(asked, move |asked| {
        if *asked {
            onopen.emit(());
        }
    });
    onclose.reform(move |()| {
        if asked {
            browser::go_to(&here.route.path(), true);
        }
    })
}

/// Shows another page.
pub fn go(route: Route) {
    browser::go_to(&route.path(), false);
}

#[cfg(test)]
pub(crate) mod tests;
