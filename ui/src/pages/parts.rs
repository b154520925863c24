//! The pages as the window loads them: Today comes with the program, the others in parts. A part is read when one of its
//! pages is opened, or beforehand as soon as the first page stands; it holds the code that its pages alone reach, which
//! `cargo xtask` finds out from what the linker says.

use super::frame::Frame;
use super::not_here::NotHere;
use super::{
    batch, calendar, conflicts, editor, flow, library, maintenance, notifications, revisions, schedules,
    session, sessions, settings, target_lists, today,
};
use crate::browser;
use crate::components::loaded::skeleton;
use crate::components::trouble::trouble;
use crate::route::Route;
use gloo_timers::callback::Timeout;
use mf_domain::ids::FlowId;
use std::cell::Cell;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::prelude::*;

/// How long the first page has the processor for itself, in milliseconds.
const PAUSE: u32 = 300;

/// Draws the pages of a part, and nothing for those of another.
type Draw = fn(Route) -> Option<Html>;
type Loaded = Result<Draw, SplitLoaderError>;

/// What is loaded on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Flows,
    Work,
    Time,
    Upkeep,
    Team,
}

impl Part {
    /// All of them, those first that a person is likely to open first.
    const ALL: [Self; 5] = [Self::Flows, Self::Work, Self::Time, Self::Upkeep, Self::Team];

    /// The part a page is in; `None` for what comes with the program.
    fn of(route: Route) -> Option<Self> {
        match route {
            Route::Today | Route::NotFound => None,
            Route::Flows
            | Route::Flow { .. }
            | Route::NavigateFlow { .. }
            | Route::NavigateTree { .. }
            | Route::Maintenance { .. }
            | Route::NewFlow
            | Route::EditFlow { .. }
            | Route::EditTree { .. }
            | Route::Revisions { .. } => Some(Self::Flows),
            Route::Sessions | Route::Batch { .. } | Route::Session { .. } => Some(Self::Work),
            Route::Calendar | Route::Schedules | Route::Notifications => Some(Self::Time),
            Route::TargetLists
            | Route::Blackouts
            | Route::Appearance
            | Route::NotificationSettings
            | Route::Backups
            | Route::About => Some(Self::Upkeep),
            Route::Sharing | Route::Members | Route::Audit | Route::Conflicts => Some(Self::Team),
            #[cfg(feature = "gallery")]
            Route::Gallery => Some(Self::Upkeep),
        }
    }

    /// Reads the part, once.
    async fn load(self) -> Loaded {
        if let Some(draw) = self.loaded() {
            return Ok(draw);
        }
        let draw = match self {
            Self::Flows => flows_part().await,
            Self::Work => work_part().await,
            Self::Time => time_part().await,
            Self::Upkeep => upkeep_part().await,
            Self::Team => team_part().await,
        }?;
        LOADED.with(|loaded| loaded[self as usize].set(Some(draw)));
        Ok(draw)
    }

    fn loaded(self) -> Option<Draw> {
        LOADED.with(|loaded| loaded[self as usize].get())
    }
}

thread_local! {
    static LOADED: [Cell<Option<Draw>>; Part::ALL.len()] = const { [const { Cell::new(None) }; _] };
}

/// Properties of [`Page`].
#[derive(Debug, Properties, PartialEq)]
pub struct PageProps {
    pub route: Route,
}

/// The page of an address.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let route = props.route;
    let part = Part::of(route);
    let draw = part.map_or(Some(first_part as Draw), Part::loaded);
    let redraw = use_force_update();
    let failed = use_state_eq(|| false);
    // Counts how often a person asked again.
    let asked = use_state(|| 0_u32);
    {
        let (redraw, failed) = (redraw, failed.setter());
        use_effect_with((part, *asked), move |(part, _)| {
            if let Some(part) = part.filter(|part| part.loaded().is_none()) {
                failed.set(false);
                spawn_local(async move {
                    match part.load().await {
                        Ok(_) => redraw.force_update(),
                        Err(_) => failed.set(true),
                    }
                });
            }
        });
    }
    use_effect_with((), |()| {
        let listener = browser::on_window(browser::READY, || {
            Timeout::new(PAUSE, || spawn_local(load_all())).forget();
        });
        move || drop(listener)
    });
    if let Some(draw) = draw {
        return draw(route).unwrap_or_else(not_here);
    }
    html! {
        <Frame crumbs={Vec::new()}>
            if *failed {
                { trouble("This page could not be loaded.", Some(Callback::from(move |()| asked.set(*asked + 1)))) }
            } else {
                { skeleton(3) }
            }
        </Frame>
    }
}

