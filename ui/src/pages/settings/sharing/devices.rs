//! The computers of the team: whose they are, and when each sent something last.

use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::loaded;
use crate::route::Route;
use crate::state::load::use_load;
use crate::state::team::people::{device_name, devices};
use mf_contract::Event;
use mf_contract::members::{Device, ListMembers, Member};
use std::rc::Rc;
use yew::prelude::*;

/// The card.
#[component]
pub(super) fn Devices() -> Html {
    let members = use_load(Some(ListMembers::default()), |_, event| {
        matches!(event, Event::MembersChanged | Event::SyncStatusChanged)
    });
    let mine = use_state(|| true);
    let choice = |of_mine: bool, words: &'static str, testid: &'static str| {
        let set = mine.setter();
        html! {
            <button
                type="button"
                class="filter"
                aria-pressed={if *mine == of_mine { "true" } else { "false" }}
                onclick={Callback::from(move |_: MouseEvent| set.set(of_mine))}
                data-testid={testid}
            >
                { words }
            </button>
        }
    };
    let show = {
        let mine = *mine;
        move |members: Rc<Vec<Member>>| {
            html! {
                <table class="table-wide">
                    <thead>
                        <tr>
                            <th scope="col">{ "Computer" }</th>
                            <th scope="col">{ "Member" }</th>
                            <th scope="col">{ "Joined" }</th>
                            <th scope="col">{ "Last sent" }</th>
                        </tr>
                    </thead>
                    <tbody class="rows">
                        for (member, device) in devices(&members, mine) {
                            { row(member, device) }
                        }
                    </tbody>
                </table>
            }
        }
    };
    html! {
        <section class="card flat" aria-label="Computers">
            <header>
                <h2>{ "Computers" }</h2>
                <div class="filters end" role="group" aria-label="Whose">
                    { choice(true, "Mine", "devices-mine") }
                    { choice(false, "All", "devices-all") }
                </div>
            </header>
            <p class="card-note small muted">
                { "Each has a login of its own. Another one joins with an invite of its own, from " }
                <To route={Route::Members}>{ "members" }</To>{ "." }
            </p>
            { loaded(&members, 3, show) }
        </section>
    }
}

fn row(member: &Member, device: &Device) -> Html {
    html! {
        <tr key={device.id.to_string()} data-testid="device-row">
            <td class="strong">
                <span class="row" title={device.id.to_string()}>
                    { device_name(device.id) }
                    if device.is_this {
                        <span class="pill blue">{ Icon::System.svg() }{ "This one" }</span>
                    }
                </span>
            </td>
            <td class="fill muted"><div class="clip">{ if member.is_me { format!("{} (you)", member.name) } else { member.name.clone() } }</div></td>
            <td class="muted">
                if let Some(at) = device.joined_at {
                    <When {at} shown={Shown::Date} />
                } else {
                    <span class="pill">{ Icon::Clock.svg() }{ "Invited" }</span>
                }
            </td>
            <td class="muted">
                if let Some(at) = device.last_sent_at {
                    <When {at} shown={Shown::Relative} />
                } else {
                    { "Nothing yet" }
                }
            </td>
        </tr>
    }
}
