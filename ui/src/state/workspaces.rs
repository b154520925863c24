//! The workspaces of this computer, which of them the window shows, and the way to another one.

use super::call::{use_call, use_told};
use super::toasts::use_toasts;
use crate::browser;
use crate::route::Here;
use mf_contract::workspaces::{SwitchWorkspace, WorkspaceKind, WorkspaceSummary};
use mf_domain::ids::TeamId;
use std::rc::Rc;
use yew::prelude::*;

/// The workspaces, once they are known; told by the shell around the pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspaces(pub Option<Rc<Vec<WorkspaceSummary>>>);

impl Workspaces {
    /// The one that is shown.
    #[must_use]
    pub fn current(&self) -> Option<&WorkspaceSummary> {
        self.0.iter().flat_map(|list| list.iter()).find(|workspace| workspace.is_current)
    }

    /// Those that could be shown instead.
    pub fn others(&self) -> impl Iterator<Item = &WorkspaceSummary> {
        self.0.iter().flat_map(|list| list.iter()).filter(|workspace| !workspace.is_current)
    }

    /// Whether the one that is shown is, or was, a team's.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.current().is_some_and(|workspace| workspace.kind != WorkspaceKind::Local)
    }
}

/// The workspaces.
#[hook]
pub fn use_workspaces() -> Workspaces {
    use_context::<Workspaces>().unwrap_or_default()
}

/// How often another workspace came into the place of the one that was shown.
#[derive(Debug, Default)]
struct Rounds {
    shown: Option<TeamId>,
    number: u32,
}

impl Rounds {
    fn seen(&mut self, current: Option<TeamId>) -> u32 {
        if let Some(current) = current {
            // The first that is known has replaced none.
            self.number += u32::from(self.shown.is_some_and(|shown| shown != current));
            self.shown = Some(current);
        }
        self.number
    }
}

/// Grows whenever another workspace is shown: what stands below it under this as its key begins from nothing.
#[hook]
pub fn use_round(current: Option<TeamId>) -> u32 {
    let rounds = use_mut_ref(Rounds::default);
    rounds.borrow_mut().seen(current)
}

/// Shows another workspace, on this page or, where that is about something of this workspace, on the list of its kind.
#[hook]
pub fn use_switch() -> Callback<TeamId> {
    let toasts = use_toasts();
    let switch = use_call::<SwitchWorkspace>({
        Callback::from(move |shown: WorkspaceSummary| {
            if let Some(toasts) = &toasts {
                toasts.success(format!("You are in “{}” now.", shown.name));
            }
        })
    });
    use_told(switch.error());
    Callback::from(move |id: TeamId| {
        let route = || Here::of_address(&browser::address()).route;
        let there = route().elsewhere();
        if browser::address() != there.path() {
            browser::go_to(&there.path(), false);
        }
        // Something unsaved may keep the person, who decides about that first.
        if route() == there {
            switch.run(SwitchWorkspace { id });
        }
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use mf_domain::role::Role;
    use uuid::Uuid;

    pub(crate) fn workspace(number: u128, kind: WorkspaceKind, is_current: bool) -> WorkspaceSummary {
        let id = TeamId(Uuid::from_u128(number));
        WorkspaceSummary { id, name: format!("Team {number}"), kind, role: Role::Owner, is_current }
    }

    #[test]
    fn one_is_shown_and_the_others_are_offered() {
        let list = [
            workspace(1, WorkspaceKind::Local, false),
            workspace(2, WorkspaceKind::Team, true),
            workspace(3, WorkspaceKind::Left, false),
        ];
        let workspaces = Workspaces(Some(Rc::new(list.to_vec())));
        assert_eq!(workspaces.current(), Some(&list[1]));
        assert_eq!(workspaces.others().collect::<Vec<_>>(), [&list[0], &list[2]]);
        assert!(workspaces.is_shared());
        assert!(!Workspaces::default().is_shared(), "not known yet");
    }

    #[test]
    fn a_round_begins_with_another_workspace_and_with_nothing_else() {
        let [a, b] = [1, 2].map(|number| Some(TeamId(Uuid::from_u128(number))));
        let mut rounds = Rounds::default();
        let numbers = [None, a, a, None, b, b, a].map(|current| rounds.seen(current));
        assert_eq!(numbers, [0, 0, 0, 0, 1, 1, 2]);
    }
}
