//! The workspaces of this computer.

use super::{Layer, may_move};
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::pages::side::kind_icon;
use crate::route::Over;
use crate::state::team::people::role_word;
use mf_contract::workspaces::{WorkspaceKind, WorkspaceSummary};
use mf_domain::ids::TeamId;
use yew::prelude::*;

/// The list.
pub(super) fn workspace_list(
    list: &[WorkspaceSummary],
    switch: &Callback<TeamId>,
    over: &Over<Layer>,
) -> Html {
    let current = list.iter().find(|workspace| workspace.is_current);
    html! {
        <section class="card flat" aria-label="Workspaces of this computer">
            <header><h2>{ "On this computer" }</h2></header>
            <p class="card-note small muted">{ "The window shows one at a time. All of them are kept up to date, and their schedules run." }</p>
            <table class="table-wide">
                <thead>
                    <tr>
                        <th scope="col">{ "Workspace" }</th>
                        <th scope="col">{ "Kind" }</th>
                        <th scope="col">{ "Your role" }</th>
                        <th scope="col"><span class="visually-hidden">{ "Actions" }</span></th>
                    </tr>
                </thead>
                <tbody class="rows">
                    for workspace in list {
                        { row(workspace, current, switch, over) }
                    }
                </tbody>
            </table>
        </section>
    }
}

fn row(
    workspace: &WorkspaceSummary,
    current: Option<&WorkspaceSummary>,
    switch: &Callback<TeamId>,
    over: &Over<Layer>,
) -> Html {
    let id = workspace.id;
    let kind = match workspace.kind {
        WorkspaceKind::Local => "Local only",
        WorkspaceKind::Team => "Team",
        WorkspaceKind::Left => "To read in",
    };
    let role =
        if workspace.kind == WorkspaceKind::Left { "None any more" } else { role_word(workspace.role) };
    html! {
        <tr key={id.to_string()} class="hit" data-testid="workspace-row">
            <td class="fill strong"><div class="clip">{ &workspace.name }</div></td>
            <td class="muted"><span class="row">{ kind_icon(workspace.kind).svg() }{ kind }</span></td>
            <td class="muted">{ role }</td>
            <td class="icon-cell">
                <div class="row">
                    if workspace.is_current {
                        <span class="pill blue">{ Icon::Eye.svg() }{ "Shown" }</span>
                    } else {
                        if may_move(workspace, current) {
                            <Button
                                tone={Tone::Ghost}
                                small=true
                                icon={Icon::Copy}
                                onclick={over.show(Layer::Move(workspace.clone()))}
                                testid="move-into"
                            >
                                { "Copy what is here into it…" }
                            </Button>
                        }
                        <Button small=true onclick={switch.reform(move |()| id)} testid="go-to-workspace">{ "Go to it" }</Button>
                    }
                </div>
            </td>
        </tr>
    }
}
