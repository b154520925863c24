//! The schedule of a flow: when, in which zone, for which list. What it amounts to is previewed by the engine while it is
//! typed, by the very code that fires it.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::{Field, Select, TextInput};
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use crate::components::trouble::trouble;
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::schedule::{PRESETS, ScheduleForm};
use crate::state::time::{self, count};
use crate::state::toasts::use_toasts;
use gloo_timers::callback::Timeout;
use mf_contract::Event;
use mf_contract::flows::Flow;
use mf_contract::schedules::{CreateSchedule, ListTimeZones, PreviewSchedule, Schedule, UpdateSchedule};
use mf_contract::target_lists::ListTargetLists;
use mf_domain::ids::TargetListId;
use mf_domain::intake::Completeness;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`ScheduleDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct ScheduleDialogProps {
    pub flow: Rc<Flow>,
    /// The schedule to change; `None` to make one.
    pub schedule: Option<Schedule>,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn ScheduleDialog(props: &ScheduleDialogProps) -> Html {
    let form = use_state(|| ScheduleForm::new(browser::viewer_zone()));
    let strict = use_state(|| false);
    // Asked for only when the dialog has been opened.
    let zones = use_load(props.open.then_some(ListTimeZones {}), |_, _| false);
    let lists = use_load(props.open.then_some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    let toasts = use_toasts();
    let saved = {
        let onclose = props.onclose.clone();
        Callback::from(move |schedule: Schedule| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!(
                    "The schedule is saved: {} ({}).",
                    schedule.description, schedule.timezone
                ));
            }
        })
    };
    let create = use_call::<CreateSchedule>(saved.clone());
    let update = use_call::<UpdateSchedule>(saved);

    {
        // Opening an existing schedule shows it as it is; a new one keeps what was typed before.
        let (form, strict) = (form.setter(), strict.setter());
        let (create, update) = (create.clone(), update.clone());
        use_effect_with((props.open, props.schedule.as_ref().map(|schedule| schedule.id)), {
            let schedule = props.schedule.clone();
            move |(open, _)| {
                if *open {
                    strict.set(false);
                    create.clear();
                    update.clear();
                    if let Some(schedule) = &schedule {
                        form.set(ScheduleForm::of(schedule));
                    }
                }
            }
        });
    }

    let zone_names = zones.data();
    let names: &[String] = zone_names.as_deref().map_or(&[], Vec::as_slice);
    let set = {
        let (form, create, update) = (form.clone(), create.clone(), update.clone());
        Rc::new(move |change: &dyn Fn(&mut ScheduleForm)| {
            create.clear();
            update.clear();
            let mut next = (*form).clone();
            change(&mut next);
            form.set(next);
        })
    };

    let asked = props.flow.intake_form.0.clone();
    let onsubmit = {
        let (form, strict, create, update) = (form.clone(), strict.setter(), create.clone(), update.clone());
        let (flow, schedule, zone_names) = (props.flow.clone(), props.schedule.clone(), zone_names.clone());
        Callback::from(move |()| {
            strict.set(true);
            let names: &[String] = zone_names.as_deref().map_or(&[], Vec::as_slice);
            let wrong_answer = flow
                .intake_form
                .0
                .iter()
                .find(|field| answer_error(field, &form.intake, Completeness::MayBeMissing).is_some());
            if form.cron_error().is_some() {
                browser::focus("schedule-cron");
            } else if form.zone_error(names).is_some() {
                browser::focus("schedule-zone");
            } else if form.grace_error().is_some() {
                browser::focus("schedule-grace");
            } else if let Some(field) = wrong_answer {
                browser::focus(&format!("schedule-intake-{}", field.key));
            } else if let Some(schedule) = &schedule {
                if let Some(request) = form.update(schedule.id, form.intake.clone()) {
                    update.run(request);
                }
            } else if let Some(request) = form.create(flow.id, form.intake.clone()) {
                create.run(request);
            }
        })
    };

    let refused = |field: &str| create.error_on(field).or_else(|| update.error_on(field));
    let judged = *strict || !form.cron.is_empty();
    let cron_error = judged.then(|| form.cron_error()).flatten().or_else(|| refused("recurrence"));
    let zone_error =
        form.zone_error(names).filter(|_| *strict || !form.zone.contains('/') || !names.is_empty());
    let zone_error = zone_error.or_else(|| refused("timezone"));
    let grace_error = form.grace_error().or_else(|| refused("grace_seconds"));
    let list_error = refused("target_list_id");
    const FIELDS: [&str; 4] = ["recurrence", "timezone", "grace_seconds", "target_list_id"];
    let elsewhere = create.error_elsewhere(&FIELDS).or_else(|| update.error_elsewhere(&FIELDS));

    let mut options = vec![(AttrValue::Static(""), AttrValue::Static("No list: one session, “Unassigned”"))];
    if let Some(lists) = lists.data() {
        options.extend(lists.iter().map(|list| {
            let words = format!("{} ({})", list.name, count(list.target_count as usize, "target"));
            (list.id.to_string().into(), words.into())
        }));
    }
    let note = html! {
        <Preview
            open={props.open}
            request={form.recurrence().filter(|_| form.zone_error(names).is_none()).map(|recurrence| PreviewSchedule {
                recurrence,
                timezone: form.zone.trim().to_owned(),
                after: None,
                count: 5,
            })}
        />
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={create.busy() || update.busy()} writes=true testid="schedule-save">
                { "Save schedule" }
            </Button>
        </>
    };
    html! {
        <Dialog
            id="schedule"
            title={if props.schedule.is_some() { "Edit schedule" } else { "Set schedule" }}
            subtitle={props.flow.name.clone()}
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            <div class="presets" role="group" aria-label="Presets">
                for preset in PRESETS {
                    <button
                        type="button"
                        class="filter"
                        aria-pressed={if form.cron.trim() == preset.expression { "true" } else { "false" }}
                        onclick={let set = set.clone(); move |_| set(&|form| form.cron = preset.expression.to_owned())}
                        data-testid={format!("preset-{}", preset.label.to_lowercase())}
                    >
                        { preset.label }
                    </button>
                }
            </div>
            <Field
                id="schedule-cron"
                label="Cron expression"
                hint="Minute, hour, day of month, month, day of week. 0 22 * * 5 is Friday at 22:00."
                error={cron_error.clone().map(AttrValue::from)}
            >
                <TextInput
                    id="schedule-cron"
                    value={form.cron.clone()}
                    oninput={let set = set.clone(); move |text: String| set(&|form| form.cron.clone_from(&text))}
                    invalid={cron_error.is_some()}
                    mono=true
                    placeholder="0 22 * * 5"
                    autofocus=true
                    testid="cron"
                />
            </Field>
            <div class="field-pair">
                <Field id="schedule-zone" label="Time zone" error={zone_error.clone().map(AttrValue::from)}>
                    <TextInput
                        id="schedule-zone"
                        value={form.zone.clone()}
                        oninput={let set = set.clone(); move |text: String| set(&|form| form.zone.clone_from(&text))}
                        invalid={zone_error.is_some()}
                        list="zones"
                        testid="zone"
                    />
                </Field>
                <Field
                    id="schedule-grace"
                    label="If missed, still run within"
                    hint="Minutes after it came due, when this computer was off or asleep."
                    error={grace_error.clone().map(AttrValue::from)}
                >
                    <div class="with-unit">
                        <TextInput
                            id="schedule-grace"
                            value={form.grace.clone()}
                            oninput={let set = set.clone(); move |text: String| set(&|form| form.grace.clone_from(&text))}
                            invalid={grace_error.is_some()}
                            inputmode="numeric"
                            testid="grace"
                        />
                        <span class="muted">{ "minutes" }</span>
                    </div>
                </Field>
            </div>
            <datalist id="zones">
                for name in names {
                    <option value={name.clone()}></option>
                }
            </datalist>
            <Field
                id="schedule-list"
                label="Target list"
                hint="Read when the run comes due, so later changes of the list count."
                error={list_error.clone().map(AttrValue::from)}
            >
                <Select
                    id="schedule-list"
                    value={form.list.map_or_else(String::new, |id| id.to_string())}
                    {options}
                    onchange={let set = set.clone(); move |text: String| set(&|form| form.list = text.parse::<TargetListId>().ok())}
                    invalid={list_error.is_some()}
                    testid="schedule-list"
                />
            </Field>
            if !asked.is_empty() {
                { intake_fields(&IntakeFieldsProps {
                    id: AttrValue::from("schedule-intake"),
                    fields: asked,
                    answers: form.intake.clone(),
                    onchange: Callback::from({ let set = set.clone(); move |answers: mf_domain::intake::Answers| set(&|form| form.intake.clone_from(&answers)) }),
                    completeness: Completeness::MayBeMissing,
                    strict: *strict,
                }) }
                <p class="hint">{ "An answer left out is asked when the first session starts." }</p>
            }
            if let Some(text) = elsewhere {
                { trouble(text, None) }
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct PreviewProps {
    open: bool,
    request: Option<PreviewSchedule>,
}

/// What the form amounts to, a moment after it stopped changing.
#[component]
fn Preview(props: &PreviewProps) -> Html {
    let settled = use_state(|| None::<PreviewSchedule>);
    {
        let settled = settled.setter();
        use_effect_with(props.request.clone(), move |request| {
            let request = request.clone();
            let timeout = Timeout::new(200, move || settled.set(request));
            move || drop(timeout)
        });
    }
    let preview = use_load((*settled).clone().filter(|_| props.open), |_, _| false);
    if props.request.is_none() {
        return html! { <p class="muted">{ "The next five runs appear here." }</p> };
    }
    let Some(data) = preview.data() else {
        return html! {
            <p class={classes!(if preview.error().is_some() { "tone-red" } else { "muted" })}>
                { preview.error().map_or_else(|| "Working out the next runs…".to_owned(), crate::api::sentence) }
            </p>
        };
    };
    let viewer = browser::viewer_zone();
    let zone = settled.as_ref().map(|request| request.timezone.clone()).unwrap_or_default();
    let elsewhere = viewer != zone;
    html! {
        <div data-testid="schedule-preview">
            <p class="strong">{ data.description.clone() }</p>
            <div class="preview-runs">
                <span class="runs-head">{ format!("Next runs ({})", time::city(&zone)) }</span>
                <span class="runs-head">
                    if elsewhere { { format!("Your time ({})", time::city(&viewer)) } }
                </span>
                for run in data.occurrences.iter() {
                    <span>{ time::parse_wall(&run.local).map_or_else(|| run.local.clone(), time::full) }</span>
                    <span class="muted">
                        if elsewhere {
                            { time::parse_wall(&run.local).map(|local| time::beside(time::in_viewer_zone(run.at), local)) }
                        }
                    </span>
                }
            </div>
        </div>
    }
}
