//! The shell around the pages: sidebar, go-to keys, palette, cheat sheet, theme.

use super::frame::{Surroundings, short};
use super::library;
use super::palette::Palette;
use super::parts::Page;
use super::side::{SyncChip, WorkspaceMenu};
use crate::browser;
use crate::components::button::{Button, May, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::shortcuts::shortcuts;
use crate::events::use_event;
use crate::route::{
    Here, Route, go, importing_address, importing_blackouts_address, importing_targets_address, use_here,
};
use crate::state::dropped::{DropAction, DropQueue, Drops, Kind, NotTaken, kind_of};
use crate::state::keys::use_shortcuts;
use crate::state::load::{use_load, use_view};
use crate::state::palette::Offer;
use crate::state::sending::{UploadQueue, use_sending};
use crate::state::shortcuts::{Act, Scope};
use crate::state::target_import::TextFile;
use crate::state::theme::{Theme, use_theme};
use crate::state::time::grouped;
use crate::state::toasts::use_toasts;
use crate::state::workspaces::{Workspaces, use_round};
use mf_contract::Event;
use mf_contract::flows::{FlowCounts, FlowCountsReply, GetFlow};
use mf_contract::notifications::NotificationCounts;
use mf_contract::sessions::SessionCounts;
use mf_contract::workspaces::{ListWorkspaces, WorkspaceKind};
use mf_domain::flow::FlowType;
use yew::prelude::*;

/// Properties of [`Shell`].
#[derive(Debug, Properties, PartialEq)]
pub struct ShellProps {
    #[prop_or_default]
    pub read_only: Option<AttrValue>,
}

/// The shell.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let workspaces = use_load(Some(ListWorkspaces {}), |_, event| {
        matches!(event, Event::WorkspacesChanged | Event::MembersChanged)
    });
    let workspaces = Workspaces(workspaces.data());
    let current = workspaces.current();
    let round = use_round(current.map(|shown| shown.id));
    let may = May {
        read_only: props.read_only.is_some(),
        role: current.map_or(May::default().role, |shown| shown.role),
    };
    let left = current.filter(|shown| shown.kind == WorkspaceKind::Left).map(|shown| {
        AttrValue::from(format!(
            "you do not belong to “{}” any more. This is the copy of this computer.",
            shown.name
        ))
    });
    let read_only = props.read_only.clone().or(left);
    html! {
        <ContextProvider<Workspaces> context={workspaces}>
            <ContextProvider<May> context={may}>
                // In another workspace nothing of this one is to stay on the screen.
                <Inside key={round} {read_only} {may} />
            </ContextProvider<May>>
        </ContextProvider<Workspaces>>
    }
}

#[derive(Properties, PartialEq)]
struct InsideProps {
    read_only: Option<AttrValue>,
    may: May,
}

/// All of it, for as long as one workspace is shown.
#[component]
fn Inside(props: &InsideProps) -> Html {
    let counts = use_load(Some(FlowCounts {}), |_, event| matches!(event, Event::FlowChanged { .. }));
    let unread =
        use_load(Some(NotificationCounts {}), |_, event| matches!(event, Event::NotificationsChanged));
    let open = use_load(Some(SessionCounts {}), |_, event| {
        matches!(event, Event::SessionChanged { .. } | Event::BatchChanged { .. })
    });
    let over = use_state(|| Over::Nothing);
    let route = use_here().route;

    use_event(Callback::from(|event| {
        if let Event::Navigate { route } = event {
            browser::go_to(&route, false);
        }
    }));
    let show = |what: Over| {
        let over = over.setter();
        Callback::from(move |()| over.set(what))
    };
    let act = {
        let (palette, sheet) = (show(Over::Palette(Offer::Everything)), show(Over::Sheet));
        Callback::from(move |act: Act| match act {
            Act::Palette => palette.emit(()),
            Act::Sheet => sheet.emit(()),
            Act::Today => go(Route::Today),
            Act::Flows => go(Route::Flows),
            Act::Sessions => go(Route::Sessions),
            Act::Calendar => go(Route::Calendar),
            Act::Schedules => go(Route::Schedules),
            Act::TargetLists => go(Route::TargetLists),
            Act::Settings => go(Route::Appearance),
            Act::Sharing => go(Route::Sharing),
            Act::Members => go(Route::Members),
            Act::Notifications => go(Route::Notifications),
            _ => {}
        })
    };
    use_shortcuts(Scope::Anywhere, {
        let act = act.clone();
        Callback::from(move |pressed| {
            act.emit(pressed);
            true
        })
    });

    let drops = use_drops();
    let uploads = use_sending();
    let unread = unread.data().map_or(0, |counts| counts.unread);
    let counts = counts.data().map(|counts| *counts);
    let open = open.data().map_or(0, |counts| counts.pending + counts.in_progress);
    let around = Surroundings {
        unread,
        read_only: props.read_only.clone(),
        onpalette: show(Over::Palette(Offer::Everything)),
        onlaunch: show(Over::Palette(Offer::Launches)),
    };
    html! {
        <ContextProvider<Surroundings> context={around}>
            <a class="skip-link" href="#main">{ "Skip to the page" }</a>
            <div class="shell">
                <Sidebar {counts} {open} {unread} onsheet={show(Over::Sheet)} />
                <ContextProvider<UploadQueue> context={uploads}>
                    <ContextProvider<DropQueue> context={drops}><Page {route} /></ContextProvider<DropQueue>>
                </ContextProvider<UploadQueue>>
            </div>
            { shortcuts(*over == Over::Sheet, show(Over::Nothing)) }
            <Palette
                open={match *over { Over::Palette(offer) => Some(offer), Over::Nothing | Over::Sheet => None }}
                onclose={show(Over::Nothing)}
                onact={act}
                may={props.may}
            />
        </ContextProvider<Surroundings>>
    }
}

