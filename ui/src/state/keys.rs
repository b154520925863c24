//! Keys of a page: inert while the person types, while a dialog is open, and where the element itself takes the key.

use super::shortcuts::{Act, Pressed, Scope, act_of, begins_pair};
use crate::browser;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// How long the second key of a pair may take, in milliseconds.
const PAIR: i64 = 1_500;

/// Calls the newest `pressed` for every shortcut of a scope; it answers whether it took the key.
#[hook]
pub fn use_shortcuts(scope: Scope, pressed: Callback<Act, bool>) {
    let newest = use_mut_ref(|| pressed.clone());
    *newest.borrow_mut() = pressed;
    use_effect_with(scope, move |scope| {
        let (scope, began) = (*scope, std::cell::RefCell::new(None::<(String, i64)>));
        let listener = browser::document().map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                let Some(pressed) = for_page(event) else { return };
                let now = browser::now().timestamp_millis();
                let first = began.take().filter(|(_, at)| now - at < PAIR);
                match act_of(scope, first.as_ref().map(|(key, _)| key.as_str()), &pressed) {
                    Some(act) => {
                        let newest = newest.borrow().clone();
                        if newest.emit(act) {
                            event.prevent_default();
                        }
                    }
                    None if begins_pair(&pressed) => *began.borrow_mut() = Some((pressed.key, now)),
                    None => {}
                }
            })
        });
        move || drop(listener)
    });
}

/// The key, unless it is meant for something else.
fn for_page(event: &KeyboardEvent) -> Option<Pressed> {
    // Holding Enter must not record six steps.
    let held = event.repeat() && event.key() == "Enter";
    if held || event.default_prevented() || event.is_composing() || browser::dialog_is_open() {
        return None;
    }
    let pressed = pressed(event);
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let name = target.map(|element| element.tag_name().to_ascii_lowercase()).unwrap_or_default();
    (!belongs_to(&name, &pressed)).then_some(pressed)
}

/// A key as the table knows it.
#[must_use]
pub fn pressed(event: &KeyboardEvent) -> Pressed {
    Pressed {
        key: event.key(),
        ctrl: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        shift: event.shift_key(),
    }
}

/// Whether an element keeps a key for itself.
fn belongs_to(element: &str, pressed: &Pressed) -> bool {
    let key = pressed.key.as_str();
    match element {
        "input" | "textarea" | "select" if pressed.is_plain() => true,
        // What edits the text, or opens the list of choices.
        "input" | "textarea" if pressed.ctrl => {
            matches!(key.to_ascii_lowercase().as_str(), "a" | "c" | "v" | "x" | "y" | "z")
        }
        "select" => key.starts_with("Arrow"),
        "button" | "a" | "summary" if pressed.is_plain() => matches!(key, "Enter" | " "),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_keeps_its_keys_and_buttons_keep_theirs() {
        let plain = |key: &str| Pressed { key: key.to_owned(), ..Pressed::default() };
        let ctrl = |key: &str| Pressed { ctrl: true, ..plain(key) };
        assert!(belongs_to("textarea", &plain("f")) && belongs_to("textarea", &ctrl("z")));
        assert!(!belongs_to("textarea", &ctrl("k")));
        assert!(!belongs_to("textarea", &Pressed { alt: true, ..plain("ArrowUp") }));
        assert!(belongs_to("button", &plain("Enter")));
        assert!(!belongs_to("button", &plain("f")));
        assert!(!belongs_to("body", &plain("Enter")));
    }
}
