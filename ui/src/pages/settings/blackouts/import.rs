//! A calendar out of an iCalendar file: a new one, or its dates in the place of those of one there is.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::text_file::{TextFileZone, Unreadable};
use crate::components::trouble::trouble;
use crate::pages::destination::{DestinationProps, EXISTING, NEW, Words, destination};
use crate::route::blackout_address;
use crate::state::blackouts::{entries, imported_words, name_error, proposed_name, refused_file};
use crate::state::call::{use_call, use_refused};
use crate::state::combobox::Choice;
use crate::state::dropped::{Kind, use_dropped};
use crate::state::load::use_load;
use crate::state::target_import::TextFile;
use crate::state::toasts::use_toasts;
use mf_contract::blackouts::{
    BlackoutCalendar, BlackoutCalendarSummary, DeleteBlackoutCalendar, GetBlackoutCalendar,
    ImportBlackoutCalendar, ImportedBlackoutCalendar, ListBlackoutCalendars, UpdateBlackoutCalendar,
};
use mf_domain::ids::BlackoutCalendarId;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`ImportDialog`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct ImportDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
}

/// Ids of the controls.
const FILE: &str = "blackout-file";
const NAME: &str = "blackout-import-name";
const INTO: &str = "blackout-import-into";
const DESTINATION: Words = Words {
    radio: "blackout-into",
    new: "A new calendar",
    existing: "One there is",
    name_id: NAME,
    name_label: "Name of the calendar",
    choice_id: INTO,
    choice_label: "Calendar",
    placeholder: "Choose a calendar",
};

