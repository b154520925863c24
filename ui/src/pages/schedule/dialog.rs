//! The dialog that sets a schedule: when, in which zone, for which list, with which answers, and what becomes of a run that
//! nobody was there for. Whatever can be read of it is previewed beside the form.

use super::limits::{CALENDARS, LimitsProps, limits_part, on_blackout_control, windows_control};
use super::preview::{Preview, RUNS};
use super::when::{WhenProps, when_fields};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::combobox::Combobox;
use crate::components::dialog::Dialog;
use crate::components::field::{Field, Select, TextInput};
use crate::components::intake::{
    IntakeFieldsProps, answer_paths, first_wrong, intake_fields, refused_answers,
};
use crate::components::trouble::trouble;
use crate::state::call::{use_call, use_refused};
use crate::state::combobox::Choice;
use crate::state::load::use_load;
use crate::state::schedule::{
    BEFORE, GRACE, LimitsForm, MISFIRES, OPEN_AT, OVERLAPS, ScheduleForm, When, ZONE, keep, misfire_hint,
    next_runs, take_kept,
};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::blackouts::ListBlackoutCalendars;
use mf_contract::flows::Flow;
use mf_contract::schedules::{CreateSchedule, ListTimeZones, Misfire, Schedule, UpdateSchedule};
use mf_contract::target_lists::ListTargetLists;
use mf_domain::ids::{ScheduleId, TargetListId};
use mf_domain::intake::Completeness;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// Begins the id of every question.
const INTAKE: &str = "schedule-intake";

