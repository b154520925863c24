//! Making a blackout calendar or changing one: its name, and an entry a line.

use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::{Field, TextArea, TextInput, line_errors};
use crate::components::loaded::skeleton;
use crate::components::named_row::not_saved;
use crate::components::trouble::trouble;
use crate::state::blackouts::{CalendarForm, Entries, Unsaved, entries, read, refused_line};
use crate::state::call::{use_call, use_refused, use_told};
use crate::state::load::use_load;
use crate::state::toasts::use_toasts;
use crate::{api, browser};
use gloo_timers::callback::Timeout;
use mf_contract::blackouts::{
    BlackoutCalendar, CreateBlackoutCalendar, GetBlackoutCalendar, UpdateBlackoutCalendar,
};
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::role::Role;
use mf_domain::targets::LineError;
use std::rc::Rc;
use yew::prelude::*;

/// Ids of the controls.
const NAME: &str = "blackout-name";
const LINES: &str = "blackout-lines";

const EXAMPLE: &str = "2026-12-24 to 2026-12-26 # Christmas\n2026-12-31\n2027-01-04 18:00 to 2027-01-05 06:00 Europe/Berlin # Freeze";

/// Properties of [`Editor`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct EditorProps {
    /// `None` while nothing is edited; `Some(None)` for a new calendar.
    pub(super) editing: Option<Option<BlackoutCalendarId>>,
    pub(super) onclose: Callback<()>,
}

/// What the lines amount to.
type Lines = Result<Rc<Entries>, Rc<[LineError]>>;

fn read_lines(text: &str) -> Lines {
    read(text).map(Rc::new).map_err(Rc::from)
}

/// What a text amounts to, a moment after it stopped changing: a calendar may have thousands of lines.
#[hook]
fn use_lines(text: &AttrValue) -> Lines {
    let known = use_state(|| read_lines(text));
    {
        let set = known.setter();
        use_effect_with(text.clone(), move |text| {
            let text = text.clone();
            let wait = if text.len() > 20_000 { 250 } else { 60 };
            let timeout = Timeout::new(wait, move || set.set(read_lines(&text)));
            move || drop(timeout)
        });
    }
    (*known).clone()
}