/// The dialog.
#[component]
pub(super) fn ImportDialog(props: &ImportDialogProps) -> Html {
    let file = use_state(|| None::<Rc<TextFile>>);
    let unread = use_state(|| None::<AttrValue>);
    let into = use_state(|| NEW);
    // What was typed; until then the name follows from the file.
    let typed_name = use_state(|| None::<String>);
    let calendar = use_state(AttrValue::default);
    let strict = use_state(|| false);
    let calendars = use_load(props.open.then_some(ListBlackoutCalendars {}), |_, _| false);
    let choices = use_memo(calendars.data(), |calendars| {
        let calendars = calendars.iter().flat_map(|calendars| calendars.iter());
        calendars.map(choice).collect::<Vec<_>>()
    });
    let id: Option<BlackoutCalendarId> = calendar.parse().ok().filter(|_| *into == EXISTING);
    // What the calendar held goes, so it is read first: then it can come back.
    let before = use_load(id.filter(|_| props.open).map(|id| GetBlackoutCalendar { id }), |_, _| false);

    let undone = use_undone();
    let toasts = use_toasts();
    let import = use_call::<ImportBlackoutCalendar>({
        let (file, typed_name, calendar) = (file.setter(), typed_name.setter(), calendar.setter());
        let (onclose, before) = (props.onclose.clone(), before.data());
        Callback::from(move |done: ImportedBlackoutCalendar| {
            file.set(None);
            typed_name.set(None);
            calendar.set(AttrValue::default());
            onclose.emit(());
            if let Some(toasts) = &toasts {
                let before = before.clone().filter(|before| before.id == done.calendar.id);
                let (undone, id) = (undone.clone(), done.calendar.id);
                let undo = Callback::from(move |()| undone.emit((id, before.clone())));
                toasts.done(imported_words(&done), Some(undo), blackout_address(id));
            }
        })
    });
    {
        let (strict, unread, import) = (strict.setter(), unread.setter(), import.clone());
        use_effect_with(props.open, move |open| {
            strict.set(false);
            unread.set(None);
            import.clear();
            if *open {
                browser::focus(FILE);
            }
        });
    }
    {
        let file = file.setter();
        use_dropped(Kind::Blackouts, props.open, move |dropped| file.set(Some(dropped)));
    }

    let name = typed_name
        .as_ref()
        .cloned()
        .unwrap_or_else(|| file.as_ref().map(|file| proposed_name(&file.file_name)).unwrap_or_default());
    let onsubmit = {
        let (file, import, strict) = ((*file).clone(), import.clone(), strict.setter());
        let (name, into) = (name.clone(), *into);
        Callback::from(move |()| {
            strict.set(true);
            let Some(file) = &file else { return browser::focus(FILE) };
            if into == NEW && name_error(&name).is_some() {
                return browser::focus(NAME);
            }
            if into == EXISTING && id.is_none() {
                return browser::focus(INTO);
            }
            let name = (into == NEW).then(|| name.trim().to_owned());
            import.run(ImportBlackoutCalendar { ical: file.text.to_string(), name, id });
        })
    };
    let none = (*strict && file.is_none()).then_some(AttrValue::Static("Choose a file."));
    let file_error = (*unread).clone().or(none).or_else(|| import.error_on("ical").map(about_file));
    use_refused(import.error(), &[("ical", FILE), ("name", NAME), ("id", INTO)]);
    let new_error =
        import.error_on("name").or_else(|| name_error(&name).filter(|_| *strict)).map(AttrValue::from);
    let into_error = import
        .error_on("id")
        .or_else(|| (*strict && id.is_none()).then(|| "Choose a calendar.".to_owned()))
        .map(AttrValue::from);
    let onfile = {
        let (file, unread, import) = (file.setter(), unread.setter(), import.clone());
        Callback::from(move |read: Result<Rc<TextFile>, Unreadable>| {
            import.clear();
            match read {
                Ok(read) => {
                    unread.set(None);
                    file.set(Some(read));
                }
                Err(Unreadable(reason)) => unread.set(Some(reason.into())),
            }
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={import.busy()} writes=true needs={Role::Manager} testid="blackout-import-submit">{ "Import calendar" }</Button>
        </>
    };
    let note = before.data().filter(|_| *into == EXISTING).map(|before| {
        html! { <p>{ format!("The file takes the place of the {} of “{}”. That can be undone.", entries(before.entries.len()), before.name) }</p> }
    });
    html! {
        <Dialog
            id="import-blackouts"
            title="Import an iCalendar file"
            subtitle="Holidays or a change freeze, as your calendar program exports them."
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            <TextFileZone
                id={FILE}
                chosen={file.as_ref().map(|file| AttrValue::from(file.file_name.clone()))}
                accept=".ics,.ical,text/calendar"
                prompt="Drop an .ics file here"
                hint="Every event becomes a blackout; events that repeat are written out to the year 2100."
                refused={Callback::from(|(name, size): (String, f64)| refused_file(&name, size))}
                {onfile}
                error={file_error}
                testid={FILE}
            />
            { destination(DestinationProps {
                words: &DESTINATION,
                into: *into,
                oninto: Callback::from({ let into = into.setter(); move |choice| into.set(choice) }),
                name,
                onname: Callback::from({ let (typed, import) = (typed_name.setter(), import.clone()); move |text: String| { import.clear(); typed.set(Some(text)) } }),
                name_error: new_error,
                choices,
                chosen: (*calendar).clone(),
                onchoice: Callback::from({ let (calendar, import) = (calendar.setter(), import.clone()); move |id: String| { import.clear(); calendar.set(id.into()) } }),
                choice_error: into_error,
            }) }
            if let Some(text) = import.error_elsewhere(&["ical", "name", "id"]) {
                { trouble(text, None) }
            }
        </Dialog>
    }
}

fn choice(calendar: &BlackoutCalendarSummary) -> Choice {
    Choice {
        value: calendar.id.to_string().into(),
        words: calendar.name.clone().into(),
        detail: entries(calendar.entry_count as usize).into(),
    }
}

/// "Holds more than 20000 dates." is said of the file.
fn about_file(message: String) -> AttrValue {
    let mut text = message;
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    format!("The file {text}").into()
}

/// Takes an import back: a calendar that was there gets its entries again, a new one goes.
#[hook]
fn use_undone() -> Callback<(BlackoutCalendarId, Option<Rc<BlackoutCalendar>>)> {
    let toasts = use_toasts();
    let told = {
        let toasts = toasts.clone();
        move || {
            if let Some(toasts) = &toasts {
                toasts.success("The import is undone.");
            }
        }
    };
    let delete = use_call::<DeleteBlackoutCalendar>({
        let told = told.clone();
        Callback::from(move |_| told())
    });
    let update = use_call::<UpdateBlackoutCalendar>(Callback::from(move |_| told()));
    let error = delete.error().or(update.error()).cloned();
    use_effect_with(error, move |error| {
        if let (Some(error), Some(toasts)) = (error, toasts) {
            toasts.failure(error);
        }
    });
    Callback::from(move |(id, before): (BlackoutCalendarId, Option<Rc<BlackoutCalendar>>)| match before {
        Some(before) => {
            update.run(UpdateBlackoutCalendar { id, name: None, entries: Some(before.entries.clone()) })
        }
        None => delete.run(DeleteBlackoutCalendar { id }),
    })
}
