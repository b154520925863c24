//! How a team's workspace and its server stand: what waits, since when, what is in the way and what to do.

use super::Layer;
use crate::api::as_sentence;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::loaded;
use crate::route::{Over, Route};
use crate::state::call::{use_call, use_told};
use crate::state::load::use_load;
use crate::state::team::chip::{chip, meaning, passed, progress};
use crate::state::team::people::{role_may, role_word};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::sync::{SyncNow, SyncProblem, SyncReport, SyncStatus, SyncStatusReply};
use mf_contract::workspaces::WorkspaceSummary;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StandingProps {
    pub(super) workspace: WorkspaceSummary,
    pub(super) over: Over<Layer>,
}

/// The card.
#[component]
pub(super) fn Standing(props: &StandingProps) -> Html {
    let status = use_load(Some(SyncStatus {}), |_, event| {
        matches!(event, Event::SyncStatusChanged | Event::ConflictsChanged | Event::WorkspacesChanged)
    });
    let toasts = use_toasts();
    let sync = use_call::<SyncNow>(Callback::from(move |report: SyncReport| {
        if let Some(toasts) = &toasts {
            toasts.success(passed(report));
        }
    }));
    // The card says itself what is in the way of the server.
    let in_the_way = status.data().is_some_and(|status| status.problem.is_some());
    use_told(sync.error().filter(|_| !in_the_way));
    let onsync = {
        let sync = sync.clone();
        Callback::from(move |()| sync.run(SyncNow {}))
    };
    let over = props.over.clone();
    let show = move |status: Rc<SyncStatusReply>| {
        let shown = chip(&status);
        html! {
            <>
                <p class="row" role="status">
                    <span class={classes!("pill", shown.tone)} data-testid="sync-state">{ shown.icon.svg() }{ shown.words }</span>
                    if status.problem.is_none() {
                        <span class="muted">{ meaning(&status) }</span>
                    }
                </p>
                if let Some(problem) = status.problem {
                    { in_the_way_of(problem, &status, &over) }
                }
                if let Some(under_way) = status.progress {
                    <p class="row muted" role="status">{ Icon::Spinner.svg_with("spin") }{ progress(under_way) }</p>
                }
                { facts(&status) }
            </>
        }
    };
    let workspace = &props.workspace;
    html! {
        <section class="card col" aria-label="This workspace" data-testid="team-workspace">
            <header>
                { Icon::Team.svg() }<h2>{ &workspace.name }</h2>
                <span class="pill" title={role_may(workspace.role)}>{ Icon::Person.svg() }{ role_word(workspace.role) }</span>
                <span class="end"><Button small=true icon={Icon::Retry} busy={sync.busy()} onclick={onsync} testid="sync-now">{ "Sync now" }</Button></span>
            </header>
            { loaded(&status, 5, show) }
        </section>
    }
}

/// What is in the way, and what to do about it.
fn in_the_way_of(problem: SyncProblem, status: &SyncStatusReply, over: &Over<Layer>) -> Html {
    let text = status.message.as_deref().map(as_sentence).unwrap_or_default();
    let act = match problem {
        SyncProblem::Locked => Some((Layer::Unlock, Icon::Lock, "Unlock…", "unlock-workspace")),
        SyncProblem::ServerTooOld => Some((Layer::Upgrade, Icon::Up, "Upgrade…", "upgrade-now")),
        _ => None,
    };
    html! {
        <div class="trouble" role="alert" data-testid="sync-problem">
            { Icon::Offline.svg() }
            <p class="grow">{ text }</p>
            if let Some((layer, icon, words, testid)) = act {
                <Button small=true tone={Tone::Primary} {icon} onclick={over.show(layer)} {testid}>{ words }</Button>
            }
        </div>
    }
}

fn facts(status: &SyncStatusReply) -> Html {
    let line = |name: &'static str, value: Html| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
    html! {
        <dl class="about-facts selectable" data-testid="sync-facts">
            { line("Last synced", match status.last_sync_at {
                Some(at) => html! { <><When {at} />{ ", " }<When {at} shown={Shown::Relative} /></> },
                None => html! { "Never yet" },
            }) }
            { line("Waiting to be sent", match status.waiting {
                0 => html! { "Nothing" },
                waiting => html! { { count(waiting as usize, "change") } },
            }) }
            { line("Conflicts", match status.conflicts {
                0 => html! { "None" },
                conflicts => html! {
                    <To route={Route::Conflicts} testid="to-conflicts">{ count(conflicts as usize, "conflict") }</To>
                },
            }) }
            if let Some(server) = &status.server {
                { line("Server", html! { <span class="mono">{ server }</span> }) }
            }
            if let Some(latency) = status.latency_ms {
                { line("Answered within", html! { { if latency == 0 { "1 ms".to_owned() } else { format!("{latency} ms") } } }) }
            }
            if status.kept > 0 {
                { line("Of a newer release", html! {
                    { format!("{}, kept until this application is updated", count(status.kept as usize, "record")) }
                }) }
            }
        </dl>
    }
}
