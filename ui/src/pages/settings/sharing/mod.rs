//! Workspace and sync (F70, F71): what this workspace is, how far it and the team's server are apart, which others there are,
//! and the ways into a team and out of it.

mod create;
mod devices;
mod fields;
mod join;
mod leave;
mod list;
mod moving;
mod standing;
mod unlock;
mod upgrade;

use super::export::file_line;
use super::{Section, SettingsFrame};
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::loaded;
use crate::route::{Over, Route, use_here, use_over};
use crate::state::load::use_load;
use crate::state::team::people::role_word;
use crate::state::workspaces::use_switch;
use create::CreateDialog;
use devices::Devices;
use join::JoinDialog;
use leave::LeaveDialog;
use list::workspace_list;
use mf_contract::Event;
use mf_contract::workspaces::{ListWorkspaces, WorkspaceKind, WorkspaceSummary};
use mf_domain::ids::TeamId;
use mf_domain::role::Role;
use moving::MoveDialog;
use standing::Standing;
use std::rc::Rc;
use unlock::UnlockDialog;
use upgrade::UpgradeDialog;
use yew::prelude::*;

/// What lies over the page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Layer {
    Create,
    Join,
    Unlock,
    Upgrade,
    Leave,
    Move(WorkspaceSummary),
}

/// The section.
#[component]
pub fn Sharing() -> Html {
    let workspaces = use_load(Some(ListWorkspaces {}), |_, event| {
        matches!(event, Event::WorkspacesChanged | Event::MembersChanged)
    });
    let here = use_here();
    let asked = match here.asked("open") {
        Some("create") => Some(Layer::Create),
        Some("join") => Some(Layer::Join),
        _ => None,
    };
    let over = use_over(asked, Route::Sharing);
    let switch = use_switch();
    // The one that was made or joined a moment ago.
    let made = use_state(|| None::<TeamId>);
    let onmade = {
        let (made, close) = (made.setter(), over.close.clone());
        Callback::from(move |id: TeamId| {
            close.emit(());
            made.set(Some(id));
        })
    };
    let show = {
        let over = over.clone();
        let made = *made;
        move |list: Rc<Vec<WorkspaceSummary>>| {
            let current = list.iter().find(|workspace| workspace.is_current);
            let fresh = list.iter().find(|workspace| Some(workspace.id) == made && !workspace.is_current);
            html! {
                <div class="col-l">
                    if let Some(fresh) = fresh {
                        { just_made(fresh, current, &switch, &over) }
                    }
                    if let Some(current) = current {
                        { shown(current, &over) }
                    }
                    if list.len() > 1 {
                        { workspace_list(&list, &switch, &over) }
                    }
                    { ways(current, &over) }
                </div>
            }
        }
    };
    let moving = match &over.now {
        Some(Layer::Move(workspace)) => Some(workspace.clone()),
        _ => None,
    };
    let current = workspaces.data().and_then(|list| list.iter().find(|one| one.is_current).cloned());
    let is = |layer: &Layer| over.now.as_ref() == Some(layer);
    html! {
        <SettingsFrame section={Section::Sharing}>
            <div class="page-head"><h1>{ "Workspace and sync" }</h1></div>
            { loaded(&workspaces, 6, show) }
            <CreateDialog open={is(&Layer::Create)} onclose={over.close.clone()} onmade={onmade.reform(|(id, _)| id)} />
            <JoinDialog open={is(&Layer::Join)} onclose={over.close.clone()} onjoined={onmade} />
            <UnlockDialog open={is(&Layer::Unlock)} onclose={over.close.clone()} />
            <UpgradeDialog open={is(&Layer::Upgrade)} onclose={over.close.clone()} />
            <LeaveDialog
                name={current.map(|workspace| workspace.name).unwrap_or_default()}
                open={is(&Layer::Leave)}
                onclose={over.close.clone()}
            />
            <MoveDialog there={moving} onclose={over.close} />
        </SettingsFrame>
    }
}

