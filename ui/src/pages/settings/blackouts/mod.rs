//! Blackout calendars (F37): dates on which nothing is to run, typed or from an iCalendar file, kept once for every
//! schedule that keeps clear of them.

mod delete;
mod editor;
mod import;

use super::{Section, SettingsFrame};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::route::{Route, use_here};
use crate::state::load::use_load;
use crate::state::time::grouped;
use delete::DeleteDialog;
use editor::Editor;
use import::ImportDialog;
use mf_contract::blackouts::{BlackoutCalendarSummary, ListBlackoutCalendars};
use mf_domain::ids::BlackoutCalendarId;
use std::rc::Rc;
use yew::prelude::*;

/// What lies over the page.
#[derive(Clone, Debug, PartialEq)]
enum Over {
    Nothing,
    New,
    Calendar(BlackoutCalendarId),
    Import,
    Delete(BlackoutCalendarSummary),
}

/// The section.
#[component]
pub fn Blackouts() -> Html {
    // A change of a calendar changes what every schedule does: the engine tells of everything then.
    let calendars = use_load(Some(ListBlackoutCalendars {}), |_, event| {
        matches!(event, mf_contract::Event::ScheduleChanged { .. })
    });
    let over = use_state(|| Over::Nothing);
    let here = use_here();
    {
        // An address may name a calendar, or ask for the import.
        let over = over.setter();
        use_effect_with((here.blackout_calendar(), here.importing()), move |(calendar, importing)| {
            match calendar {
                Some(id) => over.set(Over::Calendar(*id)),
                None if *importing => over.set(Over::Import),
                None => {}
            }
        });
    }
    let show = |what: Over| {
        let over = over.setter();
        Callback::from(move |()| over.set(what.clone()))
    };
    let close = {
        let (over, asked) = (over.setter(), here.blackout_calendar().is_some() || here.importing());
        Callback::from(move |()| {
            over.set(Over::Nothing);
            if asked {
                browser::go_to(&Route::Blackouts.path(), true);
            }
        })
    };
    let (onnew, onimport) = (show(Over::New), show(Over::Import));
    let buttons = |primary: Tone| {
        html! {
            <>
                <Button icon={Icon::Upload} onclick={onimport.clone()} writes=true testid="import-blackouts">{ "Import iCalendar" }</Button>
                <Button tone={primary} icon={Icon::Plus} onclick={onnew.clone()} writes=true testid="new-blackout">{ "New calendar" }</Button>
            </>
        }
    };
    let table = {
        let (over, buttons) = (over.setter(), buttons(Tone::Primary));
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
    let editing = match *over {
        Over::New => Some(None),
        Over::Calendar(id) => Some(Some(id)),
        _ => None,
    };
    let deleting = match &*over {
        Over::Delete(calendar) => Some(calendar.clone()),
        _ => None,
    };
    html! {
        <SettingsFrame section={Section::Blackouts}>
            <div class="page-head">
                <h1 class="grow">{ "Blackout calendars" }</h1>
                if any {
                    { buttons(Tone::Primary) }
                }
            </div>
            { loaded(&calendars, 4, table) }
            <Editor {editing} onclose={close.clone()} />
            <ImportDialog open={*over == Over::Import} onclose={close.clone()} />
            <DeleteDialog calendar={deleting} onclose={close} />
        </SettingsFrame>
    }
}

fn row(calendar: &BlackoutCalendarSummary, over: &UseStateSetter<Over>) -> Html {
    let show = |what: Over| {
        let over = over.clone();
        Callback::from(move |()| over.set(what.clone()))
    };
    let onedit = show(Over::Calendar(calendar.id));
    html! {
        <tr key={calendar.id.to_string()} class="hit" data-testid="blackout-row">
            <td class="fill">
                <div class="clip">
                    <button type="button" class="link name" onclick={onedit.reform(|_: MouseEvent| ())} data-testid="edit-blackout">
                        { calendar.name.clone() }
                    </button>
                </div>
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
            <td class="icon-cell">
                <Button tone={Tone::Ghost} small=true icon={Icon::Pencil} label={format!("Edit {}", calendar.name)} onclick={onedit} />
                <Button
                    tone={Tone::Ghost}
                    small=true
                    icon={Icon::Trash}
                    label={format!("Delete {}", calendar.name)}
                    onclick={show(Over::Delete(calendar.clone()))}
                    writes=true
                    testid="delete-blackout"
                />
            </td>
        </tr>
    }
}
