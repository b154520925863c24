//! The part of the dialog that asks when: the pattern, and its parts.

use crate::components::field::{Field, Group, Select, TextInput};
use crate::state::schedule::{CRON, DAY, DAYS, OFFSET, Pattern, TIME, When};
use mf_domain::recurrence::{Nth, Weekday};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`when_fields`].
pub(super) struct WhenProps<'a> {
    pub(super) when: &'a When,
    pub(super) onchange: Callback<When>,
    /// What is wrong with a control, by its id.
    pub(super) error: &'a dyn Fn(&str) -> Option<AttrValue>,
}

/// The fields.
pub(super) fn when_fields(props: &WhenProps<'_>) -> Html {
    let chosen = props.when.pattern;
    html! {
        <>
            <div class="field">
                <span class="label" id="schedule-pattern">{ "Runs" }</span>
                <div class="presets" role="group" aria-labelledby="schedule-pattern">
                    for pattern in Pattern::ALL {
                        <button
                            type="button"
                            class="filter"
                            aria-pressed={if pattern == chosen { "true" } else { "false" }}
                            onclick={
                                let when = props.when.clone();
                                props.onchange.reform(move |_: MouseEvent| when.switched(pattern))
                            }
                            autofocus={pattern == chosen}
                            data-testid={pattern.names().1}
                        >
                            { pattern.names().0 }
                        </button>
                    }
                </div>
            </div>
            { match chosen {
                Pattern::Daily | Pattern::Weekdays => html! { { time(props) } },
                Pattern::Weekly => html! { <>{ days(props) }{ time(props) }</> },
                Pattern::Monthly => html! { <div class="field-pair">{ day(props) }{ time(props) }</div> },
                Pattern::NthWeekday => html! { <div class="field-trio">{ nth(props) }{ time(props) }</div> },
                Pattern::PatchTuesday => html! { <div class="field-pair">{ offset(props) }{ time(props) }</div> },
                Pattern::Cron => cron(props),
            } }
        </>
    }
}

/// A callback that changes one thing of what stands there.
fn set<T: 'static>(props: &WhenProps<'_>, change: impl Fn(&mut When, T) + 'static) -> Callback<T> {
    let (when, onchange) = (props.when.clone(), props.onchange.clone());
    Callback::from(move |value| {
        let mut next = when.clone();
        change(&mut next, value);
        onchange.emit(next);
    })
}

fn time(props: &WhenProps<'_>) -> Html {
    let error = (props.error)(TIME);
    html! {
        <Field id={TIME} label="At" error={error.clone()}>
            <TextInput
                id={TIME}
                value={props.when.time.clone()}
                oninput={set(props, |when, text: String| when.time = text)}
                invalid={error.is_some()}
                placeholder="22:00"
                testid="time"
            />
        </Field>
    }
}

fn days(props: &WhenProps<'_>) -> Html {
    let error = (props.error)(DAYS);
    html! {
        <Group id={DAYS} label="On" {error}>
            <div class="choice days">
                for day in Weekday::ALL {
                    <label>
                        <input
                            type="checkbox"
                            // Where the keyboard goes when no day is chosen.
                            id={(day == Weekday::Monday).then_some(DAYS)}
                            checked={props.when.days[day as usize]}
                            onchange={set(props, move |when, event: Event| {
                                if event.target_unchecked_into::<HtmlInputElement>().checked() != when.days[day as usize] {
                                    when.toggle(day);
                                }
                            })}
                            aria-label={day.name()}
                            data-testid={format!("day-{}", day.name().to_ascii_lowercase())}
                        />
                        <span aria-hidden="true">{ &day.name()[..3] }</span>
                    </label>
                }
            </div>
        </Group>
    }
}

fn day(props: &WhenProps<'_>) -> Html {
    let error = (props.error)(DAY);
    let hint = props
        .when
        .day_of_month()
        .filter(|day| *day > 28)
        .map(|day| AttrValue::from(format!("Months without a day {day} are left out.")));
    html! {
        <Field id={DAY} label="On day" {hint} error={error.clone()}>
            <TextInput
                id={DAY}
                value={props.when.day.clone()}
                oninput={set(props, |when, text: String| when.day = text)}
                invalid={error.is_some()}
                inputmode="numeric"
                testid="day-of-month"
            />
        </Field>
    }
}

fn nth(props: &WhenProps<'_>) -> Html {
    let words = |name: &'static str| (AttrValue::Static(name), AttrValue::Static(name));
    html! {
        <>
            <Field id="schedule-nth" label="On the">
                <Select
                    id="schedule-nth"
                    value={props.when.nth.name()}
                    options={Nth::ALL.map(|nth| words(nth.name())).to_vec()}
                    onchange={set(props, |when, name: String| {
                        if let Some(nth) = Nth::ALL.into_iter().find(|nth| nth.name() == name) {
                            when.nth = nth;
                        }
                    })}
                    testid="nth"
                />
            </Field>
            <Field id="schedule-weekday" label="Weekday of the month">
                <Select
                    id="schedule-weekday"
                    value={props.when.weekday.name()}
                    options={Weekday::ALL.map(|day| words(day.name())).to_vec()}
                    onchange={set(props, |when, name: String| {
                        if let Some(day) = Weekday::ALL.into_iter().find(|day| day.name() == name) {
                            when.weekday = day;
                        }
                    })}
                    testid="weekday"
                />
            </Field>
        </>
    }
}

fn offset(props: &WhenProps<'_>) -> Html {
    let error = (props.error)(OFFSET);
    html! {
        <Field
            id={OFFSET}
            label="Days after Patch Tuesday"
            hint="Patch Tuesday is the second Tuesday of the month; 0 is that day. Large numbers lead into the next month."
            error={error.clone()}
        >
            <TextInput
                id={OFFSET}
                value={props.when.offset.clone()}
                oninput={set(props, |when, text: String| when.offset = text)}
                invalid={error.is_some()}
                inputmode="numeric"
                testid="offset-days"
            />
        </Field>
    }
}

fn cron(props: &WhenProps<'_>) -> Html {
    let error = (props.error)(CRON);
    html! {
        <Field
            id={CRON}
            label="Cron expression"
            hint="Minute, hour, day of month, month, weekday, as in crontab(5). If both day fields are restricted, either is enough."
            error={error.clone()}
        >
            <TextInput
                id={CRON}
                value={props.when.cron.clone()}
                oninput={set(props, |when, text: String| when.cron = text)}
                invalid={error.is_some()}
                mono=true
                placeholder="0 22 * * 5"
                testid="cron"
            />
        </Field>
    }
}
