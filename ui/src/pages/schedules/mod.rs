//! All schedules (F30, F32): when each comes due, how its last run went, how it is doing; and pausing or resuming many.
//!
//! What is filtered stands in the address. The list is loaded whole, and of its rows those near the visible part are drawn.

mod bar;
mod filters;
mod grid;
mod row;

use super::frame::{Crumb, Frame};
use super::schedule::Unreadable;
use crate::components::button::{Button, May};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::trouble::trouble;
use crate::route::{Route, go, use_here};
use crate::state::keys::use_shortcuts;
use crate::state::load::use_view;
use crate::state::schedules::query::Query;
use crate::state::schedules::switching::{Switch, Switched, to_switch, use_switching};
use crate::state::selection::{Action, Move, Selection, move_of};
use crate::state::shortcuts::{Act, Scope};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use crate::{api, browser};
use bar::{BarProps, bar, refused};
use filters::{Filters, SEARCH};
use grid::ScheduleGrid;
use mf_contract::Event;
use mf_contract::schedules::ListUnreadableSchedules;
use mf_contract::standings::{ListScheduleStandings, ScheduleStanding};
use mf_domain::ids::ScheduleId;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn Schedules() -> Html {
    let query = Query::of(&use_here());
    let standings = use_view(Some(ListScheduleStandings {}), |_, event| {
        matches!(
            event,
            Event::ScheduleChanged { .. }
                | Event::BatchChanged { .. }
                | Event::SessionChanged { .. }
                | Event::FlowChanged { .. }
                | Event::TargetListChanged { .. }
        )
    });
    let unreadable = use_view(Some(ListUnreadableSchedules::default()), |_, event| {
        matches!(event, Event::ScheduleChanged { .. } | Event::FlowChanged { .. })
    });
    let unread = unreadable.data().unwrap_or_default();
    let number = standings.data().map(|standings| count(standings.len(), "schedule"));
    let show = {
        let (query, alone) = (query.clone(), unread.is_empty());
        move |standings: Rc<Vec<ScheduleStanding>>| html! { <Loaded {standings} {query} {alone} /> }
    };
    html! {
        <Frame crumbs={vec![Crumb::here("Schedules")]} flush=true>
            <div class="work-top">
                <div class="page-head">
                    <h1 class="grow">{ "Schedules" }</h1>
                    <p class="muted" role="status">{ number }</p>
                    <To route={Route::Calendar} class="btn" testid="to-calendar">{ Icon::Calendar.svg() }{ "Calendar" }</To>
                </div>
            </div>
            if let Some(error) = unreadable.error() {
                { trouble(api::sentence(error), Some(unreadable.again())) }
            }
            if !unread.is_empty() {
                <section class="unreadable" aria-label="Schedules that cannot be read">
                    for one in unread.iter() {
                        <Unreadable key={one.id.to_string()} schedule={one.clone()} />
                    }
                </section>
            }
            { loaded(&standings, 8, show) }
        </Frame>
    }
}

/// The schedules that are shown, in their order.
type Shown = Rc<Vec<ScheduleId>>;

#[derive(Properties, PartialEq)]
struct LoadedProps {
    standings: Rc<Vec<ScheduleStanding>>,
    query: Query,
    /// There are no others, which could not be read.
    alone: bool,
}

