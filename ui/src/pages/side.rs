//! The two ends of the sidebar: which workspace is shown and the way to another, and how far it is shared.

use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::menu::{Menu, MenuItem};
use crate::route::{Route, go};
use crate::state::clock::use_now;
use crate::state::load::use_load;
use crate::state::team::chip::{chip, explained};
use crate::state::workspaces::{use_switch, use_workspaces};
use mf_contract::Event;
use mf_contract::sync::SyncStatus;
use mf_contract::workspaces::{WorkspaceKind, WorkspaceSummary};
use yew::prelude::*;

/// What a workspace is, as a picture.
pub(super) fn kind_icon(kind: WorkspaceKind) -> Icon {
    match kind {
        WorkspaceKind::Local => Icon::System,
        WorkspaceKind::Team => Icon::Team,
        WorkspaceKind::Left => Icon::Eye,
    }
}

/// The name of the workspace, which opens the way to the others.
#[component]
pub(super) fn WorkspaceMenu() -> Html {
    let workspaces = use_workspaces();
    let switch = use_switch();
    let to = |workspace: &WorkspaceSummary| {
        let (switch, id) = (switch.clone(), workspace.id);
        MenuItem {
            icon: kind_icon(workspace.kind),
            words: format!("Go to {}", workspace.name).into(),
            onclick: Callback::from(move |()| switch.emit(id)),
            testid: "switch-workspace",
            writes: None,
            danger: false,
        }
    };
    let sharing = MenuItem {
        icon: Icon::Retry,
        words: "Workspaces and sharing…".into(),
        onclick: Callback::from(|()| go(Route::Sharing)),
        testid: "to-sharing",
        writes: None,
        danger: false,
    };
    let items: Vec<MenuItem> = workspaces.others().map(to).chain([sharing]).collect();
    let name =
        workspaces.current().map_or_else(|| AttrValue::from("Workspace"), |shown| shown.name.clone().into());
    html! {
        <div class="workspace">
            <i class="mark" aria-hidden="true"></i>
            <Menu id="workspace-menu" label="Workspaces" icon={Icon::Chevron} words={name} {items} />
        </div>
    }
}

/// How far this computer and the team's server are apart.
#[component]
pub(super) fn SyncChip() -> Html {
    let status = use_load(Some(SyncStatus {}), |_, event| {
        matches!(event, Event::SyncStatusChanged | Event::ConflictsChanged | Event::WorkspacesChanged)
    });
    let now = use_now();
    let Some(status) = status.data() else {
        return html! { <span class="sync-chip grow"></span> };
    };
    let shown = chip(&status);
    html! {
        <span class="grow" title={explained(&status, now)}>
            <To route={shown.route} class="sync-chip" testid="sync-chip">
                { shown.icon.svg_with(shown.tone_class()) }<span class="clip">{ shown.words }</span>
            </To>
        </span>
    }
}
