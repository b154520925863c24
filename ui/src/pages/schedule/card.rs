//! The schedule on a flow's page: in words, with its next runs and what it missed; pause, resume, edit, delete.

use super::missed::missed;
use super::runs::{RunsProps, runs_table};
use crate::components::button::{Button, Tone};
use crate::components::dialog::Confirm;
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::menu::{Menu, MenuItem};
use crate::components::trouble::trouble;
use crate::state::call::use_call;
use crate::state::load::use_view;
use crate::state::schedule::{Limits, limits_words, next_runs, notices_words, policy};
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::blackouts::ListBlackoutCalendars;
use mf_contract::flows::Flow;
use mf_contract::schedules::{
    DeleteSchedule, ListMissedOccurrences, Schedule, SchedulePreview, UpdateSchedule,
};
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// How many runs are shown.
const RUNS: u32 = 5;

/// The card of a flow without a schedule.
pub fn no_schedule(onset: Callback<()>) -> Html {
    html! {
        <section class="card" aria-label="Schedule">
            <header>{ Icon::Calendar.svg() }<h2>{ "Schedule" }</h2></header>
            { empty(&EmptyProps {
                icon: Icon::Calendar,
                compact: true,
                title: AttrValue::from("No schedule yet"),
                text: AttrValue::from("With a schedule, the batch and its sessions are ready when the run comes due."),
                children: html! {
                    <><Button icon={Icon::Plus} onclick={onset} writes=true needs={Role::Manager} testid="set-schedule">{ "Set schedule" }</Button></>
                },
            }) }
        </section>
    }
}

/// Properties of [`ScheduleCard`].
#[derive(Debug, Properties, PartialEq)]
pub struct ScheduleCardProps {
    pub flow: Rc<Flow>,
    pub schedule: Schedule,
    pub onedit: Callback<()>,
}