/// What was made or joined, and what comes next.
fn just_made(
    fresh: &WorkspaceSummary,
    current: Option<&WorkspaceSummary>,
    switch: &Callback<TeamId>,
    over: &Over<Layer>,
) -> Html {
    let id = fresh.id;
    let can_move = may_move(fresh, current);
    html! {
        <section class="card col" role="status" data-testid="team-ready">
            <p class="row strong">{ Icon::Check.svg_with("tone-green") }{ format!("“{}” is on this computer now.", fresh.name) }</p>
            <p class="muted">
                if can_move {
                    { "It is its own workspace, and your local one stays as it is. Copy what you have here into it first, or begin with nothing." }
                } else {
                    { format!("You are in it as {}. Your local workspace stays as it is.", role_word(fresh.role).to_lowercase()) }
                }
            </p>
            <div class="row">
                <Button tone={Tone::Primary} icon={Icon::Team} onclick={switch.reform(move |()| id)} testid="go-to-team">{ format!("Go to {}", fresh.name) }</Button>
                if can_move {
                    <Button icon={Icon::Copy} onclick={over.show(Layer::Move(fresh.clone()))} testid="move-here">{ "Copy what is here into it…" }</Button>
                }
            </div>
        </section>
    }
}

/// Whether what is here can be copied into another workspace.
pub(super) fn may_move(into: &WorkspaceSummary, current: Option<&WorkspaceSummary>) -> bool {
    current.is_some_and(|current| current.kind == WorkspaceKind::Local)
        && into.kind == WorkspaceKind::Team
        && into.role.allows(Role::Manager)
}

/// The workspace that is shown.
fn shown(current: &WorkspaceSummary, over: &Over<Layer>) -> Html {
    match current.kind {
        WorkspaceKind::Local => html! {
            <section class="card col" aria-label="This workspace" data-testid="local-workspace">
                <header>{ Icon::System.svg() }<h2>{ &current.name }</h2><span class="pill">{ Icon::System.svg() }{ "Local only" }</span></header>
                <p>{ "Everything is on this computer, and nothing leaves it. It needs no server and no account." }</p>
                <p class="muted">{ "A team shares flows, target lists, schedules and runs through a Postgres database of its own. Every laptop has a whole copy, works without a connection, and catches up when there is one; what two people changed at once is kept and shown." }</p>
            </section>
        },
        WorkspaceKind::Team => html! {
            <>
                <Standing workspace={current.clone()} over={over.clone()} />
                <Devices />
            </>
        },
        WorkspaceKind::Left => html! {
            <section class="card col" aria-label="This workspace" data-testid="left-workspace">
                <header>{ Icon::Eye.svg() }<h2>{ &current.name }</h2><span class="pill">{ Icon::Eye.svg() }{ "To read in" }</span></header>
                <p>{ "You do not belong to this team any more. This is the copy of this computer: everything can be read and exported, nothing can be changed, and nothing new comes." }</p>
                <p class="muted">
                    { "What you had not sent stands under " }<To route={Route::Conflicts}>{ "conflicts" }</To>
                    { ". With another invite this copy goes on, and what waits is sent then." }
                </p>
            </section>
        },
    }
}

/// The ways into a team, and out of this one.
fn ways(current: Option<&WorkspaceSummary>, over: &Over<Layer>) -> Html {
    let is_team = current.is_some_and(|current| current.kind == WorkspaceKind::Team);
    let button = |layer: Layer, icon: Icon, words: &'static str, testid: &'static str| {
        html! { <Button {icon} onclick={over.show(layer)} {testid}>{ words }</Button> }
    };
    html! {
        <section class="card setting-lines" aria-label="Teams">
            { file_line(
                if is_team { "Create another team" } else { "Create a team" },
                "On a Postgres server of your own. You are its first owner and invite the others.",
                button(Layer::Create, Icon::Plus, "Create on your server…", "create-team"),
            ) }
            { file_line(
                if is_team { "Join another team" } else { "Join a team" },
                "With an invite that an owner of the team gives you.",
                button(Layer::Join, Icon::Ticket, "Join with an invite…", "join-team"),
            ) }
            if is_team {
                { file_line(
                    "Upgrade the server",
                    "After an update of the application, once: an administrator brings the team's database to this release.",
                    button(Layer::Upgrade, Icon::Up, "Upgrade…", "upgrade-workspace"),
                ) }
                { file_line(
                    "Leave this team",
                    "Every computer of yours loses its access; the copy on this one stays, to read in.",
                    button(Layer::Leave, Icon::Back, "Leave…", "leave-workspace"),
                ) }
            }
        </section>
    }
}
