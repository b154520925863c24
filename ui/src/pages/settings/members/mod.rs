//! Members (F65, F71): who belongs to the team and in which role. For owners: inviting, roles, and the end of a membership.

mod invite;
mod invited;
mod remove;
mod role;

use super::{Section, SettingsFrame};
use crate::browser;
use crate::components::button::{Button, May, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::menu::{Menu, MenuItem};
use crate::route::{Route, use_here};
use crate::state::load::use_load;
use crate::state::team::people::{Belongs, belongs, computers, role_may, role_word};
use crate::state::time::count;
use crate::state::workspaces::use_workspaces;
use invite::InviteDialog;
use invited::{Handed, InvitedDialog, use_invite_device};
use mf_contract::Event;
use mf_contract::members::{ListMembers, Member};
use mf_contract::workspaces::WorkspaceKind;
use mf_domain::role::Role;
use remove::RemoveDialog;
use role::RoleDialog;
use std::rc::Rc;
use yew::prelude::*;

/// What lies over the page.
#[derive(Clone, Debug, PartialEq)]
enum Layer {
    Nothing,
    Invite,
    Role(Member),
    Remove(Member),
}

/// What stands behind the question mark while those who have gone are shown, too.
const WITH_REMOVED: &str = "show=removed";

/// The section.
#[component]
pub fn Members() -> Html {
    let removed = use_here().asked("show") == Some("removed");
    let members = use_load(Some(ListMembers { removed }), |_, event| {
        matches!(event, Event::MembersChanged | Event::WorkspacesChanged)
    });
    let workspaces = use_workspaces();
    let is_team = workspaces.current().is_some_and(|shown| shown.kind == WorkspaceKind::Team);
    let may = use_context::<May>().unwrap_or_default();
    let owns = is_team && may.write(Role::Owner);
    let layer = use_state(|| Layer::Nothing);
    let handed = use_state(|| None::<Handed>);
    let set = |what: Layer| {
        let layer = layer.setter();
        Callback::from(move |()| layer.set(what.clone()))
    };
    let onhanded = {
        let (handed, layer) = (handed.setter(), layer.setter());
        Callback::from(move |invite: Handed| {
            layer.set(Layer::Nothing);
            handed.set(Some(invite));
        })
    };
    let invite_device = use_invite_device(onhanded.clone());
    let item =
        |icon: Icon, words: &'static str, onclick: Callback<()>, testid: &'static str, danger: bool| {
            MenuItem { icon, words: words.into(), onclick, testid, writes: None, danger }
        };
    let actions = |member: &Member| {
        let mut items = Vec::new();
        if owns || (is_team && member.is_me) {
            let (invite_device, member) = (invite_device.clone(), member.clone());
            let onclick = Callback::from(move |()| invite_device.emit(member.clone()));
            items.push(item(Icon::System, "Invite another computer…", onclick, "invite-device", false));
        }
        if owns {
            items.push(item(
                Icon::Person,
                "Change the role…",
                set(Layer::Role(member.clone())),
                "change-role",
                false,
            ));
        }
        if owns && !member.is_me {
            let (icon, onclick) = (Icon::Trash, set(Layer::Remove(member.clone())));
            items.push(item(icon, "End the membership…", onclick, "remove-member", true));
        }
        items
    };
    let show = |members: Rc<Vec<Member>>| {
        if !workspaces.is_shared() {
            return alone();
        }
        html! {
            <div class="card flat">
                <table class="table-wide">
                    <thead>
                        <tr>
                            <th scope="col">{ "Name" }</th>
                            <th scope="col">{ "Role" }</th>
                            <th scope="col">{ "Computers" }</th>
                            <th scope="col">{ "Belongs" }</th>
                            <th scope="col"><span class="visually-hidden">{ "Actions" }</span></th>
                        </tr>
                    </thead>
                    <tbody class="rows">
                        for member in members.iter() {
                            { row(member, if member.removed_at.is_some() { Vec::new() } else { actions(member) }) }
                        }
                    </tbody>
                </table>
            </div>
        }
    };
    let ontoggle = Callback::from(move |_: MouseEvent| {
        browser::go_to(&Route::Members.asking(if removed { "" } else { WITH_REMOVED }), true);
    });
    let (changing, removing) = match &*layer {
        Layer::Role(member) => (Some(member.clone()), None),
        Layer::Remove(member) => (None, Some(member.clone())),
        Layer::Nothing | Layer::Invite => (None, None),
    };
    html! {
        <SettingsFrame section={Section::Members}>
            <div class="page-head">
                <h1 class="grow">{ "Members" }</h1>
                if workspaces.is_shared() {
                    <button
                        type="button"
                        class="filter"
                        aria-pressed={if removed { "true" } else { "false" }}
                        onclick={ontoggle}
                        data-testid="show-removed"
                    >
                        { "Also those who left" }
                    </button>
                }
                if owns {
                    <Button tone={Tone::Primary} icon={Icon::Plus} onclick={set(Layer::Invite)} testid="invite-member">{ "Invite somebody" }</Button>
                }
            </div>
            <div class="col-l">
                { loaded(&members, 4, show) }
                if workspaces.is_shared() {
                    { roles_card() }
                }
            </div>
            <InviteDialog open={*layer == Layer::Invite} onclose={set(Layer::Nothing)} {onhanded} />
            <RoleDialog member={changing} onclose={set(Layer::Nothing)} />
            <RemoveDialog member={removing} onclose={set(Layer::Nothing)} />
            <InvitedDialog handed={(*handed).clone()} onclose={let handed = handed.setter(); move |()| handed.set(None)} />
        </SettingsFrame>
    }
}

/// The local workspace is one person's.
fn alone() -> Html {
    empty(&EmptyProps {
        icon: Icon::Person,
        title: "It is yours alone".into(),
        text: "The local workspace has one member: you. A team's workspace has as many as its owners invite, each in a role.".into(),
        compact: false,
        children: html! { <To route={Route::Sharing} class="btn">{ "Workspace and sync" }</To> },
    })
}

fn row(member: &Member, actions: Vec<MenuItem>) -> Html {
    let id = member.id.to_string();
    let (joined, waiting) = computers(member);
    let machines = match (joined, waiting) {
        (joined, 0) => count(joined, "computer"),
        (0, waiting) => format!("{waiting} invited"),
        (joined, waiting) => format!("{}, {waiting} invited", count(joined, "computer")),
    };
    html! {
        <tr key={id.clone()} class="hit" data-testid="member-row">
            <td class="fill strong">
                <div class="row">
                    <span class="clip">{ &member.name }</span>
                    if member.is_me {
                        <span class="pill blue">{ Icon::Person.svg() }{ "You" }</span>
                    }
                </div>
            </td>
            <td title={role_may(member.role)}>{ role_word(member.role) }</td>
            <td class="muted">{ machines }</td>
            <td class="muted">{ since(belongs(member)) }</td>
            <td class="icon-cell">
                if !actions.is_empty() {
                    <Menu id={format!("member-{id}")} label={format!("What can be done about {}", member.name)} small=true items={actions} />
                }
            </td>
        </tr>
    }
}

fn since(belongs: Belongs) -> Html {
    match belongs {
        Belongs::Since(Some(at)) => html! { <>{ "since " }<When {at} shown={Shown::Date} /></> },
        Belongs::Since(None) => html! { "yes" },
        Belongs::Invited => html! { <span class="pill amber">{ Icon::Clock.svg() }{ "Invited" }</span> },
        Belongs::RemovedAt(at) => html! {
            <span class="row"><span class="pill">{ Icon::Stop.svg() }{ "Ended" }</span><When {at} shown={Shown::Date} /></span>
        },
    }
}

/// What each role may do.
fn roles_card() -> Html {
    html! {
        <section class="card" aria-label="Roles">
            <header><h2>{ "What a role may do" }</h2></header>
            <dl class="about-facts">
                for role in crate::state::team::people::ROLES {
                    <div><dt>{ role_word(role) }</dt><dd>{ role_may(role) }</dd></div>
                }
            </dl>
        </section>
    }
}