/// The card.
#[component]
pub fn ScheduleCard(props: &ScheduleCardProps) -> Html {
    let schedule = &props.schedule;
    let limits = Limits {
        windows: schedule.windows.clone(),
        calendars: schedule.blackout_calendar_ids.clone(),
        on_blackout: schedule.on_blackout,
    };
    let calendars =
        use_view((!limits.calendars.is_empty()).then_some(ListBlackoutCalendars {}), |_, _| false);
    let preview = use_view(
        Some(next_runs(
            Some(schedule.id),
            schedule.recurrence.clone(),
            schedule.timezone.clone(),
            limits.clone(),
            RUNS,
        )),
        |_, event| matches!(event, Event::ScheduleChanged { .. }),
    );
    let misses = use_view(
        Some(ListMissedOccurrences { schedule_id: Some(schedule.id), ..ListMissedOccurrences::default() }),
        |_, event| matches!(event, Event::ScheduleChanged { .. } | Event::BatchChanged { .. }),
    );
    let asked = use_state(|| false);
    let toasts = use_toasts();
    let (id, active) = (schedule.id, schedule.is_active);
    let undo = use_call::<UpdateSchedule>(Callback::noop());
    let update = use_call::<UpdateSchedule>({
        let (toasts, undo) = (toasts.clone(), undo.clone());
        Callback::from(move |changed: Schedule| {
            let Some(toasts) = &toasts else { return };
            let (undo, back) = (undo.clone(), !changed.is_active);
            let words = if changed.is_active {
                "The schedule is resumed."
            } else {
                "The schedule is paused: nothing comes due until it is resumed."
            };
            let undo =
                move |()| undo.run(UpdateSchedule { is_active: Some(back), ..UpdateSchedule::unchanged(id) });
            toasts.undoable(words, Callback::from(undo));
        })
    });
    let delete = use_call::<DeleteSchedule>({
        let asked = asked.setter();
        Callback::from(move |_| {
            asked.set(false);
            if let Some(toasts) = &toasts {
                toasts.success("The schedule is deleted. Its batches stay.");
            }
        })
    });
    let ontoggle = {
        let update = update.clone();
        Callback::from(move |()| {
            update.run(UpdateSchedule { is_active: Some(!active), ..UpdateSchedule::unchanged(id) })
        })
    };
    let onconfirm = {
        let delete = delete.clone();
        Callback::from(move |()| delete.run(DeleteSchedule { id }))
    };
    let set_asked = |to: bool| {
        let (asked, delete) = (asked.setter(), delete.clone());
        Callback::from(move |()| {
            delete.clear();
            asked.set(to);
        })
    };
    let items = vec![MenuItem {
        icon: Icon::Trash,
        words: "Delete schedule…".into(),
        onclick: set_asked(true),
        testid: "delete-schedule",
        writes: Some(Role::Manager),
        danger: true,
    }];
    let known = calendars.data();
    let named = |id: BlackoutCalendarId| {
        known.as_ref()?.iter().find(|calendar| calendar.id == id).map(|calendar| calendar.name.clone())
    };
    let unfinished = schedule.notify_unfinished_at.as_deref();
    let limited = [limits_words(&limits, named), notices_words(schedule.notify_before_minutes, unfinished)];
    let zone = schedule.timezone.clone();
    let runs = move |preview: Rc<SchedulePreview>| {
        let never = preview.never.as_ref().map(|never| {
            html! { <p class="row small tone-amber">{ Icon::Alert.svg() }<span>{ never.clone() }</span></p> }
        });
        let table = runs_table(&RunsProps {
            runs: &preview.occurrences,
            most: RUNS,
            zone: &zone,
            title: if active { "Next runs" } else { "Next runs, once resumed" },
            distances: true,
        });
        html! { <>{ never }{ table }</> }
    };
    html! {
        <section class="card" aria-label="Schedule" data-testid="schedule-card">
            <header>
                { Icon::Calendar.svg() }
                <h2>{ "Schedule" }</h2>
                if active {
                    <span class="pill green">{ Icon::Check.svg() }{ "Active" }</span>
                } else {
                    <span class="pill">{ Icon::Pause.svg() }{ "Paused" }</span>
                }
                <span class="end row">
                    <Button small=true tone={Tone::Ghost} busy={update.busy()} onclick={ontoggle} writes=true needs={Role::Manager} testid="toggle-schedule">
                        { if active { "Pause" } else { "Resume" } }
                    </Button>
                    <Button small=true onclick={props.onedit.clone()} writes=true needs={Role::Manager} testid="edit-schedule">{ "Edit" }</Button>
                    <Menu id="schedule-more" label="More about the schedule" small=true {items} />
                </span>
            </header>
            if let Some(text) = update.error_elsewhere(&[]).or_else(|| undo.error_elsewhere(&[])) {
                { trouble(text, None) }
            }
            <p class="lead">{ schedule.description.clone() }</p>
            <p class="small muted">{ format!("{} · {}", targets(schedule), policy(schedule)) }</p>
            for words in limited.into_iter().flatten() {
                <p class="small muted" data-testid="schedule-limits">{ words }</p>
            }
            { answers(&props.flow, schedule) }
            { loaded(&preview, 5, runs) }
            if let Some(list) = misses.data().filter(|list| !list.is_empty()) {
                { missed(&list) }
            }
            <Confirm
                id="delete-schedule"
                title="Delete the schedule?"
                action="Delete schedule"
                keep="Keep it"
                open={*asked}
                onclose={set_asked(false)}
                {onconfirm}
                busy={delete.busy()}
                error={delete.error_elsewhere(&[]).map(AttrValue::from)}
                testid="delete-schedule-confirm"
            >
                <p>{ format!("“{}” goes, and nothing comes due any more. Batches it made stay.", schedule.description) }</p>
            </Confirm>
        </section>
    }
}

fn targets(schedule: &Schedule) -> String {
    schedule.target_list_name.as_ref().map_or_else(
        || "No target list: one session, “Unassigned”".to_owned(),
        |name| format!("Targets from “{name}”"),
    )
}

/// What every run of it starts with, and what is asked later.
fn answers(flow: &Flow, schedule: &Schedule) -> Html {
    let form = &flow.intake_form;
    let given = form.0.iter().filter_map(|field| {
        let answer = schedule.intake.get(&field.key)?;
        Some((field.label.clone(), answer.clone()))
    });
    let asked: Vec<&str> = form.missing(&schedule.intake).iter().map(|field| field.label.as_str()).collect();
    html! {
        <>
            if !schedule.intake.is_empty() {
                <dl class="given small" data-testid="schedule-answers">
                    for (label, answer) in given {
                        <div><dt class="muted">{ label }</dt><dd class="clip">{ answer }</dd></div>
                    }
                </dl>
            }
            if !asked.is_empty() {
                <p class="small muted">{ format!("Asked when the first session starts: {}", asked.join(", ")) }</p>
            }
        </>
    }
}
