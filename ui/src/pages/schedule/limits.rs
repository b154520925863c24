//! The part of the dialog that limits when runs may start, and says what is told about them. It is folded away as long as
//! nothing of it is set.

use crate::components::button::{Button, Tone};
use crate::components::field::{Field, Group, TextInput, field_error, radio_group};
use crate::components::fold::Fold;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::skeleton;
use crate::components::trouble::trouble;
use crate::route::Route;
use crate::state::load::LoadHandle;
use crate::state::schedule::{BEFORE, LimitsForm, OPEN_AT, WINDOWS_MAX, WindowRow, window_id};
use crate::state::time::count;
use crate::{api, browser};
use mf_contract::blackouts::BlackoutCalendarSummary;
use mf_domain::policy::OnBlackout;
use mf_domain::recurrence::Weekday;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The button that adds a window, and the first of the calendars.
const WINDOWS: &str = "schedule-windows";
pub(super) const CALENDARS: &str = "schedule-calendars";

/// Where the keyboard belongs when the windows are refused as a whole.
pub(super) fn windows_control(form: &LimitsForm) -> String {
    if form.windows.is_empty() { WINDOWS.to_owned() } else { window_id(0, "from") }
}

/// The choice that is made of what becomes of a run in a blackout.
pub(super) fn on_blackout_control(form: &LimitsForm) -> &'static str {
    if form.on_blackout == OnBlackout::Move { "on-blackout-move" } else { "on-blackout-skip" }
}

/// Properties of [`limits_part`].
pub(super) struct LimitsProps<'a> {
    pub(super) form: &'a LimitsForm,
    pub(super) calendars: &'a LoadHandle<Vec<BlackoutCalendarSummary>>,
    pub(super) onchange: Callback<LimitsForm>,
    /// What is wrong with a control, by its id.
    pub(super) error: &'a dyn Fn(&str) -> Option<AttrValue>,
    /// What the engine has against a field, by its name.
    pub(super) refused: &'a dyn Fn(&str) -> Option<AttrValue>,
    pub(super) open: bool,
    pub(super) ontoggle: Callback<()>,
}

/// A callback that changes one thing of what stands there.
fn set<T: 'static>(props: &LimitsProps<'_>, change: impl Fn(&mut LimitsForm, T) + 'static) -> Callback<T> {
    let (form, onchange) = (props.form.clone(), props.onchange.clone());
    Callback::from(move |value| {
        let mut next = form.clone();
        change(&mut next, value);
        onchange.emit(next);
    })
}

/// The part, with the button that opens it.
pub(super) fn limits_part(props: &LimitsProps<'_>) -> Html {
    html! {
        <Fold
            id="schedule-limits"
            words="Limits and notices"
            summary={summary(props.form)}
            open={props.open}
            ontoggle={props.ontoggle.clone()}
            testid="limits"
        >
            if props.open {
                { windows(props) }
                { calendars(props) }
                { notices(props) }
            }
        </Fold>
    }
}

/// What is set, in a few words.
fn summary(form: &LimitsForm) -> String {
    let some = |number: usize, one: &str| (number > 0).then(|| count(number, one));
    let notices = [&form.before, &form.open_at].into_iter().filter(|text| !text.trim().is_empty()).count();
    let set = [
        some(form.windows.len(), "window"),
        some(form.calendars.len(), "blackout calendar"),
        some(notices, "notice"),
    ];
    let set: Vec<String> = set.into_iter().flatten().collect();
    if set.is_empty() { "Runs may start at any time".to_owned() } else { set.join(" · ") }
}

fn windows(props: &LimitsProps<'_>) -> Html {
    let rows = &props.form.windows;
    let next = rows.len();
    let add = set(props, |form, ()| form.windows.push(form.windows.last().cloned().unwrap_or_default()));
    let onadd = Callback::from(move |()| {
        add.emit(());
        browser::focus_soon(&window_id(next, "days"));
    });
    html! {
        <Group id={WINDOWS} label="Runs may start" error={(props.refused)("windows")}>
            if rows.is_empty() {
                <p class="hint">{ "At any hour. Add a window to keep them to some hours of some days, in the schedule's zone." }</p>
            }
            <div class="window-rows">
                for (at, row) in rows.iter().enumerate() {
                    { window(props, at, row) }
                }
            </div>
            if next < WINDOWS_MAX {
                <div>
                    <Button id={WINDOWS} small=true icon={Icon::Plus} onclick={onadd} testid="add-window">
                        { if rows.is_empty() { "Add a window" } else { "Add another window" } }
                    </Button>
                </div>
            }
        </Group>
    }
}