/// Properties of [`ScheduleDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct ScheduleDialogProps {
    pub flow: Rc<Flow>,
    /// The schedule to change; `None` to make one.
    pub schedule: Option<Schedule>,
    /// The schedule to set anew, which cannot be read.
    #[prop_or_default]
    pub anew: Option<ScheduleId>,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn ScheduleDialog(props: &ScheduleDialogProps) -> Html {
    let form = use_state(|| ScheduleForm::new(browser::viewer_zone()));
    let strict = use_state(|| false);
    let limits_open = use_state(|| false);
    // Asked for only when the dialog has been opened.
    let zones = use_load(props.open.then_some(ListTimeZones {}), |_, _| false);
    let lists = use_load(props.open.then_some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    let calendars = use_load(props.open.then_some(ListBlackoutCalendars {}), |_, _| false);
    let toasts = use_toasts();
    let saved = {
        let onclose = props.onclose.clone();
        Callback::from(move |schedule: Schedule| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!("The schedule is saved: {}.", schedule.description));
            }
        })
    };
    let create = use_call::<CreateSchedule>(saved.clone());
    let update = use_call::<UpdateSchedule>(saved);

    {
        // Opening an existing schedule shows it as it is; a new one keeps what was typed before.
        let (form, strict, limits_open) = (form.clone(), strict.setter(), limits_open.setter());
        let (create, update) = (create.clone(), update.clone());
        use_effect_with((props.open, props.schedule.as_ref().map(|schedule| schedule.id)), {
            let (flow, schedule) = (props.flow.id, props.schedule.clone());
            move |(open, id)| {
                if *open {
                    strict.set(false);
                    create.clear();
                    update.clear();
                    let shown = take_kept(flow, *id).or_else(|| schedule.as_ref().map(ScheduleForm::of));
                    limits_open.set(shown.as_ref().unwrap_or(&form).limits.is_set());
                    if let Some(shown) = shown {
                        form.set(shown);
                    }
                }
            }
        });
    }
    {
        // The page may be left with the dialog open, for a calendar that is still to be made.
        let newest = use_mut_ref(|| None);
        let id = props.schedule.as_ref().map(|schedule| schedule.id);
        *newest.borrow_mut() = props.open.then(|| (props.flow.id, id, (*form).clone()));
        use_effect_with((), move |()| {
            move || {
                if let Some((flow, id, form)) = newest.take() {
                    keep(flow, id, form);
                }
            }
        });
    }

    let zone_names = zones.data();
    let zone_choices = use_memo(zone_names.clone(), |names| {
        let names: &[String] = names.as_deref().map_or(&[], Vec::as_slice);
        names.iter().map(|name| Choice::plain(name.clone())).collect::<Vec<_>>()
    });
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
    let wrong = form.wrong(names);
    let wrong_limits = form.limits.wrong();
    let onsubmit = {
        let (form, strict, create, update) = (form.clone(), strict.setter(), create.clone(), update.clone());
        let (flow, wrong) = (props.flow.clone(), wrong.clone());
        let stored = props.schedule.as_ref().map(|schedule| schedule.id).or(props.anew);
        let (wrong_limits, limits_open) = (wrong_limits.clone(), limits_open.setter());
        Callback::from(move |()| {
            strict.set(true);
            let asked = &flow.intake_form.0;
            let wrong_answer = first_wrong(INTAKE, asked, &form.intake, Completeness::MayBeMissing);
            if let Some((control, _)) = wrong.first() {
                browser::focus(control);
            } else if let Some((control, _)) = wrong_limits.first() {
                limits_open.set(true);
                browser::focus_soon(control);
            } else if let Some(wrong) = wrong_answer {
                browser::focus(&wrong);
            } else if let Some(id) = stored {
                if let Some(request) = form.update(id, form.intake.clone()) {
                    update.run(request);
                }
            } else if let Some(request) = form.create(flow.id, form.intake.clone()) {
                create.run(request);
            }
        })
    };

    let refused =
        |field: &str| create.error_on(field).or_else(|| update.error_on(field)).map(AttrValue::from);
    let (windows, on_blackout) = (windows_control(&form.limits), on_blackout_control(&form.limits));
    let answers = answer_paths(INTAKE, &asked);
    let mut own = vec![
        ("timezone", ZONE),
        ("grace_seconds", GRACE),
        ("target_list_id", "schedule-list"),
        ("windows", &windows),
        ("blackout_calendar_ids", CALENDARS),
        ("on_blackout", on_blackout),
        ("notify_before_minutes", BEFORE),
        ("notify_unfinished_at", OPEN_AT),
    ];
    let limits_refused = own[3..].iter().any(|(field, _)| refused(field).is_some());
    own.extend(answers.iter().map(|(path, id)| (path.as_str(), id.as_str())));
    use_refused(create.error().or(update.error()), &own);
    // What is still empty is called wrong only by whoever tries to save it.
    let error = |control: &str| {
        let found =
            wrong.iter().find(|(at, _)| *at == control).map(|(_, text)| AttrValue::from(text.clone()));
        found.filter(|_| *strict || !form.is_blank(control))
    };
    let zone_error = error(ZONE).or_else(|| refused("timezone"));
    let grace_error = error(GRACE).or_else(|| refused("grace_seconds"));
    let list_error = refused("target_list_id");
    let wrong_limit = |control: &str| {
        let found = wrong_limits.iter().find(|(at, _)| at == control).map(|(_, text)| text.clone());
        found.filter(|_| *strict || !form.limits.is_blank(control)).map(AttrValue::from)
    };
    {
        // It stays open for who puts it right.
        let limits_open = limits_open.setter();
        use_effect_with(limits_refused, move |refused| {
            if *refused {
                limits_open.set(true);
            }
        });
    }
    let own: Vec<&str> = own.iter().map(|(field, _)| *field).collect();
    let elsewhere = create.error_elsewhere(&own).or_else(|| update.error_elsewhere(&own));
    let refused_answers =
        refused_answers(&asked, |path| create.error_on(path).or_else(|| update.error_on(path)));

    let mut options = vec![(AttrValue::Static(""), AttrValue::Static("No list: one session, “Unassigned”"))];
    if let Some(lists) = lists.data() {
        options.extend(lists.iter().map(|list| {
            let words = format!("{} ({})", list.name, count(list.target_count as usize, "target"));
            (list.id.to_string().into(), words.into())
        }));
    }
    let request =
        form.when.recurrence().filter(|_| form.zone_error(names).is_none()).zip(form.limits.limits()).map(
            |(recurrence, limits)| next_runs(None, recurrence, form.zone.trim().to_owned(), limits, RUNS),
        );
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={create.busy() || update.busy()} writes=true needs={Role::Manager} testid="schedule-save">
                { "Save schedule" }
            </Button>
        </>
    };
    let onwhen = {
        let set = set.clone();
        Callback::from(move |when: When| set(&|form| form.when.clone_from(&when)))
    };
    html! {
        <Dialog
            id="schedule"
            title={if props.schedule.is_some() { "Edit schedule" } else { "Set schedule" }}
            subtitle={props.flow.name.clone()}
            wide=true
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {foot}
        >
            <div class="schedule-form">
                <div class="intake">
                    { when_fields(&WhenProps { when: &form.when, onchange: onwhen, error: &error }) }
                    <Field id={ZONE} label="Time zone" error={zone_error.clone()}>
                        <Combobox
                            id={ZONE}
                            value={form.zone.clone()}
                            choices={zone_choices}
                            onchange={let set = set.clone(); move |text: String| set(&|form| form.zone.clone_from(&text))}
                            invalid={zone_error.is_some()}
                            testid="zone"
                        />
                    </Field>
                    <Field
                        id="schedule-list"
                        label="Target list"
                        hint="Read when the run comes due, so later changes of the list count."
                        error={list_error.clone()}
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
                    <div class="field-pair">
                        <Field
                            id="schedule-misfire"
                            label="If this computer was off or asleep"
                            hint={misfire_hint(form.misfire)}
                        >
                            <Select
                                id="schedule-misfire"
                                value={value_of(&MISFIRES, form.misfire)}
                                options={choices(&MISFIRES)}
                                onchange={let set = set.clone(); move |name: String| set(&|form| form.misfire = chosen(&MISFIRES, &name))}
                                testid="misfire"
                            />
                        </Field>
                        if form.misfire != Misfire::Skip {
                            <Field
                                id={GRACE}
                                label={if form.misfire == Misfire::Ask { "Ask no later than" } else { "Run no later than" }}
                                error={grace_error.clone()}
                            >
                                <div class="with-unit">
                                    <TextInput
                                        id={GRACE}
                                        value={form.grace.clone()}
                                        oninput={let set = set.clone(); move |text: String| set(&|form| form.grace.clone_from(&text))}
                                        invalid={grace_error.is_some()}
                                        inputmode="numeric"
                                        testid="grace"
                                    />
                                    <span class="muted">{ "minutes after" }</span>
                                </div>
                            </Field>
                        }
                    </div>
                    <Field id="schedule-overlap" label="While an earlier run is still open">
                        <Select
                            id="schedule-overlap"
                            value={value_of(&OVERLAPS, form.overlap)}
                            options={choices(&OVERLAPS)}
                            onchange={let set = set.clone(); move |name: String| set(&|form| form.overlap = chosen(&OVERLAPS, &name))}
                            testid="overlap"
                        />
                    </Field>
                    { limits_part(&LimitsProps {
                        form: &form.limits,
                        calendars: &calendars,
                        onchange: Callback::from({ let set = set.clone(); move |limits: LimitsForm| set(&|form| form.limits.clone_from(&limits)) }),
                        error: &wrong_limit,
                        refused: &refused,
                        // What is refused must not be said where nobody sees it.
                        open: *limits_open || limits_refused,
                        ontoggle: Callback::from({ let open = limits_open.clone(); move |()| open.set(!*open) }),
                    }) }
                    if !asked.is_empty() {
                        <h2>{ "Answers every run starts with" }</h2>
                        { intake_fields(&IntakeFieldsProps {
                            id: AttrValue::from(INTAKE),
                            fields: asked,
                            answers: form.intake.clone(),
                            onchange: Callback::from({ let set = set.clone(); move |answers: mf_domain::intake::Answers| set(&|form| form.intake.clone_from(&answers)) }),
                            completeness: Completeness::MayBeMissing,
                            strict: *strict,
                            refused: refused_answers,
                        }) }
                        <p class="hint">{ "An answer left out is asked when the first session starts." }</p>
                    }
                    if let Some(text) = elsewhere {
                        { trouble(text, None) }
                    }
                </div>
                <Preview {request} />
            </div>
        </Dialog>
    }
}

type Policy<T> = (T, &'static str, &'static str);

fn choices<T>(policies: &[Policy<T>]) -> Vec<(AttrValue, AttrValue)> {
    policies.iter().map(|(_, name, words)| (AttrValue::Static(name), AttrValue::Static(words))).collect()
}

fn value_of<T: PartialEq>(policies: &[Policy<T>], policy: T) -> &'static str {
    policies.iter().find(|(it, ..)| *it == policy).map_or("", |(_, name, _)| name)
}

fn chosen<T: Copy + Default>(policies: &[Policy<T>], name: &str) -> T {
    policies.iter().find(|(_, it, _)| *it == name).map_or_else(T::default, |(policy, ..)| *policy)
}