/// The dialog. What is typed stays until it is saved or discarded, also while the dialog is closed.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let id = props.editing.flatten();
    let existing = use_load(id.map(|id| GetBlackoutCalendar { id }), |_, _| false);
    let unsaved = use_state(Unsaved::default);
    let strict = use_state(|| false);
    let toasts = use_toasts();

    let stored = use_memo(existing.data(), |calendar| {
        calendar.as_ref().map(|calendar| (calendar.id, CalendarForm::of(calendar)))
    });
    let stored = match id {
        None => Some(CalendarForm::default()),
        Some(id) => stored.as_ref().as_ref().filter(|(of, _)| *of == id).map(|(_, form)| form.clone()),
    };
    let changed = unsaved.of(id).cloned();
    let is_changed = changed.is_some();
    let loading = changed.is_none() && stored.is_none();
    let form = changed.or_else(|| stored.clone()).unwrap_or_default();
    let lines = use_lines(&form.lines);

    let undo = use_call::<UpdateBlackoutCalendar>(Callback::noop());
    use_told(undo.error());
    let saved = {
        let (unsaved, onclose, before) = (unsaved.clone(), props.onclose.clone(), existing.data());
        Callback::from(move |calendar: BlackoutCalendar| {
            unsaved.set((*unsaved).clone().without(id));
            onclose.emit(());
            let Some(toasts) = &toasts else { return };
            let words = format!("“{}” is saved with {}.", calendar.name, entries(calendar.entries.len()));
            match before.clone().filter(|before| before.id == calendar.id) {
                Some(before) => {
                    let undo = undo.clone();
                    toasts.undoable(
                        words,
                        Callback::from(move |()| {
                            undo.run(UpdateBlackoutCalendar {
                                id: before.id,
                                name: Some(before.name.clone()),
                                entries: Some(before.entries.clone()),
                            });
                        }),
                    );
                }
                None => toasts.success(words),
            }
        })
    };
    let create = use_call::<CreateBlackoutCalendar>(saved.clone());
    let update = use_call::<UpdateBlackoutCalendar>(saved);
    {
        let (strict, create, update) = (strict.setter(), create.clone(), update.clone());
        use_effect_with(props.editing, move |_| {
            strict.set(false);
            create.clear();
            update.clear();
        });
    }

    use_effect_with((props.editing, loading), |(editing, loading)| {
        // What is loaded comes after the dialog has given the focus away. Of a calendar there is, the dates are edited.
        if let Some(id) = editing.filter(|_| !loading) {
            browser::focus_soon(if id.is_some() { LINES } else { NAME });
        }
    });

    let change = {
        let (unsaved, form, stored) = (unsaved.clone(), form.clone(), stored);
        let (create, update) = (create.clone(), update.clone());
        Rc::new(move |change: &dyn Fn(&mut CalendarForm)| {
            create.clear();
            update.clear();
            let mut next = form.clone();
            change(&mut next);
            unsaved.set((*unsaved).clone().with(id, next, stored.as_ref()));
        })
    };
    let onsubmit = {
        let (form, strict, create, update) = (form.clone(), strict.setter(), create.clone(), update.clone());
        Callback::from(move |()| {
            strict.set(true);
            if form.name_error().is_some() {
                return browser::focus(NAME);
            }
            // Read again: what is shown may be a moment behind the text.
            let Ok(typed) = read(&form.lines) else { return browser::focus(LINES) };
            let name = form.name.trim().to_owned();
            match id {
                None => create.run(CreateBlackoutCalendar { name, entries: typed.entries }),
                Some(id) => {
                    update.run(UpdateBlackoutCalendar { id, name: Some(name), entries: Some(typed.entries) })
                }
            }
        })
    };

    let refused = |field: &str| create.error_on(field).or_else(|| update.error_on(field));
    let elsewhere =
        create.error_elsewhere(&["name", "entries"]).or_else(|| update.error_elsewhere(&["name", "entries"]));
    let name_error = form.name_error().filter(|_| *strict).or_else(|| refused("name")).map(AttrValue::from);
    // What only the engine knows, such as the names of zones, is told at its line, too.
    let at_line = create
        .error()
        .or(update.error())
        .zip(lines.as_ref().ok())
        .and_then(|(error, lines)| refused_line(error, lines));
    let entries_error = refused("entries").filter(|_| at_line.is_none());
    use_refused(create.error().or(update.error()), &[("name", NAME), ("entries", LINES)]);
    let errors: Vec<LineError> = match &lines {
        Err(errors) => errors.to_vec(),
        Ok(_) => at_line.into_iter().collect(),
    };
    let note = props.editing.filter(|_| is_changed).map(|id| {
        let unsaved = unsaved.clone();
        let (create, update) = (create.clone(), update.clone());
        let ondiscard = Callback::from(move |()| {
            create.clear();
            update.clear();
            unsaved.set((*unsaved).clone().without(id));
            // The button goes, and the focus with it.
            browser::focus_soon(NAME);
        });
        not_saved(ondiscard, "blackout-discard")
    });
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={create.busy() || update.busy()} disabled={loading} writes=true needs={Role::Manager} testid="blackout-save">
                { "Save calendar" }
            </Button>
        </>
    };
    let set_name = {
        let change = change.clone();
        Callback::from(move |text: String| change(&|form| form.name.clone_from(&text)))
    };
    let set_lines = Callback::from(move |text: String| {
        let text = AttrValue::from(text);
        change(&|form| form.lines = text.clone());
    });
    html! {
        <Dialog
            id="blackout"
            title={if id.is_some() { "Edit blackout calendar" } else { "New blackout calendar" }}
            open={props.editing.is_some()}
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            if loading {
                if let Some(error) = existing.error() {
                    { trouble(api::sentence(error), Some(existing.again())) }
                } else {
                    { skeleton(6) }
                }
            } else {
                <Field id={NAME} label="Name" error={name_error.clone()}>
                    <TextInput
                        id={NAME}
                        value={form.name.clone()}
                        oninput={set_name}
                        invalid={name_error.is_some()}
                        required=true
                        placeholder="Year-end freeze"
                        autofocus=true
                        testid={NAME}
                    />
                </Field>
                <div>
                    <Field id={LINES} label="Entries" hint={hint(&form.lines, &lines)} error={entries_error.clone().map(AttrValue::from)}>
                        <TextArea
                            id={LINES}
                            value={form.lines.clone()}
                            oninput={set_lines}
                            placeholder={EXAMPLE}
                            code=true
                            invalid={!errors.is_empty() || entries_error.is_some()}
                            testid={LINES}
                        />
                    </Field>
                    { line_errors(&errors) }
                </div>
                if let Some(text) = elsewhere {
                    { trouble(text, None) }
                }
            }
        </Dialog>
    }
}

fn hint(text: &str, lines: &Lines) -> AttrValue {
    match lines {
        Ok(lines) if !text.trim().is_empty() => format!(
            "{}. A remark stands after #; days and hours without a time zone are those of each schedule.",
            entries(lines.entries.len())
        )
        .into(),
        _ => {
            "One per line: a day, a range of days, or hours with both times. A remark stands after #.".into()
        }
    }
}