fn window(props: &LimitsProps<'_>, at: usize, row: &WindowRow) -> Html {
    let error = |part: &str| (props.error)(&window_id(at, part));
    let remove = set(props, move |form, ()| {
        if at < form.windows.len() {
            form.windows.remove(at);
        }
    });
    let onremove = Callback::from(move |()| {
        remove.emit(());
        // The button goes, and the focus with it.
        browser::focus_soon(WINDOWS);
    });
    let time = |part: &'static str, label: &'static str, value: &str| {
        let id = window_id(at, part);
        let oninput = set(props, move |form, text: String| {
            if let Some(row) = form.windows.get_mut(at) {
                *(if part == "from" { &mut row.from } else { &mut row.to }) = text;
            }
        });
        html! {
            <>
                <label class="small" for={id.clone()}>{ label }</label>
                <TextInput id={id.clone()} value={value.to_owned()} {oninput} invalid={error(part).is_some()} testid={format!("window-{part}")} />
            </>
        }
    };
    let days_id = window_id(at, "days");
    let number = at + 1;
    html! {
        <div key={at} class="window-row" role="group" aria-label={format!("Window {number}")} aria-describedby={format!("{days_id}-about")} data-testid="window-row">
            <div class="choice days">
                for day in Weekday::ALL {
                    <label>
                        <input
                            type="checkbox"
                            id={(day == Weekday::Monday).then(|| days_id.clone())}
                            checked={row.days[day as usize]}
                            onchange={set(props, move |form, event: Event| {
                                let checked = event.target_unchecked_into::<HtmlInputElement>().checked();
                                if let Some(row) = form.windows.get_mut(at) {
                                    row.days[day as usize] = checked;
                                }
                            })}
                            aria-label={day.name()}
                            data-testid={format!("window-{}", day.name().to_ascii_lowercase())}
                        />
                        <span aria-hidden="true">{ &day.name()[..3] }</span>
                    </label>
                }
            </div>
            <div class="window-hours">
                { time("from", "from", &row.from) }
                { time("to", "to", &row.to) }
                <span class="small muted grow">{ row.hint() }</span>
                <Button tone={Tone::Ghost} small=true icon={Icon::Trash} label={format!("Remove window {number}")} onclick={onremove} testid="remove-window" />
            </div>
            for part in ["days", "from", "to"] {
                <div id={format!("{}-about", window_id(at, part))}>
                    if let Some(text) = error(part) {
                        { field_error(text) }
                    }
                </div>
            }
        </div>
    }
}

fn calendars(props: &LimitsProps<'_>) -> Html {
    let chosen = &props.form.calendars;
    let option = |calendar: &BlackoutCalendarSummary, first: bool| {
        let id = calendar.id;
        let onchange = set(props, move |form, _: Event| form.toggle(id));
        html! {
            <label key={id.to_string()}>
                <input type="checkbox" id={first.then_some(CALENDARS)} checked={chosen.contains(&id)} {onchange} data-testid="blackout-choice" />
                <span class="clip">{ calendar.name.clone() }</span>
                <span class="small muted">{ entries(calendar) }</span>
            </label>
        }
    };
    let on_blackout = {
        let change = set(props, |form, name: &'static str| {
            form.on_blackout = if name == "move" { OnBlackout::Move } else { OnBlackout::Skip };
        });
        let now = if props.form.on_blackout == OnBlackout::Move { "move" } else { "skip" };
        let choices = [("skip", "Is left out", None), ("move", "Moves to the next allowed day", None)];
        radio_group(
            "on-blackout",
            "A run that falls into one",
            &choices,
            now,
            change,
            (props.refused)("on_blackout"),
        )
    };
    html! {
        <>
            <Group id={CALENDARS} label="Keep clear of" error={(props.refused)("blackout_calendar_ids")}>
                if let Some(list) = props.calendars.data() {
                    if list.is_empty() {
                        <p class="hint">
                            { "There is no blackout calendar yet: dates on which nothing is to run. " }
                            { manage("Make one") }
                        </p>
                    } else {
                        <div class="run-choice short">
                            for (at, calendar) in list.iter().enumerate() {
                                { option(calendar, at == 0) }
                            }
                        </div>
                        <p class="hint">{ manage("Manage blackout calendars") }</p>
                    }
                } else if let Some(error) = props.calendars.error() {
                    { trouble(api::sentence(error), Some(props.calendars.again())) }
                } else {
                    { skeleton(2) }
                }
            </Group>
            if !chosen.is_empty() {
                { on_blackout }
            }
        </>
    }
}

/// The way to the calendars. What stands in the dialog is there again on the way back.
fn manage(words: &'static str) -> Html {
    html! { <To route={Route::Blackouts} testid="manage-blackouts">{ words }</To> }
}

/// `12 entries`
fn entries(calendar: &BlackoutCalendarSummary) -> String {
    crate::state::blackouts::entries(calendar.entry_count as usize)
}

fn notices(props: &LimitsProps<'_>) -> Html {
    let before = (props.error)(BEFORE).or_else(|| (props.refused)("notify_before_minutes"));
    let open_at = (props.error)(OPEN_AT).or_else(|| (props.refused)("notify_unfinished_at"));
    html! {
        <div class="field-pair">
            <Field id={BEFORE} label="Notice before a run" optional=true hint="Left blank: none." error={before.clone()}>
                <div class="with-unit">
                    <TextInput
                        id={BEFORE}
                        value={props.form.before.clone()}
                        oninput={set(props, |form, text: String| form.before = text)}
                        invalid={before.is_some()}
                        inputmode="numeric"
                        placeholder="30"
                        testid="notify-before"
                    />
                    <span class="muted">{ "minutes" }</span>
                </div>
            </Field>
            <Field id={OPEN_AT} label="Notice if still open at" optional=true hint="A time of day in the schedule's zone." error={open_at.clone()}>
                <TextInput
                    id={OPEN_AT}
                    value={props.form.open_at.clone()}
                    oninput={set(props, |form, text: String| form.open_at = text)}
                    invalid={open_at.is_some()}
                    placeholder="07:30"
                    testid="notify-open-at"
                />
            </Field>
        </div>
    }
}