/// Files that are dropped anywhere on the window, on the way to their import.
#[hook]
fn use_drops() -> DropQueue {
    let drops = use_reducer_eq(Drops::default);
    let here = use_here();
    {
        let (drops, toasts) = (drops.dispatcher(), use_toasts());
        use_effect_with((), move |()| {
            let listeners = browser::on_file_dropped(move |file| {
                let (drops, toasts, file_name) = (drops.clone(), toasts.clone(), file.name());
                let refuse = move |reason: String| {
                    if let Some(toasts) = &toasts {
                        toasts.refused(reason);
                    }
                };
                // Where the person is now, not where the listener was set.
                let on_session = matches!(Here::of_address(&browser::address()).route, Route::Session { .. });
                let kind = match kind_of(&file_name, file.size(), on_session) {
                    Ok(kind) => kind,
                    Err(NotTaken(reason)) => return refuse(reason),
                };
                wasm_bindgen_futures::spawn_local(async move {
                    let Some((text, encoding)) = browser::file_text(file).await else {
                        return refuse(format!("{file_name} could not be read."));
                    };
                    drops.dispatch(DropAction::Give(
                        kind,
                        TextFile { file_name, text: text.into(), encoding },
                    ));
                    let address = match kind {
                        Kind::Runbook => importing_address(),
                        Kind::Targets => importing_targets_address(),
                        Kind::Blackouts => importing_blackouts_address(),
                    };
                    browser::go_to(&address, false);
                });
            });
            move || drop(listeners)
        });
    }
    {
        // A page with unsaved work may have kept the person; what was dropped there must not turn up much later.
        let drops = drops.dispatcher();
        use_effect_with(here, move |here| {
            if !here.importing() {
                drops.dispatch(DropAction::Left);
            }
        });
    }
    drops
}

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Nothing,
    Sheet,
    Palette(Offer),
}

/// The pages of the settings that have no entry of their own.
const SETTINGS: [Route; 9] = [
    Route::Blackouts,
    Route::Sharing,
    Route::Members,
    Route::Audit,
    Route::Conflicts,
    Route::Appearance,
    Route::NotificationSettings,
    Route::Backups,
    Route::About,
];

#[derive(Properties, PartialEq)]
struct SidebarProps {
    counts: Option<FlowCountsReply>,
    /// Sessions that have not ended.
    open: u32,
    unread: u32,
    onsheet: Callback<()>,
}