/// Once something is to be seen, so that a page is there when it is asked for. What fails is tried again then.
async fn load_all() {
    for part in Part::ALL {
        drop(part.load().await);
    }
}

fn first_part(route: Route) -> Option<Html> {
    match route {
        Route::Today => Some(html! { <today::TodayPage /> }),
        _ => None,
    }
}

fn not_here() -> Html {
    html! {
        <NotHere
            title="There is no such page"
            text="It may have been deleted, or the address is mistyped."
            to={Route::Flows}
            words="Go to flows"
        />
    }
}

#[wasm_split(flows, fallible)]
fn flows_part() -> Loaded {
    Ok(|route| match route {
        Route::Flows => Some(html! { <library::Library /> }),
        Route::Flow { id } | Route::NavigateFlow { id } | Route::NavigateTree { id } => {
            Some(html! { <flow::FlowPage key={id.to_string()} {id} /> })
        }
        Route::Maintenance { id } => Some(html! { <maintenance::Maintenance key={id.to_string()} {id} /> }),
        Route::NewFlow => Some(html! { <editor::EditorPage key="new" id={None::<FlowId>} /> }),
        Route::EditFlow { id } | Route::EditTree { id } => {
            Some(html! { <editor::EditorPage key={id.to_string()} {id} /> })
        }
        Route::Revisions { id } => Some(html! { <revisions::Revisions key={id.to_string()} {id} /> }),
        _ => None,
    })
}

#[wasm_split(work, fallible)]
fn work_part() -> Loaded {
    Ok(|route| match route {
        Route::Sessions => Some(html! { <sessions::Sessions /> }),
        Route::Batch { id } => Some(html! { <batch::BatchPage key={id.to_string()} {id} /> }),
        // Not keyed: the list of targets stays in place from one target to the next.
        Route::Session { id } => Some(html! { <session::SessionPage {id} /> }),
        _ => None,
    })
}

#[wasm_split(time, fallible)]
fn time_part() -> Loaded {
    Ok(|route| match route {
        Route::Calendar => Some(html! { <calendar::CalendarPage /> }),
        Route::Schedules => Some(html! { <schedules::Schedules /> }),
        Route::Notifications => Some(html! { <notifications::Notifications /> }),
        _ => None,
    })
}

#[wasm_split(upkeep, fallible)]
fn upkeep_part() -> Loaded {
    Ok(|route| match route {
        Route::TargetLists => Some(html! { <target_lists::TargetLists /> }),
        Route::Blackouts => Some(html! { <settings::blackouts::Blackouts /> }),
        Route::Appearance => Some(html! { <settings::appearance::Appearance /> }),
        Route::NotificationSettings => Some(html! { <settings::notifications::NotificationSettings /> }),
        Route::Backups => Some(html! { <settings::backups::Backups /> }),
        Route::About => Some(html! { <settings::about::AboutPage /> }),
        #[cfg(feature = "gallery")]
        Route::Gallery => Some(html! { <super::gallery::Gallery /> }),
        _ => None,
    })
}

#[wasm_split(team, fallible)]
fn team_part() -> Loaded {
    Ok(|route| match route {
        Route::Sharing => Some(html! { <settings::sharing::Sharing /> }),
        Route::Members => Some(html! { <settings::members::Members /> }),
        Route::Audit => Some(html! { <settings::audit::Audit /> }),
        Route::Conflicts => Some(html! { <conflicts::Conflicts /> }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::tests::every_page;

    #[tokio::test]
    async fn every_page_is_drawn_by_its_part_and_by_no_other() {
        for route in every_page() {
            let mut drawn = Vec::from_iter(first_part(route).map(|_| None));
            for part in Part::ALL {
                drawn.extend(part.load().await.unwrap()(route).map(|_| Some(part)));
            }
            assert_eq!(drawn, [Part::of(route)], "{route:?}");
        }
    }
}