/// The list with its filters, its keys and what can be done about the selection.
#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let standings = &props.standings;
    let query = &props.query;
    let read_only = !use_context::<May>().unwrap_or_default().write(Role::Manager);
    let selection = use_reducer(Selection::<Shown>::default);
    let came = use_state(|| None::<Rc<Switched>>);
    let toasts = use_toasts();
    let places = use_memo((standings.clone(), query.clone()), |(standings, query)| query.shown(standings));
    let shown: Shown = use_memo((standings.clone(), places.clone()), |(standings, places)| {
        places.iter().filter_map(|at| standings.get(*at)).map(|standing| standing.schedule.id).collect()
    });

    let again = use_mut_ref(|| None::<Callback<Switch>>);
    let (busy, run) = use_switching({
        let (came, again) = (came.setter(), again.clone());
        Callback::from(move |switched: Switched| {
            if let (Some(toasts), Some(words)) = (&toasts, switched.words()) {
                let undo = Switch { ids: switched.changed.clone(), active: !switched.active, is_undo: true };
                match again.borrow().clone().filter(|_| !switched.is_undo) {
                    Some(run) => toasts.undoable(words, Callback::from(move |()| run.emit(undo.clone()))),
                    None => toasts.success(words),
                }
            }
            came.set(Some(Rc::new(switched)));
        })
    });
    *again.borrow_mut() = Some(run.clone());

    let onmove = {
        let (selection, shown) = (selection.dispatcher(), shown.clone());
        Callback::from(move |by: Move| selection.dispatch(Action::Move(shown.clone(), by)))
    };
    let targets = selection.targets(&shown);
    let onswitch = {
        let (standings, targets, came) = (standings.clone(), targets.clone(), came.setter());
        Callback::from(move |active: bool| {
            came.set(None);
            run.emit(Switch { ids: to_switch(&standings, &targets, active), active, is_undo: false });
        })
    };
    let pausable = to_switch(standings, &targets, false).len();
    let resumable = to_switch(standings, &targets, true).len();
    let at = selection.at(&shown);
    let here = at.and_then(|at| places.get(at)).and_then(|at| standings.get(*at)).cloned();
    let selected = !selection.is_empty();
    use_shortcuts(Scope::Schedules, {
        let (onmove, onswitch, flow) =
            (onmove.clone(), onswitch.clone(), here.as_ref().map(|it| it.schedule.flow_id));
        Callback::from(move |act: Act| {
            if let Some(by) = move_of(act, selected) {
                onmove.emit(by);
                return true;
            }
            match act {
                Act::Pause if pausable > 0 && !read_only => onswitch.emit(false),
                Act::Resume if resumable > 0 && !read_only => onswitch.emit(true),
                Act::Search => browser::focus(SEARCH),
                Act::Open => match flow {
                    Some(id) => go(Route::Maintenance { id }),
                    None => return false,
                },
                _ => return false,
            }
            true
        })
    });

    if standings.is_empty() {
        return if props.alone { nothing() } else { Html::default() };
    }
    let onclear = {
        let address = Query { sort: query.sort, ..Query::default() }.address();
        Callback::from(move |()| browser::go_to(&address, false))
    };
    let onselect = {
        let selection = selection.dispatcher();
        Callback::from(move |ids| selection.dispatch(Action::Choose(ids)))
    };
    html! {
        <>
            <Filters query={query.clone()} standings={standings.clone()} onclear={onclear.clone()} />
            if shown.is_empty() {
                { none_fits(onclear) }
            } else {
                <ScheduleGrid
                    standings={standings.clone()}
                    places={places.clone()}
                    selection={(*selection).clone()}
                    {at}
                    onmove={onmove.clone()}
                />
            }
            { refused(standings, came.as_deref(), &onselect, Callback::from({ let came = came.setter(); move |()| came.set(None) })) }
            if !targets.is_empty() || selected {
                { bar(&BarProps {
                    here: here.as_ref(),
                    selected: selection.words(&shown, "schedule"),
                    pausable,
                    resumable,
                    busy,
                    onswitch,
                    onclear: onmove.reform(|()| Move::Clear),
                }) }
            }
        </>
    }
}

fn nothing() -> Html {
    empty(&EmptyProps {
        icon: Icon::Clock,
        title: "No schedules yet".into(),
        text: "A maintenance flow gets its schedule on its own page. With one, its batches are ready when they come due.".into(),
        compact: false,
        children: html! {
            <To route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To>
        },
    })
}

fn none_fits(onclear: Callback<()>) -> Html {
    empty(&EmptyProps {
        icon: Icon::Search,
        title: "No schedule fits these filters".into(),
        text: AttrValue::default(),
        compact: false,
        children: html! { <Button onclick={onclear}>{ "Clear filters" }</Button> },
    })
}
