//! Keys of a page: inert while the person types, while a dialog is open, and where the element itself takes the key.

use crate::browser;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// Calls the newest `pressed` for every key meant for the page; it answers whether it took the key.
#[hook]
pub fn use_keys(pressed: Callback<KeyboardEvent, bool>) {
    let newest = use_mut_ref(|| pressed.clone());
    *newest.borrow_mut() = pressed;
    use_effect_with((), move |()| {
        let listener = browser::document().map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if !is_for_page(event) {
                    return;
                }
                let pressed = newest.borrow().clone();
                if pressed.emit(event.clone()) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

fn is_for_page(event: &KeyboardEvent) -> bool {
    if event.default_prevented()
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.is_composing()
    {
        return false;
    }
    // Holding Enter must not record six steps.
    if event.repeat() && event.key() == "Enter" {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let name = target.map(|element| element.tag_name().to_ascii_lowercase()).unwrap_or_default();
    !belongs_to(&name, &event.key()) && !browser::dialog_is_open()
}

/// Whether an element keeps a key for itself.
fn belongs_to(element: &str, key: &str) -> bool {
    match element {
        "input" | "textarea" | "select" => true,
        "button" | "a" | "summary" => matches!(key, "Enter" | " "),
        _ => false,
    }
}

/// Two keys one after the other: `g` and then a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Flows,
    Sessions,
    TargetLists,
    Notifications,
}

impl Place {
    /// The place of the second key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        match key {
            "f" => Some(Self::Flows),
            "s" => Some(Self::Sessions),
            "t" => Some(Self::TargetLists),
            "n" => Some(Self::Notifications),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_keeps_all_keys_and_buttons_keep_theirs() {
        assert!(belongs_to("textarea", "f"));
        assert!(belongs_to("button", "Enter"));
        assert!(!belongs_to("button", "f"));
        assert!(!belongs_to("body", "Enter"));
    }
}