#[component]
fn Sidebar(props: &SidebarProps) -> Html {
    let here = use_here();
    let (route, filter) = (here.route, here.flow_type());
    let in_library = matches!(route, Route::Flows);
    // Their addresses do not say of which type the flow is.
    let untold = route.flow().filter(|_| matches!(route, Route::EditFlow { .. } | Route::Revisions { .. }));
    let told = use_view(
        untold.map(|id| GetFlow { id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.id),
    );
    let page_of = match route {
        // Written or looked back on, a flow is where it is read; a new one goes by the type that was asked for.
        Route::NewFlow => filter,
        Route::EditFlow { .. } | Route::Revisions { .. } => told.data().map(|flow| flow.flow_type),
        Route::EditTree { .. } => Some(FlowType::Troubleshooting),
        Route::Maintenance { .. } => Some(FlowType::Maintenance),
        Route::NavigateFlow { .. } => Some(FlowType::Procedural),
        Route::NavigateTree { .. } => Some(FlowType::Troubleshooting),
        _ => None,
    };
    let counts = props.counts;
    let of_type = |flow_type: FlowType, count: fn(&FlowCountsReply) -> u32| {
        let current = (in_library && filter == Some(flow_type)) || page_of == Some(flow_type);
        html! {
            <To
                route={Route::Flows}
                query={format!("type={}", flow_type.as_str())}
                class="nav-link sub"
                {current}
                testid={format!("nav-{}", flow_type.as_str())}
            >
                { library::title(Some(flow_type)) }
                if let Some(counts) = &counts {
                    <span class="nav-count">{ count(counts) }</span>
                }
            </To>
        }
    };
    html! {
        <nav class="side" aria-label="Main">
            <WorkspaceMenu />
            <To route={Route::Today} class="nav-link" current={matches!(route, Route::Today)} testid="nav-today">
                { Icon::Sun.svg() }{ "Today" }
            </To>
            <div class="nav-group" role="group" aria-labelledby="nav-group-flows">
                <div class="nav-head" id="nav-group-flows">{ Icon::Flow.svg() }{ "Flows" }</div>
                <To
                    route={Route::Flows}
                    class="nav-link sub"
                    current={(in_library && filter.is_none()) || (matches!(route, Route::Flow { .. } | Route::NewFlow) && page_of.is_none())}
                    testid="nav-flows"
                >
                    { "All" }
                    if let Some(counts) = &counts {
                        <span class="nav-count" data-testid="flow-count">{ counts.total }</span>
                    }
                </To>
                { of_type(FlowType::Troubleshooting, |counts| counts.troubleshooting) }
                { of_type(FlowType::Procedural, |counts| counts.procedural) }
                { of_type(FlowType::Maintenance, |counts| counts.maintenance) }
            </div>
            <To
                route={Route::Sessions}
                class="nav-link"
                current={matches!(route, Route::Sessions | Route::Batch { .. } | Route::Session { .. })}
                testid="nav-sessions"
            >
                { Icon::Run.svg() }{ "Sessions" }
                if props.open > 0 {
                    <span class="nav-count">
                        { grouped(props.open as usize) }<span class="visually-hidden">{ " open" }</span>
                    </span>
                }
            </To>
            <To route={Route::Schedules} class="nav-link" current={matches!(route, Route::Schedules)} testid="nav-schedules">
                { Icon::Clock.svg() }{ "Schedules" }
            </To>
            <To route={Route::Calendar} class="nav-link" current={matches!(route, Route::Calendar)} testid="nav-calendar">
                { Icon::Calendar.svg() }{ "Calendar" }
            </To>
            <To
                route={Route::Notifications}
                class="nav-link"
                current={matches!(route, Route::Notifications)}
                testid="nav-notifications"
            >
                { Icon::Bell.svg() }{ "Notifications" }
                if props.unread > 0 {
                    <span class="nav-count unread">
                        <span data-testid="unread-count">{ short(props.unread) }</span>
                        <span class="visually-hidden">{ " unread" }</span>
                    </span>
                }
            </To>
            <div class="nav-caption">{ "Settings" }</div>
            <To
                route={Route::TargetLists}
                class="nav-link"
                current={matches!(route, Route::TargetLists)}
                testid="nav-target-lists"
            >
                { Icon::Server.svg() }{ "Target lists" }
            </To>
            <To
                route={Route::Appearance}
                class="nav-link"
                current={SETTINGS.contains(&route)}
                testid="nav-settings"
            >
                { Icon::Gear.svg() }{ "Settings" }
            </To>
            <div class="side-foot">
                <SyncChip />
                <ThemeToggle />
                <Button
                    tone={Tone::Ghost}
                    small=true
                    icon={Icon::Keyboard}
                    label="Keyboard shortcuts"
                    onclick={props.onsheet.clone()}
                    testid="open-shortcuts"
                />
            </div>
        </nav>
    }
}

#[component]
fn ThemeToggle() -> Html {
    let theme = use_theme();
    let icon = match theme {
        Theme::System => Icon::System,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    let label = theme.words();
    let onclick = Callback::from(move |()| theme.next().choose());
    html! { <Button tone={Tone::Ghost} small=true {icon} {label} {onclick} testid="theme" /> }
}
