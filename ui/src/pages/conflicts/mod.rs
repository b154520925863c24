//! Copies that lost (F71): of two that were changed without knowledge of each other, and those the server refused. Both are
//! shown side by side, and the one that lost can be brought back.

mod copies;

pub(crate) use copies::{both_revisions, use_settling};

use super::frame::{Crumb, Frame};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::route::Route;
use crate::state::load::use_load;
use crate::state::team::conflicts::Names;
use copies::Copies;
use mf_contract::Event;
use mf_contract::flows::ListFlows;
use mf_contract::members::ListMembers;
use mf_contract::sync::{Conflict, ListConflicts};
use mf_contract::target_lists::ListTargetLists;
use std::rc::Rc;
use yew::prelude::*;

/// What the ids in the copies stand for, as far as one load each can tell.
#[hook]
fn use_names(wanted: bool) -> Rc<Names> {
    let members = use_load(wanted.then_some(ListMembers { removed: true }), |_, event| {
        matches!(event, Event::MembersChanged)
    });
    let flows =
        use_load(wanted.then(ListFlows::default), |_, event| matches!(event, Event::FlowChanged { .. }));
    let lists = use_load(wanted.then(ListTargetLists::default), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    use_memo((members.data(), flows.data(), lists.data()), |(members, flows, lists)| {
        let members =
            members.iter().flat_map(|list| list.iter()).map(|one| (one.id.to_string(), one.name.clone()));
        let flows =
            flows.iter().flat_map(|list| list.iter()).map(|one| (one.id.to_string(), one.name.clone()));
        let lists =
            lists.iter().flat_map(|list| list.iter()).map(|one| (one.id.to_string(), one.name.clone()));
        members.chain(flows).chain(lists).collect()
    })
}

/// The page.
#[component]
pub fn Conflicts() -> Html {
    let conflicts = use_load(Some(ListConflicts {}), |_, event| {
        matches!(event, Event::ConflictsChanged | Event::WorkspacesChanged | Event::MembersChanged)
    });
    let some = conflicts.data().is_some_and(|list| !list.is_empty());
    let names = use_names(some);
    let show = move |list: Rc<Vec<Conflict>>| {
        if list.is_empty() {
            return empty(&EmptyProps {
                icon: Icon::Check,
                title: "Nothing lost".into(),
                text: "When two people change the same without knowing of each other, the later change stands and the other copy is kept here, with both side by side. So is what a server refuses.".into(),
                compact: false,
                children: html! { <To route={Route::Sharing} class="btn">{ "Workspace and sync" }</To> },
            });
        }
        html! {
            <ul class="col-l" aria-label="Conflicts">
                for conflict in list.iter() {
                    <li key={conflict.id.to_string()}><Copies conflict={conflict.clone()} names={names.clone()} /></li>
                }
            </ul>
        }
    };
    let crumbs = vec![
        Crumb::to("Settings", Route::Appearance),
        Crumb::to("Workspace and sync", Route::Sharing),
        Crumb::here("Conflicts"),
    ];
    html! {
        <Frame {crumbs}>
            <div class="page-inner">
                <div class="page-head">
                    <div class="grow">
                        <h1>{ "Conflicts" }</h1>
                        <p class="muted">{ "Copies that lost, and what stands in their place. Nothing is gone until you settle it." }</p>
                    </div>
                </div>
                { loaded(&conflicts, 8, show) }
            </div>
        </Frame>
    }
}
