//! The addresses of all pages. What a person filters by stands in the address, so that back and reload keep it.

use mf_domain::flow::FlowType;
use mf_domain::ids::{BatchId, FlowId, SessionId};
use serde::{Deserialize, Serialize};
use yew_router::prelude::*;

/// A page.
#[derive(Clone, Debug, PartialEq, Routable)]
pub enum Route {
    #[at("/")]
    Home,
    #[at("/flows")]
    Flows,
    #[at("/flows/:id")]
    Flow { id: FlowId },
    #[at("/flows/:id/maintenance")]
    Maintenance { id: FlowId },
    #[at("/batches")]
    Batches,
    #[at("/batches/:id")]
    Batch { id: BatchId },
    #[at("/sessions/:id")]
    Session { id: SessionId },
    #[at("/account/target-lists")]
    TargetLists,
    #[at("/notifications")]
    Notifications,
    #[not_found]
    #[at("/404")]
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
}

/// What the library is filtered by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowsQuery {
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub flow_type: Option<FlowType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// What the list of batches is filtered by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BatchesQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<mf_domain::batch::BatchStatus>,
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
            Route::Session { id: SessionId(id.0) },
            Route::TargetLists,
        ] {
            assert_eq!(Route::recognize(&route.to_path()), Some(route));
        }
        assert_eq!(Route::recognize("/nowhere"), Some(Route::NotFound));
        assert_eq!(Route::recognize("/flows/not-an-id"), Some(Route::NotFound));
    }
}
