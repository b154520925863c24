//! Blackout calendars (F37): dates on which nothing is to run, typed or from an iCalendar file, kept once for every
//! schedule that keeps clear of them.

mod delete;
mod editor;
mod import;

use super::{Section, SettingsFrame};
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::named_row::{change_cell, name_button};
use crate::route::{Over, Route, use_here, use_over};
use crate::state::load::use_view;
use crate::state::time::grouped;
use delete::DeleteDialog;
use editor::Editor;
use import::ImportDialog;
use mf_contract::blackouts::{BlackoutCalendarSummary, ListBlackoutCalendars};
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// What lies over the page.
#[derive(Clone, Debug, PartialEq)]
enum Layer {
    New,
    Calendar(BlackoutCalendarId),
    Import,
    Delete(BlackoutCalendarSummary),
}

/// The section.
#[component]
pub fn Blackouts() -> Html {
    // A change of a calendar changes what every schedule does: the engine tells of everything then.
    let calendars = use_view(Some(ListBlackoutCalendars {}), |_, event| {
        matches!(event, mf_contract::Event::ScheduleChanged { .. })
    });
    let here = use_here();
    // An address may name one, or ask for the import.
    let asked =
        here.blackout_calendar().map(Layer::Calendar).or_else(|| here.importing().then_some(Layer::Import));
    let over = use_over(asked, Route::Blackouts);
    let buttons = html! {
        <>
            <Button icon={Icon::Upload} onclick={over.show(Layer::Import)} writes=true needs={Role::Manager} testid="import-blackouts">{ "Import iCalendar" }</Button>
            <Button tone={Tone::Primary} icon={Icon::Plus} onclick={over.show(Layer::New)} writes=true needs={Role::Manager} testid="new-blackout">{ "New calendar" }</Button>
        </>
    };
    let table = {
        let (over, buttons) = (over.clone(), buttons.clone());
        move |calendars: Rc<Vec<BlackoutCalendarSummary>>| {
            if calendars.is_empty() {
                return empty(&EmptyProps {
                    icon: Icon::Calendar,
                    title: "No blackout calendars yet".into(),
                    text: "A calendar holds dates on which nothing is to run: holidays, a freeze at the end of the year. Schedules that keep clear of it leave those runs out, or move them.".into(),
                    children: html! { <div class="row">{ buttons }</div> },
                    compact: false,
                });
            }
            html! {
                <div class="card flat">
                    <table class="table-wide">
                        <thead>
                            <tr>
                                <th scope="col">{ "Name" }</th>
                                <th scope="col" class="num-cell">{ "Entries" }</th>
                                <th scope="col" class="num-cell">{ "Schedules" }</th>
                                <th scope="col">{ "Changed" }</th>
                                <th scope="col"><span class="visually-hidden">{ "Actions" }</span></th>
                            </tr>
                        </thead>
                        <tbody class="rows">
                            for calendar in calendars.iter() {
                                { row(calendar, &over) }
                            }
                        </tbody>
                    </table>
                </div>
            }
        }
    };
    let any = calendars.data().is_some_and(|calendars| !calendars.is_empty());
    let editing = match over.now {
        Some(Layer::New) => Some(None),
        Some(Layer::Calendar(id)) => Some(Some(id)),
        _ => None,
    };
    let deleting = match &over.now {
        Some(Layer::Delete(calendar)) => Some(calendar.clone()),
        _ => None,
    };
    html! {
        <SettingsFrame section={Section::Blackouts}>
            <div class="page-head">
                <h1 class="grow">{ "Blackout calendars" }</h1>
                if any {
                    { buttons }
                }
            </div>
            { loaded(&calendars, 4, table) }
            <Editor {editing} onclose={over.close.clone()} />
            <ImportDialog open={over.now == Some(Layer::Import)} onclose={over.close.clone()} />
            <DeleteDialog calendar={deleting} onclose={over.close} />
        </SettingsFrame>
    }
}

fn row(calendar: &BlackoutCalendarSummary, over: &Over<Layer>) -> Html {
    let onedit = over.show(Layer::Calendar(calendar.id));
    html! {
        <tr key={calendar.id.to_string()} class="hit" data-testid="blackout-row">
            <td class="fill">
                { name_button(&calendar.name, &onedit, "edit-blackout") }
            </td>
            <td class="num-cell">{ grouped(calendar.entry_count as usize) }</td>
            <td class="num-cell">
                if calendar.schedule_count == 0 {
                    <span class="faint">{ "none" }</span>
                } else {
                    { grouped(calendar.schedule_count as usize) }
                }
            </td>
            <td class="muted"><When at={calendar.updated_at} shown={Shown::Date} /></td>
            { change_cell(&calendar.name, Role::Manager, onedit, over.show(Layer::Delete(calendar.clone())), "delete-blackout") }
        </tr>
    }
}
