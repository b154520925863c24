//! The addresses of all pages, and the way between them, over the browser's own history. What a person filters by stands
//! in the address, so that back and reload keep it.

use crate::browser;
use gloo_events::EventListener;
use mf_domain::batch::BatchStatus;
use mf_domain::flow::FlowType;
use mf_domain::ids::{BatchId, FlowId, SessionId};
use yew::prelude::*;

/// A page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    #[default]
    Home,
    Flows,
    Flow {
        id: FlowId,
    },
    Maintenance {
        id: FlowId,
    },
    Batches,
    Batch {
        id: BatchId,
    },
    Session {
        id: SessionId,
    },
    TargetLists,
    Notifications,
    NotFound,
}

impl Route {
    /// The page a flow opens on.
    #[must_use]
    pub fn of_flow(id: FlowId, flow_type: FlowType) -> Self {
        match flow_type {
            FlowType::Maintenance => Self::Maintenance { id },
            FlowType::Procedural | FlowType::Troubleshooting => Self::Flow { id },
        }
    }

    /// The page of a path.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let found = match parts.as_slice() {
            [] => Some(Self::Home),
            ["flows"] => Some(Self::Flows),
            ["flows", id] => id.parse().ok().map(|id| Self::Flow { id }),
            ["flows", id, "maintenance"] => id.parse().ok().map(|id| Self::Maintenance { id }),
            ["batches"] => Some(Self::Batches),
            ["batches", id] => id.parse().ok().map(|id| Self::Batch { id }),
            ["sessions", id] => id.parse().ok().map(|id| Self::Session { id }),
            ["account", "target-lists"] => Some(Self::TargetLists),
            ["notifications"] => Some(Self::Notifications),
            _ => None,
        };
        found.unwrap_or(Self::NotFound)
    }

    /// The path of the page.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Flows => "/flows".to_owned(),
            Self::Flow { id } => format!("/flows/{id}"),
            Self::Maintenance { id } => format!("/flows/{id}/maintenance"),
            Self::Batches => "/batches".to_owned(),
            Self::Batch { id } => format!("/batches/{id}"),
            Self::Session { id } => format!("/sessions/{id}"),
            Self::TargetLists => "/account/target-lists".to_owned(),
            Self::Notifications => "/notifications".to_owned(),
            Self::NotFound => "/404".to_owned(),
        }
    }
}

/// Where the window is: a page, and what stands behind the question mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    pub route: Route,
    query: String,
}

impl Here {
    fn of_address(address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self { route: Route::of_path(path), query: query.to_owned() }
    }

    fn asked(&self, key: &str) -> Option<&str> {
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

    /// The status the list of batches is filtered by.
    #[must_use]
    pub fn status(&self) -> Option<BatchStatus> {
        let statuses = [BatchStatus::Pending, BatchStatus::InProgress, BatchStatus::Finished];
        statuses.into_iter().find(|status| self.asked("status") == Some(status_name(*status)))
    }
}

/// How a batch's status is written in an address.
#[must_use]
pub fn status_name(status: BatchStatus) -> &'static str {
    match status {
        BatchStatus::Pending => "pending",
        BatchStatus::InProgress => "in_progress",
        BatchStatus::Finished => "finished",
    }
}

/// The address of the library under a filter and a search.
#[must_use]
pub fn library_address(flow_type: Option<FlowType>, search: Option<&str>) -> String {
    let filter = flow_type.map(|flow_type| format!("type={}", flow_type.as_str()));
    let search = search.map(|search| format!("search={}", browser::uri_encoded(search)));
    let asked: Vec<String> = filter.into_iter().chain(search).collect();
    if asked.is_empty() {
        Route::Flows.path()
    } else {
        format!("{}?{}", Route::Flows.path(), asked.join("&"))
    }
}

/// Follows the address of the window; for the root of the application.
#[hook]
pub fn use_address() -> Here {
    let here = use_state(|| Here::of_address(&browser::address()));
    let set = here.setter();
    use_effect_with((), move |()| {
        let listener = browser::on_window("popstate", move || set.set(Here::of_address(&browser::address())));
        move || drop::<Option<EventListener>>(listener)
    });
    (*here).clone()
}

/// Where the window is.
#[hook]
pub fn use_here() -> Here {
    use_context::<Here>().unwrap_or_default()
}

/// Shows another page.
pub fn go(route: Route) {
    browser::go_to(&route.path(), false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_back() {
        let id = FlowId(uuid::Uuid::from_u128(7));
        for route in [
            Route::Home,
            Route::Flows,
            Route::Flow { id },
            Route::Maintenance { id },
            Route::Batches,
            Route::Batch { id: BatchId(id.0) },
            Route::Session { id: SessionId(id.0) },
            Route::TargetLists,
            Route::Notifications,
        ] {
            assert_eq!(Route::of_path(&route.path()), route);
        }
        assert_eq!(Route::of_path("/nowhere"), Route::NotFound);
        assert_eq!(Route::of_path("/flows/not-an-id"), Route::NotFound);
    }

    #[test]
    fn filters_read_back_and_nonsense_filters_nothing() {
        let here = Here::of_address(&library_address(Some(FlowType::Procedural), Some("laptop")));
        assert_eq!(
            (here.flow_type(), here.search().as_deref()),
            (Some(FlowType::Procedural), Some("laptop"))
        );
        assert_eq!(Here::of_address("/batches?status=finished").status(), Some(BatchStatus::Finished));
        assert_eq!(Here::of_address("/flows?type=poem&search=").flow_type(), None);
        assert_eq!(Here::of_address("/flows?type=poem&search=").search(), None);
    }
}
